/**
 * Digests, keys, signatures and HMACs, verified and made, ciphers for content,
 * and what is encrypted with a password. Native code does the work where the runtime has it and
 * passes a known-answer test, TypeScript elsewhere, with the same answers.
 *
 * @module crypto
 */
export type { AbortSignalLike } from '../core/abort.js';
export type { Engine, EngineOptions } from '../core/engine.js';
export { type HkdfOptions, hkdf } from './agreement/hkdf.js';
export type { KeyAgreementScheme } from './agreement/key-agreement.js';
export { type DeriveSharedSecretOptions, deriveSharedSecret } from './agreement/shared-secret.js';
export { type X963KdfOptions, x963Kdf } from './agreement/x963-kdf.js';
export {
  type AeadAlgorithm,
  type AeadOptions,
  type AeadOutput,
  decryptAead,
  encryptAead,
} from './ciphers/aead.js';
export { type AeadEncryptor, createAeadEncryptor } from './ciphers/aead-stream.js';
export { createCbcDecryptor, createCbcEncryptor, type RunningCipher } from './ciphers/cbc.js';
export type { CbcAlgorithm } from './ciphers/cbc-blocks.js';
export { decryptWithCbc, encryptWithCbc } from './ciphers/cbc-once.js';
export { type ContentCipher, encodeContentCipher, parseContentCipher } from './ciphers/content-cipher.js';
export { type CanonicalDigest, canonicalDigest, createCanonicalDigest } from './digests/canonical-digest.js';
export { createDigest, type Digest, type DigestName, digest, digestLength } from './digests/digest.js';
export { parseDigestAlgorithm } from './digests/digest-algorithm.js';
export {
  createHmac,
  type Hmac,
  type HmacDigestName,
  hmac,
  type VerifyHmacOptions,
  verifyHmac,
} from './digests/hmac.js';
export type { CurveName } from './keys/curves.js';
export type {
  EncryptPrivateKeyOptions,
  PasswordCipherName,
  PasswordEncryptionOptions,
} from './keys/encrypted-private-key.js';
export { encryptPrivateKey } from './keys/encrypted-private-key.js';
export {
  type GenerateKeyPairOptions,
  generateKeyPair,
  type KeyPair,
  type KeyPairKind,
} from './keys/generate-key-pair.js';
export {
  type ParsePrivateKeyOptions,
  type PasswordLimits,
  parsePrivateKey,
} from './keys/parse-private-key.js';
export {
  type DsaPrivateKey,
  type EcPrivateKey,
  type EdwardsPrivateKey,
  type PrivateKey,
  type RsaPrivateKey,
  wipePrivateKey,
} from './keys/private-key.js';
export {
  type DsaParameters,
  type DsaPublicKey,
  type EcPublicKey,
  type EdwardsPublicKey,
  type PublicKey,
  parsePublicKey,
  type RsaPublicKey,
  withDsaParameters,
} from './keys/public-key.js';
export { encodePublicKey } from './keys/public-key-info.js';
export type { Password } from './passwords/password.js';
export { type Pbkdf2Options, pbkdf2 } from './passwords/pbkdf2.js';
export type { RandomOptions, RandomSource } from './random.js';
export type { PssParameters } from './signatures/pss-parameters.js';
export {
  type CreateSignerOptions,
  createSigner,
  defaultSignatureAlgorithm,
  type SignDataOptions,
  type Signer,
  signData,
} from './signatures/sign.js';
export { parseSignatureAlgorithm, type SignatureAlgorithm } from './signatures/signature-algorithm.js';
export { encodeSignatureAlgorithm } from './signatures/signature-identifier.js';
export { type VerifySignatureOptions, verifySignature } from './signatures/verify.js';
export { type DecryptKeyOptions, decryptKey } from './transport/decrypt-key.js';
export { type CreateDecryptorOptions, createDecryptor, type Decryptor } from './transport/decryptor.js';
export { type EncryptKeyOptions, encryptKey } from './transport/encrypt-key.js';
export {
  type EncryptKeysOptions,
  encryptKeys,
  type KeyTransportRecipient,
} from './transport/encrypt-keys.js';
export {
  encodeKeyTransportAlgorithm,
  type KeyTransportAlgorithm,
  parseKeyTransportAlgorithm,
} from './transport/key-transport-algorithm.js';
export { type KeyWrapName, unwrapKey, wrapKey } from './wrap/key-wrap.js';
