// Makes bench/vectors/certificates.pem: 20 certificates as a mail client meets
// them, four authorities and sixteen people, RSA and P-256, with the extensions
// that public and private authorities write. Keys are thrown away. Needs openssl.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = fileURLToPath(new URL('../bench/vectors/certificates.pem', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'bench-certificates-'));

/** @typedef {{ name: string, subject: readonly string[], key: 'rsa' | 'ec', issuer?: string, extensions: readonly string[] }} Spec */

/** @param {Spec} spec */
function make({ name, subject, key, issuer, extensions }) {
  const config = [
    '[req]',
    'distinguished_name = dn',
    'x509_extensions = ext',
    'prompt = no',
    'utf8 = yes',
    'string_mask = utf8only',
    '[dn]',
    ...subject,
    '[ext]',
    ...extensions,
    '[constraints]',
    'permitted;email.0 = example.jp',
    'permitted;email.1 = .example.jp',
    'permitted;dirName = part',
    'excluded;DNS.0 = secret.example.jp',
    '[part]',
    'C = JP',
    '[policy]',
    'policyIdentifier = 1.3.6.1.4.1.32473.1.1',
    'CPS.1 = "https://ca.example.jp/cps"',
    'userNotice.1 = @notice',
    '[notice]',
    'explicitText = "UTF8:試験用の証明書"',
  ];
  writeFileSync(join(work, `${name}.cnf`), `${config.join('\n')}\n`);
  const kind = key === 'rsa' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const signer = issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
  const files = ['-config', `${name}.cnf`, '-keyout', `${name}.key`, '-out', `${name}.pem`];
  execFileSync(
    'openssl',
    ['req', '-x509', '-new', '-newkey', ...kind, '-nodes', '-days', '7000', ...signer, ...files],
    { cwd: work, stdio: 'pipe' },
  );
  return readFileSync(join(work, `${name}.pem`), 'latin1');
}

const identifiers = ['subjectKeyIdentifier = hash', 'authorityKeyIdentifier = keyid:always'];
const authority = ['keyUsage = critical, keyCertSign, cRLSign', ...identifiers];
/** @param {string} name */
const where = (name) => [
  `crlDistributionPoints = URI:http://crl.example.jp/${name}.crl`,
  `authorityInfoAccess = OCSP;URI:http://ocsp.example.jp/, caIssuers;URI:http://ca.example.jp/${name}.cer`,
];

/** @type {Spec[]} */
const authorities = [
  {
    name: 'root',
    subject: ['C = JP', 'O = Example Trust', 'CN = Example Root'],
    key: 'rsa',
    extensions: ['basicConstraints = critical, CA:TRUE', ...authority],
  },
  {
    name: 'mail',
    subject: ['C = JP', 'O = Example Trust', 'CN = Example Mail CA'],
    key: 'rsa',
    issuer: 'root',
    extensions: [
      'basicConstraints = critical, CA:TRUE, pathlen:0',
      ...authority,
      'certificatePolicies = anyPolicy',
      'extendedKeyUsage = emailProtection, clientAuth',
      ...where('root'),
    ],
  },
  {
    name: 'group',
    subject: ['C = JP', 'O = 例示商事', 'OU = 情報システム部', 'CN = 例示商事 認証局'],
    key: 'ec',
    issuer: 'root',
    extensions: [
      'basicConstraints = critical, CA:TRUE, pathlen:0',
      ...authority,
      'certificatePolicies = @policy',
      'policyMappings = 1.3.6.1.4.1.32473.1.1:1.3.6.1.4.1.32473.2.1',
      'policyConstraints = requireExplicitPolicy:0',
      'nameConstraints = critical, @constraints',
      ...where('root'),
    ],
  },
  {
    name: 'old',
    subject: ['C = JP', 'O = Example Trust', 'CN = Example Old CA'],
    key: 'rsa',
    issuer: 'root',
    extensions: [
      'basicConstraints = critical, CA:TRUE',
      ...authority,
      'nsCertType = sslCA, emailCA',
      'issuerAltName = email:ca@example.jp',
    ],
  },
];

const families = ['山田', '佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '中村'];

/** @type {Spec[]} */
const people = Array.from({ length: 16 }, (_, n) => {
  const issuer = ['mail', 'group'][n % 2] ?? 'mail';
  const address = `person${n}@example.jp`;
  return {
    name: `person${n}`,
    subject: [
      'C = JP',
      'O = 例示商事',
      `OU = 第${(n % 4) + 1}営業部`,
      `CN = ${families[n % 8]} 花子`,
      ...(n % 4 === 0 ? [`emailAddress = ${address}`] : []),
    ],
    key: n % 4 === 3 ? 'ec' : 'rsa',
    issuer,
    extensions: [
      'basicConstraints = critical, CA:FALSE',
      'keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment',
      'extendedKeyUsage = emailProtection, clientAuth',
      `subjectAltName = email:${address}, email:p${n}@mail.example.jp`,
      'certificatePolicies = @policy',
      ...identifiers,
      ...where(issuer),
    ],
  };
});

try {
  writeFileSync(target, [...authorities, ...people].map(make).join(''));
} finally {
  rmSync(work, { recursive: true });
}
