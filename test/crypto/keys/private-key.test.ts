import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { derInteger, derNull, derOctetString, derOid, derSequence } from '../../../src/asn1/writer.js';
import { encryptPrivateKey } from '../../../src/crypto/keys/encrypted-private-key.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { type PrivateKey, wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { encodePublicKey } from '../../../src/crypto/keys/public-key-info.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { describeProgram } from '../../support/programs.js';
import { rejection } from '../support.js';

const kinds = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  brainpoolP256r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  ed448: () => generateKeyPairSync('ed448'),
  x25519: () => generateKeyPairSync('x25519'),
  x448: () => generateKeyPairSync('x448'),
  dsa: () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
};

function spkiOf(key: PrivateKey): string {
  return encodeHex(encodePublicKey(key.publicKey));
}

for (const [name, generate] of Object.entries(kinds)) {
  describe(`${name} private keys`, () => {
    const { privateKey, publicKey } = generate();
    const spki = encodeHex(publicKey.export({ format: 'der', type: 'spki' }));
    const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));

    test('are read from PKCS#8 in DER and PEM, with the public key that belongs to them', async () => {
      for (const form of [pkcs8, Buffer.from(pkcs8), encodePem('PRIVATE KEY', pkcs8)]) {
        expect(spkiOf(await parsePrivateKey(form))).toBe(spki);
      }
    });

    test('are written as PKCS#8 that node:crypto reads', async () => {
      const key = await parsePrivateKey(pkcs8);
      const again = createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' });
      expect(encodeHex(createPublicKey(again).export({ format: 'der', type: 'spki' }))).toBe(spki);
    });

    test('show no secret, and none is left after wiping', async () => {
      const key = await parsePrivateKey(pkcs8);
      const names = Object.getOwnPropertyNames(key).filter(
        (member) => !['kind', 'publicKey'].includes(member),
      );
      const secrets = names.map((member) => (key as unknown as Record<string, Uint8Array>)[member]!);
      expect(secrets.length).toBeGreaterThan(1);
      const shown = `${inspect(key, { depth: 9 })} ${JSON.stringify(key)} ${String(key)}`;
      for (const member of names) expect(shown).not.toMatch(new RegExp(`\\b${member}\\b`));
      wipePrivateKey(key);
      for (const secret of secrets) expect(secret.every((octet) => octet === 0)).toBe(true);
    });

    test('are encrypted so that node:crypto reads them, and read when it encrypted them', async () => {
      const key = await parsePrivateKey(pkcs8);
      const password = '山田の合言葉';
      for (const engine of ['native', 'typescript'] as const) {
        const encrypted = await encryptPrivateKey(key, { password, iterations: 100, engine });
        const theirs = createPrivateKey({
          key: Buffer.from(encrypted),
          format: 'der',
          type: 'pkcs8',
          passphrase: password,
        });
        expect(encodeHex(createPublicKey(theirs).export({ format: 'der', type: 'spki' }))).toBe(spki);
        const ours = privateKey.export({
          format: 'der',
          type: 'pkcs8',
          cipher: 'aes-192-cbc',
          passphrase: password,
        });
        expect(spkiOf(await parsePrivateKey(ours, { password, engine }))).toBe(spki);
        expect((await rejection(parsePrivateKey(ours, { password: 'wrong', engine }))).code).toBe(
          'crypto-password-wrong',
        );
        expect((await rejection(parsePrivateKey(ours, { engine }))).code).toBe('crypto-password-missing');
      }
    });

    test('cut off anywhere give an error that tells nothing of them', async () => {
      for (let length = 0; length < pkcs8.length; length += 1 + (pkcs8.length >> 6)) {
        const error = await rejection(parsePrivateKey(pkcs8.subarray(0, length)));
        expect(['crypto-key-malformed', 'crypto-unsupported']).toContain(error.code);
        expect(error.message).not.toMatch(/0x/);
        expect(error.cause).toBeUndefined();
      }
    });
  });
}

describe('private keys in older forms', () => {
  const pairs = { rsa: kinds.rsa(), ec: kinds['P-256']() };

  test('PKCS#1 and SEC 1, plain and encrypted as OpenSSL did', async () => {
    for (const [pair, type] of [
      [pairs.rsa, 'pkcs1'],
      [pairs.ec, 'sec1'],
    ] as const) {
      const spki = encodeHex(pair.publicKey.export({ format: 'der', type: 'spki' }));
      // The overloads of export know each type by itself only.
      const exported = (options: object): Buffer | string =>
        (pair.privateKey.export as (o: object) => Buffer | string)({ type, ...options });
      expect(spkiOf(await parsePrivateKey(exported({ format: 'der' })))).toBe(spki);
      expect(spkiOf(await parsePrivateKey(exported({ format: 'pem' })))).toBe(spki);
      for (const cipher of ['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc']) {
        const pem = exported({ format: 'pem', cipher, passphrase: 'ひみつ' });
        expect(spkiOf(await parsePrivateKey(pem, { password: 'ひみつ' }))).toBe(spki);
        expect((await rejection(parsePrivateKey(pem, { password: 'wrong' }))).code).toBe(
          'crypto-password-wrong',
        );
        expect((await rejection(parsePrivateKey(pem))).code).toBe('crypto-password-missing');
      }
    }
  });
});

describe('private keys that cannot be', () => {
  const rsa = async () => {
    const key = await parsePrivateKey(
      new Uint8Array(kinds.rsa().privateKey.export({ format: 'der', type: 'pkcs8' })),
    );
    if (key.kind !== 'rsa') throw new Error('no RSA key');
    return key;
  };

  test('RSA numbers that do not fit together are refused', async () => {
    const key = await rsa();
    const { modulus, exponent } = key.publicKey;
    const numbers = [modulus, exponent, key.d, key.p, key.q, key.dp, key.dq, key.qInv];
    for (let changed = 0; changed < numbers.length; changed++) {
      const inner = numbers.map((number, i) => {
        const copy = number.slice();
        if (i === changed) copy[copy.length - 1]! ^= 4;
        return derInteger(copy);
      });
      const pkcs1 = derSequence(derInteger(0), ...inner);
      expect((await rejection(parsePrivateKey(pkcs1))).code).toBe('crypto-key-malformed');
    }
  });

  test('a public key that does not belong to an Ed25519 key is refused', async () => {
    const seed = derOctetString(derOctetString(new Uint8Array(32).fill(7)));
    const foreign = new Uint8Array([0x81, 33, 0, ...new Uint8Array(32).fill(9)]);
    const key = derSequence(derInteger(1), derSequence(derOid('1.3.101.112')), seed, foreign);
    expect((await rejection(parsePrivateKey(key))).code).toBe('crypto-key-malformed');
  });

  test('scalars out of range are refused', async () => {
    const algorithm = derSequence(derOid('1.2.840.10045.2.1'), derOid('1.2.840.10045.3.1.7'));
    for (const scalar of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(0)]) {
      const inner = derSequence(derInteger(1), derOctetString(scalar));
      const key = derSequence(derInteger(0), algorithm, derOctetString(inner));
      expect((await rejection(parsePrivateKey(key))).code).toBe('crypto-key-malformed');
    }
  });

  test('unknown algorithms and more than two primes are unsupported', async () => {
    const unknown = derSequence(
      derInteger(0),
      derSequence(derOid('1.2.3'), derNull()),
      derOctetString(new Uint8Array(3)),
    );
    expect((await rejection(parsePrivateKey(unknown))).code).toBe('crypto-unsupported');
    const key = await rsa();
    const { modulus, exponent } = key.publicKey;
    const numbers = [modulus, exponent, key.d, key.p, key.q, key.dp, key.dq, key.qInv];
    const pkcs1 = derSequence(derInteger(1), ...numbers.map((number) => derInteger(number)), derSequence());
    expect((await rejection(parsePrivateKey(pkcs1))).code).toBe('crypto-unsupported');
  });

  test('iterations beyond the limit are refused before any is made', async () => {
    const key = await rsa();
    const encrypted = await encryptPrivateKey(key, { password: 'x', iterations: 5000 });
    const refused = rejection(parsePrivateKey(encrypted, { password: 'x', limits: { iterations: 4999 } }));
    expect((await refused).code).toBe('limit-iterations');
    expect((await parsePrivateKey(encrypted, { password: 'x', limits: { iterations: 5000 } })).kind).toBe(
      'rsa',
    );
  });
});

describeProgram('openssl', () => {
  const pem = kinds.ed25519().privateKey.export({ format: 'pem', type: 'pkcs8' });
  const forms: readonly (readonly string[])[] = [
    ['-v2', 'aes128'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
    ['-v2', 'des3', '-v2prf', 'hmacWithSHA1'],
    ['-v2', 'des', '-provider', 'legacy', '-provider', 'default'],
    ['-v2', 'rc2', '-provider', 'legacy', '-provider', 'default'],
    ['-scrypt'],
    ['-v1', 'PBE-MD5-DES', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-DES', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-RC2-64', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-RC4-128', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-RC4-40', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-3DES'],
    ['-v1', 'PBE-SHA1-2DES'],
    ['-v1', 'PBE-SHA1-RC2-128', '-provider', 'legacy', '-provider', 'default'],
    ['-v1', 'PBE-SHA1-RC2-40', '-provider', 'legacy', '-provider', 'default'],
  ];
  for (const form of forms) {
    test(`reads what openssl pkcs8 -topk8 ${form.join(' ')} writes`, async () => {
      const args = ['pkcs8', '-topk8', ...form, '-passout', 'pass:hanako'];
      const encrypted = execFileSync('openssl', args, { input: pem, stdio: ['pipe', 'pipe', 'ignore'] });
      const key = await parsePrivateKey(encrypted, { password: 'hanako', engine: 'typescript' });
      expect(key.kind).toBe('ed25519');
      expect((await parsePrivateKey(encrypted, { password: 'hanako' })).pkcs8).toEqual(key.pkcs8);
      expect((await rejection(parsePrivateKey(encrypted, { password: 'taro' }))).code).toBe(
        'crypto-password-wrong',
      );
    });
  }
});
