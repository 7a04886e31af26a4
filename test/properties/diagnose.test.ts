import { expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { AlterationKind } from '../../src/smime/diagnose/alteration.js';
import { randomlyAltered } from '../support/alteration-trials.js';
import { diagnosisOf, entityOf, randomForm, randomText } from '../support/random-alterations.js';
import { seededDraw } from '../support/seeded.js';

test('no random change of meaning is undone, and what is recovered of other changes is what was signed', async () => {
  const { meaning, octets, recovered } = await randomlyAltered(100, 1, 50);
  console.log(`${meaning} changes of meaning, ${octets} of octets, of which ${recovered} could be undone`);
  expect(meaning).toBeGreaterThan(30);
  expect(octets).toBeGreaterThan(30);
  expect(recovered).toBeGreaterThan(0);
});

type Undoable = readonly [kind: AlterationKind, alter: (entity: string) => string];

const undoable: readonly Undoable[] = [
  ['from-line-quoted', (entity) => entity.replace(/^From /gm, '>From ')],
  ['dots-doubled', (entity) => entity.replace(/^\./gm, '..')],
  ['trailing-lines-added', (entity) => `${entity}\r\n`],
  ['footer-added', (entity) => `${entity}-- \r\nA list of people\r\n`],
  ['field-case-changed', (entity) => entity.replace(/charset=[^\r]*/, (field) => field.toLowerCase())],
  ['field-refolded', (entity) => entity.replace('; charset', ';\r\n\tcharset')],
];

test.each(undoable)('%s is undone whatever the text is', async (kind, alter) => {
  const draw = seededDraw(7);
  let number = 0;
  for (let round = 0; round < 60; round++) {
    const signed = entityOf(randomText(draw), randomForm(draw));
    const received = bytesFromLatin1(alter(latin1FromBytes(signed)));
    if (received.length === signed.length && latin1FromBytes(received) === latin1FromBytes(signed)) continue;
    const { recovered, alterations } = await diagnosisOf(signed, received);
    expect([recovered, latin1FromBytes(alterations[0]?.original ?? new Uint8Array(0))]).toEqual([
      true,
      latin1FromBytes(signed),
    ]);
    expect(alterations[0]!.changes.map((change) => change.kind)).toContain(kind);
    number++;
  }
  console.log(`${kind}: ${number} texts`);
  expect(number).toBeGreaterThan(5);
});

test.each([
  ['lines', 'Short line of text.\r\n'],
  ['one line', 'word '],
  ['empty lines', '\r\n'],
  ['quoted lines', '>>>>From \r\n'],
  ['parts', `--b\r\n\r\n${'text '.repeat(22)}\r\n`],
  ['encoded words', '=?utf-8?Q?a?= '],
])('1 MB of %s costs what the limits say and no more', async (_, unit) => {
  const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
  const signed = bytesFromLatin1(head + unit.repeat(Math.ceil(2 ** 20 / unit.length)));
  const received = concatBytes([signed.subarray(0, 2 ** 19), bytesFromLatin1('#'), signed.subarray(2 ** 19)]);
  const { recovered, alterations } = await diagnosisOf(signed, received, { octets: 2 ** 25 });
  expect(recovered).toBe(false);
  const { octets, candidates, exhausted } = alterations[0]!.work;
  console.log(`${candidates} contents, ${octets} octets`);
  expect(octets).toBeLessThanOrEqual(2 ** 25);
  // Most differ from others in their ends only, each of which counts as 1,024 octets.
  expect(candidates).toBeLessThanOrEqual(2 ** 15);
  expect(exhausted).toBe(true);
});
