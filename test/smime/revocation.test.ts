import { describe, expect, test } from 'vitest';
import type { VerifyMessageOptions } from '../../src/smime/verify/verify-message.js';
import { verifySignatureFile } from '../../src/smime/verify/verify-signature-file.js';
import { ocspResponse } from '../support/ocsp.js';
import { crlBy, crlsWith } from '../support/revocation-scene.js';
import { otherRevocationInfo, signedData } from '../support/sign.js';
import { detachedMessage, textEntity } from '../support/sign-message.js';
import {
  alice,
  aliceMessage,
  expectAnswers,
  intermediate,
  now,
  oneSeal,
  root,
  roots,
  verify,
} from '../support/sign-scene.js';
import { stampAuthority, stamped } from '../support/timestamp.js';

/** Alice says that she signed at 9 o'clock on 15 January 2026. */
const message = aliceMessage();
const revokedOn = (date: string) => ({
  crls: crlsWith({ of: alice, date, reason: 'keyCompromise' as const }),
});
const refused = (...reasons: string[]) => oneSeal({ trust: 'untrusted', verified: false, reasons });

describe('mail of a signer whose certificate was revoked', () => {
  test.each([
    ['before', '2026-01-15T08:59:59Z', 'revoked-before-signing'],
    ['at', '2026-01-15T09:00:00Z', 'revoked-at-signing'],
    ['after', '2026-01-15T09:00:01Z', 'revoked-after-signing'],
  ])('%s the time that he claims is never verified', async (_, date, code) => {
    const revocation = revokedOn(date);
    const ways: Partial<VerifyMessageOptions>[] = [
      {},
      { acceptSigningTime: true },
      { revocation: { ...revocation, mode: 'require' } },
      { signers: 'any' },
    ];
    for (const more of ways) await expectAnswers(message, refused(code), { revocation, ...more });
  });

  test('is verified at a trusted time of before, which the report names', async () => {
    const trustedTime = new Date('2026-01-18T00:00:00Z');
    const report = await expectAnswers(
      message,
      oneSeal({ time: 'valid-at-trusted-time', reasons: ['(revoked-after-signing)'] }),
      { revocation: revokedOn('2026-01-20T00:00:00Z'), trustedTime },
    );
    expect(report.seals[0]!.signers[0]!.trustedTime).toEqual({ time: trustedTime, source: 'caller' });
  });

  test('is verified by a time stamp of before', async () => {
    const entity = textEntity();
    const p7s = signedData({
      content: entity,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const at = (time: string) => detachedMessage(entity, stamped(p7s, { by: stampAuthority(root), time }));
    const revocation = revokedOn('2026-01-20T00:00:00Z');
    await expectAnswers(
      at('2026-01-16T00:00:00Z'),
      oneSeal({
        time: 'valid-at-trusted-time',
        reasons: ['(revoked-after-signing)', '(signing-time-trusted)'],
      }),
      { revocation },
    );
    await expectAnswers(at('2026-01-21T00:00:00Z'), refused('revoked', '(signing-time-trusted)'), {
      revocation,
    });
  });

  test('is refused by what it brings itself', async () => {
    const entity = textEntity();
    const infos = [
      crlBy(intermediate, [{ of: alice, date: '2026-01-10T00:00:00Z' }]),
      otherRevocationInfo(
        '1.3.6.1.5.5.7.16.2',
        ocspResponse({
          answers: [{ about: alice, issuer: intermediate, status: { revoked: '2026-01-10T00:00:00Z' } }],
          by: intermediate,
        }),
      ),
    ];
    for (const info of infos) {
      const p7s = signedData({
        content: entity,
        signers: [{ by: alice }],
        certificates: [alice, intermediate],
        revocationInfos: [info],
      });
      const report = await verify(detachedMessage(entity, p7s));
      expect([report.verified, report.seals[0]!.signers[0]!.reasons[0]!.code]).toEqual([
        false,
        'revoked-before-signing',
      ]);
    }
  });
});

test('what was checked, and how old it was, is in the report', async () => {
  const report = await verify(message, { revocation: { crls: crlsWith(), mode: 'require' } });
  expect(report.verified).toBe(true);
  expect(report.seals[0]!.signers[0]!.path!.revocation).toMatchObject([
    {
      status: 'good',
      source: 'crl',
      thisUpdate: new Date('2026-02-01T00:00:00Z'),
      age: 28 * 86_400_000,
      references: [],
    },
    { status: 'good', source: 'crl' },
  ]);
});

test('a caller who wants to know of every certificate hears where to look', async () => {
  const report = await verify(message, { revocation: { mode: 'require' } });
  const [signer] = report.seals[0]!.signers;
  expect([report.verified, signer!.reasons.map(({ code }) => code)]).toEqual([
    false,
    ['revocation-unknown', 'revocation-unknown'],
  ]);
  expect(
    signer!.path!.revocation.flatMap(({ references }) => references.map(({ kind, url }) => [kind, url])),
  ).toEqual([
    ['crl', 'CN=Test Intermediate'],
    ['crl', 'CN=Test Root'],
  ]);
});

test('a signature file is judged alike', async () => {
  const content = textEntity();
  const p7s = signedData({ content, signers: [{ by: alice }], certificates: [alice, intermediate] });
  const options = {
    content,
    roots,
    at: now,
    address: 'alice@example.jp',
    revocation: revokedOn('2026-01-20T00:00:00Z'),
  };
  expect((await verifySignatureFile(p7s, options)).verified).toBe(false);
  const trustedTime = new Date('2026-01-19T00:00:00Z');
  expect((await verifySignatureFile(p7s, { ...options, trustedTime })).verified).toBe(true);
});
