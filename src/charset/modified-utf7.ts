import { MailsealError } from '../core/errors.js';

const AMPERSAND = 0x26;
const MINUS = 0x2d;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,';

/** RFC 3501 §5.1.3: printable US-ASCII stands for itself. */
function isPrintable(unit: number): boolean {
  return unit >= 0x20 && unit <= 0x7e;
}

/**
 * Encodes text in the modified UTF-7 that IMAP4rev1 has for the names of
 * mailboxes (RFC 3501 §5.1.3). There is one encoding of each text.
 *
 * @throws MailsealError `charset-unencodable` with the place of half a surrogate pair.
 *
 * @example
 * ```ts
 * import { encodeModifiedUtf7 } from 'mailseal/charset';
 *
 * console.log(encodeModifiedUtf7('~peter/mail/台北/日本語')); // ~peter/mail/&U,BTFw-/&ZeVnLIqe-
 * ```
 */
export function encodeModifiedUtf7(text: string): string {
  const encoder = new ModifiedUtf7Encoder();
  return encoder.update(text) + encoder.finish();
}

/**
 * Does what {@link encodeModifiedUtf7} does, for text that comes in pieces.
 *
 * @example
 * ```ts
 * import { ModifiedUtf7Encoder } from 'mailseal/charset';
 *
 * const encoder = new ModifiedUtf7Encoder();
 * console.log(encoder.update('Entw') + encoder.update('ü') + encoder.update('rfe') + encoder.finish()); // 'Entw&APw-rfe'
 * ```
 */
export class ModifiedUtf7Encoder {
  #shifted = false;
  #bits = 0;
  #bitCount = 0;
  /** The first half of a surrogate pair, while its second one is to come. */
  #high = 0;
  #consumed = 0;

  /** @throws MailsealError `charset-unencodable` with the place of half a surrogate pair. */
  update(text: string): string {
    let encoded = '';
    let plainAt = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (isPrintable(unit) && unit !== AMPERSAND) {
        if (!this.#shifted) continue;
        encoded += this.#unshift(at);
        plainAt = at;
        continue;
      }
      if (!this.#shifted) encoded += text.slice(plainAt, at);
      plainAt = at + 1;
      if (unit === AMPERSAND) {
        if (this.#shifted) encoded += this.#unshift(at);
        encoded += '&-';
      } else encoded += this.#base64(unit, at);
    }
    if (!this.#shifted) encoded += text.slice(plainAt);
    this.#consumed += text.length;
    return encoded;
  }

  /** @throws MailsealError `charset-unencodable` for half a surrogate pair at the end. */
  finish(): string {
    return this.#shifted ? this.#unshift(0) : '';
  }

  #base64(unit: number, at: number): string {
    const isLow = (unit & 0xfc00) === 0xdc00;
    if (isLow !== (this.#high !== 0)) throw this.#half(isLow ? at : at - 1);
    this.#high = (unit & 0xfc00) === 0xd800 ? unit : 0;
    let encoded = this.#shifted ? '' : '&';
    this.#shifted = true;
    this.#bits = (this.#bits << 16) | unit;
    this.#bitCount += 16;
    while (this.#bitCount >= 6) {
      this.#bitCount -= 6;
      encoded += ALPHABET[(this.#bits >> this.#bitCount) & 63]!;
    }
    this.#bits &= (1 << this.#bitCount) - 1;
    return encoded;
  }

  #unshift(at: number): string {
    if (this.#high !== 0) throw this.#half(at - 1);
    const rest = this.#bitCount > 0 ? ALPHABET[(this.#bits << (6 - this.#bitCount)) & 63]! : '';
    this.#shifted = false;
    this.#bits = 0;
    this.#bitCount = 0;
    return `${rest}-`;
  }

  #half(at: number): MailsealError {
    const offset = this.#consumed + at;
    return new MailsealError('charset-unencodable', `half a surrogate pair stands at ${offset}`, { offset });
  }
}

/**
 * Decodes modified UTF-7 (RFC 3501 §5.1.3), exactly: what it takes,
 * {@link encodeModifiedUtf7} gives back, character by character. So no two
 * names decode to one, and none hides a hierarchy delimiter in its base64.
 *
 * @throws MailsealError `mailbox-name-malformed` where it is damaged, or encodes
 *   what has to stand for itself.
 *
 * @example
 * ```ts
 * import { decodeModifiedUtf7 } from 'mailseal/charset';
 *
 * console.log(decodeModifiedUtf7('Entw&APw-rfe')); // Entwürfe
 * ```
 */
export function decodeModifiedUtf7(encoded: string): string {
  const text = exactModifiedUtf7(encoded);
  if (text !== undefined) return text;
  throw new MailsealError(
    'mailbox-name-malformed',
    `${JSON.stringify(encoded)} is not modified UTF-7; it can only be used as it stands`,
  );
}

/** As {@link decodeModifiedUtf7}, but `undefined` where that throws. */
export function exactModifiedUtf7(encoded: string): string | undefined {
  let shifts = false;
  for (let at = 0; at < encoded.length; at++) {
    const unit = encoded.charCodeAt(at);
    if (!isPrintable(unit)) return undefined;
    shifts ||= unit === AMPERSAND;
  }
  if (!shifts) return encoded;
  const decoder = new ModifiedUtf7Decoder();
  const text = decoder.update(encoded) + decoder.finish();
  return decoder.replacements === 0 && encodeModifiedUtf7(text) === encoded ? text : undefined;
}

/**
 * Decodes modified UTF-7 that comes in pieces, as well as can be: base64 that
 * is damaged becomes U+FFFD and is counted, base64 of what should stand for
 * itself is read. To tell names apart, use {@link decodeModifiedUtf7}.
 *
 * @example
 * ```ts
 * import { ModifiedUtf7Decoder } from 'mailseal/charset';
 *
 * const decoder = new ModifiedUtf7Decoder();
 * console.log(decoder.update('&AOQ') + decoder.update('-') + decoder.finish()); // ä
 * ```
 */
export class ModifiedUtf7Decoder {
  /** How many U+FFFD were put in the place of what could not be read, so far. */
  replacements = 0;
  #shifted = false;
  #empty = true;
  #bits = 0;
  #bitCount = 0;
  #high = 0;

  /** Takes the next characters; gives those that are settled by them. */
  update(encoded: string): string {
    let text = '';
    let plainAt = 0;
    for (let at = 0; at < encoded.length; at++) {
      const unit = encoded.charCodeAt(at);
      if (!this.#shifted) {
        if (unit !== AMPERSAND) continue;
        text += encoded.slice(plainAt, at);
        this.#shifted = true;
        this.#empty = true;
        continue;
      }
      const sextet = sextetOf(unit);
      if (sextet >= 0) {
        text += this.#base64(sextet);
        continue;
      }
      plainAt = unit === MINUS ? at + 1 : at;
      text += this.#endBase64(unit === MINUS);
      // An "&" within base64 begins another one.
      if (unit === AMPERSAND) at--;
    }
    return this.#shifted ? text : text + encoded.slice(plainAt);
  }

  /** Ends the text; gives what an unfinished shift is replaced with. */
  finish(): string {
    return this.#shifted ? this.#endBase64(false) : '';
  }

  #base64(sextet: number): string {
    this.#empty = false;
    this.#bits = (this.#bits << 6) | sextet;
    this.#bitCount += 6;
    if (this.#bitCount < 16) return '';
    this.#bitCount -= 16;
    const unit = this.#bits >> this.#bitCount;
    this.#bits &= (1 << this.#bitCount) - 1;
    const high = this.#high;
    this.#high = 0;
    if ((unit & 0xfc00) === 0xdc00) {
      return high === 0 ? this.#replaced() : String.fromCharCode(high, unit);
    }
    const lost = high === 0 ? '' : this.#replaced();
    if ((unit & 0xfc00) === 0xd800) {
      this.#high = unit;
      return lost;
    }
    return lost + String.fromCharCode(unit);
  }

  /** RFC 3501 §5.1.3 has "-" at the end of each; RFC 2152: fewer than six bits may be left over, and they are zero. */
  #endBase64(isClosed: boolean): string {
    const isAmpersand = this.#empty && isClosed;
    const isDamaged =
      (this.#empty && !isClosed) || !isClosed || this.#bitCount >= 6 || this.#bits !== 0 || this.#high !== 0;
    this.#shifted = false;
    this.#bits = 0;
    this.#bitCount = 0;
    this.#high = 0;
    if (isAmpersand) return '&';
    return isDamaged ? this.#replaced() : '';
  }

  #replaced(): string {
    this.replacements++;
    return '\ufffd';
  }
}

function sextetOf(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x47;
  if (unit >= 0x30 && unit <= 0x39) return unit + 4;
  return unit === 0x2b ? 62 : unit === 0x2c ? 63 : -1;
}
