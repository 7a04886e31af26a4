import type { Bytes } from '../../core/bytes.js';

/** One property of a TNEF list that is kept: the first value, as octets. */
export interface MapiProperty {
  /** Such as {@link STRING8} or {@link UNICODE}. */
  readonly type: number;
  readonly value: Bytes;
}

/** Text in the code page of the stream. */
export const STRING8 = 0x001e;
/** Text in UTF-16LE. */
export const UNICODE = 0x001f;
export const BINARY = 0x0102;
/** An identifier of 16 octets, then what it says. */
export const OBJECT = 0x000d;

/** Types whose values say their length. */
const COUNTED: ReadonlySet<number> = /* @__PURE__ */ new Set([STRING8, UNICODE, BINARY, OBJECT]);
/** The lengths of the others; shorter ones fill four octets. */
const LENGTHS: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  ...([
    [0x0001, 0],
    [0x0002, 4],
    [0x0003, 4],
    [0x0004, 4],
    [0x0005, 8],
    [0x0006, 8],
  ] as const),
  ...([
    [0x0007, 8],
    [0x000a, 4],
    [0x000b, 4],
    [0x0014, 8],
    [0x0040, 8],
    [0x0048, 16],
  ] as const),
]);
const MULTIPLE = 0x1000;
/** Properties from here on are told apart by a name that stands after the tag. */
const FIRST_NAMED = 0x8000;

/**
 * Reads a list of MAPI properties (MS-OXTNEF §2.1.3.4): of those without a
 * name and with a counted value the first by each identifier. `isWhole` is
 * false where the list is cut or holds what nobody knows.
 */
export function readMapiProperties(octets: Bytes): {
  readonly properties: ReadonlyMap<number, MapiProperty>;
  readonly isWhole: boolean;
} {
  const properties = new Map<number, MapiProperty>();
  const reader = new LittleEndian(octets);
  const count = reader.uint32();
  // Every property takes at least four octets, so a count that lies ends with the octets.
  for (let i = 0; i < count && !reader.failed; i++) {
    const tag = reader.uint32();
    const type = tag & 0xffff & ~MULTIPLE;
    const id = tag >>> 16;
    if (id >= FIRST_NAMED) passName(reader);
    const values = COUNTED.has(type) || (tag & MULTIPLE) !== 0 ? reader.uint32() : 1;
    const length = LENGTHS.get(type);
    if (length === undefined && !COUNTED.has(type)) return { properties, isWhole: false };
    for (let v = 0; v < values && !reader.failed; v++) {
      const value = reader.take(length ?? reader.uint32());
      reader.align();
      if (v === 0 && length === undefined && id < FIRST_NAMED && !reader.failed && !properties.has(id)) {
        properties.set(id, { type, value });
      }
      // Values without octets would make a count of four billion a long wait.
      if (length === 0) break;
    }
  }
  return { properties, isWhole: !reader.failed };
}

function passName(reader: LittleEndian): void {
  reader.take(16);
  if (reader.uint32() === 0) reader.uint32();
  else {
    reader.take(reader.uint32());
    reader.align();
  }
}

/** Reads numbers and octets one after the other; past the end there are zeros, and `failed` is set. */
export class LittleEndian {
  readonly #octets: Bytes;
  at = 0;
  /** Whether more was asked for than there is. */
  failed = false;

  constructor(octets: Bytes) {
    this.#octets = octets;
  }

  get done(): boolean {
    return this.at >= this.#octets.length;
  }

  uint8(): number {
    return this.take(1)[0] ?? 0;
  }

  uint16(): number {
    const [a = 0, b = 0] = this.take(2);
    return a | (b << 8);
  }

  uint32(): number {
    const low = this.uint16();
    return low + this.uint16() * 0x10000;
  }

  /** The next octets; fewer when there are no more. */
  take(length: number): Bytes {
    const end = this.at + length;
    if (end > this.#octets.length) this.failed = true;
    const piece = this.#octets.subarray(this.at, end);
    this.at = Math.min(end, this.#octets.length);
    return piece;
  }

  /** Passes to the next multiple of four. */
  align(): void {
    this.at = Math.min((this.at + 3) & ~3, this.#octets.length);
  }
}
