import { decodeCharset } from '../../../charset/decoder.js';
import { lookupCharset } from '../../../charset/label.js';
import { asBytes, type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';
import { bytesFromUtf8 } from '../../../core/utf8.js';
import { encodeBase64 } from '../../../encoding/base64.js';
import { decodeMimeBase64 } from '../../../encoding/mime-base64-decoder.js';
import { encode as encodeIso2022Jp } from '../../../iso2022jp/encode.js';
import { undoQ } from '../../../mime/fields/encoded-words.js';
import type { Family } from '../guess.js';
import { blocksOf, withFields } from './header-blocks.js';

/** An encoded word (RFC 2047 §2) as it is written, taken apart. */
interface Word {
  readonly charset: string;
  readonly octets: Bytes;
}

type Write = (word: Word) => string | undefined;

const encodedWord = /=\?([!-)+-<>@-~]{1,40})\?([bq])\?([!->@-~]{0,998})\?=/gi;
/** Words of one run: nothing but blanks is between them (RFC 2047 §6.2). */
const run = /(?:=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,998}\?=(?:\s{1,80}(?==\?))?)+/gi;

/** What Q leaves as it is, by the program: RFC 2047 §5 (3), or all but what §4.2 forbids. */
const literalInPhrase = /[A-Za-z0-9!*+\-/]/;
const literalInText = /[!-<>@-^`-~]/;

const inB: Write = ({ charset, octets }) => `=?${charset}?B?${encodeBase64(octets)}?=`;
const inQ =
  (literal: RegExp): Write =>
  ({ charset, octets }) => {
    let text = '';
    for (const octet of octets) {
      const character = String.fromCharCode(octet);
      if (octet === 0x20) text += '_';
      else if (literal.test(character)) text += character;
      else text += `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return `=?${charset}?Q?${text}?=`;
  };
const inSmallLetter =
  (write: Write): Write =>
  (word) =>
    write(word)?.replace(/\?[BQ]\?/, (letter) => letter.toLowerCase());
const named =
  (spell: (charset: string) => string, write: Write): Write =>
  (word) =>
    write({ ...word, charset: spell(word.charset) });
const recoded =
  (charset: 'UTF-8' | 'ISO-2022-JP', write: Write): Write =>
  (word) => {
    if (lookupCharset(word.charset)?.name === charset.toLowerCase()) return undefined;
    try {
      const { text, replacements } = decodeCharset(word.charset, word.octets);
      if (replacements > 0) return undefined;
      const octets = charset === 'UTF-8' ? bytesFromUtf8(text) : encodeIso2022Jp(text, { profile: 'ms' });
      return write({ ...word, charset, octets });
    } catch (error) {
      if (!(error instanceof MailsealError)) throw error;
      return undefined;
    }
  };

interface Way {
  readonly from: string;
  readonly write: Write;
  readonly cost: number;
}

const phrase = inQ(literalInPhrase);
const text = inQ(literalInText);
const lower = (name: string): string => name.toLowerCase();
const upper = (name: string): string => name.toUpperCase();

const plainWays: readonly Way[] = [
  { from: 'B', write: inB, cost: 1 },
  { from: 'Q', write: text, cost: 1 },
  { from: 'Q', write: phrase, cost: 1 },
];
const ways: readonly Way[] = [
  ...plainWays,
  ...plainWays.map(({ from, write }) => ({ from, write: inSmallLetter(write), cost: 2 })),
  ...plainWays.flatMap(({ from, write }) =>
    [lower, upper].flatMap((spell) => [
      { from, write: named(spell, write), cost: 2 },
      { from, write: named(spell, inSmallLetter(write)), cost: 3 },
    ]),
  ),
  ...plainWays.flatMap(({ from, write }) => [
    { from: `UTF-8, ${from}`, write: recoded('UTF-8', write), cost: 2 },
    { from: `utf-8, ${from}`, write: recoded('UTF-8', named(lower, write)), cost: 3 },
    { from: `ISO-2022-JP, ${from}`, write: recoded('ISO-2022-JP', write), cost: 2 },
    { from: `iso-2022-jp, ${from}`, write: recoded('ISO-2022-JP', named(lower, write)), cost: 3 },
  ]),
];

/** Encoded words (RFC 2047) that were decoded and encoded anew: Q for B, another charset, several as one. */
export const headerWords: Family = {
  name: 'encoded words',
  stage: 56,
  cost: 1,
  isAboutHeaders: true,
  *guesses(octets) {
    const blocks = blocksOf(octets).filter(({ fields }) =>
      fields.some(({ value, parameters }) => `${value}${parameters.map((p) => p.value)}`.includes('=?')),
    );
    if (blocks.length === 0) return;
    const source = latin1FromBytes(octets, blocks[0]!.start, blocks[0]!.end);
    const to = /=\?[^?\s]{1,40}\?([bq])\?/i.exec(source)?.[1]?.toUpperCase() ?? 'B';
    for (const wanted of [1, 2, 3]) {
      for (const { from, write, cost } of ways) {
        if (cost !== wanted) continue;
        for (const isJoined of [false, true]) {
          const change = (value: string): string =>
            isJoined ? joinedRuns(value, write) : eachWord(value, write);
          const made = withFields(octets, blocks, (fields) =>
            fields.map((field) => ({
              ...field,
              value: change(field.value),
              parameters: field.parameters.map((each) => ({ ...each, value: change(each.value) })),
            })),
          );
          if (made === undefined) continue;
          yield {
            octets: made,
            notes: [{ kind: 'encoded-words-rewritten', from, to, region: 'header' }],
            cost: cost + (isJoined ? 1 : 0),
          };
        }
      }
    }
  },
};

const ignored = (): void => {};

function wordOf(charset: string, encoding: string, payload: string): Word {
  const isB = encoding.toUpperCase() === 'B';
  return {
    charset,
    octets: isB
      ? decodeMimeBase64(bytesFromLatin1(payload)).content
      : asBytes(undoQ(payload, charset.toLowerCase(), ignored)),
  };
}

function eachWord(value: string, write: Write): string {
  return value.replace(
    encodedWord,
    (whole, charset: string, encoding: string, payload: string) =>
      write(wordOf(charset, encoding, payload)) ?? whole,
  );
}

/** Runs of words of one charset as one word each. */
function joinedRuns(value: string, write: Write): string {
  return value.replace(run, (whole) => {
    const words = [...whole.matchAll(encodedWord)].map(([, charset, encoding, payload]) =>
      wordOf(charset!, encoding!, payload!),
    );
    const [first] = words;
    if (first === undefined || words.length < 2) return whole;
    if (words.some(({ charset }) => charset.toLowerCase() !== first.charset.toLowerCase())) return whole;
    return write({ ...first, octets: concatBytes(words.map(({ octets }) => octets)) }) ?? whole;
  });
}
