// The content key encrypted to many: RSA-2048 against node:crypto with the keys
// at hand and with each one imported, elliptic curves against the agreements
// alone, and the pool of examples/wrap-pool.ts by the clock.

import { Buffer } from 'node:buffer';
import {
  constants,
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineBench, from } from './bench.mjs';
import { expect, load } from './common.mjs';

/** Keys that the recipients share: making a thousand takes minutes. */
const keysMade = 16;
const key = new Uint8Array(randomBytes(32));
const pkcs1 = /** @type {const} */ ({ name: 'rsa-pkcs1' });
const oaep = /** @type {const} */ ({ name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' });
const native = {
  'rsa-pkcs1': { padding: constants.RSA_PKCS1_PADDING },
  'rsa-oaep': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
};

const cache = new URL('../.cache/bench/', import.meta.url);

/**
 * SubjectPublicKeyInfos, as certificates have them. They are kept beside the
 * repository's other caches: each process of each bench would make them anew.
 *
 * @returns {Uint8Array[]}
 */
function keptKeys() {
  const file = new URL('wraps-keys.json', cache);
  if (!existsSync(file)) {
    const made = Array.from({ length: keysMade }, () => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
    });
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, JSON.stringify(made));
  }
  /** @type {string[]} */
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  return kept.map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
}

/** @param {number} count */
async function rsaKeys(count) {
  const { encryptKeys, parsePublicKey } = await load('crypto');
  const made = keptKeys();
  const spkis = Array.from({ length: count }, (_, i) => Uint8Array.from(made[i % keysMade] ?? []));
  const objects = spkis.map((spki) =>
    createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' }),
  );
  return { encryptKeys, parsePublicKey, spkis, objects, buffers: spkis.map((spki) => Buffer.from(spki)) };
}

/**
 * The keys come anew with each call, as with certificates that a directory gives.
 *
 * @param {string} name
 * @param {typeof pkcs1 | typeof oaep} algorithm
 * @param {Record<string, import('./bench.mjs').Goal>} goals
 */
const wrapping = (name, algorithm, goals) =>
  defineBench({
    name,
    title: `Encrypt a content key with ${algorithm.name === 'rsa-oaep' ? 'OAEP' : 'PKCS #1 v1.5'} to so many keys of RSA-2048 that are met for the first time.`,
    unit: 'recipients',
    sizes: [1, 10, 100, 1000],
    setup: rsaKeys,
    contenders: {
      async ours({ encryptKeys, parsePublicKey, spkis }) {
        const recipients = spkis.map((spki) => ({ publicKey: parsePublicKey(spki), algorithm }));
        const encrypted = await encryptKeys({ key, recipients });
        expect(encrypted.at(-1)?.length, 256);
      },
      'each SPKI imported'({ buffers }) {
        for (const spki of buffers) {
          const imported = createPublicKey({ key: spki, type: 'spki', format: 'der' });
          expect(publicEncrypt({ key: imported, ...native[algorithm.name] }, key).length, 256);
        }
      },
      'keys at hand'({ objects }) {
        for (const each of objects)
          expect(publicEncrypt({ key: each, ...native[algorithm.name] }, key).length, 256);
      },
    },
    native: ['keys at hand', 'each SPKI imported'],
    goals,
  });

const again = defineBench({
  name: 'wraps-again',
  title: 'The same to keys that were encrypted to before, as with certificates that a program keeps.',
  unit: 'recipients',
  sizes: [1, 10, 100, 1000],
  async setup(count) {
    const { encryptKeys, parsePublicKey, spkis, objects } = await rsaKeys(count);
    const recipients = spkis.map((spki) => ({ publicKey: parsePublicKey(spki), algorithm: pkcs1 }));
    return { encryptKeys, recipients, objects };
  },
  contenders: {
    async ours({ encryptKeys, recipients }) {
      const encrypted = await encryptKeys({ key, recipients });
      expect(encrypted.at(-1)?.length, 256);
    },
    'keys at hand'({ objects }) {
      for (const each of objects)
        expect(publicEncrypt({ key: each, padding: constants.RSA_PKCS1_PADDING }, key).length, 256);
    },
  },
  native: ['keys at hand'],
  goals: { 'keys at hand': { 1000: 0.9 } },
});

const onWeb = defineBench({
  name: 'wraps-web',
  title: 'Encrypt a content key with OAEP by WebCrypto to so many keys of RSA-2048, met before.',
  unit: 'recipients',
  sizes: [10, 1000],
  async setup(count) {
    // As in a browser: no node:crypto is found.
    Object.defineProperty(process, 'getBuiltinModule', { value: undefined });
    const { encryptKeys, parsePublicKey, spkis } = await rsaKeys(count);
    const recipients = spkis.map((spki) => ({ publicKey: parsePublicKey(spki), algorithm: oaep }));
    return { encryptKeys, recipients, spkis };
  },
  contenders: {
    async ours({ encryptKeys, recipients }) {
      const encrypted = await encryptKeys({ key, recipients });
      expect(encrypted.at(-1)?.length, 256);
    },
    async 'each imported, one after the other'({ spkis }) {
      for (const spki of spkis) {
        const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
        const imported = await webcrypto.subtle.importKey('spki', spki, algorithm, false, ['encrypt']);
        expect((await webcrypto.subtle.encrypt({ name: 'RSA-OAEP' }, imported, key)).byteLength, 256);
      }
    },
  },
  native: ['each imported, one after the other'],
});

/** @param {{ cms: any, recipients: any[], wrapKeys?: unknown }} scene */
async function seal({ cms, recipients, wrapKeys }) {
  const options = wrapKeys === undefined ? {} : { wrapKeys };
  const envelope = await cms.createEnvelopedData({ content: key, recipients, ...options });
  expect(envelope.length > 100 * recipients.length, true);
}

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01') };

/**
 * So many certificates, each read by itself, of a few people: to issue thousands takes minutes.
 *
 * @param {number} count
 * @param {any} kind
 */
export async function certificatesOf(count, kind) {
  const { generateKeyPair, parsePublicKey } = await load('crypto');
  const { issueMailCertificate, issueRoot } = await load('pki');
  const { parseCertificate } = await load('x509');
  const { privateKey } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  const subject = { commonName: 'Example Root' };
  const issuer = {
    certificate: await issueRoot({ key: privateKey, subject, ...validity }),
    key: privateKey,
  };
  /** @type {Uint8Array[]} */
  const made = [];
  const rsa = kind.kind === 'rsa' ? keptKeys() : [];
  for (let i = 0; i < Math.min(count, keysMade); i++) {
    const addresses = [`member${i}@example.jp`];
    const spki = rsa[i];
    const publicKey = spki === undefined ? (await generateKeyPair(kind)).publicKey : parsePublicKey(spki);
    made.push((await issueMailCertificate({ issuer, publicKey, addresses, ...validity })).bytes);
  }
  return Array.from({ length: count }, (_, i) => parseCertificate(Uint8Array.from(made[i % keysMade] ?? [])));
}

/** @param {string} name @param {string} title @param {any} kind @param {(keys: any) => unknown} agreement */
const agreeing = (name, title, kind, agreement) =>
  defineBench({
    name,
    title: `Encrypt to so many certificates of ${title}, each with a key of its own, against the agreements alone.`,
    unit: 'recipients',
    sizes: [10, 100],
    async setup(count) {
      const certificates = await certificatesOf(count, kind);
      const other =
        kind.kind === 'x25519'
          ? generateKeyPairSync('x25519')
          : generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const point = createECDH('prime256v1').generateKeys();
      return {
        cms: await load('cms'),
        recipients: certificates.map((certificate) => ({ certificate })),
        other: other.publicKey,
        point,
      };
    },
    contenders: {
      ours: seal,
      'the agreements alone'({ recipients, other, point }) {
        for (const _ of recipients) agreement({ other, point });
      },
    },
    native: ['the agreements alone'],
    goals: { 'the agreements alone': { 100: 0.5 } },
  });

/** The example and its worker, as JavaScript. */
async function poolModule() {
  const { build } = await import('esbuild');
  const outdir = fileURLToPath(cache);
  mkdirSync(outdir, { recursive: true });
  const example = (/** @type {string} */ name) =>
    fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
  await build({
    entryPoints: [example('wrap-pool.ts'), example('wrap-worker.mjs')],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  return import(new URL('wrap-pool.mjs', cache).href);
}

/**
 * By the clock, since the work is spread over threads to be done sooner. No goal is gated: a machine
 * with one core reaches none.
 */
const pooled = defineBench({
  name: 'wraps-pool',
  title:
    'Encrypt to so many certificates of RSA-2048 on two worker threads of examples/wrap-pool.ts, by the clock.',
  unit: 'recipients',
  sizes: [100, 200, 1000, 5000],
  clock: 'wall',
  async setup(count) {
    const certificates = await certificatesOf(count, { kind: 'rsa', bits: 2048 });
    const recipients = certificates.map((certificate) => ({ certificate }));
    const { openWrapPool } = await poolModule();
    /** @type {any} */
    let pool;
    /** The pool of this process, opened at the first call. @param {number} threads */
    const open = async (threads) => {
      // The workers are asked at each size: the figures tell from which on that pays.
      pool ??= await openWrapPool({ threads, least: 1 });
      return pool.wrapKeys;
    };
    return { cms: await load('cms'), recipients, open };
  },
  contenders: {
    async ours({ cms, open, recipients }) {
      await seal({ cms, recipients, wrapKeys: await open(2) });
    },
    async 'one worker'({ cms, open, recipients }) {
      await seal({ cms, recipients, wrapKeys: await open(1) });
    },
    'this thread alone': ({ cms, recipients }) => seal({ cms, recipients }),
  },
  native: ['one worker', 'this thread alone'],
  goals: { 'one worker': { 1000: 1.3, 5000: 1.3 }, 'this thread alone': from('200', 1) },
});

export default [
  wrapping('wraps', pkcs1, { 'each SPKI imported': { 1000: 3.5 }, 'keys at hand': { 1000: 0.55 } }),
  again,
  wrapping('wraps-oaep', oaep, { 'each SPKI imported': { 1000: 3.5 }, 'keys at hand': { 1000: 0.55 } }),
  onWeb,
  agreeing('wraps-p256', 'P-256', { kind: 'ec', curve: 'P-256' }, ({ point }) => {
    const own = createECDH('prime256v1');
    own.generateKeys();
    expect(own.computeSecret(point).length, 32);
  }),
  agreeing('wraps-x25519', 'X25519', { kind: 'x25519' }, ({ other }) => {
    const { privateKey } = generateKeyPairSync('x25519');
    expect(diffieHellman({ privateKey, publicKey: other }).length, 32);
  }),
  pooled,
];
