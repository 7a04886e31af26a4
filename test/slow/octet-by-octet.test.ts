import { expect, test } from 'vitest';
import { cmsSets, overwrittenChunks } from '../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { keySets } from '../support/corpus-keys.js';
import { listCorpus } from '../support/mime-corpus.js';
import { atOnce, expectSame, inPieces, openedAtOnce, openedInPieces } from '../support/passed-reports.js';

const every = process.env['MAILSEAL_SLOW'] === 'sample' ? 20 : 1;
const policy = { roots: [], at: new Date('2026-06-01') };
const isMessage = (path: string): boolean => /\.(?:eml|env|opaque|multipart|mismatch-econtent)$/.test(path);

for (const set of cmsSets) {
  const files = listCorpus(set, isMessage).filter((_, i) => i % every === 0);
  if (files.length === 0) continue;
  describeCorpus(set, () => {
    test(`${files.length} messages are verified octet by octet as at once`, async () => {
      for (const file of files) {
        const octets = readCorpus(file);
        const wanted = await atOnce(octets, policy);
        const chunks = overwrittenChunks(octets, () => 1);
        expectSame(await inPieces(chunks, policy, { kept: 0 }), wanted, file);
      }
    }, 600_000);
  });
}

for (const { set, keys: keysOf } of keySets) {
  const files = listCorpus(set, isMessage).filter((_, i) => i % every === 0);
  describeCorpus(set, () => {
    test(`${files.length} messages are opened octet by octet as at once`, async () => {
      const opening = { ...policy, keys: await keysOf() };
      let opened = 0;
      for (const file of files.filter((name) => !name.includes('compressed'))) {
        const octets = readCorpus(file);
        const wanted = await openedAtOnce(octets, opening, false);
        if (JSON.stringify(wanted).includes('"opened":true')) opened++;
        const chunks = overwrittenChunks(octets, () => 1);
        expectSame(await openedInPieces(chunks, opening, { kept: 0 }, false), wanted, file);
      }
      console.log(`${set}: ${opened} opened`);
      if (every === 1 && set !== 'nss-interop') expect(opened).toBeGreaterThan(0);
    }, 600_000);
  });
}
