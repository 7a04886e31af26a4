import fc from 'fast-check';
import type { MessageContent } from '../../src/mime/compose/compose-content.js';

/** Words as people write them, in scripts that they write. */
const word = fc.constantFrom(
  ...['Meeting', 'of', 'the', 'café', 'Ägypten', '会議', '議事録', 'ご案内', 'привет', '🍣', 'x=y', '100%'],
  ...[
    'O’Brien',
    "l'été",
    '"quoted"',
    '(1)',
    'a@b',
    'a;b',
    'a,b',
    '\\',
    'semi:colon',
    '株式会社テスト'.repeat(8),
    '-',
  ],
  ...['supercalifragilisticexpialidocious'.repeat(3), '_', '?', '='],
);
const phrase = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
const mailbox = fc.record({
  name: phrase,
  address: fc.constantFrom('a@example.jp', 'x.y+z@mail.example.com'),
});
const lines = fc.array(fc.oneof(phrase, fc.constantFrom('', '.', 'From me', 'trailing ', '-- ')), {
  maxLength: 8,
});
const file = fc.record({
  content: fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array)),
  filename: phrase,
  contentId: fc.constantFrom('a@b', '<c@d>'),
  description: phrase,
});
/** Messages with names, text and files as people have them, for parsers that are not ours. */
export const sampleContent: fc.Arbitrary<MessageContent> = fc.record(
  {
    from: mailbox,
    to: fc.array(mailbox, { minLength: 1, maxLength: 6 }),
    cc: fc.record({
      name: fc.constantFrom('Team', 'みんな', 'a, b'),
      members: fc.array(mailbox, { maxLength: 2 }),
    }),
    subject: phrase,
    date: fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    dateOffset: fc.constantFrom(0, 540, -210),
    references: fc.array(fc.constantFrom('a@b', 'a-rather-long-id-0123456789@example.jp'), { maxLength: 5 }),
    headers: fc.array(phrase, { maxLength: 2 }).map((all) => all.map((value) => ['X-Own', value] as const)),
    text: lines.map((all) => all.join('\r\n')),
    html: lines.map((all) => all.join('\n')),
    attachments: fc.array(file, { minLength: 1, maxLength: 3 }),
    inline: fc.array(file, { maxLength: 2 }),
  },
  { requiredKeys: ['from', 'to', 'subject', 'date', 'headers', 'text', 'attachments'] },
);

/** Text as a message has it: CRLF, one at the end too. */
export function withLineEnds(text: string): string {
  const lines = text.replace(/\r\n?|\n/g, '\r\n');
  return lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
}
