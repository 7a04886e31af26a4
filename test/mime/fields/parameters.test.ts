import { describe, expect, test } from 'vitest';
import { parseContentDisposition } from '../../../src/mime/fields/content-disposition.js';
import { parseContentType } from '../../../src/mime/fields/content-type.js';
import { expectLinear } from '../../support/linear-time.js';

function read(value: string): { mediaType: string; parameters: Record<string, string>; defects: string[] } {
  const { mediaType, parameters, defects } = parseContentType(value);
  return {
    mediaType,
    parameters: Object.fromEntries(parameters.all.map(({ name, value }) => [name, value])),
    defects: defects.map((defect) => defect.code),
  };
}

describe('content types', () => {
  test.each([
    ['text/plain', 'text/plain', {}, []],
    ['Text/HTML; Charset="utf-8"', 'text/html', { charset: 'utf-8' }, []],
    [
      'MultiPart/Mixed;Boundary="-----911567003-32172559"',
      'multipart/mixed',
      { boundary: '-----911567003-32172559' },
      [],
    ],
    ['text/plain (a; b=c) ; (d) charset (e) = (f) utf-8 (g)', 'text/plain', { charset: 'utf-8' }, []],
    ['multipart/mixed;;\r\n Boundary="=_ _= 1(2)"', 'multipart/mixed', { boundary: '=_ _= 1(2)' }, []],
    ['text/plain; a="x\\"y\\\\z"', 'text/plain', { a: 'x"y\\z' }, []],
    ['text/plain; a=""', 'text/plain', { a: '' }, []],
    ['text/plain; A=1; a=2', 'text/plain', { a: '1' }, ['parameter-duplicate']],
    [
      'multipart/mixed\r\n\tboundary="boundary"',
      'multipart/mixed',
      { boundary: 'boundary' },
      ['parameter-malformed'],
    ],
    [
      'multipart/Multipart/mixed; boundary=b',
      'multipart/mixed',
      { boundary: 'b' },
      ['content-type-malformed'],
    ],
    ['text/html/plain; a=b', 'text/plain', { a: 'b' }, ['content-type-malformed']],
    [
      'text/plain charset=utf-8 format=flowed',
      'text/plain',
      { charset: 'utf-8', format: 'flowed' },
      ['parameter-malformed'],
    ],
    [
      'text/plain; name=my file.txt; a=b',
      'text/plain',
      { name: 'my file.txt', a: 'b' },
      ['parameter-malformed'],
    ],
    ['text/plain; name="a" b; c=d', 'text/plain', { name: 'ab', c: 'd' }, ['parameter-malformed']],
    ['text/plain; name="a" c=d', 'text/plain', { name: 'a', c: 'd' }, ['parameter-malformed']],
    ['text/plain; name="a', 'text/plain', { name: 'a' }, ['parameter-malformed']],
    ['text/plain; junk; a=b', 'text/plain', { a: 'b' }, ['parameter-malformed']],
    ['text/plain; =x; a=b', 'text/plain', { a: 'b' }, ['parameter-malformed']],
    ['text', 'text/plain', {}, ['content-type-malformed']],
    ['text/', 'text/plain', {}, ['content-type-malformed']],
    ['', 'text/plain', {}, ['content-type-malformed']],
    ['a b/c; d=e', 'text/plain', {}, ['content-type-malformed', 'parameter-malformed']],
  ])('%j', (value, mediaType, parameters, defects) => {
    const seen = read(value);
    expect(seen.mediaType).toBe(mediaType);
    expect(seen.defects).toEqual(defects);
    expect(seen.parameters).toMatchObject(parameters);
  });

  test('names like those of objects are names like others', () => {
    const { parameters } = parseContentType('text/plain; __proto__=a; constructor=b');
    expect([parameters.get('__PROTO__'), parameters.get('constructor')]).toEqual(['a', 'b']);
    expect(parameters.get('tostring')).toBeUndefined();
    expect(parameters.has('Constructor')).toBe(true);
  });
});

describe('RFC 2231', () => {
  test.each([
    ["a; filename*=utf-8''%e8%a6%8b%E7%A9%8D.pdf", '見積.pdf', []],
    ["a; filename*=iso-2022-jp'ja'%1B$B8+%1B%28B.pdf", '見.pdf', []],
    ['a; filename*0*=utf-8\'\'%e8%a6; filename*1*=%8b; filename*2=".pdf"', '見.pdf', []],
    ['a; filename*2=c; filename*0=a; filename*1=b', 'abc', []],
    ["a; filename=plain.pdf; filename*=utf-8''%e8%a6%8b", '見', []],
    ["a; filename*=''plain", 'plain', []],
    ['a; filename*0=a; filename*2=c', 'ac', ['parameter-malformed']],
    ['a; filename*1=b', 'b', ['parameter-malformed']],
    ['a; filename*0=a; filename*0=b', 'a', ['parameter-duplicate']],
    ["a; filename*=utf-8''a%zz%4", 'a%zz%4', ['parameter-malformed']],
    ["a; filename*=utf-8''%ff", '\ufffd', ['parameter-malformed']],
    ["a; filename*=x-unknown''%e8%a6%8b", '見', ['charset-unknown']],
    ['a; filename*=plain', 'plain', ['parameter-malformed']],
    ['a; filename*="=?utf-8?B?6KaL?=.pdf"', '見.pdf', ['parameter-encoded-word']],
    ["a; filename*0*=utf-8''%e8%a6; filename*1*=utf-8''%8b", '見', ['parameter-malformed']],
    ["a; filename*0*=utf-8'ja'%e8%a6; filename*1*=UTF-8'ja'%8b", '見', ['parameter-malformed']],
    ['a; filename="=?utf-8?B?6KaL?=.pdf"', '見.pdf', ['parameter-encoded-word']],
    ['a; filename==?utf-8?B?6KaL?=', '見', ['parameter-malformed', 'parameter-encoded-word']],
    ['a; filename*0="=?utf-8?B?6K"; filename*1="aL?="', '見', ['parameter-encoded-word']],
    ['a; filename="見積.pdf"', '見積.pdf', []],
  ])('%s', (value, filename, defects) => {
    const disposition = parseContentDisposition(value);
    expect(disposition.filename).toBe(filename);
    expect(disposition.defects.map((defect) => defect.code)).toEqual(defects);
  });

  test('charset and language are told', () => {
    const [parameter] = parseContentDisposition("a; filename*=UTF-8'ja-JP'a").parameters.all;
    expect(parameter).toEqual({ name: 'filename', value: 'a', charset: 'utf-8', language: 'ja-JP' });
  });
});

test.each([
  ['Attachment; filename=a.txt', 'attachment', 'a.txt', []],
  ['inline', 'inline', undefined, []],
  [' ;\r\n filename="image001.png"', 'attachment', 'image001.png', ['content-disposition-malformed']],
  ['filename=a.txt', 'attachment', 'a.txt', ['content-disposition-malformed']],
])('disposition %j', (value, type, filename, defects) => {
  const disposition = parseContentDisposition(value);
  expect(disposition.type).toBe(type);
  expect(disposition.filename).toBe(filename);
  expect(disposition.defects.map((defect) => defect.code)).toEqual(defects);
});

test.each([
  ['parameters', 'a=b;'],
  ['parameters without semicolons', 'a=b '],
  ['words', 'a '],
  ['equals signs', '='],
  ['quotes', '"'],
  ['quoted values without semicolons', 'a="b" c '],
  ['open comments', '('],
  ['comments', '()'],
  ['semicolons', ';'],
  ['asterisks', '*'],
])('many %s cost linear time', (_, piece) => {
  expectLinear(
    (size) => {
      const value = `text/plain; ${piece.repeat(size / piece.length)}`;
      return () => parseContentType(value, 0, { limits: { parameters: size } });
    },
    piece.length > 4 ? 20_000 : 60_000,
  );
});

test('20,000 sections cost linear time', () => {
  expectLinear((size) => {
    const count = size / 20;
    const sections = Array.from({ length: count }, (_, i) => `name*${count - 1 - i}*=%41`);
    const value = `text/plain; ${sections.join(';')}`;
    return () =>
      expect(
        parseContentType(value, 0, { limits: { parameterSections: count } }).parameters.get('name')?.length,
      ).toBe(count);
  }, 100_000);
});
