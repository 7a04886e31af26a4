import { type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { decodeHex } from '../../encoding/hex.js';
import { type DigestName, digest, digestLength } from '../digests/digest.js';
import { generateMask } from '../digests/mask-generation.js';
import type { PssParameters } from './pss-parameters.js';

/**
 * The DER of a DigestInfo up to the digest itself (RFC 8017 §9.2 note 1). SHAKE
 * has none: RFC 8702 defines it for PSS alone.
 */
const digestInfoPrefixes: Partial<Record<DigestName, string>> = {
  md5: '3020300c06082a864886f70d020505000410',
  sha1: '3021300906052b0e03021a05000414',
  sha224: '302d300d06096086480165030402040500041c',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
  'sha512-256': '3031300d060960864801650304020605000420',
  'sha3-224': '302d300d06096086480165030402070500041c',
  'sha3-256': '3031300d060960864801650304020805000420',
  'sha3-384': '3041300d060960864801650304020905000430',
  'sha3-512': '3051300d060960864801650304020a05000440',
};

const decodedPrefixes = /* @__PURE__ */ new Map<DigestName, Bytes>();

function digestInfoPrefix(name: DigestName): Bytes {
  let prefix = decodedPrefixes.get(name);
  if (prefix === undefined) {
    const hex = digestInfoPrefixes[name];
    if (hex === undefined) {
      throw new MailsealError('crypto-unsupported', `RSASSA-PKCS1-v1_5 is not defined with ${name}`);
    }
    prefix = decodeHex(hex);
    decodedPrefixes.set(name, prefix);
  }
  return prefix;
}

/**
 * Whether an encoded message is the one that EMSA-PKCS1-v1_5 makes of a digest
 * (RFC 8017 §8.2.2: the whole of it is compared, nothing is parsed).
 *
 * Only DigestInfo with NULL parameters is taken. §A.2.4 tolerates absent ones,
 * but OpenSSL, BoringSSL and Go refuse them, and nobody signs so.
 *
 * @throws MailsealError `crypto-unsupported` for a digest that has no DigestInfo.
 */
export function isPkcs1Encoding(encoded: Uint8Array, name: DigestName, hash: Uint8Array): boolean {
  const prefix = digestInfoPrefix(name);
  const hashStart = encoded.length - hash.length;
  const prefixStart = hashStart - prefix.length;
  // 00 01, at least eight FF, 00 (RFC 8017 §9.2).
  if (prefixStart < 11 || encoded[0] !== 0 || encoded[1] !== 1 || encoded[prefixStart - 1] !== 0)
    return false;
  for (let i = 2; i < prefixStart - 1; i++) if (encoded[i] !== 0xff) return false;
  for (let i = 0; i < prefix.length; i++) if (encoded[prefixStart + i] !== prefix[i]) return false;
  for (let i = 0; i < hash.length; i++) if (encoded[hashStart + i] !== hash[i]) return false;
  return true;
}

/**
 * EMSA-PKCS1-v1_5 (RFC 8017 §9.2) of a digest, as long as the modulus.
 *
 * @throws MailsealError `crypto-unsupported` for a digest that has no
 * DigestInfo, or for a modulus that is too short for it.
 */
export function pkcs1Encoding(name: DigestName, hash: Uint8Array, length: number): Bytes {
  const prefix = digestInfoPrefix(name);
  const prefixStart = length - hash.length - prefix.length;
  if (prefixStart < 11) throw tooShort(length, name);
  const encoded = new Uint8Array(length);
  encoded[1] = 1;
  encoded.fill(0xff, 2, prefixStart - 1);
  encoded.set(prefix, prefixStart);
  encoded.set(hash, length - hash.length);
  return encoded;
}

function tooShort(length: number, name: DigestName): MailsealError {
  return new MailsealError(
    'crypto-unsupported',
    `an RSA key of ${length} octets is too short to sign with ${name}; take a longer key`,
  );
}

/**
 * EMSA-PSS verification (RFC 8017 §9.1.2).
 *
 * @param encoded the encoded message, as long as the modulus
 * @param encodedBits the length of the modulus in bits, less one
 * @param hash the digest of the data
 */
export function isPssEncoding(
  encoded: Uint8Array,
  encodedBits: number,
  parameters: PssParameters,
  hash: Uint8Array,
  options: EngineOptions,
): boolean {
  const { saltLength } = parameters;
  const hashLength = digestLength(parameters.digest);
  const length = Math.ceil(encodedBits / 8);
  // A modulus of 8k + 1 bits has one octet more than the encoded message; RFC 8017 §8.1.2 step 2c.
  const message = encoded.subarray(encoded.length - length);
  if (length < encoded.length && encoded[0] !== 0) return false;
  if (length < hashLength + saltLength + 2 || message[length - 1] !== 0xbc) return false;
  const dbLength = length - hashLength - 1;
  const h = message.subarray(dbLength, length - 1);
  const unusedBits = 8 * length - encodedBits;
  if (message[0]! >> (8 - unusedBits) !== 0) return false;
  const mask = generateMask(parameters.mgfDigest, h, dbLength, options);
  const db = mask.map((octet, i) => octet ^ message[i]!);
  db[0]! &= 0xff >> unusedBits;
  const saltStart = dbLength - saltLength;
  for (let i = 0; i < saltStart - 1; i++) if (db[i] !== 0) return false;
  if (db[saltStart - 1] !== 1) return false;
  const again = digest(
    parameters.digest,
    concatBytes([new Uint8Array(8), hash, db.subarray(saltStart)]),
    options,
  );
  return again.every((octet, i) => octet === h[i]);
}

/**
 * EMSA-PSS (RFC 8017 §9.1.1) of a digest.
 *
 * @param encodedBits the length of the modulus in bits, less one
 * @param hash the digest of the data
 * @param salt as long as the parameters say
 * @returns as many octets as the modulus has
 * @throws MailsealError `crypto-unsupported` for a modulus that is too short.
 */
export function pssEncoding(
  encodedBits: number,
  parameters: PssParameters,
  hash: Uint8Array,
  salt: Uint8Array,
  options: EngineOptions,
): Bytes {
  const hashLength = digestLength(parameters.digest);
  const length = Math.ceil(encodedBits / 8);
  const dbLength = length - hashLength - 1;
  const saltStart = dbLength - salt.length;
  if (saltStart < 1) throw tooShort(length, parameters.digest);
  const h = digest(parameters.digest, concatBytes([new Uint8Array(8), hash, salt]), options);
  const db = generateMask(parameters.mgfDigest, h, dbLength, options);
  db[saltStart - 1]! ^= 1;
  for (let i = 0; i < salt.length; i++) db[saltStart + i]! ^= salt[i]!;
  db[0]! &= 0xff >> (8 * length - encodedBits);
  // A modulus of 8k + 1 bits has one octet more than the encoded message; RFC 8017 §8.1.1 step 2.
  const encoded = new Uint8Array(Math.ceil((encodedBits + 1) / 8));
  const start = encoded.length - length;
  encoded.set(db, start);
  encoded.set(h, start + dbLength);
  encoded[encoded.length - 1] = 0xbc;
  return encoded;
}
