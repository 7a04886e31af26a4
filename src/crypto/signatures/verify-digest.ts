import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import type { PublicKey } from '../keys/public-key.js';
import { verifyDsaDigest } from './dsa.js';
import { verifyEcdsaDigest } from './ecdsa.js';
import { verifyRsaPkcs1Digest, verifyRsaPssDigest } from './rsa.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** A signature over octets of which only the digest is left. */
export interface DigestSignature {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: PublicKey;
  readonly signature: Bytes;
  /** The digest of what was signed, by the algorithm's own. */
  readonly hash: Bytes;
  readonly engine?: Engine;
}

/**
 * As `signatureFits`, by the digest of what was signed. `undefined` for Edwards keys, which sign the octets
 * themselves (RFC 8032 §5.1.7).
 *
 * @throws MailsealError as `verifySignature`; the native engine alone has no ECDSA and no DSA by a digest.
 */
export function digestSignatureFits({
  algorithm,
  publicKey: key,
  signature,
  hash,
  engine,
}: DigestSignature): boolean | undefined {
  switch (algorithm.name) {
    case 'rsa-pkcs1':
      return key.kind === 'rsa' && verifyRsaPkcs1Digest(key, algorithm.digest, signature, () => hash, engine);
    case 'rsa-pss':
      return key.kind === 'rsa' && verifyRsaPssDigest(key, algorithm, signature, () => hash, engine);
    case 'ecdsa':
      return key.kind === 'ec' && verifyEcdsaDigest(key, signature, hash, engine);
    case 'dsa':
      return key.kind === 'dsa' && verifyDsaDigest(key, signature, hash, engine);
    default:
      return undefined;
  }
}
