import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodePem, encodePem } from '../../src/encoding/pem.js';

const ascii = (text: string) => new TextEncoder().encode(text);
const text = (octets: Uint8Array) => new TextDecoder().decode(octets);
const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('PEM, reading', () => {
  test('several blocks with text between them, each with its place', () => {
    const file = `subject=Test\n${block('CERTIFICATE', 'Zm9v')}\nissuer=Test\n- - -\n${block('PKCS7', 'YmFy\nYmF6')}end`;
    const blocks = decodePem(file);
    expect(blocks.map(({ label, octets, headers }) => [label, text(octets), headers])).toEqual([
      ['CERTIFICATE', 'foo', []],
      ['PKCS7', 'barbaz', []],
    ]);
    for (const { label, offset } of blocks)
      expect(file.slice(offset)).toMatch(new RegExp(`^-----BEGIN ${label}-`));
    expect(decodePem(ascii(file))).toEqual(blocks);
  });

  test.each([
    ['LF', block('CMS', 'Zm9v\nYmFy')],
    ['CRLF', block('CMS', 'Zm9v\nYmFy').replaceAll('\n', '\r\n')],
    ['CR', block('CMS', 'Zm9v\nYmFy').replaceAll('\n', '\r')],
    ['no line end at the end', block('CMS', 'Zm9v\nYmFy').trimEnd()],
    ['one long line', block('CMS', 'Zm9vYmFy')],
    ['a line for each character', block('CMS', [...'Zm9vYmFy'].join('\n'))],
    ['white space around', block('CMS', ' Zm9v \n\t YmFy\t').replaceAll('-----\n', '----- \t\n')],
    ['white space before the dashes', block('CMS', 'Zm9vYmFy').replaceAll(/^---/gm, '  ---')],
    ['empty lines', block('CMS', '\n\nZm9v\n\nYmFy\n\n')],
    ['a byte order mark', `\ufeff${block('CMS', 'Zm9vYmFy')}`],
  ])('%s', (_, file) => {
    expect(decodePem(file).map(({ octets }) => text(octets))).toEqual(['foobar']);
    expect(decodePem(ascii(file)).map(({ octets }) => text(octets))).toEqual(['foobar']);
  });

  test.each([
    'CERTIFICATE',
    'X509 CERTIFICATE',
    'TRUSTED CERTIFICATE',
    'PKCS7',
    'CMS',
    'X509 CRL',
    'RSA PRIVATE KEY',
    'X-Y',
    '',
  ])('label %j', (label) => {
    expect(decodePem(block(label, 'Zm9v'))).toMatchObject([{ label }]);
    expect(decodePem(encodePem(label, ascii('foo')))).toMatchObject([{ label, octets: ascii('foo') }]);
  });

  test('header fields of an old private key, also continued ones', () => {
    const fields = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0102\nX-Long: one\n  two';
    expect(decodePem(block('RSA PRIVATE KEY', `${fields}\n\nZm9v`))).toMatchObject([
      {
        octets: ascii('foo'),
        headers: [
          ['Proc-Type', '4,ENCRYPTED'],
          ['DEK-Info', 'DES-EDE3-CBC,0102'],
          ['X-Long', 'one two'],
        ],
      },
    ]);
  });

  test('no block at all, and an END without BEGIN', () => {
    expect(decodePem('nothing here')).toEqual([]);
    expect(decodePem('')).toEqual([]);
    expect(decodePem('-----END CMS-----\n-----BEGIN-----\n-----BEGIN CMS----\n')).toEqual([]);
  });

  test('an empty block', () => {
    expect(decodePem('-----BEGIN CMS-----\n-----END CMS-----')).toMatchObject([
      { octets: new Uint8Array(0) },
    ]);
  });

  test.each([
    ['no END', 'text\n-----BEGIN CMS-----\nZm9v\n', 5],
    ['another BEGIN', '-----BEGIN CMS-----\nZm9v\n-----BEGIN CMS-----\n', 0],
    ['the END of another label', '-----BEGIN CMS-----\nZm9v\n-----END PKCS7-----\n', 25],
    ['junk in the base64', '-----BEGIN CMS-----\nZm9v\nYm?y\n-----END CMS-----\n', 27],
    ['missing padding', '-----BEGIN CMS-----\nZg\n-----END CMS-----\n', 23],
    ['two padded blocks in one', '-----BEGIN CMS-----\nZg==\nZg==\n-----END CMS-----\n', 25],
  ])('refuses %s', (_, file, offset) => {
    expect(() => decodePem(file)).toThrow(expect.objectContaining({ code: 'pem-malformed', offset }));
    expect(() => decodePem(ascii(file))).toThrow(expect.objectContaining({ code: 'pem-malformed', offset }));
  });

  test('refuses a character that is not ASCII', () => {
    expect(() => decodePem(block('CMS', 'Zm9\u3042'))).toThrow(
      expect.objectContaining({ code: 'pem-malformed', offset: 23 }),
    );
  });
});

describe('PEM, writing', () => {
  test('lines of 64 characters, each ended by LF', () => {
    expect(encodePem('CMS', new Uint8Array(49))).toBe(
      `-----BEGIN CMS-----\n${'A'.repeat(64)}\nAA==\n-----END CMS-----\n`,
    );
    expect(encodePem('CMS', new Uint8Array(48))).toBe(
      `-----BEGIN CMS-----\n${'A'.repeat(64)}\n-----END CMS-----\n`,
    );
    expect(encodePem('CMS', new Uint8Array(0))).toBe('-----BEGIN CMS-----\n-----END CMS-----\n');
  });

  test.each(['-CMS', 'CMS-', 'A--B', 'A  B', ' A', 'A\n', 'é'])('refuses the label %j', (label) => {
    expect(() => encodePem(label, new Uint8Array(3))).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('what it writes is what others read', () => {
    // Not a certificate, but OpenSSL must get as far as the DER inside to say so.
    expect(() => new X509Certificate(encodePem('CERTIFICATE', Uint8Array.of(0x30, 0x00)))).toThrow(
      /asn1|ASN1|too short|FIELD_MISSING|sequence/i,
    );
    expect(
      () => new X509Certificate('-----BEGIN CERTIFICATE-----\nMAA\n-----END CERTIFICATE-----\n'),
    ).toThrow(/PEM|base64/i);
  });
});
