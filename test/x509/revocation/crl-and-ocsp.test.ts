import { describe, expect, test } from 'vitest';
import { der, derOid, derSequence } from '../../../src/asn1/writer.js';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { findPath } from '../../../src/x509/find-path.js';
import { algorithmPolicyOldMail } from '../../../src/x509/path/algorithm-policy.js';
import type { CertificateList } from '../../../src/x509/revocation/crl.js';
import { type OcspResponse, parseOcspResponse } from '../../../src/x509/revocation/ocsp-response.js';
import type { RevocationOptions } from '../../../src/x509/revocation/revocation-options.js';
import type { RevocationReference } from '../../../src/x509/revocation/revocation-report.js';
import type { Holder } from '../../support/chains.js';
import { type CrlSpec, crlOctets, crlOf } from '../../support/crls.js';
import { type AnswerSpec, ocspResponse } from '../../support/ocsp.js';
import { extension, issue, signatureIdentifier, type TestCertificate, testKey } from '../../support/pki.js';

const access = derSequence(
  derSequence(derOid('1.3.6.1.5.5.7.48.1'), der(0x86, bytesFromLatin1('http://ocsp.example/'))),
);
const authority = issue({ name: 'CA', key: testKey('p256', 'both ca'), ca: true });
const alice = issue({
  name: 'Alice',
  key: testKey('p256', 'both alice'),
  issuer: authority,
  extensions: [extension('1.3.6.1.5.5.7.1.1', false, access)],
});
const at = new Date('2026-06-01T12:00:00Z');

const holder = ({ certificate, subject, key }: TestCertificate): Holder => ({
  certificate,
  name: subject,
  key: { privateKey: key.privateKey, spki: key.spki, algorithm: signatureIdentifier(key), digest: 'sha256' },
});
const crl = (spec: CrlSpec = {}): CertificateList => crlOf(holder(authority), spec);
const octets = (spec: Partial<AnswerSpec> = {}): Uint8Array =>
  ocspResponse({ answers: [{ about: alice, issuer: authority, ...spec }], by: authority });
const ocsp = (spec: Partial<AnswerSpec> = {}): OcspResponse => parseOcspResponse(octets(spec));

async function ask(revocation: RevocationOptions) {
  const path = await findPath(alice.certificate, {
    roots: [authority.certificate],
    at,
    revocation: { mode: 'require', ...revocation },
  });
  return { ...path.revocation[0]!, codes: path.problems.map(({ code }) => code) };
}

describe('OCSP and CRLs together', () => {
  const revokedCrl = crl({ revoked: [{ certificate: holder(alice), reason: 'superseded' }] });
  const revokedOcsp = ocsp({ status: { revoked: '2026-02-01T00:00:00Z', reason: 1 } });

  test('either alone tells', async () => {
    expect(await ask({ crls: [crl()] })).toMatchObject({ status: 'good', source: 'crl' });
    expect(await ask({ ocspResponses: [ocsp()] })).toMatchObject({ status: 'good', source: 'ocsp' });
  });

  test('revoked by either is revoked', async () => {
    expect(await ask({ crls: [revokedCrl], ocspResponses: [ocsp()] })).toMatchObject({
      status: 'revoked',
      source: 'crl',
      codes: ['revoked'],
    });
    expect(await ask({ crls: [crl()], ocspResponses: [revokedOcsp] })).toMatchObject({
      status: 'revoked',
      source: 'ocsp',
      reason: 'keyCompromise',
    });
  });

  test('where both are good the OCSP response is reported', async () => {
    expect(await ask({ crls: [crl()], ocspResponses: [ocsp()] })).toMatchObject({
      status: 'good',
      source: 'ocsp',
    });
  });

  test('a hold counts until something newer does not know of it', async () => {
    const held = crl({ revoked: [{ certificate: holder(alice), reason: 'certificateHold' }] });
    const before = ocsp({ thisUpdate: '2026-05-01T00:00:00Z' });
    const after = ocsp({ thisUpdate: '2026-05-20T00:00:00Z' });
    expect((await ask({ crls: [held], ocspResponses: [before] })).status).toBe('on-hold');
    expect((await ask({ crls: [held], ocspResponses: [after] })).status).toBe('good');
  });

  test('one that cannot be used leaves it to the other', async () => {
    const stale = ocsp({ thisUpdate: '2026-01-01T00:00:00Z', nextUpdate: '2026-02-01T00:00:00Z' });
    const answer = await ask({ crls: [crl()], ocspResponses: [stale, ocsp({ status: 'unknown' })] });
    expect(answer).toMatchObject({ status: 'good', source: 'crl' });
    expect(answer.problems.map(({ code }) => code).sort()).toEqual(['certificate-unknown', 'stale']);
  });

  test('what resolve fetches is used in the same way: OCSP first', async () => {
    const asked: string[] = [];
    const resolve = async ({ kind, request }: RevocationReference) => {
      asked.push(`${kind} ${request !== undefined}`);
      return kind === 'ocsp' ? octets() : crlOctets(holder(authority));
    };
    expect(await ask({ resolve })).toMatchObject({ status: 'good', source: 'ocsp' });
    expect(asked).toEqual(['ocsp true']);
    const silent = async (reference: RevocationReference) =>
      reference.kind === 'ocsp' ? octets({ status: 'unknown' }) : resolve(reference);
    expect(await ask({ resolve: silent })).toMatchObject({ status: 'good', source: 'crl' });
  });
});

describe('a CRL signed with SHA-1', () => {
  const key = testKey('p256', 'both ca');
  const weak: Holder = {
    ...holder(authority),
    key: {
      privateKey: key.privateKey,
      spki: key.spki,
      algorithm: signatureIdentifier(key, { digest: 'sha1' }),
      digest: 'sha1',
    },
  };

  test('clears nobody under the policy of today, and revokes', async () => {
    const answer = await ask({ crls: [crlOf(weak)] });
    expect([answer.status, ...answer.problems.map(({ code }) => code)]).toEqual([
      'unknown',
      'algorithm-weak',
    ]);
    expect((await ask({ crls: [crlOf(weak, { revoked: [holder(alice)] })] })).status).toBe('revoked');
    expect((await ask({ crls: [crlOf(weak), crl({ from: '2026-05-01T00:00:00Z' })] })).status).toBe('good');
  });

  test('lifts no hold as a delta', async () => {
    const held = crl({ number: 1, revoked: [{ certificate: holder(alice), reason: 'certificateHold' }] });
    const delta = {
      number: 2,
      base: 1,
      revoked: [{ certificate: holder(alice), reason: 'removeFromCRL' }],
    } as const;
    expect((await ask({ crls: [held, crl(delta)] })).status).toBe('good');
    expect((await ask({ crls: [held, crlOf(weak, delta)] })).status).toBe('on-hold');
  });

  test('counts under the policy for old mail', async () => {
    const path = await findPath(alice.certificate, {
      roots: [authority.certificate],
      at,
      algorithms: algorithmPolicyOldMail,
      revocation: { mode: 'require', crls: [crlOf(weak)] },
    });
    expect(path.problems).toEqual([]);
  });
});
