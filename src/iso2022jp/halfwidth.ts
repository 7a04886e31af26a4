/**
 * Full-width form of each half-width katakana from U+FF61 to U+FF9F, as in
 * index-iso-2022-jp-katakana.txt of the Encoding Standard.
 */
const fullWidth =
  '。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜';

/** First of the half-width katakana. */
export const FIRST_HALFWIDTH = 0xff61;
/** The last, which is the semi-voiced sound mark; the voiced one stands before it. */
export const LAST_HALFWIDTH = 0xff9f;

const combiningVoicedMark = '\u3099';
const combiningSemivoicedMark = '\u309a';

/** The full-width form of a half-width katakana. */
export function foldHalfwidth(unit: number): string {
  return fullWidth[unit - FIRST_HALFWIDTH]!;
}

/**
 * What a half-width katakana and the unit after it are together: one
 * character where there is one (ガ), a character with a mark that combines with
 * it where there is none (カ゚); `undefined` when no sound mark follows.
 */
export function foldWithMark(unit: number, mark: number): string | undefined {
  if (mark !== LAST_HALFWIDTH && mark !== LAST_HALFWIDTH - 1) return undefined;
  const combining = mark === LAST_HALFWIDTH ? combiningSemivoicedMark : combiningVoicedMark;
  return (foldHalfwidth(unit) + combining).normalize('NFC');
}
