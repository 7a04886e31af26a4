import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { derBitString, derInteger, derNull, derOid, derSequence } from '../../src/asn1/writer.js';
import { parseCompressedData } from '../../src/cms/compressed/compressed-data.js';
import { createCompressedData } from '../../src/cms/compressed/create-compressed-data.js';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { ContentTypeOid } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { type SmimeCapabilityName, smimeCapability } from '../../src/cms/smime-capabilities.js';
import { asBytes, type Bytes, latin1FromBytes } from '../../src/core/bytes.js';
import { composeEntity } from '../../src/mime/compose/compose.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { compressMessage } from '../../src/smime/compress/compress-message.js';
import { checkRecipients } from '../../src/smime/encrypt/check-recipients.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { certsOnlyMessage } from '../../src/smime/sign/certs-only-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { codesOf, layersOf, messageOf, opaque, open, readerKey, text } from '../support/open-scene.js';
import { issue, type TestCertificate, type TestKey, testKey } from '../support/pki.js';
import { signedData } from '../support/sign.js';
import { octets, opaqueMessage, textEntity } from '../support/sign-message.js';
import { alice, intermediate, now, verify } from '../support/sign-scene.js';
import { privateKeyOf, signingKey } from '../support/signing-people.js';

const message = octets('From: alice@example.jp\r\nTo: bob@example.net\r\nSubject: s\r\n\r\nText\r\n');
const signers = [await signingKey(alice, { chain: [intermediate.certificate] })];

function recipient(name: string, key: TestKey = testKey('rsa', name)): TestCertificate {
  return issue({
    name,
    key,
    issuer: intermediate,
    emails: [`${name}@example.net`],
    keyUsage: ['keyEncipherment'],
  });
}

function rsaKey(modulusLength: number): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kind: 'rsa', privateKey, spki: asBytes(publicKey.export({ type: 'spki', format: 'der' })) };
}

const bob = recipient('bob');

async function sealedBy(cipher: 'aes128-cbc' | 'aes256-gcm'): Promise<Bytes> {
  const [only] = await encryptMessage(message, { recipients: [bob], cipher, at: now });
  return only!.message;
}

/** What each function that makes an S/MIME message makes, by its smime-type. */
const made: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'signed-data': () => signMessage(message, { signers, form: 'opaque' }),
  'certs-only': async () => certsOnlyMessage({ certificates: [alice.certificate], message }),
  'enveloped-data': () => sealedBy('aes128-cbc'),
  'authEnveloped-data': () => sealedBy('aes256-gcm'),
  'compressed-data': () => compressMessage(message),
};

async function cmsIn(type: string): Promise<Bytes> {
  return parseMessage(await made[type]!()).content();
}

describe('RFC 8551 §2.4', () => {
  test('RFC 8551 §2.4.1: the content is id-data, and MIME', async () => {
    const signed = parseSignedData(await cmsIn('signed-data'));
    expect(signed.eContentType).toBe(ContentTypeOid.data);
    expect(latin1FromBytes(signed.content!)).toBe(
      'Content-Type: text/plain; charset="us-ascii"\r\n\r\nText\r\n',
    );
    const detached = parseMessage(await signMessage(message, { signers })).parts[1]!.content();
    expect(parseSignedData(detached).eContentType).toBe(ContentTypeOid.data);
    for (const type of ['enveloped-data', 'authEnveloped-data'])
      expect(parseEnvelopedData(await cmsIn(type)).contentType).toBe(ContentTypeOid.data);
    expect(parseCompressedData(await cmsIn('compressed-data')).contentType).toBe(ContentTypeOid.data);
  });

  test('RFC 8551 §2.4.2: signatures, and certificates alone, stand in SignedData', async () => {
    for (const type of ['signed-data', 'certs-only'])
      expect(parseContentInfo(await cmsIn(type)).contentType).toBe(ContentTypeOid.signedData);
    const detached = parseMessage(await signMessage(message, { signers })).parts[1]!.content();
    expect(parseContentInfo(detached).contentType).toBe(ContentTypeOid.signedData);
  });
});

describe('RFC 8551 §3', () => {
  test('RFC 8551 §3.1.2: binary content inside is read, in all that carries it', async () => {
    const body = '\x00\xff\r\n.\r\nFrom \x80\r';
    const entity = octets(
      `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n${body}`,
    );
    const content = (part: Part | undefined): string => latin1FromBytes(part!.content());
    const signed = await verify(messageOf(opaque(entity)));
    expect([signed.verified, content(signed.seals[0]?.entity)]).toEqual([true, body]);
    for (const cipher of ['aes128-cbc', 'aes256-gcm'] as const) {
      const p7m = await createEnvelopedData({ content: entity, cipher, recipients: [readerKey as never] });
      const report = await open(opaqueMessage(p7m));
      expect(content(report.pieces[0]?.root)).toBe(body);
    }
    const compressed = await createCompressedData({ content: entity });
    expect(content((await open(opaqueMessage(compressed))).pieces[0]?.root)).toBe(body);
  });

  test.each(Object.keys(made))(
    'RFC 8551 §3.2: application/pkcs7-mime says its smime-type %s',
    async (type) => {
      const { contentType } = parseMessage(await made[type]!());
      expect([contentType.mediaType, contentType.parameters.get('smime-type')]).toEqual([
        'application/pkcs7-mime',
        type,
      ]);
    },
  );

  test('RFC 8551 §3.2.1: name and filename are “smime” and the extension of the type', async () => {
    const extensions = Object.entries({
      'signed-data': 'p7m',
      'certs-only': 'p7c',
      'enveloped-data': 'p7m',
      'authEnveloped-data': 'p7m',
      'compressed-data': 'p7z',
    });
    expect(extensions.map(([type]) => type)).toEqual(Object.keys(made));
    const names = (part: Part) => [
      part.contentType.parameters.get('name'),
      part.contentDisposition?.filename,
    ];
    for (const [type, extension] of extensions)
      expect(names(parseMessage(await made[type]!()))).toEqual([`smime.${extension}`, `smime.${extension}`]);
    const [, signature] = parseMessage(await signMessage(message, { signers })).parts;
    expect(names(signature!)).toEqual(['smime.p7s', 'smime.p7s']);
  });

  test('RFC 8551 §3.2.1: with the media type no file name is needed, and none misleads', async () => {
    const p7m = await createEnvelopedData({
      content: text('Hello'),
      cipher: 'aes256-gcm',
      recipients: [readerKey as never],
    });
    for (const name of ['', '; name=report.pdf', '; name=smime.p7s', '; name=smime.p7c']) {
      const contentHeader = `Content-Type: application/pkcs7-mime${name}\r\nContent-Transfer-Encoding: base64\r\n`;
      expect(layersOf(await open(opaqueMessage(p7m, { contentHeader })))).toEqual([
        'envelope "", message, opened, authenticated',
      ]);
    }
  });

  test('RFC 8551 §3.4: the originator reads his own copy of an authenticated envelope', async () => {
    const own = recipient('own');
    const options = {
      recipients: [{ certificate: bob.certificate }],
      cipher: 'aes256-gcm',
      at: now,
    } as const;
    const [sealed] = await encryptMessage(message, {
      ...options,
      originator: { certificate: own.certificate },
    });
    const keys = [{ privateKey: await privateKeyOf(own), certificate: own.certificate }];
    const report = await open(sealed!.message, { keys });
    expect([report.encrypted, report.envelopes[0]?.authenticated]).toEqual([true, true]);
    expect(report.pieces[0]?.content.text).toBe('Text\r\n');
  });

  test('RFC 8551 §3.5.3.1: a detached signature that is made has no content in it', async () => {
    const [, signature] = parseMessage(await signMessage(message, { signers })).parts;
    expect(parseSignedData(signature!.content()).content).toBeUndefined();
  });

  test('RFC 8551 §3.5.3.2: the protocol parameter is written in quotation marks', async () => {
    const signed = latin1FromBytes(await signMessage(message, { signers }));
    expect(signed).toMatch(
      /^Content-Type: multipart\/signed;[\s\S]*? protocol="application\/pkcs7-signature"/m,
    );
  });

  test('RFC 8551 §3.8: a certs-only message has neither content nor signers', async () => {
    const handed = parseSignedData(await cmsIn('certs-only'));
    expect([handed.content, handed.signers.length, handed.certificates.length]).toEqual([undefined, 0, 1]);
  });

  test('RFC 8551 §3.9: nobody signs without a certificate', async () => {
    const { certificate: _, ...without } = signers[0]!;
    await expect(signMessage(message, { signers: [without as never] })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('RFC 8551 §3.10: application/octet-stream with the name of a p7m, p7s, p7c or p7z file is S/MIME', async () => {
    const scene = { content: textEntity(), signers: [{ by: alice }], certificates: [alice, intermediate] };
    const opaqueSignature = signedData({ ...scene, embed: true });
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ['p7m', opaqueSignature, 'opaque seal of "", message, verified'],
      ['p7s', opaqueSignature, 'opaque seal of "", message, verified'],
      ['p7c', await cmsIn('certs-only'), 'certs-only ""'],
      ['p7z', await createCompressedData({ content: textEntity() }), 'envelope "", message, opened'],
    ];
    for (const [extension, cms, layer] of cases) {
      for (const named of [
        `Content-Type: application/octet-stream; name=any.${extension}\r\n`,
        `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="ANY.${extension.toUpperCase()}"\r\n`,
      ]) {
        const contentHeader = `${named}Content-Transfer-Encoding: base64\r\n`;
        expect(layersOf(await open(opaqueMessage(cms, { contentHeader })))).toEqual([layer]);
      }
    }
    const plain = `Content-Type: application/octet-stream; name=any.bin\r\nContent-Transfer-Encoding: base64\r\n`;
    expect(layersOf(await open(opaqueMessage(opaqueSignature, { contentHeader: plain })))).toEqual([]);
  });
});

describe('RFC 8551 §4.4: RSA keys that are encrypted to', () => {
  test('RFC 8551 §4.4: below 2,048 bits they are refused unless the caller accepts them', async () => {
    for (const bits of [1024, 2047]) {
      const short = recipient(`short${bits}`, rsaKey(bits));
      const [check] = await checkRecipients([short], { at: now });
      expect(check?.problems.map(({ code }) => code)).toEqual(['key-weak']);
      const options = { recipients: [bob, short], at: now };
      await expect(encryptMessage(message, options)).rejects.toMatchObject({
        code: 'smime-recipient-refused',
      });
      expect(await encryptMessage(message, { ...options, accept: ['key-weak'] })).toHaveLength(1);
    }
  });

  test('RFC 8551 §4.4: of 2,048 to 4,096 bits, and more, they are taken', async () => {
    for (const bits of [2048, 4096, 4104]) {
      // Any odd number will do, since nothing is encrypted.
      const modulus = derInteger(Uint8Array.of(0, ...new Uint8Array(bits / 8).fill(0xff)));
      const rsaPublicKey = derBitString(derSequence(modulus, derInteger(65537)));
      const algorithm = derSequence(derOid('1.2.840.113549.1.1.1'), derNull());
      const long = recipient(`long${bits}`, {
        ...testKey('rsa'),
        spki: derSequence(algorithm, rsaPublicKey),
      });
      expect(long.certificate.publicKey).toMatchObject({ kind: 'rsa', bits });
      const [check] = await checkRecipients([long], { at: now });
      expect(check?.problems).toEqual([]);
    }
  });
});

describe('RFC 8551 §6', () => {
  const reads = (of: TestCertificate, ...names: SmimeCapabilityName[]) => ({
    certificate: of.certificate,
    capabilities: names.map(smimeCapability),
  });
  const ciphersOf = async (...lists: SmimeCapabilityName[][]): Promise<string[]> => {
    const [to, ...bcc] = lists.map((names) => reads(bob, ...names));
    const all = await encryptMessage(message, { recipients: [to!], bcc, at: now, weakCiphers: true });
    return all.map(({ cipher }) => cipher);
  };

  test('RFC 8551 §6: no copy of a message has a weaker cipher than another, where all read one', async () => {
    expect(await ciphersOf(['aes256-gcm', 'aes128-cbc'], ['aes128-cbc'])).toEqual([
      'aes128-cbc',
      'aes128-cbc',
    ]);
    expect(await ciphersOf(['aes256-gcm'], ['aes128-gcm', 'aes256-gcm'])).toEqual([
      'aes256-gcm',
      'aes256-gcm',
    ]);
    // RFC 8551 §2.7.3: where there is none, there are several messages; a weak one weakens none but its own.
    expect(await ciphersOf(['aes256-gcm'], ['aes128-cbc'])).toEqual(['aes256-gcm', 'aes128-cbc']);
    expect(await ciphersOf(['aes256-gcm', 'des-ede3-cbc'], ['des-ede3-cbc'])).toEqual([
      'aes256-gcm',
      'des-ede3-cbc',
    ]);
  });

  test('RFC 8551 §6: a signature with an RSA key below 1,024 bits is refused, below 2,048 remarked on', async () => {
    const entity = textEntity();
    const expected = { 1016: [false, 'algorithm-weak'], 1024: [true, '(weak-key)'] } as const;
    for (const [bits, [verified, code]] of Object.entries(expected)) {
      const by = issue({
        name: 'Alice',
        key: rsaKey(Number(bits)),
        issuer: intermediate,
        emails: ['alice@example.jp'],
      });
      const p7m = signedData({
        content: entity,
        embed: true,
        signers: [{ by }],
        certificates: [by, intermediate],
      });
      const report = await verify(opaqueMessage(p7m));
      const reasons = codesOf(report.seals[0]!.signers[0]!.reasons as never);
      expect([report.verified, reasons.includes(code)], `${bits}: ${reasons.join(', ')}`).toEqual([
        verified,
        true,
      ]);
    }
  });
});

test('RFC 8551 §3.1.1: text in ISO-2022-JP is composed in its canonical form, and signed as it is', async () => {
  const entity = composeEntity({ text: '今日は\nABC 明日\n', charset: 'iso-2022-jp' });
  // RFC 1468: no more escapes than are needed, and each line ends in ASCII.
  const body = '\x1b$B:#F|$O\x1b(B\r\nABC \x1b$BL@F|\x1b(B\r\n';
  expect(latin1FromBytes(entity)).toMatch(/^Content-Type: text\/plain; charset="?iso-2022-jp/);
  expect(latin1FromBytes(parseMessage(entity).content())).toBe(body);
  for (const form of ['detached', 'opaque'] as const) {
    const report = await verify(await signMessage(entity, { signers, form }), { requireIdentity: false });
    expect(report.verified).toBe(true);
    expect(latin1FromBytes(report.seals[0]!.entity!.content())).toBe(body);
  }
});
