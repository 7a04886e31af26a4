// Verifies a signed Japanese message as it was sent, and twice as a relay
// changed it, and prints what a person would like to read. `npm run demo`.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseMessage } from '../dist/mime/index.js';
import { openMessage } from '../dist/smime/index.js';
import { parseCertificates } from '../dist/x509/index.js';

const { pad, reportText, safe, terminal } = await reporting();
const folder = new URL('../test/vectors/demo/', import.meta.url);
const sent = readFileSync(new URL('signed.eml', folder));
const roots = parseCertificates(readFileSync(new URL('root.crt.pem', folder)));
// The demo's certificates are good for twenty years from 2026 on. The time is given, so that it prints the same
// whatever the clock says.
const at = new Date('2026-12-01T00:00:00Z');

const screen = terminal(process.stdout);
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== 'EPIPE') throw error;
});

/**
 * What the command prints reports with. Of its bundle only the bin can be used, so this is built from the source.
 *
 * @returns {Promise<typeof import('../src/cli/report/layout.js') & typeof import('../src/cli/report/terminal.js')
 *   & typeof import('../src/cli/report/verify-text.js')>}
 */
async function reporting() {
  const { outputFiles } = await build({
    stdin: {
      contents: ['layout', 'terminal', 'verify-text']
        .map((name) => `export * from './${name}.ts';`)
        .join('\n'),
      resolveDir: fileURLToPath(new URL('../src/cli/report', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** @param {string} [line] */
function print(line = '') {
  process.stdout.write(`${line}\n`);
}

/** @param {string} text */
function title(text) {
  print();
  print(screen.paint('strong', `── ${text} `.padEnd(Math.min(screen.width, 80), '─')));
  print();
}

/**
 * @param {Uint8Array} octets
 * @param {boolean} [withHeader]
 */
function show(octets, withHeader = false) {
  const message = parseMessage(octets);
  if (withHeader) {
    for (const name of ['From', 'To', 'Subject', 'Date']) {
      const field = message.headers.get(name);
      if (field !== undefined) print(`  ${pad(name, 12)}${safe(field.text)}`);
    }
    print();
  }
  const [text] = message.parts;
  print(
    screen.paint(
      'faint',
      `  ${text.contentType.parameters.get('charset')}, ${text.end - text.bodyStart} octets`,
    ),
  );
  for (const line of text.text().trimEnd().split(/\r?\n/)) print(`  │ ${safe(line)}`.trimEnd());
  print();
}

/** @param {Uint8Array} octets */
async function judge(octets) {
  const report = await openMessage(octets, { keys: [], roots, at });
  process.stdout.write(
    reportText(report, {
      ...screen,
      at,
      isNow: false,
      acceptSigningTime: false,
      requireIdentity: true,
      header: false,
    }),
  );
  return report.verified;
}

/**
 * The message with some of its octets replaced.
 *
 * @param {Uint8Array} octets
 * @param {(text: string) => string} change over the octets as ISO 8859-1
 */
function changed(octets, change) {
  return Buffer.from(change(Buffer.from(octets).toString('latin1')), 'latin1');
}

/**
 * ISO-2022-JP as Shift_JIS: the same characters by other octets.
 *
 * @param {string} text octets as ISO 8859-1
 */
function shiftJis(text) {
  return text.replaceAll(/\x1b\$[@B]((?:[\x21-\x7e]{2})*)\x1b\([BJ]/g, (_, /** @type {string} */ kanji) =>
    kanji.replaceAll(/../g, (pair) => {
      const row = pair.charCodeAt(0);
      const cell = pair.charCodeAt(1);
      const first = ((row + 1) >> 1) + (row < 0x5f ? 0x70 : 0xb0);
      const second = row % 2 === 0 ? cell + 0x7e : cell + (cell >= 0x60 ? 0x20 : 0x1f);
      return String.fromCharCode(first, second);
    }),
  );
}

title('1. The message as it was sent');
show(sent, true);
const genuine = await judge(sent);

title('2. On its way, one digit was changed');
print('  10,000 has become 90,000.\n');
const dearer = changed(sent, (text) => text.replace('10,000', '90,000'));
show(dearer);
const forged = await judge(dearer);

title('3. On its way, a relay changed its kanji code to Shift_JIS');
print('  It reads the same, but its octets are others.\n');
const recoded = changed(sent, (text) =>
  text.replace(
    /charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit(\r\n\r\n[\s\S]*?\r\n------)/,
    (_, /** @type {string} */ body) =>
      `charset=Shift_JIS\r\nContent-Transfer-Encoding: 8bit${shiftJis(body)}`,
  ),
);
show(recoded);
const mangled = await judge(recoded);

print();
print('Verify a message of your own with');
print('  node dist/cli/main.js verify FILE --roots CA.pem');

// The demo is a test as well: it fails when an answer is wrong.
if (!genuine || forged || mangled) process.exitCode = 1;
