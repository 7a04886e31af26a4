import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { defaultSignatureAlgorithm } from '../../src/crypto/signatures/sign.js';
import { parseMessage } from '../../src/mime/message.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { certsOnlyMessage } from '../../src/smime/sign/certs-only-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { OpenSsl } from '../support/peers/openssl.js';
import { makePeople, type People } from '../support/peers/people.js';
import { describeProgram } from '../support/programs.js';
import { content } from './sealing/content.js';

// The tables exchange CMS; here OpenSSL does the MIME around it, too.
describeProgram('openssl', () => {
  let people: People;
  let openssl: OpenSsl;
  beforeAll(async () => {
    people = await makePeople();
    openssl = new OpenSsl(people);
  });
  afterAll(() => openssl?.close());

  const header = 'From: rsa@example.jp\r\nTo: p256@example.jp\r\nSubject: Friday\r\n';
  const text = 'Bis Freitag, möglichst früh.\r\n';
  const message = bytesFromUtf8(`${header}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`);
  const verify = ['-verify', '-CAfile', 'root.pem', '-purpose', 'smimesign'];
  const names = ['-from', 'rsa@example.jp', '-to', 'p256@example.jp', '-subject', 'Friday'];

  describe.each(['detached', 'opaque'] as const)('%s', (form) => {
    test('it verifies our message, and reads what we encrypted of it', async () => {
      const sign = {
        form,
        signers: [{ ...people.rsa, chain: [people.authority] }],
        signingTime: new Date(),
      };
      const shown = (octets: Uint8Array): string => parseMessage(octets).text();
      const signed = await signMessage(message, sign);
      expect(shown(openssl.message(...verify)(signed))).toBe(text);
      for (const cipher of ['aes256-cbc', 'aes256-gcm'] as const) {
        const [made] = await encryptMessage(message, {
          recipients: [people.p256],
          sign,
          cipher,
          headerProtection: true,
          at: new Date(),
        });
        const inner = openssl.message('-decrypt', ...openssl.keyOf(people.p256, '-recip'))(made!.message);
        expect(shown(openssl.message(...verify)(inner))).toContain(text);
      }
    });

    test('we open what it signed and encrypted', async () => {
      const inner = openssl.message(
        ...['-sign', ...openssl.keyOf(people.rsa, '-signer'), '-certfile', 'authority.pem'],
        ...(form === 'opaque' ? ['-nodetach'] : []),
      )(bytesFromUtf8(`Content-Type: text/plain; charset=utf-8\n\n${text.replace('\r', '')}`));
      for (const cipher of ['-aes-256-cbc', '-aes-256-gcm']) {
        const sealed = openssl.message('-encrypt', cipher, ...names, '-recip', 'p256.pem')(inner);
        const report = await openMessage(sealed, {
          keys: [people.p256],
          roots: [people.root],
          at: new Date(),
        });
        expect(report.reasons).toEqual([]);
        expect(report.verified).toBe(true);
        expect(report.pieces.map(({ root }) => root.text())).toEqual([text]);
        expect(report.envelopes[0]!.authenticated).toBe(cipher.endsWith('gcm'));
      }
    });
  });

  test('it lists the certificates of our certs-only message', async () => {
    const made = certsOnlyMessage({ certificates: [people.rsa.certificate, people.authority] });
    const [read] = [parseMessage(made).content()];
    expect(await openssl.readCertsOnly(read!)).toEqual(
      expect.arrayContaining([people.rsa.certificate.bytes, people.authority.bytes]),
    );
    expect(openssl.message('-cmsout', '-noout')(made)).toHaveLength(0);
  });

  // OpenSSL 3.0 has these signatures, but not in CMS: what they are over is put before it.
  test.each(['ed25519', 'ed448'] as const)('its pkeyutl finds our %s signature good', async (name) => {
    const { certificate, privateKey } = people[name];
    const algorithm = defaultSignatureAlgorithm(privateKey.publicKey);
    const octets = await createSignedData({ content, signers: [{ certificate, privateKey, algorithm }] });
    const [signer] = parseSignedData(octets).signers;
    const [form] = signer!.signedAttributesForms();
    expect(openssl.isSignature(name, form!.octets, signer!.signature)).toBe(true);
    expect(openssl.isSignature(name, content, signer!.signature)).toBe(false);
  });
});
