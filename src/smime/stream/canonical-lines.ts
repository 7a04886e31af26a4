import { type Bytes, concatBytes } from '../../core/bytes.js';
import { chooseNativeBase64, type NativeBase64 } from '../../encoding/native-base64.js';

/** Characters of a line of base64 as it is written here, and octets of it with its CRLF. */
const LINE_CHARACTERS = 76;
const LINE_OCTETS = 78;
const LF = 0x0a;

/** How a body of base64 begins. */
export interface CanonicalStart {
  /** Octets that stand just as they would be written anew; views, some of the chunk. */
  readonly same: readonly Bytes[];
  /** What comes behind them and is to be decoded; `undefined` where the next chunk may still stand as it would be written. */
  readonly rest: Bytes | undefined;
}

/**
 * Finds how far a body of base64 that comes in pieces stands just as `MimeBase64Encoder` would write it, so that it need
 * not be encoded anew: most that is sent does, up to its last line. Where the runtime has no base64 of its own nothing
 * is found.
 */
export class CanonicalLines {
  readonly #native: NativeBase64 | undefined = chooseNativeBase64();
  #scratch: Bytes = new Uint8Array(0);
  /** The beginning of a line whose end was not seen. */
  #begun: Bytes = new Uint8Array(0);

  /** Takes the next octets; not to be called any more once there was a rest. */
  update(octets: Bytes): CanonicalStart {
    const begun = this.#begun;
    if (this.#native === undefined) return { same: [], rest: octets };
    if (begun.length + octets.length < LINE_OCTETS) {
      this.#begun = concatBytes([begun, octets]);
      return { same: [], rest: undefined };
    }
    const same: Bytes[] = [];
    let from = 0;
    if (begun.length > 0) {
      from = LINE_OCTETS - begun.length;
      const line = concatBytes([begun, octets.subarray(0, from)]);
      if (this.#same(this.#native, line) === 0) return { same, rest: concatBytes([begun, octets]) };
      same.push(line);
    }
    const end = from + this.#same(this.#native, octets.subarray(from));
    if (end > from) same.push(octets.subarray(from, end));
    const isOpen = octets.length - end < LINE_OCTETS;
    this.#begun = isOpen ? octets.slice(end) : new Uint8Array(0);
    return { same, rest: isOpen ? undefined : octets.subarray(end) };
  }

  /** What was kept and is no whole line. */
  finish(): Bytes {
    return this.#begun;
  }

  /** How many octets at the beginning are whole lines of the right length, without damage. */
  #same(native: NativeBase64, octets: Bytes): number {
    if (octets.indexOf(LF) !== LINE_OCTETS - 1) return 0;
    const room = Math.ceil(octets.length / LINE_OCTETS) * (LINE_CHARACTERS / 4) * 3;
    if (this.#scratch.length < room) this.#scratch = new Uint8Array(room);
    // The line end of the first is CRLF where its characters are a multiple of four.
    return native.decodeLines(octets, 0, this.#scratch, 0).characters;
  }
}
