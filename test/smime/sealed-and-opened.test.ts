import { describe, expect, test } from 'vitest';
import { composeMessage } from '../../src/mime/compose/compose.js';
import { compressMessage } from '../../src/smime/compress/compress-message.js';
import { type EncryptMessageOptions, encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { withLf } from '../support/mime-corpus.js';
import { issue, testKey } from '../support/pki.js';
import { relays } from '../support/relays.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

const bob = issue({
  name: 'Bob',
  key: testKey('rsa', 'Bob reads'),
  issuer: intermediate,
  emails: ['bob@example.net'],
  keyUsage: ['keyEncipherment'],
});
const carol = issue({
  name: 'Carol',
  key: testKey('p256', 'Carol reads'),
  issuer: intermediate,
  emails: ['carol@example.net'],
  keyUsage: ['keyAgreement'],
});
const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime: now })];
const message = composeMessage({
  from: { name: '山田', address: 'alice@example.jp' },
  to: ['bob@example.net', 'carol@example.net'],
  subject: '極秘の件',
  date: now,
  text: 'From 山田 \r\n.\r\n',
  html: '<p>From 山田</p>',
  attachments: [{ content: new Uint8Array([0, 13, 10, 255]), filename: '表.bin' }],
  headers: [['Keywords', 'secret']],
});
const options: EncryptMessageOptions = {
  recipients: [{ certificate: bob.certificate }, { certificate: carol.certificate }],
  sign: { signers },
  headerProtection: true,
  at: now,
  roots,
  pool: [intermediate.certificate],
};
const keys = await Promise.all(
  [bob, carol].map(async (each) => ({ privateKey: await privateKeyOf(each), certificate: each.certificate })),
);

describe('a message that is signed and encrypted with its header protected', () => {
  const ciphers = ['aes128-cbc', 'aes256-gcm', 'chacha20-poly1305'] as const;

  test.each(ciphers)('opens verified for each recipient, its subject inside: %s', async (cipher) => {
    const [sealed] = await encryptMessage(message, { ...options, cipher });
    expect(Buffer.from(sealed!.message).toString('latin1')).not.toContain('Keywords');
    for (const key of keys) {
      const report = await openMessage(sealed!.message, { keys: [key], roots, at: now });
      expect(report.reasons.filter(({ severity }) => severity === 'failure')).toEqual([]);
      expect(report.verified).toBe(true);
      expect(report.layers.map(({ kind }) => kind)).toEqual(['envelope', 'seal']);
      expect(report.headers.scheme).toBe('cipher');
      expect(report.headers.get('subject')?.text).toBe('極秘の件');
      expect(report.headers.get('keywords')?.text).toBe('secret');
      expect(report.headers.outer.get('subject')?.text).toBe('[...]');
      expect(report.headers.fromDiffers).toBe(false);
      const [piece] = report.pieces;
      expect(piece?.unauthenticated).toBe(false);
      expect(piece?.content.text).toBe('From 山田 \r\n.\r\n');
    }
  });

  test('in either form of signature, after every relay, and with LF', async () => {
    for (const [i, [, relay]] of relays.entries()) {
      const form = i % 2 === 0 ? 'detached' : 'opaque';
      const [sealed] = await encryptMessage(withLf(message), { ...options, sign: { signers, form } });
      const report = await openMessage(relay(sealed!.message), { keys, roots, at: now });
      expect(report.verified).toBe(true);
      expect(report.headers.get('subject')?.text).toBe('極秘の件');
    }
  });

  test('shy hides names outside, and they are there inside', async () => {
    const [sealed] = await encryptMessage(message, { ...options, headerProtection: 'shy' });
    const { headers, verified } = await openMessage(sealed!.message, { keys, roots, at: now });
    expect(headers.outer.get('from')?.value).toBe('alice@example.jp');
    expect(headers.get('from')?.text).toBe('山田 <alice@example.jp>');
    expect(verified).toBe(true);
  });
});

describe('layers upon layers', () => {
  test('RFC 2634 §1.1: a triple wrap is signed, encrypted and signed again', async () => {
    const [inner] = await encryptMessage(message, { ...options, headerProtection: false });
    const wrapped = await signMessage(inner!.message, { signers });
    const report = await openMessage(wrapped, { keys, roots, at: now });
    expect(report.layers.map(({ kind }) => kind)).toEqual(['seal', 'envelope', 'seal']);
    expect(report.verified).toBe(true);
  });

  test('compressed, then signed, then encrypted', async () => {
    const compressed = await compressMessage(message);
    const [sealed] = await encryptMessage(compressed, { ...options, headerProtection: false });
    const report = await openMessage(sealed!.message, { keys, roots, at: now });
    expect(report.layers.map(({ kind }) => kind)).toEqual(['envelope', 'seal', 'envelope']);
    expect(report.pieces[0]?.content.text).toBe('From 山田 \r\n.\r\n');
  });

  test('what is decrypted is a message again that can be sealed anew', async () => {
    const [sealed] = await encryptMessage(message, { ...options, headerProtection: false });
    const { message: inner } = await decryptMessage(sealed!.message, { keys });
    const [again] = await encryptMessage(inner, { recipients: options.recipients, at: now });
    const report = await openMessage(again!.message, { keys, roots, at: now });
    expect(report.layers.map(({ kind }) => kind)).toEqual(['envelope', 'seal']);
    expect(report.verified).toBe(true);
  });
});
