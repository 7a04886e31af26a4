import * as realCrypto from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import type { AeadAlgorithm } from '../../../src/crypto/ciphers/aead.js';
import type { NativeCrypto } from '../../../src/crypto/engines/native-crypto.js';
import type { KeyTransportAlgorithm } from '../../../src/crypto/transport/key-transport-algorithm.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, plain } from '../support.js';

const real = realCrypto as unknown as NativeCrypto;
const { subtle } = realCrypto.webcrypto;
const web = {
  importKey: subtle.importKey.bind(subtle),
  encrypt: subtle.encrypt.bind(subtle),
  decrypt: subtle.decrypt.bind(subtle),
};

const pair = realCrypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = plain(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));

/** The crypto room as it is in a runtime with this node:crypto and this WebCrypto (the choice is made once per process). */
async function roomWith(native: unknown, webCrypto?: unknown) {
  vi.resetModules();
  const getRandomValues = realCrypto.webcrypto.getRandomValues.bind(realCrypto.webcrypto);
  vi.stubGlobal('crypto', { getRandomValues, ...(webCrypto === undefined ? {} : { subtle: webCrypto }) });
  vi.stubGlobal('process', {
    ...process,
    getBuiltinModule: (name: string) => (name === 'node:crypto' ? native : undefined),
  });
  const { decryptKey } = await import('../../../src/crypto/transport/decrypt-key.js');
  const { encryptKey } = await import('../../../src/crypto/transport/encrypt-key.js');
  const { decryptAead, encryptAead } = await import('../../../src/crypto/ciphers/aead.js');
  const { parsePrivateKey } = await import('../../../src/crypto/keys/parse-private-key.js');
  const privateKey = await parsePrivateKey(pkcs8);
  const codeOf = (promise: Promise<Uint8Array>) =>
    promise.then(
      (octets) => encodeHex(octets),
      (error: { code?: string }) => error.code ?? String(error),
    );
  return {
    decrypt: (algorithm: KeyTransportAlgorithm, encryptedKey: Uint8Array, engine: Engine) =>
      codeOf(decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 16, engine })),
    encrypt: (algorithm: KeyTransportAlgorithm, engine: Engine) =>
      encryptKey({ publicKey: privateKey.publicKey, algorithm, key, engine }),
    open: (algorithm: AeadAlgorithm, ciphertext: Uint8Array, tag: Uint8Array, engine: Engine) =>
      codeOf(decryptAead(algorithm, octetsOf(32), ciphertext, tag, { engine })),
    seal: (algorithm: AeadAlgorithm, engine: Engine) =>
      codeOf(
        encryptAead(algorithm, octetsOf(32), octetsOf(20), { engine }).then(({ ciphertext, tag }) =>
          Uint8Array.from([...ciphertext, ...tag]),
        ),
      ),
  };
}

const key = octetsOf(16);
const right = encodeHex(key);
const pkcs1 = { name: 'rsa-pkcs1' } as const;
const oaep = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
const mixed = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha1' } as const;
const sent = new Map<KeyTransportAlgorithm, Uint8Array>([
  [pkcs1, plain(realCrypto.publicEncrypt({ key: pair.publicKey, padding: 1 }, key))],
  [oaep, plain(realCrypto.publicEncrypt({ key: pair.publicKey, oaepHash: 'sha256' }, key))],
]);
const unavailable = 'crypto-engine-unavailable';
const gcm: AeadAlgorithm = { name: 'aes256-gcm', nonce: octetsOf(12) };
const chacha: AeadAlgorithm = { name: 'chacha20-poly1305', nonce: octetsOf(12) };

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const broken: Readonly<Record<string, unknown>> = {
  'is missing': undefined,
  'is empty': {},
  'throws at every key': {
    ...real,
    createPrivateKey: () => {
      throw new Error('unsupported');
    },
  },
  'takes the padding off by itself': {
    ...real,
    privateDecrypt: (options: { key: never }, octets: Uint8Array) =>
      realCrypto.privateDecrypt({ key: options.key, oaepHash: 'sha256' }, octets),
  },
  'leaves zeros in front out': {
    ...real,
    privateDecrypt: (options: never, octets: Uint8Array) => {
      const whole = real.privateDecrypt!(options, octets);
      return whole.subarray(whole.findIndex((octet) => octet !== 0));
    },
  },
  'gives zeros': { ...real, privateDecrypt: () => new Uint8Array(256) },
};

describe.each(Object.keys(broken))('a node:crypto that %s', (what) => {
  test('decrypts nothing with RSA, and no big integers unless they are asked for', async () => {
    const { decrypt } = await roomWith(broken[what]);
    for (const [algorithm, encryptedKey] of sent) {
      expect(await decrypt(algorithm, encryptedKey, 'auto')).toBe(unavailable);
      expect(await decrypt(algorithm, encryptedKey, 'native')).toBe(unavailable);
      expect(await decrypt(algorithm, encryptedKey, 'typescript')).toBe(right);
    }
  });

  test('leaves OAEP to WebCrypto', async () => {
    const { decrypt } = await roomWith(broken[what], web);
    expect(await decrypt(oaep, sent.get(oaep)!, 'auto')).toBe(right);
    expect(await decrypt(oaep, sent.get(oaep)!, 'native')).toBe(right);
    const changed = sent.get(oaep)!.map((octet, i) => octet ^ Number(i === 9));
    expect(await decrypt(oaep, changed, 'auto')).toBe('crypto-decryption-failed');
    expect(await decrypt(mixed, sent.get(oaep)!, 'auto')).toBe(unavailable);
    expect(await decrypt(pkcs1, sent.get(pkcs1)!, 'auto')).toBe(unavailable);
  });
});

test('the real one passes', async () => {
  const { decrypt } = await roomWith(real);
  for (const [algorithm, encryptedKey] of sent) {
    expect(await decrypt(algorithm, encryptedKey, 'native')).toBe(right);
  }
});

describe('encryption with RSA', () => {
  const brokenEncryption: Readonly<Record<string, unknown>> = {
    'is missing': undefined,
    'encrypts something else': { ...real, publicEncrypt: () => octetsOf(256).fill(1, 0, 1) },
    'forgets the label': {
      ...real,
      publicEncrypt: ({ oaepLabel: _, ...options }: { oaepLabel?: unknown }, octets: Uint8Array) =>
        real.publicEncrypt!(options as never, octets),
    },
    'throws at every key': {
      ...real,
      publicEncrypt: () => {
        throw new Error('unsupported');
      },
    },
  };
  test.each(Object.keys(brokenEncryption))('by a node:crypto that %s goes another way', async (what) => {
    const { encrypt } = await roomWith(brokenEncryption[what], web);
    const labelled = { ...oaep, label: octetsOf(3) };
    for (const algorithm of [pkcs1, oaep, mixed, labelled]) {
      const encrypted = await encrypt(algorithm, 'auto');
      const { decrypt } = await roomWith(real);
      expect(await decrypt(algorithm, encrypted, 'native')).toBe(right);
    }
  });

  test('by a WebCrypto that errs goes another way', async () => {
    for (const wrong of [
      { ...web, encrypt: async () => new ArrayBuffer(256) },
      { ...web, decrypt: async () => new ArrayBuffer(16) },
      { ...web, importKey: async () => Promise.reject(new Error('not supported')) },
      {},
    ]) {
      const { encrypt, decrypt } = await roomWith(undefined, wrong);
      expect(await decrypt(oaep, await encrypt(oaep, 'auto'), 'typescript')).toBe(right);
      expect(await decrypt(oaep, sent.get(oaep)!, 'auto')).toBe(unavailable);
    }
  });
});

describe('ciphers that authenticate', () => {
  const errs = (change: object) => ({
    ...real,
    createDecipheriv: (...args: Parameters<NonNullable<NativeCrypto['createDecipheriv']>>) => {
      const cipher = real.createDecipheriv!(...args);
      return {
        setAAD: (octets: Uint8Array) => cipher.setAAD!(octets),
        setAuthTag: (tag: Uint8Array) => cipher.setAuthTag!(tag),
        update: (octets: Uint8Array) => cipher.update(octets),
        final: () => cipher.final(),
        ...change,
      };
    },
  });
  const runtimes: Readonly<Record<string, unknown>> = {
    'is missing': undefined,
    'takes any tag': errs({ final: () => new Uint8Array(0) }),
    'forgets what is authenticated beside': errs({ setAAD: () => {} }),
    'knows no such cipher': {
      ...real,
      createCipheriv: () => {
        throw new Error('Unknown cipher');
      },
    },
  };
  test.each(Object.keys(runtimes))('by a node:crypto that %s go another way', async (what) => {
    const { open: reference, seal: sealed } = await roomWith(real);
    for (const algorithm of [gcm, chacha]) {
      const whole = await sealed(algorithm, 'native');
      const octets = Uint8Array.from(Buffer.from(whole, 'hex'));
      const [ciphertext, tag] = [octets.subarray(0, 20), octets.subarray(20)];
      const wrong = tag.map((octet) => octet ^ 1);
      expect(await reference(algorithm, ciphertext, tag, 'native')).toBe(encodeHex(octetsOf(20)));
      for (const webCrypto of [undefined, web, { ...web, decrypt: async () => new ArrayBuffer(20) }]) {
        const { open, seal } = await roomWith(runtimes[what], webCrypto);
        expect(await seal(algorithm, 'auto')).toBe(whole);
        expect(await open(algorithm, ciphertext, tag, 'auto')).toBe(encodeHex(octetsOf(20)));
        expect(await open(algorithm, ciphertext, wrong, 'auto')).toBe('crypto-decryption-failed');
        const native = algorithm === gcm && webCrypto === web ? encodeHex(octetsOf(20)) : unavailable;
        expect(await open(algorithm, ciphertext, tag, 'native')).toBe(native);
      }
    }
  });
});
