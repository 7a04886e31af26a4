import { describe, expect, test } from 'vitest';
import { parseMessageIds } from '../../../src/mime/fields/message-id.js';
import { expectLinear } from '../../support/linear-time.js';

describe('well-formed ids', () => {
  test.each([
    ['<1234@local.machine.example>', ['1234@local.machine.example']],
    ['<a@b> <c@d>', ['a@b', 'c@d']],
    ['<a@b>\r\n\t<c@d>', ['a@b', 'c@d']],
    ['<a@b><c@d>', ['a@b', 'c@d']],
    ['<a@b>,<c@d>', ['a@b', 'c@d']],
    ['<1234   @   local(blah)  .machine .example>', ['1234@local.machine.example']],
    ['Your message of "Tue, 1 Jul" <a@b> (was: <x@y>)', ['a@b']],
    ['"<x@y>" <a@b>', ['a@b']],
    ['<"a b"@c>', ['"a b"@c']],
    ['<"a>b"@c>', ['"a>b"@c']],
    ['<a@[192.0.2.1]>', ['a@[192.0.2.1]']],
    ['<"a\r\n b"@[192.0\r\n .2.1]>', ['"a b"@[192.0 .2.1]']],
    ['<A@B.Example>', ['A@B.Example']],
    ['<a!b$c+d=e/f@g>', ['a!b$c+d=e/f@g']],
    ['<日本@例え.jp>', ['日本@例え.jp']],
    ['', []],
    ['  \t', []],
  ])('%s', (value, expected) => {
    const ids = parseMessageIds(value);
    expect([...ids]).toEqual(expected);
    expect(ids.defects).toEqual([]);
  });
});

describe('ids with something wrong', () => {
  test.each([
    ['malformed@id.example', ['malformed@id.example']],
    ['   m ', ['m']],
    ['a@b c@d', ['a@b', 'c@d']],
    ['Your message of Tuesday', []],
    ['Message of a@b', ['a@b']],
    ['a@b>', ['a@b']],
    ['<>', []],
    ['<<a@b>>', ['a@b']],
    ['<a@b', ['a@b']],
    ['<a@b <c@d>', ['a@b', 'c@d']],
    ['<a>', ['a']],
    ['<@b>', ['@b']],
    ['<abc\r\n def@host>', ['abcdef@host']],
    ['<a(b@c>', ['a(b@c']],
    ['<a"b@c>', ['a"b@c']],
    ['(open <a@b>', ['a@b']],
  ])('%s', (value, expected) => {
    const ids = parseMessageIds(value);
    expect([...ids]).toEqual(expected);
    const sound = ['(open <a@b>', '<a(b@c>', '<a"b@c>'].includes(value);
    expect(ids.defects.map(({ code }) => code)).toEqual(sound ? [] : ['message-id-malformed']);
  });
});

test('ids count as addresses do', () => {
  const value = '<a@b> <c@d> <e@f>';
  expect(() => parseMessageIds(value, { limits: { addresses: 2 } })).toThrow(
    expect.objectContaining({ code: 'limit-addresses', offset: 12 }),
  );
  const ids = parseMessageIds(value, { limits: { addresses: 2 }, onLimit: 'truncate' });
  expect([...ids]).toEqual(['a@b', 'c@d']);
  expect(ids.defects.map(({ code }) => code)).toEqual(['limit-addresses']);
});

test.each([
  ['ids', '<a@b> '],
  ['open brackets', '<'],
  ['open brackets with open comments', '<('],
  ['open brackets with open quotes', '<"'],
  ['open comments', '('],
  ['open quotes', '"\\'],
  ['bare words', 'a@b '],
  ['dots', '<a.b'],
  ['open literals', '<['],
  ['words in one id', ' a'],
])('many %s cost linear time', (_, piece) => {
  expectLinear((size) => {
    const value = `<${piece.repeat(size / piece.length)}`;
    return () => parseMessageIds(value, { limits: { addresses: size } });
  }, 60_000);
});
