import { type BerNode, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { integerBytes, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { type Extension, readExtensions } from '../certificate/extensions.js';
import { type RevocationReason, revocationReason } from './revocation-report.js';

/** Which certificate is meant (RFC 6960 §4.1.1): its serial number, and hashes of its issuer's name and key. */
export interface OcspCertId {
  /** DER of the AlgorithmIdentifier of both hashes. */
  readonly hashAlgorithm: Bytes;
  readonly issuerNameHash: Bytes;
  readonly issuerKeyHash: Bytes;
  /** Octets of the INTEGER, two's complement. */
  readonly serialNumber: Bytes;
}

/** What a response says of one certificate (RFC 6960 §4.2.1). */
export interface OcspSingleResponse {
  readonly certId: OcspCertId;
  /** `unknown`: the responder does not know the certificate. */
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revocationDate: Date | undefined;
  /** `undefined` where the responder does not say why. */
  readonly reason: RevocationReason | undefined;
  /** When what is said was known to be right. */
  readonly thisUpdate: Date;
  /** When there will be something newer at the latest; `undefined` where newer information is always to be had. */
  readonly nextUpdate: Date | undefined;
  readonly extensions: readonly Extension[];
}

/** Reads one SingleResponse (RFC 6960 §4.2.1). */
export function singleResponse(node: BerNode): OcspSingleResponse {
  const [certId, status, thisUpdate, ...rest] = sequenceOf(node, 'a SingleResponse');
  if (certId === undefined || status === undefined || thisUpdate === undefined)
    throw unexpected(node, 'a SingleResponse');
  const nextUpdate = rest[0]?.is(0xa0) === true ? rest.shift() : undefined;
  const extensions = rest[0]?.is(0xa1) === true ? rest.shift() : undefined;
  if (rest.length > 0) throw unexpected(node, 'a SingleResponse');
  return {
    certId: readCertId(certId),
    ...certStatus(status),
    thisUpdate: decodeTime(thisUpdate),
    nextUpdate: nextUpdate && decodeTime(nextUpdate.children[0] ?? nextUpdate),
    extensions: extensions === undefined ? [] : readExtensions(extensions.children[0] ?? extensions),
  };
}

function readCertId(node: BerNode): OcspCertId {
  const [hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber, ...more] = sequenceOf(node, 'a CertID');
  if (hashAlgorithm === undefined || issuerNameHash === undefined || issuerKeyHash === undefined)
    throw unexpected(node, 'a CertID');
  if (serialNumber === undefined || more.length > 0) throw unexpected(node, 'a CertID');
  return {
    hashAlgorithm: hashAlgorithm.bytes,
    issuerNameHash: octetString(issuerNameHash),
    issuerKeyHash: octetString(issuerKeyHash),
    serialNumber: integerBytes(serialNumber),
  };
}

function certStatus(node: BerNode): Pick<OcspSingleResponse, 'status' | 'revocationDate' | 'reason'> {
  // CertStatus (RFC 6960 §4.2.1): good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL.
  if (node.is(0x80)) return { status: 'good', revocationDate: undefined, reason: undefined };
  if (node.is(0x82)) return { status: 'unknown', revocationDate: undefined, reason: undefined };
  const [time, reason, ...more] = node.is(0xa1) ? node.children : [];
  if (time === undefined || more.length > 0) throw unexpected(node, 'a CertStatus');
  return { status: 'revoked', revocationDate: decodeTime(time), reason: reason && reasonOf(reason) };
}

function reasonOf(node: BerNode): RevocationReason | undefined {
  const value = node.is(0xa0) ? node.children[0] : undefined;
  if (value?.is(Tag.Enumerated) !== true) throw unexpected(node, 'a revocationReason');
  const { content } = value;
  return content.length === 1 ? revocationReason(content[0]!) : undefined;
}
