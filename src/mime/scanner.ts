import type { Bytes } from '../core/bytes.js';
import type { MimeDefectCode } from './defects.js';
import { type EntityKind, entityStructure } from './entity-kind.js';
import { textOfHeader } from './header-text.js';
import { type FilledMimeLimits, limitHit } from './limits.js';
import { LONGEST_LINE, NO_MATCH, OpenBoundaries } from './open-boundaries.js';
import type { FilledParseOptions } from './parse-options.js';

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const COLON = 0x3a;

/** What body octets are: of an entity that holds no others, or of a multipart outside its parts. */
export type BodyRegion = 'body' | 'preamble' | 'epilogue';

/**
 * What the scanner tells as it goes. All offsets are absolute, ends exclusive.
 * Together the ranges of header fields, other header lines, the blank line
 * (between `headersEnd` and `bodyStart`), bodies and boundaries are the input.
 */
export interface ScanHandler {
  /** An entity begins here: the message, a part, or an embedded message. */
  partBegin(start: number, inDigest: boolean): void;
  /** A header field with its folds and line end; `nameEnd` before the colon and blanks, `valueStart` after the colon. */
  headerField(start: number, nameEnd: number, valueStart: number, end: number): void;
  /** A line of the header block that is no field. */
  headerOther(start: number, end: number): void;
  headersEnd(headersEnd: number, bodyStart: number, kind: EntityKind): void;
  body(region: BodyRegion, start: number, end: number): void;
  /** A delimiter of the multipart that is now innermost, from the line end before it to its own line end (a close delimiter: before that). */
  boundary(start: number, end: number, close: boolean): void;
  /** The innermost entity ends here. */
  partEnd(end: number): void;
  defect(code: MimeDefectCode, offset: number): void;
}

/** An entity that has begun and not ended. */
interface Frame {
  readonly inDigest: boolean;
  kind: EntityKind;
  isDigest: boolean;
  /** `before` the first delimiter of a multipart, `between` parts, `closed` after the close delimiter. */
  multipart: 'none' | 'before' | 'between' | 'closed';
}

/**
 * The engine of the room: one pass over octets that may come in chunks of any
 * size, telling a handler where everything is. It keeps no octets but those
 * that it cannot place yet: a header field, or a line that may be a delimiter.
 */
export class Scanner {
  readonly #handler: ScanHandler;
  readonly #limits: FilledMimeLimits;
  readonly #open: OpenBoundaries = new OpenBoundaries();
  readonly #frames: Frame[] = [];
  #parts = 0;

  /** The octets at hand; `#base` is the absolute offset of the first. */
  #window: Bytes = new Uint8Array(0);
  #base = 0;
  /** Relative to the window: what is before was told to the handler. */
  #at = 0;
  /** Relative: no line feed (in headers) or dash (in bodies) that matters is before. */
  #searched = 0;
  /** Relative: where the line begins that is looked at; -1 within a line. */
  #line = 0;

  #inHeaders = true;
  #headersStart = 0;
  #headerCount = 0;
  /** The field or other line that is not told yet, since its folds may follow. */
  #pending: 'none' | 'field' | 'other' = 'none';
  #nameEnd = 0;
  #valueStart = 0;
  #contentType: string | undefined;
  #transferEncoding: string | undefined;
  /** The defects told of the header block's lines. */
  #noted: MimeDefectCode[] = [];
  /** The boundary that the header block names, once a line made it needed. */
  #own: OpenBoundaries | undefined;
  /** Relative: a line end before this is not part of a delimiter. */
  #floor = 0;

  constructor(handler: ScanHandler, { limits }: FilledParseOptions) {
    this.#handler = handler;
    this.#limits = limits;
    this.#begin(0, false);
  }

  /** How many octets at the window's end were not told to the handler. */
  get kept(): number {
    return this.#window.length - this.#at;
  }

  /**
   * Goes on with a window whose first {@link kept} octets are those kept of
   * the last. With `final` the input ends with it.
   */
  scan(window: Bytes, final: boolean): void {
    this.#window = window;
    this.#base += this.#at;
    this.#headersStart -= this.#at;
    this.#searched -= this.#at;
    this.#nameEnd -= this.#at;
    this.#valueStart -= this.#at;
    this.#floor -= this.#at;
    if (this.#line >= 0) this.#line -= this.#at;
    this.#at = 0;
    while (this.#inHeaders ? this.#scanHeaders(final) : this.#scanBody(final)) {
      // Each turn goes on to the next header block or body.
    }
    if (final) this.#finish();
  }

  #top(): Frame {
    return this.#frames[this.#frames.length - 1]!;
  }

  /** Begins an entity at the relative offset. */
  #begin(start: number, inDigest: boolean): void {
    const { depth, parts } = this.#limits;
    if (this.#frames.length >= depth) {
      throw limitHit('limit-depth', 'entities inside each other', 'depth', depth, this.#base + start);
    }
    if (++this.#parts > parts) throw limitHit('limit-parts', 'parts', 'parts', parts, this.#base + start);
    this.#frames.push({ inDigest, kind: 'leaf', isDigest: false, multipart: 'none' });
    this.#handler.partBegin(this.#base + start, inDigest);
    this.#inHeaders = true;
    this.#at = start;
    this.#line = start;
    this.#searched = start;
    this.#headersStart = start;
    this.#headerCount = 0;
    this.#pending = 'none';
    this.#contentType = undefined;
    this.#transferEncoding = undefined;
    this.#own = undefined;
    if (this.#noted.length > 0) this.#noted = [];
  }

  // — header blocks —

  /** Whether there is more to do with this window. */
  #scanHeaders(final: boolean): boolean {
    const window = this.#window;
    for (;;) {
      const line = this.#line;
      if (this.#pending === 'none' && this.#beginsWithoutField(line, final)) {
        this.#handler.defect('headers-missing', this.#base + line);
        return this.#endHeaders(line, line);
      }
      const lf = window.indexOf(LF, Math.max(line, this.#searched));
      const next = lf < 0 ? window.length : lf + 1;
      const { headerOctets } = this.#limits;
      if (next - this.#headersStart > headerOctets) {
        const offset = this.#base + this.#headersStart;
        throw limitHit('limit-header-octets', 'a header block', 'headerOctets', headerOctets, offset);
      }
      if (lf < 0) {
        if (!final) {
          this.#searched = next;
          return false;
        }
        if (line === next) return this.#endHeaders(line, line);
      }
      const first = window[line]!;
      if (first === LF || (first === CR && line + 1 === (lf < 0 ? next : lf))) {
        if (!this.#blankLineIsClear(next, final)) return false;
        return this.#endHeaders(line, next);
      }
      if (first === DASH && window[line + 1] === DASH) {
        const lineEnd = lf < 0 ? next : lf;
        if (this.#isOwnDelimiter(line, lineEnd)) {
          this.#handler.defect('headers-unterminated', this.#base + line);
          return this.#endHeaders(line, line);
        }
        const match = this.#open.size > 0 ? this.#open.match(window, line + 2, lineEnd) : NO_MATCH;
        if (match !== NO_MATCH) {
          if (this.#pending !== 'none') this.#handler.defect('headers-unterminated', this.#base + line);
          const end = this.#lineEndBefore(line, this.#headersStart);
          this.#tellPending(end);
          this.#tellHeadersEnd(end, end);
          return this.#delimiter(match, end, line, lf);
        }
      }
      if (this.#pending === 'none' && this.#findColon(line, next) < 0 && !this.#isMailboxMarker(line)) {
        this.#handler.defect('headers-missing', this.#base + line);
        return this.#endHeaders(line, line);
      }
      this.#headerLine(line, next);
      this.#line = next;
      this.#searched = next;
    }
  }

  /**
   * Whether what begins at `line` cannot be a header block: its first line is
   * no field, no delimiter, not blank, and no mailbox marker. It is told by the
   * octets up to the first that rules a field out, so that no line end is waited for.
   */
  #beginsWithoutField(line: number, final: boolean): boolean {
    const window = this.#window;
    const first = window[line];
    if (first === undefined || first === LF || first === CR) return false;
    if (first === DASH && this.#open.size > 0) return false;
    const colon = this.#findColon(line, window.length);
    if (colon >= 0 || (colon === UNDECIDED && !final)) return false;
    return !this.#isMailboxMarker(line);
  }

  /** Whether a line of the header block is the delimiter of the multipart that the block itself announces. */
  #isOwnDelimiter(line: number, end: number): boolean {
    if (this.#pending === 'none') return false;
    if (this.#pending === 'field') this.#noteStructure(line);
    if (this.#contentType === undefined) return false;
    if (this.#own === undefined) {
      this.#own = new OpenBoundaries();
      const { boundary } = entityStructure(this.#contentType, undefined, false);
      if (boundary !== undefined) this.#own.open(boundary, 0);
    }
    return this.#own.size > 0 && this.#own.match(this.#window, line + 2, end) !== NO_MATCH;
  }

  /** Takes in one line that is neither blank nor a delimiter. */
  #headerLine(line: number, next: number): void {
    const window = this.#window;
    const first = window[line]!;
    if ((first === 0x20 || first === 0x09) && this.#pending !== 'none') return;
    this.#tellPending(line);
    this.#at = line;
    const colon = this.#findColon(line, next);
    if (colon < 0) {
      this.#pending = 'other';
      const marker = line === this.#headersStart && this.#isMailboxMarker(line);
      this.#noteOnce(marker ? 'mbox-from-line' : 'header-line-malformed', line);
      return;
    }
    if (++this.#headerCount > this.#limits.headers) {
      const { headers } = this.#limits;
      throw limitHit('limit-headers', 'header fields', 'headers', headers, this.#base + line);
    }
    this.#pending = 'field';
    this.#valueStart = colon + 1;
    let nameEnd = colon;
    while (window[nameEnd - 1] === 0x20 || window[nameEnd - 1] === 0x09) nameEnd--;
    this.#nameEnd = nameEnd;
    if (nameEnd !== colon) this.#noteOnce('space-before-colon', nameEnd);
  }

  /** Tells a defect once in a header block: a block of a million bad lines is one defect, not a million. */
  #noteOnce(code: MimeDefectCode, at: number): void {
    if (this.#noted.includes(code)) return;
    this.#noted.push(code);
    this.#handler.defect(code, this.#base + at);
  }

  /** RFC 5322 §3.6.8 and §4.5: printable ASCII without colon, then blanks, then the colon. */
  #findColon(line: number, lineEnd: number): number {
    const window = this.#window;
    // RFC 5322 §2.1.1 ends lines there; without a bound, octets that come singly would be looked at again and again.
    const end = Math.min(lineEnd, line + LONGEST_LINE);
    let i = line;
    for (; i < end; i++) {
      const octet = window[i]!;
      if (octet === COLON) return i > line ? i : NO_COLON;
      if (octet <= 0x20 || octet >= 0x7f) break;
    }
    if (i === line && i < end) return NO_COLON;
    for (; i < end; i++) {
      const octet = window[i]!;
      if (octet === COLON) return i;
      if (octet !== 0x20 && octet !== 0x09) return NO_COLON;
    }
    return end < lineEnd || end === line + LONGEST_LINE ? NO_COLON : UNDECIDED;
  }

  /** Mailbox files put `From ` and the envelope sender before a message; mail programs quote it as `>From `. */
  #isMailboxMarker(line: number): boolean {
    const frame = this.#frames.at(-2);
    if (frame !== undefined && frame.kind !== 'message') return false;
    const window = this.#window;
    const start = window[line] === 0x3e ? line + 1 : line;
    return FROM_MARKER.every((octet, i) => window[start + i] === octet);
  }

  #tellPending(end: number): void {
    const start = this.#base + this.#at;
    if (this.#pending === 'field') {
      this.#noteStructure(end);
      this.#handler.headerField(
        start,
        this.#base + this.#nameEnd,
        this.#base + this.#valueStart,
        this.#base + end,
      );
    } else if (this.#pending === 'other') this.#handler.headerOther(start, this.#base + end);
    this.#pending = 'none';
    this.#at = end;
  }

  /** Keeps the fields that decide on what the body is. Where one stands twice the first counts. */
  #noteStructure(end: number): void {
    const length = this.#nameEnd - this.#at;
    if (length === 12 && this.#contentType === undefined && this.#isNamed('content-type')) {
      this.#contentType = textOfHeader(this.#window, this.#valueStart, end).text;
    } else if (
      length === 25 &&
      this.#transferEncoding === undefined &&
      this.#isNamed('content-transfer-encoding')
    ) {
      this.#transferEncoding = textOfHeader(this.#window, this.#valueStart, end).text;
    }
  }

  #isNamed(name: string): boolean {
    for (let i = 0; i < name.length; i++) {
      if ((this.#window[this.#at + i]! | 0x20) !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  /**
   * Whether enough is at hand to see if a delimiter follows the blank line,
   * in which case the blank line's end belongs to it.
   */
  #blankLineIsClear(next: number, final: boolean): boolean {
    if (final || this.#open.size === 0) return true;
    const window = this.#window;
    if (next + 1 >= window.length) return next < window.length && window[next] !== DASH;
    if (window[next] !== DASH || window[next + 1] !== DASH) return true;
    return window.indexOf(LF, next) >= 0 || window.length - next > this.#open.longestLine;
  }

  /** Ends the header block; `line` is the blank line, which ends at `next` (the same where there is none). */
  #endHeaders(line: number, next: number): boolean {
    const window = this.#window;
    this.#tellPending(line);
    const frame = this.#top();
    const own = this.#frames.length - 1;
    const structure = entityStructure(this.#contentType, this.#transferEncoding, frame.inDigest);
    for (const code of structure.defects) this.#handler.defect(code, this.#base + this.#headersStart);
    frame.kind = structure.kind;
    frame.isDigest = structure.isDigest;
    const within = this.#open.size > 0;
    if (structure.boundary !== undefined) {
      frame.multipart = 'before';
      this.#open.open(structure.boundary, own);
    }
    if (within && next > line && window[next] === DASH && window[next + 1] === DASH) {
      // An entity of header fields alone: RFC 2046 §5.1.1 gives the line end before the
      // delimiter to the delimiter, and here that is the blank line.
      const lf = window.indexOf(LF, next);
      const match = this.#open.match(window, next + 2, lf < 0 ? window.length : lf);
      if (match !== NO_MATCH && match >> 1 !== own) {
        this.#tellHeadersEnd(line, line);
        return this.#delimiter(match, line, next, lf);
      }
    }
    this.#tellHeadersEnd(line, next);
    if (structure.kind === 'message' && next > line) {
      this.#begin(next, false);
      return true;
    }
    this.#goOnInBody(next, next, next);
    return true;
  }

  #tellHeadersEnd(headersEnd: number, bodyStart: number): void {
    this.#handler.headersEnd(this.#base + headersEnd, this.#base + bodyStart, this.#top().kind);
  }

  // — bodies —

  /** Goes on at `at`; `line` is where a line begins, or -1; line ends from `floor` on may belong to a delimiter. */
  #goOnInBody(at: number, line: number, floor: number): void {
    this.#inHeaders = false;
    this.#at = at;
    this.#line = line;
    this.#floor = floor;
    this.#searched = at;
  }

  /** Whether there is more to do with this window. */
  #scanBody(final: boolean): boolean {
    const window = this.#window;
    const { length } = window;
    if (this.#open.size === 0) {
      this.#tellBody(length);
      this.#goOnInBody(length, -1, length);
      return false;
    }
    let from = this.#searched;
    for (;;) {
      const dash = window.indexOf(DASH, from);
      if (dash < 0) break;
      if (dash !== this.#line && (dash === 0 || window[dash - 1] !== LF)) {
        // Text with many dashes is quicker to go through by its lines.
        const lf = window.indexOf(LF, dash);
        if (lf < 0) break;
        from = lf + 1;
        continue;
      }
      if (dash + 1 < length && window[dash + 1] !== DASH) {
        from = dash + 1;
        continue;
      }
      const lf = window.indexOf(LF, dash);
      if (lf < 0 && !final && length - dash <= this.#open.longestLine) {
        const hold = this.#lineEndBefore(dash, this.#floor);
        this.#tellBody(hold);
        this.#line = dash;
        this.#searched = dash;
        return false;
      }
      const end = lf < 0 ? length : lf;
      const match = dash + 1 < length ? this.#open.match(window, dash + 2, end) : NO_MATCH;
      if (match !== NO_MATCH) {
        const end = this.#lineEndBefore(dash, this.#floor);
        this.#tellBody(end);
        return this.#delimiter(match, end, dash, lf);
      }
      if (lf < 0) break;
      from = lf + 1;
    }
    this.#keepLineEnd(final);
    return false;
  }

  /** Tells all but a line end that the octets to come may make part of a delimiter. */
  #keepLineEnd(final: boolean): void {
    const window = this.#window;
    const { length } = window;
    let hold = length;
    if (!final && length > this.#floor) {
      const last = window[length - 1];
      if (last === LF) hold = this.#lineEndBefore(length, this.#floor);
      else if (last === CR) hold = length - 1;
    }
    if (length > 0) this.#line = window[length - 1] === LF ? length : -1;
    this.#tellBody(hold);
    this.#searched = length;
  }

  #tellBody(end: number): void {
    if (end > this.#at) {
      const { multipart } = this.#top();
      const region = multipart === 'none' ? 'body' : multipart === 'closed' ? 'epilogue' : 'preamble';
      this.#handler.body(region, this.#base + this.#at, this.#base + end);
      this.#at = end;
    }
  }

  /** Where the line end begins that stands before `line`, `line` itself where none does from `floor` on. */
  #lineEndBefore(line: number, floor: number): number {
    const window = this.#window;
    if (line <= floor || window[line - 1] !== LF) return line;
    return line - 1 > floor && window[line - 2] === CR ? line - 2 : line - 1;
  }

  /**
   * A delimiter line was found: `end` is where the line end before it begins,
   * `line` where it begins itself, `lf` its line feed or -1. It ends all
   * entities inside the multipart that it belongs to.
   */
  #delimiter(match: number, end: number, line: number, lf: number): boolean {
    const window = this.#window;
    const frame = match >> 1;
    const close = (match & 1) === 1;
    this.#endFrom(frame + 1, end);
    const multipart = this.#top();
    const next = lf < 0 ? window.length : lf + 1;
    if (close) {
      // The line end after a close delimiter may be the one before an outer delimiter.
      let textEnd = lf < 0 ? next : lf;
      if (lf > line && window[lf - 1] === CR) textEnd = lf - 1;
      this.#open.closeFrom(frame);
      multipart.multipart = 'closed';
      this.#handler.boundary(this.#base + end, this.#base + textEnd, true);
      this.#goOnInBody(textEnd, -1, textEnd);
      return true;
    }
    multipart.multipart = 'between';
    this.#handler.boundary(this.#base + end, this.#base + next, false);
    this.#begin(next, multipart.isDigest);
    return true;
  }

  /** Ends the frames from number `frame` on, innermost first. */
  #endFrom(frame: number, end: number): void {
    this.#open.closeFrom(frame);
    while (this.#frames.length > frame) {
      const { multipart } = this.#frames.pop()!;
      if (multipart === 'before') this.#handler.defect('delimiter-missing', this.#base + end);
      else if (multipart === 'between') this.#handler.defect('close-delimiter-missing', this.#base + end);
      this.#handler.partEnd(this.#base + end);
    }
  }

  /** The input ends with the window. */
  #finish(): void {
    this.#endFrom(0, this.#window.length);
    this.#at = this.#window.length;
  }
}

const UNDECIDED = -2;
const NO_COLON = -1;
/** `From `. */
const FROM_MARKER = [0x46, 0x72, 0x6f, 0x6d, 0x20];
