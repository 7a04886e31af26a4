import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { integerFromBytesReversed } from '../big-integer.js';
import { digest } from '../digests/digest.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { ed448Vector, ed25519Vector } from '../engines/known-answer-vectors.js';
import { otherMessage } from '../engines/known-answers.js';
import { nativeAnswer } from '../engines/native-answer.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeKey } from '../engines/native-keys.js';
import type { EdwardsPublicKey } from '../keys/public-key.js';
import { type WebSignature, webAnswer } from './web-verify.js';

type Scheme = 'ed25519' | 'ed448';

/**
 * Ed25519 or Ed448 verification, pure (RFC 8032 §5.1.7, §5.2.7), no context.
 *
 * Refused on every engine alike: S not less than the order (§5.1.7 step 1),
 * a key whose y is not reduced, and a key of small order, under which one
 * signature can fit many messages. For Ed25519 the equation without the
 * cofactor is checked, as native code does; §5.1.7 calls it sufficient.
 */
export async function verifyEdwards(
  scheme: Scheme,
  key: EdwardsPublicKey,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): Promise<boolean> {
  const { Point } = scheme === 'ed25519' ? ed25519 : ed448;
  const length = key.key.length;
  if (signature.length !== 2 * length) return false;
  const s = integerFromBytesReversed(signature.subarray(length));
  if (s >= Point.Fn.ORDER || !isSoundKey(key.key, Point.Fp.ORDER)) return false;
  const native = trustedNative(engine, scheme, (module) => answersRightly(module, scheme));
  if (native !== undefined) {
    const answer = nativeAnswer(
      engine,
      scheme,
      () => native.verify!(null, data, nativeKey(native, key), signature),
      () => pointOf(scheme, key.key) !== undefined,
    );
    if (answer !== undefined) return answer;
  }
  if (scheme === 'ed25519') {
    const asked = webSignature(key.key, signature, data);
    const answer = await webAnswer(engine, scheme, key, asked, () => {
      const { key: known, signature: good, message } = ed25519Vector;
      return webSignature(decodeHex(known), decodeHex(good), decodeHex(message));
    });
    if (answer !== undefined) return answer;
  }
  if (engine === 'native') throw engineUnavailable(scheme, 'untrusted');
  if (scheme === 'ed448') return ed448.verify(signature, data, key.key, { zip215: false });
  return verifyEd25519(key.key, signature, s, data, engine);
}

function webSignature(key: Bytes, signature: Bytes, data: Bytes): WebSignature {
  return { algorithm: { name: 'Ed25519' }, key, signature, data };
}

/**
 * Whether a key is the reduced encoding of a point that is not of small order.
 * On both curves the points of order 1, 2 and 4 have the y 0, 1 and −1, and of
 * Ed25519's of order 8 the square of y is a known number.
 */
function isSoundKey(key: Bytes, p: bigint): boolean {
  const y = integerFromBytesReversed(key) & (2n ** BigInt(8 * key.length - 1) - 1n);
  if (y >= p || y <= 1n || y === p - 1n) return false;
  return key.length !== 32 || (y !== orderEightY && y !== p - orderEightY);
}

/** The y of four of the eight-torsion points of edwards25519; the other four have p less this. */
const orderEightY = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

function pointOf(scheme: Scheme, key: Bytes): object | undefined {
  try {
    return (scheme === 'ed25519' ? ed25519 : ed448).Point.fromBytes(key, false);
  } catch {
    return undefined;
  }
}

/** R' = S·B − k·A must have the encoding R (RFC 8032 §5.1.7 without the cofactor). */
function verifyEd25519(
  key: Bytes,
  signature: Bytes,
  s: bigint,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  const { Point } = ed25519;
  const r = signature.subarray(0, 32);
  const hash = digest('sha512', concatBytes([r, key, data]), engine === undefined ? {} : { engine });
  const k = Point.Fn.create(integerFromBytesReversed(hash));
  try {
    const a = Point.fromBytes(key, false);
    const sum = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
    return equalBytes(sum.toBytes(), r);
  } catch {
    // The key is no point of the curve.
    return false;
  }
}

function answersRightly(native: NativeCrypto, scheme: Scheme): boolean {
  const vector = scheme === 'ed25519' ? ed25519Vector : ed448Vector;
  const imported = nativeKey(native, { kind: scheme, key: decodeHex(vector.key) });
  const signature = decodeHex(vector.signature);
  return (
    native.verify!(null, decodeHex(vector.message), imported, signature) === true &&
    native.verify!(null, otherMessage, imported, signature) === false
  );
}
