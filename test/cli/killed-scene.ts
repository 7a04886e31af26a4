import { statSync, writeFileSync } from 'node:fs';
import { seededOctets } from '../support/seeded.js';
import { makePeople, type OpensslFolder } from './people.js';
import { mailseal } from './support.js';

/** A command that writes a file: its arguments but for `--out`, and whether a file is what it makes. */
export interface WritingCommand {
  readonly args: readonly string[];
  readonly isWhole: (file: string) => boolean;
}

/** The commands of which runs are killed. */
export const writingCommands = ['sign', 'encrypt', 'decrypt', 'rekey'] as const;

/** Makes a message of some megabytes, and tells how each command writes what it makes of it. */
export function writingScene(files: OpensslFolder): Record<(typeof writingCommands)[number], WritingCommand> {
  const { at } = files;
  makePeople(files, [['taro', 'rsa', 'digitalSignature,keyEncipherment']]);
  const line = `${Buffer.from(seededOctets(5)(54)).toString('base64')}\r\n`;
  writeFileSync(
    at('mail.eml'),
    [
      'From: taro@example.jp\r\nSubject: long\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n',
      `Content-Transfer-Encoding: base64\r\n\r\n${line.repeat(100_000)}`,
    ].join(''),
  );
  const own = ['--key', at('taro.key'), '--cert', at('taro.pem')];
  const args = {
    sign: ['sign', ...own, at('mail.eml')],
    encrypt: ['encrypt', '--to', at('taro.pem'), '--', at('mail.eml')],
    decrypt: ['decrypt', ...own, at('whole-encrypt')],
    rekey: ['rekey', ...own, '--to', at('taro.pem'), '--', at('whole-encrypt')],
  };
  const command = (name: keyof typeof args): WritingCommand => {
    // Of what is random in it, such as boundaries and keys, the length is always the same.
    const whole = at(`whole-${name}`);
    const { status, stderr } = mailseal([name, '--out', whole, ...args[name].slice(1)]);
    if (status !== 0) throw new Error(stderr);
    const { size } = statSync(whole);
    return { args: args[name], isWhole: (file) => statSync(file).size === size };
  };
  return {
    sign: command('sign'),
    encrypt: command('encrypt'),
    decrypt: command('decrypt'),
    rekey: command('rekey'),
  };
}
