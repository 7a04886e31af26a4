import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { domainToAscii, domainToUnicode } from '../../src/encoding/domain.js';
import { decodePunycode, encodePunycode } from '../../src/encoding/punycode.js';

function orError<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

test('Punycode gives back any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(decodePunycode(encodePunycode(text))).toBe(text);
    }),
  );
});

test('any text is Punycode or an error', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{0,70}$/), (text) => {
      const decoded = orError(() => decodePunycode(text));
      if (decoded !== undefined) expect(typeof decoded).toBe('string');
    }),
  );
});

test('a domain in ASCII is one still, and so is its form for people', () => {
  const domain = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 4 });
  let made = 0;
  fc.assert(
    fc.property(domain, (labels) => {
      const ascii = orError(() => domainToAscii(labels.join('.')));
      if (ascii === undefined) return;
      made++;
      expect(ascii).toMatch(/^[!-~]*$/);
      expect(domainToAscii(ascii)).toBe(ascii);
      expect(domainToAscii(domainToUnicode(ascii))).toBe(ascii);
    }),
    { numRuns: 1000 },
  );
  expect(made).toBeGreaterThan(10);
});

test('no text of an A-label changes the shape of an address', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^xn--[a-z0-9-]{1,30}$/), (label) => {
      const text = domainToUnicode(`${label}.test`);
      expect(text.split('.').length).toBe(2);
      expect(text).not.toMatch(/[\s<>@,;:"()[\]\\]/);
    }),
    { numRuns: 2000 },
  );
});
