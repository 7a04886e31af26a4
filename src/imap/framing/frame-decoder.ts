import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { assertObject, fillLimits } from '../../core/limits.js';
import { DEFAULT_IMAP_LIMITS } from '../limits.js';
import { fillQuirks } from '../quirks.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { ImapDecoderOptions } from './decoder-options.js';
import { FrameScanner } from './frame-scanner.js';
import { literalChooser } from './literal-options.js';
import type { Scanned } from './scanned.js';

/** What a {@link FrameDecoder} takes. */
export interface FrameDecoderOptions<Event> extends ImapDecoderOptions {
  /** The decoder stops behind an event for which this is true: see {@link FrameDecoder.stopped}. */
  readonly stopWhen?: (event: Event) => boolean;
}

/** Makes an event of what was found; `undefined` where it is none. */
type ToEvent<Event> = (found: Scanned, options: SyntaxOptions) => Event | undefined;

/**
 * What the decoders of both sides have in common: chunks go in, events come
 * out, and behind an event the decoder may stop, so that the octets that follow
 * can be read in another way.
 *
 * @example
 * ```ts
 * import { ResponseDecoder } from 'mailseal/imap';
 *
 * const decoder = new ResponseDecoder({ stopWhen: (event) => event.type === 'response' });
 * const events = decoder.push(new TextEncoder().encode('A1 OK begin\r\n* 3 EXISTS\r\n'));
 * console.log(events.length, decoder.stopped, decoder.takeRest().length); // 1 true 12
 * ```
 */
export class FrameDecoder<Event> {
  /** Whether mailbox names are UTF-8 from now on; to be set when that was enabled. */
  utf8: boolean;
  /** @internal */
  protected readonly scanner: FrameScanner;
  readonly #side: 'commands' | 'responses';
  readonly #toEvent: ToEvent<Event>;
  readonly #stopWhen: ((event: Event) => boolean) | undefined;
  /** The octets behind the event that the decoder was stopped at. */
  #held: Bytes[] = [];
  #options: SyntaxOptions;
  #isStopped = false;
  #hasEnded = false;

  /** @internal */
  protected constructor(
    side: 'commands' | 'responses',
    options: FrameDecoderOptions<Event>,
    toEvent: ToEvent<Event>,
  ) {
    assertObject(options, 'the options');
    const limits = fillLimits(DEFAULT_IMAP_LIMITS, options.limits);
    this.utf8 = options.utf8 ?? false;
    this.#side = side;
    this.#toEvent = toEvent;
    this.#stopWhen = options.stopWhen;
    this.#options = { limits, quirks: fillQuirks(options.quirks), utf8: this.utf8 };
    const choose = literalChooser(options.literals);
    this.scanner = new FrameScanner({ side, limits, engine: options.engine ?? 'auto', choose });
  }

  /** Octets of a command or response whose end did not come yet. */
  get buffered(): number {
    return this.scanner.buffered;
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
  push(chunk: Uint8Array): Event[] {
    const octets = asBytes(chunk);
    if (this.#hasEnded) throw usage('the decoder was ended; make a new one');
    if (this.#isStopped) {
      this.#hold(octets.slice());
      return [];
    }
    this.scanner.push(octets);
    return this.#run(false);
  }

  /** Goes on behind the event that the decoder was stopped at. */
  resume(): Event[] {
    if (this.#hasEnded) return [];
    // These were copied when they were kept, and are not copied again however often the decoder stops in them.
    this.scanner.push(this.takeRest());
    return this.#run(true);
  }

  /**
   * The octets behind the event that the decoder was stopped at, which are not
   * read then: behind STARTTLS there must be none, behind COMPRESS they are
   * compressed.
   */
  takeRest(): Bytes {
    const held = this.#held;
    this.#isStopped = false;
    this.#held = [];
    return held.length === 1 ? held[0]! : concatBytes(held);
  }

  /** Tells that no more octets come: what is not complete is `unparsed`. */
  end(): Event[] {
    const isCut = !this.#hasEnded && this.scanner.isWithinFrame;
    this.#hasEnded = true;
    if (!isCut) return [];
    const { unfinished: octets, offset } = this.scanner;
    const what = `the stream ends within a ${this.#side.slice(0, -1)}`;
    const error = new MailsealError('imap-malformed', what, { offset });
    const event = this.#toEvent({ type: 'lost', octets, error }, this.#options);
    return event === undefined ? [] : [event];
  }

  #run(isOwn: boolean): Event[] {
    const events: Event[] = [];
    if (this.#options.utf8 !== this.utf8) this.#options = { ...this.#options, utf8: this.utf8 };
    for (;;) {
      const found = this.scanner.next();
      if (found === undefined) return events;
      const event = this.#toEvent(found, this.#options);
      if (event === undefined) continue;
      events.push(event);
      if (this.#stopWhen?.(event) === true) {
        this.#isStopped = true;
        this.#hold(this.scanner.takeRest(isOwn));
        return events;
      }
    }
  }

  #hold(octets: Bytes): void {
    if (octets.length > 0) this.#held.push(octets);
  }
}
