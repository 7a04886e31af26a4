import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { safeEntity } from '../../src/smime/entity/safe-entity.js';
import { splitMessage } from '../../src/smime/entity/split-message.js';
import { protectCipher } from '../../src/smime/header-protection/protect-header.js';
import { expectLinear } from '../support/linear-time.js';
import { octets } from '../support/sign-message.js';

function prepared(message: string, transport: '7bit' | '8bit' = '7bit'): string {
  const { octets: entity, unsafe } = safeEntity(parseMessage(octets(message)), transport);
  expect(unsafe).toBeUndefined();
  return latin1FromBytes(entity);
}

describe('an entity that is prepared for sealing', () => {
  test('RFC 8551 §3.1: has the Content fields alone, and says what it is', () => {
    expect(prepared('From: a@example.jp\r\nMIME-Version: 1.0\r\n\r\nText\r\n')).toBe(
      'Content-Type: text/plain; charset="us-ascii"\r\n\r\nText\r\n',
    );
    const said = 'Content-Type: text/html; charset=utf-8\r\nContent-Language: ja\r\n\r\n<p>x</p>\r\n';
    expect(prepared(`Subject: s\r\n${said}`)).toBe(said);
  });

  test('RFC 8551 §3.1.1: has CRLF for all line ends', () => {
    const parts =
      'Content-Type: multipart/mixed; boundary=b\r\n\r\nover\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n\r\n--b--\r\nout\r\n';
    expect(prepared(parts.replaceAll('\r\n', '\n'))).toBe(parts);
    expect(prepared(parts)).toBe(parts);
  });

  test('RFC 8551 §3.1.3: has no octet above 127, no blanks at the ends of lines, no From_ line and no dot at a start', () => {
    const body = 'caf\xe9\r\nFrom here \r\n.\r\n..\r\nend';
    const entity = prepared(`Content-Type: text/plain; charset=iso-8859-1\r\n\r\n${body}`);
    expect(entity).toBe(
      'Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9\r\n=46rom here=20\r\n=2E\r\n=2E.\r\nend',
    );
    expect(latin1FromBytes(parseMessage(octets(entity)).content())).toBe(body);
  });

  test('what is not text becomes base64, octet for octet', () => {
    const data = '\x00\x01\r\x02\n\xff';
    const entity = prepared(`Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n${data}`);
    expect(entity).toMatch(
      /^Content-Type: image\/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAENAgr\/\r\n$/,
    );
  });

  test('text of two octets a character becomes base64, and its line ends stay', () => {
    const utf16 = 'A\0\n\0B\0';
    const entity = prepared(
      `Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: binary\r\n\r\n${utf16}`,
    );
    expect(entity).toContain('Content-Transfer-Encoding: base64\r\n\r\nQQAKAEIA\r\n');
  });

  test('a part that is safe stays as it is beside one that is not', () => {
    const safe = 'Content-Type: text/plain;\r\n\tcharset=us-ascii\r\nX-Own: 1\r\n\r\nas it was\r\n';
    const entity = prepared(
      `Content-Type: multipart/mixed; boundary="b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b\r\n${safe}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9\r\n--b--\r\n`,
    );
    expect(entity).toContain(`--b\r\n${safe}\r\n--b\r\n`);
    expect(entity).toContain('Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9\r\n--b--\r\n');
    expect(entity).toContain('boundary="b"\r\nContent-Transfer-Encoding: 7bit\r\n');
  });

  test('a message inside is prepared part by part, and its header too', () => {
    const entity = prepared(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: caf\xc3\xa9 \r\nContent-Type: text/plain; charset=utf-8; name="\xc3\xa9"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9\r\n',
    );
    expect(entity).toBe(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject: =?utf-8?B?Y2Fmw6k=?=\r\nContent-Type: text/plain; charset="utf-8"; name*=utf-8\'\'%C3%A9\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9\r\n',
    );
  });

  test('RFC 1847 §2.1: what another signature covers is never touched', () => {
    const inner =
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nblank \r\nFrom me\r\n--s\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=\r\n--s--\r\n';
    const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${inner}\r\n--b--\r\n`;
    expect(prepared(message)).toBe(message);
    expect(prepared(message.replaceAll('\r\n', '\n'))).toBe(message);
  });

  test('what another signature covers and is not 7-bit is told', () => {
    const signed = (text: string): string =>
      `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\r\n\r\n--s\r\n\r\n${text}\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--\r\n`;
    const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n${signed('\xe9')}\r\n--b--\r\n`;
    expect(safeEntity(parseMessage(octets(message))).unsafe).toBe('2');
    expect(safeEntity(parseMessage(octets(message)), '8bit').unsafe).toBeUndefined();
  });

  test('encoded text whose lines a server might change is encoded anew', () => {
    const entity = prepared(
      'Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nFrom =\r\nme=\r\n.\r\n',
    );
    expect(entity).toContain('\r\n\r\n=46rom me.\r\n');
  });

  test('encoding anew never makes a delimiter of what it stands in', () => {
    const entity = prepared(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=2D-b\r\n.\r\n--b--\r\n',
    );
    const [part, ...more] = parseMessage(octets(entity)).parts;
    expect(more).toEqual([]);
    expect(latin1FromBytes(part!.content())).toBe('--b\r\n.');
  });

  test('a multipart that nothing closed is closed', () => {
    expect(prepared('Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n')).toBe(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n\r\n--b--\r\n',
    );
  });

  test('a text around the parts that a server might change is left out', () => {
    expect(
      prepared('Content-Type: multipart/mixed; boundary=b\r\n\r\nFrom x\r\n--b\r\n\r\none\r\n--b--\r\n.\r\n'),
    ).toBe('Content-Type: multipart/mixed; boundary=b\r\n\r\n\r\n--b\r\n\r\none\r\n--b--\r\n');
  });

  test('a field with a word that no line can hold is told', () => {
    const long = `Content-Type: text/plain\r\nContent-X: ${'x'.repeat(1200)}\r\n\r\nx\r\n`;
    const { octets: entity, unsafe } = safeEntity(parseMessage(octets(long)));
    expect([latin1FromBytes(entity), unsafe]).toEqual([long, '']);
  });

  test('a CR in a field ends no line', () => {
    const entity = prepared('Content-Type: text/plain\r\nContent-Description: a\rX-Evil: b\r\n\r\nx\r\n');
    expect(parseMessage(octets(entity)).headers.get('x-evil')).toBeUndefined();
    expect(entity).not.toMatch(/\r(?!\n)/);
  });

  test('8bit for a way that takes it: text goes as it is, and says so', () => {
    const entity = prepared('Content-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xa9\r\n', '8bit');
    expect(entity).toBe(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9\r\n',
    );
  });
});

describe('preparing takes time that grows with the input alone', () => {
  const cases: readonly (readonly [name: string, message: (size: number) => string])[] = [
    [
      'of parts',
      (size) =>
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n.\xe9\r\n'.repeat(size / 11)}--b--`,
    ],
    ['of fields', (size) => `${'Content-X: caf\xc3\xa9\r\n'.repeat(size / 18)}\r\nx`],
    ['of one field', (size) => `Content-X: ${'a \r\n '.repeat(size / 5)}x\r\n\r\nx`],
    ['of blanks in a field', (size) => `Content-X: a${' '.repeat(size)}b\r\n\r\nx`],
    ['of CRs', (size) => `Content-X: a\r\n\r\n${'\r'.repeat(size)}`],
    ['of blanks', (size) => `Content-X: a\r\n\r\n${' '.repeat(size)}`],
    [
      'of delimiters alone',
      (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(size / 5)}`,
    ],
  ];

  test.each(cases)('%s', (_, message) => {
    const options = { limits: { parts: 1e7, headers: 1e7, headerOctets: 1e8 } };
    expectLinear((size) => {
      const given = octets(message(size));
      return () => safeEntity(parseMessage(given, options));
    }, 40_000);
  });

  test('of HTML with a legacy display', () => {
    expectLinear((size) => {
      const given = octets(`Subject: s\r\nContent-Type: text/html\r\n\r\n${'<body '.repeat(size / 6)}`);
      return () => {
        const split = splitMessage(given);
        safeEntity(split.content, '7bit', protectCipher(split, 'baseline', true).changes);
      };
    }, 40_000);
  });
});
