import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import { parseMessage } from '../../src/mime/message.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import { type Certificate, parseCertificates } from '../../src/x509/certificate/certificate.js';
import { demo, mailseal, needsBuild, temporaryFolder } from './support.js';

needsBuild();
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

const password = '花子の合言葉';
const now = new Date('2027-01-01');
const mail =
  'From: hanako@example.jp\r\nTo: taro@example.jp\r\nSubject: Secret Friday\r\n' +
  'Date: Fri, 20 Nov 2026 09:00:00 +0900\r\n\r\nAt nine.\r\n';

const trusting = ['--roots', at('roots.pem'), '--at', '2027-01-01'];
const own = ['--p12', 'test/vectors/pki/hanako.p12', '--password-file', at('password')];

interface Sealing {
  readonly protect?: boolean;
  readonly cipher?: 'aes256-gcm' | 'aes128-cbc';
  readonly isSigned?: boolean;
  readonly to?: Certificate;
}

let sign: (message: string | Bytes, protect?: boolean) => Promise<Bytes>;
let seal: (message: string | Bytes, how?: Sealing) => Promise<Bytes>;

/** Writes a message into the temporary folder, and gives its path. */
function file(name: string, message: Bytes): string {
  writeFileSync(at(name), message);
  return at(name);
}

beforeAll(async () => {
  const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), { password });
  const [{ privateKey, certificate }] = keys as [Required<(typeof keys)[0]>];
  writeFileSync(at('password'), `${password}\n`);
  writeFileSync(
    at('roots.pem'),
    certificates.map((each) => encodePem('CERTIFICATE', each.certificate.bytes)).join(''),
  );
  const octets = (message: string | Bytes): Bytes =>
    typeof message === 'string' ? bytesFromLatin1(message) : message;
  const signers = [{ certificate, privateKey, signingTime: now }];
  sign = (message, protect = false) => signMessage(octets(message), { signers, headerProtection: protect });
  seal = async (
    message,
    { protect = true, cipher = 'aes256-gcm', isSigned = true, to = certificate } = {},
  ) => {
    const [sealed] = await encryptMessage(octets(message), {
      recipients: [{ certificate: to }],
      ...(isSigned ? { sign: { signers } } : {}),
      headerProtection: protect,
      cipher,
      accept: ['key-usage'],
      at: now,
    });
    return sealed!.message;
  };
});

describe('mailseal verify with a key', () => {
  test('opens what is encrypted, and tells its layers and its protected header', async () => {
    const path = file('sealed.eml', await seal(mail));
    expect(readFileSync(path, 'latin1')).toContain('Subject: [...]');
    const { status, stdout, stderr } = mailseal(['verify', ...own, ...trusting, path]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✔ Verified: signed by .*hanako@example\.jp/);
    expect(stdout).toMatch(/Subject +Secret Friday\n/);
    expect(stdout).toContain('(The signature covers these header fields: From, To, Subject, Date.)');
    expect(stdout).toContain('(Only inside of the encryption: Subject.)');
    expect(stdout).toMatch(
      /\n\nEncryption of the whole message \(authEnvelopedData\)\n\n {2}Cipher +aes256-gcm\n/,
    );
    expect(stdout).toMatch(/✔ opened +yes\n {2}✔ unchanged +yes/);
    expect(stdout.indexOf('Encryption of')).toBeLessThan(stdout.indexOf('Signature inside that'));
  });

  test('--json tells the same', async () => {
    const path = file('sealed.eml', await seal(mail));
    const report = JSON.parse(mailseal(['verify', ...own, ...trusting, '--json', path]).stdout);
    expect(report).toMatchObject({
      verified: true,
      signatures: [{ part: '/', coverage: 'message', verified: true }],
      others: [{ part: '', kind: 'authEnvelopedData', error: null }],
      layers: [
        { kind: 'envelope', index: 0, around: null },
        { kind: 'signature', index: 0, around: 0 },
      ],
      envelopes: [
        {
          part: '',
          covers: '/',
          coverage: 'message',
          type: 'authEnvelopedData',
          opened: true,
          cipher: 'aes256-gcm',
          authenticated: true,
          keyBound: false,
          recipient: { kind: 'key-agreement' },
          error: null,
        },
      ],
      encrypted: true,
      headerProtection: {
        scheme: 'cipher',
        fromShown: 'inner',
        fromDiffers: false,
        outerFrom: ['hanako@example.jp'],
        innerFrom: ['hanako@example.jp'],
      },
    });
    expect(report.headers).toContainEqual({
      name: 'Subject',
      text: 'Secret Friday',
      protection: 'signed-and-encrypted',
    });
    expect(report.headers).toContainEqual({
      name: 'To',
      text: 'taro@example.jp',
      protection: 'signed-only',
    });
    const documented = readFileSync('docs/cli.md', 'utf8');
    for (const name of Object.keys({ ...report.envelopes[0], ...report.layers[0] }))
      expect(documented, `docs/cli.md tells of ${name}`).toContain(`\`${name}\``);
  });

  test('without a key, says that it is encrypted', async () => {
    const path = file('sealed.eml', await seal(mail));
    const { status, stdout } = mailseal(['verify', ...trusting, path]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✘ Not verified: it is encrypted, and only the decrypted message shows/);
    expect(stdout).toMatch(/✘ opened +no +no key was given; name one with --p12 FILE/);
    expect(stdout).not.toContain('Secret');
    const report = JSON.parse(mailseal(['verify', ...trusting, '--json', path]).stdout);
    expect(report).toMatchObject({
      verified: false,
      signatures: [],
      envelopes: [{ opened: false, cipher: null, recipient: null, error: { code: 'cms-no-recipient' } }],
      encrypted: false,
      headerProtection: { scheme: 'none' },
    });
  });

  test('with the key of somebody else, says that it does not fit', async () => {
    const [to] = parseCertificates(readFileSync(`${demo}/signer.crt.pem`));
    const path = file('others.eml', await seal(mail, { to: to! }));
    const { status, stdout } = mailseal(['verify', ...own, ...trusting, path]);
    expect([status, stdout.split('\n')[0]]).toEqual([
      1,
      '✘ Not verified: it is encrypted, and cannot be opened with the keys that were',
    ]);
  });

  test('what is encrypted only is not verified', async () => {
    const { status, stdout } = mailseal([
      'verify',
      ...own,
      ...trusting,
      file('closed.eml', await seal(mail, { isSigned: false })),
    ]);
    expect([status, stdout.split('\n')[0]]).toEqual([1, '✘ Not verified: it is not signed']);
    expect(stdout).toContain('(No signature covers the header.)');
    expect(stdout).toMatch(/Subject +Secret Friday/);
  });

  test('a cipher without a tag: only the signature inside shows that nobody changed it', async () => {
    const run = async (isSigned: boolean): Promise<string> => {
      const path = file('cbc.eml', await seal(mail, { cipher: 'aes128-cbc', isSigned }));
      return mailseal(['verify', ...own, ...trusting, path]).stdout;
    };
    expect(await run(true)).toMatch(
      /• unchanged +not known +the cipher does not show it, but what is inside does/,
    );
    expect(await run(false)).toMatch(/• unchanged +not known +the cipher does not show whether/);
  });

  test('a signature around the encryption alone verifies nothing; one inside does', async () => {
    const around = await sign(await seal(mail, { isSigned: false }));
    const bare = mailseal(['verify', ...own, ...trusting, file('around.eml', around)]);
    expect([bare.status, bare.stdout.split('\n')[0]]).toEqual([
      1,
      '✘ Not verified: it is signed only around the encryption, which anybody can do',
    ]);
    const closed = mailseal(['verify', ...trusting, at('around.eml')]);
    expect([closed.status, closed.stdout]).toEqual([1, expect.stringContaining('it is encrypted')]);
    const thrice = file('thrice.eml', await sign(await seal(mail)));
    const out = at('content.txt');
    const { status, stdout } = mailseal(['verify', ...own, ...trusting, '--out', out, thrice]);
    expect(status).toBe(0);
    const titles = stdout.split('\n').filter((line) => /^(?:Signature|Encryption)/.test(line));
    expect(titles).toEqual([
      'Signature over the whole message (detached)',
      'Encryption inside that, of the whole content (authEnvelopedData)',
      'Signature inside that, over the whole content (detached)',
    ]);
    // What is written is what is shown, not what the outer signature is over.
    expect(readFileSync(out, 'latin1')).toContain('At nine.');
  });

  test('an encrypted file', async () => {
    const content = parseMessage(await seal(mail)).content();
    const path = file('sealed.p7m', content);
    expect(mailseal(['verify', ...own, ...trusting, path]).stdout).toMatch(/Subject +Secret Friday/);
    const email = ['--email', 'hanako@example.jp'];
    expect(mailseal(['verify', ...own, ...trusting, ...email, path]).status).toBe(0);
    const closed = mailseal(['verify', ...trusting, path]);
    expect([closed.status, closed.stdout]).toEqual([1, expect.stringContaining('it is encrypted')]);
  });

  test('wrong usage', async () => {
    const path = file('sealed.eml', await seal(mail));
    const usage: readonly (readonly [readonly string[], string])[] = [
      [own.slice(0, 2), 'it has a password'],
      [['--cert', `${demo}/signer.crt.pem`], '--cert goes with a private key'],
      [['--key', at('none.pem')], 'there is no such file'],
      [['--p12', '-', '--password-file', '-'], 'the standard input can be read only once'],
    ];
    for (const [args, why] of usage) {
      const { status, stdout, stderr } = mailseal(['verify', ...args, '--', path]);
      expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(why)]);
    }
  });
});

describe('a protected header', () => {
  test('is what a decrypted message shows outside, and still signed for', async () => {
    const path = file('sealed.eml', await seal(mail));
    const { status, stdout } = mailseal(['decrypt', ...own, path]);
    expect(status).toBe(0);
    expect(stdout.split('\r\n\r\n')[0]).toContain('Subject: Secret Friday\r\n');
    const run = mailseal(['verify', ...trusting], { input: stdout });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('(The signature covers these header fields: From, To, Subject, Date.)');
  });

  test('is shown in place of the one outside, with a warning where From differs', async () => {
    const signed = latin1FromBytes(await sign(mail, true));
    const outside = signed
      .replace('From: hanako@', 'From: boss@')
      .replace('Subject: Secret Friday', 'Subject: Anything');
    const path = file('outside.eml', bytesFromLatin1(outside));
    const { status, stdout } = mailseal(['verify', ...trusting, path]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/From +hanako@example\.jp\n/);
    expect(stdout).toMatch(/Subject +Secret Friday\n/);
    expect(stdout).toMatch(/• the message is from hanako@example\.jp by its signature; outside it/);
    const report = JSON.parse(mailseal(['verify', ...trusting, '--json', path]).stdout);
    expect(report.reasons).toMatchObject([{ code: 'outer-from-differs', severity: 'note' }]);
    expect(report.headerProtection).toEqual({
      scheme: 'clear',
      fromShown: 'inner',
      fromDiffers: true,
      outerFrom: ['boss@example.jp'],
      innerFrom: ['hanako@example.jp'],
    });
  });

  test('does not lend its From to a signer who is somebody else', async () => {
    const signed = latin1FromBytes(await sign(mail.replace('hanako@', 'boss@'), true));
    const path = file('boss.eml', bytesFromLatin1(signed.replace('From: boss@', 'From: hanako@')));
    const { status, stdout } = mailseal(['verify', ...trusting, path]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/From +hanako@example\.jp\n/);
    expect(stdout).toMatch(/✘ the protected header says that it is from boss@example\.jp, for which no/);
    expect(stdout).toContain('the signature is not\n  verified: To, Subject, Date.)');
    const asked = mailseal(['verify', ...trusting, '--email', 'hanako@example.jp', path]);
    expect([asked.status, asked.stdout.split('\n')[0]]).toEqual([
      1,
      '✘ Not verified: the message inside the signature names another sender',
    ]);
  });
});
