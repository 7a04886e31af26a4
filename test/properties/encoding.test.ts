import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { canonicalLineEnds, LineEndCanonicalizer } from '../../src/encoding/line-ends.js';
import { encodeMimeBase64, MimeBase64Encoder } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64, MimeBase64Decoder } from '../../src/encoding/mime-base64-decoder.js';
import { decodePem, encodePem } from '../../src/encoding/pem.js';
import { decodeQuotedPrintable, QuotedPrintableDecoder } from '../../src/encoding/quoted-printable.js';
import {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
} from '../../src/encoding/quoted-printable-encoder.js';
import { expectLinear } from '../support/linear-time.js';
import { joined, octetsOf, pieces, transform } from '../support/pieces.js';

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');
const any = fc.uint8Array({ maxLength: 400 });
const base64Like = octetsOf('ABab01+/===\r\n \t-_!', 120);
const quotedPrintableLike = octetsOf('=== \t\r\n\r\nA4fGx', 120);
const textLike = octetsOf('ab \t\r\n\r\n.From =', 400);

/** RFC 4648's own test of a canonical text: encoding what it stands for gives it back. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

/** MIME base64 character by character, as the room's documentation has it. */
function naiveMimeBase64(encoded: string): string {
  let out = '';
  let group = '';
  let padding = 0;
  for (const character of encoded) {
    if (/[A-Za-z0-9+/]/.test(character)) {
      padding = 0;
      group += character;
      if (group.length === 4) {
        out += Buffer.from(group, 'base64').toString('latin1');
        group = '';
      }
    } else if (character === '=' && padding > 0) padding--;
    else if (character === '=' && group.length >= 2) {
      out += Buffer.from(group, 'base64').toString('latin1');
      padding = 3 - group.length;
      group = '';
    }
  }
  return group.length >= 2 ? out + Buffer.from(group, 'base64').toString('latin1') : out;
}

/** RFC 2045 §6.7 in one replacement. */
function naiveQuotedPrintable(encoded: string): string {
  return encoded.replace(/=([0-9A-Fa-f]{2})|=[ \t]*(?:\r?\n|$)|[ \t]+(?=\r?\n|$)/g, (_, digits?: string) =>
    digits === undefined ? '' : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

describe('base64', () => {
  test('agrees with Buffer and round-trips', () => {
    fc.assert(
      fc.property(any, (octets) => {
        const encoded = encodeBase64(octets);
        expect(encoded).toBe(Buffer.from(octets).toString('base64'));
        expect(decodeBase64(encoded)).toEqual(octets);
        expect(decodeBase64(Buffer.from(encoded))).toEqual(octets);
      }),
    );
  });

  test('takes a text exactly when it is canonical', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(base64Like.map(latin1), fc.string(), any.map(encodeBase64)), (text) => {
        let decoded: Uint8Array | undefined;
        try {
          decoded = decodeBase64(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect((error as MailsealError).offset).toBeLessThanOrEqual(text.length);
        }
        expect(decoded !== undefined).toBe(isCanonical(text));
        if (decoded !== undefined) taken++;
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe('MIME base64', () => {
  test('encodes any split alike, in lines of 76 at most that Buffer reads', () => {
    fc.assert(
      fc.property(pieces(any), fc.integer({ min: 1, max: 19 }), (chunks, groups) => {
        const octets = joined(chunks);
        const options = { lineLength: 4 * groups };
        const encoded = encodeMimeBase64(octets, options);
        expect(transform(new MimeBase64Encoder(options), chunks)).toEqual(encoded);
        const lines = latin1(encoded).split('\r\n');
        expect(lines.pop()).toBe('');
        expect(lines.slice(0, -1).every((line) => line.length === 4 * groups)).toBe(true);
        expect(lines.at(-1)?.length ?? 1).toBeLessThanOrEqual(4 * groups);
        expect(lines.at(-1)).not.toBe('');
        expect(lines.join('')).toBe(Buffer.from(octets).toString('base64'));
        expect(decodeMimeBase64(encoded)).toEqual({ content: octets, defects: [] });
      }),
    );
  });

  test('decodes anything, any split alike, as the naive reading does', () => {
    fc.assert(
      fc.property(pieces(fc.oneof(base64Like, any)), (chunks) => {
        const encoded = joined(chunks);
        const { content, defects } = decodeMimeBase64(encoded);
        expect(latin1(content)).toBe(naiveMimeBase64(latin1(encoded)));
        const decoder = new MimeBase64Decoder();
        expect(transform(decoder, chunks)).toEqual(content);
        expect(decoder.defects).toEqual(defects);
        expect(new Set(defects.map(({ code }) => code)).size).toBe(defects.length);
        for (const { offset } of defects) expect(offset).toBeLessThanOrEqual(encoded.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('without defects, is what the strict decoder makes of it without white space', () => {
    let clean = 0;
    fc.assert(
      fc.property(fc.oneof(octetsOf('AQg=\r\n', 9), base64Like), (encoded) => {
        const { content, defects } = decodeMimeBase64(encoded);
        const text = latin1(encoded).replace(/[\t-\r ]/g, '');
        expect(defects.length === 0).toBe(isCanonical(text));
        if (defects.length === 0) {
          expect(decodeBase64(text)).toEqual(content);
          clean++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(clean).toBeGreaterThan(50);
  });
});

describe('quoted-printable', () => {
  test('decodes anything, any split alike, as the naive reading does', () => {
    fc.assert(
      fc.property(pieces(fc.oneof(quotedPrintableLike, any)), (chunks) => {
        const encoded = joined(chunks);
        const { content, defects } = decodeQuotedPrintable(encoded);
        expect(latin1(content)).toBe(naiveQuotedPrintable(latin1(encoded)));
        const decoder = new QuotedPrintableDecoder();
        expect(transform(decoder, chunks)).toEqual(content);
        expect(decoder.defects).toEqual(defects);
      }),
      { numRuns: 2000 },
    );
  });

  test('encodes any split alike, in lines that RFC 2045 allows, and round-trips', () => {
    fc.assert(
      fc.property(pieces(fc.oneof(textLike, any)), fc.boolean(), (chunks, binary) => {
        const octets = joined(chunks);
        const encoded = encodeQuotedPrintable(octets, { binary });
        expect(transform(new QuotedPrintableEncoder({ binary }), chunks)).toEqual(encoded);
        for (const line of latin1(encoded).split('\r\n')) {
          expect(line).toMatch(/^(?:[!-<>-~ \t]|=[0-9A-F]{2}){0,75}=?$/);
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/[ \t]$|^From |^\./);
        }
        expect(decodeQuotedPrintable(encoded)).toEqual({ content: octets, defects: [] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('hexadecimal and PEM', () => {
  test('hexadecimal agrees with Buffer; garbage is refused', () => {
    fc.assert(
      fc.property(any, fc.string(), (octets, garbage) => {
        expect(encodeHex(octets)).toBe(Buffer.from(octets).toString('hex'));
        expect(decodeHex(encodeHex(octets))).toEqual(octets);
        if (/^(?:[0-9a-f]{2})*$/i.test(garbage))
          expect(encodeHex(decodeHex(garbage))).toBe(garbage.toLowerCase());
        else expect(() => decodeHex(garbage)).toThrow(MailsealError);
      }),
    );
  });

  test('PEM blocks come back whatever text is between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), any)), (parts) => {
        const file = parts
          .map(([text, octets], at) => `${text}\n${encodePem(`LABEL ${at}`, octets)}`)
          .join('');
        const blocks = decodePem(file);
        expect(blocks.map(({ label, octets }) => [label, octets])).toEqual(
          parts.map(([, octets], at) => [`LABEL ${at}`, octets]),
        );
        for (const { label, offset } of blocks)
          expect(file.startsWith(`-----BEGIN ${label}-----`, offset)).toBe(true);
      }),
    );
  });

  test('garbage gives blocks or a MailsealError', () => {
    const line = fc.constantFrom(
      '-----BEGIN A-----',
      '-----END A-----',
      '-----END B-----',
      'Zm9v',
      'A: b',
      ' c',
      '',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        try {
          decodePem(lines.join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect(error).toHaveProperty('code', 'pem-malformed');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('canonical line ends', () => {
  test('any split alike, as one replacement has it, twice the same', () => {
    fc.assert(
      fc.property(
        pieces(fc.oneof(octetsOf('\r\n\r\nab', 100), octetsOf('\r\nabcdefghij\x0b\x8a', 200))),
        (chunks) => {
          const octets = joined(chunks);
          const canonical = canonicalLineEnds(octets);
          expect(latin1(canonical)).toBe(latin1(octets).replace(/(?<!\r)\n/g, '\r\n'));
          expect(transform(new LineEndCanonicalizer(), chunks)).toEqual(canonical);
          expect(canonicalLineEnds(canonical)).toBe(canonical);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('linear time', () => {
  const repeated = (pattern: string) => (size: number) =>
    Buffer.from(pattern.repeat(Math.ceil(size / pattern.length)));
  const patterns = [
    '=',
    ' ',
    '\r',
    '\n',
    '\r\n',
    '= ',
    ' =',
    '=4',
    '= \r',
    ' \r',
    '\t \n',
    'A',
    'A=',
    '!',
    'é',
    '-----\n',
    '-',
    ':',
    'a: \n ',
  ];
  const work: [string, (octets: Uint8Array) => unknown][] = [
    ['decodeBase64', (octets) => attempt(() => decodeBase64(octets))],
    ['decodeMimeBase64', decodeMimeBase64],
    ['encodeMimeBase64', (octets) => encodeMimeBase64(octets)],
    ['decodeQuotedPrintable', decodeQuotedPrintable],
    ['encodeQuotedPrintable', (octets) => encodeQuotedPrintable(octets)],
    ['canonicalLineEnds', canonicalLineEnds],
    ['decodePem', (octets) => attempt(() => decodePem(octets))],
    [
      'decodePem, inside a block',
      (octets) => attempt(() => decodePem(`-----BEGIN A-----\n${latin1(octets)}\n-----END A-----`)),
    ],
    ['MimeBase64Decoder, in pieces of 16', (octets) => inPieces(new MimeBase64Decoder(), octets, 16)],
    ['MimeBase64Encoder, in pieces of 16', (octets) => inPieces(new MimeBase64Encoder(), octets, 16)],
    [
      'QuotedPrintableDecoder, in pieces of 16',
      (octets) => inPieces(new QuotedPrintableDecoder(), octets, 16),
    ],
    [
      'QuotedPrintableEncoder, in pieces of 16',
      (octets) => inPieces(new QuotedPrintableEncoder(), octets, 16),
    ],
    ['LineEndCanonicalizer, in pieces of 16', (octets) => inPieces(new LineEndCanonicalizer(), octets, 16)],
  ];

  function inPieces(
    transformer: { update(chunk: Uint8Array): Uint8Array; finish(): Uint8Array },
    octets: Uint8Array,
    length: number,
  ): void {
    for (let at = 0; at < octets.length; at += length) transformer.update(octets.subarray(at, at + length));
    transformer.finish();
  }

  function attempt(run: () => unknown): void {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(MailsealError);
    }
  }

  test.each(work)('%s', (_, run) => {
    for (const pattern of patterns) {
      const make = repeated(pattern);
      expectLinear((size) => {
        const octets = make(size);
        return () => run(octets);
      }, 40_000);
    }
  });
});
