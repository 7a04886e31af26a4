import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BerNode, readBer } from '../../../src/asn1/reader.js';
import { parseEnvelopedData } from '../../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../../src/cms/enveloped/open.js';
import { createSignedData } from '../../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../../src/cms/sign/signing-key.js';
import { parseSignedData } from '../../../src/cms/signed/signed-data.js';
import {
  EnvelopedDataWriter,
  type EnvelopedDataWriterOptions,
} from '../../../src/cms/stream/enveloped-data-writer.js';
import {
  SignedDataWriter,
  type SignedDataWriterOptions,
} from '../../../src/cms/stream/signed-data-writer.js';
import { verifySignedData } from '../../../src/cms/verify/verify.js';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { createSigner } from '../../../src/crypto/signatures/sign.js';
import { encryptKeys } from '../../../src/crypto/transport/encrypt-keys.js';
import { holder } from '../../support/envelopes.js';
import { testKey } from '../../support/pki.js';
import { aliceWith, intermediate, now, roots } from '../../support/sign-scene.js';
import { signingKey } from '../../support/signing-people.js';

const kek = new Uint8Array(16).fill(7);
const id = new Uint8Array([1, 2]);
const octets = fc.uint8Array({ maxLength: 400 }).map((array) => Uint8Array.from(array));
const lengths = fc.array(fc.nat(90), { minLength: 1 });
const misused = expect.objectContaining({ code: 'usage' }) as Error;

/** The octets in pieces of those lengths again and again, empty ones among them. */
function* pieces(whole: Bytes, of: readonly number[]): Generator<Bytes, undefined> {
  for (let at = 0, i = 0; at < whole.length; i++) {
    const length = i > 1000 ? whole.length : of[i % of.length]!;
    yield whole.slice(at, at + length);
    at += length;
  }
}

/** Everything that a writer gives; what it takes is overwritten as soon as it may be. */
async function written(
  writer: EnvelopedDataWriter | SignedDataWriter,
  content: Bytes,
  of: readonly number[],
): Promise<Bytes> {
  const given: Bytes[] = [];
  for (const piece of pieces(content, of)) {
    given.push((await writer.update(piece)).slice());
    piece.fill(0xa5);
  }
  given.push(await writer.finish());
  return concatBytes(given);
}

/** Whether an element, or one inside it, has an indefinite length. */
function hasIndefinite(node: BerNode): boolean {
  return node.indefinite || (node.constructed && node.children.some(hasIndefinite));
}

const ciphers = [
  'aes128-cbc',
  'aes256-cbc',
  'des-ede3-cbc',
  'aes128-gcm',
  'aes256-gcm',
  'chacha20-poly1305',
] as const;

describe('EnvelopedDataWriter', () => {
  test.each(ciphers)('%s: content is enciphered while keys are wrapped elsewhere', async (cipher) => {
    const { certificate, privateKey } = await holder('rsa');
    const content = new Uint8Array(5000).map((_, i) => i);
    for (const heldOctets of [undefined, 2000, 0]) {
      let wrapped = (): void => {};
      const permission = new Promise<void>((resolve) => {
        wrapped = resolve;
      });
      const writer = new EnvelopedDataWriter({
        recipients: [{ certificate }],
        cipher,
        ...(heldOctets === undefined ? {} : { heldOctets }),
        wrapKeys: async ([job]) => {
          const encrypted = await encryptKeys({ key: job!.key, recipients: [job!] });
          await permission;
          return encrypted;
        },
      });
      const given: Bytes[] = [];
      for (let at = 0; at < content.length; at += 1000) {
        // What does not fit any more waits for the keys, and so would this loop.
        if (at >= (heldOctets ?? content.length)) wrapped();
        given.push(await writer.update(content.slice(at, at + 1000)));
        if (at < (heldOctets ?? content.length)) expect(given.at(-1)!.length).toBe(0);
      }
      wrapped();
      given.push(await writer.finish());
      const opened = await openEnveloped(parseEnvelopedData(concatBytes(given)), {
        keys: [{ certificate, privateKey }],
      });
      expect(opened.content).toEqual(content);
    }
  });

  test.each(ciphers)(
    '%s: a call before the last is answered is refused, and changes nothing',
    async (cipher) => {
      const { certificate, privateKey } = await holder('rsa');
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const writer = new EnvelopedDataWriter({
        recipients: [{ certificate }],
        cipher,
        heldOctets: 1000,
        async wrapKeys([job]) {
          await released;
          return encryptKeys({ key: job!.key, recipients: [job!] });
        },
      });
      const long = new Uint8Array(2000).fill(1);
      // It waits for the keys, and what comes behind it would fit into what is held back.
      const waiting = writer.update(long);
      await expect(writer.update(new Uint8Array(10))).rejects.toThrow(misused);
      await expect(writer.finish()).rejects.toThrow(misused);
      release();
      const given = [await waiting, await writer.finish()];
      const opened = await openEnveloped(parseEnvelopedData(concatBytes(given)), {
        keys: [{ certificate, privateKey }],
      });
      expect(opened.content).toEqual(long);
    },
  );

  test('what it writes opens, whatever the pieces, in DER where the length is known', async () => {
    await fc.assert(
      fc.asyncProperty(
        octets,
        lengths,
        fc.constantFrom(...ciphers),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('1.2.840.113549.1.7.1', '1.2.840.113549.1.7.2'),
        async (content, of, cipher, isKnown, bindAlgorithm, contentType) => {
          const options: EnvelopedDataWriterOptions = {
            recipients: [{ kek, id }],
            cipher,
            bindAlgorithm,
            contentType,
            ...(isKnown ? { length: content.length } : {}),
          };
          const p7m = await written(new EnvelopedDataWriter(options), content, of);
          expect(hasIndefinite(readBer(p7m))).toBe(!isKnown);
          const enveloped = parseEnvelopedData(p7m);
          expect(enveloped.contentType).toBe(contentType);
          const opened = await openEnveloped(enveloped, { keys: [{ kek, id }] });
          expect(opened.content).toEqual(content);
          expect(opened.isKeyBound).toBe(bindAlgorithm);
          expect(opened.authenticated).toBe(!cipher.endsWith('-cbc'));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('more or less content than was announced is refused', async () => {
    for (const given of [4, 6]) {
      const writer = new EnvelopedDataWriter({ recipients: [{ kek, id }], length: 5 });
      const work = async (): Promise<Bytes> => {
        await writer.update(new Uint8Array(given));
        return writer.finish();
      };
      await expect(work()).rejects.toThrow(misused);
    }
    expect(() => new EnvelopedDataWriter({ recipients: [{ kek, id }], length: -1 })).toThrow(misused);
    expect(() => new EnvelopedDataWriter({ recipients: [] })).toThrow(misused);
  });

  test('is finished once', async () => {
    const writer = new EnvelopedDataWriter({ recipients: [{ kek, id }] });
    await writer.finish();
    await expect(writer.finish()).rejects.toThrow(misused);
    await expect(writer.update(new Uint8Array(1))).rejects.toThrow(misused);
  });
});

describe('SignedDataWriter', () => {
  async function signerWith(kind: Parameters<typeof testKey>[0], change: object = {}): Promise<SigningKey> {
    const by = aliceWith({ key: testKey(kind, 'stream') });
    return signingKey(by, { chain: [intermediate.certificate], signingTime: now, ...change });
  }

  test.each(['rsa', 'p256', 'ed25519', 'ed448'] as const)(
    '%s: it verifies, whatever the pieces',
    async (kind) => {
      const signers = [await signerWith(kind)];
      const canBeKnown = kind !== 'p256';
      await fc.assert(
        fc.asyncProperty(
          octets,
          lengths,
          fc.boolean(),
          fc.boolean(),
          async (content, of, detached, known) => {
            const isKnown = known && canBeKnown;
            const options: SignedDataWriterOptions = {
              signers,
              detached,
              ...(isKnown ? { length: content.length } : {}),
            };
            const cms = await written(new SignedDataWriter(options), content, of);
            expect(hasIndefinite(readBer(cms))).toBe(!detached && !isKnown);
            // Ed25519 and RSA with PKCS #1 v1.5 sign alike each time: octet for octet what is made in one piece.
            if (detached || isKnown) {
              const whole = await createSignedData({ content, detached, signers });
              if (kind !== 'p256') expect(cms).toEqual(whole);
              else expect(Math.abs(cms.length - whole.length)).toBeLessThan(8);
            }
            const signedData = parseSignedData(cms);
            expect(signedData.content).toEqual(detached ? undefined : content);
            const given = detached ? { content } : {};
            const [verdict] = await verifySignedData(signedData, { ...given, roots, at: now });
            expect([verdict!.content, verdict!.signature, verdict!.trust]).toEqual([
              'intact',
              'valid',
              'trusted',
            ]);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  test('several signers, each with a digest of his own', async () => {
    const signers = [await signerWith('rsa'), await signerWith('p384'), await signerWith('ed25519')];
    const content = new TextEncoder().encode('Content-Type: text/plain\r\n\r\nUntil Friday.\r\n');
    const signedData = parseSignedData(await written(new SignedDataWriter({ signers }), content, [5]));
    const verdicts = await verifySignedData(signedData, { roots, at: now });
    expect(verdicts.map(({ content: of, signature }) => [of, signature])).toEqual(
      Array.from({ length: 3 }, () => ['intact', 'valid']),
    );
  });

  test('a signature whose length is not known beforehand is no part of DER that is', async () => {
    const signers = [await signerWith('p256')];
    expect(() => new SignedDataWriter({ signers, length: 1 })).toThrow(misused);
    expect(() => new SignedDataWriter({ signers, length: 1, detached: true })).not.toThrow();
  });

  test('more or less content than was announced is refused', async () => {
    const signers = [await signerWith('rsa')];
    for (const detached of [true, false]) {
      for (const given of [4, 6]) {
        const writer = new SignedDataWriter({ signers, length: 5, detached });
        const work = async (): Promise<Bytes> => {
          await writer.update(new Uint8Array(given));
          return writer.finish();
        };
        await expect(work()).rejects.toThrow(misused);
      }
    }
  });

  describe('a call before the last is answered is refused, and changes nothing', () => {
    const first = new Uint8Array(2000).fill(1);
    const second = new Uint8Array(10).fill(2);
    const bothRefused = async (writer: SignedDataWriter): Promise<void> => {
      for (const call of await Promise.allSettled([writer.update(second), writer.finish()]))
        expect(call).toEqual({ status: 'rejected', reason: misused });
    };

    test.each<readonly [form: string, options: Partial<SignedDataWriterOptions>]>([
      ['embedded', {}],
      ['detached', { detached: true }],
      ['of a known length', { length: first.length }],
      ['detached, of a known length', { detached: true, length: first.length }],
    ])('%s', async (_, options) => {
      const { detached } = options;
      const writer = new SignedDataWriter({ signers: [await signerWith('ed25519')], ...options });
      // All at once: an update is fulfilled before a refusal was waited for.
      const waiting = writer.update(first);
      await bothRefused(writer);
      const given = (await waiting).slice();
      const ending = writer.finish();
      await bothRefused(writer);
      const signedData = parseSignedData(concatBytes([given, await ending]));
      expect(signedData.content).toEqual(detached === true ? undefined : first);
      const beside = detached === true ? { content: first } : {};
      const [verdict] = await verifySignedData(signedData, { ...beside, roots, at: now });
      expect([verdict!.content, verdict!.signature]).toEqual(['intact', 'valid']);
      await expect(writer.update(second)).rejects.toThrow(misused);
    });

    test('and is told that the last is still at work, which it is not after that failed', async () => {
      const signers = [await signerWith('ed25519')];
      const writer = new SignedDataWriter({ signers, length: 5 });
      const waiting = writer.update(new Uint8Array(6));
      const busy = /^this SignedDataWriter is still at work: wait for the promise of the last call$/;
      await expect(writer.update(second)).rejects.toThrow(busy);
      await expect(waiting).rejects.toThrow(misused);
      await expect(writer.update(second)).rejects.toThrow(/^this SignedDataWriter met an error/);
      await expect(writer.finish()).rejects.toThrow(/^this SignedDataWriter met an error/);
    });

    test('nor is anything signed again while a caller signs', async () => {
      const { certificate, chain = [], privateKey } = await signerWith('p256');
      const own = createSigner(privateKey!);
      let calls = 0;
      const sign = (data: Uint8Array): Promise<Uint8Array> => {
        calls++;
        return own.sign(data);
      };
      const writer = new SignedDataWriter({ signers: [{ certificate, chain, signer: { ...own, sign } }] });
      const given = (await writer.update(first)).slice();
      const ending = writer.finish();
      await bothRefused(writer);
      const [verdict] = await verifySignedData(parseSignedData(concatBytes([given, await ending])), {
        roots,
        at: now,
      });
      expect([verdict!.content, verdict!.signature, calls]).toEqual(['intact', 'valid', 1]);
    });
  });

  test('is finished once', async () => {
    const writer = new SignedDataWriter({ signers: [await signerWith('ed25519')] });
    await writer.finish();
    await expect(writer.finish()).rejects.toThrow(misused);
    await expect(writer.update(new Uint8Array(1))).rejects.toThrow(misused);
  });
});
