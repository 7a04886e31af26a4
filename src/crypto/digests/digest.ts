import { asBytes, type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import { hexOf } from '../big-integer.js';
import { chooseNative, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto, NativeHash } from '../engines/native-crypto.js';
import { blockDigest } from './block-digest.js';
import { type DigestImplementation, implementations, type RunningHash } from './digest-implementations.js';
import type { DigestName } from './digest-name.js';

export type { DigestName } from './digest-name.js';

/**
 * Length in octets of what a digest gives.
 *
 * @throws MailsealError `usage` for an unknown name.
 * @example
 * ```ts
 * import { digestLength } from 'mailseal/crypto';
 *
 * console.log(digestLength('sha384')); // 48
 * ```
 */
export function digestLength(name: DigestName): number {
  return implementationOf(name).length;
}

/**
 * A digest of octets in one piece.
 *
 * @param name which digest, see {@link DigestName}
 * @param octets what to digest
 * @param options `engine`: default `auto`
 * @returns the digest, 16 to 64 octets by its name
 * @throws MailsealError `usage` for an unknown name,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not.
 * @example
 * ```ts
 * import { digest } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const octets = new TextEncoder().encode('abc');
 * console.log(encodeHex(digest('sha1', octets))); // a9993e364706816aba3e25717850c26c9cd0d89d
 * ```
 */
export function digest(name: DigestName, octets: Uint8Array, options: EngineOptions = {}): Bytes {
  return digestBy(implementationOf(name), octets, options);
}

/**
 * As {@link digest}, of what is no secret: signed content, certificates. Node
 * gives a digest as text in half the time that it takes for octets, and text
 * cannot be wiped.
 */
export function publicDigest(name: DigestName, octets: Bytes, engine: Engine | undefined): Bytes {
  const implementation = implementationOf(name);
  if (!isSoonDone(implementation, octets, engine)) {
    const native = trustedNative(engine, name, (module) => digestsRightly(module, implementation));
    if (native?.hash !== undefined && !isShake(name))
      return bytesFromLatin1(native.hash(name, octets, 'latin1'));
  }
  return digestBy(implementation, octets, engine === undefined ? {} : { engine });
}

/** The first octets of a SHAKE's output (FIPS 202 §6.2), as many as are wanted. Throws as {@link digest} does. */
export function extendableOutput(
  name: 'shake128' | 'shake256',
  octets: Uint8Array,
  length: number,
  options: EngineOptions = {},
): Bytes {
  return digestOfLength(implementations[name], octets, length, options);
}

/** {@link digest} by what makes it. */
export function digestBy(
  implementation: DigestImplementation,
  octets: Uint8Array,
  options: EngineOptions = {},
): Bytes {
  return digestOfLength(implementation, octets, implementation.length, options);
}

function digestOfLength(
  implementation: DigestImplementation,
  octets: Uint8Array,
  length: number,
  { engine }: EngineOptions,
): Bytes {
  const whole = asBytes(octets);
  const { name, blocks, create } = implementation;
  if (blocks !== undefined && isSoonDone(implementation, whole, engine)) return blockDigest(blocks, whole);
  const native = chooseNative(engine, name, (module) => digestsRightly(module, implementation));
  if (native !== undefined) return nativeDigest(native, name, length, whole);
  if (blocks !== undefined) return blockDigest(blocks, whole);
  const hash = create(length);
  hash.update(whole);
  return asBytes(hash.digest());
}

function isSoonDone({ soonDone }: DigestImplementation, octets: Bytes, engine: Engine | undefined): boolean {
  return (engine === undefined || engine === 'auto') && octets.length <= soonDone;
}

/** A digest that takes its input in pieces. */
export interface Digest {
  /** Which digest this is. */
  readonly name: DigestName;
  /** Takes the next octets; the chunk may be reused afterwards. `usage` after `finish`. */
  update(chunk: Uint8Array): this;
  /**
   * Another digest that has taken the same octets: what follows in each is its
   * own. Texts with the same beginning are hashed with one pass over that
   * beginning. `usage` after `finish`.
   */
  copy(): Digest;
  /** Gives the digest of everything taken. Once only, `usage` a second time. */
  finish(): Bytes;
}

/**
 * Starts a digest whose input comes in pieces. Any split of the input gives
 * what {@link digest} gives.
 *
 * @throws MailsealError as {@link digest} does.
 * @example
 * ```ts
 * import { createDigest } from 'mailseal/crypto';
 *
 * const running = createDigest('sha256');
 * running.update(new Uint8Array([0x61])).update(new Uint8Array([0x62, 0x63]));
 * const longer = running.copy().update(new Uint8Array([0x64]));
 * console.log(running.finish().length, longer.finish().length); // 32 32
 * ```
 */
export function createDigest(name: DigestName, options: EngineOptions = {}): Digest {
  const implementation = implementationOf(name);
  const { create, length } = implementation;
  const native = chooseNative(options.engine, `${name} in pieces`, (module) =>
    digestsInPieces(module, implementation),
  );
  const hash =
    native === undefined ? create(length) : nativeRunning(nativeHash(native, name, length), name, length);
  return new RunningDigest(name, hash);
}

class RunningDigest implements Digest {
  readonly name: DigestName;
  private hash: RunningHash | undefined;

  constructor(name: DigestName, hash: RunningHash) {
    this.name = name;
    this.hash = hash;
  }

  update(chunk: Uint8Array): this {
    this.running().update(asBytes(chunk));
    return this;
  }

  copy(): Digest {
    return new RunningDigest(this.name, this.running().copy());
  }

  finish(): Bytes {
    const hash = this.running();
    this.hash = undefined;
    return asBytes(hash.digest());
  }

  private running(): RunningHash {
    if (this.hash === undefined) {
      throw usage(`this ${this.name} is finished; start another with createDigest`);
    }
    return this.hash;
  }
}

function implementationOf(name: DigestName): DigestImplementation {
  if (!isKeyOf(implementations, name)) {
    throw usage(`${shown(name)} is the name of no digest`);
  }
  return implementations[name];
}

const isShake = (name: string): boolean => name.startsWith('shake');

/** SHAKE's length must be said; other digests refuse to be told theirs. */
function nativeHash(native: NativeCrypto, name: string, length: number): NativeHash {
  return isShake(name) ? native.createHash!(name, { outputLength: length }) : native.createHash!(name);
}

/** A copy of a native SHAKE forgets the length, too. */
function nativeRunning(hash: NativeHash, name: string, length: number): RunningHash {
  return {
    update: (chunk) => hash.update(chunk),
    digest: () => hash.digest(),
    copy: () =>
      nativeRunning(isShake(name) ? hash.copy!({ outputLength: length }) : hash.copy!(), name, length),
  };
}

function nativeDigest(native: NativeCrypto, name: string, length: number, octets: Bytes): Bytes {
  // `hash` takes half the time of `createHash` for short inputs, and has no length for SHAKE.
  if (native.hash !== undefined && !isShake(name)) {
    return asBytes(native.hash(name, octets, 'buffer'));
  }
  const hash = nativeHash(native, name, length);
  hash.update(octets);
  return asBytes(hash.digest());
}

const abc: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x62, 0x63);

/** Both native ways to the digest are tried, since either may be used later. */
function digestsRightly(native: NativeCrypto, { name, length, ofAbc }: DigestImplementation): boolean {
  const hash = nativeHash(native, name, length);
  hash.update(abc);
  const asText = isShake(name) ? undefined : native.hash?.(name, abc, 'latin1');
  return (
    hexOf(hash.digest()) === ofAbc &&
    hexOf(nativeDigest(native, name, length, abc)) === ofAbc &&
    (asText === undefined || hexOf(bytesFromLatin1(asText)) === ofAbc)
  );
}

/** A copy must go on by itself: what the first takes later is not in it. */
function digestsInPieces(native: NativeCrypto, { name, length, ofAbc }: DigestImplementation): boolean {
  const hash = nativeRunning(nativeHash(native, name, length), name, length);
  hash.update(abc.subarray(0, 1));
  const copy = hash.copy();
  hash.update(abc.subarray(1));
  copy.update(abc.subarray(1));
  return hexOf(hash.digest()) === ofAbc && hexOf(copy.digest()) === ofAbc;
}
