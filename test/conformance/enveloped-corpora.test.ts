import { expect, test } from 'vitest';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { encryptedDataOf, parseEncryptedData } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf, parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { type OpenedContent, openEnveloped } from '../../src/cms/enveloped/open.js';
import { contentTypeName } from '../../src/cms/oids.js';
import { MailsealError } from '../../src/core/errors.js';
import { digest } from '../../src/crypto/digests/digest.js';
import type { PrivateKey } from '../../src/crypto/keys/private-key.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { parseMessage } from '../../src/mime/message.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import {
  cipherName,
  type ExpectedRecipient,
  keyOfRecipient,
  opensslKey,
  rfc4134Keys,
} from '../support/corpus-keys.js';

const sha256 = (octets: Uint8Array): string => encodeHex(digest('sha256', octets));

/** The code of what fails, or what came out. */
async function outcome(work: Promise<OpenedContent>): Promise<OpenedContent | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

interface NssFile {
  readonly file: string;
  readonly key: string;
  readonly contentEncryption: string;
}

describeCorpus('nss-interop', () => {
  const expected = readCorpusJson<{
    readonly plaintextSha256: string;
    readonly password: string;
    readonly files: readonly NssFile[];
  }>('nss-interop/expected.json');

  test('counts: 17 files', () => {
    expect(expected.files.length).toBe(17);
  });

  test.each(expected.files)('$file', async ({ file, key, contentEncryption }) => {
    const { keys } = await parsePkcs12(readCorpus(`nss-interop/${key}`), { password: expected.password });
    const enveloped = parseEnvelopedData(readCorpus(`nss-interop/${file}`));
    const opened = await openEnveloped(enveloped, { keys });
    expect(sha256(opened.content)).toBe(expected.plaintextSha256);
    expect([opened.cipher.name, opened.authenticated]).toEqual([contentEncryption, false]);
  });
});

interface OldFile {
  readonly file: string;
  readonly contentType?: string;
  readonly recipientTypes?: readonly string[];
  readonly contentEncryption?: string;
  readonly plaintextSha256?: string;
  readonly keyHex?: string;
}

describeCorpus('rfc4134', () => {
  const { files } = readCorpusJson<{ readonly files: readonly OldFile[] }>('rfc4134/expected.json');
  const content = readCorpus('rfc4134/ExContent.bin');
  const enveloped = files.filter(({ contentType }) => contentType?.endsWith('envelopedData') === true);
  const encrypted = files.filter(({ contentType }) => contentType?.endsWith('encryptedData') === true);

  test('counts: 2 EnvelopedData, 2 EncryptedData', () => {
    expect([enveloped.length, encrypted.length]).toEqual([2, 2]);
  });

  test.each(enveloped)('$file', async ({ file, recipientTypes, contentEncryption, plaintextSha256 }) => {
    const parsed = parseEnvelopedData(readCorpus(`rfc4134/${file}`));
    const kinds = { ktri: 'key-transport', kekri: 'kek' } as Readonly<Record<string, string>>;
    expect(parsed.recipients.map(({ kind }) => kind)).toEqual(recipientTypes!.map((type) => kinds[type]));
    const keys = await rfc4134Keys();
    const opened = await openEnveloped(parsed, { keys });
    expect([sha256(opened.content), opened.cipher.name]).toEqual([plaintextSha256, contentEncryption]);
    expect(opened.content).toEqual(content);
    // Only one recipient is of the kind of this key.
    const [{ privateKey }] = keys as readonly [{ privateKey: PrivateKey }];
    expect((await openEnveloped(parsed, { keys: [{ privateKey }] })).content).toEqual(content);
  });

  test.each(encrypted)('$file', async ({ file, keyHex, contentEncryption }) => {
    const parsed = parseEncryptedData(readCorpus(`rfc4134/${file}`));
    const opened = await openEnveloped(parsed, { keys: [{ contentKey: decodeHex(keyHex!) }] });
    expect(opened.content).toEqual(content);
    expect([opened.cipher.name, opened.authenticated]).toEqual([contentEncryption, false]);
    expect(parsed.unprotectedAttributes.length).toBe(file === '7.2.bin' ? 1 : 0);
  });
});

interface ExpectedLayer {
  readonly type: string;
  readonly contentEncryption?: string;
  readonly recipients?: readonly ExpectedRecipient[];
  readonly plaintextSha256?: string;
  readonly plaintextBytes?: number;
  readonly keyHex?: string;
  readonly decrypt?: 'fail' | 'fail-or-garbage';
  readonly failure?: string;
}

interface ExpectedFile {
  readonly file: string;
  readonly layers: readonly ExpectedLayer[];
}

describeCorpus('openssl-generated', () => {
  const set = 'openssl-generated';
  const expected = readCorpusJson<{
    readonly files: readonly ExpectedFile[];
  }>(`${set}/expected.json`);
  const isEnvelope = ({ type }: ExpectedLayer): boolean => ['enveloped', 'authenveloped'].includes(type);
  const outer = expected.files.filter(({ layers }) => isEnvelope(layers[0]!));

  const octetsOf = (file: string): Uint8Array => {
    const octets = readCorpus(`${set}/${file}`);
    return file.endsWith('.eml') ? parseMessage(octets).content() : octets;
  };

  test(`counts: ${outer.length} files with an envelope outside`, () => {
    expect([outer.filter(({ file }) => file.startsWith('cms/')).length, outer.length]).toEqual([2, 40]);
  });

  test.each(outer.filter(({ layers }) => layers[0]!.decrypt === undefined))(
    '$file: by each recipient',
    async ({ file, layers }) => {
      const layer = layers[0]!;
      const enveloped = envelopedDataOf(parseContentInfo(octetsOf(file)));
      expect(contentTypeName(enveloped.contentType)).toBe('data');
      expect(enveloped.recipients.length).toBe(layer.recipients!.length);
      for (const recipient of layer.recipients!) {
        const key = await keyOfRecipient(recipient);
        const other = { password: 'not this one, but tried first' };
        const opened = await openEnveloped(enveloped, { keys: [other, key] });
        expect([opened.content.length, sha256(opened.content)]).toEqual([
          layer.plaintextBytes,
          layer.plaintextSha256,
        ]);
        expect(cipherName(opened.cipher)).toBe(layer.contentEncryption);
        expect([opened.authenticated, opened.keyIndex]).toEqual([layer.type === 'authenveloped', 1]);
      }
    },
  );

  const broken = outer.filter(({ layers }) => layers[0]!.decrypt !== undefined);
  test.each(broken)('$file fails', async ({ file, layers }) => {
    const layer = layers[0]!;
    const open = async (): Promise<OpenedContent> => {
      const enveloped = envelopedDataOf(parseContentInfo(octetsOf(file)));
      return openEnveloped(enveloped, { keys: [await keyOfRecipient(layer.recipients![0]!)] });
    };
    const found = await outcome(open());
    if (layer.failure === 'malformed') expect(found).toBe('asn1-truncated');
    else if (layer.decrypt === 'fail') expect(found).toBe('crypto-decryption-failed');
    else if (typeof found === 'string') expect(found).toBe('crypto-decryption-failed');
    else expect(found.authenticated).toBe(false);
  });
  test('counts: 5 broken ones', () => expect(broken.length).toBe(5));

  test('not-for-me.eml: no recipient fits', async () => {
    const enveloped = envelopedDataOf(parseContentInfo(octetsOf('messages/not-for-me.eml')));
    const keys = [await opensslKey('alice'), await opensslKey('bob')];
    expect(await outcome(openEnveloped(enveloped, { keys }))).toBe('cms-no-recipient');
  });

  test('cms/encrypteddata.p7m', async () => {
    const layer = expected.files.find(({ file }) => file === 'cms/encrypteddata.p7m')!.layers[0]!;
    const encrypted = encryptedDataOf(parseContentInfo(octetsOf('cms/encrypteddata.p7m')));
    const opened = await openEnveloped(encrypted, { keys: [{ contentKey: decodeHex(layer.keyHex!) }] });
    expect([sha256(opened.content), opened.cipher.name]).toEqual([
      layer.plaintextSha256,
      layer.contentEncryption,
    ]);
    expect(await outcome(openEnveloped(encrypted, { keys: [{ contentKey: new Uint8Array(16) }] }))).toBe(
      'crypto-decryption-failed',
    );
  });
});
