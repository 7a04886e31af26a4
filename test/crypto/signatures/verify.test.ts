import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  sign,
} from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { derInteger, derSequence } from '../../../src/asn1/writer.js';
import { concatBytes } from '../../../src/core/bytes.js';
import type { Engine } from '../../../src/core/engine.js';
import type { MailsealError } from '../../../src/core/errors.js';
import { type DigestName, digest } from '../../../src/crypto/digests/digest.js';
import { type CurveName, pointsOf } from '../../../src/crypto/keys/curves.js';
import { type EcPublicKey, type PublicKey, parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import type { SignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { decodeHex } from '../../../src/encoding/hex.js';
import { engines, octetsOf, plain } from '../support.js';

const data = octetsOf(300);
const other = data.with(150, data[150]! ^ 1);

function read(key: KeyObject): PublicKey {
  return parsePublicKey(plain(key.export({ format: 'der', type: 'spki' })));
}

/** A good signature is accepted; a bit changed in it or in the data is refused, and so is another length. */
async function expectGood(
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
  signature: Uint8Array,
  engine: Engine,
): Promise<void> {
  const ask = (octets: Uint8Array, content = data) =>
    verifySignature({ algorithm, publicKey, signature: octets, data: content, engine });
  expect(await ask(signature)).toBe(true);
  expect(await ask(signature, other)).toBe(false);
  const changed = plain(signature);
  changed[changed.length >> 1]! ^= 1;
  expect(await ask(changed)).toBe(false);
  expect(await ask(signature.subarray(0, -1))).toBe(false);
  expect(await ask(concatBytes([new Uint8Array(1), signature]))).toBe(false);
  expect(await ask(concatBytes([signature, new Uint8Array(1)]))).toBe(false);
  expect(await ask(new Uint8Array(0))).toBe(false);
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const rsaKey = read(rsa.publicKey);
const sha2: readonly DigestName[] = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const moreDigests: readonly DigestName[] = ['sha512-256', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512'];

describe.each(engines)('engine %s', (engine) => {
  test.each(['md5', ...sha2, ...moreDigests] as const)('RSA PKCS#1 v1.5 with %s', async (name) => {
    const signature = sign(name, data, rsa.privateKey);
    await expectGood({ name: 'rsa-pkcs1', digest: name }, rsaKey, signature, engine);
  });

  test.each([512, 1023, 1025, 1032, 2047])('RSA of %i bits, both schemes', async (modulusLength) => {
    const { publicKey, privateKey } = rsaOfBits(modulusLength);
    const key = read(publicKey);
    const signature = sign('sha1', data, privateKey);
    await expectGood({ name: 'rsa-pkcs1', digest: 'sha1' }, key, signature, engine);
    const pss = sign('sha1', data, {
      key: privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 20,
    });
    await expectGood(
      { name: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltLength: 20 },
      key,
      pss,
      engine,
    );
  });

  test('RSA with exponent 3 and with one of 32 bits', async () => {
    for (const publicExponent of [3, 4_294_967_291]) {
      const pair = generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent });
      const signature = sign('sha256', data, pair.privateKey);
      await expectGood({ name: 'rsa-pkcs1', digest: 'sha256' }, read(pair.publicKey), signature, engine);
    }
  });

  test('RSA-PSS: salt length and digests must be as stated', async () => {
    const signature = sign('sha256', data, {
      key: rsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 11,
    });
    const algorithm = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 11 } as const;
    await expectGood(algorithm, rsaKey, signature, engine);
    for (const change of [
      { saltLength: 10 },
      { saltLength: 12 },
      { saltLength: 2048 },
      { mgfDigest: 'sha1' },
      { digest: 'sha3-256' },
    ] as const) {
      const answer = verifySignature({
        algorithm: { ...algorithm, ...change },
        publicKey: rsaKey,
        signature,
        data,
        engine,
      });
      expect(await answer).toBe(false);
    }
  });

  test('RSA-PSS with SHAKE', async () => {
    for (const [name, length] of [
      ['shake128', 32],
      ['shake256', 64],
    ] as const) {
      const signature = shakePssSignature(name, length);
      const algorithm = { name: 'rsa-pss', digest: name, mgfDigest: name, saltLength: length } as const;
      // 1,024 bits are too few for two times 64 octets, so the key has 2,048.
      await expectGood(algorithm, read(rsa2048.publicKey), signature, engine);
    }
  });

  test('a key for PSS only', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', {
      modulusLength: 1024,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha256',
      // Node's types say string, Node itself wants a number.
      saltLength: 20 as unknown as string,
    });
    const key = read(publicKey);
    const algorithm = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256' } as const;
    for (const saltLength of [20, 32]) {
      const signature = sign('sha256', data, { key: privateKey, saltLength });
      await expectGood({ ...algorithm, saltLength }, key, signature, engine);
    }
    const pkcs1 = { name: 'rsa-pkcs1', digest: 'sha256' } as const;
    const pssKey = { ...rsaKey, pssOnly: true } as PublicKey;
    const signature = sign('sha256', data, rsa.privateKey);
    expect(await verifySignature({ algorithm: pkcs1, publicKey: pssKey, signature, data, engine })).toBe(
      false,
    );
    // RFC 4055 §3.3: the salt is at least as long as the key says, the digests are its own.
    const shorter = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 19 };
    const restricted = {
      ...rsaKey,
      pssParameters: { digest: 'sha256', mgfDigest: 'sha256', saltLength: 20 },
    } as PublicKey;
    expect(
      await verifySignature({
        algorithm: { ...algorithm, saltLength: 19 },
        publicKey: restricted,
        signature: sign('sha256', data, shorter),
        data,
        engine,
      }),
    ).toBe(false);
    expect(
      await verifySignature({
        algorithm: { name: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltLength: 19 },
        publicKey: restricted,
        signature: sign('sha1', data, shorter),
        data,
        engine,
      }),
    ).toBe(false);
  });

  test('a signature that is not less than the modulus', async () => {
    if (rsaKey.kind !== 'rsa') throw new Error(rsaKey.kind);
    const algorithm = { name: 'rsa-pkcs1', digest: 'sha256' } as const;
    for (const signature of [rsaKey.modulus, new Uint8Array(128).fill(255)]) {
      expect(await verifySignature({ algorithm, publicKey: rsaKey, signature, data, engine })).toBe(false);
    }
  });

  test.each([
    ['secp224r1', 'sha224'],
    ['prime256v1', 'sha1'],
    ['prime256v1', 'sha512'],
    ['prime256v1', 'sha3-256'],
    ['secp384r1', 'sha1'],
    ['secp384r1', 'sha384'],
    ['secp521r1', 'sha256'],
    ['secp521r1', 'sha512'],
    ['brainpoolP256r1', 'sha256'],
    ['brainpoolP384r1', 'sha384'],
    ['brainpoolP512r1', 'sha512'],
  ] as const)('ECDSA on %s with %s', async (namedCurve, name) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    const key = read(publicKey);
    if (key.kind !== 'ec') throw new Error(key.kind);
    const signature = sign(name, data, privateKey);
    await expectGood({ name: 'ecdsa', digest: name }, key, signature, engine);
    const compressed: EcPublicKey = {
      ...key,
      point: plain(pointsOf(key.curve).fromBytes(key.point).toBytes(true)),
    };
    await expectGood({ name: 'ecdsa', digest: name }, compressed, signature, engine);
  });

  test.each<[CurveName]>([['P-256'], ['P-521'], ['brainpoolP384r1']])(
    'a point that is not on %s',
    async (curve) => {
      const n = pointsOf(curve).Fn.ORDER;
      const base = pointsOf(curve).BASE.toBytes(false);
      const signature = derSequence(derInteger(n - 1n), derInteger(n - 1n));
      const bad = base.with(base.length - 1, base[base.length - 1]! ^ 1);
      const ones = plain(base).fill(0xff, 1);
      for (const point of [bad, ones, plain(base).fill(0, 1)]) {
        const publicKey: PublicKey = { kind: 'ec', curve, point: plain(point) };
        const algorithm = { name: 'ecdsa', digest: 'sha256' } as const;
        expect(await verifySignature({ algorithm, publicKey, signature, data, engine })).toBe(false);
      }
    },
  );

  test.each(['ed25519', 'ed448'] as const)('%s', async (name) => {
    const { publicKey, privateKey } = generateKeyPairSync(name as 'ed25519');
    await expectGood({ name }, read(publicKey), sign(null, data, privateKey), engine);
  });

  test('Ed25519 keys of small order, and encodings that are not reduced', async () => {
    // With these keys and R the neutral element, S = 0 fits about every message, or every eighth.
    const keys = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      '0100000000000000000000000000000000000000000000000000000000000080',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    ];
    const signature = new Uint8Array(64);
    signature[0] = 1;
    for (const hex of keys) {
      const publicKey: PublicKey = { kind: 'ed25519', key: decodeHex(hex) };
      for (let i = 0; i < 8; i++) {
        const content = Uint8Array.of(i);
        const algorithm = { name: 'ed25519' } as const;
        expect(await verifySignature({ algorithm, publicKey, signature, data: content, engine })).toBe(false);
      }
    }
  });

  test('Ed448 keys of small order', async () => {
    const signature = new Uint8Array(114);
    signature[0] = 1;
    const minusOne = `fe${'ff'.repeat(27)}fe${'ff'.repeat(27)}00`;
    const p = `ff${'ff'.repeat(27)}fe${'ff'.repeat(27)}00`;
    for (const hex of ['01', '00', minusOne, p]) {
      const publicKey: PublicKey = { kind: 'ed448', key: decodeHex(hex.padEnd(114, '0')) };
      const algorithm = { name: 'ed448' } as const;
      expect(await verifySignature({ algorithm, publicKey, signature, data, engine })).toBe(false);
    }
  });

  test('Ed25519: S is less than the order', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const signature = plain(sign(null, data, privateKey));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = 0n;
    for (let i = 63; i >= 32; i--) s = s * 256n + BigInt(signature[i]!);
    s += order;
    for (let i = 32; i < 64; i++, s >>= 8n) signature[i] = Number(s & 255n);
    const algorithm = { name: 'ed25519' } as const;
    expect(await verifySignature({ algorithm, publicKey: read(publicKey), signature, data, engine })).toBe(
      false,
    );
  });

  test.each([
    [1024, 160, 'sha1'],
    [1024, 160, 'sha256'],
    [2048, 224, 'sha224'],
  ] as const)('DSA of %i and %i bits with %s', async (modulusLength, divisorLength, name) => {
    const { publicKey, privateKey } = dsaPairs.get(`${modulusLength}/${divisorLength}`)!;
    const signature = sign(name, data, privateKey);
    await expectGood({ name: 'dsa', digest: name }, read(publicKey), signature, engine);
  });

  test('DSA keys without parameters or with impossible ones verify nothing', async () => {
    const pair = dsaPairs.get('1024/160')!;
    const signature = sign('sha1', data, pair.privateKey);
    const key = read(pair.publicKey);
    if (key.kind !== 'dsa' || key.parameters === undefined) throw new Error(key.kind);
    const { p, q, g } = key.parameters;
    const one = Uint8Array.of(1);
    const keys: PublicKey[] = [
      { kind: 'dsa', y: key.y },
      { ...key, parameters: { p, q, g: one } },
      { ...key, parameters: { p, q, g: p } },
      { ...key, parameters: { p, q: plain(q.with(19, q[19]! ^ 2)), g } },
      { ...key, y: one },
      { ...key, y: p },
    ];
    for (const publicKey of keys) {
      const algorithm = { name: 'dsa', digest: 'sha1' } as const;
      expect(await verifySignature({ algorithm, publicKey, signature, data, engine })).toBe(false);
    }
  });

  test('an algorithm of another kind of key verifies nothing', async () => {
    const algorithms: SignatureAlgorithm[] = [
      { name: 'rsa-pkcs1', digest: 'sha256' },
      { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 },
      { name: 'ecdsa', digest: 'sha256' },
      { name: 'dsa', digest: 'sha256' },
      { name: 'ed25519' },
      { name: 'ed448' },
    ];
    const x25519 = read(generateKeyPairSync('x25519').publicKey);
    for (const algorithm of algorithms) {
      const signature = new Uint8Array(64);
      expect(await verifySignature({ algorithm, publicKey: x25519, signature, data, engine })).toBe(false);
    }
  });
});

test('ECDSA with SHAKE256 (RFC 8702)', async () => {
  const { secretKey, publicKey: point } = p256.keygen();
  const publicKey: PublicKey = { kind: 'ec', curve: 'P-256', point: plain(point) };
  const options = { prehash: false, lowS: false, format: 'der' } as const;
  const signature = p256.sign(digest('shake256', data), secretKey, options);
  await expectGood({ name: 'ecdsa', digest: 'shake256' }, publicKey, signature, 'auto');
});

test('PKCS#1 v1.5 is not defined with SHAKE', async () => {
  const algorithm = { name: 'rsa-pkcs1', digest: 'shake256' } as const;
  const signature = new Uint8Array(128);
  const asked = verifySignature({ algorithm, publicKey: rsaKey, signature, data });
  await expect(asked).rejects.toMatchObject({ name: 'MailsealError', code: 'crypto-unsupported' });
});

test('arguments of the wrong kind', async () => {
  const good = { algorithm: { name: 'ed25519' } as const, publicKey: rsaKey, signature: data, data };
  const codeOf = async (options: object) =>
    verifySignature({ ...good, ...options }).catch((error: MailsealError) => error.code);
  expect(await codeOf({ data: 'abc' })).toBe('usage');
  expect(await codeOf({ signature: [1] })).toBe('usage');
  expect(await codeOf({ algorithm: { name: 'rsa' } })).toBe('usage');
  const sized = { algorithm: { name: 'rsa-pkcs1', digest: 'sha256' }, signature: new Uint8Array(128) };
  expect(await codeOf({ ...sized, engine: 'fast' })).toBe('usage');
});

const rsaPairs = new Map<number, { publicKey: KeyObject; privateKey: KeyObject }>();

/** Large keys take seconds to find, so all engines share one. */
function rsaOfBits(modulusLength: number): { publicKey: KeyObject; privateKey: KeyObject } {
  let pair = rsaPairs.get(modulusLength);
  if (pair === undefined) {
    pair = generateKeyPairSync('rsa', { modulusLength });
    rsaPairs.set(modulusLength, pair);
  }
  return pair;
}

const rsa2048 = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dsaPairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();

beforeAll(() => {
  for (const [modulusLength, divisorLength] of [
    [1024, 160],
    [2048, 224],
  ] as const) {
    dsaPairs.set(
      `${modulusLength}/${divisorLength}`,
      generateKeyPairSync('dsa', { modulusLength, divisorLength }),
    );
  }
});

/** EMSA-PSS written out with OpenSSL's SHAKE, since OpenSSL's own PSS has none. */
function shakePssSignature(name: 'shake128' | 'shake256', length: number): Uint8Array {
  const shake = (outputLength: number, ...pieces: Uint8Array[]): Buffer =>
    createHash(name, { outputLength }).update(Buffer.concat(pieces)).digest();
  const salt = octetsOf(length);
  const h = shake(length, new Uint8Array(8), shake(length, data), salt);
  const db = Buffer.concat([Buffer.alloc(256 - 2 * length - 2), Buffer.of(1), salt]);
  const mask = shake(db.length, h);
  const masked = db.map((octet, i) => octet ^ mask[i]!);
  masked[0]! &= 0x7f;
  const encoded = Buffer.concat([masked, h, Buffer.of(0xbc)]);
  return privateDecrypt({ key: rsa2048.privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}
