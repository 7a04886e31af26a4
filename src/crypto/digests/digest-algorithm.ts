import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeInteger, sequenceOf, unexpected } from '../../asn1/values.js';
import { derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { DigestName } from './digest.js';

/** RFC 3370 §2, RFC 5754 §2, RFC 8702 §3.1, RFC 9688 §2; SHA-1 also by OIW's OID. */
const digestsByOid: ReadonlyMap<string, DigestName> = /* @__PURE__ */ new Map<string, DigestName>([
  ['1.2.840.113549.2.5', 'md5'],
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['2.16.840.1.101.3.4.2.6', 'sha512-256'],
  ['2.16.840.1.101.3.4.2.7', 'sha3-224'],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
  ['2.16.840.1.101.3.4.2.11', 'shake128'],
  ['2.16.840.1.101.3.4.2.12', 'shake256'],
]);

/** id-shake256-len, whose parameter is the output length in bits. */
const shake256Len = '2.16.840.1.101.3.4.2.18';
const shake128Len = '2.16.840.1.101.3.4.2.17';

/**
 * Signature OIDs that old programs put where a digest's belongs
 * (`sha1WithRSAEncryption` as digestAlgorithm); OpenSSL reads them so, too.
 */
const digestsBySignatureOid: ReadonlyMap<string, DigestName> = /* @__PURE__ */ new Map<string, DigestName>([
  ['1.2.840.113549.1.1.4', 'md5'],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.3.14.3.2.29', 'sha1'],
  ['1.2.840.10040.4.3', 'sha1'],
  ['1.2.840.113549.1.1.14', 'sha224'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
]);

/**
 * The digest that an AlgorithmIdentifier names. Parameters may be NULL or
 * absent (RFC 5754 §2 wants both accepted); others are refused. The OID of an
 * RSA or DSA signature counts as that of its digest, as old mail has it.
 *
 * @param algorithmIdentifier the DER or BER of the AlgorithmIdentifier
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with
 * the OID for a digest that is not known.
 * @example
 * ```ts
 * import { parseDigestAlgorithm } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * console.log(parseDigestAlgorithm(decodeHex('300b0609608648016503040201'))); // sha256
 * ```
 */
export function parseDigestAlgorithm(algorithmIdentifier: Uint8Array): DigestName {
  return readDigestAlgorithm(readBer(algorithmIdentifier));
}

/** The DER of a digest's AlgorithmIdentifier; RFC 5754 §2 wants no parameters for SHA-2, some older uses NULL. */
export function digestAlgorithmIdentifier(name: DigestName, ...parameters: readonly Bytes[]): Bytes {
  for (const [oid, each] of digestsByOid) {
    if (each === name) return derSequence(derOid(oid), ...parameters);
  }
  throw usage(`${shown(name)} is no digest that is known here`);
}

/** Like {@link parseDigestAlgorithm} for an element that is already read. */
export function readDigestAlgorithm(node: BerNode): DigestName {
  const [identifier, parameters, ...more] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined || more.length > 0) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  const name = digestsByOid.get(oid) ?? digestsBySignatureOid.get(oid);
  if (name !== undefined && (parameters === undefined || parameters.is(Tag.Null))) return name;
  if (parameters?.is(Tag.Integer)) {
    if (oid === shake256Len && decodeInteger(parameters) === 512) return 'shake256';
    if (oid === shake128Len && decodeInteger(parameters) === 256) return 'shake128';
  }
  throw new MailsealError(
    'crypto-unsupported',
    `the digest algorithm ${oid} is not known here${parameters === undefined ? '' : ' with these parameters'}`,
    { offset: node.start },
  );
}
