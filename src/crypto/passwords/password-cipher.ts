import { type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import { decryptCbc, encryptCbc } from '../ciphers/cbc.js';
import { type CbcAlgorithm, cbcKeyLength } from '../ciphers/cbc-blocks.js';
import { engineUnavailable } from '../engines/engine-choice.js';
import { rc4 } from '../legacy/rc4.js';
import { bmpPassword, type Password, utf8Password, widenedPassword } from './password.js';
import type { Derivations } from './password-derivations.js';
import type { KeyDerivation, PasswordEncryption, Pkcs12Cipher } from './password-encryption.js';

/** A password in the two forms that encryptions take. */
export interface PasswordForms {
  /** For PBES1 and PBES2. */
  readonly octets: Bytes;
  /** For the derivation of PKCS#12: UTF-16BE and two zero octets; empty for no password. */
  readonly bmp: Bytes;
}

/**
 * The form of a password that is written with.
 *
 * @throws MailsealError `usage` where there is none, since what is written without one protects
 * nothing, and for octets that are not UTF-8, of which programs make different passwords.
 */
export function writtenForm(password: Password | undefined): PasswordForms {
  if (typeof password !== 'string' && !(password instanceof Uint8Array)) {
    throw usage('a `password` is needed to write: a string or a Uint8Array of its UTF-8');
  }
  const bmp = bmpPassword(password);
  if (bmp === undefined) {
    throw usage('the octets of the password are not UTF-8; give it as a string');
  }
  return { octets: utf8Password(password), bmp };
}

/** The forms of a password. The empty one stands beside no password at all: RFC 7292 leaves open which is meant. */
export function passwordForms(password: Password | undefined): PasswordForms[] {
  const none: PasswordForms = { octets: new Uint8Array(0), bmp: new Uint8Array(0) };
  if (password === undefined) return [none, { octets: none.octets, bmp: new Uint8Array(2) }];
  const octets = utf8Password(password);
  if (octets.length === 0) return [{ octets, bmp: new Uint8Array(2) }, none];
  const bmp = bmpPassword(password);
  // PBES1 and PBES2 take any octets; for PKCS#12 OpenSSL, too, takes those that are no UTF-8 for characters.
  if (bmp === undefined) return [{ octets, bmp: widenedPassword(password) }];
  const forms = [{ octets, bmp }];
  // Two ways of old programs: OpenSSL's that took octets for characters, and NSS's that gave PBES2 the BMPString.
  if (octets.some((octet) => octet >= 0x80)) forms.push({ octets, bmp: widenedPassword(password) });
  forms.push({ octets: bmp, bmp });
  return forms;
}

/** Overwrites a password's forms. */
export function wipeForms(forms: readonly PasswordForms[]): void {
  for (const { octets, bmp } of forms) {
    octets.fill(0);
    bmp.fill(0);
  }
}

/**
 * Decrypts what was encrypted with a password.
 *
 * @throws MailsealError `crypto-decryption-failed` for whatever goes wrong with
 * the password in hand, `limit-iterations`, `crypto-unsupported`,
 * `crypto-engine-unavailable`.
 */
export async function decryptWithPassword(
  algorithm: PasswordEncryption,
  forms: PasswordForms,
  octets: Bytes,
  derivations: Derivations,
): Promise<Bytes> {
  const { engine } = derivations;
  if (algorithm.name === 'pkcs12-pbe' && algorithm.cipher.startsWith('rc4')) {
    return runRc4(algorithm.cipher, algorithm, forms, octets, derivations);
  }
  const { cipher, key } = await keyFor(algorithm, forms, derivations);
  return decryptCbc(cipher, key, octets, engine);
}

/** Encrypts with a password. Throws as {@link decryptWithPassword}. */
export async function encryptWithPassword(
  algorithm: PasswordEncryption,
  forms: PasswordForms,
  octets: Bytes,
  derivations: Derivations,
): Promise<Bytes> {
  if (algorithm.name === 'pkcs12-pbe' && algorithm.cipher.startsWith('rc4')) {
    return runRc4(algorithm.cipher, algorithm, forms, octets, derivations);
  }
  const { cipher, key } = await keyFor(algorithm, forms, derivations);
  return encryptCbc(cipher, key, octets, derivations.engine);
}

/** A cipher with its vector, and its key. */
interface KeyedCipher {
  readonly cipher: CbcAlgorithm;
  readonly key: Bytes;
}

async function keyFor(
  algorithm: PasswordEncryption,
  forms: PasswordForms,
  derivations: Derivations,
): Promise<KeyedCipher> {
  switch (algorithm.name) {
    case 'pbes2': {
      const { cipher, derivation } = algorithm;
      const length = cbcKeyLength(cipher);
      // RFC 8018 appendix A.2: keyLength, where it is given, is that of the cipher.
      if (derivation.keyLength !== undefined && derivation.keyLength !== length) {
        throw new MailsealError(
          'crypto-unsupported',
          `the derived key is said to have ${derivation.keyLength} octets, ${cipher.name} takes ${length}`,
        );
      }
      return { cipher, key: await deriveKey(derivation, forms.octets, length, derivations) };
    }
    case 'pbes1':
      return pbes1Key(algorithm, forms.octets, derivations);
    case 'pkcs12-pbe': {
      const { salt, iterations } = algorithm;
      const shared = { digest: 'sha1', password: forms.bmp, salt, iterations } as const;
      const iv = await derivations.pkcs12({ ...shared, purpose: 'iv', length: 8 });
      const { length, cipher } = pkcs12Cipher(algorithm.cipher, iv);
      const key = await derivations.pkcs12({ ...shared, purpose: 'key', length });
      // Two keys: the first is also the third.
      return {
        cipher,
        key: length === 16 && cipher.name === 'des-ede3-cbc' ? derivations.keep(twice(key)) : key,
      };
    }
  }
}

/** A key from a password by PBKDF2 or scrypt. */
export function deriveKey(
  derivation: KeyDerivation,
  password: Bytes,
  length: number,
  derivations: Derivations,
): Promise<Bytes> {
  if (derivation.name === 'scrypt') return derivations.scrypt(password, { ...derivation, length });
  const { digest: name, salt, iterations } = derivation;
  return derivations.pbkdf2(password, { digest: name, salt, iterations, length });
}

function twice(key: Bytes): Bytes {
  return concatBytes([key, key.subarray(0, 8)]);
}

/** RFC 8018 §6.1.1: PBKDF1 gives the key and the vector. */
async function pbes1Key(
  algorithm: PasswordEncryption & { readonly name: 'pbes1' },
  password: Bytes,
  derivations: Derivations,
): Promise<KeyedCipher> {
  const block = await derivations.pbkdf1(password, algorithm);
  const key = block.subarray(0, 8);
  const iv = block.slice(8, 16);
  return algorithm.cipher === 'des-cbc'
    ? { cipher: { name: 'des-cbc', iv }, key }
    : { cipher: { name: 'rc2-cbc', iv, effectiveKeyBits: 64 }, key };
}

function pkcs12Cipher(name: Pkcs12Cipher, iv: Bytes): { cipher: CbcAlgorithm; length: number } {
  switch (name) {
    case 'des-ede3-cbc':
      return { cipher: { name: 'des-ede3-cbc', iv }, length: 24 };
    case 'des-ede2-cbc':
      return { cipher: { name: 'des-ede3-cbc', iv }, length: 16 };
    case 'rc2-128-cbc':
      return { cipher: { name: 'rc2-cbc', iv, effectiveKeyBits: 128 }, length: 16 };
    case 'rc2-40-cbc':
      return { cipher: { name: 'rc2-cbc', iv, effectiveKeyBits: 40 }, length: 5 };
    default:
      throw usage(`${name} is no block cipher`);
  }
}

async function runRc4(
  cipher: Pkcs12Cipher,
  { salt, iterations }: { readonly salt: Bytes; readonly iterations: number },
  forms: PasswordForms,
  octets: Bytes,
  derivations: Derivations,
): Promise<Bytes> {
  if (derivations.engine.engine === 'native') throw engineUnavailable('RC4', 'untrusted');
  const length = cipher === 'rc4-40' ? 5 : 16;
  const asked = { digest: 'sha1', password: forms.bmp, salt, iterations, purpose: 'key', length } as const;
  return rc4(await derivations.pkcs12(asked), octets);
}
