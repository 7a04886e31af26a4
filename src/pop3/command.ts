import type { Bytes } from '../core/bytes.js';
import type { WireText } from '../core/wire-text.js';

/** A command without arguments. */
export interface Pop3PlainCommand {
  readonly name: 'STAT' | 'NOOP' | 'RSET' | 'QUIT' | 'CAPA' | 'STLS' | 'UTF8';
}

export interface Pop3UserCommand {
  readonly name: 'USER';
  readonly user: WireText;
}

export interface Pop3PassCommand {
  readonly name: 'PASS';
  /** All that follows the one space, blanks and all (RFC 1939 §7). */
  readonly password: WireText;
}

export interface Pop3ApopCommand {
  readonly name: 'APOP';
  readonly user: WireText;
  /** 32 hexadecimal digits. */
  readonly digest: string;
}

/** LIST and UIDL: of all messages, or of one. */
export interface Pop3ListCommand {
  readonly name: 'LIST' | 'UIDL';
  readonly message?: number;
}

export interface Pop3MessageCommand {
  readonly name: 'RETR' | 'DELE';
  readonly message: number;
}

/** TOP: the header, and so many lines of the body. */
export interface Pop3TopCommand {
  readonly name: 'TOP';
  readonly message: number;
  readonly lines: number;
}

/** AUTH (RFC 5034); without a mechanism, the mechanisms are listed (an older practice). */
export interface Pop3AuthCommand {
  readonly name: 'AUTH';
  readonly mechanism?: string;
  /** Octets, not yet base64; an empty one is sent as `=`. */
  readonly initialResponse?: Bytes;
}

/** LANG (RFC 6856 §3); without a tag, the languages are listed. */
export interface Pop3LangCommand {
  readonly name: 'LANG';
  /** `*` is the server's choice. */
  readonly language?: string;
}

/** A command that is not known. */
export interface Pop3OtherCommand {
  readonly name: 'other';
  /** In capital letters. */
  readonly keyword: string;
  /** What follows the one space; `undefined` where nothing does. */
  readonly text?: WireText;
}

/** What a client sends (RFC 1939, 2449, 2595, 5034, 6856). */
export type Pop3Command =
  | Pop3PlainCommand
  | Pop3UserCommand
  | Pop3PassCommand
  | Pop3ApopCommand
  | Pop3ListCommand
  | Pop3MessageCommand
  | Pop3TopCommand
  | Pop3AuthCommand
  | Pop3LangCommand
  | Pop3OtherCommand;

/**
 * What a positive reply to a command is made of: a status line alone, or lines
 * behind it, or the octets of a message.
 */
export type Pop3ReplyKind = 'single' | 'lines' | 'message';

/**
 * What a positive reply to a command is made of: the line itself does not tell (RFC 1939 §3).
 *
 * @example
 * ```ts
 * import { replyKindOf } from 'mailseal/pop3';
 *
 * console.log(replyKindOf({ name: 'UIDL' }), replyKindOf({ name: 'UIDL', message: 1 })); // lines single
 * ```
 */
export function replyKindOf(command: Pop3Command): Pop3ReplyKind {
  switch (command.name) {
    case 'RETR':
    case 'TOP':
      return 'message';
    case 'CAPA':
      return 'lines';
    case 'LIST':
    case 'UIDL':
      return command.message === undefined ? 'lines' : 'single';
    case 'AUTH':
      return command.mechanism === undefined ? 'lines' : 'single';
    case 'LANG':
      return command.language === undefined ? 'lines' : 'single';
    default:
      return 'single';
  }
}

/** The command as events tell of it: without what is secret in it, since events are written to logs. */
export function withoutSecrets(command: Pop3Command): Pop3Command {
  if (command.name === 'PASS') return { ...command, password: '' };
  if (command.name === 'APOP') return { ...command, digest: '' };
  if (command.name !== 'AUTH') return command;
  const { initialResponse: _, ...told } = command;
  return told;
}
