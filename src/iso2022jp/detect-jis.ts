import { asciiCosts, cellCost, isAssigned } from './detect-model.js';

const ESC = 0x1b;

/** What the escape sequences of a text say about it. */
export interface EscapeCount {
  /** Those of ISO-2022-JP and its kin that switch to a Japanese set, and those that switch to another set of that family. */
  readonly japanese: number;
  readonly related: number;
  /** Those of other charsets: ISO-2022-KR and ISO-2022-CN. */
  readonly foreign: number;
  /** Characters of two octets that exist, and what is none. */
  readonly good: number;
  readonly bad: number;
  /** Octets with their 8th bit, and those of them that are half-width katakana in text of one octet a character. */
  readonly high: number;
  readonly highKatakana: number;
  readonly octetsRead: number;
}

/** After so many good characters in a row, what follows is not read. */
const goodEnough = 256;

/** Walks through the escape sequences from the first one on; `start` is where it stands. */
export function countEscapes(octets: Uint8Array, start: number): EscapeCount {
  let japanese = 0;
  let related = 0;
  let foreign = 0;
  let good = 0;
  let bad = 0;
  let high = 0;
  let highKatakana = 0;
  let double = false;
  let checked = false;
  let at = start;
  while (at < octets.length) {
    if (good >= goodEnough && bad === 0 && high === 0 && foreign === 0) break;
    const octet = octets[at]!;
    if (octet === ESC) {
      const escape = String.fromCharCode(...octets.subarray(at + 1, at + 4));
      const kind = kindOf(escape);
      if (kind === undefined) {
        at++;
        continue;
      }
      if (kind.family === 'japanese') japanese++;
      else if (kind.family === 'related') related++;
      else foreign++;
      // ESC . designates a set that single characters are taken from; what is in force stays.
      if (escape[0] !== '.') ({ double, checked } = kind);
      at += 1 + kind.length;
    } else if (octet >= 0x80) {
      high++;
      if (!double && octet >= 0xa1 && octet <= 0xdf) highKatakana++;
      at++;
    } else if (double && octet > 0x20) {
      const second = octets[at + 1];
      if (second === undefined) break;
      const pair = second > 0x20 && second < 0x7f && octet < 0x7f;
      if (pair && (!checked || isAssigned(cellCost(octet - 0x20, second - 0x20)))) good++;
      else bad++;
      at += pair ? 2 : 1;
    } else at++;
  }
  return { japanese, related, foreign, good, bad, high, highKatakana, octetsRead: Math.min(at, octets.length) };
}

interface EscapeKind {
  readonly family: 'japanese' | 'related' | 'foreign';
  /** Whether characters of two octets follow, and whether they are those of JIS X 0208. */
  readonly double: boolean;
  readonly checked: boolean;
  /** Octets after ESC. */
  readonly length: number;
}

function kindOf(escape: string): EscapeKind | undefined {
  const two = escape.slice(0, 2);
  if (two === '$B' || two === '$@') return { family: 'japanese', double: true, checked: true, length: 2 };
  if (two === '(J' || two === '(I' || two === '(H')
    return { family: 'japanese', double: false, checked: false, length: 2 };
  if (two === '(B') return { family: 'related', double: false, checked: false, length: 2 };
  if (two === '$A') return { family: 'related', double: true, checked: false, length: 2 };
  if (two === '.A' || two === '.F') return { family: 'related', double: false, checked: false, length: 2 };
  if (escape === '$(B' || escape === '$(@') return { family: 'japanese', double: true, checked: true, length: 3 };
  if (['$(D', '$(O', '$(P', '$(Q'].includes(escape))
    return { family: 'japanese', double: true, checked: false, length: 3 };
  if (escape === '$(A' || escape === '$(C')
    return { family: 'related', double: true, checked: false, length: 3 };
  if (two === '$)' || two === '$*') return { family: 'foreign', double: false, checked: false, length: 3 };
  return undefined;
}

/** What tells that 7-bit text has JIS in it without its escape sequences. */
export interface LostEscapes {
  /** By how many bits the octets are likelier as ASCII mixed with JIS than as ASCII alone. */
  readonly gain: number;
  /** Characters of JIS: all of them, and those behind a `$B` or `$@`. */
  readonly characters: number;
  readonly marked: number;
  readonly octetsRead: number;
}

/** What it costs to begin or end JIS without a mark, and with one (`$B`, `(B`). */
const bareStartCost = 16;
const bareEndCost = 6;
const markedStartCost = 10;
const markedEndCost = 5;

/** When this many bits speak for JIS, what follows is not read. */
const gainEnough = 400;

/** The likeliest way to read the octets so far that ends in ASCII, or between two characters of JIS. */
interface Path {
  bits: number;
  characters: number;
  marked: number;
  /** Whether the JIS that the path ends in began with a mark. */
  mark: boolean;
}

const never: Path = { bits: Number.POSITIVE_INFINITY, characters: 0, marked: 0, mark: false };

/**
 * Finds the likeliest way to cut 7-bit text into ASCII and JIS of two octets a
 * character, where every ESC was stripped: with `$B` and `(B` left, or not even
 * these. One pass that keeps the best path for each state (Viterbi's algorithm).
 */
export function findLostEscapes(octets: Uint8Array): LostEscapes {
  const ascii = asciiCosts();
  let plain = 0;
  // The best paths up to here and up to one and two octets before, in each state.
  let text: Path = { bits: 0, characters: 0, marked: 0, mark: false };
  let text1 = never;
  let text2 = never;
  let jis = never;
  let jis1 = never;
  let jis2 = never;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    plain += ascii[octet]!;
    [text2, text1] = [text1, text];
    [jis2, jis1] = [jis1, jis];
    const before = at > 0 ? octets[at - 1]! : 0;
    // Up to here as ASCII: one more octet of it, or the mark that ends JIS.
    let next = moved(text1, ascii[octet]!);
    let from = moved(jis1, bareEndCost + ascii[octet]!);
    if (from.bits < next.bits) next = { ...from, mark: false };
    if (before === 0x28 && (octet === 0x42 || octet === 0x4a)) {
      from = moved(jis2, markedEndCost);
      if (from.bits < next.bits) next = { ...from, mark: false };
    }
    text = next;
    // Up to here as JIS: one more character of it, or the mark that begins it.
    jis = never;
    if (octet > 0x20 && octet < 0x7f && before > 0x20 && before < 0x7f) {
      const cost = cellCost(before - 0x20, octet - 0x20);
      if (isAssigned(cost)) {
        from = moved(jis2, cost);
        const fresh = moved(text2, bareStartCost + cost);
        if (fresh.bits < from.bits) from = fresh;
        if (from !== never) jis = { ...from, characters: from.characters + 1, marked: from.marked + (from.mark ? 1 : 0) };
      }
      if (before === 0x24 && (octet === 0x42 || octet === 0x40)) {
        from = moved(text2, markedStartCost);
        if (from.bits < jis.bits) jis = { ...from, mark: true };
      }
    }
    if (at % 1024 === 1023 && plain - text.bits >= gainEnough && text.characters * 6 >= at) {
      return result(plain, text, at + 1);
    }
  }
  if (jis.bits < text.bits) return result(plain, jis, octets.length);
  return result(plain, text, octets.length);
}

function moved(path: Path, cost: number): Path {
  return path === never ? never : { ...path, bits: path.bits + cost };
}

function result(plain: number, path: Path, octetsRead: number): LostEscapes {
  return { gain: plain - path.bits, characters: path.characters, marked: path.marked, octetsRead };
}
