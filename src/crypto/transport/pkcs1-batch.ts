import type { Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { nativeRecipientKey } from '../engines/native-keys.js';
import type { RsaPublicKey } from '../keys/public-key.js';
import { randomOctets } from '../random.js';
import { isOrdinary, noPadding, trustedBareRsa } from '../rsa-operations.js';
import { pkcs1Overhead, putPkcs1 } from './pkcs1-padding.js';

/** Encodings whose octets are drawn at once: asking for few takes as long as asking for many. */
const mostDrawn = 64;

/** Random octets that encryption to that many keys of RSA-2048 begins with. */
export function paddingLength(count: number): number {
  return 256 * Math.min(count, mostDrawn);
}

/**
 * One content key encrypted with RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1) to one key
 * after the other, by native code and without a promise for each. What comes
 * out is what `encryptKey` gives; each padding has random octets of its own.
 */
export class Pkcs1Batch {
  private readonly native: NativeCrypto;
  private readonly key: Bytes;
  /** How many keys are still to come. */
  private left: number;
  /** Random octets, which become the encodings one after the other. */
  private drawn: Bytes;
  private used = 0;

  constructor(native: NativeCrypto, key: Bytes, count: number, drawn: Bytes) {
    this.native = native;
    this.key = key;
    this.left = count;
    this.drawn = drawn;
  }

  /** The encrypted key, `undefined` where `encryptKey` has to find a way, or to say why there is none. */
  encrypt(publicKey: RsaPublicKey): Uint8Array | undefined {
    const { length } = publicKey.modulus;
    if (!isOrdinary(publicKey) || publicKey.pssOnly || this.key.length + pkcs1Overhead > length)
      return undefined;
    if (this.drawn.length - this.used < length) {
      this.wipe();
      this.drawn = randomOctets(undefined, length * Math.max(1, Math.min(this.left, mostDrawn)));
    }
    this.left--;
    const encoded = this.drawn.subarray(this.used, this.used + length);
    this.used += length;
    putPkcs1(this.key, encoded);
    try {
      return this.native.publicDecrypt!(nativeRecipientKey(this.native, publicKey, noPadding), encoded);
    } catch {
      return undefined;
    }
  }

  /** Overwrites the encodings, in which the key is. */
  wipe(): void {
    this.drawn.fill(0);
    this.drawn = this.drawn.subarray(0, 0);
    this.used = 0;
  }
}

/**
 * A batch for about that many keys; `undefined` where native code does not do it.
 *
 * @param spare random octets that nobody else uses, {@link paddingLength} of them or none
 */
export function pkcs1Batch(
  key: Bytes,
  count: number,
  spare: Bytes,
  { engine }: EngineOptions,
): Pkcs1Batch | undefined {
  const native = trustedBareRsa(engine);
  return native?.createPublicKey === undefined ? undefined : new Pkcs1Batch(native, key, count, spare);
}
