import { type Bytes, equalBytes, isAscii } from '../../../core/bytes.js';
import { bytesFromUtf8 } from '../../../core/utf8.js';
import { detectCharset } from '../../../iso2022jp/detect.js';
import type { Part } from '../../../mime/part.js';
import { guessOf } from '../body/guess-of.js';
import { isPlain, textLeavesOf } from '../body/leaves.js';
import { someOf } from '../body/lines.js';
import type { ChangeNote, Family } from '../guess.js';
import { decodeWhole, encodePaired } from './japanese-octets.js';
import { jisOctets, jisStyles, restyled } from './jis-styles.js';
import { firstRuns, halfWidth, kanaRuns } from './kana-width.js';

/** How characters of a width were written before. */
interface Fold {
  readonly from: 'half-width' | 'full-width';
  readonly to: 'half-width' | 'full-width';
  /** Runs of what came. */
  readonly runs: RegExp;
  /** What a run was. */
  readonly undo: (run: string) => string;
  readonly cost: number;
}

const toFull = (run: string): string =>
  run.replace(/[!-~ ]/g, (one) => (one === ' ' ? '\u3000' : String.fromCharCode(one.charCodeAt(0) + 0xfee0)));
const toHalf = (run: string): string =>
  run.replace(/[\uff01-\uff5e\u3000]/g, (one) =>
    one === '\u3000' ? ' ' : String.fromCharCode(one.charCodeAt(0) - 0xfee0),
  );

const folds: readonly Fold[] = [
  { from: 'half-width', to: 'full-width', runs: /[０-９]+/g, undo: toHalf, cost: 1 },
  { from: 'full-width', to: 'half-width', runs: /[0-9]+/g, undo: toFull, cost: 1 },
  { from: 'half-width', to: 'full-width', runs: /[０-９Ａ-Ｚａ-ｚ]+/g, undo: toHalf, cost: 1 },
  { from: 'full-width', to: 'half-width', runs: /[0-9A-Za-z]+/g, undo: toFull, cost: 1 },
  { from: 'half-width', to: 'full-width', runs: /[\uff01-\uff5e]+/g, undo: toHalf, cost: 1 },
  { from: 'full-width', to: 'half-width', runs: /[!-~]+/g, undo: toFull, cost: 1 },
  { from: 'half-width', to: 'full-width', runs: /[\uff01-\uff5e\u3000]+/g, undo: toHalf, cost: 2 },
  { from: 'full-width', to: 'half-width', runs: /[!-~ ]+/g, undo: toFull, cost: 2 },
  {
    from: 'half-width',
    to: 'full-width',
    runs: kanaRuns,
    undo: halfWidth,
    cost: 1,
  },
  {
    from: 'full-width',
    to: 'half-width',
    runs: /[\uff61-\uff9f]+/g,
    undo: (run) => run.normalize('NFKC'),
    cost: 1,
  },
];

/** Runs that are told apart, and choices of them. */
const mostRuns = 200;
const mostChoices = 400;
/** Units of text that are written for all choices of one kind. */
const mostUnits = 2_000_000;

/** Digits, letters and katakana between their full-width and half-width forms; only where that was asked for. */
export const width: Family = {
  name: 'width',
  stage: 32,
  cost: 1,
  *guesses(octets, { foldWidth }) {
    if (!foldWidth) return;
    for (const leaf of textLeavesOf(octets).filter(isPlain)) {
      const charset = charsetOf(leaf);
      const text = decodeWhole(charset, leaf.bodyBytes);
      if (text === undefined) continue;
      const write = writerLike(leaf, charset, text);
      // Each choice writes the whole text, so of a long one there are few.
      const most = Math.min(mostChoices, Math.floor(mostUnits / text.length));
      for (const { from, to, runs, undo, cost } of folds) {
        const places = firstRuns(text, runs, mostRuns);
        const note: ChangeNote = { kind: 'width-changed', from, to, region: 'body' };
        for (const chosen of choices(places.length, most)) {
          const isAll = chosen.length === places.length;
          let before = '';
          let at = 0;
          for (const i of chosen) {
            const { 0: run, index } = places[i]!;
            before += text.slice(at, index) + undo(run);
            at = index + run.length;
          }
          before += text.slice(at);
          if (before === text) continue;
          for (const body of write(before)) {
            const replacement = { start: leaf.bodyStart, end: leaf.end, octets: body };
            yield guessOf(octets, [replacement], note, cost + (isAll ? 0 : 2));
          }
        }
      }
    }
  },
};

/** All of them, then some. */
function* choices(count: number, most: number): Generator<readonly number[]> {
  if (count === 0) return;
  yield Array.from({ length: count }, (_, i) => i);
  for (const some of someOf(count, most)) if (some.length < count) yield some;
}

function charsetOf({ bodyBytes }: Part): string {
  if (isAscii(bodyBytes)) return 'iso-2022-jp';
  return detectCharset(bodyBytes).charset ?? 'utf-8';
}

/** Writes a text in the ways that give the octets that came for the text that came. */
function writerLike({ bodyBytes }: Part, charset: string, text: string): (before: string) => Bytes[] {
  if (charset === 'utf-8') return (before) => [bytesFromUtf8(before)];
  if (charset === 'shift_jis' || charset === 'euc-jp')
    return (before) => {
      const octets = encodePaired(charset, before);
      return octets === undefined ? [] : [octets];
    };
  if (charset !== 'iso-2022-jp') return () => [];
  const came = jisOctets(text, { folds: false });
  const fits = jisStyles.filter((style) =>
    came.some(({ octets }) => equalBytes(restyled(octets, style), bodyBytes)),
  );
  // Plain ASCII says nothing of how kanji were written.
  const styles = fits.length === 0 || !bodyBytes.includes(0x1b) ? jisStyles : fits.slice(0, 1);
  return (before) =>
    jisOctets(before, { folds: false }).flatMap(({ octets }) =>
      styles.map((style) => restyled(octets, style)),
    );
}
