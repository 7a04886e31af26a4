import { constants, createPrivateKey, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import { type DigestName, digest } from '../../../src/crypto/digests/digest.js';
import { type CurveName, pointsOf } from '../../../src/crypto/keys/curves.js';
import {
  generateKeyPair,
  type KeyPair,
  type KeyPairKind,
} from '../../../src/crypto/keys/generate-key-pair.js';
import { ecPrivateKey, type PrivateKey, type RsaPrivateKey } from '../../../src/crypto/keys/private-key.js';
import { readPrivateKeyInfo } from '../../../src/crypto/keys/private-key-info.js';
import { parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import { encodePublicKey } from '../../../src/crypto/keys/public-key-info.js';
import { createSigner, defaultSignatureAlgorithm, signData } from '../../../src/crypto/signatures/sign.js';
import { signDigest } from '../../../src/crypto/signatures/sign-ecdsa.js';
import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../../src/crypto/signatures/signature-algorithm.js';
import { encodeSignatureAlgorithm } from '../../../src/crypto/signatures/signature-identifier.js';
import { verifySignature } from '../../../src/crypto/signatures/verify.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { digestNames, octetsOf } from '../support.js';

const curves: readonly CurveName[] = [
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
];
const kinds: readonly KeyPairKind[] = [
  { kind: 'rsa', bits: 2048 },
  ...curves.map((curve) => ({ kind: 'ec', curve }) as const),
  { kind: 'ed25519' },
  { kind: 'ed448' },
];
const nameOfKind = (kind: KeyPairKind): string => (kind.kind === 'ec' ? kind.curve : kind.kind);

const made = new Map<string, Promise<KeyPair>>();
function keyPair(kind: KeyPairKind): Promise<KeyPair> {
  let pair = made.get(nameOfKind(kind));
  if (pair === undefined) {
    pair = generateKeyPair(kind);
    made.set(nameOfKind(kind), pair);
  }
  return pair;
}

/** Every algorithm that a key of that kind signs with here. */
function algorithmsOf(kind: KeyPairKind): SignatureAlgorithm[] {
  const fixed = digestNames.filter((name) => !name.startsWith('shake'));
  if (kind.kind === 'rsa') {
    return [
      ...fixed.map((name) => ({ name: 'rsa-pkcs1', digest: name }) as const),
      ...digestNames.map(
        (name) => ({ name: 'rsa-pss', digest: name, mgfDigest: name, saltLength: 32 }) as const,
      ),
      { name: 'rsa-pss', digest: 'sha512', mgfDigest: 'sha1', saltLength: 0 },
      { name: 'rsa-pss', digest: 'sha1', mgfDigest: 'sha1', saltLength: 20 },
    ];
  }
  if (kind.kind === 'ec') return digestNames.map((name) => ({ name: 'ecdsa', digest: name }) as const);
  return [defaultSignatureAlgorithm({ kind: kind.kind as 'ed25519', key: new Uint8Array() })];
}

const data = octetsOf(300);

describe.each(kinds)('a signature with a key of $kind $curve', (kind) => {
  test.each(['typescript', 'auto'] as const)('by the engine %s verifies on every engine', async (engine) => {
    const { privateKey, publicKey } = await keyPair(kind);
    let count = 0;
    for (const algorithm of algorithmsOf(kind)) {
      const signature = await signData({ privateKey, algorithm, data, engine });
      for (const by of ['typescript', 'auto'] as const) {
        const asked = { publicKey, algorithm, signature, engine: by };
        expect(await verifySignature({ ...asked, data }), `${JSON.stringify(algorithm)} ${by}`).toBe(true);
        expect(await verifySignature({ ...asked, data: octetsOf(299) })).toBe(false);
        count++;
      }
    }
    expect(count).toBe(2 * algorithmsOf(kind).length);
  });

  test('the native engine signs by the default algorithm', async () => {
    const { privateKey, publicKey } = await keyPair(kind);
    const signer = createSigner(privateKey, { engine: 'native' });
    const signature = await signer.sign(data);
    const { algorithm } = signer;
    expect(await verifySignature({ publicKey, algorithm, signature, data, engine: 'typescript' })).toBe(true);
  });

  test('what is written of it is read again', async () => {
    const { publicKey } = await keyPair(kind);
    expect(parsePublicKey(encodePublicKey(publicKey))).toEqual(publicKey);
    for (const algorithm of algorithmsOf(kind)) {
      let identifier: Uint8Array;
      try {
        identifier = encodeSignatureAlgorithm(algorithm);
      } catch (error) {
        expect(error).toMatchObject({ code: 'crypto-unsupported' });
        expect(['md5', 'sha512-256'], JSON.stringify(algorithm)).toContain(
          (algorithm as { digest: string }).digest,
        );
        continue;
      }
      expect(parseSignatureAlgorithm(identifier)).toEqual(algorithm);
    }
  });
});

describe('the platform', () => {
  const nodeDigests = ['sha1', 'sha256', 'sha384', 'sha512', 'sha3-256'] as const;

  test.each(['typescript', 'auto'] as const)('verifies what the engine %s signs', async (engine) => {
    let count = 0;
    for (const kind of kinds) {
      const { privateKey, publicKey } = await keyPair(kind);
      const key = createPublicKey({
        key: Buffer.from(encodePublicKey(publicKey)),
        format: 'der',
        type: 'spki',
      });
      for (const algorithm of algorithmsOf(kind)) {
        const name = 'digest' in algorithm ? algorithm.digest : null;
        if (name !== null && !nodeDigests.includes(name as 'sha1')) continue;
        if (algorithm.name === 'rsa-pss' && algorithm.mgfDigest !== algorithm.digest) continue;
        const signature = await signData({ privateKey, algorithm, data, engine });
        const padding =
          algorithm.name === 'rsa-pss'
            ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength }
            : {};
        expect(nodeVerify(name, data, { key, ...padding }, signature), JSON.stringify(algorithm)).toBe(true);
        count++;
      }
    }
    expect(count).toBe(11 + 7 * 5 + 2);
  });

  test('reads the private keys', async () => {
    for (const kind of kinds) {
      const { privateKey } = await keyPair(kind);
      const read = createPrivateKey({ key: Buffer.from(privateKey.pkcs8), format: 'der', type: 'pkcs8' });
      const spki = createPublicKey(read).export({ format: 'der', type: 'spki' });
      expect(encodeHex(spki)).toBe(encodeHex(encodePublicKey(privateKey.publicKey)));
    }
  });
});

describe('RSA', () => {
  test('gives no signature out that a fault is in', async () => {
    const { privateKey } = await keyPair({ kind: 'rsa', bits: 2048 });
    const rsa = privateKey as RsaPrivateKey;
    const dp = rsa.dp.slice();
    dp[100]! ^= 1;
    const faulty = { ...rsa, p: rsa.p, q: rsa.q, d: rsa.d, dp, dq: rsa.dq, qInv: rsa.qInv, pkcs8: rsa.pkcs8 };
    const algorithm = { name: 'rsa-pkcs1', digest: 'sha256' } as const;
    await expect(
      signData({ privateKey: faulty, algorithm, data, engine: 'typescript' }),
    ).rejects.toMatchObject({
      code: 'crypto-key-malformed',
      message: expect.stringMatching(/does not verify/),
    });
  });

  test('by PKCS #1 v1.5 is the same from every engine, by PSS never twice', async () => {
    const { privateKey } = await keyPair({ kind: 'rsa', bits: 2048 });
    const sign = async (algorithm: SignatureAlgorithm, engine: Engine) =>
      encodeHex(await signData({ privateKey, algorithm, data, engine }));
    const pkcs1 = { name: 'rsa-pkcs1', digest: 'sha256' } as const;
    expect(await sign(pkcs1, 'native')).toBe(await sign(pkcs1, 'typescript'));
    const pss = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 } as const;
    const all = [await sign(pss, 'native'), await sign(pss, 'native'), await sign(pss, 'typescript')];
    expect(new Set(all).size).toBe(3);
  });

  test('by PSS takes its salt from the source that is given', async () => {
    const { privateKey } = await keyPair({ kind: 'rsa', bits: 2048 });
    const algorithm = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 32 } as const;
    const random = (length: number) => new Uint8Array(length).fill(5);
    const signed = await Promise.all(
      (['native', 'typescript', 'native'] as const).map(async (engine) =>
        encodeHex(await signData({ privateKey, algorithm, data, engine, random })),
      ),
    );
    expect(new Set(signed).size).toBe(1);
  });

  test('a key for PSS only signs by PSS only, with its parameters or a longer salt', async () => {
    const { privateKey } = await keyPair({ kind: 'rsa', bits: 2048 });
    const rsa = privateKey as RsaPrivateKey;
    // RSASSA-PSS-params of SHA-256, MGF1 with SHA-256, 32 octets of salt.
    const identifier = encodeSignatureAlgorithm({
      name: 'rsa-pss',
      digest: 'sha256',
      mgfDigest: 'sha256',
      saltLength: 32,
    });
    const plain = decodeHex('300d06092a864886f70d0101010500');
    const at = encodeHex(rsa.pkcs8).indexOf(encodeHex(plain)) / 2;
    const body = [...rsa.pkcs8.subarray(4, at), ...identifier, ...rsa.pkcs8.subarray(at + plain.length)];
    const restricted = readPrivateKeyInfo(
      Uint8Array.from([0x30, 0x82, body.length >> 8, body.length & 0xff, ...body]),
    );
    expect(restricted.kind === 'rsa' && restricted.publicKey.pssOnly).toBe(true);
    const pss = { name: 'rsa-pss', digest: 'sha256', mgfDigest: 'sha256', saltLength: 40 } as const;
    for (const engine of ['native', 'typescript'] as const) {
      const signature = await createSigner(restricted, { algorithm: pss, engine }).sign(data);
      const asked = { publicKey: restricted.publicKey, algorithm: pss, signature, data };
      expect(await verifySignature(asked)).toBe(true);
    }
    expect(createSigner(restricted).algorithm).toEqual({ ...pss, saltLength: 32 });
    for (const algorithm of [
      { name: 'rsa-pkcs1', digest: 'sha256' },
      { ...pss, saltLength: 31 },
      { ...pss, digest: 'sha512' },
      { ...pss, mgfDigest: 'sha1' },
    ] as const) {
      expect(() => createSigner(restricted, { algorithm })).toThrowError(
        expect.objectContaining({ code: 'usage' }),
      );
    }
    expect(parsePublicKey(encodePublicKey(restricted.publicKey))).toEqual(restricted.publicKey);
  });
});

/** RFC 6979 appendix A.2: key, then per digest the numbers over "sample". */
const rfc6979: readonly (readonly [CurveName, string, Readonly<Partial<Record<DigestName, string>>>])[] = [
  [
    'P-224',
    'f220266e1105bfe3083e03ec7a3a654651f45e37167e88600bf257c1',
    {
      sha256:
        '61aa3da010e8e8406c656bc477a7a7189895e7e840cdfe8ff42307ba' +
        'bc814050dab5d23770879494f9e0a680dc1af7161991bde692b10101',
    },
  ],
  [
    'P-256',
    'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721',
    {
      sha1:
        '61340c88c3aaebeb4f6d667f672ca9759a6ccaa9fa8811313039ee4a35471d32' +
        '6d7f147dac089441bb2e2fe8f7a3fa264b9c475098fdcf6e00d7c996e1b8b7eb',
      sha256:
        'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
      sha512:
        '8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00' +
        '2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe',
    },
  ],
  [
    'P-384',
    '6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5',
    {
      sha384:
        '94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46' +
        '99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
    },
  ],
];

describe('ECDSA', () => {
  test.each(rfc6979)('on %s without extra octets is that of RFC 6979', (curve, scalar, answers) => {
    const key = ecPrivateKey(curve, decodeHex(scalar));
    for (const [name, numbers] of Object.entries(answers)) {
      const hash = digest(name as DigestName, new TextEncoder().encode('sample'));
      const signature = encodeHex(signDigest(key, name as DigestName, hash));
      const half = numbers.length / 2;
      for (const number of [numbers.slice(0, half), numbers.slice(half)]) expect(signature).toContain(number);
    }
  });

  test('does not give the same octets twice', async () => {
    const { privateKey } = await keyPair({ kind: 'ec', curve: 'P-256' });
    for (const engine of ['native', 'typescript'] as const) {
      const signer = createSigner(privateKey, { engine });
      expect(encodeHex(await signer.sign(data))).not.toBe(encodeHex(await signer.sign(data)));
    }
  });

  test('takes keys at both ends of their range', async () => {
    for (const curve of curves) {
      const { ORDER, BYTES } = pointsOf(curve).Fn;
      for (const scalar of [1n, ORDER - 1n]) {
        const key = ecPrivateKey(curve, decodeHex(scalar.toString(16).padStart(2 * BYTES, '0')));
        const algorithm = defaultSignatureAlgorithm(key.publicKey);
        for (const engine of ['auto', 'typescript'] as const) {
          const signature = await signData({ privateKey: key, data, engine });
          expect(await verifySignature({ publicKey: key.publicKey, algorithm, signature, data })).toBe(true);
        }
      }
    }
  });
});

test('Ed25519 and Ed448 give the same octets from every engine', async () => {
  for (const kind of ['ed25519', 'ed448'] as const) {
    const { privateKey } = await keyPair({ kind });
    const all = await Promise.all(
      (['native', 'typescript', 'auto'] as const).map(async (engine) =>
        encodeHex(await signData({ privateKey, data, engine })),
      ),
    );
    expect(new Set(all).size).toBe(1);
  }
});

describe('refusals', () => {
  const refused = async (key: PrivateKey, algorithm?: SignatureAlgorithm): Promise<string> => {
    const given = algorithm === undefined ? {} : { algorithm };
    return signData({ privateKey: key, data, ...given }).then(
      () => 'signed',
      (error: { code: string }) => error.code,
    );
  };

  test('a key of another kind than the algorithm wants is misuse', async () => {
    const { privateKey: ec } = await keyPair({ kind: 'ec', curve: 'P-256' });
    const { privateKey: ed } = await keyPair({ kind: 'ed25519' });
    expect(await refused(ec, { name: 'rsa-pkcs1', digest: 'sha256' })).toBe('usage');
    expect(await refused(ed, { name: 'ed448' })).toBe('usage');
    expect(await refused(ed, { name: 'ecdsa', digest: 'sha256' })).toBe('usage');
  });

  test('keys that agree on secrets and DSA sign nothing', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'x25519' });
    expect(await refused(privateKey)).toBe('crypto-unsupported');
    const { privateKey: ec } = await keyPair({ kind: 'ec', curve: 'P-256' });
    expect(await refused(ec, { name: 'dsa', digest: 'sha256' })).toBe('crypto-unsupported');
  });

  test('SHAKE has no DigestInfo, and long salts fit no short key', async () => {
    const { privateKey } = await keyPair({ kind: 'rsa', bits: 2048 });
    expect(await refused(privateKey, { name: 'rsa-pkcs1', digest: 'shake256' })).toBe('crypto-unsupported');
    const long = { name: 'rsa-pss', digest: 'sha512', mgfDigest: 'sha512', saltLength: 191 } as const;
    expect(await refused(privateKey, long)).toBe('crypto-unsupported');
    expect(await refused(privateKey, { ...long, saltLength: 190 })).toBe('signed');
  });
});
