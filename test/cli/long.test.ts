import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCertificates } from '../../src/cli/files/input.js';
import { SpoolFile } from '../../src/cli/files/spool-file.js';
import { progressLine } from '../../src/cli/report/progress.js';
import { type Bytes, bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import type { PrivateKey } from '../../src/crypto/keys/private-key.js';
import { canonicalLineEnds } from '../../src/encoding/line-ends.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, main, needsBuild, type Run, temporaryFolder } from './support.js';

needsBuild();
const folder = temporaryFolder();
const { at, openssl, cms } = opensslFolder(folder);
/** Where the command keeps what waits. */
const waiting = join(folder, 'waiting');

const key = ['--key', at('hanako.key'), '--cert', at('hanako.pem')];
const trusting = ['--roots', at('ca.pem')];
const raw = randomBytes(4_300_000);
const encoded = raw.subarray(0, 3_300_000).toString('base64').replace(/.{76}/g, '$&\r\n');
const mail = bytesFromLatin1(
  'From: hanako@example.jp\r\nTo: hanako@example.jp\r\nSubject: Friday\r\nMIME-Version: 1.0\r\n' +
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nAt nine.\r\n' +
    `--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--b--\r\n`,
);
/** When the certificate is valid. */
let now: Date;

let certificate: Certificate;
let privateKey: PrivateKey;
let sign: (message: Bytes, form?: 'detached' | 'opaque', headerProtection?: boolean) => Promise<Bytes>;
let encrypt: (
  message: Bytes,
  cipher: 'aes128-cbc' | 'aes256-gcm',
  how?: { readonly isSigned?: boolean; readonly headerProtection?: boolean },
) => Promise<Bytes>;

function run(...args: string[]): Run {
  return mailseal(args, { env: { TMPDIR: waiting } });
}

function file(name: string, octets: Uint8Array): string {
  writeFileSync(at(name), octets);
  return at(name);
}

/** Runs a check, after which nothing may be left where things waited. */
function nothingIsLeft(): void {
  expect(readdirSync(waiting)).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}

beforeAll(async () => {
  mkdirSync(waiting);
  makePeople(opensslFolder(folder), [['hanako', 'rsa', 'digitalSignature,keyEncipherment']]);
  now = new Date();
  certificate = (await readCertificates([at('hanako.pem')], '--cert'))[0]!;
  privateKey = await parsePrivateKey(readFileSync(at('hanako.key')));
  const signers = [{ certificate, privateKey, signingTime: now }];
  sign = (message, form = 'detached', headerProtection = false) =>
    signMessage(message, { signers, form, headerProtection });
  encrypt = async (message, cipher, { isSigned = false, headerProtection = false } = {}) => {
    const [sealed] = await encryptMessage(message, {
      recipients: [{ certificate }],
      ...(isSigned ? { sign: { signers } } : {}),
      headerProtection,
      cipher,
      at: now,
    });
    return sealed!.message;
  };
}, 60_000);

describe.each([
  ['short', () => bytesFromLatin1('From: hanako@example.jp\r\nMIME-Version: 1.0\r\n\r\nAt nine.\r\n')],
  ['long', () => mail],
])('a %s message in several layers', (_, make) => {
  test('signed twice: the innermost content is written', async () => {
    const inner = await sign(make(), 'opaque');
    const path = file('twice.eml', await sign(inner, 'opaque'));
    const { status } = run('verify', ...key, ...trusting, '--out', at('content'), path);
    expect(status).toBe(0);
    const report = await openMessage(inner, { roots: [], keys: [], at: now });
    expect(Buffer.compare(readFileSync(at('content')), report.seals[0]!.content!)).toBe(0);
    nothingIsLeft();
  }, 60_000);

  test('signed around what is encrypted: there is nothing to diagnose', async () => {
    const path = file('around.eml', await sign(await encrypt(make(), 'aes256-gcm'), 'opaque'));
    const { diagnosable } = JSON.parse(run('verify', ...key, ...trusting, '--json', path).stdout);
    expect(diagnosable).toBe(false);
  }, 60_000);
});

describe('a long message', () => {
  const forms: readonly (readonly [string, () => Promise<Bytes>])[] = [
    ['signed beside', () => sign(mail)],
    ['signed around', () => sign(mail, 'opaque')],
    ['signed around, with its header', () => sign(mail, 'opaque', true)],
    ['signed in CBC', () => encrypt(mail, 'aes128-cbc', { isSigned: true })],
    [
      'signed in GCM, with its header',
      () => encrypt(mail, 'aes256-gcm', { isSigned: true, headerProtection: true }),
    ],
    ['in CBC, with its header', () => encrypt(mail, 'aes128-cbc', { headerProtection: true })],
    ['signed around GCM', async () => sign(await encrypt(mail, 'aes256-gcm'))],
    ['not sealed', async () => mail],
  ];

  test.each(forms)('%s: verify says and writes what openMessage does', async (_, make) => {
    const message = await make();
    const path = file('long.eml', message);
    const report = await openMessage(message, {
      roots: await readCertificates([at('ca.pem')], '--roots'),
      keys: [{ privateKey, certificate }],
      at: now,
    });
    const found = run('verify', ...key, ...trusting, '--json', '--out', at('content'), path);
    expect(found.status).toBe(report.verified ? 0 : 1);
    const json = JSON.parse(found.stdout);
    expect(json.layers.map(({ kind }: { kind: string }) => kind)).toEqual(
      report.layers.map(({ kind }) => (kind === 'seal' ? 'signature' : kind)),
    );
    expect(json.reasons.map(({ code }: { code: string }) => code)).toEqual(
      report.reasons.map(({ code }) => code),
    );
    if (report.verified) {
      const seal = report.seals.find((each) => !each.aroundEncryption)!;
      expect(readFileSync(at('content')).equals(seal.content!)).toBe(true);
    } else expect(found.stderr).toBe('mailseal: nothing was written, since it is not verified\n');
    nothingIsLeft();
  });

  test('whose first type says nothing of its signature may be diagnosed, as a short one may', async () => {
    const field = 'Content-Type: text/plain\r\n';
    for (const content of [bytesFromLatin1('From: hanako@example.jp\r\n\r\nAt nine.\r\n'), mail]) {
      const signed = latin1FromBytes(await sign(content));
      const hidden = bytesFromLatin1(signed.replace(/Content-Type:/, (own) => field + own));
      const quoted = bytesFromLatin1(latin1FromBytes(hidden).replace(/(p7s"?\r\n\r\n)[^-]*/, '$1AAAA\r\n'));
      const path = file('two-types.eml', hidden);
      const { stdout } = run('verify', ...trusting, path);
      expect(stdout.endsWith('\nmailseal diagnose may tell what altered it.\n')).toBe(true);
      expect(JSON.parse(run('verify', ...trusting, '--json', path).stdout).diagnosable).toBe(true);
      const piped = mailseal(['verify', '--json', ...trusting], { input: hidden, env: { TMPDIR: waiting } });
      expect(JSON.parse(piped.stdout).diagnosable).toBe(true);
      const other = file('quoted.eml', quoted);
      expect(JSON.parse(run('verify', ...trusting, '--json', other).stdout).diagnosable).toBe(false);
    }
  });

  test.each(forms.slice(3, 7))('%s: decrypt gives what decryptMessage does', async (_, make) => {
    const message = await make();
    const path = file('long.eml', message);
    const { message: opened } = await decryptMessage(message, { keys: [{ privateKey, certificate }] });
    for (const extra of [[], ['--unverified']]) {
      expect(run('decrypt', ...key, ...extra, '--out', at('opened.eml'), path).status).toBe(0);
      const octets = readFileSync(at('opened.eml'));
      // With --unverified the header is written before what lies in an opaque signature was read, and texts stay as
      // they are.
      const isAsIt = octets.includes('pkcs7-mime') || octets.includes('hp-legacy-display');
      if (extra.length === 0 || !isAsIt) expect(octets.equals(opened)).toBe(true);
      expect(statSync(at('opened.eml')).mode & 0o777).toBe(0o600);
    }
    const { status, stdout } = mailseal(['decrypt', ...key], { input: message, env: { TMPDIR: waiting } });
    expect(status).toBe(0);
    expect(Buffer.from(stdout, 'utf8').equals(opened)).toBe(true);
    nothingIsLeft();
  });

  test('an altered octet: nothing is written but what is wanted unverified', async () => {
    const message = await sign(mail, 'opaque');
    const at100 = message.length >> 1;
    message[at100] = message[at100] === 0x41 ? 0x42 : 0x41;
    const path = file('long.eml', message);
    file('content', bytesFromLatin1('before'));
    const held = run('verify', ...trusting, '--out', at('content'), path);
    expect([held.status, held.stderr]).toEqual([
      1,
      'mailseal: nothing was written, since it is not verified\n',
    ]);
    expect(readFileSync(at('content'), 'latin1')).toBe('before');
    const passed = run('verify', ...trusting, '--unverified', '--out', at('content'), path);
    expect([passed.status, passed.stderr]).toEqual([1, 'mailseal: what was written is not verified\n']);
    expect(passed.stdout).toContain('the content was altered after it was signed');
    expect(statSync(at('content')).size).toBeGreaterThan(raw.length);
    nothingIsLeft();
  });

  test('--unverified: what comes first and is not what the verdict is about is told to be unverified', async () => {
    // Anybody signs around a long file, which stands within what is signed by the sender.
    const stranger = await sign(bytesFromLatin1(`Content-Type: text/plain\r\n\r\n${encoded}`), 'opaque');
    const entity = bytesFromLatin1(
      `Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n${latin1FromBytes(stranger)}\r\n--m\r\n\r\nAt nine.\r\n--m--\r\n`,
    );
    const header = bytesFromLatin1('From: hanako@example.jp\r\nMIME-Version: 1.0\r\n');
    const path = file('within.eml', await sign(concatBytes([header, entity])));
    const found = run('verify', ...trusting, '--unverified', '--out', at('content'), path);
    const written = readFileSync(at('content'));
    const report = await openMessage(readFileSync(path), {
      roots: await readCertificates([at('ca.pem')], '--roots'),
      keys: [],
      at: now,
    });
    // The sender's signature is good; what it is over was still to be seen to be signed when the file began.
    expect([report.verified, found.status]).toEqual([true, 0]);
    const within = report.seals.find(({ part }) => part === '1.1');
    expect(Buffer.compare(written, within!.content!)).toBe(0);
    expect(found.stderr).toContain('what was written is not verified');
    nothingIsLeft();
  }, 60_000);

  test('--unverified gives the same as a verified one, also on the standard output', async () => {
    for (const form of ['detached', 'opaque'] as const) {
      const message = await sign(mail, form);
      const path = file('long.eml', message);
      expect(run('verify', ...trusting, '--out', at('content'), path).status).toBe(0);
      const { status, stdout, stderr } = run('verify', ...trusting, '--unverified', '--out', '-', path);
      expect([status, stderr]).toEqual([0, expect.stringContaining('✔ Verified')]);
      expect(stdout === readFileSync(at('content'), 'latin1')).toBe(true);
    }
    const usage = run('verify', ...trusting, '--unverified', at('long.eml'));
    expect([usage.status, usage.stderr]).toEqual([
      2,
      expect.stringContaining('--unverified says what --out'),
    ]);
  });
});

describe('a long file', () => {
  const email = ['--email', 'hanako@example.jp'];
  const sealing = ['-signer', 'hanako.pem', '-inkey', 'hanako.key'];

  test.each([
    ['DER', ['-nodetach', '-outform', 'DER']],
    ['BER in pieces', ['-nodetach', '-stream', '-outform', 'DER']],
    ['PEM', ['-nodetach', '-outform', 'PEM']],
  ] as const)('%s, with its content', (_, form) => {
    file('raw', raw);
    cms('-sign', 'raw', 'raw.p7m', ...sealing, ...form);
    expect(run('verify', ...trusting, ...email, '--out', at('content'), at('raw.p7m')).status).toBe(0);
    expect(readFileSync(at('content')).equals(raw)).toBe(true);
    nothingIsLeft();
  });

  test('the content beside it, as it is and with other line ends, from a pipe, too', () => {
    const text = bytesFromLatin1('A line of text.\n'.repeat(300_000));
    file('text', text);
    for (const [form, wanted] of [
      [['-binary'], text],
      [[], canonicalLineEnds(text)],
    ] as const) {
      openssl('cms', '-sign', ...form, '-in', 'text', ...sealing, '-outform', 'DER', '-out', 'text.p7s');
      const args = ['verify', ...trusting, ...email, '--out', at('content'), at('text.p7s'), '--content'];
      expect(run(...args, at('text')).status).toBe(0);
      expect(readFileSync(at('content')).equals(wanted)).toBe(true);
      expect(mailseal([...args, '-'], { input: text }).status).toBe(0);
      expect(mailseal([...args, '-'], { input: text.subarray(1) }).status).toBe(1);
    }
    nothingIsLeft();
  });

  test.each(['-aes128', '-aes-128-gcm'])('encrypted with %s', (cipher) => {
    file('raw', raw);
    cms('-encrypt', 'raw', 'raw.p7m', cipher, '-outform', 'DER', 'hanako.pem');
    const out = run('decrypt', ...key, '--json', '--out', at('opened'), at('raw.p7m'));
    expect(out.status).toBe(0);
    expect(readFileSync(at('opened')).equals(raw)).toBe(true);
    expect(JSON.parse(out.stdout)).toMatchObject({ decrypted: true, authenticated: cipher.includes('gcm') });
    const piped = spawnSync(process.execPath, [main, 'decrypt', ...key, at('raw.p7m')], {
      maxBuffer: 2 ** 27,
      env: { TMPDIR: waiting },
    });
    expect(piped.stdout.equals(raw)).toBe(true);
    nothingIsLeft();
  });

  test('one that is no signature', () => {
    openssl('cms', '-data_create', '-in', 'raw', '-outform', 'DER', '-out', 'data.p7m');
    const { status, stdout } = run('verify', at('data.p7m'));
    expect([status, stdout.split('\n')[0]]).toEqual([1, '✘ Not verified: it is no signature']);
    expect(run('decrypt', ...key, at('data.p7m')).status).toBe(1);
  });
});

test('a folder for what waits that cannot be written: exit 2, and no verdict', async () => {
  const path = file('long.eml', await encrypt(mail, 'aes256-gcm'));
  const env = { TMPDIR: at('none') };
  const { status, stdout, stderr } = mailseal(['decrypt', ...key, path], { env });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^mailseal: cannot write the temporary file .*: there is no such file\n/);
});

describe('a spool', () => {
  test('gives what it took, twice, and has no name', () => {
    for (const lengths of [[0], [5, 3], [131_072], [131_072, 1], [400_000, 7, 131_073]]) {
      const spool = new SpoolFile(waiting);
      const pieces = lengths.map((length) => new Uint8Array(randomBytes(length)));
      for (const piece of pieces) spool.write(piece);
      expect(readdirSync(waiting)).toEqual([]);
      const wanted = concatBytes(pieces);
      expect(spool.length).toBe(wanted.length);
      for (let i = 0; i < 2; i++)
        expect(concatBytes(Array.from(spool.read(), (octets) => octets.slice()))).toEqual(wanted);
      spool.remove();
      expect(spool.length).toBe(0);
    }
  });
});

test('how far it is', () => {
  expect(progressLine(25e6, 100e6, 50e6)).toBe(' 25 %, 25 of 100 MB, 50 MB/s');
  expect(progressLine(25e6, undefined, 50e6)).toBe('25 MB, 50 MB/s');
});
