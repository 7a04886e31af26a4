import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type BerNode, readBer } from '../../../src/asn1/reader.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import type { ContentCipherName } from '../../../src/cms/enveloped/recipient.js';
import { asBytes } from '../../../src/core/bytes.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import {
  content,
  type HolderName,
  holder,
  opened,
  sealedFor,
  takeApart,
  ways,
} from '../../support/envelopes.js';
import { issue } from '../../support/pki.js';

/** Seals and opens, each with both engines. */
async function thereAndBack(
  way: keyof typeof ways,
  cipher: ContentCipherName = 'aes128-cbc',
): Promise<Uint8Array> {
  const { recipient, key } = await ways[way]!();
  let p7m: Uint8Array | undefined;
  for (const engine of ['native', 'typescript'] as const) {
    p7m = await sealedFor([recipient], { cipher, engine });
    for (const other of ['native', 'typescript'] as const)
      expect(await opened(p7m, [key], { engine: other })).toMatchObject({ content });
  }
  return p7m!;
}

/** The hexadecimal OIDs that the only recipient's keyEncryptionAlgorithm has in it. */
function keyEncryptionOf(p7m: Uint8Array): string {
  const info = readBer(takeApart(p7m).recipients[0]!);
  const algorithm: BerNode = info.children.findLast(
    (each) => each.is(0x30) && each.children[0]?.is(6) === true,
  )!;
  return encodeHex(algorithm.bytes);
}

describe('RFC 8551 §2.3: how content keys are encrypted', () => {
  test('RFC 8551 §2.3: ECDH on P-256 with an ephemeral key, both ways', async () => {
    const p7m = await thereAndBack('p256');
    const [info] = parseEnvelopedData(p7m).recipients;
    expect(info).toMatchObject({ kind: 'key-agreement', originator: { kind: 'originatorKey' } });
  });

  test('RFC 8551 §2.3: X25519 with an ephemeral key and HKDF with SHA-256, both ways', async () => {
    const p7m = await thereAndBack('x25519');
    const [info] = parseEnvelopedData(p7m).recipients;
    expect(info).toMatchObject({ kind: 'key-agreement', originator: { kind: 'originatorKey' } });
    // RFC 8418 §2.2: dhSinglePass-stdDH-hkdf-sha256-scheme is 1.2.840.113549.1.9.16.3.19.
    expect(keyEncryptionOf(p7m)).toContain('060b2a864886f70d0109100313');
  });

  test('RFC 8551 §2.3: RSA with PKCS #1 v1.5, both ways', async () => {
    expect(keyEncryptionOf(await thereAndBack('RSA v1.5'))).toBe('300d06092a864886f70d0101010500');
  });

  test('RFC 8551 §2.3: RSAES-OAEP, both ways', async () => {
    expect(keyEncryptionOf(await thereAndBack('OAEP SHA-256'))).toContain('06092a864886f70d010107');
  });

  test.each<[HolderName]>([['p256'], ['x25519']])(
    'RFC 8551 §2.3: with %s, AES-128 and AES-256 key wraps go with ciphers of their size',
    async (name) => {
      const { certificate, privateKey } = await holder(name);
      const wraps = {
        'aes128-gcm': '05',
        'aes128-cbc': '05',
        'aes256-gcm': '2d',
        'aes256-cbc': '2d',
      } as const;
      for (const [cipher, last] of Object.entries(wraps)) {
        const p7m = await sealedFor([{ certificate }], { cipher: cipher as ContentCipherName });
        expect(keyEncryptionOf(p7m)).toContain(`06096086480165030401${last}`);
        expect(await opened(p7m, [{ privateKey, certificate }])).toMatchObject({ content });
      }
    },
  );
});

describe('RFC 8551 §2.7: ciphers', () => {
  test.each<[ContentCipherName, string]>([
    ['aes128-gcm', 'authEnvelopedData'],
    ['aes256-gcm', 'authEnvelopedData'],
    ['aes128-cbc', 'envelopedData'],
    ['chacha20-poly1305', 'authEnvelopedData'],
  ])('RFC 8551 §2.7: content is encrypted and decrypted with %s', async (cipher, kind) => {
    for (const way of ['RSA v1.5', 'p256']) {
      const p7m = await thereAndBack(way, cipher);
      expect(parseEnvelopedData(p7m).kind).toBe(kind);
    }
  });
});

test('RFC 8551 §4.5: RSA keys of 1,024, 2,048 and 3,072 bits decrypt', async () => {
  for (const modulusLength of [1024, 2048, 3072]) {
    const pair = generateKeyPairSync('rsa', { modulusLength });
    const spki = asBytes(pair.publicKey.export({ type: 'spki', format: 'der' }));
    const privateKey = await parsePrivateKey(
      asBytes(pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
    );
    const { certificate } = issue({ name: 'Bob', key: { kind: 'rsa', privateKey: pair.privateKey, spki } });
    for (const transport of [
      { name: 'rsa-pkcs1' },
      { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' },
    ] as const) {
      const recipients = [{ certificate, transport }];
      const p7m = await createEnvelopedData({ content, recipients, cipher: 'aes128-cbc' });
      expect(await opened(p7m, [{ privateKey, certificate }])).toMatchObject({ content });
    }
  }
});
