import { describe, expect, test } from 'vitest';
import { utf8FromBytes } from '../../../src/core/utf8.js';
import { composeEntity, composeMessage } from '../../../src/mime/compose/compose.js';
import { formatHeaderField, structuredPieces } from '../../../src/mime/compose/compose-field.js';
import { writeMboxMessage } from '../../../src/mime/mbox/mbox-writer.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { octets } from '../../support/mime.js';

function expectError(act: () => unknown, code: string): void {
  expect(act).toThrow(expect.objectContaining({ name: 'MailsealError', code }));
}

// What a stranger passes who means no harm, or does.

const message = { from: 'a@example.jp', text: 'x', date: new Date(0) };

describe('structured values of one’s own', () => {
  test('keep the blanks within quotes', () => {
    const field = formatHeaderField('Content-Disposition', 'attachment; filename="a  b.txt"');
    expect(utf8FromBytes(field)).toBe('Content-Disposition: attachment; filename="a  b.txt"\r\n');
  });
});

test('values that end in blanks are divided in linear time', () => {
  expectLinear((size) => {
    const value = `attachment${' '.repeat(size)}`;
    return () => structuredPieces(value);
  }, 20_000);
});

describe('content that is given as text', () => {
  const csv = (content: string, charset: string) =>
    composeEntity({ text: 'x', attachments: [{ content, contentType: `text/csv; charset=${charset}` }] });

  test.each(['shift_jis', 'iso-8859-1', 'x-unknown', 'us-ascii'])('is not said to be in %s', (charset) => {
    expectError(() => csv('あ', charset), 'usage');
  });

  test('may be said to be in UTF-8, and in ASCII where it is', () => {
    expect(parseMessage(csv('あ', 'UTF8')).parts[1]?.text()).toBe('あ');
    expect(parseMessage(csv('a', 'us-ascii')).parts[1]?.text()).toBe('a');
  });
});

describe('names of which nothing can be written', () => {
  const nothing = { charset: 'iso-2022-jp', iso2022jp: { onUnmappable: () => '' } } as const;

  test('of a file', () => {
    const composed = composeMessage({
      ...message,
      ...nothing,
      plainNames: true,
      attachments: [{ content: octets('x'), filename: '😀' }],
    });
    expect(utf8FromBytes(composed)).not.toContain('undefined');
  });

  test('of a group', () => {
    const to = { name: '😀', members: [] };
    expectError(() => composeMessage({ ...message, ...nothing, to }), 'mime-address-malformed');
  });
});

test('flowed text never has a line that is the mark of a signature', () => {
  const text = `--漢${'ー'.repeat(45)}`;
  const composed = composeMessage({ ...message, text, flowed: true }, { transport: '8bit' });
  const body = utf8FromBytes(parseMessage(composed).content());
  expect(body.split('\r\n')).not.toContain('-- ');
});

test.each([{ charset: 5 }, { charset: null }, { iso2022jp: null }])('%j is refused', (options) => {
  expectError(() => composeMessage({ ...message, ...(options as object) } as typeof message), 'usage');
});

describe('a message in a mailbox file', () => {
  const envelope = { date: new Date(0) };

  test.each([
    'S: a\nFrom e@x Mon Jan  1 00:00:00 2020\nS: b\n\nb\n',
    'From e@x Mon Jan  1 00:00:00 2020\nS: a\n\nb\n',
  ])('with a marker in its header block is refused for mboxcl2: %j', (text) => {
    expectError(() => writeMboxMessage(octets(text), envelope, { format: 'mboxcl2' }), 'mime-malformed');
    expect(writeMboxMessage(octets(text), envelope, { format: 'mboxcl' }).length).toBeGreaterThan(0);
  });

  test('has a sender that a line can hold, and a date', () => {
    const sender = `${'a'.repeat(980)}@example.jp`;
    expectError(() => writeMboxMessage(octets('a'), { ...envelope, sender }), 'usage');
    expectError(() => writeMboxMessage(octets('a'), {} as typeof envelope), 'usage');
    expectError(() => writeMboxMessage(octets('a'), { date: new Date(Number.NaN) }), 'usage');
  });
});
