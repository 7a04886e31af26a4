import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeHex } from '../../src/encoding/hex.js';
import { Decoder, decode } from '../../src/iso2022jp/decode.js';
import { jis0208 } from '../../src/iso2022jp/jis0208.js';
import { jisx0212 } from '../../src/iso2022jp/jisx0212.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface DecoderCase {
  readonly name: string;
  readonly bytes: string;
  readonly expected: string;
}

interface ErrorCase {
  readonly bytes: string;
  readonly expected: string;
  readonly fatalMustThrow: boolean;
}

/** Decodes in pieces that end at the given places. */
function decodeInPieces(octets: Uint8Array, ends: readonly number[]): string {
  const decoder = new Decoder({ mode: 'web' });
  let text = '';
  let start = 0;
  for (const end of [...ends, octets.length]) {
    text += decoder.update(octets.subarray(start, end));
    start = end;
  }
  return text + decoder.finish();
}

function expectEverySplit(octets: Uint8Array, expected: string): void {
  expect(decode(octets, { mode: 'web' })).toBe(expected);
  expect(
    decodeInPieces(
      octets,
      [...octets].map((_, at) => at),
    ),
  ).toBe(expected);
  for (let at = 0; at <= octets.length; at++)
    expect(decodeInPieces(octets, [at]), `split at ${at}`).toBe(expected);
}

function fatalError(octets: Uint8Array): MailsealError | undefined {
  try {
    decode(octets, { mode: 'web', fatal: true });
    return undefined;
  } catch (error) {
    if (error instanceof MailsealError) return error;
    throw error;
  }
}

describeCorpus('wpt-iso2022jp', () => {
  test('34 of 34 decoder cases, whole, in octets, at every split', () => {
    const cases = readCorpusJson<DecoderCase[]>('wpt-iso2022jp/decoder-cases.json');
    for (const { name, bytes, expected } of cases) {
      const octets = decodeHex(bytes);
      expect(decode(octets, { mode: 'web' }), name).toBe(expected);
      expectEverySplit(octets, expected);
      // No case has U+FFFD as content, so a replacement and an exception in fatal mode are the same thing.
      const error = fatalError(octets);
      expect(error?.code, name).toBe(expected.includes('\ufffd') ? 'charset-malformed' : undefined);
      if (error !== undefined) expect(error.offset, name).toBeLessThanOrEqual(octets.length);
    }
    expect(cases.length).toBe(34);
  });

  test('8 of 8 error cases, replaced and fatal', () => {
    const cases = readCorpusJson<ErrorCase[]>('wpt-iso2022jp/error-cases.json');
    for (const { bytes, expected, fatalMustThrow } of cases) {
      const octets = decodeHex(bytes);
      expectEverySplit(octets, expected);
      expect(fatalError(octets) !== undefined, bytes).toBe(fatalMustThrow);
    }
    expect(cases.length).toBe(8);
  });

  test('7,329 encoded characters decode back, U+2212 as U+FF0D', () => {
    const characters = readCorpusJson<[string, string][]>('wpt-iso2022jp/chars.json');
    let same = 0;
    for (const [codePoint, bytes] of characters) {
      const character = String.fromCodePoint(Number.parseInt(codePoint, 16));
      const decoded = decode(decodeHex(bytes), { mode: 'web', fatal: true });
      if (decoded === character) same++;
      else expect([character, decoded]).toEqual(['\u2212', '\uff0d']);
    }
    expect([characters.length, same]).toEqual([7329, 7328]);
  });

  test('8,836 cells agree with index-jis0208', () => {
    const cells = new Uint16Array(94 * 94);
    const index = new TextDecoder().decode(readCorpus('wpt-iso2022jp/index-jis0208.txt'));
    let beyond = 0;
    for (const [, pointer, codePoint] of index.matchAll(/^\s*(\d+)\t0x([0-9A-F]+)\t/gm)) {
      if (Number(pointer) < cells.length) cells[Number(pointer)] = Number.parseInt(codePoint!, 16);
      else beyond++;
    }
    expect(beyond).toBe(388);
    expect(jis0208()).toEqual(cells);
    for (let cell = 0; cell < cells.length; cell++) {
      const octets = Uint8Array.of(
        0x1b,
        0x24,
        0x42,
        0x21 + Math.floor(cell / 94),
        0x21 + (cell % 94),
        0x1b,
        0x28,
        0x42,
      );
      expect(decode(octets, { mode: 'web' })).toBe(String.fromCharCode(cells[cell]! || 0xfffd));
    }
  });

  test('8,836 cells of JIS X 0212 agree with index-jis0212', () => {
    const cells = new Uint16Array(94 * 94);
    const index = new TextDecoder().decode(readCorpus('wpt-iso2022jp/index-jis0212.txt'));
    for (const [, pointer, codePoint] of index.matchAll(/^\s*(\d+)\t0x([0-9A-F]+)\t/gm))
      cells[Number(pointer)] = Number.parseInt(codePoint!, 16);
    expect(cells.filter((unit) => unit !== 0).length).toBe(6067);
    expect(jisx0212().units).toEqual(cells);
  });
});
