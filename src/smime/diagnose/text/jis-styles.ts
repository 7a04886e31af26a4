import { type Bytes, equalBytes } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { type EncodeOptions, encode } from '../../../iso2022jp/encode.js';
import { hasHalfWidth } from './kana-width.js';

const ESC = 0x1b;
const KANJI = 0x24;
const SINGLE = 0x28;

/** Which escape sequences a text in ISO-2022-JP has (RFC 1468 leaves the choice). */
export interface JisStyle {
  /** To kanji: `ESC $ B` (1983) or `ESC $ @` (1978). */
  readonly kanji: 'B' | '@';
  /** Back from them: `ESC ( B` (ASCII) or `ESC ( J` (JIS X 0201 Roman), or the latter but at line ends. */
  readonly single: 'B' | 'J' | 'J in lines';
  /** What it adds to the cost of a guess. */
  readonly cost: number;
}

export const jisStyles: readonly JisStyle[] = [
  { kanji: 'B', single: 'B', cost: 0 },
  { kanji: 'B', single: 'J', cost: 1 },
  { kanji: '@', single: 'J', cost: 1 },
  { kanji: '@', single: 'B', cost: 2 },
  { kanji: 'B', single: 'J in lines', cost: 2 },
  { kanji: '@', single: 'J in lines', cost: 3 },
];

/** What a style is called in sentences. */
export function styleName({ kanji, single }: JisStyle): string {
  return `ESC $ ${kanji} … ESC ( ${single === 'B' ? 'B' : 'J'}`;
}

/** Text in ISO-2022-JP with the escape sequences of a style in the place of those that mean nearly the same. */
export function restyled(octets: Bytes, { kanji, single }: JisStyle): Bytes {
  const styled = octets.slice();
  for (let at = styled.indexOf(ESC); at >= 0; at = styled.indexOf(ESC, at + 1)) {
    const which = styled[at + 1];
    const set = styled[at + 2];
    if (which === KANJI && (set === 0x42 || set === 0x40)) styled[at + 2] = kanji.charCodeAt(0);
    else if (which === SINGLE && (set === 0x42 || set === 0x4a || set === 0x48)) {
      const next = styled[at + 3];
      const endsLine = next === undefined || next === 0x0d || next === 0x0a;
      const toAscii = single === 'B' || (single === 'J in lines' && endsLine);
      styled[at + 2] = toAscii ? 0x42 : 0x4a;
    }
  }
  return styled;
}

/** The style of the first escape sequences of a text. */
export function styleOf(octets: Bytes): string {
  let kanji = 'B';
  let single = 'B';
  let seen = 0;
  for (let at = octets.indexOf(ESC); at >= 0 && seen < 3; at = octets.indexOf(ESC, at + 1)) {
    const set = String.fromCharCode(octets[at + 2] ?? 0x42);
    if (octets[at + 1] === KANJI && (seen & 1) === 0) {
      kanji = set;
      seen |= 1;
    } else if (octets[at + 1] === SINGLE && (seen & 2) === 0) {
      single = set;
      seen |= 2;
    }
  }
  return `ESC $ ${kanji} … ESC ( ${single}`;
}

const ways: readonly (readonly [EncodeOptions, number])[] = [
  [{}, 0],
  [{ profile: 'ms' }, 0],
  [{ profile: 'jis0212' }, 2],
  [{ profile: 'jis2004' }, 2],
  [{ profile: 'ms', halfwidth: 'escape' }, 1],
];

/** One way in which a text is written in ISO-2022-JP. */
export interface JisOctets {
  readonly octets: Bytes;
  readonly cost: number;
  /** Whether half-width katakana became full-width in it, which is another text to those who read it. */
  readonly isFolded: boolean;
}

/**
 * The ways in which text is written in ISO-2022-JP, by profile; none where no profile has all its characters. Those
 * that fold half-width katakana come last, if they are wanted.
 */
export function jisOctets(text: string, { folds }: { readonly folds: boolean }): JisOctets[] {
  const found: JisOctets[] = [];
  const hasHalf = hasHalfWidth(text);
  const inOrder = hasHalf ? ways.toSorted(([a], [b]) => Number(folding(a)) - Number(folding(b))) : ways;
  for (const [options, cost] of inOrder) {
    const isFolded = hasHalf && folding(options);
    if (isFolded && !folds) continue;
    const octets = encodeWhole(text, options);
    if (octets !== undefined && !found.some((other) => equalBytes(other.octets, octets)))
      found.push({ octets, cost: isFolded ? cost + 2 : cost, isFolded });
  }
  return found;
}

function folding({ halfwidth }: EncodeOptions): boolean {
  return halfwidth !== 'escape';
}

function encodeWhole(text: string, options: EncodeOptions): Bytes | undefined {
  try {
    return encode(text, options);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return undefined;
  }
}
