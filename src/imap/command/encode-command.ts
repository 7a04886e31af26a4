import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type ImapFragment, SyntaxWriter, type SyntaxWriterOptions } from '../syntax/writer.js';
import { written } from '../syntax/written.js';
import type { TaggedCommand } from './command.js';
import { writeCommand } from './write-command.js';

/** How a command is written. */
export interface EncodeCommandOptions {
  /**
   * What the server can do with literals: `synchronising` (the default) waits
   * before each (RFC 9051 §4.3), `LITERAL+` never, `LITERAL-` before those of
   * more than 4,096 octets (RFC 7888).
   */
  readonly literals?: 'synchronising' | 'LITERAL+' | 'LITERAL-';
  /**
   * Whether the server takes UTF-8 in quoted strings and mailbox names: after
   * ENABLE of IMAP4rev2 or UTF8=ACCEPT (RFC 9051, RFC 9755). Default `false`.
   */
  readonly utf8?: boolean;
}

/**
 * A command as octets: one fragment, or several where the server has to say "+"
 * before a literal may follow (`wait`), or where octets of the caller stand by
 * themselves, which are not copied.
 *
 * Whatever a string holds, it stays one argument: quoted, or a literal. What
 * cannot be written is refused.
 *
 * @throws MailsealError `usage` for what cannot be written;
 *   `charset-unencodable` for half a surrogate pair.
 *
 * @example
 * ```ts
 * import { encodeCommand } from 'mailseal/imap';
 *
 * const [fragment] = encodeCommand({
 *   tag: 'A1',
 *   command: { name: 'LOGIN', user: 'alice', password: 'say "hi"' },
 * });
 * console.log(new TextDecoder().decode(fragment?.octets)); // A1 LOGIN alice "say \"hi\""
 *
 * const fragments = encodeCommand({
 *   tag: 'A2',
 *   command: { name: 'SEARCH', charset: 'UTF-8', keys: [{ key: 'SUBJECT', text: '秋' }] },
 * });
 * console.log(fragments.map(({ octets, wait }) => [new TextDecoder().decode(octets), wait]));
 * // [['A2 SEARCH CHARSET UTF-8 SUBJECT {3}\r\n', true], ['秋\r\n', false]]
 * ```
 */
export function encodeCommand(command: TaggedCommand, options: EncodeCommandOptions = {}): ImapFragment[] {
  return written('the command', () => {
    const { literals = 'synchronising', utf8 = false } = options;
    if (literals !== 'synchronising' && literals !== 'LITERAL+' && literals !== 'LITERAL-')
      throw usage(`literals are "synchronising", "LITERAL+" or "LITERAL-", not ${shown(literals)}`);
    const writer = new SyntaxWriter({ literals, utf8 } satisfies SyntaxWriterOptions);
    writeCommand(writer, command);
    return writer.finish();
  });
}
