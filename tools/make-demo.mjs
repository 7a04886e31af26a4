// Makes test/vectors/demo: a small certification authority, and a Japanese
// message signed by one of its users. Run by hand where the openssl command
// is; its output is checked in. Keys are made new each time and thrown away.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const out = fileURLToPath(new URL('../test/vectors/demo/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'mailseal-demo-'));
const days = String(20 * 365);

/** @param {...string} args */
function openssl(...args) {
  execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * @param {string} name
 * @param {string} issuer
 * @param {string} subject
 * @param {string[]} extensions
 */
function certificate(name, issuer, subject, extensions) {
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`);
  openssl('req', '-new', '-utf8', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
  writeFileSync(join(work, `${name}.ext`), `${extensions.join('\n')}\n`);
  const ca =
    name === issuer
      ? ['-signkey', `${name}.key`]
      : ['-CA', join(out, `${issuer}.crt.pem`), '-CAkey', `${issuer}.key`];
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    ...ca,
    '-days',
    days,
    '-sha256',
    '-extfile',
    `${name}.ext`,
    '-out',
    join(out, `${name}.crt.pem`),
  );
}

mkdirSync(out, { recursive: true });
certificate('root', 'root', '/C=JP/O=例示認証局/CN=Example Root CA', [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
]);
certificate('intermediate', 'root', '/C=JP/O=例示認証局/CN=Example Mail CA', [
  'basicConstraints=critical,CA:TRUE,pathlen:0',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
]);
certificate('signer', 'intermediate', '/C=JP/O=例示商事/CN=山田花子', [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=emailProtection',
  'subjectAltName=email:hanako@example.jp',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
]);

const body =
  'お世話になっております。山田です。\r\n\r\nお見積もりの金額は 10,000円です。\r\nよろしくお願いいたします。\r\n';
const utf8 = join(work, 'body.txt');
writeFileSync(utf8, body);
const iso2022jp = execFileSync('iconv', ['-f', 'UTF-8', '-t', 'ISO-2022-JP', utf8]);
const content = Buffer.concat([
  Buffer.from('Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n'),
  iso2022jp,
]);
writeFileSync(join(out, 'signed-content.bin'), content);
openssl(
  ...[
    'cms',
    '-sign',
    '-binary',
    '-in',
    join(out, 'signed-content.bin'),
    '-outform',
    'DER',
    '-out',
    join(out, 'smime.p7s'),
  ],
  ...[
    '-signer',
    join(out, 'signer.crt.pem'),
    '-inkey',
    'signer.key',
    '-certfile',
    join(out, 'intermediate.crt.pem'),
    '-md',
    'sha256',
  ],
);
const p7s = execFileSync('base64', ['-w', '76', join(out, 'smime.p7s')], { encoding: 'latin1' }).replaceAll(
  '\n',
  '\r\n',
);

/** @param {string} text */
const word = (text) => {
  writeFileSync(utf8, text);
  return `=?ISO-2022-JP?B?${execFileSync('iconv', ['-f', 'UTF-8', '-t', 'ISO-2022-JP', utf8]).toString('base64')}?=`;
};
const header = [
  `From: ${word('山田花子')} <hanako@example.jp>`,
  `To: ${word('渡辺一郎')} <ichiro@example.com>`,
  `Subject: ${word('お見積もりの件')}`,
  'Date: Sun, 22 Nov 2026 10:00:00 +0900',
  'Message-ID: <20261122100000.demo@example.jp>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/signed; protocol="application/pkcs7-signature";',
  ' micalg=sha-256; boundary="----=_mailseal_demo"',
];
const signature = [
  'Content-Type: application/pkcs7-signature; name="smime.p7s"',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="smime.p7s"',
];
const message = Buffer.concat([
  Buffer.from(
    `${header.join('\r\n')}\r\n\r\nThis is a cryptographically signed message.\r\n\r\n------=_mailseal_demo\r\n`,
  ),
  content,
  Buffer.from(
    `\r\n------=_mailseal_demo\r\n${signature.join('\r\n')}\r\n\r\n${p7s}\r\n------=_mailseal_demo--\r\n`,
  ),
]);
writeFileSync(join(out, 'signed.eml'), message);
rmSync(work, { recursive: true });
console.log(`made ${out}`);
