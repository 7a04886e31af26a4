import { describe, expect, test } from 'vitest';
import { der, derNull, derOctetString, derOid, derSequence } from '../../src/asn1/writer.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import type { VerifySignedDataOptions } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { type OcspResponse, parseOcspResponse } from '../../src/x509/revocation/ocsp-response.js';
import type { RevocationReference } from '../../src/x509/revocation/revocation-report.js';
import { generalizedTime, ocspError, ocspExtension, ocspResponse } from '../support/ocsp.js';
import { extension } from '../support/pki.js';
import { crlBy, crlsWith, type Revoked } from '../support/revocation-scene.js';
import { otherRevocationInfo, type SignedDataSpec, signedData, signingTime } from '../support/sign.js';
import { alice, aliceWith, intermediate, mallory, now, root, roots } from '../support/sign-scene.js';
import { content, verdictAnswers, verdicts } from '../support/sign-verdicts.js';
import { stampAuthority, stamped } from '../support/timestamp.js';

const ocspFormat = '1.3.6.1.5.5.7.16.2';

/** Signed by Alice, who says that she did so at noon on 15 January 2026. */
function signed(
  change: Partial<SignedDataSpec> = {},
  claimed: string | null = '2026-01-15T12:00:00Z',
): Uint8Array {
  return signedData({
    content,
    signers: [
      {
        by: alice,
        attributes: (usual) => [
          usual.contentType,
          usual.messageDigest,
          ...(claimed === null ? [] : [signingTime(claimed)]),
        ],
      },
    ],
    certificates: [alice, intermediate],
    ...change,
  });
}

async function answersOf(p7s: Uint8Array, options: Partial<VerifySignedDataOptions> = {}) {
  const [verdict] = await verdicts(p7s, { content, ...options });
  return { ...verdictAnswers(verdict!), verdict: verdict! };
}

/** Judges Alice's signature where her certificate, or the one above it, was revoked. */
async function judged(
  revoked: Omit<Revoked, 'of'>,
  options: Partial<VerifySignedDataOptions> = {},
  p7s = signed(),
) {
  const crls = crlsWith({ of: alice, ...revoked });
  return answersOf(p7s, { revocation: { crls }, ...options });
}

describe('when a certificate was revoked', () => {
  test.each([
    [
      '2026-01-15T11:59:59Z',
      'revoked-before-signing',
      /before the signer says that he signed \(2026-01-15T12:00:00Z\)/,
    ],
    ['2026-01-15T12:00:00Z', 'revoked-at-signing', /which is when the signer says/],
    [
      '2026-01-15T12:00:01Z',
      'revoked-after-signing',
      /after the time that the signer claims.*nobody vouches/,
    ],
  ])('at %s: %s', async (date, code, message) => {
    const { trust, time, signature, reasons, verdict } = await judged({ date, reason: 'superseded' });
    expect([trust, time, signature, reasons]).toEqual(['untrusted', 'valid', 'valid', [code]]);
    expect(verdict.reasons[0]!.message).toMatch(message);
    expect(verdict.reasons[0]!.message).toContain('(superseded)');
    expect(verdict.path!.revocation[0]).toMatchObject({ status: 'revoked', reason: 'superseded' });
  });

  test('no claim: simply revoked', async () => {
    const { trust, reasons } = await judged({ date: '2026-01-20T00:00:00Z' }, {}, signed({}, null));
    expect([trust, reasons]).toEqual(['untrusted', ['revoked', '(signing-time-missing)']]);
  });

  test('the invalidity date counts where it is earlier', async () => {
    const date = '2026-01-20T00:00:00Z';
    const compromised = { date, reason: 'keyCompromise' as const, invalidity: '2026-01-10T00:00:00Z' };
    const { reasons, verdict } = await judged(compromised);
    expect(reasons).toEqual(['revoked-before-signing']);
    expect(verdict.reasons[0]!.message).toMatch(/keyCompromise.*invalid since 2026-01-10T00:00:00Z/);
    expect((await judged({ ...compromised, invalidity: '2026-01-21T00:00:00Z' })).reasons).toEqual([
      'revoked-after-signing',
    ]);
  });

  test('a hold is told apart', async () => {
    const { trust, reasons, verdict } = await judged({
      date: '2026-01-20T00:00:00Z',
      reason: 'certificateHold',
    });
    expect([trust, reasons]).toEqual(['untrusted', ['revoked-after-signing']]);
    expect(verdict.reasons[0]!.message).toContain('is on hold since 2026-01-20T00:00:00Z');
    const unclaimed = await judged(
      { date: '2026-01-20T00:00:00Z', reason: 'certificateHold' },
      {},
      signed({}, null),
    );
    expect(unclaimed.reasons).toEqual(['on-hold', '(signing-time-missing)']);
  });

  test('an authority above counts as well', async () => {
    const crls = [
      crlBy(intermediate),
      crlBy(root, [{ of: intermediate, date: '2026-01-10T00:00:00Z', reason: 'cACompromise' }]),
    ].map((each) => parseCrl(each));
    const { trust, reasons, verdict } = await answersOf(signed(), { revocation: { crls } });
    expect([trust, reasons]).toEqual(['untrusted', ['revoked-before-signing']]);
    expect(verdict.reasons[0]!.message).toMatch(/Test Intermediate.*cACompromise/);
  });
});

describe('a trusted time and revocation', () => {
  test.each([
    ['2026-01-19T23:59:59Z', 'trusted', 'valid-at-trusted-time', '(revoked-after-signing)'],
    ['2026-01-20T00:00:00Z', 'untrusted', 'valid', 'revoked'],
    ['2026-01-21T00:00:00Z', 'untrusted', 'valid', 'revoked'],
  ])('of %s, revoked on 20 January: %s', async (time, trust, answer, reason) => {
    const found = await judged(
      { date: '2026-01-20T00:00:00Z', reason: 'keyCompromise' },
      { trustedTime: new Date(time) },
    );
    expect([found.trust, found.time, found.reasons]).toEqual([trust, answer, [reason]]);
  });

  test('of after a hold says that it is one', async () => {
    const found = await judged(
      { date: '2026-01-20T00:00:00Z', reason: 'certificateHold' },
      { trustedTime: new Date('2026-01-21T00:00:00Z') },
    );
    expect([found.trust, found.reasons]).toEqual(['untrusted', ['on-hold']]);
  });

  test('the invalidity date binds it too', async () => {
    const revoked = {
      date: '2026-01-20T00:00:00Z',
      reason: 'keyCompromise' as const,
      invalidity: '2026-01-10T00:00:00Z',
    };
    const at = async (time: string) => (await judged(revoked, { trustedTime: new Date(time) })).trust;
    expect([await at('2026-01-16T00:00:00Z'), await at('2026-01-09T23:59:59Z')]).toEqual([
      'untrusted',
      'trusted',
    ]);
  });

  test('a time stamp serves as one', async () => {
    const authority = stampAuthority(root);
    const crls = crlsWith({ of: alice, date: '2026-01-20T00:00:00Z' });
    const answers = async (time: string) => {
      const { trust, time: answer } = await answersOf(stamped(signed(), { by: authority, time }), {
        revocation: { crls },
      });
      return [trust, answer];
    };
    expect(await answers('2026-01-16T00:00:00Z')).toEqual(['trusted', 'valid-at-trusted-time']);
    expect(await answers('2026-01-20T00:00:00Z')).toEqual(['untrusted', 'valid']);
  });

  test('a time stamp by a revoked authority does not', async () => {
    const authority = stampAuthority(root);
    const crls = [
      ...crlsWith({ of: alice, date: '2026-01-20T00:00:00Z' }).slice(0, 1),
      parseCrl(crlBy(root, [{ of: authority, date: '2026-02-01T00:00:00Z' }])),
    ];
    const found = await answersOf(stamped(signed(), { by: authority, time: '2026-01-16T00:00:00Z' }), {
      revocation: { crls },
    });
    expect([found.trust, found.verdict.timestamps[0]!.status, found.reasons]).toEqual([
      'untrusted',
      'untrusted',
      ['revoked-after-signing', '(timestamp-untrusted)'],
    ]);
  });

  test('CRLs of now serve a certificate that has expired since, with a remark', async () => {
    const expired = aliceWith({ notAfter: '2026-01-31T00:00:00Z' });
    const p7s = signedData({ content, signers: [{ by: expired }], certificates: [expired, intermediate] });
    const options = { revocation: { crls: crlsWith() }, trustedTime: new Date('2026-01-20T00:00:00Z') };
    const found = await answersOf(p7s, options);
    expect([found.trust, found.time, found.reasons]).toEqual([
      'trusted',
      'valid-at-trusted-time',
      ['(expired)', '(revocation-not-known)'],
    ]);
    const crls = crlsWith({ of: expired, date: '2026-01-10T00:00:00Z' });
    const revoked = await answersOf(p7s, { ...options, revocation: { crls } });
    expect([revoked.trust, revoked.reasons]).toEqual(['untrusted', ['revoked', '(expired)']]);
  });
});

describe('what the message brings', () => {
  const revokedCrl = crlBy(intermediate, [{ of: alice, date: '2026-01-10T00:00:00Z' }]);
  const revokedOcsp = ocspResponse({
    answers: [{ about: alice, issuer: intermediate, status: { revoked: '2026-01-10T00:00:00Z' } }],
    by: intermediate,
  });

  test.each<[string, Uint8Array]>([
    ['a CRL', revokedCrl],
    ['an OCSP response (RFC 5940)', otherRevocationInfo(ocspFormat, revokedOcsp)],
  ])('%s is used without being asked for', async (_, info) => {
    const p7s = signed({ revocationInfos: [info] });
    const found = await answersOf(p7s);
    expect([found.trust, found.reasons[0]]).toEqual(['untrusted', 'revoked-before-signing']);
    expect((await answersOf(p7s, { revocation: { mode: 'off' } })).trust).toBe('trusted');
  });

  test('is enough for a caller who wants to know of every certificate', async () => {
    const good = ocspResponse({ answers: [{ about: alice, issuer: intermediate }], by: intermediate });
    const infos = [otherRevocationInfo(ocspFormat, good), crlBy(root)];
    const found = await answersOf(signed({ revocationInfos: infos }), { revocation: { mode: 'require' } });
    expect([found.trust, found.reasons]).toEqual(['trusted', []]);
    expect(found.verdict.path!.revocation.map(({ status, source }) => [status, source])).toEqual([
      ['good', 'ocsp'],
      ['good', 'crl'],
    ]);
    const lacking = await answersOf(signed({ revocationInfos: infos.slice(0, 1) }), {
      revocation: { mode: 'require' },
    });
    expect([lacking.trust, lacking.reasons]).toEqual(['untrusted', ['revocation-unknown']]);
  });

  test('in BER as well', async () => {
    const p7s = signed({
      revocationInfos: [otherRevocationInfo(ocspFormat, revokedOcsp)],
      form: 'indefinite',
    });
    expect((await answersOf(p7s)).reasons[0]).toBe('revoked-before-signing');
  });

  test('is read by kind; what is damaged or unknown spoils nothing', async () => {
    const infos = [
      revokedCrl,
      otherRevocationInfo(ocspFormat, ocspError(3)),
      otherRevocationInfo(ocspFormat, derNull()),
      otherRevocationInfo('1.3.6.1.5.5.7.16.4', derNull()),
      derOctetString(new Uint8Array(3)),
    ];
    const { revocationInfo, crls } = parseSignedData(signed({ revocationInfos: infos }));
    expect([
      revocationInfo.crls.length,
      revocationInfo.ocspResponses.map(({ status }) => status),
      crls.length,
    ]).toEqual([1, ['tryLater'], 1]);
    expect(revocationInfo.others.map(({ format }) => format)).toEqual([
      ocspFormat,
      '1.3.6.1.5.5.7.16.4',
      undefined,
    ]);
    const p7s = signed({ revocationInfos: infos.slice(1) });
    const found = await answersOf(p7s, { revocation: {} });
    expect([found.trust, new Set(found.reasons)]).toEqual(['trusted', new Set(['(revocation-not-known)'])]);
    // Who did not ask is not told of what the message leaves out.
    expect((await answersOf(p7s)).reasons).toEqual([]);
  });

  test('is limited in number', () => {
    const infos = Array.from({ length: 3 }, () => revokedCrl);
    const limits = { revocationInfos: 2 };
    expect(() => parseSignedData(signed({ revocationInfos: infos }), { limits })).toThrow(
      expect.objectContaining({ code: 'limit-revocation-infos' }),
    );
  });
});

describe('what the caller gives', () => {
  test('`require` wants to know of every certificate, `check` remarks on what is not known', async () => {
    const required = await answersOf(signed(), { revocation: { mode: 'require' } });
    expect([required.trust, new Set(required.reasons)]).toEqual([
      'untrusted',
      new Set(['revocation-unknown']),
    ]);
    const checked = await answersOf(signed(), { revocation: {} });
    expect([checked.trust, new Set(checked.reasons)]).toEqual([
      'trusted',
      new Set(['(revocation-not-known)']),
    ]);
    expect((await answersOf(signed())).reasons).toEqual([]);
  });

  test('`resolve` is asked for what is missing, and each reference once', async () => {
    const asked: string[] = [];
    const resolve = async ({ kind, url, certificate }: RevocationReference) => {
      asked.push(`${kind} ${url}`);
      return certificate.equals(alice.certificate)
        ? crlBy(intermediate, [{ of: alice, date: '2026-01-10T00:00:00Z' }])
        : undefined;
    };
    // Two signers and three moments: the path is looked for several times.
    const [verdict] = await verifySignedData(
      parseSignedData(signed({ signers: [{ by: alice }, { by: alice }] })),
      {
        content,
        roots,
        at: now,
        trustedTime: new Date('2026-01-01T00:00:00Z'),
        revocation: { resolve },
      },
    );
    expect(verdict!.reasons.map(({ code }) => code)).toContain('revoked-after-signing');
    // The authorities' entries in a directory, by their names, since the certificates name no place.
    expect(asked.sort()).toEqual(['crl CN=Test Intermediate', 'crl CN=Test Root']);
  });

  test('OCSP responses count beside CRLs, and revoked by either is revoked', async () => {
    const bad = parseOcspResponse(
      ocspResponse({
        answers: [{ about: alice, issuer: intermediate, status: { revoked: '2026-01-10T00:00:00Z' } }],
        by: intermediate,
      }),
    );
    const found = await answersOf(signed(), { revocation: { crls: crlsWith(), ocspResponses: [bad] } });
    expect([found.trust, found.verdict.path!.revocation[0]!.source]).toEqual(['untrusted', 'ocsp']);
    const good = parseOcspResponse(
      ocspResponse({ answers: [{ about: alice, issuer: intermediate }], by: intermediate }),
    );
    const crls = crlsWith({ of: alice, date: '2026-01-10T00:00:00Z' });
    expect((await answersOf(signed(), { revocation: { crls, ocspResponses: [good] } })).trust).toBe(
      'untrusted',
    );
  });
});

describe('a thief with a revoked certificate', () => {
  /** Alice, with the address of an OCSP responder in her certificate. */
  const locatable = aliceWith({
    extensions: [
      extension(
        '1.3.6.1.5.5.7.1.1',
        false,
        derSequence(
          derSequence(derOid('1.3.6.1.5.5.7.48.1'), der(0x86, bytesFromLatin1('http://ocsp.example/'))),
        ),
      ),
    ],
  });

  /** Answers that Alice is good, newer than all else, by somebody else. */
  const forged = Array.from({ length: 200 }, (_, i) => {
    const answer = { about: alice, issuer: intermediate, thisUpdate: `2026-02-2${i % 9}T00:00:00Z` };
    const by = { ...(i % 2 === 0 ? intermediate : mallory), key: mallory.key };
    return otherRevocationInfo(
      ocspFormat,
      ocspResponse({ answers: [answer], by, responder: i % 4 < 2 ? 'byName' : 'byKey' }),
    );
  });
  const forgedCrls = Array.from({ length: 200 }, (_, i) =>
    crlBy({ ...intermediate, key: mallory.key }, [], { number: i }),
  );
  const crls = crlsWith({ of: alice, date: '2026-01-10T00:00:00Z' });

  test.each<[string, Uint8Array[]]>([
    ['OCSP responses', forged],
    ['CRLs', forgedCrls],
    ['OCSP responses and CRLs', [...forged, ...forgedCrls]],
  ])('gains nothing by 200 forged %s in his message', async (_, revocationInfos) => {
    const p7s = signed({ revocationInfos });
    const found = await answersOf(p7s, { revocation: { crls } });
    expect([found.trust, found.reasons[0]]).toEqual(['untrusted', 'revoked-before-signing']);
  });

  test('is not excused by a trusted time where the work was used up', async () => {
    const trustedTime = new Date('2026-01-05T00:00:00Z');
    const trustOf = async (revocationInfos: Uint8Array[]) => {
      const { trust, reasons } = await answersOf(signed({ revocationInfos }), {
        revocation: { crls },
        trustedTime,
      });
      return [trust, reasons[0]];
    };
    expect(await trustOf([])).toEqual(['trusted', '(revoked-after-signing)']);
    expect(await trustOf(forged.slice(0, 4))).toEqual(['trusted', '(revoked-after-signing)']);
    expect(await trustOf(forged)).toEqual(['untrusted', 'revoked']);
  });

  test('cannot choose since when he was revoked', async () => {
    const date = '2026-01-20T00:00:00Z';
    const invalidity = '2026-01-10T00:00:00Z';
    const trustedTime = new Date('2026-01-16T00:00:00Z');
    const revoked = ocspResponse({
      answers: [{ about: alice, issuer: intermediate, status: { revoked: date, reason: 1 } }],
      by: intermediate,
    });
    const dated = crlsWith({ of: alice, date, reason: 'keyCompromise', invalidity });
    const carried = signed({ revocationInfos: [otherRevocationInfo(ocspFormat, revoked)] });
    for (const p7s of [signed(), carried]) {
      const found = await answersOf(p7s, { revocation: { crls: dated, mode: 'require' }, trustedTime });
      expect([found.trust, found.reasons[0]]).toEqual(['untrusted', 'revoked']);
    }
    // What OCSP says of it counts as well (RFC 6960 §4.4.5).
    const extensions = [ocspExtension('2.5.29.24', generalizedTime(invalidity))];
    const answer = { about: alice, issuer: intermediate, status: { revoked: date, reason: 1 } };
    const [plain, told] = [answer, { ...answer, extensions }].map((each) =>
      parseOcspResponse(ocspResponse({ answers: [each], by: intermediate })),
    );
    const trustOf = async (ocspResponses: OcspResponse[]) =>
      (await answersOf(signed(), { revocation: { ocspResponses }, trustedTime })).trust;
    expect([await trustOf([plain!]), await trustOf([plain!, told!])]).toEqual(['trusted', 'untrusted']);
  });

  test('nor where the caller has to fetch what revokes him', async () => {
    const genuine = ocspResponse({
      answers: [{ about: locatable, issuer: intermediate, status: { revoked: '2026-01-10T00:00:00Z' } }],
      by: intermediate,
    });
    const junk = Array.from({ length: 50 }, () =>
      otherRevocationInfo(
        ocspFormat,
        ocspResponse({
          answers: [{ about: locatable, issuer: intermediate }],
          by: mallory,
          responder: 'byName',
        }),
      ),
    );
    const p7s = signed({
      signers: [{ by: locatable }],
      certificates: [locatable, intermediate, mallory],
      revocationInfos: junk,
    });
    const asked: string[] = [];
    const resolve = async ({ kind, url }: RevocationReference) => {
      asked.push(`${kind} ${url}`);
      return kind === 'ocsp' ? genuine : undefined;
    };
    const found = await answersOf(p7s, { revocation: { resolve } });
    expect([found.trust, found.reasons[0]]).toEqual(['untrusted', 'revoked-before-signing']);
    expect(asked).toContain('ocsp http://ocsp.example/');
    // Where nothing is fetched, what was not looked at to the end is not taken for good.
    const offline = await answersOf(p7s, {});
    expect([offline.trust, offline.reasons[0]]).toEqual(['untrusted', 'search-limit']);
  });
});
