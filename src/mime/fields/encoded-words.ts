import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { decodeMimeBase64 } from '../../encoding/mime-base64-decoder.js';
import { decodeShortBase64 } from '../../encoding/plain-base64.js';
import { fieldTextFromCharset } from '../charset-text.js';
import { type MimeDefect, type MimeDefectCode, mimeDefect } from '../defects.js';
import { textOfHeader } from './header-text.js';
import { isBlank, type Lexer, unfold } from './lexer.js';
import { octetsOfRawHeader } from './raw-header.js';
import { ValueLimit, type ValueOptions } from './value-options.js';

/** Text with its encoded words undone. */
export interface DecodedWords {
  readonly text: string;
  /** At most one defect of each code; offsets are characters from the start of the value (octets where octets were given). */
  readonly defects: readonly MimeDefect[];
}

/** An encoded word as some write it into a phrase: with commas, blanks, brackets and quotes inside. */
const IN_PHRASE = /=\?[^?\s]{1,100}\?[bBqQ]\?[^?]*\?=/y;

/** An encoded word (RFC 2047 §2) at `[start, end)` of the text. */
interface EncodedWord {
  readonly start: number;
  readonly end: number;
  /** Lower case, without the language tag of RFC 2231 §5. */
  readonly charset: string;
  readonly isBase64: boolean;
  readonly encoded: string;
}

/**
 * Undoes the encoded words of a header value (RFC 2047), as far as they go.
 *
 * Blanks between adjacent words go. Adjacent words of one charset are joined as
 * octets before they are decoded, so that a character survives that was split
 * over two words, and ISO-2022-JP's shift state carries on. A word of an
 * unknown charset stays as it stands, with the defect `charset-unknown`. Octets
 * that do not fit the charset become U+FFFD, with `encoded-word-damaged`.
 *
 * The text may hold control characters, line ends among them, when the words
 * encode such.
 *
 * @param value the value, as text or as octets (then unfolded, raw UTF-8 and raw ISO-2022-JP undone)
 * @param options limits and what happens where one is hit
 * @throws MailsealError `limit-encoded-words` unless `onLimit` is `truncate`; `usage` for a limit that is none
 * @example
 * ```ts
 * import { decodeEncodedWords } from 'mailseal/mime';
 *
 * console.log(decodeEncodedWords('=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=').text); // こんにちは
 * ```
 */
export function decodeEncodedWords(value: string | Uint8Array, options: ValueOptions = {}): DecodedWords {
  const limit = new ValueLimit('encodedWords', options);
  const { text: raw, defects: codes } =
    typeof value === 'string' ? { text: value, defects: [] } : textOfHeader(asBytes(value), 0, value.length);
  const known = codes.map((code) => mimeDefect(code, 0));
  const { text, defects } = decodeWords(raw, known, limit);
  return { text, defects: limit.hit === undefined ? defects : [...defects, limit.hit] };
}

/** Like {@link decodeEncodedWords}, for text whose words count against a limit that the caller holds and whose hit he tells. */
export function decodeWords(value: string, known: readonly MimeDefect[], limit: ValueLimit): DecodedWords {
  if (!value.includes('=?')) return { text: value, defects: known };
  const defects: MimeDefect[] = [...known];
  const note = (code: MimeDefectCode, offset: number, detail?: string): void => {
    if (!defects.some((defect) => defect.code === code)) defects.push(mimeDefect(code, offset, detail));
  };
  let text = '';
  let told = 0;
  let group: EncodedWord[] = [];
  let afterWord = false;
  let keptRaw = false;
  const tellGroup = (): void => {
    if (group.length === 0) return;
    const decoded = decodeGroup(group, note);
    keptRaw = decoded === undefined;
    text += decoded ?? value.slice(group[0]!.start, told);
    group = [];
  };
  for (const word of words(value)) {
    if (!limit.takes(word.start)) break;
    const adjacent = afterWord && isBlankBetween(value, told, word.start);
    if (!adjacent || group[0]?.charset !== word.charset) {
      tellGroup();
      if (!adjacent || keptRaw) text += value.slice(told, word.start);
    }
    group.push(word);
    told = word.end;
    afterWord = true;
  }
  tellGroup();
  return { text: text + value.slice(told), defects };
}

/** Reads the encoded word that begins here, as it stands but for its line ends; `undefined` and nothing passed where none does. */
export function readEncodedWord(lexer: Lexer): string | undefined {
  IN_PHRASE.lastIndex = lexer.at;
  const word = IN_PHRASE.exec(lexer.text)?.[0];
  if (word === undefined) return undefined;
  lexer.at += word.length;
  return unfold(word);
}

function isBlankBetween(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlank(text.charCodeAt(i))) return false;
  return true;
}

/** The encoded words of a text from left to right. What is found once is not searched for again, so the work is linear. */
function* words(text: string): Generator<EncodedWord> {
  let opening = text.indexOf('=?');
  let closing = -1;
  while (opening >= 0) {
    const second = text.indexOf('?', opening + 2);
    // Charset, language and encoding are short; a far question mark is not theirs.
    if (second < 0) return;
    const start = second + 3;
    const following = text.indexOf('=?', opening + 2);
    const encoding = text[second + 1];
    const opens =
      second - opening <= 100 &&
      text[second + 2] === '?' &&
      (encoding === 'B' || encoding === 'b' || encoding === 'Q' || encoding === 'q');
    if (opens) {
      if (closing < start) closing = text.indexOf('?=', start);
      if (closing < 0) return;
      // Another word that begins before this one ends: this one is none.
      const inner = text.indexOf('=?', start);
      const tag = text.slice(opening + 2, second);
      if ((inner < 0 || inner + 1 >= closing) && /^[!#$%&'*+\-^_`{|}~0-9A-Za-z.:()]+$/.test(tag)) {
        yield {
          start: opening,
          end: closing + 2,
          charset: (tag.split('*', 1)[0] ?? '').toLowerCase(),
          isBase64: encoding === 'B' || encoding === 'b',
          encoded: text.slice(start, closing),
        };
        opening = text.indexOf('=?', closing + 2);
        continue;
      }
    }
    opening = following;
  }
}

/** Decodes adjacent words of one charset; `undefined` when it is not known. */
function decodeGroup(
  group: readonly EncodedWord[],
  note: (code: MimeDefectCode, offset: number, detail?: string) => void,
): string | undefined {
  const first = group[0]!;
  const { charset } = first;
  const octets: Bytes[] = [];
  let base64 = '';
  const tellBase64 = (): void => {
    if (base64 === '') return;
    const plain = decodeShortBase64(base64);
    if (plain === undefined) {
      const { content, defects } = decodeMimeBase64(bytesFromUtf8(base64));
      octets.push(content);
      if (defects.length > 0) note('encoded-word-malformed', first.start, defects[0]!.message);
    } else octets.push(plain);
    base64 = '';
  };
  for (const { isBase64, encoded, start } of group) {
    if (isBase64) {
      // Some mailers cut base64 anywhere. A piece that is whole by itself is decoded by itself.
      base64 += encoded;
      // To look at the end of what was joined would copy all of it for each piece.
      if (base64.length % 4 === 0 || encoded.endsWith('=')) tellBase64();
      continue;
    }
    tellBase64();
    octets.push(
      undoQ(encoded, charset, () => note('encoded-word-malformed', start, 'a bad = escape was kept')),
    );
  }
  tellBase64();
  const { text, known, damaged } = fieldTextFromCharset(
    charset,
    octets.length === 1 ? octets[0]! : concatBytes(octets),
  );
  if (!known) {
    note('charset-unknown', first.start, charset);
    return undefined;
  }
  if (damaged) note('encoded-word-damaged', first.start, charset);
  return text;
}

/** The Q encoding (RFC 2047 §4.2). Blanks inside, though forbidden, stand for themselves. */
export function undoQ(encoded: string, charset: string, onBadEscape: () => void): Bytes {
  const source = octetsOfQ(encoded, charset);
  const octets = new Uint8Array(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const octet = source[i]!;
    if (octet === 0x5f) octets[length++] = 0x20;
    else if (octet === 0x3d) {
      const high = hexDigit(source[i + 1]);
      const low = hexDigit(source[i + 2]);
      if (high >= 0 && low >= 0) {
        octets[length++] = high * 16 + low;
        i += 2;
      } else {
        onBadEscape();
        octets[length++] = octet;
      }
    } else octets[length++] = octet;
  }
  // A view of a short array makes the engine move it to memory of its own.
  return octets.slice(0, length);
}

/** The octets of a word that holds characters above ASCII, which it must not: each stands for itself. */
function octetsOfQ(encoded: string, charset: string): Uint8Array {
  if (/^utf-?8$/.test(charset) || !/[^\0-\x7f]/.test(encoded)) return bytesFromUtf8(encoded);
  return octetsOfRawHeader(encoded) ?? bytesFromUtf8(encoded);
}

/** The value of a hexadecimal digit's octet, -1 for any other. */
export function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
