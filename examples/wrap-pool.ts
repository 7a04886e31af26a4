// Encrypts to many recipients on all cores: a pool of worker threads that does
// the RSA part of `createEnvelopedData` and `encryptMessage`.
//
//   const pool = await openWrapPool();
//   await encryptMessage(content, { recipients, wrapKeys: pool.wrapKeys });
//   await pool.close();
//
// It pays for lists, not for letters: a few keys are encrypted in less time than
// it takes to hand them to another thread, so those stay here. What is gained
// depends on the machine: `npm run bench -- wraps-pool` measures it, by the clock.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WrapJob, WrapKeys } from 'mailseal/cms';
import { encodePublicKey, encryptKeys, generateKeyPair, type KeyTransportAlgorithm } from 'mailseal/crypto';

export interface WrapPoolOptions {
  /** Worker threads; default as many as there are cores. */
  readonly threads?: number;
  /**
   * Recipients from which on the workers are asked. Default 200: on two cores with nothing else to do, two workers took
   * as long as this thread alone with 100, an eighth less with 200 and a third less with 5,000 (`bench/results.md`).
   * Where the cores have other work, too, it pays to ask for more.
   */
  readonly least?: number;
  /** The worker's program; default the file beside this one. */
  readonly worker?: URL;
}

export interface WrapPool {
  /** For the option of that name. */
  readonly wrapKeys: WrapKeys;
  close(): Promise<void>;
}

/** What a worker is asked: the keys one after the other in one buffer, which is transferred and not copied. */
export interface Share {
  /** What the answer to it is known by. */
  readonly id: number;
  readonly key: Uint8Array;
  /** A SubjectPublicKeyInfo for each recipient. */
  readonly publicKeys: Uint8Array;
  readonly lengths: readonly number[];
  readonly algorithms: readonly KeyTransportAlgorithm[];
}

/** What it answers: as many encrypted keys, one after the other, each as long as its modulus. */
export type Answer = { readonly id: number } & (
  | { readonly encryptedKeys: Uint8Array }
  | { readonly failure: string }
);

/** Starts the workers and has each encrypt some hundred keys, so that the first message finds everything compiled. */
export async function openWrapPool(options: WrapPoolOptions = {}): Promise<WrapPool> {
  const { threads = availableParallelism(), least = 200 } = options;
  const program = options.worker ?? new URL('./wrap-worker.mjs', import.meta.url);
  const workers = Array.from({ length: threads }, () => new PoolWorker(program));
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.end()));
  };
  try {
    const { publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
    const algorithm = { name: 'rsa-pkcs1' } as const;
    for (let round = 0; round < 4; round++) {
      const key = () => new Uint8Array(32);
      const jobs = () => Array.from({ length: 100 }, () => ({ publicKey, algorithm, key: key() }));
      await Promise.all(workers.map((worker) => worker.encrypt(jobs())));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const wrapKeys: WrapKeys = async (jobs) => {
    const [first] = jobs;
    if (first === undefined || jobs.length < least || threads === 0)
      return encryptKeys({ key: first?.key ?? new Uint8Array(0), recipients: jobs });
    return encryptBy(workers, jobs);
  };
  return { wrapKeys, close };
}

/** Shares of each worker, two of which it has at a time: one that has to wait for its core leaves the rest to the others. */
const SHARES = 4;

/** The keys in the order of the jobs. */
async function encryptBy(workers: readonly PoolWorker[], jobs: readonly WrapJob[]): Promise<Uint8Array[]> {
  const each = Math.ceil(jobs.length / (workers.length * SHARES));
  const encrypted: Uint8Array[][] = [];
  const shares: WrapJob[][] = [];
  for (let at = 0; at < jobs.length; at += each) shares.push(jobs.slice(at, at + each));
  let next = 0;
  const takeShares = async (worker: PoolWorker): Promise<void> => {
    for (let i = next++; i < shares.length; i = next++) encrypted[i] = await worker.encrypt(shares[i] ?? []);
  };
  try {
    await Promise.all([...workers, ...workers].map(takeShares));
  } finally {
    next = shares.length;
  }
  return encrypted.flat();
}

interface Waiting {
  readonly resolve: (encryptedKeys: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** One thread. Whose key an answer holds is told by its id alone: a message must never get the keys of another. */
class PoolWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #failure: Error | undefined;

  constructor(program: URL) {
    this.#worker = new Worker(program);
    this.#worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      if (waiting === undefined) return this.#fail(new Error('a worker answers what it was not asked'));
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) this.#worker.unref();
      if ('failure' in answer) waiting.reject(new Error(`a worker says: ${answer.failure}`));
      else waiting.resolve(answer.encryptedKeys);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a worker of the pool has ended')));
  }

  async encrypt(jobs: readonly WrapJob[]): Promise<Uint8Array[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const [first] = jobs;
    if (first === undefined) return [];
    const id = this.#asked++;
    const share = { id, ...packed(jobs, first.key) };
    const { buffer } = share.publicKeys;
    // The first job's key goes to the worker in its own buffer. Those of the other jobs are wiped by who gave them.
    this.#worker.postMessage(share, [buffer as ArrayBuffer, share.key.buffer as ArrayBuffer]);
    const encrypted = await this.#wait(id);
    let end = 0;
    return jobs.map(({ publicKey }) => {
      const start = end;
      end += publicKey.kind === 'rsa' ? publicKey.modulus.length : 0;
      return encrypted.subarray(start, end);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #wait(id: number): Promise<Uint8Array> {
    // A process does not end while it waits, and does while it does not.
    this.#worker.ref();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** A key is a view of its certificate: it would go over with the whole buffer that this lies in. */
function packed(jobs: readonly WrapJob[], key: Uint8Array): Omit<Share, 'id'> {
  const encoded = jobs.map(({ publicKey }) => encodePublicKey(publicKey));
  const lengths = encoded.map(({ length }) => length);
  const publicKeys = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const each of encoded) {
    publicKeys.set(each, at);
    at += each.length;
  }
  return { key, publicKeys, lengths, algorithms: jobs.map(({ algorithm }) => algorithm) };
}
