import { derExplicit, derInteger, derNull, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { digestAlgorithmIdentifier } from '../digests/digest-algorithm.js';
import { maskFunctionIdentifier } from '../digests/mask-generation.js';
import type { PssParameters } from './pss-parameters.js';
import { oidOfSignature, type SignatureAlgorithm } from './signature-algorithm.js';

/** id-RSASSA-PSS (RFC 4055 §3). */
const rsassaPss = '1.2.840.113549.1.1.10';

/**
 * The DER of a signature's AlgorithmIdentifier, as certificates and requests
 * have it: the OID names the digest, too. What {@link parseSignatureAlgorithm}
 * reads.
 *
 * @throws MailsealError `crypto-unsupported` for a scheme that is not defined with that digest.
 * @example
 * ```ts
 * import { encodeSignatureAlgorithm } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const identifier = encodeSignatureAlgorithm({ name: 'ecdsa', digest: 'sha256' });
 * console.log(encodeHex(identifier)); // 300a06082a8648ce3d040302
 * ```
 */
export function encodeSignatureAlgorithm(algorithm: SignatureAlgorithm): Bytes {
  const oid = oidOfSignature(algorithm);
  if (oid !== undefined) {
    // RFC 8017 §A.2.4, RFC 9688 §3.1: NULL for RSASSA-PKCS1-v1_5; RFC 5754 §3, RFC 8702, RFC 8410 §3: nothing for all others.
    return algorithm.name === 'rsa-pkcs1' ? derSequence(derOid(oid), derNull()) : derSequence(derOid(oid));
  }
  if (algorithm.name === 'rsa-pss') return derSequence(derOid(rsassaPss), pssParameters(algorithm));
  const digest = 'digest' in algorithm ? ` with ${algorithm.digest}` : '';
  throw new MailsealError(
    'crypto-unsupported',
    `no object identifier is assigned to ${algorithm.name}${digest}`,
  );
}

/** RSASSA-PSS-params (RFC 4055 §3.1), DEFAULT values left out as DER wants. */
function pssParameters({ digest, mgfDigest, saltLength }: PssParameters): Bytes {
  const fields: Bytes[] = [];
  if (digest !== 'sha1') fields.push(derExplicit(0, digestAlgorithmIdentifier(digest, derNull())));
  if (mgfDigest !== 'sha1') fields.push(derExplicit(1, maskFunctionIdentifier(mgfDigest)));
  if (saltLength !== 20) fields.push(derExplicit(2, derInteger(saltLength)));
  return derSequence(...fields);
}
