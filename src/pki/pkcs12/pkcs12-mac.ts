import { decodeOid } from '../../asn1/oid.js';
import type { BerNode } from '../../asn1/reader.js';
import { octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derInteger, derNull, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { type Bytes, constantTimeEqual } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { digestLength } from '../../crypto/digests/digest.js';
import { readDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import type { HmacDigestName } from '../../crypto/digests/hmac.js';
import { hmacOf } from '../../crypto/digests/hmac.js';
import { deriveKey, type PasswordForms } from '../../crypto/passwords/password-cipher.js';
import type { Derivations } from '../../crypto/passwords/password-derivations.js';
import {
  encodeHmac,
  encodePbkdf2,
  type KeyDerivation,
  readHmac,
  readIterations,
  readKeyDerivation,
} from '../../crypto/passwords/password-encryption.js';
import type { Pkcs12Digest } from '../../crypto/passwords/pkcs12-kdf.js';
import type { Pkcs12Integrity } from './pkcs12.js';
import { Pkcs12Oid } from './pkcs12-oids.js';

/**
 * RFC 9579 §4 wants the length of the MAC's key said. A shorter one than 16
 * octets could be guessed without the password, a longer one than 1,024 serves nobody.
 */
const macKeyLength = { least: 16, most: 1024 };

/** How a MAC is made, told apart by `kind`. */
export type Pkcs12MacAlgorithm =
  | {
      readonly kind: 'hmac';
      readonly digest: Pkcs12Digest;
      readonly salt: Bytes;
      readonly iterations: number;
    }
  | {
      readonly kind: 'pbmac1';
      readonly digest: HmacDigestName;
      readonly derivation: KeyDerivation & { readonly name: 'pbkdf2'; readonly keyLength: number };
    };

/** The MacData of a file (RFC 7292 §4). */
export interface Pkcs12Mac {
  readonly algorithm: Pkcs12MacAlgorithm;
  readonly value: Bytes;
}

/**
 * Reads a MacData.
 *
 * @throws MailsealError `asn1-*`, `crypto-unsupported`, `limit-iterations`.
 */
export function readPkcs12Mac(node: BerNode): Pkcs12Mac {
  const [digestInfo, salt, iterations] = sequenceOf(node, 'a MacData');
  if (digestInfo === undefined || salt === undefined) throw unexpected(node, 'a MacData');
  const [algorithm, value] = sequenceOf(digestInfo, 'a DigestInfo');
  if (algorithm === undefined || value === undefined) throw unexpected(digestInfo, 'a DigestInfo');
  const [identifier, parameters] = sequenceOf(algorithm, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw unexpected(algorithm, 'an AlgorithmIdentifier');
  if (decodeOid(identifier) === Pkcs12Oid.pbmac1) {
    if (parameters === undefined) throw unexpected(algorithm, 'PBMAC1-params');
    return { algorithm: readPbmac1(parameters), value: octetString(value) };
  }
  const digest = readDigestAlgorithm(algorithm);
  if (digest === 'shake128' || digest === 'shake256') {
    throw new MailsealError('crypto-unsupported', `a MAC with ${digest} is not defined`);
  }
  return {
    algorithm: {
      kind: 'hmac',
      digest,
      salt: octetString(salt),
      // RFC 7292 §4: DEFAULT 1, which some write out.
      iterations: iterations === undefined ? 1 : readIterations(iterations),
    },
    value: octetString(value),
  };
}

function readPbmac1(parameters: BerNode): Pkcs12MacAlgorithm {
  const [kdf, scheme] = sequenceOf(parameters, 'PBMAC1-params');
  if (kdf === undefined || scheme === undefined) throw unexpected(parameters, 'PBMAC1-params');
  const derivation = readKeyDerivation(kdf);
  const { keyLength } = derivation;
  // RFC 9579 §4: the keyLength field of PBKDF2 must be present.
  if (
    derivation.name !== 'pbkdf2' ||
    keyLength === undefined ||
    keyLength < macKeyLength.least ||
    keyLength > macKeyLength.most
  ) {
    throw new MailsealError(
      'crypto-unsupported',
      'PBMAC1 is read with PBKDF2 only, which has to say a sensible length of the key',
    );
  }
  return { kind: 'pbmac1', digest: readHmac(scheme), derivation: { ...derivation, keyLength } };
}

/** What a caller is told about a MAC. */
export function integrityOf(algorithm: Pkcs12MacAlgorithm): Pkcs12Integrity {
  if (algorithm.kind === 'hmac') {
    const { digest, iterations } = algorithm;
    return { kind: 'hmac', digest, iterations };
  }
  const { digest, derivation } = algorithm;
  return { kind: 'pbmac1', digest, derivationDigest: derivation.digest, iterations: derivation.iterations };
}

/** The MAC of an AuthenticatedSafe's octets with a password. */
export async function computePkcs12Mac(
  algorithm: Pkcs12MacAlgorithm,
  forms: PasswordForms,
  octets: Bytes,
  derivations: Derivations,
): Promise<Bytes> {
  const key = await macKey(algorithm, forms, derivations);
  return hmacOf(algorithm.digest, key, octets, derivations.engine);
}

function macKey(
  algorithm: Pkcs12MacAlgorithm,
  forms: PasswordForms,
  derivations: Derivations,
): Promise<Bytes> {
  if (algorithm.kind === 'pbmac1') {
    // RFC 9579 §5: the password is UTF-8, without the zeros of the BMPString.
    const { derivation } = algorithm;
    return deriveKey(derivation, forms.octets, derivation.keyLength, derivations);
  }
  const { digest, salt, iterations } = algorithm;
  const length = digestLength(digest);
  return derivations.pkcs12({ digest, password: forms.bmp, salt, iterations, purpose: 'mac', length });
}

/** Whether a MAC is the right one; compared in constant time. */
export async function verifyPkcs12Mac(
  mac: Pkcs12Mac,
  forms: PasswordForms,
  octets: Bytes,
  derivations: Derivations,
): Promise<boolean> {
  return constantTimeEqual(await computePkcs12Mac(mac.algorithm, forms, octets, derivations), mac.value);
}

/** A digest that MACs of files are written with. */
export type WrittenDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** RFC 3370 §2 and RFC 5754 §2. */
const digestOids: Readonly<Record<WrittenDigest, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** The DER of a MacData. */
export function encodePkcs12Mac({ algorithm, value }: Pkcs12Mac): Bytes {
  if (algorithm.kind === 'pbmac1') {
    const { derivation, digest } = algorithm;
    const parameters = derSequence(encodePbkdf2(derivation), encodeHmac(digest));
    const info = derSequence(derSequence(derOid(Pkcs12Oid.pbmac1), parameters), derOctetString(value));
    // RFC 9579 §5: macSalt and iterations are there for the syntax only, and a DEFAULT is left out.
    return derSequence(info, derOctetString(derivation.salt));
  }
  const { digest, salt, iterations } = algorithm;
  const oid = digestOids[digest as WrittenDigest];
  const info = derSequence(derSequence(derOid(oid), derNull()), derOctetString(value));
  // X.690 §11.5: a value equal to its DEFAULT is left out.
  return iterations === 1
    ? derSequence(info, derOctetString(salt))
    : derSequence(info, derOctetString(salt), derInteger(iterations));
}
