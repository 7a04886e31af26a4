import { asBytes } from '../core/bytes.js';
import { stringFromUnits } from '../iso2022jp/units.js';
import { SurrogatePairs } from './surrogates.js';

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Decodes UTF-16 (RFC 2781): `utf-16` in the order that its byte order mark
 * tells, big-endian without one; `utf-16be` and `utf-16le` in theirs. A mark of
 * the own order at the start is removed.
 */
export class Utf16Decoder {
  readonly charset: string;
  #littleEndian: boolean;
  /** Whether nothing was read yet. */
  #atStart = true;
  /** The first octet of a unit, or -1. */
  #first = -1;
  readonly #pairs = new SurrogatePairs();

  constructor(charset: 'utf-16' | 'utf-16be' | 'utf-16le') {
    this.charset = charset;
    this.#littleEndian = charset === 'utf-16le';
  }

  get replacements(): number {
    return this.#pairs.replacements;
  }

  update(chunk: Uint8Array): string {
    const input = asBytes(chunk);
    // A high surrogate from before may come out beside the units of this piece.
    const units = new Uint16Array((input.length >> 1) + 2);
    let to = 0;
    for (const octet of input) {
      if (this.#first < 0) {
        this.#first = octet;
        continue;
      }
      const bigEndian = (this.#first << 8) | octet;
      const littleEndian = (octet << 8) | this.#first;
      this.#first = -1;
      if (this.#atStart) {
        this.#atStart = false;
        if (this.charset === 'utf-16' && littleEndian === BYTE_ORDER_MARK) this.#littleEndian = true;
        if ((this.#littleEndian ? littleEndian : bigEndian) === BYTE_ORDER_MARK) continue;
      }
      to = this.#pairs.add(this.#littleEndian ? littleEndian : bigEndian, units, to);
    }
    return stringFromUnits(units, to);
  }

  finish(): string {
    // A high surrogate and half a unit after it are one thing that is cut off.
    const units = new Uint16Array(1);
    const to = this.#pairs.end(this.#first >= 0, units, 0);
    this.#first = -1;
    return stringFromUnits(units, to);
  }
}
