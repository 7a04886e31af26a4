import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { integerBytes, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { type Extension, readExtensions } from '../certificate/extensions.js';
import { quietly } from '../path/path-problem.js';
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

/** Extensions of CRL entries that an answer may have (RFC 6960 §4.4.5), dotted. */
export const CrlEntryExtensionOid = {
  reasonCode: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
} as const;

/** What a response says of one certificate (RFC 6960 §4.2.1). */
export interface OcspSingleResponse {
  readonly certId: OcspCertId;
  /** `unknown`: the responder does not know the certificate. */
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revocationDate: Date | undefined;
  /** `undefined` where the responder does not say why. */
  readonly reason: RevocationReason | undefined;
  /** Since when the key is thought to be known to others (RFC 5280 §5.3.2), where that is said. */
  readonly invalidityDate: Date | undefined;
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
  const extensionsNode = rest[0]?.is(0xa1) === true ? rest.shift() : undefined;
  if (rest.length > 0) throw unexpected(node, 'a SingleResponse');
  const extensions =
    extensionsNode === undefined ? [] : readExtensions(extensionsNode.children[0] ?? extensionsNode);
  const said = certStatus(status);
  return {
    certId: readCertId(certId),
    ...said,
    ...(said.status === 'revoked' ? entryFacts(said.reason, extensions) : { invalidityDate: undefined }),
    thisUpdate: decodeTime(thisUpdate),
    nextUpdate: nextUpdate && decodeTime(nextUpdate.children[0] ?? nextUpdate),
    extensions,
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

/** RFC 6960 §4.4.5: what extensions of CRL entries add. One that cannot be read does not make it less revoked. */
function entryFacts(
  reason: RevocationReason | undefined,
  extensions: readonly Extension[],
): Pick<OcspSingleResponse, 'reason' | 'invalidityDate'> {
  const inside = (wanted: string): BerNode | undefined => {
    const value = extensions.find(({ oid }) => oid === wanted)?.value;
    return value && quietly(() => readBer(value));
  };
  const code = inside(CrlEntryExtensionOid.reasonCode);
  const date = inside(CrlEntryExtensionOid.invalidityDate);
  const other = code?.is(Tag.Enumerated) === true ? reasonNamed(code) : undefined;
  return {
    // Where they differ, the one that cannot be lifted.
    reason: reason === undefined || reason === 'certificateHold' ? (other ?? reason) : reason,
    invalidityDate: date && quietly(() => decodeTime(date)),
  };
}

function reasonOf(node: BerNode): RevocationReason | undefined {
  const value = node.is(0xa0) ? node.children[0] : undefined;
  if (value?.is(Tag.Enumerated) !== true) throw unexpected(node, 'a revocationReason');
  return reasonNamed(value);
}

function reasonNamed({ content }: BerNode): RevocationReason | undefined {
  return content.length === 1 ? revocationReason(content[0]!) : undefined;
}
