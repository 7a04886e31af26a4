import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, Tag } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { derNull, derOid, derSequence } from '../../asn1/writer.js';
import { type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { type DigestName, digest, extendableOutput } from './digest.js';
import { digestAlgorithmIdentifier, readDigestAlgorithm } from './digest-algorithm.js';

/** id-mgf1 (RFC 4055 §2.2). */
const mgf1 = '1.2.840.113549.1.1.8';

/** MGF1 (RFC 8017 §B.2.1), or a SHAKE by itself (RFC 8702 §3.2.1). */
export function generateMask(
  name: DigestName,
  seed: Uint8Array,
  length: number,
  options: EngineOptions,
): Bytes {
  if (name === 'shake128' || name === 'shake256') return extendableOutput(name, seed, length, options);
  const input = concatBytes([seed, new Uint8Array(4)]);
  const counter = new DataView(input.buffer, seed.length);
  const mask = new Uint8Array(length);
  for (let at = 0, count = 0; at < length; count++) {
    counter.setUint32(0, count);
    const piece = digest(name, input, options).subarray(0, length - at);
    mask.set(piece, at);
    at += piece.length;
  }
  return mask;
}

/** The digest of the mask generation function that an AlgorithmIdentifier names. Throws `asn1-*` and `crypto-unsupported`. */
export function readMaskFunction(node: BerNode): DigestName {
  const [identifier, parameters] = sequenceOf(node, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(node, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  if (oid !== mgf1) {
    throw new MailsealError('crypto-unsupported', `the mask generation function ${oid} is not known here`);
  }
  // RFC 4055 §2.2: the parameters are the hash function; absent, as RFC 8017's DEFAULT, SHA-1.
  return parameters === undefined || parameters.is(Tag.Null) ? 'sha1' : readDigestAlgorithm(parameters);
}

/** The DER of the AlgorithmIdentifier of MGF1 with a digest. */
export function maskFunctionIdentifier(name: DigestName): Bytes {
  return derSequence(derOid(mgf1), digestAlgorithmIdentifier(name, derNull()));
}
