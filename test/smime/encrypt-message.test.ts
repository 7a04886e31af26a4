import { describe, expect, test } from 'vitest';
import {
  type AuthEnvelopedData,
  type EnvelopedData,
  parseEnvelopedData,
} from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import type { SmimeCapabilityName } from '../../src/cms/smime-capabilities.js';
import { encodeSmimeCapabilities, smimeCapability } from '../../src/cms/smime-capabilities.js';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { checkRecipients } from '../../src/smime/encrypt/check-recipients.js';
import { type CipherChoice, chooseCipher } from '../../src/smime/encrypt/choose-cipher.js';
import { type EncryptMessageOptions, encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import type { MessageRecipient } from '../../src/smime/encrypt/message-recipient.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { expectLinearAsync } from '../support/linear-time.js';
import {
  type CertificateSpec,
  extension,
  issue,
  Purpose,
  type TestCertificate,
  testKey,
} from '../support/pki.js';
import { octets } from '../support/sign-message.js';
import { alice, intermediate, now, otherRoot, roots } from '../support/sign-scene.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

function person(name: string, change: Partial<CertificateSpec> = {}): TestCertificate {
  return issue({
    name,
    key: testKey('rsa', 'encrypts'),
    issuer: intermediate,
    emails: [`${name.toLowerCase()}@example.net`],
    keyUsage: ['keyEncipherment'],
    ...change,
  });
}

const bob = person('Bob', { key: testKey('rsa', 'Bob encrypts') });
const carol = person('Carol', { key: testKey('p256', 'Carol encrypts'), keyUsage: ['keyAgreement'] });
const dave = person('Dave', { key: testKey('p384', 'Dave encrypts'), keyUsage: null });
const escrow = person('Escrow', { key: testKey('rsa', 'Escrow encrypts') });

function to(of: TestCertificate, change: object = {}): MessageRecipient {
  return { certificate: of.certificate, ...change };
}

const message = octets(
  'Received: by relay.example\r\nFrom: Alice <alice@example.jp>\r\nTo: Bob <bob@example.net>, carol@example.net\r\nBcc: dave@example.net\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\nDate: Sun, 1 Mar 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nFrom caf\xc3\xa9 \r\n',
);

function enveloped(sealed: Uint8Array): EnvelopedData | AuthEnvelopedData {
  return parseEnvelopedData(parseMessage(sealed).content());
}

async function opened(sealed: Uint8Array, by: TestCertificate): Promise<Part> {
  const keys = [{ privateKey: await privateKeyOf(by), certificate: by.certificate }];
  return parseMessage((await openEnveloped(enveloped(sealed), { keys })).content);
}

async function isFor(sealed: Uint8Array, by: TestCertificate): Promise<boolean> {
  try {
    await opened(sealed, by);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'cms-no-recipient' });
    return false;
  }
}

async function encryptOne(options: Partial<EncryptMessageOptions> = {}, given: Uint8Array | Part = message) {
  const all = await encryptMessage(given, { recipients: [to(bob)], at: now, ...options });
  expect(all.length).toBe(1);
  return all[0]!;
}

async function codeOf(options: Partial<EncryptMessageOptions>): Promise<string> {
  try {
    await encryptOne(options);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('encryptMessage', () => {
  test('RFC 8551 §3.3: an envelope is application/pkcs7-mime, enveloped-data, smime.p7m', async () => {
    const { message: sealed, cipher, role } = await encryptOne();
    expect([cipher, role]).toEqual(['aes128-cbc', 'recipients']);
    const outer = parseMessage(sealed);
    expect(outer.contentType.mediaType).toBe('application/pkcs7-mime');
    expect(outer.contentType.parameters.get('smime-type')).toBe('enveloped-data');
    expect(outer.contentType.parameters.get('name')).toBe('smime.p7m');
    expect(outer.contentDisposition?.filename).toBe('smime.p7m');
    expect(outer.transferEncoding).toBe('base64');
    expect(outer.headers.get('mime-version')?.value).toBe('1.0');
    expect(outer.headers.get('subject')?.text).toBe('café');
    expect(latin1FromBytes(sealed)).toMatch(/^[\t\r\n -~]*$/);
  });

  test('RFC 8551 §3.4: with a cipher that authenticates it is authEnveloped-data', async () => {
    for (const cipher of ['aes128-gcm', 'aes256-gcm', 'chacha20-poly1305'] as const) {
      const { message: sealed } = await encryptOne({ cipher });
      expect(parseMessage(sealed).contentType.parameters.get('smime-type')).toBe('authEnveloped-data');
      expect(enveloped(sealed).kind).toBe('authEnvelopedData');
    }
  });

  test('RFC 8551 §3.1: the content is prepared as for signing', async () => {
    const { message: sealed } = await encryptOne();
    const content = await opened(sealed, bob);
    expect(latin1FromBytes(content.source)).toBe(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=46rom caf=C3=A9=20\r\n',
    );
    expect(content.text()).toBe('From café \r\n');
  });

  test('RFC 5322 §3.6.3: Bcc recipients have envelopes of their own, and no header shows them', async () => {
    const all = await encryptMessage(message, {
      recipients: [to(bob), to(carol)],
      bcc: [to(dave), to(escrow)],
      at: now,
    });
    expect(all.map(({ role, recipients }) => [role, recipients.length])).toEqual([
      ['recipients', 2],
      ['bcc', 1],
      ['bcc', 1],
    ]);
    const readers = [bob, carol, dave, escrow];
    const opens = await Promise.all(
      all.map(({ message: sealed }) => Promise.all(readers.map((each) => isFor(sealed, each)))),
    );
    expect(opens).toEqual([
      [true, true, false, false],
      [false, false, true, false],
      [false, false, false, true],
    ]);
    for (const { message: sealed } of all) {
      expect(parseMessage(sealed).headers.get('bcc')).toBeUndefined();
      expect(parseMessage(sealed).headers.get('to')?.value).toContain('Bob');
    }
    expect(all.map(({ message: sealed }) => enveloped(sealed).recipients.length)).toEqual([2, 1, 1]);
  });

  test('RFC 8551 §3.3: the originator reads his own copy; escrow reads every envelope', async () => {
    const all = await encryptMessage(message, {
      recipients: [to(bob)],
      bcc: [to(dave)],
      originator: to(carol),
      escrow: [to(escrow)],
      at: now,
    });
    expect(
      all.map(({ recipients }) => recipients.map((each) => 'certificate' in each && each.certificate)),
    ).toEqual([[bob.certificate], [dave.certificate]]);
    const [main, hidden] = all.map(({ message: sealed }) => sealed);
    for (const each of [bob, carol, escrow]) expect(await isFor(main!, each)).toBe(true);
    expect(await isFor(main!, dave)).toBe(false);
    for (const each of [dave, escrow]) expect(await isFor(hidden!, each)).toBe(true);
    for (const each of [bob, carol]) expect(await isFor(hidden!, each)).toBe(false);
  });

  test('where all are in Bcc the originator has an envelope of his own', async () => {
    const all = await encryptMessage(message, {
      recipients: [],
      bcc: [to(bob)],
      originator: to(carol),
      at: now,
    });
    expect(all.map(({ role }) => role)).toEqual(['originator', 'bcc']);
    expect(await isFor(all[0]!.message, carol)).toBe(true);
    expect(await isFor(all[1]!.message, carol)).toBe(false);
  });

  test('a key and a password are recipients, too', async () => {
    const kek = new Uint8Array(32).fill(3);
    const id = new Uint8Array([1]);
    const { message: sealed, cipher } = await encryptOne({
      recipients: [
        { kek, id },
        { password: '合言葉', iterations: 10 },
      ],
    });
    expect(cipher).toBe('aes128-cbc');
    for (const key of [{ kek, id }, { password: '合言葉' }]) {
      const { content } = await openEnveloped(enveloped(sealed), { keys: [key] });
      expect(parseMessage(content).text()).toBe('From café \r\n');
    }
  });

  test('signed first, in either form, and both layers hold', async () => {
    const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];
    for (const form of ['detached', 'opaque'] as const) {
      const { message: sealed } = await encryptOne({ sign: { signers, form } });
      const { source } = await opened(sealed, bob);
      const report = await verifyMessage(source, { roots, at: now, requireIdentity: false });
      expect(report.verified).toBe(true);
      expect(report.seals[0]?.form).toBe(form);
      expect(parseMessage(source).headers.get('mime-version')).toBeUndefined();
    }
  });

  test('RFC 9788: signed and encrypted, the subject is inside the signature and not outside', async () => {
    const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];
    const { message: sealed } = await encryptOne({ sign: { signers }, headerProtection: true });
    expect(parseMessage(sealed).headers.get('subject')?.value).toBe('[...]');
    expect(parseMessage(sealed).headers.get('received')?.value).toBe('by relay.example');
    const { source } = await opened(sealed, bob);
    const entity = (await verifyMessage(source, { roots, at: now, requireIdentity: false })).seals[0]?.entity;
    expect(entity?.headers.get('subject')?.text).toBe('café');
    expect(entity?.headers.get('bcc')).toBeUndefined();
    expect(entity?.headers.get('received')).toBeUndefined();
    expect(entity?.contentType.parameters.get('hp')).toBe('cipher');
    expect(entity?.text()).toBe('Subject: café\r\n\r\nFrom café \r\n');
    const { message: plain } = await encryptOne({ headerProtection: 'shy', legacyDisplay: false });
    expect(parseMessage(plain).headers.get('from')?.value).toBe('alice@example.jp');
    expect((await opened(plain, bob)).text()).toBe('From café \r\n');
  });

  test('what servers wrote about the content is not shown outside', async () => {
    const about = [
      'DKIM-Signature: v=1; bh=hash of the text',
      'ARC-Message-Signature: i=1; bh=hash of the text',
      'X-Spam-Report: Content preview: the text',
      'DomainKey-Signature: x',
    ];
    const given = octets(`${about.join('\r\n')}\r\nThread-Topic: caf\xc3\xa9\r\n${latin1FromBytes(message)}`);
    for (const headerProtection of [false, true, 'shy', 'none'] as const) {
      const { message: sealed } = await encryptOne({ headerProtection }, given);
      const outside = [...parseMessage(sealed).headers].map(({ name }) => name.toLowerCase());
      expect(outside.filter((name) => /^(?:dkim|arc|x-spam|domainkey)/.test(name))).toEqual([]);
      expect(outside).toContain('received');
      // It is the subject once more.
      expect(outside.includes('thread-topic')).toBe(
        headerProtection === false || headerProtection === 'none',
      );
      const { headers } = await opened(sealed, bob);
      expect(headers.get('dkim-signature')).toBeUndefined();
      expect(headers.get('thread-topic') !== undefined).toBe(headerProtection !== false);
    }
  });

  test('a bare entity gives an entity; what was parsed already will do', async () => {
    const entity = octets('Content-Type: text/plain\r\n\r\nx\r\n');
    expect(latin1FromBytes((await encryptOne({}, entity)).message)).toMatch(/^Content-Type: application/);
    expect((await opened((await encryptOne({}, parseMessage(entity))).message, bob)).text()).toBe('x\r\n');
  });

  test('wrapKeys encrypts the content key elsewhere', async () => {
    let jobs = 0;
    const wrapKeys: EncryptMessageOptions['wrapKeys'] = async (list) => {
      jobs += list.length;
      return list.map(({ publicKey }) =>
        new Uint8Array(publicKey.kind === 'rsa' ? publicKey.bits / 8 : 0).fill(1),
      );
    };
    await encryptOne({ recipients: [to(bob), to(escrow), to(carol)], wrapKeys });
    expect(jobs).toBe(2);
  });

  test('options that are not what they must be are the caller’s fault', async () => {
    await expect(encryptMessage(message, undefined as never)).rejects.toMatchObject({ code: 'usage' });
    const bad: Partial<EncryptMessageOptions>[] = [
      { recipients: [] },
      { recipients: 'bob' as never },
      { recipients: [{}] as never },
      { recipients: [undefined] as never },
      { recipients: [{ certificate: 'pem' }] as never },
      { at: undefined as never },
      { headerProtection: 'loud' as never },
      { cipher: 'rot13' as never },
      { sign: { signers: [] } },
    ];
    for (const each of bad) expect(await codeOf(each)).toBe('usage');
    expect(await codeOf({ signal: { aborted: true } })).toBe('aborted');
  });
});

describe('a recipient who is refused', () => {
  const problemsOf = async (of: TestCertificate, change: object = {}, options: object = {}) =>
    (await checkRecipients([to(of, change)], { at: now, ...options }))[0]!.problems.map(({ code }) => code);

  test('a good one is not', async () => {
    for (const each of [bob, carol, dave]) {
      expect(await problemsOf(each)).toEqual([]);
      const address = each.certificate.emailAddresses[0];
      expect(await problemsOf(each, { address }, { roots, pool: [intermediate.certificate] })).toEqual([]);
    }
    const [check] = await checkRecipients([{ password: 'x' }], { at: now, roots });
    expect(check?.problems).toEqual([]);
  });

  test.each([
    ['expired', person('Old', { notAfter: '2025-01-01T00:00:00Z' })],
    ['not-yet-valid', person('New', { notBefore: '2030-01-01T00:00:00Z' })],
    ['key-usage', person('Signer', { keyUsage: ['digitalSignature'] })],
    ['key-usage', person('Mixed', { keyUsage: ['keyAgreement'] })],
    ['extended-key-usage', person('Server', { extendedKeyUsage: [Purpose.serverAuth] })],
    ['key-unsuitable', person('Edwards', { key: testKey('ed25519', 'Edwards'), keyUsage: null })],
  ])('%s, with roots and without, and only where the caller does not put up with it', async (code, of) => {
    expect(await problemsOf(of)).toEqual([code]);
    expect(await problemsOf(of, {}, { roots, pool: [intermediate.certificate] })).toEqual([code]);
    expect(await codeOf({ recipients: [to(bob), to(of)] })).toBe('smime-recipient-refused');
    expect(await codeOf({ bcc: [to(of)] })).toBe('smime-recipient-refused');
    expect(await codeOf({ originator: to(of) })).toBe('smime-recipient-refused');
    expect(await codeOf({ escrow: [to(of)] })).toBe('smime-recipient-refused');
    const taken = code === 'key-unsuitable' ? 'usage' : 'none';
    expect(await codeOf({ recipients: [to(bob), to(of)], accept: [code as never] })).toBe(taken);
    expect(await codeOf({ recipients: [to(bob), to(of, { accept: [code] })] })).toBe(taken);
  });

  test('untrusted, where roots are given', async () => {
    const options = { roots: [otherRoot.certificate], pool: [intermediate.certificate] };
    expect(await problemsOf(bob, {}, options)).toEqual(['untrusted']);
    expect(await codeOf(options)).toBe('smime-recipient-refused');
    expect(await codeOf({ ...options, accept: ['untrusted'] })).toBe('none');
  });

  test('RFC 8550 §3: of another address than the one that was asked for, or that the message names', async () => {
    expect(await problemsOf(bob, { address: 'eve@example.net' })).toEqual(['address-differs']);
    expect(await problemsOf(bob, { address: 'BOB@EXAMPLE.NET' })).toEqual([]);
    const trust = { roots, pool: [intermediate.certificate] };
    expect(await codeOf({ ...trust })).toBe('none');
    expect(await codeOf({ ...trust, recipients: [to(dave)] })).toBe('smime-recipient-refused');
    expect(await codeOf({ ...trust, recipients: [to(dave, { address: 'dave@example.net' })] })).toBe('none');
    expect(await codeOf({ recipients: [to(dave)] })).toBe('none');
    expect(await codeOf({ ...trust, originator: to(carol) })).toBe('smime-recipient-refused');
    const own = person('Alice', { emails: ['alice@example.jp'] });
    expect(await codeOf({ ...trust, originator: to(own), escrow: [to(escrow)] })).toBe('none');
  });

  test('revocation without roots would be asked of nobody, and is refused', async () => {
    const usage = { code: 'usage', message: expect.stringContaining('`roots`') };
    for (const revocation of [{ mode: 'require' }, { mode: 'check' }, {}] as const) {
      const options = { at: now, revocation };
      await expect(checkRecipients([to(bob)], options)).rejects.toMatchObject(usage);
      await expect(encryptMessage(message, { recipients: [to(bob)], ...options })).rejects.toMatchObject(
        usage,
      );
    }
    const off = { at: now, revocation: { mode: 'off' } } as const;
    expect((await checkRecipients([to(bob)], off))[0]!.problems).toEqual([]);
    const rooted = {
      at: now,
      roots,
      pool: [intermediate.certificate],
      revocation: { mode: 'require' },
    } as const;
    const [check] = await checkRecipients([to(bob)], rooted);
    expect(check!.problems.map(({ code }) => code)).toContain('revocation-unknown');
  });

  test('many addresses in To cost as much as they are many', async () => {
    const certificates = Array.from({ length: 8 }, () => to(bob));
    const work = (size: number) => {
      const list = Array.from({ length: size }, (_, i) => `p${i}@xn--r8jz45g.jp`).join(',\r\n ');
      const given = parseMessage(octets(`To: ${list}\r\n\r\nx\r\n`));
      const recipients = certificates.flatMap((each) => Array<MessageRecipient>(size / 64).fill(each));
      const options = { recipients, at: now, roots, pool: [intermediate.certificate] } as const;
      return async () => {
        const error: unknown = await encryptMessage(given, options).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'smime-recipient-refused' });
      };
    };
    await expectLinearAsync(work, 1024);
  });

  test('the message says who is refused, and why', async () => {
    await expect(
      encryptOne({ recipients: [to(person('Old', { notAfter: '2025-01-01T00:00:00Z' }))] }),
    ).rejects.toThrow(/expired: CN=Old was valid until 2025-01-01/);
  });
});

describe('the cipher', () => {
  const names = (...list: SmimeCapabilityName[]) => ({ capabilities: list.map(smimeCapability) });
  const chosen = (recipients: MessageRecipient[], choice: CipherChoice = {}) =>
    chooseCipher(recipients, choice).cipher;

  test('RFC 8551 §2.7.1.1: is the first that the recipient names and that there is', () => {
    expect(chosen([to(bob, names('aes128-gcm', 'aes256-gcm'))])).toBe('aes128-gcm');
    expect(chosen([to(bob, names('rc2-40-cbc', 'aes192-cbc', 'aes256-cbc'))])).toBe('aes192-cbc');
    expect(chosen([to(bob, names('des-ede3-cbc', 'aes256-cbc'))])).toBe('aes256-cbc');
  });

  test('RFC 8551 §2.7.1.2: is AES-128-CBC, or what the caller says, where nothing is known', () => {
    expect(chosen([to(bob)])).toBe('aes128-cbc');
    expect(chosen([to(bob, names('sha256-rsa'))])).toBe('aes128-cbc');
    expect(chosen([to(bob)], { unknownCapabilities: 'aes256-gcm' })).toBe('aes256-gcm');
    expect(chosen([{ password: 'x' }], { unknownCapabilities: 'aes256-gcm' })).toBe('aes256-gcm');
  });

  test('RFC 8551 §2.7.3: is one that all recipients read', () => {
    const modern = to(bob, names('aes256-gcm', 'aes256-cbc', 'aes128-cbc'));
    expect(chosen([modern, to(carol, names('aes128-cbc', 'aes256-cbc'))])).toBe('aes256-cbc');
    expect(chosen([modern, to(carol)])).toBe('aes256-cbc');
    expect(chosen([modern, { password: 'x' }])).toBe('aes256-gcm');
    expect(() => chosen([to(bob, names('aes256-gcm')), to(carol, names('aes128-cbc'))])).toThrow(
      expect.objectContaining({ code: 'smime-no-common-cipher' }),
    );
  });

  test('RFC 8551 §2.7.1: is weak only where the sender allows it and nothing else is left', () => {
    const old = to(bob, names('des-ede3-cbc', 'rc2-40-cbc'));
    expect(() => chosen([old])).toThrow(expect.objectContaining({ code: 'smime-no-common-cipher' }));
    expect(chosen([old], { weakCiphers: true })).toBe('des-ede3-cbc');
    expect(chosen([old], { cipher: 'aes256-cbc' })).toBe('aes256-cbc');
    const both = to(bob, names('des-ede3-cbc', 'aes128-cbc'));
    expect(chosen([both], { weakCiphers: true })).toBe('aes128-cbc');
  });

  test('RFC 4262: what the certificate says counts where nothing newer is known', () => {
    const says = (...list: SmimeCapabilityName[]) =>
      person('Says', {
        extensions: [
          extension('1.2.840.113549.1.9.15', false, encodeSmimeCapabilities(list.map(smimeCapability))),
        ],
      });
    expect(chosen([to(says('aes256-gcm'))])).toBe('aes256-gcm');
    expect(chosen([to(says('aes256-gcm'), names('aes192-cbc'))])).toBe('aes192-cbc');
    const damaged = person('Damaged', {
      extensions: [extension('1.2.840.113549.1.9.15', false, octets('\x05\0'))],
    });
    expect(chosen([to(damaged)])).toBe('aes128-cbc');
  });

  test('RFC 9709: the content key is bound where all recipients say that they know it', async () => {
    const knows = names('aes256-gcm', 'aes128-cbc', 'cek-hkdf-sha256');
    expect(chooseCipher([to(bob, knows), to(carol, knows)], {}).bindAlgorithm).toBe(true);
    expect(chooseCipher([to(bob, knows), to(carol)], {}).bindAlgorithm).toBe(false);
    expect(chooseCipher([to(bob, knows)], { bindAlgorithm: false }).bindAlgorithm).toBe(false);
    const { message: sealed } = await encryptOne({ recipients: [to(bob, knows)] });
    expect((await opened(sealed, bob)).text()).toBe('From café \r\n');
  });

  test('RFC 3560 §5: an RSA key gets OAEP where its owner says that he reads it', async () => {
    const reads = names('aes256-gcm', 'rsa-oaep');
    const { message: sealed } = await encryptOne({
      recipients: [to(bob, reads), to(escrow), to(carol, reads)],
      cipher: 'aes256-gcm',
    });
    const algorithms = enveloped(sealed).recipients.flatMap((each) =>
      each.kind === 'key-transport'
        ? [latin1FromBytes(each.keyEncryptionAlgorithm.bytes).includes('\x0d\x01\x01\x07')]
        : [],
    );
    expect(algorithms.sort()).toEqual([false, true]);
    for (const each of [bob, escrow, carol])
      expect((await opened(sealed, each)).text()).toBe('From café \r\n');
  });
});
