import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import {
  decodeBoolean,
  decodeInteger,
  integerBytes,
  octetString,
  sequenceOf,
  unexpected,
} from '../../asn1/values.js';
import { der } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type Extension, readExtensions } from '../../x509/certificate/extensions.js';
import { type GeneralName, generalName } from '../../x509/certificate/general-name.js';

/** What a time-stamping authority signs (RFC 3161 §2.4.2): that something with this hash existed at that time. */
export interface TimestampInfo {
  /** The policy of the authority, a dotted OID. */
  readonly policy: string;
  /** DER of the AlgorithmIdentifier of the hash. */
  readonly hashAlgorithm: Bytes;
  /** The hash of what was stamped. */
  readonly hashedMessage: Bytes;
  readonly serialNumber: Bytes;
  readonly genTime: Date;
  /** How many milliseconds the true time may lie before or after {@link genTime}; 0 where nothing is said. */
  readonly accuracy: number;
  readonly ordering: boolean;
  readonly nonce: Bytes | undefined;
  /** The name that the authority gives itself. */
  readonly tsa: GeneralName | undefined;
  readonly extensions: readonly Extension[];
}

/**
 * Reads a TSTInfo (RFC 3161 §2.4.2), the content of a time stamp's SignedData.
 *
 * @throws MailsealError `cms-malformed` for a version other than 1, an `asn1-*` code when it is none.
 * @example
 * ```ts
 * import { der, derInteger, derOctetString, derOid, derSequence, Tag } from 'mailseal/asn1';
 * import { parseTimestampInfo } from 'mailseal/cms';
 *
 * const sha256 = derSequence(derOid('2.16.840.1.101.3.4.2.1'));
 * const info = parseTimestampInfo(
 *   derSequence(
 *     derInteger(1),
 *     derOid('1.3.6.1.4.1.99999.1'),
 *     derSequence(sha256, derOctetString(new Uint8Array(32))),
 *     derInteger(7),
 *     der(Tag.GeneralizedTime, new TextEncoder().encode('20260301120000.5Z')),
 *   ),
 * );
 * console.log(info.genTime.toISOString()); // 2026-03-01T12:00:00.500Z
 * ```
 */
export function parseTimestampInfo(octets: Uint8Array): TimestampInfo {
  const node = readBer(octets);
  const [version, policy, imprint, serialNumber, genTime, ...rest] = sequenceOf(node, 'a TSTInfo');
  if (version === undefined || policy === undefined || imprint === undefined)
    throw unexpected(node, 'a TSTInfo');
  if (serialNumber === undefined || genTime === undefined) throw unexpected(node, 'a TSTInfo');
  if (decodeInteger(version) !== 1)
    throw new MailsealError('cms-malformed', 'the time stamp is of a version other than 1', {
      offset: version.start,
    });
  const [hashAlgorithm, hashedMessage] = sequenceOf(imprint, 'a MessageImprint');
  if (hashAlgorithm === undefined || hashedMessage === undefined)
    throw unexpected(imprint, 'a MessageImprint');
  // All that follows is optional, in this order.
  const take = (identifier: number): BerNode | undefined =>
    rest[0]?.is(identifier) === true ? rest.shift() : undefined;
  const accuracy = take(Tag.Sequence);
  const ordering = take(Tag.Boolean);
  const nonce = take(Tag.Integer);
  const tsa = take(0xa0);
  const extensions = take(0xa1);
  if (rest.length > 0 || !genTime.is(Tag.GeneralizedTime)) throw unexpected(node, 'a TSTInfo');
  return {
    policy: decodeOid(policy),
    hashAlgorithm: hashAlgorithm.bytes,
    hashedMessage: octetString(hashedMessage),
    serialNumber: integerBytes(serialNumber),
    genTime: decodeTime(genTime),
    accuracy: accuracy === undefined ? 0 : milliseconds(accuracy),
    ordering: ordering !== undefined && decodeBoolean(ordering),
    nonce: nonce && integerBytes(nonce),
    tsa: tsa && generalName(tsa.children[0] ?? tsa),
    extensions: extensions === undefined ? [] : timestampExtensions(extensions),
  };
}

/** Extensions tagged [1] implicitly, which have the form of a certificate's. */
function timestampExtensions(node: BerNode): Extension[] {
  return readExtensions(readBer(der(Tag.Sequence, node.content)));
}

/** Accuracy (RFC 3161 §2.4.2): seconds, and parts of one as [0] milliseconds and [1] microseconds; rounded up. */
function milliseconds(node: BerNode): number {
  let sum = 0;
  for (const each of sequenceOf(node, 'an Accuracy')) {
    if (each.is(Tag.Integer)) sum += decodeInteger(each) * 1000;
    else if (each.is(0x80)) sum += part(each);
    else if (each.is(0x81)) sum += part(each) / 1000;
    else throw unexpected(node, 'an Accuracy');
  }
  if (sum < 0) throw unexpected(node, 'an Accuracy');
  return Math.ceil(sum);
}

/** An INTEGER (1..999) that is tagged implicitly. */
function part({ content, start }: BerNode): number {
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  if (content.length === 0 || content.length > 2 || value > 999)
    throw new MailsealError('cms-malformed', `the accuracy at octet ${start} is none`, { offset: start });
  return value;
}
