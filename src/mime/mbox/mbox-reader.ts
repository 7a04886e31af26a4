import { asBytes, type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { ReceiveBuffer } from '../../core/receive-buffer.js';
import type { MboxEvent } from './mbox-event.js';
import {
  findFrom,
  LONGEST_MARKER,
  looksLikeMarker,
  type MboxMarker,
  markerText,
  parseMarker,
  UNDECIDED,
} from './mbox-line.js';
import { fillMboxOptions, type MboxOptions } from './mbox-options.js';

const LF = 0x0a;
const CR = 0x0d;
const GREATER = 0x3e;
const CAPITAL_F = 0x46;
const SMALL_C = 0x63;

/**
 * Reads a mailbox file (RFC 4155, and the formats before it) that comes in
 * chunks of any size, and tells its messages octet for octet. It keeps no more
 * than the line that may be a marker, and in mboxcl and mboxcl2 what
 * `lookAhead` allows; any split of the file gives the same messages.
 *
 * The empty line before a marker, or at the end of the file, belongs to the
 * file; LF and CRLF both end a line. With mboxcl and mboxcl2 a Content-Length
 * counts where a marker, or the end of the file, is where it says; else the
 * markers alone do. The field stays in the message. A file that does not begin
 * with a marker is read as a message without one.
 *
 * @example
 * ```ts
 * import { MboxReader } from 'mailseal/mime';
 *
 * const reader = new MboxReader();
 * const file = 'From joe@example.org Fri Nov 20 13:03:23 1998\nSubject: a\n\n>From here on\n\n';
 * let message = '';
 * for (const event of [...reader.push(new TextEncoder().encode(file)), ...reader.end()]) {
 *   if (event.type === 'message-begin') console.log(event.marker?.sender, event.start); // joe@example.org 46
 *   if (event.type === 'octets') message += new TextDecoder().decode(event.bytes);
 * }
 * console.log(message.split('\n')); // [ 'Subject: a', '', 'From here on', '' ]
 * ```
 */
export class MboxReader {
  readonly #anyMarker: boolean;
  readonly #unquotes: boolean;
  readonly #deepest: number;
  readonly #counts: boolean;
  readonly #lookAhead: number;
  readonly #received: ReceiveBuffer = new ReceiveBuffer();
  #events: MboxEvent[] = [];
  #state: 'open' | 'ended' = 'open';

  #window: Bytes = new Uint8Array(0);
  /** The offset in the file of the window's first octet. */
  #base = 0;
  /** Relative to the window: what is before was told. */
  #at = 0;
  /** Relative: where the line begins that is looked at; -1 within a line. */
  #line = 0;
  /** Relative: the empty line before it; -1 where there is none. */
  #blank = -1;
  /** In the file: whether a message has begun, and with a marker. */
  #message: 'none' | 'bare' | 'marked' = 'none';
  #inHeaders = false;
  #contentLength = -1;
  /** In the file: where the message ends by its Content-Length; -1 where it has none. */
  #expected = -1;
  #believed: boolean | undefined;

  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: MboxOptions = {}) {
    const { format, markers, lookAhead } = fillMboxOptions(options);
    this.#anyMarker = markers === 'any';
    this.#unquotes = format !== 'mboxcl2';
    this.#deepest = format === 'mboxo' ? 1 : LONGEST_MARKER;
    this.#counts = format === 'mboxcl' || format === 'mboxcl2';
    this.#lookAhead = lookAhead;
  }

  /**
   * Takes the next octets, which must not be changed before the next call.
   *
   * @throws MailsealError `usage` after `end`
   */
  push(chunk: Uint8Array): MboxEvent[] {
    return this.#take(asBytes(chunk), false);
  }

  /**
   * Ends the file.
   *
   * @throws MailsealError `usage` after `end`
   */
  end(): MboxEvent[] {
    return this.#take(new Uint8Array(0), true);
  }

  #take(chunk: Bytes, final: boolean): MboxEvent[] {
    if (this.#state === 'ended') {
      throw usage('the file was ended: another needs a new MboxReader');
    }
    if (final) this.#state = 'ended';
    this.#window = this.#received.append(chunk);
    this.#scan(final);
    this.#received.keep(this.#at);
    this.#base += this.#at;
    if (this.#line >= 0) this.#line -= this.#at;
    if (this.#blank >= 0) this.#blank -= this.#at;
    this.#at = 0;
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #scan(final: boolean): void {
    const window = this.#window;
    const { length } = window;
    if (this.#base === 0 && this.#line === 0 && this.#message === 'none' && !this.#passMark(final)) return;
    while (this.#line < length) {
      const line = this.#line;
      const next = line < 0 ? this.#nextLine(this.#at) : this.#readLine(line, final);
      // More octets are needed to tell what the line is.
      if (next === UNDECIDED) break;
      if (next < 0) {
        this.#line = -1;
        break;
      }
      this.#line = next;
    }
    if (final) this.#finish();
    else if (this.#message !== 'none')
      this.#tell(this.#blank >= 0 ? this.#blank : this.#line >= 0 ? this.#line : length);
  }

  /** Passes the byte order mark that editors leave at the beginning of a file. */
  #passMark(final: boolean): boolean {
    const window = this.#window;
    const mark = [0xef, 0xbb, 0xbf];
    const fits = mark.findIndex((octet, i) => window[i] !== octet);
    if (fits < 0) {
      this.#line = 3;
      this.#at = 3;
      return true;
    }
    return final || fits < window.length;
  }

  /** Takes in the line at `line`; where the next begins, -1 where it has no end yet. */
  #readLine(line: number, final: boolean): number {
    const window = this.#window;
    const { length } = window;
    const first = window[line]!;
    const emptyEnd = first === LF ? line + 1 : first === CR && window[line + 1] === LF ? line + 2 : -1;
    if (emptyEnd >= 0) {
      this.#blankLine(line, emptyEnd);
      return emptyEnd;
    }
    if (first === CR && line + 1 === length && !final) return UNDECIDED;
    if (first === GREATER ? this.#unquotes : first === CAPITAL_F) {
      const from = findFrom(window, line, length);
      if (from === UNDECIDED && !final) return UNDECIDED;
      if (from === line) {
        const next = this.#fromLine(line, final);
        if (next !== 0) return next;
      } else if (from > line && from - line <= this.#deepest && this.#message !== 'none') {
        this.#tell(line);
        this.#at = line + 1;
      }
    }
    if (this.#inHeaders && this.#counts && (first | 0x20) === SMALL_C && !this.#countField(line, final)) {
      return UNDECIDED;
    }
    if (this.#message === 'none') this.#begin(line, undefined);
    this.#blank = -1;
    return this.#nextLine(line);
  }

  /** Where the next line begins that may be more than text; -1 where the last has no end yet. */
  #nextLine(from: number): number {
    const window = this.#window;
    for (let lf = window.indexOf(LF, from); lf >= 0; lf = window.indexOf(LF, lf + 1)) {
      const first = window[lf + 1];
      if (first === undefined || first === LF || first === CR || first === GREATER || first === CAPITAL_F)
        return lf + 1;
      if (this.#inHeaders && (first | 0x20) === SMALL_C) return lf + 1;
    }
    return -1;
  }

  #blankLine(line: number, end: number): void {
    if (this.#message === 'none') this.#at = end;
    else this.#blank = line;
    if (!this.#inHeaders) return;
    this.#inHeaders = false;
    if (this.#contentLength >= 0) this.#expected = this.#base + end + this.#contentLength;
  }

  /** A line that begins with `From `: where the next begins when it is a marker, else 0. */
  #fromLine(line: number, final: boolean): number {
    const window = this.#window;
    const limit = line + LONGEST_MARKER;
    const lf = window.indexOf(LF, line);
    const end = lf < 0 ? window.length : lf;
    if (lf < 0 && !final && window.length < limit) return UNDECIDED;
    if (end >= limit) return 0;
    const text = markerText(window, line, end);
    const here = this.#base + line;
    if (here < this.#expected) {
      this.#believed ??= this.#isEnd(here, final);
      if (this.#believed === undefined) return UNDECIDED;
      if (this.#believed) return 0;
    }
    const counted =
      this.#expected >= 0 &&
      (here === this.#expected || (this.#blank >= 0 && this.#base + this.#blank === this.#expected));
    if (!this.#anyMarker && !counted && !looksLikeMarker(text, this.#blank >= 0 || this.#message === 'none'))
      return 0;
    this.#endMessage(this.#endBefore(line));
    const next = lf < 0 ? end : lf + 1;
    this.#begin(next, parseMarker(text));
    return next;
  }

  /** Where a message ends that something ends at `line`: before the empty line, unless Content-Length counts that. */
  #endBefore(line: number): number {
    return this.#blank >= 0 && this.#base + line !== this.#expected ? this.#blank : line;
  }

  /** Whether the message ends where its Content-Length says; `undefined` where more octets are needed. */
  #isEnd(here: number, final: boolean): boolean | undefined {
    if (this.#expected - here > this.#lookAhead) return false;
    const window = this.#window;
    const { length } = window;
    let at = this.#expected - this.#base;
    // An empty line, the marker's first octets.
    if (at + 7 > length && !final) return undefined;
    if (at > length) return false;
    if (window[at] === CR && window[at + 1] === LF) at++;
    if (window[at] === LF) at++;
    return at === length || findFrom(window, at, length) === at;
  }

  /** Takes in a header line that begins with C; false where more octets are needed. */
  #countField(line: number, final: boolean): boolean {
    const window = this.#window;
    const limit = line + LONGEST_MARKER;
    const lf = window.indexOf(LF, line);
    if (lf < 0 && !final && window.length < limit) return false;
    const end = Math.min(lf < 0 ? window.length : lf, limit);
    if (this.#contentLength >= 0) return true;
    const value = /^content-length[ \t]*:[ \t]*(\d{1,15})[ \t\r]*$/i.exec(
      latin1FromBytes(window, line, end),
    )?.[1];
    if (value !== undefined) this.#contentLength = Number(value);
    return true;
  }

  #begin(start: number, marker: MboxMarker | undefined): void {
    this.#events.push({ type: 'message-begin', start: this.#base + start, marker });
    this.#message = marker === undefined ? 'bare' : 'marked';
    this.#at = start;
    this.#blank = -1;
    this.#inHeaders = true;
    this.#contentLength = -1;
    this.#expected = -1;
    this.#believed = undefined;
  }

  #tell(end: number): void {
    if (end <= this.#at) return;
    const bytes = this.#window.subarray(this.#at, end);
    this.#events.push({ type: 'octets', start: this.#base + this.#at, end: this.#base + end, bytes });
    this.#at = end;
  }

  #endMessage(end: number): void {
    if (this.#message === 'none') return;
    this.#tell(end);
    this.#events.push({ type: 'message-end', end: this.#base + end });
    this.#message = 'none';
  }

  #finish(): void {
    const { length } = this.#window;
    // A lone message that is read as a mailbox file has no line that belongs to the file.
    this.#endMessage(this.#message === 'marked' ? this.#endBefore(length) : length);
    this.#at = length;
  }
}
