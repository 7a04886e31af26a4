import { ed448, x448 } from '@noble/curves/ed448.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { derInteger, derOctetString, derOid, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { hexOf, integerFromBytes } from '../big-integer.js';
import { chooseNative, engineUnavailable } from '../engines/engine-choice.js';
import { doubledBasePoints, ed448Vector, ed25519Vector } from '../engines/known-answer-vectors.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { type CurveName, oidOfCurve, orderOfCurve, pointsOf } from './curves.js';
import { type EdwardsPublicKey, parsePublicKey } from './public-key.js';
import { privateKeyInfoDer, wipingSequence } from './secret-der.js';

/**
 * The point that belongs to a scalar from 1 to n − 1, uncompressed. In
 * TypeScript the first of a curve takes a table that is made in tens of
 * milliseconds; noble multiplies secrets in a fixed sequence of steps.
 *
 * @param scalar as long as the order
 */
export function derivePoint(curve: CurveName, scalar: Bytes, options: EngineOptions = {}): Bytes {
  const id = `public keys on ${curve}`;
  const native = chooseNative(options.engine, id, (module) => {
    const two = new Uint8Array(Math.ceil(orderOfCurve(curve).toString(16).length / 2));
    two[two.length - 1] = 2;
    return hexOf(nativePoint(module, curve, two)) === doubledBasePoints[curve];
  });
  return (
    nativeOrUndefined(native, id, options, (module) => nativePoint(module, curve, scalar)) ??
    asBytes(pointsOf(curve).BASE.multiply(integerFromBytes(scalar)).toBytes(false))
  );
}

const schemes = { ed25519, ed448, x25519, x448 };

/** The public key that belongs to a seed of the right length (RFC 8032 §5.1.5, §5.2.5, RFC 7748 §5). */
export function deriveRaw(kind: EdwardsPublicKey['kind'], seed: Bytes, options: EngineOptions = {}): Bytes {
  const id = `public keys of ${kind}`;
  const native = chooseNative(options.engine, id, (module) => {
    const known = { ed25519: ed25519Vector, ed448: ed448Vector, x25519: undefined, x448: undefined }[kind];
    // The Montgomery curves take no table, so that their answer can be computed.
    const sample = new Uint8Array(seed.length).fill(0x4d);
    const vector = known ?? { seed: hexOf(sample), key: hexOf(schemes[kind].getPublicKey(sample)) };
    return hexOf(nativeRaw(module, kind, decodeHex(vector.seed))) === vector.key;
  });
  return (
    nativeOrUndefined(native, id, options, (module) => nativeRaw(module, kind, seed)) ??
    asBytes(schemes[kind].getPublicKey(seed))
  );
}

/**
 * What native code derives; `undefined` where it throws and TypeScript is to do it.
 *
 * @throws MailsealError `crypto-engine-unavailable` where only native code is allowed.
 */
function nativeOrUndefined(
  native: NativeCrypto | undefined,
  id: string,
  { engine }: EngineOptions,
  derive: (native: NativeCrypto) => Bytes,
): Bytes | undefined {
  if (native === undefined) return undefined;
  try {
    return derive(native);
  } catch {
    // The error is left out: runtimes may quote what they were given.
    if (engine === 'native') throw engineUnavailable(id, 'refused');
    return undefined;
  }
}

const edwardsOids = {
  x25519: '1.3.101.110',
  x448: '1.3.101.111',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
} as const;

function nativePoint(native: NativeCrypto, curve: CurveName, scalar: Bytes): Bytes {
  const algorithm = derSequence(derOid('1.2.840.10045.2.1'), derOid(oidOfCurve(curve)));
  const key = nativePublicKey(native, algorithm, wipingSequence(derInteger(1), derOctetString(scalar)));
  if (key.kind !== 'ec') throw new Error('the runtime gave a key of another kind');
  return key.point;
}

function nativeRaw(native: NativeCrypto, kind: EdwardsPublicKey['kind'], seed: Bytes): Bytes {
  const key = nativePublicKey(native, derSequence(derOid(edwardsOids[kind])), derOctetString(seed));
  if (key.kind !== kind) throw new Error('the runtime gave a key of another kind');
  return key.key;
}

/** The public half of a PrivateKeyInfo without one, as the runtime computes it. */
function nativePublicKey(native: NativeCrypto, algorithm: Bytes, privateKey: Bytes) {
  const pkcs8 = privateKeyInfoDer(algorithm, privateKey);
  try {
    const key = native.createPublicKey!({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return parsePublicKey(key.export!({ format: 'der', type: 'spki' }));
  } finally {
    pkcs8.fill(0);
  }
}
