import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import type { CharacterSet } from '../../src/iso2022jp/character-set.js';
import { decode } from '../../src/iso2022jp/decode.js';
import { decodeWeb } from '../../src/iso2022jp/decode-web.js';
import { type EncodeOptions, Encoder, encode } from '../../src/iso2022jp/encode.js';
import { encodeChunks } from '../../src/iso2022jp/encode-chunks.js';
import { encodeWeb } from '../../src/iso2022jp/encode-web.js';
import { foldHalfwidth } from '../../src/iso2022jp/halfwidth.js';
import { jis0208 } from '../../src/iso2022jp/jis0208.js';
import { jisx0208 } from '../../src/iso2022jp/jisx0208.js';
import { jisx0212 } from '../../src/iso2022jp/jisx0212.js';
import { jisx0213Plane1, jisx0213Plane2 } from '../../src/iso2022jp/jisx0213.js';
import type { OnUnmappable } from '../../src/iso2022jp/unmappable.js';
import { expectLinear } from '../support/linear-time.js';

const profiles = ['strict', 'ms', 'jis0212', 'jis2004'] as const;

/** Characters at which something changes, and every unit, surrogates alone with them. */
const unit = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...'aZ$B(J\\~ \r\n漢字かカコセ¥‾①髙﨑©丂»〜～−‖¢ｶﾊｱﾞﾟﾜ｡æə˩˥',
      '\u309a',
      '\u3099',
      '\u0300',
      '😀',
      '𠀋',
      '𪚲',
      '\r\n',
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...jis0208().filter((code) => code > 0))
      .map((code) => String.fromCharCode(code)),
  },
  { weight: 1, arbitrary: fc.nat(0xffff).map((code) => String.fromCharCode(code)) },
);
const anyText = fc.array(unit, { maxLength: 40 }).map((units) => units.join(''));
/** Text that can be encoded if only replaced: without what is refused in any case. */
const text = anyText.map((whole) => whole.replaceAll(/[\x0e\x0f\x1b]/g, '.'));

const options: fc.Arbitrary<EncodeOptions> = fc.record({
  profile: fc.constantFrom(...profiles),
  halfwidth: fc.constantFrom('fold', 'escape'),
  onUnmappable: fc.constantFrom<OnUnmappable[]>(
    'replace',
    'geta',
    () => '',
    () => 'ｶ',
    (c: string) => `[${c.length}漢]`,
  ),
});

/** Every lone surrogate as U+FFFD. */
function wellFormed(whole: string): string {
  return whole.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Cuts a text at random places, also inside surrogate pairs. */
function cut(whole: string, places: readonly number[]): string[] {
  const ends = [
    ...places.map((place) => Math.round(place * whole.length)).sort((a, b) => a - b),
    whole.length,
  ];
  return ends.map((end, at) => whole.slice(ends[at - 1] ?? 0, end));
}
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

/** The set in force after each octet, read as simply as can be: escapes are only what they are from their ESC on. */
function lines(octets: Uint8Array): { line: string; ends: string }[] {
  const all = latin1FromBytes(octets);
  const found: { line: string; ends: string }[] = [];
  let set = '(B';
  let line = '';
  for (let at = 0; at < all.length; at++) {
    const [sequence] = /^\x1b(?:\$B|\([BJI]|\$\([DPQ])/.exec(all.slice(at, at + 4)) ?? [];
    if (sequence !== undefined) {
      set = sequence.slice(1);
      at += sequence.length - 1;
    } else if (all[at] === '\r' || all[at] === '\n') {
      found.push({ line, ends: set });
      line = '';
      continue;
    }
    line += sequence ?? all[at];
  }
  found.push({ line, ends: set });
  return found;
}

const index = new Map<number, number>();
for (const [pointer, code] of [...jis0208()].entries()) {
  if (code !== 0 && !index.has(code)) index.set(code, pointer);
}

/** The Encoding Standard's encoder, step by step on a queue, as written there, with numeric references for errors. */
function naive(input: string): string {
  const queue = [...wellFormed(input)].map((character) => character.codePointAt(0)!);
  let state = 'ASCII';
  let octets = '';
  for (;;) {
    const codePoint = queue.shift();
    if (codePoint === undefined) {
      if (state !== 'ASCII') octets += '\x1b(B';
      return octets;
    }
    const isAscii = codePoint < 0x80;
    if (state !== 'jis0208' && (codePoint === 0x0e || codePoint === 0x0f || codePoint === 0x1b)) {
      queue.unshift(...[...'&#65533;'].map((character) => character.charCodeAt(0)));
    } else if (state === 'ASCII' && isAscii) {
      octets += String.fromCharCode(codePoint);
    } else if (state === 'Roman' && isAscii && codePoint !== 0x5c && codePoint !== 0x7e) {
      octets += String.fromCharCode(codePoint);
    } else if (state === 'Roman' && (codePoint === 0xa5 || codePoint === 0x203e)) {
      octets += codePoint === 0xa5 ? '\\' : '~';
    } else if (isAscii) {
      queue.unshift(codePoint);
      state = 'ASCII';
      octets += '\x1b(B';
    } else if (codePoint === 0xa5 || codePoint === 0x203e) {
      queue.unshift(codePoint);
      state = 'Roman';
      octets += '\x1b(J';
    } else {
      let mapped = codePoint === 0x2212 ? 0xff0d : codePoint;
      if (mapped >= 0xff61 && mapped <= 0xff9f) mapped = foldHalfwidth(mapped).charCodeAt(0);
      const pointer = index.get(mapped);
      if (pointer === undefined) {
        if (state === 'jis0208') {
          queue.unshift(codePoint);
          state = 'ASCII';
          octets += '\x1b(B';
        } else queue.unshift(...[...`&#${codePoint};`].map((character) => character.charCodeAt(0)));
      } else if (state !== 'jis0208') {
        queue.unshift(codePoint);
        state = 'jis0208';
        octets += '\x1b$B';
      } else octets += String.fromCharCode(Math.floor(pointer / 94) + 0x21, (pointer % 94) + 0x21);
    }
  }
}

/** What two characters have one cell of JIS X 0213 for. */
const pairs = jisx0213Plane1()
  .doubles.match(/../gs)!
  .filter((pair) => !/^[\ud800-\udbff]/.test(pair));

describe('ISO-2022-JP, encoding', () => {
  test('any split gives the same octets', () => {
    fc.assert(
      fc.property(text, places, options, (whole, ends, chosen) => {
        const encoder = new Encoder(chosen);
        const pieces = cut(whole, ends).map((piece) => encoder.update(piece));
        expect(concatBytes([...pieces, encoder.finish()])).toEqual(encode(whole, chosen));
      }),
      { numRuns: 3000 },
    );
  });

  test('any split gives the same error', () => {
    let thrown = 0;
    const failing = (run: () => void) => {
      try {
        run();
        return undefined;
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        return [error.code, error.offset, error.message];
      }
    };
    fc.assert(
      fc.property(anyText, places, fc.constantFrom(...profiles), (whole, ends, profile) => {
        const expected = failing(() => encode(whole, { profile }));
        const inPieces = failing(() => {
          const encoder = new Encoder({ profile });
          for (const piece of cut(whole, ends)) encoder.update(piece);
          encoder.finish();
        });
        expect(inPieces).toEqual(expected);
        expect(failing(() => encodeChunks(whole, 45, { profile }))).toEqual(expected);
        if (expected !== undefined) thrown++;
      }),
      { numRuns: 1000 },
    );
    expect(thrown).toBeGreaterThan(100);
  });

  test('as the Standard has it, for the Web', () => {
    const onUnmappable = (character: string) => `&#${wellFormed(character).codePointAt(0)};`;
    fc.assert(
      fc.property(anyText, (whole) => {
        const expected = naive(whole);
        expect(latin1FromBytes(encodeWeb(whole, { onUnmappable }))).toBe(expected);
        expect(latin1FromBytes(encode(whole, { mode: 'web', onUnmappable }))).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test('is in ASCII at the end of every line, and of the text', () => {
    fc.assert(
      fc.property(text, options, (whole, chosen) => {
        const octets = encode(whole, chosen);
        expect(octets.every((octet) => octet < 0x80)).toBe(true);
        for (const { line, ends } of lines(octets)) {
          expect(ends).toBe('(B');
          // A line is a text of its own, without what could be mistaken for something else.
          expect(line).not.toMatch(/[\x0e\x0f]|\x1b(?!\$B|\([BJI]|\$\([DPQ])/);
          decode(
            Uint8Array.from(line, (character) => character.charCodeAt(0)),
            { fatal: true },
          );
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('no text brings in an escape: it is refused, or encoded without it', () => {
    const injected = fc.constantFrom(
      '\x1b',
      '\x1b$B',
      '\x1b(B',
      '\x1b(J',
      '\x0e',
      '\x0f',
      '\x1bN',
      '\x1b$(D',
    );
    fc.assert(
      fc.property(text, injected, text, options, (before, injection, after, chosen) => {
        const { onUnmappable: _, ...rest } = chosen;
        const error = expect.objectContaining({ code: 'charset-unencodable', offset: before.length });
        const well = before.replaceAll(/[\ud800-\udfff]/g, '.');
        expect(() => encode(well + injection + after, chosen)).toThrow(error);
        expect(() => encodeChunks(well + injection + after, 100, chosen)).toThrow(error);
        expect(() => encode('a😀', { ...rest, onUnmappable: () => well + injection })).toThrow(
          expect.objectContaining({ code: 'usage' }),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('chunks are valid alone, fit, and are the whole together', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 9, max: 80 }), options, (whole, maxOctets, chosen) => {
        const chunks = encodeChunks(whole, maxOctets, chosen);
        const read = chunks.map((chunk) => {
          expect(chunk.length).toBeLessThanOrEqual(maxOctets);
          expect(chunk.length).toBeGreaterThan(0);
          expect(lines(chunk).at(-1)!.ends).toBe('(B');
          return decode(chunk, { fatal: true });
        });
        expect(read.join('')).toBe(decode(encode(whole, chosen), { fatal: true }));
        // Cut as late as can be: what comes next would not have fitted.
        for (let at = 1; at < read.length; at++) {
          const [next] = read[at]!.match(/^(?:\r\n|.)/su)!;
          const both = read[at]!.slice(0, 2);
          const over = read[at - 1]!.slice(-1) + next;
          // What stood between the two was left out, so they are not one character, which they would be when joined here.
          if (pairs.includes(over) && !whole.includes(over)) continue;
          expect(pairs).not.toContain(over);
          const joined = read[at - 1]! + (pairs.includes(both) ? both : next);
          expect(encode(joined, { ...chosen, onUnmappable: 'error' }).length).toBeGreaterThan(maxOctets);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** The six cells in which two characters of Unicode are written, by the one that they are read as. */
const six: Readonly<Record<string, string>> = {
  '〜': '～',
  '‖': '∥',
  '−': '－',
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
};

/** What the characters of a set are, each as a string. */
function charactersOf(set: CharacterSet, rows: (row: number) => boolean = () => true): string[] {
  const found: string[] = [];
  for (let lead = 0x21; lead <= 0x7e; lead++) {
    for (let trail = 0x21; trail <= 0x7e && rows(lead - 0x20); trail++) {
      const character = set.decode(lead, trail);
      if (character !== undefined) found.push(character);
    }
  }
  return found;
}

describe('every character of Unicode comes back', () => {
  const proper = charactersOf(jisx0208(), (row) => row !== 13 && row < 89);
  const characters = {
    strict: proper,
    ms: charactersOf(jisx0208()),
    jis0212: [...proper, ...charactersOf(jisx0212())],
    jis2004: [...proper, ...charactersOf(jisx0213Plane1()), ...charactersOf(jisx0213Plane2())],
  };

  test('of so many', () => {
    const counts = profiles.map((profile) => new Set(characters[profile]).size);
    const inFirst = new Set(charactersOf(jisx0213Plane1()));
    expect(proper.filter((character) => !inFirst.has(character)).join('')).toBe('～￠￡￢');
    // JIS X 0212 has 6,067, with ～, which is in JIS X 0208 already; JIS X 0213 has 11,233.
    expect(counts).toEqual([6879, 7326, 6879 + 6066, 11233 + 4]);
  });

  test.each(profiles)('%s', (profile) => {
    const expected = new Set([...characters[profile], ...Object.keys(six), '¥', '‾']);
    // JIS X 0213 has a tilde, too, but that of ASCII is written.
    expected.delete('~');
    const encodable: string[] = [];
    for (let codePoint = 0x80; codePoint < 0x30000; codePoint++) {
      if (codePoint >= 0xff61 && codePoint <= 0xff9f) continue;
      const character = String.fromCodePoint(codePoint);
      const octets = encode(character, { profile, onUnmappable: () => '' });
      if (octets.length === 0) continue;
      encodable.push(character);
      const read = decode(octets, { fatal: true });
      if (read !== character) expect([character, read]).toEqual([character, six[character]]);
    }
    if (profile === 'jis2004') {
      for (const pair of pairs) {
        encodable.push(pair);
        expect(encode(pair, { profile }).length).toBe(9);
        expect(decode(encode(pair, { profile }), { fatal: true })).toBe(pair);
      }
    }
    expect(new Set(encodable)).toEqual(expected);
  });

  test('half-width katakana, as they are', () => {
    let all = '';
    for (let code = 0xff61; code <= 0xff9f; code++) all += String.fromCharCode(code);
    for (const profile of profiles) {
      expect(decode(encode(all, { profile, halfwidth: 'escape' }), { fatal: true })).toBe(all);
      for (const character of all) {
        expect(decode(encode(character, { profile }), { fatal: true })).toBe(
          foldHalfwidth(character.charCodeAt(0)),
        );
      }
    }
  });

  test('what the Web writes, the Web reads', () => {
    for (const code of jis0208()) {
      if (code === 0) continue;
      const character = String.fromCharCode(code);
      expect(decodeWeb(encodeWeb(character), { fatal: true })).toBe(character);
    }
  });
});

describe('linear time', () => {
  test.each([
    ['kanji', '漢'],
    ['switches', '漢a'],
    ['Roman', '¥'],
    ['half-width katakana', 'ｶﾞｱ'],
    ['pairs', 'か゚か'],
    ['beginnings of pairs', 'か'],
    ['high surrogates', '\ud83d'],
    ['emoji', '😀'],
    ['plane 2', '𪚲漢'],
    ['line ends', '漢\r\n'],
  ])('%s', (_, pattern) => {
    expectLinear((size) => {
      const whole = pattern.repeat(size / pattern.length);
      const chosen = { profile: 'jis2004', onUnmappable: 'geta' } as const;
      return () => {
        encode(whole, chosen);
        encodeChunks(whole, 75, chosen);
        const encoder = new Encoder(chosen);
        for (let at = 0; at < whole.length; at += 51) encoder.update(whole.slice(at, at + 51));
        encoder.finish();
      };
    }, 15_000);
  });
});
