import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodePem } from '../../src/encoding/pem.js';
import { ocspResponse } from '../support/ocsp.js';
import { crlBy } from '../support/revocation-scene.js';
import { signedData } from '../support/sign.js';
import { detachedMessage, textEntity } from '../support/sign-message.js';
import { alice, aliceMessage, intermediate, otherRoot, root } from '../support/sign-scene.js';
import { stampAuthority, stamped } from '../support/timestamp.js';
import { demo, mailseal, message, needsBuild, type Run, temporaryFolder, trusting } from './support.js';

needsBuild();
const folder = temporaryFolder();

function file(name: string, octets: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, octets);
  return path;
}

/** Alice signed at 9 o'clock on 15 January 2026. */
const signed = file('signed.eml', aliceMessage());
const roots = file('root.pem', encodePem('CERTIFICATE', root.der));
const rootCrl = file('root.crl', crlBy(root));
const goodCrl = file('good.crl', encodePem('X509 CRL', crlBy(intermediate)));
const revoked = (date: string): string =>
  file(`${date.slice(0, 10)}.crl`, crlBy(intermediate, [{ of: alice, date, reason: 'keyCompromise' }]));
const early = revoked('2026-01-10T00:00:00Z');
const late = revoked('2026-01-20T00:00:00Z');
const goodOcsp = file(
  'good.ocsp',
  ocspResponse({ answers: [{ about: alice, issuer: intermediate }], by: intermediate }),
);
const badOcsp = file(
  'bad.ocsp',
  ocspResponse({
    answers: [{ about: alice, issuer: intermediate, status: { revoked: '2026-01-20T00:00:00Z' } }],
    by: intermediate,
  }),
);

const verify = (...more: string[]): Run =>
  mailseal(['verify', signed, '--roots', roots, '--at', '2026-03-01', ...more]);

function signerOf({
  stdout,
}: Run): Record<string, unknown> & { readonly reasons: readonly { code: string }[] } {
  return JSON.parse(stdout).signatures[0].signers[0];
}

describe('revocation', () => {
  test('is not looked at unless it is asked for', () => {
    const { status, stdout } = verify();
    expect(status).toBe(0);
    expect(stdout).not.toContain('revoked');
    expect(signerOf(verify('--json'))['revocation']).toEqual([]);
  });

  test('nobody is revoked', () => {
    const { status, stdout } = verify('--crl', goodCrl, rootCrl, '--revocation', 'require');
    expect([status, stdout]).toEqual([0, expect.stringContaining('not revoked, by CRL of 2026-02-01')]);
    const ocsp = verify('--ocsp', goodOcsp, '--crl', rootCrl, '--revocation', 'require');
    expect(ocsp.stdout).toMatch(/not revoked, by OCSP of 2026-01-01 and CRL of\s+2026-02-01/);
    const signer = signerOf(verify('--crl', goodCrl, '--crl', rootCrl, '--json'));
    expect(signer['revocation']).toMatchObject([
      {
        subject: 'Alice',
        status: 'good',
        source: 'crl',
        thisUpdate: '2026-02-01T00:00:00.000Z',
        nextUpdate: '2026-04-01T00:00:00.000Z',
        age: 28 * 86_400,
        revocationDate: null,
        reason: null,
        references: [],
      },
      { subject: 'Test Intermediate', status: 'good' },
    ]);
    expect(signer).toMatchObject({ trustedTime: null, timestamps: [], policies: [] });
  });

  test.each([
    ['before', early, 'the certificate was revoked before it was used', 'revoked-before-signing'],
    ['after', late, 'the certificate was revoked, and nobody vouches', 'revoked-after-signing'],
  ])('revoked %s the time that the signer claims', (_, crl, headline, code) => {
    const { status, stdout } = verify('--crl', crl);
    expect([status, stdout]).toEqual([1, expect.stringContaining(`Not verified: ${headline}`)]);
    expect(stdout).toMatch(/✘ trust\s+untrusted\s+the certificate of "CN=Alice" was\s/);
    const signer = signerOf(verify('--crl', crl, '--json'));
    expect(signer.reasons[0]!.code).toBe(code);
    expect(signer['revocation']).toMatchObject([{ status: 'revoked', reason: 'keyCompromise' }, {}]);
    expect(verify('--crl', crl, '--revocation', 'off').status).toBe(0);
  });

  test('revoked by an OCSP response', () => {
    expect(signerOf(verify('--ocsp', badOcsp, '--json')).reasons[0]!.code).toBe('revoked-after-signing');
  });

  test('a trusted time before the revocation', () => {
    const { status, stdout } = verify('--crl', late, '--trusted-time', '2026-01-19');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /✔ time\s+valid then\s+the signature existed at 2026-01-19 00:00 UTC, as\s+--trusted-time\s+says/,
    );
    expect(signerOf(verify('--crl', late, '--trusted-time', '2026-01-19', '--json'))).toMatchObject({
      time: 'valid-at-trusted-time',
      trustedTime: '2026-01-19T00:00:00.000Z',
      verified: true,
    });
    expect(verify('--crl', late, '--trusted-time', '2026-01-21').status).toBe(1);
  });

  test('a time stamp', () => {
    const entity = textEntity();
    const p7s = signedData({
      content: entity,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    const token = { by: stampAuthority(otherRoot), time: '2026-01-16T00:00:00Z' };
    const mail = file('stamped.eml', detachedMessage(entity, stamped(p7s, token)));
    const others = file('other.pem', encodePem('CERTIFICATE', otherRoot.der));
    const args = ['verify', mail, '--roots', roots, '--at', '2026-03-01', '--crl', late];
    const plain = mailseal(args);
    expect([plain.status, plain.stdout]).toEqual([
      1,
      expect.stringContaining('a time stamp on the signature does not count'),
    ]);
    const { status, stdout } = mailseal([...args, '--timestamp-roots', others]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /✔ time\s+valid then\s+the signature existed at 2026-01-16 00:00 UTC, by a\s+trusted time stamp/,
    );
    const signer = signerOf(mailseal([...args, '--timestamp-roots', others, '--json']));
    expect(signer).toMatchObject({
      trustedTime: '2026-01-16T00:00:00.000Z',
      timestamps: [
        {
          status: 'trusted',
          time: '2026-01-16T00:00:00.000Z',
          accuracy: 0,
          authority: 'Time Stamping Authority',
        },
      ],
    });
  });

  test('what is not known', () => {
    const { status, stdout } = verify('--revocation', 'require');
    expect(status).toBe(1);
    expect(stdout).toMatch(/Not verified: whether the certificate was revoked is not known/);
    expect(stdout).toMatch(/revocation of Alice not known; ask\s+CN=Test\s+Intermediate/);
    // What is known to be wrong says more.
    const expired = verify('--revocation', 'require', '--at', '2099-01-01').stdout;
    expect(expired).toMatch(/Not verified: the certificate has expired/);
    const other = verify('--revocation', 'require', '--email', 'bob@example.jp').stdout;
    expect(other).toMatch(/Not verified: the signer is not the sender/);
    const revoked = 'Not verified: the certificate was revoked, and nobody vouches';
    expect(verify('--revocation', 'require', '--crl', late).stdout).toContain(revoked);
    const intermediateRevoked = file(
      'intermediate-revoked.crl',
      crlBy(root, [{ of: intermediate, date: '2026-01-10T00:00:00Z', reason: 'keyCompromise' }]),
    );
    for (const more of [[], ['--email', 'bob@example.jp']]) {
      const { stdout: told } = verify('--revocation', 'require', '--crl', intermediateRevoked, ...more);
      expect(told).toContain('Not verified: the certificate was revoked before it was used');
    }
    const check = verify('--revocation', 'check');
    expect([check.status, check.stdout]).toEqual([0, expect.stringContaining('may have been revoked')]);
  });
});

describe('policies and algorithms', () => {
  test('a policy that the certificates do not have', () => {
    const { status, stdout } = verify('--policy', '2.23.140.1.5.1.1');
    expect([status, stdout]).toEqual([1, expect.stringContaining('valid for none of the policies')]);
  });

  test('SHA-1 is for old mail', () => {
    const old = file('sha1.eml', aliceMessage({}, { digest: 'sha1' }));
    const args = ['verify', old, '--roots', roots, '--at', '2026-03-01'];
    const { status, stdout } = mailseal(args);
    expect([status, stdout]).toEqual([1, expect.stringContaining('too weak today')]);
    expect(stdout).toMatch(/✘ signature\s+weak\s+the digest is SHA1/);
    const accepted = mailseal([...args, '--algorithms', 'old-mail']);
    expect([accepted.status, accepted.stdout]).toEqual([0, expect.stringContaining('the digest is SHA1')]);
  });
});

test.each([
  ['a mode that is none', ['--revocation', 'maybe'], 'give "require", "check" or "off"'],
  ['a policy that is no OID', ['--policy', 'any'], 'give an object identifier'],
  ['algorithms that are none', ['--algorithms', 'all'], 'give "now" or "old-mail"'],
  ['a trusted time that is none', ['--trusted-time', 'yesterday'], 'give a date'],
  ['a trusted time after that of verification', ['--trusted-time', '2027-01-02'], 'lies after'],
  ['a CRL that is none', ['--crl', `${demo}/root.crt.pem`], 'there is no CRL in it'],
  ['a damaged CRL', ['--crl', `${demo}/smime.p7s`], 'its CRL cannot be read'],
  ['an OCSP response that is none', ['--ocsp', `${demo}/smime.p7s`], 'its OCSP response cannot be read'],
  ['the standard input twice', ['--crl', '-', '--ocsp', '-'], 'can be read only once'],
])('wrong usage: %s', (_, args, said) => {
  const { status, stderr } = mailseal(['verify', message, ...trusting, ...args]);
  expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
});
