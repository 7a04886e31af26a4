import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { describeProgram } from '../support/programs.js';
import { seededOctets } from '../support/seeded.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, needsBuild, temporaryFolder } from './support.js';

describeProgram('openssl', () => {
  needsBuild();
  const { at, read, openssl } = opensslFolder(temporaryFolder());
  const own = (): string[] => ['--key', at('taro.key'), '--cert', at('taro.pem')];
  const to = (): string[] => ['--to', at('taro.pem'), '--'];
  const clean = (run: ReturnType<typeof mailseal>): void => expect([run.stderr, run.status]).toEqual(['', 0]);
  const lines = Buffer.from(seededOctets(7)(54)).toString('base64').concat('\r\n').repeat(40_000);
  const field = 'Bcc: Secret\r\n <boss@example.jp>\r\n';
  const mail = [
    `From: taro@example.jp\r\n${field}To: hanako@example.jp\r\nSubject: long\r\nMIME-Version: 1.0\r\n`,
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n',
    'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    `${lines}--b--\r\n`,
  ].join('');
  /** The file in a message that somebody opened. */
  const fileIn = (name: string, place: number): Buffer =>
    Buffer.from(parseMessage(readFileSync(at(name))).parts[place]!.content());
  const verified = (name: string): void => {
    openssl('cms', '-verify', '-in', name, '-CAfile', 'ca.pem', '-out', 'opened.txt');
  };
  const decrypted = (name: string, whose = 'taro'): void => {
    openssl(
      'cms',
      '-decrypt',
      '-in',
      name,
      '-recip',
      `${whose}.pem`,
      '-inkey',
      `${whose}.key`,
      '-out',
      'opened.txt',
    );
  };
  const expected = Buffer.from(lines, 'base64');

  beforeAll(() => {
    makePeople({ at, openssl }, [
      ['taro', 'rsa', 'digitalSignature,keyEncipherment'],
      ['jiro', 'ec', 'keyAgreement'],
    ]);
    writeFileSync(at('mail.eml'), mail.replace(field, ''));
    writeFileSync(at('content.bin'), expected);
  }, 60_000);

  describe('mail that is too long to be held', () => {
    test.each([
      ['detached', [], 'multipart/signed'],
      ['opaque', ['--opaque'], 'application/pkcs7-mime'],
      ['with header protection', ['--header-protection'], 'multipart/signed'],
    ] as const)('sign, %s', (_, args, type) => {
      const run = mailseal(['sign', ...own(), ...args, '--out', at('signed.eml'), '-'], { input: mail });
      expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('Bcc is left out')]);
      expect(read('signed.eml').slice(0, 500)).toContain(type);
      expect(read('signed.eml')).toMatch(/^From: taro@example\.jp\r\nTo: hanako@example\.jp\r\n/);
      expect(read('signed.eml')).not.toMatch(/boss@|^bcc/im);
      verified('signed.eml');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
      expect(mailseal(['verify', '--roots', at('ca.pem'), at('signed.eml')]).status).toBe(0);
    });

    test('encrypt, signed first, to the standard output', () => {
      const run = mailseal(['encrypt', ...own(), '--algorithm', 'aes256-cbc', ...to(), at('mail.eml')]);
      clean(run);
      writeFileSync(at('sealed.eml'), run.stdout);
      decrypted('sealed.eml');
      writeFileSync(at('signed.eml'), read('opened.txt'), 'latin1');
      verified('signed.eml');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
    });

    test('encrypt with a hidden subject, and decrypt', () => {
      const args = [
        '--algorithm',
        'aes256-gcm',
        '--header-protection',
        '--out',
        at('sealed.eml'),
        ...to(),
        at('mail.eml'),
      ];
      clean(mailseal(['encrypt', ...args]));
      expect(read('sealed.eml')).not.toContain('Subject: long');
      clean(mailseal(['decrypt', ...own(), '--out', at('opened.txt'), at('sealed.eml')]));
      expect(read('opened.txt')).toContain('Subject: long');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
    });

    test('encrypt, and --bcc', () => {
      const run = mailseal(
        [
          'encrypt',
          '--algorithm',
          'aes128-cbc',
          '--roots',
          at('ca.pem'),
          '--bcc',
          at('jiro.pem'),
          '--out',
          at('each.eml'),
          ...to(),
          '-',
        ],
        { input: mail.replace('To: hanako', 'To: taro') },
      );
      expect([run.status, run.stderr]).toEqual([0, 'mailseal: the field Bcc is left out\n']);
      decrypted('each.eml');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
      expect(() => decrypted('each.bcc-1.eml')).toThrow('Error decrypting');
      decrypted('each.bcc-1.eml', 'jiro');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
    });

    test('encrypt for Bcc alone, and for the sender alone', () => {
      const cipher = ['--algorithm', 'aes128-cbc', '--out', at('alone.eml')];
      clean(mailseal(['encrypt', ...cipher, '--bcc', at('jiro.pem'), '--', at('mail.eml')]));
      expect(existsSync(at('alone.eml'))).toBe(false);
      decrypted('alone.bcc-1.eml', 'jiro');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
      clean(mailseal(['encrypt', ...cipher, '--originator', at('taro.pem'), at('mail.eml')]));
      decrypted('alone.eml');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
    });

    test('rekey', () => {
      clean(
        mailseal([
          'encrypt',
          '--algorithm',
          'aes128-cbc',
          '--out',
          at('sealed.eml'),
          ...to(),
          at('mail.eml'),
        ]),
      );
      const run = mailseal(['rekey', ...own(), ...to()], { input: read('sealed.eml') });
      clean(run);
      writeFileSync(at('rekeyed.eml'), run.stdout);
      expect(run.stdout).not.toBe(read('sealed.eml'));
      decrypted('rekeyed.eml');
      expect(fileIn('opened.txt', 1).equals(expected)).toBe(true);
    });

    test('bare content becomes a file, text as well', () => {
      clean(mailseal(['sign', ...own(), '--out', at('signed.eml'), at('content.bin')]));
      verified('signed.eml');
      expect(read('opened.txt').slice(0, 500)).toMatch(/filename="?content\.bin/);
      expect(fileIn('opened.txt', 0).equals(expected)).toBe(true);
      clean(
        mailseal(['encrypt', '--algorithm', 'aes128-cbc', '--out', at('sealed.eml'), ...to(), '-'], {
          input: lines,
        }),
      );
      decrypted('sealed.eml');
      expect(fileIn('opened.txt', 0).toString('latin1')).toBe(lines);
      const bare = mailseal([
        'sign',
        ...own(),
        '--bare',
        '--opaque',
        '--out',
        at('signed.eml'),
        at('mail.eml'),
      ]);
      clean(bare);
      verified('signed.eml');
      expect(fileIn('opened.txt', 0).equals(readFileSync(at('mail.eml')))).toBe(true);
    });

    test('a certificate that is not good enough is refused before anything is written', () => {
      for (const args of [['encrypt'], ['rekey', ...own()]]) {
        const file = args[0] === 'encrypt' ? at('mail.eml') : at('sealed.eml');
        const run = mailseal([...args, '--at', '2099-01-01', ...to(), file]);
        expect([run.status, run.stdout, run.stderr]).toEqual([1, '', expect.stringContaining('--accept')]);
      }
    });
  });
});
