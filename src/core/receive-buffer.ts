import type { Bytes } from './bytes.js';

/**
 * What a reader of chunks could not place yet, with the chunk that comes next:
 * every octet is copied once at most for each time that the buffer grows, and
 * not at all where the reader keeps nothing.
 */
export class ReceiveBuffer {
  #buffer: Bytes = new Uint8Array(0);
  #start = 0;
  #length = 0;
  #window: Bytes = new Uint8Array(0);
  /** Whether the window is the caller's chunk, which may hold other octets by the next call. */
  #direct = false;

  /** The octets kept and the chunk, one after the other. Valid until the next call. */
  append(chunk: Bytes): Bytes {
    this.#direct = this.#length === 0;
    if (this.#direct) {
      this.#window = chunk;
      return chunk;
    }
    const length = this.#length + chunk.length;
    const kept = this.#buffer.subarray(this.#start, this.#start + this.#length);
    if (this.#buffer.length < length) {
      this.#buffer = new Uint8Array(length * 2);
      this.#buffer.set(kept);
      this.#start = 0;
    } else if (this.#buffer.length < this.#start + length) {
      this.#buffer.copyWithin(0, this.#start, this.#start + this.#length);
      this.#start = 0;
    }
    this.#buffer.set(chunk, this.#start + this.#length);
    this.#window = this.#buffer.subarray(this.#start, this.#start + length);
    return this.#window;
  }

  /** Keeps the octets of the window from `from` on. */
  keep(from: number): void {
    const length = this.#window.length - from;
    if (this.#direct) {
      if (this.#buffer.length < length) this.#buffer = new Uint8Array(Math.max(4096, length * 2));
      this.#buffer.set(this.#window.subarray(from));
      this.#start = 0;
    } else this.#start += from;
    this.#length = length;
  }
}
