import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import { asBytes, type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { hexOf } from '../big-integer.js';
import { chooseNative, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto, NativeHash } from '../engines/native-crypto.js';

/**
 * The digests by name. MD5 and SHA-1 are broken and are here to read old mail.
 * SHAKE128 gives 32 octets and SHAKE256 64, as CMS uses them (RFC 8702,
 * RFC 8419).
 */
export type DigestName =
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha512-256'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512'
  | 'shake128'
  | 'shake256';

/** The state that noble's incremental digests share. */
interface TypeScriptHash {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
}

interface DigestImplementation {
  /** Length of the digest in octets. */
  readonly length: number;
  readonly create: (length: number) => TypeScriptHash;
  /** The digest of the three octets `abc` (FIPS 180-4, FIPS 202, RFC 1321), for the known-answer test. */
  readonly ofAbc: string;
}

const implementations: Readonly<Record<DigestName, DigestImplementation>> = {
  md5: { length: 16, create: () => md5.create(), ofAbc: '900150983cd24fb0d6963f7d28e17f72' },
  sha1: { length: 20, create: () => sha1.create(), ofAbc: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
  sha224: {
    length: 28,
    create: () => sha224.create(),
    ofAbc: '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7',
  },
  sha256: {
    length: 32,
    create: () => sha256.create(),
    ofAbc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  sha384: {
    length: 48,
    create: () => sha384.create(),
    ofAbc: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  },
  sha512: {
    length: 64,
    create: () => sha512.create(),
    ofAbc:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  },
  'sha512-256': {
    length: 32,
    create: () => sha512_256.create(),
    ofAbc: '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
  },
  'sha3-224': {
    length: 28,
    create: () => sha3_224.create(),
    ofAbc: 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf',
  },
  'sha3-256': {
    length: 32,
    create: () => sha3_256.create(),
    ofAbc: '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  },
  'sha3-384': {
    length: 48,
    create: () => sha3_384.create(),
    ofAbc: 'ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25',
  },
  'sha3-512': {
    length: 64,
    create: () => sha3_512.create(),
    ofAbc:
      'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  },
  shake128: {
    length: 32,
    create: (dkLen) => shake128.create({ dkLen }),
    ofAbc: '5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8',
  },
  shake256: {
    length: 64,
    create: (dkLen) => shake256.create({ dkLen }),
    ofAbc:
      '483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4',
  },
};

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
  return digestOfLength(name, octets, implementationOf(name).length, options);
}

/**
 * As {@link digest}, of what is no secret: signed content, certificates. Node
 * gives a digest as text in half the time that it takes for octets, and text
 * cannot be wiped.
 */
export function publicDigest(name: DigestName, octets: Bytes, engine: Engine | undefined): Bytes {
  const native = trustedNative(engine, name, (module) => digestsRightly(module, name));
  if (native?.hash === undefined || name.startsWith('shake'))
    return digest(name, octets, engine === undefined ? {} : { engine });
  return bytesFromLatin1(native.hash(name, octets, 'latin1'));
}

/** The first octets of a SHAKE's output (FIPS 202 §6.2), as many as are wanted. Throws as {@link digest} does. */
export function extendableOutput(
  name: 'shake128' | 'shake256',
  octets: Uint8Array,
  length: number,
  options: EngineOptions = {},
): Bytes {
  return digestOfLength(name, octets, length, options);
}

function digestOfLength(name: DigestName, octets: Uint8Array, length: number, options: EngineOptions): Bytes {
  const whole = asBytes(octets);
  const native = chooseNative(options.engine, name, (module) => digestsRightly(module, name));
  if (native !== undefined) return nativeDigest(native, name, length, whole);
  const hash = implementations[name].create(length);
  hash.update(whole);
  return asBytes(hash.digest());
}

/** A digest that takes its input in pieces. */
export interface Digest {
  /** Which digest this is. */
  readonly name: DigestName;
  /** Takes the next octets; the chunk may be reused afterwards. `usage` after `finish`. */
  update(chunk: Uint8Array): this;
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
 * console.log(running.finish().length); // 32
 * ```
 */
export function createDigest(name: DigestName, options: EngineOptions = {}): Digest {
  const { create, length } = implementationOf(name);
  const native = chooseNative(options.engine, name, (module) => digestsRightly(module, name));
  return new RunningDigest(name, native === undefined ? create(length) : nativeHash(native, name, length));
}

class RunningDigest implements Digest {
  readonly name: DigestName;
  private hash: NativeHash | TypeScriptHash | undefined;

  constructor(name: DigestName, hash: NativeHash | TypeScriptHash) {
    this.name = name;
    this.hash = hash;
  }

  update(chunk: Uint8Array): this {
    this.running().update(asBytes(chunk));
    return this;
  }

  finish(): Bytes {
    const hash = this.running();
    this.hash = undefined;
    return asBytes(hash.digest());
  }

  private running(): NativeHash | TypeScriptHash {
    if (this.hash === undefined) {
      throw new MailsealError('usage', `this ${this.name} is finished; start another with createDigest`);
    }
    return this.hash;
  }
}

function implementationOf(name: DigestName): DigestImplementation {
  if (!Object.hasOwn(implementations, name)) {
    throw new MailsealError('usage', `"${String(name)}" is the name of no digest`);
  }
  return implementations[name];
}

/** SHAKE's length must be said; other digests refuse to be told theirs. */
function nativeHash(native: NativeCrypto, name: DigestName, length: number): NativeHash {
  return name.startsWith('shake')
    ? native.createHash!(name, { outputLength: length })
    : native.createHash!(name);
}

function nativeDigest(native: NativeCrypto, name: DigestName, length: number, octets: Bytes): Bytes {
  // `hash` takes half the time of `createHash` for short inputs, and has no length for SHAKE.
  if (native.hash !== undefined && !name.startsWith('shake')) {
    return asBytes(native.hash(name, octets, 'buffer'));
  }
  const hash = nativeHash(native, name, length);
  hash.update(octets);
  return asBytes(hash.digest());
}

/** Both native ways to the digest are tried, since either may be used later. */
function digestsRightly(native: NativeCrypto, name: DigestName): boolean {
  const { length, ofAbc } = implementations[name];
  const abc = Uint8Array.of(0x61, 0x62, 0x63);
  const hash = nativeHash(native, name, length);
  hash.update(abc.subarray(0, 1));
  hash.update(abc.subarray(1));
  const asText = name.startsWith('shake') ? undefined : native.hash?.(name, abc, 'latin1');
  return (
    hexOf(hash.digest()) === ofAbc &&
    hexOf(nativeDigest(native, name, length, abc)) === ofAbc &&
    (asText === undefined || hexOf(bytesFromLatin1(asText)) === ofAbc)
  );
}
