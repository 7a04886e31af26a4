import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import type { CharacterSetName } from './character-set.js';
import { MailDecoder, type MailDecoderStart } from './decode-mail.js';
import { decodeWeb, WebDecoder } from './decode-web.js';

/** How the decoder reads, and what it does about what is not ISO-2022-JP. */
export interface DecodeOptions {
  /**
   * `mail` (the default) reads whatever mail has come with; `web` is the state
   * machine of the Encoding Standard exactly, with its U+FFFD for much of that.
   */
  readonly mode?: 'mail' | 'web';
  /** `true` throws at the first error; `false` (the default) puts U+FFFD in its place. */
  readonly fatal?: boolean;
  /**
   * The character set that the text begins in, for a piece of text whose escape
   * sequence was before it. Default `ascii`; the mode `web` has no other.
   */
  readonly initial?: CharacterSetName;
}

/**
 * Decodes ISO-2022-JP (RFC 1468) and its extensions: half-width katakana,
 * NEC's and IBM's characters, JIS X 0212 (RFC 2237), JIS X 0213, and the Chinese,
 * Korean, Latin and Greek of ISO-2022-JP-2 (RFC 1554).
 *
 * In the mode `mail`, where senders differ from the RFC,
 * - several escape sequences in a row, and ESC & @ before one, are no error;
 * - half-width katakana are read after ESC ( I, between SO and SI (which a line end or an escape sequence ends, too) and
 *   in eight bits;
 * - ESC $ @ (1978) means what ESC $ B (1983) does, ESC ( H what ESC ( J does;
 * - the octets 5C and 7E are the yen sign and the overline after ESC ( J only;
 * - a line end, another control or a space inside JIS X 0208 is read as itself, and the text goes on in JIS X 0208: that
 *   is a line that was folded. Only if the next line begins with what is no character there, it is ASCII;
 * - user-defined characters come in Unicode's private use area: U+E000 to U+E757 for rows 95 to 114 (leads 7F to 92, as
 *   cp50220 and cp50221 have them) and after ESC $ ( ?, U+E000 on for the empty cells of rows 85 to 94, U+E3AC on for
 *   those rows of JIS X 0212;
 * - the set that ESC . designates for ESC N holds to the end of the text;
 * - the end of the text need not be in ASCII.
 *
 * @param octets - the whole text.
 * @throws MailsealError `charset-malformed` with the octet offset of the first error, when `fatal`;
 *   `usage` for a mode or a character set that does not exist.
 *
 * @example
 * ```ts
 * import { decodeBase64, decodeHex } from 'mailseal/encoding';
 * import { decode } from 'mailseal/iso2022jp';
 *
 * console.log(decode(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg=='))); // 'こんにちは'
 * console.log(decode(decodeHex('2473244b'), { initial: 'jisx0208' })); // 'んに'
 * ```
 */
export function decode(octets: Uint8Array, options: DecodeOptions = defaults): string {
  if (isWeb(options)) return decodeWeb(octets, options);
  shared ??= new MailDecoder(start(defaults));
  return shared.decode(octets, start(options));
}

const defaults: DecodeOptions = {};
const mailStart: MailDecoderStart = { fatal: false, initial: 'ascii' };

/** For whole texts: making a decoder costs as much as decoding a short one. It calls nobody while it is at work. */
let shared: MailDecoder | undefined;

function start(options: DecodeOptions): MailDecoderStart {
  if (options === defaults) return mailStart;
  return { fatal: options.fatal ?? false, initial: options.initial ?? 'ascii' };
}

function isWeb(options: DecodeOptions): boolean {
  const { mode = 'mail', initial } = options;
  if (mode === 'mail') return false;
  if (mode !== 'web') throw usage(`the mode is "mail" or "web", not ${shown(mode)}`);
  if (initial !== undefined && initial !== 'ascii')
    throw usage('the mode "web" begins in ASCII; use the mode "mail" to begin elsewhere');
  return true;
}

/**
 * {@link decode} for text that comes in pieces: any split gives the same text.
 * The set that was switched to is kept from piece to piece, as encoded words
 * need it that were cut in the middle. A decoder is for one text; after it
 * threw it is of no further use.
 *
 * @example
 * ```ts
 * import { decodeHex } from 'mailseal/encoding';
 * import { Decoder } from 'mailseal/iso2022jp';
 *
 * const decoder = new Decoder();
 * console.log(decoder.update(decodeHex('1b244224')) + decoder.update(decodeHex('221b2842')) + decoder.finish()); // 'あ'
 * ```
 */
export class Decoder {
  readonly #decoder: MailDecoder | WebDecoder;

  /** @throws MailsealError `usage` for a mode or a character set that does not exist. */
  constructor(options: DecodeOptions = defaults) {
    this.#decoder = isWeb(options) ? new WebDecoder(options) : new MailDecoder(start(options));
  }

  /** How many U+FFFD were put in the place of what could not be read, so far. */
  get replacements(): number {
    return this.#decoder.replacements;
  }

  /**
   * Takes the next octets; gives the characters that are settled by them.
   *
   * @throws MailsealError `charset-malformed` with the octet offset from the start of the text, when `fatal`.
   */
  update(chunk: Uint8Array): string {
    return this.#decoder.update(chunk);
  }

  /**
   * Ends the text; gives what an unfinished character or escape sequence is replaced with.
   *
   * @throws MailsealError `charset-malformed` with the octet offset of what is unfinished, when `fatal`.
   */
  finish(): string {
    return this.#decoder.finish();
  }
}
