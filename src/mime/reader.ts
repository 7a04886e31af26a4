import { asBytes, type Bytes, concatBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { ReceiveBuffer } from '../core/receive-buffer.js';
import { type MimeDefectCode, mimeDefect } from './defects.js';
import { fillParseOptions, type ParseOptions } from './parse-options.js';
import { LineEndProbe, withLfForCr } from './structure/bare-cr.js';
import type { EntityKind } from './structure/entity-kind.js';
import type { BodyRegion, ScanHandler } from './structure/scan-state.js';
import { Scanner } from './structure/scanner.js';

/**
 * What a {@link MimeReader} finds. Offsets count from the start of the message,
 * ends are exclusive; `bytes` are views, valid until the next `push`.
 */
export type MimeEvent =
  /** An entity begins: the message, a part of a multipart, or the message inside a message/rfc822. */
  | { readonly type: 'part-begin'; readonly start: number }
  /** A header field with its folds and line end. */
  | {
      readonly type: 'header-field';
      readonly start: number;
      /** Where the name ends, before blanks and colon. */
      readonly nameEnd: number;
      /** Where the value begins, after the colon. */
      readonly valueStart: number;
      readonly end: number;
      readonly bytes: Bytes;
    }
  /** A line of a header block that is no header field. */
  | { readonly type: 'header-other'; readonly start: number; readonly end: number; readonly bytes: Bytes }
  /** The header block ended; from `headersEnd` to `bodyStart` is the blank line, if any. */
  | {
      readonly type: 'headers-end';
      readonly headersEnd: number;
      readonly bodyStart: number;
      /** What the body is made of. */
      readonly kind: EntityKind;
    }
  /** Octets of a body, or of a multipart outside its parts; how many come in one event depends on the chunks. */
  | { readonly type: BodyRegion; readonly start: number; readonly end: number; readonly bytes: Bytes }
  /** A delimiter of the multipart that is innermost now, from the line end before it to its own (a close delimiter: before that). */
  | { readonly type: 'delimiter'; readonly start: number; readonly end: number; readonly isClose: boolean }
  /** The innermost entity ends. */
  | { readonly type: 'part-end'; readonly end: number }
  /** Something is wrong with the innermost entity. */
  | {
      readonly type: 'defect';
      readonly code: MimeDefectCode;
      readonly offset: number;
      readonly message: string;
    };

/**
 * Reads a message that comes in chunks of any size and tells what is where, by
 * the rules of `parseMessage`. It keeps no more than the header field, or the
 * line that may be a delimiter, that is not complete yet; any split of the
 * input gives the same events, but for the pieces that bodies come in.
 *
 * @example
 * ```ts
 * import { MimeReader } from 'mailseal/mime';
 *
 * const reader = new MimeReader();
 * const encoder = new TextEncoder();
 * for (const chunk of ['Subject: a\r\n b\r', '\n\r\nbody']) {
 *   for (const event of reader.push(encoder.encode(chunk))) {
 *     if (event.type === 'header-field') console.log(event.start, event.end); // 0 16
 *   }
 * }
 * console.log(reader.end().map((event) => event.type)); // [ 'part-end' ]
 * ```
 */
export class MimeReader {
  readonly #events = new EventList();
  readonly #scanner: Scanner;
  /** What the last window ended with and the scanner could not place. */
  readonly #buffer = new ReceiveBuffer();
  /** The same as it is scanned, where CR alone ends lines: with LF for each such CR. */
  readonly #lines = new ReceiveBuffer();
  /** `undefined` as soon as it is known what ends lines. */
  #probe: LineEndProbe | undefined;
  #crEndsLines = false;
  /** Whether a CR was kept back until the octet after it is seen. */
  #heldCr = false;
  #received = 0;
  #state: 'open' | 'ended' | 'failed' = 'open';

  /** @throws MailsealError `usage` for a limit that is none; `crypto-engine-unavailable` for the engine `native` where the runtime has none. */
  constructor(options?: ParseOptions) {
    const filled = fillParseOptions(options);
    this.#scanner = new Scanner(this.#events, filled);
    this.#probe = new LineEndProbe(filled.limits.headerOctets);
  }

  /**
   * Takes the next octets, which must not be changed before the next call.
   *
   * @throws MailsealError `limit-depth`, `limit-parts`, `limit-headers`, `limit-header-octets`; `usage` after `end`
   */
  push(chunk: Uint8Array): MimeEvent[] {
    return this.#scan(asBytes(chunk), false);
  }

  /**
   * Ends the message.
   *
   * @throws MailsealError as {@link push} does
   */
  end(): MimeEvent[] {
    return this.#scan(new Uint8Array(0), true);
  }

  #scan(chunk: Bytes, final: boolean): MimeEvent[] {
    if (this.#state !== 'open') {
      const why = this.#state === 'ended' ? 'the message was ended' : 'a limit was hit';
      throw usage(`${why}: a new message needs a new MimeReader`);
    }
    this.#state = 'failed';
    const events = this.#crEndsLines ? this.#scanLines(chunk, final) : this.#scanOctets(chunk, final);
    this.#state = final ? 'ended' : 'open';
    return events;
  }

  /** Scans octets as they are, once it is known that they may be. */
  #scanOctets(chunk: Bytes, final: boolean): MimeEvent[] {
    this.#received += chunk.length;
    const window = this.#buffer.append(chunk);
    if (this.#probe !== undefined) {
      const crEndsLines = this.#probe.look(window, final);
      if (crEndsLines === undefined) {
        this.#buffer.keep(0);
        return this.#events.take();
      }
      this.#probe = undefined;
      if (crEndsLines) {
        const all = window.slice();
        this.#buffer.keep(window.length);
        this.#received = 0;
        this.#crEndsLines = true;
        this.#events.view(all, 0);
        this.#scanner.endLinesWithCr(all.indexOf(CR));
        return this.#scanLines(all, final);
      }
    }
    this.#events.view(window, this.#received - window.length);
    this.#scanner.scan(window, final);
    this.#buffer.keep(window.length - this.#scanner.kept);
    return this.#events.take();
  }

  /** Scans octets of which CR alone ends the lines. */
  #scanLines(chunk: Bytes, final: boolean): MimeEvent[] {
    let piece = this.#heldCr ? concatBytes([Uint8Array.of(CR), chunk]) : chunk;
    this.#heldCr = !final && piece.at(-1) === CR;
    if (this.#heldCr) piece = piece.subarray(0, -1);
    this.#received += piece.length;
    const window = this.#buffer.append(piece);
    const lines = this.#lines.append(withLfForCr(piece));
    this.#events.view(window, this.#received - window.length);
    this.#scanner.scan(lines, final);
    this.#buffer.keep(window.length - this.#scanner.kept);
    this.#lines.keep(window.length - this.#scanner.kept);
    return this.#events.take();
  }
}

const CR = 0x0d;

/** Makes events of what the scanner tells. */
class EventList implements ScanHandler {
  // The scanner tells the first event when it is made, before there are octets.
  #events: MimeEvent[] = [];
  #window: Bytes = new Uint8Array(0);
  #base = 0;

  /** Events to come are views of these octets, of which the first stands at `base`. */
  view(window: Bytes, base: number): void {
    this.#window = window;
    this.#base = base;
  }

  /** The events since the last call. */
  take(): MimeEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #view(start: number, end: number): Bytes {
    return this.#window.subarray(start - this.#base, end - this.#base);
  }

  partBegin(start: number): void {
    this.#events.push({ type: 'part-begin', start });
  }

  headerField(start: number, nameEnd: number, valueStart: number, end: number): void {
    this.#events.push({
      type: 'header-field',
      start,
      nameEnd,
      valueStart,
      end,
      bytes: this.#view(start, end),
    });
  }

  headerOther(start: number, end: number): void {
    this.#events.push({ type: 'header-other', start, end, bytes: this.#view(start, end) });
  }

  headersEnd(headersEnd: number, bodyStart: number, kind: EntityKind): void {
    this.#events.push({ type: 'headers-end', headersEnd, bodyStart, kind });
  }

  body(region: BodyRegion, start: number, end: number): void {
    this.#events.push({ type: region, start, end, bytes: this.#view(start, end) });
  }

  boundary(start: number, end: number, isClose: boolean): void {
    this.#events.push({ type: 'delimiter', start, end, isClose });
  }

  partEnd(end: number): void {
    this.#events.push({ type: 'part-end', end });
  }

  defect(code: MimeDefectCode, offset: number): void {
    this.#events.push({ type: 'defect', ...mimeDefect(code, offset) });
  }
}
