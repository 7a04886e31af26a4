/**
 * The character sets that an escape sequence can switch to. `jisx0213-1` and
 * `jisx0213-2` are the two planes of JIS X 0213.
 */
export type CharacterSetName =
  | 'ascii'
  | 'jisx0201-roman'
  | 'jisx0201-katakana'
  | 'jisx0208'
  | 'jisx0212'
  | 'jisx0213-1'
  | 'jisx0213-2'
  | 'gb2312'
  | 'ksx1001';

/** First of the units in {@link CharacterSet.units} that stand for {@link CharacterSet.doubles}. */
export const FIRST_DOUBLE = 0xd800;

/**
 * A set of 94 × 94 cells. A cell is named by its two octets, lead × 256 + trail
 * (0x2121 to 0x7E7E), or by its place in the table, (lead - 0x21) × 94 + trail -
 * 0x21.
 */
export class CharacterSet {
  readonly name: CharacterSetName;
  /**
   * The UTF-16 unit of each cell, by place; 0 where it is empty; {@link
   * FIRST_DOUBLE} + i for what takes two units: those at 2 i and 2 i + 1 of
   * `doubles`.
   */
  readonly units: Uint16Array;
  /** Surrogate pairs, and characters with one that combines with them. */
  readonly doubles: string;
  #cells: Uint16Array | undefined;
  #cellsOfDoubles: Map<string, number> | undefined;

  constructor(name: CharacterSetName, units: Uint16Array, doubles = '') {
    this.name = name;
    this.units = units;
    this.doubles = doubles;
  }

  /** What the cell of these two octets holds; `undefined` where it is empty. */
  decode(lead: number, trail: number): string | undefined {
    if (lead < 0x21 || lead > 0x7e || trail < 0x21 || trail > 0x7e) return undefined;
    const unit = this.units[(lead - 0x21) * 94 + trail - 0x21]!;
    if (unit === 0) return undefined;
    if (unit < FIRST_DOUBLE || unit >= 0xe000) return String.fromCharCode(unit);
    return this.doubles.slice(2 * (unit - FIRST_DOUBLE), 2 * (unit - FIRST_DOUBLE) + 2);
  }

  /**
   * The cell of each UTF-16 unit, by its octets; 0 where there is none. The
   * first cell where several hold the same character. Made at first use.
   */
  get cells(): Uint16Array {
    if (this.#cells === undefined) {
      this.#cells = new Uint16Array(0x10000);
      for (let place = this.units.length - 1; place >= 0; place--) {
        const unit = this.units[place]!;
        if (unit !== 0) this.#cells[unit] = octetsOfPlace(place);
      }
      this.#cells.fill(0, FIRST_DOUBLE, 0xe000);
    }
    return this.#cells;
  }

  /** The cell of a character, by its octets; 0 where there is none. */
  encode(codePoint: number): number {
    return codePoint < 0x10000 ? this.cells[codePoint]! : this.encodeDouble(String.fromCodePoint(codePoint));
  }

  /** The cell of what takes two UTF-16 units, by its octets; 0 where there is none. */
  encodeDouble(units: string): number {
    if (this.doubles === '') return 0;
    if (this.#cellsOfDoubles === undefined) {
      this.#cellsOfDoubles = new Map();
      for (let place = 0; place < this.units.length; place++) {
        const at = 2 * (this.units[place]! - FIRST_DOUBLE);
        if (at >= 0 && at < this.doubles.length)
          this.#cellsOfDoubles.set(this.doubles.slice(at, at + 2), octetsOfPlace(place));
      }
    }
    return this.#cellsOfDoubles.get(units) ?? 0;
  }
}

function octetsOfPlace(place: number): number {
  return ((Math.floor(place / 94) + 0x21) << 8) | ((place % 94) + 0x21);
}
