import { bytesFromUtf8 } from '../core/utf8.js';

const DASH = 0x2d;

/**
 * The octets that RFC 5322 §2.1.1 lets a line have. No boundary is longer, and
 * no more blanks may follow one: without a bound a reader of chunks would have
 * to keep any number of octets before it can tell.
 */
export const LONGEST_LINE = 998;

/** No open boundary is on the line. */
export const NO_MATCH = -1;

interface OpenBoundary {
  readonly text: string;
  readonly octets: Uint8Array;
  readonly frame: number;
  /** The longest boundary of this one and those opened before it. */
  readonly longest: number;
}

/**
 * The boundaries of the multiparts that are open, innermost last, found by
 * their text: a line costs the same with one of them open or 5,000.
 */
export class OpenBoundaries {
  readonly #stack: OpenBoundary[] = [];
  readonly #frames: Map<string, number[]> = new Map();
  /** Octets of the longest open boundary. */
  longest = 0;

  get size(): number {
    return this.#stack.length;
  }

  /** Opens the boundary of the multipart that is frame number `frame`. */
  open(boundary: string, frame: number): void {
    const octets = bytesFromUtf8(boundary);
    const text = latin1(octets, 0, octets.length);
    this.longest = Math.max(this.longest, octets.length);
    this.#stack.push({ text, octets, frame, longest: this.longest });
    const frames = this.#frames.get(text);
    if (frames === undefined) this.#frames.set(text, [frame]);
    else frames.push(frame);
  }

  /** Closes the boundaries of all frames from `frame` on. */
  closeFrom(frame: number): void {
    for (let top = this.#stack.at(-1); top !== undefined && top.frame >= frame; top = this.#stack.at(-1)) {
      this.#stack.pop();
      const frames = this.#frames.get(top.text)!;
      if (frames.length === 1) this.#frames.delete(top.text);
      else frames.pop();
    }
    this.longest = this.#stack.at(-1)?.longest ?? 0;
  }

  /** The most octets that a delimiter line may have before its line end, the leading `--` included. */
  get longestLine(): number {
    return this.longest + 4 + LONGEST_LINE + 1;
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
    const innermost = this.#stack.at(-1)!;
    if (startsWith(octets, start, textEnd, innermost.octets)) {
      if (length === innermost.octets.length) return innermost.frame * 2;
      if (length === innermost.octets.length + 2 && isClosing(octets, textEnd))
        return innermost.frame * 2 + 1;
    }
    if (this.#stack.length === 1) return NO_MATCH;
    const text = latin1(octets, start, textEnd);
    const opened = this.#frames.get(text)?.at(-1) ?? NO_MATCH;
    const closed =
      length > 2 && isClosing(octets, textEnd)
        ? (this.#frames.get(text.slice(0, -2))?.at(-1) ?? NO_MATCH)
        : NO_MATCH;
    if (opened === NO_MATCH && closed === NO_MATCH) return NO_MATCH;
    return opened > closed ? opened * 2 : closed * 2 + 1;
  }
}

function isPadding(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === 0x0d;
}

function isClosing(octets: Uint8Array, end: number): boolean {
  return octets[end - 1] === DASH && octets[end - 2] === DASH;
}

function startsWith(octets: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (octets[start + i] !== prefix[i]) return false;
  return true;
}

function latin1(octets: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(octets[i]!);
  return text;
}
