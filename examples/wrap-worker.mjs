// A thread of wrap-pool.ts. It is JavaScript, so that it runs as it is wherever
// the pool does: a worker does not inherit what makes a process read TypeScript.

import { Buffer } from 'node:buffer';
import { parentPort } from 'node:worker_threads';
import { encryptKeys, parsePublicKey } from 'mailseal/crypto';

const port = parentPort;
if (port === null) throw new Error('wrap-worker.mjs is started by wrap-pool.ts');

/**
 * The keys of those who were written to lately, by their octets: encrypting to one that is kept takes less than to one that is read.
 *
 * @type {Map<string, import('mailseal/crypto').PublicKey>}
 */
const known = new Map();
const mostKnown = 10_000;

/** @param {Uint8Array} spki */
function keyOf(spki) {
  const octets = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
  let key = known.get(octets);
  if (key === undefined) {
    if (known.size === mostKnown) known.clear();
    // A copy, or one key would keep the buffer of all that came with it.
    key = parsePublicKey(spki.slice());
    known.set(octets, key);
  }
  return key;
}

/** @param {import('./wrap-pool.js').Share} share */
async function encryptShare({ key, publicKeys, lengths, algorithms }) {
  let end = 0;
  try {
    const recipients = lengths.map((length, i) => {
      const start = end;
      end += length;
      const algorithm = algorithms[i] ?? { name: 'rsa-pkcs1' };
      return { publicKey: keyOf(publicKeys.subarray(start, end)), algorithm };
    });
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

// While one share waits for something, the next may be taken up and be done before it.
port.on('message', async (/** @type {import('./wrap-pool.js').Share} */ share) => {
  const { id } = share;
  try {
    const encryptedKeys = await encryptShare(share);
    port.postMessage({ id, encryptedKeys }, [encryptedKeys.buffer]);
  } catch (error) {
    port.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});
