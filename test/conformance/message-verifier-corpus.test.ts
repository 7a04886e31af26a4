import { expect, test } from 'vitest';
import type { Bytes } from '../../src/core/bytes.js';
import { overwrittenChunks, seededLengths } from '../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';
import { atOnce, expectSame, inPieces } from '../support/passed-reports.js';

const sets: readonly (readonly [set: string, files: number, signed: number])[] = [
  ['openssl-generated', 120, 80],
  ['thunderbird-smime', 90, 60],
  ['rfc4134', 3, 2],
  ['pkits', 220, 220],
  ['mimekit', 40, 1],
  ['tutorial-1998', 3, 1],
];

const policy = { roots: [], at: new Date('2026-06-01') };

const splits: readonly (readonly [name: string, length: (octets: Bytes) => () => number])[] = [
  ['whole', (octets) => () => octets.length],
  ['random', (octets) => seededLengths(octets.length + 1)],
];

/** Takes minutes for all: test/slow does it. */
const single: (typeof splits)[number] = ['octet by octet', () => () => 1];

for (const [set, files, signed] of sets) {
  describeCorpus(set, () => {
    const all = listCorpus(set, (path) => /\.(?:eml|txt|env|opaque|multipart|mismatch-econtent)$/.test(path));
    test.each([0, 700, undefined])(
      `${set}: the report of verifyMessage, with %s octets of bodies kept`,
      async (kept) => {
        const limits = kept === undefined ? {} : { kept };
        let withSeals = 0;
        for (const file of all) {
          const octets = readCorpus(file);
          const wanted = await atOnce(octets, policy);
          const isSealed = typeof wanted !== 'string' && wanted.seals.length > 0;
          if (isSealed) withSeals++;
          const alsoSingly = isSealed && kept === 0 && withSeals % 12 === 0;
          for (const [name, length] of alsoSingly ? [...splits, single] : splits) {
            const found = await inPieces(overwrittenChunks(octets, length(octets)), policy, limits);
            expectSame(found, wanted, `${file}, ${name}`);
          }
        }
        console.log(`${set}: ${all.length} messages, ${withSeals} with seals`);
        expect(all.length).toBeGreaterThanOrEqual(files);
        expect(withSeals).toBeGreaterThanOrEqual(signed);
      },
      120_000,
    );
  });
}
