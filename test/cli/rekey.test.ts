import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { rekey } from '../../src/cli/rekey.js';
import { MailsealError } from '../../src/core/errors.js';
import { parseMessage } from '../../src/mime/message.js';
import { describeProgram } from '../support/programs.js';
import { seededDraw } from '../support/seeded.js';
import { makePeople, opensslFolder } from './people.js';
import { mailseal, needsBuild, temporaryFolder } from './support.js';

describeProgram('openssl', () => {
  needsBuild();
  const folder = temporaryFolder();
  const { at, read, openssl } = opensslFolder(folder);
  const text = 'The price is 10,000 yen.';
  const mail = `From: hanako@example.jp\nTo: list@example.jp\nSubject: Friday\n\n${text}\n`;

  beforeAll(() => {
    makePeople({ at, openssl }, [
      ['list', 'rsa', 'digitalSignature,keyEncipherment'],
      ['taro', 'rsa', 'keyEncipherment'],
      ['jiro', 'ec', 'keyAgreement'],
    ]);
    writeFileSync(at('mail.eml'), mail);
    seal('aes256', 'SMIME', 'sealed.eml');
    seal('aes-128-gcm', 'DER', 'sealed.p7m');
    seal('aes128', 'PEM', 'sealed.pem');
  }, 60_000);

  const seal = (cipher: string, form: string, name: string): string =>
    openssl(
      ...['cms', '-encrypt', '-in', 'mail.eml', `-${cipher}`, '-outform', form, '-out', name],
      ...['-from', 'hanako@example.jp', '-to', 'list@example.jp', '-subject', 'Friday', 'list.pem'],
    );
  const own = (): string[] => ['--key', at('list.key'), '--cert', at('list.pem')];
  const to = (...names: string[]): string[] => ['--to', ...names.map((name) => at(`${name}.pem`)), '--'];
  const opened = (name: string, form: string, whose: string): string => {
    const key = ['-recip', `${whose}.pem`, '-inkey', `${whose}.key`];
    openssl('cms', '-decrypt', '-inform', form, '-in', name, ...key, '-out', 'opened.txt');
    return read('opened.txt');
  };
  const clean = (run: ReturnType<typeof mailseal>): void => expect([run.stderr, run.status]).toEqual(['', 0]);

  describe('mailseal rekey', () => {
    test.each([
      ['sealed.eml', 'SMIME'],
      ['sealed.p7m', 'DER'],
      ['sealed.pem', 'PEM'],
    ] as const)('%s: the new readers open what comes out, the former one does not', (name, form) => {
      clean(mailseal(['rekey', ...own(), '--out', at('out'), ...to('taro', 'jiro'), at(name)]));
      const outForm = form === 'PEM' ? 'DER' : form;
      for (const whose of ['taro', 'jiro']) expect(opened('out', outForm, whose)).toContain(text);
      expect(() => opened('out', outForm, 'list')).toThrow('Error decrypting');
      const key = ['--key', at('taro.key'), '--cert', at('taro.pem')];
      expect(mailseal(['decrypt', ...key, at('out')]).stdout).toContain(text);
    });

    test('--add leaves the former reader in, from the standard input to the standard output', () => {
      const run = mailseal(['rekey', ...own(), '--add', ...to('taro')], { input: read('sealed.eml') });
      clean(run);
      writeFileSync(at('out'), run.stdout);
      for (const whose of ['taro', 'list']) expect(opened('out', 'SMIME', whose)).toContain(text);
    });

    test('the header and the encrypted octets stay', () => {
      clean(mailseal(['rekey', ...own(), '--replace', '--out', at('out'), ...to('taro'), at('sealed.eml')]));
      for (const field of ['From: hanako@example.jp', 'To: list@example.jp', 'Subject: Friday'])
        expect(read('out')).toContain(`${field}\r\n`);
      const content = (name: string): string => {
        const { bodyBytes } = parseMessage(readFileSync(at(name)));
        const cms = Buffer.from(Buffer.from(bodyBytes).toString('latin1'), 'base64').toString('hex');
        // The algorithm AES-256-CBC, and what stands behind it.
        return cms.slice(cms.indexOf('060960864801650304012a0410')).slice(0, 26 + 32);
      };
      expect(content('out')).toHaveLength(58);
      expect(content('out')).toBe(content('sealed.eml'));
      const printed = openssl('cms', '-cmsout', '-print', '-in', 'out');
      expect(printed.match(/d\.ktri:/g)).toHaveLength(1);
    });

    test.each([
      ['no key', () => to('taro'), 2, 'say with which key'],
      ['no reader', () => own(), 2, 'say for whom'],
      ['--add and --replace', () => [...own(), '--add', '--replace', ...to('taro')], 2, 'give one of them'],
      [
        '--add and --keep-unknown',
        () => [...own(), '--add', '--keep-unknown', ...to('taro')],
        2,
        '--replace',
      ],
      [
        'the key of another',
        () => ['--key', at('taro.key'), '--cert', at('taro.pem'), ...to('taro')],
        1,
        'it cannot be re-keyed',
      ],
      ['a certificate that expired', () => [...own(), '--at', '2099-01-01', ...to('taro')], 1, '--accept'],
      ['a foreign authority', () => [...own(), '--roots', at('jiro.pem'), ...to('taro')], 1, 'untrusted'],
    ] as const)('%s is refused, and nothing is written', (_, args, status, says) => {
      for (const name of status === 2 ? ['sealed.eml'] : ['sealed.eml', 'sealed.p7m']) {
        const run = mailseal(['rekey', '--out', at('never'), ...args(), at(name)]);
        expect([run.status, run.stdout, run.stderr]).toEqual([status, '', expect.stringContaining(says)]);
        expect(existsSync(at('never'))).toBe(false);
      }
    });

    test.each([
      ['what is not encrypted', (): string => mail, 1, 'not encrypted'],
      ['what is no mail', (): string => 'nothing\n', 3, 'neither a mail message'],
      ['an empty file', (): string => '', 3, 'neither a mail message'],
    ] as const)('%s cannot be re-keyed', (_, input, status, says) => {
      const run = mailseal(['rekey', ...own(), ...to('taro')], { input: input() });
      expect([run.status, run.stdout, run.stderr]).toEqual([status, '', expect.stringContaining(says)]);
    });

    test('what it reads is not written over', () => {
      for (const name of ['sealed.eml', 'list.key', 'taro.pem']) {
        const run = mailseal(['rekey', ...own(), '--out', at(name), ...to('taro'), at('sealed.eml')]);
        expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('that is a file that is read')]);
      }
    });

    test.each(['sealed.eml', 'sealed.p7m', 'sealed.pem'])(
      '%s cut off anywhere: an error, and no file',
      async (name) => {
        const whole = readFileSync(at(name));
        const end = whole.toString('latin1').trimEnd().length;
        const draw = seededDraw(11);
        const places = [
          0,
          1,
          2,
          whole.indexOf('\n\n') + 1,
          whole.indexOf('\n\n') + 2,
          end >> 1,
          end - 2,
          end - 1,
        ];
        for (let i = 0; i < 200; i += 1) places.push(draw(end));
        const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
        const codes: string[] = [];
        try {
          for (const place of places) {
            writeFileSync(at('cut'), whole.subarray(0, place));
            const code = await rekey([...own(), '--out', at('never'), ...to('taro'), at('cut')]).catch(
              (error: unknown) => {
                if (!(error instanceof MailsealError)) throw error;
                return error.code;
              },
            );
            codes.push(String(code));
            expect(code, `cut at ${place}`).not.toBe(0);
          }
          expect(said.mock.calls.length).toBe(codes.filter((code) => code === '1').length);
        } finally {
          said.mockRestore();
        }
        expect(codes).toHaveLength(208);
        expect(readdirSync(folder).filter((each) => each === 'never' || each.endsWith('.tmp'))).toEqual([]);
        const run = mailseal(['rekey', ...own(), '--out', at('never'), ...to('taro'), at('cut')]);
        expect([run.stdout, run.status === 1 || run.status === 3]).toEqual(['', true]);
        expect(run.stderr).not.toBe('');
      },
    );
  });
});
