import { ghash } from '@noble/ciphers/_polyval.js';
import { ctr, gcm as nobleGcm } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, constantTimeEqual } from '../../core/bytes.js';

const blockLength = 16;
const wholeTag = 16;
/** Noble takes no shorter nonces; SP 800-38D §5.2.1.1 has any length from one bit on. */
const shortestNobleNonce = 8;

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
  if (nonce.length >= shortestNobleNonce) {
    const sealed = asBytes(nobleGcm(key, nonce, aad).encrypt(octets));
    const end = octets.length;
    return { ciphertext: sealed.subarray(0, end), tag: sealed.slice(end, end + tagLength) };
  }
  const blocks = new GcmBlocks(key, nonce);
  const ciphertext = blocks.run(octets);
  const tag = blocks.tag(ciphertext, aad).slice(0, tagLength);
  blocks.wipe();
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
  if (nonce.length >= shortestNobleNonce && tag.length === wholeTag) {
    try {
      return asBytes(nobleGcm(key, nonce, aad).decrypt(concatBytes([ciphertext, tag])));
    } catch {
      return undefined;
    }
  }
  const blocks = new GcmBlocks(key, nonce);
  const right = blocks.tag(ciphertext, aad).slice(0, tag.length);
  const octets = constantTimeEqual(right, tag) ? blocks.run(ciphertext) : undefined;
  blocks.wipe();
  return octets;
}

/** The pieces of GCM, for the nonces and tags that noble's own does not take. */
class GcmBlocks {
  readonly #key: Bytes;
  readonly #hashKey: Bytes;
  /** J0 of SP 800-38D §7.1. */
  readonly #counter: Bytes;

  constructor(key: Bytes, nonce: Bytes) {
    this.#key = key.slice();
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

  wipe(): void {
    this.#key.fill(0);
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
