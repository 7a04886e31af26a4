import { ed448, x448 } from '@noble/curves/ed448.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { asBytes, type Bytes } from '../core/bytes.js';
import { integerFromBytes } from './big-integer.js';
import { type CurveName, pointsOf } from './curves.js';
import type { EdwardsPublicKey } from './public-key.js';

/** The point that belongs to a scalar from 1 to n − 1, uncompressed. Noble multiplies secrets in a fixed sequence of steps. */
export function derivePoint(curve: CurveName, scalar: Bytes): Bytes {
  return asBytes(pointsOf(curve).BASE.multiply(integerFromBytes(scalar)).toBytes(false));
}

const schemes = { ed25519, ed448, x25519, x448 };

/** The public key that belongs to a seed of the right length (RFC 8032 §5.1.5, §5.2.5, RFC 7748 §5). */
export function deriveRaw(kind: EdwardsPublicKey['kind'], seed: Bytes): Bytes {
  return asBytes(schemes[kind].getPublicKey(seed));
}
