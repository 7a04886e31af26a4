import { createECDH, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deriveSharedSecret } from '../../../src/crypto/agreement/shared-secret.js';
import type { CurveName } from '../../../src/crypto/keys/curves.js';
import { generateKeyPair } from '../../../src/crypto/keys/generate-key-pair.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { wipePrivateKey } from '../../../src/crypto/keys/private-key.js';
import { type PublicKey, parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { engines, plain, rejection } from '../support.js';

const curves = [
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
] as const satisfies readonly CurveName[];

function nodePair(kind: CurveName | 'x25519' | 'x448'): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'x25519') return generateKeyPairSync('x25519');
  if (kind === 'x448') return generateKeyPairSync('x448');
  return generateKeyPairSync('ec', { namedCurve: kind === 'P-224' ? 'secp224r1' : kind });
}

test.each([...curves, 'x25519', 'x448'] as const)(
  '%s agrees with the runtime, by every engine',
  async (kind) => {
    for (let round = 0; round < 3; round++) {
      const [own, other] = [nodePair(kind), nodePair(kind)];
      const known = plain(diffieHellman({ privateKey: own.privateKey, publicKey: other.publicKey }));
      const privateKey = await parsePrivateKey(
        plain(own.privateKey.export({ format: 'der', type: 'pkcs8' })),
      );
      const publicKey = parsePublicKey(plain(other.publicKey.export({ format: 'der', type: 'spki' })));
      for (const engine of engines) {
        expect(await deriveSharedSecret({ privateKey, publicKey, engine })).toEqual(known);
      }
    }
  },
);

test('compressed points are taken', async () => {
  const other = createECDH('prime256v1');
  other.generateKeys();
  const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  const whole: PublicKey = { kind: 'ec', curve: 'P-256', point: plain(other.getPublicKey()) };
  const point = plain(other.getPublicKey(null, 'compressed'));
  for (const engine of engines) {
    const secret = await deriveSharedSecret({ privateKey, publicKey: whole, engine });
    const publicKey: PublicKey = { kind: 'ec', curve: 'P-256', point };
    expect(await deriveSharedSecret({ privateKey, publicKey, engine })).toEqual(secret);
  }
});

test('RFC 7748 §6.2, X448', async () => {
  const seed =
    '9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b';
  const other =
    '3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609';
  const privateKey = await parsePrivateKey(decodeHex(`3046020100300506032b656f043a0438${seed}`));
  const publicKey: PublicKey = { kind: 'x448', key: decodeHex(other) };
  for (const engine of engines) {
    expect(encodeHex(await deriveSharedSecret({ privateKey, publicKey, engine }))).toBe(
      '07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d',
    );
  }
});

describe('refusals', () => {
  test('points off their curve, and infinity', async () => {
    for (const curve of curves) {
      const { privateKey, publicKey } = await generateKeyPair({ kind: 'ec', curve });
      if (publicKey.kind !== 'ec') throw new Error('no key on a curve');
      const point = publicKey.point.slice();
      point[point.length - 1]! ^= 1;
      for (const wrong of [point, Uint8Array.of(0), new Uint8Array(point.length), new Uint8Array(0)]) {
        for (const engine of engines) {
          const other: PublicKey = { ...publicKey, point: wrong };
          const { code } = await rejection(deriveSharedSecret({ privateKey, publicKey: other, engine }));
          expect(code).toBe('crypto-key-malformed');
        }
      }
    }
  });

  test('Montgomery points of small order, with which everybody agrees on zeros (RFC 7748 §6)', async () => {
    const small = {
      x25519: [
        '00'.repeat(32),
        `01${'00'.repeat(31)}`,
        'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
        '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
        `ec${'ff'.repeat(30)}7f`,
        `ed${'ff'.repeat(30)}7f`,
        `ee${'ff'.repeat(30)}7f`,
      ],
      x448: [
        '00'.repeat(56),
        `01${'00'.repeat(55)}`,
        `fe${'ff'.repeat(27)}fe${'ff'.repeat(27)}`,
        `${'ff'.repeat(28)}fe${'ff'.repeat(27)}`,
      ],
    };
    for (const kind of ['x25519', 'x448'] as const) {
      const { privateKey } = await generateKeyPair({ kind });
      for (const hex of small[kind]) {
        for (const engine of engines) {
          const publicKey: PublicKey = { kind, key: decodeHex(hex) };
          const { code } = await rejection(deriveSharedSecret({ privateKey, publicKey, engine }));
          expect(code).toBe('crypto-key-malformed');
        }
      }
    }
  });

  test('a key of another curve or kind', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
    for (const kind of [{ kind: 'ec', curve: 'P-384' }, { kind: 'x25519' }, { kind: 'ed25519' }] as const) {
      const { publicKey } = await generateKeyPair(kind);
      const { code } = await rejection(deriveSharedSecret({ privateKey, publicKey }));
      expect(code).toBe('crypto-key-malformed');
      const other = await generateKeyPair({ kind: 'x448' });
      const refused = await rejection(deriveSharedSecret({ privateKey: other.privateKey, publicKey }));
      expect(refused.code).toBe('crypto-key-malformed');
    }
  });

  test('a Montgomery point of another length', async () => {
    for (const [kind, length] of [
      ['x25519', 32],
      ['x448', 56],
    ] as const) {
      const { privateKey } = await generateKeyPair({ kind });
      for (const wrong of [0, length - 1, length + 1]) {
        for (const engine of engines) {
          const publicKey: PublicKey = { kind, key: new Uint8Array(wrong).fill(9) };
          const refused = await rejection(deriveSharedSecret({ privateKey, publicKey, engine }));
          expect(refused.code).toBe('crypto-key-malformed');
          expect(refused.message).toContain(`${wrong} octets, not ${length}`);
        }
      }
    }
  });

  test('private keys that agree on nothing, and wiped ones', async () => {
    const { publicKey } = await generateKeyPair({ kind: 'x25519' });
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    expect((await rejection(deriveSharedSecret({ privateKey, publicKey }))).code).toBe('usage');
    for (const kind of [{ kind: 'x25519' }, { kind: 'ec', curve: 'P-256' }] as const) {
      const pair = await generateKeyPair(kind);
      await deriveSharedSecret(pair);
      wipePrivateKey(pair.privateKey);
      for (const engine of engines) {
        expect((await rejection(deriveSharedSecret({ ...pair, engine }))).code).toBe('usage');
      }
    }
  });
});
