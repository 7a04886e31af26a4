import {
  derBitString,
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { integerFromBytes } from '../big-integer.js';
import { assertGiven } from '../given.js';
import { coordinateLength, oidOfCurve, orderOfCurve } from './curves.js';
import { derivePoint, deriveRaw } from './derive-public-key.js';
import type { DsaPublicKey, EcPublicKey, EdwardsPublicKey, RsaPublicKey } from './public-key.js';
import { privateKeyInfoDer, type RsaPrivateNumbers, rsaPrivateKeyDer, wipingSequence } from './secret-der.js';
import { markWiped } from './wiped-keys.js';

/**
 * What every private key has. Secret members are not enumerable, so that
 * neither JSON nor a console shows them; {@link wipePrivateKey} overwrites them.
 */
interface AnyPrivateKey {
  /** The DER of the PrivateKeyInfo (RFC 5208 §5, version 0). Secret. */
  readonly pkcs8: Bytes;
}

/** An RSA private key (RFC 8017 §3.2) of two primes; its numbers agree with each other. */
export interface RsaPrivateKey extends AnyPrivateKey {
  readonly kind: 'rsa';
  readonly publicKey: RsaPublicKey;
  /** The private exponent, like the others most significant octet first and without leading zeros. Secret. */
  readonly d: Bytes;
  /** The first prime. Secret. */
  readonly p: Bytes;
  /** The second prime. Secret. */
  readonly q: Bytes;
  /** d mod (p − 1). Secret. */
  readonly dp: Bytes;
  /** d mod (q − 1). Secret. */
  readonly dq: Bytes;
  /** The inverse of q modulo p. Secret. */
  readonly qInv: Bytes;
}

/** A private key on an elliptic curve (RFC 5915). */
export interface EcPrivateKey extends AnyPrivateKey {
  readonly kind: 'ec';
  /** Computed from the scalar; the point is uncompressed. */
  readonly publicKey: EcPublicKey;
  /** 1 to n − 1, most significant octet first, as long as the order of the curve. Secret. */
  readonly scalar: Bytes;
}

/** An Edwards or Montgomery private key (RFC 8410 §7). */
export interface EdwardsPrivateKey extends AnyPrivateKey {
  readonly kind: EdwardsPublicKey['kind'];
  /** Computed from the seed. */
  readonly publicKey: EdwardsPublicKey;
  /** 32 octets for the curves 25519, 57 for Ed448, 56 for X448. Secret. */
  readonly seed: Bytes;
}

/** A DSA private key, as old files hold it. */
export interface DsaPrivateKey extends AnyPrivateKey {
  readonly kind: 'dsa';
  readonly publicKey: DsaPublicKey;
  /** 1 to q − 1, most significant octet first. Secret. */
  readonly x: Bytes;
}

/** A private key, told apart by `kind`, with the public key that belongs to it. */
export type PrivateKey = RsaPrivateKey | EcPrivateKey | EdwardsPrivateKey | DsaPrivateKey;

const secretMembers = ['pkcs8', 'd', 'p', 'q', 'dp', 'dq', 'qInv', 'scalar', 'seed', 'x'];

/** Makes the secret members of a key invisible to JSON, consoles and spreads. */
function hideSecrets<Key extends PrivateKey>(key: Key): Key {
  for (const name of secretMembers) {
    if (name in key) Object.defineProperty(key, name, { enumerable: false });
  }
  return key;
}

/**
 * Overwrites the secret octets of a private key with zeros. Whoever uses it
 * afterwards, to sign or to write it, gets the error `usage`, and the runtime's
 * own forms of it are let go. What the runtime or the garbage collector copied is
 * out of reach.
 *
 * @example
 * ```ts
 * import { parsePrivateKey, wipePrivateKey } from 'mailseal/crypto';
 *
 * const key = await parsePrivateKey(
 *   `-----BEGIN PRIVATE KEY-----
 * MC4CAQAwBQYDK2VwBCIEIEzNCJtigvPcSsTC+kgI5GuSRyG8bBoZsPbkpOTfo1Tb
 * -----END PRIVATE KEY-----`,
 * );
 * wipePrivateKey(key);
 * console.log(key.pkcs8.every((octet) => octet === 0)); // true
 * ```
 */
export function wipePrivateKey(key: PrivateKey): void {
  assertGiven(key, 'the private key');
  markWiped(key);
  const octets = key as unknown as Readonly<Record<string, Bytes | undefined>>;
  for (const name of secretMembers) octets[name]?.fill(0);
}

/**
 * An RSA private key from its numbers, which are checked against each other:
 * a signature made with numbers that do not fit gives the primes away.
 *
 * @param algorithm the DER of the AlgorithmIdentifier; default `rsaEncryption`
 * @throws MailsealError `crypto-key-malformed` when they do not fit.
 */
export function rsaPrivateKey(
  publicKey: RsaPublicKey,
  numbers: RsaPrivateNumbers,
  algorithm: Bytes = derSequence(derOid('1.2.840.113549.1.1.1'), derNull()),
): RsaPrivateKey {
  // Sizes first, so that nobody is kept busy by numbers that cannot fit anyway.
  const { length } = publicKey.modulus;
  if (Object.values(numbers).some((number: Bytes) => number.length > length)) {
    throw malformed('a number of the RSA private key is longer than the modulus');
  }
  const n = integerFromBytes(publicKey.modulus);
  const e = integerFromBytes(publicKey.exponent);
  const p = integerFromBytes(numbers.p);
  const q = integerFromBytes(numbers.q);
  const d = integerFromBytes(numbers.d);
  const fits =
    p > 1n &&
    q > 1n &&
    p * q === n &&
    d < n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    d % (p - 1n) === integerFromBytes(numbers.dp) &&
    d % (q - 1n) === integerFromBytes(numbers.dq) &&
    integerFromBytes(numbers.qInv) < p &&
    (integerFromBytes(numbers.qInv) * q) % p === 1n;
  if (!fits) throw malformed('the numbers of the RSA private key do not fit together');
  const pkcs8 = privateKeyInfoDer(algorithm, rsaPrivateKeyDer(publicKey, numbers));
  return hideSecrets({ kind: 'rsa', publicKey, ...copies(numbers), pkcs8 });
}

/**
 * A private key on a curve from its scalar; octets in front that are zero are left out or put there.
 *
 * @throws MailsealError `crypto-key-malformed` when it is out of range,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime does not know the curve.
 */
export function ecPrivateKey(
  curve: EcPublicKey['curve'],
  scalar: Bytes,
  options: EngineOptions = {},
): EcPrivateKey {
  const order = orderOfCurve(curve);
  const value = integerFromBytes(scalar);
  if (value < 1n || value >= order) throw malformed(`the private scalar is out of range for ${curve}`);
  const length = Math.ceil(order.toString(16).length / 2);
  const fixed = new Uint8Array(length);
  fixed.set(scalar.subarray(Math.max(0, scalar.length - length)), Math.max(0, length - scalar.length));
  const point = derivePoint(curve, fixed, options);
  if (point.length !== 1 + 2 * coordinateLength(curve)) throw malformed('the point has a wrong length');
  const inner = wipingSequence(derInteger(1), derOctetString(fixed), derExplicit(1, derBitString(point)));
  const algorithm = derSequence(derOid('1.2.840.10045.2.1'), derOid(oidOfCurve(curve)));
  return hideSecrets({
    kind: 'ec',
    publicKey: { kind: 'ec', curve, point },
    scalar: fixed,
    pkcs8: privateKeyInfoDer(algorithm, inner),
  });
}

const edwardsOids = {
  x25519: { oid: '1.3.101.110', length: 32 },
  x448: { oid: '1.3.101.111', length: 56 },
  ed25519: { oid: '1.3.101.112', length: 32 },
  ed448: { oid: '1.3.101.113', length: 57 },
} as const;

/**
 * An Edwards or Montgomery private key from its seed. The public key is always
 * computed: an Ed25519 signature made with another one gives the scalar away.
 *
 * @throws MailsealError `crypto-key-malformed` when its length is wrong,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime does not know the curve.
 */
export function edwardsPrivateKey(
  kind: EdwardsPublicKey['kind'],
  seed: Bytes,
  options: EngineOptions = {},
): EdwardsPrivateKey {
  const { oid, length } = edwardsOids[kind];
  if (seed.length !== length) {
    throw malformed(`the ${kind} private key has ${seed.length} octets, not ${length}`);
  }
  return hideSecrets({
    kind,
    publicKey: { kind, key: deriveRaw(kind, seed, options) },
    seed: seed.slice(),
    pkcs8: privateKeyInfoDer(derSequence(derOid(oid)), derOctetString(seed)),
  });
}

/** A DSA private key; the public key must have parameters. */
export function dsaPrivateKey(publicKey: DsaPublicKey, x: Bytes): DsaPrivateKey {
  const { p, q, g } = publicKey.parameters!;
  const value = integerFromBytes(x);
  if (value < 1n || value >= integerFromBytes(q)) throw malformed('the DSA private key is out of range');
  const parameters = derSequence(derInteger(p), derInteger(q), derInteger(g));
  return hideSecrets({
    kind: 'dsa',
    publicKey,
    x: x.slice(),
    pkcs8: privateKeyInfoDer(derSequence(derOid('1.2.840.10040.4.1'), parameters), derInteger(x)),
  });
}

/** Copies of the numbers, since what was read may be a view of the caller's file. */
function copies({ d, p, q, dp, dq, qInv }: RsaPrivateNumbers): RsaPrivateNumbers {
  return { d: d.slice(), p: p.slice(), q: q.slice(), dp: dp.slice(), dq: dq.slice(), qInv: qInv.slice() };
}

function malformed(what: string): MailsealError {
  return new MailsealError('crypto-key-malformed', what);
}
