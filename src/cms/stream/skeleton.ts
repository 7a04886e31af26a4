import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';

/**
 * A BER document without the octets of its content. What is around the content gets indefinite lengths, which stay
 * true whatever is left out; all else stands as it came.
 */
export class Skeleton {
  readonly #most: number;
  #octets: Bytes = new Uint8Array(1024);
  #length = 0;
  #open = 0;

  /** @param most octets; one more is `limit-octets` */
  constructor(most: number) {
    this.#most = most;
  }

  /** Octets so far. */
  get length(): number {
    return this.#length;
  }

  /** Opens an element of that identifier octet. */
  open(identifier: number): void {
    this.add(Uint8Array.of(identifier, 0x80));
    this.#open++;
  }

  /** Closes the element that was opened last. */
  close(): void {
    this.add(new Uint8Array(2));
    this.#open--;
  }

  /** Adds octets as they stand. */
  add(octets: Bytes): void {
    const length = this.#length + octets.length;
    if (length > this.#most) {
      throw new MailsealError(
        'limit-octets',
        `the structure around the content has more than ${this.#most} octets`,
      );
    }
    if (length > this.#octets.length) {
      const larger = new Uint8Array(Math.min(2 * length, Math.max(length, this.#most)));
      larger.set(this.#octets.subarray(0, this.#length));
      this.#octets = larger;
    }
    this.#octets.set(octets, this.#length);
    this.#length = length;
  }

  /** A copy of the octets from there on, to the last or to an end before it. */
  slice(from: number, end: number = this.#length): Bytes {
    return this.#octets.slice(from, Math.min(end, this.#length));
  }

  /** A copy in which every element that is open is closed. */
  closed(): Bytes {
    const octets = new Uint8Array(this.#length + 2 * this.#open);
    octets.set(this.#octets.subarray(0, this.#length));
    return octets;
  }
}
