import { describe, expect, test } from 'vitest';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { smimeCapability } from '../../../src/cms/smime-capabilities.js';
import {
  type Bytes,
  bytesFromLatin1,
  concatBytes,
  equalBytes,
  latin1FromBytes,
} from '../../../src/core/bytes.js';
import { encodeQuotedPrintable } from '../../../src/encoding/quoted-printable-encoder.js';
import { parseMessage } from '../../../src/mime/message.js';
import { encryptMessage } from '../../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../../src/smime/open/decrypt-message.js';
import {
  MessageRekeyer,
  type RekeyMessageOptions,
  rekeyMessage,
} from '../../../src/smime/stream/message-rekeyer.js';
import { seededLengths, writtenInPieces } from '../../support/cms-objects.js';
import { holder } from '../../support/envelopes.js';
import { messageOf, opaque, signed, text } from '../../support/open-scene.js';
import { toLf } from '../../support/sign-message.js';

const at = new Date('2026-03-01T00:00:00Z');
const kekOf = (octet: number): { kek: Bytes; id: Bytes } => ({
  kek: new Uint8Array(16).fill(octet),
  id: Uint8Array.of(octet),
});
const [old, fresh] = [kekOf(3), kekOf(4)];
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
const header =
  'Received: from here\r\n\tby there\r\nFrom: a@example.jp\r\nTo: list@example.jp\r\nSubject:  two  \r\n';
const secret = 'The secret.\r\n'.repeat(9000);
const options: RekeyMessageOptions = { keys: [old], recipients: [fresh], at };

async function sealed(cipher: 'aes128-cbc' | 'aes256-gcm' = 'aes256-gcm'): Promise<Bytes> {
  const message = bytesFromLatin1(`${header}Content-Type: text/plain\r\n\r\n${secret}`);
  const [first] = await encryptMessage(message, { recipients: [old], cipher, at });
  return first!.message;
}

async function inPieces(message: Bytes, lengths: () => number, change: RekeyMessageOptions): Promise<Bytes> {
  return writtenInPieces(new MessageRekeyer(change), message, lengths);
}

const envelopeOf = (message: Bytes): ReturnType<typeof parseEnvelopedData> =>
  parseEnvelopedData(parseMessage(message).content());
const same = (a: Bytes | undefined, b: Bytes | undefined): boolean =>
  a !== undefined && b !== undefined && equalBytes(a, b);
const headerOf = (message: Bytes): string => latin1FromBytes(message).split('\r\n\r\n')[0]!;

describe.each(['aes128-cbc', 'aes256-gcm'] as const)('%s', (cipher) => {
  test('other readers, the same octets, the same header', async () => {
    const message = await sealed(cipher);
    const next = await rekeyMessage(message, options);
    expect(headerOf(next)).toBe(headerOf(message));
    expect(same(envelopeOf(next).encryptedContent.octets, envelopeOf(message).encryptedContent.octets)).toBe(
      true,
    );
    expect(latin1FromBytes((await decryptMessage(next, { keys: [fresh] })).message)).toContain(secret);
    await expect(decryptMessage(next, { keys: [old] })).rejects.toThrow(refused('cms-no-recipient'));
    expect(same(await rekeyMessage(parseMessage(message), options), next)).toBe(true);
  });

  test('any split gives the same octets', async () => {
    const message = await sealed(cipher);
    const whole = await rekeyMessage(message, options);
    for (const lengths of [() => 1, seededLengths(1), () => 70_000, () => message.length]) {
      expect(same(await inPieces(message, lengths, options), whole)).toBe(true);
    }
  });
});

test('readers are added, and those who were stay', async () => {
  const next = await rekeyMessage(await sealed(), { ...options, mode: 'add' });
  expect(envelopeOf(next).recipients.length).toBe(2);
  for (const key of [old, fresh]) await decryptMessage(next, { keys: [key] });
});

describe('the header', () => {
  test('ends its lines in CRLF', async () => {
    const message = await sealed();
    expect(same(await rekeyMessage(toLf(message), options), await rekeyMessage(message, options))).toBe(true);
  });

  test('says base64 once, whatever the transfer encoding was, and nothing that is false afterwards', async () => {
    const p7m = await createEnvelopedData({ content: text('secret'), recipients: [old] });
    const type =
      'Content-Type: application/pkcs7-mime;\r\n\tname="smime.p7m"; smime-type=authEnveloped-data\r\n';
    const bodies: [string, Uint8Array][] = [
      ['Content-Transfer-Encoding: binary\r\n', p7m],
      ['content-transfer-encoding:quoted-printable\r\n', encodeQuotedPrintable(p7m)],
      ['Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64\r\n', p7m],
      ['', p7m],
    ];
    for (const [encoding, body] of bodies) {
      const before = `${encoding}${header}Lines: 7\r\nContent-MD5: AAAA\r\ncontent-length: 5\r\n${type}`;
      const message = concatBytes([bytesFromLatin1(`${before}\r\n`), body]);
      const next = await rekeyMessage(message, options);
      const lines = headerOf(next).split('\r\n');
      expect(lines.filter((line) => /^(?:content-(?:md5|length)|lines):/i.test(line))).toEqual([]);
      expect(lines.filter((line) => /transfer-encoding/i.test(line))).toEqual([
        'Content-Transfer-Encoding: base64',
      ]);
      expect(`${headerOf(next)}\r\n`).toContain(header);
      expect(`${headerOf(next)}\r\n`).toContain(type);
      expect(envelopeOf(next).encryptedContent.octets).toEqual(
        parseEnvelopedData(p7m).encryptedContent.octets,
      );
      expect(
        Math.max(
          ...latin1FromBytes(next)
            .split('\r\n')
            .map((line) => line.length),
        ),
      ).toBeLessThan(80);
    }
  });
});

describe('what stands behind the encrypted structure in the body is left out', () => {
  const footer = '\r\n_______________\r\nThe list, list@example.jp = unsubscribe!\r\n';

  test.each([1, 2, 3])('of base64 with %d octets in its last group', async (octets) => {
    let message = await sealed();
    // Longer by an octet each time: a name, so that the length of the structure changes.
    for (let i = 1; parseMessage(message).content().length % 3 !== octets % 3; i++) {
      const [next] = await encryptMessage(bytesFromLatin1(`${header}\r\n${'x'.repeat(i)}`), {
        recipients: [old],
        at,
      });
      message = next!.message;
    }
    const wanted = await rekeyMessage(message, options);
    const end = latin1FromBytes(message).trimEnd().length;
    const base64 = latin1FromBytes(message.subarray(0, end));
    for (const more of ['', '\r\n\r\n\r\n', footer, '\r\n\r\nTWFp\r\n', 'AAAA', '\r\n--b--\r\n']) {
      const behind = bytesFromLatin1(base64 + more);
      expect(same(await rekeyMessage(behind, options), wanted), more).toBe(true);
      expect(same(await inPieces(behind, () => 100, options), wanted), more).toBe(true);
    }
  });

  test.each(['binary', 'quoted-printable'])('of %s', async (encoding) => {
    const p7m = await createEnvelopedData({ content: text('secret'), recipients: [old] });
    const start = `${header}Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
    const body = encoding === 'binary' ? p7m : encodeQuotedPrintable(p7m);
    const message = concatBytes([bytesFromLatin1(start), body]);
    const wanted = await rekeyMessage(message, options);
    for (const more of ['\r\n', footer]) {
      const behind = concatBytes([message, bytesFromLatin1(more)]);
      expect(same(await rekeyMessage(behind, options), wanted), more).toBe(true);
      expect(same(await inPieces(behind, () => 100, options), wanted), more).toBe(true);
    }
  });
});

describe('recipients', () => {
  test('are looked at: time, use, and whose address it is where that is told', async () => {
    const message = await sealed();
    const { certificate } = await holder('rsa');
    const change = (recipient: object, more: object = {}): Promise<Bytes> =>
      rekeyMessage(message, { ...options, recipients: [{ certificate, ...recipient }], ...more });
    await change({});
    await expect(change({}, { at: new Date('2999-01-01') })).rejects.toThrow(
      refused('smime-recipient-refused'),
    );
    await expect(change({ address: 'stranger@example.jp' })).rejects.toThrow(
      refused('smime-recipient-refused'),
    );
    await change({ address: 'stranger@example.jp', accept: ['address-differs'] });
    await change({ address: 'stranger@example.jp' }, { accept: ['address-differs'] });
  });

  test('get OAEP where they say that they read it', async () => {
    const { certificate, privateKey } = await holder('rsa');
    const capabilities = [smimeCapability('rsa-oaep')];
    const next = await rekeyMessage(await sealed(), {
      ...options,
      recipients: [{ certificate, capabilities }, { certificate }],
    });
    const transports = envelopeOf(next).recipients.flatMap((each) =>
      each.kind === 'key-transport'
        ? [latin1FromBytes(each.keyEncryptionAlgorithm.bytes).includes('\x0d\x01\x01\x07')]
        : [],
    );
    expect(transports.sort()).toEqual([false, true]);
    await decryptMessage(next, { keys: [{ privateKey, certificate }] });
  });
});

describe('is refused', () => {
  const code = async (message: Bytes, change: Partial<RekeyMessageOptions> = {}): Promise<string> => {
    const error = await rekeyMessage(message, { ...options, ...change }).catch((caught: unknown) => caught);
    return (error as { code: string }).code;
  };

  test('what is not encrypted as a whole', async () => {
    const inner = parseMessage(await sealed()).bytes;
    const entity = inner.subarray(latin1FromBytes(inner).indexOf('Content-Type'));
    expect(await code(messageOf(text('plain')))).toBe('smime-not-encrypted');
    expect(await code(messageOf(signed(entity)))).toBe('smime-not-encrypted');
    expect(await code(messageOf(opaque(entity)))).toBe('smime-not-encrypted');
    expect(await code(new Uint8Array(0))).toBe('smime-not-encrypted');
  });

  test('without a key that fits, before anything is given', async () => {
    const message = await sealed();
    const rekeyer = new MessageRekeyer({ ...options, keys: [fresh] });
    const body = message.indexOf(0x4d, headerOf(message).length);
    expect((await rekeyer.update(message.subarray(0, body))).length).toBe(0);
    await expect(
      (async (): Promise<void> => {
        await rekeyer.update(message.subarray(body));
        await rekeyer.finish();
      })(),
    ).rejects.toThrow(refused('cms-no-recipient'));
    await expect(rekeyer.finish()).rejects.toThrow(refused('usage'));
  });

  test('what ends too early, at any place', async () => {
    const message = await sealed();
    const end = message.length;
    const codes = new Set<string>();
    for (const length of [0, 50, 200, 500, 700, 5000, end >> 1, end - 40, end - 8]) {
      codes.add(await code(message.slice(0, length)));
    }
    expect([...codes].sort()).toEqual(['asn1-truncated', 'smime-not-encrypted']);
  });

  test('with options, and messages, of another kind', async () => {
    const message = await sealed();
    expect(await code(message, { recipients: [] })).toBe('usage');
    expect(await code(message, { mode: 'remove' as 'add' })).toBe('usage');
    expect(await code(message, { limits: { mime: { headers: 2 } } })).toBe('limit-headers');
    expect(await code(message, { signal: { aborted: true } })).toBe('aborted');
    const lf = latin1FromBytes(message).replaceAll('\r\n', '\r');
    expect(await code(bytesFromLatin1(lf))).toBe('usage');
    const part = parseMessage(bytesFromLatin1('Content-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\n'))
      .parts[0]!;
    await expect(rekeyMessage(part, options)).rejects.toThrow(refused('usage'));
    expect(() => new MessageRekeyer(undefined as unknown as RekeyMessageOptions)).toThrow(refused('usage'));
  });
});
