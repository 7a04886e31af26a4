import { expect, test } from 'vitest';
import { cmsSets, objectsOf, seededLengths } from '../support/cms-objects.js';
import { inOnePiece, inPieces } from '../support/cms-outcomes.js';
import { describeCorpus } from '../support/corpus.js';

/** What may be an object, and what is read as one: the others are keys, certificates and damage, refused alike. */
const atLeast: Readonly<Record<(typeof cmsSets)[number], readonly [objects: number, read: number]>> = {
  'openssl-generated': [156, 143],
  'thunderbird-smime': [149, 122],
  rfc4134: [39, 17],
  pkits: [802, 224],
  mimekit: [50, 14],
  'nss-interop': [25, 19],
  'tutorial-1998': [2, 0],
  pkcs12: [112, 20],
};

for (const set of cmsSets) {
  describeCorpus(set, () => {
    const objects = objectsOf(set);

    test(`${objects.length} objects read in pieces are those read whole`, () => {
      const kinds = new Map<string, number>();
      let read = 0;
      for (const { file, octets } of objects) {
        const whole = inOnePiece(octets);
        const kind = typeof whole === 'string' ? whole : whole.kind;
        if (typeof whole !== 'string') read++;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        expect(
          inPieces(octets, () => octets.length),
          file,
        ).toEqual(whole);
        expect(
          inPieces(octets, () => 1),
          file,
        ).toEqual(whole);
        for (let seed = 1; seed <= 3; seed++)
          expect(inPieces(octets, seededLengths(seed)), file).toEqual(whole);
      }
      console.log(`${set}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
      expect(objects.length).toBeGreaterThanOrEqual(atLeast[set][0]);
      expect(read).toBeGreaterThanOrEqual(atLeast[set][1]);
    });
  });
}
