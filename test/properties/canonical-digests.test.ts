import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDigest, createCanonicalDigest } from '../../src/crypto/digests/canonical-digest.js';
import { type DigestName, digest } from '../../src/crypto/digests/digest.js';
import { canonicalLineEnds, LineEndCanonicalizer } from '../../src/encoding/line-ends.js';
import { digestNames, engines, errorCode } from '../crypto/support.js';

/** The rule as it is said: a CR before each LF that has none. */
function plainly(octets: Uint8Array): Uint8Array {
  const out: number[] = [];
  octets.forEach((octet, at) => {
    if (octet === 10 && octets[at - 1] !== 13) out.push(13);
    out.push(octet);
  });
  return Uint8Array.from(out);
}

/** Mostly what the windows of eight octets have to tell apart, and what differs from it by one. */
const text = fc
  .array(fc.constantFrom(10, 10, 13, 13, 9, 11, 12, 14, 0x8a, 0x8d, 0, 255, 65, 66, 67), { maxLength: 120 })
  .map((octets) => Uint8Array.from(octets));

describe('canonical line ends', () => {
  test('are those of the rule, at each alignment and in any pieces', () => {
    fc.assert(
      fc.property(text, fc.nat(7), fc.array(fc.nat(20), { maxLength: 10 }), (octets, start, lengths) => {
        const memory = new Uint8Array(octets.length + start + 8).fill(10);
        memory.set(octets, start);
        const wanted = plainly(octets);
        expect(canonicalLineEnds(memory.subarray(start, start + octets.length))).toEqual(wanted);
        const lines = new LineEndCanonicalizer();
        const pieces: number[] = [];
        let at = 0;
        for (const length of [...lengths, octets.length]) {
          pieces.push(...lines.update(octets.subarray(at, at + length)));
          at += length;
        }
        expect(Uint8Array.from(pieces)).toEqual(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  test('are found wherever they stand in a window', () => {
    for (let length = 0; length <= 40; length++) {
      for (let at = 0; at < length; at++) {
        for (const before of [13, 65]) {
          const octets = new Uint8Array(length).fill(66);
          if (at > 0) octets[at - 1] = before;
          octets[at] = 10;
          expect(canonicalLineEnds(octets)).toEqual(plainly(octets));
        }
      }
    }
  });
});

describe.each(engines)('digests of canonical text, engine %s', (engine) => {
  test('are those of the text with its line ends written, in any pieces', () => {
    const names = fc.subarray([...digestNames], { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(20), { maxLength: 10 }), names, (octets, lengths, wanted) => {
        const running = createCanonicalDigest(wanted, { engine });
        let at = 0;
        for (const length of [...lengths, octets.length]) {
          const chunk = octets.slice(at, at + length);
          running.update(chunk);
          chunk.fill(10);
          at += length;
        }
        const digests = running.finish();
        expect([...digests.keys()].sort()).toEqual([...wanted].sort());
        for (const name of wanted) {
          const known = digest(name, plainly(octets), { engine });
          expect(digests.get(name)).toEqual(known);
          expect(canonicalDigest(name, octets, { engine })).toEqual(known);
        }
      }),
    );
  });

  test('are right at the borders of the windows, and where only some have to be written', () => {
    const size = 0x8000;
    for (const [from, to] of [
      [0, 0],
      [size - 1, size + 1],
      [2 * size, 3 * size],
      [0, 3 * size + 5],
    ] as const) {
      const octets = new Uint8Array(3 * size + 5).fill(65);
      for (let at = 30; at < octets.length; at += 31) octets.set([13, 10], at);
      octets.fill(10, from, to);
      octets.set([13, 10], size - 1);
      octets.set([13], 2 * size - 1);
      for (const name of ['sha1', 'sha256', 'sha512'] as const) {
        expect(canonicalDigest(name, octets, { engine })).toEqual(digest(name, plainly(octets), { engine }));
      }
    }
  });

  test('are asked for once, and by names that are known', () => {
    const running = createCanonicalDigest(['sha256', 'sha256'], { engine });
    expect(running.finish().size).toBe(1);
    expect(errorCode(() => running.finish())).toBe('usage');
    expect(errorCode(() => running.update(new Uint8Array(1)))).toBe('usage');
    expect(errorCode(() => canonicalDigest('sha0' as DigestName, new Uint8Array(1), { engine }))).toBe(
      'usage',
    );
  });
});
