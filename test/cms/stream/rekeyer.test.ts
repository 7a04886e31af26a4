import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { toDer } from '../../../src/asn1/to-der.js';
import { der, derInteger, derOctetString, derOid, derSequence } from '../../../src/asn1/writer.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../../src/cms/enveloped/open.js';
import { recipientInfos } from '../../../src/cms/enveloped/write-recipients.js';
import { EnvelopedDataWriter } from '../../../src/cms/stream/enveloped-data-writer.js';
import { Rekeyer } from '../../../src/cms/stream/rekeyer.js';
import type { RekeyOptions } from '../../../src/cms/stream/rekeying.js';
import { type Bytes, bytesFromLatin1, concatBytes, equalBytes } from '../../../src/core/bytes.js';
import { encryptKeys } from '../../../src/crypto/transport/encrypt-keys.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { seededLengths, writtenInPieces } from '../../support/cms-objects.js';
import { content, holder, type Way, ways } from '../../support/envelopes.js';

const misused = expect.objectContaining({ code: 'usage' }) as Error;
const former: Way = {
  recipient: { kek: new Uint8Array(16).fill(3), id: new Uint8Array([3]) },
  key: { kek: new Uint8Array(16).fill(3), id: new Uint8Array([3]) },
};

async function rekeyed(
  p7m: Bytes,
  options: RekeyOptions,
  lengths = (): number => p7m.length,
): Promise<Bytes> {
  return writtenInPieces(new Rekeyer(options), p7m, lengths);
}

const octetsOf = (p7m: Bytes): Bytes => parseEnvelopedData(p7m).encryptedContent.octets!;
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

describe.each(['aes128-cbc', 'aes256-gcm', 'chacha20-poly1305'] as const)('%s', (cipher) => {
  test('from every kind of recipient to every other, at any split, with the same encrypted octets', async () => {
    const all = await Promise.all(Object.values(ways).map((way) => way()));
    for (const [i, from] of all.entries()) {
      const to = all[(i * 7 + 3) % all.length]!;
      const p7m = await createEnvelopedData({
        content,
        cipher,
        recipients: [from.recipient, former.recipient],
        bindAlgorithm: i % 3 === 0,
        contentType: i % 2 === 0 ? '1.2.840.113549.1.7.1' : '1.2.840.113549.1.7.2',
      });
      const lengths = [() => 1, seededLengths(i + 1), () => p7m.length][i % 3]!;
      for (const mode of ['replace', 'add'] as const) {
        const next = await rekeyed(p7m, { keys: [from.key], recipients: [to.recipient], mode }, lengths);
        expect(octetsOf(next)).toEqual(octetsOf(p7m));
        const enveloped = parseEnvelopedData(next);
        expect(enveloped.recipients.length).toBe(mode === 'add' ? 3 : 1);
        const opened = await openEnveloped(enveloped, { keys: [to.key] });
        expect(opened.content).toEqual(content);
        expect(opened.contentType).toBe(parseEnvelopedData(p7m).contentType);
        const again = openEnveloped(enveloped, { keys: [former.key] });
        if (mode === 'add') expect((await again).content).toEqual(content);
        else await expect(again).rejects.toThrow(refused('cms-no-recipient'));
      }
    }
    expect(all.length).toBeGreaterThan(15);
  });
});

test('a chunk that is nothing but content of DER is given on as it is, without a copy', async () => {
  const p7m = await createEnvelopedData({
    content: new Uint8Array(9000).fill(7),
    recipients: [former.recipient],
  });
  const rekeyer = new Rekeyer({ keys: [former.key], recipients: [former.recipient] });
  const given = [await rekeyer.update(p7m.slice(0, 4000))];
  const chunk = p7m.slice(4000, 8000);
  const view = await rekeyer.update(chunk);
  expect(view.buffer).toBe(chunk.buffer);
  given.push(view, await rekeyer.update(p7m.slice(8000)), await rekeyer.finish());
  expect(octetsOf(concatBytes(given))).toEqual(octetsOf(p7m));
});

test('what the sender sent along about himself stays, and what an agreement with it needs', async () => {
  const [sender, recipient] = [await holder('p256'), await holder('p256b')];
  const p7m = await createEnvelopedData({
    content,
    recipients: [{ certificate: recipient.certificate }],
    originatorInfo: { certificates: [sender.certificate] },
  });
  const keys = [{ privateKey: recipient.privateKey, certificate: recipient.certificate }];
  const next = parseEnvelopedData(await rekeyed(p7m, { keys, recipients: [former.recipient], mode: 'add' }));
  expect(next.originatorInfo.certificates.map(({ bytes }) => bytes)).toEqual([sender.certificate.bytes]);
  expect((await openEnveloped(next, { keys })).content).toEqual(content);
});

describe('octets behind the structure are left out', () => {
  const recipients = [former.recipient];
  const options: RekeyOptions = { keys: [former.key], recipients };

  test.each([
    ['DER', async () => createEnvelopedData({ content, recipients })],
    [
      'BER of indefinite lengths',
      async () => writtenInPieces(new EnvelopedDataWriter({ recipients }), content, () => 9),
    ],
  ] as const)('of %s', async (_, make) => {
    const p7m = await make();
    const behind = [Uint8Array.of(0), new Uint8Array(100_000).fill(0x30), p7m, Uint8Array.of(0x30, 0x84)];
    const wanted = await rekeyed(p7m, options);
    for (const more of behind) {
      const file = concatBytes([p7m, more]);
      // Where lengths are indefinite, the pieces of the content depend on the chunks.
      const next = await rekeyed(file, options, () => p7m.length);
      expect(equalBytes(next, wanted)).toBe(true);
      const singly = more.length > 1000 ? [] : [() => 1];
      for (const lengths of [...singly, seededLengths(3), () => file.length]) {
        const other = await rekeyed(file, options, lengths);
        expect(parseEnvelopedData(other).trailingOctets).toBe(0);
        expect(octetsOf(other)).toEqual(octetsOf(p7m));
      }
    }
  });

  test('of PEM, where that is text, or another block', async () => {
    const p7m = await createEnvelopedData({ content, recipients });
    const pem = encodePem('CMS', p7m);
    const wanted = await rekeyed(p7m, options);
    for (const more of ['\n\n', 'that was all\n-- \nA list', pem, '-----BEGIN X-----\n-----END X-----'])
      expect(equalBytes(await rekeyed(bytesFromLatin1(pem + more), options), wanted)).toBe(true);
    const damaged = rekeyed(bytesFromLatin1(`${pem}-----BEGIN X-----\n`), options);
    await expect(damaged).rejects.toThrow(refused('pem-malformed'));
  });
});

test('what goes along may be replaced, or left out', async () => {
  const [sender, other] = [await holder('p256'), await holder('rsa')];
  const p7m = await createEnvelopedData({
    content,
    cipher: 'aes128-cbc',
    recipients: [former.recipient],
    originatorInfo: { certificates: [sender.certificate] },
  });
  const options = { keys: [former.key], recipients: [{ certificate: other.certificate }] };
  const along = async (change: Partial<RekeyOptions>): Promise<[number, readonly Bytes[]]> => {
    const { version, originatorInfo } = parseEnvelopedData(await rekeyed(p7m, { ...options, ...change }));
    return [version, originatorInfo.certificates.map(({ bytes }) => bytes)];
  };
  expect(await along({})).toEqual([2, [sender.certificate.bytes]]);
  expect(await along({ originatorInfo: { certificates: [other.certificate] } })).toEqual([
    2,
    [other.certificate.bytes],
  ]);
  expect((await along({ originatorInfo: {} }))[1]).toEqual([]);
});

describe('lengths', () => {
  const options = { keys: [former.key], recipients: [former.recipient], mode: 'add' } as const;

  test.each(['aes128-cbc', 'aes256-gcm'] as const)('%s: DER stays DER', async (cipher) => {
    const unsigned = { content, recipients: [former.recipient], cipher };
    for (const contentType of ['1.2.840.113549.1.7.1', '1.2.840.113549.1.7.2']) {
      const p7m = await createEnvelopedData({ ...unsigned, contentType });
      for (const lengths of [(): number => 1, seededLengths(2), (): number => p7m.length]) {
        const next = await rekeyed(p7m, options, lengths);
        const again = toDer(readBer(next));
        expect(equalBytes(next, again)).toBe(true);
        expect((await openEnveloped(parseEnvelopedData(next), options)).content).toEqual(content);
      }
    }
  });

  test('stay indefinite where one around the content is', async () => {
    const p7m = await createEnvelopedData({ content, recipients: [former.recipient] });
    const writer = new EnvelopedDataWriter({ recipients: [former.recipient] });
    const ber = concatBytes([await writer.update(content), await writer.finish()]);
    // The outermost two indefinite, the content definite; and the other way round.
    const inner = p7m.subarray(p7m.indexOf(0xa0));
    const outer = concatBytes([
      Uint8Array.of(0x30, 0x80),
      derOid('1.2.840.113549.1.9.16.1.23'),
      inner,
      new Uint8Array(2),
    ]);
    for (const [each, isDefinite] of [
      [ber, false],
      [outer, true],
    ] as const) {
      const next = await rekeyed(each, options, seededLengths(3));
      expect(readBer(next).indefinite).toBe(!isDefinite);
      expect((await openEnveloped(parseEnvelopedData(next), options)).content).toEqual(content);
    }
  });
});

describe('while keys are wrapped elsewhere', () => {
  const contentLength = 1000;
  const tagLength = 18;

  /** A re-keying whose wraps end when they are told to. */
  async function scene(heldOctets: number) {
    const { certificate, privateKey } = await holder('rsa');
    const p7m = await createEnvelopedData({
      content: new Uint8Array(contentLength),
      recipients: [former.recipient],
    });
    const begun = p7m.length - tagLength - contentLength;
    let resolve = (): void => {};
    let reject = (_: Error): void => {};
    const permission = new Promise<void>((yes, no) => {
      [resolve, reject] = [yes, no];
    });
    permission.catch(() => {});
    const wraps = { resolve, reject };
    const rekeyer = new Rekeyer({
      keys: [former.key],
      recipients: [{ certificate }],
      heldOctets,
      wrapKeys: async ([job]) => {
        const encrypted = await encryptKeys({ key: job!.key, recipients: [job!] });
        await permission;
        return encrypted;
      },
    });
    const chunks = Array.from({ length: contentLength / 100 }, (_, i) =>
      p7m.slice(begun + i * 100, begun + i * 100 + 100),
    );
    const given = [await rekeyer.update(p7m.slice(0, begun))];
    expect(given[0]!.length).toBe(0);
    const rest = async (): Promise<void> => {
      given.push(await rekeyer.update(p7m.subarray(-tagLength)), await rekeyer.finish());
      const opened = await openEnveloped(parseEnvelopedData(concatBytes(given)), {
        keys: [{ privateKey, certificate }],
      });
      expect(opened.content.length).toBe(contentLength);
    };
    return { wraps, rekeyer, chunks, given, rest };
  }

  test('a call before the last is answered is refused, and changes nothing', async () => {
    const { wraps, rekeyer, chunks, given, rest } = await scene(150);
    given.push(await rekeyer.update(chunks[0]!));
    const waiting = rekeyer.update(chunks[1]!);
    await expect(rekeyer.update(chunks[2]!.subarray(0, 10))).rejects.toThrow(misused);
    await expect(rekeyer.finish()).rejects.toThrow(misused);
    wraps.resolve();
    given.push(await waiting);
    for (const chunk of chunks.slice(2)) given.push(await rekeyer.update(chunk));
    await rest();
  });

  test('content goes on, in copies', async () => {
    const { wraps, rekeyer, chunks, given, rest } = await scene(contentLength);
    for (const chunk of chunks) {
      given.push(await rekeyer.update(chunk));
      expect(given.at(-1)!.length).toBe(0);
      chunk.fill(0xa5);
    }
    wraps.resolve();
    await rest();
  });

  test.each([0, 200])('content waits when %i octets are held back', async (heldOctets) => {
    const { wraps, rekeyer, chunks, given, rest } = await scene(heldOctets);
    for (const chunk of chunks.splice(0, heldOctets / 100)) given.push(await rekeyer.update(chunk));
    let isDone = false;
    const waiting = rekeyer.update(chunks.shift()!).then((octets) => {
      isDone = true;
      return octets;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    wraps.resolve();
    given.push(await waiting);
    expect(given.at(-1)!.length).toBeGreaterThan(heldOctets + 100);
    for (const chunk of chunks) given.push(await rekeyer.update(chunk));
    await rest();
  });

  test('what they fail with is told with the next octets, and nothing was given', async () => {
    const { wraps, rekeyer, chunks, given } = await scene(contentLength);
    given.push(await rekeyer.update(chunks[0]!));
    wraps.reject(new TypeError('the worker is gone'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(rekeyer.update(chunks[1]!)).rejects.toThrow('the worker is gone');
    await expect(rekeyer.finish()).rejects.toThrow(refused('usage'));
    expect(concatBytes(given).length).toBe(0);
  });
});

test('recipients of unknown kinds are dropped, or kept where that is said', async () => {
  const whole = parseEnvelopedData(await createEnvelopedData({ content, recipients: [former.recipient] }));
  const fields = whole.node.children.map(({ bytes }) => bytes);
  const unknown = der(0xa4, derOid('1.2.3'), der(0x04, new Uint8Array(5)));
  fields[1] = der(0x31, ...whole.node.children[1]!.children.map(({ bytes }) => bytes), unknown);
  const p7m = derSequence(derOid('1.2.840.113549.1.9.16.1.23'), der(0xa0, derSequence(...fields)));
  const options = { keys: [former.key], recipients: [former.recipient] };
  const kinds = async (change: Partial<RekeyOptions>): Promise<string[]> =>
    parseEnvelopedData(await rekeyed(p7m, { ...options, ...change })).recipients.map(({ kind }) => kind);
  expect(await kinds({})).toEqual(['kek']);
  expect((await kinds({ unknownRecipients: 'keep' })).sort()).toEqual(['kek', 'other']);
  expect((await kinds({ mode: 'add' })).sort()).toEqual(['kek', 'kek', 'other']);
});

describe('is refused', () => {
  test('without a key that fits, and then nothing is given', async () => {
    const p7m = await createEnvelopedData({ content, recipients: [former.recipient] });
    const rekeyer = new Rekeyer({ keys: [{ password: 'another' }], recipients: [former.recipient] });
    await expect(rekeyer.update(p7m)).rejects.toThrow(refused('cms-no-recipient'));
    await expect(rekeyer.finish()).rejects.toThrow(refused('usage'));
  });

  test('RFC 3394 §2: where the content key is too short for a key wrap', async () => {
    // What RC2 with 40 bits has, in an envelope for a password, which takes any length.
    const password = { password: 'eight friendly herons wading' };
    const rc2 = derSequence(
      derOid('1.2.840.113549.3.2'),
      derSequence(derInteger(160), derOctetString(new Uint8Array(8))),
    );
    const short = await recipientInfos([password], new Uint8Array(5).fill(7), new Uint8Array(0), {});
    const info = derSequence(derOid('1.2.840.113549.1.7.1'), rc2, der(0x80, new Uint8Array(8)));
    const weak = derSequence(
      derOid('1.2.840.113549.1.7.3'),
      der(0xa0, derSequence(derInteger(3), der(0x31, ...short), info)),
    );
    const { certificate } = await holder('p256');
    for (const recipient of [former.recipient, { certificate }]) {
      await expect(rekeyed(weak, { keys: [password], recipients: [password, recipient] })).rejects.toThrow(
        /item 1 of .* RSA key or a password/,
      );
    }
    const next = parseEnvelopedData(await rekeyed(weak, { keys: [password], recipients: [password] }));
    expect(next.recipients.map(({ kind }) => kind)).toEqual(['password']);
  });

  test('for another type, and for input that ends too early', async () => {
    const p7m = await createEnvelopedData({ content, recipients: [former.recipient] });
    const options = { keys: [former.key], recipients: [former.recipient] };
    await expect(rekeyed(p7m.slice(0, -1), options)).rejects.toThrow(refused('asn1-truncated'));
    await expect(rekeyed(new Uint8Array([0x30, 0]), options)).rejects.toThrow(refused('cms-malformed'));
  });

  test('with options that do not fit together', () => {
    expect(() => new Rekeyer({ keys: [], recipients: [] })).toThrow(refused('usage'));
    const mode = 'remove' as 'add';
    expect(() => new Rekeyer({ keys: [], recipients: [former.recipient], mode })).toThrow(refused('usage'));
    expect(() => new Rekeyer(undefined as unknown as RekeyOptions)).toThrow(refused('usage'));
  });
});
