import { asBytes, type Bytes, constantTimeEqual, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import { chooseNative } from '../engines/engine-choice.js';
import type { NativeCrypto, NativeHash } from '../engines/native-crypto.js';
import {
  type DigestImplementation,
  implementations,
  type RunningHash,
  sha512Cut,
} from './digest-implementations.js';

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

/**
 * What a digest is made of that HMAC is used with.
 *
 * @throws MailsealError `usage` for an unknown name.
 */
export function hmacDigest(name: HmacDigestName): DigestImplementation {
  if (name === 'sha512-224') return sha512Cut;
  if (!isKeyOf(implementations, name) || name.startsWith('shake')) {
    throw usage(`${shown(name)} is the name of no digest that HMAC is used with`);
  }
  return implementations[name];
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
    throw usage(
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
  let running: RunningHmac | undefined = startHmac(digestName, asBytes(key), options);
  const taking = (): RunningHmac => {
    if (running === undefined) {
      throw usage('this HMAC is finished; start another with createHmac');
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

type RunningHmac = Pick<NativeHash, 'update' | 'digest'>;

function startHmac(name: HmacDigestName, key: Bytes, options: EngineOptions): RunningHmac {
  const implementation = hmacDigest(name);
  const native = chooseNative(options.engine, `HMAC with ${name}`, (module) => answersRightly(module, name));
  return native === undefined ? new TypeScriptHmac(implementation, key) : native.createHmac!(name, key);
}

/** The key as a block, which the digests within and without begin with (RFC 2104 §2). */
export function hmacPads(
  { blockLength, length, create }: DigestImplementation,
  key: Bytes,
): { readonly inner: Bytes; readonly outer: Bytes } {
  const inner = new Uint8Array(blockLength);
  if (key.length <= blockLength) inner.set(key);
  else {
    const long = create(length);
    long.update(key);
    const short = long.digest();
    inner.set(short);
    short.fill(0);
  }
  const outer = inner.map((octet) => octet ^ 0x5c);
  for (let i = 0; i < blockLength; i++) inner[i] = inner[i]! ^ 0x36;
  return { inner, outer };
}

/** H(K XOR opad, H(K XOR ipad, text)) (RFC 2104 §2). */
class TypeScriptHmac {
  readonly #inner: RunningHash;
  readonly #outer: RunningHash;

  constructor(implementation: DigestImplementation, key: Bytes) {
    const pads = hmacPads(implementation, key);
    this.#inner = implementation.create(implementation.length);
    this.#inner.update(pads.inner);
    this.#outer = implementation.create(implementation.length);
    this.#outer.update(pads.outer);
    pads.inner.fill(0);
    pads.outer.fill(0);
  }

  update(chunk: Uint8Array): void {
    this.#inner.update(chunk);
  }

  digest(): Uint8Array {
    const inner = this.#inner.digest();
    this.#outer.update(inner);
    inner.fill(0);
    return this.#outer.digest();
  }
}

/** Keys shorter and longer than a block are treated differently (RFC 2104 §2), so both are tried. */
function answersRightly(native: NativeCrypto, name: HmacDigestName): boolean {
  const message = Uint8Array.of(0x61, 0x62, 0x63);
  return [0, 3, 200].every((length) => {
    const key = new Uint8Array(length).fill(0x4d);
    const running = native.createHmac!(name, key);
    running.update(message);
    const known = new TypeScriptHmac(hmacDigest(name), key);
    known.update(message);
    return equalBytes(running.digest(), known.digest());
  });
}
