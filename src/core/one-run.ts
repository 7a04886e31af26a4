import { type AbortSignalLike, throwIfAborted } from './abort.js';
import { type Bytes, concatBytes } from './bytes.js';
import { type MailsealError, usage } from './errors.js';

const whyNot = {
  busy: 'is still at work: wait for the promise of the last call',
  ended: 'is finished; make another',
  failed: 'met an error or was wiped; make another',
} as const;

/** What a function of the caller threw. It is no `MailsealError`, so that nothing on the way makes an answer of it. */
class CallersError extends Error {}

/** Calls a function of the caller; what it throws comes out of the step as it is, however deep in the message. */
export function callOut(work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new CallersError('', { cause });
  }
}

/** As {@link callOut}, of a function that may give a promise. */
export async function callOutAndWait(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new CallersError('', { cause });
  }
}

/** One message or CMS object through a class, one step after the other: what is finished, or failed once, gives nothing more that could be put in its place. */
export class OneRun {
  readonly #name: string;
  readonly #signal: AbortSignalLike | undefined;
  readonly #wipe: () => void;
  #state: 'open' | keyof typeof whyNot = 'open';

  /**
   * @param name of the class, as errors say it
   * @param wipe overwrites keys; called where a step fails, not where one is refused that comes at the wrong time
   */
  constructor(name: string, signal: AbortSignalLike | undefined, wipe: () => void = () => {}) {
    this.#name = name;
    this.#signal = signal;
    this.#wipe = wipe;
  }

  /** One step of the run; throws `usage` where none is to come, and where it was stopped meanwhile. */
  async step<T>(isLast: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#state !== 'open') throw this.#refusal(this.#state);
    this.#state = 'busy';
    try {
      throwIfAborted(this.#signal);
      const result = await work();
      // What came of keys that were overwritten meanwhile is nothing to pass on; those that came later go, too.
      if (this.#state !== 'busy') throw this.#refusal('failed');
      this.#state = isLast ? 'ended' : 'open';
      return result;
    } catch (error) {
      this.#state = 'failed';
      this.#wipe();
      throw error instanceof CallersError ? error.cause : error;
    }
  }

  /**
   * A step that gives octets.
   *
   * @param work puts what it gives into the list, views of octets that may change afterwards included
   * @param isOwned whether all that it gives has memory of its own, so that nothing is copied that is in one piece
   * @param output where it is joined, if there is room
   */
  async giving(
    isLast: boolean,
    work: (given: Uint8Array[]) => Promise<void>,
    isOwned = false,
    output?: Bytes,
  ): Promise<Bytes> {
    return this.step(isLast, async () => {
      const given: Uint8Array[] = [];
      await work(given);
      if (isOwned && given.length === 1) return given[0] as Bytes;
      return concatBytes(given, output);
    });
  }

  /** Overwrites keys, lets no further step begin, and rejects one that is under way as soon as its work is done. */
  stop(): void {
    this.#wipe();
    if (this.#state !== 'ended') this.#state = 'failed';
  }

  #refusal(state: keyof typeof whyNot): MailsealError {
    return usage(`this ${this.#name} ${whyNot[state]}`);
  }
}
