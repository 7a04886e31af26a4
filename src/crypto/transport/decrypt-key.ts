import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { bytesFromInteger, integerFromBytes } from '../big-integer.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativePrivateKey } from '../engines/native-private-keys.js';
import { assertGiven } from '../given.js';
import type { PrivateKey, RsaPrivateKey } from '../keys/private-key.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import { Modulus } from '../modulus.js';
import type { RandomOptions } from '../random.js';
import { isRepresentative, noPadding } from '../rsa-operations.js';
import { blindedPrivateOperation } from '../rsa-private-operation.js';
import { transportKey } from './encrypt-key.js';
import { assertKeyTransport, type KeyTransportAlgorithm } from './key-transport-algorithm.js';
import { knownRsaKey } from './known-rsa-key.js';
import { type OaepAlgorithm, unpadOaep } from './oaep-padding.js';
import { unpadPkcs1 } from './pkcs1-padding.js';
import { rejectionKey } from './rejection-key.js';
import { webDecryptOaep } from './web-oaep.js';

/** What {@link decryptKey} takes. */
export interface DecryptKeyOptions extends EngineOptions, RandomOptions {
  /** The recipient's RSA key. Give the same object again: its native form is kept with it. */
  readonly privateKey: PrivateKey;
  /** How the key was encrypted. */
  readonly algorithm: KeyTransportAlgorithm;
  /** The encrypted key. */
  readonly encryptedKey: Uint8Array;
  /** How many octets the key has, which the cipher says that it is for; 0 to 4,096. */
  readonly keyLength: number;
}

/**
 * Decrypts a content key with an RSA private key.
 *
 * With `rsa-pkcs1` this always gives a key: where the padding is wrong, the
 * key in it has another length, or the ciphertext is none for this modulus,
 * it is one that the private key and the ciphertext determine and that nobody
 * else can foresee. It is chosen without a branch, so neither an error nor the
 * time says that the padding was wrong (Bleichenbacher's attack; RFC 3218
 * §2.3.2, RFC 8017 §7.2.2). The content then fails to decrypt, as with any
 * wrong key: say no more about it than that.
 *
 * TypeScript's arithmetic with private keys takes a time that depends on the
 * numbers, blinded as they are. It is used only when `engine` is `typescript`:
 * `auto` refuses where the runtime has nothing of its own.
 *
 * @returns `keyLength` octets; a secret, to be wiped by the caller
 * @throws MailsealError `crypto-decryption-failed` from `rsa-oaep`, whatever was
 * wrong; `usage` when the key was wiped, is of another kind than RSA or is
 * restricted to signatures, for an unknown algorithm or a `keyLength` that is
 * none; `crypto-engine-unavailable` when the runtime cannot and `engine` is not `typescript`.
 * @example
 * ```ts
 * import { decryptKey, encryptKey, generateKeyPair } from 'mailseal/crypto';
 *
 * const { privateKey, publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const algorithm = { name: 'rsa-pkcs1' } as const;
 * const key = crypto.getRandomValues(new Uint8Array(16));
 * const encryptedKey = await encryptKey({ publicKey, algorithm, key });
 * const decrypted = await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 16 });
 * console.log(decrypted.every((octet, i) => octet === key[i])); // true
 *
 * encryptedKey[100] ^= 1;
 * console.log((await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 16 })).length); // 16
 * ```
 */
export async function decryptKey(options: DecryptKeyOptions): Promise<Bytes> {
  assertGiven(options, 'the options');
  const { privateKey, algorithm, keyLength } = options;
  assertKeyTransport(algorithm);
  const key = transportPrivateKey(privateKey);
  if (!Number.isInteger(keyLength) || keyLength < 0 || keyLength > longestKey) {
    throw usage(`keyLength is a whole number from 0 to ${longestKey}, not ${shown(keyLength)}`);
  }
  const encryptedKey = asBytes(options.encryptedKey);
  return algorithm.name === 'rsa-pkcs1'
    ? decryptPkcs1(key, encryptedKey, options)
    : decryptOaep(key, algorithm, encryptedKey, options);
}

/** More than the largest modulus holds; what is too long for the modulus at hand is no fault of the caller, but of the message. */
const longestKey = 4096;

/**
 * A private key as one that decrypts keys.
 *
 * @throws MailsealError `usage` for another kind, one restricted to signatures, or one that was wiped.
 */
export function transportPrivateKey(key: PrivateKey): RsaPrivateKey {
  assertGiven(key, 'the private key');
  assertNotWiped(key);
  transportKey(key.publicKey);
  return key as RsaPrivateKey;
}

function engineOf({ engine }: EngineOptions): EngineOptions {
  return engine === undefined ? {} : { engine };
}

/** RSAES-PKCS1-v1_5 (RFC 8017 §7.2.2) with implicit rejection; what is computed is the same for every ciphertext. */
function decryptPkcs1(key: RsaPrivateKey, encryptedKey: Bytes, options: DecryptKeyOptions): Bytes {
  const { keyLength } = options;
  // What cannot be decrypted becomes an encoding of zeros, which has no padding.
  const octets = isRepresentative(key.publicKey, encryptedKey)
    ? encryptedKey
    : new Uint8Array(key.publicKey.modulus.length);
  const encoded = privateOperation(key, octets, options);
  const instead = rejectionKey(key, encryptedKey, keyLength, engineOf(options));
  const content = unpadPkcs1(encoded, keyLength, instead);
  encoded.fill(0);
  instead.fill(0);
  return content;
}

/** RSAES-OAEP (RFC 8017 §7.1.2): one error for everything. */
async function decryptOaep(
  key: RsaPrivateKey,
  algorithm: OaepAlgorithm,
  encryptedKey: Bytes,
  options: DecryptKeyOptions,
): Promise<Bytes> {
  const { engine, keyLength } = options;
  if (!isRepresentative(key.publicKey, encryptedKey)) throw decryptionFailed();
  if (engine !== 'typescript' && trustedPrivate(options) === undefined) {
    const fromWeb = await webDecryptOaep(key, algorithm, encryptedKey);
    if (fromWeb !== undefined) {
      if (fromWeb.length === keyLength) return fromWeb;
      fromWeb.fill(0);
      throw decryptionFailed();
    }
  }
  const encoded = privateOperation(key, encryptedKey, options);
  const content = unpadOaep(algorithm, encoded, keyLength, engineOf(options));
  if (content === undefined) throw decryptionFailed();
  return content;
}

const id = 'RSA decryption';

function trustedPrivate({ engine }: EngineOptions): NativeCrypto | undefined {
  return trustedNative(engine, id, answersRightly);
}

/** RSADP (RFC 8017 §5.1.2). The paddings are ours: `RSA_PKCS1_PADDING` is refused by some versions of Node. */
function privateOperation(key: RsaPrivateKey, octets: Bytes, options: EngineOptions & RandomOptions): Bytes {
  if (options.engine === 'typescript') return blindedPrivateOperation(key, octets, options);
  const native = trustedPrivate(options);
  if (native === undefined) {
    throw new MailsealError(
      'crypto-engine-unavailable',
      'this runtime decrypts nothing with RSA in this way, or fails its known-answer test; the engine typescript can, in a time that depends on the private key',
      { fault: 'usage' },
    );
  }
  try {
    return nativePower(native, key, octets);
  } catch (cause) {
    if (cause instanceof MailsealError) throw cause;
    throw engineUnavailable(id, 'refused', cause);
  }
}

function nativePower(native: NativeCrypto, key: RsaPrivateKey, octets: Bytes): Bytes {
  const imported = nativePrivateKey(native, key);
  return asBytes(native.privateDecrypt!({ key: imported, padding: noPadding }, octets));
}

/** Of a number without pattern and of one whose answer is small: zeros in front have to be there. */
function answersRightly(native: NativeCrypto): boolean {
  const key = knownRsaKey();
  const { modulus } = key.publicKey;
  const { length } = modulus;
  const n = new Modulus(integerFromBytes(modulus));
  const small = bytesFromInteger(n.power(3n, 65537n), length);
  const plain = Uint8Array.from({ length }, (_, i) => (i === 0 ? 0 : (i * 37) & 0xff));
  const any = bytesFromInteger(n.power(integerFromBytes(plain), 65537n), length);
  return (
    equalBytes(nativePower(native, key, any), plain) &&
    equalBytes(nativePower(native, key, small), bytesFromInteger(3n, length))
  );
}
