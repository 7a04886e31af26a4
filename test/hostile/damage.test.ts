import { describe, expect, test } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { newTally, runCases, someDamage } from './damage.js';
import { corpusSets, corpusSubject, ownPaths, ownSubject, subjectPaths } from './subjects.js';

// A sample of what test/slow does in full: some seeded places of every file.
const casesPerFile = 12;
const casesPerOwnFile = 600;

describe('damaged files give a report or a MailsealError', () => {
  test.each(ownPaths)('%s', async (path) => {
    const tally = newTally();
    const subject = await ownSubject(path);
    await runCases(subject, someDamage(subject.octets, casesPerOwnFile), tally);
    expect(tally.cases).toBe(casesPerOwnFile);
  });
});

const files: Readonly<Record<(typeof corpusSets)[number], number>> = {
  'mail-parser': 53,
  mimekit: 0,
  'openssl-generated': 0,
  pkits: 0,
  rfc4134: 10,
  'thunderbird-smime': 0,
  'tutorial-1998': 3,
};

for (const set of corpusSets) {
  describeCorpus(set, () => {
    test('its files, damaged, give a report or a MailsealError', async () => {
      const tally = newTally();
      for (const path of subjectPaths(set)) {
        const subject = await corpusSubject(path);
        await runCases(subject, someDamage(subject.octets, casesPerFile), tally);
      }
      console.log(`${set}: ${JSON.stringify(tally)}`);
      expect(tally.files).toBeGreaterThanOrEqual(files[set]);
    });
  });
}
