import { type BerNode, Tag } from '../asn1/reader.js';
import { integerBytes, octetString, stringOctets, unexpected } from '../asn1/values.js';
import type { PublicKey } from '../crypto/keys/public-key.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { anyExtendedKeyUsageOid, emailProtectionOid } from '../x509/certificate/extensions.js';
import { Name } from '../x509/certificate/name.js';
import { quietly } from '../x509/path/path-problem.js';
import { type CmsAttribute, singleValue } from './attributes.js';
import { type CertificateIdentifier, namesCertificate } from './certificate-identifier.js';
import { AttributeOid } from './oids.js';
import type { SignerInfo } from './signed/signer-info.js';

/**
 * The SMIMEEncryptionKeyPreference attribute (RFC 8551 §2.5.3): which
 * certificate the signer wants to be written to with; `undefined` where he
 * does not say.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { encryptionKeyPreferenceAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && encryptionKeyPreferenceAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function encryptionKeyPreferenceAttribute(
  attributes: readonly CmsAttribute[],
): CertificateIdentifier | undefined {
  const value = singleValue(attributes, AttributeOid.encryptionKeyPreference);
  return value && readPreference(value);
}

/** SMIMEEncryptionKeyPreference, whose tags are implicit: [0] IssuerAndSerialNumber, [1] RecipientKeyIdentifier, [2] SubjectKeyIdentifier. */
function readPreference(node: BerNode): CertificateIdentifier {
  if (node.isContext(2))
    return { kind: 'subjectKeyIdentifier', keyIdentifier: stringOctets(node, Tag.OctetString) };
  const [first, second] = node.children;
  if (node.is(0xa1) && first !== undefined)
    return { kind: 'subjectKeyIdentifier', keyIdentifier: octetString(first) };
  if (!node.is(0xa0) || first === undefined || second === undefined)
    throw unexpected(node, 'an SMIMEEncryptionKeyPreference');
  return { kind: 'issuerAndSerialNumber', issuer: new Name(first), serialNumber: integerBytes(second) };
}

/**
 * The certificate to write to a signer with (RFC 8551 §2.5.3.1): the one that
 * he prefers; where he does not say, or that one is not at hand, his own if it is
 * for encrypting mail, or another of the same subject that is. `undefined` where there is none.
 *
 * Only what a verified signature says is worth following, and whoever writes
 * checks the certificate's path and address, too: `encryptMessage` of
 * `mailseal/smime` does.
 *
 * @param signer whose signature was found good
 * @param certificate the certificate that it was found good with
 * @param pool the certificates to choose from: those of the SignedData, and what else is at hand
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { encryptionCertificateOf, parseSignedData } from 'mailseal/cms';
 *
 * const { signers, certificates } = parseSignedData(readFileSync('test/vectors/demo/smime.p7s'));
 * const certificate = certificates.find((each) => signers[0]?.names(each));
 * const found = encryptionCertificateOf(signers[0]!, certificate!, certificates);
 * console.log(found === undefined ? 'he has sent none' : found.emailAddresses); // he has sent none
 * ```
 */
export function encryptionCertificateOf(
  signer: SignerInfo,
  certificate: Certificate,
  pool: readonly Certificate[],
): Certificate | undefined {
  const preference = quietly(() => encryptionKeyPreferenceAttribute(signer.signedAttributes));
  const all = [certificate, ...pool];
  if (preference !== undefined) {
    const preferred = all.find((each) => quietly(() => namesCertificate(preference, each)) === true);
    if (preferred !== undefined) return preferred;
  }
  return all.find(
    (each) => quietly(() => each.subject.equals(certificate.subject) && isForEncryptingMail(each)) === true,
  );
}

const encryptingKinds: readonly PublicKey['kind'][] = ['rsa', 'ec', 'x25519', 'x448'];

/** RFC 8550 §4.4.2 and §4.4.4: what keyUsage and extendedKeyUsage say, where they are there. */
function isForEncryptingMail({ keyUsage, extendedKeyUsage, publicKey }: Certificate): boolean {
  const mayEncrypt =
    keyUsage === undefined || keyUsage.has('keyEncipherment') || keyUsage.has('keyAgreement');
  const isForMail =
    extendedKeyUsage === undefined ||
    [emailProtectionOid, anyExtendedKeyUsageOid].some((oid) => extendedKeyUsage.includes(oid));
  return mayEncrypt && isForMail && encryptingKinds.includes(publicKey.kind);
}
