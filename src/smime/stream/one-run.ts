import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { type Bytes, concatBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';

/** One message through a transformer: what is finished, or failed once, gives nothing more that could be put in its place. */
export class OneRun {
  readonly #name: string;
  readonly #signal: AbortSignalLike | undefined;
  #isOver = false;

  /** @param name of the class, as errors say it */
  constructor(name: string, signal: AbortSignalLike | undefined) {
    this.#name = name;
    this.#signal = signal;
  }

  /**
   * One step of the run.
   *
   * @param work puts what it gives into the list, views of octets that may change afterwards included
   */
  async step(isLast: boolean, work: (given: Uint8Array[]) => Promise<void>): Promise<Bytes> {
    if (this.#isOver) {
      throw new MailsealError(
        'usage',
        `this ${this.#name} is finished, or failed; make another for another message`,
      );
    }
    this.#isOver = true;
    throwIfAborted(this.#signal);
    const given: Uint8Array[] = [];
    await work(given);
    this.#isOver = isLast;
    return concatBytes(given);
  }
}
