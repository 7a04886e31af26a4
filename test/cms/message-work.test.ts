import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derBitString, derInteger, derNull, derOid, derSequence } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { addSigners, messageWork, withinWork } from '../../src/cms/verify/message-work.js';
import type { VerifySignedDataOptions } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Bytes } from '../../src/core/bytes.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { spendCheck } from '../../src/x509/path/path-work.js';
import { issue, type TestCertificate, testKey } from '../support/pki.js';
import { signedData, signingTime } from '../support/sign.js';
import {
  detachedEntity,
  multipart,
  signatureOver,
  textEntity,
  usualHeader,
} from '../support/sign-message.js';
import { alice, aliceWith, intermediate, now, root, roots } from '../support/sign-scene.js';
import { content } from '../support/sign-verdicts.js';
import { stampAuthority, timestampToken, withTimestamps } from '../support/timestamp.js';

/** Verifies, and counts the signatures that were to be checked: each asks whether the caller wants it to go on. */
async function counted(p7s: Uint8Array, options: Partial<VerifySignedDataOptions> = {}) {
  // The options are looked at once before that.
  let checks = -1;
  const signal = {
    get aborted(): boolean {
      checks++;
      return false;
    },
  };
  const found = await verifySignedData(parseSignedData(p7s), { roots, at: now, content, signal, ...options });
  return { checks, found, trust: found.map(({ trust }) => trust) };
}

const rsa = testKey('rsa', 'work');

/** An RSA key of the greatest size, with the greatest exponent. */
function hugeKey(): Bytes {
  const modulus = Uint8Array.from(randomBytes(2048));
  modulus[0]! |= 0x80;
  modulus[2047]! |= 1;
  const key = derSequence(derInteger(modulus), derInteger(new Uint8Array(8).fill(0xff)));
  return derSequence(derSequence(derOid('1.2.840.113549.1.1.1'), derNull()), derBitString(key));
}

/** Certificates of somebody who never issued the other one, but has the name and key identifier of its issuer. */
function impostors(of: TestCertificate, count: number, spki?: () => Bytes): TestCertificate[] {
  return Array.from({ length: count }, (_, i) =>
    issue({
      name: 'Impostor',
      key: spki === undefined ? testKey('p256', `impostor ${i}`) : rsa,
      ...(spki === undefined ? {} : { spki: spki() }),
      ca: true,
      issuer: root,
      serial: 7000 + i,
      subjectKeyIdentifier: of.subjectKeyIdentifier,
    }),
  );
}

/** The certificate with a signature of the length of the greatest modulus. */
function hugelySigned(by: TestCertificate): TestCertificate {
  const [tbs, algorithm] = readBer(by.der).children;
  const signature = Uint8Array.from(randomBytes(2048));
  signature[0] = 1;
  const octets = derSequence(tbs!.bytes, algorithm!.bytes, derBitString(signature));
  return { ...by, der: octets, certificate: parseCertificate(octets) };
}

describe('the work for all signers of one message', () => {
  test('is bounded together, and keys that make verifiers busy count as many', async () => {
    const issuer = issue({ name: 'Impostor', key: rsa, ca: true });
    const fakes = impostors(issuer, 16, hugeKey);
    const leaves = Array.from({ length: 4 }, (_, i) =>
      hugelySigned(
        issue({
          name: `Leaf ${i}`,
          key: testKey('p256', 'leaf'),
          issuer,
          notAfter: '2025-01-01T00:00:00Z',
        }),
      ),
    );
    const p7s = signedData({
      content,
      signers: leaves.map((by) => ({
        by,
        attributes: (usual) => [usual.contentType, usual.messageDigest, signingTime('2024-06-01T00:00:00Z')],
      })),
      certificates: [...leaves, ...fakes],
    });
    const { checks, found, trust } = await counted(p7s, { trustedTime: new Date('2024-07-01T00:00:00Z') });
    expect(trust).toEqual(['untrusted', 'untrusted', 'untrusted', 'untrusted']);
    expect(found[0]!.reasons.map(({ code }) => code)).toContain('search-limit');
    // 160 are allowed, of which each takes 16; each of 12 searches asks once more in vain.
    expect(checks).toBeLessThanOrEqual(4 + 160 / 16 + 12);
  });

  test('is enough for many honest signers, as of three moments each', async () => {
    const signers = Array.from({ length: 24 }, (_, i) => {
      const key = testKey('p256', `work ${i % 4}`);
      const above = issue({ name: `Authority ${i}`, key, ca: true, issuer: root });
      const by = issue({
        name: `Signer ${i}`,
        key: testKey('p256', 'work signer'),
        issuer: above,
        notBefore: '2024-01-01T00:00:00Z',
        notAfter: '2025-01-01T00:00:00Z',
      });
      return { above, by };
    });
    const p7s = signedData({
      content,
      signers: signers.map(({ by }) => ({
        by,
        attributes: (usual) => [usual.contentType, usual.messageDigest, signingTime('2024-06-01T00:00:00Z')],
      })),
      certificates: signers.flatMap(({ above, by }) => [by, above]),
    });
    // Too early a trusted time: the claimed one is looked at as well.
    const { checks, found, trust } = await counted(p7s, { trustedTime: new Date('2025-02-01T00:00:00Z') });
    expect(new Set(trust)).toEqual(new Set(['trusted']));
    expect(new Set(found.map(({ time }) => time))).toEqual(new Set(['valid-at-signing-time']));
    // Three searches for each, but his value and the two certificates are checked once.
    expect(checks).toBe(3 * 24);
  });

  test('spent by time stamps that anybody added spoils nothing', async () => {
    const issuer = issue({ name: 'Impostor', key: testKey('p256', 'no impostor'), ca: true });
    const fakes = impostors(issuer, 60);
    const stamper = stampAuthority(issuer);
    const p7s = withTimestamps(
      signedData({ content, signers: [{ by: alice }], certificates: [alice, intermediate] }),
      (over) =>
        ['01', '02', '03', '04'].map((day) =>
          timestampToken({
            by: stamper,
            time: `2026-01-${day}T00:00:00Z`,
            over,
            change: { certificates: [stamper, ...fakes] },
          }),
        ),
    );
    const { checks, found, trust } = await counted(p7s);
    expect([trust, found[0]!.timestamps.map(({ status }) => status)]).toEqual([
      ['trusted'],
      ['untrusted', 'untrusted', 'untrusted', 'untrusted'],
    ]);
    // Four values, 136 for all their paths and one in vain for each; three for Alice.
    expect(checks).toBeLessThanOrEqual(4 + 136 + 4 + 3);
  });

  test('holds for the values of the signatures, too', async () => {
    const by = issue({ name: 'Alice', key: rsa, spki: hugeKey(), issuer: intermediate });
    const p7s = signedData({
      content,
      signers: Array.from({ length: 8 }, () => ({ by, value: new Uint8Array(2048).fill(1) })),
      certificates: [by, intermediate],
    });
    const { found } = await counted(p7s);
    const codes = found.map(({ signature, reasons }) => [signature, reasons[0]!.code]);
    // 96 are allowed, of which each takes 16.
    expect(codes.slice(0, 6)).toEqual(Array(6).fill(['invalid', 'signature-mismatch']));
    expect(codes.slice(6)).toEqual(Array(2).fill(['not-checked', 'search-limit']));
  });

  test('is one measure for all seals of a message, and honest ones find enough', async () => {
    const entity = textEntity();
    const issuer = issue({ name: 'Impostor', key: rsa, ca: true });
    const leaf = hugelySigned(issue({ name: 'Leaf', key: testKey('p256', 'leaf'), issuer }));
    const junk = signatureOver(entity, {
      signers: [{ by: leaf }],
      certificates: [leaf, ...impostors(issuer, 12, hugeKey)],
    });
    const honest = signatureOver(entity, { signers: [{ by: alice }], certificates: [alice, intermediate] });
    const parts = [...Array<Uint8Array>(10).fill(junk), honest].map((p7s) => detachedEntity(entity, p7s));
    let checks = -1;
    const signal = {
      get aborted(): boolean {
        checks++;
        return false;
      },
    };
    const message = multipart('mixed', parts, usualHeader);
    const { seals } = await verifyMessage(message, { roots, at: now, signal });
    expect(seals.map(({ signers }) => signers[0]!.trust)).toEqual([
      ...Array<string>(10).fill('untrusted'),
      'trusted',
    ]);
    // 128 and 8 for each of 11 are allowed, of which the junk takes 16 each; then one in vain, and three for Alice.
    expect(checks).toBeLessThanOrEqual(1 + 10 + (128 + 11 * 8) / 16 + 10 + 3);
  });

  test('ends when the caller wants it to', async () => {
    const p7s = signedData({ content, signers: [{ by: alice }], certificates: [alice, intermediate] });
    const signal = { aborted: true, reason: 'enough' };
    await expect(
      verifySignedData(parseSignedData(p7s), { roots, at: now, content, signal }),
    ).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  });

  test('one search takes no more than a part, and gives back what it does not spend', async () => {
    const work = messageWork();
    addSigners(work, 1);
    const { paths } = work;
    const spend = (count: number) =>
      withinWork(paths, async (part) => {
        let done = 0;
        for (let i = 0; i < count && spendCheck(part, undefined, undefined); i++) done++;
        part.steps -= 10;
        return done;
      });
    const before = [paths.signatureChecks, paths.steps];
    expect(await spend(10)).toBe(10);
    expect([paths.signatureChecks, paths.steps]).toEqual([before[0]! - 10, before[1]! - 10]);
    expect([await spend(100), await spend(100), await spend(1)]).toEqual([64, before[0]! - 74, 0]);
  });
});

test('options that are not what they must be are refused before anything is verified', async () => {
  const p7s = signedData({ content, signers: [{ by: aliceWith() }], certificates: [intermediate] });
  const wrong: unknown[] = [
    { revocation: { mode: 'required' } },
    { revocation: { at: new Date(Number.NaN) } },
    { revocation: { ocspResponses: [new Uint8Array(3)] } },
    { algorithms: {} },
    { certificates: [intermediate.der] },
    { timestampRoots: root.certificate },
  ];
  for (const options of wrong) {
    await expect(
      verifySignedData(parseSignedData(p7s), { roots, at: now, content, ...(options as object) }),
    ).rejects.toMatchObject({ code: 'usage' });
  }
});
