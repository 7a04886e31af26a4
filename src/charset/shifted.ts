import { asBytes, type Bytes } from '../core/bytes.js';

const LF = 0x0a;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const ESC = 0x1b;
const TILDE = 0x7e;
/** `$)C`, which says that SO means KS X 1001. */
const DESIGNATION = [0x24, 0x29, 0x43];

/** Turns 7-bit text with shifts into the 8-bit charset of the same characters; any split gives the same octets. */
export interface Unshifter {
  /** The 8-bit charset. */
  readonly charset: string;
  /** Takes the next octets; gives those that are settled by them. */
  update(chunk: Uint8Array): Bytes;
  /** Gives what was waiting for more. */
  finish(): Bytes;
}

/**
 * ISO-2022-KR (RFC 1557) to EUC-KR: SO and SI shift. A line end shifts back,
 * in case its SI was lost. Octets above 127 stay, since EUC-KR is what mail
 * under this label often really is. Like UTF-7 it is used for its own label
 * only, since it hides markup from who takes the octets for ASCII.
 */
export class KoreanUnshifter implements Unshifter {
  readonly charset = 'euc-kr';
  #shifted = false;
  /** How much of a designation was read; its octets are held back. */
  #matched = 0;

  update(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    const out = new Uint8Array(input.length + 3);
    let to = 0;
    for (const octet of input) {
      if (this.#matched > 0 && octet === DESIGNATION[this.#matched - 1]) {
        this.#matched = (this.#matched + 1) % 4;
        continue;
      }
      to = this.#release(out, to);
      if (octet === ESC) this.#matched = 1;
      else if (octet === SHIFT_OUT || octet === SHIFT_IN) this.#shifted = octet === SHIFT_OUT;
      else {
        if (octet === LF) this.#shifted = false;
        out[to++] = this.#shifted && octet > 0x20 && octet < 0x7f ? octet | 0x80 : octet;
      }
    }
    return out.subarray(0, to);
  }

  finish(): Bytes {
    const out = new Uint8Array(3);
    return out.subarray(0, this.#release(out, 0));
  }

  /** Lets go of what looked like a designation and is none. */
  #release(out: Bytes, start: number): number {
    let to = start;
    if (this.#matched > 0) out[to++] = ESC;
    for (let i = 1; i < this.#matched; i++) out[to++] = DESIGNATION[i - 1]!;
    this.#matched = 0;
    return to;
  }
}

/**
 * HZ (RFC 1843) to GBK: `~{` and `~}` shift, `~~` is a tilde, and a tilde
 * before a line end joins lines. A line end shifts back. It is used for its own
 * label only, as {@link KoreanUnshifter}.
 */
export class HzUnshifter implements Unshifter {
  readonly charset = 'gbk';
  #shifted = false;
  #afterTilde = false;
  /** The first octet of a pair, while shifted. */
  #first = -1;

  update(chunk: Uint8Array): Bytes {
    const input = asBytes(chunk);
    const out = new Uint8Array(input.length + 2);
    let to = 0;
    for (const octet of input) {
      if (this.#first >= 0) {
        // A pair whose second octet is no character ends at it.
        const isPair = octet > 0x20 && octet < 0x7f;
        out[to++] = this.#first | 0x80;
        this.#first = -1;
        if (isPair) {
          out[to++] = octet | 0x80;
          continue;
        }
      }
      if (this.#afterTilde) {
        this.#afterTilde = false;
        if (octet === 0x7b || octet === 0x7d) {
          this.#shifted = octet === 0x7b;
          continue;
        }
        if (octet === LF) continue;
        out[to++] = TILDE;
        if (octet === TILDE) continue;
      }
      if (octet === LF) this.#shifted = false;
      if (octet === TILDE) this.#afterTilde = true;
      else if (this.#shifted && octet > 0x20 && octet < 0x7e) this.#first = octet;
      else out[to++] = octet;
    }
    return out.subarray(0, to);
  }

  finish(): Bytes {
    const rest = this.#first >= 0 ? [this.#first | 0x80] : this.#afterTilde ? [TILDE] : [];
    this.#first = -1;
    this.#afterTilde = false;
    return Uint8Array.from(rest);
  }
}
