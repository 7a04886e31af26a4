// Makes test/vectors/pki/hanako.p12: an authority, and a key of one of its
// users with its certificate, as openssl exports them; and beside it
// pkcs12.mjs, which holds that file and the same with -legacy for runtimes that
// read no files. Run by hand where the openssl command is; its output is
// checked in. Keys are made new each time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const out = fileURLToPath(new URL('../test/vectors/pki/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'mailseal-pkcs12-'));

/** @param {...string} args */
function openssl(...args) {
  execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * @param {string} name
 * @param {string} subject
 * @param {string[]} issuer
 * @param {string[]} extensions
 */
function certificate(name, subject, issuer, extensions) {
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);
  openssl('req', '-new', '-utf8', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
  writeFileSync(join(work, `${name}.ext`), `${extensions.join('\n')}\n`);
  const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`];
  openssl('x509', '-req', ...files, ...issuer, '-days', String(20 * 365), '-sha256');
}

mkdirSync(out, { recursive: true });
certificate(
  'ca',
  '/C=JP/O=例示認証局/CN=Example Mail CA',
  ['-signkey', 'ca.key'],
  ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
);
certificate(
  'hanako',
  '/C=JP/CN=山田花子',
  ['-CA', 'ca.pem', '-CAkey', 'ca.key'],
  [
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=emailProtection',
    'subjectAltName=email:hanako@example.jp',
  ],
);
const names = ['-name', '花子', '-caname', '例示認証局'];
const files = ['-inkey', 'hanako.key', '-in', 'hanako.pem', '-certfile', 'ca.pem'];
const exported = ['pkcs12', '-export', ...files, ...names, '-passout', 'pass:花子の合言葉'];
openssl(...exported, '-out', join(out, 'hanako.p12'));
openssl(...exported, '-legacy', '-out', 'legacy.p12');

/** @param {string} file */
const base64 = (file) =>
  readFileSync(file)
    .toString('base64')
    .replace(/.{100}/g, "$&' +\n  '");
writeFileSync(
  join(out, 'pkcs12.mjs'),
  `// Written by tools/make-pkcs12-vector.mjs.

/** The password of both. */
export const password = '花子の合言葉';

/** hanako.p12 in base64. */
export const modern =
  '${base64(join(out, 'hanako.p12'))}';

/** The same contents as \`openssl pkcs12 -export -legacy\` writes them. */
export const legacy =
  '${base64(join(work, 'legacy.p12'))}';
`,
);
rmSync(work, { recursive: true });
