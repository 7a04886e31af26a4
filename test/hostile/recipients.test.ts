import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { der, derInteger, derNull, derOctetString, derOid, derSequence } from '../../src/asn1/writer.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { holder, opened, putTogether, sealedFor, takeApart } from '../support/envelopes.js';
import { expectLinearAsync } from '../support/linear-time.js';

const kek = new Uint8Array(16).fill(5);
const id = Uint8Array.of(7);
const someone = { recipient: { kek, id }, key: { kek, id } };

/** Infos of each kind for nobody who is known, by number. */
async function strangers(): Promise<Readonly<Record<string, (n: number) => Uint8Array>>> {
  const [rsa, ec] = [await holder('rsa'), await holder('p256')];
  const infos = takeApart(await sealedFor([rsa, ec, { password: 'x', iterations: 1 }])).recipients;
  const fieldsOf = (identifier: number): Uint8Array[] =>
    readBer(infos.find((info) => info[0] === identifier)!).children.map(({ bytes }) => bytes);
  const transport = fieldsOf(0x30);
  const agreement = fieldsOf(0xa1);
  const password = fieldsOf(0xa3);
  const name = readBer(transport[1]!).children[0]!.bytes;
  return {
    'key transport': (n) =>
      der(0x30, transport[0]!, derSequence(name, derInteger(n + 1)), ...transport.slice(2)),
    'key transport under one serial number': (n) => {
      const other = derSequence(der(0x31, derSequence(derOid('2.5.4.3'), der(0x0c, derInteger(n)))));
      return der(
        0x30,
        transport[0]!,
        derSequence(other, readBer(transport[1]!).children[1]!.bytes),
        ...transport.slice(2),
      );
    },
    'key agreement': (n) =>
      der(
        0xa1,
        ...agreement.slice(0, 3),
        derSequence(derSequence(derSequence(name, derInteger(n + 1)), derOctetString(new Uint8Array(24)))),
      ),
    'key-encryption keys': (n) =>
      der(
        0xa2,
        derInteger(4),
        derSequence(derOctetString(Uint8Array.of(n, n >> 8, 1))),
        derNull(),
        derOctetString(kek),
      ),
    passwords: (n) => der(0xa3, ...password.slice(0, 3), derOctetString(new Uint8Array(32).fill(n))),
    'unknown kinds': (n) => der(0xa4, derOid('1.2.3'), derInteger(n)),
  };
}

const kinds = [
  'key transport',
  'key transport under one serial number',
  'key agreement',
  'key-encryption keys',
  'passwords',
  'unknown kinds',
];

describe('10,000 recipients', () => {
  test.each(kinds)('%s: linear, whoever reads', async (kind) => {
    const [rsa, ec] = [await holder('rsa'), await holder('p256')];
    const parts = takeApart(await sealedFor([someone.recipient]));
    const stranger = (await strangers())[kind]!;
    await expectLinearAsync((size) => {
      const recipients = [...Array.from({ length: size }, (_, n) => stranger(n)), ...parts.recipients];
      const octets = putTogether({ ...parts, recipients });
      // Past the limit the measurement may go that tells growth from a step of the collector.
      const limits = { recipients: 50_000, nodes: 10_000_000 };
      const open = (keys: readonly DecryptionKey[]) =>
        openEnveloped(parseEnvelopedData(octets, { limits }), { keys });
      return async () => {
        for (const key of [rsa, ec])
          await expect(open([key])).rejects.toMatchObject({ code: 'cms-no-recipient' });
        expect((await open([rsa, ec, someone.key])).keyIndex).toBe(2);
      };
    }, 2_499);
  });

  test('one more is over the limit, which can be moved', async () => {
    const parts = takeApart(await sealedFor([someone.recipient]));
    const stranger = (await strangers())['unknown kinds']!;
    const recipients = Array.from({ length: 10_000 }, (_, n) => stranger(n));
    const octets = putTogether({ ...parts, recipients: [...recipients, ...parts.recipients] });
    expect(await opened(octets, [someone.key])).toBe('limit-recipients');
    expect(parseEnvelopedData(octets, { limits: { recipients: 10_001 } }).recipients.length).toBe(10_001);
    expect(parseEnvelopedData(putTogether({ ...parts, recipients })).recipients.length).toBe(10_000);
  });

  test('in one key agreement, each counts', async () => {
    const parts = takeApart(await sealedFor([await holder('p256')]));
    const fields = readBer(parts.recipients[0]!).children;
    const each = fields.at(-1)!.children[0]!.bytes;
    const infoOf = (count: number) =>
      der(
        0xa1,
        ...fields.slice(0, -1).map(({ bytes }) => bytes),
        derSequence(...new Array<Uint8Array>(count).fill(each)),
      );
    const envelopeOf = (...counts: number[]) => putTogether({ ...parts, recipients: counts.map(infoOf) });
    expect(parseEnvelopedData(envelopeOf(10_000)).recipients.length).toBe(1);
    for (const counts of [[10_001], [5_000, 5_001]]) {
      expect(() => parseEnvelopedData(envelopeOf(...counts))).toThrow(
        expect.objectContaining({ code: 'limit-recipients' }),
      );
    }
  });
});

describe('senders who name a certificate', () => {
  /** The recipient's agreement with a sender by a name, for as many keys of his. */
  const agreementWith = async (originator: Uint8Array, count: number): Promise<Uint8Array> => {
    const fields = readBer(takeApart(await sealedFor([await holder('p256')])).recipients[0]!).children;
    const each = fields.at(-1)!.children[0]!.bytes;
    const [version, , algorithm] = fields.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array, Uint8Array];
    const keys = derSequence(...new Array<Uint8Array>(count).fill(each));
    return der(0xa1, version, der(0xa0, originator), algorithm, keys);
  };
  const nameOf = (n: number) =>
    derSequence(
      ...[`x${n}`, 'same', 'same', 'same'].map((text) =>
        der(0x31, derSequence(derOid('2.5.4.3'), der(0x0c, new TextEncoder().encode(text)))),
      ),
    );
  /** Certificates with one serial number and names that differ in what is compared last. */
  const certificatesOf = async (count: number): Promise<Uint8Array[]> => {
    const { certificate } = await holder('p256');
    const [body, ...rest] = readBer(certificate.bytes).children;
    const fields = body!.children.map(({ bytes }) => bytes);
    return Array.from({ length: count }, (_, n) =>
      derSequence(
        derSequence(...fields.slice(0, 3), nameOf(n), ...fields.slice(4)),
        ...rest.map(({ bytes }) => bytes),
      ),
    );
  };

  test('keys of one agreement whose wrap has long parameters: linear', async () => {
    const ec = await holder('p256');
    const parts = takeApart(await sealedFor([ec]));
    const [scheme, wrap] = readBer(readBer(parts.recipients[0]!).children[2]!.bytes).children;
    const oid = wrap!.children[0]!.bytes;
    const keyId = der(0x80, new Uint8Array(20));
    const infos = new Map<number, Uint8Array>();
    for (const size of [500, 2000]) {
      const elements = derSequence(...new Array<Uint8Array>(size).fill(derNull()));
      const fields = readBer(await agreementWith(keyId, size)).children.map(({ bytes }) => bytes);
      fields[2] = derSequence(scheme!.bytes, derSequence(oid, elements));
      infos.set(size, der(0xa1, ...fields));
    }
    await expectLinearAsync((size) => {
      const octets = putTogether({ ...parts, recipients: [infos.get(size)!] });
      return async () => {
        expect(await opened(octets, [ec])).toBe('cms-unsupported');
      };
    }, 500);
  });

  test.each(['keys of one agreement', 'agreements of one key'])('%s: linear', async (shape) => {
    const ec = await holder('p256');
    const parts = takeApart(await sealedFor([ec]));
    const sender = derSequence(nameOf(-1), der(2, ec.certificate.serialNumber));
    const one = await agreementWith(sender, 1);
    const all = (await certificatesOf(2400)).map((each) => parseCertificate(each));
    const infos: ReadonlyMap<number, readonly Uint8Array[]> = new Map(
      await Promise.all(
        [600, 2400].map(
          async (size): Promise<[number, Uint8Array[]]> =>
            shape === 'keys of one agreement'
              ? [size, [await agreementWith(sender, size)]]
              : [size, new Array<Uint8Array>(size).fill(one)],
        ),
      ),
    );
    await expectLinearAsync((size) => {
      const octets = putTogether({ ...parts, recipients: infos.get(size)! });
      const certificates = all.slice(0, size);
      return async () => {
        expect(await opened(octets, [ec], { certificates })).toBe('cms-unsupported');
      };
    }, 600);
  });

  test('1,000 certificates may come along, and 1,000 CRLs', async () => {
    const parts = takeApart(await sealedFor([someone.recipient]));
    const [certificate] = await certificatesOf(1);
    const crl = derSequence();
    for (const [identifier, each, code, limit] of [
      [0xa0, certificate!, 'limit-certificates', 'certificates'],
      [0xa1, crl, 'limit-revocation-infos', 'revocationInfos'],
    ] as const) {
      const octetsOf = (count: number) => {
        const originator = der(0xa0, der(identifier, ...new Array<Uint8Array>(count).fill(each)));
        return putTogether({ ...parts, originator });
      };
      expect(await opened(octetsOf(1000), [someone.key])).toMatchObject({ keyIndex: 0 });
      expect(await opened(octetsOf(1001), [someone.key])).toBe(code);
      const { originatorInfo } = parseEnvelopedData(octetsOf(1001), { limits: { [limit]: 1001 } });
      expect(originatorInfo.certificates.length + originatorInfo.crls.length).toBe(1001);
    }
  });
});

describe('passwords', () => {
  const password = '合言葉';
  const withIterations = (info: Uint8Array, iterations: number): Uint8Array => {
    const fields = readBer(info).children.map(({ bytes }) => bytes);
    const [oid, parameters] = readBer(fields[1]!).children;
    const [salt, , ...rest] = parameters!.children.map(({ bytes }) => bytes);
    const derivation = der(0xa0, oid!.bytes, derSequence(salt!, derInteger(iterations), ...rest));
    return der(0xa3, fields[0]!, derivation, ...fields.slice(2));
  };

  test('that take too many iterations are not tried, and keep no other key out', async () => {
    const parts = takeApart(await sealedFor([{ password, iterations: 1 }]));
    for (const iterations of [10_000_001, 2 ** 31, 2 ** 47, 2 ** 53 - 1]) {
      const recipients = parts.recipients.map((info) => withIterations(info, iterations));
      const octets = putTogether({ ...parts, recipients });
      expect(await opened(octets, [{ password }])).toBe('limit-iterations');
    }
    const both = takeApart(await sealedFor([{ password, iterations: 1 }, someone.recipient]));
    const bomb = both.recipients.map((info) => (info[0] === 0xa3 ? withIterations(info, 2 ** 40) : info));
    const octets = putTogether({ ...both, recipients: bomb });
    expect(await opened(octets, [{ password }, someone.key])).toMatchObject({ keyIndex: 1 });
  });

  test('share one limit over all recipients', async () => {
    const parts = takeApart(
      await sealedFor([
        { password, iterations: 50 },
        { password: 'other', iterations: 60 },
      ]),
    );
    const keys = [{ password: 'neither' }];
    expect(await opened(putTogether(parts), keys, { limits: { iterations: 110 } })).toBe(
      'crypto-decryption-failed',
    );
    expect(await opened(putTogether(parts), keys, { limits: { iterations: 109 } })).toBe('limit-iterations');
  });

  test('zero iterations, and a length that is not the cipher’s', async () => {
    const parts = takeApart(await sealedFor([{ password, iterations: 1 }]));
    const none = parts.recipients.map((info) => withIterations(info, 0));
    expect(await opened(putTogether({ ...parts, recipients: none }), [{ password }])).toMatch(
      /^(?:cms-unsupported|crypto-decryption-failed)$/,
    );
  });
});

test('every octet flipped three ways and every truncation gives an error of ours, or the content', async () => {
  const [rsa, ec] = [await holder('rsa'), await holder('p256')];
  const keys = [someone.key, { password: 'x' }, ec, rsa];
  for (const cipher of ['aes128-cbc', 'aes128-gcm'] as const) {
    const recipients = [someone.recipient, { password: 'x', iterations: 1 }, ec, rsa];
    const octets = await sealedFor(recipients, { cipher });
    let errors = 0;
    for (let at = 0; at < octets.length; at++) {
      for (const pattern of [0x01, 0x80, 0xff]) {
        const changed = octets.slice();
        changed[at]! ^= pattern;
        if (typeof (await opened(changed, keys, { limits: { iterations: 100_000 } })) === 'string') errors++;
      }
      const cut = await opened(octets.subarray(0, at), keys).catch((error: unknown) => error);
      expect(cut).not.toBeInstanceOf(Error);
      expect(typeof cut).toBe('string');
    }
    expect(errors).toBeGreaterThan(100);
  }
}, 120_000);
