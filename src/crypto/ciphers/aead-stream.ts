import { asBytes, type Bytes, concatBytes, constantTimeEqual, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import type { NativeCipher, NativeCrypto } from '../engines/native-crypto.js';
import {
  type AeadAlgorithm,
  type AeadJob,
  type AeadOptions,
  aeadJob,
  knownAeadJob,
  nativeAeadName,
  trustedAead,
} from './aead.js';
import type { AeadParts } from './aead-parts.js';
import { decryptionFailed } from './cbc.js';
import { chachaParts } from './chacha-parts.js';
import { gcmParts } from './gcm.js';

/** An encryption in pieces that ends with a tag. */
export interface AeadEncryptor {
  /** Takes the next octets and gives as many; the chunk may be reused afterwards. */
  update(chunk: Uint8Array): Bytes;
  /** Gives the tag. Once only, `usage` a second time. */
  finish(): Bytes;
}

/**
 * Starts an encryption whose input comes in pieces; any split of it gives what `encryptAead` gives.
 *
 * @param algorithm the cipher with a nonce that was never used with this key
 * @param key 16, 24 or 32 octets, by the cipher's name
 * @param options `aad`: authenticated beside it; `engine`: default `auto`. WebCrypto takes no pieces.
 * @throws MailsealError as `encryptAead`.
 * @example
 * ```ts
 * import { createAeadEncryptor, decryptAead } from 'mailseal/crypto';
 *
 * const algorithm = { name: 'aes256-gcm', nonce: crypto.getRandomValues(new Uint8Array(12)) } as const;
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const encryptor = createAeadEncryptor(algorithm, key);
 * const pieces = ['秘', '密'].map((text) => encryptor.update(new TextEncoder().encode(text)));
 * const tag = encryptor.finish();
 * const ciphertext = new Uint8Array(pieces.flatMap((piece) => [...piece]));
 * console.log(new TextDecoder().decode(await decryptAead(algorithm, key, ciphertext, tag))); // 秘密
 * ```
 */
export function createAeadEncryptor(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  options: AeadOptions = {},
): AeadEncryptor {
  const job = aeadJob(algorithm, key, options);
  const native = nativeFor(job, options);
  return native === undefined ? ownEncryptor(job) : nativeEncryptor(native, job);
}

/** Whether a tag is that of ciphertext which comes in pieces. Nothing is given of what it decrypts to. */
export interface AeadVerifier {
  update(ciphertext: Bytes): void;
  /** Once only, `usage` a second time. */
  finish(tag: Bytes): boolean;
}

/** Starts to check a tag: what has to come before {@link createVerifiedDecryptor}. Throws as `decryptAead`. */
export function createAeadVerifier(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  options: AeadOptions = {},
): AeadVerifier {
  const job = aeadJob(algorithm, key, options);
  const native = nativeFor(job, options);
  return native === undefined ? ownVerifier(job) : nativeVerifier(native, job);
}

/** Decrypts ciphertext whose tag was found right before. */
export interface VerifiedDecryptor {
  update(ciphertext: Bytes): Bytes;
  /** Checks the tag once more. Throws `crypto-decryption-failed` where the ciphertext is not the one that was verified. */
  finish(tag: Bytes): void;
}

/**
 * Starts the decryption of ciphertext that {@link createAeadVerifier} found right: the only use of it. What it gives is
 * given before its own check of the tag, which finds out whoever kept the ciphertext and gives another one now.
 */
export function createVerifiedDecryptor(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  options: AeadOptions = {},
): VerifiedDecryptor {
  const job = aeadJob(algorithm, key, options);
  const native = nativeFor(job, options);
  const once = new Once();
  if (native === undefined) {
    const parts = partsOf(job);
    return {
      update(ciphertext) {
        once.assert();
        parts.absorb(ciphertext);
        return parts.crypt(ciphertext);
      },
      finish(tag) {
        once.end();
        if (!isTag(parts, job, tag)) throw decryptionFailed();
      },
    };
  }
  const cipher = nativeDecipher(native, job);
  return {
    update(ciphertext) {
      once.assert();
      return ciphertext.length === 0 ? new Uint8Array(0) : asBytes(cipher.update(ciphertext));
    },
    finish(tag) {
      once.end();
      if (!nativeTagFits(cipher, job, tag)) throw decryptionFailed();
    },
  };
}

function nativeFor(job: AeadJob, { engine }: EngineOptions): NativeCrypto | undefined {
  const { name } = job;
  const whole = trustedAead(job, engine);
  const native =
    whole && trustedNative(engine, `${name} in pieces`, (module) => answersRightly(module, name));
  if (native === undefined && engine === 'native') throw engineUnavailable(job.name, 'untrusted');
  return native;
}

function partsOf({ name, key, nonce, aad }: AeadJob): AeadParts {
  return name === 'chacha20-poly1305' ? chachaParts(key, nonce, aad) : gcmParts(key, nonce, aad);
}

function ownEncryptor(job: AeadJob): AeadEncryptor {
  const parts = partsOf(job);
  const once = new Once();
  return {
    update(chunk) {
      once.assert();
      const ciphertext = parts.crypt(asBytes(chunk));
      parts.absorb(ciphertext);
      return ciphertext;
    },
    finish() {
      once.end();
      const tag = parts.tag().slice(0, job.tagLength);
      parts.wipe();
      return tag;
    },
  };
}

function nativeEncryptor(native: NativeCrypto, job: AeadJob): AeadEncryptor {
  const cipher = native.createCipheriv!(nativeAeadName(job), job.key, job.nonce, {
    authTagLength: job.tagLength,
  });
  cipher.setAAD!(job.aad);
  const once = new Once();
  return {
    update(chunk) {
      once.assert();
      const octets = asBytes(chunk);
      return octets.length === 0 ? new Uint8Array(0) : asBytes(cipher.update(octets));
    },
    finish() {
      once.end();
      // Both are stream ciphers: nothing is left to give.
      cipher.final();
      return asBytes(cipher.getAuthTag!()).slice();
    },
  };
}

function ownVerifier(job: AeadJob): AeadVerifier {
  const parts = partsOf(job);
  const once = new Once();
  return {
    update(ciphertext) {
      once.assert();
      parts.absorb(ciphertext);
    },
    finish(tag) {
      once.end();
      return isTag(parts, job, tag);
    },
  };
}

function nativeDecipher(native: NativeCrypto, job: AeadJob): NativeCipher {
  const cipher = native.createDecipheriv!(nativeAeadName(job), job.key, job.nonce, {
    authTagLength: job.tagLength,
  });
  cipher.setAAD!(job.aad);
  return cipher;
}

function nativeVerifier(native: NativeCrypto, job: AeadJob): AeadVerifier {
  const cipher = nativeDecipher(native, job);
  const once = new Once();
  return {
    update(ciphertext) {
      once.assert();
      if (ciphertext.length > 0) cipher.update(ciphertext).fill(0);
    },
    finish(tag) {
      once.end();
      return nativeTagFits(cipher, job, tag);
    },
  };
}

/** RFC 5084 §3.2: the tag has the length that the parameters say; a shorter one would be guessed sooner. */
function isTag(parts: AeadParts, { tagLength }: AeadJob, tag: Bytes): boolean {
  const right = parts.tag().slice(0, tagLength);
  parts.wipe();
  return tag.length === tagLength && constantTimeEqual(right, tag);
}

function nativeTagFits(cipher: NativeCipher, { tagLength }: AeadJob, tag: Bytes): boolean {
  if (tag.length !== tagLength) return false;
  try {
    cipher.setAuthTag!(tag);
    cipher.final();
    return true;
  } catch {
    // OpenSSL has one error for every tag that is not the right one.
    return false;
  }
}

/** In two pieces, with the tag at the end, and a wrong tag. */
function answersRightly(native: NativeCrypto, name: AeadAlgorithm['name']): boolean {
  const job = knownAeadJob(name);
  const octets = Uint8Array.from({ length: 37 }, (_, i) => 5 * i);
  const run = ({ update, finish }: AeadEncryptor): Bytes =>
    concatBytes([update(octets.subarray(0, 21)), update(octets.subarray(21)), finish()]);
  const sealed = run(nativeEncryptor(native, job));
  if (!equalBytes(sealed, run(ownEncryptor(job)))) return false;
  const check = (tag: Bytes): boolean => {
    const verifier = nativeVerifier(native, job);
    verifier.update(sealed.subarray(0, 21));
    verifier.update(sealed.subarray(21, 37));
    return verifier.finish(tag);
  };
  const tag = sealed.slice(37);
  return check(tag) && !check(tag.map((octet, i) => octet ^ Number(i === 0)));
}

/** What is finished takes nothing more. */
class Once {
  #ended = false;

  assert(): void {
    if (this.#ended) throw usage('this cipher is finished; start another');
  }

  end(): void {
    this.assert();
    this.#ended = true;
  }
}
