import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWrapPool, type WrapPool } from '../../examples/wrap-pool.js';
import type { WrapJob } from '../../src/cms/enveloped/recipient.js';
import { decryptKey } from '../../src/crypto/transport/decrypt-key.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { content, holder, opened, sealedFor } from '../support/envelopes.js';

let folder: string;
let worker: URL;
let pool: WrapPool;

/** The worker with the source in it, so that no build is needed. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-pool-'));
  const outfile = join(folder, 'wrap-worker.mjs');
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('../../examples/wrap-worker.mjs', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    alias: { 'mailseal/crypto': join(source, 'crypto/index.ts') },
  });
  worker = pathToFileURL(outfile);
  pool = await openWrapPool({ threads: 2, least: 2, worker });
});

afterAll(async () => {
  await pool?.close();
  rmSync(folder, { recursive: true });
});

/** A worker that is another program. */
function workerThat(name: string, does: string): URL {
  const path = join(folder, `${name}.mjs`);
  const text = `import { parentPort } from 'node:worker_threads';\n${does}\n`;
  writeFileSync(path, text);
  return pathToFileURL(path);
}

const oaep = { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' } as const;

test('what workers encrypted opens, whoever comes where', async () => {
  const [rsa, rsa2, ec] = [await holder('rsa'), await holder('rsa2'), await holder('p256')];
  const recipients = Array.from({ length: 7 }, (_, i) => {
    const { certificate } = i % 2 === 0 ? rsa : rsa2;
    return i % 3 === 0 ? { certificate, transport: oaep } : { certificate };
  });
  const p7m = await sealedFor([...recipients, ec], { wrapKeys: pool.wrapKeys });
  for (const key of [rsa, rsa2, ec]) expect(await opened(p7m, [key])).toMatchObject({ content });
});

test('the answers are in the order of the jobs, for several messages at once', async () => {
  const people = [await holder('rsa'), await holder('rsa2')];
  const messages = Array.from({ length: 6 }, (_, message) => {
    const key = new Uint8Array(32).fill(1 + message);
    const jobs: WrapJob[] = Array.from({ length: 2 + message }, (_each, i) => ({
      publicKey: people[(i + message) % 2]!.certificate.publicKey,
      algorithm: i % 2 === 0 ? oaep : { name: 'rsa-pkcs1' },
      key: key.slice(),
    }));
    return { key, jobs, message, answer: pool.wrapKeys(jobs) };
  });
  let opened = 0;
  for (const { answer, jobs, key, message } of messages) {
    const encryptedKeys = await answer;
    expect(encryptedKeys.length).toBe(jobs.length);
    for (const [i, encryptedKey] of encryptedKeys.entries()) {
      const { privateKey } = people[(i + message) % 2]!;
      const { algorithm } = jobs[i]!;
      const found = await decryptKey({ privateKey, algorithm, encryptedKey, keyLength: 32 });
      expect(encodeHex(found)).toBe(encodeHex(key));
      opened++;
    }
    // One copy of the key went with each share, and with it its buffer; of so few jobs each is a share.
    expect(jobs.filter((job) => job.key.length === 0).length).toBe(jobs.length);
  }
  expect(opened).toBe(27);
});

test('an answer that overtakes another goes to whom it is for', async () => {
  // It answers at once while the pool warms up, and then the later of two first.
  const turning = workerThat(
    'turning',
    `const later = [];
     let asked = 0;
     parentPort.on('message', ({ id, key, lengths }) => {
       const encryptedKeys = new Uint8Array(256 * lengths.length).fill(key[0]);
       const answer = { id, encryptedKeys };
       if (key[0] === 3) answer.failure = 'not this one';
       if (++asked <= 4) parentPort.postMessage(answer);
       else if (later.push(answer) === 3) for (const each of later.reverse()) parentPort.postMessage(each);
     });`,
  );
  const one = await openWrapPool({ threads: 1, least: 1, worker: turning });
  const { publicKey } = (await holder('rsa')).certificate;
  const answers = await Promise.allSettled(
    [1, 2, 3].map((octet) =>
      one.wrapKeys([{ publicKey, algorithm: { name: 'rsa-pkcs1' }, key: new Uint8Array(32).fill(octet) }]),
    ),
  );
  await one.close();
  const found = answers.map((each) => (each.status === 'fulfilled' ? each.value[0]![0] : each.status));
  expect(found).toEqual([1, 2, 'rejected']);
});

test('a few stay in this thread', async () => {
  const asked = workerThat(
    'silent',
    `let asked = 0;
     parentPort.on('message', ({ id }) => {
       if (++asked > 4) throw new Error('not to be asked');
       parentPort.postMessage({ id, encryptedKeys: new Uint8Array(0) });
     });`,
  );
  const small = await openWrapPool({ threads: 1, least: 3, worker: asked });
  const rsa = await holder('rsa');
  const p7m = await sealedFor([rsa, rsa], { wrapKeys: small.wrapKeys });
  expect(await opened(p7m, [rsa])).toMatchObject({ content });
  await expect(sealedFor([rsa, rsa, rsa], { wrapKeys: small.wrapKeys })).rejects.toThrow('not to be asked');
  await small.close();
});

describe('a worker', () => {
  test('that fails once fails one message', async () => {
    const rsa = await holder('rsa');
    // Longer than what a key of 2048 bits takes with this padding.
    const jobs = [1, 2].map(() => ({
      publicKey: rsa.certificate.publicKey,
      algorithm: oaep,
      key: new Uint8Array(250),
    }));
    await expect(pool.wrapKeys(jobs)).rejects.toThrow('too short');
    const p7m = await sealedFor([rsa, rsa], { wrapKeys: pool.wrapKeys });
    expect(await opened(p7m, [rsa])).toMatchObject({ content });
  });

  test('that fails is not asked for the rest of the message', async () => {
    // After warming up it fails where it is told to, and tells how many shares came so far.
    const counting = workerThat(
      'counting',
      `let asked = -4;
       parentPort.on('message', ({ id, key, lengths }) => {
         asked++;
         const answer = { id, encryptedKeys: new Uint8Array(256 * lengths.length) };
         if (key[0] === 9) answer.failure = 'not this share';
         if (key[0] === 7) answer.failure = 'it was asked ' + asked + ' times';
         parentPort.postMessage(answer);
       });`,
    );
    const one = await openWrapPool({ threads: 1, least: 1, worker: counting });
    const { publicKey } = (await holder('rsa')).certificate;
    const job = (octet: number): WrapJob => ({
      publicKey,
      algorithm: { name: 'rsa-pkcs1' },
      key: new Uint8Array(32).fill(octet),
    });
    // Four shares of two jobs, two of which the worker has at a time.
    await expect(one.wrapKeys([9, 9, 1, 1, 1, 1, 1, 1].map(job))).rejects.toThrow('not this share');
    await expect(one.wrapKeys([job(7)])).rejects.toThrow('it was asked 3 times');
    expect((await one.wrapKeys([1, 1, 1, 1, 1, 1, 1, 1].map(job))).length).toBe(8);
    await expect(one.wrapKeys([job(7)])).rejects.toThrow('it was asked 8 times');
    await one.close();
  });

  test('that is closed fails what waits', async () => {
    const silent = workerThat(
      'waiting',
      `let asked = 0;
       parentPort.on('message', ({ id }) => {
         if (++asked <= 4) parentPort.postMessage({ id, encryptedKeys: new Uint8Array(0) });
       });`,
    );
    const closed = await openWrapPool({ threads: 2, least: 2, worker: silent });
    const rsa = await holder('rsa');
    const waiting = sealedFor([rsa, rsa], { wrapKeys: closed.wrapKeys }).catch((error: unknown) =>
      String(error),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await closed.close();
    expect(await waiting).toContain('has ended');
  });

  test('that ends fails what waits and what comes later', async () => {
    const dying = workerThat(
      'dying',
      `let asked = 0;
       parentPort.on('message', ({ id }) => {
         if (++asked > 4) process.exit(3);
         parentPort.postMessage({ id, encryptedKeys: new Uint8Array(0) });
       });`,
    );
    const broken = await openWrapPool({ threads: 2, least: 2, worker: dying });
    const rsa = await holder('rsa');
    for (let i = 0; i < 2; i++) {
      await expect(sealedFor([rsa, rsa], { wrapKeys: broken.wrapKeys })).rejects.toThrow('has ended');
    }
    await broken.close();
  });

  test('that cannot start is told at the start', async () => {
    const broken = workerThat('broken', `throw new Error('no such module');`);
    await expect(openWrapPool({ threads: 2, worker: broken })).rejects.toThrow('no such module');
  });
});
