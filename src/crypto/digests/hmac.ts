import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';
import type { CHash } from '@noble/hashes/utils.js';
import { asBytes, type Bytes, constantTimeEqual, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { chooseNative } from '../engines/engine-choice.js';
import type { NativeCrypto, NativeHash } from '../engines/native-crypto.js';

/** The digests that HMAC is used with (RFC 2104, FIPS 198-1). */
export type HmacDigestName =
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha512-224'
  | 'sha512-256'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512';

const digests: Readonly<Record<HmacDigestName, CHash>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  'sha512-224': sha512_224,
  'sha512-256': sha512_256,
  'sha3-224': sha3_224,
  'sha3-256': sha3_256,
  'sha3-384': sha3_384,
  'sha3-512': sha3_512,
};

/**
 * Noble's function for a digest.
 *
 * @throws MailsealError `usage` for an unknown name.
 */
export function nobleDigest(name: HmacDigestName): CHash {
  if (!Object.hasOwn(digests, name)) {
    throw new MailsealError('usage', `"${String(name)}" is the name of no digest that HMAC is used with`);
  }
  return digests[name];
}

/**
 * The HMAC of octets in one piece (RFC 2104, FIPS 198-1).
 *
 * To check one, compare in constant time; {@link verifyHmac} does.
 *
 * @param digestName the digest inside
 * @param key of any length; RFC 2104 §3 wants at least that of the digest
 * @param octets what to authenticate
 * @param options `engine`: default `auto`
 * @returns as many octets as the digest has
 * @throws MailsealError `usage` for an unknown name,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not.
 * @example
 * ```ts
 * import { hmac } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * // RFC 2202 §2, test case 2.
 * const encoder = new TextEncoder();
 * const mac = await hmac('md5', encoder.encode('Jefe'), encoder.encode('what do ya want for nothing?'));
 * console.log(encodeHex(mac)); // 750c783e6ab0b503eaa86e310a5db738
 * ```
 */
export async function hmac(
  digestName: HmacDigestName,
  key: Uint8Array,
  octets: Uint8Array,
  options: EngineOptions = {},
): Promise<Bytes> {
  return hmacOf(digestName, asBytes(key), asBytes(octets), options);
}

/** What {@link verifyHmac} takes beside the octets. */
export interface VerifyHmacOptions extends EngineOptions {
  /**
   * How many octets the MAC has where it is cut off (RFC 2104 §5): at least half
   * of the whole, and at least ten. Default all. It comes from the protocol, never
   * from the MAC in hand: whoever may shorten it guesses it sooner.
   */
  readonly length?: number;
}

/**
 * Whether an HMAC is the right one; compared in constant time.
 *
 * @throws MailsealError as {@link hmac}, and `usage` for a `length` that cannot be.
 * @example
 * ```ts
 * import { hmac, verifyHmac } from 'mailseal/crypto';
 *
 * const key = new Uint8Array(32).fill(7);
 * const octets = new TextEncoder().encode('封');
 * const mac = await hmac('sha256', key, octets);
 * console.log(await verifyHmac('sha256', key, octets, mac)); // true
 * console.log(await verifyHmac('sha256', key, octets, new Uint8Array(32))); // false
 * ```
 */
export async function verifyHmac(
  digestName: HmacDigestName,
  key: Uint8Array,
  octets: Uint8Array,
  mac: Uint8Array,
  options: VerifyHmacOptions = {},
): Promise<boolean> {
  const whole = hmacOf(digestName, asBytes(key), asBytes(octets), options);
  const { length = whole.length } = options;
  if (!Number.isInteger(length) || length > whole.length || length < Math.max(10, whole.length / 2)) {
    throw new MailsealError(
      'usage',
      `an HMAC with ${digestName} is cut off to no less than half of its ${whole.length} octets, and ten`,
    );
  }
  return constantTimeEqual(whole.subarray(0, length), asBytes(mac));
}

/** An HMAC that takes its input in pieces. */
export interface Hmac {
  /** Takes the next octets; the chunk may be reused afterwards. `usage` after `finish`. */
  update(chunk: Uint8Array): this;
  /** Gives the HMAC of everything taken. Once only, `usage` a second time. */
  finish(): Bytes;
}

/**
 * Starts an HMAC whose input comes in pieces. Any split of the input gives
 * what {@link hmac} gives.
 *
 * @throws MailsealError as {@link hmac} does.
 * @example
 * ```ts
 * import { createHmac } from 'mailseal/crypto';
 *
 * const running = createHmac('sha256', new Uint8Array(32).fill(7));
 * running.update(new Uint8Array([1])).update(new Uint8Array([2, 3]));
 * console.log(running.finish().length); // 32
 * ```
 */
export function createHmac(digestName: HmacDigestName, key: Uint8Array, options: EngineOptions = {}): Hmac {
  let running: NativeHash | undefined = startHmac(digestName, asBytes(key), options);
  const taking = (): NativeHash => {
    if (running === undefined) {
      throw new MailsealError('usage', 'this HMAC is finished; start another with createHmac');
    }
    return running;
  };
  return {
    update(chunk) {
      taking().update(asBytes(chunk));
      return this;
    },
    finish() {
      const mac = asBytes(taking().digest());
      running = undefined;
      return mac;
    },
  };
}

/** {@link hmac} at once, for what is synchronous inside. */
export function hmacOf(name: HmacDigestName, key: Bytes, octets: Bytes, options: EngineOptions = {}): Bytes {
  const running = startHmac(name, key, options);
  running.update(octets);
  return asBytes(running.digest());
}

function startHmac(name: HmacDigestName, key: Bytes, options: EngineOptions): NativeHash {
  const hash = nobleDigest(name);
  const native = chooseNative(options.engine, `HMAC with ${name}`, (module) => answersRightly(module, name));
  return native === undefined ? nobleHmac.create(hash, key) : native.createHmac!(name, key);
}

/** Keys shorter and longer than a block are treated differently (RFC 2104 §2), so both are tried. */
function answersRightly(native: NativeCrypto, name: HmacDigestName): boolean {
  const message = Uint8Array.of(0x61, 0x62, 0x63);
  return [0, 3, 200].every((length) => {
    const key = new Uint8Array(length).fill(0x4d);
    const running = native.createHmac!(name, key);
    running.update(message);
    return equalBytes(running.digest(), nobleHmac(digests[name], key, message));
  });
}
