import { encodeCharset } from '../../../charset/encoder.js';
import { type Bytes, isAscii } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { bytesFromUtf8 } from '../../../core/utf8.js';
import type { Part } from '../../../mime/part.js';
import type { Replacement } from '../body/lines.js';
import type { ChangeNote } from '../guess.js';
import { decodeWhole, encodePaired, withReadings } from './japanese-octets.js';
import { jisOctets, jisStyles, restyled } from './jis-styles.js';
import { unfoldings } from './kana-width.js';

/** A charset that text was sent or came in. */
export type TextCharset = 'iso-2022-jp' | 'utf-8' | 'shift_jis' | 'euc-jp' | 'iso-8859-1';

/** What the bodies of leaves may have been, alike in each, and what it adds to the cost. */
export interface Written {
  /** Made only when it is asked for, since texts are long; `undefined` where the charset has not all characters. */
  readonly bodies: () => readonly Replacement[] | undefined;
  readonly cost: number;
  /** What was done to the width of katakana besides. */
  readonly width?: ChangeNote;
}

const unfolded: ChangeNote = { kind: 'width-changed', from: 'half-width', to: 'full-width', region: 'body' };
const folded: ChangeNote = { kind: 'width-changed', from: 'full-width', to: 'half-width', region: 'body' };

/** The ways in which the text of leaves may have been written in another charset. */
export function* writtenIn(
  leaves: readonly Part[],
  received: TextCharset,
  original: TextCharset,
  foldWidth: boolean,
): Generator<Written> {
  const came: TextOf[] = [];
  for (const leaf of leaves) {
    const { bodyBytes } = leaf;
    // Plain ASCII is the same in all of them.
    if (isAscii(bodyBytes) && !bodyBytes.includes(0x1b)) continue;
    const text = decodeWhole(received, bodyBytes);
    if (text === undefined) return;
    came.push({ leaf, text });
  }
  if (came.length === 0) return;
  yield* inCharset(came, original, foldWidth);
  if (!foldWidth || original === 'iso-8859-1') return;
  for (const { unfold, cost } of unfoldings(came.map(({ text }) => text))) {
    const texts = came.map(({ leaf, text }) => ({ leaf, text: unfold(text) }));
    for (const written of inCharset(texts, original, false))
      if (written.cost <= 1) yield { ...written, cost: written.cost + cost, width: unfolded };
  }
}

interface TextOf {
  readonly leaf: Part;
  readonly text: string;
}

function* inCharset(texts: readonly TextOf[], original: TextCharset, folds: boolean): Generator<Written> {
  const all = (cost: number, write: (text: string) => Bytes | undefined): Written => ({
    bodies: () => {
      const bodies: Replacement[] = [];
      for (const { leaf, text } of texts) {
        const octets = write(text);
        if (octets === undefined) return undefined;
        bodies.push(bodyOf(leaf, octets));
      }
      return bodies;
    },
    cost,
  });
  switch (original) {
    case 'iso-2022-jp':
      yield* inJis(texts, folds);
      return;
    case 'utf-8':
      yield all(0, bytesFromUtf8);
      yield all(1, (text) => bytesFromUtf8(withReadings(text, 'jis')));
      yield all(1, (text) => bytesFromUtf8(withReadings(text, 'windows')));
      yield all(1, (text) => bytesFromUtf8(text.replaceAll('¥', '\\').replaceAll('‾', '~')));
      yield all(4, (text) => bytesFromUtf8(`\ufeff${text}`));
      return;
    case 'iso-8859-1':
      yield all(0, latin('iso-8859-1'));
      yield all(1, latin('windows-1252'));
      yield all(2, latin('iso-8859-15'));
      return;
    default:
      yield all(0, (text) => encodePaired(original, text));
  }
}

/** In ISO-2022-JP: each way to write the characters, with each choice of escape sequences. */
function* inJis(texts: readonly TextOf[], folds: boolean): Generator<Written> {
  const known = texts.map(({ text }) => jisOctets(text, { folds }));
  if (known.some((ways) => ways.length === 0)) return;
  const most = Math.max(...known.map(({ length }) => length));
  for (let way = 0; way < most; way++) {
    const ways = known.map((each) => each[Math.min(way, each.length - 1)]!);
    const isFolded = ways.some((each) => each.isFolded);
    for (const style of jisStyles) {
      yield {
        bodies: () => texts.map(({ leaf }, i) => bodyOf(leaf, restyled(ways[i]!.octets, style))),
        cost: style.cost + Math.max(...ways.map(({ cost }) => cost)),
        ...(isFolded ? { width: folded } : {}),
      };
    }
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

/** A leaf with another body. */
export function bodyOf({ bodyStart: start, end }: Part, octets: Bytes): Replacement {
  return { start, end, octets };
}
