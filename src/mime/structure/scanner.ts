import type { Bytes } from '../../core/bytes.js';
import { limitHit } from '../limits.js';
import type { FilledParseOptions } from '../parse-options.js';
import { BodyScan } from './body-scan.js';
import type { EntityKind } from './entity-kind.js';
import { HeaderScan } from './header-scan.js';
import { NO_MATCH } from './open-boundaries.js';
import { type BodyRegion, HEADERS_END, MORE, type ScanHandler, ScanState } from './scan-state.js';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/** An entity that has begun and not ended. */
interface Frame {
  readonly inDigest: boolean;
  kind: EntityKind;
  isDigest: boolean;
  /**
   * `before` the first delimiter of a multipart, `between` parts, `closed`
   * after the close delimiter, `cut` where more parts were beyond a limit.
   */
  multipart: 'none' | 'before' | 'between' | 'closed' | 'cut';
}

/**
 * The engine of the room: one pass over octets that may come in chunks of any
 * size, telling a handler where everything is. It keeps no octets but those
 * that it cannot place yet: a header field, or a line that may be a delimiter.
 * Header blocks and bodies are gone through by its two halves; here is what
 * begins and ends.
 */
export class Scanner {
  readonly #state: ScanState;
  readonly #headers: HeaderScan;
  readonly #bodies: BodyScan;
  readonly #frames: Frame[] = [];
  #parts = 0;
  #inHeaders = true;

  constructor(handler: ScanHandler, options: FilledParseOptions) {
    this.#state = new ScanState(handler, options);
    this.#headers = new HeaderScan(this.#state);
    this.#bodies = new BodyScan(this.#state);
    const excess = this.#excess();
    if (excess !== undefined && options.onLimit === 'throw') throw this.#limitError(excess, 0);
    this.#begin(0, false);
    if (excess !== undefined) handler.defect(excess, 0);
  }

  /** Says that CR alone ends lines, the first at `offset`, and LF stands for each such CR in what is scanned. To be called before `scan`. */
  endLinesWithCr(offset: number): void {
    this.#state.handler.defect('line-ends-cr', offset);
    this.#headers.passLineEnds();
  }

  /** How many octets at the window's end were not told to the handler. */
  get kept(): number {
    const { window, base, at } = this.#state;
    return window.length + base - at;
  }

  /**
   * Goes on with a window whose first {@link kept} octets are those kept of
   * the last. With `final` the input ends with it.
   */
  scan(window: Bytes, final: boolean): void {
    const state = this.#state;
    state.base = state.at;
    state.window = window;
    state.final = final;
    for (;;) {
      const stop = this.#inHeaders ? this.#headers.scan() : this.#bodies.scan();
      if (stop === MORE) break;
      if (stop === HEADERS_END) this.#endOfHeaders();
      else {
        if (this.#inHeaders) this.#tellHeadersEnd(state.delimiter.end, state.delimiter.end);
        this.#delimiter();
      }
    }
    if (!final) return;
    const end = window.length + state.base;
    this.#endFrom(0, end);
    state.at = end;
  }

  #top(): Frame {
    return this.#frames[this.#frames.length - 1]!;
  }

  /** The limit that one more entity would go beyond. */
  #excess(): 'limit-depth' | 'limit-parts' | undefined {
    const { depth, parts } = this.#state.options.limits;
    if (this.#frames.length >= depth) return 'limit-depth';
    return this.#parts >= parts ? 'limit-parts' : undefined;
  }

  #limitError(code: 'limit-depth' | 'limit-parts', offset: number): Error {
    const { depth, parts } = this.#state.options.limits;
    return code === 'limit-depth'
      ? limitHit(code, 'entities inside each other', 'depth', depth, offset)
      : limitHit(code, 'parts', 'parts', parts, offset);
  }

  /** Whether an entity that would begin at `start` is beyond a limit, which is a defect of the one around it. */
  #isExcess(start: number): boolean {
    const excess = this.#excess();
    if (excess === undefined) return false;
    const { handler, options } = this.#state;
    if (options.onLimit === 'throw') throw this.#limitError(excess, start);
    handler.defect(excess, start);
    return true;
  }

  #begin(start: number, inDigest: boolean): void {
    const around = this.#frames.at(-1);
    this.#parts++;
    this.#frames.push({ inDigest, kind: 'leaf', isDigest: false, multipart: 'none' });
    this.#state.handler.partBegin(start, inDigest);
    this.#inHeaders = true;
    this.#headers.begin(start, inDigest, around?.kind);
  }

  /** Goes on in a body at `at`, where a line begins or does not. */
  #goOnInBody(at: number, line: number): void {
    this.#inHeaders = false;
    this.#bodies.begin(this.#region(), at, line);
  }

  #region(): BodyRegion {
    const { multipart } = this.#top();
    if (multipart === 'none') return 'body';
    return multipart === 'before' || multipart === 'between' ? 'preamble' : 'epilogue';
  }

  /** A header block ended. */
  #endOfHeaders(): void {
    const state = this.#state;
    const { handler, open } = state;
    const { line, next } = state.endOfHeaders;
    const frame = this.#top();
    const structure = this.#headers.structure();
    for (const code of structure.defects) handler.defect(code, this.#headers.start);
    frame.kind = structure.kind;
    frame.isDigest = structure.isDigest;
    const within = open.size > 0;
    if (structure.boundary !== undefined) {
      frame.multipart = 'before';
      if (open.open(structure.boundary, this.#frames.length - 1)) {
        handler.defect('boundary-prefix', this.#headers.start);
      }
    }
    if (within && next > line && this.#isDelimiterBehind(line, next)) {
      this.#tellHeadersEnd(line, line);
      this.#delimiter();
      return;
    }
    this.#tellHeadersEnd(line, next);
    if (structure.kind === 'message' && next > line && !this.#isExcess(next)) this.#begin(next, false);
    else this.#goOnInBody(next, next);
  }

  /**
   * Whether a delimiter of an outer multipart stands behind the blank line: an
   * entity of header fields alone. RFC 2046 §5.1.1 gives the line end before
   * the delimiter to the delimiter, and here that is the blank line.
   */
  #isDelimiterBehind(line: number, next: number): boolean {
    const state = this.#state;
    const { window, base, open, find } = state;
    const at = next - base;
    if (window[at] !== DASH || window[at + 1] !== DASH) return false;
    const lf = find(window, LF, at);
    const match = open.match(window, at + 2, lf < 0 ? window.length : lf);
    if (match === NO_MATCH || match >> 1 === this.#frames.length - 1) return false;
    state.stopAtDelimiter(match, line, next, lf < 0 ? -1 : lf + base);
    return true;
  }

  #tellHeadersEnd(headersEnd: number, bodyStart: number): void {
    const { kind } = this.#top();
    this.#state.handler.headersEnd(headersEnd, bodyStart, kind, this.#headers.transferEncoding);
  }

  /** A delimiter line: it ends all entities inside the multipart that it belongs to. */
  #delimiter(): void {
    const { handler, open, window, base, delimiter } = this.#state;
    const { match, end, line, lf } = delimiter;
    const frame = match >> 1;
    const isClose = (match & 1) === 1;
    this.#endFrom(frame + 1, end);
    const multipart = this.#top();
    const next = lf < 0 ? window.length + base : lf + 1;
    if (multipart.multipart === 'cut') {
      if (isClose) open.closeFrom(frame);
      this.#goOnInBody(end, -1);
      this.#bodies.passOver(next);
    } else if (isClose) {
      // The line end after a close delimiter may be the one before an outer delimiter.
      let textEnd = lf < 0 ? next : lf;
      if (lf > line && window[lf - base - 1] === CR) textEnd = lf - 1;
      open.closeFrom(frame);
      multipart.multipart = 'closed';
      handler.boundary(end, textEnd, true);
      this.#goOnInBody(textEnd, -1);
    } else if (this.#isExcess(next)) {
      multipart.multipart = 'cut';
      this.#goOnInBody(end, -1);
      this.#bodies.passOver(next);
    } else {
      multipart.multipart = 'between';
      handler.boundary(end, next, false);
      this.#begin(next, multipart.isDigest);
    }
  }

  /** Ends the frames from number `frame` on, innermost first. */
  #endFrom(frame: number, end: number): void {
    const { handler, open } = this.#state;
    open.closeFrom(frame);
    while (this.#frames.length > frame) {
      const { multipart } = this.#frames.pop()!;
      if (multipart === 'before') handler.defect('delimiter-missing', end);
      else if (multipart === 'between') handler.defect('close-delimiter-missing', end);
      handler.partEnd(end);
    }
  }
}
