import { describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { expectLinearReading } from './linear.js';
import { readAs } from './shapes.js';

const octets = bytesFromLatin1;
const read = (message: Uint8Array): Promise<unknown> => readAs('message', message);

/** Multiparts inside one another, each with a boundary of its own or all with the same. */
function multiparts(depth: number, same: boolean, subtype = 'mixed'): string {
  const boundary = (level: number): string => (same ? 'b' : `b${level}`);
  const header = (level: number): string =>
    `Content-Type: multipart/${subtype}; protocol="application/pkcs7-signature"; boundary="${boundary(level)}"\r\n\r\n`;
  let text = '';
  for (let level = 0; level < depth; level++) text += `${header(level)}--${boundary(level)}\r\n`;
  return `From: a@example.jp\r\n${text}\r\nend\r\n`;
}

describe('depth of 10,000', () => {
  const deep = 10_000;
  test.each([
    ['multiparts', multiparts(deep, false)],
    ['multiparts of one boundary', multiparts(deep, true)],
    ['multipart/signed', multiparts(deep, false, 'signed')],
    ['messages', `From: a@example.jp\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(deep)}end\r\n`],
    ['comments', `From: ${'('.repeat(deep)}${')'.repeat(deep)} a@example.jp\r\n\r\n`],
    ['comments that never end', `From: ${'('.repeat(deep)} a@example.jp\r\n\r\n`],
    ['groups', `From: ${'a:'.repeat(deep)} a@example.jp${';'.repeat(deep)}\r\n\r\n`],
    ['angle brackets', `From: ${'<'.repeat(deep)}a@example.jp${'>'.repeat(deep)}\r\n\r\n`],
    ['encoded words', `Subject: ${'=?utf-8?Q?'.repeat(deep)}${'?='.repeat(deep)}\r\n\r\n`],
  ])('%s', async (_, text) => {
    expect(['report', 'error']).toContain(await read(octets(text)));
  });
});

const shapes: Readonly<Record<string, readonly [size: number, make: (size: number) => string]>> = {
  'header fields': [2_000, (size) => 'X: y\r\n'.repeat(size)],
  'octets of a header field': [200_000, (size) => `From: ${'a'.repeat(size)}\r\n\r\n`],
  'folds of a header field': [50_000, (size) => `Subject: ${'a\r\n '.repeat(size)}\r\n\r\n`],
  'lines that are no field': [50_000, (size) => `From: a@example.jp\r\n${'no field\r\n'.repeat(size)}\r\n`],
  addresses: [20_000, (size) => `From: ${'a@example.jp, '.repeat(size)}\r\n\r\n`],
  'address commas': [100_000, (size) => `From: ${','.repeat(size)}\r\n\r\n`],
  'open angle brackets': [100_000, (size) => `From: ${'<'.repeat(size)}\r\n\r\n`],
  'open comments': [100_000, (size) => `From: ${'('.repeat(size)}\r\n\r\n`],
  'open comments in a content type': [100_000, (size) => `Content-Type: ${'('.repeat(size)}\r\n\r\n`],
  'quotes and backslashes': [100_000, (size) => `From: "${'\\"'.repeat(size)}\r\n\r\n`],
  'at signs': [100_000, (size) => `From: ${'@'.repeat(size)}\r\n\r\n`],
  'encoded words': [20_000, (size) => `Subject: ${'=?utf-8?Q?a?= '.repeat(size)}\r\n\r\n`],
  'beginnings of encoded words': [50_000, (size) => `Subject: ${'=?'.repeat(size)}\r\n\r\n`],
  'half encoded words': [20_000, (size) => `Subject: ${'=?utf-8?Q?a'.repeat(size)}\r\n\r\n`],
  'escapes of ISO-2022-JP in a field': [50_000, (size) => `Subject: ${'\x1b$B\x1b(B'.repeat(size)}\r\n\r\n`],
  parameters: [20_000, (size) => `Content-Type: text/plain${'; a=b'.repeat(size)}\r\n\r\n`],
  'continued parameters': [
    10_000,
    (size) =>
      `Content-Type: text/plain${Array.from({ length: size }, (_, i) => `; name*${i}*=%41`).join('')}\r\n\r\n`,
  ],
  'continuations in reverse': [
    10_000,
    (size) =>
      `Content-Type: text/plain${Array.from({ length: size }, (_, i) => `; name*${size - i}=a`).join('')}\r\n\r\n`,
  ],
  'white space in a field': [200_000, (size) => `Content-Type: text/plain;${' '.repeat(size)}x\r\n\r\n`],
  'white space in a date': [100_000, (size) => `Date: Sun,${' '.repeat(size)}22 Nov 2026 x\r\n\r\n`],
  parts: [2_000, (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(size)}`],
  'signed parts': [
    20,
    (size) =>
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: application/pkcs7-mime\r\n\r\n0\r\n'.repeat(size)}`,
  ],
  'lines that begin as a delimiter': [
    50_000,
    (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--c\r\n'.repeat(size)}`,
  ],
  dashes: [200_000, (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'-'.repeat(size)}`],
  'blanks after a delimiter': [
    200_000,
    (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b${' '.repeat(size)}x\r\n`,
  ],
  'a boundary': [
    100_000,
    (size) =>
      `Content-Type: multipart/mixed; boundary="${'b'.repeat(size)}"\r\n\r\n--${'b'.repeat(size)}\r\n`,
  ],
  'lines under 50 boundaries': [20_000, (size) => `${multiparts(50, false)}${'--b\r\n'.repeat(size)}`],
  'bare CR': [100_000, (size) => `From: a\r\n\r\n${'\r'.repeat(size)}`],
  'bare LF': [100_000, (size) => `From: a\r\n\r\n${'\n'.repeat(size)}`],
  'quoted-printable soft breaks': [
    50_000,
    (size) => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=\r\n'.repeat(size)}`,
  ],
  'quoted-printable blanks': [
    200_000,
    (size) => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(size)}`,
  ],
  'damaged base64': [100_000, (size) => `Content-Transfer-Encoding: base64\r\n\r\n${'A=*'.repeat(size)}`],
  'escapes of ISO-2022-JP': [
    50_000,
    (size) => `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B\x1b(B'.repeat(size)}`,
  ],
  'halves of kanji': [
    100_000,
    (size) => `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B${'\x21'.repeat(2 * size + 1)}`,
  ],
  'UTF-8 cut short': [
    100_000,
    (size) => `Content-Type: text/plain; charset=utf-8\r\n\r\n${'\xe3'.repeat(size)}`,
  ],
  'signed content': [
    100_000,
    (size) =>
      `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\r\n\r\n--b\r\n\r\n${'a\n'.repeat(size)}\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\n0\r\n--b--\r\n`,
  ],
};

describe('time is linear in', () => {
  test.each(Object.entries(shapes))('%s', async (_, [size, make]) => {
    await expectLinearReading((count) => octets(make(count)), read, size);
  });
});
