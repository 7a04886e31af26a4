import { describe, expect, it } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import type { ImapQuirk } from '../../../src/imap/quirks.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import { messageFromSections, sectionsToVerify } from '../../../src/imap/structure/verify-sections.js';
import { readBody, writeBody } from './support.js';

const text = '("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 2279 48)';

/** Each departure as it was seen, what it is read as in the grammar's own words, and its quirks. */
const departures: readonly (readonly [string, string, string, ...ImapQuirk[]])[] = [
  [
    'a boundary that is NIL (mail.ru)',
    '(("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 536 0 NIL NIL NIL NIL) "alternative" ("boundary" NIL))',
    '(("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 536 0 NIL NIL NIL NIL) "alternative" ("boundary" ""))',
    'body-nil',
  ],
  [
    'a multipart sent as a part of −1 octets (Exchange)',
    '("multipart" "signed" ("boundary" "_9bc333e9_") NIL NIL "7BIT" -1 NIL NIL NIL NIL)',
    '("multipart" "signed" ("boundary" "_9bc333e9_") NIL NIL "7BIT" 0 NIL NIL NIL NIL)',
    'body-numbers',
  ],
  [
    '−2 octets (SmarterMail)',
    '("text" "plain" NIL NIL NIL "7bit" -2 0 NIL NIL NIL NIL)',
    '("text" "plain" NIL NIL NIL "7bit" 0 0 NIL NIL NIL NIL)',
    'body-numbers',
  ],
  [
    'octets as a floating-point number (mail.ru)',
    '("application" "pdf" NIL NIL NIL "base64" 1.86931e+06 NIL ("attachment" NIL))',
    '("application" "pdf" NIL NIL NIL "base64" 1869310 NIL ("attachment" NIL))',
    'body-numbers',
  ],
  [
    'octets with a fraction',
    '("application" "pdf" NIL NIL NIL "base64" 12.5)',
    '("application" "pdf" NIL NIL NIL "base64" 13)',
    'body-numbers',
  ],
  [
    'octets in quotes, lines that are NIL',
    '("text" "plain" NIL NIL NIL "7bit" "12" NIL)',
    '("text" "plain" NIL NIL NIL "7bit" 12 0)',
    'body-numbers',
  ],
  [
    'a text without lines',
    '("text" "plain" NIL NIL NIL "7bit" 12)',
    '("text" "plain" NIL NIL NIL "7bit" 12 0)',
    'body-numbers',
  ],
  [
    'nothing behind the encoding (Yandex)',
    '("application" "pdf" NIL NIL NIL "base64")',
    '("application" "pdf" NIL NIL NIL "base64" 0)',
    'body-numbers',
  ],
  [
    'lines of what is no text',
    '("application" "pdf" NIL NIL NIL "base64" 100 2 NIL ("attachment" NIL))',
    '("application" "pdf" NIL NIL NIL "base64" 100 NIL ("attachment" NIL))',
    'body-numbers',
  ],
  [
    'type, subtype and encoding that are NIL',
    '(NIL NIL NIL NIL NIL NIL 5)',
    '("APPLICATION" "OCTET-STREAM" NIL NIL NIL "7BIT" 5)',
    'body-nil',
  ],
  [
    'no Content-MD5 before the disposition',
    '("application" "pdf" NIL NIL NIL "base64" 5 ("attachment" NIL) NIL NIL)',
    '("application" "pdf" NIL NIL NIL "base64" 5 NIL ("attachment" NIL) NIL NIL)',
    'body-nil',
  ],
  [
    'a multipart that is its subtype alone',
    '("MIXED")',
    '(("x" "y" NIL NIL NIL "7bit" 0) "MIXED")',
    'body-empty-multipart',
  ],
  [
    'a multipart whose parts are NIL (Gmail, in a bounce)',
    '(NIL "alternative" ("boundary" "Apple-Mail=_352F") NIL NIL NIL)',
    '(("x" "y" NIL NIL NIL "7bit" 0) "alternative" ("boundary" "Apple-Mail=_352F") NIL NIL NIL)',
    'body-empty-multipart',
  ],
  [
    'a multipart whose parts are ()',
    '(() "mixed" ("boundary" "b") NIL NIL)',
    '(("x" "y" NIL NIL NIL "7bit" 0) "mixed" ("boundary" "b") NIL NIL)',
    'body-empty-multipart',
  ],
  [
    'an empty multipart behind a blank, of an unknown subtype',
    '(("TEXT" "PLAIN" NIL NIL NIL "base64" 356 5)( "X-ZIP" ("BOUNDARY" "")) "mixed")',
    '(("TEXT" "PLAIN" NIL NIL NIL "base64" 356 5)(("x" "y" NIL NIL NIL "7bit" 0) "X-ZIP" ("BOUNDARY" "")) "mixed")',
    'extra-blanks',
    'body-empty-multipart',
  ],
  [
    'two blanks for one, and one before the end',
    '(("text" "plain"  ("charset" "UTF-8") NIL NIL "7bit" 409 7 NIL NIL NIL ) "mixed" NIL NIL NIL)',
    '(("text" "plain" ("charset" "UTF-8") NIL NIL "7bit" 409 7 NIL NIL NIL) "mixed" NIL NIL NIL)',
    'extra-blanks',
  ],
  ['blanks between parts', `(${text} ${text} "mixed")`, `(${text}${text} "mixed")`, 'extra-blanks'],
  [
    'no blank before the subtype, nor behind parameters',
    '(("text" "html" ("charset" "UTF-8")NIL NIL "7bit" 409 7)"mixed"("boundary" "b"))',
    '(("text" "html" ("charset" "UTF-8") NIL NIL "7bit" 409 7) "mixed" ("boundary" "b"))',
    'missing-space',
  ],
  [
    'a message/rfc822 without envelope (Oracle Messaging)',
    '("MESSAGE" "RFC822" ("NAME" "Fw.eml") NIL NIL "7BIT" 1980088 NIL ("ATTACHMENT" ("FILENAME" "Fw.eml")) NIL)',
    '("MESSAGE" "X" ("NAME" "Fw.eml") NIL NIL "7BIT" 1980088 NIL ("ATTACHMENT" ("FILENAME" "Fw.eml")) NIL)',
    'body-message',
  ],
  [
    'a message/rfc822 with nothing behind its octets',
    '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 4079755)',
    '("MESSAGE" "X" NIL NIL NIL "7BIT" 4079755)',
    'body-message',
  ],
  [
    'an envelope and a body that are NIL',
    '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 100 NIL NIL 4 NIL NIL NIL NIL)',
    '("MESSAGE" "X" NIL NIL NIL "7BIT" 100 NIL NIL NIL NIL)',
    'body-message',
  ],
  [
    'an envelope that is NIL',
    `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 100 NIL ${text} 4 NIL NIL)`,
    `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 100 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ${text} 4 NIL NIL)`,
    'body-message',
  ],
  [
    'an envelope with a delivery status (dbmail)',
    `("message" "delivery-status" NIL NIL NIL "7BIT" 100 (NIL "a" NIL NIL NIL NIL NIL NIL NIL NIL) ${text} 4 NIL NIL)`,
    '("message" "delivery-status" NIL NIL NIL "7BIT" 100 NIL NIL)',
    'body-message',
  ],
  [
    'a body that is () (Domino)',
    '("message" "rfc822"  NIL NIL NIL "7BIT" 787 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) () 0 NIL NIL NIL)',
    '("message" "X" NIL NIL NIL "7BIT" 787 NIL NIL NIL)',
    'extra-blanks',
    'body-message',
  ],
  [
    'a message with parameters that are () and nothing behind (mail.ru)',
    '("message" "rfc822" () NIL NIL "7bit" 23925)',
    '("message" "X" NIL NIL NIL "7bit" 23925)',
    'body-parameters',
    'body-message',
  ],
  [
    'a message/global like any other part (Dovecot)',
    '("message" "global" NIL NIL NIL "8bit" 787 NIL ("attachment" NIL) NIL NIL)',
    '("message" "X" NIL NIL NIL "8bit" 787 NIL ("attachment" NIL) NIL NIL)',
    'body-message',
  ],
  [
    'an empty multipart without parameters (Gmail)',
    '("RELATED" NIL ("ATTACHMENT" NIL) NIL)',
    '(("x" "y" NIL NIL NIL "7bit" 0) "RELATED" NIL ("ATTACHMENT" NIL) NIL)',
    'body-empty-multipart',
  ],
  [
    'a description where the disposition stands (Exchange)',
    `(${text} "mixed" ("boundary" "b") "S/MIME Encrypted Message" NIL)`,
    `(${text} "mixed" ("boundary" "b") ("S/MIME Encrypted Message" NIL) NIL)`,
    'body-disposition',
  ],
  [
    'a NIL too many before the disposition (IceWarp)',
    `(${text} "related" ("boundary" "b1") NIL ("inline" NIL) NIL NIL)`,
    `(${text} "related" ("boundary" "b1") ("inline" NIL) NIL NIL)`,
    'body-disposition',
  ],
  [
    'a disposition that is a string (Exchange)',
    '("text" "plain" ("charset" "ISO-8859-1") NIL NIL "QUOTED-PRINTABLE" 850 31 NIL "inline" NIL NIL)',
    '("text" "plain" ("charset" "ISO-8859-1") NIL NIL "QUOTED-PRINTABLE" 850 31 NIL ("inline" NIL) NIL NIL)',
    'body-disposition',
  ],
  [
    'a disposition without parameters',
    '("image" "gif" NIL NIL NIL "base64" 850 NIL ("inline") NIL NIL)',
    '("image" "gif" NIL NIL NIL "base64" 850 NIL ("inline" NIL) NIL NIL)',
    'body-disposition',
  ],
  [
    'a disposition of which nothing is told',
    '("image" "gif" NIL NIL NIL "base64" 850 NIL () NIL NIL)',
    '("image" "gif" NIL NIL NIL "base64" 850 NIL NIL NIL NIL)',
    'body-disposition',
  ],
  [
    'a description of two quotation marks (163.com)',
    '("application" "octet-stream" ("name" "2154973550.pdf") NIL """" "base64" 65322)',
    '("application" "octet-stream" ("name" "2154973550.pdf") NIL "\\"\\"" "base64" 65322)',
    'body-quotes',
  ],
  [
    'quotation marks within a file name',
    '("image" "gif" ("name" "the "best" of.gif" "x" "1") NIL NIL "base64" 850)',
    '("image" "gif" ("name" "the \\"best\\" of.gif" "x" "1") NIL NIL "base64" 850)',
    'body-quotes',
  ],
  [
    'a file name that begins with a quotation mark',
    '("image" "gif" ("name" ""best" of.gif") NIL NIL "base64" 850)',
    '("image" "gif" ("name" "\\"best\\" of.gif") NIL NIL "base64" 850)',
    'body-quotes',
  ],
  [
    'parameters that are ()',
    '("image" "gif" () NIL NIL "base64" 850)',
    '("image" "gif" NIL NIL NIL "base64" 850)',
    'body-parameters',
  ],
  [
    'parameters that are ""',
    '("image" "gif" "" NIL NIL "base64" 850)',
    '("image" "gif" NIL NIL NIL "base64" 850)',
    'body-parameters',
  ],
  [
    'a parameter without value',
    '("image" "gif" ("name") NIL NIL "base64" 850)',
    '("image" "gif" ("name" "") NIL NIL "base64" 850)',
    'body-parameters',
  ],
];

function attempt(read: () => BodyStructure): BodyStructure | MailsealError {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error;
  }
}

/** For comparison: a message without envelope is a part of another type in the grammar's own words. */
function plain(body: BodyStructure): unknown {
  return JSON.parse(
    JSON.stringify(body).replaceAll(/"subtype":"(?:X|RFC822|GLOBAL)"/gi, '"subtype":"message"'),
  );
}

/** What stands for the parts of a multipart that has none. */
function withoutPlaceholder(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) => {
    const isPlaceholder = (part: unknown): boolean =>
      typeof part === 'object' && part !== null && 'type' in part && part.type === 'x';
    return Array.isArray(each) ? each.filter((part) => !isPlaceholder(part)) : each;
  });
}

describe('BODYSTRUCTURE', () => {
  it('is read whole', () => {
    const wire =
      '(("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "a \\"b\\".txt") "<id@x>" "Your trip" "BASE64" 4554 73 NIL ("INLINE" ("FILENAME" "trip.txt")) ("en" "de") "loc" "ext" 1 (2 NIL))' +
      '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 ("Mon, 1 Jan 2024 00:00:00 +0000" "S" ((NIL NIL "a" "b")) NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "HTML" NIL NIL NIL "7BIT" 2 1) 9)' +
      ' "MIXED" ("BOUNDARY" "b") NIL NIL NIL)';
    const { body, quirks } = readBody(wire, false);
    expect(quirks).toEqual([]);
    expect(body).toEqual({
      kind: 'multipart',
      parts: [
        {
          kind: 'text',
          type: 'TEXT',
          subtype: 'PLAIN',
          parameters: [
            { name: 'CHARSET', value: 'US-ASCII' },
            { name: 'NAME', value: 'a "b".txt' },
          ],
          id: '<id@x>',
          description: 'Your trip',
          encoding: 'BASE64',
          octets: 4554,
          lines: 73,
          md5: undefined,
          disposition: { type: 'INLINE', parameters: [{ name: 'FILENAME', value: 'trip.txt' }] },
          language: ['en', 'de'],
          location: 'loc',
          further: [
            { type: 'string', text: 'ext' },
            { type: 'atom', text: '1' },
            { type: 'list', items: [{ type: 'atom', text: '2' }, { type: 'nil' }] },
          ],
        },
        expect.objectContaining({
          kind: 'message',
          octets: 300,
          lines: 9,
          envelope: expect.objectContaining({ subject: 'S' }),
          body: expect.objectContaining({ kind: 'text', subtype: 'HTML', lines: 1 }),
        }),
      ],
      subtype: 'MIXED',
      parameters: [{ name: 'BOUNDARY', value: 'b' }],
      disposition: undefined,
      language: [],
      location: undefined,
    });
    expect(writeBody(body)).toBe(wire);
  });

  it('is written as BODY without what BODY has not', () => {
    const { body } = readBody(`(${text.slice(0, -1)} NIL ("INLINE" NIL)) "MIXED" ("BOUNDARY" "b") NIL)`);
    expect(writeBody(body, false)).toBe(`(${text} "MIXED")`);
  });

  it('keeps octets that are not UTF-8, and UTF-8 as text', () => {
    const { body } = readBody(
      '("image" "gif" ("name" "\x83\x65.gif" "x" "\xc3\xa9") NIL NIL "base64" 1)',
      false,
    );
    const { parameters = [] } = body;
    expect(parameters[0]?.value).toEqual(Uint8Array.of(0x83, 0x65, 0x2e, 0x67, 0x69, 0x66));
    expect(parameters[1]?.value).toBe('é');
  });

  it('takes literals for strings', () => {
    const { body } = readBody('({4}\r\nTEXT {5}\r\nPLAIN NIL NIL {3}\r\na)" "7BIT" 1 1)', false);
    expect(body).toMatchObject({ kind: 'text', subtype: 'PLAIN', description: 'a)"' });
  });

  it('tells of an empty text where there is no part', () => {
    const wire = writeBody({ kind: 'multipart', parts: [], subtype: 'MIXED' });
    expect(readBody(wire, false).body).toMatchObject({ parts: [{ kind: 'text', octets: 0 }] });
  });

  it('holds the limit on depth', () => {
    const deep = (depth: number): string => `${'('.repeat(depth)}${text}${' "mixed")'.repeat(depth)}`;
    expect(readBody(deep(98), false).body.kind).toBe('multipart');
    expect(() => readBody(deep(200))).toThrow(expect.objectContaining({ code: 'limit-depth' }));
    // Whatever the limit, nothing but a MailsealError comes of it.
    const limits = { depth: 1e9 };
    expect(writeBody(readBody(deep(999), false, limits).body)).toBe(deep(999));
    expect(() => readBody(deep(100_000), false, limits)).toThrow(
      expect.objectContaining({ code: 'limit-depth' }),
    );
    expect(() => readBody(`(${text.repeat(20)} "mixed")`, true, { listLength: 10 })).toThrow(
      expect.objectContaining({ code: 'limit-list' }),
    );
  });

  it('is not written deeper than any reader goes', () => {
    let body: BodyStructure = { kind: 'multipart', parts: [], subtype: 'MIXED' };
    for (let deep = 0; deep < 50_000; deep++) body = { kind: 'multipart', parts: [body], subtype: 'MIXED' };
    expect(() => writeBody(body)).toThrow(expect.objectContaining({ code: 'limit-depth' }));
    expect(() => sectionsToVerify(body)).toThrow(expect.objectContaining({ code: 'limit-depth' }));
    expect(() => messageFromSections(body, [])).toThrow(expect.objectContaining({ code: 'limit-depth' }));
  });

  it.each([
    '',
    '(',
    '()',
    '("a")x',
    '(("TEXT"))',
    `(${text}`,
    '("TEXT" "PLAIN" NIL NIL NIL "7BIT" x 1)',
    '(NIL)',
    // A text whose subtype was forgotten is no multipart of the subtype TEXT.
    '("TEXT" ("CHARSET" "utf-8") NIL NIL "7BIT" 5 5)',
    '("APPLICATION")',
  ])('refuses %s', (wire) => {
    expect(() => readBody(wire)).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
  });
});

describe('departures of servers in BODYSTRUCTURE', () => {
  it.each(departures)('%s', (_, wire, meant, ...quirks) => {
    const found = readBody(wire);
    expect([...found.quirks].sort()).toEqual([...quirks].sort());
    const said = withoutPlaceholder(plain(readBody(meant, false).body));
    expect(plain(found.body)).toEqual(said);
    expect(() => readBody(wire, false)).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
    for (const quirk of quirks) {
      expect(
        attempt(() => readBody(wire, { [quirk]: false }).body),
        quirk,
      ).not.toEqual(found.body);
    }
  });
});
