import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { readMbox } from '../../src/mime/mbox/mbox.js';
import { writeMboxMessage } from '../../src/mime/mbox/mbox-writer.js';
import { latin1, octets } from '../support/mime.js';
import { describeProgram, outputOf } from '../support/programs.js';

const read = `
import base64, mailbox, sys
box = mailbox.mbox(sys.argv[1], create=False)
for key in box.keys():
    print(box.get_message(key).get_from())
    print(base64.b64encode(box.get_bytes(key)).decode())
`;
const write = `
import base64, mailbox, sys
box = mailbox.mbox(sys.argv[1])
for line in sys.stdin:
    box.add(base64.b64decode(line))
box.flush()
`;

const messages = [
  'Subject: a\n\none\n',
  'Subject: b\n\nFrom here on\n\nFrom Russia with love\nFrom joe@example.org Fri Nov 20 13:03:23 1998\n',
  'Subject: c\n\n',
  'Subject: d\n\n\n\nlines around\n\n\n',
  'Subject: e\n\n> quoted\n>not From\n From \n',
  `Subject: f\n\n${'From x\n'.repeat(500)}`,
];

describeProgram('python3', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-mbox-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['mboxo', 'mboxrd'] as const)('its mailbox module reads what we write as %s', (format) => {
    const date = new Date('1998-11-02T13:03:23Z');
    const envelope = { sender: 'joe@example.org', date };
    const path = join(folder, `${format}.mbox`);
    writeFileSync(
      path,
      concatBytes(messages.map((message) => writeMboxMessage(octets(message), envelope, { format }))),
    );
    const lines = outputOf(['python3', '-c', read, path], new Uint8Array(0)).toString().trimEnd().split('\n');
    expect(lines.filter((_, i) => i % 2 === 0)).toEqual(
      messages.map(() => 'joe@example.org Mon Nov  2 13:03:23 1998'),
    );
    // It leaves the quoting as it is.
    expect(lines.filter((_, i) => i % 2 === 1).map((line) => Buffer.from(line, 'base64').toString())).toEqual(
      messages.map((message) => message.replace(/^From /gm, '>From ')),
    );
  });

  test('we read what its mailbox module writes', () => {
    const path = join(folder, 'python.mbox');
    const lines = messages.map((message) => Buffer.from(message).toString('base64')).join('\n');
    outputOf(['python3', '-c', write, path], Buffer.from(`${lines}\n`));
    const back = Array.from(readMbox(readFileSync(path), { format: 'mboxo' }));
    expect(back.map(({ octets }) => latin1(octets))).toEqual(messages);
    expect(back.map(({ marker }) => marker?.sender)).toEqual(messages.map(() => 'MAILER-DAEMON'));
  });
});
