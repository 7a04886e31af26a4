import { describe, expect, test } from 'vitest';
import { decode } from '../../src/iso2022jp/decode.js';
import { encode } from '../../src/iso2022jp/encode.js';
import { type Codec, codecs, linesReadBy, linesWrittenBy } from '../support/iso2022jp-programs.js';
import { halfWidthWords } from '../support/japanese-samples.js';
import { describeProgram } from '../support/programs.js';

const each = Array.from({ length: 63 }, (_, at) => String.fromCharCode(0xff61 + at));
const lines = [...each, ...halfWidthWords, 'ﾒｰﾙ mail ﾒｰﾙ', '全角とﾊﾝｶｸと', 'ｶﾞｷﾞﾊﾟｳﾞﾜﾞｦﾞ'];
const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');
const escaped = lines.map((line) => latin1(encode(line, { halfwidth: 'escape' })));

describe('half-width katakana', () => {
  for (const codec of [codecs.nkfMs, codecs.pythonExt, codecs.uconvJis7]) {
    describeProgram(codec.program, () => {
      test(`${codec.charset} reads what we write after ESC ( I`, () => {
        expect(linesReadBy(codec, escaped)).toEqual(lines);
      });
      test(`we read what ${codec.charset} writes`, () => {
        const written = linesWrittenBy(codec, lines);
        expect(written.map((line) => decode(Buffer.from(line, 'latin1'), { fatal: true }))).toEqual(lines);
      });
    });
  }

  describeProgram('nkf', () => {
    // Without -x: in full width, each with its sound mark as one character.
    const folding: Codec = { ...codecs.nkf, write: ['nkf', '--ic=utf-8', '--oc=iso-2022-jp', '-m0', '-X'] };
    test('nkf -X folds them into the octets that we do', () => {
      const written = linesWrittenBy(folding, lines);
      expect(written).toEqual(lines.map((line) => latin1(encode(line))));
    });
  });

  describeProgram('uconv', () => {
    test('uconv as iso-2022-jp has none of them (SUB), we fold them', () => {
      expect(linesWrittenBy(codecs.uconv, ['ｶﾞ'])).toEqual(['\x1a\x1a']);
      expect(decode(encode('ｶﾞ'))).toBe('ガ');
    });
  });
});
