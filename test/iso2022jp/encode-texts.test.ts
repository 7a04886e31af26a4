import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../src/encoding/base64.js';
import { decode } from '../../src/iso2022jp/decode.js';
import { encode } from '../../src/iso2022jp/encode.js';
import { encodeChunks } from '../../src/iso2022jp/encode-chunks.js';
import type { EncodeProfile } from '../../src/iso2022jp/profiles.js';

interface TextPromise {
  readonly unmappable: readonly [character: string, position: number][];
  /** With 〓 for each that is unmappable. */
  readonly octets: string;
  /** What these octets read as. */
  readonly reads: string;
}

const folder = new URL('../vectors/iso2022jp/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
// make-promises.py there is another encoder, with other tables.
const promises = JSON.parse(read('promises.json')) as Record<string, Record<EncodeProfile, TextPromise>>;
const cases = Object.entries(promises).flatMap(([name, profiles]) =>
  Object.entries(profiles).map(([profile, promise]) => ({
    name,
    profile: profile as EncodeProfile,
    promise,
  })),
);

describe('five Japanese texts through every profile', () => {
  test('have what is hard', () => {
    expect([Object.keys(promises).length, cases.length]).toEqual([5, 20]);
    const all = Object.keys(promises).map((name) => read(`${name}.txt`));
    for (const character of [...'»･—①②③④⑤⑥©～ﾊ髙﨑😀']) {
      expect(
        all.some((text) => text.includes(character)),
        character,
      ).toBe(true);
    }
  });

  test.each(cases)('$name, $profile', ({ name, profile, promise }) => {
    const text = read(`${name}.txt`);
    const octets = decodeBase64(promise.octets);
    expect(encode(text, { profile, onUnmappable: 'geta' })).toEqual(octets);
    expect(decode(octets)).toBe(promise.reads);

    const met: [string, number][] = [];
    encode(text, {
      profile,
      onUnmappable: (character, position) => {
        met.push([character, position]);
        return '';
      },
    });
    expect(met).toEqual(promise.unmappable);

    const [first] = promise.unmappable;
    if (first === undefined) expect(encode(text, { profile })).toEqual(octets);
    else {
      expect(() => encode(text, { profile })).toThrow(
        expect.objectContaining({ code: 'charset-unencodable', fault: 'input', offset: first[1] }),
      );
    }

    const chunks = encodeChunks(text, 45, { profile, onUnmappable: 'geta' });
    expect(chunks.map((chunk) => decode(chunk, { fatal: true })).join('')).toBe(promise.reads);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(45);
  });
});
