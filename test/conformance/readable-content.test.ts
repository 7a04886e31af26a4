import { expect, test } from 'vitest';
import { pgpMimeOf } from '../../src/mime/bodies/openpgp.js';
import { readableContent } from '../../src/mime/bodies/readable-content.js';
import { leavesOf } from '../../src/mime/bodies/related.js';
import { parseReport } from '../../src/mime/bodies/report.js';
import { safeFileName } from '../../src/mime/bodies/safe-file-name.js';
import { parseMessage } from '../../src/mime/message.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';

describeCorpus('.', () => {
  const sets = [
    'mail-parser',
    'mimekit/messages',
    'mimekit/partial',
    'openssl-generated',
    'thunderbird-smime',
  ];
  const files = ['pkits', 'rfc4134', 'tutorial-1998', 'nss-interop', ...sets].flatMap((set) =>
    listCorpus(set, (path) => /\.(?:eml|txt)$/.test(path)),
  );

  test(`every leaf of ${files.length} messages is in one place, and everything can be asked for`, () => {
    let texts = 0;
    let attachments = 0;
    let reports = 0;
    for (const file of files) {
      const message = parseMessage(readCorpus(file));
      const content = readableContent(message, { uuencode: true, tnef: true });
      const shown = new Set([...content.textBody, ...content.htmlBody]);
      const listed = new Set(
        [...content.inline, ...content.attachments].map((attachment) => attachment.part),
      );
      for (const part of leavesOf(message)) {
        expect(shown.has(part) || listed.has(part), `${file} ${part.path}`).toBe(true);
        pgpMimeOf(part);
      }
      for (const attachment of content.attachments) {
        expect(attachment.content().length).toBeLessThanOrEqual(message.source.length);
        expect(safeFileName(attachment.filename)).not.toMatch(/[/\\]/);
      }
      expect(typeof content.html).toMatch(/string|undefined/);
      if (content.text !== undefined) texts++;
      attachments += content.attachments.length;
      if (parseReport(message) !== undefined) reports++;
    }
    expect(files.length).toBeGreaterThan(500);
    expect(texts).toBeGreaterThan(380);
    expect(attachments).toBeGreaterThan(400);
    expect(reports).toBe(9);
  });
});
