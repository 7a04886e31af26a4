import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derExplicit, derNull, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { DigestName } from '../digests/digest.js';
import { digestAlgorithmIdentifier, readDigestAlgorithm } from '../digests/digest-algorithm.js';
import { maskFunctionIdentifier, readMaskFunction } from '../digests/mask-generation.js';
import { assertGiven } from '../given.js';

/**
 * How a key is encrypted with RSA: RSAES-PKCS1-v1_5 (RFC 3370 §4.2.1), which
 * every mail program reads, or RSAES-OAEP (RFC 3560, RFC 8017 §7.1).
 */
export type KeyTransportAlgorithm =
  | { readonly name: 'rsa-pkcs1' }
  | {
      readonly name: 'rsa-oaep';
      /** The digest of the label. */
      readonly digest: DigestName;
      /** The digest of MGF1. Programs that have one setting only want the same. */
      readonly mgfDigest: DigestName;
      /** What both sides have to know; default empty, as nearly everybody has it. */
      readonly label?: Uint8Array;
    };

/** RFC 3370 §4.2.1; RFC 4055 §4.1. */
const rsaEncryption = '1.2.840.113549.1.1.1';
const rsaesOaep = '1.2.840.113549.1.1.7';
const pSpecified = '1.2.840.113549.1.1.9';

/**
 * The key transport that an AlgorithmIdentifier names.
 *
 * @param algorithmIdentifier the DER or BER of the AlgorithmIdentifier
 * @throws MailsealError `asn1-*` when it is none, `crypto-unsupported` with the
 * OID for another algorithm, or a digest or mask function that is not known.
 * @example
 * ```ts
 * import { parseKeyTransportAlgorithm } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const identifier = decodeHex('300d06092a864886f70d0101010500');
 * console.log(parseKeyTransportAlgorithm(identifier)); // { name: 'rsa-pkcs1' }
 * ```
 */
export function parseKeyTransportAlgorithm(algorithmIdentifier: Uint8Array): KeyTransportAlgorithm {
  return readKeyTransportAlgorithm(readBer(algorithmIdentifier));
}

/** {@link parseKeyTransportAlgorithm} of an element that is already read. */
export function readKeyTransportAlgorithm(node: BerNode): KeyTransportAlgorithm {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  // RFC 3370 §4.2.1: the parameters are NULL; they have been seen left out, and say nothing anyway.
  if (oid === rsaEncryption) return { name: 'rsa-pkcs1' };
  if (oid === rsaesOaep) return readOaep(parameters);
  throw new MailsealError('crypto-unsupported', `the key transport ${oid} is not known here`, {
    offset: node.start,
  });
}

/** RSAES-OAEP-params (RFC 4055 §4.1); each field has a DEFAULT, and NULL or nothing stands for all of them. */
function readOaep(parameters: BerNode | undefined): KeyTransportAlgorithm {
  let digest: DigestName = 'sha1';
  let mgfDigest: DigestName = 'sha1';
  let label: Bytes | undefined;
  if (parameters !== undefined && !parameters.is(Tag.Null)) {
    let previous = -1;
    for (const field of sequenceOf(parameters, 'RSAES-OAEP-params')) {
      if ((field.identifier & 0xe0) !== 0xa0 || field.tagNumber > 2 || field.tagNumber <= previous) {
        throw unexpected(field, 'a field of RSAES-OAEP-params, each once and in order,');
      }
      previous = field.tagNumber;
      const [value, ...more] = field.children;
      if (value === undefined || more.length > 0) throw unexpected(field, 'one element in an explicit tag');
      if (previous === 0) digest = readDigestAlgorithm(value);
      else if (previous === 1) mgfDigest = readMaskFunction(value);
      else label = readLabel(value);
    }
  }
  const algorithm = { name: 'rsa-oaep', digest, mgfDigest } as const;
  return label === undefined || label.length === 0 ? algorithm : { ...algorithm, label };
}

function readLabel(node: BerNode): Bytes {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  if (oid !== pSpecified) {
    throw new MailsealError('crypto-unsupported', `the source ${oid} of OAEP’s label is not known here`, {
      offset: node.start,
    });
  }
  return parameters === undefined ? new Uint8Array(0) : octetString(parameters).slice();
}

/**
 * The DER of the AlgorithmIdentifier of a key transport. What
 * {@link parseKeyTransportAlgorithm} reads.
 *
 * @throws MailsealError `usage` for an unknown name or digest.
 * @example
 * ```ts
 * import { encodeKeyTransportAlgorithm } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const identifier = encodeKeyTransportAlgorithm({ name: 'rsa-oaep', digest: 'sha1', mgfDigest: 'sha1' });
 * console.log(encodeHex(identifier)); // 300d06092a864886f70d0101073000
 * ```
 */
export function encodeKeyTransportAlgorithm(algorithm: KeyTransportAlgorithm): Bytes {
  assertKeyTransport(algorithm);
  if (algorithm.name === 'rsa-pkcs1') return derSequence(derOid(rsaEncryption), derNull());
  const { digest, mgfDigest, label } = algorithm;
  // X.690 §11.5: a DEFAULT is left out.
  const fields: Bytes[] = [];
  if (digest !== 'sha1') fields.push(derExplicit(0, digestAlgorithmIdentifier(digest, derNull())));
  if (mgfDigest !== 'sha1') fields.push(derExplicit(1, maskFunctionIdentifier(mgfDigest)));
  if (label !== undefined && label.length > 0) {
    fields.push(derExplicit(2, derSequence(derOid(pSpecified), derOctetString(asBytes(label)))));
  }
  return derSequence(derOid(rsaesOaep), derSequence(...fields));
}

/** @throws MailsealError `usage` for what is no key transport. */
export function assertKeyTransport(algorithm: KeyTransportAlgorithm): void {
  assertGiven(algorithm, 'the algorithm');
  if (algorithm.name === 'rsa-pkcs1' || algorithm.name === 'rsa-oaep') return;
  const { name } = algorithm as { readonly name: unknown };
  throw usage(`${shown(name)} is no key transport; give rsa-pkcs1 or rsa-oaep`);
}
