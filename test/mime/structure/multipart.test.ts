import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../../src/mime/message.js';
import type { Part } from '../../../src/mime/part.js';
import { crlf, expectExactRanges, latin1, octets } from '../../support/mime.js';

/** Path, octets and defects of a part and all inside it. */
function outline(part: Part): [path: string, octets: string, ...defects: string[]][] {
  return [...part.walk()]
    .slice(1)
    .map((each) => [each.path, latin1(each.bytes), ...each.defects.map((defect) => defect.code)]);
}

function parse(...lines: string[]): Part {
  const message = parseMessage(crlf(...lines));
  expectExactRanges(message);
  return message;
}

const codes = (part: Part): string[] => part.defects.map((defect) => defect.code);

describe('which line is a delimiter', () => {
  test('a boundary that another begins with', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=ab',
      '',
      '--ab',
      '',
      'one',
      '--abc',
      '--a b',
      '--ab--',
      '--a',
      '',
      'two',
      '--a--',
    );
    expect(outline(message)).toEqual([
      ['1', expect.stringContaining('--ab--'), 'boundary-prefix'],
      ['1.1', '\r\none\r\n--abc\r\n--a b'],
      ['2', '\r\ntwo'],
    ]);
  });

  test('a boundary that is another’s with two hyphens: the innermost has the line', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary="a"',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary="a--"',
      '',
      '--a--',
      '',
      'one',
      '--a----',
      '--a--',
    );
    expect(outline(message).map(([path]) => path)).toEqual(['1', '1.1']);
    expect(codes(message)).toEqual([]);
  });

  test('two multiparts with one boundary: the innermost open one has the line', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      '',
      'one',
      '--a--',
      '--a',
      '',
      'two',
      '--a--',
    );
    expect(outline(message).map(([path]) => path)).toEqual(['1', '1.1', '2']);
  });

  test('blanks may follow a boundary, anything else may not', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary="a b "',
      '',
      '--a b\t ',
      '',
      'one',
      '--a b x',
      '--a b-- ',
    );
    expect(outline(message)).toEqual([['1', '\r\none\r\n--a b x']]);
    expect(codes(message)).toEqual([]);
  });

  test('a boundary has its case, and no line of 999 blanks', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=A',
      '',
      '--a',
      `--A${' '.repeat(999)}`,
      `--A${' '.repeat(998)}`,
    );
    expect(message.delimiters.length).toBe(1);
    expect(message.parts.length).toBe(1);
  });

  test.each([70, 71, 200, 998])('a boundary of %i characters', (length) => {
    const boundary = 'x'.repeat(length);
    const message = parse(
      `Content-Type: multipart/mixed; boundary=${boundary}`,
      '',
      `--${boundary}`,
      '',
      'one',
      `--${boundary}--`,
    );
    expect(message.parts.length).toBe(1);
  });

  test('after its close delimiter a multipart has no more parts', () => {
    const message = parse('Content-Type: multipart/mixed; boundary=a', '', '--a--', '--a', '', 'no part');
    expect(message.parts.length).toBe(0);
    const { epilogue } = message;
    expect(latin1(message.source, epilogue!.start, epilogue!.end)).toBe('--a\r\n\r\nno part\r\n');
  });

  test('the line end before it is the delimiter’s, be it CRLF or LF; a bare CR is none', () => {
    const source = octets(
      'Content-Type: multipart/mixed; boundary=a\n\n--a\r\n\r\none\r\n\n--a\n\ntwo\r\r\n--a\n\nthree\r--a\n--a--',
    );
    const message = parseMessage(source);
    expectExactRanges(message);
    expect(message.parts.map((part) => latin1(part.bodyBytes))).toEqual(['one\r\n', 'two\r', 'three\r--a']);
  });
});

describe('parts that end early', () => {
  test('an outer delimiter ends what is open inside', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      '',
      'one',
      '--a',
      '',
      'two',
    );
    expect(outline(message)).toEqual([
      ['1', expect.any(String), 'close-delimiter-missing'],
      ['1.1', expect.any(String)],
      ['1.1.0', 'Subject: inner\r\n\r\none'],
      ['2', '\r\ntwo\r\n'],
    ]);
    expect(codes(message)).toEqual(['close-delimiter-missing']);
  });

  test('a delimiter in a header block ends the part', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'X: one',
      '--a',
      'X: two',
      ' more',
      '--a--',
    );
    expect(outline(message)).toEqual([
      ['1', 'X: one', 'headers-unterminated'],
      ['2', 'X: two\r\n more', 'headers-unterminated'],
    ]);
  });

  test('the blank line before a delimiter is the delimiter’s', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      'X: one',
      '',
      '--a',
      'X: two',
      '',
      '',
      '--a--',
    );
    expect(outline(message)).toEqual([
      ['1', 'X: one\r\n'],
      ['2', 'X: two\r\n\r\n'],
    ]);
  });

  test('a delimiter right after another makes an empty part', () => {
    const message = parse('Content-Type: multipart/mixed; boundary=a', '', '--a', '--a', '', '--a--');
    expect(outline(message)).toEqual([
      ['1', ''],
      ['2', ''],
    ]);
  });

  test('the multipart’s own delimiter in its header block ends that', () => {
    const message = parse('Content-Type: multipart/mixed; boundary=a', 'X: y', '--a', '', 'one', '--a--');
    expect(outline(message)).toEqual([['1', '\r\none']]);
    expect(codes(message)).toEqual(['headers-unterminated']);
  });
});

describe('multiparts without what they need', () => {
  test('no boundary', () => {
    const message = parse('Content-Type: multipart/mixed', '', '--a', '', 'one', '--a--');
    expect(message.isMultipart).toBe(true);
    expect(message.parts).toEqual([]);
    expect(codes(message)).toEqual(['boundary-missing']);
    expect(latin1(message.content())).toBe('--a\r\n\r\none\r\n--a--\r\n');
  });

  test('no delimiter', () => {
    const message = parse('Content-Type: multipart/mixed; boundary=a', '', 'text');
    expect(message.preamble).toEqual({ start: message.bodyStart, end: message.end });
    expect(message.epilogue).toBeUndefined();
    expect(codes(message)).toEqual(['delimiter-missing']);
  });

  test('a transfer encoding, which it may not have', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      'Content-Transfer-Encoding: base64',
      '',
      '--a',
      '',
      'one',
      '--a--',
    );
    expect(outline(message)).toEqual([['1', '\r\none']]);
    expect(codes(message)).toEqual(['multipart-encoded']);
  });

  test('of two content types the first counts', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '--a',
      '',
      'one',
      '--a--',
    );
    expect(outline(message)).toEqual([['1', '\r\none']]);
    expect(codes(message)).toEqual(['header-duplicate']);
    expect(message.contentType.parameters.get('boundary')).toBe('a');
  });
});

describe('messages inside', () => {
  test('are numbered as IMAP does', () => {
    const message = parse(
      'Content-Type: multipart/mixed; boundary=a',
      '',
      '--a',
      '',
      'text',
      '--a',
      'Content-Type: message/rfc822',
      '',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'one',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Content-Type: message/rfc822',
      '',
      'Content-Type: multipart/mixed; boundary=c',
      '',
      '--c',
      '',
      'deep',
      '--c--',
      '--b--',
      '--a--',
    );
    const paths = [...message.walk()].map((part) => part.path);
    expect(paths).toEqual(['', '1', '2', '2.0', '2.1', '2.2', '2.2.0', '2.2.1.0', '2.2.1.1']);
    expect(message.parts[1]!.isMessage).toBe(true);
    expect(message.parts[1]!.parts[0]!.parent).toBe(message.parts[1]);
  });

  test('are section 1 where the message itself is one', () => {
    const message = parse(
      'Content-Type: message/rfc822',
      '',
      'Content-Type: multipart/mixed; boundary=c',
      '',
      '--c',
      '',
      'x',
      '--c--',
    );
    expect([...message.walk()].map((part) => part.path)).toEqual(['', '1.0', '1.1']);
  });

  test('are what a digest holds', () => {
    const message = parse(
      'Content-Type: multipart/digest; boundary=a',
      '',
      '--a',
      '',
      'Subject: one',
      '',
      'text',
      '--a',
      'Content-Type: text/plain',
      '',
      'x',
      '--a--',
    );
    expect(message.parts.map((part) => part.contentType.mediaType)).toEqual(['message/rfc822', 'text/plain']);
    expect(message.parts[0]!.parts[0]!.headers.get('subject')?.value).toBe('one');
  });

  test('are not read into when they are encoded, whatever stands before the encoding', () => {
    const message = parse(
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: (x) Base64',
      '',
      'QTogYg==',
    );
    expect(message.isMessage).toBe(false);
    expect(latin1(message.content())).toBe('A: b');
  });

  test('are not read into when they are encoded', () => {
    const message = parse(
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      'U3ViamVjdDogYQ0KDQpi',
    );
    expect(message.isMessage).toBe(false);
    expect(message.parts).toEqual([]);
    expect(codes(message)).toEqual(['message-encoded']);
    expect(parseMessage(message.content()).headers.get('subject')?.value).toBe('a');
  });
});

describe('header blocks', () => {
  test.each([
    ['no header at all', 'just text\r\nSome: no\r\n', 'headers-missing', [], 'just text\r\nSome: no\r\n'],
    ['a first line that is folded', ' x: y\r\n\r\nbody', 'headers-missing', [], ' x: y\r\n\r\nbody'],
    [
      'a line that is no field',
      'A: b\r\nno field\r\nC: d\r\n\r\nbody',
      'header-line-malformed',
      ['A', 'C'],
      'body',
    ],
    ['a name with a blank in it', 'A: b\r\nno field: c\r\n\r\nbody', 'header-line-malformed', ['A'], 'body'],
    ['blanks before the colon', 'From : a\r\n\r\nbody', 'space-before-colon', ['From'], 'body'],
    ['a mailbox marker', 'From a Mon Jan 1\r\nA: b\r\n\r\nbody', 'mbox-from-line', ['A'], 'body'],
    ['a quoted mailbox marker', '>From a Mon Jan 1\r\nA: b\r\n\r\nbody', 'mbox-from-line', ['A'], 'body'],
    [
      'a line of junk before fields',
      'Some Internet Headers 2.0\r\nSubject: a\r\n\r\nbody',
      'header-line-malformed',
      ['Subject'],
      'body',
    ],
    [
      'the rest of a lost field before fields',
      ' <a@b.test>\r\nto: c@d.test\r\n\r\nbody',
      'header-line-malformed',
      ['to'],
      'body',
    ],
    ['a line of junk and half a field', 'junk\r\nSubject', 'headers-missing', [], 'junk\r\nSubject'],
    ['a byte order mark', '\xef\xbb\xbfA: b\r\n\r\nbody', 'byte-order-mark', ['A'], 'body'],
    ['half a byte order mark', '\xef\xbbA: b', 'headers-missing', [], '\xef\xbbA: b'],
    ['lines that end in LF', 'A: b\n\nbody', 'line-ends-lf', ['A'], 'body'],
    ['lines that end in both ways', 'A: b\r\nC: d\n\r\nbody', 'line-ends-mixed', ['A', 'C'], 'body'],
    ['a blank line that ends otherwise', 'A: b\r\n\nbody', 'line-ends-mixed', ['A'], 'body'],
    ['no blank line', 'A: b', undefined, ['A'], ''],
    ['no octet', '', undefined, [], ''],
    ['a blank line alone', '\r\n', undefined, [], ''],
    ['a name of 998 octets', `${'x'.repeat(997)}: y\r\n\r\nz`, undefined, ['x'.repeat(997)], 'z'],
    [
      'a name that no line holds',
      `${'x'.repeat(998)}: y\r\n\r\nz`,
      'headers-missing',
      [],
      `${'x'.repeat(998)}: y\r\n\r\nz`,
    ],
  ])('%s', (_, source, defect, names, body) => {
    const message = parseMessage(octets(source));
    expectExactRanges(message);
    expect(codes(message)).toEqual(defect === undefined ? [] : [defect]);
    expect([...message.headers].map((field) => field.name)).toEqual(names);
    expect(latin1(message.bodyBytes)).toBe(body);
  });

  test('all fields of a name are there, and that there are two is a defect', () => {
    const message = parse('From: a@b.test', 'X: 1', 'FROM: c@d.test', 'X: 2', '', 'body');
    expect(message.headers.all('from').map((field) => field.value)).toEqual(['a@b.test', 'c@d.test']);
    expect(message.headers.length).toBe(4);
    expect(message.headers.at(1)?.value).toBe('1');
    expect([message.headers.at(4), message.headers.at(-1), message.headers.at(0.5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(message.defects).toEqual([expect.objectContaining({ code: 'header-duplicate', offset: 22 })]);
  });
});

test('a thousand bad lines are one defect', () => {
  const message = parseMessage(octets(`A: b\r\n${'x\r\n'.repeat(1000)}${'C : d\r\n'.repeat(1000)}\r\n`));
  expect(codes(message)).toEqual(['header-line-malformed', 'space-before-colon']);
});
