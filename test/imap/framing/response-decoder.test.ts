import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, latin1FromBytes } from '../../../src/core/bytes.js';
import { decodeResponses, ResponseDecoder } from '../../../src/imap/framing/response-decoder.js';
import { everySplit, responsesAt } from '../../support/imap-framing.js';

const ascii = (text: string) => bytesFromLatin1(text);

/** What kind of response each event is, or its type. */
const kinds = (wire: string) =>
  decodeResponses(ascii(wire)).map((event) => (event.type === 'response' ? event.response.type : event.type));

function expectEverySplit(wire: string, options = {}): ReturnType<typeof responsesAt> {
  const whole = responsesAt(wire, [], options);
  for (const cuts of everySplit(wire.length)) expect(responsesAt(wire, cuts, options)).toEqual(whole);
  return whole;
}

describe('status text never carries a literal (RFC 9051 §9 text)', () => {
  test.each([
    ['* OK done {5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['A1 NO text {3}\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
    ['A1 BAD {3+}\r\n* 3 EXISTS\r\n', ['BAD', 'EXISTS']],
    ['+ go on {3}\r\n* 3 EXISTS\r\n', ['+', 'EXISTS']],
    ['* BYE ~{3}\r\n* 3 EXISTS\r\n', ['BYE', 'EXISTS']],
    ['* preauth {3}\r\n* 3 EXISTS\r\n', ['PREAUTH', 'EXISTS']],
    ['* OK [ALERT] see {3}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [BADCHARSET (UTF-8 "a]b")] {3}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [ nothing {3}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [BADCHARSET ({3}\r\nfoo)] text {4}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [X-DISK 5" floppy] 3" left {5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['A1 NO [BADURL imap://x/"y] cannot "read" it" {5}\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
    ['* NO [REFERRAL imap://h/a"b] see "there {6}\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
    ['* NO [BADCHARSET ("a] b" c" {6}\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
    ['* NO [BADCHARSET (a) {6}\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
    ['* OK [x {5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [NOUPDATE{5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [NOUPDATEX {5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['* OK [NOUPDATE {2}\r\nB1] {5}\r\n* 3 EXISTS\r\n', ['OK', 'EXISTS']],
    ['+ [INPROGRESS ({2}\r\nB1 5 9)] {5}\r\n* 3 EXISTS\r\n', ['+', 'EXISTS']],
    [
      'A7 NO [badcharset ({1}\r\na "b]\\"" {1}\r\n] c {1}\r\n))] text {1}\r\n* 3 EXISTS\r\n',
      ['NO', 'EXISTS'],
    ],
    ['* OK: done {5}\r\n* 3 EXISTS\r\n', ['unparsed', 'EXISTS']],
    ['* OK[ALERT] done {5}\r\n* 3 EXISTS\r\n', ['unparsed', 'EXISTS']],
    ['* BYE; x {5}\r\n* 3 EXISTS\r\n', ['unparsed', 'EXISTS']],
    ['A7 NO [BADCHARSET ({3}\r\na]b {1}\r\n])] text\r\n* 3 EXISTS\r\n', ['NO', 'EXISTS']],
  ])('%j', (wire, expected) => {
    expect(kinds(wire)).toEqual(expected);
    expectEverySplit(wire);
  });

  test('a literal within the brackets of a code is its value', () => {
    const [event] = decodeResponses(ascii('* NO [BADCHARSET ({3}\r\na]b "a]\\"b")] text {4}\r\n'));
    expect(event).toMatchObject({
      response: { type: 'NO', code: { code: 'BADCHARSET', charsets: ['a]b', 'a]"b'] }, text: 'text {4}' },
    });
  });
});

describe('literals', () => {
  test.each(['{3}', '{3+}', '{3-}', '~{3}', '{003}'])('%s', (marker) => {
    const wire = `* 1 FETCH (BODY[] ${marker}\r\n)\r\n UID 7)\r\n* 2 EXISTS\r\n`;
    const [fetch, exists] = expectEverySplit(wire);
    expect(fetch).toMatchObject({ response: { uid: 7, sections: [{ octets: '«)\r\n»' }] } });
    expect(exists).toMatchObject({ response: { type: 'EXISTS' } });
  });

  test('a literal that ends in what looks like the beginning of a marker', () => {
    const wire = '* LIST () "/" {2}\r\n{5}\r\n* 2 EXISTS\r\n';
    expect(kinds(wire)).toEqual(['unparsed', 'EXISTS']);
    expectEverySplit(wire);
  });

  test('large literals, alone and with others, wholly in a chunk and over many', () => {
    const large = `${'x'.repeat(5000)}\r\n{7}\r\n`;
    const wire =
      `* 1 FETCH (BODY[1] {${large.length}}\r\n${large} BODY[2] {2}\r\nab BODY[3]<0> {${large.length}}\r\n${large})\r\n` +
      '* 2 EXISTS\r\n';
    const whole = responsesAt(wire);
    expect(whole).toHaveLength(2);
    expect(whole[0]).toMatchObject({
      response: { sections: [{ octets: `«${large}»` }, { octets: '«ab»' }, { octets: `«${large}»` }] },
    });
    for (let size = 1; size < 6000; size += size < 40 ? 1 : 997) {
      const cuts = [];
      for (let at = size; at < wire.length; at += size) cuts.push(at);
      expect(responsesAt(wire, cuts)).toEqual(whole);
    }
  });

  test('a large literal in one chunk is a view of it', () => {
    const chunk = ascii(`* 1 FETCH (BODY[] {6000}\r\n${'y'.repeat(6000)})\r\n`);
    const [event] = new ResponseDecoder().push(chunk);
    const octets =
      event?.type === 'response' && event.response.type === 'FETCH'
        ? event.response.sections?.[0]?.octets
        : undefined;
    expect(octets?.length).toBe(6000);
    expect(octets?.buffer).toBe(chunk.buffer);
  });

  test('what is read late is right after the chunk was overwritten', () => {
    const subject = 'ü'.repeat(3000);
    const wire = new TextEncoder().encode(
      `* 1 FETCH (ENVELOPE (NIL {${2 * subject.length}}\r\n${subject} NIL NIL NIL NIL NIL NIL {3}\r\n<a> {4}\r\n<b >))\r\n`,
    );
    const decoder = new ResponseDecoder();
    const [event] = decoder.push(wire);
    wire.fill(0x21);
    decoder.push(ascii('* 2 EXISTS\r\n'));
    const fetch = event?.type === 'response' && event.response.type === 'FETCH' ? event.response : undefined;
    expect(fetch?.envelope?.subject).toBe(subject);
    expect(fetch?.envelope?.messageId).toBe('<b >');
  });

  test('a number that nothing can hold is no literal: the line ends there', () => {
    expect(kinds('* LIST () "/" {99999999999999999999999}\r\n* 2 EXISTS\r\n')).toEqual([
      'unparsed',
      'EXISTS',
    ]);
  });
});

describe('literals that are handed out', () => {
  const wire =
    '* 12 FETCH (UID 7 BODY[] {10}\r\n0123456789 BODY[1] {0}\r\n BODY[2] {3}\r\nabc)\r\n* 2 EXISTS\r\n';

  test('from a size on', () => {
    const events = expectEverySplit(wire, { literals: { streamFrom: 4 } });
    expect(events).toMatchObject([
      { type: 'literal-begin', id: 1, length: 10, head: '* 12 FETCH (UID 7 BODY[] ' },
      { type: 'literal-data', id: 1, octets: '«0123456789»' },
      { type: 'literal-end', id: 1 },
      {
        type: 'response',
        response: { uid: 7, sections: [{ literal: 1 }, { octets: '«»' }, { octets: '«abc»' }] },
      },
      { type: 'response', response: { type: 'EXISTS' } },
    ]);
  });

  test('all', () => {
    const events = expectEverySplit(wire, { literals: { streamFrom: 0 } });
    expect(events.map(({ type }) => type)).toEqual([
      ...['literal-begin', 'literal-data', 'literal-end', 'literal-begin', 'literal-end'],
      ...['literal-begin', 'literal-data', 'literal-end', 'response', 'response'],
    ]);
    expect(events[8]).toMatchObject({
      response: { sections: [{ literal: 1 }, { literal: 2 }, { literal: 3 }] },
    });
  });

  test('as a function says', () => {
    const asked: [string, number][] = [];
    const literals = (head: string, length: number) => {
      asked.push([head, length]);
      return length === 10 ? ('discard' as const) : length === 3 ? ('stream' as const) : ('gather' as const);
    };
    const events = responsesAt(wire, [], { literals });
    expect(asked).toEqual([
      ['* 12 FETCH (UID 7 BODY[] ', 10],
      ['* 12 FETCH (UID 7 BODY[] {10}\r\n BODY[1] ', 0],
      ['* 12 FETCH (UID 7 BODY[] {10}\r\n BODY[1] {0}\r\n BODY[2] ', 3],
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      ...['literal-begin', 'literal-data', 'literal-end', 'response', 'response'],
    ]);
    expectEverySplit(wire, { literals });
  });

  test('have no limit', () => {
    const limits = { literalOctets: 5 };
    const long = `* 1 FETCH (BODY[] {5000}\r\n${'z'.repeat(5000)})\r\n`;
    expect(responsesAt(long, [], { limits })[0]).toMatchObject({
      type: 'unparsed',
      error: { code: 'limit-literal' },
    });
    expect(responsesAt(long, [], { limits, literals: { streamFrom: 4000 } })).toHaveLength(4);
  });

  test.each([{ streamFrom: -1 }, { streamFrom: Number.NaN }])('%j is refused', (literals) => {
    expect(() => new ResponseDecoder({ literals })).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('what cannot be parsed', () => {
  test.each([
    ['* 1 FETCH (UID x)\r\n'],
    ['* 1 FETCH (UID 7\r\n'],
    ['nonsense\r\n'],
    ['\u0000\u00ff\r\n'],
    ['* LIST (((\r\n'],
    ['* LIST () "/" "abc {3}\r\nx\r\n"\r\n'],
  ])('%j is told, and the stream goes on', (wire) => {
    const events = expectEverySplit(`* 1 EXISTS\r\n${wire}* 2 EXISTS\r\n`);
    expect(events).toMatchObject([
      { response: { number: 1 } },
      { type: 'unparsed', octets: `«${wire.slice(0, -2)}»`, error: { code: 'imap-malformed' } },
      { response: { number: 2 } },
    ]);
  });

  test('the end within a response', () => {
    for (const wire of ['* 1 EXI', '* 1 FETCH (BODY[] {5}\r\nab', '* 1 FETCH (BODY[] {5000}\r\nab', '*']) {
      const events = expectEverySplit(`* 1 EXISTS\r\n${wire}`);
      expect(events.slice(1)).toMatchObject([
        { type: 'unparsed', error: { code: 'imap-malformed', offset: 12 } },
      ]);
    }
    expect(new ResponseDecoder().end()).toEqual([]);
  });

  test('an envelope that is malformed is told when it is asked for, or at once', () => {
    const wire = '* 1 FETCH (UID 7 ENVELOPE (1 2 3))\r\n';
    expect(responsesAt(wire)[0]).toMatchObject({
      type: 'response',
      response: { uid: 7, envelope: { code: 'imap-malformed' } },
    });
    expect(responsesAt(wire, [], { eager: true })[0]).toMatchObject({
      type: 'unparsed',
      error: { code: 'imap-malformed' },
    });
  });
});

describe('limits', () => {
  const next = '* 2 EXISTS\r\n';

  test('of a line, told at once, and the stream goes on behind it', () => {
    const limits = { lineOctets: 100 };
    for (const wire of [
      `* SEARCH ${'1 '.repeat(500)}\r\n`,
      `* OK ${'text '.repeat(500)} {5}\r\n`,
      `* LIST () "/" ${'x'.repeat(200)} {12}\r\n* 3 EXISTS\r\n\r\n`,
      `* LIST () "/" {70}\r\n${'x'.repeat(70)} ${'z'.repeat(40)} {12}\r\n* 3 EXISTS\r\n\r\n`,
      `* LIST () "/" {12}\r\n* 3 EXISTS\r\n ${'y'.repeat(200)}{12}\r\n* 4 EXISTS\r\n}\r\n`,
      `* LIST () "/" ${'x'.repeat(200)} {0}\r\n{0}\r\n\r\n`,
    ]) {
      const events = responsesAt(wire + next, [], { limits });
      expect(events, JSON.stringify(wire)).toMatchObject([
        { type: 'unparsed', octets: `«${wire.slice(0, 100)}»`, error: { code: 'limit-line', offset: 100 } },
        { response: { type: 'EXISTS', number: 2 } },
      ]);
      const all = [...Array((wire + next).length - 1).keys()].map((at) => at + 1);
      for (const cuts of [all, ...all.map((at) => [at])])
        expect(responsesAt(wire + next, cuts, { limits })).toEqual(events);
    }
    const decoder = new ResponseDecoder({ limits });
    expect(decoder.push(ascii('* '.padEnd(101, 'x')))).toMatchObject([{ error: { code: 'limit-line' } }]);
    expect(decoder.push(ascii('x'.repeat(100_000)))).toEqual([]);
    expect(decoder.end()).toEqual([]);
  });

  test('of literals, told before they come', () => {
    const limits = { literalOctets: 9999 };
    const literal = '* 1 EXISTS\r\n'.repeat(417);
    expect(literal.length).toBeGreaterThan(5000);
    const one = `{${literal.length}}\r\n${literal}`;
    const wire = `* 1 FETCH (BODY[1] ${one} BODY[2] ${one} BODY[3] ${one})\r\n${next}`;
    const events = responsesAt(wire, [], { limits });
    expect(events).toMatchObject([
      { type: 'unparsed', error: { code: 'limit-literal' } },
      { response: { number: 2 } },
    ]);
    for (let size = 1; size < 300; size += 7) {
      const cuts = [];
      for (let at = size; at < wire.length; at += size) cuts.push(at);
      expect(responsesAt(wire, cuts, { limits })).toEqual(events);
    }
  });

  test('a literal of any length that is announced takes no memory', () => {
    const decoder = new ResponseDecoder({ limits: { literalOctets: Number.POSITIVE_INFINITY } });
    const events = decoder.push(ascii('* 1 FETCH (BODY[] {9007199254740991}\r\nabc'));
    expect(events).toMatchObject([{ type: 'unparsed', error: { code: 'limit-literal' } }]);
  });

  test('of nesting and of lists', () => {
    const deep = `* X ${'('.repeat(200)}${')'.repeat(200)}\r\n`;
    expect(responsesAt(deep)[0]).toMatchObject({ type: 'unparsed', error: { code: 'limit-depth' } });
    const long = `* FLAGS (${'a '.repeat(20)}b)\r\n`;
    expect(responsesAt(long, [], { limits: { listLength: 10 } })[0]).toMatchObject({
      type: 'unparsed',
      error: { code: 'limit-list' },
    });
  });
});

describe('line ends', () => {
  test('LF alone is read, and named', () => {
    const wire = '* LIST () "/" {2}\nab\n* 2 EXISTS\n* 3 EXISTS\r\n';
    const events = expectEverySplit(wire);
    expect(events).toMatchObject([
      { response: { type: 'LIST' }, quirks: ['bare-lf'] },
      { response: { type: 'EXISTS', number: 2 }, quirks: ['bare-lf'] },
      { response: { type: 'EXISTS', number: 3 }, quirks: [] },
    ]);
  });

  test('LF alone is refused where the quirk is turned off, and the stream goes on', () => {
    const events = expectEverySplit('* 1 EXISTS\n* 2 EXISTS\r\n', { quirks: { 'bare-lf': false } });
    expect(events).toMatchObject([
      { type: 'unparsed', error: { code: 'imap-malformed' } },
      { response: { number: 2 } },
    ]);
  });

  test('empty lines are passed over', () => {
    expect(kinds('\r\n* 1 EXISTS\r\n\r\n\n* 2 EXISTS\r\n')).toEqual(['EXISTS', 'EXISTS']);
  });
});

describe('stopping', () => {
  const wire = ascii('A1 OK begin\r\nrest of\r\n another stream');
  const stopping = () =>
    new ResponseDecoder({ stopWhen: (event) => event.type === 'response' && event.response.type === 'OK' });

  test('the octets behind are given as they are', () => {
    const decoder = stopping();
    expect(decoder.push(wire)).toHaveLength(1);
    expect(decoder.stopped).toBe(true);
    expect(decoder.push(ascii('!'))).toEqual([]);
    expect(decoder.buffered).toBe(0);
    expect(latin1FromBytes(decoder.takeRest())).toBe('rest of\r\n another stream!');
    expect(decoder.stopped).toBe(false);
    expect(decoder.push(ascii('* 2 EXISTS\r\n'))).toMatchObject([{ response: { type: 'EXISTS' } }]);
    expect(decoder.push(ascii('A1 OK x\r\n'))).toMatchObject([{ response: { type: 'OK' } }]);
    expect(decoder.takeRest()).toHaveLength(0);
  });

  test('or it goes on', () => {
    const decoder = stopping();
    decoder.push(ascii('A1 OK a\r\nA2 OK b\r\n* 2 EXISTS\r\n* 3 EX'));
    expect(decoder.resume()).toMatchObject([{ response: { tag: 'A2' } }]);
    expect(decoder.resume()).toMatchObject([{ response: { number: 2 } }]);
    expect(decoder.buffered).toBe(6);
    expect(decoder.push(ascii('ISTS\r\n'))).toMatchObject([{ response: { number: 3 } }]);
  });
});

test('after its end a decoder takes nothing', () => {
  const decoder = new ResponseDecoder();
  decoder.end();
  expect(() => decoder.push(ascii('x'))).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('a Buffer and shared memory are taken', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(12));
  shared.set(ascii('* 1 EXISTS\r\n'));
  expect(decodeResponses(shared)).toMatchObject([{ response: { type: 'EXISTS' } }]);
  expect(decodeResponses(Buffer.from('* 1 EXISTS\r\n'))).toMatchObject([{ response: { type: 'EXISTS' } }]);
});

test('the plain way to characters gives the same events', () => {
  const wire = `* LIST () "/" "${'ä'.repeat(300)}"\r\n* 1 FETCH (BODY[] {600}\r\n${'\u0080'.repeat(600)})\r\n`;
  expect(responsesAt(wire, [], { engine: 'typescript' })).toEqual(responsesAt(wire));
});
