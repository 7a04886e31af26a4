import {
  findColon,
  hasKnownFieldNext,
  isMailboxMarker,
  NAME_OCTET,
  UNDECIDED,
} from '../fields/header-line.js';
import { limitHit } from '../limits.js';
import { type EntityKind, type EntityStructure, entityStructure } from './entity-kind.js';
import { HeaderNotes } from './header-notes.js';
import { LONGEST_LINE, NO_MATCH, OpenBoundaries } from './open-boundaries.js';
import { MORE, type ScanState, type ScanStop } from './scan-state.js';
import { StructureFields } from './structure-fields.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const DASH = 0x2d;
const COLON = 0x3a;

/**
 * One half of the scanner: goes through a header block line by line and tells
 * its fields. It keeps the field that is not told yet, since its folds may follow.
 * All offsets are absolute.
 */
export class HeaderScan {
  readonly #state: ScanState;
  #inDigest = false;
  /** Whether it is the block of the message itself. */
  #outermost = true;
  /** Whether a mailbox file's `From ` line may stand before the first field: before that of a message. */
  #takesMarker = true;
  #start = 0;
  /** Where the line begins that is looked at; no line feed that matters stands between it and `#searched`. */
  #line = 0;
  #searched = 0;
  #fields = 0;
  /** What stands from the state's `at` to `#line`. */
  #pending: 'none' | 'field' | 'other' = 'none';
  #nameEnd = 0;
  #valueStart = 0;
  readonly #structure: StructureFields;
  /** The boundary that the block itself names, once a line made it needed. */
  #own: OpenBoundaries | undefined;
  readonly #notes: HeaderNotes;

  constructor(state: ScanState) {
    this.#state = state;
    this.#notes = new HeaderNotes(state);
    this.#structure = new StructureFields(state.options.limits.parameters);
  }

  /** Says nothing of how lines end from now on. */
  passLineEnds(): void {
    this.#notes.lineEnd = 'mixed';
  }

  /** Begins the header block of an entity that stands in another of the kind `around`, if in any. */
  begin(start: number, inDigest: boolean, around: EntityKind | undefined): void {
    this.#inDigest = inDigest;
    this.#outermost = around === undefined;
    this.#takesMarker = around === undefined || around === 'message';
    this.#start = start;
    this.#line = start;
    this.#searched = start;
    this.#fields = 0;
    this.#pending = 'none';
    this.#structure.clear();
    this.#own = undefined;
    this.#notes.clear();
    this.#state.at = start;
  }

  /** Where the block begins. */
  get start(): number {
    return this.#start;
  }

  /** Goes through the lines at hand. */
  scan(): ScanStop {
    const state = this.#state;
    const { window, base, final, find } = state;
    const { headerOctets } = state.options.limits;
    for (;;) {
      this.#plainLines();
      const line = this.#line;
      if (this.#pending === 'none') {
        const verdict = this.#firstLine(line);
        if (verdict === 'wait') return MORE;
        if (verdict === 'again') continue;
        if (verdict === 'body') {
          state.handler.defect('headers-missing', line);
          return this.#end(line, line);
        }
      }
      const from = line > this.#searched ? line : this.#searched;
      const found = find(window, LF, from - base);
      const lf = found < 0 ? -1 : found + base;
      const next = found < 0 ? window.length + base : lf + 1;
      const first = window[line - base]!;
      if (next === line || first === LF || (first === CR && line + 2 >= next)) {
        const stop = this.#blankLine(line, next, lf);
        if (stop !== undefined) return stop;
      }
      if (next - this.#start > headerOctets) return this.#tooLong(line);
      if (found < 0 && !final) {
        this.#searched = next;
        return MORE;
      }
      if (first === DASH && window[line - base + 1] === DASH) {
        const stop = this.#delimiter(line, next, lf);
        if (stop !== undefined) return stop;
      }
      if (this.#pending === 'none' && (first === DASH || first === CR) && this.#isNoField(line, next)) {
        // It might have been a delimiter or a blank line.
        state.handler.defect('headers-missing', line);
        return this.#end(line, line);
      }
      this.#takeLine(line, next);
      if (found >= 0) this.#notes.addLineEnd(lf);
      this.#line = next;
      this.#searched = next;
    }
  }

  /**
   * What a line is that has nothing but blank octets: the end of the block,
   * `MORE` where that cannot be told yet, `undefined` where it is not blank.
   */
  #blankLine(line: number, next: number, lf: number): ScanStop | undefined {
    const { final, window, base } = this.#state;
    if (lf < 0) {
      if (!final) {
        this.#searched = next;
        return MORE;
      }
      // Nothing is left, or a CR alone.
      return next - line < 2 ? this.#end(line, next) : undefined;
    }
    if (window[line - base] !== LF && lf !== line + 1) return undefined;
    if (!this.#blankLineIsClear(next)) return MORE;
    this.#notes.addLineEnd(lf);
    return this.#end(line, next);
  }

  /**
   * Whether enough is at hand to see if a delimiter follows the blank line,
   * in which case the blank line's end belongs to it.
   */
  #blankLineIsClear(next: number): boolean {
    const { window, base, final, open, find } = this.#state;
    if (final || open.size === 0) return true;
    const at = next - base;
    if (at + 1 >= window.length) return at < window.length && window[at] !== DASH;
    if (window[at] !== DASH || window[at + 1] !== DASH) return true;
    return find(window, LF, at) >= 0 || window.length - at > open.longestLine;
  }

  /** Where the block is longer than its limit lets it be; `line` is the first that goes beyond. */
  #tooLong(line: number): ScanStop {
    const { headerOctets } = this.#state.options.limits;
    if (this.#state.options.onLimit === 'throw') {
      throw limitHit('limit-header-octets', 'a header block', 'headerOctets', headerOctets, this.#start);
    }
    this.#notes.add('limit-header-octets', line);
    return this.#end(line, line);
  }

  /** What a line that begins with `--` stops at: a delimiter of an open multipart, or of the one that the block announces. */
  #delimiter(line: number, next: number, lf: number): ScanStop | undefined {
    const state = this.#state;
    const { handler, open, window, base } = state;
    const lineEnd = (lf < 0 ? next : lf) - base;
    if (this.#isOwnDelimiter(line, lineEnd)) {
      handler.defect('headers-unterminated', line);
      return this.#end(line, line);
    }
    const match = open.size > 0 ? open.match(window, line - base + 2, lineEnd) : NO_MATCH;
    if (match === NO_MATCH) return undefined;
    if (this.#pending !== 'none') handler.defect('headers-unterminated', line);
    const end = state.lineEndBefore(line, this.#start);
    this.#tellPending(end);
    return state.stopAtDelimiter(match, end, line, lf);
  }

  /** Whether a line of the header block is the delimiter of the multipart that the block itself announces. */
  #isOwnDelimiter(line: number, lineEnd: number): boolean {
    if (this.#pending === 'none') return false;
    const { window, base } = this.#state;
    if (this.#pending === 'field') this.#noteStructure(line);
    if (!this.#structure.hasContentType) return false;
    if (this.#own === undefined) {
      this.#own = new OpenBoundaries();
      const { boundary } = this.structure();
      if (boundary !== undefined) this.#own.open(boundary, 0);
    }
    return this.#own.size > 0 && this.#own.match(window, line - base + 2, lineEnd) !== NO_MATCH;
  }

  /** What the block's fields make of the entity's body. */
  structure(): EntityStructure {
    return entityStructure(this.#structure, this.#inDigest, this.#state.options.limits);
  }

  /** The transfer encoding that the block names, `7bit` where it names none (RFC 2045 §6.1). */
  get transferEncoding(): string {
    return this.#structure.transferEncoding ?? '7bit';
  }

  // — lines —

  /**
   * Goes through lines that are a field or a fold of one beyond doubt, as
   * nearly all are, and stops before the first that needs a closer look. It
   * does nothing that would not be done there.
   */
  #plainLines(): void {
    const { lineEnd } = this.#notes;
    if (lineEnd === 'unknown' || this.#pending === 'other') return;
    const state = this.#state;
    const { window, base, find, handler } = state;
    const { headers, headerOctets } = state.options.limits;
    const { length } = window;
    const bound = this.#start - base + headerOctets;
    const anyLineEnd = lineEnd === 'mixed';
    const crlf = lineEnd === 'crlf';
    let inField = this.#pending === 'field';
    let fields = this.#fields;
    let line = this.#line - base;
    let at = state.at - base;
    let nameEnd = this.#nameEnd - base;
    let valueStart = this.#valueStart - base;
    while (line < length) {
      const first = window[line]!;
      const isFold = inField && (first === SPACE || first === TAB);
      let colon = line;
      if (!isFold) {
        if (first === DASH || fields >= headers) break;
        const end = length - line > LONGEST_LINE ? line + LONGEST_LINE : length;
        while (colon < end && NAME_OCTET[window[colon]!] === 1) colon++;
        if (colon === end || colon === line || window[colon] !== COLON) break;
      }
      const lf = find(window, LF, colon);
      if (lf < 0 || lf >= bound) break;
      if (!anyLineEnd && (window[lf - 1] === CR) !== crlf) break;
      if (!isFold) {
        if (inField) {
          const nameLength = nameEnd - at;
          if (nameLength === 12 || nameLength === 25) {
            this.#structure.take(window, at, nameEnd, valueStart, line);
          }
          handler.headerField(at + base, nameEnd + base, valueStart + base, line + base);
        }
        inField = true;
        at = line;
        nameEnd = colon;
        valueStart = colon + 1;
        fields++;
      }
      line = lf + 1;
    }
    if (!inField) return;
    this.#pending = 'field';
    this.#fields = fields;
    this.#nameEnd = nameEnd + base;
    this.#valueStart = valueStart + base;
    state.at = at + base;
    this.#line = line + base;
    if (this.#searched < this.#line) this.#searched = this.#line;
  }

  /**
   * What the first line of the block is. It is told by the octets up to the
   * first that rules a field out, so that no line end is waited for; for the
   * message itself by the line after it, too.
   */
  #firstLine(line: number): 'header' | 'body' | 'wait' | 'again' {
    const { window, base, open, final, find } = this.#state;
    const first = window[line - base];
    if (first === undefined || first === LF || first === CR) return 'header';
    if (first === 0xef && line === 0 && this.#outermost) {
      const mark = this.#byteOrderMark();
      if (mark !== 'none') return mark;
    }
    if (first === DASH && open.size > 0) return 'header';
    const colon = findColon(window, line - base, window.length);
    if (colon >= 0 || this.#isMarker(line)) return 'header';
    // Nor is it held against the limit before it is known what it is.
    if (colon === UNDECIDED && !final) return 'wait';
    if (!this.#outermost) return 'body';
    const known = hasKnownFieldNext(window, line - base, final, find);
    if (known === undefined) return 'wait';
    return known ? 'header' : 'body';
  }

  /** Passes over the mark of UTF-8 (RFC 3629 §6) that editors put before a message. */
  #byteOrderMark(): 'wait' | 'again' | 'none' {
    const state = this.#state;
    const { window, handler, final } = state;
    if (window.length < 3 && !final) return 'wait';
    if (window[1] !== 0xbb || window[2] !== 0xbf) return 'none';
    handler.defect('byte-order-mark', 0);
    handler.headerOther(0, 3);
    state.at = 3;
    this.#line = 3;
    return 'again';
  }

  /** Takes in one line that is neither blank nor a delimiter. */
  #takeLine(line: number, next: number): void {
    const state = this.#state;
    const { window, base } = state;
    const first = window[line - base]!;
    if ((first === SPACE || first === TAB) && this.#pending !== 'none') return;
    this.#tellPending(line);
    state.at = line;
    const colon = findColon(window, line - base, next - base) + base;
    if (colon < base) {
      this.#pending = 'other';
      this.#notes.add(this.#isMarker(line) ? 'mbox-from-line' : 'header-line-malformed', line);
      return;
    }
    const { limits, onLimit } = state.options;
    if (this.#fields >= limits.headers) {
      if (onLimit === 'throw') {
        throw limitHit('limit-headers', 'header fields', 'headers', limits.headers, line);
      }
      this.#pending = 'other';
      this.#notes.add('limit-headers', line);
      return;
    }
    this.#fields++;
    this.#pending = 'field';
    this.#valueStart = colon + 1;
    let nameEnd = colon;
    while (window[nameEnd - base - 1] === SPACE || window[nameEnd - base - 1] === TAB) nameEnd--;
    this.#nameEnd = nameEnd;
    if (nameEnd !== colon) this.#notes.add('space-before-colon', nameEnd);
  }

  /** Whether a mailbox marker stands there where one may. */
  #isMarker(line: number): boolean {
    const { window, base } = this.#state;
    return line === this.#start && this.#takesMarker && isMailboxMarker(window, line - base);
  }

  #isNoField(line: number, next: number): boolean {
    const { window, base } = this.#state;
    return findColon(window, line - base, next - base) < 0 && !this.#isMarker(line);
  }

  // — telling —

  /** Ends the block: its fields end at `line`, the body begins at `next`. */
  #end(line: number, next: number): ScanStop {
    this.#tellPending(line);
    return this.#state.stopAtEnd(line, next);
  }

  #tellPending(end: number): void {
    const { handler, at } = this.#state;
    if (this.#pending === 'field') {
      this.#noteStructure(end);
      handler.headerField(at, this.#nameEnd, this.#valueStart, end);
    } else if (this.#pending === 'other') handler.headerOther(at, end);
    this.#pending = 'none';
    this.#state.at = end;
  }

  #noteStructure(end: number): void {
    const { window, base, at } = this.#state;
    const length = this.#nameEnd - at;
    if (length !== 12 && length !== 25) return;
    const name = at - base;
    this.#structure.take(window, name, name + length, this.#valueStart - base, end - base);
  }
}
