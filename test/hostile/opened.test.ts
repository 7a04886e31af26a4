import { expect, test } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { movingDamage, newTally, someDamage } from './damage.js';
import { encryptedPaths, encryptedSets, openDamaged, openSubject } from './opened.js';

const files: Readonly<Record<string, number>> = {
  'openssl-generated': 42,
  rfc4134: 1,
  'thunderbird-smime': 35,
};

for (const [set, keysOf] of Object.entries(encryptedSets)) {
  describeCorpus(set, () => {
    test(`${files[set]} encrypted messages, damaged, give a report or a MailsealError, and nothing false`, {
      timeout: 300_000,
    }, async () => {
      const tally = newTally();
      const keys = await keysOf();
      for (const path of encryptedPaths(set)) {
        const subject = await openSubject(path, keys);
        await openDamaged(subject, someDamage(subject.octets, 12), tally);
        await openDamaged(subject, movingDamage(subject.octets, 6), tally);
      }
      console.log(`${set}: ${JSON.stringify(tally)}`);
      expect(tally.files).toBe(2 * files[set]!);
    });
  });
}
