import { expect, test } from 'vitest';
import { type Damage, everyDamage, newTally, runCases } from '../hostile/damage.js';
import { type corpusSets, corpusSubject, subjectPaths } from '../hostile/subjects.js';
import { describeCorpus } from '../support/corpus.js';

/** CI asks for a sample: one case in so many. */
export const step: number = process.env['MAILSEAL_SLOW'] === 'sample' ? 197 : 1;

/**
 * Declares the full run over a set of the corpus: a cut and a flip at every
 * octet of every file, or of every `shares`-th file from `share` on, so that
 * several workers can do one set.
 */
export function damageEveryFile(set: (typeof corpusSets)[number], share = 0, shares = 1): void {
  describeCorpus(set, () => {
    const total = newTally();
    const paths = subjectPaths(set).filter((_, i) => i % shares === share);
    test.each(paths)('%s', async (path) => {
      const subject = await corpusSubject(path);
      await runCases(subject, every(step, everyDamage(subject.octets)), total);
    });
    test(`${paths.length} files were damaged`, () => {
      console.log(`${set}: ${JSON.stringify(total)}`);
      expect(total.files).toBe(paths.length);
      expect(total.cases).toBeGreaterThan(0);
    });
  });
}

/** One element in so many; which one changes from file to file, so that no place is always left out. */
let phase = 0;
export function* every(count: number, cases: Iterable<Damage>): Generator<Damage> {
  for (const each of cases) if (phase++ % count === 0) yield each;
}
