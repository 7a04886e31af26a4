import fc from 'fast-check';
import { expect, test } from 'vitest';
import { der, derSetOf } from '../../src/asn1/writer.js';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { DerElement, derSetAs, setElement, setPieces } from '../../src/cms/der-pieces.js';
import { encryptedDataOf } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf, parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { cipherNames, opened, putTogether, sealedFor, takeApart, ways } from '../support/envelopes.js';

const names = Object.keys(ways);
const octets = (maxLength: number) => fc.uint8Array({ maxLength }).map((each) => new Uint8Array(each));

test('what is encrypted for some is what each of them reads, and nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...names),
      fc.constantFrom(...cipherNames),
      octets(400),
      fc.boolean(),
      async (chosen, other, cipher, content, bindAlgorithm) => {
        const all = await Promise.all(chosen.map((name) => ways[name]!()));
        const p7m = await sealedFor(
          all.map(({ recipient }) => recipient),
          { cipher, content, bindAlgorithm },
        );
        for (const { key } of all) expect(await opened(p7m, [key])).toMatchObject({ content, keyIndex: 0 });
        const stranger = { kek: new Uint8Array(16), id: Uint8Array.of(9) };
        expect(await opened(p7m, [stranger])).toBe('cms-no-recipient');
        const { key } = await ways[other]!();
        const outcome = await opened(p7m, [key]);
        if (typeof outcome === 'string')
          expect(outcome).toMatch(/^(?:cms-no-recipient|crypto-decryption-failed)$/);
        else expect(outcome.content).toEqual(content);
      },
    ),
    { numRuns: 40 },
  );
});

test('garbage, and envelopes with garbage in their places, give a value or an error of ours', async () => {
  const sealed = await Promise.all(
    ['P-256 x963 ukm', 'RSA v1.5', 'KEK of 16 octets', 'password'].map(async (name) => {
      const { recipient, key } = await ways[name]!();
      return { parts: takeApart(await sealedFor([recipient], { cipher: 'aes128-cbc' })), key };
    }),
  );
  const garbage = fc.oneof(
    octets(60),
    octets(60).map((each) => der(0x30, each)),
    octets(60).map((each) => der(0x04, each)),
    octets(20).map((each) => der(0x30, der(0x06, each), der(0x30, each))),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sealed),
      fc.constantFrom('version', 'recipients', 'contentType', 'algorithm', 'octets', 'rest'),
      garbage,
      fc.nat(),
      async ({ key, parts }, place, bad, at) => {
        const info = parts.recipients[0]!.slice();
        info.set(
          bad.subarray(0, info.length),
          at % info.length > info.length - bad.length ? 0 : at % info.length,
        );
        const value = place === 'recipients' ? [info, bad] : place === 'rest' ? [bad] : bad;
        const outcome = await opened(putTogether({ ...parts, [place]: value }), [key], {
          limits: { iterations: 1000 },
        }).catch((error: unknown) => error);
        expect(outcome).not.toBeInstanceOf(Error);
      },
    ),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(garbage, (bad) => {
      for (const read of [
        parseEnvelopedData,
        (each: Uint8Array) => encryptedDataOf(parseContentInfo(each)),
      ]) {
        try {
          read(bad);
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
        }
      }
    }),
  );
});

test('any change to an authenticated envelope gives the content or nothing', async () => {
  const { recipient, key } = await ways['KEK of 32 octets']!();
  await fc.assert(
    fc.asyncProperty(octets(100), fc.nat(), fc.integer({ min: 1, max: 255 }), async (content, at, change) => {
      const p7m = await sealedFor([recipient], { content });
      p7m[at % p7m.length]! ^= change;
      const outcome = await opened(p7m, [key]);
      if (typeof outcome !== 'string' && outcome.authenticated) expect(outcome.content).toEqual(content);
    }),
    { numRuns: 300 },
  );
});

test('a set is the one that sorting whole elements makes', () => {
  const element = fc
    .tuple(fc.constantFrom(0x30, 0xa1), octets(6))
    .map(([identifier, each]) => der(identifier, each));
  fc.assert(
    fc.property(fc.array(element, { maxLength: 12 }), octets(5), (elements, common) => {
      const alike = elements.map((each) => der(0x30, common, each));
      for (const list of [elements, alike]) {
        expect(derSetAs(0x31, list)).toEqual(derSetOf(...list));
        expect(new DerElement(0x31, list).encoded()).toEqual(der(0x31, ...list));
        expect(setElement(0x31, list).encoded()).toEqual(derSetOf(...list));
        expect(concatBytes(setPieces(0x31, list))).toEqual(derSetOf(...list));
        const around = new DerElement(0x30, [new DerElement(0xa0, list), ...list]);
        expect(around.encoded()).toEqual(der(0x30, der(0xa0, ...list), ...list));
      }
    }),
  );
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const octet = new Uint8Array(length);
    const element = new DerElement(0x24, [octet]);
    expect(element.encoded()).toEqual(der(0x24, octet));
    expect(element.length).toBe(der(0x24, octet).length);
  }
});

test('a Buffer, and a view into shared memory, are read as what they hold', async () => {
  const { recipient, key } = await ways['p256']!();
  const p7m = await sealedFor([recipient]);
  const shared = new Uint8Array(new SharedArrayBuffer(p7m.length));
  shared.set(p7m);
  for (const given of [Buffer.from(p7m), shared]) {
    const outcome = await openEnveloped(envelopedDataOf(parseContentInfo(given)), { keys: [key] });
    expect(Object.getPrototypeOf(outcome.content)).toBe(Uint8Array.prototype);
  }
});
