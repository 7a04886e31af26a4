import type { KeyAgreementScheme } from '../../crypto/agreement/key-agreement.js';
import type { AeadAlgorithm } from '../../crypto/ciphers/aead.js';
import type { HmacDigestName } from '../../crypto/digests/hmac.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Password } from '../../crypto/passwords/password.js';
import type { KeyTransportAlgorithm } from '../../crypto/transport/key-transport-algorithm.js';
import type { KeyWrapName } from '../../crypto/wrap/key-wrap-algorithm.js';
import type { Certificate } from '../../x509/certificate/certificate.js';

/** A recipient by his certificate: RSA, an elliptic curve, X25519 or X448. */
export interface CertificateRecipient {
  /** Nothing in it is checked here but the kind of its key. */
  readonly certificate: Certificate;
  /** How the certificate is named. Default `issuer-serial`, which every program reads. */
  readonly identifier?: 'issuer-serial' | 'ski';
  /** For RSA keys. Default `{ name: 'rsa-pkcs1' }`, which every program reads (RFC 8551 §2.3). */
  readonly transport?: KeyTransportAlgorithm;
  /** For the others. */
  readonly agreement?: {
    /** Default: X9.63 with SHA-256, SHA-384 or SHA-512 by the size of the curve; for X25519 and X448 HKDF (RFC 8418 §2). */
    readonly scheme?: KeyAgreementScheme;
    /** Default: the AES wrap as strong as the cipher (RFC 8551 §2.3). */
    readonly wrap?: KeyWrapName;
    /** User keying material. Default none. */
    readonly ukm?: Uint8Array;
  };
}

/** A recipient who holds a key-encryption key. */
export interface KekRecipientInput {
  readonly kek: Uint8Array;
  /** Which key it is, as both sides know it. */
  readonly id: Uint8Array;
  /** Default: the AES wrap that takes a key of this length. */
  readonly wrap?: KeyWrapName;
}

/** A recipient who knows a password. Whoever has the message can guess at it without end: take a long one. */
export interface PasswordRecipientInput {
  readonly password: Password;
  /** Iterations of PBKDF2. Default 600,000. */
  readonly iterations?: number;
  /** The digest of PBKDF2's HMAC. Default `sha256`. */
  readonly digest?: Exclude<HmacDigestName, 'md5'>;
}

/** Whom an envelope is for, told apart by what he has. */
export type Recipient = CertificateRecipient | KekRecipientInput | PasswordRecipientInput;

/** The ciphers that content is written in. Triple DES is for those who can read nothing else. */
export type ContentCipherName =
  | AeadAlgorithm['name']
  | 'aes128-cbc'
  | 'aes192-cbc'
  | 'aes256-cbc'
  | 'des-ede3-cbc';

/** One key to encrypt with RSA. */
export interface WrapJob {
  readonly publicKey: PublicKey;
  readonly algorithm: KeyTransportAlgorithm;
  /**
   * The content key, in a buffer of this job's own that may be wiped or
   * transferred to a worker; it is wiped when `wrapKeys` has answered. Secret: to be neither kept nor logged.
   */
  readonly key: Uint8Array;
}

/**
 * Encrypts a content key for many RSA recipients, in worker threads say: gives as many encrypted keys, in the order of
 * the jobs. What it throws passes through.
 */
export type WrapKeys = (jobs: readonly WrapJob[]) => Promise<readonly Uint8Array[]>;
