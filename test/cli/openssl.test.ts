import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { describeProgram } from '../support/programs.js';
import { opensslFolder } from './people.js';
import { mailseal, needsBuild, temporaryFolder } from './support.js';

describeProgram('openssl', () => {
  needsBuild();
  const folder = temporaryFolder();
  const { at, cms } = opensslFolder(folder);
  const openssl = (...args: string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

  const text = 'お見積もりの金額は 10,000円です。\r\n';
  beforeAll(() => {
    writeFileSync(
      at('key.cnf'),
      '[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=Taro\n[v3]\nsubjectAltName=email:taro@example.jp\n',
    );
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-days',
      '30',
      '-config',
      'key.cnf',
    );
    writeFileSync(at('content.txt'), `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`);
  });

  const signer = ['-signer', 'cert.pem', '-inkey', 'key.pem'];
  const header = ['-from', 'taro@example.jp', '-to', 'hanako@example.jp', '-subject', 'test'];
  const trust = ['--roots', at('cert.pem')];

  const forms: readonly (readonly [string, string, readonly string[]])[] = [
    ['multipart/signed by cms', 'cms', ['-sign', '-in', 'content.txt', '-binary', ...header]],
    ['multipart/signed by smime', 'smime', ['-sign', '-in', 'content.txt', '-binary', ...header]],
    ['multipart/signed in canonical form', 'cms', ['-sign', '-in', 'content.txt', ...header]],
    ['opaque', 'cms', ['-sign', '-nodetach', '-in', 'content.txt', '-binary', ...header]],
    [
      'opaque, streamed in BER',
      'cms',
      ['-sign', '-nodetach', '-stream', '-in', 'content.txt', '-binary', ...header],
    ],
    ['by key identifier', 'cms', ['-sign', '-keyid', '-in', 'content.txt', '-binary', ...header]],
    [
      'with PSS',
      'cms',
      ['-sign', '-in', 'content.txt', '-binary', '-keyopt', 'rsa_padding_mode:pss', ...header],
    ],
    ['without signed attributes', 'cms', ['-sign', '-noattr', '-in', 'content.txt', '-binary', ...header]],
    ['with SHA-512', 'cms', ['-sign', '-md', 'sha512', '-in', 'content.txt', '-binary', ...header]],
  ];

  test.each(forms)('%s: verified, and not when altered', (_, command, args) => {
    // -keyopt applies to the signer named before it.
    const before = args.indexOf('-keyopt');
    const all =
      before < 0 ? [...args, ...signer] : [...args.slice(0, before), ...signer, ...args.slice(before)];
    const signed = openssl(command, ...all);
    const good = mailseal(['verify', ...trust], { input: signed });
    expect([good.stderr, good.status, good.stdout.split('\n')[0]]).toEqual([
      '',
      0,
      '✔ Verified: signed by Taro <taro@example.jp>, and unchanged since',
    ]);
    const clear = signed.includes('10,000');
    const altered = clear
      ? Buffer.from(signed.toString('latin1').replace('10,000', '90,000'), 'latin1')
      : // In base64: one character in the middle of what is embedded.
        flipped(signed);
    expect([1, 3]).toContain(mailseal(['verify', ...trust], { input: altered }).status);
    const forged = signed.toString('latin1').replace('From: taro@', 'From: jiro@');
    expect(mailseal(['verify', ...trust], { input: Buffer.from(forged, 'latin1') }).status).toBe(1);
  });

  function flipped(signed: Buffer): Buffer {
    const content = openssl('cms', '-cmsout', '-inform', 'SMIME', '-in', save(signed), '-outform', 'DER');
    const place = content.indexOf('10,000');
    expect(place).toBeGreaterThan(0);
    content[place] = 0x39;
    return Buffer.concat([
      Buffer.from(
        'From: taro@example.jp\r\nContent-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      ),
      Buffer.from(content.toString('base64').replace(/.{76}/g, '$&\r\n')),
    ]);
  }

  function save(signed: Buffer): string {
    writeFileSync(at('signed.eml'), signed);
    return at('signed.eml');
  }

  test('a detached p7s and its content, DER and PEM', () => {
    const known = ['--content', at('content.txt'), '--email', 'taro@example.jp'];
    for (const form of ['DER', 'PEM']) {
      cms('-sign', 'content.txt', 'sig.p7s', ...signer, '-outform', form);
      expect(mailseal(['verify', at('sig.p7s'), ...known, ...trust]).status, form).toBe(0);
      expect(mailseal(['verify', at('sig.p7s'), '--email', 'taro@example.jp', ...trust]).status).toBe(1);
      expect(mailseal(['verify', at('sig.p7s'), '--content', at('cert.pem'), ...trust]).status).toBe(1);
    }
    cms('-sign', 'content.txt', 'sig.p7m', '-nodetach', ...signer, '-outform', 'DER');
    const out = at('out.txt');
    const args = ['verify', at('sig.p7m'), '--email', 'taro@example.jp', ...trust, '--out', out];
    expect(mailseal(args).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain(text);
  });

  test('what is encrypted is not verified, and said to be encrypted', () => {
    cms('-encrypt', 'content.txt', 'env.p7m', '-aes256', '-outform', 'DER', 'cert.pem');
    const file = mailseal(['verify', at('env.p7m'), ...trust]);
    expect(file.status).toBe(1);
    expect(file.stdout).toContain('it is encrypted, and only the decrypted message shows');
    expect(JSON.parse(mailseal(['verify', at('env.p7m'), '--json']).stdout)).toMatchObject({
      verified: false,
      others: [{ kind: 'envelopedData' }],
      reasons: [{ code: 'unsigned' }, { code: 'envelope-not-opened', severity: 'note' }],
    });
    const mail = mailseal(['verify'], {
      input: openssl('cms', '-encrypt', '-aes256', '-in', 'content.txt', ...header, 'cert.pem'),
    });
    expect([mail.status, mail.stdout.split('\n')[0]]).toEqual([
      1,
      '✘ Not verified: it is encrypted, and only the decrypted message shows whether it',
    ]);
  });
});
