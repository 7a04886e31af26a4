import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { asBytes, type Bytes, bytesFromLatin1, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { bytesFromInteger } from '../big-integer.js';
import { trustedNative } from '../engines/engine-choice.js';
import { doubledBasePoints } from '../engines/known-answer-vectors.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeKey } from '../engines/native-keys.js';
import { type CurveName, coordinateLength, pointsOf } from '../keys/curves.js';
import { generateKeyPair } from '../keys/generate-key-pair.js';
import { wipePrivateKey } from '../keys/private-key.js';
import type { EcPublicKey, EdwardsPublicKey } from '../keys/public-key.js';
import type { RandomOptions } from '../random.js';
import { deriveSharedSecret } from './shared-secret.js';

/** A key that something can be agreed on with. */
export type AgreementKey = EcPublicKey | (EdwardsPublicKey & { readonly kind: 'x25519' | 'x448' });

/** What one agreement with a key made for it alone gives. */
export interface EphemeralAgreement {
  /** The public half of the key that was made. */
  readonly publicKey: AgreementKey;
  /** What was agreed upon; a secret, to be wiped by the caller. */
  readonly secret: Bytes;
}

/**
 * Makes a key, agrees with somebody's, and forgets the private half (RFC 5753
 * §3.1, RFC 8418 §2). Node does it with a key that JavaScript never sees, in a
 * tenth of the time of making, encoding and importing one.
 *
 * @throws MailsealError as `generateKeyPair` and `deriveSharedSecret` throw.
 */
export async function agreeEphemerally(
  key: AgreementKey,
  options: EngineOptions & RandomOptions,
): Promise<EphemeralAgreement> {
  return agreeAtOnce(key, options) ?? (await agreeStepByStep(key, options));
}

async function agreeStepByStep(
  key: AgreementKey,
  options: EngineOptions & RandomOptions,
): Promise<EphemeralAgreement> {
  const { engine } = options;
  const kind = key.kind === 'ec' ? ({ kind: 'ec', curve: key.curve } as const) : { kind: key.kind };
  const own = await generateKeyPair(kind, options);
  try {
    const by = engine === undefined ? {} : { engine };
    const secret = await deriveSharedSecret({ privateKey: own.privateKey, publicKey: key, ...by });
    return { publicKey: own.publicKey as AgreementKey, secret };
  } finally {
    wipePrivateKey(own.privateKey);
  }
}

/** What `node:crypto` gives; `undefined` where it is not there, refuses, or is not to draw the key. */
function agreeAtOnce(
  key: AgreementKey,
  { engine, random }: EngineOptions & RandomOptions,
): EphemeralAgreement | undefined {
  if (random !== undefined || (key.kind === 'ec' && !isPlainlyWritten(key))) return undefined;
  const curve = key.kind === 'ec' ? key.curve : key.kind;
  const native = trustedNative(engine, `keys for one agreement on ${curve}`, (module) =>
    key.kind === 'ec' ? answersRightly(module, key.curve) : answersRightlyRaw(module, key.kind),
  );
  if (native === undefined) return undefined;
  try {
    return key.kind === 'ec' ? nativeOnCurve(native, key) : nativeRaw(native, key);
  } catch {
    // A key that is none is told by the step that finds it out; a runtime's error may quote what it was given.
    return undefined;
  }
}

const opensslNames: Readonly<Record<CurveName, string>> = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  brainpoolP256r1: 'brainpoolP256r1',
  brainpoolP384r1: 'brainpoolP384r1',
  brainpoolP512r1: 'brainpoolP512r1',
};

/**
 * Whether a point is written whole or compressed (SEC 1 §2.3.3). OpenSSL also
 * reads the hybrid form, which RFC 5480 §2.2 keeps out of certificates.
 */
function isPlainlyWritten({ curve, point }: EcPublicKey): boolean {
  const length = coordinateLength(curve);
  return point[0] === 4
    ? point.length === 1 + 2 * length
    : (point[0] === 2 || point[0] === 3) && point.length === 1 + length;
}

function nativeOnCurve(native: NativeCrypto, { curve, point }: EcPublicKey): EphemeralAgreement {
  const own = native.createECDH!(opensslNames[curve]);
  const publicPoint = asBytes(own.generateKeys());
  const secret = asBytes(own.computeSecret(point));
  if (publicPoint.length !== 1 + 2 * secret.length || secret.length !== coordinateLength(curve)) {
    secret.fill(0);
    throw new Error('the runtime gave another number of octets');
  }
  return { publicKey: { kind: 'ec', curve, point: publicPoint }, secret };
}

function nativeRaw(
  native: NativeCrypto,
  key: AgreementKey & { kind: 'x25519' | 'x448' },
): EphemeralAgreement {
  // As JWK: OpenSSL's encoder of a SubjectPublicKeyInfo takes longer than the agreement. The key is never exported
  // afterwards: what made it holds a lock of it until garbage is collected, and where that happens during an export,
  // which holds it too, Node waits for itself forever.
  const own = native.generateKeyPairSync!(key.kind, { publicKeyEncoding: { format: 'jwk' } });
  const exported = fromBase64url(own.publicKey.x);
  const secret = asBytes(
    native.diffieHellman!({ privateKey: own.privateKey, publicKey: nativeKey(native, key) }),
  );
  // RFC 7748 §6: an outcome of zeros is everybody's, and refused.
  let any = 0;
  for (const octet of secret) any |= octet;
  if (any === 0 || secret.length !== key.key.length || exported.length !== key.key.length) {
    secret.fill(0);
    throw new Error('the runtime agreed on nothing');
  }
  return { publicKey: { kind: key.kind, key: exported }, secret };
}

/** RFC 7515 §2; every runtime with `node:crypto` has `atob`. */
function fromBase64url(text: string | undefined): Bytes {
  const { atob } = globalThis as unknown as { atob: (text: string) => string };
  return bytesFromLatin1(atob((text ?? '').replaceAll('-', '+').replaceAll('_', '/')));
}

/**
 * With twice the base point any key agrees on the double of its own public
 * point, whose x is computed quickly; two keys are two; and a point that is
 * not on the curve is refused (SEC 1 §3.2.2).
 */
function answersRightly(native: NativeCrypto, curve: CurveName): boolean {
  const point = decodeHex(doubledBasePoints[curve]);
  const points: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { publicKey, secret } = nativeOnCurve(native, { kind: 'ec', curve, point });
    const own = pointsOf(curve).fromBytes((publicKey as EcPublicKey).point);
    own.assertValidity();
    if (!equalBytes(bytesFromInteger(own.double().toAffine().x, coordinateLength(curve)), secret))
      return false;
    points.push(own.toHex());
  }
  if (points[0] === points[1]) return false;
  point[point.length - 1]! ^= 1;
  try {
    nativeOnCurve(native, { kind: 'ec', curve, point });
    return false;
  } catch {
    return true;
  }
}

const schemes = { x25519, x448 };

/** TypeScript agrees on the same from the other side; two keys are two; and a point of small order is refused. */
function answersRightlyRaw(native: NativeCrypto, kind: 'x25519' | 'x448'): boolean {
  const scheme = schemes[kind];
  const seed = new Uint8Array(kind === 'x25519' ? 32 : 56).fill(0x4d);
  const key = asBytes(scheme.getPublicKey(seed));
  const keys: Bytes[] = [];
  for (let i = 0; i < 2; i++) {
    const { publicKey, secret } = nativeRaw(native, { kind, key });
    const own = (publicKey as EdwardsPublicKey).key;
    if (!equalBytes(asBytes(scheme.getSharedSecret(seed, own)), secret)) return false;
    keys.push(own);
  }
  if (equalBytes(keys[0]!, keys[1]!)) return false;
  try {
    nativeRaw(native, { kind, key: new Uint8Array(seed.length) });
    return false;
  } catch {
    return true;
  }
}
