// How much memory beyond the input the 36 MB mail takes: its index, and all of
// it decoded. Each figure is that of a process of its own, which says by how
// much its resident memory rose at most (Linux tells and resets that peak), and
// what the engine still holds afterwards.
//
//   node --expose-gc bench/mime-memory.mjs FILE index|decode ENGINE

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMain } from '../tools/process.mjs';
import { largeMails, smallMails } from './mime-mails.mjs';

const cache = fileURLToPath(new URL('../.cache/bench/', import.meta.url));
const megabyte = 1e6;
const indexGoal = 5;
const decodedGoal = 1.3;

/**
 * @typedef {object} Figure
 * @property {number} peak octets
 * @property {number} kept octets
 * @property {number} decoded octets that were asked for
 */

/** @param {string} name a line of /proc/self/status, in octets */
function status(name) {
  const [, kibibytes] =
    new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kibibytes === undefined) throw new Error(`/proc/self/status does not tell ${name}`);
  return Number(kibibytes) * 1024;
}

/** @param {string} path */
function read(path) {
  const file = openSync(path, 'r');
  const octets = new Uint8Array(fstatSync(file).size);
  for (let at = 0; at < octets.length; ) at += readSync(file, octets, at, octets.length - at, at);
  closeSync(file);
  return octets;
}

/**
 * @param {string} path
 * @param {string} job
 * @param {string} engine
 * @returns {Promise<Figure>}
 */
async function measure(path, job, engine) {
  const { parseMessage } = await import(new URL('../dist/mime/index.js', import.meta.url).href);
  const octets = read(path);
  /** @param {Uint8Array} input */
  const work = (input) => {
    const message = parseMessage(input, { engine });
    const kept = [message];
    for (const part of message.walk()) {
      if (part.parts.length > 0) continue;
      if (part.contentType.mediaType === '' || job === 'index') continue;
      kept.push(part.contentType.mediaType.startsWith('text/') ? part.text() : part.content());
    }
    return kept;
  };
  // What is loaded and compiled at first use is not the mail's.
  for (const { octets: small } of smallMails()) work(small);
  const collect = /** @type {() => void} */ (Reflect.get(globalThis, 'gc'));
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const heldBefore = held();
  writeFileSync('/proc/self/clear_refs', '5');
  const before = status('VmRSS');
  const [message, ...decoded] = work(octets);
  const peak = status('VmHWM') - before;
  const kept = held() - heldBefore;
  if (message.parts.length === 0) throw new Error('the mail has no parts');
  return { peak, kept, decoded: decoded.reduce((sum, { length }) => sum + length, 0) };
}

/** @returns {{ name: string, text: string, missed: string[] }} a section of the results */
export function mimeMemory() {
  const name = 'mime-memory';
  const title = 'Memory beyond the input for the mail of 36 MB, and what is held afterwards.';
  if (!existsSync('/proc/self/clear_refs')) {
    return { name, text: `${title}\n\nNot run: only Linux tells the peak of a process.\n`, missed: [] };
  }
  mkdirSync(cache, { recursive: true });
  const path = `${cache}memory.eml`;
  const [mail] = largeMails();
  if (mail === undefined) throw new Error('there is no mail');
  writeFileSync(path, mail.octets);
  const rows = ['| job | engine | peak | held | goal |', '| --- | --- | --- | --- | --- |'];
  /** @type {string[]} */
  const missed = [];
  for (const job of ['index', 'decode']) {
    for (const engine of ['typescript', 'auto']) {
      const {
        status: code,
        stdout,
        stderr,
      } = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), path, job, engine], {
        encoding: 'utf8',
      });
      if (code !== 0) throw new Error(`${name}: ${stderr.slice(0, 300)}`);
      /** @type {Figure} */
      const { peak, kept, decoded } = JSON.parse(stdout);
      const most = job === 'index' ? indexGoal * megabyte : decodedGoal * decoded;
      const reached = Math.max(peak, kept) <= most;
      if (!reached) missed.push(`${job} with ${engine}: ${show(peak)}`);
      const goal = job === 'index' ? `≤ ${indexGoal} MB` : `≤ ${decodedGoal} × ${show(decoded)}`;
      const what = job === 'index' ? 'index' : 'all decoded';
      rows.push(
        `| ${what} | ${engine} | ${show(peak)} | ${show(kept)} | ${goal}${reached ? '' : ' missed'} |`,
      );
    }
  }
  return { name, text: `${title}\n\n${rows.join('\n')}\n`, missed };
}

/** @param {number} octets */
const show = (octets) => `${(octets / megabyte).toFixed(1)} MB`;

if (isMain(import.meta.url)) {
  const [path = '', job = '', engine = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await measure(path, job, engine)));
}
