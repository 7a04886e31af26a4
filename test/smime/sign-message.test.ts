import { describe, expect, test } from 'vitest';
import { smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { smimeCapability } from '../../src/cms/smime-capabilities.js';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { composeEntity, composeMessage } from '../../src/mime/compose/compose.js';
import { parseMessage } from '../../src/mime/message.js';
import { addMessageSigners } from '../../src/smime/sign/add-message-signers.js';
import { certsOnlyMessage } from '../../src/smime/sign/certs-only-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { testKey } from '../support/pki.js';
import { octets, toLf } from '../support/sign-message.js';
import { alice, aliceWith, intermediate, mallory, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const chain = [intermediate.certificate];

function signerOf(of = alice, change: Partial<SigningKey> = {}): Promise<SigningKey> {
  return signingKey(of, { chain, ...change });
}

const signers = [await signerOf()];
const message = octets(
  'From: Alice <alice@example.jp>\r\nTo: bob@example.net\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nFrom caf\xc3\xa9 \r\n',
);

async function verified(signed: Uint8Array) {
  return verifyMessage(signed, { roots, at: now });
}

describe('signMessage', () => {
  test('RFC 8551 §3.5.3: a detached signature stands in a multipart/signed with protocol and micalg', async () => {
    const signed = await signMessage(message, { signers, signingTime: now });
    const report = await verified(signed);
    expect(report.reasons).toEqual([]);
    expect(report.verified).toBe(true);
    const { headers, contentType, parts } = parseMessage(signed);
    expect([...headers].map(({ name }) => name)).toEqual([
      'From',
      'To',
      'Subject',
      'MIME-Version',
      'Content-Type',
    ]);
    expect(headers.get('content-type')?.value).toContain('protocol="application/pkcs7-signature"');
    expect(contentType.parameters.get('micalg')).toBe('sha-256');
    // RFC 8551 §3.2.1
    expect(parts[1]?.contentType.mediaType).toBe('application/pkcs7-signature');
    expect(parts[1]?.contentType.parameters.get('name')).toBe('smime.p7s');
    expect(parts[1]?.contentDisposition?.filename).toBe('smime.p7s');
    expect(parts[1]?.transferEncoding).toBe('base64');
    expect(parts[0]?.text()).toBe('From café \r\n');
    expect(latin1FromBytes(signed)).toMatch(/^[\t\r\n -~]*$/);
  });

  test('RFC 5322 §3.6.3: whom Bcc names is shown neither outside nor inside, in no form', async () => {
    const secret = octets(
      `Bcc: Dave\r\n <dave@example.net>\r\nResent-Bcc: dave@example.net\r\n${latin1FromBytes(message)}`,
    );
    const forms = [
      {},
      { form: 'opaque' },
      { headerProtection: true },
      { form: 'opaque', headerProtection: true },
    ] as const;
    for (const form of forms) {
      const signed = await signMessage(secret, { signers, ...form });
      const report = await verified(signed);
      expect(report.verified).toBe(true);
      const [seal] = report.seals;
      const shown = [...parseMessage(signed).headers, ...seal!.entity!.headers].map(({ name }) => name);
      expect(shown).toContain('To');
      expect(shown.filter((name) => /bcc/i.test(name))).toEqual([]);
      expect(latin1FromBytes(signed) + latin1FromBytes(seal!.content!)).not.toContain('dave@');
    }
  });

  test('a message with nothing but Bcc beside its content stays a message', async () => {
    const signed = await signMessage(octets('Bcc: a@example.net\r\nContent-Type: text/plain\r\n\r\nx\r\n'), {
      signers,
    });
    expect([...parseMessage(signed).headers].map(({ name }) => name)).toEqual([
      'MIME-Version',
      'Content-Type',
    ]);
  });

  test('RFC 8551 §3.5.2: an opaque signature is application/pkcs7-mime with its smime-type', async () => {
    const signed = await signMessage(message, { signers, form: 'opaque' });
    const report = await verified(signed);
    expect(report.verified).toBe(true);
    expect(report.seals[0]?.form).toBe('opaque');
    expect(report.seals[0]?.entity?.text()).toBe('From café \r\n');
    const { contentType, contentDisposition, transferEncoding } = parseMessage(signed);
    expect(contentType.mediaType).toBe('application/pkcs7-mime');
    expect(contentType.parameters.get('smime-type')).toBe('signed-data');
    expect(contentType.parameters.get('name')).toBe('smime.p7m');
    expect(contentDisposition?.filename).toBe('smime.p7m');
    expect(transferEncoding).toBe('base64');
  });

  test('RFC 8551 §3.5.3.2: micalg names all digests, with commas; unknown where there is no name', async () => {
    const rsa = aliceWith({ key: testKey('rsa', 'alice rsa') });
    const ed25519 = aliceWith({ key: testKey('ed25519', 'alice ed25519') });
    const ed448 = aliceWith({ key: testKey('ed448', 'alice ed448') });
    const p384 = aliceWith({ key: testKey('p384', 'alice p384') });
    const all = await Promise.all([rsa, ed25519, ed448, p384].map((each) => signerOf(each)));
    const signed = await signMessage(message, { signers: all });
    const micalg = parseMessage(signed).contentType.parameters.get('micalg') ?? '';
    expect(micalg.split(',').sort()).toEqual(['sha-256', 'sha-384', 'sha-512', 'unknown']);
    expect((await verified(signed)).verified).toBe(true);
  });

  test('RFC 8551 §2.5: signing time and capabilities are said unless the signer says otherwise', async () => {
    const signed = await signMessage(message, { signers, signingTime: now });
    const [signer] = (await verified(signed)).seals[0]!.signers;
    expect(signer?.signingTime).toEqual(now);
    expect(smimeCapabilitiesAttribute(signer!.signer.signedAttributes)?.[0]).toEqual(
      smimeCapability('aes256-gcm'),
    );
    const own = [smimeCapability('aes128-cbc')];
    const [other] = (
      await verified(await signMessage(message, { signers: [await signerOf(alice, { capabilities: own })] }))
    ).seals[0]!.signers;
    expect(smimeCapabilitiesAttribute(other!.signer.signedAttributes)).toEqual(own);
    const none = await signMessage(message, { signers: [await signerOf(alice, { capabilities: [] })] });
    const [silent] = (await verified(none)).seals[0]!.signers;
    expect(smimeCapabilitiesAttribute(silent!.signer.signedAttributes)).toBeUndefined();
  });

  test('RFC 8551 §3.8: certificates that are handed over alone are certs-only, and no signature', async () => {
    const handed = certsOnlyMessage({ certificates: [alice.certificate], message });
    const { contentType, contentDisposition, headers } = parseMessage(handed);
    expect(contentType.parameters.get('smime-type')).toBe('certs-only');
    expect(contentType.parameters.get('name')).toBe('smime.p7c');
    expect(contentDisposition?.filename).toBe('smime.p7c');
    expect(headers.get('from')?.value).toBe('Alice <alice@example.jp>');
    expect((await verified(handed)).verified).toBe(false);
    expect(latin1FromBytes(certsOnlyMessage({ certificates: [alice.certificate] }))).toMatch(
      /^MIME-Version: 1\.0\r\nContent-Type: application\/pkcs7-mime/,
    );
  });

  test('a bare entity gives an entity, which a message is composed around', async () => {
    const entity = await signMessage(composeEntity({ text: 'こんにちは' }), { signers });
    expect(latin1FromBytes(entity)).toMatch(/^Content-Type: multipart\/signed/);
    const composed = composeMessage({ from: 'alice@example.jp', subject: 'x', date: now, entity });
    expect((await verified(composed)).verified).toBe(true);
  });

  test('text without any header gives a message', async () => {
    const signed = await signMessage(octets('nothing but text, \r\nin two lines\r\n'), { signers });
    expect(latin1FromBytes(signed)).toMatch(/^MIME-Version: 1\.0\r\nContent-Type: multipart\/signed/);
    const report = await verifyMessage(signed, { roots, at: now, requireIdentity: false });
    expect(report.verified).toBe(true);
    expect(report.message.parts[0]?.text()).toBe('nothing but text, \r\nin two lines\r\n');
  });

  test('what was parsed already gives the same, and a part of a message is refused', async () => {
    const random = (length: number) => new Uint8Array(length).fill(7);
    const key = aliceWith({ key: testKey('rsa', 'alice rsa') });
    const options = { signers: [await signerOf(key)], random };
    expect(await signMessage(parseMessage(message), options)).toEqual(await signMessage(message, options));
    const [part] = parseMessage(await signMessage(message, options)).parts;
    await expect(signMessage(part!, options)).rejects.toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('signing what is signed leaves the inner signature whole', async () => {
    const inner = await signMessage(toLf(message), { signers: [await signerOf(mallory)] });
    for (const form of ['detached', 'opaque'] as const) {
      const report = await verifyMessage(await signMessage(toLf(inner), { signers, form }), {
        roots,
        at: now,
        requireIdentity: false,
      });
      expect(report.seals.map(({ verified: each }) => each)).toEqual([true, true]);
    }
  });

  test('a signer is added to a signed message, in either form, and micalg says so', async () => {
    const bob = aliceWith({ key: testKey('p384', 'alice p384') });
    for (const form of ['detached', 'opaque'] as const) {
      const before = await signMessage(message, { signers, form });
      for (const given of [before, toLf(before), parseMessage(before)]) {
        const both = await addMessageSigners(given, { signers: [await signerOf(bob)], signingTime: now });
        const report = await verified(both);
        expect(report.verified).toBe(true);
        expect(report.seals[0]?.signers.length).toBe(2);
        expect(report.message.headers.get('subject')?.text).toBe('café');
        if (form === 'detached') {
          const micalg = report.message.contentType.parameters.get('micalg') ?? '';
          expect(micalg.split(',').sort()).toEqual(['sha-256', 'sha-384']);
        }
      }
    }
    await expect(addMessageSigners(message, { signers })).rejects.toMatchObject({ code: 'usage' });
    await expect(addMessageSigners(message, {} as never)).rejects.toMatchObject({ code: 'usage' });
    const handed = certsOnlyMessage({ certificates: [alice.certificate] });
    await expect(addMessageSigners(handed, { signers })).rejects.toMatchObject({ code: 'usage' });
  });

  test('RFC 8551 §3.1.3: what cannot be made 7-bit is refused beside its signature, and signed inside', async () => {
    const text = 'From: alice@example.jp\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ncaf\xc3\xa9\r\n';
    const inner = await signMessage(octets(text), { signers, transport: '8bit' });
    await expect(signMessage(inner, { signers })).rejects.toThrow(
      expect.objectContaining({ code: 'smime-content-unsafe' }),
    );
    for (const options of [{ form: 'opaque' }, { transport: '8bit' }] as const) {
      expect((await verified(await signMessage(inner, { signers, ...options }))).verified).toBe(true);
    }
  });

  test('a header that programs read in two ways comes out in one', async () => {
    const signed = await signMessage(
      octets(
        'From: alice@example.jp\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\nno field\r\nX-A: b\rX-C: d\r\n\r\n<b>x</b>\r\n',
      ),
      { signers },
    );
    const report = await verified(signed);
    expect(report.verified).toBe(true);
    expect(report.message.headers.get('x-a')?.value).toBe('b X-C: d');
    expect(report.message.parts[0]?.headers.all('content-type').map(({ value }) => value)).toEqual([
      'text/plain',
    ]);
  });

  test('options that are not what they must be are the caller’s fault', async () => {
    const usage = expect.objectContaining({ code: 'usage' });
    await expect(signMessage(message, undefined as never)).rejects.toThrow(usage);
    await expect(signMessage(message, {} as never)).rejects.toThrow(usage);
    await expect(signMessage(message, { signers: [] })).rejects.toThrow(usage);
    await expect(signMessage(message, { signers, form: 'clear' as never })).rejects.toThrow(usage);
    await expect(signMessage('text' as never, { signers })).rejects.toThrow(usage);
  });

  test('an aborted signal ends the work', async () => {
    await expect(signMessage(message, { signers, signal: { aborted: true } })).rejects.toThrow(
      expect.objectContaining({ code: 'aborted' }),
    );
  });
});
