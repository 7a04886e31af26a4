import type { Probe } from './probe.js';

/** An attachment with that disposition, and what name it should have. */
function disposition(value: string | readonly string[], filename: string): Pick<Probe, 'input' | 'expected'> {
  const [first, ...folds] = typeof value === 'string' ? [value] : value;
  return {
    input: [
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: ${first}`,
      ...folds.map((line) => ` ${line}`),
      '',
      'aGVsbG8=',
    ],
    expected: { attachments: [{ filename, content: 'hello' }] },
  };
}

/** Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231). */
export const parameters: readonly Probe[] = [
  {
    id: 'name-extended',
    title: 'A charset and escapes.',
    source: 'RFC 2231 §4',
    ...disposition("attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf", '見積.pdf'),
  },
  {
    id: 'name-extended-quoted',
    title: 'An extended value in quotes.',
    source: 'jstedfast/MimeKit #239',
    ...disposition('attachment; filename*="utf-8\'\'SBD%20%C5%A0kodov%C3%A1k%2Ejpg"', 'SBD Škodovák.jpg'),
  },
  {
    id: 'name-extended-jis',
    title: 'ISO-2022-JP with its escapes escaped.',
    ...disposition("attachment; filename*=ISO-2022-JP'ja'%1B%24B8%2B%40Q%1B%28B.pdf", '見積.pdf'),
  },
  {
    id: 'name-extended-gb2312',
    title: 'Another charset than UTF-8.',
    ...disposition("attachment; filename*=gb2312''%B1%A8%B8%E6.txt", '报告.txt'),
  },
  {
    id: 'name-extended-no-charset',
    title: 'An extended value with an empty charset.',
    source: 'Cocoanetics/SwiftMail #233',
    ...disposition("attachment; filename*=''plain%20name.txt", 'plain name.txt'),
  },
  {
    id: 'name-extended-apostrophe',
    title: 'Apostrophes in the name itself.',
    ...disposition("attachment; filename*=utf-8'en'it's%20Ann's.txt", "it's Ann's.txt"),
  },
  {
    id: 'name-extended-bad-escape',
    title: 'A percent sign that begins no escape stays.',
    source: 'karastojko/mailio #178',
    ...disposition("attachment; filename*=UTF-8''%%E8%A6%8B 100%.txt", '%見 100%.txt'),
    defects: ['parameter-malformed'],
  },
  {
    id: 'name-both',
    title: 'A plain name and an extended one: the extended one counts, wherever it stands.',
    source: 'RFC 6266 §4.3',
    ...disposition(
      'attachment; filename="estimate.pdf"; filename*=utf-8\'\'%E8%A6%8B%E7%A9%8D.pdf',
      '見積.pdf',
    ),
  },
  {
    id: 'name-sections',
    title: 'Sections.',
    source: 'RFC 2231 §3',
    ...disposition(['attachment; filename*0="one ";', 'filename*1=two;', 'filename*2=".txt"'], 'one two.txt'),
  },
  {
    id: 'name-sections-mixed',
    title: 'Sections, some of them with escapes.',
    source: 'nodemailer/mailparser #124, FlowCrypt #3357',
    ...disposition(
      ["attachment; filename*0*=utf-8''%E8%A6%8B;", 'filename*1="%20 (P 4)";', 'filename*2*=%20p.pdf'],
      '見%20 (P 4) p.pdf',
    ),
  },
  {
    id: 'name-sections-out-of-order',
    title: 'Sections out of order.',
    source: 'RFC 2231 §3',
    ...disposition(
      ["attachment; filename*2*=.pdf; filename*0*=utf-8''%E8%A6%8B;", 'filename*1*=%E7%A9%8D'],
      '見積.pdf',
    ),
  },
  {
    id: 'name-sections-split-character',
    title: 'A character is split over two sections.',
    ...disposition(["attachment; filename*0*=utf-8''%E8%A6%8B%E7;", 'filename*1*=%A9%8D.pdf'], '見積.pdf'),
  },
  {
    id: 'name-sections-of-words',
    title: 'An encoded word in sections.',
    source: 'zbateson/mail-mime-parser #80',
    ...disposition(
      ['attachment; filename*0="=?UTF-8?Q?a_=F0=9F=98=8";', 'filename*1="1=F0=9F=98=81.docx?="'],
      'a 😁😁.docx',
    ),
    defects: ['parameter-encoded-word'],
  },
  {
    id: 'name-sections-folded',
    title: 'A section is folded inside its quotes.',
    source: 'inflex/ripMIME #19',
    ...disposition(
      ['attachment; filename*0="Report Past 7', 'days.x"; filename*1=lsx'],
      'Report Past 7 days.xlsx',
    ),
  },
  {
    id: 'name-encoded-word',
    title: 'An encoded word in quotes.',
    source: 'RFC 2047 §5 forbids it; mikel/mail #83, rspamd #2757',
    ...disposition(
      'attachment; filename="=?iso-8859-1?Q?F14072-=F6stersund=2Epdf?="',
      'F14072-östersund.pdf',
    ),
    defects: ['parameter-encoded-word'],
  },
  {
    id: 'name-encoded-words-and-text',
    title: 'Text and two encoded words, with a fold between them.',
    source: 'smiley22/S22.Imap #55',
    ...disposition(
      ['attachment; filename="faktura =?utf-8?B?6KaL?=', '=?utf-8?B?56mNLnBkZg==?="'],
      'faktura 見積.pdf',
    ),
    defects: ['parameter-encoded-word'],
  },
  {
    id: 'name-encoded-word-unquoted',
    title: 'An encoded word without quotes.',
    ...disposition('attachment; filename==?utf-8?B?6KaL56mNLnBkZg==?=', '見積.pdf'),
    defects: ['parameter-encoded-word'],
  },
  {
    id: 'name-raw-utf-8',
    title: 'Raw UTF-8 in quotes.',
    source: 'RFC 6532',
    ...disposition('attachment; filename="\xe8\xa6\x8b\xe7\xa9\x8d.pdf"', '見積.pdf'),
  },
  {
    id: 'name-raw-jis',
    title: 'Raw ISO-2022-JP in quotes.',
    ...disposition('attachment; filename="\x1b$B8+@Q\x1b(B.pdf"', '見積.pdf'),
  },
  {
    id: 'name-semicolon',
    title: 'A semicolon in quotes.',
    source: 'jhillyerd/enmime #174',
    ...disposition('attachment; filename="holiday~;xyz.png"; size=5', 'holiday~;xyz.png'),
  },
  {
    id: 'name-unquoted-blanks',
    title: 'Blanks without quotes.',
    source: 'RFC 2045 §5.1 wants quotes',
    ...disposition('attachment; filename=my final report.doc', 'my final report.doc'),
    defects: ['parameter-malformed'],
  },
  {
    id: 'name-only-in-type',
    title: 'A name in Content-Type only.',
    input: [
      'Content-Type: application/octet-stream; name="a name.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      'aGVsbG8=',
    ],
    expected: { attachments: [{ filename: 'a name.bin', content: 'hello' }] },
  },
  {
    id: 'name-no-semicolon',
    title: 'A semicolon is missing between two parameters.',
    source: 'jstedfast/MimeKit #595',
    ...disposition(['attachment;', 'filename="smime.p7m"', 'size=5'], 'smime.p7m'),
    defects: ['parameter-malformed'],
  },
  {
    id: 'name-blanks-around-equals',
    title: 'Blanks around the equals sign, a semicolon at the end.',
    ...disposition('attachment ; FileName = "a.txt" ;', 'a.txt'),
  },
  {
    id: 'name-no-disposition-type',
    title: 'The disposition itself is missing.',
    ...disposition('filename="a.txt"', 'a.txt'),
    defects: ['content-disposition-malformed'],
  },
  {
    id: 'type-two-fields-in-one',
    title: 'The line end between two fields is missing.',
    source: 'jstedfast/MimeKit #94',
    input: [
      'Content-Type: text/plain; charset = "iso-8859-1" Content-Transfer-Encoding: 8bit',
      '',
      'caf\xe9',
    ],
    expected: { text: 'café' },
  },
  {
    id: 'type-no-semicolon',
    title: 'The semicolon behind the type is missing.',
    input: ['Content-Type: text/html charset="iso-8859-1"', '', '<p>caf\xe9</p>'],
    expected: { html: '<p>café</p>' },
  },
  {
    id: 'type-comment',
    title: 'Comments in a Content-Type.',
    source: 'RFC 2045 §5.1',
    input: ['Content-Type: text/html (a (nested) comment); charset=iso-8859-1 (latin)', '', '<p>caf\xe9</p>'],
    expected: { html: '<p>café</p>' },
  },
  {
    id: 'type-without-subtype',
    title: 'A type alone.',
    source: 'RFC 1049; RFC 2045 §5.2',
    input: ['Content-Type: text', '', 'hello'],
    expected: { text: 'hello' },
    defects: ['content-type-malformed'],
  },
  {
    id: 'charset-single-quotes',
    title: 'Single quotes around a charset.',
    input: ["Content-Type: text/plain; charset='iso-8859-2'", '', '\xa9koda'],
    expected: { text: 'Škoda' },
  },
  {
    id: 'name-twice',
    title: 'A name stands there twice: the first counts.',
    source: 'smuggling: a filter and a mail program must see the same name',
    ...disposition('attachment; filename=a.txt; filename=b.exe', 'a.txt'),
    defects: ['parameter-duplicate'],
  },
  {
    id: 'name-sections-no-first-charset',
    title: 'Escapes in a section, and no charset in the first.',
    ...disposition(['attachment; filename*0="plain ";', 'filename*1*=%E8%A6%8B.txt'], 'plain 見.txt'),
  },
  {
    id: 'name-escaped-quotes',
    title: 'Escaped quotes in a name.',
    ...disposition('attachment; filename="the \\"final\\" one.txt"', 'the "final" one.txt'),
  },
  {
    id: 'charset-comment',
    title: 'A comment behind a charset.',
    source: 'RFC 2045 §5.1',
    input: ['Content-Type: text/plain; charset=iso-8859-2 (Latin 2)', '', '\xa9koda'],
    expected: { text: 'Škoda' },
  },
];
