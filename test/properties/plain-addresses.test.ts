import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressParser } from '../../src/mime/fields/address-parser.js';
import { plainAddresses } from '../../src/mime/fields/plain-addresses.js';

const piece = fc.constantFrom(
  ...[
    'a@b',
    'alice@example.jp',
    '<a@b.c>',
    '<alice.b@example.jp>',
    'Alice',
    ' Bob',
    '"A, B" ',
    '""',
    ', ',
    ',',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    '.',
    '@',
    '<',
    '>',
    '"',
    '(c)',
    ':',
    ';',
    '\\',
    '[1.2.3.4]',
    '=?utf-8?Q?a?=',
    'é',
    'a..b@c',
  ],
);
const item = fc
  .tuple(
    fc.constantFrom(
      '',
      '',
      'Alice ',
      '"A, B" ',
      'Alice Bob',
      'a.b ',
      '=?utf-8?Q?=C3=A9?= ',
      'A =?x?B?YQ==?= ',
      '=?utf-8?B?w6k=?= =?utf-8?Q?_b?= ',
      '(c) ',
    ),
    fc.constantFrom('<alice@example.jp>', '<a.b@c.d> ', 'alice@example.jp', '<>', 'bob'),
  )
  .map(([name, address]) => name + address);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')) },
  { weight: 5, arbitrary: fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
);

test('what is read as plain addresses is what the full reader says, without defects', () => {
  let plain = 0;
  fc.assert(
    fc.property(value, (text) => {
      const mailboxes = plainAddresses(text, 100);
      if (mailboxes === undefined) return;
      plain++;
      const full = new AddressParser(text, [], {}).parse();
      expect(mailboxes).toEqual([...full]);
      expect(full.defects).toEqual([]);
    }),
    { numRuns: 5000 },
  );
  expect(plain).toBeGreaterThan(200);
});

test('it gives up where a limit is passed', () => {
  expect(plainAddresses('a@b, c@d', 2)?.length).toBe(2);
  expect(plainAddresses('a@b, c@d', 1)).toBeUndefined();
});
