import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { type DelimiterSkip, makeSkip } from './delimiter-skip.js';

const DASH = 0x2d;

/**
 * The octets that RFC 5322 §2.1.1 lets a line have. No boundary is longer, and
 * no more blanks may follow one: without a bound a reader of chunks would have
 * to keep any number of octets before it can tell.
 */
export const LONGEST_LINE = 998;

/** No open boundary is on the line. */
export const NO_MATCH = -1;

/** So many boundaries are compared one by one; more are looked up by their text. */
const FEW = 6;
/** Making a table takes the time of going through some hundred octets. */
const SKIP_FROM = 4096;

interface OpenBoundary {
  readonly octets: Bytes;
  readonly frame: number;
  /** The longest boundary of this one and those opened before it. */
  readonly longest: number;
}

/**
 * The boundaries of the multiparts that are open, innermost last: a line costs
 * the same with one of them open or 5,000.
 */
export class OpenBoundaries {
  readonly #stack: OpenBoundary[] = [];
  /** The frames of each boundary by its text, once there were more than a few. */
  #frames: Map<string, number[]> | undefined;
  /** `null` where none is worth while, `undefined` where nobody asked yet. */
  #skip: DelimiterSkip | null | undefined;
  /** Octets of the longest open boundary. */
  longest = 0;

  get size(): number {
    return this.#stack.length;
  }

  /**
   * Opens the boundary of the multipart that is frame number `frame`. Whether
   * it begins with that of the multipart around it, or that with it: such a pair is
   * told apart here, but not by every reader.
   */
  open(octets: Bytes, frame: number): boolean {
    const around = this.#stack.at(-1);
    if (octets.length > this.longest) this.longest = octets.length;
    this.#stack.push({ octets, frame, longest: this.longest });
    this.#skip = undefined;
    if (this.#frames !== undefined) note(this.#frames, octets, frame);
    if (around === undefined) return false;
    const shorter = Math.min(octets.length, around.octets.length);
    return startsWith(octets, 0, shorter, around.octets, shorter);
  }

  /** Closes the boundaries of all frames from `frame` on. */
  closeFrom(frame: number): void {
    for (let top = this.#stack.at(-1); top !== undefined && top.frame >= frame; top = this.#stack.at(-1)) {
      this.#stack.pop();
      this.longest = this.#stack.at(-1)?.longest ?? 0;
      this.#skip = undefined;
      if (this.#frames === undefined) continue;
      const text = latin1FromBytes(top.octets);
      const frames = this.#frames.get(text)!;
      if (frames.length === 1) this.#frames.delete(text);
      else frames.pop();
    }
  }

  /** The most octets that a delimiter line may have before its line end, the leading `--` included. */
  get longestLine(): number {
    return this.longest + 4 + LONGEST_LINE + 1;
  }

  /** What passes over octets in which no delimiter line begins; `undefined` where nothing is gained by it over so many octets. */
  skip(octets: number): DelimiterSkip | undefined {
    if (octets < SKIP_FROM || this.#stack.length > FEW) return undefined;
    if (this.#skip === undefined) this.#skip = makeSkip(this.#stack.map((open) => open.octets));
    return this.#skip ?? undefined;
  }

  /**
   * Whose delimiter the line is: twice the frame's number, plus one for a close
   * delimiter, or {@link NO_MATCH}. `start` is behind the leading `--`, `end`
   * before the line feed. RFC 2046 §5.1.1: the boundary, then blanks only; where
   * a line is the delimiter of one multipart and the close delimiter of another
   * the innermost of the two has it.
   */
  match(octets: Uint8Array, start: number, end: number): number {
    let textEnd = end;
    while (textEnd > start && isPadding(octets[textEnd - 1]!)) textEnd--;
    const length = textEnd - start;
    if (length === 0 || length > this.longest + 2 || end - textEnd > LONGEST_LINE + 1) return NO_MATCH;
    const closing = length > 2 && octets[textEnd - 1] === DASH && octets[textEnd - 2] === DASH;
    const stack = this.#stack;
    const few = Math.max(0, stack.length - FEW);
    for (let i = stack.length - 1; i >= few; i--) {
      const { octets: boundary, frame } = stack[i]!;
      const more = length - boundary.length;
      if (more !== 0 && (more !== 2 || !closing)) continue;
      if (startsWith(octets, start, textEnd, boundary, boundary.length))
        return more === 0 ? frame * 2 : frame * 2 + 1;
    }
    return few === 0 ? NO_MATCH : this.#lookUp(latin1FromBytes(octets, start, textEnd), closing);
  }

  /** As {@link match}, by the text of a line without its padding. */
  #lookUp(text: string, closing: boolean): number {
    if (this.#frames === undefined) {
      this.#frames = new Map();
      for (const { octets, frame } of this.#stack) note(this.#frames, octets, frame);
    }
    const opened = this.#frames.get(text)?.at(-1) ?? NO_MATCH;
    const closed = closing ? (this.#frames.get(text.slice(0, -2))?.at(-1) ?? NO_MATCH) : NO_MATCH;
    if (opened === NO_MATCH && closed === NO_MATCH) return NO_MATCH;
    return opened > closed ? opened * 2 : closed * 2 + 1;
  }
}

function note(frames: Map<string, number[]>, octets: Bytes, frame: number): void {
  const text = latin1FromBytes(octets);
  const same = frames.get(text);
  if (same === undefined) frames.set(text, [frame]);
  else same.push(frame);
}

function isPadding(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === 0x0d;
}

/** Whether the octets `[start, end)` begin with the first `length` of the prefix. */
function startsWith(
  octets: Uint8Array,
  start: number,
  end: number,
  prefix: Uint8Array,
  length: number,
): boolean {
  if (end - start < length) return false;
  for (let i = 0; i < length; i++) if (octets[start + i] !== prefix[i]) return false;
  return true;
}
