import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { deriveSharedSecret } from '../agreement/shared-secret.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { hmacOf } from '../digests/hmac.js';
import { assertGiven } from '../given.js';
import type { PrivateKey } from '../keys/private-key.js';
import type { PublicKey } from '../keys/public-key.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import { type RandomOptions, randomOctets } from '../random.js';
import { decryptKey } from './decrypt-key.js';
import type { KeyTransportAlgorithm } from './key-transport-algorithm.js';
import { rejectionKeyFrom } from './rejection-key.js';

/**
 * Whatever holds a private key that opens envelopes: {@link createDecryptor}
 * makes one of a private key; for a smart card or a key server write your own.
 * It has the one of the two members that its kind of key can do.
 */
export interface Decryptor {
  /** The key that was encrypted to. */
  readonly publicKey: PublicKey;
  /**
   * With RSA, the content key of `keyLength` octets in an encrypted key. It may
   * reject, or give octets of another length, where the padding is wrong: what
   * uses it keeps that from being seen, and any other rejection with it. Reject
   * with a `MailsealError` of the fault `usage` for what has nothing to do with
   * the encrypted key, such as a card that is not there: that is passed on.
   */
  decryptKey?(
    algorithm: KeyTransportAlgorithm,
    encryptedKey: Uint8Array,
    keyLength: number,
  ): Promise<Uint8Array>;
  /** On a curve, the secret in common with somebody else's public key, without a derivation (SEC 1 §3.3.1, RFC 7748 §6). */
  agree?(publicKey: PublicKey): Promise<Uint8Array>;
}

/** What {@link createDecryptor} takes beside the key. */
export interface CreateDecryptorOptions extends EngineOptions, RandomOptions {}

/**
 * A {@link Decryptor} of a private key: with RSA it decrypts keys as
 * {@link decryptKey} does, on a curve, X25519 and X448 it agrees as
 * {@link deriveSharedSecret} does. Other keys make one that can neither.
 *
 * @throws MailsealError `usage` for a key that was wiped.
 * @example
 * ```ts
 * import { createDecryptor, encryptKey, generateKeyPair } from 'mailseal/crypto';
 *
 * const { privateKey, publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const algorithm = { name: 'rsa-pkcs1' } as const;
 * const encryptedKey = await encryptKey({ publicKey, algorithm, key: new Uint8Array(16).fill(7) });
 * const decryptor = createDecryptor(privateKey);
 * const key = await decryptor.decryptKey?.(algorithm, encryptedKey, 16);
 * console.log(key?.every((octet) => octet === 7)); // true
 * ```
 */
export function createDecryptor(privateKey: PrivateKey, options: CreateDecryptorOptions = {}): Decryptor {
  assertGiven(privateKey, 'the private key');
  assertNotWiped(privateKey);
  const { publicKey } = privateKey;
  switch (privateKey.kind) {
    case 'rsa':
      return {
        publicKey,
        decryptKey: (algorithm, encryptedKey, keyLength) =>
          decryptKey({ ...options, privateKey, algorithm, encryptedKey, keyLength }),
      };
    case 'ec':
    case 'x25519':
    case 'x448':
      return {
        publicKey,
        agree: (other) => deriveSharedSecret({ ...options, privateKey, publicKey: other }),
      };
    default:
      return { publicKey };
  }
}

/** One for the process: decryptors are made anew for each message by some, and a key that is made anew tells the padding. */
let processSecret: Bytes | undefined;

/** What a decryptor's keys for wrong paddings are made from, for want of the private exponent. */
function rejectionSecret(publicKey: PublicKey): Bytes {
  processSecret ??= randomOctets(undefined, 32);
  // A key is the same for one private key, and another for another.
  return hmacOf('sha256', processSecret, publicKey.kind === 'rsa' ? publicKey.pkcs1 : new Uint8Array(0));
}

/**
 * A content key from a {@link Decryptor}, with the rules of {@link decryptKey}
 * for one that does not keep them itself: with `rsa-pkcs1` a rejection or a
 * wrong length becomes a key that is always the same for the public key and the
 * ciphertext as long as the process runs, and that nobody can foresee. How long a card takes to refuse is
 * out of our hands.
 *
 * @throws MailsealError `crypto-decryption-failed` from `rsa-oaep`, whatever was
 * wrong; what the decryptor throws with the fault `usage`.
 */
export async function decryptKeyWith(
  decryptor: Decryptor,
  algorithm: KeyTransportAlgorithm,
  encryptedKey: Bytes,
  keyLength: number,
): Promise<Bytes> {
  const { name } = algorithm;
  const instead =
    name === 'rsa-pkcs1'
      ? rejectionKeyFrom(rejectionSecret(decryptor.publicKey), encryptedKey, keyLength, {})
      : undefined;
  let answer: unknown;
  try {
    // A copy: whatever is done to it, the message stays as it is.
    answer = await decryptor.decryptKey!(algorithm, encryptedKey.slice(), keyLength);
  } catch (error) {
    // The caller's own fault, of which the padding knows nothing: a wiped key, an engine that is not there.
    if (error instanceof MailsealError && error.fault === 'usage') throw error;
  }
  // A copy: it is wiped after use, and the decryptor may keep its own.
  const given = answer instanceof Uint8Array ? asBytes(answer).slice() : undefined;
  if (given?.length === keyLength) {
    instead?.fill(0);
    return given;
  }
  given?.fill(0);
  if (instead === undefined) throw decryptionFailed();
  return instead;
}
