import { describe, expect, test } from 'vitest';
import { findUuencodedFiles, withoutRanges } from '../../../src/mime/bodies/uuencoded-files.js';
import { parseMessage } from '../../../src/mime/message.js';
import { expectLinear } from '../../support/linear-time.js';
import { latin1, octets } from '../../support/mime.js';

const file = 'begin 644 cat.txt\n#0V%T\n`\nend\n';

describe('findUuencodedFiles', () => {
  test.each([
    ['one', `Hi\n${file}Bye\n`, ['cat.txt'], 'Hi\nBye\n'],
    ['two', `${file}and\n${file.replace('cat', 'dog')}`, ['cat.txt', 'dog.txt'], 'and\n'],
    ['CRLF', `Hi\r\n${file.replaceAll('\n', '\r\n')}Bye`, ['cat.txt'], 'Hi\r\nBye'],
    ['without a last line end', file.trimEnd(), ['cat.txt'], ''],
    ['stripped blanks', 'begin 644 a\n#\n\nend\n', ['a'], ''],
    ['no end', 'begin 644 cat.txt\n#0V%T\n', [], 'begin 644 cat.txt\n#0V%T\n'],
    ['prose', 'begin 644 times\nand then end\nend\n', [], 'begin 644 times\nand then end\nend\n'],
    ['two blanks, which hid text once', 'begin  now\nsecret\n', [], 'begin  now\nsecret\n'],
    ['a begin in a begin', `begin 644 x\n${file}`, ['cat.txt'], 'begin 644 x\n'],
    ['not at the start of a line', `> ${file}`, [], `> ${file}`],
    ['nothing', '', [], ''],
  ])('%s', (_, text, names, rest) => {
    const source = octets(text);
    const files = findUuencodedFiles(source);
    expect(files.map(({ name }) => name)).toEqual(names);
    expect(latin1(withoutRanges(source, files))).toBe(rest);
  });

  test('content', () => {
    const files = findUuencodedFiles(octets(`x\n${file}`));
    expect(files.map((found) => [found.mode, latin1(found.content())])).toEqual([[0o644, 'Cat']]);
  });

  test.each(['begin 644 a\n', 'begin 644 a\n#0V%T\n', '#0V%T\n'])('in linear time: %j', (piece) => {
    expectLinear((size) => {
      const text = octets(`begin 644 a\n${piece.repeat(size / piece.length)}`);
      return () => void findUuencodedFiles(text);
    }, 100_000);
  });
});

describe('uuencode as transfer encoding', () => {
  test.each(['uuencode', 'x-uuencode', 'X-UUE', 'uue'])('%s', (encoding) => {
    const part = parseMessage(octets(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${file}`));
    expect(latin1(part.content())).toBe('Cat');
    expect(part.defects).toEqual([]);
  });

  test('where there is none, the octets stay', () => {
    const part = parseMessage(octets('Content-Transfer-Encoding: uuencode\r\n\r\nplain\n'));
    expect(latin1(part.content())).toBe('plain\n');
    expect(part.defects.map(({ code }) => code)).toEqual(['uuencode-damaged']);
  });
});
