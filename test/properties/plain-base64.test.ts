import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { decodeMimeBase64 } from '../../src/encoding/mime-base64-decoder.js';
import { decodePlainBase64, decodeShortBase64, plainBase64Room } from '../../src/encoding/plain-base64.js';

/** What it decodes from the middle of other octets into the middle of others, which must not change. */
function decode(text: string): Uint8Array | undefined {
  const characters = bytesFromLatin1(`QUJD${text}QUJD`);
  const room = plainBase64Room(text.length);
  const out = new Uint8Array(3 + room + 5).fill(0x55);
  const to = decodePlainBase64(
    new DataView(characters.buffer),
    4,
    4 + text.length,
    new DataView(out.buffer),
    3,
  );
  expect(out.subarray(0, 3)).toEqual(new Uint8Array(3).fill(0x55));
  expect(out.subarray(3 + room)).toEqual(new Uint8Array(5).fill(0x55));
  return to < 0 ? undefined : out.slice(3, to);
}

const lines = fc
  .tuple(
    fc.uint8Array({ maxLength: 400 }),
    fc.constantFrom(4, 60, 64, 76),
    fc.constantFrom('\r\n', '\n'),
    fc.boolean(),
  )
  .map(([octets, width, lineEnd, ends]) => {
    const encoded = Buffer.from(octets).toString('base64');
    const text = encoded.match(new RegExp(`.{1,${width}}`, 'g'))?.join(lineEnd) ?? '';
    return { octets, text: ends ? `${text}${lineEnd}` : text };
  });

test('decodes lines as programs write them', () => {
  fc.assert(
    fc.property(lines, ({ octets, text }) => {
      expect(decode(text)).toEqual(octets);
    }),
    { numRuns: 1000 },
  );
});

test('where it does not give up it says what the lenient decoder says, without defects', () => {
  const damaged = fc
    .tuple(lines, fc.nat(), fc.string({ unit: fc.constantFrom(...'=-\r\n A/\x00é'), maxLength: 3 }))
    .map(([{ text }, at, junk]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + junk + text.slice(place + (at % 3));
    });
  let decoded = 0;
  fc.assert(
    fc.property(damaged, (text) => {
      const content = decode(text);
      if (content === undefined) return;
      decoded++;
      expect(decodeMimeBase64(bytesFromLatin1(text))).toEqual({ content, defects: [] });
    }),
    { numRuns: 3000 },
  );
  expect(decoded).toBeGreaterThan(100);
});

test.each(['QUI', 'QUJD=', 'QUL=', 'QR==', 'Q===', '=', 'QUI=QUJD', 'QU JD', 'QU-D', 'QUJD\r', 'QUI=\r'])(
  'gives up at %j',
  (text) => {
    expect(decode(text)).toBeUndefined();
  },
);

test('a short string is decoded as Buffer does, and with anything else in it not at all', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 57 }),
      fc.nat(),
      fc.constantFrom('', '', '=', '-', ' ', 'A', 'é', '\u0141', '\0'),
      (octets, at, junk) => {
        const text = Buffer.from(octets).toString('base64');
        const place = at % (text.length + 1);
        const damaged = text.slice(0, place) + junk + text.slice(place + (at % 2 === 0 ? 0 : junk.length));
        const content = decodeShortBase64(damaged);
        const isCanonical = Buffer.from(damaged, 'base64').toString('base64') === damaged;
        expect(content === undefined).toBe(!isCanonical || damaged.length > 76);
        if (content === undefined) refused++;
        else expect(Buffer.compare(content, Buffer.from(damaged, 'base64'))).toBe(0);
      },
    ),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test.each(['', 'QUI', 'QUJD=', 'QUL=', 'QR==', 'Q===', '====', 'QUI=QUJD', 'A'.repeat(80)])(
  'gives up at the string %j',
  (text) => {
    expect(decodeShortBase64(text)).toBeUndefined();
  },
);
