import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeRecipientKey } from '../engines/native-keys.js';
import { assertGiven } from '../given.js';
import type { PublicKey, RsaPublicKey } from '../keys/public-key.js';
import type { RandomOptions } from '../random.js';
import { publicOperation } from '../rsa-operations.js';
import { blindedPrivateOperation } from '../rsa-private-operation.js';
import { assertKeyTransport, type KeyTransportAlgorithm } from './key-transport-algorithm.js';
import { knownRsaKey } from './known-rsa-key.js';
import { type OaepAlgorithm, oaepOverhead, padOaep, unpadOaep } from './oaep-padding.js';
import { padPkcs1, pkcs1Overhead, unpadPkcs1 } from './pkcs1-padding.js';
import { webEncryptOaep } from './web-oaep.js';

/** What {@link encryptKey} takes. */
export interface EncryptKeyOptions extends EngineOptions, RandomOptions {
  /** The recipient's RSA key. */
  readonly publicKey: PublicKey;
  /** How to encrypt. */
  readonly algorithm: KeyTransportAlgorithm;
  /** The key to encrypt, as many octets as its cipher takes. */
  readonly key: Uint8Array;
}

/**
 * Encrypts a content key to the holder of an RSA key (RFC 3370 §4.2.1, RFC 3560).
 *
 * @returns as many octets as the modulus has; other ones each time
 * @throws MailsealError `usage` for a key of another kind than RSA or one that
 * is restricted to signatures (RFC 4055 §1.2), or an unknown algorithm;
 * `crypto-unsupported` for an RSA key too short for the content key with that
 * padding; `crypto-engine-unavailable` when `engine` is `native` and the
 * runtime cannot.
 * @example
 * ```ts
 * import { decryptKey, encryptKey, generateKeyPair } from 'mailseal/crypto';
 *
 * const { privateKey, publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
 * const algorithm = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const encryptedKey = await encryptKey({ publicKey, algorithm, key });
 * const decrypted = await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 32 });
 * console.log(decrypted.every((octet, i) => octet === key[i])); // true
 * ```
 */
export async function encryptKey(options: EncryptKeyOptions): Promise<Bytes> {
  const encrypted = encryptKeyAtOnce(options);
  if (encrypted !== undefined) return encrypted;
  const { publicKey, algorithm, key, engine, random } = options;
  const octets = asBytes(key);
  const rsa = transportKey(publicKey);
  if (algorithm.name === 'rsa-oaep' && random === undefined && engine !== 'typescript') {
    const fromWeb = await webEncryptOaep(rsa, algorithm, octets);
    if (fromWeb !== undefined) return fromWeb;
  }
  const { length } = rsa.modulus;
  const encoded =
    algorithm.name === 'rsa-pkcs1'
      ? padPkcs1(octets, length, random)
      : padOaep(algorithm, octets, length, options);
  try {
    return publicOperation(rsa, encoded, engine);
  } finally {
    encoded.fill(0);
  }
}

/**
 * {@link encryptKey} where the runtime does all of it at once, `undefined`
 * where something else has to. The runtime's own paddings are quicker, but draw
 * their randomness themselves: with a `random` source it is never asked.
 *
 * @throws MailsealError as {@link encryptKey}
 */
export function encryptKeyAtOnce(options: EncryptKeyOptions): Bytes | undefined {
  assertGiven(options, 'the options');
  const { publicKey, algorithm, random } = options;
  assertKeyTransport(algorithm);
  const rsa = transportKey(publicKey);
  const key = asBytes(options.key);
  const { length } = rsa.modulus;
  const overhead = algorithm.name === 'rsa-pkcs1' ? pkcs1Overhead : oaepOverhead(algorithm);
  if (key.length + overhead > length) {
    throw new MailsealError(
      'crypto-unsupported',
      `an RSA key of ${rsa.bits} bits is too short to encrypt ${key.length} octets with ${algorithm.name}; take a longer key`,
    );
  }
  return random === undefined ? nativelyEncrypted(rsa, algorithm, key, options) : undefined;
}

/**
 * The key as one that keys are encrypted to.
 *
 * @throws MailsealError `usage` for another kind, and for one that RFC 4055 §1.2 keeps for signatures.
 */
export function transportKey(key: PublicKey): RsaPublicKey {
  assertGiven(key, 'the public key');
  if (key.kind !== 'rsa') {
    throw usage(`a key of the kind ${key.kind} encrypts no keys; it takes an RSA key`);
  }
  if (key.pssOnly) throw usage('the RSA key is restricted to RSASSA-PSS signatures');
  return key;
}

/** `RSA_PKCS1_PADDING` and `RSA_PKCS1_OAEP_PADDING` of OpenSSL's rsa.h. */
const pkcs1Padding = 1;
const oaepPadding = 4;

function nativelyEncrypted(
  publicKey: RsaPublicKey,
  algorithm: KeyTransportAlgorithm,
  key: Bytes,
  { engine }: EngineOptions,
): Bytes | undefined {
  if (algorithm.name === 'rsa-oaep' && algorithm.mgfDigest !== algorithm.digest) return undefined;
  const id = algorithm.name === 'rsa-pkcs1' ? 'RSAES-PKCS1-v1_5' : `RSAES-OAEP with ${algorithm.digest}`;
  const native = trustedNative(engine, id, (module) => answersRightly(module, algorithm));
  if (native === undefined) return undefined;
  try {
    return nativeEncrypt(native, publicKey, algorithm, key);
  } catch (cause) {
    // A key that the runtime refuses; the bare operation, or TypeScript, may do it.
    if (engine === 'native') throw engineUnavailable(id, 'refused', cause);
    return undefined;
  }
}

function nativeEncrypt(
  native: NativeCrypto,
  publicKey: RsaPublicKey,
  algorithm: KeyTransportAlgorithm,
  key: Bytes,
): Bytes {
  if (algorithm.name === 'rsa-pkcs1') {
    return asBytes(native.publicEncrypt!(nativeRecipientKey(native, publicKey, pkcs1Padding), key));
  }
  const { digest, label } = algorithm;
  const parameters = { ...nativeRecipientKey(native, publicKey, oaepPadding), oaepHash: digest };
  return asBytes(
    native.publicEncrypt!(
      label === undefined || label.length === 0 ? parameters : { ...parameters, oaepLabel: asBytes(label) },
      key,
    ),
  );
}

/** What is encrypted natively has to decrypt to the same in TypeScript. */
function answersRightly(native: NativeCrypto, algorithm: KeyTransportAlgorithm): boolean {
  const privateKey = knownRsaKey();
  const { publicKey } = privateKey;
  const key = Uint8Array.of(1, 0, 2);
  const own = { engine: 'typescript' } as const;
  const decrypted = (tested: KeyTransportAlgorithm): Bytes | undefined => {
    const encrypted = nativeEncrypt(native, publicKey, tested, key);
    const encoded = blindedPrivateOperation(privateKey, encrypted, {});
    return tested.name === 'rsa-pkcs1'
      ? unpadPkcs1(encoded, key.length, new Uint8Array(key.length))
      : unpadOaep(tested, encoded, key.length, own);
  };
  const tested: KeyTransportAlgorithm[] = [algorithm];
  if (algorithm.name === 'rsa-oaep') {
    const { digest, mgfDigest } = algorithm;
    const shared: OaepAlgorithm = { name: 'rsa-oaep', digest, mgfDigest };
    tested[0] = shared;
    tested.push({ ...shared, label: Uint8Array.of(7, 8) });
  }
  return tested.every((each) => {
    const found = decrypted(each);
    return found !== undefined && equalBytes(found, key);
  });
}
