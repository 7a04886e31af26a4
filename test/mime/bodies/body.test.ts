import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import { crlf, latin1, octets } from '../../support/mime.js';

function withBody(fields: string[], body: Uint8Array | string): Part {
  const head = crlf(...fields, '');
  return parseMessage(concatBytes([head, typeof body === 'string' ? bytesFromLatin1(body) : body]));
}

const codes = (part: Part): string[] => part.defects.map((defect) => defect.code);

describe('content', () => {
  test.each([
    ['base64', 'aGVs\r\nbG8=\r\n', 'hello', []],
    ['BASE64', 'aGVs bG8', 'hello', ['base64-damaged']],
    ['base64 (a comment)', 'aGVsbG8=', 'hello', []],
    ['quoted-printable', 'caf=E9=\r\n!', 'caf\xe9!', []],
    ['quoted-printable', 'caf=ZZ', 'caf=ZZ', ['quoted-printable-damaged']],
    ['8bit', 'caf\xe9', 'caf\xe9', []],
    ['binary', '\0\r\xff', '\0\r\xff', []],
    ['x-unknown', 'as is', 'as is', ['transfer-encoding-unknown']],
    ['', 'as is', 'as is', []],
  ])('%j of %j', (encoding, body, content, defects) => {
    const part = withBody(
      ['Content-Type: application/octet-stream', `Content-Transfer-Encoding: ${encoding}`],
      body,
    );
    expect(codes(part)).toEqual([]);
    expect(latin1(part.content())).toBe(content);
    expect(codes(part)).toEqual(defects);
    expect(part.content()).toBe(part.content());
  });

  test('where its defects are, in octets of the message', () => {
    const part = withBody(['Content-Transfer-Encoding: base64'], 'aGVs\r\n!bG8=');
    part.content();
    expect(part.defects[0]).toMatchObject({ code: 'base64-damaged', offset: part.bodyStart + 6 });
  });

  test('is undone in the text of an S/MIME signature too', () => {
    const part = withBody(
      ['Content-Type: application/pkcs7-signature; name=smime.p7s', 'Content-Transfer-Encoding: Base64'],
      'MIAG',
    );
    expect([...part.content()]).toEqual([0x30, 0x80, 0x06]);
  });
});

describe('text', () => {
  const japanese = octets('\x1b$B$3$s\x1b(B\r\n');
  test.each([
    ['iso-2022-jp', japanese, 'こん\r\n', []],
    ['"ISO-2022-JP"', japanese, 'こん\r\n', []],
    ['shift_jis', octets('\x82\xb1'), 'こ', []],
    ['euc-jp', octets('\xa4\xb3'), 'こ', []],
    ['utf-8', bytesFromUtf8('é'), 'é', []],
    ['utf-8', octets('\xe9'), '\ufffd', ['charset-damaged']],
    ['iso-2022-jp', octets('\x1b$B$'), '\ufffd', ['charset-damaged']],
    ['x-unknown', bytesFromUtf8('é'), 'é', ['charset-unknown']],
    ['x-unknown', octets('\xe9\x80'), 'é€', ['charset-unknown']],
    ['us-ascii', octets('\xe9'), 'é', ['charset-missing']],
    ['us-ascii', octets('plain'), 'plain', []],
    [undefined, octets('plain'), 'plain', []],
    [undefined, bytesFromUtf8('é'), 'é', ['charset-missing']],
    [undefined, octets('\xe9'), 'é', ['charset-missing']],
    [undefined, japanese, 'こん\r\n', ['charset-missing']],
    ['us-ascii', japanese, 'こん\r\n', ['charset-missing']],
  ])('charset %j, %#', (charset, body, text, defects) => {
    const part = withBody(
      [`Content-Type: text/plain${charset === undefined ? '' : `; charset=${charset}`}`],
      body,
    );
    expect(part.text()).toBe(text);
    expect(codes(part)).toEqual(defects);
  });

  test('long ASCII in any charset', () => {
    const line = 'x'.repeat(10_000);
    expect(withBody(['Content-Type: text/plain; charset=iso-8859-15'], line).text()).toBe(line);
    expect(withBody(['Content-Type: text/plain; charset=utf-16be'], '\0x'.repeat(100)).text()).toBe(
      'x'.repeat(100),
    );
  });
});

describe('names', () => {
  test.each([
    [['Content-Disposition: attachment; filename=a.txt', 'Content-Type: text/plain; name=b.txt'], 'a.txt'],
    [['Content-Disposition: attachment', 'Content-Type: text/plain; name="=?utf-8?B?6KaL?="'], '見'],
    [["Content-Disposition: attachment; filename*=iso-2022-jp''%1B$B8+%1B%28B"], '見'],
    [['Content-Disposition: attachment; filename="\x1b$B8+\x1b(B.txt"'], '見.txt'],
    [['Content-Type: text/plain'], undefined],
  ])('%j', (fields, filename) => {
    expect(withBody(fields, '').filename).toBe(filename);
  });

  test('a disposition that is not there', () => {
    expect(withBody(['Subject: x'], '').contentDisposition).toBeUndefined();
  });
});

test('a Buffer is taken as the octets that it is, and gives plain arrays', () => {
  const buffer = Buffer.from('A: b\r\n\r\nbody');
  const { bodyBytes } = parseMessage(buffer);
  expect(bodyBytes.constructor).toBe(Uint8Array);
  expect(bodyBytes.buffer).toBe(buffer.buffer);
});
