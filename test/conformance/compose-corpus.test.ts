import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { composeMessage } from '../../src/mime/compose/compose.js';
import type { MessageContent } from '../../src/mime/compose/compose-content.js';
import { parseAddressList } from '../../src/mime/fields/address.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { latin1 } from '../support/mime.js';
import { listCorpus } from '../support/mime-corpus.js';
import { relays } from '../support/relays.js';

const sets: readonly (readonly [set: string, isMessage: (path: string) => boolean, atLeast: number])[] = [
  ['mail-parser', (path) => path.endsWith('.eml'), 53],
  ['mimekit', (path) => path.endsWith('.eml') || /\/messages\/.*\.txt$/.test(path), 30],
  ['thunderbird-smime', (path) => path.endsWith('.eml'), 66],
];

for (const [set, isMessage, atLeast] of sets) {
  describeCorpus(set, () => {
    const files = listCorpus(set, isMessage);

    test(`what ${files.length} messages hold is composed anew, comes through relays and reads back`, () => {
      expect(files.length).toBeGreaterThanOrEqual(atLeast);
      let parts = 0;
      let refused = 0;
      for (const file of files) {
        const message = parseMessage(readCorpus(file));
        const content = contentOf(message);
        const to = parseAddressList(message.headers.get('to')?.rawValue ?? '');
        let composed: Uint8Array<ArrayBuffer>;
        try {
          composed = composeMessage({ ...content, to });
        } catch (error) {
          // Addresses that are none stay so.
          if (!(error instanceof MailsealError) || error.code !== 'mime-address-malformed') throw error;
          refused++;
          composed = composeMessage(content);
        }
        for (const [name, relay] of relays)
          expect(latin1(relay(composed)), `${file}, ${name}`).toBe(latin1(composed));
        const read = parseMessage(composed);
        expect(read.headers.get('subject')?.text, file).toBe(content.subject);
        const attachments = content.attachments ?? [];
        parts += attachments.length;
        expect(
          read.parts.map((part) => [latin1(part.content()), part.filename]),
          file,
        ).toEqual(attachments.map((each) => [latin1(each.content as Uint8Array), each.filename]));
      }
      console.log(
        `${set}: ${parts} parts, in ${refused} of ${files.length} messages recipients that cannot be written`,
      );
      expect(parts).toBeGreaterThan(files.length);
      expect(refused).toBeLessThan(files.length / 4);
    });
  });
}

/** Every part as a file of its type, with the names and the subject that it has, as far as a field can hold them. */
function contentOf(message: Part): MessageContent {
  const writable = (text: string): string => text.replace(/[\r\n\0\ufeff\x1b\p{Cs}]/gu, '');
  const leaves = [...message.walk()].filter(
    (part) => part.parts.length === 0 && part.contentType.type !== 'multipart',
  );
  return {
    from: 'a@example.jp',
    date: new Date(0),
    subject: writable(message.headers.get('subject')?.text ?? 'none'),
    attachments: leaves.map((part) => ({
      content: part.content(),
      contentType: part.isMessage ? 'message/rfc822' : part.contentType.mediaType,
      ...(part.filename === undefined ? {} : { filename: writable(part.filename) }),
    })),
  };
}
