import { expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectExactRanges } from '../support/mime.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';

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
  });
}
