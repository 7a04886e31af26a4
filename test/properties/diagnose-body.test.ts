import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { decodeQuotedPrintable } from '../../src/encoding/quoted-printable.js';
import { bodyFamilies } from '../../src/smime/diagnose/body/families.js';
import { bodyStartOf, linesOf, replaced, someOf } from '../../src/smime/diagnose/body/lines.js';
import { encodeInStyle, quotedPrintableStyles } from '../../src/smime/diagnose/body/qp-styles.js';
import type { Family, Guess } from '../../src/smime/diagnose/guess.js';
import { expectLinear } from '../support/linear-time.js';

const context = { foldWidth: false };
/** Guesses of one family that are looked at in each run. */
const mostGuesses = 300;

/** Pieces of which entities are made that lead into all the families. */
const pieces = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '--b',
  '--b--',
  '-- ',
  'Content-Type: text/plain\r\n',
  'Content-Type: text/html; charset=utf-8\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: multipart/alternative; boundary="b"\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: Quoted-Printable\r\n',
  'X-MIME-Autoconverted: from 8bit\r\n',
  'From ',
  '>From ',
  '.',
  '\t',
  '    ',
  '=',
  '=C3=A4',
  'AAECAw==',
  '<body>',
  '</body>',
  '<',
  '>',
  '\x1b$B$"\x1b(B',
  '\xe3\x81\x82',
  'word ',
  'x'.repeat(80),
];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), { maxLength: 40 })
  .map((parts) => parts.join('').replace(/[^\0-\xff]/g, '?'));

/** Soup in a whole multipart, in a body of its own, or as it is. */
const entities = fc
  .tuple(fc.constantFrom('multipart', 'base64', 'text', 'soup'), soup, soup)
  .map(([form, first, second]) => {
    switch (form) {
      case 'multipart':
        return `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${first}\r\n--b\r\nContent-Type: text/html\r\n\r\n${second}\r\n--b--\r\n`;
      case 'base64':
        return `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(first + second, 'latin1').toString('base64')}\r\n`;
      case 'text':
        return `Content-Type: text/plain\r\n\r\n${first}`;
      default:
        return first;
    }
  })
  .map(bytesFromLatin1);

function isWellFormed(guess: Guess): boolean {
  if (guess.cost < 1 || !(guess.octets instanceof Uint8Array)) return false;
  if (!('cuts' in guess)) return guess.notes.length > 0;
  const { cuts, endings, octets, notesAt } = guess;
  const ascend = cuts.every((cut, i) => cut <= octets.length && (i === 0 || cut > cuts[i - 1]!));
  return ascend && endings.every((ending) => notesAt(cuts[0] ?? 0, ending).length > 0);
}

function all(family: Family, octets: Uint8Array<ArrayBuffer>): Guess[] {
  const guesses: Guess[] = [];
  for (const guess of family.guesses(octets, context)) {
    guesses.push(guess);
    if (guesses.length === mostGuesses) break;
  }
  return guesses;
}

describe('families of changes to bodies', () => {
  test.each(bodyFamilies.map((family) => [family.name, family] as const))(
    '%s: whatever the octets, well-formed guesses',
    (_, family) => {
      let guesses = 0;
      fc.assert(
        fc.property(entities, (octets) => {
          const copy = octets.slice();
          const given = all(family, octets);
          guesses += given.length;
          expect(given.filter((guess) => !isWellFormed(guess))).toEqual([]);
          expect(octets).toEqual(copy);
        }),
        // One entity in twenty leads into the rarest family.
        { numRuns: 800 },
      );
      expect(guesses).toBeGreaterThan(0);
    },
  );

  test('guess a bounded number of times, also about many parts', () => {
    const part = 'Content-Type: text/plain\r\n\r\n>From x \r\n\ty\r\n..\r\n\r\n--b\r\n';
    const many = bytesFromLatin1(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${part.repeat(60)}`,
    );
    let most = 0;
    for (const family of bodyFamilies) {
      let given = 0;
      for (const _ of family.guesses(many, context)) given++;
      most = Math.max(most, given);
    }
    expect(most).toBeGreaterThan(1000);
    expect(most).toBeLessThan(10_000);
  });

  const shapes: Readonly<Record<string, string>> = {
    'short lines': 'a\r\n',
    'empty lines': '\r\n',
    'one line': 'x',
    blanks: ' \t',
    words: 'word ',
    quotes: '>From x\r\n',
    dots: '..\r\n',
    tags: '<a></a>',
    'lines of base64': `${'QUJD'.repeat(19)}\r\n`,
    escapes: '=3D=20\r\n',
    returns: '\r',
  };
  const headers = [
    'Content-Type: text/plain\r\n\r\n',
    'Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n',
  ];
  test.each(Object.keys(shapes))('cost linear time: %s', (shape) => {
    for (const header of headers) {
      for (const family of bodyFamilies) {
        const make = (size: number) => {
          const octets = bytesFromLatin1(
            header + shapes[shape]!.repeat(Math.ceil(size / shapes[shape]!.length)),
          );
          return () => {
            let given = 0;
            for (const _ of family.guesses(octets, context)) if (++given === 8) break;
          };
        };
        expectLinear(make, 8192);
      }
    }
  });
});

describe('styles of quoted-printable', () => {
  const content = fc
    .array(
      fc.oneof(fc.constantFrom('\r\n', ' ', '\t', '=', '.', 'From ', 'ä', '漢字', '😀', 'word'), fc.string()),
      {
        maxLength: 120,
        minLength: 20,
      },
    )
    .map((parts) => new TextEncoder().encode(parts.join('')));

  test('each decodes to what was encoded, in lines that are no longer than 76 where the style says so', () => {
    let lines = 0;
    fc.assert(
      fc.property(content, fc.constantFrom(...quotedPrintableStyles), (octets, { style }) => {
        const encoded = encodeInStyle(octets, style);
        expect(decodeQuotedPrintable(encoded).content).toEqual(octets);
        if (style.room > 76) return;
        const { starts, ends } = linesOf(encoded);
        for (const [i, end] of ends.entries()) {
          lines++;
          expect(end - starts[i]!).toBeLessThanOrEqual(style.breaks === 'late' ? style.room + 4 : 76);
        }
      }),
      { numRuns: 2000 },
    );
    expect(lines).toBeGreaterThan(2000);
  });
});

describe('helpers of the families', () => {
  test('lines cover a text and end where it ends', () => {
    fc.assert(
      fc.property(entities, (octets) => {
        const { starts, ends } = linesOf(octets);
        expect(starts.length).toBe(ends.length + 1);
        expect(starts.at(-1)).toBe(octets.length);
        for (const [i, end] of ends.entries()) {
          expect(end).toBeGreaterThanOrEqual(starts[i]!);
          const lineEnd = Buffer.from(octets.subarray(end, starts[i + 1])).toString('latin1');
          expect(['', '\n', '\r\n']).toContain(lineEnd);
          expect(octets.subarray(starts[i], end)).not.toContain(0x0a);
        }
        const body = bodyStartOf(octets);
        expect(body).toBeLessThanOrEqual(octets.length);
      }),
    );
  });

  test('replacing gives what splicing gives', () => {
    const octets = bytesFromLatin1('abcdef');
    const insert = bytesFromLatin1('XY');
    const changed = replaced(octets, [
      { start: 1, end: 3, octets: insert },
      { start: 3, end: 3, octets: insert },
      { start: 5, end: 6, octets: concatBytes([]) },
    ]);
    expect(Buffer.from(changed).toString('latin1')).toBe('aXYXYde');
  });

  test('choices come with the fewest first, each once', () => {
    expect([...someOf(3, 100)]).toEqual([[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]);
    expect([...someOf(40, 50)]).toHaveLength(50);
    expect([...someOf(0, 5)]).toEqual([]);
  });
});
