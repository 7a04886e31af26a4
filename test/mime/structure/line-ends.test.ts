import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../../src/mime/message.js';
import { crlf, expectExactRanges, latin1, octets } from '../../support/mime.js';
import { eventsOf, octetsOf } from '../../support/mime-events.js';

const codes = (source: Uint8Array): string[] => parseMessage(source).defects.map(({ code }) => code);

const message = latin1(
  crlf(
    'Subject: folded',
    ' here',
    'Content-Type: multipart/mixed;',
    ' boundary="b"',
    '',
    'before',
    '--b',
    '',
    'one',
    'two',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: inner',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'a=',
    'b=3D',
    '--b--',
    'after',
  ),
);

describe('a message in which CR alone ends lines', () => {
  const source = octets(message.replaceAll('\r\n', '\r'));

  test('is read as one with CRLF, in its own octets', () => {
    const tree = parseMessage(source);
    expectExactRanges(tree);
    expect(tree.headers.get('subject')?.text).toBe('folded here');
    expect(latin1(tree.headers.get('subject')!.raw)).toBe('Subject: folded\r here\r');
    expect(latin1(tree.headers.get('subject')!.rawValue)).toBe(' folded\r here');
    expect(tree.parts.map((part) => latin1(part.bodyBytes))).toEqual([
      'one\rtwo',
      expect.stringMatching(/^Subject: inner\r/) as string,
    ]);
    expect(tree.parts[1]?.parts[0]?.headers.get('subject')?.value).toBe('inner');
    expect(tree.parts[1]?.parts[0]?.text()).toBe('ab=');
    expect(latin1(source, tree.epilogue!.start, tree.epilogue!.end)).toBe('after\r');
    expect(codes(source)).toEqual(['line-ends-cr']);
    expect(tree.defects[0]?.offset).toBe(15);
  });

  test('gives the same events octet by octet, and they hold its octets', () => {
    const whole = eventsOf(source, []);
    expect(eventsOf(source, new Array(source.length).fill(1))).toEqual(whole);
    expect(latin1(octetsOf(whole, source))).toBe(latin1(source));
    expect(whole.filter(({ type }) => type === 'part-begin').length).toBe(4);
  });

  test.each([
    ['a header block alone', 'A: b\rC: d\r', ['A', 'C']],
    ['one field', 'A: b\r', ['A']],
    ['a mailbox marker', 'From a@b.test Mon Jan 1\rA: b\r\rbody', ['A']],
    ['a body with LF', 'A: b\r\rbody\n', ['A']],
    ['fields whose lines end in CRLF after those', 'A: b\r\rbody\r\n', ['A']],
  ])('%s', (_, text, names) => {
    const tree = parseMessage(octets(text));
    expectExactRanges(tree);
    expect([...tree.headers].map(({ name }) => name)).toEqual(names);
    expect(tree.defects.map(({ code }) => code)).toContain('line-ends-cr');
  });
});

describe('a CR is part of a value or a body', () => {
  test.each([
    ['where an LF comes before the header block is over', 'A: b\rC: d\n\rE: f\r\r'],
    ['where two come before an LF', 'A: b\r\r\nC: d\r\r\n\r\r\nbody'],
    ['where lines end in CRLF', 'A: b\rc\r\nD: e\r\r\n\r\nbody'],
    ['in text', 'no field\rA: b\r\rbody'],
    ['in nothing else', '\r\r'],
    ['where no line ends', 'A: b'],
  ])('%s', (_, text) => {
    const source = octets(text);
    expectExactRanges(parseMessage(source));
    expect(codes(source)).not.toContain('line-ends-cr');
    expect(eventsOf(source, new Array(source.length).fill(1))).toEqual(eventsOf(source, []));
  });
});

test('any mixture of line ends gives the same events in any chunks, and every octet', () => {
  const line = fc.constantFrom('A: b', ' c', '--b', 'Content-Type: multipart/mixed; boundary=b', '', '', 'x');
  const end = fc.constantFrom('\r', '\r', '\r', '\r', '\r', '\r\n', '\n');
  const lines = fc.array(fc.tuple(line, end), { maxLength: 12 }).map((all) => all.flat().join(''));
  const text = fc.oneof(
    lines,
    lines.map((rest) => `A: b\r${rest}`),
  );
  let withCr = 0;
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), (source, sizes) => {
      const whole = eventsOf(octets(source), []);
      expect(eventsOf(octets(source), sizes)).toEqual(whole);
      expect(latin1(octetsOf(whole, octets(source)))).toBe(source);
      expectExactRanges(parseMessage(octets(source)));
      if (codes(octets(source)).includes('line-ends-cr')) withCr++;
    }),
    { numRuns: 1000 },
  );
  expect(withCr).toBeGreaterThan(100);
});
