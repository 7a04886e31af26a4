// Makes bench/vectors/chain: a chain of three (RSA-2048, SHA-256) and the CRLs
// of its two authorities, of 100 entries each. Its keys are thrown away. Needs
// the openssl program.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(new URL('../bench/vectors/chain/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'bench-chain-'));
const revokedEntries = 100;

const config = `
[ca]
default_ca = here
[here]
dir = .
database = $ENV::DATABASE
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
crl_extensions = crl
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = empty
[empty]
[crl]
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://crl.example.jp/root.crl
certificatePolicies = 1.3.6.1.4.1.99999.1
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection
subjectAltName = email:hanako@example.jp
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://crl.example.jp/mail.crl
certificatePolicies = 1.3.6.1.4.1.99999.1
`;

/**
 * @param {string} database
 * @param {...string} args
 */
function openssl(database, ...args) {
  execFileSync('openssl', args, { cwd: work, stdio: 'pipe', env: { ...process.env, DATABASE: database } });
}

/**
 * @param {string} name
 * @param {string} subject
 * @param {string} [issuer] itself when left out
 */
function certificate(name, subject, issuer) {
  const [key, request] = [`${name}.key`, `${name}.csr`];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-config', 'ca.cnf', '-subj', subject, '-keyout', key];
  openssl('index.txt', 'req', '-new', ...made, '-out', request);
  const signedBy =
    issuer === undefined
      ? ['-selfsign', '-keyfile', key]
      : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  const validity = ['-startdate', '20200101000000Z', '-enddate', '20491231235959Z'];
  const names = ['-batch', '-notext', '-config', 'ca.cnf', '-extensions', name, '-in', request];
  openssl('index.txt', 'ca', ...names, ...validity, '-out', `${name}.pem`, ...signedBy);
  openssl('index.txt', 'x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', join(target, `${name}.der`));
}

/** @param {string} issuer */
function crl(issuer) {
  const entries = Array.from({ length: revokedEntries }, (_, n) => {
    const serial = (0x100000000000 + n * 7919).toString(16).toUpperCase();
    return `R\t491231235959Z\t260${1 + (n % 9)}15120000Z,keyCompromise\t${serial}\tunknown\t/CN=Revoked ${n}\n`;
  });
  writeFileSync(join(work, `${issuer}.txt`), entries.join(''));
  const signedBy = ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  const times = ['-crl_lastupdate', '20261001000000Z', '-crl_nextupdate', '20491231000000Z'];
  openssl(
    `${issuer}.txt`,
    'ca',
    '-gencrl',
    '-config',
    'ca.cnf',
    ...signedBy,
    ...times,
    '-out',
    `${issuer}.crl`,
  );
  openssl(
    'index.txt',
    'crl',
    '-in',
    `${issuer}.crl`,
    '-outform',
    'DER',
    '-out',
    join(target, `${issuer}.crl`),
  );
}

try {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(work, 'ca.cnf'), config);
  writeFileSync(join(work, 'index.txt'), '');
  writeFileSync(join(work, 'serial'), '1000\n');
  writeFileSync(join(work, 'crlnumber'), '10\n');
  certificate('root', '/O=Example Trust/CN=Example Trust Root');
  certificate('intermediate', '/O=Example Trust/CN=Example Trust Mail CA', 'root');
  certificate('leaf', '/O=Example/CN=Hanako Example', 'intermediate');
  crl('root');
  crl('intermediate');
} finally {
  rmSync(work, { recursive: true, force: true });
}
