// Digests of octets in one piece: in TypeScript against noble, natively against
// node's own; the first 100 KB of a fresh process; keys from passwords.

import { createHash, hash as nodeHash } from 'node:crypto';
import { defineBench, from, mailSizes } from './bench.mjs';
import { load, noise } from './common.mjs';

const names = /** @type {const} */ (['sha1', 'sha256', 'md5']);
/** At 64 KB and more, in times noble's speed. */
const goals = { sha1: 3.5, sha256: 1.8, md5: 5 };

/** Noble is installed with the package, since other digests are its. */
const noble = async () => ({
  ...(await import('@noble/hashes/legacy.js')),
  ...(await import('@noble/hashes/sha2.js')),
});

/**
 * @param {Uint8Array} digest
 * @param {number} length
 */
function expect(digest, length) {
  if (digest.length !== length) throw new Error(`${digest.length} octets, not ${length}`);
}
const lengths = { sha1: 20, sha256: 32, md5: 16 };

/**
 * @param {typeof names[number]} name
 * @param {number} size
 */
async function setup(name, size) {
  const { digest } = await load('crypto');
  const peer = (await noble())[name];
  const octets = noise(size);
  return { digest, peer, octets, length: lengths[name] };
}

/** @param {typeof names[number]} name */
function check(name) {
  return async (/** @type {number} */ size) => {
    const state = await setup(name, size);
    const known = createHash(name).update(state.octets).digest();
    for (const theirs of [state.peer(state.octets), nodeHash(name, state.octets, 'buffer')]) {
      if (!known.equals(theirs)) throw new Error('a peer is wrong');
    }
    for (const engine of ['typescript', 'native', 'auto']) {
      if (!known.equals(state.digest(name, state.octets, { engine }))) throw new Error(`${engine} is wrong`);
    }
    return state;
  };
}

export default names.flatMap((name) => [
  defineBench({
    name: `${name}-typescript`,
    title: `Digest octets with ${name} in TypeScript.`,
    sizes: mailSizes,
    setup: check(name),
    contenders: {
      ours: ({ digest, octets, length }) => expect(digest(name, octets, { engine: 'typescript' }), length),
      '@noble/hashes': ({ peer, octets, length }) => expect(peer(octets), length),
    },
    goals: { '@noble/hashes': from('64KB', goals[name]) },
  }),
  defineBench({
    name: `${name}-digest`,
    title: `Digest octets with ${name}, by whatever is fastest here.`,
    sizes: mailSizes,
    setup: check(name),
    contenders: {
      ours: ({ digest, octets, length }) => expect(digest(name, octets), length),
      createHash: ({ octets, length }) => expect(createHash(name).update(octets).digest(), length),
      'crypto.hash': ({ octets, length }) => expect(nodeHash(name, octets, 'buffer'), length),
    },
    native: ['createHash', 'crypto.hash'],
    goals: { createHash: 0.9 },
  }),
  defineBench({
    name: `${name}-cold`,
    title: `Digest the first 100 KB of a process with ${name} in TypeScript.`,
    amount: 102_400,
    cold: true,
    setup: () => setup(name, 102_400),
    contenders: {
      ours: ({ digest, octets, length }) => expect(digest(name, octets, { engine: 'typescript' }), length),
      '@noble/hashes': ({ peer, octets, length }) => expect(peer(octets), length),
    },
    goals: { '@noble/hashes': 0.77 },
  }),
]);
