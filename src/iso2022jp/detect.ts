import { asBytes } from '../core/bytes.js';
import { type Candidate, EucJp, ShiftJis, Unknown, Utf8 } from './detect-candidates.js';
import { countEscapes, findLostEscapes } from './detect-jis.js';

/** What {@link detectCharset} tells apart. */
export type DetectedCharset =
  | 'us-ascii'
  | 'iso-2022-jp'
  /** JIS of which every ESC was stripped on its way: `$B…(B` is left of the escape sequences, or not even that. */
  | 'iso-2022-jp-without-escapes'
  | 'utf-8'
  | 'shift_jis'
  | 'euc-jp';

/** The answer of {@link detectCharset}. */
export interface Detection {
  /** The likeliest charset; `undefined` when the text looks like none of them. */
  readonly charset: DetectedCharset | undefined;
  /**
   * How sure that is, from 0 to 1: the share of the charset among all candidates by likelihood, less where
   * octets have no meaning in it. 0 when `charset` is undefined.
   */
  readonly confidence: number;
  /** How many octets were looked at; fewer than there are when the answer was certain before. */
  readonly octetsRead: number;
}

/** Octets before the first look at the sums, and the most between two. */
const firstStride = 128;
const longestStride = 1024;
/** The answer is certain when the next best is so many bits worse… */
const certainBits = 100;
/** …or, for UTF-8, after so many characters without an error. */
const certainCharacters = 256;

/**
 * Tells the charset of Japanese text that carries no label, or a wrong one.
 *
 * Escape sequences tell ISO-2022-JP (RFC 1468), and octets that are all valid
 * UTF-8 (RFC 3629) are always taken for that; 7-bit text is never taken for
 * Shift_JIS or EUC-JP. Among these two, and damaged UTF-8, the octets are read as
 * each of them and as text of an unknown kind, and the likeliest wins, by how
 * frequent hiragana, katakana, kanji of levels 1 and 2 and half-width katakana are.
 *
 * Text that cannot be told apart in principle: half-width katakana in Shift_JIS,
 * an even number of them and nothing else, may be kanji in EUC-JP as well (ﾃﾞｰﾀ and
 * 筑粟); the likelier is given with a low confidence. EUC-KR and GB 2312 look like
 * EUC-JP without kana, so eight characters and more of that have a confidence of 0.6
 * at most. JIS that lost its escapes together with `$B` is found by its kana only,
 * and so is text that is made like it, such as `$a$b$c$d`.
 *
 * Work is linear in the octets. Reading stops as soon as the answer is certain:
 * after 256 good characters of ISO-2022-JP or UTF-8, or when every other reading is
 * 100 bits less likely (looked at after 128 octets from the first that is not ASCII on,
 * then in steps that double, up to 1,024). Text that may be ASCII is read to its end.
 *
 * @param octets - the text, from its beginning; it may be cut anywhere.
 * @throws MailsealError `usage` when it is no Uint8Array.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 * import { detectCharset } from 'mailseal/iso2022jp';
 *
 * console.log(detectCharset(decodeHex('93fa967b8cea')).charset); // 'shift_jis'
 * console.log(detectCharset(decodeHex('c6fccbdcb8ec')).charset); // 'euc-jp'
 * console.log(detectCharset(decodeHex('2442244f24252842')).charset); // 'iso-2022-jp-without-escapes'
 * ```
 */
export function detectCharset(octets: Uint8Array): Detection {
  const input = asBytes(octets);
  let high = -1;
  let firstEscape = -1;
  let zeros = 0;
  for (let at = 0; at < input.length && high < 0; at++) {
    const octet = input[at]!;
    if (octet >= 0x80) high = at;
    else if (octet === 0x1b && firstEscape < 0) {
      firstEscape = at;
      const found = detectEscapes(input, at);
      if (found !== undefined) return found;
    } else if (octet === 0) zeros++;
  }
  if (high >= 0) return detectOctets(input, high);
  // UTF-16 and binary data.
  if (zeros * 16 > input.length) return { charset: undefined, confidence: 0, octetsRead: input.length };
  return detectSevenBit(input, firstEscape >= 0 || zeros > 0);
}

function detectEscapes(input: Uint8Array, start: number): Detection | undefined {
  const count = countEscapes(input, start);
  const { japanese, related, foreign, good, bad, high, highKatakana, octetsRead } = count;
  if (foreign > japanese) return { charset: undefined, confidence: 0, octetsRead };
  if (japanese + related === 0) return undefined;
  // Octets with their 8th bit in ISO-2022-JP are half-width katakana, or else this is another charset that quotes it.
  if (high > highKatakana || (high > 0 && (bad > 0 || good === 0))) return undefined;
  const share = (good + 1) / (good + bad * 4 + 1);
  const sure = japanese > 0 ? 0.99 : 0.7;
  return { charset: 'iso-2022-jp', confidence: rounded(sure * share * (high > 0 ? 0.8 : 1)), octetsRead };
}

function detectSevenBit(input: Uint8Array, controls: boolean): Detection {
  const { gain, characters, marked, octetsRead } = findLostEscapes(input);
  // A chance likeness becomes likelier with the length. Without marks JIS must be a tenth of the text at least.
  const advantage = gain - (marked > 0 ? 4 : 10) - Math.log2(input.length + 1);
  const enough = marked * 2 > characters || characters * 20 >= octetsRead;
  if (advantage > 0 && enough) {
    return { charset: 'iso-2022-jp-without-escapes', confidence: likelihood([advantage]), octetsRead };
  }
  const confidence = likelihood([enough ? -advantage : 20]) * (controls ? 0.8 : 1);
  return { charset: 'us-ascii', confidence: rounded(confidence), octetsRead: input.length };
}

function detectOctets(input: Uint8Array, start: number): Detection {
  const utf8 = new Utf8(start);
  const candidates: [DetectedCharset | undefined, Candidate, prior: number][] = [
    ['utf-8', utf8, 0],
    ['shift_jis', new ShiftJis(start), 1],
    ['euc-jp', new EucJp(start), 1],
    [undefined, new Unknown(start), 3],
  ];
  const bitsOf = ([, { bits }, prior]: (typeof candidates)[number]) => bits + prior;
  let end = start;
  for (let stride = firstStride; end < input.length; stride = Math.min(2 * stride, longestStride)) {
    end = Math.min(end + stride, input.length);
    for (const [, candidate] of candidates) candidate.read(input, end);
    candidates.sort((one, other) => bitsOf(one) - bitsOf(other));
    if (utf8.errors === 0 ? utf8.characters >= certainCharacters : gap(candidates.map(bitsOf)) >= certainBits)
      break;
  }
  const valid = utf8.errors === 0 && utf8.characters > 0;
  const best = candidates.find(([charset]) => !valid || charset === 'utf-8')!;
  const [charset, { errors, characters, kana }] = best;
  if (charset === undefined) return { charset, confidence: 0, octetsRead: end };
  const others = candidates
    .filter((candidate) => candidate !== best)
    .map((other) => bitsOf(other) - bitsOf(best));
  let confidence = valid ? Math.max(0.8, likelihood(others)) : likelihood(others);
  confidence *= (characters + kana + 1) / (characters + kana + errors * 4 + 1);
  if (charset === 'euc-jp' && kana === 0 && characters >= 8) confidence = Math.min(confidence, 0.6);
  return { charset, confidence: rounded(confidence), octetsRead: end };
}

/** How much the best of sorted sums is better than the next. */
function gap([best = 0, next = 0]: readonly number[]): number {
  return next - best;
}

/** The probability of what is so many bits likelier than each of the others; the model is not good enough to say more than 0.99. */
function likelihood(advantages: readonly number[]): number {
  let odds = 1;
  // The characters of a text depend on each other, so that their bits count for half only.
  for (const bits of advantages) odds += 2 ** (-bits / 2);
  return rounded(Math.min(0.99, 1 / odds));
}

function rounded(confidence: number): number {
  return Math.round(confidence * 1000) / 1000;
}
