// A thread of wrap-pool.ts. It is JavaScript, so that it runs as it is wherever
// the pool does: a worker does not inherit what makes a process read TypeScript.

import { parentPort } from 'node:worker_threads';
import { encryptKeys, generateKeyPair, parsePublicKey } from 'mailseal/crypto';

const port = parentPort;
if (port === null) throw new Error('wrap-worker.mjs is started by wrap-pool.ts');

/** @param {import('./wrap-pool.js').Share} share */
async function encryptShare({ key, publicKeys, lengths, algorithms }) {
  let end = 0;
  const recipients = lengths.map((length, i) => {
    const start = end;
    end += length;
    const algorithm = algorithms[i] ?? { name: 'rsa-pkcs1' };
    return { publicKey: parsePublicKey(publicKeys.subarray(start, end)), algorithm };
  });
  try {
    const encrypted = await encryptKeys({ key, recipients });
    const joined = new Uint8Array(encrypted.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const each of encrypted) {
      joined.set(each, at);
      at += each.length;
    }
    return joined;
  } finally {
    key.fill(0);
  }
}

port.on('message', async (share) => {
  try {
    const encryptedKeys = await encryptShare(share);
    port.postMessage({ encryptedKeys }, [encryptedKeys.buffer]);
  } catch (error) {
    port.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});

// The known-answer tests are done, and the code compiled, before the first message comes.
const { publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
const recipients = Array.from({ length: 200 }, () => ({
  publicKey,
  algorithm: /** @type {const} */ ({ name: 'rsa-pkcs1' }),
}));
await encryptKeys({ key: new Uint8Array(32), recipients });
port.postMessage({ encryptedKeys: new Uint8Array(0) });
