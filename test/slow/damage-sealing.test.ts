import { describe, expect, test } from 'vitest';
import { everyDamage, newTally } from '../hostile/damage.js';
import { unsealDamaged } from '../hostile/sealed.js';
import { corpusSealed, ownMakers, ownSealed, sealedPaths, sealedSets } from '../hostile/sealed-subjects.js';
import { describeCorpus } from '../support/corpus.js';
import { every, step } from './damage.js';

// A cut and a flip at every octet, at 2,000 places of what is longer than 8 kB.
describe('our own CMS', () => {
  const total = newTally();
  const names = Object.keys(ownMakers);
  test.each(names)('%s', async (name) => {
    const subject = await ownSealed(name);
    await unsealDamaged(subject, every(step, everyDamage(subject.octets)), total);
  });
  test(`${names.length} files were damaged`, () => {
    console.log(`ours: ${JSON.stringify(total)}`);
    expect(total.files).toBe(names.length);
    expect(total.cases).toBeGreaterThan(0);
  });
});

for (const [set, keysOf] of Object.entries(sealedSets)) {
  describeCorpus(set, () => {
    const total = newTally();
    const paths = sealedPaths(set);
    test.each(paths)('%s', async (path) => {
      const subject = corpusSealed(path, await keysOf());
      await unsealDamaged(subject, every(step, everyDamage(subject.octets)), total);
    });
    test(`${paths.length} files were damaged`, () => {
      console.log(`${set}: ${JSON.stringify(total)}`);
      expect(total.files).toBe(paths.length);
      expect(total.cases).toBeGreaterThan(0);
    });
  });
}
