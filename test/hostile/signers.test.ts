import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derInteger, derNull, derSequence } from '../../src/asn1/writer.js';
import { addSigners } from '../../src/cms/sign/add-signers.js';
import { counterSign } from '../../src/cms/sign/counter-sign.js';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { counterSignatureNodes } from '../../src/cms/signed/counter-signatures.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Bytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { cheapestOf } from '../support/cpu-time.js';
import { expectLinearAsync } from '../support/linear-time.js';
import { testKey } from '../support/pki.js';
import { attribute, Oid, type SignerSpec, signedData } from '../support/sign.js';
import { alice, aliceWith, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const content = bytesFromUtf8('One content, a thousand signatures.\r\n');
const limits = { signers: 4000 };
const options = { content, roots, at: now };

const verify = (p7: Uint8Array): Promise<SignerVerdict[]> =>
  verifySignedData(parseSignedData(p7, { limits }), options);

const keysOf = async (count: number): Promise<SigningKey[]> => {
  const key = await signingKey(alice, { chain: [intermediate.certificate] });
  return Array.from({ length: count }, () => key);
};

/** Signers whose signature is one of Alice's, made once: what is measured is what they cost beside it. */
function copies(count: number, change: Partial<SignerSpec> = {}): Bytes {
  const raw = readBer(signedData({ content, signers: [{ by: alice, ...change }] }));
  const info = raw.children[1]!.children[0]!.children.at(-1)!.children[0]!.bytes;
  return signedData({
    content,
    signers: Array.from({ length: count }, () => ({ by: alice, raw: info })),
    certificates: [alice, intermediate],
    digestAlgorithms: [],
  });
}

/** How many counter-signatures were looked at, those upon others included. */
const counted = (verdicts: readonly SignerVerdict[]): number =>
  verdicts.reduce(
    (sum, { counterSignatures }) => sum + counterSignatures.length + counted(counterSignatures),
    0,
  );

describe('1,000 signers', () => {
  test('are refused by default, and all answered where the caller allows them', async () => {
    const p7 = await createSignedData({ content, signers: await keysOf(1000) });
    expect(() => parseSignedData(p7)).toThrowError(expect.objectContaining({ code: 'limit-signers' }));
    const verdicts = await verify(p7);
    expect(verdicts).toHaveLength(1000);
    expect(verdicts.every(({ signature, trust }) => signature === 'valid' && trust === 'trusted')).toBe(true);
    await expect(addSigners(p7, { signers: await keysOf(1) })).rejects.toThrowError(
      expect.objectContaining({ code: 'limit-signers' }),
    );
    const more = await addSigners(p7, { signers: await keysOf(1), limits });
    expect(parseSignedData(more, { limits }).signers).toHaveLength(1001);
  });

  test('cost in proportion to their number: to make, to verify, to add to, to counter-sign', async () => {
    const one = await keysOf(1);
    const made: Record<string, (size: number) => () => Promise<unknown>> = {
      make: (size) => {
        const keys = Array.from({ length: size }, () => one[0]!);
        return () => createSignedData({ content, signers: keys });
      },
      verify: (size) => {
        const p7 = copies(size);
        return () => verify(p7);
      },
      add: (size) => {
        const p7 = copies(size);
        return () => addSigners(p7, { content, signers: one, limits });
      },
      counterSign: (size) => {
        const p7 = copies(size);
        return () => counterSign(p7, { signers: one, of: size - 1, limits });
      },
    };
    for (const make of Object.values(made)) await expectLinearAsync(make, 500);
    expect(Object.keys(made)).toHaveLength(4);
  });

  test('each with a counter-signature have sixteen looked at, and none is worse for it', async () => {
    const value = derSequence(derInteger(1), ...Array.from({ length: 4 }, () => derNull()));
    const bob = aliceWith({ key: testKey('rsa', 'bob') });
    const whole = await counterSign(await createSignedData({ content, signers: await keysOf(1) }), {
      signers: [await signingKey(bob)],
    });
    const [counter] = counterSignatureNodes(parseSignedData(whole).signers[0]!);
    for (const each of [value, counter!.bytes]) {
      const p7 = copies(1000, { unsignedAttributes: [attribute(Oid.counterSignature, each)] });
      const verdicts = await verify(p7);
      expect(verdicts.every(({ signature, trust }) => signature === 'valid' && trust === 'trusted')).toBe(
        true,
      );
      expect(counted(verdicts)).toBe(16);
    }
  });
});

describe('counter-signatures', () => {
  test('of 20,000 values beside one signature cost little more than to read them', async () => {
    const value = derSequence(derInteger(1), ...Array.from({ length: 4 }, () => derNull()));
    const p7 = copies(1, {
      unsignedAttributes: [attribute(Oid.counterSignature, ...Array.from({ length: 20_000 }, () => value))],
    });
    const verdicts = await verify(p7);
    expect(counted(verdicts)).toBe(4);
    expect(verdicts[0]!.signature).toBe('valid');
    expect(await cheapestOf(() => verify(p7), 3)).toBeLessThan(2000);
  });

  test('upon counter-signatures end with the depth that is read, and the signer is no worse for it', async () => {
    let p7: Bytes = await createSignedData({ content, signers: await keysOf(1) });
    const way: number[] = [0];
    let refused = '';
    for (let level = 0; level < 20 && refused === ''; level++) {
      try {
        p7 = await counterSign(p7, { signers: await keysOf(1), of: way, limits: { depth: 200 } });
      } catch (error) {
        refused = (error as { code: string }).code;
      }
      way.push(0);
    }
    expect(refused).toBe('');
    const [deep] = await verifySignedData(parseSignedData(p7, { limits: { depth: 200 } }), options);
    expect(counted([deep!])).toBe(16);
    const [shallow] = await verify(p7);
    expect(counted([shallow!])).toBeGreaterThan(3);
    expect(counted([shallow!])).toBeLessThan(16);
    for (const verdict of [deep!, shallow!]) {
      expect([verdict.content, verdict.signature, verdict.trust]).toEqual(['intact', 'valid', 'trusted']);
    }
  });

  test('with any octet changed leave the signature as good as it was', async () => {
    const p7 = await counterSign(await createSignedData({ content, signers: await keysOf(1) }), {
      signers: await keysOf(1),
    });
    const info = readBer(p7).children[1]!.children[0]!.children.at(-1)!.children[0]!;
    const unsigned = info.children.at(-1)!;
    expect(unsigned.is(0xa1)).toBe(true);
    let invalid = 0;
    for (let at = unsigned.contentStart; at < unsigned.contentEnd; at++) {
      const damaged = p7.slice();
      damaged[at]! ^= 0x41;
      const [verdict] = await verify(damaged);
      expect([at, verdict!.content, verdict!.signature, verdict!.trust]).toEqual([
        at,
        'intact',
        'valid',
        'trusted',
      ]);
      const good = verdict!.counterSignatures.some(
        (each) => each.content === 'intact' && each.signature === 'valid' && each.trust === 'trusted',
      );
      if (!good) invalid++;
    }
    const octets = unsigned.contentEnd - unsigned.contentStart;
    // What may change: the version, and parameters of the digest that mean nothing.
    expect(octets - invalid).toBeLessThan(4);
    console.log(`${octets} octets changed one by one, ${octets - invalid} of them without a meaning`);
  });
});
