import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { decodeResponses } from '../../../src/imap/framing/response-decoder.js';
import { encodeResponse } from '../../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../../src/imap/response/response.js';
import { plainResponseCodes, type ResponseCode } from '../../../src/imap/response/response-code.js';
import { expectBoth, lineOf, readLine, readQuirky } from '../../support/imap-response-lines.js';

const range = (from: number, to: number = from): { from: number; to: number } => ({ from, to });

describe('status responses', () => {
  test('with and without tag, code and text', () => {
    expectBoth('* OK ready', { type: 'OK', tag: undefined, code: undefined, text: 'ready' });
    expectBoth('A1 NO no', { type: 'NO', tag: 'A1', code: undefined, text: 'no' });
    expectBoth('A1 BAD ', { type: 'BAD', tag: 'A1', code: undefined, text: '' });
    expectBoth('* PREAUTH in', { type: 'PREAUTH', tag: undefined, code: undefined, text: 'in' });
    expectBoth('* BYE [ALERT]', { type: 'BYE', tag: undefined, code: { code: 'ALERT' }, text: '' });
    expectBoth('* OK [ALERT]  x', { type: 'OK', tag: undefined, code: { code: 'ALERT' }, text: ' x' });
  });

  test('nothing behind the name is an empty text', () => {
    expect(readLine('* BAD')).toEqual({ type: 'BAD', tag: undefined, code: undefined, text: '' });
    expect(readLine('+')).toEqual({ type: '+', code: undefined, text: '' });
  });

  test('names in any letters', () => {
    expect(readLine('* ok [alert] x')).toEqual({
      type: 'OK',
      tag: undefined,
      code: { code: 'ALERT' },
      text: 'x',
    });
  });

  test('continuation', () => {
    expectBoth('+ ', { type: '+', code: undefined, text: '' });
    expectBoth('+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+', {
      type: '+',
      code: undefined,
      text: 'PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+',
    });
  });

  test('text that is no UTF-8 stays octets, text that is comes as such', () => {
    expect(readLine('* OK \x83\x65')).toEqual({
      type: 'OK',
      tag: undefined,
      code: undefined,
      text: Uint8Array.of(0x83, 0x65),
    });
    expectBoth('* OK \xc3\xa9', { type: 'OK', tag: undefined, code: undefined, text: 'é' });
  });

  test('a literal is none in text', () => {
    expectBoth('* OK done {5}', { type: 'OK', tag: undefined, code: undefined, text: 'done {5}' });
    expectBoth('* OK ~{3}', { type: 'OK', tag: undefined, code: undefined, text: '~{3}' });
  });

  test('a text in brackets that is no code', () => {
    for (const text of ['[Gmail]/Drafts is missing', '[', '[]', '[ALERT', '[Error="x]" a=b] done', '[a  b]c'])
      expectBoth(`* NO ${text}`, { type: 'NO', tag: undefined, code: undefined, text });
  });

  test.each([
    '* OKAY',
    '* 5',
    '*',
    '* ',
    '',
    'A1 PREAUTH x',
    'A1 BYE',
    'A1 FLAGS ()',
    '* OK[ALERT] x',
    'A+ OK',
  ])('refuses %j', (wire) => {
    const isOther = wire === '* OKAY';
    if (isOther) expect(readLine(wire)).toEqual({ type: 'other', name: 'OKAY', values: [] });
    else expect(() => readLine(wire)).toThrow(expect.objectContaining({ code: 'imap-malformed' }));
  });

  const opening = ['[NOUPDATE {12}', '[badcharset ("a" {5+}', '[INPROGRESS (~{5}'];
  test.each(['a\r\nA1 OK', 'a\nb', 'a\0b', '[ALERT] x', '[X y] z', ...opening])(
    'does not write the text %j',
    (text) => {
      expect(() => lineOf({ type: 'OK', tag: undefined, code: undefined, text })).toThrow(
        expect.objectContaining({ code: 'usage' }),
      );
    },
  );

  test.each(['[Gmail is {12}', '[x {5}', '[NOUPDATE{5}', '[BADCHARSET (a) {5}'])(
    'the text %j opens no literal',
    (text) => {
      const { type, ...rest } = { type: 'OK' as const, tag: undefined, code: undefined, text };
      expectBoth(`* OK ${text}`, { type, ...rest });
      expectBoth(`A1 BAD ${text}`, { ...rest, type: 'BAD', tag: 'A1' });
      const wire = encodeResponse({ type: '+', code: undefined, text });
      expect(decodeResponses(concatBytes([wire, wire]))).toHaveLength(2);
    },
  );

  test('a tag in brackets is a tag', () => {
    expectBoth('[A1] NO no such mailbox', {
      type: 'NO',
      tag: '[A1]',
      code: undefined,
      text: 'no such mailbox',
    });
    expectBoth('[a OK [ALERT] done', { type: 'OK', tag: '[a', code: { code: 'ALERT' }, text: 'done' });
    expect(readQuirky('[ALERT] OK is what it is not').quirks).toEqual([]);
    expect(readQuirky('[ALERT] OKAY')).toEqual({
      response: { type: 'OK', tag: undefined, code: { code: 'ALERT' }, text: 'OKAY' },
      quirks: ['code-without-status'],
    });
  });

  test('half a surrogate pair is not written', () => {
    expect(() => lineOf({ type: 'OK', tag: undefined, code: undefined, text: 'a\ud800' })).toThrow(
      expect.objectContaining({ code: 'charset-unencodable', offset: 1 }),
    );
  });

  test.each(['', '*', '+', 'a b', 'a\r\nb', 'a+', 'é', {} as never, Uint8Array.of(0x61) as never])(
    'does not write the tag %j',
    (tag) => {
      expect(() => lineOf({ type: 'OK', tag, code: undefined, text: '' })).toThrow(
        expect.objectContaining({ code: 'usage' }),
      );
    },
  );

  test('only OK, NO and BAD have tags', () => {
    expect(() => lineOf({ type: 'BYE', tag: 'A1', code: undefined, text: '' })).toThrow(/no tag/);
  });
});

const codes: readonly (readonly [string, ResponseCode])[] = [
  ...[...plainResponseCodes].map((code) => [code, { code } as ResponseCode] as const),
  ['BADCHARSET', { code: 'BADCHARSET', charsets: [] }],
  ['BADCHARSET (UTF-8 "a\\"]b")', { code: 'BADCHARSET', charsets: ['UTF-8', 'a"]b'] }],
  [
    'CAPABILITY IMAP4rev2 AUTH=PLAIN +',
    { code: 'CAPABILITY', capabilities: ['IMAP4rev2', 'AUTH=PLAIN', '+'] },
  ],
  ['PERMANENTFLAGS (\\Seen $a \\*)', { code: 'PERMANENTFLAGS', flags: ['\\Seen', '$a', '\\*'] }],
  ['PERMANENTFLAGS ()', { code: 'PERMANENTFLAGS', flags: [] }],
  ['UIDNEXT 4392', { code: 'UIDNEXT', number: 4392 }],
  ['UIDVALIDITY 3857529045', { code: 'UIDVALIDITY', number: 3_857_529_045 }],
  ['UNSEEN 17', { code: 'UNSEEN', number: 17 }],
  ['HIGHESTMODSEQ 9223372036854775807', { code: 'HIGHESTMODSEQ', modseq: 9_223_372_036_854_775_807n }],
  ['MODIFIED 7,9:12', { code: 'MODIFIED', set: [range(7), range(9, 12)] }],
  ['APPENDUID 38505 3955:3957', { code: 'APPENDUID', uidValidity: 38505, uids: [range(3955, 3957)] }],
  [
    'COPYUID 38505 304,320:319 3956:3958',
    { code: 'COPYUID', uidValidity: 38505, from: [range(304), range(320, 319)], to: [range(3956, 3958)] },
  ],
  ['BADEVENT (MessageNew MessageExpunge)', { code: 'BADEVENT', events: ['MessageNew', 'MessageExpunge'] }],
  [
    'BADURL /INBOX;UIDVALIDITY=785799047/;UID=113330',
    { code: 'BADURL', url: '/INBOX;UIDVALIDITY=785799047/;UID=113330' },
  ],
  ['REFERRAL IMAP://user;AUTH=*@SERVER2/', { code: 'REFERRAL', url: 'IMAP://user;AUTH=*@SERVER2/' }],
  ['NOUPDATE "B02"', { code: 'NOUPDATE', tag: 'B02' }],
  ['MAILBOXID (F2212ea87-6097)', { code: 'MAILBOXID', id: 'F2212ea87-6097' }],
  ['METADATA LONGENTRIES 2199', { code: 'METADATA', problem: 'LONGENTRIES', octets: 2199n }],
  ['METADATA MAXSIZE 1024', { code: 'METADATA', problem: 'MAXSIZE', octets: 1024n }],
  ['METADATA TOOMANY', { code: 'METADATA', problem: 'TOOMANY' }],
  ['METADATA NOPRIVATE', { code: 'METADATA', problem: 'NOPRIVATE' }],
  ['MESSAGELIMIT 1000', { code: 'MESSAGELIMIT', limit: 1000 }],
  ['MESSAGELIMIT 1000 23221', { code: 'MESSAGELIMIT', limit: 1000, uid: 23221 }],
  ['INPROGRESS', { code: 'INPROGRESS' }],
  ['INPROGRESS ("A001" 454 1000)', { code: 'INPROGRESS', tag: 'A001', progress: 454, goal: 1000 }],
  ['INPROGRESS ("A001" 1 NIL)', { code: 'INPROGRESS', tag: 'A001', progress: 1 }],
  ['URLMECH INTERNAL', { code: 'URLMECH', mechanisms: [{ name: 'INTERNAL' }] }],
  [
    'URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==',
    {
      code: 'URLMECH',
      mechanisms: [{ name: 'INTERNAL' }, { name: 'XSAMPLE', data: 'P34OKhO7VEkCbsiYY8rGEg==' }],
    },
  ],
  ['UNDEFINED-FILTER on-the-road', { code: 'UNDEFINED-FILTER', filter: 'on-the-road' }],
  ['XFoo', { code: 'other', name: 'XFoo' }],
  [
    'XFoo 1 (a "]") NIL',
    {
      code: 'other',
      name: 'XFoo',
      values: [
        { type: 'atom', text: '1' },
        {
          type: 'list',
          items: [
            { type: 'atom', text: 'a' },
            { type: 'string', text: ']' },
          ],
        },
        { type: 'nil' },
      ],
    },
  ],
  ['XFoo a"b  (', { code: 'other', name: 'XFoo', octets: bytesFromLatin1('a"b  (') }],
];

describe('response codes', () => {
  test.each(codes)('%s, both ways', (wire, code) => {
    expectBoth(`* OK [${wire}] a ] b`, { type: 'OK', tag: undefined, code, text: 'a ] b' });
    expectBoth(`A1 NO [${wire}]`, { type: 'NO', tag: 'A1', code, text: '' });
    expectBoth(`+ [${wire}] go on`, { type: '+', code, text: 'go on' });
  });

  test('strings of a code that is not known are quoted, whatever their octets are', () => {
    const values = [
      { type: 'string' as const, text: 'é"\\' },
      { type: 'string' as const, text: Uint8Array.of(0xe9, 0x22) },
      { type: 'string' as const, text: 'a'.repeat(2000) },
    ];
    const code: ResponseCode = { code: 'other', name: 'XFoo', values };
    expectBoth(`* OK [XFoo "\xc3\xa9\\"\\\\" "\xe9\\"" "${'a'.repeat(2000)}"] x`, {
      type: 'OK',
      tag: undefined,
      code,
      text: 'x',
    });
  });

  test('what looks like a literal behind a code of any octets is not written', () => {
    const code: ResponseCode = { code: 'other', name: 'BADCHARSET', octets: bytesFromLatin1('("a') };
    const response: ImapResponse = { type: 'NO', tag: undefined, code, text: 'x" {5}' };
    expect(() => lineOf(response)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(lineOf({ ...response, text: 'x {5}' })).toBe('* NO [BADCHARSET ("a] x {5}');
  });

  test('a literal within the brackets', () => {
    expect(readLine('* NO [BADCHARSET ({3}\r\na]b UTF-8)] x')).toEqual({
      type: 'NO',
      tag: undefined,
      code: { code: 'BADCHARSET', charsets: ['a]b', 'UTF-8'] },
      text: 'x',
    });
  });

  test.each([
    ['COPYUID', undefined, undefined],
    ['COPYUID 701  ', undefined, '701  '],
    ['CLOSED really', [{ type: 'atom', text: 'really' }], undefined],
    ['UIDNEXT 99999999999999999999', [{ type: 'atom', text: '99999999999999999999' }], undefined],
    ['CAPABILITY a"', undefined, 'a"'],
  ])('keeps [%s], whose value is not what it should be', (wire, values, octets) => {
    const name = wire.split(' ')[0]!;
    expectBoth(`* OK [${wire}] text`, {
      type: 'OK',
      tag: undefined,
      code: {
        code: 'other',
        name,
        ...(values !== undefined && { values: values as [] }),
        ...(octets !== undefined && { octets: bytesFromLatin1(octets) }),
      },
      text: 'text',
    });
  });

  test('Gmail: flags with brackets', () => {
    const wire = '* OK [PERMANENTFLAGS (\\Seen OIB-Seen-[Google Mail]/Alle \\*)] Flags permitted.';
    const code: ResponseCode = {
      code: 'PERMANENTFLAGS',
      flags: ['\\Seen', 'OIB-Seen-[Google', 'Mail]/Alle', '\\*'],
    };
    const response: ImapResponse = { type: 'OK', tag: undefined, code, text: 'Flags permitted.' };
    expect(readQuirky(wire)).toEqual({ response, quirks: ['flag-characters'] });
    expect(lineOf(response)).toBe(wire);
    expect(readLine(wire, { quirks: false })).toMatchObject({ code: undefined });
  });

  test('blanks at the end of a code', () => {
    expect(readQuirky('* OK [CAPABILITY IMAP4rev1  IDLE ] x')).toEqual({
      response: {
        type: 'OK',
        tag: undefined,
        code: { code: 'CAPABILITY', capabilities: ['IMAP4rev1', 'IDLE'] },
        text: 'x',
      },
      quirks: ['extra-blanks'],
    });
    expect(readLine('* OK [UNSEEN 4 ] x', { quirks: false })).toMatchObject({ code: { code: 'other' } });
  });

  test.each<ResponseCode>([
    { code: 'other', name: 'a b' },
    { code: 'other', name: 'X]' },
    { code: 'other', name: 'X', octets: bytesFromLatin1('a] OK') },
    { code: 'other', name: 'X', octets: bytesFromLatin1('a\r\n* BYE') },
    { code: 'other', name: 'X', values: [{ type: 'list', items: [{ type: 'atom', text: 'a]' }] }] },
    { code: 'REFERRAL', url: 'imap://a]' },
    { code: 'BADURL', url: '' },
    { code: 'BADURL', url: '  ' },
    { code: 'other', name: 'X', octets: bytesFromLatin1(' ') },
    { code: 'other', name: 'X', values: [{ type: 'string', text: 'a\r\nb' }] },
    { code: 'other', name: 'X', values: [{ type: 'atom', text: 'nil' }] },
    { code: 'other', name: 'X', values: [{ type: 'atm', text: 'a' } as never] },
    { code: 'other', name: 'X', values: [{ type: 'atom', text: Uint8Array.of(0x61) as never }] },
    { code: 'MAILBOXID', id: {} as never },
    { code: 'MAILBOXID', id: 12n as never },
    { code: 'PERMANENTFLAGS', flags: [Uint8Array.of(0x61) as never] },
    { code: 'HIGHESTMODSEQ', modseq: 2n ** 64n },
    { code: 'REFERRAL', url: 'imap://a\r\n' },
    { code: 'MAILBOXID', id: 'a)' },
    { code: 'CAPABILITY', capabilities: ['A B'] },
    { code: 'MODIFIED', set: [] },
    { code: 'UIDNEXT', number: -1 },
    { code: 'URLMECH', mechanisms: [{ name: 'A=B' }] },
    { code: 'NONE' } as never,
  ])('does not write %o', (code) => {
    expect(() => lineOf({ type: 'OK', tag: undefined, code, text: '' })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});
