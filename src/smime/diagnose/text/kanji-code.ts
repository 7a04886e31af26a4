import { encodeCharset } from '../../../charset/encoder.js';
import { lookupCharset } from '../../../charset/label.js';
import { type Bytes, isAscii } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { bytesFromUtf8 } from '../../../core/utf8.js';
import { detectCharset } from '../../../iso2022jp/detect.js';
import { withEscapes } from '../../../mime/bodies/lost-escapes.js';
import type { Part } from '../../../mime/part.js';
import { isPlain, textLeavesOf } from '../body/leaves.js';
import { type Replacement, replaced } from '../body/lines.js';
import type { ChangeNote, Family, WholeGuess } from '../guess.js';
import { sayings } from '../header/sayings.js';
import { decodeWhole, encodePaired, withReadings } from './japanese-octets.js';
import { jisOctets, jisStyles, restyled, styleName, styleOf } from './jis-styles.js';

/** A charset that text was sent or came in. */
type TextCharset = 'iso-2022-jp' | 'utf-8' | 'shift_jis' | 'euc-jp' | 'iso-8859-1';

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

/** What the bodies of all leaves may have been, alike in each, and what it adds to the cost. */
interface Written {
  readonly bodies: readonly Replacement[];
  readonly cost: number;
}

/** Text that was converted from one charset to another, its label changed or kept. */
export const kanjiCode: Family = {
  name: 'kanji code',
  stage: 30,
  cost: 1,
  *guesses(octets) {
    const leaves = textLeavesOf(octets).filter(isPlain);
    if (leaves.length === 0) return;
    const label = labelOf(leaves);
    const waiting: (Omit<WholeGuess, 'octets'> & { readonly replacements: readonly Replacement[] })[] = [];
    for (const [received, doubt] of receivedCharsets(leaves)) {
      for (const [original, cost] of origins[received]) {
        for (const written of writtenIn(leaves, received, original)) {
          for (const { replacements, said } of saidOf(leaves, original)) {
            const isRelabelled = replacements.length > 0 && label !== undefined && !isSame(label, original);
            const note: ChangeNote = {
              kind: 'charset-converted',
              from: names[original],
              to: names[received],
              ...(isRelabelled ? { region: 'body' } : { detail: 'label-kept' }),
            };
            waiting.push({
              notes: isRelabelled
                ? [note, { kind: 'charset-relabelled', from: names[original], to: label, region: 'header' }]
                : [note],
              replacements: [...replacements, ...written.bodies].toSorted((a, b) => a.start - b.start),
              cost: cost + doubt + written.cost + said,
            });
          }
        }
      }
    }
    waiting.sort((a, b) => a.cost - b.cost);
    for (const { replacements, notes, cost } of waiting)
      yield { octets: replaced(octets, replacements), notes, cost };
  },
};

/** ISO-2022-JP that was written anew with other escape sequences. */
export const jisEscapes: Family = {
  name: 'escape sequences of ISO-2022-JP',
  stage: 30,
  cost: 1,
  *guesses(octets) {
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
      yield { octets: replaced(octets, bodies), notes: [note(styleName(style))], cost: 1 + style.cost };
    }
    // Superfluous ones are gone once it is decoded, and half-width katakana may be written in another way.
    for (const { bodies, cost } of writtenIn(leaves, 'iso-2022-jp', 'iso-2022-jp'))
      yield {
        octets: replaced(octets, bodies),
        notes: [note(styleOf(bodies[0]!.octets))],
        cost: 4 + cost,
      };
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
    yield {
      octets: replaced(octets, bodies),
      notes: [{ kind: 'iso-2022-jp-escapes-lost', region: 'body' }],
      cost: 2,
    };
  },
};

function isJis(leaf: Part): boolean {
  const { bodyBytes } = leaf;
  return bodyBytes.includes(0x1b) && isAscii(bodyBytes);
}

function bodyOf({ bodyStart: start, end }: Part, octets: Bytes): Replacement {
  return { start, end, octets };
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

/** The ways in which the text of all leaves may have been written in another charset. */
function writtenIn(leaves: readonly Part[], received: TextCharset, original: TextCharset): Written[] {
  const texts: { readonly leaf: Part; readonly text: string }[] = [];
  for (const leaf of leaves) {
    const { bodyBytes } = leaf;
    // Plain ASCII is the same in all of them.
    if (isAscii(bodyBytes) && !bodyBytes.includes(0x1b)) continue;
    const text = decodeWhole(received, bodyBytes);
    if (text === undefined) return [];
    texts.push({ leaf, text });
  }
  const all = (write: (text: string) => Bytes | undefined, cost: number): Written[] => {
    const bodies: Replacement[] = [];
    for (const { leaf, text } of texts) {
      const octets = write(text);
      if (octets === undefined) return [];
      bodies.push(bodyOf(leaf, octets));
    }
    return [{ bodies, cost }];
  };
  switch (original) {
    case 'iso-2022-jp': {
      const written: Written[] = [];
      const known = texts.map(({ text }) => jisOctets(text));
      for (let way = 0; ; way++) {
        if (!known.some((each) => each.length > way)) break;
        for (const style of jisStyles) {
          const bodies: Replacement[] = [];
          let cost = style.cost;
          for (const [i, { leaf }] of texts.entries()) {
            const one = known[i]![Math.min(way, known[i]!.length - 1)];
            if (one === undefined) return written;
            bodies.push(bodyOf(leaf, restyled(one.octets, style)));
            cost = Math.max(cost, style.cost + one.cost);
          }
          written.push({ bodies, cost });
        }
      }
      return written;
    }
    case 'utf-8':
      return [
        ...all(bytesFromUtf8, 0),
        ...all((text) => bytesFromUtf8(withReadings(text, 'jis')), 1),
        ...all((text) => bytesFromUtf8(withReadings(text, 'windows')), 1),
        ...all((text) => bytesFromUtf8(text.replaceAll('¥', '\\').replaceAll('‾', '~')), 1),
        ...all((text) => bytesFromUtf8(`\ufeff${text}`), 4),
      ];
    case 'iso-8859-1':
      return [
        ...all(latin('iso-8859-1'), 0),
        ...all(latin('windows-1252'), 1),
        ...all(latin('iso-8859-15'), 2),
      ];
    default:
      return all((text) => encodePaired(original, text), 0);
  }
}

const latin =
  (charset: string) =>
  (text: string): Bytes | undefined => {
    try {
      return encodeCharset(charset, text);
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      return undefined;
    }
  };
