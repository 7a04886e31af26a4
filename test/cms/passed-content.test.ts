import { describe, expect, test } from 'vitest';
import { createSignedData } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData, type SignedData } from '../../src/cms/signed/signed-data.js';
import { ContentDigester, type PassedContent } from '../../src/cms/verify/passed-content.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Bytes } from '../../src/core/bytes.js';
import type { DigestName } from '../../src/crypto/digests/digest.js';
import { testKey } from '../support/pki.js';
import { signedData as madeSignedData } from '../support/sign.js';
import { alice, aliceWith, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const content = new TextEncoder().encode('Content-Type: text/plain\r\n\r\nThe rehearsal is on Friday.\r\n');

/** What a ContentDigester keeps of octets in pieces of seven. */
function passed(octets: Uint8Array, digests: readonly DigestName[], keep: number): PassedContent {
  const digester = new ContentDigester({ digests, keep });
  for (let at = 0; at < octets.length; at += 7) {
    const chunk = octets.slice(at, at + 7);
    digester.update(chunk);
    chunk.fill(0);
  }
  return digester.finish();
}

const answers = ({ content: of, signature, trust, time, reasons }: SignerVerdict) => ({
  content: of,
  signature,
  trust,
  time,
  reasons: reasons.map(({ code }) => code),
});

async function verdictOver(signedData: SignedData, over: Uint8Array | PassedContent) {
  const [verdict] = await verifySignedData(signedData, { content: over, roots, at: now });
  return answers(verdict!);
}

async function sign(kind: Parameters<typeof testKey>[0], change: object): Promise<SignedData> {
  const by = aliceWith({ key: testKey(kind, 'passed') });
  const chain = [intermediate.certificate];
  const bare = 'withoutSignedAttributes' in change;
  const signers = [await signingKey(by, bare ? { chain } : { chain, signingTime: now })];
  return parseSignedData(await createSignedData({ content, detached: true, signers, ...change }));
}

const digestsOf: Readonly<Record<string, DigestName>> = {
  p384: 'sha384',
  p521: 'sha512',
  ed448: 'shake256',
  ed25519: 'sha512',
};

describe.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'ed448'] as const)('signed with %s', (kind) => {
  const digest = digestsOf[kind] ?? 'sha256';
  const other: Bytes = content.map((octet, at) => octet ^ Number(at === 30));

  test('the verdict over what went by is that over the octets', async () => {
    const signedData = await sign(kind, {});
    for (const octets of [content, other]) {
      const whole = await verdictOver(signedData, octets);
      expect(whole.content).toBe(octets === content ? 'intact' : 'altered');
      expect(await verdictOver(signedData, passed(octets, [digest], 0))).toEqual(whole);
      expect(await verdictOver(signedData, passed(octets, ['md5'], 1000))).toEqual(whole);
    }
  });

  test('without signed attributes, too, but for Edwards keys, which need the octets', async () => {
    const signedData = await sign(kind, { withoutSignedAttributes: true });
    for (const octets of [content, other]) {
      const whole = await verdictOver(signedData, octets);
      expect(whole.signature).toBe(octets === content ? 'valid' : 'invalid');
      expect(await verdictOver(signedData, passed(octets, [digest], 1000))).toEqual(whole);
      const byDigest = await verdictOver(signedData, passed(octets, [digest], 0));
      if (!kind.startsWith('ed')) expect(byDigest).toEqual(whole);
      else {
        expect(byDigest).toMatchObject({ content: 'missing', signature: 'not-checked' });
        expect(byDigest.reasons).toContain('needs-second-pass');
      }
    }
  });

  test('a digest that was not made asks for a second pass, and nothing is altered by that', async () => {
    const signedData = await sign(kind, {});
    const verdict = await verdictOver(signedData, passed(content, ['md5'], 0));
    expect(verdict).toMatchObject({ content: 'missing', signature: 'valid' });
    expect(verdict.reasons).toContain('needs-second-pass');
  });
});

test('content that is signed attributes is refused by its first octet', async () => {
  const { signers } = await sign('p256', {});
  const { octets } = [...signers[0]!.signedAttributesForms()][0]!;
  const spec = { content: octets, signers: [{ by: alice, attributes: 'none' as const }] };
  const cut = parseSignedData(madeSignedData({ ...spec, certificates: [alice, intermediate] }));
  for (const keep of [0, 10_000]) {
    const verdict = await verdictOver(cut, passed(octets, ['sha256'], keep));
    expect(verdict.signature).toBe('invalid');
    expect(verdict.reasons).toContain('content-is-attributes');
  }
});

describe('content that is embedded as well', () => {
  test.each([0, 1000])('has to be the same (%i octets kept)', async (keep) => {
    const signedData = await sign('p256', { detached: false });
    expect(await verdictOver(signedData, passed(content, ['sha256'], keep))).toMatchObject({
      content: 'intact',
    });
    const verdict = await verdictOver(signedData, passed(content.slice(1), ['sha256'], keep));
    expect(verdict.content).toBe('altered');
    expect(verdict.reasons).toContain('embedded-content-differs');
    // By SHA-1 alone two contents can be made the same.
    if (keep === 0)
      expect(await verdictOver(signedData, passed(content, ['sha1'], keep))).toMatchObject({
        content: 'altered',
      });
  });
});

test('a ContentDigester is finished once, and refuses a digest that it does not know', () => {
  const digester = new ContentDigester();
  expect(digester.finish().length).toBe(0);
  expect(() => digester.finish()).toThrow('finished');
  expect(() => digester.update(new Uint8Array(1))).toThrow('finished');
  expect(() => new ContentDigester({ digests: ['sha0' as DigestName] })).toThrow('sha0');
});
