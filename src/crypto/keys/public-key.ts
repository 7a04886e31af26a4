import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { bitString, sequenceOf, unsignedBytes } from '../../asn1/values.js';
import { derInteger, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { bitLength } from '../big-integer.js';
import { type PssParameters, parsePssParameters } from '../signatures/pss-parameters.js';
import { type CurveName, coordinateLength, curveByOid } from './curves.js';

/** An RSA key (RFC 8017 §3.1). */
export interface RsaPublicKey {
  readonly kind: 'rsa';
  /** The modulus n, most significant octet first, without leading zeros. */
  readonly modulus: Bytes;
  /** The public exponent e, likewise. */
  readonly exponent: Bytes;
  /** Length of the modulus in bits, 512 to 16,384. */
  readonly bits: number;
  /** The DER of the RSAPublicKey. */
  readonly pkcs1: Bytes;
  /** Whether the key is for RSASSA-PSS only (RFC 4055 §1.2: its OID is id-RSASSA-PSS). */
  readonly pssOnly: boolean;
  /** What a PSS-only key restricts its signatures to, where it does (RFC 4055 §3.1). */
  readonly pssParameters?: PssParameters;
}

/** A key on an elliptic curve, for ECDSA or ECDH (RFC 5480). */
export interface EcPublicKey {
  readonly kind: 'ec';
  readonly curve: CurveName;
  /** The point as SEC 1 §2.3.3 writes it, compressed or not. Whether it is on the curve is seen at verification. */
  readonly point: Bytes;
}

/** An Edwards or Montgomery key (RFC 8410): 32 octets for the curves 25519, 57 for Ed448, 56 for X448. */
export interface EdwardsPublicKey {
  readonly kind: 'ed25519' | 'ed448' | 'x25519' | 'x448';
  readonly key: Bytes;
}

/** The parameters of a DSA key (RFC 3279 §2.3.2), most significant octets first. */
export interface DsaParameters {
  readonly p: Bytes;
  readonly q: Bytes;
  readonly g: Bytes;
}

/** A DSA key (RFC 3279 §2.3.2), which old mail has. */
export interface DsaPublicKey {
  readonly kind: 'dsa';
  readonly y: Bytes;
  /** Absent where the certificate inherits them from its issuer's; see {@link withDsaParameters}. */
  readonly parameters?: DsaParameters;
}

/** A public key as a certificate carries it, told apart by `kind`. */
export type PublicKey = RsaPublicKey | EcPublicKey | EdwardsPublicKey | DsaPublicKey;

const rsaBits = { least: 512, most: 16_384 };
const dsaBits = { least: 512, most: 4_096 };

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), BER or DER.
 *
 * RSA keys may have 512 to 16,384 bits and an exponent of up to 256 bits, 64
 * for more than 3,072 bits: larger ones exist only to make verifiers busy.
 *
 * @throws MailsealError `crypto-key-malformed` when it is no key that can be,
 * `crypto-unsupported` (with the OID) for kinds, curves and sizes that are not
 * read here, among them explicit curve parameters.
 * @example
 * ```ts
 * import { parsePublicKey } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const spki = decodeHex(
 *   '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
 * );
 * console.log(parsePublicKey(spki).kind); // ed25519
 * ```
 */
export function parsePublicKey(spki: Uint8Array): PublicKey {
  try {
    return readPublicKey(readBer(spki));
  } catch (error) {
    if (error instanceof MailsealError && error.code.startsWith('asn1-')) {
      throw new MailsealError('crypto-key-malformed', `the public key cannot be read: ${error.message}`, {
        cause: error,
        ...(error.offset === undefined ? {} : { offset: error.offset }),
      });
    }
    throw error;
  }
}

function readPublicKey(root: BerNode): PublicKey {
  const [algorithm, subjectPublicKey, ...more] = sequenceOf(root, 'a SubjectPublicKeyInfo');
  if (algorithm === undefined || subjectPublicKey === undefined || more.length > 0) {
    throw malformed(root, 'a SubjectPublicKeyInfo has two elements');
  }
  const [identifier, parameters] = sequenceOf(algorithm, 'an AlgorithmIdentifier');
  if (identifier === undefined) throw malformed(algorithm, 'the algorithm has no OID');
  const oid = decodeOid(identifier);
  const { octets, unusedBits } = bitString(subjectPublicKey);
  if (unusedBits !== 0) throw malformed(subjectPublicKey, 'the key does not end with a whole octet');
  switch (oid) {
    case '1.2.840.113549.1.1.1':
    // X.509's own OID for RSA keys, seen in certificates of the 1990s.
    case '2.5.8.1.1':
      return readRsa(subjectPublicKey, octets, false, undefined);
    case '1.2.840.113549.1.1.10':
      return readRsa(
        subjectPublicKey,
        octets,
        true,
        parameters === undefined || parameters.is(Tag.Null) ? undefined : parsePssParameters(parameters),
      );
    case '1.2.840.10045.2.1':
      return readEc(subjectPublicKey, octets, parameters);
    case '1.2.840.10040.4.1':
    case '1.3.14.3.2.12':
      return readDsa(subjectPublicKey, octets, parameters);
    default: {
      const known = edwardsKeys.get(oid);
      if (known === undefined) {
        throw new MailsealError(
          'crypto-unsupported',
          `public keys of the algorithm ${oid} are not read here`,
        );
      }
      if (octets.length !== known.length) {
        throw malformed(
          subjectPublicKey,
          `the ${known.kind} key has ${octets.length} octets, not ${known.length}`,
        );
      }
      return { kind: known.kind, key: octets };
    }
  }
}

const edwardsKeys: ReadonlyMap<string, { kind: EdwardsPublicKey['kind']; length: number }> =
  /* @__PURE__ */ new Map([
    ['1.3.101.110', { kind: 'x25519', length: 32 }],
    ['1.3.101.111', { kind: 'x448', length: 56 }],
    ['1.3.101.112', { kind: 'ed25519', length: 32 }],
    ['1.3.101.113', { kind: 'ed448', length: 57 }],
  ]);

function readRsa(
  at: BerNode,
  octets: Bytes,
  pssOnly: boolean,
  pssParameters: PssParameters | undefined,
): RsaPublicKey {
  const [modulus, exponent, ...more] = readInside(at, octets, (inner) =>
    sequenceOf(inner, 'an RSAPublicKey').map(unsignedBytes),
  );
  if (modulus === undefined || exponent === undefined || more.length > 0) {
    throw malformed(at, 'an RSAPublicKey has two elements');
  }
  const bits = bitLength(modulus);
  if (bits < rsaBits.least || modulus[modulus.length - 1]! % 2 === 0) {
    throw malformed(at, `the RSA modulus is even or has less than ${rsaBits.least} bits`);
  }
  if (bits > rsaBits.most) {
    throw new MailsealError(
      'crypto-unsupported',
      `the RSA modulus has ${bits} bits, more than ${rsaBits.most}`,
    );
  }
  const exponentBits = bitLength(exponent);
  // RFC 8017 §3.1: e is odd (it is prime to the even λ(n)), at least 3 and less than n.
  if (exponentBits < 2 || exponent[exponent.length - 1]! % 2 === 0 || exponentBits > bits) {
    throw malformed(at, 'the RSA public exponent is even, less than 3 or longer than the modulus');
  }
  const most = bits > 3072 ? 64 : 256;
  if (exponentBits > most) {
    throw new MailsealError(
      'crypto-unsupported',
      `the RSA public exponent has ${exponentBits} bits, more than ${most}`,
    );
  }
  return {
    kind: 'rsa',
    modulus,
    exponent,
    bits,
    pkcs1: isDer(octets, modulus, exponent) ? octets : derSequence(derInteger(modulus), derInteger(exponent)),
    pssOnly,
    ...(pssParameters === undefined ? {} : { pssParameters }),
  };
}

/** Whether an RSAPublicKey that was read has the length of its DER: then it is that, since every longer form is longer. */
function isDer(octets: Bytes, modulus: Bytes, exponent: Bytes): boolean {
  const element = (content: number): number =>
    content + (content < 0x80 ? 2 : content < 0x100 ? 3 : content < 0x10000 ? 4 : 5);
  const integer = (value: Bytes): number => element(value.length + (value[0]! >> 7));
  return octets.length === element(integer(modulus) + integer(exponent));
}

function readEc(at: BerNode, point: Bytes, parameters: BerNode | undefined): EcPublicKey {
  // RFC 5480 §2.1.1: only namedCurve is allowed; explicit parameters have forged whole certificates.
  if (parameters === undefined || !parameters.is(Tag.ObjectIdentifier)) {
    throw new MailsealError(
      'crypto-unsupported',
      'the curve is not given by its name (explicit parameters?)',
    );
  }
  const oid = decodeOid(parameters);
  const curve = curveByOid(oid);
  if (curve === undefined) {
    throw new MailsealError('crypto-unsupported', `the elliptic curve ${oid} is not known here`);
  }
  const length = coordinateLength(curve);
  const form = point[0];
  // SEC 1 §2.3.4: 04 with both coordinates, 02 or 03 with one; RFC 5480 §2.2 forbids the hybrid forms.
  const whole = form === 4 ? 1 + 2 * length : form === 2 || form === 3 ? 1 + length : -1;
  if (point.length !== whole) throw malformed(at, `this is not the form of a point on ${curve}`);
  return { kind: 'ec', curve, point };
}

function readDsa(at: BerNode, octets: Bytes, parameters: BerNode | undefined): DsaPublicKey {
  const y = readInside(at, octets, unsignedBytes);
  if (bitLength(y) > dsaBits.most) throw tooLargeDsa();
  // RFC 3279 §2.3.2: omitted parameters are inherited; NULL is how some wrote that.
  if (parameters === undefined || parameters.is(Tag.Null)) return { kind: 'dsa', y };
  const [p, q, g, ...more] = sequenceOf(parameters, 'Dss-Parms').map(unsignedBytes);
  if (p === undefined || q === undefined || g === undefined || more.length > 0) {
    throw malformed(parameters, 'Dss-Parms has three elements');
  }
  const bits = bitLength(p);
  if (bits > dsaBits.most) throw tooLargeDsa();
  if (bits < dsaBits.least || p[p.length - 1]! % 2 === 0 || bitLength(g) > bits || bitLength(y) > bits) {
    throw malformed(parameters, 'the DSA parameters do not fit together');
  }
  // FIPS 186-4 §4.2: q has 160, 224 or 256 bits.
  if (![160, 224, 256].includes(bitLength(q))) {
    throw new MailsealError('crypto-unsupported', `a DSA subgroup of ${bitLength(q)} bits is not known here`);
  }
  return { kind: 'dsa', y, parameters: { p, q, g } };
}

function tooLargeDsa(): MailsealError {
  return new MailsealError('crypto-unsupported', `the DSA key has more than ${dsaBits.most} bits`);
}

/**
 * A DSA key without parameters completed with those of its issuer's key
 * (RFC 3279 §2.3.2, RFC 5280 §6.1.4 f); any other key as it is.
 *
 * @example
 * ```ts
 * import { type PublicKey, withDsaParameters } from 'mailseal/crypto';
 *
 * const issuer: PublicKey = {
 *   kind: 'dsa',
 *   y: new Uint8Array([4]),
 *   parameters: { p: new Uint8Array([23]), q: new Uint8Array([11]), g: new Uint8Array([2]) },
 * };
 * const subject = withDsaParameters({ kind: 'dsa', y: new Uint8Array([8]) }, issuer);
 * console.log(subject.kind === 'dsa' && subject.parameters !== undefined); // true
 * ```
 */
export function withDsaParameters(key: PublicKey, issuer: PublicKey): PublicKey {
  if (key.kind !== 'dsa' || key.parameters !== undefined) return key;
  if (issuer.kind !== 'dsa' || issuer.parameters === undefined) return key;
  return { kind: 'dsa', y: key.y, parameters: issuer.parameters };
}

/** Reads what the BIT STRING holds; offsets in there would not be those of the whole, so its own is given. */
function readInside<T>(at: BerNode, octets: Bytes, read: (node: BerNode) => T): T {
  try {
    return read(readBer(octets));
  } catch (error) {
    if (!(error instanceof MailsealError) || !error.code.startsWith('asn1-')) throw error;
    throw new MailsealError('crypto-key-malformed', `inside the public key: ${error.message}`, {
      offset: at.start,
      cause: error,
    });
  }
}

function malformed(at: BerNode, what: string): MailsealError {
  return new MailsealError('crypto-key-malformed', what, { offset: at.start });
}
