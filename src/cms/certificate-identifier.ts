import { type BerNode, Tag } from '../asn1/reader.js';
import { integerBytes, sequenceOf, stringOctets, unexpected } from '../asn1/values.js';
import { der, derSequence } from '../asn1/writer.js';
import { type Bytes, equalBytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { Name } from '../x509/certificate/name.js';

/** How CMS names a certificate: a signer's (RFC 5652 §5.3) or a recipient's (§6.2). */
export type CertificateIdentifier =
  | { readonly kind: 'issuerAndSerialNumber'; readonly issuer: Name; readonly serialNumber: Bytes }
  | { readonly kind: 'subjectKeyIdentifier'; readonly keyIdentifier: Bytes };

/** Reads a SignerIdentifier or RecipientIdentifier: IssuerAndSerialNumber, or a key identifier as [0]. */
export function readCertificateIdentifier(node: BerNode): CertificateIdentifier {
  if (node.isContext(0)) {
    return { kind: 'subjectKeyIdentifier', keyIdentifier: stringOctets(node, Tag.OctetString) };
  }
  const [issuer, serialNumber] = sequenceOf(node, 'an IssuerAndSerialNumber');
  if (issuer === undefined || serialNumber === undefined) throw unexpected(node, 'an IssuerAndSerialNumber');
  return {
    kind: 'issuerAndSerialNumber',
    issuer: new Name(issuer),
    serialNumber: integerBytes(serialNumber),
  };
}

/** Whether it names this certificate. */
export function namesCertificate(identifier: CertificateIdentifier, certificate: Certificate): boolean {
  if (identifier.kind === 'subjectKeyIdentifier') {
    // The extension counts, not a hash of the key: issuers make identifiers as they like.
    const has = certificate.subjectKeyIdentifier;
    return has !== undefined && equalBytes(has, identifier.keyIdentifier);
  }
  return (
    equalBytes(certificate.serialNumber, identifier.serialNumber) &&
    certificate.issuer.equals(identifier.issuer)
  );
}

/** The DER of the IssuerAndSerialNumber of a certificate, its issuer's name octet for octet. */
export function issuerAndSerialNumber(certificate: Certificate): Bytes {
  return derSequence(certificate.issuer.bytes, der(Tag.Integer, certificate.serialNumber));
}

/**
 * The key identifier of a certificate.
 *
 * @throws MailsealError `usage` where the certificate has none.
 */
export function keyIdentifierOf(certificate: Certificate): Bytes {
  const keyIdentifier = certificate.subjectKeyIdentifier;
  if (keyIdentifier === undefined) {
    throw usage(
      'the certificate has no subjectKeyIdentifier to be named by; name it by issuer and serial number',
    );
  }
  return keyIdentifier;
}
