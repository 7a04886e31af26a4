import { type Bytes, concatBytes, latin1FromBytes } from '../core/bytes.js';
import { type FindPair, pairFinder } from '../core/find-pair.js';

const LF = 0x0a;
const CR = 0x0d;
const HYPHEN = 0x2d;
const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);

/** A signature is not longer, whatever its encoding; one with all its certificates has some kilobytes. */
export const longestSignature = 2_097_152;
/** Lines that say they begin a signature, of which each is tried. */
const mostMarks = 8;
/** RFC 5322 §2.1.1: a line has fewer octets; of longer ones nothing is made out. */
const longestLine = 1000;

/**
 * Finds in a text that comes in pieces the boundaries of delimiters that a header of a signature follows, as where the
 * type of a multipart/signed was lost and with it the boundary. Lines that begin with no hyphens are leapt over, and
 * of the others no more than one is kept.
 */
export class SignatureMarks {
  readonly #found = new Set<string>();
  #line = nothing;
  /** Whether the text goes on within a line that is of no interest. */
  #isWithinLine = false;
  #delimiter: string | undefined;

  /** Takes the next octets. */
  update(octets: Bytes): void {
    if (octets.length === 0 || this.#found.size === mostMarks) return;
    const text = this.#line.length === 0 ? octets : concatBytes([this.#line, octets]);
    this.#line = nothing;
    let at = this.#isWithinLine ? nextLine(text, 0) : 0;
    this.#isWithinLine = false;
    while (at < text.length && this.#found.size < mostMarks) {
      if (this.#delimiter === undefined) at = nextHyphens(text, at);
      if (at === text.length) break;
      const next = nextLine(text, at);
      if (next > text.length && text.length - at < longestLine) this.#line = text.slice(at);
      else if (next <= text.length) this.#take(text, at, next - 1);
      at = next;
    }
    this.#isWithinLine = at > text.length && this.#line.length === 0;
  }

  /** The text is over; gives the boundaries. */
  finish(): string[] {
    if (this.#line.length > 0) this.#take(this.#line, 0, this.#line.length);
    this.#line = nothing;
    return [...this.#found];
  }

  #take(text: Bytes, start: number, lineEnd: number): void {
    const end = lineEnd > start && text[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const length = end - start;
    if (length === 0) this.#delimiter = undefined;
    // RFC 2046 §5.1.1: a boundary has at most 70 characters.
    else if (text[start] === HYPHEN && text[start + 1] === HYPHEN && length > 2 && length <= 100)
      this.#delimiter = latin1FromBytes(text, start + 2, end).trimEnd();
    else if (this.#delimiter !== undefined && (text[start]! | 0x20) === 0x63 && length < 998) {
      const line = latin1FromBytes(text, start, end);
      const isMark = /^content-type:.{0,80}(?:pkcs7-signature|octet-stream)/i.test(line);
      const isBoundary = /^[\x20-\x7e]{1,70}$/.test(this.#delimiter) && !/["\\]/.test(this.#delimiter);
      if (isMark && isBoundary && this.#found.size < mostMarks) this.#found.add(this.#delimiter);
    }
  }
}

/** Where the next line begins; behind the text's end where this line does not end in it. */
function nextLine(text: Bytes, at: number): number {
  const end = text.indexOf(LF, at);
  return end < 0 ? text.length + 1 : end + 1;
}

const findHyphens: FindPair = /* @__PURE__ */ pairFinder(HYPHEN, HYPHEN, 'auto');

/** The first line from there on that begins with two hyphens; where there is none, the one that has not ended. */
function nextHyphens(text: Bytes, at: number): number {
  for (let from = at; from < text.length; ) {
    const found = findHyphens(text, from);
    if (found < 0) break;
    if (found === at || text[found - 1] === LF) return found;
    // Within a line there may be thousands of them.
    from = nextLine(text, found);
  }
  return text.lastIndexOf(LF) + 1;
}
