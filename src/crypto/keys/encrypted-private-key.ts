import { readBer, Tag } from '../../asn1/reader.js';
import { octetString, sequenceOf } from '../../asn1/values.js';
import { derOctetString, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { type HmacDigestName, hmacDigest } from '../digests/hmac.js';
import { assertGiven } from '../given.js';
import type { Password } from '../passwords/password.js';
import {
  decryptWithPassword,
  encryptWithPassword,
  type PasswordForms,
  wipeForms,
  writtenForm,
} from '../passwords/password-cipher.js';
import { Derivations } from '../passwords/password-derivations.js';
import {
  encodePasswordEncryption,
  type PasswordEncryption,
  readPasswordEncryption,
} from '../passwords/password-encryption.js';
import { type RandomSource, randomOctets } from '../random.js';
import type { PrivateKey } from './private-key.js';
import { assertNotWiped } from './wiped-keys.js';

/** The ciphers that {@link encryptPrivateKey} and PKCS#12 files are written with. */
export type PasswordCipherName = 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc';

/** Iterations of what is written where nobody says another number. */
export const defaultIterations = 600_000;

/** How something is encrypted with a password when it is written. */
export interface PasswordEncryptionOptions extends EngineOptions {
  /** Default `aes256-cbc`. */
  readonly cipher?: PasswordCipherName;
  /** The digest inside PBKDF2. Default `sha256`. */
  readonly digest?: Exclude<HmacDigestName, 'md5'>;
  /** Iterations of PBKDF2. Default 600,000, a quarter of a second in native code; what reads it has to be allowed as many. */
  readonly iterations?: number;
  /** Where salt and initialization vector come from. Default `crypto.getRandomValues`. */
  readonly random?: RandomSource;
}

/** What {@link encryptPrivateKey} takes beside the key. */
export interface EncryptPrivateKeyOptions extends PasswordEncryptionOptions {
  readonly password: Password;
}

/**
 * Encrypts a private key with a password: an EncryptedPrivateKeyInfo
 * (RFC 5958 §3) with PBES2 (RFC 8018 §6.2), which every program of today reads.
 * In PEM its label is `ENCRYPTED PRIVATE KEY`.
 *
 * @returns the DER
 * @throws MailsealError `usage` for an option that cannot be and for a key that was wiped,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime cannot.
 * @example
 * ```ts
 * import { encryptPrivateKey, parsePrivateKey } from 'mailseal/crypto';
 * import { encodePem } from 'mailseal/encoding';
 *
 * const key = await parsePrivateKey(`-----BEGIN PRIVATE KEY-----
 * MC4CAQAwBQYDK2VwBCIEIEzNCJtigvPcSsTC+kgI5GuSRyG8bBoZsPbkpOTfo1Tb
 * -----END PRIVATE KEY-----`);
 * const encrypted = await encryptPrivateKey(key, { password: '合言葉', iterations: 10_000 });
 * const pem = encodePem('ENCRYPTED PRIVATE KEY', encrypted);
 * const again = await parsePrivateKey(pem, { password: '合言葉' });
 * console.log(again.kind); // ed25519
 * ```
 */
export async function encryptPrivateKey(key: PrivateKey, options: EncryptPrivateKeyOptions): Promise<Bytes> {
  assertGiven(key, 'the private key');
  assertGiven(options, 'the options with a `password`');
  const algorithm = newPasswordEncryption(options);
  // What was asked for is no danger to whom asks: no limit but that of numbers.
  const derivations = new Derivations(options, Number.MAX_SAFE_INTEGER);
  const form = writtenForm(options.password);
  try {
    return await encryptPrivateKeyInfo(key, algorithm, form, derivations);
  } finally {
    wipeForms([form]);
    await derivations.wipe();
  }
}

/** An EncryptedPrivateKeyInfo, with a password at hand. */
export async function encryptPrivateKeyInfo(
  key: PrivateKey,
  algorithm: Exclude<PasswordEncryption, { readonly name: 'pbes1' }>,
  forms: PasswordForms,
  derivations: Derivations,
): Promise<Bytes> {
  assertNotWiped(key);
  const encrypted = await encryptWithPassword(algorithm, forms, key.pkcs8, derivations);
  // What was wiped while the password's key was derived was encrypted as zeros.
  assertNotWiped(key);
  return derSequence(encodePasswordEncryption(algorithm), derOctetString(encrypted));
}

/**
 * PBES2 with a fresh salt and a fresh vector.
 *
 * @param salt a salt that is used already, under which nothing is derived anew
 * @throws MailsealError `usage`.
 */
export function newPasswordEncryption(
  options: PasswordEncryptionOptions,
  salt: Bytes = randomOctets(options.random, 16),
): PasswordEncryption & { readonly name: 'pbes2' } {
  const { cipher: name = 'aes256-cbc', digest = 'sha256', iterations = defaultIterations } = options;
  if (!['aes128-cbc', 'aes192-cbc', 'aes256-cbc'].includes(name)) {
    throw usage(`${shown(name)} is no cipher for writing; take aes256-cbc`);
  }
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw usage('the iterations are a whole number of at least 1');
  }
  if ((digest as HmacDigestName) === 'md5') {
    throw usage('nothing new is protected with md5; take sha256 or more');
  }
  // Refuses a digest that is none.
  hmacDigest(digest);
  const iv = randomOctets(options.random, 16);
  return { name: 'pbes2', derivation: { name: 'pbkdf2', digest, salt, iterations }, cipher: { name, iv } };
}

/**
 * The PrivateKeyInfo inside an EncryptedPrivateKeyInfo, to be wiped after use.
 * Each form of the password is tried.
 *
 * @throws MailsealError `crypto-password-wrong` when none is right or the octets
 * were changed; `crypto-key-malformed`, `crypto-unsupported`, `limit-iterations`.
 */
export async function decryptPrivateKeyInfo(
  octets: Bytes,
  forms: readonly PasswordForms[],
  derivations: Derivations,
): Promise<Bytes> {
  const [algorithm, content] = readFrame(octets);
  const plain = await withAnyForm(algorithm, content, forms, derivations, isPrivateKeyInfo);
  if (plain === undefined) throw wrongPassword();
  return plain;
}

/** The refusal of a password. It tells nothing of what came out when it was tried. */
export function wrongPassword(): MailsealError {
  return new MailsealError('crypto-password-wrong', 'the password is wrong, or the file was changed');
}

/**
 * What comes out with the first form of a password under which it looks right;
 * `undefined` where there is none. Everything else that came out is wiped.
 */
export async function withAnyForm(
  algorithm: PasswordEncryption,
  octets: Bytes,
  forms: readonly PasswordForms[],
  derivations: Derivations,
  looksRight: (plain: Bytes) => boolean,
): Promise<Bytes | undefined> {
  for (const form of forms) {
    try {
      const plain = await decryptWithPassword(algorithm, form, octets, derivations);
      if (looksRight(plain)) return plain;
      plain.fill(0);
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code !== 'crypto-decryption-failed') throw error;
    }
  }
  return undefined;
}

function readFrame(octets: Bytes): readonly [PasswordEncryption, Bytes] {
  try {
    const [algorithm, content] = sequenceOf(readBer(asBytes(octets)), 'an EncryptedPrivateKeyInfo');
    if (algorithm === undefined || content === undefined) {
      throw new MailsealError('crypto-key-malformed', 'an EncryptedPrivateKeyInfo has two elements');
    }
    return [readPasswordEncryption(algorithm), octetString(content)];
  } catch (error) {
    if (!(error instanceof MailsealError) || !error.code.startsWith('asn1-')) throw error;
    throw new MailsealError(
      'crypto-key-malformed',
      `the encrypted private key cannot be read: ${error.message}`,
      {
        cause: error,
        ...(error.offset === undefined ? {} : { offset: error.offset }),
      },
    );
  }
}

/** Whether octets have the frame of a PrivateKeyInfo: garbage of a wrong password has it once in billions of times. */
export function isPrivateKeyInfo(octets: Bytes): boolean {
  try {
    const [version, algorithm, key] = sequenceOf(readBer(octets));
    return version?.is(Tag.Integer) === true && algorithm?.is(Tag.Sequence) === true && key !== undefined;
  } catch {
    return false;
  }
}
