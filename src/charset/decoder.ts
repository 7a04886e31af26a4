import { asBytes, type Bytes, isAscii } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { utf8FromBytes } from '../core/utf8.js';
import { Decoder as Iso2022JpDecoder } from '../iso2022jp/decode.js';
import { decodeDenseUtf8, isDense } from './dense-utf8.js';
import { lookupCharset } from './label.js';
import { createNativeTextDecoder, type NativeTextDecoder } from './native-text-decoder.js';
import { HzUnshifter, KoreanUnshifter, type Unshifter } from './shifted.js';
import { SingleOctetDecoder } from './single-octet.js';
import { Utf7Decoder } from './utf7.js';
import { Utf16Decoder } from './utf16.js';

/** Text that was decoded, and how well that went. */
export interface DecodedText {
  /** The text, with U+FFFD where octets stand for nothing. */
  readonly text: string;
  /** Name of the charset that was used, as {@link lookupCharset} gives it. */
  readonly charset: string;
  /** How many U+FFFD were put in the place of what could not be read. */
  readonly replacements: number;
}

/** Decodes one text that comes in pieces: any split gives the same text. */
export interface CharsetDecoder {
  /** Name of the charset, as {@link lookupCharset} gives it. */
  readonly charset: string;
  /**
   * How many U+FFFD were put in the place of what could not be read, so far.
   * Where the platform decodes (neither UTF-7, UTF-8, UTF-16, US-ASCII, windows-1252, a code page of DOS nor
   * ISO-2022-JP) one that was encoded as such (GB 18030 alone can) counts too.
   */
  readonly replacements: number;
  /** Takes the next octets; gives the characters that are settled by them. */
  update(chunk: Uint8Array): string;
  /** Ends the text; gives what an unfinished character is replaced with. */
  finish(): string;
}

/**
 * Decodes octets by the label of their charset. What stands for nothing becomes
 * U+FFFD and is counted; a byte order mark at the start of UTF-8 and UTF-16 is
 * removed.
 *
 * @param label - as the message has it; see {@link lookupCharset}.
 * @param octets - the whole text.
 * @throws MailsealError `charset-unknown` for a label that is not known, or a charset that this platform lacks.
 *
 * @example
 * ```ts
 * import { decodeCharset } from 'mailseal/charset';
 *
 * console.log(decodeCharset('ISO-8859-1', new Uint8Array([0x63, 0x61, 0x66, 0xe9])));
 * // { text: 'café', charset: 'windows-1252', replacements: 0 }
 * ```
 */
export function decodeCharset(label: string, octets: Uint8Array): DecodedText {
  // A whole text in UTF-8 needs no decoder of its own, which costs more than most texts do.
  if (lookupCharset(label)?.name === 'utf-8') return decodeUtf8(asBytes(octets));
  const decoder = createCharsetDecoder(label);
  const text = decoder.update(octets) + decoder.finish();
  return { text, charset: decoder.charset, replacements: decoder.replacements };
}

/** A whole text in UTF-8, without the mark at its start. */
export function decodeUtf8(octets: Bytes): DecodedText {
  const text = octets.length < WORTH_STREAMING || isAscii(octets) ? shortUtf8(octets) : longUtf8(octets);
  let replacements = countReplacements(text);
  if (replacements > 0) {
    // Those that were encoded as such are content.
    for (let at = octets.indexOf(0xef); at >= 0; at = octets.indexOf(0xef, at + 1)) {
      if (octets[at + 1] === 0xbf && octets[at + 2] === 0xbd) replacements--;
    }
  }
  return { text, charset: 'utf-8', replacements };
}

/**
 * From so many octets beyond ASCII on it is worth telling the platform that
 * more may come: Node's decoder for a whole text is its string constructor,
 * which takes three times as long, and only for ASCII half as long.
 */
const WORTH_STREAMING = 512;

function shortUtf8(octets: Bytes): string {
  const marked = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf;
  return utf8FromBytes(marked ? octets.subarray(3) : octets);
}

let streaming: NativeTextDecoder | undefined;

function longUtf8(octets: Bytes): string {
  if (isDense(octets)) {
    const text = decodeDenseUtf8(octets);
    if (text !== undefined) return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  const decoder = streaming ?? createNativeTextDecoder('utf-8');
  if (decoder === undefined) return shortUtf8(octets);
  // One that threw (a text may be longer than strings can be) is not used again.
  streaming = undefined;
  const text = decoder.decode(octets, { stream: true }) + decoder.decode();
  streaming = decoder;
  return text;
}

function countReplacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count++;
  return count;
}

/**
 * Makes a decoder for text that comes in pieces; for one piece
 * {@link decodeCharset} is simpler.
 *
 * @param label - as the message has it; see {@link lookupCharset}.
 * @throws MailsealError `charset-unknown` for a label that is not known, or a charset that this platform lacks.
 *
 * @example
 * ```ts
 * import { createCharsetDecoder } from 'mailseal/charset';
 *
 * const decoder = createCharsetDecoder('utf8');
 * console.log(decoder.update(new Uint8Array([0xc3])) + decoder.update(new Uint8Array([0xa9])) + decoder.finish()); // 'é'
 * ```
 */
export function createCharsetDecoder(label: string): CharsetDecoder {
  const charset = lookupCharset(label);
  if (charset === undefined) {
    throw new MailsealError('charset-unknown', `the charset label "${printable(label)}" is not known`);
  }
  const { name } = charset;
  switch (name) {
    case 'us-ascii':
    case 'windows-1252':
    case 'ibm437':
    case 'ibm850':
    case 'ibm852':
    case 'ibm858':
      return new SingleOctetDecoder(name);
    case 'utf-7':
      return new Utf7Decoder();
    case 'utf-16':
    case 'utf-16be':
    case 'utf-16le':
      return new Utf16Decoder(name);
    case 'iso-2022-jp':
      return new OwnDecoder(name, new Iso2022JpDecoder());
    default:
  }
  // What these hold beside their shifts is a charset of the platform.
  const unshifter =
    name === 'iso-2022-kr' ? new KoreanUnshifter() : name === 'hz-gb-2312' ? new HzUnshifter() : undefined;
  const native = createNativeTextDecoder(unshifter?.charset ?? name);
  if (native === undefined) {
    throw new MailsealError('charset-unknown', `this platform has no decoder for the charset ${name}`);
  }
  if (unshifter !== undefined) return new ShiftedDecoder(name, native, unshifter);
  return name === 'utf-8' ? new Utf8Decoder(native) : new PlatformDecoder(name, native);
}

/** A label as it may stand in a message for people. */
function printable(label: string): string {
  return label.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
}

class OwnDecoder implements CharsetDecoder {
  readonly charset: string;
  readonly #decoder: Iso2022JpDecoder;

  constructor(charset: string, decoder: Iso2022JpDecoder) {
    this.charset = charset;
    this.#decoder = decoder;
  }

  get replacements(): number {
    return this.#decoder.replacements;
  }

  update(chunk: Uint8Array): string {
    return this.#decoder.update(chunk);
  }

  finish(): string {
    return this.#decoder.finish();
  }
}

class PlatformDecoder implements CharsetDecoder {
  readonly charset: string;
  readonly #decoder: NativeTextDecoder;
  protected count = 0;

  constructor(charset: string, decoder: NativeTextDecoder) {
    this.charset = charset;
    this.#decoder = decoder;
  }

  get replacements(): number {
    return this.count;
  }

  update(chunk: Uint8Array): string {
    return this.#counted(this.#decoder.decode(asBytes(chunk), { stream: true }));
  }

  finish(): string {
    return this.#counted(this.#decoder.decode());
  }

  #counted(text: string): string {
    this.count += countReplacements(text);
    return text;
  }
}

class ShiftedDecoder extends PlatformDecoder {
  readonly #unshifter: Unshifter;

  constructor(charset: string, decoder: NativeTextDecoder, unshifter: Unshifter) {
    super(charset, decoder);
    this.#unshifter = unshifter;
  }

  override update(chunk: Uint8Array): string {
    return super.update(this.#unshifter.update(chunk));
  }

  override finish(): string {
    return super.update(this.#unshifter.finish()) + super.finish();
  }
}

/** UTF-8, in which U+FFFD can be content: EF BF BD never means anything else, so those are counted off. */
class Utf8Decoder extends PlatformDecoder {
  /** How many octets of EF BF BD were the last ones. */
  #matched = 0;

  constructor(decoder: NativeTextDecoder) {
    super('utf-8', decoder);
  }

  override update(chunk: Uint8Array): string {
    const text = super.update(chunk);
    this.#discount(asBytes(chunk));
    return text;
  }

  #discount(octets: Uint8Array): void {
    // EF is no trail octet, so a match can begin nowhere but there.
    let at = 0;
    if (this.#matched === 0) {
      at = octets.indexOf(0xef);
      if (at < 0) return;
    }
    for (; at < octets.length; at++) {
      const octet = octets[at];
      if (octet === 0xef) this.#matched = 1;
      else if (this.#matched === 1 && octet === 0xbf) this.#matched = 2;
      else if (this.#matched === 2 && octet === 0xbd) {
        this.count--;
        this.#matched = 0;
      } else this.#matched = 0;
    }
  }
}
