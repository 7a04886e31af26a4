// Does the time of a decryption tell whether the padding was right?
//
//   node tools/measure-unpadding.mjs [samples of each class, default 50000] [seed] [what to measure, default all]
//
// Measures RSAES-PKCS1-v1_5 on the native engine: the unpadding alone, the whole
// of decryptKey, and the opening of an envelope, which fails both where the key
// is a wrong one and where the padding is wrong. Samples of two classes are taken in random order; Welch's
// t-test says how sure it is that their mean times differ. Ends with 1 where
// |t| reaches 4.5, the bound that is usual for such leaks. A machine that does
// other work besides makes the test blunter, not unfair: both classes suffer.
//
// With `--leak` a branch on the padding is measured in place of ours: that has
// to be found, or the tool could not find anything.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './process.mjs';

const bound = 4.5;
const arguments_ = process.argv.slice(2).filter((each) => each !== '--leak');
const leak = process.argv.includes('--leak');
const samples = Number(arguments_[0] ?? 50_000);
const seed = Number(arguments_[1] ?? 1);
const only = arguments_[2];
const keyLength = 32;
const modulusLength = 256;
const pool = 512;

const crypto = await load();
const { unpadPkcs1, decryptKey, publicOperation, generateKeyPair, openEnveloped, parseEnvelopedData } =
  crypto;
const random = seeded(seed);

const { privateKey } = await generateKeyPair({ kind: 'rsa', bits: modulusLength * 8 });

/** Encodings around a key of that many octets, with ordinary padding. */
function encoding(length = keyLength) {
  const octets = Uint8Array.from({ length: modulusLength }, () => 1 + Math.floor(random() * 255));
  octets[0] = 0;
  octets[1] = 2;
  octets[modulusLength - length - 1] = 0;
  return octets;
}

/** What is wrong is somewhere else each time, as it would be in ciphertexts that somebody tries. */
function wrongPadding() {
  const octets = encoding();
  const kind = Math.floor(random() * 4);
  if (kind === 0) octets[1] = 1 + Math.floor(random() * 255) || 1;
  if (kind === 0 && octets[1] === 2) octets[1] = 3;
  if (kind === 1) octets[modulusLength - keyLength - 1] = 7;
  if (kind === 2) octets[2 + Math.floor(random() * (modulusLength - keyLength - 3))] = 0;
  if (kind === 3) for (let i = 1; i < modulusLength; i++) octets[i] = Math.floor(random() * 256);
  return octets;
}

const classes = {
  right: () => encoding(),
  'wrong padding': wrongPadding,
  'wrong length': () => encoding([5, 8, 16, 24, 31, 33, 48, 64][Math.floor(random() * 8)]),
};

const working = new Uint8Array(modulusLength);
const instead = Uint8Array.from({ length: keyLength }, () => Math.floor(random() * 256));

/** The unpadding that everybody writes first; only to show that the tool finds it. */
function branchingUnpad(encoded, length, otherwise) {
  const separator = encoded.indexOf(0, 2);
  if (encoded[0] !== 0 || encoded[1] !== 2 || separator !== encoded.length - length - 1)
    return otherwise.slice();
  return encoded.slice(separator + 1);
}

const unpad = leak ? branchingUnpad : unpadPkcs1;

const tasks = {
  unpadding: {
    prepare: (octets) => octets,
    async time(octets) {
      working.set(octets);
      const start = process.hrtime.bigint();
      const key = unpad(working, keyLength, instead);
      const end = process.hrtime.bigint();
      sink ^= key[0];
      return Number(end - start);
    },
  },
  decryptKey: {
    prepare: (octets) => publicOperation(privateKey.publicKey, octets, 'native'),
    async time(encryptedKey) {
      const start = process.hrtime.bigint();
      const key = await decryptKey({
        privateKey,
        algorithm: { name: 'rsa-pkcs1' },
        encryptedKey,
        keyLength,
        engine: 'native',
      });
      const end = process.hrtime.bigint();
      sink ^= key[0];
      return Number(end - start);
    },
  },
  // Right paddings are around wrong keys here: both classes fail.
  openEnveloped: {
    prepare: (octets) => envelope(publicOperation(privateKey.publicKey, octets, 'native')),
    async time(octets) {
      const enveloped = parseEnvelopedData(octets);
      let code;
      const start = process.hrtime.bigint();
      try {
        await openEnveloped(enveloped, { keys: [{ privateKey }], engine: 'native' });
      } catch (error) {
        ({ code } = error);
      }
      const end = process.hrtime.bigint();
      if (code !== 'crypto-decryption-failed') throw new Error(`the envelope gave ${code}`);
      return Number(end - start);
    },
  },
};
/** An AuthEnvelopedData with AES-256-GCM and 3 kB, whose content key nobody has. */
function envelope(encryptedKey) {
  const { der, derExplicit, derInteger, derOctetString, derOid, derSequence, derSetOf } = crypto;
  const recipient = derSequence(
    derInteger(2),
    der(0x80, new Uint8Array(20)),
    crypto.encodeKeyTransportAlgorithm({ name: 'rsa-pkcs1' }),
    derOctetString(encryptedKey),
  );
  const content = derSequence(
    derOid('1.2.840.113549.1.7.1'),
    crypto.encodeContentCipher({ name: 'aes256-gcm', nonce: new Uint8Array(12) }),
    der(0x80, new Uint8Array(3000)),
  );
  const tag = derOctetString(new Uint8Array(16));
  const whole = derSequence(derInteger(0), derSetOf(recipient), content, tag);
  return derSequence(derOid('1.2.840.113549.1.9.16.1.23'), derExplicit(0, whole));
}
let sink = 0;
let failed = false;

console.log(
  `RSAES-PKCS1-v1_5, RSA-${modulusLength * 8}, a key of ${keyLength} octets, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}; 2 × ${samples} samples, seed ${seed}${leak ? ', with a leak' : ''}`,
);
for (const [taskName, task] of Object.entries(tasks)) {
  if (taskName !== (leak ? 'unpadding' : (only ?? taskName))) continue;
  for (const wrong of ['wrong padding', 'wrong length']) {
    const t = await compare(task, wrong);
    const worst = Math.max(...t.map(({ value }) => Math.abs(value)));
    failed ||= worst >= bound;
    const figures = t.map(({ name, value }) => `${name} ${value.toFixed(2)}`).join(', ');
    console.log(`${taskName}, right padding against ${wrong}: t of ${figures}`);
  }
}
console.log(
  failed ? `The time tells: |t| reaches ${bound}.` : `|t| stays below ${bound}.${sink === 999 ? ' ' : ''}`,
);
process.exitCode = failed ? 1 : 0;

async function compare(task, wrong) {
  const inputs = ['right', wrong].map((name) =>
    Array.from({ length: pool }, () => task.prepare(classes[name]())),
  );
  // Engines compile what runs often; until then every call takes another time.
  for (let i = 0; i < 4000; i++) await task.time(inputs[i & 1][i % pool]);
  const order = Uint8Array.from({ length: 2 * samples }, (_, i) => i & 1);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const times = [new Float64Array(samples), new Float64Array(samples)];
  const taken = [0, 0];
  for (const kind of order) {
    times[kind][taken[kind]++] = await task.time(inputs[kind][Math.floor(random() * pool)]);
  }
  // Pauses of the machine hide small differences: the quicker part of both is looked at by itself, too.
  const both = Float64Array.from([...times[0], ...times[1]]).sort();
  return [1, 0.99, 0.9, 0.5].map((share) => {
    const limit = both[Math.min(both.length - 1, Math.ceil(both.length * share) - 1)];
    const [a, b] = times.map((all) => all.filter((each) => each <= limit));
    return { name: share === 1 ? 'all' : `the quickest ${share * 100} %`, value: welch(a, b) };
  });
}

/** Welch's t of two samples. */
function welch(a, b) {
  const [first, second] = [a, b].map((values) => {
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    return { mean, error: squares / (values.length - 1) / values.length };
  });
  return (first.mean - second.mean) / Math.sqrt(first.error + second.error);
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function seeded(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Our functions, some of which are not public, in one module of their own. */
async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-unpadding-'));
  const outfile = join(folder, 'crypto.mjs');
  try {
    await build({
      stdin: {
        contents: `
          export { unpadPkcs1 } from './src/crypto/transport/pkcs1-padding.ts';
          export { decryptKey } from './src/crypto/transport/decrypt-key.ts';
          export { publicOperation } from './src/crypto/rsa-operations.ts';
          export { generateKeyPair } from './src/crypto/keys/generate-key-pair.ts';
          export { encodeKeyTransportAlgorithm } from './src/crypto/transport/key-transport-algorithm.ts';
          export { encodeContentCipher } from './src/crypto/ciphers/content-cipher.ts';
          export * from './src/asn1/writer.ts';
          export { openEnveloped } from './src/cms/enveloped/open.ts';
          export { parseEnvelopedData } from './src/cms/enveloped/enveloped-data.ts';`,
        resolveDir: root,
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outfile,
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
