import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, latin1FromBytes } from '../../src/core/bytes.js';
import { linesOf, mostLines, mostPlaces } from '../../src/smime/diagnose/body/lines.js';
import { tabs } from '../../src/smime/diagnose/body/tabs.js';
import { diagnoseAlteration } from '../../src/smime/diagnose/diagnose-alteration.js';
import { eventLoopTurn } from '../../src/smime/diagnose/event-loop.js';
import { families } from '../../src/smime/diagnose/families.js';
import type { Family } from '../../src/smime/diagnose/guess.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { expectLinear } from '../support/linear-time.js';
import { diagnosisOf } from '../support/random-alterations.js';
import { detachedMessage } from '../support/sign-message.js';
import { alice, now, roots, signedBy } from '../support/sign-scene.js';

const repeated = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));
const context = { foldWidth: true };
/** As many as the search asks a family for. */
const mostGuesses = 4_096;

/** What a family makes of a content, asked to the end. */
function exhaust(family: Family, entity: string): { guesses: number; octets: number } {
  let guesses = 0;
  let octets = 0;
  for (const guess of family.guesses(bytesFromLatin1(entity), context)) {
    guesses++;
    octets += guess.octets.length;
    if (guesses === mostGuesses) break;
  }
  return { guesses, octets };
}

const headers: Readonly<Record<string, (size: number) => string>> = {
  parameters: (size) => `Content-Type: text/plain${repeated('; a=b', size)}\r\n\r\ntext\r\n`,
  'quoted parameters': (size) => `Content-Type: text/plain${repeated(';\r\n a="b"', size)}\r\n\r\ntext\r\n`,
  'fields of many names': (size) =>
    `${Array.from({ length: size / 10 }, (_, i) => `X-${i}: b\r\n`).join('')}\r\ntext\r\n`,
  'encoded words': (size) => `Subject: ${repeated('=?utf-8?Q?a?=\r\n ', size)}\r\n\r\ntext\r\n`,
  folds: (size) => `Content-Type: text/plain${repeated('\r\n ', size)};\r\n a=b\r\n\r\ntext\r\n`,
  'blanks in a value': (size) => `Content-Type: a${repeated(' ', size)}b; c=d\r\n\r\ntext\r\n`,
  'parts with headers': (size) =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${repeated(`--b\r\nContent-Type: text/plain${'; a=b'.repeat(20)}\r\n\r\nt\r\n`, size)}--b--\r\n`,
};

describe('each family asked to the end about headers made to be slow', () => {
  test.each(Object.entries(headers))('%s', (_, make) => {
    for (const family of families) {
      expectLinear((size) => {
        const entity = make(size);
        return () => exhaust(family, entity);
      }, 4_000);
    }
  });

  test('a field of 2,500 parameters, and blocks of 16 KiB in all, cost a bounded number of guesses', () => {
    for (const make of Object.values(headers)) {
      for (const family of families.filter(({ isAboutHeaders }) => isAboutHeaders === true))
        expect(exhaust(family, make(15_000)).guesses, family.name).toBeLessThan(1_000);
    }
  });

  test('making headers anew counts as octets, so that a limit on them ends it', async () => {
    const head = Array.from({ length: 39 }, (_, i) => `X-${i}: ${'a'.repeat(300)}\r\n`).join('');
    const signed = bytesFromLatin1(`${head}\r\nwas signed\r\n`);
    const received = bytesFromLatin1(`${head}\r\ncame instead\r\n`);
    const { alterations } = await diagnosisOf(signed, received, { octets: 2 ** 26 });
    // 64 MiB would hash 5,000 contents of 12 KB.
    expect(alterations[0]!.work.candidates).toBeLessThan(3_000);
    expect(alterations[0]!.work.exhausted).toBe(true);
  });
});

describe('memory', () => {
  test(`no more than ${mostLines} lines are told apart`, () => {
    const octets = bytesFromLatin1('.\r\n'.repeat(mostLines + 10));
    const { starts, ends } = linesOf(octets);
    expect(ends).toHaveLength(mostLines);
    expect(starts.at(-1)).toBe(3 * mostLines);
  });

  test(`no more than ${mostPlaces} places are changed in one guess of tabs`, () => {
    const octets = bytesFromLatin1(`\r\n\r\n${'a\tb\r\n'.repeat(mostPlaces + 10)}`);
    const guesses = [...tabs.guesses(octets, context)];
    expect(guesses.length).toBeGreaterThan(0);
    for (const guess of guesses)
      expect(latin1FromBytes(guess.octets).endsWith('a\tb\r\n'.repeat(10))).toBe(true);
  });
});

describe('the signal', () => {
  const signed = bytesFromLatin1('Content-Type: text/plain\r\n\r\nwas signed\r\n');
  const received = bytesFromLatin1(
    `Content-Type: text/html\r\n\r\n${repeated('<p>text</p>\r\n', 1_000_000)}`,
  );
  const message = detachedMessage(received, signedBy(alice, signed));

  test('the event loop turns while it is waited for', async () => {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    for (let i = 0; i < 20 && !turned; i++) await eventLoopTurn();
    expect(turned).toBe(true);
  });

  test('a timer can abort a search', async () => {
    const report = await verifyMessage(message, { roots, at: now });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const search = diagnoseAlteration(message, report, { signal: controller.signal });
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
  });

  test('what is aborted already throws at once', async () => {
    const report = await verifyMessage(message, { roots, at: now });
    const search = diagnoseAlteration(message, report, { signal: AbortSignal.abort() });
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
  });
});
