import * as realCrypto from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import type { DigestName } from '../../../src/crypto/digests/digest.js';
import type { NativeCrypto } from '../../../src/crypto/engines/native-crypto.js';
import type { SignatureAlgorithm } from '../../../src/crypto/signatures/signature-algorithm.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, plain } from '../support.js';

const data = octetsOf(1000);
const real = realCrypto as unknown as NativeCrypto;

/** The crypto room as it is in a runtime with this node:crypto and this WebCrypto (the choice is made once per process). */
async function roomWith(native: unknown, subtle?: unknown) {
  vi.resetModules();
  vi.stubGlobal('crypto', subtle === undefined ? undefined : { subtle });
  vi.stubGlobal('process', {
    ...process,
    getBuiltinModule: (name: string) => {
      if (native instanceof Error) throw native;
      return name === 'node:crypto' ? native : undefined;
    },
  });
  const { digest, createDigest } = await import('../../../src/crypto/digests/digest.js');
  const { verifySignature } = await import('../../../src/crypto/signatures/verify.js');
  const { parsePublicKey } = await import('../../../src/crypto/keys/public-key.js');
  const hexOf = (name: DigestName, engine?: Engine) =>
    encodeHex(digest(name, data, engine === undefined ? {} : { engine }));
  return { createDigest, hexOf, verifySignature, parsePublicKey };
}

const sha256 = realCrypto.createHash('sha256').update(data).digest('hex');
const shake256 = realCrypto.createHash('shake256', { outputLength: 64 }).update(data).digest('hex');

interface Signed {
  readonly algorithm: SignatureAlgorithm;
  readonly spki: Uint8Array;
  readonly signature: Uint8Array;
}

function signed(pair: realCrypto.KeyPairKeyObjectResult, algorithm: SignatureAlgorithm): Signed {
  const name = 'digest' in algorithm ? algorithm.digest : null;
  return {
    algorithm,
    spki: plain(pair.publicKey.export({ format: 'der', type: 'spki' })),
    signature: plain(realCrypto.sign(name, data, pair.privateKey)),
  };
}

const examples: Readonly<Record<string, Signed>> = {
  rsa: signed(realCrypto.generateKeyPairSync('rsa', { modulusLength: 1024 }), {
    name: 'rsa-pkcs1',
    digest: 'sha256',
  }),
  ecdsa: signed(realCrypto.generateKeyPairSync('ec', { namedCurve: 'secp384r1' }), {
    name: 'ecdsa',
    digest: 'sha1',
  }),
  dsa: signed(realCrypto.generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }), {
    name: 'dsa',
    digest: 'sha1',
  }),
  ed25519: signed(realCrypto.generateKeyPairSync('ed25519'), { name: 'ed25519' }),
  ed448: signed(realCrypto.generateKeyPairSync('ed448'), { name: 'ed448' }),
};
const exampleNames = Object.keys(examples);

/** What `auto` and `native` say of a good signature and of a bad one. */
async function answers(native: unknown, example: string, subtle?: unknown) {
  const { verifySignature, parsePublicKey } = await roomWith(native, subtle);
  const { algorithm, spki, signature } = examples[example]!;
  const publicKey = parsePublicKey(spki);
  const ask = (engine: Engine, content: Uint8Array) =>
    verifySignature({ algorithm, publicKey, signature, data: content, engine }).catch(
      (error: { code: string }) => error.code,
    );
  return {
    auto: [await ask('auto', data), await ask('auto', data.subarray(1))],
    native: [await ask('native', data), await ask('native', data.subarray(1))],
  };
}

const right = [true, false];
const refused = ['crypto-engine-unavailable', 'crypto-engine-unavailable'];

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each<[string, unknown]>([
  ['is missing', undefined],
  ['throws when asked for', new Error('no such module')],
  ['is an empty object', {}],
  ['is no object', 'node:crypto'],
  [
    'says yes to everything',
    { ...real, verify: () => true, publicDecrypt: () => new Uint8Array(256), createHash: undefined },
  ],
  [
    'says no to everything',
    { ...real, verify: () => false, publicDecrypt: () => new Uint8Array(0), createHash: undefined },
  ],
  [
    'throws at every key',
    {
      ...real,
      createHash: undefined,
      createPublicKey: () => {
        throw new Error('unsupported');
      },
    },
  ],
  [
    'says something that is no boolean',
    { ...real, verify: () => 1, publicDecrypt: () => 1, createHash: undefined },
  ],
])('a node:crypto that %s', (_, native) => {
  test.each(exampleNames)('%s: auto is right all the same, native refuses', async (example) => {
    expect(await answers(native, example)).toEqual({ auto: right, native: refused });
  });

  test('digests', async () => {
    const { hexOf, createDigest } = await roomWith(native);
    expect(hexOf('sha256')).toBe(sha256);
    expect(hexOf('shake256', 'auto')).toBe(shake256);
    const unavailable = expect.objectContaining({ code: 'crypto-engine-unavailable', fault: 'usage' });
    expect(() => hexOf('sha256', 'native')).toThrow(unavailable);
    expect(() => createDigest('sha256', { engine: 'native' })).toThrow(unavailable);
  });
});

test('one digest that is wrong spoils that digest alone', async () => {
  const { hexOf } = await roomWith({
    ...real,
    createHash: (name: string, options: { outputLength: number }) =>
      real.createHash!(name === 'sha256' ? 'sha512-256' : name, options),
  });
  expect(hexOf('sha256')).toBe(sha256);
  expect(() => hexOf('sha256', 'native')).toThrow(
    expect.objectContaining({ code: 'crypto-engine-unavailable' }),
  );
  expect(hexOf('sha1', 'native')).toBe(realCrypto.createHash('sha1').update(data).digest('hex'));
});

test('a one-shot hash that is wrong is found out beside a right createHash', async () => {
  const { hexOf } = await roomWith({ ...real, hash: () => new Uint8Array(32) });
  expect(hexOf('sha256')).toBe(sha256);
});

test('without a one-shot hash createHash is used', async () => {
  const { hexOf } = await roomWith({ ...real, hash: undefined });
  expect(hexOf('sha256', 'native')).toBe(sha256);
});

test.each(exampleNames)('%s: the real one passes', async (example) => {
  expect(await answers(real, example)).toEqual({ auto: right, native: right });
});

test('a signature that is wrong on one curve only is left to TypeScript there', async () => {
  // As seen: P-384 with SHA-1 silently false, other curves right.
  const native = {
    ...real,
    verify: (digest: string | null, ...rest: [Uint8Array, never, Uint8Array]) =>
      digest === 'sha1' ? false : real.verify!(digest, ...rest),
  };
  expect(await answers(native, 'ecdsa')).toEqual({ auto: right, native: refused });
  expect(await answers(native, 'ed25519')).toEqual({ auto: right, native: right });
});

test('a runtime that throws for one key only: auto goes on in TypeScript, native says so', async () => {
  let keys = 0;
  let known = 0;
  const count = () => {
    if (++keys > known) throw new Error('this key is not supported');
  };
  const native = {
    ...real,
    createPublicKey: (input: never) => {
      count();
      return real.createPublicKey!(input);
    },
    publicDecrypt: (options: never, octets: Uint8Array) => {
      if ('format' in options) count();
      return real.publicDecrypt!(options, octets);
    },
  };
  for (const example of exampleNames) {
    keys = 0;
    // The known answer of RSA takes its key as DER first and imported then, the others' only imported.
    known = example.startsWith('rsa') ? 2 : 1;
    expect(await answers(native, example)).toEqual({ auto: right, native: refused });
  }
});

test('known answers are asked for once', async () => {
  let verified = 0;
  const native = {
    ...real,
    verify: (...args: [string | null, Uint8Array, never, Uint8Array]) => {
      verified++;
      return real.verify!(...args);
    },
  };
  await answers(native, 'ecdsa');
  expect(verified).toBe(2 + 4);
});

describe('WebCrypto where node:crypto is missing', () => {
  const { subtle } = realCrypto.webcrypto;
  const working = {
    importKey: subtle.importKey.bind(subtle),
    verify: subtle.verify.bind(subtle),
  };
  const onWeb = ['ecdsa', 'ed25519'];

  test.each(exampleNames)('%s', async (example) => {
    const native = onWeb.includes(example) ? right : refused;
    expect(await answers(undefined, example, working)).toEqual({ auto: right, native });
  });

  test.each<[string, object]>([
    ['says yes to everything', { ...working, verify: async () => true }],
    ['says no to everything', { ...working, verify: async () => false }],
    ['rejects', { ...working, importKey: async () => Promise.reject(new Error('not supported')) }],
    ['is empty', {}],
  ])('one that %s', async (_, broken) => {
    for (const example of exampleNames) {
      expect(await answers(undefined, example, broken)).toEqual({ auto: right, native: refused });
    }
  });

  test('one that rejects a single key: auto goes on in TypeScript, native says so', async () => {
    for (const example of onWeb) {
      let imports = 0;
      const choosy = {
        ...working,
        importKey: (...args: Parameters<typeof working.importKey>) =>
          ++imports > 1 ? Promise.reject(new Error('this key')) : working.importKey(...args),
      };
      expect(await answers(undefined, example, choosy)).toEqual({ auto: right, native: refused });
    }
  });
});
