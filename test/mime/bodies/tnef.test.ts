import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { encodeMimeBase64 } from '../../../src/encoding/mime-base64.js';
import { readableContent } from '../../../src/mime/bodies/readable-content.js';
import { isTnef, parseTnef } from '../../../src/mime/bodies/tnef.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { crlf, latin1, octets } from '../../support/mime.js';

// A writer by MS-OXTNEF §2.1.3, which shares nothing with the reader.
const number = (value: number, length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(Math.floor(value / 256 ** i) % 256)).join('');
const utf16 = (text: string): string => [...text].map((c) => number(c.charCodeAt(0), 2)).join('');

function attribute(level: number, id: number, data: string): string {
  const sum = [...data].reduce((total, c) => total + c.charCodeAt(0), 0);
  return number(level, 1) + number(id, 4) + number(data.length, 4) + data + number(sum % 65536, 2);
}

/** One counted property with its padding. */
function property(id: number, type: number, ...values: string[]): string {
  const padded = values.map((value) => number(value.length, 4) + value + '\0'.repeat(-value.length & 3));
  return number(type, 2) + number(id, 2) + number(values.length, 4) + padded.join('');
}

const properties = (...list: string[]): string => number(list.length, 4) + list.join('');
const begin = attribute(2, 0x00069002, '\x01\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0');
const title = (name: string): string => attribute(2, 0x00018010, `${name}\0`);
const data = (content: string): string => attribute(2, 0x0006800f, content);
const inAttachment = (...list: string[]): string => attribute(2, 0x00069005, properties(...list));
const inMessage = (...list: string[]): string => attribute(1, 0x00069003, properties(...list));
const tnef = (...attributes: string[]): Uint8Array<ArrayBuffer> =>
  bytesFromLatin1(`\x78\x9f\x3e\x22\x01\x00${attributes.join('')}`);
const codePage = (page: number): string => attribute(1, 0x00069007, number(page, 4) + number(0, 4));
const IID_MESSAGE = '\x07\x03\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46';
const named = (kind: number, name: string): string =>
  `${number(0x0003, 2)}${number(0x8001, 2)}${'g'.repeat(16)}${number(kind, 4)}${name}${number(7, 4)}`;

const files = (source: Uint8Array) =>
  parseTnef(source).attachments.map((file) => [file.filename, file.mediaType, latin1(file.content())]);

describe('parseTnef', () => {
  test('attachments in their order', () => {
    const source = tnef(begin, title('a.txt'), data('one'), begin, data(''), title('b.txt'));
    expect(files(source)).toEqual([
      ['a.txt', 'application/octet-stream', 'one'],
      ['b.txt', 'application/octet-stream', ''],
    ]);
    expect(parseTnef(source).defects).toEqual([]);
  });

  test('the long name, the media type and the Content-ID', () => {
    const source = tnef(
      ...[begin, title('LONGNA~1.PNG'), data('png')],
      inAttachment(
        property(0x3707, 0x1f, utf16('見積 long name.png\0')),
        property(0x3704, 0x1e, 'LONGNA~1.PNG\0'),
        property(0x370e, 0x1e, 'Image/PNG\0'),
        property(0x3712, 0x1e, '<a@b>\0'),
      ),
    );
    const [file] = parseTnef(source).attachments;
    expect([file!.filename, file!.mediaType, file!.contentId]).toEqual([
      '見積 long name.png',
      'image/png',
      'a@b',
    ]);
  });

  test.each([
    [932, '\x8c\xa9', '見'],
    [1252, '\x80', '€'],
    [65001, '\xc3\xa9', 'é'],
    [4711, 'plain', 'plain'],
  ])('names in code page %i', (page, encoded, name) => {
    expect(files(tnef(codePage(page), begin, title(encoded), data('')))[0]![0]).toBe(name);
  });

  test('an embedded message is TNEF again', () => {
    const inner = latin1(tnef(begin, title('inner.txt'), data('x')));
    const source = tnef(begin, title('FW'), inAttachment(property(0x3701, 0x0d, IID_MESSAGE + inner)));
    const [file] = parseTnef(source).attachments;
    expect([file!.isEmbeddedMessage, file!.mediaType]).toEqual([true, 'application/ms-tnef']);
    expect(files(file!.content())[0]![0]).toBe('inner.txt');
  });

  test('an object that is none comes without its identifier', () => {
    const source = tnef(
      begin,
      title('x.bmp'),
      inAttachment(property(0x3701, 0x0d, `${'i'.repeat(16)}storage`)),
    );
    expect(files(source)).toEqual([['x.bmp', 'application/octet-stream', 'storage']]);
  });

  test('subject and texts', () => {
    const source = tnef(
      inMessage(
        property(0x0037, 0x1f, utf16('こん\0')),
        property(0x1000, 0x1e, 'plain\0'),
        property(0x1013, 0x102, '<meta charset=utf-8>\xc3\xa9'),
        property(0x1009, 0x102, 'LZFu'),
      ),
    );
    const { subject, text, html, compressedRtf } = parseTnef(source);
    expect([subject, text, html, latin1(compressedRtf!)]).toEqual([
      'こん',
      'plain',
      '<meta charset=utf-8>é',
      'LZFu',
    ]);
    const old = parseTnef(tnef(attribute(1, 0x00018004, 'old\0'), attribute(1, 0x0002800c, 'text\0')));
    expect([old.subject, old.text, old.html]).toEqual(['old', 'text', undefined]);
  });

  test('properties of every shape before the one that counts', () => {
    const fixed = (type: number, length: number): string =>
      number(type, 2) + number(0x1234, 2) + 'f'.repeat(length);
    const source = tnef(
      ...[begin, data('x')],
      inAttachment(
        ...[
          fixed(0x02, 4),
          fixed(0x03, 4),
          fixed(0x05, 8),
          fixed(0x0b, 4),
          fixed(0x14, 8),
          fixed(0x40, 8),
          fixed(0x48, 16),
        ],
        number(0x1003, 2) + number(0x1234, 2) + number(2, 4) + 'f'.repeat(8),
        property(0x1234, 0x101e, 'several\0', 'values\0'),
        named(0, number(0x8554, 4)),
        named(1, `${number(6, 4)}abcdef\0\0`),
        property(0x3707, 0x1e, 'found\0'),
      ),
    );
    expect(parseTnef(source).defects).toEqual([]);
    expect(files(source)[0]![0]).toBe('found');
  });

  test.each<[string, Uint8Array, string, number]>([
    [
      'a wrong checksum',
      bytesFromLatin1(`${latin1(tnef(begin, title('a'), data('x'))).slice(0, -1)}\x01`),
      'x',
      1,
    ],
    ['a cut stream', tnef(begin, title('a'), data('whole')).slice(0, -4), 'who', 1],
    ['what follows is nothing', tnef(begin, title('a'), data('x'), '\r\n'), 'x', 1],
    ['no beginning', tnef(title('a'), data('x')), 'x', 0],
    [
      'a count of properties that lies',
      tnef(begin, title('a'), data('x'), attribute(2, 0x00069005, '\xff\xff\xff\xff')),
      'x',
      1,
    ],
    [
      'a type that nobody knows',
      tnef(begin, title('a'), data('x'), inAttachment('\x99\x99\x01\x01')),
      'x',
      1,
    ],
  ])('%s', (_, source, content, defects) => {
    const result = parseTnef(source);
    expect(result.defects.length).toBe(defects);
    expect(result.attachments.map((file) => [file.filename, latin1(file.content())])).toEqual([
      ['a', content],
    ]);
  });

  test('has as many attachments as a message has parts', () => {
    const source = tnef(begin.repeat(10_000), begin, title('last'), data('x'));
    const offset = 6 + begin.length * 10_000;
    expect(() => parseTnef(source)).toThrow(expect.objectContaining({ code: 'limit-parts', offset }));
    const { attachments, defects } = parseTnef(source, { onLimit: 'truncate' });
    expect([attachments.length, attachments.at(-1)!.filename]).toEqual([10_000, undefined]);
    expect(defects.map((defect) => [defect.code, defect.offset])).toEqual([['limit-parts', offset]]);
    expect(parseTnef(source, { limits: { parts: 10_001 } }).attachments.at(-1)!.filename).toBe('last');
  });

  test('what is no TNEF', () => {
    expect(() => parseTnef(octets('PK'))).toThrow(MailsealError);
    expect(isTnef(octets('PK'))).toBe(false);
    expect(parseTnef(octets('\x78\x9f\x3e\x22')).attachments).toEqual([]);
  });

  test('of any octets it gives a value', () => {
    const piece = fc.oneof(
      fc.constantFrom(begin, title('a'), data('x'), codePage(932), inMessage(property(0x1000, 0x1e, 'x'))),
      fc.string({
        unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
        maxLength: 9,
      }),
    );
    const damage = fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), damage, (pieces, changes) => {
        const source = tnef(...pieces);
        for (const [at, octet] of changes) if (at > 3 && at < source.length) source[at] = octet;
        const result = parseTnef(source);
        const held = result.attachments.reduce((total, file) => total + file.content().length, 0);
        expect(held).toBeLessThanOrEqual(source.length);
        expect(result.defects.every(({ offset }) => offset <= source.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['attachments', (count: number) => tnef(begin.repeat(count))],
    [
      'properties',
      (count: number) => tnef(begin, inAttachment(...new Array<string>(count).fill(property(1, 0x1e, 'x')))),
    ],
    [
      'values',
      (count: number) => tnef(begin, inAttachment(property(1, 0x101e, ...new Array<string>(count).fill('')))),
    ],
  ])('in linear time: many %s', (_, make) => {
    expectLinear((size) => {
      const source = make(size / 20);
      return () => void parseTnef(source, { limits: { parts: 1e9 } });
    }, 100_000);
  });
});

describe('winmail.dat in a message', () => {
  const message = (source: Uint8Array) =>
    parseMessage(
      concatBytes([
        crlf('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text', '--b'),
        crlf('Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', ''),
        encodeMimeBase64(source),
        crlf('--b--'),
      ]),
    );
  const names = (source: Uint8Array, unpack: boolean) =>
    readableContent(message(source), { tnef: unpack }).attachments.map((file) => file.filename);

  test('gives its files when asked for', () => {
    const source = tnef(begin, title('a.txt'), data('one'));
    expect(names(source, true)).toEqual(['a.txt']);
    expect(names(source, false)).toEqual(['winmail.dat']);
    const [file] = readableContent(message(source), { tnef: true }).attachments;
    expect([latin1(file!.content()), file!.isUnpacked, file!.part.path]).toEqual(['one', true, '2']);
  });

  test('gives its HTML where the message has none, and what that shows is inline', () => {
    const source = tnef(
      inMessage(property(0x1013, 0x102, '<p>rich</p><img src="cid:a@b">')),
      ...[begin, title('dot.png'), data('png'), inAttachment(property(0x3712, 0x1e, 'a@b\0'))],
    );
    const content = readableContent(message(source), { tnef: true });
    expect([content.text, content.html]).toEqual(['text', '<p>rich</p><img src="cid:a@b">']);
    expect(content.inline.map((file) => file.filename)).toEqual(['dot.png']);
    expect(content.resolve('cid:a%40b')).toBe(content.inline[0]);
    expect(content.attachments).toEqual([]);
    const alone = concatBytes([crlf('Content-Type: application/ms-tnef', ''), source]);
    expect(readableContent(parseMessage(alone), { tnef: true }).text).toBe('rich\n');
    expect(readableContent(parseMessage(alone)).text).toBeUndefined();
  });

  test('has no more files than the message may have parts', () => {
    const alone = concatBytes([crlf('Content-Type: application/ms-tnef', ''), tnef(begin, begin)]);
    const cut = parseMessage(alone, { limits: { parts: 1 }, onLimit: 'truncate' });
    expect(readableContent(cut, { tnef: true }).attachments).toHaveLength(1);
    const whole = readableContent(parseMessage(alone, { limits: { parts: 1 } }), { tnef: true });
    for (const _ of ['once', 'again']) {
      expect(() => whole.attachments).toThrow(expect.objectContaining({ code: 'limit-parts' }));
    }
  });

  test('a Content-ID of nothing is none', () => {
    const source = tnef(begin, title('a'), data('x'), inAttachment(property(0x3712, 0x1e, '<>\0')));
    expect(parseTnef(source).attachments[0]!.contentId).toBeUndefined();
    const content = readableContent(message(source), { tnef: true });
    expect(content.resolve('https://a.example/')).toBeUndefined();
  });

  test('stays where it holds no files, or is none', () => {
    expect(names(tnef(), true)).toEqual(['winmail.dat']);
    expect(names(octets('junk'), true)).toEqual(['winmail.dat']);
  });
});
