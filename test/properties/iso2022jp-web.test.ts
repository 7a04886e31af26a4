import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeWeb, WebDecoder } from '../../src/iso2022jp/decode-web.js';
import { jis0208 } from '../../src/iso2022jp/jis0208.js';
import { expectLinear } from '../support/linear-time.js';
import { joined, octetsOf, pieces } from '../support/pieces.js';

/** Octets near the language: escapes, their beginnings, and characters of every set. */
const nearlyJapanese = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\x1b$B', '\x1b$@', '\x1b(B', '\x1b(J', '\x1b(I', '\x1b', '\x1b$', '\x1b(', '\x1b$C')
        .map((text) => Buffer.from(text)),
      octetsOf('$(BJI@4A;z!~\\\x1b\x0e\n ', 6),
    ),
    { maxLength: 20 },
  )
  .map((chunks) => joined(chunks));

/** The Encoding Standard's decoder, step by step on a queue, as written there. */
function naive(octets: Uint8Array): string {
  const queue: (number | undefined)[] = [...octets, undefined];
  let state = 'ASCII';
  let outputState = 'ASCII';
  let lead = 0;
  let output = false;
  let text = '';
  const error = () => {
    text += '\ufffd';
  };
  for (;;) {
    const octet = queue.shift();
    if (state === 'escape start') {
      if (octet === 0x24 || octet === 0x28) {
        lead = octet;
        state = 'escape';
        continue;
      }
      queue.unshift(octet);
      output = false;
      state = outputState;
      error();
    } else if (state === 'escape') {
      const name = `${String.fromCharCode(lead)}${octet === undefined ? '' : String.fromCharCode(octet)}`;
      const next = { '(B': 'ASCII', '(J': 'Roman', '(I': 'katakana', $B: 'lead', '$@': 'lead' }[name];
      if (next !== undefined) {
        state = next;
        outputState = next;
        if (output) error();
        output = true;
        continue;
      }
      queue.unshift(lead, octet);
      output = false;
      state = outputState;
      error();
    } else if (state === 'trail') {
      if (octet === 0x1b) {
        state = 'escape start';
        error();
        continue;
      }
      state = 'lead';
      const cell =
        octet !== undefined && octet >= 0x21 && octet <= 0x7e
          ? jis0208()[(lead - 0x21) * 94 + octet - 0x21]!
          : 0;
      if (cell === 0) error();
      else text += String.fromCharCode(cell);
      if (octet === undefined) queue.unshift(octet);
    } else if (octet === undefined) {
      return text;
    } else if (octet === 0x1b) {
      state = 'escape start';
    } else {
      output = false;
      if (state === 'lead') {
        if (octet >= 0x21 && octet <= 0x7e) {
          lead = octet;
          state = 'trail';
        } else error();
      } else if (state === 'katakana') {
        if (octet >= 0x21 && octet <= 0x5f) text += String.fromCharCode(0xff61 - 0x21 + octet);
        else error();
      } else if (octet > 0x7f || octet === 0x0e || octet === 0x0f) error();
      else if (state === 'Roman' && octet === 0x5c) text += '¥';
      else if (state === 'Roman' && octet === 0x7e) text += '‾';
      else text += String.fromCharCode(octet);
    }
  }
}

describe('ISO-2022-JP, as on the Web', () => {
  test('any split, as the Standard has it', () => {
    fc.assert(
      fc.property(pieces(fc.oneof(nearlyJapanese, fc.uint8Array({ maxLength: 100 }))), (chunks) => {
        const octets = joined(chunks);
        const expected = naive(octets);
        expect(decodeWeb(octets)).toBe(expected);
        const decoder = new WebDecoder();
        expect(chunks.map((chunk) => decoder.update(chunk)).join('') + decoder.finish()).toBe(expected);
        expect(decoder.replacements).toBe(expected.split('\ufffd').length - 1);
      }),
      { numRuns: 3000 },
    );
  });

  test('fatal: throws where the first replacement would be, and only then', () => {
    let thrown = 0;
    fc.assert(
      fc.property(nearlyJapanese, (octets) => {
        const clean = !naive(octets).includes('\ufffd');
        try {
          expect(decodeWeb(octets, { fatal: true })).toBe(naive(octets));
          expect(clean).toBe(true);
        } catch (error) {
          if (!(error instanceof MailsealError)) throw error;
          thrown++;
          expect(clean).toBe(false);
          expect(error.code).toBe('charset-malformed');
          // Nothing before the place is at fault, or only for being cut off there.
          const before = naive(octets.subarray(0, error.offset));
          expect(before.replace(/\ufffd[$(\ufffd]?$/, '')).not.toContain('\ufffd');
        }
      }),
      { numRuns: 1000 },
    );
    expect(thrown).toBeGreaterThan(100);
  });

  test.each([
    '\x1b',
    '\x1b$',
    '\x1b$B',
    '\x1b(B\x1b$B',
    '\x1b$B\x1b',
    '\x1b$B4\x1b(J',
    '4',
    '\x1b$C',
    '\x80',
    'a',
    '\n',
  ])('linear time on a run of %j, in ASCII and in kanji', (pattern) => {
    for (const prefix of ['', '\x1b$B']) {
      expectLinear((size) => {
        const octets = Buffer.from(prefix + pattern.repeat(size / pattern.length), 'latin1');
        return () => {
          decodeWeb(octets);
          const decoder = new WebDecoder();
          for (let at = 0; at < octets.length; at += 50) decoder.update(octets.subarray(at, at + 50));
          decoder.finish();
        };
      }, 60_000);
    }
  });
});
