import { type Bytes, concatBytes } from '../../core/bytes.js';
import { beginsWith, linesBeginningWith } from '../verify/container.js';

const CR = 0x0d;
const LF = 0x0a;

/** Counts lines that begin with a boundary, in octets that come in pieces and are not kept. */
export class StrayLines {
  readonly #text: string;
  /** The last octets that came, as many as the text has or fewer. */
  #tail: Bytes = new Uint8Array(0);
  #count = 0;

  constructor(boundary: string) {
    this.#text = `--${boundary}`;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Begins anew behind octets in which the lines were counted; their last octets are enough. */
  follow(octets: Bytes): void {
    this.#tail = octets.slice(-this.#text.length);
  }

  /** Takes the next octets. */
  update(octets: Bytes): void {
    const { length } = this.#text;
    const last = this.#tail.at(-1);
    const isWithinLine = last !== undefined && last !== CR && last !== LF;
    this.#count += linesBeginningWith(octets, this.#text);
    if (isWithinLine && beginsWith(octets, 0, this.#text)) this.#count--;
    const edge = concatBytes([this.#tail, octets.subarray(0, length - 1)]);
    this.#count += linesBeginningWith(edge, this.#text);
    // What begins with the first octet of the tail was counted when it came, or is no beginning of a line.
    if (this.#tail.length === length && beginsWith(edge, 0, this.#text)) this.#count--;
    this.#tail = octets.length >= length ? octets.slice(-length) : edge.slice(-length);
  }
}
