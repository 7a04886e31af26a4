import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';

/** Pieces of few octets would each cost an array of their own. */
const blockLength = 65_536;

/** Keeps ciphertext in memory, up to a limit. */
export class GatheringSpool {
  readonly #most: number;
  readonly #blocks: Bytes[] = [];
  #last: Bytes = new Uint8Array(0);
  /** Octets in the last block. */
  #used = 0;
  #length = 0;

  /** @param most octets; one more is `limit-octets` */
  constructor(most: number) {
    this.#most = most;
  }

  write(octets: Bytes): void {
    this.#length += octets.length;
    if (this.#length > this.#most) {
      throw new MailsealError(
        'limit-octets',
        `more than ${this.#most} octets wait for the tag that shows whether they were changed; give a spool to keep them in`,
      );
    }
    for (let at = 0; at < octets.length; ) {
      if (this.#used === this.#last.length) {
        this.#last = new Uint8Array(blockLength);
        this.#used = 0;
        this.#blocks.push(this.#last);
      }
      const taken = octets.subarray(at, at + this.#last.length - this.#used);
      this.#last.set(taken, this.#used);
      this.#used += taken.length;
      at += taken.length;
    }
  }

  *read(): Generator<Bytes, undefined> {
    for (const block of this.#blocks) yield block === this.#last ? block.subarray(0, this.#used) : block;
  }
}
