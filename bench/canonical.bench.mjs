// Canonical line ends and SHA-256 in one pass, against SHA-256 of the canonical
// text alone: the limit that no check of line ends reaches.

import { createHash, hash } from 'node:crypto';
import { defineBench, from, mailSizes } from './bench.mjs';
import { load } from './common.mjs';

/**
 * The whole of it is compared in setup; a call that is wrong would be so here, too.
 *
 * @param {Uint8Array} digest
 * @param {Uint8Array} known
 */
function expect(digest, known) {
  if (digest.length !== 32 || digest[0] !== known[0] || digest[31] !== known[31])
    throw new Error('the digest is wrong');
}

/** Lines as long as those of base64 and of quoted-printable. */
const line = 'x'.repeat(76);

/**
 * @param {string} name
 * @param {string} what
 * @param {string} lineEnd
 * @param {number} goal
 */
const family = (name, what, lineEnd, goal) =>
  defineBench({
    name: `canonical-${name}`,
    title: `Canonicalise text with ${what} and digest it with SHA-256.`,
    sizes: mailSizes,
    async setup(size) {
      const { canonicalDigest } = await load('crypto');
      const stored = Buffer.from((line + lineEnd).repeat(Math.ceil(size / 77)).slice(0, size), 'latin1');
      const canonical = Buffer.from(stored.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
      const octets = new Uint8Array(stored);
      const known = createHash('sha256').update(canonical).digest();
      if (!known.equals(canonicalDigest('sha256', octets))) throw new Error('the digest is wrong');
      return { canonicalDigest, octets, canonical: new Uint8Array(canonical), known };
    },
    contenders: {
      ours: ({ canonicalDigest, octets, known }) => expect(canonicalDigest('sha256', octets), known),
      'the hash alone': ({ canonical, known }) => expect(hash('sha256', canonical, 'buffer'), known),
    },
    native: ['the hash alone'],
    goals: { 'the hash alone': from('64KB', goal) },
  });

export default [family('lf', 'LF line ends', '\n', 0.55), family('crlf', 'CRLF line ends', '\r\n', 0.7)];
