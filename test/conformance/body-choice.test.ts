import { expect, test } from 'vitest';
import { chooseBodies } from '../../src/mime/bodies/body-choice.js';
import { leavesOf } from '../../src/mime/bodies/related.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import { listCorpus, withLf } from '../support/mime-corpus.js';

interface Expected {
  readonly text_body: readonly number[];
  readonly html_body: readonly number[];
  readonly attachments: readonly number[];
  readonly parts: readonly {
    readonly offset_body: number;
    readonly offset_end: number;
    readonly body: { readonly Multipart?: unknown };
  }[];
}

const UNCLOSED = 'the last part of a multipart without close delimiter is shown; there it is attached';
const MEDIA = 'media between texts is body (RFC 8621 §4.1.4); there it is attached, or that as well';

/** The messages with the same parts of which we choose others, and why. */
const OTHER_CHOICE: Readonly<Record<string, string>> = {
  'malformed/002': UNCLOSED,
  'malformed/003': UNCLOSED,
  'malformed/006': UNCLOSED,
  'malformed/008': UNCLOSED,
  'malformed/017': 'a Content-Disposition without a type is read as attachment; there it says nothing',
  'rfc/000': MEDIA,
  'thirdparty/002': 'text whose base64 is damaged is shown as far as it goes; there it is attached',
  'thirdparty/013': MEDIA,
};

const ours = (parts: Iterable<Part>): string =>
  [...parts].map((part) => `${part.bodyStart}-${part.end}`).join(' ');
const theirs = (parts: Expected['parts']): string =>
  parts.map((part) => `${part.offset_body}-${part.offset_end}`).join(' ');

describeCorpus('mail-parser', () => {
  const cases = listCorpus('mail-parser/eml', (path) => path.endsWith('.eml')).map((file) => ({
    name: file.replace('mail-parser/eml/', '').replace('.eml', ''),
    message: parseMessage(withLf(readCorpus(file))),
    expected: readCorpusJson<Expected>(file.replace('.eml', '.json')),
  }));
  // Where the parts differ the choice cannot be the same; those are listed with the spans.
  const same = cases.filter(
    ({ message, expected }) =>
      ours(leavesOf(message)) === theirs(expected.parts.filter((part) => part.body.Multipart === undefined)),
  );

  const differing = same.filter(({ message, expected }) => {
    const { textBody, htmlBody, attachments } = chooseBodies(message);
    const own = [textBody, htmlBody, attachments].map(ours);
    const wanted = [expected.text_body, expected.html_body, expected.attachments].map((ids) =>
      theirs(ids.map((id) => expected.parts[id]!)),
    );
    return own.join(' | ') !== wanted.join(' | ');
  });

  test(`of ${same.length} messages with the same parts, ${same.length - differing.length} have the same bodies and attachments, ${differing.length} others for a reason`, () => {
    expect(cases.length).toBe(53);
    expect(same.length - differing.length).toBeGreaterThanOrEqual(28);
    for (const { name } of differing) expect(Object.keys(OTHER_CHOICE)).toContain(name);
  });
});
