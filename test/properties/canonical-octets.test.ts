import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.js';
import { canonicalLineEnds, copyCanonical, isCanonical } from '../../src/encoding/line-ends.js';

/** The simple way, octet by octet. */
function simply(octets: readonly number[], afterCr: boolean): { bare: number; canonical: number[] } {
  const canonical: number[] = [];
  let bare = 0;
  let previous = afterCr ? 13 : 0;
  for (const octet of octets) {
    if (octet === 10 && previous !== 13) {
      canonical.push(13);
      bare++;
    }
    canonical.push(octet);
    previous = octet;
  }
  return { bare, canonical };
}

/** Octets at that place of a buffer whose other octets are line ends, which must not be looked at. */
function lying(octets: readonly number[], at: number): Bytes {
  const buffer = new Uint8Array(at + octets.length + 9);
  buffer.fill(10);
  buffer.set(octets, at);
  return buffer.subarray(at, at + octets.length);
}

function check(octets: readonly number[], start: number, before: number, afterCr: boolean): void {
  const input = lying([...new Uint8Array(before).fill(13), ...octets], start);
  const { bare, canonical } = simply(octets, afterCr);
  const end = input.length;
  expect(isCanonical(input, before, end, afterCr)).toBe(bare === 0);
  const out = new Uint8Array(2 * octets.length);
  const length = copyCanonical(input, before, end, afterCr, out);
  expect([...out.subarray(0, length)]).toEqual(canonical);
  if (!afterCr && before === 0) expect([...canonicalLineEnds(input)]).toEqual(canonical);
}

describe('canonical line ends by eight octets', () => {
  test('are those octet by octet for all short texts of CR, LF, their neighbours and others, at every alignment', () => {
    // What borrows and carries could take for a line end stands beside it.
    const letters = [10, 13, 11, 0];
    for (let n = 0; n < 4 ** 6; n++) {
      const some = Array.from({ length: 6 }, (_, i) => letters[(n >> (2 * i)) & 3]!);
      const octets = [...new Array<number>(17).fill(0x41), ...some, ...new Array<number>(17).fill(0x8a)];
      check(octets, n % 8, n % 3, n % 2 === 0);
    }
  });

  test('are those octet by octet for random octets, of any length, from any place on', () => {
    const octet = fc.oneof(
      { arbitrary: fc.constantFrom(10, 13), weight: 3 },
      { arbitrary: fc.constantFrom(9, 11, 12, 14, 138, 141, 0, 255), weight: 2 },
      { arbitrary: fc.nat(255), weight: 3 },
    );
    fc.assert(fc.property(fc.array(octet, { maxLength: 300 }), fc.nat(7), fc.nat(9), fc.boolean(), check), {
      numRuns: 2000,
    });
  });

  test('also where line ends are few', () => {
    const octet = fc.oneof(
      { arbitrary: fc.constantFrom(10, 13), weight: 1 },
      { arbitrary: fc.nat(255), weight: 60 },
    );
    fc.assert(fc.property(fc.array(octet, { maxLength: 600 }), fc.nat(7), fc.nat(9), fc.boolean(), check), {
      numRuns: 500,
    });
  });
});
