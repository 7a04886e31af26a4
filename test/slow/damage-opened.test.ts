import { expect, test } from 'vitest';
import { everyDamage, newTally } from '../hostile/damage.js';
import { encryptedPaths, encryptedSets, openDamaged, openSubject } from '../hostile/opened.js';
import { describeCorpus } from '../support/corpus.js';
import { every, step } from './damage.js';

for (const [set, keysOf] of Object.entries(encryptedSets)) {
  describeCorpus(set, () => {
    const total = newTally();
    const paths = encryptedPaths(set);
    test.each(paths)('%s, opened', async (path) => {
      const subject = await openSubject(path, await keysOf());
      await openDamaged(subject, every(step, everyDamage(subject.octets)), total);
    });
    test(`${paths.length} encrypted files were damaged`, () => {
      console.log(`${set}: ${JSON.stringify(total)}`);
      expect(total.files).toBe(paths.length);
      expect(total.cases).toBeGreaterThan(0);
    });
  });
}
