import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePem } from '../../../src/encoding/pem.js';
import { algorithmPolicyNow } from '../../../src/x509/path/algorithm-policy.js';
import { checkOcsp } from '../../../src/x509/revocation/ocsp-check.js';
import { buildOcspRequest, type OcspRequestOptions } from '../../../src/x509/revocation/ocsp-request.js';
import { parseOcspResponse } from '../../../src/x509/revocation/ocsp-response.js';
import { noCheck, ocspResponse, ocspSigning } from '../../support/ocsp.js';
import { issue, Purpose, type TestCertificate, testKey } from '../../support/pki.js';
import { describeProgram } from '../../support/programs.js';

const root = issue({ name: 'Root', key: testKey('p256', 'ocsp root'), ca: true });
const authority = issue({ name: 'Mail CA', key: testKey('rsa', 'ocsp ca'), issuer: root, ca: true });
const other = issue({ name: 'Other CA', key: testKey('p256', 'ocsp other'), issuer: root, ca: true });
const person = (name: string): TestCertificate =>
  issue({ name, key: testKey('p256', 'ocsp alice'), issuer: authority });
const people = {
  good: person('Good'),
  revoked: person('Revoked'),
  held: person('Held'),
  absent: person('Absent'),
};
const delegate = (change: Partial<Parameters<typeof issue>[0]> = {}): TestCertificate =>
  issue({
    name: 'Responder',
    key: testKey('p384', 'ocsp responder'),
    issuer: authority,
    extendedKeyUsage: [ocspSigning],
    extensions: [noCheck],
    ...change,
  });
const responder = delegate();

/** A line of OpenSSL's index of issued certificates. */
function line({ certificate }: TestCertificate, revoked?: string): string {
  const serial = certificate.serialHex.toUpperCase();
  return `${revoked === undefined ? 'V' : 'R'}\t400101000000Z\t${revoked ?? ''}\t${serial}\tunknown\t/CN=${certificate.subject.commonName}\n`;
}

describeProgram('openssl', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): { readonly status: number | null; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder });
    return { status, text: `${stdout}${stderr}` };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-ocsp-'));
    const files = { root, authority, other, responder, ...people };
    for (const [name, { der, key }] of Object.entries(files)) {
      writeFileSync(path(`${name}.pem`), encodePem('CERTIFICATE', der));
      writeFileSync(path(`${name}.key`), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    }
    writeFileSync(
      path('index.txt'),
      line(people.good) +
        line(people.revoked, '260203040506Z,keyCompromise') +
        line(people.held, '260203040506Z,certificateHold'),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What OpenSSL's responder answers to our request. */
  function respond(
    of: TestCertificate,
    by: string,
    options: OcspRequestOptions = {},
    ...more: string[]
  ): Uint8Array {
    writeFileSync(
      path('request.der'),
      buildOcspRequest([{ certificate: of.certificate, issuer: authority.certificate }], options),
    );
    const signer = ['-rsigner', `${by}.pem`, '-rkey', `${by}.key`];
    const files = ['-index', 'index.txt', '-CA', 'authority.pem', ...signer, '-reqin', 'request.der'];
    const { status, text } = openssl('ocsp', ...files, '-respout', 'response.der', '-ndays', '7', ...more);
    expect([status, text]).toEqual([0, expect.anything()]);
    return readFileSync(path('response.der'));
  }

  /** Whether OpenSSL takes a response for genuine, and the status that it reads. */
  function opensslSays(response: Uint8Array, of: TestCertificate, hash = 'sha1'): string {
    writeFileSync(path('given.der'), response);
    writeFileSync(path('of.pem'), encodePem('CERTIFICATE', of.der));
    const { text } = openssl(
      ...['ocsp', `-${hash}`, '-respin', 'given.der', '-issuer', 'authority.pem', '-cert', 'of.pem'],
      ...['-CAfile', 'root.pem', '-verify_other', 'authority.pem', '-no_nonce'],
    );
    if (!/Response verify OK/.test(text)) return 'refused';
    return /of\.pem: (\w+)/.exec(text)?.[1] ?? 'nothing';
  }

  async function weSay(response: Uint8Array, of: TestCertificate, nonce?: Uint8Array): Promise<string> {
    const { revocation, problems } = await checkOcsp(
      of.certificate,
      { certificate: authority.certificate, publicKey: authority.certificate.publicKey },
      root.certificate,
      {
        options: {
          ocspResponses: [parseOcspResponse(response)],
          ...(nonce === undefined ? {} : { ocspNonce: nonce }),
        },
        at: new Date(),
        certificates: [],
        algorithms: algorithmPolicyNow,
        budget: { signatureChecks: 64 },
        findSignerPath: async ({ publicKey }) => ({ publicKey }),
      },
    );
    if (revocation !== undefined) return revocation.status === 'on-hold' ? 'revoked' : revocation.status;
    return problems[0]?.code === 'certificate-unknown' ? 'unknown' : 'refused';
  }

  test.each(
    (['authority', 'responder'] as const).flatMap((by) =>
      (['sha1', 'sha256', 'sha512'] as const).flatMap((hash) =>
        (['good', 'revoked', 'held', 'absent'] as const).map((who) => [by, hash, who] as const),
      ),
    ),
  )('its answer, signed by the %s, to our request with %s about %s', async (by, hash, who) => {
    const more = by === 'responder' && hash === 'sha256' ? ['-resp_key_id'] : [];
    const response = respond(people[who], by, { hash }, ...more);
    const expected = { good: 'good', revoked: 'revoked', held: 'revoked', absent: 'unknown' }[who];
    expect(await weSay(response, people[who])).toBe(expected);
    if (who === 'revoked' || who === 'held') {
      const [answer] = parseOcspResponse(response).responses;
      expect([answer?.revocationDate?.toISOString(), answer?.reason]).toEqual([
        '2026-02-03T04:05:06.000Z',
        who === 'held' ? 'certificateHold' : 'keyCompromise',
      ]);
    }
  });

  test('it repeats our nonce', async () => {
    const nonce = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
    const response = respond(people.good, 'responder', { nonce });
    expect(parseOcspResponse(response).nonce).toEqual(nonce);
    expect(await weSay(response, people.good, nonce)).toBe('good');
    expect(await weSay(response, people.good, nonce.subarray(1))).toBe('refused');
  });

  test('it reads our request as we meant it', () => {
    const nonce = Uint8Array.from({ length: 16 }, (_, i) => i);
    const entries = [people.good, people.held].map(({ certificate }) => ({
      certificate,
      issuer: authority.certificate,
    }));
    writeFileSync(path('two.der'), buildOcspRequest(entries, { nonce, hash: 'sha256' }));
    const { text } = openssl('ocsp', '-reqin', 'two.der', '-req_text');
    for (const { certificate } of entries) expect(text).toContain(certificate.serialHex.toUpperCase());
    expect(text).toContain('Hash Algorithm: sha256');
    expect(text).toMatch(/OCSP Nonce:\s+0410000102030405060708090A0B0C0D0E0F/);
    // What OpenSSL writes itself is the same, octet for octet.
    const files = ['-issuer', 'authority.pem', '-cert', 'good.pem', '-cert', 'held.pem'];
    openssl('ocsp', '-no_nonce', '-sha256', ...files, '-reqout', 'theirs.der');
    expect(Buffer.from(buildOcspRequest(entries, { hash: 'sha256' }))).toEqual(
      readFileSync(path('theirs.der')),
    );
  });

  const year = new Date().getUTCFullYear();
  const timely = { thisUpdate: `${year - 1}-01-01T00:00:00Z`, nextUpdate: `${year + 2}-01-01T00:00:00Z` };
  const about = { about: people.good, issuer: authority, ...timely };

  test.each<[string, string, Parameters<typeof ocspResponse>[0]]>([
    ['the issuer', 'good', { answers: [about], by: authority, certificates: [] }],
    ['an authorised responder', 'good', { answers: [about], by: responder }],
    ['a responder by its key', 'good', { answers: [about], by: responder, responder: 'byKey' }],
    [
      'a certificate for mail',
      'refused',
      { answers: [about], by: delegate({ extendedKeyUsage: [Purpose.emailProtection] }) },
    ],
    ['a responder of another CA', 'refused', { answers: [about], by: delegate({ issuer: other }) }],
    [
      'a responder that has expired',
      'refused',
      { answers: [about], by: delegate({ notAfter: '2021-01-01T00:00:00Z' }) },
    ],
    ['a spoilt signature', 'refused', { answers: [about], by: responder, spoil: true }],
    [
      'an answer that is revoked',
      'revoked',
      { answers: [{ ...about, status: { revoked: '2024-01-01T00:00:00Z' } }], by: responder },
    ],
    [
      'an answer that does not know',
      'unknown',
      { answers: [{ ...about, status: 'unknown' }], by: responder },
    ],
    ['SHA-256 as the hash of the issuer', 'good', { answers: [{ ...about, hash: 'sha256' }], by: responder }],
  ])('our response by %s: both say %s', async (_, expected, spec) => {
    const response = ocspResponse(spec);
    expect([
      await weSay(response, people.good),
      opensslSays(response, people.good, spec.answers[0]!.hash),
    ]).toEqual([expected, expected]);
  });
});
