import { describe, expect, test } from 'vitest';
import { readBer, Tag } from '../../src/asn1/reader.js';
import { isDer } from '../../src/asn1/to-der.js';
import { der, derInteger, derNull, derOid, derSequence } from '../../src/asn1/writer.js';
import { addSigners } from '../../src/cms/sign/add-signers.js';
import { type CounterSignOptions, counterSign } from '../../src/cms/sign/counter-sign.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { counterSignatures } from '../../src/cms/signed/counter-signatures.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { type Bytes, equalBytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { testKey } from '../support/pki.js';
import { attribute, Oid, signedData } from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory, now, otherRoot } from '../support/sign-scene.js';
import { content, good, verdictAnswers, verdicts } from '../support/sign-verdicts.js';
import { signingKey } from '../support/signing-people.js';

const signingTime = new Date('2026-02-01T00:00:00Z');
const bob = aliceWith({ name: 'Bob', key: testKey('rsa', 'bob'), emails: ['bob@example.jp'] });
const carol = aliceWith({ name: 'Carol', key: testKey('ed25519', 'carol'), emails: ['carol@example.jp'] });

/** Signed by Alice, the intermediate's certificate along. */
async function signed(): Promise<Bytes> {
  const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime })];
  return createSignedData({ content, signers });
}

async function witnessed(by = bob, change: Partial<CounterSignOptions> = {}, of?: Bytes): Promise<Bytes> {
  const signers = [await signingKey(by, { signingTime })];
  return counterSign(of ?? (await signed()), { signers, ...change });
}

async function verdictOf(p7: Uint8Array): Promise<SignerVerdict> {
  const [verdict, ...more] = await verdicts(p7);
  expect(more).toEqual([]);
  return verdict!;
}

/** What a verdict says of counter-signatures, and of theirs. */
interface Tree {
  readonly answers: string;
  readonly counterSignatures: readonly Tree[];
}

function tree({ content, signature, trust, counterSignatures }: SignerVerdict): Tree {
  return { answers: `${content} ${signature} ${trust}`, counterSignatures: counterSignatures.map(tree) };
}

const leaf: Tree = { answers: 'intact valid trusted', counterSignatures: [] };

describe('addSigners', () => {
  test('leaves the signatures that are there as they are, octet for octet', async () => {
    const first = await signed();
    const both = await addSigners(first, { signers: [await signingKey(bob, { signingTime })] });
    expect(isDer(readBer(both))).toBe(true);
    const [before] = parseSignedData(first).signers;
    expect(
      parseSignedData(both).signers.some(({ signature }) => equalBytes(signature, before!.signature)),
    ).toBe(true);
    const found = await verdicts(both);
    expect(found.map(verdictAnswers)).toEqual([good(), good()]);
  });

  test('keeps what was sent in BER, and signs what is in it', async () => {
    const old = signedData({
      content,
      embed: true,
      form: 'indefinite',
      signers: [{ by: alice, sent: 'indefinite', signs: 'as-sent' }],
      certificates: [alice, intermediate],
    });
    const both = await addSigners(old, { signers: [await signingKey(bob, { signingTime })] });
    const found = await verdicts(both);
    expect(found.map(({ signature }) => signature)).toEqual(['valid', 'valid']);
    expect(found.map(({ attributesForm }) => attributesForm).toSorted()).toEqual(['as-received', 'der']);
  });

  test('takes the content of a detached signature, and a SignedData that was read', async () => {
    const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime })];
    const detached = parseSignedData(await createSignedData({ content, signers, detached: true }));
    await expect(addSigners(detached, { signers })).rejects.toThrow('the signature is detached');
    const both = await addSigners(detached, { signers: [await signingKey(carol, { signingTime })], content });
    expect(parseSignedData(both).content).toBeUndefined();
    expect((await verdicts(both, { content })).map(verdictAnswers)).toEqual([good(), good()]);
  });

  test('refuses content that differs from what is embedded', async () => {
    const signers = [await signingKey(bob)];
    const other = bytesFromUtf8('other');
    await expect(addSigners(await signed(), { signers, content: other })).rejects.toThrow(
      'embeds other content',
    );
  });

  test('keeps the type of the content, and the version follows what is in it', async () => {
    const contentType = '1.2.3.4';
    const first = await createSignedData({ content, contentType, signers: [await signingKey(alice)] });
    const both = parseSignedData(await addSigners(first, { signers: [await signingKey(bob)] }));
    expect([both.version, both.eContentType]).toEqual([3, contentType]);
    const third = await addSigners(await signed(), {
      signers: [await signingKey(bob, { identifier: 'ski' })],
    });
    expect(parseSignedData(third).version).toBe(3);
  });
});

describe('counterSign (RFC 5652 §11.4)', () => {
  test.each([
    ['RSA', bob],
    ['Ed25519', carol],
    ['ECDSA', mallory],
  ] as const)('signs the signature value, by %s', async (_, by) => {
    const p7 = await witnessed(by);
    expect(isDer(readBer(p7))).toBe(true);
    const verdict = await verdictOf(p7);
    expect(verdictAnswers(verdict)).toEqual(good());
    expect(tree(verdict)).toEqual({ ...leaf, counterSignatures: [leaf] });
    const [counter] = verdict.counterSignatures;
    expect(counter!.certificate?.equals(by.certificate)).toBe(true);
    expect(counter!.signingTime).toEqual(signingTime);
    // content-type must not be there, message-digest must.
    const types = counter!.signer.signedAttributes.map(({ type }) => type);
    expect(types).not.toContain(Oid.contentType);
    expect(types).toContain(Oid.messageDigest);
  });

  test('several stand beside each other and on each other, also with other unsigned attributes', async () => {
    const unsignedAttributes = [{ type: '1.2.3', values: [derNull()] }];
    const signers = [
      await signingKey(alice, { chain: [intermediate.certificate], signingTime, unsignedAttributes }),
    ];
    let p7 = await createSignedData({ content, signers });
    p7 = await witnessed(bob, {}, p7);
    p7 = await witnessed(carol, {}, p7);
    p7 = await witnessed(mallory, { of: [0, 1] }, p7);
    p7 = await witnessed(alice, { of: [0, 1, 0] }, p7);
    const verdict = await verdictOf(p7);
    const names = (each: SignerVerdict): unknown => [
      each.certificate?.subject.commonName,
      ...each.counterSignatures.map(names),
    ];
    expect(isDer(readBer(p7))).toBe(true);
    expect(verdict.signer.unsignedAttributes).toHaveLength(3);
    expect(JSON.stringify(names(verdict))).toContain('["Mallory",["Alice"]]');
    expect(tree(verdict).counterSignatures).toContainEqual(leaf);
    expect(JSON.stringify(tree(verdict)).split('intact valid trusted')).toHaveLength(6);
  });

  test('the unsigned attributes stay sorted where one of them grows', async () => {
    // The same signer upon both: the one that is signed once more is the longer one then.
    let p7 = await witnessed(bob);
    p7 = await witnessed(bob, {}, p7);
    p7 = await witnessed(carol, { of: [0, 0] }, p7);
    const signerInfo = readBer(p7).children[1]!.children[0]!.children.at(-1)!.children[0]!;
    const unsigned = signerInfo.children.at(-1)!;
    expect([unsigned.identifier, unsigned.children.length, isDer(unsigned)]).toEqual([0xa1, 2, true]);
    expect(tree(await verdictOf(p7)).counterSignatures).toEqual([
      leaf,
      { ...leaf, counterSignatures: [leaf] },
    ]);
  });

  test('says which signature where there are several', async () => {
    const both = await addSigners(await signed(), { signers: [await signingKey(bob, { signingTime })] });
    const signers = [await signingKey(carol)];
    await expect(counterSign(both, { signers })).rejects.toThrow('there are 2 signatures');
    for (const of of [2, -1, 0.5, [0, 0], [], ['x' as unknown as number], ['length' as unknown as number]])
      await expect(counterSign(both, { signers, of })).rejects.toThrow('leads to no signature');
    for (const of of [null, {}])
      await expect(counterSign(both, { signers, of: of as never })).rejects.toThrow('`of` is a number');
    const found = await verdicts(await counterSign(both, { signers, of: 1 }));
    expect(found.map(({ counterSignatures }) => counterSignatures.length).toSorted()).toEqual([0, 1]);
  });

  test('a counter-signature over another signature does not count, and does no harm', async () => {
    const [counter] = parseSignedData(await witnessed()).signers[0]!.unsignedAttributes;
    const p7 = await createSignedData({
      content: bytesFromUtf8('other'),
      signers: [
        await signingKey(alice, {
          chain: [intermediate.certificate, bob.certificate],
          signingTime,
          unsignedAttributes: [{ type: counter!.type, values: counter!.values.map(({ bytes }) => bytes) }],
        }),
      ],
    });
    const verdict = await verdictOf(p7);
    expect(verdictAnswers(verdict)).toEqual(good({ reasons: ['(counter-signature-invalid)'] }));
    expect(tree(verdict).counterSignatures).toEqual([
      { answers: 'altered valid trusted', counterSignatures: [] },
    ]);
  });

  test('a damaged one, or another thing in its place, spoils nothing', async () => {
    for (const value of [
      derNull(),
      derSequence(),
      derSequence(derInteger(1), derSequence(), derSequence(), derSequence(), derNull()),
    ]) {
      const p7 = signedData({
        content,
        embed: true,
        certificates: [alice, intermediate],
        signers: [{ by: alice, unsignedAttributes: [attribute(Oid.counterSignature, value)] }],
      });
      const verdict = await verdictOf(p7);
      expect({ ...verdictAnswers(verdict), reasons: [] }).toEqual(good());
    }
    const notASet = derSequence(derOid(Oid.counterSignature), derNull());
    const p7 = signedData({
      content,
      embed: true,
      certificates: [alice, intermediate],
      signers: [{ by: alice, unsignedAttributes: [notASet] }],
    });
    expect(verdictAnswers(await verdictOf(p7))).toEqual(good());
  });

  test('one whose authority is not trusted is told so, and the signer not blamed', async () => {
    const stranger = aliceWith({ name: 'Stranger', key: testKey('p256', 'stranger'), issuer: otherRoot });
    const verdict = await verdictOf(await witnessed(stranger));
    expect(verdictAnswers(verdict)).toEqual(good());
    expect(tree(verdict).counterSignatures).toEqual([
      { answers: 'intact valid untrusted', counterSignatures: [] },
    ]);
  });

  test('one that names a content-type, as time-stamping programs write it, counts with a remark', async () => {
    const inner = await signed();
    const value = parseSignedData(inner).signers[0]!.signature;
    // A whole signature over those octets, its SignerInfo cut out.
    const cut = signedData({ content: value, signers: [{ by: bob }] });
    const info = readBer(cut).children[1]!.children[0]!.children.at(-1)!.children[0]!.bytes;
    const [withType] = parseSignedData(cut).signers;
    expect(withType!.signedAttributes.map(({ type }) => type)).toContain(Oid.contentType);
    const outer = readBer(inner).children[1]!.children[0]!;
    const [signerInfo] = outer.children.at(-1)!.children;
    const changed = derSequence(
      ...signerInfo!.children.map(({ bytes }) => bytes),
      der(0xa1, attribute(Oid.counterSignature, info)),
    );
    const p7 = derSequence(
      derOid(Oid.signedData),
      der(0xa0, derSequence(...outer.children.slice(0, -1).map(({ bytes }) => bytes), der(Tag.Set, changed))),
    );
    const [verdict] = await verdicts(p7, { certificates: [bob.certificate] });
    expect(verdictAnswers(verdict!)).toEqual(good());
    expect(verdictAnswers(verdict!.counterSignatures[0]!)).toEqual(
      good({ reasons: ['(counter-signature-has-content-type)'] }),
    );
  });

  test('a moment for which the caller vouches says nothing of what may have been added since', async () => {
    const late = aliceWith({ name: 'Late', key: testKey('p256', 'late'), notAfter: '2026-02-15T00:00:00Z' });
    const p7 = await counterSign(
      await createSignedData({
        content,
        signers: [await signingKey(late, { chain: [intermediate.certificate] })],
      }),
      { signers: [await signingKey(late)] },
    );
    const [verdict] = await verdicts(p7, { at: now, trustedTime: new Date('2026-02-01T00:00:00Z') });
    expect(verdict!.time).toBe('valid-at-trusted-time');
    expect(verdict!.counterSignatures[0]!.time).toBe('expired');
  });

  test('no signature can stand as a counter-signature’s twin: one over content has its type signed', async () => {
    const [counter] = counterSignatures(parseSignedData(await witnessed()).signers[0]!);
    const value = parseSignedData(await signed()).signers[0]!.signature;
    const cut = signedData({
      content: value,
      embed: true,
      certificates: [bob, intermediate],
      signers: [
        {
          by: bob,
          raw: readBer(await witnessed())
            .children[1]!.children[0]!.children.at(-1)!
            .children[0]!.children.at(-1)!.children[0]!.children[1]!.children[0]!.bytes,
        },
      ],
    });
    expect(counter!.hasSignedAttributes).toBe(true);
    const [verdict] = await verdicts(cut);
    expect(verdict!.signature).toBe('invalid');
    expect(verdict!.reasons.map(({ code }) => code)).toContain('content-type-missing');
  });
});

describe('many counter-signatures', () => {
  test('are looked at four of one signature, and sixteen in all', async () => {
    const many = await Promise.all(Array.from({ length: 6 }, () => signingKey(bob)));
    const one = await counterSign(await signed(), { signers: many });
    expect((await verdictOf(one)).counterSignatures).toHaveLength(4);
    const unsignedAttributes = parseSignedData(one).signers[0]!.unsignedAttributes.map(
      ({ type, values }) => ({
        type,
        values: values.map(({ bytes }) => bytes),
      }),
    );
    const signers = await Promise.all(
      Array.from({ length: 6 }, () => signingKey(alice, { unsignedAttributes })),
    );
    const crowded = await createSignedData({
      content,
      signers,
      certificates: [intermediate.certificate, bob.certificate],
    });
    const found = await verdicts(crowded);
    expect(found.map(({ signature, trust }) => `${signature} ${trust}`)).toEqual(
      Array.from({ length: 6 }, () => 'valid trusted'),
    );
    expect(found.reduce((sum, each) => sum + each.counterSignatures.length, 0)).toBe(16);
  });
});
