import type { Bytes } from '../../core/bytes.js';

// What MD5, SHA-1, SHA-224 and SHA-256 have in common (RFC 1321 §3, FIPS 180-4
// §5 and §6): blocks of 64 octets that change a state of 32-bit words, padded
// with a bit, zeros, and the length in bits.

/** Octets of a block. */
export const blockLength = 64;

/** Takes the whole blocks that stand in `input` from one offset to another into the state. */
export type BlockFunction = (state: Int32Array, input: DataView, from: number, to: number) => void;

/**
 * A loop, and from its second megabyte in this process on the same rounds
 * written out. Those are twice as fast once the runtime has compiled them,
 * which costs it as much as hashing some megabytes; a page or a script that
 * hashes one mail is done sooner with the loop. Which of the two works changes
 * the time that is taken, never the digest.
 */
export function loopAtFirst(inALoop: BlockFunction, writtenOut: BlockFunction): BlockFunction {
  let left = 0x100000;
  return (state, input, from, to) => {
    let at = from;
    if (left > 0) {
      at = Math.min(to, from + left);
      left -= at - from;
      inALoop(state, input, from, at);
    }
    if (at < to) writtenOut(state, input, at, to);
  };
}

/** What tells one digest of this kind from another. */
export interface BlockAlgorithm {
  readonly initial: Int32Array;
  /** Octets of the digest: all words of the state, or without the last. */
  readonly length: number;
  /** Whether words begin with their lowest octet. */
  readonly littleEndian: boolean;
  readonly compress: BlockFunction;
}

/** Where {@link blockDigest} pads. Nothing is left in it, and nobody is called while it is in use. */
const scratch: Bytes = /* @__PURE__ */ new Uint8Array(2 * blockLength);
const scratchView: DataView = /* @__PURE__ */ new DataView(scratch.buffer);

/** The digest of octets in one piece; a message of few blocks costs little more than its blocks. */
export function blockDigest(algorithm: BlockAlgorithm, octets: Bytes): Bytes {
  const state = algorithm.initial.slice();
  const { length } = octets;
  const rest = length % blockLength;
  if (length > rest) {
    algorithm.compress(state, new DataView(octets.buffer, octets.byteOffset, length), 0, length - rest);
  }
  scratch.set(rest === length ? octets : octets.subarray(length - rest));
  const padded = pad(scratch, scratchView, rest, length, algorithm.littleEndian);
  algorithm.compress(state, scratchView, 0, padded);
  scratch.fill(0, 0, padded);
  const digest = octetsOf(algorithm, state);
  state.fill(0);
  return digest;
}

/** A digest in progress. Once `digest` was asked for it is at its end. */
export class BlockDigest {
  readonly #algorithm: BlockAlgorithm;
  readonly #state: Int32Array;
  readonly #block: Bytes = new Uint8Array(2 * blockLength);
  readonly #view: DataView = new DataView(this.#block.buffer);
  #length: number;

  /**
   * @param state what to begin with, kept: that of the algorithm, or that after
   * `length` octets, which is a multiple of 64
   */
  constructor(algorithm: BlockAlgorithm, state: Int32Array = algorithm.initial.slice(), length = 0) {
    this.#algorithm = algorithm;
    this.#state = state;
    this.#length = length;
  }

  update(chunk: Uint8Array): this {
    const { length } = chunk;
    const filled = this.#length % blockLength;
    let at = 0;
    this.#length += length;
    if (filled > 0) {
      at = Math.min(blockLength - filled, length);
      this.#block.set(at === length ? chunk : chunk.subarray(0, at), filled);
      if (filled + at < blockLength) return this;
      this.#algorithm.compress(this.#state, this.#view, 0, blockLength);
    }
    const end = length - ((length - at) % blockLength);
    if (end > at) {
      this.#algorithm.compress(
        this.#state,
        new DataView(chunk.buffer, chunk.byteOffset, chunk.length),
        at,
        end,
      );
    }
    if (end < length) this.#block.set(end === 0 ? chunk : chunk.subarray(end));
    return this;
  }

  /** The digest of everything taken. Wipes what is left of it here. */
  digest(): Bytes {
    const length = this.#length;
    const { compress, littleEndian } = this.#algorithm;
    const padded = pad(this.#block, this.#view, length % blockLength, length, littleEndian);
    compress(this.#state, this.#view, 0, padded);
    const digest = octetsOf(this.#algorithm, this.#state);
    this.wipe();
    return digest;
  }

  /** Another in the same state. */
  copy(): BlockDigest {
    const other = new BlockDigest(this.#algorithm, this.#state.slice(), this.#length);
    other.#block.set(this.#block);
    return other;
  }

  /** Overwrites what it holds. */
  wipe(): void {
    this.#block.fill(0);
    this.#state.fill(0);
  }
}

/**
 * Writes the padding behind the last octets of a message of that length.
 *
 * @returns how many octets the one or two blocks have
 */
function pad(block: Bytes, view: DataView, rest: number, length: number, littleEndian: boolean): number {
  // FIPS 180-4 §5.1.1: the bit 1, as few zeros as make the whole a multiple of 512 bits, and 64 bits of length.
  const padded = rest < blockLength - 8 ? blockLength : 2 * blockLength;
  block[rest] = 0x80;
  block.fill(0, rest + 1, padded - 8);
  writeLength(view, padded, length, littleEndian);
  return padded;
}

/** Writes the length in bits of a message of so many octets into the last eight octets of its padding. */
function writeLength(view: DataView, end: number, length: number, littleEndian: boolean): void {
  // A number holds 2^53 octets exactly, but not eight times as many bits.
  const high = Math.floor(length / 0x20000000);
  const low = (length % 0x20000000) << 3;
  view.setInt32(end - 8, littleEndian ? low : high, littleEndian);
  view.setInt32(end - 4, littleEndian ? high : low, littleEndian);
}

/** The digest that a state is at the end. */
export function octetsOf(algorithm: BlockAlgorithm, state: Int32Array): Bytes {
  const octets = new Uint8Array(algorithm.length);
  putWords(algorithm, new DataView(octets.buffer), state);
  return octets;
}

/**
 * One block that ends a message: first a digest of this algorithm, which
 * {@link putWords} writes again and again, then the padding.
 *
 * @param length octets of the whole message
 */
export function lastBlock(algorithm: BlockAlgorithm, length: number): DataView {
  const block = new Uint8Array(blockLength);
  const view = new DataView(block.buffer);
  pad(block, view, algorithm.length, length, algorithm.littleEndian);
  return view;
}

/** Writes a state as the digest that it is at the beginning of a block. */
export function putWords({ length, littleEndian }: BlockAlgorithm, view: DataView, state: Int32Array): void {
  for (let at = 0; at < length; at += 4) view.setInt32(at, state[at >> 2]!, littleEndian);
}
