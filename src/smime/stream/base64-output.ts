import type { Bytes } from '../../core/bytes.js';
import { MimeBase64Encoder } from '../../encoding/mime-base64.js';

/** A message whose body is base64, written to one piece of memory that grows: what is large is not joined afterwards. */
export class Base64Output {
  readonly #encoder = new MimeBase64Encoder();
  #octets: Bytes = new Uint8Array(0);
  #length = 0;
  /** Whether the memory is the caller's, who uses it again. */
  #isLent = false;

  /** Writes to memory that is lent, as long as there is room, until `take`; to be called when all was taken. */
  writeTo(output: Bytes | undefined): void {
    if (output === undefined) return;
    this.#octets = output;
    this.#isLent = true;
  }

  /** Sees to room for so many octets more. */
  reserve(octets: number): void {
    const wanted = this.#length + octets;
    if (wanted <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#length));
    larger.set(this.#octets.subarray(0, this.#length));
    this.#octets = larger;
    this.#isLent = false;
  }

  /** Sees to room for the characters of so many octets more of the body. */
  reserveEncoded(octets: number): void {
    // Lines of 76 characters for 57 octets each, and a group that was begun before.
    this.reserve(Math.ceil(octets / 57) * 78 + 8);
  }

  /** Adds octets as they stand. */
  add(octets: Uint8Array): void {
    this.reserve(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  /** Adds the characters that octets of the body settle. */
  encode(octets: Bytes): void {
    this.reserveEncoded(octets.length);
    this.#length += this.#encoder.update(octets, { output: this.#octets.subarray(this.#length) }).length;
  }

  /** Adds the last characters of the body. */
  finish(): void {
    this.add(this.#encoder.finish());
  }

  /** What was added since the last call. */
  take(): Bytes {
    const octets = this.#octets;
    const length = this.#length;
    const isLent = this.#isLent;
    this.#isLent = false;
    this.#octets = new Uint8Array(0);
    this.#length = 0;
    // A view would keep alive what is not used.
    if (isLent) return octets.subarray(0, length);
    return octets.length - length > 64 + (length >> 3) ? octets.slice(0, length) : octets.subarray(0, length);
  }
}
