import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { sequenceOf, unexpected } from '../../asn1/values.js';
import { der, derOid, derSequence } from '../../asn1/writer.js';
import type { AbortSignalLike } from '../../core/abort.js';
import { asBytes, type Bytes, concatBytes, constantTimeEqual } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { decryptionFailed } from '../ciphers/cbc.js';
import { encodeCbcAlgorithm, readCbcAlgorithm } from '../ciphers/cbc-algorithm.js';
import { type CbcAlgorithm, cbcKeyLength, runCbcBlocks } from '../ciphers/cbc-blocks.js';
import { type Password, utf8Password } from '../passwords/password.js';
import { deriveKey } from '../passwords/password-cipher.js';
import { Derivations } from '../passwords/password-derivations.js';
import {
  encodePbkdf2,
  type KeyDerivation,
  readTaggedKeyDerivation,
} from '../passwords/password-encryption.js';
import { type RandomOptions, randomOctets } from '../random.js';

/** How a content key is encrypted with a password (RFC 5652 §6.2.4, RFC 3211 §2). */
export interface PasswordWrap {
  /** What makes a key of the password; absent where both sides have the key from elsewhere. */
  readonly derivation?: KeyDerivation;
  /** The cipher of id-alg-PWRI-KEK with its vector. */
  readonly cipher: CbcAlgorithm;
}

/** What {@link wrapKeyWithPassword} takes. */
export interface PasswordWrapOptions extends EngineOptions, RandomOptions {
  readonly algorithm: PasswordWrap;
  readonly password: Password;
  readonly signal?: AbortSignalLike;
}

/** id-alg-PWRI-KEK. */
const passwordWrapOid = '1.2.840.113549.1.9.16.3.9';

/**
 * How a PasswordRecipientInfo was made.
 *
 * @param derivation the element `[0] keyDerivationAlgorithm` where there is one
 * @param encryption the keyEncryptionAlgorithm
 * @throws MailsealError `asn1-*`, `crypto-unsupported` with the OID for another algorithm.
 */
export function readPasswordWrap(derivation: BerNode | undefined, encryption: BerNode): PasswordWrap {
  const [identifier, parameters] = sequenceOf(encryption, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(encryption, 'an AlgorithmIdentifier');
  const oid = decodeOid(identifier);
  if (oid !== passwordWrapOid) {
    throw new MailsealError('crypto-unsupported', `the key encryption ${oid} is not known with passwords`, {
      offset: encryption.start,
    });
  }
  if (parameters === undefined) throw unexpected(encryption, 'a password wrap that names its cipher');
  const cipher = readCbcAlgorithm(parameters);
  return derivation === undefined ? { cipher } : { derivation: readTaggedKeyDerivation(derivation), cipher };
}

/**
 * The DER of both algorithms, the derivation with its tag `[0]`.
 *
 * @throws MailsealError `usage` for a derivation that is not PBKDF2.
 */
export function encodePasswordWrap(wrap: PasswordWrap): { derivation?: Bytes; encryption: Bytes } {
  const encryption = derSequence(derOid(passwordWrapOid), encodeCbcAlgorithm(wrap.cipher));
  if (wrap.derivation === undefined) return { encryption };
  if (wrap.derivation.name !== 'pbkdf2') {
    throw usage('only PBKDF2 is written for recipients with a password');
  }
  const { content } = readBer(encodePbkdf2(wrap.derivation));
  return { derivation: der(0xa0, content), encryption };
}

/**
 * Encrypts a content key with a password.
 *
 * @throws MailsealError `usage` for a key that has not 3 to 255 octets, without a derivation, or where
 * that has a keyLength which is not the cipher's; `limit-iterations`, `aborted`, `crypto-engine-unavailable`.
 */
export async function wrapKeyWithPassword(key: Bytes, options: PasswordWrapOptions): Promise<Bytes> {
  const { derivation, cipher } = options.algorithm;
  const length = cbcKeyLength(cipher);
  // RFC 8018 appendix A.2: keyLength, where it is given, is that of the cipher.
  if (derivation === undefined || (derivation.keyLength ?? length) !== length) {
    throw usage(`a derivation is wanted that gives the ${length} octets of ${cipher.name}`);
  }
  const password = utf8Password(options.password);
  const derivations = new Derivations(options);
  try {
    const kek = await deriveKey(derivation, password, length, derivations);
    return wrapWithKek(cipher, kek, key, options);
  } finally {
    password.fill(0);
    await derivations.wipe();
  }
}

/** RFC 3211 §2.3.1: the key with its length, a check and padding, encrypted twice over in one chain. */
export function wrapWithKek(
  cipher: CbcAlgorithm,
  kek: Bytes,
  key: Bytes,
  options: EngineOptions & RandomOptions,
): Bytes {
  if (key.length < 3 || key.length > 255) {
    throw usage(`a password wraps keys of 3 to 255 octets, not ${key.length}`);
  }
  const block = cipher.iv.length;
  const filled = Math.max(2 * block, Math.ceil((4 + key.length) / block) * block);
  const padding = randomOctets(options.random, filled - 4 - key.length);
  const check = key.subarray(0, 3).map((octet) => ~octet);
  const octets = concatBytes([Uint8Array.of(key.length), check, key, padding]);
  const once = runCbcBlocks('encrypt', cipher, kek, octets, options);
  octets.fill(0);
  return runCbcBlocks('encrypt', { ...cipher, iv: once.slice(-block) }, kek, once, options);
}

/** RFC 3211 §2.3.2. Throws `crypto-decryption-failed` for whatever is wrong with the octets. */
export function unwrapWithKek(
  cipher: CbcAlgorithm,
  kek: Bytes,
  wrapped: Uint8Array,
  options: EngineOptions,
): Bytes {
  const octets = asBytes(wrapped);
  const block = cipher.iv.length;
  const { length } = octets;
  // A length octet, three of the check and 255 of a key, in whole blocks.
  if (length % block !== 0 || length < 2 * block || length > 259 + block) throw decryptionFailed();
  const before = { ...cipher, iv: octets.slice(length - 2 * block, length - block) };
  const last = runCbcBlocks('decrypt', before, kek, octets.slice(length - block), options);
  const others = octets.slice(0, length - block);
  const start = runCbcBlocks('decrypt', { ...cipher, iv: last }, kek, others, options);
  const filled = runCbcBlocks('decrypt', cipher, kek, concatBytes([start, last]), options);
  const end = 4 + filled[0]!;
  const check = filled.slice(4, 7).map((octet) => ~octet);
  const right = constantTimeEqual(check, filled.subarray(1, 4));
  const key = filled.slice(4, end);
  filled.fill(0);
  if (right && end >= 7 && end <= length) return key;
  key.fill(0);
  throw decryptionFailed();
}
