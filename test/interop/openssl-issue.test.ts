import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKeyPair, type KeyPair, type KeyPairKind } from '../../src/crypto/keys/generate-key-pair.js';
import { readPrivateKeyInfo } from '../../src/crypto/keys/private-key-info.js';
import { parsePublicKey } from '../../src/crypto/keys/public-key.js';
import { encodePublicKey } from '../../src/crypto/keys/public-key-info.js';
import { defaultSignatureAlgorithm, signData } from '../../src/crypto/signatures/sign.js';
import type { SignatureAlgorithm } from '../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../src/crypto/signatures/verify.js';
import { decodePem, encodePem } from '../../src/encoding/pem.js';
import { parseRequest } from '../../src/pki/issue/certificate-request.js';
import { createRequest } from '../../src/pki/issue/create-request.js';
import { issueIntermediate, issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueCrl } from '../../src/pki/issue/issue-crl.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { describeProgram } from '../support/programs.js';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2056-01-01T00:00:00Z') };
const attime = ['-attime', String(Date.parse('2027-06-01T00:00:00Z') / 1000)];
const folder = mkdtempSync(join(tmpdir(), 'mailseal-issue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds: readonly KeyPairKind[] = [
  { kind: 'rsa', bits: 2048 },
  { kind: 'ec', curve: 'P-256' },
  { kind: 'ec', curve: 'P-384' },
  { kind: 'ec', curve: 'P-521' },
  { kind: 'ec', curve: 'brainpoolP256r1' },
  { kind: 'ed25519' },
  { kind: 'ed448' },
];

let files = 0;
function file(octets: Uint8Array | string): string {
  const path = join(folder, `${files++}`);
  writeFileSync(path, octets);
  return path;
}

function openssl(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

const pemFile = (label: string, octets: Uint8Array): string => file(encodePem(label, octets));
const certFile = ({ bytes }: Certificate): string => pemFile('CERTIFICATE', bytes);

const pss = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 } as const;
const sigopts = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];

describeProgram('openssl', () => {
  describe.each(kinds)('with a key of $kind $curve', (kind) => {
    let pair: KeyPair;
    beforeAll(async () => {
      pair = await generateKeyPair(kind);
    });

    test.each(['native', 'typescript'] as const)(
      'OpenSSL verifies what the engine %s signs',
      async (engine) => {
        const data = new TextEncoder().encode('octets to sign');
        const spki = pemFile('PUBLIC KEY', encodePublicKey(pair.publicKey));
        const cases: (readonly [SignatureAlgorithm, readonly string[]])[] = [
          [defaultSignatureAlgorithm(pair.publicKey), []],
        ];
        if (kind.kind === 'rsa') cases.push([pss, sigopts]);
        for (const [algorithm, options] of cases) {
          const signature = file(await signData({ privateKey: pair.privateKey, algorithm, data, engine }));
          const { text } =
            'digest' in algorithm
              ? openssl(
                  'dgst',
                  `-${algorithm.digest}`,
                  ...options,
                  '-verify',
                  spki,
                  '-signature',
                  signature,
                  file(data),
                )
              : openssl(
                  'pkeyutl',
                  '-verify',
                  '-rawin',
                  '-pubin',
                  '-inkey',
                  spki,
                  '-in',
                  file(data),
                  '-sigfile',
                  signature,
                );
          expect(text).toMatch(/Verified OK|Signature Verified Successfully/);
        }
      },
    );

    test('what OpenSSL signs with the key verifies here', async () => {
      const data = new TextEncoder().encode('octets to sign');
      const key = pemFile('PRIVATE KEY', pair.privateKey.pkcs8);
      const algorithm = defaultSignatureAlgorithm(pair.publicKey);
      const out = join(folder, 'signature');
      const { status, text } =
        'digest' in algorithm
          ? openssl('dgst', `-${algorithm.digest}`, '-sign', key, '-out', out, file(data))
          : openssl('pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', file(data), '-out', out);
      expect(status, text).toBe(0);
      const signature = readFileSync(out);
      for (const engine of ['native', 'typescript'] as const) {
        const asked = { publicKey: pair.publicKey, algorithm, signature, data, engine };
        expect(await verifySignature(asked)).toBe(true);
      }
    });

    test('requests are good for OpenSSL, and its are here', async () => {
      const request = await createRequest({
        key: pair.privateKey,
        subject: { country: 'JP', commonName: '山田花子' },
        addresses: ['hanako@例え.jp'],
        use: 'sign',
      });
      const ours = pemFile('CERTIFICATE REQUEST', request.bytes);
      const { text } = openssl('req', '-in', ours, '-verify', '-noout', '-text', '-nameopt', 'utf8');
      expect(text).toMatch(/verify OK/);
      expect(text).toContain('email:hanako@xn--r8jz45g.jp');
      const key = pemFile('PRIVATE KEY', pair.privateKey.pkcs8);
      const out = join(folder, 'request');
      const made = openssl(
        ...['req', '-new', '-utf8', '-key', key, '-subj', '/C=JP/CN=山田太郎', '-out', out],
        ...['-addext', 'subjectAltName=email:taro@example.jp'],
      );
      expect(made.status, made.text).toBe(0);
      const theirs = parseRequest(readFileSync(out, 'utf8'));
      expect(`${theirs.subject}`).toBe('CN=山田太郎,C=JP');
      expect(theirs.emailAddresses).toEqual(['taro@example.jp']);
      expect(await theirs.verify()).toBe(true);
    });

    test('a chain is good for OpenSSL’s strictest check, and its CRL revokes', async () => {
      const { privateKey: key, publicKey } = pair;
      const root = await issueRoot({ key, subject: { commonName: 'Root' }, ...validity });
      const authorityPair = await generateKeyPair(kind);
      const authority = await issueIntermediate({
        issuer: { certificate: root, key },
        publicKey: authorityPair.publicKey,
        subject: { organization: '例示商事', commonName: 'Authority' },
        nameConstraints: { permitted: [{ kind: 'rfc822Name', value: 'example.jp' }] },
        policies: ['1.2.3.4'],
        policyConstraints: { requireExplicitPolicy: 0 },
        ...validity,
      });
      const issuer = { certificate: authority, key: authorityPair.privateKey };
      const mail = { issuer, publicKey, policies: ['1.2.3.4'], ...validity };
      const good = await issueMailCertificate({ ...mail, addresses: ['a@example.jp'] });
      const bad = await issueMailCertificate({ ...mail, addresses: ['b@example.jp'] });
      // Ours refuses to issue it under the constraints: so the same authority does by a certificate without any.
      const unlimited = await issueIntermediate({
        issuer: { certificate: root, key },
        publicKey: authorityPair.publicKey,
        subject: authority.subject,
        ...validity,
      });
      await expect(issueMailCertificate({ ...mail, addresses: ['c@example.com'] })).rejects.toMatchObject({
        code: 'usage',
      });
      const outside = await issueMailCertificate({
        ...mail,
        issuer: { certificate: unlimited, key: authorityPair.privateKey },
        addresses: ['c@example.com'],
      });
      const times = { thisUpdate: new Date('2027-05-01'), nextUpdate: new Date('2027-07-01'), number: 1 };
      const crls = [
        await issueCrl({
          issuer,
          ...times,
          revoked: [
            { certificate: bad, revocationDate: new Date('2027-04-01'), reason: 'keyCompromise' },
            { certificate: 77n, revocationDate: new Date('2027-04-02') },
          ],
        }),
        await issueCrl({ issuer: { certificate: root, key }, ...times, revoked: [] }),
      ];
      const roots = certFile(root);
      for (const [n, { bytes }] of crls.entries()) {
        const ca = n === 0 ? certFile(authority) : roots;
        expect(openssl('crl', '-in', pemFile('X509 CRL', bytes), '-CAfile', ca, '-noout').text).toMatch(
          /verify OK/,
        );
      }
      const text = openssl('crl', '-in', pemFile('X509 CRL', crls[0]!.bytes), '-noout', '-text').text;
      expect(text).toMatch(/X509v3 CRL Number:\s+1\n/);
      expect(text).toMatch(/X509v3 CRL Reason Code:\s+Key Compromise/);
      const crlFile = file(crls.map(({ bytes }) => encodePem('X509 CRL', bytes)).join(''));
      const verdict = (certificate: Certificate): string =>
        openssl(
          ...['verify', '-x509_strict', '-purpose', 'smimesign', '-crl_check_all', ...attime],
          ...['-policy', '1.2.3.4', '-explicit_policy', '-CRLfile', crlFile, '-CAfile', roots],
          ...['-untrusted', certFile(authority), certFile(certificate)],
        ).text;
      expect(verdict(good)).toMatch(/: OK$/m);
      expect(verdict(bad)).toMatch(/certificate revoked/);
      expect(verdict(outside)).toMatch(/permitted subtree violation/);
    });

    test('the private key is read again from what OpenSSL writes of it', () => {
      const key = pemFile('PRIVATE KEY', pair.privateKey.pkcs8);
      const { stdout } = spawnSync('openssl', ['pkcs8', '-topk8', '-nocrypt', '-in', key], {
        encoding: 'utf8',
      });
      const read = readPrivateKeyInfo(decodePem(stdout)[0]!.octets);
      expect(read.publicKey).toEqual(parsePublicKey(encodePublicKey(pair.publicKey)));
    });
  });
});
