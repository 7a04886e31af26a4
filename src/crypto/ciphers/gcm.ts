import { ghash } from '@noble/ciphers/_polyval.js';
import { ctr } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, constantTimeEqual } from '../../core/bytes.js';

const blockLength = 16;

/** What AES-GCM makes of octets: as many, and the tag. */
export interface SealedOctets {
  readonly ciphertext: Bytes;
  readonly tag: Bytes;
}

/** AES-GCM in TypeScript (NIST SP 800-38D §7.1), with the whole tag of 16 octets cut to the length. */
export function sealGcm(
  key: Bytes,
  nonce: Bytes,
  aad: Bytes,
  octets: Bytes,
  tagLength: number,
): SealedOctets {
  const gcm = new Gcm(key, nonce);
  const ciphertext = gcm.run(octets);
  const tag = gcm.tag(ciphertext, aad).slice(0, tagLength);
  gcm.wipe();
  return { ciphertext, tag };
}

/** The decryption of SP 800-38D §7.2; `undefined` where the tag is not the right one, and then nothing was decrypted. */
export function openGcm(
  key: Bytes,
  nonce: Bytes,
  aad: Bytes,
  ciphertext: Bytes,
  tag: Bytes,
): Bytes | undefined {
  const gcm = new Gcm(key, nonce);
  const right = gcm.tag(ciphertext, aad).slice(0, tag.length);
  const octets = constantTimeEqual(right, tag) ? gcm.run(ciphertext) : undefined;
  gcm.wipe();
  return octets;
}

/**
 * GCM of noble's AES-CTR and GHASH. noble's own GCM is not for what RFC 5084
 * §3.2 lets a message have: it refuses nonces below 8 octets, and knows no tag
 * but the whole one.
 */
class Gcm {
  readonly #key: Bytes;
  readonly #hashKey: Bytes;
  /** J0 of SP 800-38D §7.1. */
  readonly #counter: Bytes;

  constructor(key: Bytes, nonce: Bytes) {
    this.#key = key;
    const zero = new Uint8Array(blockLength);
    this.#hashKey = asBytes(ctr(this.#key, zero).encrypt(zero));
    if (nonce.length === 12) {
      this.#counter = concatBytes([nonce, Uint8Array.of(0, 0, 0, 1)]);
    } else {
      this.#counter = this.#hash([nonce], lengths(0, nonce.length));
    }
  }

  /** Encrypts or decrypts, which is the same. The last 32 bits of the counter turn over by themselves. */
  run(octets: Bytes): Bytes {
    const output = new Uint8Array(octets.length);
    const counter = this.#counter.slice();
    const view = new DataView(counter.buffer);
    let next = (view.getUint32(12) + 1) >>> 0;
    for (let at = 0; at < octets.length; ) {
      const end = Math.min(octets.length, at + (2 ** 32 - next) * blockLength);
      view.setUint32(12, next);
      output.set(ctr(this.#key, counter).encrypt(octets.subarray(at, end)), at);
      at = end;
      next = 0;
    }
    return output;
  }

  tag(ciphertext: Bytes, aad: Bytes): Bytes {
    const hash = this.#hash([aad, ciphertext], lengths(aad.length, ciphertext.length));
    return asBytes(ctr(this.#key, this.#counter).encrypt(hash));
  }

  /** Overwrites what it made of the key, which is the caller's. */
  wipe(): void {
    this.#hashKey.fill(0);
    this.#counter.fill(0);
  }

  /** GHASH; noble fills each piece up to whole blocks. */
  #hash(pieces: readonly Bytes[], end: Bytes): Bytes {
    const running = ghash.create(this.#hashKey);
    for (const piece of pieces) running.update(piece);
    return asBytes(running.update(end).digest());
  }
}

/** Two lengths in bits, 64 bits each. */
function lengths(first: number, second: number): Bytes {
  const block = new Uint8Array(blockLength);
  const view = new DataView(block.buffer);
  view.setBigUint64(0, BigInt(first) * 8n);
  view.setBigUint64(8, BigInt(second) * 8n);
  return block;
}
