import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/cli/report/layout.js';
import { describeCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';
import { demo, mailseal, message, needsBuild, temporaryFolder, trusting } from './support.js';

needsBuild();
const folder = temporaryFolder();

describe('mailseal', () => {
  test('--version is that of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const word of ['--version', '-v'])
      expect(mailseal([word])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('helps', () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { status, stdout } = mailseal(args);
      expect(status).toBe(0);
      expect(stdout).toContain('mailseal COMMAND --help');
    }
    for (const command of ['verify', 'inspect', 'certs']) {
      const { status, stdout } = mailseal([command, '--help']);
      expect(status).toBe(0);
      expect(stdout.startsWith(`mailseal ${command} [FILE|-]`)).toBe(true);
      expect(mailseal(['help', command]).stdout).toBe(stdout);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('says what is wrong with its usage', () => {
    expect(mailseal([])).toMatchObject({ status: 2, stdout: '' });
    const { status, stderr } = mailseal(['frobnicate']);
    expect([status, stderr]).toEqual([
      2,
      'mailseal: there is no command "frobnicate"\nSee mailseal --help.\n',
    ]);
    expect(mailseal(['constructor']).status).toBe(2);
    for (const [args, says] of [
      [['certs', ''], 'the name of FILE is empty'],
      [['certs', '--pem', '--json', message], '--pem and --json are two forms'],
    ] as const) {
      const run = mailseal(args);
      expect([run.status, run.stdout, run.stderr]).toEqual([2, '', expect.stringContaining(says)]);
    }
  });

  test('help tells of every option of verify', () => {
    const { stdout } = mailseal(['verify', '--help']);
    const documented = readFileSync('docs/cli.md', 'utf8');
    const options = ['roots', 'certs', 'content', 'at', 'email', 'any-signer', 'p12', 'key', 'cert'];
    for (const option of [...options, 'password-file', 'json', 'out']) {
      expect(stdout).toContain(`--${option}`);
      expect(documented).toContain(`--${option}`);
      expect(mailseal(['verify', message, `--${option}`]).stderr).not.toContain('Unknown option');
    }
  });
});

describe('mailseal inspect', () => {
  test('shows parts, octets, decoded fields and what the signature holds', () => {
    const { status, stdout } = mailseal(['inspect', message]);
    expect(status).toBe(0);
    expect(stdout).toContain('From: 山田花子 <hanako@example.jp>');
    expect(stdout).toContain('1  text/plain; charset=ISO-2022-JP, 7bit');
    expect(stdout).toContain('CMS: signedData of data: 1 signer, detached, 2 certificates');
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('--json has ranges that cut out the parts', () => {
    const octets = readFileSync(message);
    const root = JSON.parse(mailseal(['inspect', message, '--json']).stdout);
    expect([root.start, root.end, root.type]).toEqual([0, octets.length, 'multipart/signed']);
    const [signed, signature] = root.parts;
    expect(octets.subarray(signed.start, signed.end)).toEqual(readFileSync(`${demo}/signed-content.bin`));
    expect(signature).toMatchObject({
      part: '2',
      filename: 'smime.p7s',
      cms: { signers: 1, certificates: 2 },
    });
  });

  test('a CMS file', () => {
    expect(mailseal(['inspect', `${demo}/smime.p7s`])).toMatchObject({
      status: 0,
      stdout: 'signedData of data: 1 signer, detached, 2 certificates\n',
    });
  });

  test('damage, depth and what is no message', () => {
    const defective =
      'From: =?utf-8?B?*?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nno delimiter\r\n';
    expect(mailseal(['inspect'], { input: defective }).stdout).toContain('•');
    const deep = `X: y\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(90)}`;
    expect(mailseal(['inspect'], { input: deep }).status).toBe(0);
    expect(mailseal(['inspect'], { input: deep.repeat(2) }).status).toBe(3);
    expect(mailseal(['inspect'], { input: '' }).status).toBe(3);
    expect(mailseal(['inspect', 'none.eml']).status).toBe(2);
  });
});

describe('mailseal certs', () => {
  test('lists what a message, a p7s and a PEM file carry', () => {
    const { status, stdout } = mailseal(['certs', message]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^山田花子 <hanako@example.jp>$/m);
    expect(stdout).toMatch(/^ {2}key {8}RSA, 2048 bits$/m);
    expect(stdout).toMatch(/^ {2}authority {2}yes, with at most 0 more below it$/m);
    expect(mailseal(['certs', `${demo}/smime.p7s`]).stdout).toBe(stdout);
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const root = JSON.parse(mailseal(['certs', `${demo}/root.crt.pem`, '--json']).stdout);
    expect(root).toMatchObject([{ ca: true, keyUsage: ['keyCertSign', 'cRLSign'], extendedKeyUsage: null }]);
  });

  test('--pem gives what --certs takes', () => {
    const pem = join(folder, 'certs.pem');
    writeFileSync(pem, mailseal(['certs', message, '--pem']).stdout);
    expect(mailseal(['certs', pem]).stdout).toBe(mailseal(['certs', message]).stdout);
    expect(mailseal(['verify', message, '--certs', pem, ...trusting]).status).toBe(0);
  });

  test('a damaged field does not hide the others', () => {
    const pem = readFileSync(`${demo}/signer.crt.pem`, 'latin1').split('\n');
    const der = Buffer.from(pem.slice(1, -2).join(''), 'base64');
    // The first octet of keyUsage's BIT STRING says how many bits do not count, 7 at most.
    der[der.indexOf(Buffer.from('0603551d0f', 'hex')) + 12] = 0x0f;
    const { status, stdout } = mailseal(['certs'], { input: der });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}usage {6}\(unreadable\)$/m);
    expect(JSON.parse(mailseal(['certs', '--json'], { input: der }).stdout)[0].keyUsage).toBe(null);
  });

  test('none, and nothing to read', () => {
    expect(mailseal(['certs'], { input: 'From: a@example.jp\r\n\r\nhi\r\n' })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'mailseal: there is no certificate in it\n',
    });
    expect(mailseal(['certs'], { input: '' }).status).toBe(3);
    mkdirSync(join(folder, 'folder'));
    expect(mailseal(['certs', join(folder, 'folder')]).status).toBe(2);
  });
});

describeCorpus('openssl-generated', () => {
  test('verify answers by exit code for its messages', () => {
    const set = '../shared/corpus/openssl-generated';
    const trust = [
      '--roots',
      `${set}/ca/root.crt.pem`,
      '--certs',
      `${set}/ca/int.crt.pem`,
      '--at',
      '2026-06-01',
    ];
    const wanted: Readonly<Record<string, number>> = {
      'signed-rsa-sha256': 0,
      'signed-japanese-cn': 0,
      'opaque-der': 0,
      'opaque-ber-large': 0,
      // Closed, its outer signature tells only who sent a ciphertext.
      'nested-triple-wrap': 1,
      'signed-nocerts': 1,
      'tampered-amount': 1,
      'tampered-kanji-shift-jis': 1,
      'chain-expired-signed-in-time': 1,
      'chain-untrusted-root': 1,
      'from-mismatch': 1,
      'list-wrapped-in-mixed': 1,
      'enveloped-rsa-aes128-cbc': 1,
      'certs-only': 1,
      compressed: 1,
    };
    const answers = Object.keys(wanted).map((name) => [
      name,
      mailseal(['verify', `${set}/messages/${name}.eml`, ...trust]).status,
    ]);
    expect(Object.fromEntries(answers)).toEqual(wanted);
    const expired = ['verify', `${set}/messages/chain-expired-signed-in-time.eml`, ...trust.slice(0, 4)];
    expect(mailseal([...expired, '--at', 'signing']).status).toBe(0);
    const bob = ['--cert', `${set}/certs/bob.crt.pem`, '--key', `${set}/keys/bob.key.pem`];
    // Inside, Alice signed; Carol, who is in From, sent it on.
    const opened = ['verify', `${set}/messages/nested-triple-wrap.eml`, ...trust, ...bob];
    expect(mailseal(opened).status).toBe(1);
    expect(mailseal([...opened, '--email', 'alice@example.jp']).status).toBe(0);
  });

  test('inspect and certs read its files', () => {
    const files = listCorpus('openssl-generated', (path) => /\.(eml|p7[smc])$/.test(path));
    expect(files.length).toBe(136);
    for (const path of files.filter((_, i) => i % 24 === 0)) {
      expect(mailseal(['inspect', `../shared/corpus/${path}`]).status, path).toBe(0);
      expect([0, 1, 3], path).toContain(mailseal(['certs', `../shared/corpus/${path}`]).status);
    }
  });
});
