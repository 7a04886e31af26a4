/**
 * Digests, keys, and signatures: verifying them and making them. Native code does the work where the
 * runtime has it and passes a known-answer test, TypeScript elsewhere, with
 * the same answers.
 *
 * @module crypto
 */
export type { Engine, EngineOptions } from '../core/engine.js';
export type { CurveName } from './curves.js';
export { createDigest, type Digest, type DigestName, digest, digestLength } from './digest.js';
export { parseDigestAlgorithm } from './digest-algorithm.js';
export {
  type GenerateKeyPairOptions,
  generateKeyPair,
  type KeyPair,
  type KeyPairKind,
} from './generate-key-pair.js';
export type { PssParameters } from './pss-parameters.js';
export {
  type DsaParameters,
  type DsaPublicKey,
  type EcPublicKey,
  type EdwardsPublicKey,
  type PublicKey,
  parsePublicKey,
  type RsaPublicKey,
  withDsaParameters,
} from './public-key.js';
export { encodePublicKey } from './public-key-info.js';
export type { RandomOptions, RandomSource } from './random.js';
export {
  type CreateSignerOptions,
  createSigner,
  defaultSignatureAlgorithm,
  type SignDataOptions,
  type Signer,
  signData,
} from './sign.js';
export { parseSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.js';
export { encodeSignatureAlgorithm } from './signature-identifier.js';
export { type VerifySignatureOptions, verifySignature } from './verify.js';
