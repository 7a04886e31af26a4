// Makes bench/vectors/signed: a Japanese multipart/signed message of some 3 kB
// of signed content, RSA-2048 and SHA-256, whose smime.p7s has its chain of
// three. Its keys are thrown away. Needs the openssl and iconv programs.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(new URL('../bench/vectors/signed/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'bench-message-'));
const from = '20200101000000Z';
const to = '20491231235959Z';

const config = `
[ca]
default_ca = here
[here]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
[req]
distinguished_name = empty
[empty]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection
subjectAltName = email:hanako@example.jp
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/** @param {...string} args */
function openssl(...args) {
  execFileSync('openssl', args, { cwd: work, stdio: 'pipe' });
}

/**
 * @param {string} name
 * @param {string} subject
 * @param {string} [issuer] itself when left out
 */
function certificate(name, subject, issuer) {
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-config',
    'ca.cnf',
    '-subj',
    subject,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  );
  const signedBy =
    issuer === undefined
      ? ['-selfsign', '-keyfile', `${name}.key`]
      : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    'ca.cnf',
    '-extensions',
    name,
    '-startdate',
    from,
    '-enddate',
    to,
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.pem`,
    ...signedBy,
  );
}

/** @param {string} text */
const iso2022jp = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'ISO-2022-JP'], { input: text });

try {
  writeFileSync(join(work, 'ca.cnf'), config);
  writeFileSync(join(work, 'index.txt'), '');
  writeFileSync(join(work, 'serial'), '1000\n');
  certificate('root', '/O=Example Trust/CN=Example Trust Root');
  certificate('intermediate', '/O=Example Trust/CN=Example Trust Mail CA', 'root');
  certificate('leaf', '/O=Example/CN=Hanako Example', 'intermediate');
  writeFileSync(
    join(work, 'chain.pem'),
    readFileSync(join(work, 'intermediate.pem'), 'utf8') + readFileSync(join(work, 'root.pem'), 'utf8'),
  );

  const lines = Array.from(
    { length: 42 },
    (_, i) => `${i + 1}: 電子メールの本文に署名をつけて、送り主を確かめます。`,
  );
  const body = iso2022jp(['こんにちは。', '', ...lines, '', '花子', ''].join('\r\n'));
  const fields = 'Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n\r\n';
  const content = Buffer.concat([Buffer.from(fields), body]);
  writeFileSync(join(work, 'content'), content);
  openssl(
    'cms',
    '-sign',
    '-binary',
    '-md',
    'sha256',
    '-in',
    'content',
    '-signer',
    'leaf.pem',
    '-inkey',
    'leaf.key',
    '-certfile',
    'chain.pem',
    '-outform',
    'DER',
    '-out',
    'smime.p7s',
  );
  openssl('x509', '-in', 'root.pem', '-outform', 'DER', '-out', 'root.der');

  const p7s = readFileSync(join(work, 'smime.p7s'));
  const subject = `=?ISO-2022-JP?B?${iso2022jp('署名のついた手紙').toString('base64')}?=`;
  const head = [
    'Date: Mon, 05 Jan 2026 09:30:00 +0900',
    'From: Hanako <hanako@example.jp>',
    'To: Taro <taro@example.jp>',
    `Subject: ${subject}`,
    'Message-ID: <signed-1@example.jp>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature";',
    '\tmicalg=sha-256; boundary="=-signed-1"',
    '',
    '--=-signed-1',
    '',
  ].join('\r\n');
  const tail = [
    '',
    '--=-signed-1',
    'Content-Type: application/pkcs7-signature; name="smime.p7s"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="smime.p7s"',
    '',
    p7s.toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--=-signed-1--',
    '',
  ].join('\r\n');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'message.eml'), Buffer.concat([Buffer.from(head), content, Buffer.from(tail)]));
  writeFileSync(join(target, 'content.bin'), content);
  writeFileSync(join(target, 'smime.p7s'), p7s);
  writeFileSync(join(target, 'root.der'), readFileSync(join(work, 'root.der')));
  execFileSync(
    'openssl',
    [
      'cms',
      '-verify',
      '-in',
      join(target, 'message.eml'),
      '-CAfile',
      join(work, 'root.pem'),
      '-out',
      join(work, 'verified'),
    ],
    { stdio: 'inherit' },
  );
} finally {
  rmSync(work, { recursive: true });
}
