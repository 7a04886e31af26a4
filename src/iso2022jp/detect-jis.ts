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
      // Past the end there are NULs, which no sequence has.
      const sequence = String.fromCharCode(octets[at + 1] ?? 0, octets[at + 2] ?? 0, octets[at + 3] ?? 0);
      const kind = kindOf(sequence);
      if (kind === undefined) {
        at++;
        continue;
      }
      if (kind.family === 'japanese') japanese++;
      else if (kind.family === 'related') related++;
      else foreign++;
      // ESC . designates a set that single characters are taken from; what is in force stays.
      if (sequence[0] !== '.') ({ double, checked } = kind);
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
  return {
    japanese,
    related,
    foreign,
    good,
    bad,
    high,
    highKatakana,
    octetsRead: Math.min(at, octets.length),
  };
}

interface EscapeKind {
  readonly family: 'japanese' | 'related' | 'foreign';
  /** Whether characters of two octets follow, and whether they are those of JIS X 0208. */
  readonly double: boolean;
  readonly checked: boolean;
  /** Octets after ESC. */
  readonly length: number;
}

function kindOf(sequence: string): EscapeKind | undefined {
  const two = sequence.slice(0, 2);
  if (two === '$B' || two === '$@') return { family: 'japanese', double: true, checked: true, length: 2 };
  if (two === '(J' || two === '(I' || two === '(H')
    return { family: 'japanese', double: false, checked: false, length: 2 };
  if (two === '(B') return { family: 'related', double: false, checked: false, length: 2 };
  if (two === '$A') return { family: 'related', double: true, checked: false, length: 2 };
  if (two === '.A' || two === '.F') return { family: 'related', double: false, checked: false, length: 2 };
  if (sequence === '$(B' || sequence === '$(@')
    return { family: 'japanese', double: true, checked: true, length: 3 };
  if (['$(D', '$(O', '$(P', '$(Q'].includes(sequence))
    return { family: 'japanese', double: true, checked: false, length: 3 };
  if (sequence === '$(A' || sequence === '$(C')
    return { family: 'related', double: true, checked: false, length: 3 };
  if (two === '$)' || two === '$*') return { family: 'foreign', double: false, checked: false, length: 3 };
  return undefined;
}

/** What tells that 7-bit text has JIS in it without its escape sequences. */
export interface LostEscapes {
  /** By how many bits the octets are likelier as ASCII mixed with JIS than as ASCII alone. */
  readonly gain: number;
  /** Characters of JIS: all of them, and those between marks on both sides. */
  readonly characters: number;
  readonly marked: number;
  readonly octetsRead: number;
}

/** What it costs to begin or end JIS without a mark. */
const bareStartCost = 16;
const bareEndCost = 6;
/**
 * What `$B` or `$@` costs that begins JIS, and `(B` or `(J` that ends it. The end pays
 * back: variables of many a programming language begin as the first mark does.
 */
const markedStartCost = 20;
const markedEndCost = -6;

/** When this many bits speak for JIS, what follows is not read. */
const gainEnough = 400;

/** The JIS on a path through the octets. */
interface Tail {
  readonly characters: number;
  readonly marked: number;
  /** How many characters there were before the mark that the JIS began with in which the path ends; -1 for none. */
  readonly mark: number;
}

/**
 * Finds the likeliest way to cut 7-bit text into ASCII and JIS of two octets a
 * character, where every ESC was stripped: with `$B` and `(B` left, or not even
 * these. One pass that keeps, for each state, the best path up to here, to the
 * octet before and to the one before that (Viterbi's algorithm). Without a mark
 * JIS begins at a kana, mark of punctuation or wide letter only: kanji alone are
 * no likelier than the letters that they look like.
 */
export function findLostEscapes(octets: Uint8Array): LostEscapes {
  const ascii = asciiCosts();
  const never = Number.POSITIVE_INFINITY;
  const none: Tail = { characters: 0, marked: 0, mark: -1 };
  let plain = 0;
  let text = 0;
  let text1 = never;
  let text2 = never;
  let textTail = none;
  let textTail1 = none;
  let textTail2 = none;
  let jis = never;
  let jis1 = never;
  let jis2 = never;
  let jisTail = none;
  let jisTail1 = none;
  let jisTail2 = none;
  let before = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    const cost = ascii[octet]!;
    plain += cost;
    text2 = text1;
    text1 = text;
    textTail2 = textTail1;
    textTail1 = textTail;
    jis2 = jis1;
    jis1 = jis;
    jisTail2 = jisTail1;
    jisTail1 = jisTail;
    // Up to here as ASCII: one more octet of it, the first one after JIS, or the mark that ends JIS.
    text = text1 + cost;
    if (jis1 + bareEndCost + cost < text) {
      text = jis1 + bareEndCost + cost;
      textTail = jisTail1;
    }
    if (
      before === 0x28 &&
      (octet === 0x42 || octet === 0x4a) &&
      jisTail2.mark >= 0 &&
      jis2 + markedEndCost < text
    ) {
      text = jis2 + markedEndCost;
      textTail = { ...jisTail2, marked: jisTail2.marked + jisTail2.characters - jisTail2.mark };
    }
    // Up to here as JIS: one more character of it, the first one, or the mark that begins it.
    jis = never;
    const start = before === 0x21 || (before >= 0x23 && before <= 0x25);
    if ((start || jis2 !== never) && before > 0x20 && before < 0x7f && octet > 0x20 && octet < 0x7f) {
      const pair = cellCost(before - 0x20, octet - 0x20);
      if (isAssigned(pair)) {
        const fresh = start ? text2 + bareStartCost : never;
        const tail = fresh < jis2 ? { ...textTail2, mark: -1 } : jisTail2;
        jis = Math.min(fresh, jis2) + pair;
        jisTail = { ...tail, characters: tail.characters + 1 };
      }
      if (before === 0x24 && (octet === 0x42 || octet === 0x40) && text2 + markedStartCost < jis) {
        jis = text2 + markedStartCost;
        jisTail = { ...textTail2, mark: textTail2.characters };
      }
    }
    before = octet;
    if (at % 1024 === 1023 && plain - text >= gainEnough && textTail.characters * 6 >= at) {
      return {
        gain: plain - text,
        characters: textTail.characters,
        marked: textTail.marked,
        octetsRead: at + 1,
      };
    }
  }
  const [bits, tail] = jis < text ? [jis, jisTail] : [text, textTail];
  return { gain: plain - bits, characters: tail.characters, marked: tail.marked, octetsRead: octets.length };
}
