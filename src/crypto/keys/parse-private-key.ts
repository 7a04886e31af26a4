import { readBer, Tag } from '../../asn1/reader.js';
import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { decodeHex } from '../../encoding/hex.js';
import { decodePem, type PemBlock } from '../../encoding/pem.js';
import { decryptCbc } from '../ciphers/cbc.js';
import { type CbcAlgorithm, cbcKeyLength } from '../ciphers/cbc-blocks.js';
import { digest } from '../digests/digest.js';
import type { Password } from '../passwords/password.js';
import { passwordForms, wipeForms } from '../passwords/password-cipher.js';
import { Derivations } from '../passwords/password-derivations.js';
import { decryptPrivateKeyInfo, wrongPassword } from './encrypted-private-key.js';
import type { PrivateKey } from './private-key.js';
import { readAnyPrivateKey } from './private-key-info.js';

/** Bounds on what a password in a file may cost. */
export interface PasswordLimits {
  /**
   * Runs of a digest that all keys derived from the password may take together;
   * default 10,000,000, some seconds in native code. More is `limit-iterations`.
   * Each pass of scrypt over a block counts as one, and its memory is bounded by 64 MiB.
   */
  readonly iterations?: number;
}

/** What {@link parsePrivateKey} takes beside the key. */
export interface ParsePrivateKeyOptions extends EngineOptions {
  /** Needed for an encrypted key only. */
  readonly password?: Password;
  readonly limits?: PasswordLimits;
}

/**
 * Reads a private key: PKCS#8 (RFC 5958) plain or encrypted, PKCS#1 RSA
 * (RFC 8017 appendix A.1.2), SEC 1 (RFC 5915) or OpenSSL's DSA form, in PEM,
 * DER or BER. Of a PEM file the first block that is a private key is taken, also
 * one that OpenSSL encrypted in its old way (`DEK-Info`).
 *
 * Encryptions that are read: PBES2 with PBKDF2 or scrypt and AES, triple DES,
 * DES or RC2 in CBC mode; PBES1 with MD5 or SHA-1; those of PKCS#12.
 *
 * @throws MailsealError `crypto-key-malformed` when it is no key that can be,
 * `crypto-unsupported` for kinds, curves and algorithms that are not read here,
 * `crypto-password-missing` when it is encrypted and no password is given,
 * `crypto-password-wrong`, `limit-iterations`, `pem-malformed`,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime cannot.
 * @example
 * ```ts
 * import { parsePrivateKey } from 'mailseal/crypto';
 *
 * const key = await parsePrivateKey(`-----BEGIN PRIVATE KEY-----
 * MC4CAQAwBQYDK2VwBCIEIEzNCJtigvPcSsTC+kgI5GuSRyG8bBoZsPbkpOTfo1Tb
 * -----END PRIVATE KEY-----`);
 * console.log(key.kind, JSON.stringify(key).includes('seed')); // ed25519 false
 * ```
 */
export async function parsePrivateKey(
  key: string | Uint8Array,
  options: ParsePrivateKeyOptions = {},
): Promise<PrivateKey> {
  const block = privateKeyBlock(key);
  const derivations = new Derivations(options, options.limits?.iterations);
  const forms = options.password === undefined ? undefined : passwordForms(options.password);
  let plain: Bytes | undefined;
  try {
    if (block.headers.some(([name, value]) => name === 'Proc-Type' && value.includes('ENCRYPTED'))) {
      if (forms === undefined) throw missingPassword();
      plain = decryptOldPem(block, forms[0]!.octets, options);
    } else if (isEncrypted(block.octets)) {
      if (forms === undefined) throw missingPassword();
      plain = await decryptPrivateKeyInfo(block.octets, forms, derivations);
    }
    return readAnyPrivateKey(plain ?? block.octets, derivations.engine);
  } finally {
    plain?.fill(0);
    // What was decoded from PEM is a copy of this function's; DER is the caller's own.
    if (block.isCopy) block.octets.fill(0);
    if (forms !== undefined) wipeForms(forms);
    await derivations.wipe();
  }
}

/** The refusal of an encrypted key without a password. */
export function missingPassword(): MailsealError {
  return new MailsealError('crypto-password-missing', 'it is encrypted; give its password', {
    fault: 'usage',
  });
}

/** Where a private key stands. */
interface KeyBlock extends Pick<PemBlock, 'octets' | 'headers'> {
  readonly isCopy: boolean;
}

/** The block of a PEM file that is a private key; DER as a block without label. */
function privateKeyBlock(key: string | Uint8Array): KeyBlock {
  if (typeof key !== 'string') {
    const octets = asBytes(key);
    if (octets[0] === Tag.Sequence) return { octets, headers: [], isCopy: false };
  }
  const [block, ...others]: PemBlock[] = decodePem(key).filter(({ label }) =>
    /(?:^| )PRIVATE KEY$/.test(label),
  );
  for (const { octets } of others) octets.fill(0);
  if (block === undefined) {
    throw new MailsealError('crypto-key-malformed', 'there is neither a PEM block of a private key nor DER');
  }
  if (block.label === 'OPENSSH PRIVATE KEY') {
    block.octets.fill(0);
    throw new MailsealError(
      'crypto-unsupported',
      'keys in the form of OpenSSH are not read here; ssh-keygen -p -m PKCS8 writes the same key as PKCS#8',
    );
  }
  return { ...block, isCopy: true };
}

/** An EncryptedPrivateKeyInfo begins with an AlgorithmIdentifier, every other form with a version. */
function isEncrypted(octets: Bytes): boolean {
  try {
    return readBer(octets).children[0]?.is(Tag.Sequence) === true;
  } catch {
    return false;
  }
}

const oldPemCiphers: ReadonlyMap<string, Exclude<CbcAlgorithm['name'], 'rc2-cbc'>> = /* @__PURE__ */ new Map([
  ['DES-CBC', 'des-cbc'],
  ['DES-EDE3-CBC', 'des-ede3-cbc'],
  ['AES-128-CBC', 'aes128-cbc'],
  ['AES-192-CBC', 'aes192-cbc'],
  ['AES-256-CBC', 'aes256-cbc'],
] as const);

/** OpenSSL's old form: a key from one MD5 over password and vector (PBKDF1 made longer). It protects next to nothing. */
function decryptOldPem(
  block: Pick<PemBlock, 'octets' | 'headers'>,
  password: Bytes,
  options: EngineOptions,
): Bytes {
  const [cipher = '', vector = ''] = (block.headers.find(([name]) => name === 'DEK-Info')?.[1] ?? '').split(
    ',',
  );
  const name = oldPemCiphers.get(cipher.trim().toUpperCase());
  if (name === undefined) {
    throw new MailsealError(
      'crypto-unsupported',
      'the DEK-Info of the private key names no cipher that is read here',
    );
  }
  if (!/^[0-9a-fA-F]+$/.test(vector.trim()) || vector.trim().length !== (name.startsWith('aes') ? 32 : 16)) {
    throw new MailsealError(
      'crypto-key-malformed',
      'the DEK-Info of the private key has no initialization vector',
    );
  }
  const iv = decodeHex(vector.trim());
  const algorithm = { name, iv };
  const engine = options.engine === undefined ? {} : { engine: options.engine };
  const salted = concatBytes([password, iv.subarray(0, 8)]);
  // Two runs of 16 octets are enough for the longest key, of AES-256.
  const first = digest('md5', salted, engine);
  const salt = concatBytes([first, salted]);
  const second = digest('md5', salt, engine);
  const material = concatBytes([first, second]);
  const secrets = [salted, first, salt, second, material];
  try {
    const plain = decryptCbc(algorithm, material.subarray(0, cbcKeyLength(algorithm)), block.octets, engine);
    readBer(plain);
    return plain;
  } catch (error) {
    if (error instanceof MailsealError && error.code === 'crypto-engine-unavailable') throw error;
    throw wrongPassword();
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}
