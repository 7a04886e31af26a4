import { ghash } from '@noble/ciphers/_polyval.js';
import { ctr } from '@noble/ciphers/aes.js';
import { asBytes, type Bytes, concatBytes, constantTimeEqual } from '../../core/bytes.js';
import { type AeadParts, aeadPartsOf, Keystream } from './aead-parts.js';

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
  const parts = gcmParts(key, nonce, aad);
  const ciphertext = parts.crypt(octets);
  parts.absorb(ciphertext);
  const tag = parts.tag().slice(0, tagLength);
  parts.wipe();
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
  const parts = gcmParts(key, nonce, aad);
  parts.absorb(ciphertext);
  const right = parts.tag().slice(0, tag.length);
  const octets = constantTimeEqual(right, tag) ? parts.crypt(ciphertext) : undefined;
  parts.wipe();
  return octets;
}

/**
 * GCM of noble's AES-CTR and GHASH, for octets that come in pieces. noble's own
 * GCM is not for what RFC 5084 §3.2 lets a message have: it refuses nonces
 * below 8 octets, and knows no tag but the whole one.
 */
export function gcmParts(key: Bytes, nonce: Bytes, aad: Bytes): AeadParts {
  const zero = new Uint8Array(blockLength);
  const hashKey = asBytes(ctr(key, zero).encrypt(zero));
  const counter = firstCounter(hashKey, nonce);
  const hash = ghash.create(hashKey);
  const stream = new Keystream(blockLength, (octets, block) => countedFrom(key, counter, block, octets));
  return aeadPartsOf({
    stream,
    hash,
    aad,
    tag(ciphertextLength) {
      const hashed = asBytes(hash.update(lengths(aad.length, ciphertextLength)).digest());
      return asBytes(ctr(key, counter).encrypt(hashed));
    },
    wipe() {
      hashKey.fill(0);
      counter.fill(0);
    },
  });
}

/** J0 of SP 800-38D §7.1. */
function firstCounter(hashKey: Bytes, nonce: Bytes): Bytes {
  if (nonce.length === 12) return concatBytes([nonce, Uint8Array.of(0, 0, 0, 1)]);
  // noble fills each piece up to whole blocks.
  return asBytes(ghash.create(hashKey).update(nonce).update(lengths(0, nonce.length)).digest());
}

/** Encrypts or decrypts, which is the same, from a block on. The last 32 bits of the counter turn over by themselves. */
function countedFrom(key: Bytes, first: Bytes, block: number, octets: Bytes): Bytes {
  const output = new Uint8Array(octets.length);
  const counter = first.slice();
  const view = new DataView(counter.buffer);
  let next = (view.getUint32(12) + 1 + block) >>> 0;
  for (let at = 0; at < octets.length; ) {
    const end = Math.min(octets.length, at + (2 ** 32 - next) * blockLength);
    view.setUint32(12, next);
    output.set(ctr(key, counter).encrypt(octets.subarray(at, end)), at);
    at = end;
    next = 0;
  }
  return output;
}

/** Two lengths in bits, 64 bits each. */
function lengths(first: number, second: number): Bytes {
  const block = new Uint8Array(blockLength);
  const view = new DataView(block.buffer);
  view.setBigUint64(0, BigInt(first) * 8n);
  view.setBigUint64(8, BigInt(second) * 8n);
  return block;
}
