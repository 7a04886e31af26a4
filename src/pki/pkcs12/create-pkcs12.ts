import { derExplicit, derInteger, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { digestLength } from '../../crypto/digests/digest.js';
import { assertGiven } from '../../crypto/given.js';
import {
  defaultIterations,
  newPasswordEncryption,
  type PasswordEncryptionOptions,
} from '../../crypto/keys/encrypted-private-key.js';
import type { Password } from '../../crypto/passwords/password.js';
import { wipeForms, writtenForm } from '../../crypto/passwords/password-cipher.js';
import { Derivations } from '../../crypto/passwords/password-derivations.js';
import { randomOctets } from '../../crypto/random.js';
import { encodeSafe } from './encode-safe.js';
import type { Pkcs12Contents } from './pkcs12.js';
import {
  computePkcs12Mac,
  encodePkcs12Mac,
  type Pkcs12MacAlgorithm,
  type WrittenDigest,
} from './pkcs12-mac.js';
import { Pkcs12Oid } from './pkcs12-oids.js';

/** What {@link createPkcs12} takes beside the contents. */
export interface CreatePkcs12Options extends PasswordEncryptionOptions {
  readonly password: Password;
  readonly mac?: {
    /**
     * `hmac` (default) is what every program reads; `pbmac1` (RFC 9579) is the
     * stronger one, for OpenSSL 3.4, NSS 3.101 and what is later.
     */
    readonly kind?: 'hmac' | 'pbmac1';
    /** Default `sha256`. */
    readonly digest?: WrittenDigest;
    /** Default those of the encryption: whoever guesses passwords tries them where it is cheapest. */
    readonly iterations?: number;
  };
}

/**
 * Makes a PKCS#12 file (RFC 7292): everything encrypted with PBES2, certificates
 * and CRLs in one part and keys in the other, as other programs do, and a MAC
 * over all. A key and its certificate get the same `localKeyId`, the SHA-1 of
 * the certificate.
 *
 * @returns the DER
 * @throws MailsealError `usage` for a certificate that is not for its key, a key that
 * was wiped, and options that cannot be, as no password; `crypto-engine-unavailable` when `engine` is
 * `native` and the runtime cannot.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { createPkcs12, parsePkcs12 } from 'mailseal/pki';
 *
 * const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const file = await createPkcs12(
 *   { keys: [{ privateKey, friendlyName: '山田 花子' }] },
 *   { password: '花子の合言葉', iterations: 10_000, mac: { kind: 'pbmac1' } },
 * );
 * const { keys, integrity } = await parsePkcs12(file, { password: '花子の合言葉' });
 * console.log(keys[0]?.friendlyName, integrity.kind); // 山田 花子 pbmac1
 * ```
 */
export async function createPkcs12(contents: Pkcs12Contents, options: CreatePkcs12Options): Promise<Bytes> {
  assertGiven(contents, 'the contents');
  assertGiven(options, 'the options with a `password`');
  const derivations = new Derivations(options, Number.MAX_SAFE_INTEGER);
  const random = options.random;
  // One salt for all parts: the key is derived once, and each part has a vector of its own.
  const salt = randomOctets(random, 16);
  const algorithm = newMac(options);
  const form = writtenForm(options.password);
  try {
    const safe = await encodeSafe(contents, {
      forms: form,
      derivations,
      newEncryption: () => newPasswordEncryption(options, salt),
    });
    const value = await computePkcs12Mac(algorithm, form, safe, derivations);
    return derSequence(
      derInteger(3),
      derSequence(derOid(Pkcs12Oid.data), derExplicit(0, derOctetString(safe))),
      encodePkcs12Mac({ algorithm, value }),
    );
  } finally {
    wipeForms([form]);
    await derivations.wipe();
  }
}

function newMac(options: CreatePkcs12Options): Pkcs12MacAlgorithm {
  const { kind = 'hmac', digest: name = 'sha256' } = options.mac ?? {};
  if (kind !== 'hmac' && kind !== 'pbmac1') {
    throw usage(`${shown(kind)} is no kind of MAC; take hmac or pbmac1`);
  }
  if (!['sha1', 'sha256', 'sha384', 'sha512'].includes(name)) {
    throw usage(`a MAC is not written with ${shown(name)}; take sha256`);
  }
  const iterations = options.mac?.iterations ?? options.iterations ?? defaultIterations;
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw usage('the iterations of the MAC are a whole number of at least 1');
  }
  const salt = randomOctets(options.random, 16);
  if (kind === 'hmac') return { kind, digest: name, salt, iterations };
  const keyLength = digestLength(name);
  return { kind, digest: name, derivation: { name: 'pbkdf2', digest: name, salt, iterations, keyLength } };
}
