import { readAttributes } from '../../src/cms/attributes.js';
import { parseSignedData, type SignedData } from '../../src/cms/signed/signed-data.js';
import { equalBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { Envelope } from '../../src/mime/envelope.js';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseAuthenticationResults } from '../../src/mime/fields/authentication-results.js';
import { parseDateTime } from '../../src/mime/fields/date.js';
import { mailingListOf } from '../../src/mime/fields/list-fields.js';
import { parseContentLanguage } from '../../src/mime/fields/phrase-list.js';
import { parseReceived } from '../../src/mime/fields/received.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Seal } from '../../src/smime/verify/report.js';
import { verifyParsedMessage } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { type Certificate, parseCertificates } from '../../src/x509/certificate/certificate.js';
import { findPath } from '../../src/x509/find-path.js';
import { quietly, type Subject } from './subjects.js';

/** What came of one damaged file. */
export type Outcome = 'verified' | 'report' | 'error';

/**
 * Puts octets through everything that reads their kind: every part, field and
 * getter, and the verification.
 *
 * @throws anything but a MailsealError that any of it throws, and an Error
 * where something counts as intact that was not signed.
 */
export async function exercise(subject: Subject, octets: Uint8Array): Promise<Outcome> {
  try {
    if (subject.kind === 'message') return await exerciseMessage(subject, octets);
    if (subject.kind === 'signature') return await exerciseSignature(subject, octets);
    return await exerciseCertificates(subject, octets);
  } catch (error) {
    if (error instanceof MailsealError) return 'error';
    throw error;
  }
}

async function exerciseMessage(subject: Subject, octets: Uint8Array): Promise<Outcome> {
  const message = parseMessage(octets);
  for (const part of message.walk()) {
    void [part.path, part.bytes, part.headerBytes, part.bodyBytes, part.preamble, part.epilogue];
    void [part.delimiters, part.filename, part.transferEncoding, part.contentType.parameters.all];
    for (const field of part.headers) {
      void [field.name, field.raw, field.text, field.defects];
      if (/^(from|to|cc|sender|reply-to)$/i.test(field.name)) parseAddressList(field.rawValue);
      else if (/^date$/i.test(field.name)) parseDateTime(field.value);
      else if (/^received$/i.test(field.name)) parseReceived(field.value);
      else if (/^authentication-results$/i.test(field.name)) parseAuthenticationResults(field.value);
      else if (/^content-language$/i.test(field.name)) parseContentLanguage(field.value);
    }
    const envelope = new Envelope(part.headers);
    void [envelope.from, envelope.replyTo, envelope.to, envelope.cc, envelope.messageId, envelope.references];
    mailingListOf(part.headers);
    void [part.content(), part.text(), part.defects];
  }
  const report = await verifyParsedMessage(message, subject.policy);
  for (const seal of report.seals) checkSeal(subject, seal);
  for (const other of report.others)
    if (other.signedData !== undefined) await touchSignedData(subject, other.signedData);
  return report.verified ? 'verified' : 'report';
}

async function exerciseSignature(subject: Subject, octets: Uint8Array): Promise<Outcome> {
  await touchSignedData(subject, parseSignedData(octets));
  const seal = await verifySignatureFile(octets, subject.policy);
  checkSeal(subject, seal);
  return seal.verified ? 'verified' : 'report';
}

async function exerciseCertificates(subject: Subject, octets: Uint8Array): Promise<Outcome> {
  for (const certificate of parseCertificates(octets)) await touchCertificate(subject, certificate);
  return 'report';
}

/** Whatever was done to a file: what counts as intact is what was signed, octet for octet. */
function checkSeal(subject: Subject, seal: Seal): void {
  const counts =
    seal.verified || seal.signers.some((each) => each.content === 'intact' && each.signature === 'valid');
  if (!counts || subject.contents === undefined) return;
  const { content } = seal;
  if (content === undefined || !subject.contents.some((each) => equalBytes(each, content))) {
    throw new Error('content counts as intact that was never signed');
  }
}

async function touchSignedData(subject: Subject, signedData: SignedData): Promise<void> {
  void [signedData.crls, signedData.isCertsOnly];
  quietly(() => signedData.content);
  for (const certificate of quietly(() => signedData.certificates) ?? [])
    await touchCertificate(subject, certificate);
  for (const signer of quietly(() => signedData.signers) ?? []) {
    quietly(() => signer.identifier);
    quietly(() => signer.signature);
    quietly(() => signer.signedAttributes);
    quietly(() => signer.unsignedAttributes.map(({ values }) => values.map(readAttributes)));
    quietly(() => signer.signedAttributesForms());
  }
}

async function touchCertificate(subject: Subject, certificate: Certificate): Promise<void> {
  for (const get of getters) quietly(() => get(certificate));
  await findPath(certificate, { at: subject.policy.at, roots: subject.policy.roots ?? [] });
}

const getters: readonly ((certificate: Certificate) => unknown)[] = [
  (each) => each.serialHex,
  (each) => each.signature,
  (each) => each.signatureAlgorithmsAgree,
  (each) => each.notBefore,
  (each) => each.notAfter,
  (each) => each.publicKey,
  (each) => each.publicKeyBits,
  (each) => each.extensions,
  (each) => each.basicConstraints,
  (each) => each.keyUsage,
  (each) => each.extendedKeyUsage,
  (each) => each.subjectAltName.map(({ value }) => `${value}`),
  (each) => each.subjectKeyIdentifier,
  (each) => each.authorityKeyIdentifier?.issuer.map(({ value }) => `${value}`),
  (each) => each.emailAddresses,
  (each) => each.isSelfIssued,
  (each) => `${each.subject}`,
  (each) => `${each.issuer}`,
  (each) => each.subject.normalized,
  (each) => each.subject.commonName,
];
