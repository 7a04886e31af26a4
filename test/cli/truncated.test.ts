import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decrypt } from '../../src/cli/decrypt.js';
import { verify } from '../../src/cli/verify.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { seededDraw } from '../support/seeded.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, main, needsBuild, temporaryFolder } from './support.js';

// Input that ends too early is never passed off as verified or decrypted, whether it is read at once or in pieces.

needsBuild();
const folder = temporaryFolder();
const { at, cms } = opensslFolder(folder);
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
  for (const [name, form] of [
    ['raw.p7m', 'DER'],
    ['raw.pem', 'PEM'],
  ] as const)
    cms('-sign', 'raw', name, '-nodetach', ...signing, '-outform', form);
  for (const [name, cipher] of [
    ['cbc.p7m', '-aes128'],
    ['gcm.p7m', '-aes-128-gcm'],
  ] as const)
    cms('-encrypt', 'raw', name, cipher, '-outform', 'DER', 'hanako.pem');
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
  const isLong = end > 4 << 20;
  const begin = isLong ? [(4 << 20) + 1] : [0, 40];
  const byChance = Array.from({ length: isLong ? 2 : 20 }, () => draw(end - last));
  return [...new Set([...begin, ...byChance, end - 1500, end - 300, end - last])].sort((a, b) => a - b);
}

/** Runs a command in this process, of which a new one for each cut would take most of the time. */
async function run([command, ...args]: readonly string[]): Promise<{ status: number; told: string }> {
  let told = '';
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      told += text;
      return true;
    }),
  );
  try {
    return { status: await (command === 'verify' ? verify : decrypt)(args), told };
  } catch (error) {
    // As `main` has it; all else is a fault of mailseal.
    if (!(error instanceof MailsealError) || error.fault !== 'input') throw error;
    return { status: 3, told: error.message };
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
}

beforeAll(() => {
  mkdirSync(waiting);
  vi.stubEnv('TMPDIR', waiting);
  makePeople(opensslFolder(folder), [['hanako', 'rsa', 'digitalSignature,keyEncipherment']]);
}, 60_000);

afterAll(() => vi.unstubAllEnvs());

describe.each(lengths)('of %d octets', (length) => {
  beforeAll(() => make(length), 120_000);

  test.each(files)(
    '%s, cut anywhere: an error, and no output',
    async (name, command) => {
      const octets = readFileSync(at(name));
      const out = at('out');
      expect((await run([...command, '--out', out, at(name)])).status, 'uncut').toBe(0);
      rmSync(out);
      const places = cuts(octets, name);
      for (const place of places) {
        const where = `${name} cut at ${place} of ${octets.length}`;
        writeFileSync(at('cut'), octets.subarray(0, place));
        const { status, told } = await run([...command, '--out', out, at('cut')]);
        expect([1, 3], where).toContain(status);
        expect(told, where).not.toBe('');
        expect(told, where).not.toContain('✔ Verified');
        expect(existsSync(out), where).toBe(false);
        expect(readdirSync(waiting), where).toEqual([]);
      }
      expect(places.length).toBeGreaterThan(length > 1e6 ? 4 : 15);
    },
    120_000,
  );

  test.each(files)('%s, cut, from one pipe to another: nothing comes out', (name, command) => {
    const input = readFileSync(at(name));
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...command, '--out', '-'], {
      input: input.subarray(0, input.length - 400),
      env: { TMPDIR: waiting },
      maxBuffer: 2 ** 27,
    });
    expect([[1, 3].includes(status ?? 0), stdout.length, stderr.length > 0]).toEqual([true, 0, true]);
    expect(readdirSync(waiting)).toEqual([]);
  });
});

test('the content beside a signature, cut', () => {
  const signing = ['-signer', 'hanako.pem', '-inkey', 'hanako.key', '-outform', 'DER'];
  cms('-sign', 'raw', 'raw.p7s', ...signing);
  const raw = readFileSync(at('raw'));
  const args = [...verifying, '--out', at('out'), at('raw.p7s'), '--content', '-'];
  expect(mailseal(args, { input: raw }).status).toBe(0);
  rmSync(at('out'));
  for (const length of [0, 1, 4 << 20, raw.length - 1]) {
    expect(mailseal(args, { input: raw.subarray(0, length) }).status).toBe(1);
    expect(existsSync(at('out'))).toBe(false);
  }
});
