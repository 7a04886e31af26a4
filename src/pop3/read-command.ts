import { asBytes, type Bytes, latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { type WireText, wireTextOf } from '../core/wire-text.js';
import { decodeBase64 } from '../encoding/base64.js';
import type { Pop3Command } from './command.js';

/**
 * Reads one command.
 *
 * @param octets - the line, without its line end.
 * @throws MailsealError `pop3-malformed` for arguments that the command cannot have. Its message never has an
 *   argument in it, since that may be a password.
 *
 * @example
 * ```ts
 * import { decodePop3Command } from 'mailseal/pop3';
 *
 * console.log(decodePop3Command(new TextEncoder().encode('top 1 0'))); // { name: 'TOP', message: 1, lines: 0 }
 * ```
 */
export function decodePop3Command(octets: Uint8Array): Pop3Command {
  const line = asBytes(octets);
  for (const octet of line) {
    if (octet === 0 || octet === 0x0a || octet === 0x0d)
      throw malformed('a command has no CR, LF or NUL in it');
  }
  const blank = line.indexOf(0x20);
  const keywordEnd = blank < 0 ? line.length : blank;
  const keyword = latin1FromBytes(line, 0, keywordEnd).toUpperCase();
  if (!/^[!-~]{1,40}$/.test(keyword)) throw malformed('a command begins with its name');
  const argument = blank < 0 ? undefined : line.subarray(blank + 1);
  switch (keyword) {
    case 'STAT':
    case 'NOOP':
    case 'RSET':
    case 'QUIT':
    case 'CAPA':
    case 'STLS':
    case 'UTF8':
      if (words(argument).length > 0) throw malformed(`${keyword} has no argument`);
      return { name: keyword };
    case 'USER':
      if (argument === undefined || argument.length === 0) throw malformed('USER needs a name');
      return { name: 'USER', user: wireTextOf(argument) };
    case 'PASS':
      // RFC 1939 §7: the argument is the password, blanks and all.
      return { name: 'PASS', password: argument === undefined ? '' : wireTextOf(argument) };
    case 'APOP':
      return apop(argument);
    case 'LIST':
    case 'UIDL': {
      const [message, ...more] = words(argument);
      if (more.length > 0) throw malformed(`${keyword} has one argument at most`);
      return message === undefined ? { name: keyword } : { name: keyword, message: messageNumber(message) };
    }
    case 'RETR':
    case 'DELE': {
      const [message, ...more] = words(argument);
      if (message === undefined || more.length > 0)
        throw malformed(`${keyword} needs the number of a message`);
      return { name: keyword, message: messageNumber(message) };
    }
    case 'TOP': {
      const [message, lines, ...more] = words(argument);
      if (message === undefined || lines === undefined || more.length > 0) {
        throw malformed('TOP needs the number of a message and a number of lines');
      }
      return { name: 'TOP', message: messageNumber(message), lines: wholeNumber(lines) };
    }
    case 'AUTH':
      return auth(argument);
    case 'LANG': {
      const [language, ...more] = words(argument);
      if (more.length > 0) throw malformed('LANG has one argument at most');
      return language === undefined ? { name: 'LANG' } : { name: 'LANG', language };
    }
    default:
      return { name: 'other', keyword, ...(argument === undefined ? {} : { text: wireTextOf(argument) }) };
  }
}

function apop(argument: Bytes | undefined): Pop3Command {
  const at = argument === undefined ? -1 : argument.lastIndexOf(0x20);
  if (argument === undefined || at <= 0) throw malformed('APOP needs a name and a digest');
  const user: WireText = wireTextOf(argument.subarray(0, at));
  const digest = latin1FromBytes(argument, at + 1).toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digest)) throw malformed('the digest of APOP is 32 hexadecimal digits');
  return { name: 'APOP', user, digest };
}

function auth(argument: Bytes | undefined): Pop3Command {
  const [mechanism, initial, ...more] = words(argument);
  if (mechanism === undefined) return { name: 'AUTH' };
  if (more.length > 0) throw malformed('AUTH has two arguments at most');
  if (initial === undefined) return { name: 'AUTH', mechanism };
  return { name: 'AUTH', mechanism, initialResponse: decodeInitialResponse(initial) };
}

/** RFC 5034 §4: "=" is an initial response that is empty. */
function decodeInitialResponse(base64: string): Bytes {
  if (base64 === '=') return new Uint8Array(0);
  try {
    return decodeBase64(base64);
  } catch (cause) {
    throw new MailsealError('pop3-malformed', 'the initial response of AUTH is no base64', { cause });
  }
}

function words(argument: Bytes | undefined): string[] {
  if (argument === undefined) return [];
  return latin1FromBytes(argument)
    .split(' ')
    .filter((word) => word !== '');
}

function messageNumber(word: string): number {
  const number = wholeNumber(word);
  if (number === 0) throw malformed('messages are numbered from 1');
  return number;
}

function wholeNumber(word: string): number {
  const number = /^[0-9]{1,15}$/.test(word) ? Number(word) : undefined;
  if (number === undefined) throw malformed('a number in decimal digits is wanted');
  return number;
}

function malformed(message: string): MailsealError {
  return new MailsealError('pop3-malformed', message);
}
