import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { type DigestName, digest, publicDigest } from '../digests/digest.js';
import type { RsaPublicKey } from '../keys/public-key.js';
import { isRepresentative, publicOperation } from '../rsa-operations.js';
import { isPkcs1Encoding, isPssEncoding } from './emsa.js';
import type { PssParameters } from './pss-parameters.js';

/** RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2). A key for PSS only (RFC 4055 §1.2) verifies nothing. */
export function verifyRsaPkcs1(
  key: RsaPublicKey,
  digestName: DigestName,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  return verifyRsaPkcs1Digest(
    key,
    digestName,
    signature,
    () => publicDigest(digestName, data, engine),
    engine,
  );
}

/** As {@link verifyRsaPkcs1}, by the digest of what was signed, which is not asked for where the signature is none. */
export function verifyRsaPkcs1Digest(
  key: RsaPublicKey,
  digestName: DigestName,
  signature: Bytes,
  hash: () => Bytes,
  engine: Engine | undefined,
): boolean {
  if (key.pssOnly) return false;
  const encoded = recoverEncoding(key, signature, engine);
  if (encoded === undefined) return false;
  return isPkcs1Encoding(encoded, digestName, hash());
}

/** RSASSA-PSS verification (RFC 8017 §8.1.2), with the restrictions that a PSS-only key states (RFC 4055 §3.3). */
export function verifyRsaPss(
  key: RsaPublicKey,
  parameters: PssParameters,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  const hash = (): Bytes => digest(parameters.digest, data, engineOptions(engine));
  return verifyRsaPssDigest(key, parameters, signature, hash, engine);
}

/** As {@link verifyRsaPss}, by the digest of what was signed, which is not asked for where the signature is none. */
export function verifyRsaPssDigest(
  key: RsaPublicKey,
  parameters: PssParameters,
  signature: Bytes,
  hash: () => Bytes,
  engine: Engine | undefined,
): boolean {
  const wanted = key.pssParameters;
  if (
    wanted !== undefined &&
    (wanted.digest !== parameters.digest ||
      wanted.mgfDigest !== parameters.mgfDigest ||
      wanted.saltLength > parameters.saltLength)
  ) {
    return false;
  }
  const encoded = recoverEncoding(key, signature, engine);
  if (encoded === undefined) return false;
  return isPssEncoding(encoded, key.bits - 1, parameters, hash(), engineOptions(engine));
}

function engineOptions(engine: Engine | undefined): { engine?: Engine } {
  return engine === undefined ? {} : { engine };
}

/**
 * RSAVP1 (RFC 8017 §5.2.2): the encoded message of a signature, as long as
 * the modulus; `undefined` when the signature has another length or is not
 * less than the modulus.
 *
 * Only this is asked of native code; the encoding is checked here, so that
 * every engine is as strict as every other, and any MGF works. On Node it
 * takes no longer than `crypto.verify`.
 */
function recoverEncoding(key: RsaPublicKey, signature: Bytes, engine: Engine | undefined): Bytes | undefined {
  if (!isRepresentative(key, signature)) return undefined;
  return publicOperation(key, signature, engine);
}
