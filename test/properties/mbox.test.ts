import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { readMbox } from '../../src/mime/mbox/mbox.js';
import type { MboxFormat } from '../../src/mime/mbox/mbox-line.js';
import { MboxReader } from '../../src/mime/mbox/mbox-reader.js';
import { MboxWriter } from '../../src/mime/mbox/mbox-writer.js';
import { latin1, octets } from '../support/mime.js';
import { joined, pieces } from '../support/pieces.js';

const formats: readonly MboxFormat[] = ['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'];
const format = fc.constantFrom(...formats);
const marker = 'From a@b Fri Nov 20 13:03:23 1998\n';
const line = fc.constantFrom(
  ...['\n', '\r\n', '\r', 'a: b\n', 'text\n', 'text', '>', 'From ', 'From \n', '>From x\n', '>>From x\r\n'],
  ...[
    marker,
    `>${marker}`,
    'From - \r\n',
    'From x@y\n',
    'Content-Length: 9\n',
    'content-length:40\r\n',
    '\xef\xbb\xbf',
  ],
);
const file = fc.array(line, { maxLength: 14 }).map((lines) => octets(lines.join('')));

/** Messages as the events tell them. */
function collect(chunks: readonly Uint8Array[], kind: MboxFormat): unknown[] {
  const reader = new MboxReader({ format: kind });
  const messages: { start: number; end: number; text: string; marker: string | undefined }[] = [];
  let at = 0;
  for (const event of [...chunks, undefined].flatMap((chunk) =>
    (chunk === undefined ? reader.end() : reader.push(chunk)).map((event) =>
      event.type === 'octets' ? { ...event, bytes: event.bytes.slice() } : event,
    ),
  )) {
    if (event.type === 'message-begin') {
      messages.push({ start: event.start, end: -1, text: '', marker: event.marker?.text });
      at = event.start;
    } else if (event.type === 'octets') {
      // Between the octets of a message nothing is left out but the > of quoted lines.
      expect(event.start - at === 0 || event.start - at === 1).toBe(true);
      if (event.start > at) expect(latin1(joined(chunks).subarray(at, event.start))).toBe('>');
      messages.at(-1)!.text += latin1(event.bytes);
      at = event.end;
    } else {
      messages.at(-1)!.end = event.end;
      expect(event.end - at === 0 || event.end - at === 1).toBe(true);
    }
  }
  return messages;
}

describe('a mailbox file', () => {
  test('of any kind is read the same in any pieces, and by readMbox', () => {
    fc.assert(
      fc.property(pieces(file), format, (chunks, kind) => {
        const whole = joined(chunks);
        const messages = collect([whole], kind);
        expect(collect(chunks, kind)).toEqual(messages);
        expect(
          Array.from(readMbox(whole, { format: kind }), ({ start, end, octets, marker }) => ({
            start,
            end,
            text: latin1(octets),
            marker: marker?.text,
          })),
        ).toEqual(messages);
      }),
      { numRuns: 2000 },
    );
  });

  test('that is written gives every message back', () => {
    const messages = fc.array(pieces(file), { maxLength: 4 });
    fc.assert(
      fc.property(messages, fc.constantFrom<MboxFormat>('mboxrd', 'mboxcl', 'mboxcl2'), (list, kind) => {
        const writer = new MboxWriter({ format: kind });
        const written = list.flatMap((chunks) => [
          writer.begin({ date: new Date(0) }),
          writer.update(octets('a: b\n\n')),
          ...chunks.map((chunk) => writer.update(chunk)),
          writer.finish(),
        ]);
        const back = Array.from(readMbox(concatBytes(written), { format: kind }), ({ octets }) =>
          latin1(octets),
        );
        const complete = list.map((chunks) => {
          const text = latin1(joined(chunks));
          return text === '' || text.endsWith('\n') ? text : `${text}\n`;
        });
        if (kind === 'mboxrd') expect(back).toEqual(complete.map((text) => `a: b\n\n${text}`));
        else {
          const field = (text: string): string => {
            // The octets of the body as it stands in the file.
            const quoted = kind === 'mboxcl' ? text.replace(/(?<=^|\n)>*From /g, '>$&') : text;
            return `a: b\nContent-Length: ${quoted.length}\n\n${text}`;
          };
          expect(back).toEqual(complete.map(field));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
