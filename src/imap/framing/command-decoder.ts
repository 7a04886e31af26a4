import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { readCommand } from '../command/read-command.js';
import { fillImapLimits } from '../limits.js';
import { fillQuirks } from '../quirks.js';
import { CharacterBit, characterClass } from '../syntax/characters.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { Frame } from '../syntax/frame.js';
import { cutShort, HeldOctets, type ImapDecoderOptions, readFrame, unparsed } from './decoder-options.js';
import type { CommandEvent, UnparsedEvent } from './events.js';
import { FrameScanner } from './frame-scanner.js';
import { literalChooser } from './literal-options.js';
import type { Scanned } from './scanned.js';

/** What a {@link CommandDecoder} takes. */
export interface CommandDecoderOptions extends ImapDecoderOptions {
  /** The decoder stops behind an event for which this is true: see {@link CommandDecoder.stopped}. */
  readonly stopWhen?: (event: CommandEvent) => boolean;
}

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
export class CommandDecoder {
  /** Whether mailbox names are UTF-8 from now on; to be set when the client has enabled it. */
  utf8: boolean;
  readonly #scanner: FrameScanner;
  readonly #stopWhen: ((event: CommandEvent) => boolean) | undefined;
  readonly #held: HeldOctets = new HeldOctets();
  #options: SyntaxOptions;
  #isStopped = false;
  #hasEnded = false;

  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: CommandDecoderOptions = {}) {
    const limits = fillImapLimits(options.limits);
    this.utf8 = options.utf8 ?? false;
    this.#stopWhen = options.stopWhen;
    this.#options = { limits, quirks: fillQuirks(options.quirks), utf8: this.utf8 };
    const choose = literalChooser(options.literals);
    const engine = options.engine ?? 'auto';
    this.#scanner = new FrameScanner({ side: 'commands', limits, engine, choose });
  }

  /** Octets of a command whose end did not come yet. */
  get buffered(): number {
    return this.#scanner.buffered;
  }

  /** Whether `stopWhen` was true for the last event: the octets behind it wait for {@link resume} or {@link takeRest}. */
  get stopped(): boolean {
    return this.#isStopped;
  }

  /**
   * The next line is given as a `line` event: it answers a challenge of
   * AUTHENTICATE, or ends IDLE.
   *
   * @throws MailsealError `imap-state` within a command.
   */
  expectLine(): void {
    this.#scanner.expectLine();
  }

  /**
   * Drops the command whose literal the client waits with: the server answers
   * NO or BAD instead of "+", and the client does not send it (RFC 9051 §7.6).
   *
   * @throws MailsealError `imap-state` where the client waits with none.
   */
  refuse(): void {
    this.#scanner.refuseLiteral();
  }

  /**
   * What a chunk of octets completes. While the decoder is stopped they are kept.
   *
   * @throws MailsealError `usage` after `end`.
   */
  push(chunk: Uint8Array): CommandEvent[] {
    const octets = asBytes(chunk);
    if (this.#hasEnded) throw new MailsealError('usage', 'the decoder was ended; make a new one');
    if (this.#isStopped) {
      this.#held.add(octets.slice());
      return [];
    }
    this.#scanner.push(octets);
    return this.#run();
  }

  /** Goes on behind the event that the decoder was stopped at. */
  resume(): CommandEvent[] {
    return this.#hasEnded ? [] : this.push(this.takeRest());
  }

  /**
   * The octets behind the event that the decoder was stopped at, which are not
   * read then: behind STARTTLS there must be none, behind COMPRESS they are
   * compressed.
   */
  takeRest(): Bytes {
    this.#isStopped = false;
    return this.#held.take();
  }

  /** Tells that no more octets come: a command that is not complete is `unparsed`. */
  end(): CommandEvent[] {
    const isCut = !this.#hasEnded && this.#scanner.isWithinFrame;
    this.#hasEnded = true;
    if (!isCut) return [];
    return [withTag(cutShort(this.#scanner.unfinished, this.#scanner.offset, 'command'))];
  }

  #run(): CommandEvent[] {
    const events: CommandEvent[] = [];
    if (this.#options.utf8 !== this.utf8) this.#options = { ...this.#options, utf8: this.utf8 };
    for (;;) {
      const found = this.#scanner.next();
      if (found === undefined) return events;
      const event = this.#event(found);
      events.push(event);
      if (this.#stopWhen?.(event) === true) {
        this.#isStopped = true;
        this.#held.add(this.#scanner.takeRest());
        return events;
      }
    }
  }

  #event(found: Scanned): CommandEvent {
    switch (found.type) {
      case 'frame':
        return this.#parse(found);
      case 'line':
        return { type: 'line', octets: found.octets.subarray(found.start, found.end) };
      case 'too-large':
        return withTag({ type: 'unparsed', octets: found.octets, error: found.error });
      case 'literal-wanted':
        return { type: 'literal-wanted', tag: tagOf(found.head), length: found.length };
      default:
        return found;
    }
  }

  #parse(frame: Frame): CommandEvent {
    const reading = readFrame(frame, this.#options, readCommand);
    if ('error' in reading) return withTag(unparsed(frame, reading.error));
    return { type: 'command', command: reading.value, quirks: reading.quirks };
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
