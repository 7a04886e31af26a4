import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { der, derNull, derOctetString, derSequence } from '../../../src/asn1/writer.js';
import type { Engine } from '../../../src/core/engine.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { encodePem } from '../../../src/encoding/pem.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import {
  type AlgorithmPolicy,
  algorithmPolicyNow,
  algorithmPolicyOldMail,
} from '../../../src/x509/path/algorithm-policy.js';
import {
  checkOcsp,
  type OcspContext,
  type OcspOutcome,
  ocspReferences,
} from '../../../src/x509/revocation/ocsp-check.js';
import { buildOcspRequest } from '../../../src/x509/revocation/ocsp-request.js';
import { OcspResponse, parseOcspResponse } from '../../../src/x509/revocation/ocsp-response.js';
import type { RevocationOptions } from '../../../src/x509/revocation/revocation-options.js';
import { uri } from '../../support/crls.js';
import {
  type AnswerSpec,
  generalizedTime,
  noCheck,
  ocspError,
  ocspExtension,
  ocspResponse,
  ocspSigning,
  type ResponseSpec,
} from '../../support/ocsp.js';
import { type CertificateSpec, issue, Purpose, type TestCertificate, testKey } from '../../support/pki.js';

const root = issue({ name: 'Root', key: testKey('p256', 'ocsp root'), ca: true });
const authority = issue({ name: 'Mail CA', key: testKey('p256', 'ocsp ca'), issuer: root, ca: true });
const other = issue({ name: 'Other CA', key: testKey('p256', 'ocsp other'), issuer: root, ca: true });
const alice = issue({ name: 'Alice', key: testKey('p256', 'ocsp alice'), issuer: authority });
const bob = issue({ name: 'Bob', key: testKey('p256', 'ocsp bob'), issuer: authority });

function responderWith(change: Partial<CertificateSpec> = {}): TestCertificate {
  return issue({
    name: 'Responder',
    key: testKey('p256', 'ocsp responder'),
    issuer: authority,
    extendedKeyUsage: [ocspSigning],
    extensions: [noCheck],
    ...change,
  });
}
const responder = responderWith();

const at = new Date('2026-06-01T00:00:00Z');

interface Ask {
  /** Who is asked about; default Alice. */
  readonly certificate?: Certificate;
  readonly responses?: readonly (ResponseSpec | Uint8Array | OcspResponse)[];
  readonly options?: Partial<RevocationOptions>;
  readonly at?: Date;
  readonly pool?: readonly Certificate[];
  readonly checks?: number;
  readonly algorithms?: AlgorithmPolicy;
  readonly signerPath?: (signer: Certificate) => boolean;
}

const engines: readonly Engine[] = ['auto', 'native', 'typescript'];

/** Asks with every engine, which must all say the same. */
async function ask(
  query: Ask,
): Promise<OcspOutcome & { readonly asked: number; readonly checksLeft: number }> {
  const found = [];
  for (const engine of engines) found.push(await askWith(engine, query));
  for (const each of found.slice(1)) expect(each).toEqual(found[0]);
  return found[0]!;
}

async function askWith(engine: Engine, query: Ask) {
  let asked = 0;
  const ocspResponses: OcspResponse[] = (query.responses ?? []).map((each) =>
    each instanceof OcspResponse
      ? each
      : parseOcspResponse(each instanceof Uint8Array ? each : ocspResponse(each)),
  );
  const budget = { signatureChecks: query.checks ?? 64 };
  const context: OcspContext = {
    engine,
    options: { ocspResponses, ...query.options },
    at: query.at ?? at,
    certificates: query.pool ?? [],
    algorithms: query.algorithms ?? algorithmPolicyNow,
    budget,
    findSignerPath: async (signer) => {
      asked++;
      return query.signerPath?.(signer) === true ? { publicKey: signer.publicKey } : undefined;
    },
  };
  const outcome = await checkOcsp(
    query.certificate ?? alice.certificate,
    { certificate: authority.certificate, publicKey: authority.certificate.publicKey },
    root.certificate,
    context,
  );
  return { ...outcome, asked, checksLeft: budget.signatureChecks };
}

const about = (change: Partial<AnswerSpec> = {}): AnswerSpec => ({
  about: alice,
  issuer: authority,
  ...change,
});
const good = (change: Partial<ResponseSpec> = {}, answer: Partial<AnswerSpec> = {}): ResponseSpec => ({
  answers: [about(answer)],
  by: authority,
  certificates: [],
  ...change,
});

/** Since when the key is thought to be known to others (RFC 5280 §5.3.2). */
const invalidSince = (time: string, critical = false): Uint8Array =>
  ocspExtension('2.5.29.24', generalizedTime(time), critical);

/** Asks, and holds status and problems against those expected. */
async function expectOutcome(query: Ask, status: string | undefined, ...problems: string[]) {
  const outcome = await ask(query);
  expect([outcome.revocation?.status, outcome.problems.map(({ code }) => code)]).toEqual([status, problems]);
  return outcome;
}

describe('who may answer', () => {
  test.each(['byName', 'byKey'] as const)('the issuer itself, named %s', async (how) => {
    const { revocation } = await expectOutcome({ responses: [good({ responder: how })] }, 'good');
    expect(revocation).toMatchObject({
      source: 'ocsp',
      thisUpdate: new Date('2026-01-01T00:00:00Z'),
      nextUpdate: new Date('2027-01-01T00:00:00Z'),
      age: at.getTime() - Date.UTC(2026, 0, 1),
    });
  });

  test.each(['byName', 'byKey'] as const)('a responder that the issuer certified, named %s', async (how) => {
    const outcome = await expectOutcome(
      { responses: [good({ by: responder, certificates: [responder], responder: how })] },
      'good',
    );
    expect([outcome.asked, outcome.checksLeft]).toEqual([0, 62]);
  });

  test('a responder whose certificate is at hand elsewhere', async () => {
    await expectOutcome({ responses: [good({ by: responder })], pool: [responder.certificate] }, 'good');
    await expectOutcome({ responses: [good({ by: responder })] }, undefined, 'issuer-missing');
  });

  test('a responder without nocheck must have a path with its own revocation', async () => {
    const by = responderWith({ extensions: [] });
    const responses = [good({ by, certificates: [by] })];
    const accepted = await expectOutcome({ responses, signerPath: () => true }, 'good');
    expect(accepted.asked).toBe(1);
    await expectOutcome({ responses, signerPath: () => false }, undefined, 'issuer-untrusted');
  });

  test.each<[string, Partial<CertificateSpec>]>([
    ['without the purpose', { extendedKeyUsage: [Purpose.emailProtection] }],
    ['with any purpose', { extendedKeyUsage: [Purpose.any] }],
    ['without extendedKeyUsage', { extendedKeyUsage: null }],
    ['with a key that is not for signing', { keyUsage: ['keyEncipherment'] }],
    ['that has expired', { notAfter: '2026-05-31T00:00:00Z' }],
    ['that is not valid yet', { notBefore: '2026-06-02T00:00:00Z' }],
    ['that another CA issued', { issuer: other }],
    ['of another CA that writes the name of this one', { issuer: other, issuerName: authority.subject }],
    ['that signed itself', { issuer: undefined as never, issuerName: authority.subject }],
    [
      'with an unknown critical extension',
      { extensions: [noCheck, ocspExtension('1.2.3.4', derNull(), true)] },
    ],
  ])('no responder %s', async (_, change) => {
    const by = responderWith(change);
    const responses = [good({ by, certificates: [by] })];
    await expectOutcome({ responses, signerPath: () => true }, undefined, 'issuer-untrusted');
  });

  test('a responder with critical extensions that are known', async () => {
    const place = derSequence(derSequence(der(0xa0, der(0xa0, uri('http://crl.example/')))));
    for (const extensions of [
      [noCheck, ocspExtension('2.5.29.31', place, true)],
      [ocspExtension('1.3.6.1.5.5.7.48.1.5', derNull(), true)],
    ]) {
      const by = responderWith({ extensions });
      await expectOutcome({ responses: [good({ by, certificates: [by] })] }, 'good');
    }
  });

  test('the root above the issuer may not answer for it', async () => {
    await expectOutcome(
      { responses: [good({ by: root, certificates: [root] })], signerPath: () => true },
      undefined,
      'issuer-untrusted',
    );
  });

  test('nobody vouches for his own certificate', async () => {
    const selfish = issue({
      name: 'Alice',
      key: testKey('p256', 'ocsp alice'),
      issuer: authority,
      extendedKeyUsage: [ocspSigning, Purpose.emailProtection],
      extensions: [noCheck],
    });
    const outcome = await ask({
      certificate: selfish.certificate,
      responses: [{ answers: [{ about: selfish, issuer: authority }], by: selfish }],
    });
    expect([outcome.revocation, outcome.problems.map(({ code }) => code)]).toEqual([
      undefined,
      ['issuer-missing'],
    ]);
  });

  test('a signature that does not fit is none', async () => {
    await expectOutcome(
      { responses: [good({ spoil: true, responder: 'byKey' })] },
      undefined,
      'signature-invalid',
    );
    await expectOutcome(
      { responses: [good({ by: responder, certificates: [responder], spoil: true })] },
      undefined,
      'signature-invalid',
    );
    // The name of the CA, but not its key.
    const impostor = { ...authority, key: testKey('p256', 'ocsp impostor') };
    await expectOutcome({ responses: [good({ by: impostor })] }, undefined, 'issuer-missing');
  });

  test('work ends where the caller says so', async () => {
    await expectOutcome({ responses: [good()], checks: 0 }, undefined, 'search-limit');
    await expectOutcome(
      { responses: [good({ by: responder, certificates: [responder] })], checks: 1 },
      undefined,
      'search-limit',
    );
  });

  test('forged certificates at hand do not hide that of a responder', async () => {
    const forged = Array.from({ length: 5 }, (_, i) =>
      responderWith({ serial: 5000 + i, issuer: other, issuerName: authority.subject }),
    );
    const revoked = good({ by: responder }, { status: { revoked: '2026-02-01T00:00:00Z' } });
    const pool = [...forged, responder].map(({ certificate }) => certificate);
    await expectOutcome({ responses: [revoked], pool: pool.slice(2) }, 'revoked');
    await expectOutcome({ responses: [revoked], pool }, undefined, 'search-limit');
  });

  test('many certificates under one name cost four trials', async () => {
    const forged = Array.from({ length: 40 }, (_, i) =>
      responderWith({ serial: 5000 + i, key: testKey('p256', 'ocsp forger') }),
    );
    const { checksLeft, problems } = await ask({
      responses: [good({ by: responder, certificates: forged })],
    });
    expect([64 - checksLeft, problems.map(({ code }) => code)]).toEqual([8, ['search-limit']]);
    // Those that cannot be the responder's at a glance are not among them.
    const others = Array.from({ length: 40 }, (_, i) =>
      responderWith({ serial: 6000 + i, extendedKeyUsage: null }),
    );
    const response = good({ by: responder, certificates: [...others, responder] });
    expect((await ask({ responses: [response] })).revocation?.status).toBe('good');
  });
});

describe('what counts', () => {
  test('revoked, with its date and reason', async () => {
    const { revocation } = await expectOutcome(
      { responses: [good({}, { status: { revoked: '2026-02-03T04:05:06Z', reason: 1 } })] },
      'revoked',
    );
    expect(revocation).toMatchObject({
      reason: 'keyCompromise',
      revocationDate: new Date('2026-02-03T04:05:06Z'),
    });
  });

  test('a reason that is not said is unspecified, a hold is a hold', async () => {
    const { revocation } = await ask({
      responses: [good({}, { status: { revoked: '2026-02-03T00:00:00Z' } })],
    });
    expect([revocation?.status, revocation?.reason]).toEqual(['revoked', 'unspecified']);
    await expectOutcome(
      { responses: [good({}, { status: { revoked: '2026-02-03T00:00:00Z', reason: 6 } })] },
      'on-hold',
    );
  });

  test('unknown is no answer', async () => {
    await expectOutcome({ responses: [good({}, { status: 'unknown' })] }, undefined, 'certificate-unknown');
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('issuers hashed with %s', async (hash) => {
    await expectOutcome({ responses: [good({}, { hash })] }, 'good');
  });

  test('answers about others say nothing', async () => {
    await expectOutcome({ responses: [good({ answers: [about({ about: bob })] })] }, undefined);
    await expectOutcome({ responses: [good({}, { keyOf: other })] }, undefined);
    const both = [about({ about: bob, status: { revoked: '2026-02-01T00:00:00Z' } }), about()];
    await expectOutcome({ responses: [good({ answers: both })] }, 'good');
  });

  test('revoked counts before all, else the newest, and of two of one time the worse', async () => {
    const of = (day: string, answer: Partial<AnswerSpec> = {}): ResponseSpec =>
      good({}, { thisUpdate: `2026-03-${day}T00:00:00Z`, ...answer });
    const revoked = { status: { revoked: '2026-02-01T00:00:00Z' } };
    const held = { status: { revoked: '2026-02-01T00:00:00Z', reason: 6 } };
    await expectOutcome({ responses: [of('01'), of('02', revoked)] }, 'revoked');
    await expectOutcome({ responses: [of('02', revoked), of('01')] }, 'revoked');
    // Nobody is un-revoked, so that a newer answer cannot be right; a hold can be lifted.
    await expectOutcome({ responses: [of('02'), of('01', revoked)] }, 'revoked');
    await expectOutcome({ responses: [of('02'), of('01', held)] }, 'good');
    await expectOutcome({ responses: [of('01'), of('02', held)] }, 'on-hold');
    await expectOutcome({ responses: [of('01'), of('01', held)] }, 'on-hold');
    // One that cannot be used does not hide the other.
    await expectOutcome(
      { responses: [{ ...of('02', revoked), spoil: true, responder: 'byKey' }, of('01')] },
      'good',
      'signature-invalid',
    );
  });

  test('eight that prove forged are enough, and one of many genuine ones', async () => {
    const forged = Array.from({ length: 20 }, () => good({ spoil: true, responder: 'byKey' }));
    const { problems, checksLeft } = await ask({ responses: [...forged, good()] });
    expect([checksLeft, problems.map(({ code }) => code)]).toEqual([
      64 - 8,
      ['signature-invalid', 'search-limit'],
    ]);
    // Of those of one time, what the caller gives first is looked at first.
    const first = await ask({ responses: [good(), ...forged] });
    expect(first.revocation?.status).toBe('good');
    const genuine = await ask({ responses: Array.from({ length: 20 }, () => good()) });
    expect([genuine.revocation?.status, genuine.checksLeft, genuine.problems]).toEqual(['good', 63, []]);
    // Those that need no signature check to be passed over cost nothing.
    const stale = Array.from({ length: 50 }, () => good({}, { nextUpdate: '2026-02-01T00:00:00Z' }));
    expect((await ask({ responses: [...stale, good()] })).revocation?.status).toBe('good');
  });

  test('the older good word costs no check beside the newest, in whatever order they come', async () => {
    const days = ['03', '09', '01', '05'];
    const responses = days.map((day) => good({}, { thisUpdate: `2026-03-${day}T00:00:00Z` }));
    const { revocation, checksLeft } = await expectOutcome({ responses }, 'good');
    expect([revocation?.thisUpdate, checksLeft]).toEqual([new Date('2026-03-09T00:00:00Z'), 63]);
  });

  test('forged ones that were carried keep none of the caller’s from being looked at', async () => {
    const forged = Array.from({ length: 20 }, () =>
      parseOcspResponse(
        ocspResponse(good({ spoil: true, responder: 'byKey' }, { thisUpdate: '2026-05-01T00:00:00Z' })),
      ),
    );
    const revoked = good({}, { status: { revoked: '2026-02-01T00:00:00Z' } });
    const options = { carriedOcspResponses: forged };
    await expectOutcome({ responses: [revoked], options }, 'revoked', 'signature-invalid', 'search-limit');
    // Nor do the caller's keep a carried one from telling of a revocation.
    const carried = { carriedOcspResponses: [parseOcspResponse(ocspResponse(revoked))] };
    const junk = Array.from({ length: 20 }, () => good({ spoil: true, responder: 'byKey' }));
    await expectOutcome(
      { responses: junk, options: carried },
      'revoked',
      'signature-invalid',
      'search-limit',
    );
  });

  test('of several that revoke, the earliest moment that any of them gives', async () => {
    const revoked = { revoked: '2026-02-10T00:00:00Z', reason: 4 };
    const later = good({}, { status: revoked });
    const sooner = good({}, { status: { revoked: '2026-02-09T00:00:00Z', reason: 1 } });
    const dated = good(
      {},
      {
        status: { revoked: '2026-02-10T00:00:00Z', reason: 1 },
        extensions: [invalidSince('2026-01-01T00:00:00Z')],
      },
    );
    const dateOf = async (...responses: ResponseSpec[]) => {
      const { revocation } = await expectOutcome({ responses }, 'revoked');
      const days = [revocation?.revocationDate, revocation?.invalidityDate];
      return [...days.map((date) => date?.toISOString().slice(0, 10)), revocation?.reason];
    };
    expect(await dateOf(later, sooner)).toEqual(['2026-02-09', undefined, 'superseded']);
    expect(await dateOf(sooner, later)).toEqual(['2026-02-09', undefined, 'keyCompromise']);
    expect(await dateOf(later, sooner, dated)).toEqual(['2026-02-09', '2026-01-01', 'superseded']);
  });

  test('what responders say instead of an answer', async () => {
    for (const status of [1, 2, 3, 5, 6]) {
      await expectOutcome({ responses: [ocspError(status), good()] }, 'good', 'response-error');
    }
  });

  test('a critical extension that is not known spoils it, another does not', async () => {
    const extensions = [ocspExtension('1.2.3.4', derNull())];
    await expectOutcome({ responses: [good({ extensions })] }, 'good');
    await expectOutcome(
      { responses: [good({ extensions: [ocspExtension('1.2.3.4', derNull(), true)] })] },
      undefined,
      'unknown-critical-extension',
    );
    await expectOutcome(
      { responses: [good({}, { extensions: [ocspExtension('1.2.3.4', derNull(), true)] })] },
      undefined,
      'unknown-critical-extension',
    );
  });
});

describe('extensions of CRL entries in an answer (RFC 6960 §4.4.5)', () => {
  const revoked = { revoked: '2026-02-10T00:00:00Z', reason: 1 };

  test.each([true, false])('invalidityDate, critical: %s', async (critical) => {
    const extensions = [invalidSince('2026-01-10T00:00:00Z', critical)];
    const { revocation } = await expectOutcome(
      { responses: [good({}, { status: revoked, extensions })] },
      'revoked',
    );
    expect(revocation?.invalidityDate).toEqual(new Date('2026-01-10T00:00:00Z'));
  });

  test('one that cannot be read leaves the certificate revoked', async () => {
    const extensions = [ocspExtension('2.5.29.24', derNull(), true)];
    const { revocation } = await expectOutcome(
      { responses: [good({}, { status: revoked, extensions })] },
      'revoked',
    );
    expect(revocation?.invalidityDate).toBeUndefined();
  });

  test('reasonCode tells where the answer says less', async () => {
    const reasonOf = async (reason: number | undefined, code: number) => {
      const status = { revoked: revoked.revoked, ...(reason === undefined ? {} : { reason }) };
      const extensions = [ocspExtension('2.5.29.21', der(0x0a, Uint8Array.of(code)), true)];
      const { revocation } = await ask({ responses: [good({}, { status, extensions })] });
      return [revocation?.status, revocation?.reason];
    };
    expect(await reasonOf(undefined, 1)).toEqual(['revoked', 'keyCompromise']);
    expect(await reasonOf(undefined, 6)).toEqual(['on-hold', 'certificateHold']);
    expect(await reasonOf(6, 1)).toEqual(['revoked', 'keyCompromise']);
    expect(await reasonOf(4, 6)).toEqual(['revoked', 'superseded']);
  });

  test('they are none of a whole response', async () => {
    const extensions = [invalidSince('2026-01-10T00:00:00Z', true)];
    await expectOutcome({ responses: [good({ extensions })] }, undefined, 'unknown-critical-extension');
  });
});

describe('a certificate that has expired (RFC 6960 §4.4.4)', () => {
  const cutoff = (time: string) => ocspExtension('1.3.6.1.5.5.7.48.1.6', generalizedTime(time));
  const old = issue({
    name: 'Alice',
    key: testKey('p256', 'ocsp alice'),
    issuer: authority,
    notAfter: '2026-04-01T00:00:00Z',
  });
  const statusOf = async (answer: Partial<AnswerSpec>) => {
    const { revocation, problems } = await ask({
      certificate: old.certificate,
      responses: [{ answers: [{ about: old, issuer: authority, ...answer }], by: authority }],
    });
    return revocation?.status ?? problems.map(({ code }) => code).join();
  };

  test('is not cleared by what is newer, unless the responder says how far back it goes', async () => {
    const newer = { thisUpdate: '2026-04-01T00:00:01Z' };
    expect(await statusOf({ thisUpdate: '2026-04-01T00:00:00Z' })).toBe('good');
    expect(await statusOf(newer)).toBe('scope');
    expect(await statusOf({ ...newer, extensions: [cutoff('2026-04-01T00:00:00Z')] })).toBe('good');
    expect(await statusOf({ ...newer, extensions: [cutoff('2026-04-01T00:00:01Z')] })).toBe('scope');
    const damaged = ocspExtension('1.3.6.1.5.5.7.48.1.6', derNull());
    expect(await statusOf({ ...newer, extensions: [damaged] })).toBe('scope');
    expect(await statusOf({ ...newer, status: { revoked: '2026-02-01T00:00:00Z' } })).toBe('revoked');
  });
});

describe('the work', () => {
  test('a response by nobody who is at hand counts as one, however many answers it gives', async () => {
    const stranger = issue({ name: 'Stranger', key: testKey('p256', 'ocsp stranger'), ca: true });
    const many = Array.from({ length: 20 }, () => ({
      ...good({ by: stranger, responder: 'byKey' as const, certificates: [alice, bob] }),
      answers: Array.from({ length: 50 }, () => about({ thisUpdate: '2026-02-01T00:00:00Z' })),
    }));
    await expectOutcome({ responses: [...many.slice(0, 7), good()] }, 'good', 'issuer-missing');
    await expectOutcome({ responses: [...many, good()] }, undefined, 'issuer-missing', 'search-limit');
  });

  test('the keys of certificates sent along are hashed once, not once for each answer', async () => {
    const stranger = issue({ name: 'Stranger', key: testKey('p256', 'ocsp stranger'), ca: true });
    const asked = async (answers: number) => {
      const response = parseOcspResponse(
        ocspResponse({
          answers: Array.from({ length: answers }, () => about()),
          by: stranger,
          responder: 'byKey',
          certificates: [bob],
        }),
      );
      const certificate = response.certificates[0]!;
      let count = 0;
      const bits = certificate.publicKeyBits;
      Object.defineProperty(certificate, 'publicKeyBits', {
        get: () => {
          count++;
          return bits;
        },
      });
      await askWith('auto', { responses: [response], checks: 10 });
      return count;
    };
    expect([await asked(1), await asked(100)]).toEqual([1, 1]);
  });
});

describe('the algorithm policy', () => {
  const sha1 = { digest: 'sha1' } as const;
  const weakly = responderWith({ scheme: sha1 });

  test.each<[string, ResponseSpec]>([
    ['a response signed with SHA-1', good({ scheme: sha1 })],
    [
      'one of a responder signed with SHA-1',
      good({ by: responder, certificates: [responder], scheme: sha1 }),
    ],
    ['one of a responder certified with SHA-1', good({ by: weakly, certificates: [weakly] })],
  ])('%s clears nobody, but in old mail', async (_, response) => {
    await expectOutcome({ responses: [response] }, undefined, 'algorithm-weak');
    await expectOutcome({ responses: [response], algorithms: algorithmPolicyOldMail }, 'good');
    const answers = [about({ status: { revoked: '2026-02-01T00:00:00Z' } })];
    await expectOutcome({ responses: [{ ...response, answers }] }, 'revoked');
  });
});

describe('when it counts', () => {
  const spring = good({}, { thisUpdate: '2026-03-01T00:00:00Z', nextUpdate: '2026-04-01T00:00:00Z' });

  test.each([
    ['2026-02-28T23:54:59Z', undefined, ['not-yet-valid']],
    ['2026-02-28T23:55:00Z', 'good', []],
    ['2026-04-01T00:00:00Z', 'good', []],
    ['2026-04-01T00:00:01Z', undefined, ['stale']],
  ])('at %s: %s', async (time, status, problems) => {
    await expectOutcome({ responses: [spring], at: new Date(time) }, status, ...problems);
  });

  test('the caller may want it younger', async () => {
    const day = 86_400_000;
    const time = new Date('2026-03-11T00:00:00Z');
    await expectOutcome({ responses: [spring], at: time, options: { maxAge: 10 * day } }, 'good');
    await expectOutcome(
      { responses: [spring], at: time, options: { maxAge: 10 * day - 1 } },
      undefined,
      'stale',
    );
  });

  test('without nextUpdate it counts for a day', async () => {
    const open = good({}, { thisUpdate: '2026-03-01T00:00:00Z', nextUpdate: null });
    await expectOutcome({ responses: [open], at: new Date('2026-03-02T00:00:00Z') }, 'good');
    await expectOutcome({ responses: [open], at: new Date('2026-03-02T00:00:01Z') }, undefined, 'stale');
  });

  test('revoked counts however old it is, a hold does not', async () => {
    const old = { thisUpdate: '2026-03-01T00:00:00Z', nextUpdate: '2026-04-01T00:00:00Z' };
    const revoked = { revoked: '2026-02-01T00:00:00Z' };
    await expectOutcome({ responses: [good({}, { ...old, status: revoked })] }, 'revoked');
    await expectOutcome(
      { responses: [good({}, { ...old, status: { ...revoked, reason: 6 } })] },
      undefined,
      'stale',
    );
  });
});

describe('nonces (RFC 9654)', () => {
  const nonce = Uint8Array.from({ length: 32 }, (_, i) => i);
  const withNonce = (value: Uint8Array): ResponseSpec =>
    good({ extensions: [ocspExtension('1.3.6.1.5.5.7.48.1.2', value)] });

  test('the one that was sent comes back', async () => {
    const options = { ocspNonce: nonce };
    await expectOutcome({ responses: [withNonce(derOctetString(nonce))], options }, 'good');
    // As responders wrote it before RFC 6960 said how.
    await expectOutcome({ responses: [withNonce(nonce)], options }, 'good');
    const another = nonce.map((octet) => octet ^ 1);
    await expectOutcome(
      { responses: [withNonce(derOctetString(another))], options },
      undefined,
      'nonce-mismatch',
    );
    await expectOutcome({ responses: [good()], options }, undefined, 'nonce-mismatch');
    await expectOutcome({ responses: [withNonce(derOctetString(nonce))] }, 'good');
  });

  test('1 to 128 octets are sent', () => {
    const entry = [{ certificate: alice.certificate, issuer: authority.certificate }];
    expect(encodeHex(buildOcspRequest(entry, { nonce }))).toContain(encodeHex(derOctetString(nonce)));
    for (const length of [0, 129]) {
      expect(() => buildOcspRequest(entry, { nonce: new Uint8Array(length) })).toThrow(/1 to 128 octets/);
    }
    expect(() => buildOcspRequest([])).toThrow(/one certificate at least/);
    expect(() => buildOcspRequest(entry, { hash: 'md5' as 'sha1' })).toThrow(/sha512/);
  });
});

describe('reading', () => {
  test('an answer with everything in it', () => {
    const octets = ocspResponse({
      answers: [
        about({ status: { revoked: '2026-02-03T04:05:06Z', reason: 4 } }),
        about({ about: bob, nextUpdate: null }),
      ],
      by: responder,
      responder: 'byKey',
    });
    const response = parseOcspResponse(octets);
    expect(response.status).toBe('successful');
    expect(response.producedAt).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(
      response.responses.map(({ status, reason, nextUpdate }) => [status, reason, nextUpdate?.getTime()]),
    ).toEqual([
      ['revoked', 'superseded', Date.UTC(2027, 0, 1)],
      ['good', undefined, undefined],
    ]);
    expect(response.certificates.map(({ subject }) => subject.commonName)).toEqual(['Responder']);
    expect(response.responderId?.kind).toBe('byKey');
    expect(response.nonce).toBeUndefined();
    expect(parseOcspResponse(new TextEncoder().encode(encodePem('OCSP RESPONSE', octets))).bytes).toEqual(
      octets,
    );
  });

  test.each([
    [4, /none that RFC 6960 has/],
    [7, /none that RFC 6960 has/],
    [0, /holds no answer/],
  ])('status %i without an answer', (status, message) => {
    expect(() => parseOcspResponse(ocspError(status))).toThrow(message);
  });

  test('references carry the request to send', () => {
    const url = 'http://ocsp.example/';
    const uri = (text: string): Uint8Array => Uint8Array.from([0x86, text.length, ...Buffer.from(text)]);
    const method = Uint8Array.from([0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 1]);
    const access = Uint8Array.from([0x30, method.length + url.length + 2, ...method, ...uri(url)]);
    const value = Uint8Array.from([0x30, access.length, ...access]);
    const certificate = issue({
      name: 'Carol',
      key: testKey('p256', 'ocsp carol'),
      issuer: authority,
      extensions: [ocspExtension('1.3.6.1.5.5.7.1.1', value)],
    }).certificate;
    const [reference, ...more] = ocspReferences(certificate, authority.certificate);
    expect([reference?.kind, reference?.url, more.length]).toEqual(['ocsp', url, 0]);
    expect(reference?.request).toEqual(buildOcspRequest([{ certificate, issuer: authority.certificate }]));
    expect(readBer(reference!.request!).children.length).toBe(1);
    expect(ocspReferences(alice.certificate, authority.certificate)).toEqual([]);
  });
});
