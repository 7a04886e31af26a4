/**
 * Digests, keys, signatures and HMACs, verified and made, and what is encrypted
 * with a password. Native code does the work where the runtime has it and
 * passes a known-answer test, TypeScript elsewhere, with the same answers.
 *
 * @module crypto
 */
export type { Engine, EngineOptions } from '../core/engine.js';
export type { CbcAlgorithm, RunningCipher } from './cbc.js';
export { createCbcDecryptor, createCbcEncryptor } from './cbc.js';
export type { CurveName } from './curves.js';
export { createDigest, type Digest, type DigestName, digest, digestLength } from './digest.js';
export { parseDigestAlgorithm } from './digest-algorithm.js';
export type {
  EncryptPrivateKeyOptions,
  PasswordCipherName,
  PasswordEncryptionOptions,
} from './encrypted-private-key.js';
export { encryptPrivateKey } from './encrypted-private-key.js';
export {
  type GenerateKeyPairOptions,
  generateKeyPair,
  type KeyPair,
  type KeyPairKind,
} from './generate-key-pair.js';
export { createHmac, type Hmac, type HmacDigestName, hmac, verifyHmac } from './hmac.js';
export { type ParsePrivateKeyOptions, type PasswordLimits, parsePrivateKey } from './parse-private-key.js';
export type { Password } from './password.js';
export { type Pbkdf2Options, pbkdf2 } from './pbkdf2.js';
export {
  type DsaPrivateKey,
  type EcPrivateKey,
  type EdwardsPrivateKey,
  type PrivateKey,
  type RsaPrivateKey,
  wipePrivateKey,
} from './private-key.js';
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
