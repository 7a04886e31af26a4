import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfHeader } from '../../src/mime/fields/header-text.js';
import { parseMessage } from '../../src/mime/message.js';

const piece = fc.constantFrom(
  ...[
    'a',
    'value',
    ' ',
    '\t',
    '\r\n ',
    '\n\t',
    '\r\n \r\n ',
    '\r',
    '\0',
    '\x1b',
    '=?utf-8?Q?a?=',
    ' of a header field',
  ],
  ...['\u00c3\u00a9', '\u00e9', '\x1b$B$"\x1b(B'],
);
const value = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const octetsOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

test('plain values are unfolded and trimmed, whatever their length', () => {
  let plain = 0;
  fc.assert(
    fc.property(value, (text) => {
      if (/[\0\x1b\x80-\xff]|\r(?!\n)/.test(text)) return;
      plain++;
      const octets = octetsOf(`: ${text}\r\n`);
      const expected = text.replace(/\r?\n/g, '').replace(/^[ \t]+|[ \t]+$/g, '');
      expect(textOfHeader(octets, 1, octets.length)).toEqual({ text: expected, defects: [] });
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(200);
});

// A CR alone may end a line or not, as the whole message tells: it is left out.
test('a field says the same in its block as alone', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      const fields = values.map((text, i) => `X-${i}: ${text.replace(/\r(?!\n)|[\r\n]+$/g, '')}\r\n`);
      const octets = octetsOf(`${fields.join('')}\r\n`);
      for (const field of parseMessage(octets).headers) {
        const alone = octets.slice(field.start, field.end);
        const [again] = parseMessage(alone).headers;
        expect(field.value).toBe(again!.value);
        expect(field.text).toBe(again!.text);
        expect(field.name).toBe(again!.name);
      }
    }),
    { numRuns: 1000 },
  );
});
