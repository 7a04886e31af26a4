import { asBytes } from '../core/bytes.js';
import { sextets } from '../encoding/base64-tables.js';
import { stringFromUnits } from '../iso2022jp/units.js';
import { SurrogatePairs } from './surrogates.js';

const PLUS = 0x2b;
const MINUS = 0x2d;

/**
 * Decodes UTF-7 (RFC 2152), which mail of the nineties has. It is used for its
 * own label only and never guessed, since it hides markup from who takes the
 * octets for ASCII.
 */
export class Utf7Decoder {
  readonly charset = 'utf-7';
  readonly #pairs = new SurrogatePairs();
  /** Whether a "+" was read whose base64 has not ended yet. */
  #shifted = false;
  /** Whether nothing of that base64 was read yet. */
  #empty = true;
  #bits = 0;
  #bitCount = 0;

  get replacements(): number {
    return this.#pairs.replacements;
  }

  update(chunk: Uint8Array): string {
    const input = asBytes(chunk);
    // An octet ends up as one unit, and one that ends base64 also replaces what was open before it.
    const units = new Uint16Array(2 * input.length + 1);
    let to = 0;
    for (const octet of input) {
      const sextet = sextets[octet]!;
      if (this.#shifted && sextet >= 0) {
        to = this.#base64(sextet, units, to);
        continue;
      }
      if (this.#shifted) {
        this.#shifted = false;
        // "+-" is how "+" itself is written.
        if (octet === MINUS && this.#empty) {
          units[to++] = PLUS;
          continue;
        }
        to = this.#endBase64(units, to);
        if (octet === MINUS) continue;
      }
      if (octet === PLUS) {
        this.#shifted = true;
        this.#empty = true;
      } else if (octet < 0x80) units[to++] = octet;
      else to = this.#pairs.replace(units, to);
    }
    return stringFromUnits(units, to);
  }

  finish(): string {
    const units = new Uint16Array(1);
    const to = this.#shifted ? this.#endBase64(units, 0) : 0;
    this.#shifted = false;
    return stringFromUnits(units, to);
  }

  #base64(sextet: number, units: Uint16Array, at: number): number {
    this.#empty = false;
    this.#bits = (this.#bits << 6) | sextet;
    this.#bitCount += 6;
    if (this.#bitCount < 16) return at;
    this.#bitCount -= 16;
    const unit = this.#bits >> this.#bitCount;
    this.#bits &= (1 << this.#bitCount) - 1;
    return this.#pairs.add(unit, units, at);
  }

  /** RFC 2152: fewer than six bits may be left over, and they are zero. */
  #endBase64(units: Uint16Array, at: number): number {
    const cut = this.#empty || this.#bitCount >= 6 || this.#bits !== 0;
    this.#bits = 0;
    this.#bitCount = 0;
    return this.#pairs.end(cut, units, at);
  }
}
