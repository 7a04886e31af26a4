import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OctetFacts, octetFacts } from '../../src/mime/compose/compose-body.js';
import { linesBeginningWith } from '../../src/smime/verify/container.js';

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** What rules of lines are about comes often, anything at times. */
const mailText = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('\r\n', '\r', '\n', '.', '>', 'From ', '>From ', '=', ' ', '\t'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('--', '--b', '--b\r\n', '--bb', '-', 'b', '\0', '\x7f', '\x80', 'é'),
      },
      {
        weight: 2,
        arbitrary: fc.string({ maxLength: 100 }).map((text) => text.replace(/[^\x20-\x7e]/g, 'a')),
      },
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Uint8Array.from(Buffer.from(pieces.join(''), 'latin1')));

/** The same by regular expressions. */
function factsOf(text: string): OctetFacts {
  const lines = text.split('\r\n');
  return {
    eightBit: text.match(/[\x80-\xff]/g)?.length ?? 0,
    forbidden: /\0|\r(?!\n)|(?<!\r)\n/.test(text),
    fragile: lines.some((line) => /[ \t]$|^\.|^>*From /.test(line)),
    longestLine: Math.max(...lines.map(({ length }) => length)),
    escapes: lines.reduce((sum, line) => sum + (line.match(/[^\t\x20-\x3c\x3e-\x7e]/g)?.length ?? 0), 0),
  };
}

test('what stands in the way of octets that go as they are is what regular expressions find', () => {
  fc.assert(
    fc.property(mailText, (octets) => {
      expect(octetFacts(octets)).toEqual(factsOf(latin1(octets)));
    }),
    { numRuns: 5000 },
  );
});

test('lines that begin with a boundary are those that a split finds', () => {
  const boundary = fc.constantFrom('', 'b', 'bb', '-', '--', 'ab', '=_b', 'b'.repeat(70), '境');
  fc.assert(
    fc.property(mailText, boundary, fc.boolean(), (octets, name, withMore) => {
      const wanted = `--${name}`;
      const text = withMore ? `${latin1(octets)}\n${wanted}` : latin1(octets);
      const input = Uint8Array.from(Buffer.from(text, 'latin1'));
      const found = latin1(input)
        .split(/[\r\n]/)
        .filter((line) => line.startsWith(wanted)).length;
      expect(linesBeginningWith(input, wanted)).toBe(found);
    }),
    { numRuns: 5000 },
  );
});

function hyphensIn(octets: Uint8Array, from: number): number {
  for (let at = from; at + 1 < octets.length; at++)
    if (octets[at] === 0x2d && octets[at + 1] === 0x2d) return at;
  return -1;
}

test('a boundary of nothing but dashes in a mail of nothing but dashes takes no longer than its octets', () => {
  const reads = (size: number) => {
    let count = 0;
    const octets = new Proxy(new Uint8Array(size).fill(0x2d), {
      get(target, key) {
        if (typeof key === 'string' && /^-?\d+$/.test(key)) count++;
        return Reflect.get(target, key, target);
      },
    });
    // The runtime's search takes no proxy.
    linesBeginningWith(octets, '-'.repeat(72), hyphensIn);
    return count;
  };
  expect(reads(4000)).toBeLessThan(4000 * 3);
  expect(reads(16_000)).toBeLessThan(16_000 * 3);
});
