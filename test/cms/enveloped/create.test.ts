import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { isDer } from '../../../src/asn1/to-der.js';
import type { CreateEnvelopedDataOptions } from '../../../src/cms/enveloped/create.js';
import { createEncryptedData, createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import type { Recipient, WrapJob } from '../../../src/cms/enveloped/recipient.js';
import { asBytes } from '../../../src/core/bytes.js';
import { encryptKey } from '../../../src/crypto/transport/encrypt-key.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { content, holder, opened, sealedFor, takeApart } from '../../support/envelopes.js';
import { issue, testKey } from '../../support/pki.js';

const kek = new Uint8Array(16).fill(9);
const id = Uint8Array.of(1);

describe('RFC 5652 §6.1: the version', () => {
  const cases: readonly (readonly [string, () => Promise<Partial<CreateEnvelopedDataOptions>>, number])[] = [
    ['0 for issuers and serial numbers alone', async () => ({ recipients: [await holder('rsa')] }), 0],
    [
      '2 with a key identifier',
      async () => ({
        recipients: [
          await holder('rsa'),
          { certificate: (await holder('rsa2')).certificate, identifier: 'ski' },
        ],
      }),
      2,
    ],
    ['2 with a key agreement', async () => ({ recipients: [await holder('rsa'), await holder('p256')] }), 2],
    ['2 with a key-encryption key', async () => ({ recipients: [{ kek, id }] }), 2],
    [
      '2 with certificates of the sender',
      async () => {
        const rsa = await holder('rsa');
        return { recipients: [rsa], originatorInfo: { certificates: [rsa.certificate] } };
      },
      2,
    ],
    [
      '3 with a password',
      async () => ({ recipients: [await holder('rsa'), { password: 'x', iterations: 1 }] }),
      3,
    ],
  ];
  test.each(cases)('%s', async (_, options, version) => {
    const given = await options();
    const cbc = parseEnvelopedData(
      await createEnvelopedData({ content, recipients: [], cipher: 'aes128-cbc', ...given }),
    );
    expect([cbc.kind, cbc.version]).toEqual(['envelopedData', version]);
    // RFC 5083 §2.1: that of AuthEnvelopedData is 0 in any case.
    const gcm = parseEnvelopedData(await createEnvelopedData({ content, recipients: [], ...given }));
    expect([gcm.kind, gcm.version]).toEqual(['authEnvelopedData', 0]);
  });

  test('that of a recipient is 0 with issuer and serial number, 2 with a key identifier, 3, 4 and 0', async () => {
    const { certificate } = await holder('rsa');
    const recipients: Recipient[] = [
      { certificate },
      { certificate, identifier: 'ski' },
      await holder('p256'),
      { kek, id },
      { password: 'x', iterations: 1 },
    ];
    const versions = parseEnvelopedData(await sealedFor(recipients)).recipients.map((each) =>
      each.kind === 'other' ? 'other' : `${each.kind} ${each.version}`,
    );
    expect(versions.sort()).toEqual([
      'kek 4',
      'key-agreement 3',
      'key-transport 0',
      'key-transport 2',
      'password 0',
    ]);
  });
});

test('RFC 8551 §2.3: the wrap is as strong as the cipher', async () => {
  const ec = await holder('p256');
  const expected = {
    'aes128-cbc': '05',
    'aes192-gcm': '19',
    'aes256-gcm': '2d',
    'chacha20-poly1305': '2d',
  } as const;
  for (const [cipher, last] of Object.entries(expected)) {
    const p7m = await sealedFor([ec], { cipher: cipher as 'aes128-cbc' });
    expect(encodeHex(p7m)).toContain(`608648016503040 1${last}`.replace(' ', ''));
  }
});

test('each envelope has a key, a nonce and ephemeral keys of its own', async () => {
  const ec = await holder('p256');
  const made = await Promise.all(Array.from({ length: 4 }, () => sealedFor([ec, ec])));
  const parts = made.map(takeApart);
  expect(new Set(parts.map(({ algorithm }) => encodeHex(algorithm))).size).toBe(4);
  const points = parts.flatMap(({ recipients }) =>
    recipients.map((info) => encodeHex(readBer(info).children[1]!.bytes)),
  );
  expect(new Set(points).size).toBe(8);
});

test('keys of triple DES have odd parity', async () => {
  let key: Uint8Array | undefined;
  const wrapKeys = async (jobs: readonly WrapJob[]) => {
    key = jobs[0]!.key.slice();
    return jobs.map(
      ({ publicKey }) => new Uint8Array(publicKey.kind === 'rsa' ? publicKey.modulus.length : 0),
    );
  };
  await sealedFor([await holder('rsa')], { cipher: 'des-ede3-cbc', wrapKeys });
  for (const octet of key!) expect(octet.toString(2).replaceAll('0', '').length % 2).toBe(1);
});

test('what the sender sends along is there, in order of DER', async () => {
  const [rsa, ec] = [await holder('rsa'), await holder('p256')];
  const crl = Uint8Array.of(0x30, 0);
  const p7m = await sealedFor([rsa], {
    originatorInfo: { certificates: [rsa.certificate, ec.certificate], crls: [crl] },
  });
  expect(isDer(readBer(p7m))).toBe(true);
  const { certificates, crls } = parseEnvelopedData(p7m).originatorInfo;
  expect(certificates.length).toBe(2);
  expect(certificates.some((each) => each.equals(ec.certificate))).toBe(true);
  expect(crls).toEqual([crl]);
  expect(await opened(p7m, [rsa])).toMatchObject({ content });
});

describe('wrapKeys', () => {
  test('is asked once, for the RSA recipients', async () => {
    const [rsa, rsa2, ec] = [await holder('rsa'), await holder('rsa2'), await holder('p256')];
    const transport = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
    const asked: number[] = [];
    const p7m = await sealedFor([rsa, ec, { certificate: rsa2.certificate, transport }], {
      wrapKeys: async (jobs) => {
        asked.push(jobs.length);
        return Promise.all(jobs.map((job) => encryptKey(job)));
      },
    });
    expect(asked).toEqual([2]);
    for (const key of [rsa, rsa2, ec]) expect(await opened(p7m, [key])).toMatchObject({ content });
    await sealedFor([ec], { wrapKeys: () => Promise.reject(new Error('not to be asked')) });
  });

  test('may wipe each key it was given, or transfer its buffer to a worker', async () => {
    const [rsa, rsa2] = [await holder('rsa'), await holder('rsa2')];
    const kinds: readonly ((key: Uint8Array) => void)[] = [
      (key) => key.fill(0),
      (key) => structuredClone(key, { transfer: [key.buffer as ArrayBuffer] }),
    ];
    for (const cipher of ['aes256-gcm', 'aes128-cbc', 'des-ede3-cbc'] as const) {
      for (const spoil of kinds) {
        const given = new Set<ArrayBufferLike>();
        const p7m = await sealedFor([rsa, rsa2], {
          cipher,
          wrapKeys: async (jobs) => {
            const encryptedKeys: Uint8Array[] = [];
            for (const job of jobs) {
              given.add(job.key.buffer);
              encryptedKeys.push(await encryptKey(job));
              spoil(job.key);
            }
            return encryptedKeys;
          },
        });
        expect(given.size).toBe(2);
        for (const key of [rsa, rsa2]) expect(await opened(p7m, [key])).toMatchObject({ content });
        const length = { 'aes256-gcm': 32, 'aes128-cbc': 16, 'des-ede3-cbc': 24 }[cipher];
        const blank = await opened(p7m, [{ contentKey: new Uint8Array(length) }]);
        if (typeof blank !== 'string') expect(blank.content).not.toEqual(content);
      }
    }
  });

  test('holds no key any more once it has answered, or failed', async () => {
    const [rsa, rsa2] = [await holder('rsa'), await holder('rsa2')];
    for (const fails of [false, true]) {
      const kept: Uint8Array[] = [];
      const sealing = sealedFor([rsa, rsa2], {
        wrapKeys: async (jobs) => {
          kept.push(...jobs.map(({ key }) => key));
          expect(kept.every((key) => key.some((octet) => octet !== 0))).toBe(true);
          if (fails) throw new RangeError('the worker died');
          return Promise.all(jobs.map((job) => encryptKey(job)));
        },
      });
      if (fails) await expect(sealing).rejects.toThrow('the worker died');
      else expect(await opened(await sealing, [rsa2])).toMatchObject({ content });
      expect(kept).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    }
  });

  test('must give as many keys, each as long as its modulus', async () => {
    const rsa = await holder('rsa');
    const answers = [[], [new Uint8Array(255)], [new Uint8Array(256), new Uint8Array(256)], 7, [7]];
    for (const answer of answers) {
      const wrapKeys = async () => answer as unknown as Uint8Array[];
      await expect(sealedFor([rsa], { wrapKeys })).rejects.toMatchObject({ code: 'usage' });
    }
    for (const none of [7, {}, null]) {
      const wrapKeys = none as unknown as () => Promise<Uint8Array[]>;
      await expect(sealedFor([rsa], { wrapKeys })).rejects.toMatchObject({ code: 'usage' });
    }
    // Aborted while it is asked, and failing after that: its rejection is heard.
    const signal = { aborted: false };
    const abortsAndDies = () => {
      signal.aborted = true;
      return Promise.reject(new RangeError('the worker died'));
    };
    await expect(sealedFor([rsa], { wrapKeys: abortsAndDies, signal })).rejects.toThrow('the worker died');
    const wrapKeys = () => Promise.reject(new RangeError('the worker died'));
    await expect(sealedFor([rsa], { wrapKeys })).rejects.toThrow('the worker died');
  });
});

describe('misuse', () => {
  const bad: readonly (readonly [string, Record<string, unknown>])[] = [
    ['no recipients', { recipients: [] }],
    ['recipients that are none', { recipients: [{}] }],
    ['nobody', { recipients: [null] }],
    ['a kek of 17 octets', { recipients: [{ kek: new Uint8Array(17), id }] }],
    ['a kek without an identifier', { recipients: [{ kek }] }],
    ['a kek that the wrap does not take', { recipients: [{ kek, id, wrap: 'aes256-wrap' }] }],
    ['a wrap that is none', { recipients: [{ kek, id, wrap: 'rot13' }] }],
    ['no iterations', { recipients: [{ password: 'x', iterations: 0 }] }],
    ['a password that is none', { recipients: [{ password: 7, iterations: 1 }] }],
    ['MD5 for a password', { recipients: [{ password: 'x', digest: 'md5' }] }],
    ['a cipher that is not written', { cipher: 'rc2-cbc' }],
    ['a cipher that is none', { cipher: 'toString' }],
    ['content that is text', { content: 'text' }],
    ['a content type that is none', { contentType: 'data' }],
    ['random that gives too little', { random: () => new Uint8Array(1) }],
    ['an engine that is none', { engine: 'fast' }],
  ];
  test.each(bad)('%s', async (_, options) => {
    const given = { content, recipients: [{ kek, id }], ...options } as unknown as CreateEnvelopedDataOptions;
    await expect(createEnvelopedData(given)).rejects.toMatchObject({ code: 'usage' });
  });

  test('a certificate whose key only signs, or without the identifier that is to name it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const spki = asBytes(publicKey.export({ type: 'spki', format: 'der' }));
    const keys = [
      testKey('ed25519'),
      testKey('ed448'),
      testKey('dsa'),
      { kind: 'rsa', privateKey, spki } as const,
    ];
    for (const key of keys) {
      const { certificate } = issue({ name: 'Bob', key });
      await expect(sealedFor([{ certificate }])).rejects.toMatchObject({ code: 'usage' });
    }
    for (const key of [testKey('rsa'), testKey('p256')]) {
      const { certificate } = issue({ name: 'Bob', key, subjectKeyIdentifier: null });
      const named = sealedFor([{ certificate, identifier: 'ski' }]);
      await expect(named).rejects.toMatchObject({ code: 'usage' });
      expect(await sealedFor([{ certificate }])).toBeInstanceOf(Uint8Array);
    }
  });

  test('no options, a tag in EncryptedData, a signal that came before', async () => {
    for (const given of [undefined, null, 7]) {
      await expect(createEnvelopedData(given as never)).rejects.toMatchObject({ code: 'usage' });
      await expect(createEncryptedData(given as never)).rejects.toMatchObject({ code: 'usage' });
    }
    const gcm = { content, contentKey: new Uint8Array(16), cipher: 'aes128-gcm' } as never;
    await expect(createEncryptedData(gcm)).rejects.toMatchObject({ code: 'usage' });
    const signal = { aborted: true };
    await expect(sealedFor([{ kek, id }], { signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
