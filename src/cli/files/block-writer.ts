/** Gathers short pieces, so that a file is written in calls that are worth their price. */
export class BlockWriter {
  readonly #store: (octets: Uint8Array) => void;
  readonly #blockLength: number;
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;

  /**
   * @param store writes octets, which may be changed afterwards
   * @param blockLength pieces of so many octets are written as they are
   */
  constructor(store: (octets: Uint8Array) => void, blockLength: number) {
    this.#store = store;
    this.#blockLength = blockLength;
  }

  /** Octets that wait for more. */
  get waiting(): Uint8Array {
    return this.#block.subarray(0, this.#used);
  }

  /** Takes the next octets; the array may be reused at once. */
  write(octets: Uint8Array): void {
    if (this.#used + octets.length > this.#blockLength) this.flush();
    if (octets.length >= this.#blockLength) {
      this.#store(octets);
      return;
    }
    if (this.#block.length === 0) this.#block = new Uint8Array(this.#blockLength);
    this.#block.set(octets, this.#used);
    this.#used += octets.length;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#used > 0) this.#store(this.waiting);
    this.#used = 0;
  }

  /** Gives the memory back; what waits is lost. */
  drop(): void {
    this.#block = new Uint8Array(0);
    this.#used = 0;
  }
}
