import { describe, expect, it } from 'vitest';
import {
  decodeModifiedUtf7,
  encodeModifiedUtf7,
  exactModifiedUtf7,
  ModifiedUtf7Decoder,
  ModifiedUtf7Encoder,
} from '../../src/charset/modified-utf7.js';

function lenient(encoded: string): { text: string; replacements: number } {
  const decoder = new ModifiedUtf7Decoder();
  const text = decoder.update(encoded) + decoder.finish();
  return { text, replacements: decoder.replacements };
}

describe('modified UTF-7', () => {
  it.each([
    // RFC 3501 §5.1.3.
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Hello&world', 'Hello&-world'],
    ['', ''],
    ['&', '&-'],
    ['&&', '&-&-'],
    ['ä', '&AOQ-'],
    ['ä&ö', '&AOQ-&-&APY-'],
    ['ä-', '&AOQ--'],
    ['😀', '&2D3eAA-'],
    ['a\tb\x7f', 'a&AAk-b&AH8-'],
    ['äöü', '&AOQA9gD8-'],
    ['äöüß', '&AOQA9gD8AN8-'],
  ])('of %j is %j, both ways', (text, encoded) => {
    expect(encodeModifiedUtf7(text)).toBe(encoded);
    expect(decodeModifiedUtf7(encoded)).toBe(text);
    expect(lenient(encoded)).toEqual({ text, replacements: 0 });
  });

  it.each([
    ['no shift at the end', '&AOQ', 'ä\ufffd', 1],
    ['an ampersand alone', 'a & b', 'a \ufffd b', 1],
    ['an ampersand at the end', 'a&', 'a\ufffd', 1],
    ['printable characters in base64', '&AGE-', 'a', 0],
    ['a delimiter in base64', '&AC8-', '/', 0],
    ['an ampersand in base64', '&ACY-', '&', 0],
    ['one shift right behind another', '&AOQ-&AOQ-', 'ää', 0],
    ['bits left over', '&AOR-', 'ä\ufffd', 1],
    ['a character too many', '&AOQA-', 'ä\ufffd', 1],
    ['half of a pair', '&2D0-', '\ufffd', 1],
    ['the second half of a pair', '&3gA-', '\ufffd', 1],
    ['a pair turned round', '&3gDYPQ-', '\ufffd\ufffd', 2],
    ['a slash in base64', '&U/BTFw-', '\ufffd/BTFw-', 1],
    ['an ampersand within base64', '&AOQ&AOQ-', 'ä\ufffdä', 1],
    ['8-bit characters', 'é', 'é', 0],
    ['control characters', 'a\tb', 'a\tb', 0],
  ])('that has %s is not taken for a name, but shown', (_, encoded, text, replacements) => {
    expect(exactModifiedUtf7(encoded)).toBeUndefined();
    expect(() => decodeModifiedUtf7(encoded)).toThrowError(
      expect.objectContaining({ code: 'mailbox-name-malformed' }),
    );
    expect(lenient(encoded)).toEqual({ text, replacements });
  });

  it('has no encoding of half a surrogate pair', () => {
    for (const [text, offset] of [
      ['a\ud800', 1],
      ['\ud800b', 0],
      ['ab\udc00', 2],
      ['\ud800\ud800', 0],
      ['\ud800&', 0],
      ['ä\ud83d\ude00\udc00', 3],
    ] as const) {
      expect(() => encodeModifiedUtf7(text), JSON.stringify(text)).toThrowError(
        expect.objectContaining({ code: 'charset-unencodable', offset }),
      );
    }
    const encoder = new ModifiedUtf7Encoder();
    encoder.update('abc\ud800');
    expect(() => encoder.finish()).toThrowError(
      expect.objectContaining({ code: 'charset-unencodable', offset: 3 }),
    );
  });
});
