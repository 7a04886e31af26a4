import { asBytes, type Bytes, bytesFromLatin1, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { oidContent } from './oid.js';
import { Tag } from './reader.js';

/** One DER element: identifier octet, minimal definite length, content (pieces are joined). */
export function der(identifier: number, ...content: readonly Uint8Array[]): Bytes {
  return derOfPieces(identifier, content);
}

/** Like {@link der} for any number of pieces: arguments travel on the stack, and a hundred thousand do not fit. */
export function derOfPieces(identifier: number, content: readonly Uint8Array[]): Bytes {
  if ((identifier & 0x1f) === 0x1f)
    throw new MailsealError('usage', 'tag numbers of 31 and more are not written');
  let length = 0;
  for (const piece of content) length += piece.length;
  let lengthOctets = 1;
  if (length >= 0x80) for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) lengthOctets++;
  const element = new Uint8Array(1 + lengthOctets + length);
  element[0] = identifier;
  if (length < 0x80) element[1] = length;
  else {
    element[1] = 0x80 | (lengthOctets - 1);
    for (let i = lengthOctets, rest = length; i > 1; i--, rest = Math.floor(rest / 256))
      element[i] = rest % 256;
  }
  let at = 1 + lengthOctets;
  for (const piece of content) {
    element.set(piece, at);
    at += piece.length;
  }
  return element;
}

/** A SEQUENCE of elements. */
export function derSequence(...elements: readonly Uint8Array[]): Bytes {
  return derOfPieces(Tag.Sequence, elements);
}

/** A SET OF elements in the order that DER wants (X.690 §11.6: ascending as octet strings). */
export function derSetOf(...elements: readonly Uint8Array[]): Bytes {
  return derOfPieces(Tag.Set, elements.toSorted(compareOctets));
}

/** The order of X.690 §11.6: as octet strings, a shorter one padded with zeros. */
export function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** An explicit context tag [n] around an element; `usage` when n is not 0 to 30. */
export function derExplicit(n: number, element: Uint8Array): Bytes {
  if (!Number.isInteger(n) || n < 0 || n > 30) {
    throw new MailsealError('usage', `context tags from 0 to 30 are written, not ${n}`);
  }
  return der(0xa0 | n, element);
}

/** An INTEGER from a number, a bigint, or unsigned octets (most significant first). */
export function derInteger(value: number | bigint | Uint8Array): Bytes {
  if (value instanceof Uint8Array) {
    let at = 0;
    while (at < value.length - 1 && value[at] === 0) at++;
    const octets = value.length === 0 ? new Uint8Array(1) : asBytes(value.subarray(at));
    return octets[0]! >= 0x80 ? der(Tag.Integer, new Uint8Array(1), octets) : der(Tag.Integer, octets);
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new MailsealError('usage', `${value} is not a safe integer; give a bigint`);
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

/** A BOOLEAN, TRUE as 0xFF (X.690 §11.1). */
export function derBoolean(value: boolean): Bytes {
  return der(Tag.Boolean, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export function derNull(): Bytes {
  return der(Tag.Null);
}

/** An OBJECT IDENTIFIER from its dotted form; `usage` when it is none. */
export function derOid(dotted: string): Bytes {
  return der(Tag.ObjectIdentifier, oidContent(dotted));
}

/** An OCTET STRING. */
export function derOctetString(octets: Uint8Array): Bytes {
  return der(Tag.OctetString, octets);
}

/** A BIT STRING of whole octets, or with unused low bits in the last (they are written as zero, X.690 §11.2). */
export function derBitString(octets: Uint8Array, unusedBits = 0): Bytes {
  if (unusedBits < 0 || unusedBits > 7 || (unusedBits > 0 && octets.length === 0)) {
    throw new MailsealError(
      'usage',
      `a BIT STRING of ${octets.length} octets cannot have ${unusedBits} unused bits`,
    );
  }
  const bits = concatBytes([Uint8Array.of(unusedBits), octets]);
  if (unusedBits > 0) bits[bits.length - 1]! &= 0xff << unusedBits;
  return der(Tag.BitString, bits);
}

/** A UTF8String. */
export function derUtf8String(text: string): Bytes {
  return der(Tag.Utf8String, bytesFromUtf8(text));
}

/** A PrintableString; `usage` when a character is outside its repertoire (X.680 §41.4). */
export function derPrintableString(text: string): Bytes {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) {
    throw new MailsealError(
      'usage',
      'a character is not in the repertoire of PrintableString; use derUtf8String',
    );
  }
  return der(Tag.PrintableString, bytesFromLatin1(text));
}

/** An IA5String; `usage` when a character is not ASCII. */
export function derIa5String(text: string): Bytes {
  const octets = bytesFromLatin1(text);
  if (octets.some((octet) => octet > 0x7f)) throw new MailsealError('usage', 'an IA5String holds ASCII only');
  return der(Tag.Ia5String, octets);
}

/**
 * A time as RFC 5280 §4.1.2.5 and RFC 5652 §11.3 want it: UTCTime for the
 * years 1950 to 2049, else GeneralizedTime, to the second, in UTC.
 *
 * @throws MailsealError `usage` for an invalid Date or a year outside 0–9999.
 */
export function derTime(time: Date): Bytes {
  const year = time.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new MailsealError('usage', 'the time is invalid or outside the years 0 to 9999');
  const text = `${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  if (year >= 1950 && year <= 2049) return der(Tag.UtcTime, bytesFromLatin1(text.slice(2)));
  return der(Tag.GeneralizedTime, bytesFromLatin1(text));
}
