import { createHash } from 'node:crypto';
import { md5 as nobleMd5, sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha224 as nobleSha224, sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlockAlgorithm, BlockDigest, blockDigest } from '../../src/crypto/digests/block-digest.js';
import { createDigest, type DigestName, digest, digestLength } from '../../src/crypto/digests/digest.js';
import { md5 } from '../../src/crypto/digests/md5.js';
import { sha1, sha1InALoop } from '../../src/crypto/digests/sha1.js';
import { sha1Blocks } from '../../src/crypto/digests/sha1-blocks.generated.js';
import { sha224, sha256, sha256InALoop } from '../../src/crypto/digests/sha256.js';
import { sha256Blocks } from '../../src/crypto/digests/sha256-blocks.generated.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { digestNames, engines, errorCode, octetsOf } from '../crypto/support.js';

const ours = { md5, sha1, sha224, sha256 };
const noble = { md5: nobleMd5, sha1: nobleSha1, sha224: nobleSha224, sha256: nobleSha256 };
type OwnName = keyof typeof ours;
const ownNames = Object.keys(ours) as OwnName[];

/** Every way that blocks are taken: the loop of a young process and the rounds written out. */
const ways: readonly (readonly [string, OwnName, BlockAlgorithm])[] = [
  ['md5', 'md5', md5],
  ['sha1 in a loop', 'sha1', { ...sha1, compress: sha1InALoop }],
  ['sha1 written out', 'sha1', { ...sha1, compress: sha1Blocks }],
  ['sha224 in a loop', 'sha224', { ...sha224, compress: sha256InALoop }],
  ['sha224 written out', 'sha224', { ...sha224, compress: sha256Blocks }],
  ['sha256 in a loop', 'sha256', { ...sha256, compress: sha256InALoop }],
  ['sha256 written out', 'sha256', { ...sha256, compress: sha256Blocks }],
];

function nodeDigest(name: DigestName, octets: Uint8Array): string {
  const options = name.startsWith('shake') ? { outputLength: digestLength(name) } : {};
  return createHash(name, options).update(octets).digest('hex');
}

describe.each(ways)('%s', (_, name, algorithm) => {
  test('is what noble and node:crypto give, at each length to 300 and at each alignment', () => {
    const memory = octetsOf(320);
    for (let length = 0; length <= 300; length++) {
      for (let start = 0; start < 8; start++) {
        const octets = memory.subarray(start, start + length);
        const found = encodeHex(blockDigest(algorithm, octets));
        expect(found).toBe(nodeDigest(name, octets));
        if (start === 0) expect(found).toBe(encodeHex(noble[name](octets)));
        const running = new BlockDigest(algorithm).update(octets.subarray(0, start));
        expect(encodeHex(running.update(octets.subarray(start)).digest())).toBe(found);
      }
    }
  });

  test('is the same in pieces, which may be reused, and in copies', () => {
    const content = fc.uint8Array({ maxLength: 1000 });
    fc.assert(
      fc.property(content, fc.array(fc.nat(300), { maxLength: 8 }), content, (octets, lengths, more) => {
        const running = new BlockDigest(algorithm);
        let at = 0;
        for (const length of [...lengths, octets.length]) {
          const chunk = octets.slice(at, at + length);
          running.update(chunk);
          chunk.fill(0xff);
          at += length;
        }
        const copy = running.copy();
        expect(encodeHex(running.digest())).toBe(nodeDigest(name, octets));
        const both = new Uint8Array([...octets, ...more]);
        expect(encodeHex(copy.update(more).digest())).toBe(nodeDigest(name, both));
      }),
    );
  });

  test.each([2 ** 29 - 64, 2 ** 29, 2 ** 32 - 64, 2 ** 32, 2 ** 36, 2 ** 50])(
    'counts the bits of %d octets and some more',
    (before) => {
      for (const length of [0, 1, 55, 56, 63, 64, 65, 130]) {
        const octets = octetsOf(length);
        // As though so many octets had been taken, and had left the state that it begins with.
        const found = new BlockDigest(algorithm, algorithm.initial.slice(), before).update(octets).digest();
        const other = noble[name].create();
        Object.assign(other, { length: before });
        expect(encodeHex(found)).toBe(encodeHex(other.update(octets).digest()));
        expect(found).not.toEqual(blockDigest(algorithm, octets));
      }
    },
  );

  test('leaves nothing of what it took behind', () => {
    for (const length of [0, 40, 60, 100, 128]) {
      const seen: (Int32Array | Uint8Array)[] = [];
      const watched: BlockAlgorithm = {
        ...algorithm,
        compress: (state, input, from, to) => {
          seen.push(state);
          // What it pads in is its own; whole blocks may stand where the caller has them.
          if (input.buffer !== octets.buffer) seen.push(new Uint8Array(input.buffer));
          algorithm.compress(state, input, from, to);
        },
      };
      const octets = octetsOf(length);
      const running = new BlockDigest(watched).update(octets.subarray(0, 30)).update(octets.subarray(30));
      expect(running.digest()).toEqual(blockDigest(watched, octets));
      expect(seen.filter((memory) => memory instanceof Uint8Array).length).toBeGreaterThanOrEqual(2);
      for (const memory of seen) expect([...memory].every((each) => each === 0)).toBe(true);
    }
  });
});

test.each(ownNames)('%s is the same before and after the written-out rounds take over', (name) => {
  // More than the loop is for, in one piece and then in many, in one process.
  const octets = octetsOf(1_300_000);
  const known = nodeDigest(name, octets);
  expect(encodeHex(digest(name, octets, { engine: 'typescript' }))).toBe(known);
  const running = createDigest(name, { engine: 'typescript' });
  for (let at = 0; at < octets.length; at += 4097) running.update(octets.subarray(at, at + 4097));
  expect(encodeHex(running.finish())).toBe(known);
});

describe.each(engines)('engine %s', (engine) => {
  test.each(digestNames)(
    '%s around the length where the engine changes, and from any kind of array',
    (name) => {
      for (const length of [0, 31, 32, 33, 63, 64, 127, 128, 129, 255, 256, 257, 511, 512, 513, 4096]) {
        const octets = octetsOf(length);
        const known = nodeDigest(name, octets);
        expect(encodeHex(digest(name, octets, { engine }))).toBe(known);
        expect(encodeHex(digest(name, Buffer.from(octets), { engine }))).toBe(known);
        const shared = new Uint8Array(new SharedArrayBuffer(length));
        shared.set(octets);
        expect(encodeHex(digest(name, shared, { engine }))).toBe(known);
      }
    },
  );

  test.each(digestNames)('%s is copied with what it has taken, as often as is wanted', (name) => {
    const octets = octetsOf(400);
    const running = createDigest(name, { engine });
    for (let at = 0; at < octets.length; at += 50) {
      running.update(octets.subarray(at, at + 50));
      const copy = running.copy();
      expect(copy.name).toBe(name);
      const again = copy.copy();
      copy.update(octets);
      const taken = octets.subarray(0, at + 50);
      expect(encodeHex(again.finish())).toBe(nodeDigest(name, taken));
      expect(encodeHex(copy.finish())).toBe(nodeDigest(name, new Uint8Array([...taken, ...octets])));
    }
    expect(encodeHex(running.finish())).toBe(nodeDigest(name, octets));
    expect(errorCode(() => running.copy())).toBe('usage');
  });
});
