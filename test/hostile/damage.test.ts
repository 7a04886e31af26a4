import { describe, expect, test } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { type Damage, movingDamage, newTally, runCases, someDamage } from './damage.js';
import { corpusSets, corpusSubject, ownPaths, ownSubject, subjectPaths } from './subjects.js';

/** Some seconds of work each, on a machine that may be busy with other things. */
const timeout = 300_000;

/** A sample of what test/slow does in full: some seeded places of a file. */
function* sample(octets: Uint8Array, flips: number, moves: number): Generator<Damage> {
  yield* someDamage(octets, flips);
  yield* movingDamage(octets, moves);
}

describe('damaged files give a report or a MailsealError', () => {
  test.each(ownPaths)('%s', { timeout }, async (path) => {
    const tally = newTally();
    const subject = await ownSubject(path);
    await runCases(subject, sample(subject.octets, 500, 200), tally);
    expect(tally.cases).toBe(700);
  });
});

/** How many files each set has that are read here. */
const files: Readonly<Record<(typeof corpusSets)[number], number>> = {
  'mail-parser': 53,
  mimekit: 27,
  'openssl-generated': 219,
  pkits: 629,
  rfc4134: 10,
  'thunderbird-smime': 67,
  'tutorial-1998': 3,
};

for (const set of corpusSets) {
  describeCorpus(set, () => {
    test(`${files[set]} files, damaged, give a report or a MailsealError`, { timeout }, async () => {
      const tally = newTally();
      for (const path of subjectPaths(set)) {
        const subject = await corpusSubject(path);
        await runCases(subject, sample(subject.octets, 9, 4), tally);
      }
      console.log(`${set}: ${JSON.stringify(tally)}`);
      expect(tally.files).toBe(files[set]);
    });
  });
}
