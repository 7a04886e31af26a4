import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { safeFileName, safeFileNames } from '../../../src/mime/bodies/safe-file-name.js';
import { expectLinear } from '../../support/linear-time.js';

describe('safeFileName', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['見積書（最終）.xlsx', '見積書（最終）.xlsx'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\me\\Desktop\\a b.doc', 'a b.doc'],
    ['~/.bashrc', 'bashrc'],
    ['a/../b.txt', 'b.txt'],
    ['AC/DC.mp3', 'AC_DC.mp3'],
    ['..', 'attachment'],
    ['...', 'attachment'],
    ['/', 'attachment'],
    ['', 'attachment'],
    [undefined, 'attachment'],
    ['a\0.exe\r\n.txt', 'a_.exe .txt'],
    ['file.txt:stream', 'file.txt_stream'],
    ['trailing. . ', 'trailing'],
    ['CON', '_CON'],
    ['aux.h', '_aux.h'],
    ['com1 .txt', '_com1 .txt'],
    ['COM¹', '_COM¹'],
    ['console.log', 'console.log'],
    ['gpj\u202etxt.exe', 'gpjtxt.exe'],
    ['a\ud800b', 'a_b'],
    ['cafe\u0301', 'café'],
    ['<a>|"b"*?.txt', '_a___b___.txt'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  test('a long name keeps its extension and is cut between characters', () => {
    const safe = safeFileName(`${'見'.repeat(200)}.docx`);
    expect(safe).toMatch(/^見+\.docx$/);
    expect(Buffer.byteLength(safe)).toBeGreaterThan(250);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
    expect(safeFileName('😀'.repeat(9), { maxOctets: 18 })).toBe('😀'.repeat(4));
  });

  test('what is left of a long name is no device either', () => {
    expect(safeFileName(`con${' '.repeat(300)}x.pdf`)).toBe('_con.pdf');
    expect(safeFileName(`nul.${'x'.repeat(300)}`, { maxOctets: 16 })).toBe('_nul.xxxxxxxxxxx');
    const blanks = fc.integer({ min: 0, max: 40 }).map((count) => ' '.repeat(count));
    const device = fc.constantFrom('con', 'NUL', 'aux', 'com1', 'LPT³', 'clock$', 'conin$');
    const rest = fc.constantFrom('', 'x', '.x', 'x.pdf', '.x.pdf', '見', '...', '. .');
    fc.assert(
      fc.property(device, blanks, rest, fc.integer({ min: 16, max: 40 }), (first, gap, last, maxOctets) => {
        const safe = safeFileName(first + gap + last, { maxOctets });
        expect(safe).not.toMatch(/^(?:con|nul|aux|com1|lpt³|clock\$|conin\$) *(?:\.|$)/i);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(maxOctets);
        expect(safeFileName(safe, { maxOctets })).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });

  test('the fallback', () => {
    expect(safeFileName('..', { fallback: 'part-2.bin' })).toBe('part-2.bin');
    expect(() => safeFileName('a', { fallback: '../x' })).toThrow(MailsealError);
    expect(() => safeFileName('a', { fallback: '' })).toThrow(MailsealError);
    expect(() => safeFileName('a', { maxOctets: 3 })).toThrow(MailsealError);
  });

  test('of any string it makes a name that is safe, and stays', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(
          '..',
          '/',
          '\\',
          '\0',
          ':',
          ' ',
          '.',
          'con',
          'NUL',
          '\u202e',
          '\ud800',
          '見',
          '\r\n',
          'C:',
          '.exe',
        ),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 16, max: 300 }), (pieces, maxOctets) => {
        const safe = safeFileName(pieces.join(''), { maxOctets });
        expect(safe).not.toMatch(/[\0-\x1f\x7f-\x9f"*/:<>?\\|\u202a-\u202e]|^[.\s]|[.\s]$|^$/);
        expect(safe).not.toMatch(/^(?:con|nul)(?:\.|$)/i);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(maxOctets);
        expect(Buffer.from(safe).toString()).toBe(safe);
        expect(safeFileName(safe, { maxOctets })).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('safeFileNames', () => {
  test.each<[(string | undefined)[], string[]]>([
    [[], []],
    [
      ['a', 'a', 'a'],
      ['a', 'a (2)', 'a (3)'],
    ],
    [
      ['a.pdf', 'A.pdf', 'a (2).pdf', 'a.pdf'],
      ['a.pdf', 'A (2).pdf', 'a (2) (2).pdf', 'a (3).pdf'],
    ],
    [
      ['STRASSE', 'straße', 'caf\u00e9', 'CAFE\u0301'],
      ['STRASSE', 'straße (2)', 'café', 'CAFÉ (2)'],
    ],
    [
      [undefined, '', '..'],
      ['attachment', 'attachment (2)', 'attachment (3)'],
    ],
    [
      ['a/b', 'a_b'],
      ['a_b', 'a_b (2)'],
    ],
  ])('%j', (names, safe) => {
    expect(safeFileNames(names)).toEqual(safe);
  });

  test('where an extension leaves no room for name and number it goes', () => {
    const names = ['😀.abcdefghi', '😀.abcdefghi'];
    expect(safeFileNames(names, { maxOctets: 16 })).toEqual(['😀.abcdefghi', '😀 (2)']);
  });

  test('of any strings it makes safe names that differ', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'A', 'a (2)', 'a.txt', '見'.repeat(90), '😀.abcdefghi', undefined),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), fc.integer({ min: 16, max: 40 }), (names, maxOctets) => {
        const safe = safeFileNames(names, { maxOctets });
        expect(safe.length).toBe(names.length);
        expect(new Set(safe.map((one) => one.toUpperCase().toLowerCase())).size).toBe(names.length);
        for (const one of safe) expect(safeFileName(one, { maxOctets })).toBe(one);
      }),
      { numRuns: 1000 },
    );
  });

  test('in linear time: many equal names', () => {
    expectLinear((size) => {
      const names = new Array<string>(size).fill('image.png');
      return () => void safeFileNames(names);
    }, 5_000);
  });

  test('in linear time: names that are the same when they are shortened', () => {
    expectLinear((size) => {
      const names = Array.from(
        { length: size },
        (_, i) => `${'a'.repeat(244)}${String(i >> 1).padStart(6, '0')}.pdf`,
      );
      return () => void safeFileNames(names);
    }, 100);
  });
});
