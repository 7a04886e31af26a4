import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFlowed, unflow } from '../../../src/mime/bodies/flowed.js';
import { expectLinear } from '../../support/linear-time.js';

describe('format=flowed (RFC 3676)', () => {
  test.each([
    ['a soft break', 'one \ntwo\nthree\n', 'one two\nthree\n'],
    ['CRLF', 'one \r\ntwo\r\n', 'one two\r\n'],
    ['no last line end', 'one \ntwo', 'one two'],
    ['a paragraph that ends in a soft break', 'one \n', 'one \n'],
    ['stuffing', ' From me\n  indented\n', 'From me\n indented\n'],
    ['quotes', '> a \n> b\n>> c\n', '> a b\n>> c\n'],
    ['quotes without blanks', '>a \n>b\n', '> a b\n'],
    ['another depth ends a paragraph', '> a \nb\n', '> a \nb\n'],
    ['quote marks with blanks between are text', '> > a\n', '> > a\n'],
    ['an empty quoted line', '> a\n>\n> b\n', '> a\n>\n> b\n'],
    ['the signature separator', 'bye \n-- \nme\n', 'bye \n-- \nme\n'],
    ['a quoted separator', '> bye \n> -- \n> me\n', '> bye \n> -- \n> me\n'],
    ['an empty line', 'a \n\nb\n', 'a \nb\n'],
    ['a stuffed empty line is fixed', 'a\n \nb\n', 'a\n\nb\n'],
    ['nothing', '', ''],
  ])('%s', (_, text, unflowed) => {
    expect(unflow(text)).toBe(unflowed);
  });

  test('the example of RFC 3676 §4.1', () => {
    const text =
      "`Take some more tea,' the March Hare said to Alice, very \nearnestly.\n\n" +
      "`I've had nothing yet,' Alice replied in an offended \ntone, `so I can't take more.'\n";
    expect(parseFlowed(text).map((paragraph) => paragraph.text)).toEqual([
      "`Take some more tea,' the March Hare said to Alice, very earnestly.",
      '',
      "`I've had nothing yet,' Alice replied in an offended tone, `so I can't take more.'",
    ]);
  });

  test('DelSp', () => {
    expect(unflow('日本 \n語 \n文\n', { delSp: true })).toBe('日本語文\n');
    expect(unflow('two  \nwords\n', { delSp: true })).toBe('two words\n');
    expect(unflow('-- \nme\n', { delSp: true })).toBe('-- \nme\n');
  });

  test('text without soft breaks, quotes and stuffing stays what it is', () => {
    const line = fc.stringMatching(/^(?:[^ >\r\n](?:[^\r\n]*[^ \r\n])?)?$/);
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')));
    fc.assert(
      fc.property(text, (lines) => {
        const joined = lines.flat().join('');
        expect(unflow(joined)).toBe(joined);
      }),
    );
  });

  test('any text keeps its characters', () => {
    const piece = fc.constantFrom('>', ' ', '\n', '\r', 'a', '-- ', '\r\n', '> ', 'b ');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const bare = (text: string): string => text.replace(/[> \r\n]/g, '');
        expect(bare(unflow(pieces.join('')))).toBe(bare(pieces.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['soft breaks', 'a \n'],
    ['quote marks', '>'],
    ['depths', '> a \n>> b \n'],
    ['separators', '-- \n'],
  ])('in linear time: %s', (_, piece) => {
    expectLinear((size) => {
      const text = piece.repeat(size / piece.length);
      return () => void unflow(text);
    }, 200_000);
  });
});
