import { cbc as nobleCbc } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import { chooseNative, trustedNative } from '../engines/engine-choice.js';
import type { NativeCipher, NativeCrypto } from '../engines/native-crypto.js';
import { assertGiven } from '../given.js';
import { desRun } from '../legacy/des.js';
import { rc2Run } from '../legacy/rc2.js';
import type { BlockRun } from './block-run.js';

/**
 * A block cipher in CBC mode with its initialization vector: AES (RFC 3565)
 * with a key of 16, 24 or 32 octets, triple DES with 24 (RFC 3370 §5.1), and
 * to read old mail DES with 8 and RC2 with as many as it says (RFC 3370 §5.2).
 */
export type CbcAlgorithm =
  | {
      readonly name: 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc' | 'des-ede3-cbc' | 'des-cbc';
      /** One block: 16 octets for AES, 8 for the others. */
      readonly iv: Bytes;
    }
  | {
      readonly name: 'rc2-cbc';
      readonly iv: Bytes;
      /** How many bits of the key count, 1 to 1,024; its octets may be more. */
      readonly effectiveKeyBits: number;
    };

interface CipherFacts {
  readonly blockLength: number;
  /** Octets of the key; `undefined` where they vary. */
  readonly keyLength: number | undefined;
  /** What `node:crypto` calls it; DES and RC2 are not there since OpenSSL 3. */
  readonly native: string | undefined;
}

const facts: Readonly<Record<CbcAlgorithm['name'], CipherFacts>> = {
  'aes128-cbc': { blockLength: 16, keyLength: 16, native: 'aes-128-cbc' },
  'aes192-cbc': { blockLength: 16, keyLength: 24, native: 'aes-192-cbc' },
  'aes256-cbc': { blockLength: 16, keyLength: 32, native: 'aes-256-cbc' },
  'des-ede3-cbc': { blockLength: 8, keyLength: 24, native: 'des-ede3-cbc' },
  'des-cbc': { blockLength: 8, keyLength: 8, native: undefined },
  'rc2-cbc': { blockLength: 8, keyLength: undefined, native: undefined },
};

/** Octets of the key that an algorithm wants; for RC2 as many as its bits fill, which is what senders use. */
export function cbcKeyLength(algorithm: CbcAlgorithm): number {
  return algorithm.name === 'rc2-cbc'
    ? Math.ceil(algorithm.effectiveKeyBits / 8)
    : facts[algorithm.name].keyLength!;
}

/** Whether `node:crypto` has a cipher, and does it rightly. */
export function isCbcNative({ name }: CbcAlgorithm): boolean {
  return trustedNative('auto', name, (module) => answersRightly(module, name)) !== undefined;
}

/**
 * Whole blocks through CBC without padding, as key wraps want it.
 *
 * @throws MailsealError `usage` as {@link assertCbc}, and where the octets are no whole
 * blocks; `crypto-engine-unavailable`.
 */
export function runCbcBlocks(
  direction: 'encrypt' | 'decrypt',
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  options: EngineOptions = {},
): Bytes {
  const { blockLength } = factsOf(algorithm);
  if (octets.length % blockLength !== 0) {
    throw usage(`${octets.length} octets are no whole blocks of ${algorithm.name}`);
  }
  const run = blockRun(algorithm, key, direction === 'encrypt', options.engine);
  const output = run(octets);
  run.wipe();
  return output;
}

/** @throws MailsealError `usage` for an unknown cipher, and a vector of a wrong length. */
function factsOf(algorithm: CbcAlgorithm): CipherFacts {
  assertGiven(algorithm, 'the algorithm');
  const { name, iv } = algorithm;
  if (!isKeyOf(facts, name)) {
    throw usage(`${shown(name)} is the name of no cipher in CBC mode`);
  }
  if (asBytes(iv).length !== facts[name].blockLength) {
    throw usage(`${name} takes an iv of ${facts[name].blockLength} octets, not ${iv.length}`);
  }
  return facts[name];
}

/** @throws MailsealError `usage` for an unknown cipher, and a key or a vector of a wrong length. */
export function assertCbc(algorithm: CbcAlgorithm, key: Bytes): void {
  const { keyLength } = factsOf(algorithm);
  if (keyLength === undefined ? key.length < 1 || key.length > 128 : key.length !== keyLength) {
    throw usage(`${algorithm.name} takes a key of ${keyLength ?? '1 to 128'} octets, not ${key.length}`);
  }
}

/** Starts a run over whole blocks. Throws as {@link runCbcBlocks} does. */
export function blockRun(
  algorithm: CbcAlgorithm,
  key: Bytes,
  forwards: boolean,
  engine: Engine | undefined,
): BlockRun {
  assertCbc(algorithm, key);
  const { name } = algorithm;
  // A run keeps a copy of its own, which Buffer's slice is not.
  const iv = asBytes(algorithm.iv);
  const nativeName = facts[name].native;
  const native = chooseNative(engine, name, (module) => answersRightly(module, name));
  if (native !== undefined && nativeName !== undefined)
    return nativeRun(native, nativeName, key, iv, forwards);
  if (name.startsWith('aes')) return nobleRun(key, iv, forwards);
  return legacyRun(algorithm, key, iv, forwards);
}

function legacyRun(algorithm: CbcAlgorithm, key: Bytes, iv: Bytes, forwards: boolean): BlockRun {
  if (algorithm.name !== 'rc2-cbc') return desRun(key, iv, forwards);
  const bits = algorithm.effectiveKeyBits;
  if (!Number.isInteger(bits) || bits < 1 || bits > 1024) {
    throw usage(`RC2 has 1 to 1024 effective bits, not ${bits}`);
  }
  return rc2Run(key, bits, iv, forwards);
}

function nativeRun(native: NativeCrypto, name: string, key: Bytes, iv: Bytes, forwards: boolean): BlockRun {
  const create = forwards ? native.createCipheriv! : native.createDecipheriv!;
  const cipher: NativeCipher = create(name, key, iv);
  cipher.setAutoPadding(false);
  const run = (octets: Bytes): Bytes =>
    octets.length === 0 ? new Uint8Array(0) : asBytes(cipher.update(octets));
  return Object.assign(run, { wipe: () => {} });
}

/**
 * In one piece, with the padding of RFC 5652 §6.3, which native code adds
 * unless it is told not to; `undefined` where it is not to do it.
 *
 * @throws MailsealError `usage` as {@link assertCbc}; `crypto-engine-unavailable`.
 */
export function encryptNatively(
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  engine: Engine | undefined,
): Uint8Array[] | undefined {
  assertCbc(algorithm, key);
  const { name, iv } = algorithm;
  const native = chooseNative(engine, name, (module) => answersRightly(module, name));
  return native === undefined ? undefined : nativePadded(native, facts[name].native!, key, iv, octets);
}

function nativePadded(
  native: NativeCrypto,
  name: string,
  key: Bytes,
  iv: Bytes,
  octets: Bytes,
): Uint8Array[] {
  const cipher = native.createCipheriv!(name, key, iv);
  return octets.length === 0 ? [cipher.final()] : [cipher.update(octets), cipher.final()];
}

/** Noble's AES works on one piece: the last block of ciphertext is the vector of the next. */
function nobleRun(key: Bytes, iv: Bytes, forwards: boolean): BlockRun {
  const kept = key.slice();
  let vector: Bytes = iv.slice();
  const run = (octets: Bytes): Bytes => {
    if (octets.length === 0) return new Uint8Array(0);
    const cipher = nobleCbc(kept, vector, { disablePadding: true });
    const output = asBytes(forwards ? cipher.encrypt(octets) : cipher.decrypt(octets));
    vector = (forwards ? output : octets).slice(-16);
    return output;
  };
  return Object.assign(run, { wipe: () => void kept.fill(0) });
}

/** Three blocks in two pieces, both ways, and what is padded natively, against TypeScript. */
function answersRightly(native: NativeCrypto, name: CbcAlgorithm['name']): boolean {
  const { blockLength, keyLength, native: nativeName } = facts[name];
  if (nativeName === undefined || keyLength === undefined) return false;
  const key = Uint8Array.from({ length: keyLength }, (_, i) => 31 * i + 7);
  const iv = Uint8Array.from({ length: blockLength }, (_, i) => 13 * i + 5);
  const octets = Uint8Array.from({ length: 3 * blockLength }, (_, i) => 3 * i);
  const own = (blocks: Bytes): Bytes =>
    name.startsWith('aes') ? nobleRun(key, iv, true)(blocks) : desRun(key, iv, true)(blocks);
  const known = own(octets);
  const cut = octets.slice(0, 2 * blockLength + 3);
  const padded = octets.slice().fill(blockLength - 3, cut.length);
  const inTwo = (run: BlockRun, whole: Bytes): Bytes =>
    concatBytes([run(whole.slice(0, blockLength)), run(whole.slice(blockLength))]);
  return (
    equalBytes(inTwo(nativeRun(native, nativeName, key, iv, true), octets), known) &&
    equalBytes(inTwo(nativeRun(native, nativeName, key, iv, false), known), octets) &&
    equalBytes(concatBytes(nativePadded(native, nativeName, key, iv, cut)), own(padded))
  );
}
