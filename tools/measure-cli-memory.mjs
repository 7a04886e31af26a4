// How much memory does the command take for long input?
//
//   node tools/measure-cli-memory.mjs [megabytes ..., default 100 1000] [--folder FOLDER]
//
// Runs sign, verify, encrypt, decrypt and rekey of the built package on messages
// of so many megabytes and prints the peak of each as the operating system tells
// it (what /usr/bin/time -v calls the maximum resident set size). Ends with 1
// where a job takes more than 100 MB, or the longest input 8 MB more than the
// shortest. The folder, the system's for temporary files by default, needs place
// for four times the longest input.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
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
import { buildIfStale } from './build-if-stale.mjs';
import { isMain, root } from './process.mjs';

/** The most megabytes that a job may take, and that it may take more for longer input. */
export const bounds = { peak: 100, growth: 8 };

/** When all certificates are good. */
const at = ['--at', '2027-01-01'];

/** Of the test vectors: a certificate for signing, which does for measuring. */
const reader = ['--to', 'reader.pem', '--accept', 'key-usage', ...at];

/**
 * The jobs in their order, each with what it reads, writes and is told.
 *
 * @type {readonly (readonly [name: string, input: string, output: string, args: readonly string[]])[]}
 */
const jobs = [
  ['sign', 'message', 'signed', ['sign', ...at, '--p12', 'key.p12']],
  ['verify', 'signed', '', ['verify', ...at, '--roots', 'roots.pem']],
  ['sign --opaque', 'message', 'opaque', ['sign', '--opaque', ...at, '--p12', 'key.p12']],
  ['verify, opaque', 'opaque', 'content', ['verify', ...at, '--roots', 'roots.pem']],
  ['encrypt, CBC', 'message', 'cbc', ['encrypt', '--algorithm', 'aes256-cbc', ...reader]],
  ['decrypt, CBC', 'cbc', 'plain', ['decrypt', '--p12', 'key.p12']],
  ['encrypt, GCM', 'message', 'gcm', ['encrypt', '--algorithm', 'aes256-gcm', ...reader]],
  ['decrypt, GCM', 'gcm', 'plain', ['decrypt', '--p12', 'key.p12']],
  ['rekey', 'gcm', 'rekeyed', ['rekey', '--p12', 'key.p12', ...reader]],
];

const password = '花子の合言葉';

/**
 * Writes a message with a file of random octets attached, in base64.
 *
 * @param {string} name
 * @param {number} length octets, or a little more
 */
function writeMessage(name, length) {
  const file = openSync(name, 'w');
  const boundary = `=_${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
  writeSync(
    file,
    [
      ...['From: hanako@example.jp', 'To: taro@example.jp', 'Subject: long', 'MIME-Version: 1.0'],
      ...[`Content-Type: multipart/mixed; boundary="${boundary}"`, '', `--${boundary}`, ''],
      ...['The file is here.', `--${boundary}`, 'Content-Type: application/octet-stream'],
      ...['Content-Transfer-Encoding: base64', '', ''],
    ].join('\r\n'),
  );
  const lines = randomBytes(57 * 1024)
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n');
  for (let written = 0; written < length; written += lines.length) writeSync(file, lines);
  writeSync(file, `--${boundary}--\r\n`);
  closeSync(file);
}

/**
 * Runs the command, which says at its end how much it took.
 *
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Promise<number>} megabytes
 */
function peak(args, folder) {
  const told = 'process.on("exit", () => process.send(process.resourceUsage().maxRSS))';
  const atEnd = `data:text/javascript,${encodeURIComponent(told)}`;
  const main = join(root, 'dist', 'cli', 'main.js');
  return new Promise((resolve, reject) => {
    let kilobytes = 0;
    const child = spawn(process.execPath, ['--import', atEnd, main, ...args], {
      cwd: folder,
      env: { ...process.env, MAILSEAL_PASSWORD: password, TMPDIR: folder },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    child.on('message', (message) => {
      kilobytes = Number(message);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0 && kilobytes > 0) resolve(kilobytes / 1024);
      else reject(new Error(`mailseal ${args[0]} ended with ${status}: ${said}`));
    });
  });
}

/**
 * The peak of each job for messages of so many megabytes.
 *
 * @param {readonly number[]} sizes
 * @param {string} [within] where there is place
 * @returns {Promise<Map<string, number[]>>} megabytes for each size
 */
export async function measureMemory(sizes, within = tmpdir()) {
  const folder = mkdtempSync(join(within, 'mailseal-memory-'));
  /** @type {Map<string, number[]>} */
  const peaks = new Map();
  try {
    const p12 = join(root, 'test', 'vectors', 'pki', 'hanako.p12');
    const { parsePkcs12 } = await import(join(root, 'dist', 'pki', 'index.js'));
    const { encodePem } = await import(join(root, 'dist', 'encoding', 'index.js'));
    copyFileSync(p12, join(folder, 'key.p12'));
    const { keys, certificates } = await parsePkcs12(readFileSync(p12), { password });
    /** @param {string} name @param {readonly { bytes: Uint8Array }[]} all */
    const write = (name, all) =>
      writeFileSync(join(folder, name), all.map(({ bytes }) => encodePem('CERTIFICATE', bytes)).join(''));
    write('reader.pem', [keys[0].certificate]);
    write(
      'roots.pem',
      certificates.map((/** @type {any} */ each) => each.certificate),
    );
    for (const size of sizes) {
      writeMessage(join(folder, 'message'), size * 1e6);
      for (const [name, input, output, args] of jobs) {
        const out = output === '' ? [] : ['--out', output];
        const found = await peak([...args, ...out, input], folder);
        peaks.set(name, [...(peaks.get(name) ?? []), found]);
        const isReadAgain = output === '' || ['signed', 'opaque', 'cbc', 'gcm'].includes(output);
        if (!isReadAgain) rmSync(join(folder, output), { force: true });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return peaks;
}

/** @param {ReadonlyMap<string, readonly number[]>} peaks */
export function tooMuch(peaks) {
  return [...peaks].filter(
    ([, each]) => Math.max(...each) > bounds.peak || (each.at(-1) ?? 0) - (each[0] ?? 0) > bounds.growth,
  );
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { folder: { type: 'string' } },
  });
  const sizes = positionals.length === 0 ? [100, 1000] : positionals.map(Number);
  await buildIfStale();
  const peaks = await measureMemory(sizes, values.folder);
  console.log(`${'job'.padEnd(16)}${sizes.map((size) => `${size} MB`.padStart(12)).join('')}`);
  for (const [name, each] of peaks)
    console.log(`${name.padEnd(16)}${each.map((found) => found.toFixed(1).padStart(12)).join('')}`);
  for (const [name] of tooMuch(peaks)) console.log(`${name} takes more than it may`);
  if (tooMuch(peaks).length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) await main();
