import * as nodeCrypto from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../../../src/core/engine.js';
import type { NativeCrypto } from '../../../src/crypto/engines/native-crypto.js';
import { parsePrivateKey } from '../../../src/crypto/keys/parse-private-key.js';
import { parsePublicKey, type RsaPublicKey } from '../../../src/crypto/keys/public-key.js';
import { decryptKey } from '../../../src/crypto/transport/decrypt-key.js';
import { type EncryptKeysOptions, encryptKeys } from '../../../src/crypto/transport/encrypt-keys.js';
import type { KeyTransportAlgorithm } from '../../../src/crypto/transport/key-transport-algorithm.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, plain } from '../support.js';

const real = nodeCrypto as unknown as NativeCrypto;
const { subtle } = nodeCrypto.webcrypto;
const key = octetsOf(32);
const pkcs1 = { name: 'rsa-pkcs1' } as const;
const oaep = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;
const mixed = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha1' } as const;
const labelled = { ...oaep, label: octetsOf(3) } as const;

const people = await Promise.all(
  [2048, 1024, 3072].map(async (modulusLength) => {
    const pair = nodeCrypto.generateKeyPairSync('rsa', { modulusLength });
    const spki = plain(pair.publicKey.export({ format: 'der', type: 'spki' }));
    return {
      spki,
      length: modulusLength / 8,
      privateKey: await parsePrivateKey(plain(pair.privateKey.export({ format: 'der', type: 'pkcs8' }))),
    };
  }),
);

/** Recipients in a mixed order, each key read anew. */
function recipientsOf(count: number, algorithms: readonly KeyTransportAlgorithm[] = [pkcs1]) {
  return Array.from({ length: count }, (_, i) => ({
    publicKey: parsePublicKey(people[i % people.length]!.spki),
    algorithm: algorithms[i % algorithms.length]!,
  }));
}

async function expectEachOpens(recipients: EncryptKeysOptions['recipients'], encrypted: Uint8Array[]) {
  expect(encrypted.length).toBe(recipients.length);
  for (const [i, encryptedKey] of encrypted.entries()) {
    const { length, privateKey } = people[i % people.length]!;
    expect(encryptedKey.length).toBe(length);
    expect(Object.getPrototypeOf(encryptedKey)).toBe(Uint8Array.prototype);
    const { algorithm } = recipients[i]!;
    const found = await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: key.length });
    expect(encodeHex(found)).toBe(encodeHex(key));
  }
}

test.each(['auto', 'native', 'typescript'] as const)(
  '%s encrypts to each in the order given',
  async (engine: Engine) => {
    const recipients = recipientsOf(12, [pkcs1, oaep, mixed, labelled, pkcs1]);
    const encrypted = await encryptKeys({ key, recipients, engine });
    await expectEachOpens(recipients, encrypted);
    // Nothing is used twice: not the answer for another with the same key, and not the one before.
    const again = await encryptKeys({ key, recipients, engine });
    expect(new Set([...encrypted, ...again].map((each) => encodeHex(each))).size).toBe(24);
  },
);

test('a random source is asked as encryptKey asks it, one after the other', async () => {
  const asked = () => {
    let n = 0;
    return (length: number) => new Uint8Array(length).map(() => 1 + (n++ % 251));
  };
  const recipients = recipientsOf(4, [pkcs1, oaep]);
  const [one, other] = [
    await encryptKeys({ key, recipients, random: asked() }),
    await encryptKeys({ key, recipients, random: asked() }),
  ];
  const texts = (all: readonly Uint8Array[]) => all.map((each) => encodeHex(each));
  expect(texts(one)).toEqual(texts(other));
  await expectEachOpens(recipients, one);
});

test('nobody is encrypted to in no time', async () => {
  expect(await encryptKeys({ key, recipients: [] })).toEqual([]);
});

describe('misuse', () => {
  const [recipient] = recipientsOf(1) as [ReturnType<typeof recipientsOf>[number]];
  const ed25519 = nodeCrypto.generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no options', undefined, 'usage'],
    ['no list', { key, recipients: recipient }, 'usage'],
    ['nobody in the list', { key, recipients: [recipient, undefined] }, 'usage'],
    ['no key', { key, recipients: [{ algorithm: pkcs1 }] }, 'usage'],
    ['no algorithm', { key, recipients: [{ publicKey: recipient.publicKey }] }, 'usage'],
    [
      'a key that signs',
      { key, recipients: [{ publicKey: parsePublicKey(ed25519), algorithm: pkcs1 }] },
      'usage',
    ],
    ['an algorithm that is none', { key, recipients: [{ ...recipient, algorithm: { name: 'x' } }] }, 'usage'],
    ['a content key that is text', { key: 'text', recipients: [recipient] }, 'usage'],
    ['a content key too long', { key: octetsOf(250), recipients: [recipient] }, 'crypto-unsupported'],
    ['an engine that is none', { key, recipients: [recipient], engine: 'fast' }, 'usage'],
    ['a signal that came before', { key, recipients: [recipient], signal: { aborted: true } }, 'aborted'],
  ];
  test.each(bad)('%s', async (_, options, code) => {
    await expect(encryptKeys(options as EncryptKeysOptions)).rejects.toMatchObject({ code });
  });
});

/** The function as it is in a runtime with these (the choice is made once per process). */
async function inRuntime(native: unknown, web?: unknown) {
  vi.resetModules();
  const getRandomValues = nodeCrypto.webcrypto.getRandomValues.bind(nodeCrypto.webcrypto);
  vi.stubGlobal('crypto', { getRandomValues, ...(web === undefined ? {} : { subtle: web }) });
  vi.stubGlobal('process', {
    ...process,
    getBuiltinModule: (name: string) => (name === 'node:crypto' ? native : undefined),
  });
  return (await import('../../../src/crypto/transport/encrypt-keys.js')).encryptKeys;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('node:crypto gets the DER of a key that is new, imports one that comes again, and once only', async () => {
  const uses = { der: 0, imported: 0, imports: 0 };
  const count = (options: { readonly format?: string }) => {
    if (options.format === 'der') uses.der++;
    else uses.imported++;
  };
  const watched: NativeCrypto = {
    ...real,
    createPublicKey: (input) => {
      uses.imports++;
      return real.createPublicKey!(input);
    },
    publicDecrypt: (options, octets) => {
      count(options as { format?: string });
      return real.publicDecrypt!(options, octets);
    },
    publicEncrypt: (options, octets) => {
      count(options as { format?: string });
      return real.publicEncrypt!(options, octets);
    },
  };
  const encrypt = await inRuntime(watched);
  // The known-answer tests.
  await encrypt({ key, recipients: recipientsOf(2, [pkcs1, oaep]) });
  const recipients = recipientsOf(30, [pkcs1, oaep]);
  const counts: object[] = [];
  for (let round = 0; round < 3; round++) {
    Object.assign(uses, { der: 0, imported: 0, imports: 0 });
    await encrypt({ key, recipients });
    counts.push({ ...uses });
  }
  expect(counts).toEqual([
    { der: 30, imported: 0, imports: 0 },
    { der: 0, imported: 30, imports: 30 },
    { der: 0, imported: 30, imports: 0 },
  ]);
});

test('of a list of ten thousand not every key is kept imported', async () => {
  vi.resetModules();
  const { nativeRecipientKey } = await import('../../../src/crypto/engines/native-keys.js');
  const imported = { type: 'public' };
  const native: NativeCrypto = { createPublicKey: () => imported };
  const [{ publicKey }] = recipientsOf(1) as [ReturnType<typeof recipientsOf>[number]];
  const keys = Array.from({ length: 10_000 }, () => ({ ...(publicKey as RsaPublicKey) }));
  const kept: number[] = [];
  for (let round = 0; round < 4; round++) {
    kept.push(keys.filter((each) => nativeRecipientKey(native, each, 3).key === imported).length);
  }
  expect(kept).toEqual([0, 8192, 8192, 8192]);
});

describe('WebCrypto', () => {
  /** WebCrypto that counts what is on its way, and answers a little later. */
  function watchedWeb() {
    const seen = { imports: 0, encryptions: 0, atOnce: 0, most: 0 };
    const later = async <Value>(work: () => Promise<Value>): Promise<Value> => {
      seen.most = Math.max(seen.most, ++seen.atOnce);
      try {
        await new Promise((resolve) => setImmediate(resolve));
        return await work();
      } finally {
        seen.atOnce--;
      }
    };
    const web = {
      importKey: (...given: Parameters<typeof subtle.importKey>) => {
        if ((given[0] as string) === 'spki') seen.imports++;
        return subtle.importKey(...given);
      },
      encrypt: (...given: Parameters<typeof subtle.encrypt>) => {
        seen.encryptions++;
        return later(() => subtle.encrypt(...given));
      },
      decrypt: subtle.decrypt.bind(subtle),
    };
    return { web, seen };
  }

  test('imports each key once and has a few under way at a time', async () => {
    const { seen, web } = watchedWeb();
    const encrypt = await inRuntime(undefined, web);
    // The known-answer test.
    await encrypt({ key, recipients: recipientsOf(1, [oaep]) });
    const recipients = recipientsOf(100, [oaep, labelled]);
    Object.assign(seen, { imports: 0, encryptions: 0, most: 0 });
    const first = await encrypt({ key, recipients });
    expect(seen).toEqual({ imports: 100, encryptions: 100, atOnce: 0, most: 32 });
    await expectEachOpens(recipients, first);
    await encrypt({ key, recipients });
    expect(seen).toMatchObject({ imports: 100, encryptions: 200 });
  });

  test('a failure waits for those under way, and begins no more', async () => {
    const { seen, web } = watchedWeb();
    const encrypt = await inRuntime(undefined, web);
    const recipients = recipientsOf(200, [oaep]);
    let polls = 0;
    const signal = {
      get aborted() {
        return ++polls > 300;
      },
    };
    const failing = encrypt({ key, recipients, signal });
    await expect(failing).rejects.toMatchObject({ code: 'aborted' });
    expect(seen.atOnce).toBe(0);
    expect(seen.encryptions).toBeGreaterThan(50);
    expect(seen.encryptions).toBeLessThan(150);
  });
});
