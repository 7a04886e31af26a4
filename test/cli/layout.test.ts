import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTime } from '../../src/cli/files/input.js';
import { beside, displayWidth, pad, shorten, wrap } from '../../src/cli/report/layout.js';
import { safe, safeJson } from '../../src/cli/report/terminal.js';

describe('columns', () => {
  test.each([
    ['abc', 3],
    ['山田花子', 8],
    ['ﾔﾏﾀﾞ', 4],
    ['Ａ１', 4],
    ['e\u0301', 1],
    ['葛\u{e0100}', 2],
    ['𠮷野', 4],
    ['한글', 4],
    ['', 0],
  ])('%s takes %d', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('filling and shortening', () => {
    expect(pad('山田', 6)).toBe('山田  ');
    expect(pad('山田花子', 6)).toBe('山田花子');
    expect(shorten('山田花子', 8)).toBe('山田花子');
    expect(shorten('山田花子', 7)).toBe('山田花…');
    expect(shorten('山田花子', 6)).toBe('山田…');
  });
});

describe('wrapping', () => {
  test('at blanks, and inside words where there are none', () => {
    expect(wrap('one two three', 9)).toEqual(['one two', 'three']);
    expect(wrap('お見積もりの件', 8)).toEqual(['お見積も', 'りの件']);
    expect(wrap('', 8)).toEqual(['']);
    expect(beside('  Subject ', 'one two three', 18)).toEqual(['  Subject one two', '          three']);
  });

  test('no line is too wide, and nothing is lost of what is short enough', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '山', ' ', '  ', 'e\u0301', 'ﾀ', 'long-word-'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 60 }), (pieces, width) => {
        const whole = pieces.join('');
        const lines = wrap(whole, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        if (lines.length < 12) expect(lines.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
        expect(lines.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  test('a field of a million octets makes a few lines', () => {
    const lines = wrap('x'.repeat(1_000_000), 80);
    expect([lines.length, lines.at(-1)!.endsWith('…')]).toEqual([12, true]);
    expect(wrap('x '.repeat(500_000), 80).length).toBe(12);
  });
});

describe('what a sender wrote', () => {
  test.each([
    ['\x1b[31mred', '\\u{1b}[31mred'],
    ['\x9b31m', '\\u{9b}31m'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['a\u2066b', 'a\\u{2066}b'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['a\ud800b', 'a\\u{d800}b'],
    ['a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a\tb', 'a b'],
    ['\u{e0041}', '\\u{e0041}'],
    ['葛\u{e0100}城', '葛\u{e0100}城'],
    ['山田 花子 <hanako@example.jp>', '山田 花子 <hanako@example.jp>'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safe(text)).toBe(shown);
  });

  test('in JSON it comes back as it was, and harmless on the way', () => {
    const text = 'a\x1b\x9b\x7f\u202e\u2028\u{e0041}山';
    const json = safeJson({ text });
    expect(JSON.parse(json)).toEqual({ text });
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]|\u{e0041}/u);
    expect(json).toContain('山');
  });
});

describe('--at', () => {
  test.each([
    ['2026-06-01', '2026-06-01T00:00:00.000Z'],
    ['2026-06-01T09:30', '2026-06-01T09:30:00.000Z'],
    ['2026-06-01 09:30:15', '2026-06-01T09:30:15.000Z'],
    ['2026-06-01T09:30:00.5Z', '2026-06-01T09:30:00.500Z'],
    ['2026-06-01T09:30:00+09:00', '2026-06-01T00:30:00.000Z'],
    ['2026-06-01 09:30 +0900', '2026-06-01T00:30:00.000Z'],
  ])('%s', (text, moment) => {
    expect(parseTime(text)?.toISOString()).toBe(moment);
  });

  test.each([
    '',
    '1',
    '2026',
    '2026-6-1',
    '2026-02-30',
    '2026-13-01',
    '2026-06-01T25:00',
    'now',
    '01/06/2026',
  ])('%j is no time', (text) => {
    expect(parseTime(text)).toBe(undefined);
  });
});
