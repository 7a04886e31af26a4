import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { asBytes, type Bytes, concatBytes, equalBytes } from '../../core/bytes.js';
import type { Engine, EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { isKeyOf } from '../../core/is-key-of.js';
import { shown } from '../../core/shown.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCrypto } from '../engines/native-crypto.js';
import { trustedWeb } from '../engines/native-web.js';
import type { WebCiphers } from '../engines/native-web-ciphers.js';
import { assertGiven } from '../given.js';
import { decryptionFailed } from './cbc.js';
import { openGcm, type SealedOctets, sealGcm } from './gcm.js';

/**
 * A cipher that authenticates what it encrypts, with its nonce: AES-GCM
 * (RFC 5084 §3.2) with a key of 16, 24 or 32 octets, and ChaCha20-Poly1305
 * (RFC 8103) with one of 32.
 */
export type AeadAlgorithm =
  | {
      readonly name: 'aes128-gcm' | 'aes192-gcm' | 'aes256-gcm';
      /** At least one octet; RFC 5084 §3.2 recommends 12. Never twice with one key: how the messages differ and the key of the tag would be found. */
      readonly nonce: Uint8Array;
      /** Octets of the tag, 12 to 16; default 16, which is what to write. */
      readonly tagLength?: 12 | 13 | 14 | 15 | 16;
    }
  | {
      readonly name: 'chacha20-poly1305';
      /** 12 octets, never twice with one key. */
      readonly nonce: Uint8Array;
    };

/** What {@link encryptAead} and {@link decryptAead} take beside the octets. */
export interface AeadOptions extends EngineOptions {
  /** Octets that are authenticated and not encrypted, the same for both; default none. */
  readonly aad?: Uint8Array;
}

/** What {@link encryptAead} gives. */
export interface AeadOutput {
  /** As many octets as went in. */
  readonly ciphertext: Bytes;
  /** 16 octets, or as many as the algorithm's `tagLength`. */
  readonly tag: Bytes;
}

interface AeadFacts {
  readonly keyLength: number;
  /** What `node:crypto` calls it. */
  readonly native: string;
}

const facts: Readonly<Record<AeadAlgorithm['name'], AeadFacts>> = {
  'aes128-gcm': { keyLength: 16, native: 'aes-128-gcm' },
  'aes192-gcm': { keyLength: 24, native: 'aes-192-gcm' },
  'aes256-gcm': { keyLength: 32, native: 'aes-256-gcm' },
  'chacha20-poly1305': { keyLength: 32, native: 'chacha20-poly1305' },
};

/** Octets of the key that an algorithm wants. */
export function aeadKeyLength(name: AeadAlgorithm['name']): number {
  return facts[name].keyLength;
}

/** Whether a name is that of a cipher which authenticates. */
export function isAeadName(name: string): name is AeadAlgorithm['name'] {
  return isKeyOf(facts, name);
}

/** An algorithm and its input, checked and as plain octets. */
export interface AeadJob {
  readonly name: AeadAlgorithm['name'];
  readonly nonce: Bytes;
  readonly tagLength: number;
  readonly key: Bytes;
  readonly aad: Bytes;
}

/**
 * Encrypts and authenticates octets in one piece.
 *
 * @param algorithm the cipher with a nonce that was never used with this key
 * @param key 16, 24 or 32 octets, by the cipher's name
 * @param octets what to encrypt
 * @param options `aad`: authenticated beside it; `engine`: default `auto`
 * @throws MailsealError `usage` for an unknown name, or a key, nonce or tag of
 * a wrong length; `crypto-engine-unavailable` when `engine` is `native` and the
 * runtime has the cipher not, or not with a nonce of that length.
 * @example
 * ```ts
 * import { decryptAead, encryptAead } from 'mailseal/crypto';
 *
 * const algorithm = { name: 'aes256-gcm', nonce: crypto.getRandomValues(new Uint8Array(12)) } as const;
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const { ciphertext, tag } = await encryptAead(algorithm, key, new TextEncoder().encode('秘密'));
 * const octets = await decryptAead(algorithm, key, ciphertext, tag);
 * console.log(new TextDecoder().decode(octets)); // 秘密
 * ```
 */
export async function encryptAead(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  octets: Uint8Array,
  options: AeadOptions = {},
): Promise<AeadOutput> {
  const job = aeadJob(algorithm, key, options);
  const plain = asBytes(octets);
  return run(
    job,
    options,
    (native) => nativeSeal(native, job, plain),
    (subtle) => webSeal(subtle, job, plain),
    () => ownSeal(job, plain),
  );
}

/**
 * Decrypts octets in one piece, and gives nothing unless the tag is right.
 *
 * @param algorithm as it was encrypted with
 * @param key 16, 24 or 32 octets, by the cipher's name
 * @param ciphertext the octets without the tag
 * @param tag the tag, as long as the algorithm's `tagLength` says
 * @param options `aad`: what was authenticated beside it; `engine`: default `auto`
 * @throws MailsealError `crypto-decryption-failed` where the tag is not right
 * or has another length; else as {@link encryptAead}.
 * @example
 * ```ts
 * import { decryptAead } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 2.
 * const octets = await decryptAead(
 *   { name: 'aes128-gcm', nonce: new Uint8Array(12) },
 *   new Uint8Array(16),
 *   decodeHex('0388dace60b6a392f328c2b971b2fe78'),
 *   decodeHex('ab6e47d42cec13bdf53a67b21257bddf'),
 * );
 * console.log(octets.every((octet) => octet === 0)); // true
 * ```
 */
export async function decryptAead(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
  options: AeadOptions = {},
): Promise<Bytes> {
  const job = aeadJob(algorithm, key, options);
  const [sealed, given] = [asBytes(ciphertext), asBytes(tag)];
  // RFC 5084 §3.2: the tag has the length that the parameters say; a shorter one would be guessed sooner.
  if (given.length !== job.tagLength) throw decryptionFailed();
  const octets = await run(
    job,
    options,
    (native) => nativeOpen(native, job, sealed, given),
    (subtle) => webOpen(subtle, job, sealed, given),
    () => ownOpen(job, sealed, given),
  );
  if (octets === 'refused') throw decryptionFailed();
  return octets;
}

/** @throws MailsealError `usage` for an unknown name, or a key, nonce or tag of a wrong length. */
export function aeadJob(algorithm: AeadAlgorithm, key: Uint8Array, options: AeadOptions): AeadJob {
  assertGiven(algorithm, 'the algorithm');
  const { name } = algorithm;
  if (!isAeadName(name)) {
    throw usage(`${shown(name)} is the name of no cipher that authenticates`);
  }
  const nonce = asBytes(algorithm.nonce);
  const octets = asBytes(key);
  const tagLength = algorithm.name === 'chacha20-poly1305' ? 16 : (algorithm.tagLength ?? 16);
  const { keyLength } = facts[name];
  if (octets.length !== keyLength) {
    throw usage(`${name} takes a key of ${keyLength} octets, not ${octets.length}`);
  }
  if (name === 'chacha20-poly1305' ? nonce.length !== 12 : nonce.length === 0) {
    const wanted = name === 'chacha20-poly1305' ? '12 octets' : 'at least one octet';
    throw usage(`${name} takes a nonce of ${wanted}, not ${nonce.length}`);
  }
  if (!Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
    throw usage(`the tag of ${name} has 12 to 16 octets, not ${shown(tagLength)}`);
  }
  const aad = options.aad === undefined ? new Uint8Array(0) : asBytes(options.aad);
  return { name, nonce, tagLength, key: octets, aad };
}

/** OpenSSL takes no nonce of more than 128 octets, be it reached by node:crypto or by WebCrypto; some WebCryptos take none of less than 12. */
const longestNativeNonce = 128;
const shortestWebNonce = 12;

/** What `node:crypto` calls the cipher of a job. */
export function nativeAeadName({ name }: AeadJob): string {
  return facts[name].native;
}

/** The native module where it may do that job, rightly. */
export function trustedAead({ name, nonce }: AeadJob, engine: Engine | undefined): NativeCrypto | undefined {
  const native = trustedNative(engine, name, (module) => answersRightly(module, name));
  return nonce.length <= longestNativeNonce ? native : undefined;
}

/** Native code where it may, else WebCrypto for AES, else TypeScript. */
async function run<Result>(
  job: AeadJob,
  { engine }: EngineOptions,
  onNative: (native: NativeCrypto) => Result,
  onWeb: (subtle: WebCiphers) => Promise<Result | undefined>,
  own: () => Result,
): Promise<Result> {
  const { name } = job;
  const native = trustedAead(job, engine);
  if (native !== undefined) return onNative(native);
  const { length } = job.nonce;
  const ordinary = length <= longestNativeNonce;
  const onTheWeb = ordinary && length >= shortestWebNonce && name !== 'chacha20-poly1305';
  if (engine !== 'typescript' && onTheWeb) {
    const subtle = await trustedWeb<WebCiphers>(name, (asked) => answersRightlyOnWeb(asked, name));
    const result = subtle === undefined ? undefined : await onWeb(subtle);
    if (result !== undefined) return result;
  }
  if (engine === 'native') throw engineUnavailable(name, ordinary ? 'untrusted' : 'refused');
  return own();
}

function nativeSeal(native: NativeCrypto, job: AeadJob, octets: Bytes): SealedOctets {
  const options = { authTagLength: job.tagLength };
  const cipher = native.createCipheriv!(facts[job.name].native, job.key, job.nonce, options);
  cipher.setAAD!(job.aad);
  const ciphertext = asBytes(cipher.update(octets));
  const rest = asBytes(cipher.final());
  return {
    ciphertext: rest.length === 0 ? ciphertext : concatBytes([ciphertext, rest]),
    tag: asBytes(cipher.getAuthTag!()).slice(),
  };
}

function nativeOpen(native: NativeCrypto, job: AeadJob, ciphertext: Bytes, tag: Bytes): Bytes | 'refused' {
  const options = { authTagLength: job.tagLength };
  const cipher = native.createDecipheriv!(facts[job.name].native, job.key, job.nonce, options);
  cipher.setAAD!(job.aad);
  cipher.setAuthTag!(tag);
  const octets = asBytes(cipher.update(ciphertext));
  try {
    const rest = asBytes(cipher.final());
    return rest.length === 0 ? octets : concatBytes([octets, rest]);
  } catch {
    octets.fill(0);
    return 'refused';
  }
}

function webGcm({ nonce, aad, tagLength }: AeadJob) {
  return { name: 'AES-GCM', iv: nonce, additionalData: aad, tagLength: tagLength * 8 } as const;
}

async function webSeal(subtle: WebCiphers, job: AeadJob, octets: Bytes): Promise<SealedOctets | undefined> {
  try {
    const key = await subtle.importKey('raw', job.key, 'AES-GCM', false, ['encrypt']);
    const sealed = new Uint8Array(await subtle.encrypt(webGcm(job), key, octets));
    return { ciphertext: sealed.subarray(0, octets.length), tag: sealed.slice(octets.length) };
  } catch {
    // Runtimes have nonces and tags of some lengths only; whoever is next does the others.
    return undefined;
  }
}

async function webOpen(
  subtle: WebCiphers,
  job: AeadJob,
  ciphertext: Bytes,
  tag: Bytes,
): Promise<Bytes | 'refused' | undefined> {
  let key: Awaited<ReturnType<WebCiphers['importKey']>>;
  try {
    key = await subtle.importKey('raw', job.key, 'AES-GCM', false, ['decrypt']);
  } catch {
    return undefined;
  }
  try {
    return new Uint8Array(await subtle.decrypt(webGcm(job), key, concatBytes([ciphertext, tag])));
  } catch (error) {
    // W3C Web Cryptography, “Decrypt” of AES-GCM: OperationError for a wrong tag; anything else is a way that it cannot go.
    return (error as { readonly name?: unknown } | undefined)?.name === 'OperationError'
      ? 'refused'
      : undefined;
  }
}

function ownSeal(job: AeadJob, octets: Bytes): SealedOctets {
  const { name, key, nonce, aad, tagLength } = job;
  if (name !== 'chacha20-poly1305') return sealGcm(key, nonce, aad, octets, tagLength);
  const sealed = asBytes(chacha20poly1305(key, nonce, aad).encrypt(octets));
  return { ciphertext: sealed.subarray(0, octets.length), tag: sealed.slice(octets.length) };
}

function ownOpen(job: AeadJob, ciphertext: Bytes, tag: Bytes): Bytes | 'refused' {
  const { name, key, nonce, aad } = job;
  if (name !== 'chacha20-poly1305') return openGcm(key, nonce, aad, ciphertext, tag) ?? 'refused';
  const cipher = chacha20poly1305(key, nonce, aad);
  const sealed = concatBytes([ciphertext, tag]);
  const octets = new Uint8Array(ciphertext.length);
  try {
    cipher.decrypt(sealed, octets);
    return octets;
  } catch {
    // Everything else that can fail was done before: what is left to noble is to compare the tags.
    return 'refused';
  }
}

/** A job whose answer TypeScript knows. */
export function knownAeadJob(name: AeadAlgorithm['name']): AeadJob {
  const count = (length: number, factor: number): Bytes =>
    Uint8Array.from({ length }, (_, i) => factor * i + 7);
  return {
    name,
    nonce: count(12, 13),
    tagLength: 16,
    key: count(facts[name].keyLength, 31),
    aad: count(5, 3),
  };
}

const knownOctets: Bytes = /* @__PURE__ */ Uint8Array.from({ length: 37 }, (_, i) => 5 * i);

/** Both ways, and a tag that is wrong has to be refused. */
function answersRightly(native: NativeCrypto, name: AeadAlgorithm['name']): boolean {
  const job = knownAeadJob(name);
  const known = ownSeal(job, knownOctets);
  const sealed = nativeSeal(native, job, knownOctets);
  if (!equalBytes(sealed.ciphertext, known.ciphertext) || !equalBytes(sealed.tag, known.tag)) return false;
  const octets = nativeOpen(native, job, known.ciphertext, known.tag);
  const wrong = known.tag.map((octet, i) => octet ^ Number(i === 15));
  return (
    octets !== 'refused' &&
    equalBytes(octets, knownOctets) &&
    nativeOpen(native, job, known.ciphertext, wrong) === 'refused'
  );
}

async function answersRightlyOnWeb(subtle: WebCiphers, name: AeadAlgorithm['name']): Promise<boolean> {
  const job = knownAeadJob(name);
  const known = ownSeal(job, knownOctets);
  const sealed = await webSeal(subtle, job, knownOctets);
  if (sealed === undefined || !equalBytes(sealed.ciphertext, known.ciphertext)) return false;
  if (!equalBytes(sealed.tag, known.tag)) return false;
  const octets = await webOpen(subtle, job, known.ciphertext, known.tag);
  const wrong = known.tag.map((octet, i) => octet ^ Number(i === 15));
  return (
    octets !== undefined &&
    octets !== 'refused' &&
    equalBytes(octets, knownOctets) &&
    (await webOpen(subtle, job, known.ciphertext, wrong)) === 'refused'
  );
}
