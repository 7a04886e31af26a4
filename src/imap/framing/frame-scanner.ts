import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import type { FilledImapLimits } from '../limits.js';
import { ChunkText } from './chunk-text.js';
import { DetachedLiterals } from './detached-literals.js';
import { type LiteralMarker, literalMarker, mayBeView } from './literal-marker.js';
import type { LiteralHandling } from './literal-options.js';
import type { Scanned } from './scanned.js';
import { hasLiteralInCode, isListOpen, isStatusLine } from './status-line.js';

/** How a {@link FrameScanner} works. */
export interface FrameScannerOptions {
  readonly side: 'responses' | 'commands';
  readonly limits: FilledImapLimits;
  readonly engine: Engine;
  /** What becomes of a literal; `undefined` where each is gathered. */
  readonly choose: ((head: () => string, length: number) => LiteralHandling) | undefined;
}

/** What is read next. */
const State = {
  line: 0,
  /** Octets of a literal that stay among the lines. */
  inline: 1,
  /** Octets of a literal that go to an array of their own. */
  gather: 2,
  stream: 3,
  discard: 4,
} as const;
type State = (typeof State)[keyof typeof State];

const CR = 0x0d;
const NOTHING: Bytes = new Uint8Array(0);

/** Literals of so many octets stay among the lines. */
const INLINE = 4096;
/** Frames of so many octets have characters of their own, so that a value of theirs does not keep those of others in memory. */
const OWN_TEXT = 4096;
/** Shorter frames have too few strings in them for it to matter whether they are ASCII. */
const WORTH_A_LOOK = 200;
/** Octets at the end of a line that may be the marker of a literal. */
const TAIL = 32;
/** Octets of a frame over a limit that are told. */
const EXCERPT = 1024;
/** What tells that a response is a status response stands within so many octets. */
const SHORTEST_LIMIT = 16;

/**
 * Finds where commands and responses end, whatever stands in them, before any
 * of them is parsed. No octet is looked at twice; those of a frame that lies in
 * one chunk are not copied.
 */
export class FrameScanner {
  readonly #isResponses: boolean;
  readonly #lineLimit: number;
  readonly #literalLimit: number;
  readonly #choose: FrameScannerOptions['choose'];

  #chunk: Bytes = NOTHING;
  /** Offset of the chunk in the stream. */
  #base = 0;
  #at = 0;
  readonly #text: ChunkText;

  #state: State = State.line;
  /** Where the octets of this frame begin that are in the chunk and not in `pending`. */
  #from = 0;
  #pending: Bytes = NOTHING;
  #pendingLength = 0;
  /** Offset of the frame in the stream. */
  #offset = 0;
  /** Where the line begins, from the frame's beginning, octets of detached literals not counted. */
  #lineStart = 0;
  #isStatus = false;
  #isSkipping = false;
  #isLineWanted = false;
  /** Whether nothing was read since the sender of a literal began to wait. */
  #isLiteralWanted = false;
  #bareLf = false;
  readonly #literals: DetachedLiterals;
  /** Octets of the literal that are to come. */
  #remaining = 0;
  #lastId = 0;
  /** What stands before a literal that is to be handed out and was not announced yet. */
  #streamHead: string | undefined;

  constructor(options: FrameScannerOptions) {
    this.#isResponses = options.side === 'responses';
    this.#lineLimit = Math.max(options.limits.lineOctets, SHORTEST_LIMIT);
    this.#literalLimit = options.limits.literalOctets;
    this.#choose = options.choose;
    this.#text = new ChunkText(options.engine);
    this.#literals = new DetachedLiterals(this.#literalLimit);
  }

  /** Octets of an unfinished frame. */
  get buffered(): number {
    return this.#base + this.#at - this.#offset;
  }

  /** Whether there is an unfinished frame that was not told to be too large. */
  get isWithinFrame(): boolean {
    return this.buffered > 0 && !this.#isSkipping;
  }

  /** What there is of the unfinished frame, without octets of detached literals. */
  get unfinished(): Bytes {
    return this.#pending.subarray(0, this.#pendingLength);
  }

  /** Offset of the frame that is unfinished, or begins next. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes a chunk; {@link next} is to be called until it gives nothing before the next one. */
  push(chunk: Bytes): void {
    this.#base += this.#chunk.length;
    this.#chunk = chunk;
    this.#at = 0;
    this.#from = 0;
    this.#text.take(chunk);
  }

  /**
   * Gives the octets of the chunk that were not read yet, which are those of another stream from now on: a copy,
   * unless nobody else has the chunk.
   */
  takeRest(isOwn: boolean): Bytes {
    const rest = isOwn ? this.#chunk.subarray(this.#at) : this.#chunk.slice(this.#at);
    this.#save(this.#at);
    this.#chunk = this.#chunk.subarray(0, this.#at);
    return rest;
  }

  /** The next line is given as it is, without a literal. */
  expectLine(): void {
    if (this.buffered > 0) {
      throw new MailsealError('imap-state', 'a line can be expected only where a command could begin', {
        fault: 'usage',
      });
    }
    this.#isLineWanted = true;
  }

  /** Drops the frame whose literal is waited for: its octets do not come. */
  refuseLiteral(): void {
    if (!this.#isLiteralWanted) {
      throw new MailsealError('imap-state', 'no literal is waited for', { fault: 'usage' });
    }
    this.#beginFrame();
  }

  /** What comes next; `undefined` where the chunk is used up. */
  next(): Scanned | undefined {
    for (;;) {
      let found: Scanned | undefined;
      if (this.#state === State.line) {
        const lineEnd = this.#text.lineEnd(this.#at);
        if (lineEnd < 0) return this.#suspend();
        found = this.#endLine(lineEnd);
      } else {
        const isDry = this.#remaining > 0 && this.#at >= this.#chunk.length;
        if (isDry) {
          this.#save(this.#at);
          this.#literals.keepViews();
        }
        if (isDry && (this.#streamHead === undefined || this.#isLiteralWanted)) return undefined;
        found = this.#readLiteral();
      }
      if (found !== undefined) return found;
    }
  }

  /** Keeps what the chunk has of a line that goes on in the next one. */
  #suspend(): Scanned | undefined {
    const { length } = this.#chunk;
    if (this.#at < length) this.#isLiteralWanted = false;
    this.#at = length;
    if (this.#isSkipping) {
      this.#keepTail(length);
      return undefined;
    }
    this.#save(length);
    this.#literals.keepViews();
    if (this.#pendingLength <= this.#lineLimit) return undefined;
    const found = this.#beginSkipping(this.#pending, this.#pendingLength, this.#lineError());
    this.#keepTail(length);
    return found;
  }

  /** Moves octets of this frame from the chunk to where they outlive it. */
  #save(to: number): void {
    const count = to - this.#from;
    if (count <= 0) return;
    const length = this.#pendingLength + count;
    if (this.#pending.length < length) {
      const grown = new Uint8Array(Math.max(256, length * 2));
      grown.set(this.#pending.subarray(0, this.#pendingLength));
      this.#pending = grown;
    }
    if (count < 16) {
      for (let at = 0; at < count; at++)
        this.#pending[this.#pendingLength + at] = this.#chunk[this.#from + at]!;
    } else this.#pending.set(this.#chunk.subarray(this.#from, to), this.#pendingLength);
    this.#pendingLength = length;
    this.#from = to;
  }

  /** Of a frame that is passed over, keeps what may be the beginning of a literal's marker. */
  #keepTail(to: number): void {
    this.#from = Math.max(this.#from, to - TAIL);
    this.#save(to);
    if (this.#pendingLength <= TAIL) return;
    const start = this.#pendingLength - TAIL;
    this.#pending = this.#pending.slice(start, this.#pendingLength);
    this.#pendingLength = TAIL;
    this.#lineStart = Math.max(0, this.#lineStart - start);
  }

  #lineError(): MailsealError {
    return new MailsealError(
      'limit-line',
      `a ${this.#isResponses ? 'response' : 'command'} of more than ${this.#lineLimit} octets without those of large literals; raise limits.lineOctets if that is meant`,
      { offset: this.#offset + this.#lineLimit },
    );
  }

  /** The frame goes over a limit: it is told now, and passed over. */
  #beginSkipping(octets: Bytes, length: number, error: MailsealError): Scanned {
    this.#isSkipping = true;
    const start = octets === this.#chunk ? this.#from : 0;
    if (this.#isResponses) this.#isStatus = isStatusLine(octets, start, start + length);
    const told = octets.slice(start, start + Math.min(length, EXCERPT, this.#lineLimit));
    this.#literals.forget();
    return { type: 'lost', octets: told, error };
  }

  /** A line ends at the LF at `lineEnd`: so does the frame, or a literal follows. */
  #endLine(lineEnd: number): Scanned | undefined {
    this.#isLiteralWanted = false;
    let octets = this.#chunk;
    let start = this.#from;
    let after = lineEnd + 1;
    if (this.#pendingLength > 0) {
      this.#save(after);
      octets = this.#pending;
      start = 0;
      after = this.#pendingLength;
    }
    this.#at = lineEnd + 1;
    const line = start + this.#lineStart;
    let end = after - 1;
    if (end > line && octets[end - 1] === CR) end--;
    else this.#bareLf = true;

    if (this.#isSkipping) return this.#endSkippedLine(octets, line, end);
    if (after - start > this.#lineLimit) {
      const found = this.#beginSkipping(octets, after - start, this.#lineError());
      this.#endSkippedLine(octets, line, end);
      return found;
    }
    // Most lines are told from those with a literal by one octet.
    if (octets[end - 1] === 0x7d && end > line && !this.#isLineWanted) {
      const marker = literalMarker(octets, line, end);
      if (marker !== undefined && this.#mayHaveLiteral(octets, start, line, marker.start))
        return this.#beginLiteral(octets, start, after, marker);
    }
    return this.#frame(octets, start, end, after);
  }

  #mayHaveLiteral(octets: Bytes, start: number, line: number, marker: number): boolean {
    if (!this.#isResponses) return true;
    // Behind a literal, only the list of BADCHARSET may have another one.
    if (line > start) return !this.#isStatus || isListOpen(octets, line, marker);
    this.#isStatus = isStatusLine(octets, start, marker);
    return !this.#isStatus || hasLiteralInCode(octets, start, marker);
  }

  #frame(octets: Bytes, start: number, end: number, after: number): Scanned {
    const type = this.#isLineWanted ? 'line' : 'frame';
    const offset = this.#offset;
    const literals = this.#literals.byPlace;
    const bareLf = this.#bareLf;
    const text = this.#text;
    let frame: Scanned;
    if (octets === this.#chunk && after - start < OWN_TEXT && text.holds(start, after)) {
      const shift = text.start;
      frame = {
        type,
        text: text.text,
        octets: text.octets,
        start: start - shift,
        end: end - shift,
        offset,
        literals,
        bareLf,
        isAscii: after - start >= WORTH_A_LOOK && text.isWindowAscii,
      };
    } else {
      // Octets that came in more than one chunk go along with the frame: what comes next gets an array of its own.
      const own = octets.subarray(start, after);
      frame = {
        type,
        text: text.latin1(octets, start, after),
        octets: octets === this.#chunk ? own : octets,
        start: 0,
        end: end - start,
        offset,
        literals,
        bareLf,
        isAscii: text.isAscii(own),
      };
    }
    this.#beginFrame();
    return frame;
  }

  #beginFrame(): void {
    this.#state = State.line;
    this.#from = this.#at;
    if (this.#pendingLength > 0) {
      this.#pending = NOTHING;
      this.#pendingLength = 0;
    }
    this.#offset = this.#base + this.#at;
    this.#lineStart = 0;
    this.#isSkipping = false;
    this.#isLineWanted = false;
    this.#isLiteralWanted = false;
    this.#bareLf = false;
    this.#literals.clear();
    this.#streamHead = undefined;
  }

  #endSkippedLine(octets: Bytes, line: number, end: number): undefined {
    const mayHaveLiteral = this.#isResponses ? !this.#isStatus : !this.#isLineWanted;
    const marker = mayHaveLiteral ? literalMarker(octets, line, end) : undefined;
    // Who waits for "+" is answered BAD, and sends no literal.
    if (marker === undefined || (marker.isSynchronising && !this.#isResponses)) this.#beginFrame();
    else this.#passOver(marker.length);
    return undefined;
  }

  /** Passes over the octets of a literal in a frame that is passed over. */
  #passOver(length: number): void {
    this.#pending = NOTHING;
    this.#pendingLength = 0;
    this.#lineStart = 0;
    this.#state = State.discard;
    this.#remaining = length;
  }

  #beginLiteral(octets: Bytes, start: number, after: number, marker: LiteralMarker): Scanned | undefined {
    const { length } = marker;
    const isWanted = marker.isSynchronising && !this.#isResponses;
    const head = (): string => this.#head(octets, start, marker.start);
    const handling = this.#choose?.(head, length) ?? 'gather';
    const isInline = handling === 'gather' && length <= INLINE && after - start + length <= this.#lineLimit;
    if (handling === 'gather' && !isInline && !this.#literals.hasRoomFor(length, this.#isAtHand(length))) {
      const error = new MailsealError(
        'limit-literal',
        `a literal of ${length} octets, where ${this.#literalLimit} are gathered for one ${this.#isResponses ? 'response' : 'command'} at most; raise limits.literalOctets, or have them streamed, if that is meant`,
        { offset: this.#base + this.#at },
      );
      const found = this.#beginSkipping(octets, after - start, error);
      if (isWanted) this.#beginFrame();
      else this.#passOver(length);
      return found;
    }
    this.#remaining = length;
    if (isInline) {
      this.#state = State.inline;
      this.#lineStart = after - start + length;
    } else {
      const isView = !this.#isResponses || mayBeView(octets, start + this.#lineStart, marker.start);
      if (handling === 'stream') this.#streamHead = head();
      // The lines go to an array of their own: there the literal's octets are missing.
      this.#save(this.#at);
      this.#lineStart = this.#pendingLength;
      if (handling === 'stream') this.#state = State.stream;
      else if (handling === 'gather') this.#beginGathering(length, isView);
      else {
        this.#literals.pass(this.#pendingLength, { length, octets: undefined });
        this.#state = State.discard;
      }
    }
    if (!isWanted) return undefined;
    this.#isLiteralWanted = true;
    return { type: 'literal-wanted', head: head(), length };
  }

  #head(octets: Bytes, start: number, end: number): string {
    if (end - start <= 4096) return this.#text.latin1(octets, start, end);
    const { latin1 } = this.#text;
    return `${latin1(octets, start, start + 2048)}…${latin1(octets, end - 2048, end)}`;
  }

  #isAtHand(length: number): boolean {
    return this.#at + length <= this.#chunk.length;
  }

  #beginGathering(length: number, isView: boolean): void {
    if (this.#isAtHand(length)) {
      this.#literals.gatherAtOnce(this.#pendingLength, this.#chunk, this.#at, length, isView);
      // Passing over them is all that is left to do.
      this.#state = State.discard;
    } else {
      this.#literals.beginGathering(this.#pendingLength, length);
      this.#state = State.gather;
    }
  }

  /** Takes what the chunk has of a literal. */
  #readLiteral(): Scanned | undefined {
    if (this.#streamHead !== undefined) {
      const head = this.#streamHead;
      const length = this.#remaining;
      const id = ++this.#lastId;
      this.#streamHead = undefined;
      this.#literals.pass(this.#pendingLength, { length, octets: undefined, id });
      return { type: 'literal-begin', id, length, head };
    }
    const take = Math.min(this.#remaining, this.#chunk.length - this.#at);
    const from = this.#at;
    const to = from + take;
    const state = this.#state;
    if (take > 0) this.#isLiteralWanted = false;
    if (state === State.gather) {
      const piece = from === 0 && to === this.#chunk.length ? this.#chunk : this.#chunk.subarray(from, to);
      this.#literals.take(piece, this.#remaining);
    }
    this.#at = to;
    if (state !== State.inline) this.#from = to;
    this.#remaining -= take;
    if (state === State.stream) {
      if (take > 0) return { type: 'literal-data', id: this.#lastId, octets: this.#chunk.subarray(from, to) };
      this.#state = State.line;
      return { type: 'literal-end', id: this.#lastId };
    }
    if (this.#remaining === 0) this.#state = State.line;
    return undefined;
  }
}
