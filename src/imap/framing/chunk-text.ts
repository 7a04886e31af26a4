import type { Bytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { asciiTest, latin1Reader, type ReadLatin1 } from '../../core/native-latin1.js';

const NOTHING: Bytes = new Uint8Array(0);

/** Octets of a chunk that are made characters at once. */
const WINDOW = 16384;

/**
 * The octets of a chunk as characters, of which a window is at hand: making
 * them for each line would cost more than reading it.
 */
export class ChunkText {
  readonly latin1: ReadLatin1;
  readonly isAscii: (octets: Uint8Array) => boolean;
  #chunk: Bytes = NOTHING;
  #text = '';
  #start = 0;
  #end = 0;
  #octets: Bytes | undefined;
  #isWindowAscii: boolean | undefined;

  constructor(engine: Engine) {
    this.latin1 = latin1Reader(engine);
    this.isAscii = asciiTest(engine);
  }

  /** Goes on with another chunk. */
  take(chunk: Bytes): void {
    this.#chunk = chunk;
    this.#move(0, 0);
  }

  /** Where the next LF stands in the chunk, from `from` on; -1 for nowhere. The window holds it then. */
  lineEnd(from: number): number {
    const { length } = this.#chunk;
    let at = from;
    while (at < length) {
      if (at >= this.#end) this.#move(at, Math.min(at + WINDOW, length));
      const found = this.#text.indexOf('\n', at - this.#start);
      if (found >= 0) return this.#start + found;
      at = this.#end;
    }
    return -1;
  }

  /** Whether the window holds those octets of the chunk. */
  holds(start: number, end: number): boolean {
    return start >= this.#start && end <= this.#end;
  }

  /** The characters of the window. */
  get text(): string {
    return this.#text;
  }

  /** Where in the chunk the window begins. */
  get start(): number {
    return this.#start;
  }

  /** The chunk from where the window begins: places in it are those in {@link text}. */
  get octets(): Bytes {
    this.#octets ??= this.#start === 0 ? this.#chunk : this.#chunk.subarray(this.#start);
    return this.#octets;
  }

  /** Whether all octets of the window are ASCII. */
  get isWindowAscii(): boolean {
    this.#isWindowAscii ??= this.isAscii(this.#chunk.subarray(this.#start, this.#end));
    return this.#isWindowAscii;
  }

  #move(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#text = start === end ? '' : this.latin1(this.#chunk, start, end);
    this.#octets = undefined;
    this.#isWindowAscii = undefined;
  }
}
