import { expect, test } from 'vitest';
import { movingDamage, newTally, runCases } from '../hostile/damage.js';
import { corpusSets, corpusSubject, subjectPaths } from '../hostile/subjects.js';
import { describeCorpus } from '../support/corpus.js';

const perFile = process.env['MAILSEAL_SLOW'] === 'sample' ? 4 : 400;

for (const set of corpusSets) {
  describeCorpus(set, () => {
    test('octets deleted and repeated, whole lines and elements among them', async () => {
      const tally = newTally();
      const paths = subjectPaths(set);
      for (const path of paths) {
        const subject = await corpusSubject(path);
        await runCases(subject, movingDamage(subject.octets, perFile), tally);
      }
      console.log(`${set}: ${JSON.stringify(tally)}`);
      expect(tally.cases).toBe(paths.length * perFile);
    });
  });
}
