import { jis0208 } from './jis0208.js';
import { fillPairs } from './pair-table.js';

// The decoders' inner loops, and the memory that they work on. A caller's octets
// are copied here, a window at a time: the runtime compiles into a loop where an array is
// only if the array is a constant of the same file, which makes these loops twice as
// quick as with views that are handed to them.

/** Units that are decoded at once; keeps the memory small whatever the input. */
export const windowLength = 16384;
/** Units that a window can give beyond one for each octet: those of a sequence that was begun before. */
const spare = 16;
/** Octets after a window that its last character may take, and that the runs may look at. */
const lookAhead = 8;
/**
 * Half a page further than needed: reading and writing go on at about the same pace, and
 * a processor takes a read for one of what was just written if both are as far into a page.
 */
const unitsStart = windowLength + 2048;

const memory = /* @__PURE__ */ new ArrayBuffer(unitsStart + 2 * (windowLength + spare));
const octets = /* @__PURE__ */ new Uint8Array(memory, 0, windowLength + 2 * lookAhead);
const view = /* @__PURE__ */ new DataView(memory, 0, windowLength + 2 * lookAhead);
const written = /* @__PURE__ */ new Uint16Array(memory, unitsStart);
/**
 * What the decoders write text to. One for all: nobody may call out between
 * writing to it and reading it. (An exported constant is none for the compiler,
 * so it has a name of its own here.)
 */
export const units: Uint16Array = written;

/** By lead × 256 + trail, as the Encoding Standard has JIS X 0208; filled at first use. */
const kanjiTable = /* @__PURE__ */ new Uint16Array(0x10000);
let isFilled = false;

/** The table of JIS X 0208: a unit for lead × 256 + trail, or 0. */
export function kanji(): Uint16Array {
  if (!isFilled) fillPairs(kanjiTable, jis0208());
  isFilled = true;
  return kanjiTable;
}

/**
 * Takes the octets of `input` from `start` to `end` for the window, and a few
 * more: those of `input` before `limit`, and then ESC, at which every run stops.
 *
 * @param end - at most `windowLength` after `start`.
 */
export function loadWindow(input: Uint8Array, start: number, end: number, limit: number): void {
  const to = Math.min(end + lookAhead, limit);
  octets.set(start === 0 && to === input.length ? input : input.subarray(start, to));
  view.setInt32(to - start, 0x1b1b1b1b);
  view.setInt32(to - start + 4, 0x1b1b1b1b);
}

/** An octet of the window. */
export function octetAt(at: number): number {
  return octets[at]!;
}

/** How far a decoder is: in the window, in {@link units}, and in which of the two sets that nearly all text is in. */
export interface Progress {
  at: number;
  to: number;
  inKanji: boolean;
}

/** ESC ( B and ESC $ B as numbers. */
const TO_ASCII = 0x1b2842;
const TO_KANJI = 0x1b2442;

/**
 * Reads ASCII, JIS X 0208 and the escape sequences between them, up to `end` or
 * to what is none of these (the decoder has called {@link kanji}). A run may
 * read what begins up to three octets after `end`, and write up to three units
 * too many, which what follows overwrites.
 */
export function readRuns(progress: Progress, end: number): void {
  let { at, to, inKanji } = progress;
  while (at < end) {
    const begun = at;
    if (inKanji) {
      at = readKanji(at, end, to);
      to += (at - begun) >> 1;
    } else {
      at = readAscii(at, end, to);
      to += at - begun;
    }
    if (at >= end) break;
    const sequence = view.getInt32(at) >>> 8;
    if (sequence !== TO_ASCII && sequence !== TO_KANJI) break;
    inKanji = sequence === TO_KANJI;
    at += 3;
  }
  progress.at = at;
  progress.to = to;
  progress.inKanji = inKanji;
}

/** Reads ASCII but ESC, SO and SI, four octets at once; gives the place after it. */
export function readAscii(from: number, end: number, to: number): number {
  let at = from;
  let next = to;
  while (at < end) {
    const word = view.getInt32(at, true);
    written[next] = word & 0xff;
    written[next + 1] = (word >> 8) & 0xff;
    written[next + 2] = (word >> 16) & 0xff;
    written[next + 3] = word >>> 24;
    // A zero octet where ESC was, or SO or SI; (n - 0x01…) & ~n has the high bit of the lowest such one.
    const lessEsc = word ^ 0x1b1b1b1b;
    const lessShift = (word & 0xfefefefe) ^ 0x0e0e0e0e;
    const zero = ((lessEsc - 0x01010101) & ~lessEsc) | ((lessShift - 0x01010101) & ~lessShift);
    const stop = (word | zero) & 0x80808080;
    // How many octets are before the lowest high bit.
    if (stop !== 0) return at + ((31 - Math.clz32(stop & -stop)) >> 3);
    next += 4;
    at += 4;
  }
  return at;
}

/** Reads JIS X 0208, two characters at once; gives the place after it. */
export function readKanji(from: number, end: number, to: number): number {
  let at = from;
  let next = to;
  while (at < end) {
    const word = view.getInt32(at);
    const first = kanjiTable[word >>> 16]!;
    const second = kanjiTable[word & 0xffff]!;
    written[next] = first;
    written[next + 1] = second;
    if (first === 0) return at;
    if (second === 0) return at + 2;
    next += 2;
    at += 4;
  }
  return at;
}

/**
 * Reads characters of two octets of any set, by its table; gives the place
 * after them, which may be one after `end`.
 */
export function readPairs(from: number, end: number, to: number, table: Uint16Array): number {
  let at = from;
  let next = to;
  while (at < end) {
    const unit = table[(octets[at]! << 8) | octets[at + 1]!]!;
    if (unit === 0) break;
    written[next++] = unit;
    at += 2;
  }
  return at;
}

/** Reads single octets up to the first that the table has nothing for, or `end`; gives the place after them. */
export function readSingles(from: number, end: number, to: number, table: Uint16Array): number {
  let at = from;
  let next = to;
  while (at < end) {
    const unit = table[octets[at]!]!;
    if (unit === 0) break;
    written[next++] = unit;
    at++;
  }
  return at;
}
