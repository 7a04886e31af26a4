import { Tag } from '../../asn1/reader.js';
import { der, derExplicit, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { type DigestName, digest } from '../../crypto/digests/digest.js';
import { digestAlgorithmIdentifier } from '../../crypto/digests/digest-algorithm.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { issuerAndSerialNumber } from '../certificate-identifier.js';
import { AttributeOid, ContentTypeOid } from '../oids.js';

// What is the same in each signature is encoded once. None of it is handed out: it is copied into what is written.

const ourOids: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  ...Object.values(AttributeOid),
  ...Object.values(ContentTypeOid),
]);
const oids: Map<string, Bytes> = /* @__PURE__ */ new Map<string, Bytes>();
const digests: Map<DigestName, Bytes> = /* @__PURE__ */ new Map<DigestName, Bytes>();
const certificates: WeakMap<Certificate, { issuerAndSerial?: Bytes; signingCertificate?: Bytes }> =
  /* @__PURE__ */ new WeakMap();

/** An OBJECT IDENTIFIER; those that are named in cms are kept. */
export function keptOid(dotted: string): Bytes {
  const known = oids.get(dotted);
  if (known !== undefined) return known;
  const made = derOid(dotted);
  if (ourOids.has(dotted)) oids.set(dotted, made);
  return made;
}

/** The AlgorithmIdentifier of a digest. */
export function keptDigestIdentifier(name: DigestName): Bytes {
  let known = digests.get(name);
  if (known === undefined) {
    known = digestAlgorithmIdentifier(name);
    digests.set(name, known);
  }
  return known;
}

/** The IssuerAndSerialNumber of a certificate. */
export function keptIssuerAndSerialNumber(certificate: Certificate): Bytes {
  const kept = keptOf(certificate);
  kept.issuerAndSerial ??= issuerAndSerialNumber(certificate);
  return kept.issuerAndSerial;
}

/**
 * SigningCertificateV2 (RFC 5035 §3, §4): the hash of the signer's certificate,
 * by SHA-256, which as the default is not named, and its issuer and serial number.
 */
export function keptSigningCertificate(certificate: Certificate, { engine }: EngineOptions): Bytes {
  const kept = keptOf(certificate);
  if (kept.signingCertificate === undefined) {
    const hash = digest('sha256', certificate.bytes, engine === undefined ? {} : { engine });
    const issuer = derSequence(derExplicit(4, certificate.issuer.bytes));
    const issuerSerial = derSequence(issuer, der(Tag.Integer, certificate.serialNumber));
    kept.signingCertificate = derSequence(derSequence(derSequence(derOctetString(hash), issuerSerial)));
  }
  return kept.signingCertificate;
}

function keptOf(certificate: Certificate): { issuerAndSerial?: Bytes; signingCertificate?: Bytes } {
  let kept = certificates.get(certificate);
  if (kept === undefined) {
    kept = {};
    certificates.set(certificate, kept);
  }
  return kept;
}
