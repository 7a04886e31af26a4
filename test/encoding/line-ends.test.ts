import { describe, expect, test } from 'vitest';
import { canonicalLineEnds, LineEndCanonicalizer } from '../../src/encoding/line-ends.js';
import { singly, transform } from '../support/pieces.js';

const ascii = (text: string) => new TextEncoder().encode(text);
const text = (octets: Uint8Array) => new TextDecoder().decode(octets);

describe('canonical line ends', () => {
  test.each([
    ['LF', 'a\nb\n', 'a\r\nb\r\n'],
    ['CRLF', 'a\r\nb\r\n', 'a\r\nb\r\n'],
    ['both', 'a\r\nb\nc', 'a\r\nb\r\nc'],
    ['empty lines', '\n\n\r\n\n', '\r\n\r\n\r\n\r\n'],
    ['a CR alone, which stays', 'a\rb', 'a\rb'],
    ['CR CR LF, which stays', 'a\r\r\n', 'a\r\r\n'],
    ['LF CR', 'a\n\r', 'a\r\n\r'],
    ['a CR at the end', 'a\r', 'a\r'],
    ['nothing', '', ''],
  ])('%s', (_, received, canonical) => {
    expect(text(canonicalLineEnds(ascii(received)))).toBe(canonical);
    expect(text(transform(new LineEndCanonicalizer(), singly(ascii(received))))).toBe(canonical);
    expect(text(canonicalLineEnds(ascii(canonical)))).toBe(canonical);
  });

  test('gives the very input back when it is canonical', () => {
    const octets = ascii('a\r\nb\rc\r\n');
    expect(canonicalLineEnds(octets)).toBe(octets);
    expect(new LineEndCanonicalizer().update(octets)).toBe(octets);
    const buffer = Buffer.from('a\r\n');
    expect(canonicalLineEnds(buffer).constructor).toBe(Uint8Array);
    expect(canonicalLineEnds(buffer).buffer).toBe(buffer.buffer);
  });

  test('knows CRLF cut in the middle', () => {
    const lines = new LineEndCanonicalizer();
    const given = ['a\r', '', '\nb', '\n', '\n\r', '\n'].map((piece) => text(lines.update(ascii(piece))));
    expect(given).toEqual(['a\r', '', '\nb', '\r\n', '\r\n\r', '\n']);
    expect(lines.finish().length).toBe(0);
  });
});
