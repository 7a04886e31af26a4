import { expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectExactRanges, writeBack } from '../support/mime.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';
import { eventsOf, octetsOf } from '../support/mime-events.js';

const sets: readonly (readonly [set: string, messages: (path: string) => boolean, atLeast: number])[] = [
  ['mail-parser', (path) => path.endsWith('.eml'), 53],
  [
    'mimekit',
    (path) => path.endsWith('.eml') || (/\/(?:messages|mbox)\//.test(path) && path.endsWith('.txt')),
    40,
  ],
  ['openssl-generated', (path) => path.endsWith('.eml'), 125],
  ['pkits', (path) => path.endsWith('.eml'), 224],
  ['rfc4134', (path) => path.endsWith('.eml'), 3],
  ['thunderbird-smime', (path) => path.endsWith('.eml'), 66],
  ['tutorial-1998', (path) => path.endsWith('.eml'), 3],
];

for (const [set, isMessage, atLeast] of sets) {
  describeCorpus(set, () => {
    const files = listCorpus(set, isMessage);

    test(`${files.length} messages parse, and their ranges are the input octet for octet`, () => {
      expect(files.length).toBeGreaterThanOrEqual(atLeast);
      for (const file of files) {
        const octets = readCorpus(file);
        for (const variant of [octets, withLf(octets), withCrlf(octets)]) {
          const message = parseMessage(variant);
          expectExactRanges(message);
          for (const part of message.walk()) {
            part.content();
            expect(typeof part.text()).toBe('string');
            expect(Array.isArray(part.defects)).toBe(true);
            expect(typeof (part.filename ?? '')).toBe('string');
            for (const field of part.headers) expect(typeof field.text).toBe('string');
          }
        }
      }
    });

    test(`${files.length} messages give the same events whole, octet by octet, and in random chunks`, () => {
      const random = numbers(files.length);
      for (const file of files) {
        const octets = readCorpus(file);
        const whole = linesOf(octets, []);
        expect(linesOf(octets, new Array(octets.length).fill(1)), file).toBe(whole);
        for (const variant of [octets, withLf(octets), withCrlf(octets)]) {
          const sizes = Array.from({ length: 1000 }, () => random() % (random() % 3 === 0 ? 1000 : 20));
          expect(linesOf(variant, sizes), file).toBe(variant === octets ? whole : linesOf(variant, []));
        }
      }
    });
  });
}

/** The events of a message in chunks of those sizes, a line for each; that their octets are the message's is asserted. */
function linesOf(octets: Uint8Array, sizes: readonly number[]): string {
  const events = eventsOf(octets, sizes);
  expect(Buffer.compare(octetsOf(events, octets), octets)).toBe(0);
  return events.map((event) => JSON.stringify({ ...event, bytes: undefined })).join('\n');
}

describeCorpus('.', () => {
  const files = listCorpus('.', () => true);

  test(`${files.length} files of any kind, read as messages, are written back unchanged`, () => {
    expect(files.length).toBeGreaterThan(1600);
    let octets = 0;
    for (const file of files) {
      const source = readCorpus(file);
      expect(Buffer.compare(writeBack(parseMessage(source, { onLimit: 'truncate' })), source), file).toBe(0);
      octets += source.length;
    }
    expect(octets).toBeGreaterThan(20_000_000);
  });
});

/** Numbers that look random, always the same for a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
