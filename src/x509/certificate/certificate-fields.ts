import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { MailsealError } from '../../core/errors.js';
import { inOrder, onlyChild } from './extension-syntax.js';

/** Where the fields of a Certificate and its TBSCertificate stand. */
export interface CertificateFields {
  readonly tbs: BerNode;
  readonly signatureAlgorithm: BerNode;
  readonly signature: BerNode;
  readonly version: BerNode | undefined;
  readonly serialNumber: BerNode;
  readonly tbsSignatureAlgorithm: BerNode;
  readonly issuer: BerNode;
  readonly validity: BerNode;
  readonly subject: BerNode;
  readonly spki: BerNode;
  readonly issuerUniqueId: BerNode | undefined;
  readonly subjectUniqueId: BerNode | undefined;
  readonly extensions: BerNode | undefined;
}

/** Finds the fields of Certificate and TBSCertificate (RFC 5280 §4.1). */
export function certificateFields(node: BerNode): CertificateFields {
  const outer = sequenceOf(node, 'a Certificate');
  if (outer.length !== 3) throw notCertificate(node);
  const tbs = outer[0]!;
  const inner = sequenceOf(tbs, 'a TBSCertificate');
  const hasVersion = inner[0]?.isContext(0) === true;
  const version = hasVersion ? onlyChild(inner[0]!) : undefined;
  const first = hasVersion ? 1 : 0;
  // serialNumber, signature, issuer, validity, subject and subjectPublicKeyInfo are always there.
  if (inner.length < first + 6) throw notCertificate(node);
  const field = (n: number): BerNode => inner[first + n]!;
  const signatureAlgorithm = sequence(outer[1]!);
  // The unique identifiers [1] and [2] and the extensions [3], each at most once: a second list would be anybody's to choose.
  if (inner[first + 6]?.isContext(0) === true) throw notCertificate(node);
  const optional = inOrder(tbs, inner, 4, 'a TBSCertificate', first + 6);
  const extensions = optional[3];
  return {
    tbs,
    signatureAlgorithm,
    signature: outer[2]!,
    version,
    serialNumber: field(0),
    tbsSignatureAlgorithm: sequence(field(1)),
    issuer: sequence(field(2)),
    validity: sequence(field(3)),
    subject: sequence(field(4)),
    spki: sequence(field(5)),
    issuerUniqueId: optional[1],
    subjectUniqueId: optional[2],
    extensions: extensions && onlyChild(extensions),
  };
}

function sequence(node: BerNode): BerNode {
  if (!node.is(Tag.Sequence)) throw unexpected(node, 'a SEQUENCE');
  return node;
}

/** The error for a certificate of which something cannot be. */
export function malformed(node: BerNode, what: string): MailsealError {
  return new MailsealError('x509-malformed', `the certificate cannot be right: ${what}`, {
    offset: node.start,
  });
}

function notCertificate(node: BerNode): MailsealError {
  return new MailsealError('x509-malformed', `the element at octet ${node.start} is not a certificate`, {
    offset: node.start,
  });
}
