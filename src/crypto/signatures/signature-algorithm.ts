import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../digests/digest.js';
import { readDigestAlgorithm } from '../digests/digest-algorithm.js';
import { parsePssParameters } from './pss-parameters.js';

/** How a signature was made, told apart by `name`. */
export type SignatureAlgorithm =
  | { readonly name: 'rsa-pkcs1'; readonly digest: DigestName }
  | {
      readonly name: 'rsa-pss';
      readonly digest: DigestName;
      /** The digest of MGF1; a SHAKE stands for itself as mask generation function (RFC 8702 §3.2.1). */
      readonly mgfDigest: DigestName;
      /** Length of the salt in octets. */
      readonly saltLength: number;
    }
  | { readonly name: 'ecdsa'; readonly digest: DigestName }
  | { readonly name: 'dsa'; readonly digest: DigestName }
  | { readonly name: 'ed25519' }
  | { readonly name: 'ed448' };

type DigestedScheme = 'rsa-pkcs1' | 'ecdsa' | 'dsa';

const rsaPkcs1 = '1.2.840.113549.1.1.';
const nistSignature = '2.16.840.1.101.3.4.3.';
const ecdsaSha2 = '1.2.840.10045.4.3.';

/** OIDs that name scheme and digest (RFC 3279, 4055, 5754, 5758, 8702, 9688; the 1.3.14 ones are OIW's). */
const fullAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = /* @__PURE__ */ new Map<
  string,
  SignatureAlgorithm
>([
  [`${rsaPkcs1}4`, { name: 'rsa-pkcs1', digest: 'md5' }],
  [`${rsaPkcs1}5`, { name: 'rsa-pkcs1', digest: 'sha1' }],
  [`${rsaPkcs1}11`, { name: 'rsa-pkcs1', digest: 'sha256' }],
  [`${rsaPkcs1}12`, { name: 'rsa-pkcs1', digest: 'sha384' }],
  [`${rsaPkcs1}13`, { name: 'rsa-pkcs1', digest: 'sha512' }],
  [`${rsaPkcs1}14`, { name: 'rsa-pkcs1', digest: 'sha224' }],
  [`${rsaPkcs1}16`, { name: 'rsa-pkcs1', digest: 'sha512-256' }],
  ['1.3.14.3.2.3', { name: 'rsa-pkcs1', digest: 'md5' }],
  ['1.3.14.3.2.29', { name: 'rsa-pkcs1', digest: 'sha1' }],
  [`${nistSignature}13`, { name: 'rsa-pkcs1', digest: 'sha3-224' }],
  [`${nistSignature}14`, { name: 'rsa-pkcs1', digest: 'sha3-256' }],
  [`${nistSignature}15`, { name: 'rsa-pkcs1', digest: 'sha3-384' }],
  [`${nistSignature}16`, { name: 'rsa-pkcs1', digest: 'sha3-512' }],
  ['1.3.6.1.5.5.7.6.30', { name: 'rsa-pss', digest: 'shake128', mgfDigest: 'shake128', saltLength: 32 }],
  ['1.3.6.1.5.5.7.6.31', { name: 'rsa-pss', digest: 'shake256', mgfDigest: 'shake256', saltLength: 64 }],
  ['1.2.840.10045.4.1', { name: 'ecdsa', digest: 'sha1' }],
  [`${ecdsaSha2}1`, { name: 'ecdsa', digest: 'sha224' }],
  [`${ecdsaSha2}2`, { name: 'ecdsa', digest: 'sha256' }],
  [`${ecdsaSha2}3`, { name: 'ecdsa', digest: 'sha384' }],
  [`${ecdsaSha2}4`, { name: 'ecdsa', digest: 'sha512' }],
  [`${nistSignature}9`, { name: 'ecdsa', digest: 'sha3-224' }],
  [`${nistSignature}10`, { name: 'ecdsa', digest: 'sha3-256' }],
  [`${nistSignature}11`, { name: 'ecdsa', digest: 'sha3-384' }],
  [`${nistSignature}12`, { name: 'ecdsa', digest: 'sha3-512' }],
  ['1.3.6.1.5.5.7.6.32', { name: 'ecdsa', digest: 'shake128' }],
  ['1.3.6.1.5.5.7.6.33', { name: 'ecdsa', digest: 'shake256' }],
  ['1.2.840.10040.4.3', { name: 'dsa', digest: 'sha1' }],
  ['1.3.14.3.2.27', { name: 'dsa', digest: 'sha1' }],
  [`${nistSignature}1`, { name: 'dsa', digest: 'sha224' }],
  [`${nistSignature}2`, { name: 'dsa', digest: 'sha256' }],
  [`${nistSignature}3`, { name: 'dsa', digest: 'sha384' }],
  [`${nistSignature}4`, { name: 'dsa', digest: 'sha512' }],
  [`${nistSignature}5`, { name: 'dsa', digest: 'sha3-224' }],
  [`${nistSignature}6`, { name: 'dsa', digest: 'sha3-256' }],
  [`${nistSignature}7`, { name: 'dsa', digest: 'sha3-384' }],
  [`${nistSignature}8`, { name: 'dsa', digest: 'sha3-512' }],
  ['1.3.101.112', { name: 'ed25519' }],
  ['1.3.101.113', { name: 'ed448' }],
]);

/** OIDs of a key or scheme alone: the digest is then that of the SignerInfo (RFC 3370 §3.2: rsaEncryption). */
const schemes: ReadonlyMap<string, DigestedScheme> = /* @__PURE__ */ new Map<string, DigestedScheme>([
  [`${rsaPkcs1}1`, 'rsa-pkcs1'],
  ['2.5.8.1.1', 'rsa-pkcs1'],
  ['1.2.840.10045.2.1', 'ecdsa'],
  ['1.2.840.10040.4.1', 'dsa'],
  ['1.3.14.3.2.12', 'dsa'],
]);

const idRsassaPss = `${rsaPkcs1}10`;
const ecdsaWithSpecified = '1.2.840.10045.4.3';

/**
 * Reads the AlgorithmIdentifier of a signature.
 *
 * An OID that names no digest (`rsaEncryption`, as most S/MIME programs
 * write, `id-dsa`, `id-ecPublicKey`) takes the given one. An OID that names
 * one keeps it, whatever is given: compare where that matters.
 *
 * @param algorithmIdentifier the DER or BER of the AlgorithmIdentifier
 * @param digestName the SignerInfo's digestAlgorithm; certificates have none
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with
 * the OID for an algorithm that is not known (MD2 among them), or where the
 * OID needs a digest and none is given.
 * @example
 * ```ts
 * import { parseSignatureAlgorithm } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const rsaEncryption = decodeHex('300d06092a864886f70d0101010500');
 * console.log(parseSignatureAlgorithm(rsaEncryption, 'sha256')); // { name: 'rsa-pkcs1', digest: 'sha256' }
 * ```
 */
export function parseSignatureAlgorithm(
  algorithmIdentifier: Uint8Array,
  digestName?: DigestName,
): SignatureAlgorithm {
  const node = readBer(algorithmIdentifier);
  const fields = sequenceOf(node, 'an AlgorithmIdentifier');
  const [identifier, parameters] = fields;
  if (identifier === undefined || fields.length > 2) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  // Parameters of these are NULL or absent by their RFCs. DSA's own in their place are met and change nothing.
  const full = fullAlgorithms.get(oid);
  if (full !== undefined) return full;
  const scheme = schemes.get(oid);
  if (scheme !== undefined) {
    if (digestName === undefined) {
      throw new MailsealError(
        'crypto-unsupported',
        `the OID ${oid} names a key and no digest, and none is given`,
      );
    }
    return { name: scheme, digest: digestName };
  }
  if (oid === idRsassaPss) return pssAlgorithm(parameters);
  if (oid === ecdsaWithSpecified && parameters !== undefined) {
    return { name: 'ecdsa', digest: readDigestAlgorithm(parameters) };
  }
  throw new MailsealError('crypto-unsupported', `the signature algorithm ${oid} is not known here`, {
    offset: node.start,
  });
}

/** The OID that names both scheme and digest; `undefined` for RSASSA-PSS with parameters and for what has none. */
export function oidOfSignature(algorithm: SignatureAlgorithm): string | undefined {
  for (const [oid, each] of fullAlgorithms) if (isSameAlgorithm(each, algorithm)) return oid;
  return undefined;
}

/** Whether two algorithms are the same in every parameter. */
export function isSameAlgorithm(a: SignatureAlgorithm, b: SignatureAlgorithm): boolean {
  if (a.name === 'rsa-pss' && b.name === 'rsa-pss') {
    return a.digest === b.digest && a.mgfDigest === b.mgfDigest && a.saltLength === b.saltLength;
  }
  return a.name === b.name && ('digest' in a ? a.digest : '') === ('digest' in b ? b.digest : '');
}

function pssAlgorithm(parameters: BerNode | undefined): SignatureAlgorithm {
  // RFC 4055 §3.1: in a signature the parameters are present; RFC 8017's defaults stand in for those that forgot.
  if (parameters === undefined || parameters.is(Tag.Null)) {
    return { name: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltLength: 20 };
  }
  return { name: 'rsa-pss', ...parsePssParameters(parameters) };
}
