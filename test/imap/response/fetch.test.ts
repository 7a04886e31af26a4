import { describe, expect, test } from 'vitest';
import { bytesFromLatin1 } from '../../../src/core/bytes.js';
import { fetchHolds, plainFetch } from '../../../src/imap/response/decoded-fetch.js';
import { readResponse } from '../../../src/imap/response/read-response.js';
import type { FetchResponse, ImapResponse } from '../../../src/imap/response/response.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import type { ImapEnvelope } from '../../../src/imap/values/envelope.js';
import { expectBoth, lineOf, readLine, readQuirky } from '../../support/imap-response-lines.js';
import { readerOf, type SyntaxChoices } from '../../support/imap-syntax.js';

const address = { name: 'Terry Gray', route: undefined, mailbox: 'gray', host: 'cac.washington.edu' };
const envelope: ImapEnvelope = {
  date: 'Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  subject: 'IMAP4rev1 WG mtg',
  from: [address],
  sender: [],
  replyTo: [],
  to: [],
  cc: [],
  bcc: [],
  inReplyTo: undefined,
  messageId: '<B27397-0100000@cac.washington.edu>',
};
const envelopeWire =
  '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg" (("Terry Gray" NIL "gray" "cac.washington.edu")) NIL NIL NIL NIL NIL NIL "<B27397-0100000@cac.washington.edu>")';
const body: BodyStructure = {
  kind: 'text',
  type: 'TEXT',
  subtype: 'PLAIN',
  parameters: [{ name: 'CHARSET', value: 'US-ASCII' }],
  id: undefined,
  description: undefined,
  encoding: '7BIT',
  octets: 3028,
  lines: 92,
};
const bodyWire = '("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)';

const fetched = (items: Partial<FetchResponse>): FetchResponse => ({ type: 'FETCH', number: 12, ...items });

const items: readonly (readonly [string, Partial<FetchResponse>])[] = [
  ['', {}],
  ['UID 4294967295', { uid: 4_294_967_295 }],
  ['FLAGS ()', { flags: [] }],
  ['FLAGS (\\Seen $Junk)', { flags: ['\\Seen', '$Junk'] }],
  ['MODSEQ (18446744073709551615)', { modseq: 18_446_744_073_709_551_615n }],
  [
    'INTERNALDATE "17-Jul-1996 02:44:25 -0700"',
    { internalDate: { time: Date.UTC(1996, 6, 17, 9, 44, 25), offset: -420 } },
  ],
  ['RFC822.SIZE 4294967296', { size: 4_294_967_296 }],
  [`ENVELOPE ${envelopeWire}`, { envelope }],
  [`BODYSTRUCTURE ${bodyWire}`, { bodyStructure: body }],
  [`BODY ${bodyWire}`, { body }],
  ['BODY[] {3}\r\na\0b', { sections: [{ section: { part: [] }, octets: bytesFromLatin1('a\0b') }] }],
  [
    'BODY[1.2.HEADER.FIELDS (From "a b")]<512> NIL',
    {
      sections: [
        {
          section: { part: [1, 2], text: 'HEADER.FIELDS', fields: ['From', 'a b'] },
          origin: 512,
          octets: undefined,
        },
      ],
    },
  ],
  [
    'RFC822 {1}\r\na RFC822.HEADER {0}\r\n RFC822.TEXT NIL',
    {
      rfc822: [
        { item: 'RFC822', octets: bytesFromLatin1('a') },
        { item: 'RFC822.HEADER', octets: bytesFromLatin1('') },
        { item: 'RFC822.TEXT', octets: undefined },
      ],
    },
  ],
  [
    'BINARY[1]<3> ~{2}\r\n\0a BINARY[] {1}\r\nb',
    {
      binary: [
        { part: [1], origin: 3, octets: bytesFromLatin1('\0a') },
        { part: [], octets: bytesFromLatin1('b') },
      ],
    },
  ],
  ['BINARY.SIZE[2.1] 77', { binarySize: [{ part: [2, 1], octets: 77 }] }],
  [
    'EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9)',
    { emailId: 'M6d99ac3275bb4e', threadId: 'T64b478a75b7ea9' },
  ],
  ['THREADID NIL SAVEDATE NIL PREVIEW NIL', { threadId: undefined, saveDate: undefined, preview: undefined }],
  ['SAVEDATE " 2-Nov-2026 00:00:00 +0000"', { saveDate: { time: Date.UTC(2026, 10, 2), offset: 0 } }],
  ['PREVIEW "Hello"', { preview: 'Hello' }],
  [
    'X-GM-MSGID 1278455344230334865 X-GM-THRID 2 X-GM-LABELS ("\\\\Inbox" Important "Muy Importante")',
    {
      gmailMessageId: 1_278_455_344_230_334_865n,
      gmailThreadId: 2n,
      gmailLabels: ['\\Inbox', 'Important', 'Muy Importante'],
    },
  ],
  [
    'X-FOO[1] (a "b")',
    {
      other: [
        {
          name: 'X-FOO[1]',
          value: {
            type: 'list',
            items: [
              { type: 'atom', text: 'a' },
              { type: 'string', text: 'b' },
            ],
          },
        },
      ],
    },
  ],
];

describe('FETCH', () => {
  test.each(items)('(%s), both ways', (wire, expected) => {
    expectBoth(`* 12 FETCH (${wire})`, fetched(expected));
    expectBoth(`* 12 UIDFETCH (${wire})`, { ...fetched(expected), type: 'UIDFETCH' });
  });

  test('all of them at once', () => {
    const wire = `* 12 FETCH (${items
      .map(([item]) => item)
      .filter((item) => item !== '' && item !== 'FLAGS ()' && !item.startsWith('THREADID NIL'))
      .join(' ')})`;
    const response = readLine(wire, { quirks: false });
    expect(readLine(lineOf(response), { quirks: false })).toStrictEqual(response);
    expect(Object.keys(response).length).toBe(22);
  });

  test('names of items in any letters', () => {
    expect(readLine('* 12 fetch (uid 5 flags (\\seen) Body[Header] NIL)')).toEqual(
      fetched({
        uid: 5,
        flags: ['\\seen'],
        sections: [{ section: { part: [], text: 'HEADER' }, octets: undefined }],
      }),
    );
  });

  test('labels of Gmail without quotation marks', () => {
    expect(readLine('* 12 FETCH (X-GM-LABELS (\\Inbox \\Sent a))')).toEqual(
      fetched({ gmailLabels: ['\\Inbox', '\\Sent', 'a'] }),
    );
  });

  test('octets of a message in quotation marks, in whatever charset', () => {
    expect(readLine('* 12 FETCH (BODY[] "\x83\x65 \xc3\xa9 \\"")')).toEqual(
      fetched({ sections: [{ section: { part: [] }, octets: bytesFromLatin1('\x83\x65 \xc3\xa9 "') }] }),
    );
    expect(readLine('* 12 FETCH (BODY[1] "\xc3\xa9")')).toEqual(
      fetched({ sections: [{ section: { part: [1] }, octets: bytesFromLatin1('\xc3\xa9') }] }),
    );
  });

  test('raw Shift_JIS and UTF-8 in an envelope', () => {
    const wire = envelopeWire
      .replace('IMAP4rev1 WG mtg', '\x83\x65\x83\x58\x83\x67')
      .replace('Terry', '\xe6\x97\xa5');
    expectBoth(
      `* 12 FETCH (ENVELOPE ${wire.replace('"\x83\x65\x83\x58\x83\x67"', '{6}\r\n\x83\x65\x83\x58\x83\x67')})`,
      fetched({
        envelope: {
          ...envelope,
          subject: bytesFromLatin1('\x83\x65\x83\x58\x83\x67'),
          from: [{ ...address, name: '日 Gray' }],
        },
      }),
      true,
    );
    expect(readLine(`* 12 FETCH (ENVELOPE ${wire})`)).toMatchObject({
      envelope: { subject: bytesFromLatin1('\x83\x65\x83\x58\x83\x67'), from: [{ name: '日 Gray' }] },
    });
  });

  test.each([
    ['extra-blanks', '* 12 FETCH ( UID  5  FLAGS (\\Seen ) ) ', '* 12 FETCH (UID 5 FLAGS (\\Seen))'],
    [
      'missing-space',
      '* 12 FETCH (UID 5 FLAGS(\\Seen) BODY[]{1}\r\na)',
      '* 12 FETCH (UID 5 FLAGS (\\Seen) BODY[] {1}\r\na)',
    ],
    ['internaldate-nil', '* 12 FETCH (UID 5 INTERNALDATE NIL)', '* 12 FETCH (UID 5)'],
    ['rfc822-brackets', '* 12 FETCH (RFC822[] NIL)', '* 12 FETCH (RFC822 NIL)'],
    ['preview-algorithm', '* 12 FETCH (PREVIEW (FUZZY "a"))', '* 12 FETCH (PREVIEW "a")'],
    ['origin-with-length', '* 12 FETCH (BODY[]<0.5> NIL)', '* 12 FETCH (BODY[]<0> NIL)'],
    ['body-numbers', '* 12 FETCH (RFC822.SIZE -1)', '* 12 FETCH (RFC822.SIZE 0)'],
  ])('quirk %s: %j', (quirk, wire, meant) => {
    const { response, quirks } = readQuirky(wire);
    expect(response).toEqual(readLine(meant, { quirks: false }));
    expect(quirks).toEqual([quirk]);
    expect(() => readLine(wire, { quirks: { [quirk]: false } })).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test.each([
    'FLAGS (\\Seen',
    'UID',
    'UID x',
    'UID 5 FLAGS',
    'MODSEQ 5',
    'MODSEQ (5',
    'BODY[',
    'BODY[] {5}\r\nabc',
    'BODY[] a',
    'BODY[X] NIL',
    'BINARY[TEXT] NIL',
    'EMAILID M1',
    'INTERNALDATE "x"',
    'X-GM-LABELS (\\)',
    '"x" 1',
    'UID 5,FLAGS ()',
    'X-FOO',
  ])('refuses (%s)', (wire) => {
    expect(() => readLine(`* 12 FETCH (${wire})`)).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test.each<Partial<FetchResponse>>([
    { flags: ['\\Seen)'] },
    { number: -1 },
    { other: [{ name: 'X (', value: { type: 'nil' } }] },
    { other: [{ name: 'uid', value: { type: 'atom', text: '5' } }] },
    { other: [{ name: 'BODY[]', value: { type: 'nil' } }] },
    { other: [{ name: 'Preview', value: { type: 'nil' } }] },
    { emailId: 'a b' },
    { sections: [{ section: { part: [], text: 'HEADER) FLAGS (' as 'HEADER' }, octets: undefined }] },
    { sections: [{ section: { part: [] }, octets: undefined, literal: 3 }] },
    { rfc822: [{ item: 'RFC822\r\n' as 'RFC822', octets: undefined }] },
    { internalDate: { time: Number.NaN, offset: 0 } },
  ])('does not write %o', (wrong) => {
    expect(() => lineOf(fetched(wrong))).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('what is read late', () => {
  const late = (wire: string, choices: SyntaxChoices = {}): FetchResponse => {
    const response: ImapResponse = readResponse(readerOf(wire, choices));
    if (response.type !== 'FETCH') throw new Error('no FETCH');
    return response;
  };

  test('is known to be there, and read when it is asked for', () => {
    const response = late(`* 12 FETCH (UID 5 ENVELOPE ${envelopeWire} BODY ${bodyWire})`);
    expect(Object.keys(response)).toEqual(['type', 'number', 'uid']);
    expect(fetchHolds(response, 'envelope')).toBe(true);
    expect(fetchHolds(response, 'body')).toBe(true);
    expect(fetchHolds(response, 'bodyStructure')).toBe(false);
    expect(response.envelope).toEqual(envelope);
    expect(response.envelope).toBe(response.envelope);
    expect(response.body).toBe(response.body);
    expect(response.bodyStructure).toBeUndefined();
    expect(plainFetch(response)).toStrictEqual(fetched({ uid: 5, envelope, body }));
    expect(fetchHolds(fetched({ envelope }), 'envelope')).toBe(true);
    expect(plainFetch(fetched({ envelope }))).toEqual(fetched({ envelope }));
  });

  test('outlives the octets that it was read from', () => {
    const wire = envelopeWire.replace('"IMAP4rev1 WG mtg"', '{16}\r\nIMAP4rev1 WG mtg');
    const reader = readerOf(`* 12 FETCH (ENVELOPE ${wire} UID 5)`);
    const response = readResponse(reader) as FetchResponse;
    reader.octets.fill(0x20);
    expect(response.envelope).toEqual(envelope);
  });

  test('throws where it is not what it should be; unless all is read at once', () => {
    const wire = '* 12 FETCH (ENVELOPE (a b c) BODYSTRUCTURE ((((1)))) BODY (x))';
    const response = late(wire);
    for (const item of ['envelope', 'bodyStructure', 'body'] as const) {
      expect(fetchHolds(response, item)).toBe(true);
      expect(() => response[item]).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
      expect(() => response[item]).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
    }
    expect(() => readResponse(readerOf(wire), true)).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });

  test('tells the place in the stream', () => {
    const response = late('* 12 FETCH (ENVELOPE (a))');
    expect(() => response.envelope).toThrow(expect.objectContaining({ offset: 22 }));
  });

  test('NIL for an envelope or a structure', () => {
    const response = late('* 12 FETCH (ENVELOPE NIL BODYSTRUCTURE NIL)');
    expect(response.envelope).toBeUndefined();
    expect(plainFetch(response)).toStrictEqual(fetched({}));
  });

  test('a structure that cannot be stepped over is read at once', () => {
    const wire = bodyWire.replace('"US-ASCII"', '"12" x"');
    const response = late(`* 12 FETCH (BODYSTRUCTURE ${wire} UID 5)`);
    expect(response.uid).toBe(5);
    expect(response.bodyStructure).toMatchObject({ parameters: [{ name: 'CHARSET', value: '12" x' }] });
    expect(() => late(`* 12 FETCH (BODYSTRUCTURE ${wire} UID 5)`, { quirks: false })).toThrow(
      expect.objectContaining({ code: 'imap-malformed' }),
    );
  });
});
