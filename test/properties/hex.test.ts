import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeHex, encodeHex } from '../../src/encoding/hex.js';
import { chooseNativeHex, nativeHexOf } from '../../src/encoding/native-hex.js';

const engines = ['typescript', 'native', 'auto'] as const;

/** A digit in either case, or something that a careless decoder takes for one. */
const oddDigit = fc.constantFrom(
  ...'0123456789abcdefABCDEFgG/:@` \n\u0000\u00b1\u0130\u0141\u2030\uff10\ud835\udfd8',
);

describe('hexadecimal digits on each path', () => {
  test('are what Buffer gives, of every length to 700 at every alignment', () => {
    const memory = Uint8Array.from({ length: 720 }, (_, at) => Math.imul(at, 151) >>> 1);
    for (let length = 0; length <= 700; length++) {
      const octets = memory.subarray(length % 9, (length % 9) + length);
      const text = Buffer.from(octets).toString('hex');
      for (const engine of engines) {
        if (encodeHex(octets, { engine }) !== text) expect.fail(`${engine} writes ${length} wrongly`);
        for (const digits of [text, text.toUpperCase()]) {
          if (!Buffer.from(octets).equals(decodeHex(digits, { engine })))
            expect.fail(`${engine} reads ${length} wrongly`);
        }
      }
    }
  });

  test('are refused with the same error at the same place', () => {
    let refused = 0;
    let taken = 0;
    const texts = fc.oneof(
      fc.tuple(
        fc.uint8Array({ maxLength: 600 }),
        fc.array(fc.tuple(fc.nat(1200), oddDigit), { maxLength: 2 }),
      ),
      fc.tuple(fc.constant(new Uint8Array(0)), fc.array(fc.tuple(fc.nat(1200), oddDigit), { maxLength: 40 })),
    );
    fc.assert(
      fc.property(texts, fc.boolean(), ([octets, damage], upper) => {
        let text = Buffer.from(octets).toString('hex');
        if (upper) text = text.toUpperCase();
        for (const [place, digit] of damage) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + digit + text.slice(at + (place % 2));
        }
        const answers = engines.map((engine) => {
          try {
            return decodeHex(text, { engine });
          } catch (error) {
            const { code, offset, message } = error as MailsealError;
            return { code, offset, message };
          }
        });
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[2]).toEqual(answers[0]);
        const isGood = /^([0-9a-fA-F]{2})*$/.test(text);
        expect(answers[0] instanceof Uint8Array).toBe(isGood);
        if (isGood) taken++;
        else refused++;
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(300);
    expect(taken).toBeGreaterThan(100);
  });

  test('native code is there where the tests run, and only what is asked for is used', () => {
    expect(chooseNativeHex('native')).toBeDefined();
    expect(chooseNativeHex()).toBe(chooseNativeHex('native'));
    expect(chooseNativeHex('typescript')).toBeUndefined();
    for (const call of [
      () => encodeHex(new Uint8Array(1), { engine: 'none' as never }),
      () => decodeHex('00', { engine: 'none' as never }),
      () => decodeHex(5 as never),
      () => decodeHex(undefined as never),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'usage' }));
      expect(call).toThrow(MailsealError);
    }
  });
});

/** Arrays as ECMAScript 2026 has them. */
const arrays = {
  fromHex(text: string) {
    if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new SyntaxError('no digits');
    return Uint8Array.from(Buffer.from(text, 'hex'));
  },
  prototype: {
    toHex(this: Uint8Array) {
      return Buffer.from(this).toString('hex');
    },
  },
};
const real = Buffer.prototype as unknown as { hexSlice(start: number, end: number): string };

describe('a runtime', () => {
  test('without a Buffer is asked by its arrays', () => {
    const native = nativeHexOf({ Uint8Array: arrays })!;
    expect(native.encode(Uint8Array.of(1, 0xab))).toBe('01ab');
    expect(native.decode('01Ab')).toEqual(Uint8Array.of(1, 0xab));
    expect(native.decode('01A')).toBeUndefined();
  });

  const { prototype } = arrays;
  const wrong: Readonly<Record<string, Parameters<typeof nativeHexOf>[0]>> = {
    'that has neither': { Uint8Array: { prototype: {} } },
    'whose arrays only write': { Uint8Array: { prototype } },
    'whose arrays write capitals': {
      Uint8Array: {
        ...arrays,
        prototype: {
          toHex(this: Uint8Array) {
            return prototype.toHex.call(this).toUpperCase();
          },
        },
      },
    },
    'whose arrays read zeros': {
      Uint8Array: { ...arrays, fromHex: (text: string) => new Uint8Array(text.length >> 1) },
    },
    'whose arrays read no capitals': {
      Uint8Array: { ...arrays, fromHex: (text: string) => arrays.fromHex(text.replace(/[A-F]/g, 'x')) },
    },
    'whose Buffer is a stub': {
      Buffer: new Proxy(() => undefined, {
        get: () => {
          throw new Error('not here');
        },
      }),
      Uint8Array: { prototype: {} },
    },
    'whose Buffer forgets where a view begins': {
      Buffer: Object.assign(() => undefined, {
        from: Buffer.from,
        prototype: {
          hexSlice(this: Uint8Array, start: number, end: number) {
            return real.hexSlice.call(Buffer.from(this.buffer), start, end);
          },
        },
      }),
      Uint8Array: { prototype: {} },
    },
  };
  test.each(Object.keys(wrong))('%s is not asked', (what) => {
    expect(nativeHexOf(wrong[what]!)).toBeUndefined();
  });

  test('whose Buffer passes over damage is asked, and damage is refused', () => {
    const native = nativeHexOf({ Buffer, Uint8Array: { prototype: {} } })!;
    for (const bad of ['0g', '0', '00\u01300', '0\u0130', '\u3030\u3030'])
      expect(native.decode(bad)).toBeUndefined();
  });
});
