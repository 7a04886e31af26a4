import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeOid } from '../../src/asn1/oid.js';
import { readBer } from '../../src/asn1/reader.js';
import { decodeInteger, octetString } from '../../src/asn1/values.js';
import { derOctetString } from '../../src/asn1/writer.js';
import { parsePrivateKey } from '../../src/crypto/keys/parse-private-key.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { rejection } from '../crypto/support.js';
import { describeProgram } from '../support/programs.js';

const work = mkdtempSync(join(tmpdir(), 'mailseal-pkcs12-'));
afterAll(() => rmSync(work, { recursive: true }));

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

function openssl(...args: string[]): string {
  return run('openssl', ...args);
}

const legacy = ['-provider', 'legacy', '-provider', 'default'];
const passwords = {
  ASCII: 'hanako',
  Japanese: '山田花子の合言葉',
  'beyond the BMP': '花😀子',
  empty: '',
};

/** What `openssl pkcs12 -export` is asked for, and what an engine of native code alone can do. */
const exports: Readonly<Record<string, { args: readonly string[]; native: boolean }>> = {
  'as it does': { args: [], native: true },
  'with -legacy': { args: ['-legacy'], native: false },
  'with triple DES': { args: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES'], native: true },
  'with two-key triple DES': {
    args: ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES'],
    native: true,
  },
  'with RC4': {
    args: ['-keypbe', 'PBE-SHA1-RC4-128', '-certpbe', 'PBE-SHA1-RC4-40', ...legacy],
    native: false,
  },
  'with RC2 of 128 bits': {
    args: ['-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128', ...legacy],
    native: false,
  },
  'with AES of 128 bits and a MAC of SHA-512': {
    args: ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512'],
    native: true,
  },
  'with a MAC of SHA-1 and one iteration': {
    args: ['-macalg', 'sha1', '-nomaciter', '-iter', '7'],
    native: true,
  },
  'without a MAC': { args: ['-nomac'], native: true },
  'with certificates in the clear': { args: ['-certpbe', 'NONE'], native: true },
  'with nothing encrypted': { args: ['-certpbe', 'NONE', '-keypbe', 'NONE'], native: true },
};

describeProgram('openssl', () => {
  beforeAll(() => {
    for (const [name, subject] of [
      ['ca', '/CN=Example Mail CA'],
      ['taro', '/CN=Taro/emailAddress=taro@example.jp'],
    ] as const) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
        '-subj',
        subject,
        '-days',
        '3650',
      );
    }
    openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'jiro.key');
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      'jiro.key',
      '-out',
      'jiro.pem',
      '-subj',
      '/CN=Jiro',
      '-days',
      '3650',
    );
    writeFileSync(join(work, 'index.txt'), '');
    writeFileSync(join(work, 'ca.cnf'), '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\n');
    openssl(
      'ca',
      '-config',
      'ca.cnf',
      '-gencrl',
      '-keyfile',
      'ca.key',
      '-cert',
      'ca.pem',
      '-crldays',
      '30',
      '-out',
      'ca.crl',
    );
  });

  const der = (file: string, label: string): Uint8Array => {
    const base64 = new RegExp(`-----BEGIN ${label}-----([^-]+)-----END`).exec(
      readFileSync(join(work, file), 'utf8'),
    )![1]!;
    return new Uint8Array(Buffer.from(base64, 'base64'));
  };
  const certificateOf = (name: string) => parseCertificate(der(`${name}.pem`, 'CERTIFICATE'));
  const keyOf = (name: string) => parsePrivateKey(readFileSync(join(work, `${name}.key`)));

  for (const [how, { args, native }] of Object.entries(exports)) {
    for (const [kind, password] of Object.entries(passwords)) {
      test(`what openssl exports ${how} opens, with a password that is ${kind}`, async () => {
        const input = [
          '-inkey',
          'taro.key',
          '-in',
          'taro.pem',
          '-certfile',
          'ca.pem',
          '-name',
          '太郎',
          '-caname',
          '認証局',
        ];
        openssl('pkcs12', '-export', ...input, '-passout', `pass:${password}`, ...args, '-out', 'theirs.p12');
        const file = new Uint8Array(readFileSync(join(work, 'theirs.p12')));
        for (const engine of ['auto', 'typescript', 'native'] as const) {
          if (engine === 'native' && !native) {
            const refused = await rejection(parsePkcs12(file, { password, engine }));
            expect(refused.code).toBe('crypto-engine-unavailable');
            continue;
          }
          const { keys, certificates, others } = await parsePkcs12(file, { password, engine });
          expect(keys.map((key) => [key.friendlyName, key.certificate?.subject.commonName])).toEqual([
            ['太郎', 'Taro'],
          ]);
          expect(keys[0]!.privateKey.pkcs8).toEqual((await keyOf('taro')).pkcs8);
          expect(certificates.map((item) => item.friendlyName)).toEqual(['太郎', '認証局']);
          expect(others).toEqual([]);
        }
        expect((await rejection(parsePkcs12(file, { password: `${password}x` }))).code).toBe(
          'crypto-password-wrong',
        );
      });
    }
  }

  for (const [kind, password] of Object.entries(passwords)) {
    for (const engine of ['native', 'typescript'] as const) {
      test(`openssl opens what we write, ${engine}, with a password that is ${kind}`, async () => {
        const file = await createPkcs12(
          {
            keys: [
              { privateKey: await keyOf('taro'), certificate: certificateOf('taro'), friendlyName: '太郎' },
            ],
            certificates: [{ certificate: certificateOf('ca'), friendlyName: '認証局' }],
          },
          { password, iterations: 1000, engine },
        );
        writeFileSync(join(work, 'ours.p12'), file);
        const pem = openssl('pkcs12', '-in', 'ours.p12', '-passin', `pass:${password}`, '-nodes');
        expect(pem.match(/-----BEGIN [A-Z ]+-----/g)).toEqual([
          '-----BEGIN CERTIFICATE-----',
          '-----BEGIN CERTIFICATE-----',
          '-----BEGIN PRIVATE KEY-----',
        ]);
        expect(pem).toContain(openssl('x509', '-in', 'taro.pem').trim());
        expect(pem).toContain(openssl('pkey', '-in', 'taro.key').trim());
        const wrong = spawnSync('openssl', ['pkcs12', '-in', 'ours.p12', '-passin', 'pass:wrong', '-nodes'], {
          cwd: work,
        });
        expect(wrong.status).not.toBe(0);
      });
    }
  }

  test('several keys, CRLs and secrets come back as they were written, and openssl takes the file', async () => {
    const password = '合言葉';
    const secret = derOctetString(new Uint8Array(16).fill(9));
    const contents = {
      keys: [
        { privateKey: await keyOf('taro'), certificate: certificateOf('taro'), friendlyName: '太郎' },
        { privateKey: await keyOf('jiro'), certificate: certificateOf('jiro') },
        { privateKey: await keyOf('ca'), friendlyName: 'without a certificate' },
      ],
      certificates: [{ certificate: certificateOf('taro') }],
      crls: [{ crl: parseCrl(der('ca.crl', 'X509 CRL')), friendlyName: '一覧' }],
      secrets: [{ type: '1.2.840.113549.1.7.1', value: secret }],
    };
    const file = await createPkcs12(contents, { password, iterations: 1000 });
    const read = await parsePkcs12(file, { password });
    expect(read.integrity).toEqual({ kind: 'hmac', digest: 'sha256', iterations: 1000 });
    expect(
      read.keys.map((key) => [key.friendlyName, key.privateKey.kind, key.certificate?.subject.commonName]),
    ).toEqual([
      ['太郎', 'rsa', 'Taro'],
      [undefined, 'ec', 'Jiro'],
      ['without a certificate', 'rsa', undefined],
    ]);
    expect(read.certificates.map((item) => item.certificate.subject.commonName)).toEqual(['Taro', 'Jiro']);
    expect(read.crls.map((item) => [item.friendlyName, encodeHex(item.crl.bytes)])).toEqual([
      ['一覧', encodeHex(contents.crls[0]!.crl.bytes)],
    ]);
    expect(read.secrets.map((item) => [item.type, encodeHex(item.value)])).toEqual([
      ['1.2.840.113549.1.7.1', encodeHex(secret)],
    ]);
    expect(JSON.stringify(read)).not.toContain('pkcs8');
    // What was read is written again as it is.
    const again = await parsePkcs12(await createPkcs12(read, { password, iterations: 10 }), { password });
    expect(again.keys.map((key) => encodeHex(key.privateKey.pkcs8))).toEqual(
      read.keys.map((key) => encodeHex(key.privateKey.pkcs8)),
    );
    writeFileSync(join(work, 'several.p12'), file);
    const info = openssl('pkcs12', '-in', 'several.p12', '-passin', `pass:${password}`, '-nodes');
    expect(info.match(/BEGIN CERTIFICATE/g)?.length).toBe(2);
    expect(info.match(/BEGIN PRIVATE KEY/g)?.length).toBe(3);
  });

  test('PBMAC1 is what an independent computation gives (RFC 9579)', async () => {
    const password = '合言葉';
    for (const digest of ['sha256', 'sha512'] as const) {
      for (const engine of ['native', 'typescript'] as const) {
        const file = await createPkcs12(
          { certificates: [{ certificate: certificateOf('ca') }] },
          { password, iterations: 100, mac: { kind: 'pbmac1', digest, iterations: 321 }, engine },
        );
        const [, authSafe, macData] = readBer(file).children;
        const safe = octetString(authSafe!.children[1]!.children[0]!);
        const [algorithm, value] = macData!.children[0]!.children;
        expect(decodeOid(algorithm!.children[0]!)).toBe('1.2.840.113549.1.5.14');
        const [kdf, scheme] = algorithm!.children[1]!.children;
        expect(decodeOid(scheme!.children[0]!)).toBe(`1.2.840.113549.2.${digest === 'sha256' ? 9 : 11}`);
        const [salt, iterations, keyLength] = kdf!.children[1]!.children;
        expect(decodeInteger(iterations!)).toBe(321);
        const key = pbkdf2Sync(password, octetString(salt!), 321, decodeInteger(keyLength!), digest);
        expect(encodeHex(octetString(value!))).toBe(createHmac(digest, key).update(safe).digest('hex'));
        const read = await parsePkcs12(file, { password, engine });
        expect(read.integrity).toEqual({ kind: 'pbmac1', digest, derivationDigest: digest, iterations: 321 });
        expect((await rejection(parsePkcs12(file, { password: 'wrong', engine }))).code).toBe(
          'crypto-password-wrong',
        );
      }
    }
  });

  describeProgram('pk12util', () => {
    test('NSS takes what we write, and we what NSS writes', async () => {
      const password = 'ひみつ';
      run('certutil', '-N', '-d', 'sql:.', '--empty-password');
      const keys = [
        { privateKey: await keyOf('taro'), certificate: certificateOf('taro'), friendlyName: 'taro' },
      ];
      const options = { password, iterations: 1000 };
      writeFileSync(join(work, 'for-nss.p12'), await createPkcs12({ keys }, options));
      run('pk12util', '-i', 'for-nss.p12', '-d', 'sql:.', '-W', password, '-K', '');
      run('pk12util', '-o', 'nss.p12', '-n', 'taro', '-d', 'sql:.', '-W', password, '-K', '');
      const read = await parsePkcs12(readFileSync(join(work, 'nss.p12')), { password });
      expect(read.integrity).toMatchObject({ kind: 'hmac', digest: 'sha256' });
      expect(encodeHex(read.keys[0]!.privateKey.pkcs8)).toBe(encodeHex(keys[0]!.privateKey.pkcs8));
      expect(read.keys[0]!.certificate?.subject.commonName).toBe('Taro');
    });
  });

  describeProgram('keytool', () => {
    test('Java takes what we write, and we what Java writes, with a secret key in it', async () => {
      const password = 'hanako-to-taro';
      const keys = [
        { privateKey: await keyOf('taro'), certificate: certificateOf('taro'), friendlyName: 'taro' },
        { privateKey: await keyOf('jiro'), certificate: certificateOf('jiro'), friendlyName: 'jiro' },
      ];
      writeFileSync(join(work, 'java.p12'), await createPkcs12({ keys }, { password, iterations: 1000 }));
      const store = ['-keystore', 'java.p12', '-storetype', 'PKCS12', '-storepass', password];
      run('keytool', '-genseckey', '-alias', 'himitsu', '-keyalg', 'AES', '-keysize', '256', ...store);
      const listed = run('keytool', '-list', ...store);
      for (const name of ['taro', 'jiro', 'himitsu']) expect(listed).toContain(name);
      const read = await parsePkcs12(readFileSync(join(work, 'java.p12')), { password });
      expect(
        read.keys.map((key) => [key.friendlyName, key.certificate?.subject.commonName]).toSorted(),
      ).toEqual([
        ['jiro', 'Jiro'],
        ['taro', 'Taro'],
      ]);
      expect(read.secrets.map((secret) => secret.friendlyName)).toEqual(['himitsu']);
      expect(read.others).toEqual([]);
    });
  });
});

describe('a password that is absent', () => {
  test('is not asked of a file with nothing to open', async () => {
    const file = await createPkcs12({}, { password: '', iterations: 1 });
    expect((await parsePkcs12(file)).keys).toEqual([]);
  });
});
