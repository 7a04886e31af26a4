import { describe, expect, test } from 'vitest';
import { createCompressedData } from '../../src/cms/compressed/create-compressed-data.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { createDecryptor, type Decryptor } from '../../src/crypto/transport/decryptor.js';
import { encodeBase64 } from '../../src/encoding/base64.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { holder, putTogether, sealedFor, takeApart } from '../support/envelopes.js';

const at = new Date('2026-07-01T00:00:00Z');

function pkcs7Part(type: string, octets: Uint8Array): string {
  return [
    `Content-Type: application/pkcs7-mime; smime-type=${type}`,
    'Content-Transfer-Encoding: base64',
    '',
    encodeBase64(octets).replace(/.{64}(?!$)/g, '$&\r\n'),
    '',
  ].join('\r\n');
}

function mixed(parts: readonly string[]): Uint8Array {
  const body = parts.map((part) => `--x\r\n${part}\r\n`).join('');
  return bytesFromUtf8(
    `From: a@example.jp\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${body}--x--\r\n`,
  );
}

/** A keeper of a key that counts how often it is used. */
function counting(inner: Decryptor): Decryptor & { uses: number } {
  const counted = {
    uses: 0,
    publicKey: inner.publicKey,
    decryptKey(...args: Parameters<NonNullable<Decryptor['decryptKey']>>) {
      counted.uses++;
      return inner.decryptKey!(...args);
    },
  };
  return counted;
}

describe('a private key is used', () => {
  const oaep = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;

  test.each([
    ['RSA v1.5, once for an envelope', { name: 'rsa-pkcs1' }, 1],
    ['RSAES-OAEP, 64 times for an envelope at most', oaep, 64],
  ] as const)('%s', async (_, transport, most) => {
    const rsa = await holder('rsa');
    const parts = takeApart(await sealedFor([{ certificate: rsa.certificate, transport }]));
    const [info] = parts.recipients;
    const wrong = Uint8Array.from(info!);
    wrong[wrong.length - 1]! ^= 1;
    const envelope = putTogether({ ...parts, recipients: new Array<Uint8Array>(500).fill(wrong) });
    const decryptor = counting(createDecryptor(rsa.privateKey));
    const keys = [{ decryptor, certificate: rsa.certificate }];
    const message = mixed([pkcs7Part('authEnveloped-data', envelope)]);
    const { envelopes } = await openMessage(message, { at, keys });
    expect(envelopes.map(({ error }) => error?.code)).toEqual(['crypto-decryption-failed']);
    expect(decryptor.uses).toBe(most);
  });
});

describe('compressed content', () => {
  const compressed = async (content: Uint8Array): Promise<string> =>
    pkcs7Part('compressed-data', await createCompressedData({ content }));
  const report = (parts: readonly string[], limits = {}) =>
    openMessage(mixed(parts), { at, keys: [], limits });

  test('that is a bomb stays closed, alone and in each of many parts', async () => {
    const bomb = await compressed(new Uint8Array(8_000_000));
    const { envelopes, pieces } = await report(new Array<string>(50).fill(bomb));
    expect(envelopes.map(({ error }) => error?.code)).toEqual(new Array(50).fill('limit-ratio'));
    expect(pieces.every(({ content }) => (content.text ?? '') === '')).toBe(true);
  });

  test('counts in all parts together', async () => {
    const part = await compressed(bytesFromUtf8(`Content-Type: text/plain\r\n\r\n${'x'.repeat(1000)}`));
    const { envelopes } = await report(new Array<string>(10).fill(part), { octets: 6000 });
    const codes = envelopes.map(({ error }) => error?.code);
    expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(6);
    expect(codes.at(-1)).toBe('limit-octets');
  });

  test('within compressed content ends at the limit of depth', async () => {
    let inner = 'Content-Type: text/plain\r\n\r\nat the bottom\r\n';
    for (let depth = 0; depth < 60; depth++) inner = await compressed(bytesFromUtf8(inner));
    const outcome = await report([inner]).then(
      ({ envelopes }) => envelopes.at(-1)?.error?.code,
      (error: { code: string }) => error.code,
    );
    expect(outcome).toMatch(/^limit-/);
  });
});
