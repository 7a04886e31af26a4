import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { fillImapLimits } from '../limits.js';
import { fillQuirks } from '../quirks.js';
import { readResponse } from '../response/read-response.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { Frame } from '../syntax/frame.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { cutShort, HeldOctets, type ImapDecoderOptions, readFrame, unparsed } from './decoder-options.js';
import type { ResponseEvent } from './events.js';
import { FrameScanner } from './frame-scanner.js';
import { literalChooser } from './literal-options.js';

/** What a {@link ResponseDecoder} takes. */
export interface ResponseDecoderOptions extends ImapDecoderOptions {
  /**
   * Whether envelopes and structures are read at once, so that a malformed one
   * makes its response `unparsed`. By default they are read when they are
   * asked for, and throw `imap-malformed` then.
   */
  readonly eager?: boolean;
  /** The decoder stops behind an event for which this is true: see {@link ResponseDecoder.stopped}. */
  readonly stopWhen?: (event: ResponseEvent) => boolean;
}

/**
 * Reads what an IMAP server sends, from chunks of any size (RFC 9051 §7 and
 * the extensions).
 *
 * Where each response ends is found before it is parsed. One that cannot be
 * parsed is an `unparsed` event with its octets and the reason, and the stream
 * goes on behind it; nothing is thrown for what a server sends. Octets in
 * events may be views of the chunk, valid until the next `push`.
 *
 * @example
 * ```ts
 * import { ResponseDecoder } from 'mailseal/imap';
 *
 * const decoder = new ResponseDecoder();
 * const chunk = new TextEncoder().encode('* 12 EXISTS\r\n* OK [UIDNEXT 40] soon\r\nA1 OK do');
 * for (const event of decoder.push(chunk)) {
 *   if (event.type === 'response') console.log(event.response.type); // EXISTS, then OK
 * }
 * console.log(decoder.buffered); // 8
 * ```
 */
export class ResponseDecoder {
  /** Whether mailbox names are UTF-8 from now on; to be set when the server has enabled it. */
  utf8: boolean;
  readonly #scanner: FrameScanner;
  readonly #eager: boolean;
  readonly #stopWhen: ((event: ResponseEvent) => boolean) | undefined;
  readonly #read: (reader: SyntaxReader) => ReturnType<typeof readResponse>;
  readonly #held: HeldOctets = new HeldOctets();
  #options: SyntaxOptions;
  #isStopped = false;
  #hasEnded = false;

  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: ResponseDecoderOptions = {}) {
    const limits = fillImapLimits(options.limits);
    this.utf8 = options.utf8 ?? false;
    this.#eager = options.eager ?? false;
    this.#stopWhen = options.stopWhen;
    this.#options = { limits, quirks: fillQuirks(options.quirks), utf8: this.utf8 };
    this.#read = (reader) => readResponse(reader, this.#eager);
    const choose = literalChooser(options.literals);
    const engine = options.engine ?? 'auto';
    this.#scanner = new FrameScanner({ side: 'responses', limits, engine, choose });
  }

  /** Octets of a response whose end did not come yet. */
  get buffered(): number {
    return this.#scanner.buffered;
  }

  /** Whether `stopWhen` was true for the last event: the octets behind it wait for {@link resume} or {@link takeRest}. */
  get stopped(): boolean {
    return this.#isStopped;
  }

  /**
   * What a chunk of octets completes. While the decoder is stopped they are kept.
   *
   * @throws MailsealError `usage` after `end`.
   */
  push(chunk: Uint8Array): ResponseEvent[] {
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
  resume(): ResponseEvent[] {
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

  /** Tells that no more octets come: a response that is not complete is `unparsed`. */
  end(): ResponseEvent[] {
    const isCut = !this.#hasEnded && this.#scanner.isWithinFrame;
    this.#hasEnded = true;
    return isCut ? [cutShort(this.#scanner.unfinished, this.#scanner.offset, 'response')] : [];
  }

  #run(): ResponseEvent[] {
    const events: ResponseEvent[] = [];
    if (this.#options.utf8 !== this.utf8) this.#options = { ...this.#options, utf8: this.utf8 };
    for (;;) {
      const found = this.#scanner.next();
      if (found === undefined) return events;
      let event: ResponseEvent;
      switch (found.type) {
        case 'frame':
          // Some servers send an empty line between two responses: nothing can be lost with it.
          if (found.start === found.end) continue;
          event = this.#parse(found);
          break;
        case 'too-large':
          event = { type: 'unparsed', octets: found.octets, error: found.error };
          break;
        case 'literal-begin':
        case 'literal-data':
        case 'literal-end':
          event = found;
          break;
        default:
          continue;
      }
      events.push(event);
      if (this.#stopWhen?.(event) === true) {
        this.#isStopped = true;
        this.#held.add(this.#scanner.takeRest());
        return events;
      }
    }
  }

  #parse(frame: Frame): ResponseEvent {
    const reading = readFrame(frame, this.#options, this.#read);
    if ('error' in reading) return unparsed(frame, reading.error);
    return { type: 'response', response: reading.value, quirks: reading.quirks };
  }
}

/**
 * Reads octets that a server has sent, from the beginning to the end of a stream.
 *
 * @throws MailsealError `usage` for an option that is none.
 *
 * @example
 * ```ts
 * import { decodeResponses } from 'mailseal/imap';
 *
 * const octets = new TextEncoder().encode('* 3 FETCH (UID 7 FLAGS (\\Seen))\r\n');
 * const [event] = decodeResponses(octets);
 * if (event?.type === 'response' && event.response.type === 'FETCH') {
 *   console.log(event.response.uid, event.response.flags); // 7 [ '\\Seen' ]
 * }
 * ```
 */
export function decodeResponses(octets: Uint8Array, options: ResponseDecoderOptions = {}): ResponseEvent[] {
  const decoder = new ResponseDecoder(options);
  const events = decoder.push(octets);
  return [...events, ...decoder.end()];
}
