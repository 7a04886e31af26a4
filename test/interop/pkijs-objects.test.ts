import { webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadPeer } from '../../bench/peers/load.mjs';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { EnvelopedData, parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData, type SignedData } from '../../src/cms/signed/signed-data.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { equalBytes } from '../../src/core/bytes.js';
import {
  certificateFromPkijs,
  envelopedDataFromPkijs,
  type PkijsClass,
  signedDataFromPkijs,
  toPkijs,
} from '../../src/pki/pkijs.js';
import { errorCode } from '../crypto/support.js';
import { issue, testKey } from '../support/pki.js';
import { describeWith } from '../support/requirement.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';
import { content } from '../support/sign-verdicts.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

/** What there is of the package; its own types are not within the tests' reach. */
type Package = Awaited<ReturnType<typeof loadPeer>>;

const handOver = (value: Parameters<typeof toPkijs>[0], pkijsClass: PkijsClass<Package>): Package =>
  toPkijs(value, pkijsClass);

const installed = existsSync(new URL('../../bench/peers/node_modules/pkijs', import.meta.url));

/** Has a key that pkijs can encrypt for. */
const bob = issue({
  name: 'Bob',
  key: testKey('rsa', 'bob of pkijs'),
  issuer: intermediate,
  emails: ['bob@example.jp'],
});

async function ours(detached: boolean): Promise<SignedData> {
  const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];
  return parseSignedData(await createSignedData({ content, detached, signers }));
}

async function answers(signedData: SignedData): Promise<readonly (string | undefined)[]> {
  const verdicts = await verifySignedData(signedData, {
    content,
    roots,
    certificates: [intermediate.certificate],
    at: now,
  });
  expect(verdicts).toHaveLength(1);
  return [verdicts[0]?.content, verdicts[0]?.signature, verdicts[0]?.trust];
}

const good = ['intact', 'valid', 'trusted'];

describeWith('pkijs in bench/peers', installed, () => {
  describe('SignedData', () => {
    test.each([true, false])(
      'ours goes to pkijs, which verifies it, and back (detached: %s)',
      async (detached) => {
        const pkijs = await loadPeer('pkijs');
        const theirs = handOver(await ours(detached), pkijs.SignedData);
        expect(theirs.className).toBe('SignedData');
        const data = detached ? { data: content.slice().buffer } : {};
        expect(await theirs.verify({ signer: 0, checkChain: false, ...data })).toBe(true);
        expect(await answers(signedDataFromPkijs(theirs))).toEqual(good);
        const contentInfo = new pkijs.ContentInfo({
          contentType: '1.2.840.113549.1.7.2',
          content: theirs.toSchema(true),
        });
        expect(await answers(signedDataFromPkijs(contentInfo))).toEqual(good);
      },
    );

    test('one that pkijs signed is verified here', async () => {
      const pkijs = await loadPeer('pkijs');
      const certificate = handOver(alice.certificate, pkijs.Certificate);
      const signedData = new pkijs.SignedData({
        encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: '1.2.840.113549.1.7.1' }),
        certificates: [certificate],
        signerInfos: [
          new pkijs.SignerInfo({
            version: 1,
            sid: new pkijs.IssuerAndSerialNumber({
              issuer: certificate.issuer,
              serialNumber: certificate.serialNumber,
            }),
          }),
        ],
      });
      const pkcs8 = alice.key.privateKey.export({ type: 'pkcs8', format: 'der' });
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
      await signedData.sign(key, 0, 'SHA-256', content.slice().buffer);
      expect(await answers(signedDataFromPkijs(signedData))).toEqual(good);
      const altered = await verifySignedData(signedDataFromPkijs(signedData), {
        content: new Uint8Array(3),
        at: now,
      });
      expect(altered[0]?.content).toBe('altered');
    });
  });

  describe('EnvelopedData', () => {
    test('ours goes to pkijs, which decrypts it, and back', async () => {
      const pkijs = await loadPeer('pkijs');
      const transport = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
      const made = await createEnvelopedData({
        content,
        cipher: 'aes256-cbc',
        recipients: [{ certificate: bob.certificate, transport }],
      });
      const enveloped = parseEnvelopedData(made);
      if (!(enveloped instanceof EnvelopedData)) throw new Error('it is no EnvelopedData');
      const theirs = handOver(enveloped, pkijs.EnvelopedData);
      const pkcs8 = bob.key.privateKey.export({ type: 'pkcs8', format: 'der' });
      const decrypted = await theirs.decrypt(0, {
        recipientCertificate: handOver(bob.certificate, pkijs.Certificate),
        recipientPrivateKey: Uint8Array.from(pkcs8).buffer,
      });
      expect(new Uint8Array(decrypted)).toEqual(content);
      const keys = [{ privateKey: await privateKeyOf(bob), certificate: bob.certificate }];
      const opened = await openEnveloped(envelopedDataFromPkijs(theirs), { keys });
      expect(opened.content).toEqual(content);
    });

    test('one that pkijs encrypted is opened here', async () => {
      const pkijs = await loadPeer('pkijs');
      const certificate = handOver(bob.certificate, pkijs.Certificate);
      const theirs = new pkijs.EnvelopedData();
      theirs.addRecipientByCertificate(certificate, { oaepHashAlgorithm: 'SHA-256' });
      await theirs.encrypt({ name: 'AES-CBC', length: 256 }, content.slice().buffer);
      const keys = [{ privateKey: await privateKeyOf(bob), certificate: bob.certificate }];
      const opened = await openEnveloped(envelopedDataFromPkijs(theirs), { keys });
      expect(opened.content).toEqual(content);
      expect(opened.authenticated).toBe(false);
    });
  });

  test('a Certificate goes there and back, octet for octet', async () => {
    const pkijs = await loadPeer('pkijs');
    const theirs = handOver(alice.certificate, pkijs.Certificate);
    expect(equalBytes(certificateFromPkijs(theirs).bytes, alice.certificate.bytes)).toBe(true);
  });

  test('another class, an unfinished object and what is none are refused with their codes', async () => {
    const pkijs = await loadPeer('pkijs');
    const certificate = handOver(alice.certificate, pkijs.Certificate);
    expect(errorCode(() => signedDataFromPkijs(certificate))).toBe('cms-wrong-type');
    expect(errorCode(() => envelopedDataFromPkijs(certificate))).toBe('cms-wrong-type');
    const enveloped = new pkijs.ContentInfo({
      contentType: '1.2.840.113549.1.7.2',
      content: handOver(await ours(true), pkijs.SignedData).toSchema(),
    });
    expect(errorCode(() => envelopedDataFromPkijs(enveloped))).toBe('cms-wrong-type');
    expect(errorCode(() => signedDataFromPkijs(new pkijs.SignedData({ signerInfos: [{}] })))).toBe('usage');
    expect(errorCode(() => handOver(alice.certificate, pkijs.SignedData))).toBe('cms-unsupported');
  });
});

test('what is no object or class of pkijs is the caller’s fault', () => {
  for (const object of [undefined, null, {}, 'SignedData']) {
    expect(errorCode(() => signedDataFromPkijs(object as never))).toBe('usage');
    expect(errorCode(() => toPkijs(alice.certificate, object as never))).toBe('usage');
    expect(errorCode(() => toPkijs(object as never, { prototype: 0, fromBER: () => 1 }))).toBe('usage');
  }
});
