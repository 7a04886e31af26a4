import { expect, test } from 'vitest';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { overwrittenChunks, seededLengths } from '../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { opensslKeys, rfc4134Keys, thunderbirdKeys } from '../support/corpus-keys.js';
import { listCorpus } from '../support/mime-corpus.js';
import { expectSame, openedAtOnce, openedInPieces } from '../support/passed-reports.js';

const sets: readonly (readonly [
  set: string,
  keys: () => Promise<readonly DecryptionKey[]>,
  files: number,
  opened: number,
])[] = [
  ['openssl-generated', opensslKeys, 120, 30],
  ['thunderbird-smime', thunderbirdKeys, 80, 35],
  ['rfc4134', rfc4134Keys, 3, 1],
];

for (const [set, keysOf, files, opened] of sets) {
  describeCorpus(set, () => {
    const all = listCorpus(set, (path) => /\.(?:eml|env|opaque|multipart)$/.test(path));
    test.each([0, 1_000_000])(
      `${set}: the report of openMessage, with %s octets of bodies kept`,
      async (kept) => {
        const policy = { roots: [], at: new Date('2026-06-01'), keys: await keysOf() };
        let ran = 0;
        let withOpened = 0;
        for (const file of all) {
          // What is compressed is opened only where it was kept.
          if (kept === 0 && file.includes('compressed')) continue;
          const octets = readCorpus(file);
          const wanted = await openedAtOnce(octets, policy, kept > 0);
          const isOpened = JSON.stringify(wanted).includes('"opened":true');
          if (isOpened) withOpened++;
          const random = seededLengths(octets.length + 1);
          // One in six: test/slow does it with all.
          const alsoSingly = isOpened && kept === 0 && withOpened % 6 === 0;
          for (const lengths of alsoSingly ? [random, () => 1] : [random]) {
            const chunks = overwrittenChunks(octets, lengths);
            expectSame(await openedInPieces(chunks, policy, { kept }, kept > 0), wanted, file);
          }
          ran++;
        }
        console.log(`${set}: ${ran} messages, ${withOpened} with opened envelopes`);
        expect(ran).toBeGreaterThanOrEqual(files);
        expect(withOpened).toBeGreaterThanOrEqual(opened);
      },
      120_000,
    );
  });
}
