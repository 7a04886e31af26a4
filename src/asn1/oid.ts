import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { type BerNode, Tag } from './reader.js';

/** An arc of 128 bits (X.667 makes them of UUIDs) takes 19 octets; a longer one is nobody's. */
const longestArc = 19;
const largestArc = (1n << 128n) - 1n;

/**
 * The dotted form of an OBJECT IDENTIFIER element (X.690 §8.19), `2.5.4.3`.
 *
 * @throws MailsealError `asn1-unexpected` when the element is something else,
 * `asn1-malformed` when an arc is cut off, has a leading zero octet or is
 * longer than 128 bits.
 * @example
 * ```ts
 * import { decodeOid, derNull, derOid, derSequence, readBer } from 'mailseal/asn1';
 *
 * const algorithm = readBer(derSequence(derOid('1.2.840.113549.1.1.11'), derNull()));
 * console.log(decodeOid(algorithm.children[0]!)); // 1.2.840.113549.1.1.11
 * ```
 */
export function decodeOid(node: BerNode): string {
  if (node.identifier !== Tag.ObjectIdentifier) {
    throw new MailsealError('asn1-unexpected', `an OBJECT IDENTIFIER is wanted at octet ${node.start}`, {
      offset: node.start,
    });
  }
  return oidFromContent(node.document, node.contentStart, node.contentEnd);
}

/** Certificates repeat some fifty OIDs: the dotted forms of those met last are kept. */
const memo: ({ readonly content: Uint8Array; readonly dotted: string } | undefined)[] = [];
const memoSize = 1024;

/**
 * The dotted form of the content octets of an OBJECT IDENTIFIER (X.690 §8.19)
 * at [start, end) of an array, by default all of it.
 *
 * @throws MailsealError `asn1-malformed` when it is empty, or an arc is cut off,
 * has a leading zero octet or is longer than 128 bits.
 * @example
 * ```ts
 * import { oidFromContent } from 'mailseal/asn1';
 *
 * console.log(oidFromContent(new Uint8Array([0x55, 0x04, 0x03]))); // 2.5.4.3
 * ```
 */
export function oidFromContent(octets: Uint8Array, start = 0, end: number = octets.length): string {
  const length = end - start;
  if (length === 0 || length > 16) return decodeArcs(octets, start, end);
  let hash = 0;
  for (let at = start; at < end; at++) hash = (hash * 31 + octets[at]!) | 0;
  const slot = hash & (memoSize - 1);
  const known = memo[slot];
  if (known !== undefined && sameOctets(known.content, octets, start, length)) return known.dotted;
  const dotted = decodeArcs(octets, start, end);
  memo[slot] = { content: octets.slice(start, end), dotted };
  return dotted;
}

function sameOctets(content: Uint8Array, octets: Uint8Array, start: number, length: number): boolean {
  if (content.length !== length) return false;
  for (let i = 0; i < length; i++) if (content[i] !== octets[start + i]) return false;
  return true;
}

function decodeArcs(octets: Uint8Array, start: number, end: number): string {
  if (start === end)
    throw new MailsealError('asn1-malformed', `the OID at octet ${start} is empty`, { offset: start });
  const arcs: (number | bigint)[] = [];
  let at = start;
  while (at < end) {
    const arcStart = at;
    let arc: number | bigint = 0;
    let octet = octets[at]!;
    if (octet === 0x80) {
      throw new MailsealError('asn1-malformed', `an OID arc at octet ${at} has a leading zero`, {
        offset: at,
      });
    }
    for (;;) {
      if (at - arcStart >= longestArc) throw tooLong(arcStart);
      // Seven octets carry 49 bits; from the eighth on a double would round.
      if (at - arcStart < 7) arc = (arc as number) * 128 + (octet & 0x7f);
      else arc = (BigInt(arc) << 7n) | BigInt(octet & 0x7f);
      at++;
      if (octet < 0x80) break;
      if (at >= end) {
        throw new MailsealError('asn1-malformed', `the OID arc at octet ${arcStart} is cut off`, {
          offset: arcStart,
        });
      }
      octet = octets[at]!;
    }
    if (arcs.length === 0) {
      // X.690 §8.19.4: the first two arcs X and Y travel as 40 X + Y, X being at most 2.
      const first = arc < 40 ? 0 : arc < 80 ? 1 : 2;
      arcs.push(first);
      arc = typeof arc === 'bigint' ? arc - 80n : arc - first * 40;
    }
    if (arc > largestArc) throw tooLong(arcStart);
    arcs.push(arc);
  }
  return arcs.join('.');
}

function tooLong(arcStart: number): MailsealError {
  return new MailsealError('asn1-malformed', `the OID arc at octet ${arcStart} is longer than 128 bits`, {
    offset: arcStart,
  });
}

/**
 * The content octets of an OBJECT IDENTIFIER (X.690 §8.19) from its dotted
 * form: without identifier and length, as an implicit tag wants them.
 *
 * @throws MailsealError `usage` when the text is no OID, or an arc is longer than 128 bits.
 * @example
 * ```ts
 * import { oidContent } from 'mailseal/asn1';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * console.log(encodeHex(oidContent('1.2.840.113549'))); // 2a864886f70d
 * ```
 */
export function oidContent(dotted: string): Bytes {
  if (typeof dotted !== 'string') {
    throw usage(`an object identifier is wanted as a string, this is ${typeof dotted}`);
  }
  return plainContent(dotted) ?? longContent(dotted);
}

/** The form of nearly every OID there is: its arcs have at most nine digits. `undefined` for anything else. */
function plainContent(dotted: string): Bytes | undefined {
  const octets: number[] = [];
  let arcs = 0;
  let first = 0;
  let at = 0;
  while (at < dotted.length) {
    const start = at;
    let arc = 0;
    for (let digit: number; at < dotted.length; at++) {
      digit = dotted.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      arc = arc * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 9 || (digits > 1 && dotted.charCodeAt(start) === 0x30)) return undefined;
    if (at < dotted.length && (dotted[at] !== '.' || ++at === dotted.length)) return undefined;
    if (arcs++ === 0) first = arc;
    else if (arcs > 2) pushArc(octets, arc);
    else if (first > 2 || (first < 2 && arc >= 40)) return undefined;
    else pushArc(octets, first * 40 + arc);
  }
  return arcs < 2 ? undefined : Uint8Array.from(octets);
}

function pushArc(octets: number[], arc: number): void {
  if (arc >= 0x10000000) octets.push(0x80 | (arc >>> 28));
  if (arc >= 0x200000) octets.push(0x80 | ((arc >>> 21) & 0x7f));
  if (arc >= 0x4000) octets.push(0x80 | ((arc >>> 14) & 0x7f));
  if (arc >= 0x80) octets.push(0x80 | ((arc >>> 7) & 0x7f));
  octets.push(arc & 0x7f);
}

function longContent(dotted: string): Bytes {
  if (!/^[012](\.(0|[1-9]\d{0,38}))+$/.test(dotted)) {
    throw usage(`"${dotted.slice(0, 60)}" is not a dotted object identifier`);
  }
  const arcs = dotted.split('.').map(BigInt);
  const [first, second, ...rest] = arcs as [bigint, bigint, ...bigint[]];
  if (first < 2n && second >= 40n) {
    throw usage(`"${dotted}": the second arc below ${first} must be less than 40`);
  }
  if (arcs.some((arc) => arc > largestArc)) {
    throw usage(`"${dotted.slice(0, 60)}" has an arc of more than 128 bits`);
  }
  const octets: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const group: number[] = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) group.unshift(Number(left & 0x7fn) | 0x80);
    octets.push(...group);
  }
  return asBytes(Uint8Array.from(octets));
}
