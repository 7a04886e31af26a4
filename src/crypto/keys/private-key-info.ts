import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import {
  bitStringContent,
  decodeInteger,
  octetString,
  sequenceOf,
  unsignedBytes,
} from '../../asn1/values.js';
import { derBitString, derInteger, derNull, derOid, derSequence } from '../../asn1/writer.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { bytesFromInteger, integerFromBytes } from '../big-integer.js';
import { Modulus } from '../modulus.js';
import { type CurveName, curveByOid } from './curves.js';
import {
  dsaPrivateKey,
  ecPrivateKey,
  edwardsPrivateKey,
  type PrivateKey,
  type RsaPrivateKey,
  rsaPrivateKey,
} from './private-key.js';
import { type DsaPublicKey, type EdwardsPublicKey, parsePublicKey } from './public-key.js';

/**
 * Reads a PrivateKeyInfo (RFC 5208 §5) or OneAsymmetricKey (RFC 5958 §2), BER
 * or DER. Its attributes are passed over; a public key in it must be the one
 * that belongs to the private key.
 *
 * @throws MailsealError `crypto-key-malformed`, `crypto-unsupported`,
 * `crypto-engine-unavailable`. None tells anything of what stands in the key.
 */
export function readPrivateKeyInfo(octets: Bytes, options: EngineOptions = {}): PrivateKey {
  return withoutSecrets(() => {
    const [version, algorithm, privateKey, ...optional] = sequenceOf(readBer(octets));
    if (version === undefined || algorithm === undefined || privateKey === undefined) {
      throw malformed('a PrivateKeyInfo has at least three elements');
    }
    const number = decodeInteger(version);
    if (number !== 0 && number !== 1) throw malformed('the PrivateKeyInfo has an unknown version');
    const publicKey = optional.find((node) => node.isContext(1));
    const given = publicKey && bitStringContent(publicKey).octets;
    return readKey(algorithm, octetString(privateKey), given, options);
  });
}

/** Reads an RSAPrivateKey alone (RFC 8017 appendix A.1.2), the content of `RSA PRIVATE KEY`. Throws as {@link readPrivateKeyInfo}. */
export function readRsaPrivateKey(octets: Bytes): PrivateKey {
  return withoutSecrets(() => readRsa(octets, derSequence(derOid('1.2.840.113549.1.1.1'), derNull())));
}

/** Reads an ECPrivateKey alone (RFC 5915 §3), the content of `EC PRIVATE KEY`. Throws as {@link readPrivateKeyInfo}. */
export function readEcPrivateKey(octets: Bytes, options: EngineOptions = {}): PrivateKey {
  return withoutSecrets(() => readEc(octets, undefined, undefined, options));
}

/** Reads OpenSSL's own form of a DSA key, the content of `DSA PRIVATE KEY`. Throws as {@link readPrivateKeyInfo}. */
export function readDsaPrivateKey(octets: Bytes): PrivateKey {
  return withoutSecrets(() => {
    const numbers = sequenceOf(readBer(octets)).map(unsignedBytes);
    const [, p, q, g, y, x] = numbers;
    if (p === undefined || q === undefined || g === undefined || y === undefined || x === undefined) {
      throw malformed('a DSA private key has six numbers');
    }
    return dsaKey(derSequence(derInteger(p), derInteger(q), derInteger(g)), x, y);
  });
}

/** The kind of an unencrypted private key in DER, by its first elements. Throws as {@link readPrivateKeyInfo}. */
export function readAnyPrivateKey(octets: Bytes, options: EngineOptions = {}): PrivateKey {
  const kind = withoutSecrets(() => {
    const [first, second, third] = sequenceOf(readBer(octets));
    if (first?.is(Tag.Integer) !== true || second === undefined) return undefined;
    if (second.is(Tag.Sequence)) return readPrivateKeyInfo;
    if ((second.identifier & 0xdf) === Tag.OctetString) return readEcPrivateKey;
    if (!second.is(Tag.Integer) || third?.is(Tag.Integer) !== true) return undefined;
    return sequenceOf(readBer(octets)).length === 6 ? readDsaPrivateKey : readRsaPrivateKey;
  });
  if (kind === undefined) throw malformed('this is neither PKCS#8 nor another known form of a private key');
  return kind(octets, options);
}

const edwardsKinds: ReadonlyMap<string, EdwardsPublicKey['kind']> = /* @__PURE__ */ new Map([
  ['1.3.101.110', 'x25519'],
  ['1.3.101.111', 'x448'],
  ['1.3.101.112', 'ed25519'],
  ['1.3.101.113', 'ed448'],
]);

function readKey(
  algorithm: BerNode,
  octets: Bytes,
  publicKey: Bytes | undefined,
  options: EngineOptions,
): PrivateKey {
  const [identifier, parameters] = sequenceOf(algorithm);
  if (identifier === undefined) throw malformed('the algorithm of the private key has no OID');
  const oid = decodeOid(identifier);
  switch (oid) {
    case '1.2.840.113549.1.1.1':
    case '2.5.8.1.1':
      return readRsa(octets, derSequence(derOid('1.2.840.113549.1.1.1'), derNull()));
    case '1.2.840.113549.1.1.10':
      return readRsa(octets, toDer(algorithm));
    case '1.2.840.10045.2.1':
      return readEc(octets, parameters, publicKey, options);
    case '1.2.840.10040.4.1':
    case '1.3.14.3.2.12':
      if (parameters === undefined || !parameters.is(Tag.Sequence)) {
        throw malformed('the DSA private key has no parameters');
      }
      return dsaKey(toDer(parameters), unsignedBytes(readBer(octets)), undefined);
    default: {
      const kind = edwardsKinds.get(oid);
      if (kind === undefined) {
        throw new MailsealError(
          'crypto-unsupported',
          `private keys of the algorithm ${oid} are not read here`,
        );
      }
      const key = edwardsPrivateKey(kind, octetString(readBer(octets)), options);
      if (publicKey !== undefined && !equalBytes(publicKey, key.publicKey.key)) throw foreign();
      return key;
    }
  }
}

function readRsa(octets: Bytes, algorithm: Bytes): RsaPrivateKey {
  const [version, ...members] = sequenceOf(readBer(octets));
  if (version === undefined) throw malformed('an RSAPrivateKey has nine numbers');
  if (decodeInteger(version) !== 0) {
    throw new MailsealError('crypto-unsupported', 'RSA keys of more than two primes are not read here');
  }
  const [n, e, d, p, q, dp, dq, qInv] = members.map(unsignedBytes);
  if (!n || !e || !d || !p || !q || !dp || !dq || !qInv || members.length > 8) {
    throw malformed('an RSAPrivateKey has nine numbers');
  }
  const spki = derSequence(algorithm, derBitString(derSequence(derInteger(n), derInteger(e))));
  const publicKey = parsePublicKey(spki);
  if (publicKey.kind !== 'rsa') throw malformed('the RSA public key cannot be read');
  return rsaPrivateKey(publicKey, { d, p, q, dp, dq, qInv }, algorithm);
}

function readEc(
  octets: Bytes,
  outer: BerNode | undefined,
  outerPoint: Bytes | undefined,
  options: EngineOptions,
): PrivateKey {
  const [version, scalar, ...optional] = sequenceOf(readBer(octets));
  if (version === undefined || scalar === undefined || decodeInteger(version) !== 1) {
    throw malformed('this is no ECPrivateKey of version 1');
  }
  const inner = optional.find((node) => node.isContext(0))?.children[0];
  const point = optional.find((node) => node.isContext(1))?.children[0];
  const curves = [outer, inner].flatMap((node) => (node === undefined ? [] : [curveOf(node)]));
  const [curve] = curves;
  if (curve === undefined) throw malformed('the private key does not name its curve');
  if (curves.some((other) => other !== curve)) throw malformed('the private key names two curves');
  const key = ecPrivateKey(curve, octetString(scalar), options);
  for (const given of [outerPoint, point && bitStringContent(point).octets]) {
    if (given !== undefined && !isSamePoint(given, key.publicKey.point)) throw foreign();
  }
  return key;
}

function curveOf(parameters: BerNode): CurveName {
  // RFC 5480 §2.1.1: only namedCurve is allowed.
  if (!parameters.is(Tag.ObjectIdentifier)) {
    throw new MailsealError(
      'crypto-unsupported',
      'the curve of the private key is not given by its name (explicit parameters?)',
    );
  }
  const oid = decodeOid(parameters);
  const curve = curveByOid(oid);
  if (curve === undefined) {
    throw new MailsealError('crypto-unsupported', `the elliptic curve ${oid} is not known here`);
  }
  return curve;
}

/** Whether a point, compressed or not, is the uncompressed one (SEC 1 §2.3.3). */
export function isSamePoint(given: Bytes, whole: Bytes): boolean {
  const form = given[0];
  if (form !== 2 && form !== 3) return equalBytes(given, whole);
  const length = (whole.length - 1) / 2;
  return (
    form === 2 + (whole[whole.length - 1]! & 1) &&
    equalBytes(given.subarray(1), whole.subarray(1, 1 + length))
  );
}

function dsaKey(parameters: Bytes, x: Bytes, y: Bytes | undefined): PrivateKey {
  const algorithm = derSequence(derOid('1.2.840.10040.4.1'), parameters);
  const publicKeyOf = (power: Bytes): DsaPublicKey => {
    const key = parsePublicKey(derSequence(algorithm, derBitString(derInteger(power))));
    if (key.kind !== 'dsa') throw malformed('the DSA public key cannot be read');
    return key;
  };
  // Sizes first, with 1 in the public key's place: numbers that make no group are not worked with.
  const group = publicKeyOf(Uint8Array.of(1)).parameters;
  if (group === undefined) throw malformed('the DSA private key has no parameters');
  const [p, q, g] = [group.p, group.q, group.g].map(integerFromBytes) as [bigint, bigint, bigint];
  const secret = x.length > group.q.length ? 0n : integerFromBytes(x);
  // FIPS 186-4 §4.1: q divides p − 1, g is neither 1 nor p − 1, 0 < x < q.
  if ((p - 1n) % q !== 0n || g <= 1n || g >= p - 1n || secret < 1n || secret >= q) {
    throw malformed('the numbers of the DSA private key do not fit together');
  }
  const power = new Modulus(p).secretPower(g, secret);
  const publicKey = publicKeyOf(bytesFromInteger(power, group.p.length));
  if (y !== undefined && !equalBytes(y, publicKey.y)) throw foreign();
  return dsaPrivateKey(publicKey, x);
}

function foreign(): MailsealError {
  return malformed('the public key beside the private key is not the one that belongs to it');
}

function malformed(what: string): MailsealError {
  return new MailsealError('crypto-key-malformed', what);
}

/** Errors of the reader quote octets: of what is secret only their code is passed on. */
function withoutSecrets<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    if (error.code.startsWith('asn1-') || error.code.startsWith('limit-')) {
      throw malformed(`the private key cannot be read (${error.code})`);
    }
    // The public half is checked by parsePublicKey, whose messages name sizes and OIDs only.
    throw error.cause === undefined ? error : new MailsealError(error.code, 'the private key cannot be read');
  }
}
