import * as nodeCrypto from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AgreementKey, agreeEphemerally } from '../../../src/crypto/agreement/ephemeral-agreement.js';
import type { NativeCrypto, NativeEcdh } from '../../../src/crypto/engines/native-crypto.js';
import { parsePublicKey } from '../../../src/crypto/keys/public-key.js';
import { encodePublicKey } from '../../../src/crypto/keys/public-key-info.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { plain } from '../support.js';

const real = nodeCrypto as unknown as NativeCrypto;
const kinds = [
  'secp224r1',
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'x25519',
  'x448',
];

function pairOf(kind: string) {
  const pair =
    kind === 'x25519'
      ? nodeCrypto.generateKeyPairSync('x25519')
      : kind === 'x448'
        ? nodeCrypto.generateKeyPairSync('x448')
        : nodeCrypto.generateKeyPairSync('ec', { namedCurve: kind });
  const key = parsePublicKey(plain(pair.publicKey.export({ format: 'der', type: 'spki' })));
  return { key: key as AgreementKey, privateKey: pair.privateKey };
}

function hybrid(point: Uint8Array): Uint8Array<ArrayBuffer> {
  const other = Uint8Array.from(point);
  other[0] = 6 | (point.at(-1)! & 1);
  return other;
}

/** What the other side agrees on with the key that was made. */
function otherSide(privateKey: nodeCrypto.KeyObject, publicKey: AgreementKey): string {
  const key = Buffer.from(encodePublicKey(publicKey));
  const imported = nodeCrypto.createPublicKey({ key, format: 'der', type: 'spki' });
  return nodeCrypto.diffieHellman({ privateKey, publicKey: imported }).toString('hex');
}

describe.each(kinds)('%s', (kind) => {
  const { key, privateKey } = pairOf(kind);

  test.each(['auto', 'native', 'typescript'] as const)('%s: both sides agree', async (engine) => {
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const { publicKey, secret } = await agreeEphemerally(key, { engine });
      expect(encodeHex(secret)).toBe(otherSide(privateKey, publicKey));
      seen.add(encodeHex(publicKey.kind === 'ec' ? publicKey.point : publicKey.key));
    }
    expect(seen.size).toBe(3);
  });

  test('what a random source gives is what the key is made of', async () => {
    const random = (length: number) => new Uint8Array(length).fill(0x11);
    const [one, other] = [await agreeEphemerally(key, { random }), await agreeEphemerally(key, { random })];
    expect(one).toEqual(other);
    expect(encodeHex(one.secret)).toBe(otherSide(privateKey, one.publicKey));
  });

  test('a key that nobody can agree with is refused', async () => {
    const bad: AgreementKey[] =
      key.kind === 'ec'
        ? [
            { ...key, point: key.point.map((octet, i) => octet ^ Number(i === 9)) },
            { ...key, point: key.point.subarray(1) },
            { ...key, point: Uint8Array.of(0) },
            // The hybrid form of X9.62, which OpenSSL reads, and which no certificate has (RFC 5480 §2.2).
            { ...key, point: hybrid(key.point) },
          ]
        : [
            { ...key, key: new Uint8Array(key.key.length) },
            { ...key, key: key.key.subarray(1) },
          ];
    for (const engine of ['auto', 'native', 'typescript'] as const) {
      for (const each of bad) {
        await expect(agreeEphemerally(each, { engine })).rejects.toMatchObject({
          code: 'crypto-key-malformed',
        });
      }
    }
  });

  if (key.kind === 'ec') {
    test('a point may be compressed', async () => {
      const point = plain(
        nodeCrypto.ECDH.convertKey(key.point, kind, undefined, undefined, 'compressed') as Buffer,
      );
      for (const engine of ['native', 'typescript'] as const) {
        const { publicKey, secret } = await agreeEphemerally({ ...key, point }, { engine });
        expect(encodeHex(secret)).toBe(otherSide(privateKey, publicKey));
      }
    });
  }
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('a node:crypto that', () => {
  const ecdh = (change: (own: NativeEcdh) => Partial<NativeEcdh>): NativeCrypto => ({
    ...real,
    createECDH: (curve) => {
      const own = real.createECDH!(curve);
      const { generateKeys, computeSecret } = own;
      return {
        generateKeys: generateKeys.bind(own),
        computeSecret: computeSecret.bind(own),
        ...change(own),
      };
    },
  });
  const fixed = real.generateKeyPairSync!('x25519', { publicKeyEncoding: { format: 'jwk' } });
  const wrong: Readonly<Record<string, unknown>> = {
    'is missing': undefined,
    'makes no such keys': { ...real, createECDH: undefined, generateKeyPairSync: undefined },
    'agrees on something else': ecdh(() => ({ computeSecret: () => new Uint8Array(32).fill(1) })),
    'shortens what it agrees on': ecdh((own) => ({
      computeSecret: (point) => own.computeSecret(point).subarray(1),
    })),
    'takes what is no point': ecdh((own) => ({
      computeSecret: (point) => {
        try {
          return own.computeSecret(point);
        } catch {
          return new Uint8Array(32).fill(1);
        }
      },
    })),
    'makes one key only': {
      ...ecdh((own) => ({
        generateKeys: () => {
          (own as unknown as nodeCrypto.ECDH).setPrivateKey(Buffer.alloc(32, 3));
          return (own as unknown as nodeCrypto.ECDH).getPublicKey();
        },
      })),
      generateKeyPairSync: () => fixed,
    },
  };
  test.each(Object.keys(wrong))('%s is not asked', async (what) => {
    vi.resetModules();
    vi.stubGlobal('process', {
      ...process,
      getBuiltinModule: (name: string) => (name === 'node:crypto' ? wrong[what] : undefined),
    });
    const room = await import('../../../src/crypto/agreement/ephemeral-agreement.js');
    for (const kind of ['prime256v1', 'x25519']) {
      const { key, privateKey } = pairOf(kind);
      const seen = new Set<string>();
      for (let i = 0; i < 2; i++) {
        const { publicKey, secret } = await room.agreeEphemerally(key, {});
        expect(encodeHex(secret)).toBe(otherSide(privateKey, publicKey));
        seen.add(encodeHex(secret));
      }
      expect(seen.size).toBe(2);
    }
  });

  test('agrees on too little later leaves nothing of it', async () => {
    const given: Uint8Array[] = [];
    let isGood = true;
    const failing: Partial<NativeCrypto> = {
      ...real,
      diffieHellman: (keys) => {
        const secret = real.diffieHellman!(keys);
        if (isGood) return secret;
        given.push(secret);
        return secret.subarray(1);
      },
    };
    vi.resetModules();
    vi.stubGlobal('process', {
      ...process,
      getBuiltinModule: (name: string) => (name === 'node:crypto' ? failing : undefined),
    });
    const room = await import('../../../src/crypto/agreement/ephemeral-agreement.js');
    const { key, privateKey } = pairOf('x25519');
    await room.agreeEphemerally(key, {});
    isGood = false;
    const { publicKey, secret } = await room.agreeEphemerally(key, { engine: 'auto' });
    expect(encodeHex(secret)).toBe(otherSide(privateKey, publicKey));
    expect(given.length).toBeGreaterThan(0);
    expect([...given[0]!.subarray(1)].every((octet) => octet === 0)).toBe(true);
  });
});
