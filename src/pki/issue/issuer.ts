import { readBer } from '../../asn1/reader.js';
import { bitString, sequenceOf } from '../../asn1/values.js';
import { derBitString, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import type { PrivateKey } from '../../crypto/keys/private-key.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { encodePublicKey } from '../../crypto/keys/public-key-info.js';
import { type RandomOptions, randomOctets } from '../../crypto/random.js';
import { createSigner, type Signer } from '../../crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { encodeSignatureAlgorithm } from '../../crypto/signatures/signature-identifier.js';
import { verifySignature } from '../../crypto/signatures/verify.js';
import { Certificate } from '../../x509/certificate/certificate.js';
import { givenObject } from './given.js';

/** What signs: a private key, or whatever else makes signatures with one (a smart card, a key server). */
export type SigningKey = PrivateKey | Signer;

/** An authority that issues: its certificate and the key of that certificate. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: SigningKey;
}

/** What all functions that sign take. */
export interface SigningOptions extends EngineOptions, RandomOptions {
  /** How a private key signs; default see `defaultSignatureAlgorithm`. A {@link Signer} has its own way. */
  readonly algorithm?: SignatureAlgorithm;
}

/** The signer of a key. */
export function signerOf(key: SigningKey, options: SigningOptions): Signer {
  if (typeof key !== 'object' || key === null || !('pkcs8' in key || ('sign' in key && isSigner(key)))) {
    throw usage('key is a private key, or a signer with algorithm, publicKey and sign');
  }
  const signer = 'sign' in key ? key : createSigner(key, options);
  if ('digest' in signer.algorithm && ['md5', 'sha1'].includes(signer.algorithm.digest)) {
    throw usage(
      `nothing new is signed with ${signer.algorithm.digest}, of which collisions are made; take sha256 or more`,
    );
  }
  return signer;
}

function isSigner({ algorithm, publicKey, sign }: Signer): boolean {
  return typeof sign === 'function' && [algorithm, publicKey].every((each) => Object(each) === each);
}

/**
 * The signer of an authority.
 *
 * @throws MailsealError `usage` when the certificate is not an authority's that may do this.
 */
export function authoritySigner(
  issuer: Issuer,
  use: 'keyCertSign' | 'cRLSign',
  options: SigningOptions,
): Signer {
  const { certificate, key } = givenObject(issuer, 'issuer');
  if (!(certificate instanceof Certificate)) throw usage('the certificate of an issuer is a Certificate');
  const name = `"${certificate.subject}"`;
  if (certificate.basicConstraints?.ca !== true) {
    throw usage(`${name} is not an authority (RFC 5280 §4.2.1.9)`);
  }
  if (certificate.keyUsage?.has(use) === false) {
    throw usage(`the keyUsage of ${name} lacks ${use} (RFC 5280 §4.2.1.3)`);
  }
  const signer = signerOf(key, options);
  // What is signed is checked with the key of the certificate, whatever key the signer names.
  return {
    algorithm: signer.algorithm,
    publicKey: certificate.publicKey,
    sign: (data) => signer.sign(data),
  };
}

/**
 * The frame that certificates, requests and CRLs have in common: what is
 * signed, how, and the signature, which is checked before it is given out.
 *
 * @param body makes what is signed, given the AlgorithmIdentifier
 */
export async function signed(
  signer: Signer,
  body: (algorithm: Bytes) => Bytes,
  { engine }: EngineOptions,
): Promise<Bytes> {
  const { algorithm, publicKey } = signer;
  const identifier = encodeSignatureAlgorithm(algorithm);
  const data = body(identifier);
  const signature = asBytes(await signer.sign(data));
  const check = { algorithm, publicKey, signature, data };
  if (!(await verifySignature(engine === 'typescript' ? { ...check, engine } : check))) {
    throw usage(
      'the signature does not verify with the public key: the key given is another’s, or the signer fails',
    );
  }
  return derSequence(data, identifier, derBitString(signature));
}

/**
 * The identifier of a key: the leftmost 160 bits of the SHA-256 of the
 * subjectPublicKey (RFC 7093 §2 method 1; SHA-1, of RFC 5280 §4.2.1.2, is not needed).
 */
export function keyIdentifierOf(publicKey: PublicKey): Bytes {
  const bits = sequenceOf(readBer(encodePublicKey(publicKey)))[1]!;
  return digest('sha256', bitString(bits).octets).slice(0, 20);
}

/**
 * A serial number: 16 random octets, of which the first bit is 0 and the
 * second 1, so that 126 bits cannot be guessed and all have one length
 * (RFC 5280 §4.1.2.2 wants a positive number of at most 20 octets; authorities
 * draw at least 64 bits, so that nobody can prepare a collision).
 */
export function newSerialNumber(options: RandomOptions): Bytes {
  const octets = randomOctets(options.random, 16);
  octets[0] = (octets[0]! & 0x7f) | 0x40;
  return octets;
}

/** The caller's serial number as unsigned octets; `usage` when it is not positive or longer than 20 octets. */
export function givenSerialNumber(value: bigint | Uint8Array): Bytes {
  if (typeof value !== 'bigint' && !(value instanceof Uint8Array)) {
    throw usage('a serial number is a bigint or a Uint8Array');
  }
  const octets =
    typeof value === 'bigint'
      ? hexOctets(value)
      : asBytes(
          value.subarray(
            Math.max(
              0,
              value.findIndex((octet) => octet !== 0),
            ),
          ),
        );
  // An octet of zeros goes before a first bit that is 1.
  const length = octets.length + (octets[0]! >> 7);
  if (octets.length === 0 || octets.every((octet) => octet === 0) || length > 20) {
    throw usage('a serial number is positive and has at most 20 octets (RFC 5280 §4.1.2.2)');
  }
  return octets;
}

function hexOctets(value: bigint): Bytes {
  if (value <= 0n) return new Uint8Array(0);
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) =>
    Number.parseInt(even.slice(2 * i, 2 * i + 2), 16),
  );
}
