import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';

/** A cipher that authenticates, in its two parts, each of which goes on where it stopped. */
export interface AeadParts {
  /** The next octets encrypted or decrypted, which is the same. */
  crypt(octets: Bytes): Bytes;
  /** Takes the next octets of the ciphertext for the tag. */
  absorb(ciphertext: Bytes): void;
  /** The whole tag over what was absorbed. Once only. */
  tag(): Bytes;
  /** Overwrites what was made of the key, which is the caller's. */
  wipe(): void;
}

/** Blocks of the two universal hashes, GHASH and Poly1305, which noble fills up at each call. */
const blockLength = 16;

/** Hands octets on in whole blocks, so that any split of them is hashed alike. */
class WholeBlocks {
  readonly #take: (blocks: Bytes) => void;
  readonly #rest: Bytes = new Uint8Array(blockLength);
  #held = 0;
  #length = 0;

  constructor(take: (blocks: Bytes) => void) {
    this.#take = take;
  }

  add(octets: Bytes): void {
    this.#length += octets.length;
    let from = 0;
    if (this.#held > 0) {
      from = Math.min(blockLength - this.#held, octets.length);
      this.#rest.set(octets.subarray(0, from), this.#held);
      this.#held += from;
      if (this.#held < blockLength) return;
      this.#take(this.#rest.slice());
      this.#held = 0;
    }
    const end = octets.length - ((octets.length - from) % blockLength);
    if (end > from) this.#take(octets.subarray(from, end));
    this.#rest.set(octets.subarray(end));
    this.#held = octets.length - end;
  }

  /** Hands on the last block, filled up with zeros. Gives how many octets it took since the last time, and begins anew. */
  finish(): number {
    if (this.#held > 0) this.#take(this.#rest.slice().fill(0, this.#held));
    const length = this.#length;
    this.#held = 0;
    this.#length = 0;
    return length;
  }
}

/** What one cipher has of its own. */
interface OwnParts {
  readonly stream: Keystream;
  /** The universal hash, which is to be given whole blocks. */
  readonly hash: { update(blocks: Uint8Array): unknown };
  readonly aad: Bytes;
  /** The tag, once all is hashed but the lengths. */
  readonly tag: (ciphertextLength: number) => Bytes;
  readonly wipe: () => void;
}

/** The cipher of its keystream and its hash, which takes both the additional data and the ciphertext filled up to whole blocks (SP 800-38D §7.1, RFC 8439 §2.8). */
export function aeadPartsOf({ stream, hash, aad, tag, wipe }: OwnParts): AeadParts {
  const blocks = new WholeBlocks((whole) => hash.update(whole));
  blocks.add(aad);
  blocks.finish();
  return {
    crypt: (octets) => stream.crypt(octets),
    absorb: (ciphertext) => blocks.add(ciphertext),
    tag: () => tag(blocks.finish()),
    wipe,
  };
}

/** A keystream that is made in blocks, from any octet on. */
export class Keystream {
  readonly #blockLength: number;
  readonly #crypt: (octets: Bytes, firstBlock: number) => Uint8Array;
  #position = 0;

  /** @param crypt encrypts octets with the keystream from the start of that block on */
  constructor(length: number, crypt: (octets: Bytes, firstBlock: number) => Uint8Array) {
    this.#blockLength = length;
    this.#crypt = crypt;
  }

  crypt(octets: Bytes): Bytes {
    if (octets.length === 0) return new Uint8Array(0);
    const inside = this.#position % this.#blockLength;
    const block = (this.#position - inside) / this.#blockLength;
    this.#position += octets.length;
    if (inside === 0) return asBytes(this.#crypt(octets, block));
    return asBytes(this.#crypt(concatBytes([new Uint8Array(inside), octets]), block)).subarray(inside);
  }
}
