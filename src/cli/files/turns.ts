/** Octets between two turns of the event loop: some milliseconds of work. */
const spacing = 4 << 20;

/**
 * Lets the event loop turn now and then while files are read and written by calls that wait for the system, so that a
 * signal is heard. Calls that do not wait would turn it each time, but cost more than reading and writing do.
 */
export class Turns {
  #left = spacing;

  /** Counts octets that were read or written; where it is time, the promise is fulfilled after the turn. */
  async after(octets: number): Promise<void> {
    this.#left -= octets;
    if (this.#left > 0) return;
    this.#left = spacing;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
