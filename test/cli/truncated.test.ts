import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { seededDraw } from '../support/seeded.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, main, needsBuild, temporaryFolder } from './support.js';

// Input that ends too early is never passed off as verified or decrypted, whether it is read at once or in pieces.

needsBuild();
const folder = temporaryFolder();
const { at, openssl } = opensslFolder(folder);
const waiting = join(folder, 'waiting');
const key = ['--key', at('hanako.key'), '--cert', at('hanako.pem')];
const email = ['--email', 'hanako@example.jp'];
const verifying = ['verify', ...key, '--roots', at('ca.pem'), ...email];
const decrypting = ['decrypt', ...key];

/** Files, by the command that reads them. */
const files: readonly (readonly [string, readonly string[]])[] = [
  ['signed.eml', verifying],
  ['opaque.eml', verifying],
  ['signed-gcm.eml', verifying],
  ['raw.p7m', verifying],
  ['raw.pem', verifying],
  ['cbc.eml', decrypting],
  ['gcm.eml', decrypting],
  ['cbc.p7m', decrypting],
  ['gcm.p7m', decrypting],
];

/** Octets of a content that is read at once, and of one that is not. */
const lengths = [3_000, 4_400_000];

function make(length: number): void {
  const content = randomBytes(length);
  writeFileSync(at('raw'), content);
  const lines = content.toString('base64').replace(/.{76}/g, '$&\r\n');
  const header = 'From: hanako@example.jp\r\nTo: hanako@example.jp\r\nMIME-Version: 1.0\r\n';
  writeFileSync(
    at('mail.eml'),
    bytesFromLatin1(`${header}Content-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`),
  );
  const signing = ['-signer', 'hanako.pem', '-inkey', 'hanako.key'];
  openssl(
    'cms',
    '-sign',
    '-nodetach',
    '-binary',
    '-in',
    'raw',
    ...signing,
    '-outform',
    'DER',
    '-out',
    'raw.p7m',
  );
  openssl(
    'cms',
    '-sign',
    '-nodetach',
    '-binary',
    '-in',
    'raw',
    ...signing,
    '-outform',
    'PEM',
    '-out',
    'raw.pem',
  );
  for (const [name, cipher] of [
    ['cbc', '-aes128'],
    ['gcm', '-aes-128-gcm'],
  ] as const) {
    openssl(
      'cms',
      '-encrypt',
      '-binary',
      cipher,
      '-in',
      'raw',
      '-outform',
      'DER',
      '-out',
      `${name}.p7m`,
      'hanako.pem',
    );
  }
  const to = ['--to', at('hanako.pem'), '--algorithm'];
  for (const [name, args] of [
    ['signed.eml', ['sign', ...key]],
    ['opaque.eml', ['sign', ...key, '--opaque']],
    ['signed-gcm.eml', ['encrypt', ...key, ...to, 'aes256-gcm']],
    ['cbc.eml', ['encrypt', ...to, 'aes128-cbc']],
    ['gcm.eml', ['encrypt', ...to, 'aes256-gcm']],
  ] as const) {
    expect(mailseal([...args, '--out', at(name), at('mail.eml')]).status, name).toBe(0);
  }
}

/** Where to cut: the begin, the border of what is read at once, the end, and places by chance. */
function cuts(octets: Buffer, name: string): number[] {
  const draw = seededDraw(octets.length % 997);
  const end = octets.length;
  // The close delimiter around a signature may be lost, and nothing with it.
  const last = name === 'signed.eml' ? 200 : 20;
  const places =
    end > 4 << 20
      ? [(4 << 20) + 1, draw(end - last), end - last]
      : [0, 40, draw(end - last), draw(end - last), draw(end - last), end - 1500, end - 300, end - last];
  return [...new Set(places)].sort((a, b) => a - b);
}

beforeAll(() => {
  mkdirSync(waiting);
  makePeople(opensslFolder(folder), [['hanako', 'rsa', 'digitalSignature,keyEncipherment']]);
}, 60_000);

describe.each(lengths)('of %d octets', (length) => {
  beforeAll(() => make(length), 120_000);

  test.each(files)(
    '%s, cut anywhere: an error, and no output',
    (name, command) => {
      const octets = readFileSync(at(name));
      const out = at('out');
      expect(mailseal([...command, '--out', out, at(name)]).status, 'uncut').toBe(0);
      rmSync(out);
      const places = cuts(octets, name);
      for (const place of places) {
        const told = `${name} cut at ${place} of ${octets.length}`;
        const input = octets.subarray(0, place);
        const run = mailseal([...command, '--out', out], { input, env: { TMPDIR: waiting } });
        expect([1, 3], told).toContain(run.status);
        expect(run.stdout, told).not.toContain('✔ Verified');
        expect(`${run.stdout}${run.stderr}`, told).not.toContain('a fault of mailseal');
        expect(run.stderr + run.stdout, told).not.toBe('');
        expect(existsSync(out), told).toBe(false);
        expect(readdirSync(waiting), told).toEqual([]);
      }
      expect(places.length).toBeGreaterThan(length > 1e6 ? 2 : 6);
    },
    120_000,
  );
});

test('nothing goes to the standard output either', () => {
  for (const [name, command] of files) {
    const input = readFileSync(at(name));
    const { status, stdout } = spawnSync(process.execPath, [main, ...command, '--out', '-'], {
      input: input.subarray(0, input.length - 400),
      env: { TMPDIR: waiting },
      maxBuffer: 2 ** 27,
    });
    expect([name, [1, 3].includes(status ?? 0), stdout.length]).toEqual([name, true, 0]);
  }
});

test('the content beside a signature, cut', () => {
  const signing = ['-signer', 'hanako.pem', '-inkey', 'hanako.key', '-outform', 'DER', '-out', 'raw.p7s'];
  openssl('cms', '-sign', '-binary', '-in', 'raw', ...signing);
  const raw = readFileSync(at('raw'));
  const args = [...verifying, '--out', at('out'), at('raw.p7s'), '--content', '-'];
  expect(mailseal(args, { input: raw }).status).toBe(0);
  rmSync(at('out'));
  for (const length of [0, 1, 4 << 20, raw.length - 1]) {
    expect(mailseal(args, { input: raw.subarray(0, length) }).status).toBe(1);
    expect(existsSync(at('out'))).toBe(false);
  }
});
