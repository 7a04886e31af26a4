import { describe, expect, test } from 'vitest';
import { describeCorpus } from '../support/corpus.js';
import { content } from '../support/envelopes.js';
import { type Damage, movingDamage, newTally, someDamage } from './damage.js';
import { unseal, unsealDamaged } from './sealed.js';
import { corpusSealed, ownMakers, ownSealed, sealedPaths, sealedSets } from './sealed-subjects.js';

/** Some seconds of work each, on a machine that may be busy with other things. */
const timeout = 300_000;

/** A sample of what test/slow does in full. */
function* sample(octets: Uint8Array, flips: number, moves: number): Generator<Damage> {
  yield* someDamage(octets, flips);
  yield* movingDamage(octets, moves);
}

describe('damaged CMS gives what was sealed, content that nothing vouches for, or a MailsealError', () => {
  const names = Object.keys(ownMakers);
  test(`${names.length} files of ours`, { timeout }, async () => {
    const tally = newTally();
    for (const name of names) {
      const subject = await ownSealed(name);
      await unsealDamaged(subject, sample(subject.octets, 30, 10), tally);
    }
    console.log(`ours: ${JSON.stringify(tally)}`);
    expect(tally).toMatchObject({ files: names.length, cases: 40 * names.length });
  });

  const files: Readonly<Record<string, number>> = { 'nss-interop': 17, 'openssl-generated': 11, rfc4134: 14 };
  for (const [set, keysOf] of Object.entries(sealedSets)) {
    describeCorpus(set, () => {
      test(`${files[set]} files`, { timeout }, async () => {
        const tally = newTally();
        const keys = await keysOf();
        for (const path of sealedPaths(set)) {
          const subject = corpusSealed(path, keys);
          await unsealDamaged(subject, sample(subject.octets, 40, 10), tally);
        }
        console.log(`${set}: ${JSON.stringify(tally)}`);
        expect(tally.files).toBe(files[set]);
      });
    });
  }
});

test('each file of ours is read while it is whole', { timeout }, async () => {
  for (const name of Object.keys(ownMakers)) {
    const subject = await ownSealed(name);
    const { content: read, vouched } = await unseal(subject.octets, subject);
    expect([name, read?.length ?? 0]).toEqual([name, lengthOf(name)]);
    expect([name, vouched]).toEqual([name, !/cbc|EncryptedData|only/i.test(name)]);
  }
});

function lengthOf(name: string): number {
  if (name.endsWith('20 kB')) return 20_000;
  return name === 'certificates only' ? 0 : content.length;
}
