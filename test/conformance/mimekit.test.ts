import { expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { withCrlf, withLf } from '../support/mime-corpus.js';

interface Offsets {
  readonly beginOffset: number;
  readonly headersEndOffset: number;
  readonly endOffset: number;
  readonly octets: number;
}

interface PartOffsets extends Offsets {
  readonly mimeType: string;
  readonly lines: number;
  readonly children?: readonly PartOffsets[];
  readonly message?: MessageOffsets;
}

interface MessageOffsets extends Offsets {
  readonly body: PartOffsets;
}

/** Lines as MimeKit counts them: what follows the last line end is a line too, if there is anything. */
function countLines(octets: Uint8Array): number {
  let lines = 0;
  for (const octet of octets) if (octet === 0x0a) lines++;
  return octets.length > 0 && octets.at(-1) !== 0x0a ? lines + 1 : lines;
}

/** Compares one entity and all inside it; gives how many they are. */
function compare(part: Part, expected: PartOffsets, base: number): number {
  const { mimeType, beginOffset, headersEndOffset, endOffset, octets, lines } = expected;
  expect({
    mimeType: part.contentType.mediaType,
    beginOffset: base + part.start,
    headersEndOffset: base + part.bodyStart,
    endOffset: base + part.end,
    octets: part.bodyBytes.length,
    lines: countLines(part.bodyBytes),
  }).toEqual({ mimeType: mimeType.toLowerCase(), beginOffset, headersEndOffset, endOffset, octets, lines });
  const children = expected.message === undefined ? (expected.children ?? []) : [expected.message.body];
  expect(part.parts.length).toBe(children.length);
  let entities = 1;
  children.forEach((child, i) => {
    entities += compare(part.parts[i]!, child, base);
  });
  return entities;
}

describeCorpus('mimekit', () => {
  test.each([
    ['content-length', 'unix', 29, 105],
    ['content-length', 'dos', 29, 105],
    ['issue1189', 'unix', 4, 14],
    ['issue1189', 'dos', 4, 14],
  ] as const)(
    '%s, %s: %i messages with %i entities have MimeKit’s offsets',
    (name, kind, messages, entities) => {
      const stored = readCorpus(`mimekit/mbox/${name}.mbox.txt`);
      const mailbox = kind === 'unix' ? withLf(stored) : withCrlf(stored);
      const expected = readCorpusJson<MessageOffsets[]>(`mimekit/mbox/${name}.${kind}-offsets.json`);
      let compared = 0;
      for (const { beginOffset, endOffset, body } of expected) {
        compared += compare(parseMessage(mailbox.subarray(beginOffset, endOffset)), body, beginOffset);
      }
      expect([expected.length, compared]).toEqual([messages, entities]);
    },
  );
});
