import { expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { readMbox } from '../../src/mime/mbox/mbox.js';
import type { MboxOptions } from '../../src/mime/mbox/mbox-options.js';
import { writeMboxMessage } from '../../src/mime/mbox/mbox-writer.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { latin1 } from '../support/mime.js';
import { listCorpus, withCrlf, withLf } from '../support/mime-corpus.js';

interface Offsets {
  readonly mboxMarkerOffset: number;
  readonly beginOffset: number;
  readonly headersEndOffset: number;
  readonly endOffset: number;
}

/** A message as MimeKit’s summaries have it: three fields, then the types of all parts, indented by depth. */
function summary(part: Part, depth: number): string[] {
  const { mediaType } = part.contentType;
  return [
    `${'   '.repeat(depth)}Content-Type: ${mediaType}`,
    ...(part.isMessage
      ? part.parts.flatMap((message) => summary(message, depth + 1))
      : part.parts.flatMap((child) => summary(child, depth + 1))),
  ];
}

describeCorpus('mimekit', () => {
  for (const format of ['mboxrd', 'mboxcl2'] as const) {
    test.each([
      ['content-length', 'unix', 29],
      ['content-length', 'dos', 29],
      ['issue1189', 'unix', 4],
      ['issue1189', 'dos', 4],
    ] as const)(
      `as ${format}: %s, %s, has MimeKit’s %i messages at MimeKit’s offsets`,
      (name, kind, count) => {
        const stored = readCorpus(`mimekit/mbox/${name}.mbox.txt`);
        const file = kind === 'unix' ? withLf(stored) : withCrlf(stored);
        const expected = readCorpusJson<Offsets[]>(`mimekit/mbox/${name}.${kind}-offsets.json`);
        const lineEnd = kind === 'unix' ? '\n' : '\r\n';
        const messages = [...readMbox(file, { format })];
        let compared = 0;
        for (const [i, offsets] of expected.entries()) {
          const { start, end, octets } = messages[i]!;
          expect(start).toBe(offsets.beginOffset);
          expect(file.indexOf(0x0a, offsets.mboxMarkerOffset) + 1).toBe(start);
          expect(start + parseMessage(octets).bodyStart).toBe(offsets.headersEndOffset);
          // MimeKit gives the line end before a marker to the file, where no empty line stands there too.
          const between = latin1(
            file.subarray(offsets.endOffset, expected[i + 1]?.mboxMarkerOffset ?? file.length),
          );
          const before = latin1(file.subarray(offsets.endOffset - lineEnd.length, offsets.endOffset));
          expect(['', lineEnd]).toContain(between);
          expect(end).toBe(offsets.endOffset + (between !== '' && before !== lineEnd ? lineEnd.length : 0));
          compared++;
        }
        expect([messages.length, compared]).toEqual([count, count]);
      },
    );
  }

  test.each([
    ['content-length', 29],
    ['issue1189', 4],
  ] as const)('%s: the structure of %i messages is that of the summary', (name, count) => {
    const expected = Buffer.from(readCorpus(`mimekit/mbox/${name}-summary.txt`)).toString('utf8');
    const blocks = expected.split(/\r?\n(?=From )/).filter((block) => block.trim() !== '');
    const messages = [...readMbox(readCorpus(`mimekit/mbox/${name}.mbox.txt`))];
    expect([messages.length, blocks.length]).toEqual([count, count]);
    for (const [i, { octets, marker }] of messages.entries()) {
      const lines = blocks[i]!.split(/\r?\n/).filter((line) => line.trim() !== '');
      expect(marker?.text.trim()).toBe(lines[0]?.trim());
      const types = lines.filter((line) => /^\s*Content-Type: /.test(line));
      expect(summary(parseMessage(octets), 0).map((line) => line.toLowerCase())).toEqual(
        types.map((line) => line.trimEnd().toLowerCase()),
      );
    }
  });

  test('simple has 3 messages; a sentence that begins with From, unquoted, ends none of the 2 of unmunged', () => {
    const read = (name: string, options?: MboxOptions): string[] =>
      Array.from(readMbox(readCorpus(`mimekit/mbox/${name}.mbox.txt`), options), ({ octets }) =>
        latin1(octets),
      );
    expect(read('simple')).toHaveLength(3);
    expect(read('unmunged').map((message) => /^From Russia with love$/m.test(message))).toEqual([true, true]);
    expect(read('unmunged', { markers: 'any' })).toHaveLength(4);
  });

  test('every message comes back from a file that it is written to', () => {
    const date = new Date(0);
    let messages = 0;
    for (const name of ['content-length', 'issue1189', 'simple', 'unmunged']) {
      for (const { octets } of readMbox(readCorpus(`mimekit/mbox/${name}.mbox.txt`), { format: 'mboxcl2' })) {
        const complete = octets.at(-1) === 0x0a ? latin1(octets) : `${latin1(octets)}\n`;
        const [back, more] = readMbox(writeMboxMessage(octets, { date }));
        expect(latin1(back!.octets)).toBe(complete);
        expect(more).toBeUndefined();
        messages++;
      }
    }
    expect(messages).toBe(38);
  });
});

/** The message with the field that mboxcl and mboxcl2 add to it. */
function counted(text: string, quoted: boolean): string {
  const lines = text.split(/(?<=\n)/);
  const end = lines.findIndex((line) => /^\r?\n$/.test(line));
  const body = end < 0 ? '' : lines.slice(end + 1).join('');
  const neighbour = end < 0 ? lines.at(-1) : (lines[end - 1] ?? lines[end]);
  const lineEnd = neighbour?.endsWith('\r\n') ? '\r\n' : '\n';
  const quotes = quoted ? (body.match(/(?<=^|\n)>*From /g)?.length ?? 0) : 0;
  return [
    ...(end < 0 ? lines : lines.slice(0, end)),
    `Content-Length: ${body.length + quotes}${lineEnd}`,
    end < 0 ? lineEnd : lines[end],
    body,
  ].join('');
}

const eml = listCorpus('mail-parser', (path) => path.endsWith('.eml'));

describeCorpus('mail-parser', () => {
  test.each(['mboxrd', 'mboxcl', 'mboxcl2'] as const)(
    `${eml.length} messages that others find hard come back from one file as %s, octet for octet`,
    (format) => {
      const messages = eml.map((path) => readCorpus(path));
      const options = { format };
      const file = concatBytes(
        messages.map((octets) => writeMboxMessage(octets, { date: new Date(0) }, options)),
      );
      const complete = messages.map((octets) => {
        const text = latin1(octets);
        return text.endsWith('\n') ? text : `${text}\n`;
      });
      const back = Array.from(readMbox(file, options), ({ octets }) => latin1(octets));
      expect(back).toEqual(
        format === 'mboxrd' ? complete : complete.map((text) => counted(text, format === 'mboxcl')),
      );
      expect(back.length).toBe(53);
    },
  );
});
