import { type Bytes, concatBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { bytesFromInteger, integerFromBytes } from '../big-integer.js';
import { type DigestName, digest } from '../digests/digest.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { doubledBasePoints } from '../engines/known-answer-vectors.js';
import { encodeDssSignature, knownMessage, otherMessage } from '../engines/known-answers.js';
import { nativeAnswer } from '../engines/native-answer.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeKey } from '../engines/native-keys.js';
import { webHashes } from '../engines/native-web-crypto.js';
import { type CurveName, coordinateLength, orderOfCurve, pointsOf } from '../keys/curves.js';
import type { EcPublicKey } from '../keys/public-key.js';
import { type DssSignature, leftmostBits, parseDssSignature } from './dss-signature.js';
import { type WebSignature, webAnswer } from './web-verify.js';

/** ECDSA verification (FIPS 186-5 §6.4.2). A key that is no point of its curve verifies nothing. */
export async function verifyEcdsa(
  key: EcPublicKey,
  digestName: DigestName,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): Promise<boolean> {
  const values = parseDssSignature(signature, orderOfCurve(key.curve));
  if (values === undefined) return false;
  const id = `ECDSA on ${key.curve} with ${digestName}`;
  const native = trustedNative(engine, id, (module) => answersRightly(module, key.curve, digestName));
  if (native !== undefined) {
    const answer = nativeAnswer(
      engine,
      id,
      () => native.verify!(digestName, data, nativeKey(native, key), signature),
      () => pointOf(key) !== undefined,
    );
    if (answer !== undefined) return answer;
  }
  const hash = webHashes[digestName];
  if (hash !== undefined && key.curve.startsWith('P-') && key.point[0] === 4) {
    const asked = webSignature(key, hash, values, data);
    const answer = await webAnswer(engine, id, key, asked, () => {
      const known = knownSignature(key.curve, digestName);
      return webSignature(known.key, hash, known.values, knownMessage);
    });
    if (answer !== undefined) return answer;
  }
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  return verifyInTypeScript(key, values, digest(digestName, data, engine === undefined ? {} : { engine }));
}

/** As {@link verifyEcdsa}, by the digest of what was signed, which neither native engine takes. */
export function verifyEcdsaDigest(
  key: EcPublicKey,
  signature: Bytes,
  hash: Bytes,
  engine: Engine | undefined,
): boolean {
  const values = parseDssSignature(signature, orderOfCurve(key.curve));
  if (values === undefined) return false;
  if (engine === 'native') throw engineUnavailable(`ECDSA on ${key.curve} by a digest`, 'untrusted');
  return verifyInTypeScript(key, values, hash);
}

function webSignature(key: EcPublicKey, hash: string, { r, s }: DssSignature, data: Bytes): WebSignature {
  const length = coordinateLength(key.curve);
  return {
    algorithm: { name: 'ECDSA', namedCurve: key.curve, hash },
    key: key.point,
    signature: concatBytes([bytesFromInteger(r, length), bytesFromInteger(s, length)]),
    data,
  };
}

function verifyInTypeScript(key: EcPublicKey, { r, s }: DssSignature, hash: Bytes): boolean {
  const point = pointOf(key);
  if (point === undefined) return false;
  const { BASE, Fn } = pointsOf(key.curve);
  const e = leftmostBits(hash, Fn.ORDER);
  const inverse = Fn.inv(s);
  const sum = BASE.mulAddUnsafe(Fn.create(e * inverse), point, Fn.create(r * inverse));
  return !sum.is0() && Fn.create(sum.toAffine().x) === r;
}

/** The key's point; `undefined` when it is not on the curve. These curves have cofactor 1: no other check is due. */
function pointOf(key: EcPublicKey) {
  try {
    return pointsOf(key.curve).fromBytes(key.point);
  } catch {
    return undefined;
  }
}

/**
 * A good signature over the known message for any digest, from one stored
 * point. With the private key 2 and the nonce 2 the public key is Q = 2G, r is
 * its x, and s = (e + 2r) / 2 = e/2 + r.
 */
function knownSignature(
  curve: CurveName,
  digestName: DigestName,
): { key: EcPublicKey; values: DssSignature } {
  const key: EcPublicKey = { kind: 'ec', curve, point: decodeHex(doubledBasePoints[curve]) };
  const n = orderOfCurve(curve);
  const r = integerFromBytes(key.point.subarray(1, 1 + coordinateLength(curve))) % n;
  const e = leftmostBits(digest(digestName, knownMessage, { engine: 'typescript' }), n);
  return { key, values: { r, s: (e * ((n + 1n) / 2n) + r) % n } };
}

function answersRightly(native: NativeCrypto, curve: CurveName, digestName: DigestName): boolean {
  const { key, values } = knownSignature(curve, digestName);
  const signature = encodeDssSignature(values.r, values.s);
  const imported = nativeKey(native, key);
  return (
    native.verify!(digestName, knownMessage, imported, signature) === true &&
    native.verify!(digestName, otherMessage, imported, signature) === false
  );
}
