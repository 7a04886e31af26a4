import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../../src/mime/fields/address.js';
import { parseAuthenticationResults } from '../../../src/mime/fields/authentication-results.js';
import { parseContentType } from '../../../src/mime/fields/content-type.js';
import { parseReceived } from '../../../src/mime/fields/received.js';
import { parseMessage } from '../../../src/mime/message.js';
import { octets } from '../../support/mime.js';

// The tables of docs/duplicates.md.

describe('a parameter that stands there twice', () => {
  test.each([
    ['a/b; name=a; NAME=b', 'a', ['parameter-duplicate']],
    ["a/b; name=a; name*=utf-8''b", 'b', []],
    ["a/b; name*=utf-8''b; name=a", 'b', []],
    ['a/b; name=a; name*0=b', 'b', []],
    ["a/b; name*0=a; name*=utf-8''b", 'b', []],
    ["a/b; name*=utf-8''a; name*=utf-8''b", 'a', ['parameter-duplicate']],
    ['a/b; name*0=a; name*0=b', 'a', ['parameter-duplicate']],
    ['a/b; name*1=b; name*0=a', 'ab', []],
    ['a/b; name*0=a; name*2=c', 'ac', ['parameter-malformed']],
  ])('%s', (value, expected, defects) => {
    const type = parseContentType(value);
    expect(type.parameters.get('name')).toBe(expected);
    expect(type.defects.map(({ code }) => code)).toEqual(defects);
  });
});

test('the boundary of the tree is that of the content type', () => {
  for (const field of [
    'multipart/mixed; boundary=a; boundary=b',
    "multipart/mixed; boundary=b; boundary*=us-ascii''a",
    'multipart/mixed; boundary=b; boundary*0=a',
    'multipart/mixed; Boundary="a"; BOUNDARY="b"',
    'multipart/multipart/mixed; boundary=a',
    'multipart/mixed; boundary=a\r\nContent-Type: multipart/mixed; boundary=b',
  ]) {
    const message = parseMessage(
      octets(`Content-Type: ${field}\r\n\r\n--b\r\n\r\nb\r\n--a\r\n\r\na\r\n--a--\r\n`),
    );
    expect(message.contentType.parameters.get('boundary')).toBe('a');
    expect(message.parts.map((part) => part.text())).toEqual(['a']);
  }
});

test.each([
  ['<a@b.test> <c@d.test>', ['a@b.test', 'c@d.test']],
  ['a@b.test <c@d.test>', ['c@d.test']],
  ['a@b@c.test', ['"a@b"@c.test']],
  ['Before <a@b.test> Behind', ['a@b.test']],
])('addresses in %s', (value, expected) => {
  const list = parseAddressList(value);
  expect(list.map((each) => ('address' in each ? each.address : ''))).toEqual(expected);
  expect(list.defects.map(({ code }) => code)).toEqual(['address-malformed']);
});

test('the name before an address counts, not the one behind it', () => {
  expect(parseAddressList('Before <a@b.test> Behind')).toMatchObject([{ name: 'Before' }]);
});

test('of the clauses of Received the first counts, of its semicolons the last', () => {
  const { by, date } = parseReceived('by a by b (c; d); 1 Jan 2002 00:00:00 GMT; 2 Jan 2002 00:00:00 GMT');
  expect([by, date?.toISOString()]).toEqual(['a', '2002-01-02T00:00:00.000Z']);
});

test('of the reasons of a result the first counts', () => {
  const { results } = parseAuthenticationResults('a; b=pass reason=c reason=d');
  expect(results[0]?.reason).toBe('c');
});
