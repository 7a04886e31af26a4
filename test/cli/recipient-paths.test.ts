import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodePem } from '../../src/encoding/pem.js';
import { crlBy } from '../support/revocation-scene.js';
import { aliceWith, intermediate, root } from '../support/sign-scene.js';
import { mailseal, needsBuild, type Run, temporaryFolder } from './support.js';

needsBuild();
const folder = temporaryFolder();

function file(name: string, octets: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, octets);
  return path;
}

const alice = aliceWith({ keyUsage: ['keyAgreement'] });
const pem = (...certificates: { readonly der: Uint8Array }[]): string =>
  certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('');
const mail = file(
  'mail.eml',
  'From: bob@example.jp\r\nTo: alice@example.jp\r\nSubject: Friday\r\n\r\nAt nine.\r\n',
);
const roots = ['--roots', file('root.pem', pem(root)), '--at', '2026-03-01'];
const alone = file('alice.pem', pem(alice));
const between = file('between.pem', pem(intermediate));
const withChain = file('chain.pem', pem(alice, intermediate));
const rootCrl = file('root.crl', crlBy(root));
const goodCrl = file('good.crl', crlBy(intermediate));
const badCrl = file(
  'bad.crl',
  crlBy(intermediate, [{ of: alice, date: '2026-01-20T00:00:00Z', reason: 'keyCompromise' }]),
);

const encrypt = (...args: string[]): Run => mailseal(['encrypt', ...args, '--', mail]);

describe('the path of a recipient', () => {
  test.each([
    ['is not there', [alone], 1, 'untrusted'],
    ['goes by --certs', [alone, '--certs', between], 0, ''],
    ['goes by what stands behind his certificate in its file', [withChain], 0, ''],
  ] as const)('%s', (_, args, status, says) => {
    const run = encrypt('--to', ...args, ...roots);
    expect([run.status, run.stderr]).toEqual([status, expect.stringContaining(says)]);
    expect(run.stdout.includes('enveloped-data')).toBe(status === 0);
  });

  test.each([
    ['nobody is revoked', [goodCrl, rootCrl, '--revocation', 'require'], 0, ''],
    ['he is revoked', [badCrl], 1, 'revoked: '],
    ['he is revoked, and that is accepted', [badCrl, '--accept', 'revoked'], 0, ''],
    ['nobody knows of one', [goodCrl, '--revocation', 'require'], 1, 'revocation-unknown'],
    ['it is not looked at', [badCrl, '--revocation', 'off'], 0, ''],
  ] as const)('revocation: %s', (_, args, status, says) => {
    for (const command of [encrypt, rekey]) {
      const run = command('--to', withChain, ...roots, '--crl', ...args);
      expect([run.status, run.stderr]).toEqual([status, expect.stringContaining(says)]);
    }
  });

  test.each(['certs', 'crl', 'ocsp', 'revocation'])('--%s without --roots is wrong usage', (option) => {
    for (const command of [encrypt, rekey]) {
      const run = command('--to', alone, `--${option}`, option === 'revocation' ? 'require' : goodCrl);
      expect([run.status, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain(`--${option} is about the path`);
    }
  });
});

const sealed = join(folder, 'sealed.eml');
const key = file('alice.key', alice.key.privateKey.export({ format: 'pem', type: 'pkcs8' }));

function rekey(...args: string[]): Run {
  if (!existsSync(sealed))
    expect(encrypt('--to', alone, '--at', '2026-03-01', '--out', sealed).status).toBe(0);
  return mailseal(['rekey', '--key', key, '--cert', alone, ...args, '--', sealed]);
}

test('for a Bcc recipient alone one message is made, beside the name of --out', () => {
  const out = join(folder, 'only.eml');
  const args = ['--bcc', alone, '--at', '2026-03-01'];
  expect(encrypt(...args, '--out', out)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(existsSync(out)).toBe(false);
  const opened = mailseal(['decrypt', '--key', key, '--cert', alone, join(folder, 'only.bcc-1.eml')]);
  expect(opened.stdout).toContain('At nine.');
  expect(encrypt(...args).stderr).toContain('--bcc makes a message for each');
});
