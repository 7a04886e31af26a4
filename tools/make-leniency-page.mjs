// Writes docs/leniency.md: every leniency probe with its input, what it says,
// and which parsers read it so. Run it after a probe was added:
//
//   node tools/make-leniency-page.mjs           writes the page
//   node tools/make-leniency-page.mjs --failed  prints where each peer differs

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { peerVersions } from '../bench/peers/load.mjs';
import { peers } from './leniency-peers.mjs';
import { root } from './process.mjs';
import { setup } from './setup.mjs';

/** @typedef {import('../test/mime/leniency/probe.js').Probe} Probe */

/** The probes and our view of them, out of TypeScript. */
async function loadProbes() {
  const folder = join(root, 'test/mime/leniency');
  const outfile = join(root, '.cache/leniency-probes.mjs');
  const contents = ['probe', 'probes', 'compare', 'view']
    .map((name) => `export * from './${name}.ts';`)
    .join('\n');
  await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
}

setup(join(root, 'bench/peers'));
const { differences, probeOctets, probes, probesByChapter, viewMessage } = await loadProbes();
const versions = peerVersions();

/** @type {Record<string, (octets: Uint8Array) => Promise<any[]>>} */
const views = { mailseal: async (octets) => [viewMessage(octets)] };
for (const [name, load] of Object.entries(peers)) views[name] = await load();

/** @type {Map<Probe, Record<string, string[]>>} for each probe and parser where it differs */
const results = new Map();
for (const probe of probes) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const [name, view] of Object.entries(views)) found[name] = await differs(view, probe);
  results.set(probe, found);
}

/**
 * @param {(octets: Uint8Array) => Promise<any[]>} view
 * @param {Probe} probe
 * @returns {Promise<string[]>}
 */
async function differs(view, probe) {
  try {
    const lists = (await view(probeOctets(probe))).map((seen) => differences(seen, probe.expected));
    lists.sort((a, b) => a.length - b.length);
    return lists[0] ?? ['it throws'];
  } catch (error) {
    return [`it throws: ${/** @type {Error} */ (error).message}`];
  }
}

/** @param {readonly Probe[]} list @param {string} name */
const passed = (list, name) => list.filter((probe) => results.get(probe)?.[name]?.length === 0).length;

/** Octets for people: what is not printable ASCII escaped, long runs shortened. @param {string} text */
function printable(text) {
  return text
    .replace(/(.{1,4}?)\1{199,}/g, (run, piece) => `${piece}… (${run.length} characters)`)
    .replace(/[^\n\x20-\x7e…]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(2, '0');
      return { '\r': '\\r', '\t': '\\t', '\x1b': '\\e' }[character] ?? `\\x${code}`;
    });
}

/** @param {Probe} probe */
function quotedInput({ input }) {
  if (typeof input !== 'string') return printable(input.join('\n').replace(/\n$/, ''));
  // Line ends are the point of it, so they are shown.
  return printable(
    input.replace(/\r\n|\n|\r/g, (end) => `${end.replace('\r', '\\r').replace('\n', '\\n')}\n`),
  ).replace(/\n$/, '');
}

/** @param {Probe} probe */
function section(probe) {
  const failed = Object.keys(peers).filter((name) => results.get(probe)?.[name]?.length !== 0);
  const others =
    failed.length === 0
      ? 'All read it so.'
      : failed.length === Object.keys(peers).length
        ? 'No other reads it so.'
        : `Not so: ${failed.join(', ')}.`;
  const expected = JSON.stringify(probe.expected).replace(
    /(.)\1{199,}/g,
    (run, piece) => `${piece}… (${run.length} characters)`,
  );
  return [
    `### \`${probe.id}\``,
    '',
    probe.source === undefined ? probe.title : `${probe.title} (${probe.source})`,
    '',
    '```text',
    quotedInput(probe),
    '```',
    '',
    '```json',
    expected,
    '```',
    '',
    ...(probe.defects === undefined
      ? []
      : [`Defects: ${probe.defects.map((code) => `\`${code}\``).join(', ')}.`]),
    others,
    '',
  ].join('\n');
}

const names = Object.keys(views);
const row = (/** @type {readonly (string | number)[]} */ cells) => `| ${cells.join(' | ')} |`;
const table = [
  row(['', 'probes', ...names]),
  row(['---', '---:', ...names.map(() => '---:')]),
  ...Object.entries(/** @type {Record<string, readonly Probe[]>} */ (probesByChapter)).map(
    ([chapter, list]) => row([chapter, list.length, ...names.map((name) => passed(list, name))]),
  ),
  row(['**all**', `**${probes.length}**`, ...names.map((name) => `**${passed(probes, name)}**`)]),
];

const page = `# What mailseal reads all the same

Mail is written by programs that never read the RFCs. These are ${probes.length} pieces of mail that are not as they should
be, or that are and are widely read wrongly; what each says; and the defects that tell a caller that something
was wrong. They come from the RFCs and from what the users of mail libraries complain of in their trackers
(named after each probe); the first two hundred were written down before the parser was tuned. Each is a test in \`test/mime/leniency\`, which
holds moreover that the message is written back octet for octet and that it is read the same when it comes
octet by octet.

The same messages were put to ${Object.keys(peers)
  .map((name) => `${name} ${versions[name]}`)
  .join(', ')},
each asked in the way that shows it at its best (\`tools/leniency-peers.mjs\`), and held to the same comparison.
A probe has our view of what mail says; another view may be held with reason, so a number below 100 % is no
fault by itself.

${table.join('\n')}

Every line of an input ends with CRLF, but where its line ends are shown (\`\\r\\n\`, \`\\n\`, \`\\r\`). \`\\xNN\` is an
octet, \`\\e\` is ESC. What is expected is only what the probe is about. This page is written by
\`node tools/make-leniency-page.mjs\`.

${Object.entries(/** @type {Record<string, readonly Probe[]>} */ (probesByChapter))
  .map(([chapter, list]) => `## ${chapter}\n\n${list.map(section).join('\n')}`)
  .join('\n')}`;

if (process.argv.includes('--failed')) {
  for (const [probe, found] of results) {
    for (const [name, list] of Object.entries(found)) {
      for (const difference of list) console.log(`${name}\t${probe.id}\t${difference}`);
    }
  }
} else writeFileSync(join(root, 'docs/leniency.md'), page);
console.log(table.join('\n'));
