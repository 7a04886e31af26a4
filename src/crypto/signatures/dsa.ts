import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { bytesFromInteger, integerFromBytes, inverseModulo } from '../big-integer.js';
import { type DigestName, digest } from '../digests/digest.js';
import { chooseNative, engineUnavailable } from '../engines/engine-choice.js';
import { dsaVector } from '../engines/known-answer-vectors.js';
import { encodeDssSignature, knownMessage, otherMessage } from '../engines/known-answers.js';
import { nativeAnswer } from '../engines/native-answer.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeKey } from '../engines/native-keys.js';
import type { DsaPublicKey } from '../keys/public-key.js';
import { Modulus } from '../modulus.js';
import { type DssSignature, leftmostBits, parseDssSignature } from './dss-signature.js';

/**
 * DSA verification (FIPS 186-4 §4.7), for old mail. A key without parameters,
 * or whose numbers make no DSA group, verifies nothing.
 */
export function verifyDsa(
  key: DsaPublicKey,
  digestName: DigestName,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  const asked = groupAndValues(key, signature);
  if (asked === undefined) return false;
  const id = `DSA with ${digestName}`;
  const native = chooseNative(engine, id, (module) => answersRightly(module, digestName));
  if (native !== undefined) {
    const answer = nativeAnswer(
      engine,
      id,
      () => native.verify!(digestName, data, nativeKey(native, key), signature),
      () => true,
    );
    if (answer !== undefined) return answer;
  }
  return fitsDigest(asked, digest(digestName, data, engine === undefined ? {} : { engine }));
}

/** As {@link verifyDsa}, by the digest of what was signed, which the native engine does not take. */
export function verifyDsaDigest(
  key: DsaPublicKey,
  signature: Bytes,
  hash: Bytes,
  engine: Engine | undefined,
): boolean {
  const asked = groupAndValues(key, signature);
  if (asked === undefined) return false;
  if (engine === 'native') throw engineUnavailable('DSA by a digest', 'untrusted');
  return fitsDigest(asked, hash);
}

interface DsaGroup {
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

/** The numbers of a key, `undefined` where they make no DSA group. */
function groupOf(key: DsaPublicKey): DsaGroup | undefined {
  if (key.parameters === undefined) return undefined;
  const p = integerFromBytes(key.parameters.p);
  const q = integerFromBytes(key.parameters.q);
  const g = integerFromBytes(key.parameters.g);
  const y = integerFromBytes(key.y);
  // FIPS 186-4 §4.1: q divides p − 1, 1 < g < p; y is a power of g other than 1.
  const isGroup = q >= 2n && (p - 1n) % q === 0n && g > 1n && g < p - 1n && y > 1n && y < p - 1n;
  return isGroup ? { p, q, g, y } : undefined;
}

/** What verification works with, `undefined` where key or signature is none. */
function groupAndValues(key: DsaPublicKey, signature: Bytes): (DsaGroup & DssSignature) | undefined {
  const group = groupOf(key);
  const values = group && parseDssSignature(signature, group.q);
  return values && { ...group, ...values };
}

function fitsDigest({ p, q, g, y, r, s }: DsaGroup & DssSignature, hash: Bytes): boolean {
  const w = inverseModulo(s, q);
  if (w === undefined) return false;
  const z = leftmostBits(hash, q);
  return new Modulus(p).productOfPowers(g, (z * w) % q, y, (r * w) % q) % q === r;
}

/** The known answer for any digest: with private key 2 and nonce 2, y = g², r = y mod q, s = z/2 + r. */
function answersRightly(native: NativeCrypto, digestName: DigestName): boolean {
  const p = decodeHex(dsaVector.p);
  const q = integerFromBytes(decodeHex(dsaVector.q));
  const g = decodeHex(dsaVector.g);
  const modulus = integerFromBytes(p);
  const y = integerFromBytes(g) ** 2n % modulus;
  const key: DsaPublicKey = {
    kind: 'dsa',
    y: bytesFromInteger(y, p.length),
    parameters: { p, q: decodeHex(dsaVector.q), g },
  };
  const r = y % q;
  const z = leftmostBits(digest(digestName, knownMessage, { engine: 'typescript' }), q);
  const signature = encodeDssSignature(r, (z * ((q + 1n) / 2n) + r) % q);
  const imported = nativeKey(native, key);
  return (
    native.verify!(digestName, knownMessage, imported, signature) === true &&
    native.verify!(digestName, otherMessage, imported, signature) === false
  );
}
