import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { toDer } from '../../src/asn1/to-der.js';
import { derOctetString, derUtf8String } from '../../src/asn1/writer.js';
import { addSigners } from '../../src/cms/sign/add-signers.js';
import { counterSign } from '../../src/cms/sign/counter-sign.js';
import { createCertsOnly, createSignedData } from '../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { parseSignedData, type SignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { equalBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { testKey } from '../support/pki.js';
import { alice, aliceWith, intermediate, now, root, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const people = [
  alice,
  ...(['p384', 'ed25519', 'ed448'] as const).map((kind) => aliceWith({ key: testKey(kind) })),
];
const rsa = aliceWith({ key: testKey('rsa') });
const contents = fc.uint8Array({ maxLength: 300 });
const chain = [intermediate.certificate];
/** From the year 1 on, as ASN.1 can write it; to the second. */
const times = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((time) => new Date(Math.floor(time.getTime() / 1000) * 1000));
const oids = fc.constantFrom('1.2.3.4', '1.3.6.1.4.1.99999.7', '2.999.1', '1.2.840.113549.1.9.16.2.4');
const values = fc.array(
  fc.oneof(fc.string().map(derUtf8String), fc.uint8Array({ maxLength: 200 }).map(derOctetString)),
  { minLength: 1, maxLength: 5 },
);
const attributes = fc.uniqueArray(fc.record({ type: oids, values }), {
  selector: ({ type }) => type,
  maxLength: 3,
});

/** Whatever a signer may say. */
const sayings = fc.record(
  {
    identifier: fc.constantFrom('issuer-serial' as const, 'ski' as const),
    signingTime: times,
    signingCertificate: fc.boolean(),
    algorithmProtection: fc.boolean(),
    signedAttributes: attributes,
    unsignedAttributes: attributes,
    encryptionCertificate: fc.constant(rsa.certificate),
  },
  { requiredKeys: [] },
);
const signers = fc.array(fc.record({ person: fc.nat(people.length - 1), saying: sayings }), {
  minLength: 1,
  maxLength: 4,
});

async function keysOf(
  list: readonly { readonly person: number; readonly saying: Partial<SigningKey> }[],
): Promise<SigningKey[]> {
  return Promise.all(list.map(({ person, saying }) => signingKey(people[person]!, { chain, ...saying })));
}

async function verify(signedData: SignedData, content: Uint8Array): Promise<SignerVerdict[]> {
  return verifySignedData(signedData, { content, roots, at: now });
}

const good = ({ content, signature, trust, attributesForm }: SignerVerdict): boolean =>
  content === 'intact' && signature === 'valid' && trust === 'trusted' && attributesForm === 'der';

describe('what is signed', () => {
  test('verifies, is in DER, and says what the signer said', async () => {
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(contents, signers, fc.boolean(), async (content, list, detached) => {
        cases++;
        const p7 = await createSignedData({ content, detached, signers: await keysOf(list) });
        // The same octets, were they written anew.
        expect(equalBytes(toDer(readBer(p7)), p7)).toBe(true);
        const signedData = parseSignedData(p7);
        expect(signedData.trailingOctets).toBe(0);
        if (!detached) expect(signedData.content).toEqual(content);
        const verdicts = await verify(signedData, content);
        expect(verdicts).toHaveLength(list.length);
        expect(verdicts.every(good)).toBe(true);
        const said = (time: Date | undefined): number => time?.getTime() ?? -1;
        expect(verdicts.map(({ signingTime }) => said(signingTime)).toSorted()).toEqual(
          list.map(({ saying }) => said(saying.signingTime)).toSorted(),
        );
      }),
      { numRuns: 40 },
    );
    expect(cases).toBe(40);
  });

  test('is not verified when one bit of the content or the signature is another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.nat(),
        fc.nat(people.length - 1),
        async (content, place, person) => {
          const p7 = await createSignedData({
            content,
            detached: true,
            signers: [await signingKey(people[person]!, { chain })],
          });
          const bit = 1 << (place & 7);
          const altered = content.slice();
          altered[place % content.length]! ^= bit;
          const [first] = await verify(parseSignedData(p7), altered);
          expect(first?.content).toBe('altered');
          const value = parseSignedData(p7).signers[0]!.signature;
          const at = value.byteOffset - p7.byteOffset + (place % value.length);
          const spoilt = p7.slice();
          spoilt[at]! ^= bit;
          const [second] = await verify(parseSignedData(spoilt), content);
          expect(second?.signature).not.toBe('valid');
        },
      ),
      { numRuns: 40 },
    );
  });

  test('keeps its signatures when others are added beside and upon them', async () => {
    await fc.assert(
      fc.asyncProperty(contents, signers, signers, fc.nat(), async (content, first, more, place) => {
        const before = await createSignedData({ content, signers: await keysOf(first) });
        const both = parseSignedData(await addSigners(before, { signers: await keysOf(more) }));
        expect(both.signers).toHaveLength(first.length + more.length);
        const kept = parseSignedData(before).signers.every(({ signature }) =>
          both.signers.some((each) => equalBytes(each.signature, signature)),
        );
        expect(kept).toBe(true);
        const of = place % both.signers.length;
        const witnessed = await counterSign(both, { signers: [await signingKey(rsa)], of });
        expect(equalBytes(toDer(readBer(witnessed)), witnessed)).toBe(true);
        const verdicts = await verify(parseSignedData(witnessed), content);
        expect(verdicts.every(good)).toBe(true);
        const counters = verdicts.flatMap(({ counterSignatures }) => counterSignatures);
        expect(counters).toHaveLength(1);
        expect(counters.every(good)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('certificates alone come back, each once', async () => {
    const all = [root, intermediate, alice, rsa].map(({ certificate }) => certificate);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 9 }), (certificates) => {
        const found = parseSignedData(createCertsOnly({ certificates })).certificates;
        expect(found).toHaveLength(new Set(certificates).size);
        expect(certificates.every((each) => found.some((other) => other.equals(each)))).toBe(true);
      }),
    );
  });
});

describe('damaged input', () => {
  test('gives a SignedData or a MailsealError, whoever is added to it', async () => {
    const content = new TextEncoder().encode('damaged soon');
    const p7 = await counterSign(
      await createSignedData({ content, signers: [await signingKey(alice, { chain })] }),
      { signers: [await signingKey(people[2]!)] },
    );
    const added = [await signingKey(people[2]!)];
    let refused = 0;
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(p7.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.nat(p7.length),
        fc.constantFrom('addSigners' as const, 'counterSign' as const, 'counterSign upon' as const),
        async (changes, length, how) => {
          const damaged = p7.slice(0, length < p7.length / 20 ? length : p7.length);
          for (const [at, octet] of changes) if (at < damaged.length) damaged[at] = octet;
          try {
            const result =
              how === 'addSigners'
                ? await addSigners(damaged, { signers: added })
                : await counterSign(damaged, { signers: added, of: how === 'counterSign' ? 0 : [0, 0] });
            made++;
            parseSignedData(result);
          } catch (error) {
            expect(error).toBeInstanceOf(MailsealError);
            refused++;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(20);
    expect(made).toBeGreaterThan(20);
  });
});
