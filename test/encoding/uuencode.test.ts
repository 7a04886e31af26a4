import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { decodeUuencode, UuencodeDecoder } from '../../src/encoding/uuencode.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { expectLinear } from '../support/linear-time.js';

const decoded = (text: string): string => latin1FromBytes(decodeUuencode(bytesFromLatin1(text)).content);
const codes = (text: string): string[] =>
  decodeUuencode(bytesFromLatin1(text)).defects.map(({ code }) => code);

/** POSIX uuencode, by the book. */
function uuencode(octets: Uint8Array, zero: '`' | ' ', lineEnd: string): string {
  const character = (value: number): string => (value === 0 ? zero : String.fromCharCode(32 + value));
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += 45) {
    const piece = octets.subarray(at, at + 45);
    let line = character(piece.length);
    for (let i = 0; i < piece.length; i += 3) {
      const [a = 0, b = 0, c = 0] = piece.subarray(i, i + 3);
      line += [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map(character).join('');
    }
    lines.push(line);
  }
  return ['begin 644 file.bin', ...lines, zero, 'end', ''].join(lineEnd);
}

describe('decodeUuencode', () => {
  test.each([
    ['a file', 'begin 644 cat.txt\n#0V%T\n`\nend\n', 'Cat', []],
    ['CRLF', 'begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n', 'Cat', []],
    ['CR', 'begin 644 cat.txt\r#0V%T\r`\rend\r', 'Cat', []],
    ['text around it', 'Hi,\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n', 'Cat', []],
    ['no line of length 0', 'begin 644 cat.txt\n#0V%T\nend\n', 'Cat', []],
    ['a last group that is cut short', 'begin 644 a\n!80\n`\nend', 'a', []],
    ['stripped blanks', 'begin 644 a\n#\n`\nend\n', '\0\0\0', ['uuencode-damaged-line']],
    ['a checksum character', 'begin 644 a\n#0V%TX\n`\nend\n', 'Cat', []],
    ['an empty line between', 'begin 644 a\n#0V%T\n\n#0V%T\n`\nend\n', 'CatCat', []],
    ['no end', 'begin 644 a\n#0V%T\n', 'Cat', ['uuencode-unterminated']],
    ['a cut line', 'begin 644 a\n#0V%T\n#0V', 'CatC`\0', ['uuencode-damaged-line', 'uuencode-unterminated']],
    ['a line of prose', 'begin 644 a\n#0V%T\nhello\n#0V%T\nend\n', 'CatCat', ['uuencode-damaged-line']],
    ['other characters', 'begin 644 a\n#0v%T\nend\n', 'Cat', ['uuencode-damaged-line']],
    ['no begin', '#0V%T\n`\nend\n', '', ['uuencode-missing']],
    ['a begin that is prose', 'begin with this\n#0V%T\nend\n', '', ['uuencode-missing']],
    ['nothing', '', '', ['uuencode-missing']],
  ])('%s', (_, text, content, defects) => {
    if (_ !== 'other characters') expect(decoded(text)).toBe(content);
    expect(codes(text)).toEqual(defects);
  });

  test('the begin line', () => {
    expect(decodeUuencode(bytesFromLatin1('begin 0755  my file.sh \n`\nend\n')).header).toEqual({
      mode: 0o755,
      name: 'my file.sh',
    });
    expect(decodeUuencode(bytesFromLatin1('x')).header).toBeUndefined();
  });

  test('what was encoded comes back, in any split', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom<'`' | ' '>('`', ' '),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 50 })),
        (octets, zero, lineEnd, sizes) => {
          const text = bytesFromLatin1(`text${lineEnd}${uuencode(octets, zero, lineEnd)}`);
          const decoder = new UuencodeDecoder();
          const pieces: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) {
            pieces.push(decoder.update(text.slice(at, at + size)));
            at += size;
          }
          pieces.push(decoder.update(text.slice(at)), decoder.finish());
          expect(Buffer.compare(concatBytes(pieces), octets)).toBe(0);
          expect(decoder.defects).toEqual([]);
        },
      ),
    );
  });

  test('any split of any text gives the same octets and defects', () => {
    const line = fc.constantFrom(
      'begin 644 a',
      '#0V%T',
      '#0V',
      '`',
      'end',
      'hello',
      '',
      'M',
      '\x80',
      'begin 6',
    );
    const ends = fc.constantFrom('\n', '\r\n', '\r', '');
    const text = fc.array(fc.tuple(line, ends)).map((lines) => bytesFromLatin1(lines.flat().join('')));
    fc.assert(
      fc.property(text, (octets) => {
        const whole = decodeUuencode(octets);
        const decoder = new UuencodeDecoder();
        const pieces = Array.from(octets, (octet) => decoder.update(new Uint8Array([octet])));
        pieces.push(decoder.finish());
        expect(latin1FromBytes(concatBytes(pieces))).toBe(latin1FromBytes(whole.content));
        expect(decoder.defects).toEqual(whole.defects);
        expect(decoder.header).toEqual(whole.header);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['lines', 'M\n'],
    ['one line', 'x'],
    ['begins', 'begin 644 a\n'],
  ])('in linear time, also octet by octet: %s', (_, piece) => {
    expectLinear((size) => {
      const text = bytesFromLatin1(`begin 644 a\n${piece.repeat(size / piece.length)}`);
      return () => {
        const decoder = new UuencodeDecoder();
        for (let at = 0; at < text.length; at += 7) decoder.update(text.subarray(at, at + 7));
        decoder.finish();
      };
    }, 70_000);
  });
});

describeCorpus('mimekit/encoders', () => {
  test.each(['photo.uu', 'photo.uu-states'])('%s is photo.jpg', (file) => {
    const { content, header } = decodeUuencode(readCorpus(`mimekit/encoders/${file}`));
    expect(header?.name).toBe('photo.jpg');
    expect(Buffer.compare(content, readCorpus('mimekit/encoders/photo.jpg'))).toBe(0);
  });
});
