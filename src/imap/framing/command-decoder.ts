import { latin1FromBytes } from '../../core/bytes.js';
import { readCommand } from '../command/read-command.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import { readFrame, unparsed } from './decoder-options.js';
import type { CommandEvent, UnparsedEvent } from './events.js';
import { FrameDecoder, type FrameDecoderOptions } from './frame-decoder.js';
import type { Scanned } from './scanned.js';

/** What a {@link CommandDecoder} takes. */
export type CommandDecoderOptions = FrameDecoderOptions<CommandEvent>;

/**
 * Reads what an IMAP client sends, from chunks of any size (RFC 9051 §6 and the
 * extensions).
 *
 * Where each command ends is found before it is parsed. One that cannot be
 * parsed is an `unparsed` event with its tag, where it has one, and the stream
 * goes on behind it. When the client waits with a literal, a `literal-wanted`
 * event asks for "+", or for {@link refuse}. Octets in events may be views of
 * the chunk, valid until the next `push`.
 *
 * @example
 * ```ts
 * import { CommandDecoder } from 'mailseal/imap';
 *
 * const decoder = new CommandDecoder();
 * const ascii = (text: string) => new TextEncoder().encode(text);
 * const [wanted] = decoder.push(ascii('A1 LOGIN anna {6}\r\n'));
 * console.log(wanted?.type); // literal-wanted: the server sends "+" now
 * const [event] = decoder.push(ascii('secret\r\n'));
 * if (event?.type === 'command') console.log(event.command.tag, event.command.command.name); // A1 LOGIN
 * ```
 */
export class CommandDecoder extends FrameDecoder<CommandEvent> {
  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: CommandDecoderOptions = {}) {
    super('commands', options, eventOf);
  }

  /**
   * The next line is given as a `line` event: it answers a challenge of
   * AUTHENTICATE, or ends IDLE.
   *
   * @throws MailsealError `imap-state` within a command.
   */
  expectLine(): void {
    this.scanner.expectLine();
  }

  /**
   * Drops the command whose literal the client waits with: the server answers
   * NO or BAD instead of "+", and the client does not send it (RFC 9051 §7.6).
   *
   * @throws MailsealError `imap-state` where the client waits with none.
   */
  refuse(): void {
    this.scanner.refuseLiteral();
  }
}

function eventOf(found: Scanned, options: SyntaxOptions): CommandEvent {
  switch (found.type) {
    case 'frame': {
      const reading = readFrame(found, options, readCommand);
      if ('error' in reading) return withTag(unparsed(found, reading.error));
      return { type: 'command', command: reading.value, quirks: reading.quirks };
    }
    case 'line':
      return { type: 'line', octets: found.octets.subarray(found.start, found.end) };
    case 'lost':
      return withTag({ type: 'unparsed', octets: found.octets, error: found.error });
    case 'literal-wanted':
      return { type: 'literal-wanted', tag: tagOf(found.head), length: found.length };
    default:
      return found;
  }
}

/** The tag that a command begins with, if it is followed by a space or all that there is. */
function tagOf(head: string): string | undefined {
  let at = 0;
  while (at < head.length && (characterClass[head.charCodeAt(at)]! & CharacterBit.tag) !== 0) at++;
  const isWhole = at === head.length || head.charCodeAt(at) === 0x20;
  return at > 0 && isWhole ? head.slice(0, at) : undefined;
}

/** Longer tags are not told: nobody could have meant them. */
const LONGEST_TAG = 255;

function withTag(event: UnparsedEvent): UnparsedEvent {
  const head = latin1FromBytes(event.octets, 0, Math.min(event.octets.length, LONGEST_TAG + 1));
  const tag = tagOf(head);
  return tag === undefined || tag.length > LONGEST_TAG ? event : { ...event, tag };
}

/**
 * Reads octets that a client has sent, from the beginning to the end of a
 * stream; with what it waited for in between, such as `literal-wanted`.
 *
 * @throws MailsealError `usage` for an option that is none.
 *
 * @example
 * ```ts
 * import { decodeCommands } from 'mailseal/imap';
 *
 * const [event] = decodeCommands(new TextEncoder().encode('A1 SELECT INBOX\r\n'));
 * if (event?.type === 'command') console.log(event.command.command.name); // SELECT
 * ```
 */
export function decodeCommands(octets: Uint8Array, options: CommandDecoderOptions = {}): CommandEvent[] {
  const decoder = new CommandDecoder(options);
  const events = decoder.push(octets);
  return [...events, ...decoder.end()];
}
