import { describe, expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { type EncodeOptions, Encoder, encode } from '../../src/iso2022jp/encode.js';
import { encodeWeb } from '../../src/iso2022jp/encode-web.js';

/** The octets as text, with E for the escape character. */
const shown = (octets: Uint8Array) => latin1FromBytes(octets).replaceAll('\x1b', 'E');

/** In one piece, after it was found that single units give the same. */
function encoded(text: string, options: EncodeOptions = {}): string {
  const encoder = new Encoder(options);
  let singly = '';
  for (const unit of text.split('')) singly += shown(encoder.update(unit));
  singly += shown(encoder.finish());
  const whole = shown(encode(text, options));
  expect(singly).toBe(whole);
  return whole;
}

describe('ISO-2022-JP, encoding', () => {
  test.each([
    ['nothing', '', ''],
    ['ASCII, NUL and DEL with it', 'a\\~\0\x7f\r\n', 'a\\~\0\x7f\r\n'],
    ['kanji', '漢字', 'E$B4A;zE(B'],
    ['ASCII at every line end', '漢\n字\r\n', 'E$B4AE(B\nE$B;zE(B\r\n'],
    ['ASCII at a bare CR', '漢\r字', 'E$B4AE(B\rE$B;zE(B'],
    ['yen and overline in Roman, with letters', 'a¥1‾2', 'aE(J\\1~2E(B'],
    ['no backslash and no tilde in Roman', '¥\\‾~', 'E(J\\E(B\\E(J~E(B~'],
    ['ASCII at a line end after Roman', '¥1\r\n¥', 'E(J\\1E(B\r\nE(J\\E(B'],
    ['Roman and kanji', '¥円', 'E(J\\E$B1_E(B'],
    ['both readings of the disputed cells', '～〜∥‖－−￠¢￡£￢¬', 'E$B!A!A!B!B!]!]!q!q!r!r"L"LE(B'],
    ['half-width katakana in full width', 'ｱｲｳ｡｢｣､･ｰ', 'E$B%"%$%&!#!V!W!"!&!<E(B'],
    ['sound marks with their katakana', 'ｶﾞﾊﾟﾊﾞｳﾞ', 'E$B%,%Q%P%tE(B'],
    ['sound marks that fit nothing', 'ｱﾞｶﾟﾞﾟ', 'E$B%"!+%+!,!+!,E(B'],
    ['a sound mark after a line end', 'ｶ\nﾞ', 'E$B%+E(B\nE$B!+E(B'],
    ['a full-width katakana and a half-width mark', 'カﾞ', 'E$B%+!+E(B'],
  ])('strict: %s', (_, text, octets) => {
    expect(encoded(text)).toBe(octets);
  });

  test.each([
    ['half-width katakana as they are', 'ｱｶﾞ｡a', 'E(I16^!E(Ba'],
    ['at a line end', 'ｱ\nﾟ', 'E(I1E(B\nE(I_E(B'],
    ['beside kanji and yen', '漢ｱ¥ｱ', 'E$B4AE(I1E(J\\E(I1E(B'],
  ])('half-width as escape: %s', (_, text, octets) => {
    for (const profile of ['strict', 'ms', 'jis0212', 'jis2004'] as const) {
      expect(encoded(text, { halfwidth: 'escape', profile })).toBe(octets);
    }
  });

  test.each([
    ['NEC row 13, and the extensions in rows 89 to 92', '①㈱髙﨑ⅰ', 'E$B-!-j|byu|qE(B'],
    ['the first of two cells', '≒∪￢', 'E$B"b"@"LE(B'],
  ])('ms: %s', (_, text, octets) => {
    expect(encoded(text, { profile: 'ms' })).toBe(octets);
  });

  test.each([
    ['JIS X 0212 beside JIS X 0208', '丂漢©', 'E$(D0!E$B4AE$(D"mE(B'],
    ['a line end', '丂\r\n', 'E$(D0!E(B\r\n'],
  ])('jis0212: %s', (_, text, octets) => {
    expect(encoded(text, { profile: 'jis0212' })).toBe(octets);
  });

  test.each([
    ['both planes, beside JIS X 0208', '①𠀋漢丂', 'E$(Q-!."E$B4AE$(P!"E(B'],
    ['two characters in one cell', 'か゚カ゚æ̀˩˥˥˩', 'E$(Q$w%w+D+e+fE(B'],
    ['what begins such a pair, alone', 'かか゚か', 'E$B$+E$(Q$wE$B$+E(B'],
    ['what begins such a pair, before something else', 'かなæa˩漢', 'E$B$+$JE$(Q)\\E(BaE$(Q+dE$B4AE(B'],
    ['half-width katakana with a mark that only this profile has for them', 'ｶﾟｶﾜﾞ', "E$(Q%wE$B%+E$(Q'rE(B"],
    ['a surrogate pair of the second plane', '𪚲', 'E$(P~vE(B'],
  ])('jis2004: %s', (_, text, octets) => {
    expect(encoded(text, { profile: 'jis2004' })).toBe(octets);
  });

  test('the least profile that has each character', () => {
    const profiles = ['strict', 'ms', 'jis0212', 'jis2004'] as const;
    const having = (character: string) =>
      profiles.filter((profile) => encode(character, { profile, onUnmappable: () => '' }).length > 0);
    expect(having('漢')).toEqual(['strict', 'ms', 'jis0212', 'jis2004']);
    expect(having('髙')).toEqual(['ms']);
    expect(having('①')).toEqual(['ms', 'jis2004']);
    expect(having('©')).toEqual(['jis0212', 'jis2004']);
    expect(having('»')).toEqual(['jis2004']);
    expect(having('\u2014')).toEqual([]);
    expect(having('\u2015')).toEqual(['strict', 'ms', 'jis0212', 'jis2004']);
    expect(having('😀')).toEqual([]);
    expect(having('\u0080')).toEqual([]);
  });
});

describe('what cannot be encoded', () => {
  test.each([
    ['an emoji', '漢字😀', 2, 'U+1F600'],
    ['a lone high surrogate at the end', 'a\ud83d', 1, 'U+D83D'],
    ['a lone high surrogate', 'a\ud83db', 1, 'U+D83D'],
    ['two high surrogates and a low one', '\ud83d\ud83d\ude00', 0, 'U+D83D'],
    ['a lone low surrogate', 'ab\ude00', 2, 'U+DE00'],
    ['a C1 control', 'a\x9b', 1, 'U+009B'],
    ['NEC row 13', '漢①', 1, 'U+2460'],
  ])('an error: %s', (_, text, offset, name) => {
    const error = expect.objectContaining({
      code: 'charset-unencodable',
      fault: 'input',
      offset,
      message: expect.stringContaining(`${name} at ${offset}`),
    });
    expect(() => encode(text)).toThrow(error);
    expect(() => {
      const encoder = new Encoder();
      for (const unit of text.split('')) encoder.update(unit);
      encoder.finish();
    }).toThrow(error);
  });

  test('replaced, a code point or lone surrogate at a time', () => {
    const text = '😀漢\ud83d\udc00\ud83d字';
    expect(encoded(text, { onUnmappable: 'replace' })).toBe('?E$B4AE(B??E$B;zE(B');
    expect(encoded(text, { onUnmappable: 'geta' })).toBe('E$B".4A".".;zE(B');
    expect(encoded(text, { onUnmappable: () => '' })).toBe('E$B4A;zE(B');
    const met: unknown[] = [];
    encode(text, {
      onUnmappable: (...met_) => {
        met.push(met_);
        return '(漢字)';
      },
    });
    expect(met).toEqual([
      ['😀', 0],
      ['\u{1f400}', 3],
      ['\ud83d', 5],
    ]);
    expect(encoded('a髙b', { onUnmappable: () => '高か' })).toBe('aE$B9b$+E(Bb');
  });

  test('what a function gives does not combine with what follows', () => {
    const onUnmappable = () => 'か';
    expect(encoded('😀\u309a', { profile: 'jis2004', onUnmappable })).toBe('E$B$+$+E(B');
    expect(encoded('😀ﾞ', { onUnmappable: () => 'ｶ' })).toBe('E$B%+!+E(B');
  });

  test.each(['\x1b', '\x0e', '\x0f', '\x1b$B', '\x1b(J'])(
    '%j is refused, whatever is asked for',
    (injected) => {
      for (const profile of ['strict', 'ms', 'jis0212', 'jis2004'] as const) {
        for (const onUnmappable of ['error', 'replace', 'geta', () => ''] as const) {
          const options = { profile, onUnmappable };
          const error = expect.objectContaining({ code: 'charset-unencodable', offset: 2 });
          expect(() => encode(`a漢${injected}`, options)).toThrow(error);
          expect(() => new Encoder(options).update(`a漢${injected}`)).toThrow(error);
        }
      }
    },
  );

  test.each(['\x1b$B', 'x\x0e', '\x0f', '😀', '\ud83d', '\x9b'])(
    'a function cannot bring in %j',
    (replacement) => {
      const error = expect.objectContaining({ code: 'usage', offset: 1 });
      expect(() => encode('a😀', { onUnmappable: () => replacement })).toThrow(error);
      expect(() => encodeWeb('a😀', { onUnmappable: () => replacement })).toThrow(error);
    },
  );
});

describe('ISO-2022-JP, encoding as the Encoding Standard does', () => {
  const onUnmappable = (character: string) => `&#${character.codePointAt(0)};`;
  test.each([
    ['half-width katakana one by one', 'ｶﾞ', 'E$B%+!+E(B'],
    ['NEC row 13 and rows 89 to 92', '①髙', 'E$B-!|bE(B'],
    ['only one of the disputed characters', '−〜', 'E$B!]E(B&#12316;'],
    ['Roman over a line end', '¥\n¥', 'E(J\\\n\\E(B'],
    ['what cannot be encoded, in Roman', '¥»', 'E(J\\&#187;E(B'],
    ['ESC, SO and SI as U+FFFD', '漢\x1b\x0e\x0f', 'E$B4AE(B&#65533;&#65533;&#65533;'],
    ['surrogates', '\ud83d\ude00\ud83d\ude00\ude00', '&#128512;&#128512;&#56832;'],
  ])('%s', (_, text, octets) => {
    expect(encoded(text, { mode: 'web', onUnmappable })).toBe(octets);
    expect(shown(encodeWeb(text, { onUnmappable }))).toBe(octets);
  });

  test('back to ASCII before it asks what to write', () => {
    expect(shown(encodeWeb('漢»漢', { onUnmappable: () => '' }))).toBe('E$B4AE(BE$B4AE(B');
    expect(shown(encodeWeb('漢\x1b漢', { onUnmappable: () => '' }))).toBe('E$B4AE(BE$B4AE(B');
    expect(shown(encodeWeb('漢😀漢', { onUnmappable: () => '' }))).toBe('E$B4AE(BE$B4AE(B');
  });

  test('is an error by default', () => {
    expect(() => encodeWeb('ab»')).toThrow(
      expect.objectContaining({ code: 'charset-unencodable', offset: 2 }),
    );
    expect(() => encodeWeb('ab\x1b')).toThrow(
      expect.objectContaining({ code: 'charset-unencodable', offset: 2 }),
    );
    expect(shown(encodeWeb('»\x1b', { onUnmappable: 'replace' }))).toBe('??');
  });
});

describe('arguments that are none', () => {
  test.each<[string, unknown]>([
    ['a profile', { profile: 'JIS' }],
    ['a profile that every object has', { profile: 'constructor' }],
    ['a mode', { mode: 'html' }],
    ['halfwidth', { halfwidth: 'drop' }],
    ['onUnmappable', { onUnmappable: 'ignore' }],
    ['onUnmappable that every object has', { onUnmappable: 'toString' }],
    ['onUnmappable that is nothing', { onUnmappable: null }],
    ['a profile for the Web', { mode: 'web', profile: 'ms' }],
    ['halfwidth for the Web', { mode: 'web', halfwidth: 'fold' }],
  ])('%s', (_, options) => {
    const error = expect.objectContaining({ code: 'usage', fault: 'usage' });
    expect(() => encode('a', options as EncodeOptions)).toThrow(error);
    expect(() => new Encoder(options as EncodeOptions)).toThrow(error);
  });

  test('a text that is no string, and a replacement that is none', () => {
    const error = expect.objectContaining({ code: 'usage' });
    expect(() => encode(undefined as unknown as string)).toThrow(error);
    expect(() => new Encoder().update(new Uint8Array(1) as unknown as string)).toThrow(error);
    expect(() => encode('😀', { onUnmappable: () => undefined as unknown as string })).toThrow(error);
  });
});

describe('room', () => {
  test('for a switch at every character, of any length', () => {
    for (const [text, octets, options] of [
      ['漢a', 'E$B4AE(Ba', {}],
      ['漢¥', 'E$B4AE(J\\', {}],
      ['漢\n', 'E$B4AE(B\n', {}],
      ['漢丂', 'E$B4AE$(D0!', { profile: 'jis0212' }],
      ['①𪚲', 'E$(Q-!E$(P~v', { profile: 'jis2004' }],
      ['漢ｱ', 'E$B4AE(I1', { halfwidth: 'escape' }],
    ] as const) {
      for (const times of [1, 2, 3, 10, 1000, 20_000]) {
        const all = shown(encode(text.repeat(times), options));
        const end = /[a\n]$/.test(octets) ? '' : 'E(B';
        expect(all === octets.repeat(times) + end, `${text} × ${times}`).toBe(true);
      }
    }
  });

  test('for a long replacement', () => {
    const long = '漢a'.repeat(5000);
    const all = shown(encode('😀字'.repeat(3), { onUnmappable: () => long }));
    expect(all).toBe(`${`${'E$B4AE(Ba'.repeat(5000)}E$B;z`.repeat(3)}E(B`.replaceAll('zE$B4', 'z4'));
  });
});
