import { describe, expect, test } from 'vitest';
import { decode } from '../../src/iso2022jp/decode.js';
import { detectCharset } from '../../src/iso2022jp/detect.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import {
  charactersOf,
  eucJpOf,
  halfWidthWords,
  jisOf,
  placeOf,
  randomNumbers,
  runningText,
  shiftJisOf,
} from '../support/japanese-samples.js';

const octetsOf = (characters: string) => Uint8Array.from(characters, (one) => one.charCodeAt(0));
const utf8Of = (text: string) => new TextEncoder().encode(text);
const nameOf = (octets: Uint8Array) => detectCharset(octets).charset;

type Random = (below: number) => number;
const text = runningText.replaceAll('\n', '');
const kana = charactersOf(4, 5);
const level1 = charactersOf(16, 47);
/** Every assigned cell of JIS X 0208 itself. */
const all = [...charactersOf(1, 8), ...charactersOf(16, 84)];
const halfWidth = Array.from({ length: 63 }, (_, at) => String.fromCharCode(0xff61 + at));

const from = (characters: readonly string[]) => (random: Random) => characters[random(characters.length)]!;
const many = (pick: (random: Random) => string) => (random: Random, length: number) => {
  let sample = '';
  while (sample.length < length) sample += pick(random);
  return sample.slice(0, length);
};

/** What a random sample of criterion 4 is: four kinds, and each has to be told in every single sample. */
const kinds: Record<string, (random: Random, length: number) => string> = {
  'running text, cut anywhere': (random, length) => {
    const start = random(text.length - length);
    return text.slice(start, start + length);
  },
  'kana, uniform': many(from(kana)),
  'kanji of level 1, uniform': many(from(level1)),
  'all of JIS X 0208, uniform': many(from(all)),
};

describe('Detection of 400 random samples', () => {
  for (const [kind, sample] of Object.entries(kinds)) {
    for (const length of [12, 40]) {
      test(`${kind}, ${length} characters: Shift_JIS, EUC-JP and UTF-8 in all 400`, () => {
        const random = randomNumbers(length * 1009);
        const wrong: string[] = [];
        for (let count = 0; count < 400; count++) {
          const one = sample(random, length);
          expect(one.length).toBe(length);
          if (nameOf(shiftJisOf(one)) !== 'shift_jis') wrong.push(`Shift_JIS: ${one}`);
          if (nameOf(eucJpOf(one)) !== 'euc-jp') wrong.push(`EUC-JP: ${one}`);
          if (nameOf(utf8Of(one)) !== 'utf-8') wrong.push(`UTF-8: ${one}`);
        }
        expect(wrong).toEqual([]);
      });
    }
  }

  // Rarer texts, of which chance makes some look like another charset: here a share is held, not all.
  test.each([
    ['one half-width katakana in three, 12 characters', 12, 0.99, 0.99],
    ['one half-width katakana in three, 40 characters', 40, 0.999, 0.999],
  ])('%s', (_, length, shiftJis, eucJp) => {
    const random = randomNumbers(length);
    const pick = many((next) => (next(3) === 0 ? from(halfWidth)(next) : from(level1)(next)));
    const samples = Array.from({ length: 1000 }, () => pick(random, length));
    const right = (encode: (sample: string) => Uint8Array, name: string) =>
      samples.filter((sample) => nameOf(encode(sample)) === name).length / samples.length;
    expect(right(shiftJisOf, 'shift_jis')).toBeGreaterThanOrEqual(shiftJis);
    expect(right(eucJpOf, 'euc-jp')).toBeGreaterThanOrEqual(eucJp);
  });

  test('words of half-width katakana and nothing else: 12 of them in 97 %, 40 in 99.9 %, EUC-JP in all', () => {
    const random = randomNumbers(3);
    const words = many(from(halfWidthWords));
    for (const [length, share] of [
      [12, 0.97],
      [40, 0.999],
    ] as const) {
      const samples = Array.from({ length: 1000 }, () => words(random, length));
      expect(samples.filter((sample) => nameOf(eucJpOf(sample)) !== 'euc-jp')).toEqual([]);
      const right = samples.filter((sample) => nameOf(shiftJisOf(sample)) === 'shift_jis').length;
      expect(right / samples.length).toBeGreaterThanOrEqual(share);
    }
  });

  test('JIS that lost its escapes: every sample where $B and (B are left, 99 % of 40 characters where not', () => {
    const random = randomNumbers(11);
    const sample = kinds['running text, cut anywhere']!;
    for (const length of [2, 12, 40]) {
      for (let count = 0; count < 400; count++) {
        const one = `Re: ${sample(random, length)}`;
        expect(detectCharset(octetsOf(jisOf(one))), one).toMatchObject({
          charset: 'iso-2022-jp-without-escapes',
        });
        expect(nameOf(octetsOf(jisOf(one, { before: '\x1b' }))), one).toBe('iso-2022-jp');
      }
    }
    let bare = 0;
    for (let count = 0; count < 400; count++) {
      if (nameOf(octetsOf(jisOf(sample(random, 40), { marks: false }))) === 'iso-2022-jp-without-escapes')
        bare++;
    }
    expect(bare).toBeGreaterThanOrEqual(396);
  });
});

describe('Detection', () => {
  test('the encoders of these tests give what the platform reads', () => {
    const everything = [...all, ...halfWidth, 'ASCII'].join('');
    // The platform's decoders have the vendors' signs in some cells of row 1; so has the table.
    expect(new TextDecoder('shift_jis', { fatal: true }).decode(shiftJisOf(everything))).toBe(everything);
    expect(new TextDecoder('euc-jp', { fatal: true }).decode(eucJpOf(everything))).toBe(everything);
    expect(decode(octetsOf(jisOf(`a${text}b`, { before: '\x1b' })), { fatal: true })).toBe(`a${text}b`);
    expect(placeOf('亜')).toEqual([16, 1]);
  });

  test.each([
    ['nothing', '', 'us-ascii'],
    ['ASCII', 'Hello, world.\r\n', 'us-ascii'],
    ['ASCII with colours for a terminal', '\x1b[31mred\x1b[0m', 'us-ascii'],
    ['a price', 'It is $4.50, or 100% of it.', 'us-ascii'],
    ['variables of a program', 'my ($B, $A) = ($@, $C); # $Bx(B', 'us-ascii'],
    ['a formula', '=$B$1*(B2+C3)', 'us-ascii'],
    ['base64', 'GyRCJDMkcyRLJEEkTxsoQg==', 'us-ascii'],
    ['JIS', '\x1b$B$3$s$K$A$O\x1b(B', 'iso-2022-jp'],
    ['JIS of 1978', '\x1b$@4A;z\x1b(J', 'iso-2022-jp'],
    ['JIS that is not ended', 'a \x1b$B4A;z', 'iso-2022-jp'],
    ['7-bit half-width katakana', '\x1b(I1_\x1b(B', 'iso-2022-jp'],
    ['JIS with 8-bit half-width katakana', '\x1b$B4A;z\x1b(B \xb1\xb2', 'iso-2022-jp'],
    ['ISO-2022-JP-2', 'a\x1b.A\x1bNb\x1b$AVPND\x1b(B', 'iso-2022-jp'],
    ['JIS X 0213', '\x1b$(Q$"\x1b(B', 'iso-2022-jp'],
    ['ISO-2022-KR', '\x1b$)C\x0eGQ1[\x0f', undefined],
    ['JIS whose escapes were stripped', '$B$3$s$K$A$O(B', 'iso-2022-jp-without-escapes'],
    ['the same in a subject', 'Re: $B2q5D$N7o(B (3)', 'iso-2022-jp-without-escapes'],
    ['the same, 1978 and Roman', '$@$3$s$K$A$O(J', 'iso-2022-jp-without-escapes'],
    ['the marks gone, too', '$3$s$K$A$O!"$*85$$G$9$+!#', 'iso-2022-jp-without-escapes'],
    ['ISO 8859-1', 'r\xe9sum\xe9 na\xefve \xfcber', undefined],
    ['UTF-16', '\xff\xfeB0\x000\x000\x000', undefined],
    ['UTF-16 of ASCII', 'a\0b\0c\0d\0', undefined],
  ])('%s', (_, octets, charset) => {
    const found = detectCharset(octetsOf(octets));
    expect(found.charset).toBe(charset);
    if (charset === undefined) expect(found.confidence).toBe(0);
    else expect(found.confidence).toBeGreaterThan(0.5);
    expect(found.confidence).toBeLessThanOrEqual(0.99);
  });

  test.each([
    ['a BOM', '\ufeffabc'],
    ['Latin letters', 'résumé'],
    ['Cyrillic', 'Привет'],
    ['Chinese', '聯通'],
    ['Korean', '안녕하세요'],
    ['an emoji', '🗻'],
    ['half-width katakana', 'ｶﾀｶﾅ'],
  ])('UTF-8, %s, is never taken for something else, wherever it ends', (_, characters) => {
    const octets = utf8Of(`${characters}${characters}`);
    const first =
      utf8Of([...characters].find((one) => one > '\x7f')!).length + octets.findIndex((one) => one > 0x7f);
    for (let end = first; end <= octets.length; end++) {
      const { charset, confidence } = detectCharset(octets.subarray(0, end));
      expect(charset, String(end)).toBe('utf-8');
      expect(confidence).toBeGreaterThanOrEqual(0.8);
    }
  });

  test('UTF-8 with damage is still that, with less confidence', () => {
    const octets = utf8Of(text.slice(0, 60));
    octets[30] = 0xff;
    const { charset, confidence } = detectCharset(octets);
    expect(charset).toBe('utf-8');
    expect(confidence).toBeLessThan(0.95);
  });

  test('what cannot be told apart has low confidence: even numbers of half-width katakana, kanji without kana', () => {
    const katakana = shiftJisOf('ﾃﾞｰﾀ');
    expect(new TextDecoder('euc-jp', { fatal: true }).decode(katakana)).toBe('筑粟');
    expect(detectCharset(katakana).confidence).toBeLessThan(0.9);
    // 한국어 텍스트입니다 in EUC-KR.
    const korean = octetsOf('\xc7\xd1\xb1\xb9\xbe\xee \xc5\xd8\xbd\xba\xc6\xae\xc0\xd4\xb4\xcf\xb4\xd9');
    expect(detectCharset(korean)).toMatchObject({ charset: 'euc-jp', confidence: 0.6 });
  });

  test('stops reading as soon as the answer is certain', () => {
    const long = text.repeat(50);
    for (const [octets, charset] of [
      [utf8Of(long), 'utf-8'],
      [shiftJisOf(long), 'shift_jis'],
      [eucJpOf(long), 'euc-jp'],
      [octetsOf(jisOf(long, { before: '\x1b' })), 'iso-2022-jp'],
      [octetsOf(jisOf(long)), 'iso-2022-jp-without-escapes'],
    ] as const) {
      const found = detectCharset(octets);
      expect(found.charset).toBe(charset);
      expect(found.octetsRead, charset).toBeLessThanOrEqual(8192);
    }
    const ascii = new Uint8Array(1 << 20).fill(0x61);
    expect(detectCharset(ascii)).toEqual({ charset: 'us-ascii', confidence: 0.99, octetsRead: 1 << 20 });
    // Japanese far into a text is found.
    ascii.set(eucJpOf('日本語です'), 1_000_000);
    expect(nameOf(ascii)).toBe('euc-jp');
  });

  test('wants octets', () => {
    expect(() => detectCharset('text' as never)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(nameOf(Buffer.from('日本語'))).toBe('utf-8');
  });
});

describeCorpus('openssl-generated', () => {
  test.each([
    ['messages/tampered-kanji-euc-jp-label-kept.eml', 'euc-jp'],
    ['messages/tampered-kanji-shift-jis-label-kept.eml', 'shift_jis'],
    ['messages/signed-rsa-sha256.eml', 'iso-2022-jp'],
  ])('%s is %s whatever its label says', (path, charset) => {
    expect(nameOf(readCorpus(`openssl-generated/${path}`))).toBe(charset);
  });
});

describeCorpus('mimekit', () => {
  test('a picture in uuencode is ASCII', () => {
    expect(nameOf(readCorpus('mimekit/encoders/photo.uu'))).toBe('us-ascii');
  });
});
