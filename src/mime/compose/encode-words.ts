import { encodeBase64 } from '../../encoding/base64.js';
import { type ChosenCharset, chooseCharset, type WriteOptions } from './compose-charset.js';
import { FOLD_WIDTH, type Piece } from './fold.js';

/** RFC 2047 §2: an encoded word has at most 75 characters. */
const LONGEST_WORD = 75;
/** Words get at least so many characters, even when that means a fold after the field's name. */
const LEAST_ROOM = 40;
/** Longer words of text are encoded, so that they can be divided. */
const LONGEST_PLAIN = 70;
/** More spaces than that in a row are encoded, so that lines stay short. */
const MOST_BLANKS = 20;

/** What a reader might take for an encoded word, however strictly he reads. */
export const LIKE_ENCODED_WORD: RegExp = /=\?[^?]*\?[bq]\?/i;

/**
 * Text as encoded words (RFC 2047), each with at most 75 characters, the first
 * with at most `room`. Each holds whole characters and can be decoded alone;
 * those in ISO-2022-JP begin and end in ASCII. The shorter of B and Q is taken,
 * with the characters that Q may have in a phrase (§5), so the words may stand
 * anywhere.
 *
 * @param field - whose value it is, for errors.
 * @throws MailsealError `charset-unencodable` with the character's position where no charset has it.
 */
export function encodeWords(field: string, text: string, room: number, options: WriteOptions): string[] {
  return wordsIn(chooseCharset(field, text, options), text, room);
}

function wordsIn(charset: ChosenCharset, text: string, room: number): string[] {
  const { label } = charset;
  const limit = Math.min(LONGEST_WORD, Math.max(room, LEAST_ROOM)) - `=?${label}?B??=`.length;
  const octetsInB = Math.floor(limit / 4) * 3;
  const toWord = (octets: Uint8Array<ArrayBuffer>): string => `=?${label}?B?${encodeBase64(octets)}?=`;
  if (charset.isJapanese) return charset.chunks(text, octetsInB).map(toWord);
  const whole = charset.encode(text);
  let inQ = 0;
  for (const octet of whole) inQ += IN_Q.has(octet) || octet === 0x20 ? 1 : 3;
  if (inQ > Math.ceil(whole.length / 3) * 4) return charset.chunks(text, octetsInB).map(toWord);
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    const encoded = toQ(charset.encode(character));
    if (word.length + encoded.length > limit) {
      words.push(`=?${label}?Q?${word}?=`);
      word = '';
    }
    word += encoded;
  }
  words.push(`=?${label}?Q?${word}?=`);
  return words;
}

/** RFC 2047 §5 (3): the characters that stand for themselves in a phrase. */
const IN_Q: ReadonlySet<number> = /* @__PURE__ */ new Set(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/', (c) => c.charCodeAt(0)),
);

function toQ(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    if (IN_Q.has(octet)) text += String.fromCharCode(octet);
    else text += octet === 0x20 ? '_' : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Encoded words as pieces of a value. */
export function wordPieces(field: string, text: string, room: number, options: WriteOptions): Piece[] {
  return encodeWords(field, text, room, options).map((word) => ({ blanks: ' ', text: word }));
}

/** A word of text and the spaces before it. */
interface Token {
  readonly blanks: string;
  readonly text: string;
  encode: boolean;
}

/**
 * The pieces of unstructured text (RFC 5322 §2.2.1): words as they are, and
 * encoded words for those that cannot be, with the blanks between them inside.
 * It reads back as the very text, blanks at its ends too.
 *
 * @param divideLong - whether a word that is too long for a line is encoded so that it can be divided; machines may want it as it is.
 */
export function unstructuredPieces(
  field: string,
  text: string,
  divideLong: boolean,
  options: WriteOptions,
): Piece[] {
  if (text === '') return [];
  const room = FOLD_WIDTH - field.length - 2;
  if (/^ *$/.test(text) || LIKE_ENCODED_WORD.test(text)) return wordPieces(field, text, room, options);
  const tokens = tokensOf(text, divideLong, options.eai);
  const charset = tokens.some((token) => token.encode) ? chooseCharset(field, text, options) : undefined;
  const pieces: Piece[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { blanks, text: word, encode } = tokens[i]!;
    if (!encode || charset === undefined) {
      pieces.push({ blanks: i === 0 ? ' ' : blanks, text: word });
      continue;
    }
    let run = i === 0 ? blanks + word : word;
    while (tokens[i + 1]?.encode) run += tokens[++i]!.blanks + tokens[i]!.text;
    const words = wordsIn(charset, run, pieces.length === 0 ? room : FOLD_WIDTH - blanks.length);
    words.forEach((each, index) => {
      pieces.push({ blanks: index === 0 && pieces.length > 0 ? blanks : ' ', text: each });
    });
  }
  return pieces;
}

/** Divides text at its spaces and tells which words have to be encoded. Blanks at either end go with their word. */
function tokensOf(text: string, divideLong: boolean, eai: boolean): Token[] {
  // Some programs end a line at U+2028 and U+2029.
  const plain = eai ? /^[!-~\u{a0}-\u{2027}\u{202a}-\u{10ffff}]*$/u : /^[!-~]*$/;
  const tokens: Token[] = [];
  const words = /( *)([^ ]+)( *$)?/g;
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    const [, blanks = '', word = '', after = ''] = match;
    const first = tokens.length === 0;
    const encode =
      !plain.test(word) ||
      (eai && /\p{Cs}/u.test(word)) ||
      (divideLong && word.length > LONGEST_PLAIN) ||
      after !== '' ||
      (first && blanks !== '') ||
      blanks.length > MOST_BLANKS;
    // A long run of blanks stands between two encoded words, so that it is in one of them.
    const before = tokens.at(-1);
    if (before !== undefined && blanks.length > MOST_BLANKS) before.encode = true;
    tokens.push({ blanks, text: word + after, encode });
  }
  return tokens;
}
