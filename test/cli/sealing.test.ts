import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeProgram } from '../support/programs.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, needsBuild, temporaryFolder } from './support.js';

describeProgram('openssl', () => {
  needsBuild();
  const { at, read, openssl } = opensslFolder(temporaryFolder());

  const text = 'お見積もりの金額は 10,000円です。';
  const mail = [
    'From: 花子 <hanako@example.jp>',
    'To: taro@example.jp',
    'Subject: =?UTF-8?B?6KaL56mN44KC44KK?=',
    'Date: Fri, 20 Nov 2026 09:00:00 +0900',
    'Message-ID: <1@example.jp>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
    '',
  ].join('\n');
  const password = '花子の合言葉';

  beforeAll(() => {
    writeFileSync(at('mail.eml'), mail);
    writeFileSync(at('password'), `${password}\n`);
    writeFileSync(at('wrong'), 'something else\n');
    makePeople({ at, openssl }, [
      ['hanako', 'rsa', 'digitalSignature,keyEncipherment'],
      ['taro', 'rsa', 'digitalSignature,keyEncipherment'],
      ['jiro', 'ec', 'digitalSignature,keyAgreement'],
      ['archive', 'rsa', 'keyEncipherment'],
    ]);
    openssl(
      ...['pkcs12', '-export', '-inkey', 'hanako.key', '-in', 'hanako.pem', '-certfile', 'ca.pem'],
      ...['-passout', 'file:password', '-out', 'hanako.p12'],
    );
    openssl('pkcs8', '-topk8', '-in', 'taro.key', '-passout', 'file:password', '-out', 'taro.enc');
  }, 60_000);

  const own = (): string[] => ['--p12', at('hanako.p12'), '--password-file', at('password')];
  const clean = (run: ReturnType<typeof mailseal>): void => expect([run.stderr, run.status]).toEqual(['', 0]);
  const verified = (file: string): string =>
    openssl('cms', '-verify', '-in', file, '-CAfile', 'ca.pem', '-out', 'verified.txt');

  describe('mailseal sign', () => {
    test('signs a message that OpenSSL verifies, and mailseal verify too', () => {
      clean(mailseal(['sign', ...own(), '--out', at('signed.eml'), at('mail.eml')]));
      expect(read('signed.eml')).toMatch(/^From: .*\r\nTo: taro@example\.jp\r\nSubject: /);
      expect(read('signed.eml')).toContain('multipart/signed');
      verified('signed.eml');
      const run = mailseal(['verify', '--roots', at('ca.pem'), at('signed.eml')]);
      expect([run.status, run.stdout.split('\n')[0]]).toEqual([
        0,
        '✔ Verified: signed by hanako <hanako@example.jp>, and unchanged since',
      ]);
      writeFileSync(
        at('altered.eml'),
        read('signed.eml').replace('5LqL', '5LqM').replace('44GK', '44GL'),
        'latin1',
      );
      expect(mailseal(['verify', '--roots', at('ca.pem'), at('altered.eml')]).status).toBe(1);
    });

    test.each([
      [
        'the password from the environment',
        () => ['--p12', at('hanako.p12')],
        { MAILSEAL_PASSWORD: password },
      ],
      ['a key and a certificate', () => ['--key', at('hanako.key'), '--cert', at('hanako.pem')], {}],
      [
        'an encrypted key',
        () => ['--key', at('taro.enc'), '--cert', at('taro.pem'), '--password-file', at('password')],
        {},
      ],
      ['an elliptic curve', () => ['--key', at('jiro.key'), '--cert', at('jiro.pem')], {}],
      ['the opaque form', () => [...own(), '--opaque'], {}],
      ['RSASSA-PSS', () => [...own(), '--algorithm', 'pss-sha384'], {}],
      ['SHA-512', () => [...own(), '--algorithm', 'sha512'], {}],
      ['few attributes', () => [...own(), '--legacy'], {}],
      ['header protection', () => [...own(), '--header-protection'], {}],
      ['two signers', () => [...own(), '--key', at('taro.key'), '--cert', at('taro.pem')], {}],
    ] as const)('with %s, from the standard input to the standard output', (_, args, env) => {
      const run = mailseal(['sign', ...args(), '-'], { input: mail, env });
      clean(run);
      writeFileSync(at('out.eml'), run.stdout);
      verified('out.eml');
      expect(mailseal(['verify', '--any-signer', '--roots', at('ca.pem'), at('out.eml')]).status).toBe(0);
    });

    test('--algorithm and --legacy do what they say', () => {
      const printed = (args: readonly string[]): string => {
        writeFileSync(at('out.eml'), mailseal(['sign', ...own(), ...args, at('mail.eml')]).stdout);
        return openssl('cms', '-cmsout', '-print', '-in', 'out.eml');
      };
      expect(printed(['--algorithm', 'pss-sha512'])).toMatch(/rsassaPss/i);
      expect(printed(['--algorithm', 'sha384'])).toMatch(/sha384/);
      expect(printed([])).toMatch(/signingCertificateV2/);
      expect(printed(['--legacy'])).not.toMatch(/signingCertificateV2/);
    });

    test('bare content becomes a message: text, and a file of any kind', () => {
      const run = mailseal(['sign', ...own(), '--opaque'], { input: text });
      clean(run);
      writeFileSync(at('out.eml'), run.stdout);
      openssl('cms', '-verify', '-in', 'out.eml', '-CAfile', 'ca.pem', '-out', 'verified.txt');
      expect(read('verified.txt')).toContain('Content-Type: text/plain; charset=utf-8');
      writeFileSync(at('picture.png'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff));
      clean(mailseal(['sign', ...own(), '--out', at('out.eml'), at('picture.png')]));
      verified('out.eml');
      expect(read('verified.txt')).toMatch(/filename="?picture\.png/);
    });

    test('--bare takes what looks like a header for content', () => {
      const input = 'Note: bring the key\n\nat nine\n';
      expect(mailseal(['sign', ...own(), '-'], { input }).stdout).toMatch(/^Note: bring/m);
      const bare = mailseal(['sign', ...own(), '--bare', '-'], { input });
      expect(bare.stdout.split('\r\n\r\n')[0]).not.toContain('Note:');
      expect(bare.stdout).toContain('Note: bring the key');
    });

    test('--cert beside --p12 says which key is meant, and it must be there', () => {
      const run = mailseal(['sign', ...own(), '--cert', at('hanako.pem'), at('mail.eml')]);
      clean(run);
      const other = mailseal(['sign', ...own(), '--cert', at('taro.pem'), at('mail.eml')]);
      expect([other.status, other.stderr]).toEqual([
        2,
        expect.stringContaining('there is no private key for it'),
      ]);
    });

    test.each([
      ['nobody who signs', () => [], 'say who signs'],
      ['no password', () => ['--p12', at('hanako.p12')], 'it has a password; give it with --password-file'],
      [
        'a wrong password',
        () => ['--p12', at('hanako.p12'), '--password-file', at('wrong')],
        'the password is wrong',
      ],
      ['a key without certificate', () => ['--key', at('hanako.key')], '--cert FILE'],
      [
        'the certificate of another',
        () => ['--key', at('hanako.key'), '--cert', at('taro.pem')],
        'it is not the certificate of the key',
      ],
      ['a certificate alone', () => ['--cert', at('taro.pem')], '--cert goes with a private key'],
      [
        'a key that is not for signing',
        () => ['--key', at('archive.key'), '--cert', at('archive.pem')],
        'is not for signing',
      ],
      ['an unknown algorithm', () => [...own(), '--algorithm', 'md5'], 'give sha256'],
      [
        'PSS with an elliptic curve',
        () => ['--key', at('jiro.key'), '--cert', at('jiro.pem'), '--algorithm', 'pss-sha256'],
        'does not go with a key of the kind ec',
      ],
      ['no date', () => [...own(), '--at', 'yesterday'], '--at yesterday'],
      ['no file', () => ['--p12', at('nowhere.p12')], 'there is no such file'],
      ['no PKCS#12 file', () => ['--p12', at('ca.pem')], 'it cannot be read'],
      ['the standard input twice', () => ['--p12', '-', '--chain', '-'], 'only once'],
    ] as const)('%s is wrong usage', (_, args, says) => {
      const run = mailseal(['sign', ...args(), '--out', at('never.eml'), at('mail.eml')]);
      expect([run.status, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain(says);
      expect(run.stderr).not.toContain(password);
      expect(existsSync(at('never.eml'))).toBe(false);
    });
  });

  describe('mailseal encrypt', () => {
    const opened = (file: string, name: string): string => {
      const key = ['-recip', `${name}.pem`, '-inkey', `${name}.key`];
      openssl('cms', '-decrypt', '-in', file, ...key, '-out', 'opened.txt');
      return Buffer.from(read('opened.txt'), 'latin1').toString('utf8');
    };
    const isBase64 = (message: string): string =>
      Buffer.from(message.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8');

    test.each([
      ['aes256-cbc', ['--algorithm', 'aes256-cbc']],
      ['aes128-gcm', ['--algorithm', 'aes128-gcm']],
      ['what is chosen by itself', []],
      ['triple DES', ['--legacy']],
    ] as const)('%s: OpenSSL decrypts it, and mailseal decrypt too', (_, args) => {
      clean(mailseal(['encrypt', '--to', at('taro.pem'), ...args, '--out', at('out.eml'), at('mail.eml')]));
      expect(read('out.eml')).toContain('To: taro@example.jp');
      expect(isBase64(opened('out.eml', 'taro'))).toContain(text);
      const key = ['--key', at('taro.key'), '--cert', at('taro.pem')];
      const run = mailseal(['decrypt', ...key, at('out.eml')]);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain('From: ');
      expect(isBase64(run.stdout)).toContain(text);
    });

    test('for several, on a curve too, for escrow and for oneself', () => {
      const others = ['--escrow', at('archive.pem'), '--originator', at('hanako.pem')];
      clean(
        mailseal([
          ...[
            'encrypt',
            '--to',
            at('taro.pem'),
            '--to',
            at('jiro.pem'),
            '--algorithm',
            'aes128-cbc',
            ...others,
          ],
          ...['--out', at('out.eml'), at('mail.eml')],
        ]),
      );
      for (const name of ['taro', 'jiro', 'archive', 'hanako'])
        expect(isBase64(opened('out.eml', name)), name).toContain(text);
    });

    test('a key or certificate that stands last is not taken for the message', () => {
      const input = mail;
      for (const [args, file] of [
        [
          ['sign', '--p12', at('hanako.p12'), at('hanako.p12'), '--password-file', at('password')],
          'hanako.p12',
        ],
        [['encrypt', '--to', at('taro.pem'), at('jiro.pem')], 'jiro.pem'],
        [['encrypt', '--bare', '--to', at('taro.pem'), at('taro.key')], 'taro.key'],
      ] as const) {
        const run = mailseal(args, { input });
        expect([run.status, run.stdout]).toEqual([2, '']);
        expect(run.stderr).toContain(`${at(file)} is a key or a certificate`);
      }
      const both = mailseal(['encrypt', '--to', at('taro.pem'), at('jiro.pem'), '-'], { input });
      expect([both.status, both.stderr]).toEqual([0, '']);
      writeFileSync(at('both.eml'), both.stdout);
      for (const name of ['taro', 'jiro'])
        expect(opened('both.eml', name)).toContain('Content-Type: text/plain');
      // What stands by itself is sealed, whatever it is; so is a text behind the option.
      expect(mailseal(['encrypt', '--to', at('taro.pem'), '--', at('jiro.pem')]).status).toBe(0);
      expect(mailseal(['encrypt', '--to', at('taro.pem'), at('mail.eml')]).status).toBe(0);
    });

    test('--bcc gives each a message of his own', () => {
      const input = mail.replace('To: taro', 'Bcc: jiro@example.jp, archive@example.jp\nTo: taro');
      const bcc = ['--bcc', at('jiro.pem'), at('archive.pem'), '--roots', at('ca.pem')];
      const args = [
        '--to',
        at('taro.pem'),
        ...bcc,
        '--algorithm',
        'aes128-cbc',
        '--out',
        at('each.eml'),
        '-',
      ];
      const run = mailseal(['encrypt', ...args], { input });
      expect([run.status, run.stderr]).toEqual([0, 'mailseal: the field Bcc is left out\n']);
      const names = ['taro', 'jiro', 'archive'];
      for (const [i, own] of names.entries()) {
        const file = i === 0 ? 'each.eml' : `each.bcc-${i}.eml`;
        // Three letters stand in base64 by chance; the content is looked at as octets.
        const [head = '', base64 = ''] = read(file).split(/\r?\n\r?\n/);
        expect(head).not.toMatch(/bcc|jiro|archive/i);
        expect(Buffer.from(base64, 'base64').toString('latin1')).not.toMatch(/jiro|archive/);
        for (const name of names) {
          if (name === own) expect(isBase64(opened(file, name))).toContain(text);
          else expect(() => opened(file, name), `${file} for ${name}`).toThrow('Error decrypting');
        }
      }
      writeFileSync(at('key.bcc-1.pem'), read('jiro.pem'));
      const over = [
        '--to',
        at('taro.pem'),
        '--bcc',
        at('key.bcc-1.pem'),
        '--out',
        at('key.pem'),
        at('mail.eml'),
      ];
      const refused = mailseal(['encrypt', ...over]);
      expect([refused.status, refused.stderr]).toEqual([
        2,
        expect.stringContaining('is a file that is read'),
      ]);
    });

    test('signed first with a private key', () => {
      const args = ['--to', at('taro.pem'), '--algorithm', 'aes256-cbc', '--digest', 'sha384'];
      clean(mailseal(['encrypt', ...own(), ...args, '--out', at('out.eml'), at('mail.eml')]));
      writeFileSync(at('inner.eml'), opened('out.eml', 'taro'));
      verified('inner.eml');
      const key = ['--key', at('taro.key'), '--cert', at('taro.pem')];
      const run = mailseal(['decrypt', ...key, at('out.eml')]);
      const verdict = mailseal(['verify', '--roots', at('ca.pem'), '-'], { input: run.stdout });
      expect([verdict.status, verdict.stdout.split('\n')[0]]).toEqual([
        0,
        '✔ Verified: signed by hanako <hanako@example.jp>, and unchanged since',
      ]);
    });

    test('--header-protection hides the subject', () => {
      const subject = 'Subject: =?UTF-8?B?6KaL56mN44KC44KK?=';
      clean(
        mailseal([
          'encrypt',
          ...own(),
          '--to',
          at('taro.pem'),
          '--header-protection',
          '--out',
          at('out.eml'),
          at('mail.eml'),
        ]),
      );
      expect(read('out.eml')).not.toContain(subject);
      const run = mailseal(['decrypt', '--key', at('taro.key'), '--cert', at('taro.pem'), at('out.eml')]);
      expect(run.stdout).toContain(subject);
    });

    test('a certificate that is not good enough is refused, unless that is accepted', () => {
      const args = ['encrypt', '--to', at('taro.pem'), '--at', '2099-01-01', at('mail.eml')];
      const refused = mailseal(args);
      expect([refused.status, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toMatch(/expired: .*taro.*--accept/s);
      expect(mailseal([...args.slice(0, -1), '--accept', 'expired', '--', at('mail.eml')]).status).toBe(0);
    });

    test('--roots asks for a path and for the address', () => {
      const to = (name: string): ReturnType<typeof mailseal> =>
        mailseal(['encrypt', '--to', at(`${name}.pem`), '--roots', at('ca.pem'), '--', at('mail.eml')]);
      clean(to('taro'));
      expect([to('jiro').status, to('jiro').stderr]).toEqual([1, expect.stringContaining('address-differs')]);
      const foreign = ['--roots', at('jiro.pem'), '--', at('mail.eml')];
      const untrusted = mailseal(['encrypt', '--to', at('taro.pem'), ...foreign]);
      expect([untrusted.status, untrusted.stderr]).toEqual([1, expect.stringContaining('untrusted')]);
    });

    test.each([
      ['nobody to encrypt for', () => [], 'say for whom'],
      ['an unknown cipher', () => ['--to', at('taro.pem'), '--algorithm', 'rc4'], 'give one of aes128-gcm'],
      [
        'two ciphers',
        () => ['--to', at('taro.pem'), '--legacy', '--algorithm', 'aes128-cbc'],
        '--legacy stands for',
      ],
      ['an unknown problem', () => ['--to', at('taro.pem'), '--accept', 'anything'], '--accept anything'],
      ['no certificate', () => ['--to', at('taro.key')], 'no certificate'],
      [
        'a message for each without a name',
        () => ['--to', at('taro.pem'), '--bcc', at('jiro.pem'), '--out', '-', '--'],
        'name the first with --out',
      ],
      [
        'messages without a name',
        () => ['--bcc', at('jiro.pem'), '--out', ''],
        'the name of a file to write is empty',
      ],
      ['a form of no signature', () => ['--to', at('taro.pem'), '--opaque'], 'is about the signature'],
    ] as const)('%s is wrong usage', (_, args, says) => {
      const run = mailseal(['encrypt', '--out', at('never.eml'), ...args(), at('mail.eml')]);
      expect([run.status, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain(says);
      expect(existsSync(at('never.eml'))).toBe(false);
    });
  });

  describe('what is written', () => {
    test('Bcc is left out, and that is said', () => {
      const input = mail.replace('To: taro', 'Bcc: Secret\n <boss@example.jp>\nTo: taro');
      for (const args of [
        ['sign', ...own()],
        ['encrypt', '--to', at('taro.pem')],
      ]) {
        const run = mailseal([...args, '-'], { input });
        expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('Bcc is left out')]);
        expect(run.stdout).not.toMatch(/boss@|bcc:/i);
        expect(run.stdout).toMatch(/^From: .*\r\nTo: taro@/);
      }
    });

    test('what was decrypted is for its owner alone, and no file that is read is written over', () => {
      openssl('cms', '-encrypt', '-in', 'mail.eml', '-aes128', '-out', 'sealed.eml', 'taro.pem');
      const args = ['--key', at('taro.key'), '--cert', at('taro.pem'), at('sealed.eml')];
      expect(mailseal(['decrypt', '--out', at('plain.eml'), ...args]).status).toBe(0);
      expect(statSync(at('plain.eml')).mode & 0o777).toBe(0o600);
      clean(mailseal(['encrypt', ...own(), '--to', at('taro.pem'), '--out', at('out.eml'), at('mail.eml')]));
      const reading = [...args.slice(0, -1), '--roots', at('ca.pem'), '--', at('out.eml')];
      clean(mailseal(['verify', '--out', at('signed.txt'), ...reading]));
      expect(statSync(at('signed.txt')).mode & 0o777).toBe(0o600);
      const key = read('taro.key');
      for (const out of ['taro.key', 'taro.pem', 'sealed.eml']) {
        for (const command of ['decrypt', 'verify']) {
          const run = mailseal([command, '--out', at(out), ...args]);
          expect([run.status, run.stderr]).toEqual([
            2,
            expect.stringContaining('that is a file that is read'),
          ]);
        }
      }
      expect(read('taro.key')).toBe(key);
    });
  });

  describe('mailseal decrypt', () => {
    const key = (): string[] => ['--key', at('taro.key'), '--cert', at('taro.pem')];
    const sealed = (cipher: string, ...args: string[]): string => {
      openssl('cms', '-encrypt', '-in', 'mail.eml', `-${cipher}`, '-out', 'sealed.eml', ...args, 'taro.pem');
      return at('sealed.eml');
    };

    test.each(['aes128', 'aes256', 'des3', 'aes-128-gcm'])('what OpenSSL encrypted with %s', (cipher) => {
      const run = mailseal(['decrypt', ...key(), sealed(cipher)]);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain(text);
      // What has no tag may have been changed on the way, and that is said.
      expect(run.stderr).toMatch(cipher.endsWith('gcm') ? /^$/ : /does not show whether somebody changed it/);
    });

    test('a file of CMS gives its content, octet for octet', () => {
      const content = Uint8Array.of(0, 1, 0xff, 0x0d, 0x0a, 0x0a);
      writeFileSync(at('content.bin'), content);
      openssl(
        ...['cms', '-encrypt', '-binary', '-in', 'content.bin', '-aes256', '-outform', 'DER'],
        ...['-out', 'sealed.p7m', 'taro.pem'],
      );
      const run = mailseal(['decrypt', ...key(), '--out', at('content.out'), at('sealed.p7m')]);
      expect(run.status).toBe(0);
      expect(new Uint8Array(readFileSync(at('content.out')))).toEqual(content);
    });

    test('with a PKCS#12 file', () => {
      openssl('cms', '-encrypt', '-in', 'mail.eml', '-aes128', '-out', 'sealed.eml', 'hanako.pem');
      expect(mailseal(['decrypt', ...own(), at('sealed.eml')]).stdout).toContain(text);
    });

    test('--json tells the cipher and the recipients, and writes the message only where --out says so', () => {
      const report = JSON.parse(mailseal(['decrypt', ...key(), '--json', sealed('aes128')]).stdout);
      expect(report).toEqual({
        decrypted: true,
        type: 'envelopedData',
        cipher: 'aes128-cbc',
        authenticated: false,
        keyBound: false,
        recipient: {
          kind: 'key-transport',
          issuer: 'CN=Example Mail CA',
          serialNumber: expect.stringMatching(/^[0-9a-f]+$/),
        },
        recipients: [report.recipient],
        error: null,
      });
      const both = mailseal(['decrypt', ...key(), '--json', '--out', '-', at('sealed.eml')]);
      expect(both.stdout).toContain(text);
      expect(JSON.parse(both.stderr).decrypted).toBe(true);
    });

    test.each([
      [
        'whom it is not for',
        () => ['--key', at('archive.key'), '--cert', at('archive.pem')],
        'cms-no-recipient',
      ],
      [
        'who has a key of another',
        () => ['--key', at('jiro.key'), '--cert', at('jiro.pem')],
        'cms-no-recipient',
      ],
    ] as const)('one %s cannot decrypt it', (_, args, code) => {
      const file = sealed('aes128');
      const run = mailseal(['decrypt', ...args(), '--out', at('never.eml'), file]);
      expect([run.status, run.stdout]).toEqual([1, '']);
      expect(run.stderr.split('it cannot be decrypted')).toHaveLength(2);
      expect(existsSync(at('never.eml'))).toBe(false);
      const json = mailseal(['decrypt', ...args(), '--json', file]);
      expect([json.status, JSON.parse(json.stdout).error.code]).toEqual([1, code]);
      const piped = mailseal(['decrypt', ...args(), '--json', '--out', '-', file]);
      expect([piped.stdout, JSON.parse(piped.stderr).error.code]).toEqual(['', code]);
    });

    test('what was damaged, or is not encrypted, is no success', () => {
      const file = sealed('aes-128-gcm');
      const damaged = readFileSync(file, 'latin1').trimEnd().split('\n');
      const last = damaged.length - 1;
      damaged[last - 1] = damaged[last - 1]!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
      const run = mailseal(['decrypt', ...key()], { input: damaged.join('\n') });
      expect([run.status, run.stdout]).toEqual([1, '']);
      const plain = mailseal(['decrypt', ...key(), at('mail.eml')]);
      expect([plain.status, plain.stderr]).toEqual([1, expect.stringContaining('not encrypted')]);
      expect(mailseal(['decrypt', ...key()], { input: '\n' }).status).toBe(3);
    });

    test('what anybody can break needs --legacy', () => {
      const content = ['-provider', 'legacy', '-provider', 'default'];
      const file = sealed('rc2-40', ...content);
      const run = mailseal(['decrypt', ...key(), file]);
      expect([run.status, run.stdout]).toEqual([1, '']);
      expect(run.stderr).toContain('--legacy');
      expect(mailseal(['decrypt', ...key(), '--legacy', file]).stdout).toContain(text);
    });

    test('without a key it is wrong usage', () => {
      const run = mailseal(['decrypt', at('mail.eml')]);
      expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('say with which key')]);
    });
  });
});
