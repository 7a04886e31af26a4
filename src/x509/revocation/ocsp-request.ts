import { Tag } from '../../asn1/reader.js';
import { der, derExplicit, derNull, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { type DigestName, digest } from '../../crypto/digests/digest.js';
import type { Certificate } from '../certificate/certificate.js';
import { OcspExtensionOid } from './ocsp-response.js';

/** A certificate to ask about, with that of its issuer. */
export interface OcspRequestEntry {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What {@link buildOcspRequest} takes beside the certificates. */
export interface OcspRequestOptions extends EngineOptions {
  /**
   * The hash that names the issuer. Default `sha1`, the one that every
   * responder knows (RFC 5019 §2.1.1); it identifies, and protects nothing.
   */
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /**
   * Octets that nobody can guess, which the responder repeats, so that an old
   * response does not pass for a new one: 32 are right (RFC 9654 §2.1).
   * Responders that sign in advance leave them out. Default: none.
   */
  readonly nonce?: Uint8Array;
}

const hashOids: Readonly<Record<NonNullable<OcspRequestOptions['hash']>, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/**
 * Builds an OCSPRequest (RFC 6960 §4.1, unsigned, as RFC 5019 §2.1 wants it):
 * what to POST to a responder as `application/ocsp-request`.
 *
 * @throws MailsealError `usage` for no certificate, a hash that is not
 * offered, or a nonce of no octets or more than 128 (RFC 9654 §2.1);
 * `crypto-engine-unavailable` where only the native engine is allowed and it lacks the hash.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { buildOcspRequest, parseCertificate } from 'mailseal/x509';
 *
 * const [certificate, issuer] = ['signer', 'intermediate'].map((name) =>
 *   parseCertificate(readFileSync(`test/vectors/demo/${name}.crt.pem`)),
 * );
 * console.log(buildOcspRequest([{ certificate: certificate!, issuer: issuer! }])[0]); // 48
 * ```
 */
export function buildOcspRequest(
  entries: readonly OcspRequestEntry[],
  options: OcspRequestOptions = {},
): Bytes {
  const { hash = 'sha1', nonce } = options;
  if (entries.length === 0) throw usage('an OCSP request asks about one certificate at least');
  if (!isKeyOf(hashOids, hash)) throw usage(`the hash of an OCSP request is sha1, sha256, sha384 or sha512`);
  const requests = entries.map((entry) => derSequence(certId(entry, hash, options)));
  const extensions = nonce === undefined ? [] : [derExplicit(2, derSequence(nonceExtension(nonce)))];
  return derSequence(derSequence(derSequence(...requests), ...extensions));
}

function certId(
  { certificate, issuer }: OcspRequestEntry,
  hash: keyof typeof hashOids,
  options: EngineOptions,
): Bytes {
  const { issuerNameHash, issuerKeyHash } = issuerHashes(certificate, issuer, hash, options);
  return derSequence(
    // RFC 5019 §2.1.1 prints SHA-1 with NULL, and responders compare the octets of precomputed answers.
    derSequence(derOid(hashOids[hash]), derNull()),
    derOctetString(issuerNameHash),
    derOctetString(issuerKeyHash),
    der(Tag.Integer, certificate.serialNumber),
  );
}

function nonceExtension(nonce: Uint8Array): Bytes {
  const octets = asBytes(nonce);
  // RFC 9654 §2.1: from 1 to 128 octets.
  if (octets.length < 1 || octets.length > 128)
    throw usage(`a nonce has 1 to 128 octets, this has ${octets.length}`);
  return derSequence(derOid(OcspExtensionOid.nonce), derOctetString(derOctetString(octets)));
}

/** RFC 6960 §4.1.1: hashes of the issuer's name as the certificate has it, and of the bits of its key. */
export function issuerHashes(
  certificate: Certificate,
  issuer: Certificate,
  hash: DigestName,
  options: EngineOptions,
): { readonly issuerNameHash: Bytes; readonly issuerKeyHash: Bytes } {
  return {
    issuerNameHash: digest(hash, certificate.issuer.bytes, options),
    issuerKeyHash: digest(hash, issuer.publicKeyBits, options),
  };
}
