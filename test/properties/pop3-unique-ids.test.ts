import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pop3Data } from '../../src/pop3/reply.js';
import { Pop3ReplyDecoder } from '../../src/pop3/reply-decoder.js';
import { uniqueIdTable } from '../../src/pop3/unique-id-table.js';
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

test('the table is what a regular expression finds, as far as lines are regular, at every alignment', () => {
  let regular = 0;
  const alike = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.stringMatching(/^[!-~]{8}$/)), {
      maxLength: 9,
    })
    .map((lines) => Uint8Array.from(Buffer.from(lines.map(([n, uid]) => `${n} ${uid}\r\n`).join(''))));
  fc.assert(
    fc.property(
      fc.oneof(text, { weight: 4, arbitrary: alike }, octetsOf('12 \r\n\r\n\r\n~', 24), fc.uint8Array()),
      fc.nat(7),
      fc.option(fc.tuple(fc.nat(), fc.constantFrom(0x0d, 0x0a, 0x20, 0x7f, 0x80, 0x30)), { nil: undefined }),
      (octets, offset, damage) => {
        const memory = Uint8Array.from([...new Uint8Array(offset).fill(0x0d), ...octets, 0x0a]);
        const end = offset + octets.length;
        if (damage !== undefined && octets.length > 0)
          memory[offset + (damage[0] % octets.length)] = damage[1];
        const characters = Buffer.from(memory.subarray(offset, end)).toString('latin1');
        const [regularly = ''] = /^(?:(?!0+ )[0-9]{1,9} [!-~]+\r\n)*/.exec(characters) ?? [];
        const lines = [...regularly.matchAll(/([0-9]+) ([!-~]+)\r\n/g)];
        const table = lines.flatMap(({ 1: message = '', 2: uid = '', index }) => {
          const from = index + message.length + 1;
          return [Number(message), from, from + uid.length];
        });
        const found = uniqueIdTable(memory, offset, end);
        expect(found && { table: [...found.table], end: found.end }).toEqual(
          table.length === 0 ? undefined : { table, end: offset + regularly.length },
        );
        if (table.length > 0) regular++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(regular).toBeGreaterThan(300);
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
