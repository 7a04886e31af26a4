import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { Decoder, decode } from '../../src/iso2022jp/decode.js';
import { expectLinear } from '../support/linear-time.js';
import { joined, octetsOf, pieces } from '../support/pieces.js';

const escapes =
  '$B $@ (B (J (I (H $(B $(@ $(D $(O $(P $(Q $(? $A $(A $(C .A .F N )I &@ $ ( $( . & ) $X (X'.split(' ');

/** Octets near the language: escapes, their beginnings, and characters of every set. */
const nearlyMail = fc
  .array(
    fc.oneof(
      fc.constantFrom('', ...escapes).map((sequence) => Buffer.from(`\x1b${sequence}`)),
      octetsOf('$(BJI@4A;z!~\\\x1b\x0e\x0f\r\n \0\x7f\x80\xb1\xe0OTw.', 6),
    ),
    { maxLength: 20 },
  )
  .map((chunks) => joined(chunks));

describe('ISO-2022-JP, as mail has it', () => {
  test('any split', () => {
    fc.assert(
      fc.property(pieces(fc.oneof(nearlyMail, fc.uint8Array({ maxLength: 100 }))), (chunks) => {
        const octets = joined(chunks);
        const expected = decode(octets);
        const decoder = new Decoder();
        expect(chunks.map((chunk) => decoder.update(chunk)).join('') + decoder.finish()).toBe(expected);
        expect(decoder.replacements).toBe(expected.split('\ufffd').length - 1);
        expect(expected.length).toBeLessThanOrEqual(octets.length);
        expect(/\p{Surrogate}/u.test(expected)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test('what the Encoding Standard reads without a replacement is read the same way', () => {
    let clean = 0;
    const standard = fc
      .array(
        fc.tuple(
          fc.constantFrom('\x1b$B', '\x1b$@', '\x1b(B', '\x1b(J', '\x1b(I'),
          fc.array(fc.constantFrom('0!', '4A', ';z', 'JI', '!$', '12', '\\~', '\r\n', '\0')),
        ),
        { maxLength: 10 },
      )
      .map((runs) =>
        Buffer.from(runs.map(([sequence, text]) => sequence + text.join('')).join(''), 'latin1'),
      );
    fc.assert(
      fc.property(fc.oneof(standard, nearlyMail), (octets) => {
        const text = decode(octets, { mode: 'web' });
        if (text.includes('\ufffd')) return;
        clean++;
        expect(decode(octets, { fatal: true })).toBe(text);
      }),
      { numRuns: 3000 },
    );
    expect(clean).toBeGreaterThan(300);
  });

  test('fatal: throws where the first replacement would be, and only then', () => {
    let thrown = 0;
    fc.assert(
      fc.property(nearlyMail, (octets) => {
        const text = decode(octets);
        try {
          expect(decode(octets, { fatal: true })).toBe(text);
          expect(text).not.toContain('\ufffd');
        } catch (error) {
          if (!(error instanceof MailsealError)) throw error;
          thrown++;
          expect(text).toContain('\ufffd');
          expect(error.code).toBe('charset-malformed');
          // Nothing before the place is at fault.
          const decoder = new Decoder();
          decoder.update(octets.subarray(0, error.offset));
          expect(decoder.replacements).toBe(0);
        }
      }),
      { numRuns: 1000 },
    );
    expect(thrown).toBeGreaterThan(100);
  });

  test('escapes cut at every octet, before and after every other', () => {
    let cases = 0;
    for (const before of escapes) {
      for (const sequence of escapes) {
        const octets = Buffer.from(`\x1b${before}4A\x1b${sequence}4A`, 'latin1');
        for (let end = 0; end <= octets.length; end++) {
          const cut = octets.subarray(0, end);
          const decoder = new Decoder();
          const text = [...cut].map((octet) => decoder.update(Uint8Array.of(octet))).join('');
          expect(text + decoder.finish()).toBe(decode(cut));
          cases++;
        }
      }
    }
    expect(cases).toBeGreaterThan(5000);
  });

  test.each([
    '\x1b',
    '\x1b$',
    '\x1b$(',
    '\x1b$B',
    '\x1b(B\x1b$B',
    '\x1b$(Q\x1b(I',
    '\x1b$B\x1b',
    '\x1b$B4\x1b(J',
    '\x1b.A\x1bNa',
    '4',
    '\x1b$X',
    '\x0e\x0f',
    '\xb1',
    '\x80',
    'a',
    '\n',
    ')!',
    '\n> ',
  ])('linear time on a run of %j, in ASCII and in kanji', (pattern) => {
    for (const prefix of ['', '\x1b$B', '\x1b$(P']) {
      expectLinear((size) => {
        const octets = Buffer.from(prefix + pattern.repeat(size / pattern.length), 'latin1');
        return () => {
          decode(octets);
          const decoder = new Decoder();
          for (let at = 0; at < octets.length; at += 50) decoder.update(octets.subarray(at, at + 50));
          decoder.finish();
        };
      }, 60_000);
    }
  });

  test('100,000 escapes and a megabyte of one lead octet', () => {
    expect(decode(Buffer.from('\x1b$B\x1b(B'.repeat(50_000)))).toBe('');
    const lead = new Uint8Array(1_000_003).fill(0x29);
    lead.set(Buffer.from('\x1b$B'));
    expect(decode(lead)).toBe('\ufffd'.repeat(500_000));
    expect(() => decode(lead, { fatal: true })).toThrow(expect.objectContaining({ offset: 3 }));
  });
});
