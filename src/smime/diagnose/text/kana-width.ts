import { someOf } from '../body/lines.js';

/** Full-width katakana, and the half-width ones that fold to them. */
const halfKana: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  Array.from({ length: 63 }, (_, i) => String.fromCharCode(0xff61 + i)).flatMap((kana) => [
    [kana.normalize('NFKC'), kana] as const,
    ...['\uff9e', '\uff9f'].map((mark) => [(kana + mark).normalize('NFKC'), kana + mark] as const),
  ]),
);

/** Katakana with the signs that have a half-width form, and without them. */
export const kanaRuns: RegExp = /[ァ-ヴー。「」、・゛゜]+/g;
const letterRuns = /[ァ-ヴー]+/g;
const halfRuns = /[\uff61-\uff9f]/;

/** Runs that are chosen from, choices of them, and units of text that are written for all choices. */
const mostRuns = 40;
const mostChoices = 24;
const mostUnits = 2_000_000;

/** Katakana in half width, sound marks apart, as JIS X 0201 has them. */
export function halfWidth(run: string): string {
  return [...run].map((kana) => halfKana.get(kana) ?? kana).join('');
}

/** Whether a text has katakana in half width. */
export function hasHalfWidth(text: string): boolean {
  return halfRuns.test(text);
}

/** The first runs that a pattern finds; a long text can have millions. */
export function firstRuns(text: string, pattern: RegExp, most: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const run of text.matchAll(pattern)) {
    if (found.length === most) break;
    found.push(run);
  }
  return found;
}

/** Texts that a converter folded to the one that came. */
export interface Unfolded {
  readonly unfold: (text: string) => string;
  readonly cost: number;
}

/**
 * What texts may have been before a converter wrote their half-width katakana in full width, as nkf does unless it is
 * told not to: all of them, letters only, some of the runs of letters.
 */
export function* unfoldings(texts: readonly string[]): Generator<Unfolded> {
  if (!texts.some((text) => text.search(kanaRuns) >= 0)) return;
  yield { unfold: (text) => text.replace(kanaRuns, halfWidth), cost: 1 };
  const most = Math.max(...texts.map((text) => firstRuns(text, letterRuns, mostRuns).length));
  if (most === 0) return;
  yield { unfold: (text) => text.replace(letterRuns, halfWidth), cost: 1 };
  const units = texts.reduce((sum, { length }) => sum + length, 0);
  const count = Math.min(mostChoices, Math.floor(mostUnits / units));
  for (const chosen of someOf(most, count)) {
    if (chosen.length === most && most < mostRuns) continue;
    yield {
      unfold: (text) => {
        let run = 0;
        return text.replace(letterRuns, (kana) => (chosen.includes(run++) ? halfWidth(kana) : kana));
      },
      cost: 2,
    };
  }
}
