import { beforeAll, describe, expect, test } from 'vitest';
import { generateKeyPair, type KeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { createRequest } from '../../src/pki/issue/create-request.js';
import { issueIntermediate, issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueCrl } from '../../src/pki/issue/issue-crl.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import { createName } from '../../src/pki/issue/name-writer.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';

// What JavaScript may pass and TypeScript would not let through.
const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const usage = expect.objectContaining({ code: 'usage' });

let pair: KeyPair;
let root: Certificate;
let functions: Record<string, readonly [run: (options: never) => unknown, good: Record<string, unknown>]>;

beforeAll(async () => {
  pair = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  const { privateKey: key, publicKey } = pair;
  const authority = { subject: { commonName: 'Root' }, ...validity };
  root = await issueRoot({ key, ...authority });
  const issuer = { certificate: root, key };
  const thisUpdate = new Date('2027-05-01');
  const nextUpdate = new Date('2027-06-01');
  functions = {
    issueRoot: [issueRoot, { key, ...authority }],
    issueIntermediate: [issueIntermediate, { issuer, publicKey, ...authority }],
    issueMailCertificate: [
      issueMailCertificate,
      { issuer, publicKey, addresses: ['a@example.jp'], ...validity },
    ],
    issueCrl: [issueCrl, { issuer, thisUpdate, nextUpdate, number: 1, revoked: [] }],
    createRequest: [createRequest, { key, addresses: ['a@example.jp'] }],
  };
});

const needed: Record<string, readonly string[]> = {
  issueRoot: ['key', 'subject', 'notBefore', 'notAfter'],
  issueIntermediate: ['issuer', 'publicKey', 'subject', 'notBefore', 'notAfter'],
  issueMailCertificate: ['issuer', 'publicKey', 'addresses', 'notBefore', 'notAfter'],
  issueCrl: ['issuer', 'thisUpdate', 'nextUpdate', 'number', 'revoked'],
  createRequest: ['key'],
};

describe.each(Object.keys(needed))('%s', (name) => {
  test('does its work with what it needs', async () => {
    const [run, good] = functions[name]!;
    await expect(run(good as never)).resolves.toBeDefined();
  });

  test('refuses to do without options, or one that it needs', async () => {
    const [run, good] = functions[name]!;
    for (const options of [undefined, null, 5, 'x', {}]) {
      await expect(run(options as never)).rejects.toThrowError(usage);
    }
    for (const option of needed[name]!) {
      for (const value of [undefined, null, true, 'text', [undefined], {}]) {
        if (option === 'subject' && value !== null && typeof value === 'object' && !Array.isArray(value))
          continue;
        await expect(run({ ...good, [option]: value } as never), `${option}: ${value}`).rejects.toThrowError(
          usage,
        );
      }
    }
  });

  test('refuses options of other types', async () => {
    const [run, good] = functions[name]!;
    const wrong: Record<string, unknown> = {
      issueRoot: { policies: 'text', extensions: 5, pathLength: '1', nameConstraints: null, purposes: [5] },
      issueIntermediate: { policyMappings: ['1.2.3'], policyConstraints: 5, publicKey: pair.privateKey },
      issueMailCertificate: {
        publicKey: pair.privateKey,
        serialNumber: '12',
        addresses: [5],
        use: 'anything',
        subject: 'CN=x',
        ocsp: 'http://example.jp/',
        crlDistributionPoints: [null],
        extensions: [null],
      },
      issueCrl: {
        thisUpdate: '2027-05-01',
        revoked: [{ certificate: '5', revocationDate: new Date('2027-04-01') }],
        deltaBase: '0',
        scope: null,
        freshestCrl: 'http://example.jp/',
        extensions: {},
      },
      createRequest: { use: 'anything', extensions: 5, addresses: 'a@example.jp', key: pair.publicKey },
    }[name] as Record<string, unknown>;
    for (const [option, value] of Object.entries(wrong)) {
      await expect(run({ ...good, [option]: value } as never), option).rejects.toThrowError(usage);
    }
  });
});

test.each([
  [{ certificate: 5n, revocationDate: '2026-01-01' }],
  [{ certificate: 5n, revocationDate: new Date('2026-01-01'), invalidityDate: '2026-01-01' }],
  [{ certificate: 5n }],
  [{ revocationDate: new Date('2026-01-01') }],
  [null],
])('an entry %o of a CRL is refused', async (entry) => {
  const [run, good] = functions.issueCrl!;
  await expect(run({ ...good, revoked: [entry] } as never)).rejects.toThrowError(usage);
});

test.each([
  { commonName: 'a', foo: 'b' },
  { CN: 'a' },
  { emailAddress: 'a@example.jp' },
  { commonName: 5 },
  { commonName: null },
  { commonName: ['a', 'b'] },
  { organizationalUnit: [5] },
  { organizationalUnit: 5 },
  { domain: 5 },
  { domain: '[192.0.2.1]' },
  { domain: 'example.jp.' },
  null,
  undefined,
  'CN=a',
  [],
])('createName refuses %o', (fields) => {
  expect(() => createName(fields as never)).toThrowError(usage);
});

test('createName takes no notice of fields that are undefined', () => {
  expect(`${createName({ commonName: 'a', foo: undefined } as never)}`).toBe('CN=a');
});
