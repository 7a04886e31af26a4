import { derInteger, derSequence } from '../asn1/writer.js';
import { asBytes, type Bytes, equalBytes } from '../core/bytes.js';
import type { Engine } from '../core/engine.js';
import { decodeHex } from '../encoding/hex.js';
import { bytesFromInteger, integerFromBytes } from './big-integer.js';
import { chooseNative, engineUnavailable, trustedNative } from './engines/engine-choice.js';
import { rsaVector } from './engines/known-answer-vectors.js';
import type { NativeCrypto } from './engines/native-crypto.js';
import { nativeRsaKey } from './engines/native-keys.js';
import type { RsaPublicKey } from './keys/public-key.js';
import { Modulus } from './modulus.js';

// RSA without any padding (RFC 8017 §5), which is all that is asked of native code: paddings are ours.

/** `RSA_NO_PADDING` of OpenSSL's rsa.h. */
export const noPadding = 3;
const id = 'RSA';

/** Whether octets are as long as the modulus and less than it (RFC 8017 §5). Both are public. */
export function isRepresentative({ modulus }: RsaPublicKey, octets: Bytes): boolean {
  if (octets.length !== modulus.length) return false;
  for (let i = 0; i < octets.length; i++) {
    const difference = octets[i]! - modulus[i]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * m^e mod n (RFC 8017 §5.1.1, §5.2.2), as long as the modulus.
 *
 * @param octets as {@link isRepresentative} wants them
 * @throws MailsealError `crypto-engine-unavailable` where only native code is allowed.
 */
export function publicOperation(key: RsaPublicKey, octets: Bytes, engine: Engine | undefined): Bytes {
  if (isOrdinary(key) || engine === 'native') {
    const native = chooseNative(engine, id, answersRightly);
    if (native !== undefined) {
      try {
        return nativePower(native, key, octets);
      } catch (cause) {
        if (engine === 'native') throw engineUnavailable(id, 'refused', cause);
      }
    }
  }
  return bytesFromInteger(power(key, octets), key.modulus.length);
}

/** Whether every library takes it: beyond ordinary sizes each runtime's has limits of its own. */
export function isOrdinary({ bits, exponent }: RsaPublicKey): boolean {
  return bits >= 1024 && bits <= 4096 && exponent.length <= 4;
}

/** The native module if its `publicDecrypt` without padding is {@link publicOperation}. */
export function trustedBareRsa(engine: Engine | undefined): NativeCrypto | undefined {
  return trustedNative(engine, id, answersRightly);
}

const moduli = /* @__PURE__ */ new WeakMap<RsaPublicKey, Modulus>();

/** The modulus of a key, with what is computed for it once. */
export function modulusOf(key: RsaPublicKey): Modulus {
  let modulus = moduli.get(key);
  if (modulus === undefined) {
    modulus = new Modulus(integerFromBytes(key.modulus));
    moduli.set(key, modulus);
  }
  return modulus;
}

function power(key: RsaPublicKey, octets: Bytes): bigint {
  return modulusOf(key).power(integerFromBytes(octets), integerFromBytes(key.exponent));
}

function nativePower(native: NativeCrypto, key: RsaPublicKey, octets: Bytes): Bytes {
  return asBytes(native.publicDecrypt!(nativeRsaKey(native, key, noPadding), octets));
}

/** Native code has to give what BigInt gives, of two numbers. */
function answersRightly(native: NativeCrypto): boolean {
  const modulus = decodeHex(rsaVector.modulus);
  const exponent = Uint8Array.of(1, 0, 1);
  const pkcs1 = derSequence(derInteger(modulus), derInteger(exponent));
  const key: RsaPublicKey = { kind: 'rsa', modulus, exponent, bits: 2048, pkcs1, pssOnly: false };
  const octets = decodeHex(rsaVector.signature);
  const answers = (): boolean =>
    equalBytes(nativePower(native, key, octets), bytesFromInteger(power(key, octets), modulus.length));
  const first = answers();
  octets[octets.length - 1]! ^= 1;
  return first && answers();
}
