import { describe, expect, it } from 'vitest';
import { binarySectionOf, bodyStructureOf, envelopeOf, sectionOf } from '../../src/imap/message-structure.js';
import { walkParts } from '../../src/imap/structure/walk.js';
import type { ImapSection } from '../../src/imap/values/section.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectLinear } from '../support/linear-time.js';
import { listCorpus, withCrlf } from '../support/mime-corpus.js';
import { readBody, writeBody } from './structure/support.js';

function parsed(...lines: readonly string[]): Part {
  return parseMessage(Uint8Array.from(lines.join('\r\n'), (character) => character.charCodeAt(0)));
}

function text(octets: Uint8Array | string | undefined): string | undefined {
  return octets instanceof Uint8Array ? Buffer.from(octets).toString('latin1') : octets;
}

describe('bodyStructureOf', () => {
  it.each<[string, readonly string[], string]>([
    [
      'a message without fields',
      ['', 'a'],
      '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL)',
    ],
    [
      'all fields, in the letters of the header',
      [
        'Content-Type: Text/Plain; Charset="UTF-8"; (a comment) format = flowed',
        'Content-Transfer-Encoding: Quoted-Printable',
        'Content-ID: <a@b>',
        'Content-Description: =?utf-8?Q?caf=C3=A9?=',
        ' folded',
        'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==',
        'Content-Disposition: INLINE; filename="a \\"b\\".txt"',
        'Content-Language: en, de',
        'Content-Location: a/b',
        '',
        'a',
        'b',
        '',
      ],
      '("Text" "Plain" ("Charset" "UTF-8" "format" "flowed") "<a@b>" "=?utf-8?Q?caf=C3=A9?= folded" "Quoted-Printable" 6 2 "Q2hlY2sgSW50ZWdyaXR5IQ==" ("INLINE" ("filename" "a \\"b\\".txt")) ("en" "de") "a/b")',
    ],
    [
      'sections of parameters as one (RFC 2231 §6)',
      [
        "Content-Type: application/x; a*0=one; a*1=two; b*0*=utf-8''%e3; b*1=\"c d\"; c*1=gap; d*=utf-8''e",
        '',
        'x',
      ],
      '("application" "x" ("a" "onetwo" "b*" "utf-8\'\'%e3c%20d" "c*1" "gap" "d*" "utf-8\'\'e") NIL NIL "7bit" 1 NIL NIL NIL NIL)',
    ],
    [
      'a type that is none as a text',
      ['Content-Type: nonsense', '', 'x'],
      '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL)',
    ],
    [
      'a multipart without parts with the empty text that the grammar wants',
      ['Content-Type: multipart/mixed; boundary=b', '', 'nothing'],
      '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" ("boundary" "b") NIL NIL NIL)',
    ],
    [
      'a message in base64 as octets',
      ['Content-Type: message/rfc822; name=a', 'Content-Transfer-Encoding: base64', '', 'QTogYgoK'],
      '("application" "octet-stream" ("name" "a") NIL NIL "base64" 8 NIL NIL NIL NIL)',
    ],
    [
      'a message with its envelope',
      ['Content-Type: message/rfc822', '', 'Subject: a', '', 'b', ''],
      '("message" "rfc822" NIL NIL NIL "7bit" 17 (NIL "a" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL)',
    ],
    [
      'parts of a digest as messages',
      ['Content-Type: multipart/digest; boundary=b', '', '--b', '', 'Subject: a', '', 'b', '--b--'],
      '(("message" "rfc822" NIL NIL NIL "7bit" 15 (NIL "a" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL) "digest" ("boundary" "b") NIL NIL NIL)',
    ],
  ])('tells of %s', (_, lines, wanted) => {
    const structure = bodyStructureOf(parsed(...lines));
    expect(writeBody(structure)).toBe(wanted);
    expect(readBody(wanted, false).body).toEqual(structure);
  });

  it('keeps octets that are not UTF-8, and makes none of NUL', () => {
    const { parameters = [] } = bodyStructureOf(parsed('Content-Type: a/b; c="\x83\x65"; d="e\0f"', '', ''));
    expect(parameters[0]?.value).toEqual(Uint8Array.of(0x83, 0x65));
    expect(parameters[1]?.value).toEqual(Uint8Array.of(0x65, 0x80, 0x66));
  });

  it('refuses to go deeper than structures are read', () => {
    const deep = (depth: number): Part =>
      parseMessage(new TextEncoder().encode('Content-Type: message/rfc822\r\n\r\n'.repeat(depth)), {
        limits: { depth: 1e6, parts: 1e6 },
      });
    expect(readBody(writeBody(bodyStructureOf(deep(400))), false, { depth: 1000 }).quirks).toEqual([]);
    expect(() => bodyStructureOf(deep(2000))).toThrow(expect.objectContaining({ code: 'limit-depth' }));
  });

  it('leaves out parameters without number', () => {
    const { parameters = [] } = bodyStructureOf(parsed(`Content-Type: a/b${';c=d'.repeat(5000)}`, '', ''));
    expect(parameters).toHaveLength(1000);
  });
});

describe('envelopeOf', () => {
  const nobody = { name: undefined, route: undefined, mailbox: undefined, host: undefined };

  it('gives fields as one line, not decoded', () => {
    const envelope = envelopeOf(
      parsed(
        'Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)',
        'Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=',
        '\tfolded',
        'Message-ID:  <a@b> ',
        'In-Reply-To: <c@d>',
        'From: a@b',
        'From: second@b',
        '',
        '',
      ),
    );
    expect(envelope).toMatchObject({
      date: 'Mon, 7 Feb 1994 21:52:25 -0800 (PST)',
      subject: '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\tfolded',
      messageId: '<a@b>',
      inReplyTo: '<c@d>',
      to: [],
    });
    expect(envelope.from).toEqual([{ ...nobody, mailbox: 'a', host: 'b' }]);
    expect(envelope.sender).toEqual(envelope.from);
    expect(envelope.replyTo).toEqual(envelope.from);
  });

  it.each<[string, readonly (readonly (string | undefined)[])[]]>([
    ['Anna Bond <anna@example.jp>', [['Anna Bond', undefined, 'anna', 'example.jp']]],
    [
      '"Bond, \\"Anna\\"" <anna@example.jp>, b@c',
      [
        ['Bond, "Anna"', undefined, 'anna', 'example.jp'],
        [undefined, undefined, 'b', 'c'],
      ],
    ],
    ['=?utf-8?Q?=C3=A9?=  =?utf-8?Q?b?= <a@b>', [['=?utf-8?Q?=C3=A9?= =?utf-8?Q?b?=', undefined, 'a', 'b']]],
    ['a@b (Anna (of b))', [['Anna (of b)', undefined, 'a', 'b']]],
    ['"a b"@c', [[undefined, undefined, 'a b', 'c']]],
    ['a . b @ c . d', [[undefined, undefined, 'a.b', 'c.d']]],
    ['<@x,@y:a@b>', [[undefined, '@x,@y', 'a', 'b']]],
    ['a@[192.0.2.1]', [[undefined, undefined, 'a', '[192.0.2.1]']]],
    ['root', [[undefined, undefined, 'root', '']]],
    ['Anna Bond', [['Anna Bond', undefined, '', '']]],
    ['<>', [[undefined, undefined, '', '']]],
    [
      'A: a@b, C <c@d>;',
      [[undefined, undefined, 'A'], [undefined, undefined, 'a', 'b'], ['C', undefined, 'c', 'd'], []],
    ],
    [
      'undisclosed-recipients:;, e@f',
      [[undefined, undefined, 'undisclosed-recipients'], [], [undefined, undefined, 'e', 'f']],
    ],
    ['open: a@b', [[undefined, undefined, 'open'], [undefined, undefined, 'a', 'b'], []]],
    [', ,a@b,,', [[undefined, undefined, 'a', 'b']]],
    ['', []],
  ])('reads the addresses %s', (value, wanted) => {
    const { to } = envelopeOf(parsed(`To: ${value}`, '', ''));
    expect(to).toEqual(wanted.map(([name, route, mailbox, host]) => ({ name, route, mailbox, host })));
  });

  it('stops at the limit of addresses', () => {
    const octets = new TextEncoder().encode(`To: ${'a@b,'.repeat(100)}\r\n\r\n`);
    expect(envelopeOf(parseMessage(octets, { limits: { addresses: 10 } })).to).toHaveLength(10);
  });

  it.each(['<@', '<@>', '(', '[', '"', ',', 'a@', '<', ':', ';', 'a:', '\\'])(
    'takes time in proportion to the value: %s',
    (piece) => {
      expectLinear((size) => {
        const octets = new TextEncoder().encode(`To: ${piece.repeat(size / piece.length)}\r\n\r\n`);
        const message = parseMessage(octets, { limits: { addresses: 1e6 } });
        return () => envelopeOf(message);
      }, 100_000);
    },
  );
});

describe('sectionOf', () => {
  const inner = ['Subject: inner', 'To: a@b', '', 'body of inner', ''];
  const message = parsed(
    'Subject: outer',
    'Received: one',
    'Content-Type: multipart/mixed; boundary=b',
    'Received: two',
    '',
    'preamble',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>',
    '--b',
    'Content-Type: message/rfc822',
    '',
    ...inner,
    '--b',
    'Content-Transfer-Encoding: base64',
    '',
    'VGVh',
    '--b--',
    '',
  );

  it.each<[string, ImapSection, string | undefined]>([
    ['1', { part: [1] }, '<p>'],
    ['1.MIME', { part: [1], text: 'MIME' }, 'Content-Type: text/html\r\n\r\n'],
    ['1.HEADER', { part: [1], text: 'HEADER' }, undefined],
    ['1.1', { part: [1, 1] }, undefined],
    ['2', { part: [2] }, inner.join('\r\n')],
    ['2.HEADER', { part: [2], text: 'HEADER' }, 'Subject: inner\r\nTo: a@b\r\n\r\n'],
    ['2.TEXT', { part: [2], text: 'TEXT' }, 'body of inner\r\n'],
    ['2.1', { part: [2, 1] }, 'body of inner\r\n'],
    ['2.1.MIME', { part: [2, 1], text: 'MIME' }, 'Subject: inner\r\nTo: a@b\r\n\r\n'],
    ['2.2', { part: [2, 2] }, undefined],
    ['4', { part: [4] }, undefined],
    [
      'HEADER.FIELDS',
      { part: [], text: 'HEADER.FIELDS', fields: ['received', 'SUBJECT', 'none'] },
      'Subject: outer\r\nReceived: one\r\nReceived: two\r\n\r\n',
    ],
    [
      'HEADER.FIELDS.NOT',
      { part: [], text: 'HEADER.FIELDS.NOT', fields: ['received', 'Content-Type'] },
      'Subject: outer\r\n\r\n',
    ],
    ['2.HEADER.FIELDS', { part: [2], text: 'HEADER.FIELDS', fields: ['to'] }, 'To: a@b\r\n\r\n'],
  ])('gives %s', (_, section, wanted) => {
    expect(text(sectionOf(message, section))).toBe(wanted);
  });

  it('gives the body of a message that is no multipart as 1', () => {
    const plain = parsed('Subject: a', '', 'b');
    expect(text(sectionOf(plain, { part: [1] }))).toBe('b');
    expect(text(sectionOf(plain, { part: [1], text: 'MIME' }))).toBe('Subject: a\r\n\r\n');
    expect(sectionOf(plain, { part: [1, 1] })).toBeUndefined();
    const wrapped = parsed('Content-Type: message/rfc822', '', ...inner);
    expect(text(sectionOf(wrapped, { part: [1], text: 'HEADER' }))).toBe('Subject: inner\r\nTo: a@b\r\n\r\n');
    expect(text(sectionOf(wrapped, { part: [1, 1] }))).toBe('body of inner\r\n');
  });

  it('gives stretches', () => {
    expect(text(sectionOf(message, { part: [], text: 'HEADER' }, { offset: 9, length: 5 }))).toBe('outer');
    expect(text(sectionOf(message, { part: [1] }, { offset: 1, length: 50 }))).toBe('p>');
    expect(text(sectionOf(message, { part: [1] }, { offset: 50, length: 50 }))).toBe('');
  });

  it('refuses what no section is', () => {
    expect(() => sectionOf(message, { part: [0] })).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => sectionOf(message, { part: [], text: 'MIME' })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
    expect(() => binarySectionOf(message, [1.5])).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('undoes the transfer encoding for BINARY', () => {
    expect(text(binarySectionOf(message, [3]))).toBe('Tea');
    expect(text(binarySectionOf(message, [3], { offset: 1, length: 1 }))).toBe('e');
    expect(text(binarySectionOf(message, [2]))).toBe(inner.join('\r\n'));
    expect(binarySectionOf(message, [])).toEqual(message.bytes);
    expect(binarySectionOf(message, [9])).toBeUndefined();
    expect(binarySectionOf(parsed('Content-Transfer-Encoding: x-what', '', 'a'), [1])).toBe('UNKNOWN-CTE');
  });
});

describeCorpus('mail-parser', () => {
  it('gives sections that together are the octets of each part', () => {
    let parts = 0;
    let messages = 0;
    for (const file of [
      'mail-parser/eml',
      'mimekit',
      'thunderbird-smime',
      'openssl-generated',
      'rfc4134',
    ].flatMap((folder) => listCorpus(folder, (path) => path.endsWith('.eml')))) {
      const message = parseMessage(withCrlf(readCorpus(file)));
      const structure = bodyStructureOf(message);
      messages++;
      const places = new Map([...message.walk()].map((part) => [part.path, part]));
      for (const { path, body, headerSection, bodySection } of walkParts(structure)) {
        const part = places.get(path);
        if (part === undefined) {
          expect(body.kind !== 'multipart' && body.octets, `${file} ${path}`).toBe(0);
          continue;
        }
        const octets = [sectionOf(message, headerSection), sectionOf(message, bodySection)];
        expect(octets.map(text).join(''), `${file} ${path}`).toBe(text(part.bytes));
        if (body.kind !== 'multipart') expect(body.octets, `${file} ${path}`).toBe(part.bodyBytes.length);
        parts++;
      }
      expect(readBody(writeBody(structure), false).body, file).toEqual(structure);
    }
    console.log(`${parts} parts of ${messages} messages are their sections`);
    expect(parts).toBeGreaterThan(700);
  });
});
