import { lookupCharset } from '../../../charset/label.js';
import { isAscii } from '../../../core/bytes.js';
import { detectCharset } from '../../../iso2022jp/detect.js';
import { withEscapes } from '../../../mime/bodies/lost-escapes.js';
import type { Part } from '../../../mime/part.js';
import { guessOf } from '../body/guess-of.js';
import { isPlain, textLeavesOf } from '../body/leaves.js';
import { type Replacement, replaced } from '../body/lines.js';
import type { ChangeNote, Family, GuessContext, WholeGuess } from '../guess.js';
import { sayings } from '../header/sayings.js';
import { decodeWhole } from './japanese-octets.js';
import { jisStyles, restyled, styleName, styleOf } from './jis-styles.js';
import { bodyOf, type TextCharset, type Written, writtenIn } from './written-text.js';

/** Parts that are tried alone. */
const mostSingle = 6;

const names: Readonly<Record<TextCharset, string>> = {
  'iso-2022-jp': 'ISO-2022-JP',
  'utf-8': 'UTF-8',
  shift_jis: 'Shift_JIS',
  'euc-jp': 'EUC-JP',
  'iso-8859-1': 'ISO-8859-1',
};

/** Into which charsets relays convert, by what they convert from: what came is the key, what was sent the values. */
const origins: Readonly<Record<TextCharset, readonly (readonly [TextCharset, number])[]>> = {
  'iso-2022-jp': [
    ['utf-8', 2],
    ['shift_jis', 3],
    ['euc-jp', 3],
  ],
  'utf-8': [
    ['iso-2022-jp', 1],
    ['iso-8859-1', 2],
    ['shift_jis', 3],
    ['euc-jp', 3],
  ],
  shift_jis: [
    ['iso-2022-jp', 1],
    ['utf-8', 2],
    ['euc-jp', 4],
  ],
  'euc-jp': [
    ['iso-2022-jp', 1],
    ['utf-8', 2],
    ['shift_jis', 3],
  ],
  'iso-8859-1': [['utf-8', 3]],
};

/** Text that was converted from one charset to another, its label changed or kept. */
export const kanjiCode: Family = {
  name: 'kanji code',
  stage: 30,
  cost: 1,
  *guesses(octets, context) {
    const waiting: Waiting[] = [];
    const leaves = textLeavesOf(octets).filter(isPlain);
    for (const { chosen, cost } of choicesOf(leaves))
      for (const each of conversionsOf(chosen, context)) waiting.push({ ...each, cost: each.cost + cost });
    waiting.sort((a, b) => a.cost - b.cost);
    for (const { bodies, replacements, notes, cost } of waiting) {
      const made = bodies();
      if (made === undefined) continue;
      const all = [...replacements, ...made].toSorted((a, b) => a.start - b.start);
      yield { octets: replaced(octets, all), notes, cost };
    }
  },
};

/** A guess whose octets are not made yet. */
interface Waiting extends Omit<WholeGuess, 'octets'> {
  readonly bodies: Written['bodies'];
  /** In headers. */
  readonly replacements: readonly Replacement[];
}

/** All leaves; then each that is not plain ASCII alone, as converters do that look for one kind of part. */
function* choicesOf(
  leaves: readonly Part[],
): Generator<{ readonly chosen: readonly Part[]; readonly cost: number }> {
  if (leaves.length > 0) yield { chosen: leaves, cost: 0 };
  const wide = leaves.filter(({ bodyBytes }) => !isAscii(bodyBytes) || bodyBytes.includes(0x1b));
  if (leaves.length > 1) for (const leaf of wide.slice(0, mostSingle)) yield { chosen: [leaf], cost: 1 };
}

function* conversionsOf(chosen: readonly Part[], { foldWidth }: GuessContext): Generator<Waiting> {
  const label = labelOf(chosen);
  for (const [received, doubt] of receivedCharsets(chosen)) {
    // What is in ISO-2022-JP still was not converted.
    const leaves = received === 'iso-2022-jp' ? chosen : chosen.filter((leaf) => !isJis(leaf));
    for (const [original, cost] of origins[received]) {
      const said = [...saidOf(leaves, original)];
      for (const written of writtenIn(leaves, received, original, foldWidth)) {
        for (const { replacements, said: more } of said) {
          const isRelabelled = replacements.length > 0 && label !== undefined && !isSame(label, original);
          const notes: ChangeNote[] = [
            {
              kind: 'charset-converted',
              from: names[original],
              to: names[received],
              ...(isRelabelled ? { region: 'body' } : { detail: 'label-kept' }),
            },
          ];
          if (isRelabelled)
            notes.push({ kind: 'charset-relabelled', from: names[original], to: label, region: 'header' });
          if (written.width !== undefined) notes.push(written.width);
          yield { bodies: written.bodies, notes, replacements, cost: cost + doubt + written.cost + more };
        }
      }
    }
  }
}

/** ISO-2022-JP that was written anew with other escape sequences. */
export const jisEscapes: Family = {
  name: 'escape sequences of ISO-2022-JP',
  stage: 30,
  cost: 1,
  *guesses(octets, { foldWidth }) {
    const leaves = textLeavesOf(octets).filter((leaf) => isPlain(leaf) && isJis(leaf));
    const [first] = leaves;
    if (first === undefined) return;
    const to = styleOf(first.bodyBytes);
    const note = (from: string): ChangeNote => ({
      kind: 'iso-2022-jp-escapes-changed',
      from,
      to,
      region: 'body',
    });
    for (const style of jisStyles) {
      const bodies = leaves.map((leaf) => bodyOf(leaf, restyled(leaf.bodyBytes, style)));
      yield guessOf(octets, bodies, note(styleName(style)), 1 + style.cost);
    }
    // Superfluous ones are gone once it is decoded, and half-width katakana may be written in another way.
    for (const { bodies, cost, width } of writtenIn(leaves, 'iso-2022-jp', 'iso-2022-jp', foldWidth)) {
      const made = bodies();
      if (made === undefined) continue;
      yield guessOf(octets, made, width ?? note(styleOf(made[0]!.octets)), 4 + cost);
    }
  },
};

/** ISO-2022-JP of which a program that knows no control characters stripped every ESC. */
export const lostEscapes: Family = {
  name: 'lost escape characters',
  stage: 30,
  cost: 2,
  *guesses(octets) {
    const bodies = textLeavesOf(octets)
      .filter((leaf) => isPlain(leaf) && isAscii(leaf.bodyBytes) && !leaf.bodyBytes.includes(0x1b))
      .flatMap((leaf) => {
        const restored = withEscapes(leaf.bodyBytes);
        return restored === undefined ? [] : [bodyOf(leaf, restored)];
      });
    if (bodies.length === 0) return;
    yield guessOf(octets, bodies, { kind: 'iso-2022-jp-escapes-lost', region: 'body' }, 2);
  },
};

function isJis(leaf: Part): boolean {
  const { bodyBytes } = leaf;
  return bodyBytes.includes(0x1b) && isAscii(bodyBytes);
}

function labelOf(leaves: readonly Part[]): string | undefined {
  for (const leaf of leaves) {
    const label = leaf.contentType.parameters.get('charset');
    if (label !== undefined) return label;
  }
  return undefined;
}

function isSame(label: string, charset: TextCharset): boolean {
  return (lookupCharset(label)?.name ?? label.toLowerCase()) === charset;
}

/** The charsets that all leaves fit, and how much less likely each is than the first. */
function receivedCharsets(leaves: readonly Part[]): (readonly [TextCharset, number])[] {
  if (leaves.some(isJis) && leaves.every(({ bodyBytes }) => isAscii(bodyBytes))) return [['iso-2022-jp', 0]];
  const wide = leaves.map(({ bodyBytes }) => bodyBytes).filter((body) => !isAscii(body));
  const [first] = wide;
  if (first === undefined) return [];
  const detected = detectCharset(first).charset;
  const fitting = (['utf-8', 'shift_jis', 'euc-jp'] as const).filter((charset) =>
    wide.every((body) => decodeWhole(charset, body) !== undefined),
  );
  const found = fitting.map((charset) => [charset, charset === detected ? 0 : 2] as const);
  if (detected === 'utf-8' && fitting.includes('utf-8')) return [['utf-8', 0]];
  return [...found, ['iso-8859-1', found.length === 0 ? 0 : 3] as const];
}

/** What relays and senders say of text in a charset. */
function* saidOf(
  leaves: readonly Part[],
  charset: TextCharset,
): Generator<{ readonly replacements: readonly Replacement[]; readonly said: number }> {
  const transferEncoding = charset === 'iso-2022-jp' ? '7bit' : '8bit';
  for (const { replacements, cost } of sayings(leaves, { charset: names[charset], transferEncoding }))
    yield { replacements, said: cost };
  for (const { replacements, cost } of sayings(leaves, { charset: names[charset] }))
    yield { replacements, said: cost + 2 };
  yield { replacements: [], said: 2 };
}
