import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { bytesFromInteger, integerFromBytes } from '../big-integer.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeKey } from '../engines/native-keys.js';
import { nativePrivateKey } from '../engines/native-private-keys.js';
import { trustedWeb } from '../engines/native-web.js';
import type { WebAgreement, WebAgreementAlgorithm } from '../engines/native-web-agreement.js';
import { assertGiven } from '../given.js';
import { hasUsablePoint } from '../keys/check-public-key.js';
import { type CurveName, coordinateLength, pointsOf } from '../keys/curves.js';
import {
  type EcPrivateKey,
  type EdwardsPrivateKey,
  ecPrivateKey,
  edwardsPrivateKey,
  type PrivateKey,
} from '../keys/private-key.js';
import type { EcPublicKey, EdwardsPublicKey, PublicKey } from '../keys/public-key.js';
import { assertNotWiped, keptImportedForm } from '../keys/wiped-keys.js';

/** What {@link deriveSharedSecret} takes. */
export interface DeriveSharedSecretOptions extends EngineOptions {
  readonly privateKey: PrivateKey;
  /** The other side's key, of the same kind and curve. */
  readonly publicKey: PublicKey;
}

/** The two sides of an agreement that fit each other. */
type Pair =
  | { readonly own: EcPrivateKey; readonly other: EcPublicKey; readonly curve: CurveName }
  | { readonly own: EdwardsPrivateKey; readonly other: EdwardsPublicKey; readonly curve: 'x25519' | 'x448' };

/**
 * What a private key and somebody else's public key agree upon: the x coordinate of
 * the common point (SEC 1 §3.3.1), or what X25519 and X448 give (RFC 7748 §6).
 * It is no key yet: a derivation makes one of it.
 *
 * @returns as many octets as a coordinate of the curve; a secret, to be wiped by the caller
 * @throws MailsealError `usage` for a private key of a kind that agrees on nothing or that was wiped;
 * `crypto-key-malformed` when the public key is of another kind or curve, not on its
 * curve, or of so small an order that everybody knows the outcome;
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime knows the curve not.
 * @example
 * ```ts
 * import { deriveSharedSecret, generateKeyPair } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const hanako = await generateKeyPair({ kind: 'x25519' });
 * const taro = await generateKeyPair({ kind: 'x25519' });
 * const one = await deriveSharedSecret({ privateKey: hanako.privateKey, publicKey: taro.publicKey });
 * const other = await deriveSharedSecret({ privateKey: taro.privateKey, publicKey: hanako.publicKey });
 * console.log(encodeHex(one) === encodeHex(other)); // true
 * ```
 */
export async function deriveSharedSecret(options: DeriveSharedSecretOptions): Promise<Bytes> {
  assertGiven(options, 'the options');
  const { privateKey, publicKey, engine } = options;
  const pair = pairOf(privateKey, publicKey);
  assertNotWiped(privateKey);
  // SEC 1 §3.2.2: a point that is not on the curve gives the private key away bit by bit.
  if (publicKey.kind === 'ec' && !hasUsablePoint(publicKey)) throw unfit('is no point of its curve');
  const secret = await agree(pair, engine);
  // RFC 7748 §6 lets an outcome of zeros be refused: it is everybody's. On the other curves a point may have x = 0.
  if (privateKey.kind === 'ec' || !isZero(secret)) return secret;
  throw unfit('is of a small order');
}

function pairOf(own: PrivateKey, other: PublicKey): Pair {
  assertGiven(own, 'the private key');
  assertGiven(other, 'the public key');
  if (own.kind === 'ec') {
    const { curve } = own.publicKey;
    if (other.kind === 'ec' && other.curve === curve) return { own, other, curve };
    throw unfit(`is not on ${curve}, as the private key is`);
  }
  if (own.kind === 'x25519' || own.kind === 'x448') {
    if (other.kind !== own.kind) throw unfit(`is not of ${own.kind}, as the private key is`);
    const { length } = other.key;
    // RFC 7748 §5: a coordinate has as many octets as a scalar.
    if (length === own.seed.length) return { own, other, curve: own.kind };
    throw unfit(`has ${length} octets, not ${own.seed.length}`);
  }
  throw usage(`a private key of the kind ${own.kind} agrees on no secret`);
}

/** Takes the same steps for every secret. */
function isZero(secret: Bytes): boolean {
  let any = 0;
  for (const octet of secret) any |= octet;
  return any === 0;
}

function unfit(what: string): MailsealError {
  return new MailsealError('crypto-key-malformed', `the public key ${what}`);
}

async function agree(pair: Pair, engine: Engine | undefined): Promise<Bytes> {
  const id = `key agreement on ${pair.curve}`;
  const secret = inNode(pair, id, engine) ?? (await onWeb(pair, id, engine));
  if (secret !== undefined) return secret;
  assertNotWiped(pair.own);
  const own = inTypeScript(pair);
  if (engine !== 'native' || isZero(own)) return own;
  own.fill(0);
  throw engineUnavailable(id, 'untrusted');
}

// What a runtime refuses is refused by TypeScript, or told from what it cannot do; its error may quote what it was given.

/** What `node:crypto` gives; `undefined` where it is not there or refuses. */
function inNode(pair: Pair, id: string, engine: Engine | undefined): Bytes | undefined {
  const native = trustedNative(engine, id, (module) => answersRightly(module, pair.curve));
  if (native === undefined) return undefined;
  try {
    return nativeAgreement(native, pair.own, pair.other);
  } catch {
    return undefined;
  }
}

/** What WebCrypto gives; `undefined` where it is not there or refuses. */
async function onWeb(pair: Pair, id: string, engine: Engine | undefined): Promise<Bytes | undefined> {
  const algorithm = webAlgorithm(pair.curve);
  if (engine === 'typescript' || algorithm === undefined) return undefined;
  const subtle = await trustedWeb<WebAgreement>(id, async (asked) => {
    const known = knownPair(pair.curve);
    return equalBytes(await webSecret(asked, algorithm, known), knownSecret(known));
  });
  if (subtle === undefined) return undefined;
  try {
    return await webSecret(subtle, algorithm, pair);
  } catch {
    return undefined;
  }
}

/** The brainpool curves and P-224 are not WebCrypto's. */
function webAlgorithm(curve: Pair['curve']): WebAgreementAlgorithm | undefined {
  if (curve === 'x25519') return { name: 'X25519' };
  if (curve === 'x448') return { name: 'X448' };
  return curve.startsWith('P-') && curve !== 'P-224' ? { name: 'ECDH', namedCurve: curve } : undefined;
}

async function webSecret(subtle: WebAgreement, algorithm: WebAgreementAlgorithm, pair: Pair): Promise<Bytes> {
  const { own, other, curve } = pair;
  const octets = other.kind === 'ec' ? wholePoint(other) : other.key;
  const publicKey = await subtle.importKey('raw', octets, algorithm, false, []);
  const privateKey = await keptImportedForm(own, `WebCrypto for key agreement on ${curve}`, () =>
    subtle.importKey('pkcs8', own.pkcs8, algorithm, false, ['deriveBits']),
  );
  const length = own.kind === 'ec' ? coordinateLength(own.publicKey.curve) : own.seed.length;
  return new Uint8Array(
    await subtle.deriveBits({ name: algorithm.name, public: publicKey }, privateKey, 8 * length),
  );
}

function nativeAgreement(native: NativeCrypto, own: PrivateKey, other: PublicKey): Bytes {
  const publicKey = nativeKey(native, other);
  return asBytes(native.diffieHellman!({ privateKey: nativePrivateKey(native, own), publicKey }));
}

const schemes = { x25519, x448 };

/** Noble multiplies secrets in a fixed sequence of steps; BigInt's own time still depends on its values. */
function inTypeScript({ own, other, curve }: Pair): Bytes {
  if (own.kind === 'ec') {
    const points = pointsOf(curve as CurveName);
    const point = points.fromBytes((other as EcPublicKey).point).multiply(integerFromBytes(own.scalar));
    return bytesFromInteger(point.toAffine().x, coordinateLength(curve as CurveName));
  }
  try {
    return asBytes(schemes[curve as 'x25519'].getSharedSecret(own.seed, (other as EdwardsPublicKey).key));
  } catch {
    return new Uint8Array(own.seed.length);
  }
}

/** WebCrypto may leave compressed points out (W3C Web Cryptography, “Import Key” of ECDH). */
function wholePoint({ curve, point }: EcPublicKey): Bytes {
  return point[0] === 4 ? point : asBytes(pointsOf(curve).fromBytes(point).toBytes(false));
}

/** Two keys of an agreement whose outcome is computed quickly. */
function knownPair(curve: Pair['curve']): Pair {
  if (curve === 'x25519' || curve === 'x448') {
    const seed = new Uint8Array(curve === 'x25519' ? 32 : 56).fill(0x4d);
    const key = asBytes(schemes[curve].getPublicKey(new Uint8Array(seed.length).fill(0x63)));
    return { own: edwardsPrivateKey(curve, seed), other: { kind: curve, key }, curve };
  }
  const own = ecPrivateKey(curve, Uint8Array.of(2));
  return { own, other: own.publicKey, curve };
}

/** What {@link knownPair} agrees on: on the prime curves two times twice the base point, for which no table is made. */
function knownSecret(known: Pair): Bytes {
  if (known.own.kind !== 'ec') return inTypeScript(known);
  const { curve } = known.own.publicKey;
  const { x } = pointsOf(curve).BASE.multiplyUnsafe(4n).toAffine();
  return bytesFromInteger(x, coordinateLength(curve));
}

function answersRightly(native: NativeCrypto, curve: Pair['curve']): boolean {
  const known = knownPair(curve);
  return equalBytes(nativeAgreement(native, known.own, known.other), knownSecret(known));
}
