import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demo, mailseal, message, needsBuild, temporaryFolder } from './support.js';

needsBuild();
const folder = temporaryFolder();
const content = readFileSync(`${demo}/signed-content.bin`);

/** The demo's message with its octets, one character each, changed. */
function changed(name: string, change: (text: string) => string): string {
  const path = join(folder, name);
  const before = readFileSync(message, 'latin1').replace(/\r?\n/g, '\r\n');
  const after = change(before);
  if (after === before) throw new Error(`${name} is not changed`);
  writeFileSync(path, after, 'latin1');
  return path;
}

const blank = changed('blank.eml', (text) =>
  text.replace(/^(Content-Transfer-Encoding: .*\r\n\r\n)/m, '$1[EXTERNAL]\r\n\r\n'),
);
const meaning = changed('meaning.eml', (text) => text.replace('10,000', '90,000'));

describe('mailseal diagnose', () => {
  test('tells what was done, and saves the original apart', () => {
    const out = join(folder, 'original.txt');
    const { status, stdout, stderr } = mailseal(['diagnose', blank, '--out', out]);
    expect([status, stderr]).toEqual([0, '']);
    const [first, , second] = stdout.split('\n');
    expect(first).toBe('✘ Altered: the original was recovered');
    expect(second).toMatch(/^altered in transit: a banner put before the text/);
    expect(readFileSync(out)).toEqual(content);
  });

  test('tells that it says nothing of who signed, or whom roots vouch for', () => {
    const unchecked = mailseal(['diagnose', blank]).stdout;
    expect(unchecked).toMatch(/^ {2}Signer .* \(not checked\)$/m);
    expect(unchecked.replace(/\s+/g, ' ')).toContain('who signed it was not checked');
    expect(unchecked.replace(/\s+/g, ' ')).toContain('That tells what was signed, not who signed it');
    const trusted = mailseal(['diagnose', blank, '--roots', `${demo}/root.crt.pem`]).stdout;
    expect(trusted).toMatch(/\(certificate trusted\)$/m);
    expect(trusted.replace(/\s+/g, ' ')).toContain('the certificate that signed it is trusted');
  });

  test('writes nothing where a signature does not hold, whatever its digest says', () => {
    const out = join(folder, 'forged.txt');
    const nobody = changed('nobody.eml', (text) =>
      text
        .replace('multipart/signed', 'multipart/mixed')
        .replace(
          /(\r\n[A-Za-z0-9+/]{20,})([A-Za-z0-9+/])([A-Za-z0-9+/]{7}=*\r\n(?:\r\n)?--)/,
          (_, a, b, c) => `${a}${b === 'A' ? 'B' : 'A'}${c}`,
        ),
    );
    const { status, stdout } = mailseal(['diagnose', nobody, '--out', out]);
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('✘ Altered: the original was not recovered');
    expect(stdout).toContain('the signature over the signed attributes does not hold');
    expect(() => statSync(out)).toThrow('ENOENT');
  });

  test('does not say of what it cannot read that it is not altered', () => {
    const damaged = changed('damaged.eml', (text) =>
      text.replace(/(name="?smime\.p7s"?[\s\S]*?\r\n\r\n)[A-Za-z0-9+/]{8}/, '$1AAAAAAAA'),
    );
    const { status, stdout } = mailseal(['diagnose', damaged]);
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('• Not known: a signature in it cannot be read or checked');
    expect(JSON.parse(mailseal(['diagnose', '--json', damaged]).stdout).remarks).toMatchObject([
      { code: 'signature-unreadable' },
    ]);
  });

  test('tells it in Japanese', () => {
    const { stdout } = mailseal(['diagnose', blank, '--language', 'ja']);
    expect(stdout).toContain('冒頭にバナーが挿入されました');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('tells it as JSON', () => {
    const { status, stdout } = mailseal(['diagnose', '--json'], { input: readFileSync(blank) });
    expect(status).toBe(0);
    const diagnosis = JSON.parse(stdout);
    expect(diagnosis).toMatchObject({
      verified: false,
      altered: true,
      recovered: true,
      changes: [
        { part: '', kind: 'banner-added', from: null, to: null, ranges: [{ original: { text: '' } }] },
      ],
      signatures: [
        {
          recovered: true,
          originalOctets: content.length,
          signers: [{ content: 'altered', signature: 'valid', trust: 'not-checked', fits: true }],
          remarks: [{ code: 'signature-valid', signer: 0 }],
        },
      ],
      remarks: [],
    });
    const [{ start, end }] = diagnosis.changes[0].ranges;
    expect(end - start).toBe('[EXTERNAL]\r\n\r\n'.length);
  });

  test('undoes no change of meaning', () => {
    const out = join(folder, 'none.txt');
    const { status, stdout, stderr } = mailseal(['diagnose', meaning, '--out', out]);
    expect(status).toBe(1);
    expect(stdout.split('\n')[0]).toBe('✘ Altered: the original was not recovered');
    expect(stderr).toBe('mailseal: nothing was written, since no original was recovered\n');
    expect(() => statSync(out)).toThrow('ENOENT');
    expect(JSON.parse(mailseal(['diagnose', '--json', meaning]).stdout)).toMatchObject({
      altered: true,
      recovered: false,
      changes: [],
    });
  });

  test('has nothing to tell of what is as it was signed, or is not signed', () => {
    const intact = mailseal(['diagnose', message]);
    expect(intact).toMatchObject({ status: 1, stderr: '' });
    expect(intact.stdout).toBe('• Not altered: no signature in it has content that was altered\n');
    const unsigned = mailseal(['diagnose'], { input: 'Subject: a\r\n\r\nb\r\n' });
    expect(unsigned.stdout.split('\n')[0]).toBe('• Not altered: there is no signature in it');
    expect(JSON.parse(mailseal(['diagnose', '--json', message]).stdout)).toMatchObject({
      altered: false,
      recovered: false,
      changes: [],
      signatures: [],
    });
  });

  test('gives the original alone to the standard output', () => {
    const run = mailseal(['diagnose', blank, '--out', '-']);
    expect(Buffer.from(run.stdout)).toEqual(Buffer.from(content.toString()));
    expect(run.stderr).toContain('✘ Altered');
  });

  test('says what is wrong with its usage', () => {
    expect(mailseal(['diagnose', `${demo}/smime.p7s`])).toMatchObject({ status: 2, stdout: '' });
    expect(mailseal(['diagnose', blank, '--language', 'de']).stderr).toContain('--language is one of en, ja');
    expect(mailseal(['diagnose'], { input: 'no message' }).status).toBe(3);
    expect(mailseal(['diagnose', blank, '--out', blank]).status).toBe(2);
  });

  test('help and docs/cli.md tell of every option', () => {
    const { stdout } = mailseal(['diagnose', '--help']);
    const documented = readFileSync('docs/cli.md', 'utf8');
    for (const option of [
      'roots',
      'certs',
      'fold-width',
      'language',
      'p12',
      'key',
      'cert',
      'password-file',
      'json',
      'out',
    ]) {
      expect(stdout).toContain(`--${option}`);
      expect(documented).toContain(`--${option}`);
    }
    const all = ['--fold-width', '--json', '--language', 'ja', '--key', 'none', '--cert', 'none'];
    expect(mailseal(['diagnose', blank, ...all, '--password-file', 'none', '--p12', 'none']).stderr).toMatch(
      /^mailseal: cannot read none/,
    );
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('verify points to it where content was altered, and only there', () => {
    const hint = 'mailseal diagnose may tell what altered it.\n';
    expect(mailseal(['verify', blank]).stdout.endsWith(`\n\n${hint}`)).toBe(true);
    expect(mailseal(['verify', message]).stdout).not.toContain(hint);
    expect(JSON.parse(mailseal(['verify', '--json', blank]).stdout).diagnosable).toBe(true);
    expect(JSON.parse(mailseal(['verify', '--json', message]).stdout).diagnosable).toBe(false);
    const mixed = readFileSync(message, 'latin1').replace('multipart/signed', 'multipart/mixed');
    expect(mailseal(['verify'], { input: mixed }).stdout.endsWith(`\n\n${hint}`)).toBe(true);
    expect(mailseal(['verify'], { input: 'Subject: a\r\n\r\nb\r\n' }).stdout).not.toContain(hint);
  });
});
