import { describe, expect, test } from 'vitest';
import { pgpMimeOf } from '../../../src/mime/bodies/openpgp.js';
import { parseMessage } from '../../../src/mime/message.js';
import { crlf, latin1 } from '../../support/mime.js';

const of = (type: string, ...parts: string[][]) =>
  parseMessage(
    crlf(`Content-Type: ${type}; boundary=b`, '', ...parts.flatMap((part) => ['--b', ...part]), '--b--'),
  );
const control = ['Content-Type: application/pgp-encrypted', '', 'Version: 1'];
const octetStream = ['Content-Type: application/octet-stream', '', '-----BEGIN PGP MESSAGE-----'];
const signature = ['Content-Type: application/pgp-signature', '', '-----BEGIN PGP SIGNATURE-----'];
const text = ['Content-Type: text/plain', '', 'signed  '];

describe('PGP/MIME (RFC 3156)', () => {
  test('signed', () => {
    const message = of(
      'multipart/signed; protocol="application/pgp-signature"; micalg=PGP-SHA512',
      text,
      signature,
    );
    const pgp = pgpMimeOf(message);
    expect(pgp).toMatchObject({ kind: 'signed', micalg: 'sha512' });
    if (pgp?.kind !== 'signed') throw new Error('it is signed');
    expect(latin1(pgp.content.bytes)).toBe('Content-Type: text/plain\r\n\r\nsigned  ');
    expect(latin1(pgp.signature.content())).toBe('-----BEGIN PGP SIGNATURE-----');
  });

  test('encrypted', () => {
    const pgp = pgpMimeOf(
      of('multipart/encrypted; protocol="application/pgp-encrypted"', control, octetStream),
    );
    if (pgp?.kind !== 'encrypted') throw new Error('it is encrypted');
    expect(latin1(pgp.control.content())).toBe('Version: 1');
    expect(latin1(pgp.encrypted.content())).toBe('-----BEGIN PGP MESSAGE-----');
    expect(pgp.isMangled).toBe(false);
  });

  test('encrypted, and mangled by a server', () => {
    const pgp = pgpMimeOf(
      of('multipart/mixed', ['Content-Type: text/plain', '', '', ''], control, octetStream),
    );
    expect(pgp).toMatchObject({ kind: 'encrypted', isMangled: true });
  });

  test('keys', () => {
    const message = parseMessage(
      crlf('Content-Type: application/pgp-keys', '', '-----BEGIN PGP PUBLIC KEY BLOCK-----'),
    );
    expect(pgpMimeOf(message)).toEqual({ kind: 'keys', keys: message });
  });

  test.each([
    ['S/MIME', of('multipart/signed', text, ['Content-Type: application/pkcs7-signature', '', ''])],
    ['a part beside the signed one', of('multipart/signed', text, text, signature)],
    ['a part after the signature', of('multipart/signed', text, signature, text)],
    ['the signature alone', of('multipart/signed', signature)],
    ['encrypted without its control part', of('multipart/encrypted', octetStream, control)],
    ['encrypted with more', of('multipart/encrypted', control, octetStream, text)],
    ['mixed with a text', of('multipart/mixed', text, control, octetStream)],
    ['plain text', parseMessage(crlf('', 'text'))],
  ])('%s is none', (_, message) => {
    expect(pgpMimeOf(message)).toBeUndefined();
  });
});
