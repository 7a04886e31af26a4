import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/cli/report/layout.js';
import { describeWith } from '../support/requirement.js';
import { demo, mailseal, message, needsBuild, temporaryFolder, trusting } from './support.js';

needsBuild();
const folder = temporaryFolder();
const octets = readFileSync(message);

/** Writes a message into the temporary folder, the demo's with its octets changed as text, and gives its path. */
function changed(name: string, change: (text: string) => string): string {
  const path = join(folder, name);
  writeFileSync(path, change(octets.toString('latin1')), 'latin1');
  return path;
}

const altered = changed('altered.eml', (text) => text.replace('10,000', '90,000'));

describe('verdicts', () => {
  test('a good message is verified', () => {
    const { status, stdout, stderr } = mailseal(['verify', message, ...trusting]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(readFileSync('test/cli/verified.txt', 'utf8'));
  });

  test.each([
    ['an altered digit', altered, 'the content was altered after it was signed'],
    [
      'another sender',
      changed('from.eml', (text) => text.replace('hanako@', 'taro@')),
      'the signer is not the sender',
    ],
    [
      'two From fields',
      changed('two.eml', (text) => `From: taro@example.jp\r\n${text}`),
      'the message has several From fields',
    ],
    [
      'several mailboxes in From, the signer in Sender',
      changed('several.eml', (text) =>
        text.replace(
          /From: .*\r\n/,
          'From: hanako@example.jp, taro@example.jp\r\nSender: hanako@example.jp\r\n',
        ),
      ),
      'From names several people, and the signer is only the Sender',
    ],
    [
      'a second boundary',
      changed('boundary.eml', (text) => text.replace('micalg=sha-256;', 'micalg=sha-256; boundary=x;')),
      'it is not signed',
    ],
    [
      'a second Content-Type',
      changed('types.eml', (text) =>
        text.replace('demo"\r\n\r\n', 'demo"\r\nContent-Type: text/plain\r\n\r\n'),
      ),
      'programs may differ in what they show of it',
    ],
    [
      'a message that is not signed',
      changed('plain.eml', () => 'From: a@example.jp\r\n\r\nhi\r\n'),
      'it is not signed',
    ],
    [
      'a signed part beside another',
      changed(
        'part.eml',
        (text) =>
          `From: hanako@example.jp\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n${text.slice(text.indexOf('Content-Type: multipart'))}\r\n--m\r\n\r\nmore\r\n--m--\r\n`,
      ),
      'only a part of it is signed',
    ],
    [
      'a signature that is cut off',
      changed('cut.eml', (text) => text.slice(0, 2000)),
      'the signature cannot be read',
    ],
  ])('%s', (_, file, reason) => {
    const { status, stdout, stderr } = mailseal(['verify', file, ...trusting]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout.split('\n')[0]).toBe(`✘ Not verified: ${reason}`);
  });

  test('no roots', () => {
    const { status, stdout } = mailseal(['verify', message, '--at', '2027-01-01']);
    expect(status).toBe(1);
    expect(stdout).toContain('✘ Not verified: no trusted roots were given; name them with --roots FILE');
    expect(stdout).toMatch(/• trust +not checked/);
  });

  test('an expired certificate: only the time is bad, and the line says how to accept it', () => {
    const roots = ['--roots', `${demo}/root.crt.pem`];
    const { status, stdout } = mailseal(['verify', message, ...roots, '--at', '2050-01-01', '--json']);
    const { signatures } = JSON.parse(stdout);
    const { content, signature, trust, time, identity, reasons } = signatures[0].signers[0];
    expect(status).toBe(1);
    expect([content, signature, trust, time, identity]).toEqual([
      'intact',
      'valid',
      'trusted',
      'valid-at-signing-time',
      'match',
    ]);
    expect(new Set(reasons.map((each: { code: string }) => each.code))).toEqual(new Set(['expired']));
    const text = mailseal(['verify', message, ...roots, '--at', '2050-01-01'], {
      env: { COLUMNS: '120' },
    }).stdout;
    expect(text).toContain('was valid at the time that the signer claims, 2026-11-22 01:51 UTC');
    expect(text).toContain('accept that with --at signing');
    expect(text.match(/✘/g)).toHaveLength(2);
  });

  test('--email, --any-signer', () => {
    const other = join(folder, 'from.eml');
    expect(mailseal(['verify', other, ...trusting, '--any-signer']).status).toBe(0);
    expect(mailseal(['verify', other, ...trusting, '--email', 'hanako@example.jp']).status).toBe(0);
    expect(mailseal(['verify', message, ...trusting, '--email', 'taro@example.jp']).status).toBe(1);
    const both = mailseal(['verify', message, ...trusting, '--email', 'taro@example.jp', '--any-signer']);
    expect([both.status, both.stdout]).toEqual([2, '']);
    expect(both.stderr).toContain('give one of them');
  });

  test('a detached signature with its content, and without', () => {
    const files = [`${demo}/smime.p7s`, '--content', `${demo}/signed-content.bin`];
    const known = ['--email', 'hanako@example.jp'];
    expect(mailseal(['verify', ...files, ...trusting, ...known]).status).toBe(0);
    expect(mailseal(['verify', ...files, ...trusting]).stdout).toContain('name one by --email ADDRESS');
    const without = mailseal(['verify', `${demo}/smime.p7s`, ...trusting, ...known]);
    expect(without.status).toBe(1);
    expect(without.stdout).toContain('give it with --content FILE');
    expect(
      mailseal(['verify', `${demo}/smime.p7s`, '--content', altered, ...trusting, ...known]).status,
    ).toBe(1);
  });

  test('the certificate may come from elsewhere', () => {
    const args = [
      'verify',
      message,
      ...trusting,
      '--certs',
      `${demo}/signer.crt.pem`,
      `${demo}/intermediate.crt.pem`,
    ];
    // The last word is the FILE only where none stands elsewhere.
    expect(mailseal(args).status).toBe(0);
    expect(
      mailseal(['verify', '--at', '2027-01-01', '--roots', `${demo}/root.crt.pem`, message]).status,
    ).toBe(0);
  });
});

describe('--json', () => {
  test('has the documented fields, and no others', () => {
    const report = JSON.parse(mailseal(['verify', message, ...trusting, '--json']).stdout);
    expect(Object.keys(report)).toEqual([
      'verified',
      'at',
      'signatures',
      'others',
      'reasons',
      'layers',
      'envelopes',
      'encrypted',
      'headers',
      'headerProtection',
      'diagnosable',
    ]);
    const [seal] = report.signatures;
    expect(Object.keys(seal)).toEqual([
      'part',
      'covers',
      'coverage',
      'form',
      'verified',
      'signers',
      'reasons',
    ]);
    const documented = readFileSync('docs/cli.md', 'utf8');
    const objects = [report, seal, seal.signers[0], report.headers[0], report.headerProtection];
    for (const name of objects.flatMap((each) => Object.keys(each)))
      expect(documented, `docs/cli.md tells of ${name}`).toContain(`\`${name}\``);
    expect(report).toMatchObject({
      verified: true,
      at: '2027-01-01T00:00:00.000Z',
      signatures: [
        {
          part: '',
          covers: '1',
          coverage: 'message',
          form: 'detached',
          verified: true,
          signers: [
            {
              content: 'intact',
              signature: 'valid',
              trust: 'trusted',
              time: 'valid',
              identity: 'match',
              reasons: [],
              subject: 'CN=山田花子,O=例示商事,C=JP',
              addresses: ['hanako@example.jp'],
              chain: ['山田花子', 'Example Mail CA', 'Example Root CA'],
              signatureAlgorithm: 'rsa-pkcs1',
            },
          ],
          reasons: [],
        },
      ],
      others: [],
      reasons: [],
    });
  });

  test('tells why', () => {
    const report = JSON.parse(mailseal(['verify', altered, ...trusting, '--json']).stdout);
    expect(report.verified).toBe(false);
    expect(report.signatures[0].signers[0].content).toBe('altered');
    expect(report.signatures[0].signers[0].reasons[0]).toMatchObject({
      code: 'digest-mismatch',
      severity: 'failure',
    });
    const unsigned = JSON.parse(mailseal(['verify', join(folder, 'plain.eml'), '--json']).stdout);
    expect(unsigned).toMatchObject({ verified: false, signatures: [], reasons: [{ code: 'unsigned' }] });
  });
});

describe('--out', () => {
  const place = join(folder, 'out');
  mkdirSync(place);

  test('writes what was signed, and nothing else', () => {
    const file = join(place, 'content.txt');
    expect(mailseal(['verify', message, ...trusting, '--out', file]).status).toBe(0);
    expect(readFileSync(file)).toEqual(readFileSync(`${demo}/signed-content.bin`));
    expect(readdirSync(place)).toEqual(['content.txt']);
  });

  test('leaves a file as it was when the message is not verified', () => {
    const file = join(place, 'content.txt');
    writeFileSync(file, 'before');
    const { status, stderr } = mailseal(['verify', altered, ...trusting, '--out', file]);
    expect(status).toBe(1);
    expect(stderr).toBe('mailseal: nothing was written, since it is not verified\n');
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(mailseal(['verify', altered, ...trusting, '--out', join(place, 'new.txt')]).status).toBe(1);
    expect(readdirSync(place)).toEqual(['content.txt']);
  });

  test('replaces a file, keeps its mode and follows a link to it', () => {
    const file = join(place, 'content.txt');
    chmodSync(file, 0o640);
    symlinkSync('content.txt', join(place, 'link.txt'));
    expect(mailseal(['verify', message, ...trusting, '--out', join(place, 'link.txt')]).status).toBe(0);
    expect(readFileSync(file)).toEqual(readFileSync(`${demo}/signed-content.bin`));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(place)).toEqual(['content.txt', 'link.txt']);
  });

  test('makes the file to which links lead that lead nowhere yet', () => {
    const links = join(folder, 'links');
    mkdirSync(join(links, 'inner'), { recursive: true });
    symlinkSync('inner/second', join(links, 'first'));
    symlinkSync('made.txt', join(links, 'inner', 'second'));
    expect(mailseal(['verify', message, ...trusting, '--out', join(links, 'first')]).status).toBe(0);
    expect(readFileSync(join(links, 'inner', 'made.txt'))).toEqual(
      readFileSync(`${demo}/signed-content.bin`),
    );
    expect(lstatSync(join(links, 'first')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(links, 'inner'))).toEqual(['made.txt', 'second']);
  });

  test('refuses links that lead around', () => {
    const around = join(folder, 'around');
    symlinkSync('around', around);
    const { status, stderr } = mailseal(['verify', message, ...trusting, '--out', around]);
    expect(status).toBe(2);
    expect(stderr).toContain('its symbolic links lead to no place');
  });

  test('- sends the content to the standard output and the report to the other', () => {
    const { status, stdout, stderr } = mailseal(['verify', message, ...trusting, '--out', '-']);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(`${demo}/signed-content.bin`, 'latin1'));
    expect(stderr).toContain('✔ Verified');
  });

  test.each([
    ['a folder', () => place, 'it is a directory'],
    ['a folder that is not there', () => join(place, 'none', 'content.txt'), 'there is no such folder'],
  ])('%s cannot be written', (_, file, why) => {
    const { status, stderr } = mailseal(['verify', message, ...trusting, '--out', file()]);
    expect(status).toBe(2);
    expect(stderr).toContain(`cannot write ${file()}: ${why}`);
  });

  test('a device is written to, not replaced', () => {
    expect(mailseal(['verify', message, ...trusting, '--out', '/dev/null']).status).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('input', () => {
  test('from the standard input, with - and without', () => {
    expect(mailseal(['verify', '-', ...trusting], { input: octets }).status).toBe(0);
    expect(mailseal(['verify', ...trusting], { input: octets }).status).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['a line', 'hello\n'],
    ['binary garbage', Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + 7) % 256)],
    ['zeros', new Uint8Array(100_000)],
    ['a cut p7s', readFileSync(`${demo}/smime.p7s`).subarray(0, 1000)],
    ['a PEM block that is no PEM', '-----BEGIN PKCS7-----\n*\n-----END PKCS7-----\n'],
    ['a certificate', readFileSync(`${demo}/root.crt.pem`)],
  ])('%s cannot be read: exit 3', (_, input) => {
    const { status, stdout, stderr } = mailseal(['verify', ...trusting], { input });
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^mailseal: this cannot be read: .* \([a-z0-9-]+\)\n$/);
  });

  test('20 MB of a message that is not signed', () => {
    const input = `From: a@example.jp\r\n\r\n${'0123456789abcdef\r\n'.repeat(1_100_000)}`;
    expect(mailseal(['verify', ...trusting], { input }).status).toBe(1);
  });

  test.each([
    ['a file that is not there', ['none.eml'], 'cannot read none.eml: there is no such file'],
    ['a folder', ['test'], 'cannot read test: it is a directory'],
    ['roots that are not there', [message, '--roots', 'none.pem'], 'cannot read none.pem'],
    ['roots that hold none', [message, '--roots', message], 'there is no certificate in it'],
    ['a damaged root', [message, '--roots', `${demo}/smime.p7s`], 'its certificate cannot be read'],
    ['content beside a message', [message, '--content', message], '--content goes with a .p7s file'],
    ['an unknown option', [message, '--frobnicate'], "Unknown option '--frobnicate'"],
    ['an option without its value', [message, '--at'], '--at'],
    ['a date that is none', [message, '--at', 'yesterday'], '--at yesterday: give a date such as'],
    ['30 February', [message, '--at', '2026-02-30'], '--at 2026-02-30: give a date such as'],
    ['an address that is none', [message, '--email', 'hanako'], '--email hanako: give an address such as'],
    ['two files', [message, message], 'one FILE is wanted, there are 2'],
    ['the standard input twice', ['-', '--content', '-'], 'the standard input can be read only once'],
  ])('%s: exit 2', (_, args, why) => {
    const { status, stdout, stderr } = mailseal(['verify', ...args]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`mailseal: `);
    expect(stderr).toContain(why);
    expect(stderr).toContain('See mailseal verify --help.');
  });

  test('a reader that goes away', async () => {
    const child = spawn(process.execPath, ['dist/cli/main.js', 'verify', message, ...trusting], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const status = await new Promise((done) => child.on('close', done));
    expect([status, stderr]).toEqual([0, '']);
  });
});

describeWith('the device /dev/full', existsSync('/dev/full'), () => {
  test('a standard output that takes nothing: exit 2', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'verify', message, ...trusting],
      {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      },
    );
    closeSync(full);
    expect([status, stderr]).toEqual([2, 'mailseal: cannot write the standard output: no space is left\n']);
  });
});

describe('what is shown', () => {
  const hostile = changed('hostile.eml', (text) =>
    text.replace(
      /Subject: .*\r\n/,
      () => 'Subject: \x1b[2J\x1b[32m\x9b31m Verified \xe2\x80\xaehsilgnE\xe2\x80\xac\r\n',
    ),
  );

  test('nothing that a sender wrote reaches the terminal as an escape', () => {
    for (const args of [[], ['--json']]) {
      const { stdout } = mailseal(['verify', hostile, ...trusting, ...args]);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    expect(mailseal(['verify', hostile, ...trusting]).stdout).toContain('\\u{1b}[2J');
  });

  test.each([40, 80, 120])('no line is wider than %d columns', (width) => {
    for (const file of [altered, hostile]) {
      for (const at of ['2050-01-01', '2010-01-01']) {
        const args = ['verify', file, '--roots', `${demo}/root.crt.pem`, '--at', at];
        const { stdout } = mailseal(args, { env: { COLUMNS: String(width) } });
        for (const line of stdout.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('colours only where they are wanted', () => {
    const args = ['verify', message, ...trusting];
    expect(mailseal(args).stdout).not.toContain('\x1b');
    expect(mailseal(args, { env: { FORCE_COLOR: '1' } }).stdout).toContain('\x1b[32m');
    expect(mailseal(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\x1b');
  });
});
