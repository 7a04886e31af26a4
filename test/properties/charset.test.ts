import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCharsetDecoder, decodeCharset } from '../../src/charset/decoder.js';
import { allLabels } from '../../src/charset/label.js';
import { MailsealError } from '../../src/core/errors.js';
import { joined, octetsOf, pieces } from '../support/pieces.js';

const octets = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  octetsOf('\xef\xbf\xbd\xd8\x3d\xde\0\xe3\x81\x82A\xff\xfe', 30),
);
/** iso-8859-16 is not in every platform. */
const names = [...new Set([...allLabels()].map(([, name]) => name))].filter((name) => {
  try {
    createCharsetDecoder(name);
    return true;
  } catch (error) {
    expect(error).toHaveProperty('code', 'charset-unknown');
    return false;
  }
});

describe('charsets', () => {
  test.each(names)('%s: any split gives the same text, and never an exception', (name) => {
    fc.assert(
      fc.property(pieces(octets), (chunks) => {
        const whole = decodeCharset(name, joined(chunks));
        const decoder = createCharsetDecoder(name);
        expect(chunks.map((chunk) => decoder.update(chunk)).join('') + decoder.finish()).toBe(whole.text);
        expect(decoder.replacements).toBe(whole.replacements);
        expect(whole.replacements).toBeLessThanOrEqual(whole.text.split('\ufffd').length - 1);
      }),
      { numRuns: 200 },
    );
    expect(names.length).toBeGreaterThan(30);
  });

  test('UTF-8: replacements are counted exactly when a strict decoder refuses', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          octets,
          fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
        ),
        (text) => {
          let strict: string | undefined;
          try {
            strict = new TextDecoder('utf-8', { fatal: true }).decode(text);
          } catch {}
          const decoded = decodeCharset('utf-8', text);
          expect(decoded.replacements === 0).toBe(strict !== undefined);
          if (strict !== undefined) expect(decoded.text).toBe(strict);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each(['utf-16be', 'utf-16le'])('%s agrees with the platform', (name) => {
    fc.assert(
      fc.property(octets, (text) => {
        expect(decodeCharset(name, text).text).toBe(new TextDecoder(name).decode(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('UTF-7: what is written in it comes back', () => {
    const encode = (text: string) =>
      text.replace(/\+|[^ -~\r\n\t]+/g, (run) => {
        if (run === '+') return '+-';
        return `+${Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '')}-`;
      });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeCharset('utf-7', Buffer.from(encode(text)))).toEqual({
          text,
          charset: 'utf-7',
          replacements: 0,
        });
      }),
      { numRuns: 500 },
    );
  });

  test('any label gives a decoder or charset-unknown', () => {
    fc.assert(
      fc.property(fc.string(), (label) => {
        try {
          createCharsetDecoder(label);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect(error).toHaveProperty('code', 'charset-unknown');
        }
      }),
    );
  });
});
