// node bench/cli-throughput.mjs [--megabytes 256] [--rounds 3] [--folder FOLDER]
//
// Measures the command on one long message against OpenSSL's for the same job,
// and against the bare native digest or cipher and base64 of the same octets.
// Each is a fresh process, they take turns, and a figure is the median of the CPU
// time (user and system) of the whole process, its start included. Writes the
// figures to bench/results.md; the folder needs place for eight times the message.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../tools/build-if-stale.mjs';
import { isMain, root } from '../tools/process.mjs';
import { load } from './common.mjs';
import { quantile } from './figures.mjs';
import { digits } from './format.mjs';
import { keep } from './report.mjs';

const goals = { openssl: 0.6, bare: 0.5 };
const password = '花子の合言葉';
const at = ['--at', '2027-01-01'];
const reader = ['--to', 'reader.pem', '--accept', 'key-usage', ...at];
const key = ['--p12', 'key.p12'];
const roots = ['--roots', 'roots.pem', ...at];
const good = ['-CAfile', 'roots.pem', '-purpose', 'any', '-no_check_time'];
const signer = ['-signer', 'reader.pem', '-inkey', 'key.pem', '-md', 'sha256'];
const own = ['-recip', 'reader.pem', '-inkey', 'key.pem'];

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {readonly string[]} ours what follows the program, without its input and output
 * @property {readonly string[]} [openssl]
 * @property {string} input
 * @property {string} output
 * @property {string} bare the steps of the bare process, as cli-bare.mjs has them
 */

/** @type {readonly Job[]} */
const jobs = [
  {
    name: 'sign',
    input: 'message',
    output: 'signed',
    bare: 'digest',
    ours: ['sign', ...key, ...at],
    openssl: ['-sign', '-binary', ...signer],
  },
  {
    name: 'verify',
    input: 'signed',
    output: '',
    bare: 'digest',
    ours: ['verify', ...roots],
    openssl: ['-verify', ...good],
  },
  {
    name: 'sign --opaque',
    input: 'message',
    output: 'opaque',
    bare: 'digest,base64',
    ours: ['sign', '--opaque', ...key, ...at],
    openssl: ['-sign', '-binary', '-nodetach', '-stream', ...signer],
  },
  {
    name: 'verify, opaque',
    input: 'opaque',
    output: 'plain',
    bare: 'unbase64,digest',
    ours: ['verify', ...roots],
    openssl: ['-verify', ...good],
  },
  ...['cbc', 'gcm'].flatMap((mode) => [
    {
      name: `encrypt, ${mode}`,
      input: 'message',
      output: mode,
      bare: `${mode},base64`,
      ours: ['encrypt', '--algorithm', `aes256-${mode}`, ...reader],
      openssl: ['-encrypt', '-binary', '-stream', `-aes-256-${mode}`],
    },
    {
      name: `decrypt, ${mode}`,
      input: mode,
      output: 'plain',
      bare: `unbase64,un${mode}`,
      ours: ['decrypt', ...key],
      openssl: ['-decrypt', '-binary', ...own],
    },
  ]),
  {
    name: 'rekey',
    input: 'gcm',
    output: 'rekeyed',
    bare: 'unbase64,base64',
    ours: ['rekey', ...key, ...reader],
  },
];

/**
 * Runs a program to its end.
 *
 * @param {readonly string[]} command
 * @param {string} cwd
 * @returns {number} microseconds of CPU
 */
function cpuOf([program = '', ...args], cwd) {
  // What children took is told by the shell: this process hears of its own alone.
  const done = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" 2>said >/dev/null', program, ...args],
    {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, MAILSEAL_PASSWORD: password, TMPDIR: cwd, LC_ALL: 'C.UTF-8' },
    },
  );
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${readFileSync(join(cwd, 'said'), 'utf8')}`);
  const [user = Number.NaN, system = Number.NaN] =
    done.stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return (user + system) * 1e6;
}

/** @param {string} folder @param {number} megabytes */
async function prepare(folder, megabytes) {
  const p12 = join(root, 'test', 'vectors', 'pki', 'hanako.p12');
  const { parsePkcs12 } = await load('pki');
  const { encodePem } = await load('encoding');
  copyFileSync(p12, join(folder, 'key.p12'));
  const { keys, certificates } = await parsePkcs12(readFileSync(p12), { password });
  const pem = (/** @type {any[]} */ all) => all.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join('');
  writeFileSync(join(folder, 'reader.pem'), pem([keys[0].certificate]));
  writeFileSync(
    join(folder, 'roots.pem'),
    pem(certificates.map((/** @type {any} */ each) => each.certificate)),
  );
  cpuOf(
    [
      'openssl',
      'pkcs12',
      '-in',
      'key.p12',
      '-passin',
      `pass:${password}`,
      '-nodes',
      '-nocerts',
      '-out',
      'key.pem',
    ],
    folder,
  );
  const file = openSync(join(folder, 'message'), 'w');
  const header = ['From: hanako@example.jp', 'Subject: long', 'MIME-Version: 1.0'];
  const type = ['Content-Type: application/octet-stream', 'Content-Transfer-Encoding: base64', '', ''];
  writeSync(file, [...header, ...type].join('\r\n'));
  const lines = randomBytes(57 * 1024)
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n');
  for (let written = 0; written < megabytes * 1e6; written += lines.length) writeSync(file, lines);
  closeSync(file);
}

async function main() {
  const { values } = parseArgs({
    options: {
      megabytes: { type: 'string', default: '256' },
      rounds: { type: 'string', default: '3' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  await buildIfStale();
  const folder = mkdtempSync(join(values.folder, 'mailseal-throughput-'));
  const rows = ['| job | ours | OpenSSL | ratio | bare | ratio |', '|---|---|---|---|---|---|'];
  try {
    await prepare(folder, Number(values.megabytes));
    for (const { name, ours, openssl, input, output, bare: steps } of jobs) {
      const out = output === '' ? [] : ['--out', output];
      /** @type {Record<string, readonly string[]>} */
      const commands = {
        ours: [process.execPath, join(root, 'dist', 'cli', 'main.js'), ...ours, ...out, input],
        bare: [process.execPath, join(root, 'bench', 'cli-bare.mjs'), steps, input, output && 'bare'],
      };
      if (openssl !== undefined) {
        const last = openssl[0] === '-encrypt' ? ['reader.pem'] : [];
        const to = output === '' ? '/dev/null' : 'theirs';
        commands['openssl'] = ['openssl', 'cms', ...openssl, '-in', input, '-out', to, ...last];
      }
      /** @type {Record<string, number[]>} */
      const times = {};
      /** @type {Record<string, string>} */
      const failures = {};
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const [who, command] of Object.entries(commands)) {
          if (failures[who] !== undefined) continue;
          try {
            times[who] = [...(times[who] ?? []), cpuOf(command, folder)];
          } catch (error) {
            if (who !== 'openssl') throw error;
            failures[who] = String(error);
            console.error(failures[who]);
          }
        }
      }
      const middle = (/** @type {string} */ who) => quantile(times[who] ?? [], 0.5) / 1e6;
      const cells = (/** @type {'openssl' | 'bare'} */ who) => {
        if (times[who] === undefined) return failures[who] === undefined ? ['', ''] : ['not run', ''];
        const ratio = middle(who) / middle('ours');
        const isMissed = ratio < goals[who];
        return [
          `${digits(middle(who))} s`,
          `${digits(ratio)}× (≥ ${goals[who]}×${isMissed ? ' missed' : ''})`,
        ];
      };
      const row = `| ${[name, `${digits(middle('ours'))} s`, ...cells('openssl'), ...cells('bare')].join(' | ')} |`;
      console.log(row);
      rows.push(row);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const title = `The command on a message of ${values.megabytes} MB: CPU time of whole processes, the median of ${values.rounds} each; bare is the native digest or cipher and base64 of the same octets in a process.`;
  if (Number(values.rounds) >= 3 && Number(values.megabytes) >= 256)
    await keep([], [{ name: 'cli-throughput', text: `${title}\n\n${rows.join('\n')}\n` }]);
}

if (isMain(import.meta.url)) await main();
