import { derInteger, derSequence } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { bytesFromInteger, integerFromBytes, powerModulo } from '../big-integer.js';
import { type DigestName, digest } from '../digests/digest.js';
import { chooseNative, engineUnavailable } from '../engines/engine-choice.js';
import { rsaVector } from '../engines/known-answer-vectors.js';
import { knownMessage } from '../engines/known-answers.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeRsaKey } from '../engines/native-keys.js';
import type { RsaPublicKey } from '../keys/public-key.js';
import { isPkcs1Encoding, isPssEncoding } from './emsa.js';
import type { PssParameters } from './pss-parameters.js';

/** RSASSA-PKCS1-v1_5 verification (RFC 8017 §8.2.2). A key for PSS only (RFC 4055 §1.2) verifies nothing. */
export function verifyRsaPkcs1(
  key: RsaPublicKey,
  digestName: DigestName,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  if (key.pssOnly) return false;
  const encoded = recoverEncoding(key, signature, engine);
  if (encoded === undefined) return false;
  return isPkcs1Encoding(encoded, digestName, digest(digestName, data, engineOptions(engine)));
}

/** RSASSA-PSS verification (RFC 8017 §8.1.2), with the restrictions that a PSS-only key states (RFC 4055 §3.3). */
export function verifyRsaPss(
  key: RsaPublicKey,
  parameters: PssParameters,
  signature: Bytes,
  data: Bytes,
  engine: Engine | undefined,
): boolean {
  const wanted = key.pssParameters;
  if (
    wanted !== undefined &&
    (wanted.digest !== parameters.digest ||
      wanted.mgfDigest !== parameters.mgfDigest ||
      wanted.saltLength > parameters.saltLength)
  ) {
    return false;
  }
  const encoded = recoverEncoding(key, signature, engine);
  if (encoded === undefined) return false;
  const options = engineOptions(engine);
  const hash = digest(parameters.digest, data, options);
  return isPssEncoding(encoded, key.bits - 1, parameters, hash, options);
}

function engineOptions(engine: Engine | undefined): { engine?: Engine } {
  return engine === undefined ? {} : { engine };
}

/** `RSA_NO_PADDING` of OpenSSL's rsa.h. */
const noPadding = 3;
const id = 'RSA';

/**
 * RSAVP1 (RFC 8017 §5.2.2): the encoded message of a signature, as long as
 * the modulus; `undefined` when the signature has another length or is not
 * less than the modulus.
 *
 * Only this is asked of native code; the encoding is checked here, so that
 * every engine is as strict as every other, and any MGF works. On Node it
 * takes no longer than `crypto.verify`.
 */
function recoverEncoding(key: RsaPublicKey, signature: Bytes, engine: Engine | undefined): Bytes | undefined {
  if (signature.length !== key.modulus.length || !isLess(signature, key.modulus)) return undefined;
  // Beyond ordinary sizes other runtimes' libraries have limits of their own, each another.
  const ordinary = key.bits >= 1024 && key.bits <= 4096 && key.exponent.length <= 4;
  if (ordinary || engine === 'native') {
    const native = chooseNative(engine, id, answersRightly);
    if (native !== undefined) {
      try {
        return nativeRecover(native, key, signature);
      } catch (cause) {
        if (engine === 'native') throw engineUnavailable(id, 'refused', cause);
      }
    }
  }
  const power = powerModulo(
    integerFromBytes(signature),
    integerFromBytes(key.exponent),
    integerFromBytes(key.modulus),
  );
  return bytesFromInteger(power, key.modulus.length);
}

function nativeRecover(native: NativeCrypto, key: RsaPublicKey, signature: Bytes): Bytes {
  return asBytes(native.publicDecrypt!(nativeRsaKey(native, key, noPadding), signature));
}

function isLess(a: Bytes, b: Bytes): boolean {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A good signature must give its encoding whole, a changed one something else. */
function answersRightly(native: NativeCrypto): boolean {
  const modulus = decodeHex(rsaVector.modulus);
  const exponent = Uint8Array.of(1, 0, 1);
  const pkcs1 = derSequence(derInteger(modulus), derInteger(exponent));
  const key: RsaPublicKey = { kind: 'rsa', modulus, exponent, bits: 2048, pkcs1, pssOnly: false };
  const signature = decodeHex(rsaVector.signature);
  const hash = digest('sha256', knownMessage, { engine: 'typescript' });
  const good = isPkcs1Encoding(nativeRecover(native, key, signature), 'sha256', hash);
  signature[signature.length - 1]! ^= 1;
  return good && !isPkcs1Encoding(nativeRecover(native, key, signature), 'sha256', hash);
}
