import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pop3Data } from '../../src/pop3/reply.js';
import { Pop3ReplyDecoder } from '../../src/pop3/reply-decoder.js';
import { COLUMNS, uniqueIdRuns } from '../../src/pop3/unique-id-runs.js';
import { joined, octetsOf, pieces, singly } from '../support/pieces.js';

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.nat(99_999), fc.stringMatching(/^[!-~]{1,20}$/))
      .map(([n, uid]) => `${n} ${uid}\r\n`),
  },
  fc.constantFrom(
    '1  a\r\n',
    '2 a b\r\n',
    ' 3 a\r\n',
    '4\r\n',
    '5 \r\n',
    '\r\n',
    '6 a\n',
    '7 a\rb\r\n',
    '8 a\nb\r\n',
    '9 é\r\n',
  ),
  fc.constantFrom(
    '10 \x7fa\r\n',
    '11 a\tb\r\n',
    '0 a\r\n',
    '12345678901234567 a\r\n',
    'a b\r\n',
    '13 a \r\n',
    '14 a\r\r\n',
  ),
);
const text = fc
  .array(line, { maxLength: 30 })
  .map((lines) => Uint8Array.from(Buffer.from(lines.join(''), 'latin1')));

/** As servers list them: numbers from one on, unique-ids of one length for a while; around every carry. */
const consecutive = fc
  .tuple(
    fc.constantFrom(1, 7, 95, 96, 97, 197, 987, 992, 9_993, 99_990, 123_450, 999_994, 9_999_993, 99_999_995),
    fc.array(fc.stringMatching(/^[!-~]{8,19}$/), { minLength: 1, maxLength: 14 }),
    fc.boolean(),
  )
  .map(([first, uids, isOfOneLength]) =>
    uids.map((uid, at) => `${first + at} ${isOfOneLength ? uid.slice(0, 8) : uid}\r\n`).join(''),
  )
  .map((lines) => Uint8Array.from(Buffer.from(lines)));

/** Where adding to the last digits alone goes wrong. */
const miscounted = fc
  .constantFrom(
    ['109', '10:'],
    ['199', '19:'],
    ['1999', '1000'],
    ['1999', '2000'],
    ['998', '999', '000'],
    ['9999', '9000'],
  )
  .map((numbers) => Uint8Array.from(Buffer.from(numbers.map((number) => `${number} abcdefgh\r\n`).join(''))));

/** Of each line its number and where its unique-id begins and ends. */
function linesOf({ runs }: { readonly runs: Int32Array }): number[][] {
  const lines: number[][] = [];
  for (let at = 0; at < runs.length; at += COLUMNS) {
    const [message = 0, count = 0, from = 0, length = 0, stride = 0] = runs.subarray(at);
    for (let i = 0; i < count; i++) {
      const start = from + i * stride;
      lines.push([message + i, start, start + length]);
    }
  }
  return lines;
}

test('the runs are what a regular expression finds, as far as lines are regular, at every alignment', () => {
  let regular = 0;
  let alike = 0;
  const ofOneLength = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.stringMatching(/^[!-~]{8}$/)), {
      maxLength: 9,
    })
    .map((lines) => Uint8Array.from(Buffer.from(lines.map(([n, uid]) => `${n} ${uid}\r\n`).join(''))));
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        { weight: 2, arbitrary: ofOneLength },
        { weight: 4, arbitrary: consecutive },
        miscounted,
        octetsOf('12 \r\n\r\n\r\n~', 24),
        fc.uint8Array(),
      ),
      fc.nat(7),
      fc.option(fc.tuple(fc.nat(), fc.constantFrom(0x0d, 0x0a, 0x20, 0x7f, 0x80, 0x30, 0x39, 0x3a)), {
        nil: undefined,
      }),
      (octets, offset, damage) => {
        const memory = Uint8Array.from([...new Uint8Array(offset).fill(0x0d), ...octets, 0x0a]);
        const end = offset + octets.length;
        if (damage !== undefined && octets.length > 0)
          memory[offset + (damage[0] % octets.length)] = damage[1];
        const characters = Buffer.from(memory.subarray(offset, end)).toString('latin1');
        const [regularly = ''] = /^(?:(?!0+ )[0-9]{1,9} [!-~]+\r\n)*/.exec(characters) ?? [];
        const lines = [...regularly.matchAll(/([0-9]+) ([!-~]+)\r\n/g)].map(
          ({ 1: message = '', 2: uid = '', index }) => {
            const from = index + message.length + 1;
            return [Number(message), from, from + uid.length];
          },
        );
        const found = uniqueIdRuns(memory, offset, end);
        expect(found && { lines: linesOf(found), count: found.count, end: found.end }).toEqual(
          lines.length === 0 ? undefined : { lines, count: lines.length, end: offset + regularly.length },
        );
        if (found === undefined) return;
        regular++;
        if (found.runs.length < found.count * COLUMNS) alike++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(regular).toBeGreaterThan(300);
  expect(alike).toBeGreaterThan(200);
});

function readList(chunks: readonly Uint8Array[]): Pop3Data[] {
  const decoder = new Pop3ReplyDecoder({ greeting: false });
  decoder.expect({ name: 'UIDL' });
  return chunks
    .flatMap((chunk) => decoder.push(chunk))
    .flatMap((event) => (event.type === 'lines' ? [...event.lines] : []));
}

test('a UIDL is read alike in any split: octet by octet no line is taken for a regular one', () => {
  let uniqueIds = 0;
  fc.assert(
    fc.property(pieces(text.map((lines) => Buffer.concat([Buffer.from('+OK\r\n'), lines]))), (chunks) => {
      const expected = readList(singly(joined(chunks)));
      expect(readList(chunks)).toEqual(expected);
      uniqueIds += expected.filter(({ type }) => type === 'unique-id').length;
    }),
    { numRuns: 500 },
  );
  expect(uniqueIds).toBeGreaterThan(500);
});

test('nothing follows 999 but what begins another thousand', () => {
  const list = Uint8Array.from(
    Buffer.from('999 abcdefgh\r\n\0\0\0\0abcdefgh\r\n\0\0\x01\0abcdefgh\r\n', 'latin1'),
  );
  expect(uniqueIdRuns(list, 0, list.length)).toMatchObject({ count: 1, end: 14 });
});
