import { asBytes, type Bytes, bytesFromLatin1, concatBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { oidContent } from './oid.js';
import { Tag } from './reader.js';

/**
 * One DER element (X.690 §10.1): identifier octet, minimal definite length,
 * content (pieces are joined).
 *
 * @throws MailsealError `usage` for a tag number of 31 or more.
 * @example
 * ```ts
 * import { der, Tag } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const text = new TextEncoder().encode('20500101000000Z');
 * console.log(encodeHex(der(Tag.GeneralizedTime, text))); // 180f32303530303130313030303030305a
 * ```
 */
export function der(identifier: number, ...content: readonly Uint8Array[]): Bytes {
  return derOfPieces(identifier, content);
}

/** Like {@link der} for any number of pieces: arguments travel on the stack, and a hundred thousand do not fit. */
export function derOfPieces(identifier: number, content: readonly Uint8Array[]): Bytes {
  if ((identifier & 0x1f) === 0x1f) throw usage('tag numbers of 31 and more are not written');
  let length = 0;
  for (const piece of content) length += piece.length;
  const element = new Uint8Array(headerLength(length) + length);
  let at = putHeader(element, 0, identifier, length);
  for (const piece of content) {
    element.set(piece, at);
    at += piece.length;
  }
  return element;
}

/** Octets of the header of an element whose content has that many. */
export function headerLength(length: number): number {
  let octets = 2;
  if (length >= 0x80) for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets++;
  return octets;
}

/** Writes the header of an element, and gives the place after it. */
export function putHeader(target: Bytes, at: number, identifier: number, length: number): number {
  const end = at + headerLength(length);
  target[at] = identifier;
  if (length < 0x80) target[at + 1] = length;
  else {
    target[at + 1] = 0x80 | (end - at - 2);
    for (let i = end - 1, rest = length; i > at + 1; i--, rest = Math.floor(rest / 256))
      target[i] = rest % 256;
  }
  return end;
}

/**
 * A SEQUENCE of elements that are encoded already (X.690 §8.9).
 * @example
 * ```ts
 * import { derNull, derOid, derSequence } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const algorithm = derSequence(derOid('1.3.14.3.2.26'), derNull());
 * console.log(encodeHex(algorithm)); // 300906052b0e03021a0500
 * ```
 */
export function derSequence(...elements: readonly Uint8Array[]): Bytes {
  return derOfPieces(Tag.Sequence, elements);
}

/**
 * A SET OF elements in the order that DER wants (X.690 §11.6: ascending as octet strings).
 * @example
 * ```ts
 * import { derInteger, derSetOf } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derSetOf(derInteger(2), derInteger(1)))); // 3106020101020102
 * ```
 */
export function derSetOf(...elements: readonly Uint8Array[]): Bytes {
  return derOfPieces(Tag.Set, elements.toSorted(compareOctets));
}

/**
 * The order of X.690 §11.6: as octet strings. Negative when `a` comes first, positive when
 * `b` does, 0 when they are equal; what begins another comes before it.
 *
 * @param from how many octets are known to be the same in both
 * @example
 * ```ts
 * import { compareOctets } from 'mailseal/asn1';
 *
 * const encodings = [new Uint8Array([2, 1, 9]), new Uint8Array([1, 1, 0])];
 * console.log(encodings.sort(compareOctets)[0]?.[0]); // 1
 * ```
 */
export function compareOctets(a: Uint8Array, b: Uint8Array, from = 0): number {
  const length = Math.min(a.length, b.length);
  for (let i = from; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * An explicit context tag [n] around an element (X.690 §8.14).
 *
 * @throws MailsealError `usage` when n is not a whole number from 0 to 30.
 * @example
 * ```ts
 * import { derExplicit, derInteger } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // The version of an X.509 certificate of version 3: [0] EXPLICIT INTEGER 2.
 * console.log(encodeHex(derExplicit(0, derInteger(2)))); // a003020102
 * ```
 */
export function derExplicit(n: number, element: Uint8Array): Bytes {
  if (!Number.isInteger(n) || n < 0 || n > 30) {
    throw usage(`context tags from 0 to 30 are written, not ${n}`);
  }
  return der(0xa0 | n, element);
}

/**
 * An INTEGER in its fewest octets (X.690 §8.3) from a number, a bigint, or
 * unsigned octets (most significant first).
 *
 * @throws MailsealError `usage` for a number that is not a safe integer.
 * @example
 * ```ts
 * import { derInteger } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derInteger(-1)), encodeHex(derInteger(65537n))); // 0201ff 0203010001
 * console.log(encodeHex(derInteger(new Uint8Array([0xff])))); // 020200ff
 * ```
 */
export function derInteger(value: number | bigint | Uint8Array): Bytes {
  if (value instanceof Uint8Array) {
    let at = 0;
    while (at < value.length - 1 && value[at] === 0) at++;
    const octets = value.length === 0 ? new Uint8Array(1) : asBytes(value.subarray(at));
    return octets[0]! >= 0x80 ? der(Tag.Integer, new Uint8Array(1), octets) : der(Tag.Integer, octets);
  }
  if (typeof value === 'number' && value >= 0 && value < 0x80 && Number.isInteger(value)) {
    return der(Tag.Integer, Uint8Array.of(value));
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw usage(`${value} is not a safe integer; give a bigint`);
  }
  const octets: number[] = [];
  let left = BigInt(value);
  for (;;) {
    const octet = Number(left & 0xffn);
    octets.unshift(octet);
    left >>= 8n;
    // Done when what is left is only the sign of what was written.
    if ((left === 0n && octet < 0x80) || (left === -1n && octet >= 0x80)) break;
  }
  return der(Tag.Integer, Uint8Array.from(octets));
}

/**
 * A BOOLEAN, TRUE as 0xFF (X.690 §11.1).
 * @example
 * ```ts
 * import { derBoolean } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derBoolean(true))); // 0101ff
 * ```
 */
export function derBoolean(value: boolean): Bytes {
  return der(Tag.Boolean, Uint8Array.of(value ? 0xff : 0));
}

/**
 * NULL (X.690 §8.8), which the parameters of RSA's algorithms are.
 * @example
 * ```ts
 * import { derNull } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derNull())); // 0500
 * ```
 */
export function derNull(): Bytes {
  return der(Tag.Null);
}

/**
 * An OBJECT IDENTIFIER (X.690 §8.19) from its dotted form.
 *
 * @throws MailsealError `usage` when it is none, or an arc is longer than 128 bits.
 * @example
 * ```ts
 * import { derOid } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derOid('1.2.840.113549.1.7.2'))); // 06092a864886f70d010702
 * ```
 */
export function derOid(dotted: string): Bytes {
  return der(Tag.ObjectIdentifier, oidContent(dotted));
}

/**
 * An OCTET STRING in one piece (X.690 §10.2).
 * @example
 * ```ts
 * import { derOctetString } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derOctetString(new Uint8Array([0xca, 0xfe])))); // 0402cafe
 * ```
 */
export function derOctetString(octets: Uint8Array): Bytes {
  return der(Tag.OctetString, octets);
}

/**
 * A BIT STRING of whole octets, or with unused low bits in the last (they are
 * written as zero, X.690 §11.2). `unusedBits` is 0 to 7, default 0.
 *
 * @throws MailsealError `usage` for another number, or for unused bits of no octet.
 * @example
 * ```ts
 * import { derBitString } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // keyUsage with digitalSignature and nonRepudiation: bits 0 and 1.
 * console.log(encodeHex(derBitString(new Uint8Array([0b11000000]), 6))); // 030206c0
 * ```
 */
export function derBitString(octets: Uint8Array, unusedBits = 0): Bytes {
  if (unusedBits < 0 || unusedBits > 7 || (unusedBits > 0 && octets.length === 0)) {
    throw usage(`a BIT STRING of ${octets.length} octets cannot have ${unusedBits} unused bits`);
  }
  const bits = concatBytes([Uint8Array.of(unusedBits), octets]);
  if (unusedBits > 0) bits[bits.length - 1]! &= 0xff << unusedBits;
  return der(Tag.BitString, bits);
}

/**
 * A UTF8String, which RFC 5280 §4.1.2.4 wants names to be; a lone surrogate is written as U+FFFD.
 * @example
 * ```ts
 * import { derUtf8String } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derUtf8String('花'))); // 0c03e88ab1
 * ```
 */
export function derUtf8String(text: string): Bytes {
  return der(Tag.Utf8String, bytesFromUtf8(text));
}

/**
 * A PrintableString, as a name's country is one (RFC 5280 appendix A.1).
 *
 * @throws MailsealError `usage` when a character is outside its repertoire (X.680 §41.4).
 * @example
 * ```ts
 * import { derPrintableString } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derPrintableString('JP'))); // 13024a50
 * ```
 */
export function derPrintableString(text: string): Bytes {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) {
    throw usage('a character is not in the repertoire of PrintableString; use derUtf8String');
  }
  return der(Tag.PrintableString, bytesFromLatin1(text));
}

/**
 * An IA5String, as a mail address in a certificate is one (RFC 5280 §4.2.1.6).
 *
 * @throws MailsealError `usage` when a character is not ASCII.
 * @example
 * ```ts
 * import { derIa5String } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(derIa5String('a@b.jp'))); // 16066140622e6a70
 * ```
 */
export function derIa5String(text: string): Bytes {
  const octets = bytesFromLatin1(text);
  if (octets.some((octet) => octet > 0x7f)) throw usage('an IA5String holds ASCII only');
  return der(Tag.Ia5String, octets);
}

/**
 * A time as RFC 5280 §4.1.2.5 and RFC 5652 §11.3 want it: UTCTime for the
 * years 1950 to 2049, else GeneralizedTime, to the second, in UTC.
 *
 * @throws MailsealError `usage` for an invalid Date or a year outside 0–9999.
 * @example
 * ```ts
 * import { decodeTime, derTime, readBer, Tag } from 'mailseal/asn1';
 *
 * const element = readBer(derTime(new Date('2050-01-01T00:00:00Z')));
 * console.log(element.is(Tag.GeneralizedTime), decodeTime(element).getUTCFullYear()); // true 2050
 * ```
 */
export function derTime(time: Date): Bytes {
  const year = time.getUTCFullYear();
  if (!(year >= 1950 && year <= 2049)) return derGeneralizedTime(time);
  return der(Tag.UtcTime, bytesFromLatin1(timeText(time).slice(2)));
}

/** A time where a GeneralizedTime stands for all years; throws as {@link derTime}. */
export function derGeneralizedTime(time: Date): Bytes {
  const year = time.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw usage('the time is invalid or outside the years 0 to 9999');
  return der(Tag.GeneralizedTime, bytesFromLatin1(timeText(time)));
}

function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}
