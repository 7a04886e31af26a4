import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { encodeMimeBase64, MimeBase64Encoder } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64, MimeBase64Decoder } from '../../src/encoding/mime-base64-decoder.js';
import { nativeBase64Of } from '../../src/encoding/native-base64.js';
import type { OutputOptions } from '../../src/encoding/output.js';
import { decodeQuotedPrintable, QuotedPrintableDecoder } from '../../src/encoding/quoted-printable.js';
import {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
} from '../../src/encoding/quoted-printable-encoder.js';
import { octetsOf, pieces } from '../support/pieces.js';

const engines = ['typescript', 'native'] as const;
const any = fc.uint8Array({ maxLength: 700 });
const texts = fc.oneof(any, octetsOf('ab \t\r\n\r\n.From =', 300), octetsOf('=3D=\r\n aB', 300));

/** The same octets at each offset of memory, with others around them. */
function placed(octets: Uint8Array, offset: number): Uint8Array {
  const memory = new Uint8Array(octets.length + 16).fill(0x41);
  memory.set(octets, offset);
  return memory.subarray(offset, offset + octets.length);
}

describe('at every alignment, on each path', () => {
  test('base64, strict and of mail, is what Buffer gives', () => {
    fc.assert(
      fc.property(any, fc.nat(7), (octets, offset) => {
        const text = Buffer.from(octets).toString('base64');
        const characters = placed(Buffer.from(text), offset);
        const lines = encodeMimeBase64(placed(octets, offset));
        expect(Buffer.from(lines).toString()).toBe(text.replace(/.{1,76}/g, '$&\r\n'));
        for (const engine of engines) {
          expect(encodeBase64(placed(octets, offset), { engine })).toBe(text);
          for (const input of [text, characters]) expect(decodeBase64(input, { engine })).toEqual(octets);
          const decoded = decodeMimeBase64(placed(lines, offset), { engine });
          expect(decoded).toEqual({ content: octets, defects: [] });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every length from 0 to 300 at every alignment', () => {
    const source = Uint8Array.from({ length: 300 }, (_, at) => Math.imul(at, 151) >>> 1);
    for (let length = 0; length <= 300; length++) {
      const octets = source.subarray(0, length);
      const offset = length % 8;
      const text = Buffer.from(octets).toString('base64');
      for (const engine of engines) {
        if (encodeBase64(placed(octets, offset), { engine }) !== text) expect.fail(`encoding ${length}`);
        if (!Buffer.from(octets).equals(decodeBase64(placed(Buffer.from(text), offset), { engine })))
          expect.fail(`decoding ${length}`);
      }
    }
  });

  test('strict base64 refuses the same at the same place', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        any.map((octets) => Buffer.from(octets).toString('base64')),
        fc.nat(),
        fc.constantFrom('', '=', '-', '_', ' ', '\r\n', 'A', 'é', '\u0170', '\0', '\ud800'),
        (text, at, junk) => {
          const place = at % (text.length + 1);
          const damaged = text.slice(0, place) + junk + text.slice(place + (at % 2));
          const answers = engines.map((engine) => {
            try {
              return decodeBase64(damaged, { engine });
            } catch (error) {
              expect(error).toBeInstanceOf(MailsealError);
              refused++;
              return [(error as MailsealError).code, (error as MailsealError).offset];
            }
          });
          expect(answers[1]).toEqual(answers[0]);
          expect(Array.isArray(answers[0])).toBe(
            Buffer.from(damaged, 'base64').toString('base64') !== damaged,
          );
        },
      ),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test('quoted-printable', () => {
    fc.assert(
      fc.property(texts, fc.nat(7), (octets, offset) => {
        expect(encodeQuotedPrintable(placed(octets, offset))).toEqual(encodeQuotedPrintable(octets));
        expect(decodeQuotedPrintable(placed(octets, offset))).toEqual(decodeQuotedPrintable(octets));
      }),
      { numRuns: 300 },
    );
  });
});

describe('memory of the caller', () => {
  const jobs: [string, (octets: Uint8Array, options?: OutputOptions) => Uint8Array][] = [
    ['encodeMimeBase64', (octets, options) => encodeMimeBase64(octets, options)],
    ['decodeMimeBase64', (octets, options) => decodeMimeBase64(octets, options).content],
    ['encodeQuotedPrintable', (octets, options) => encodeQuotedPrintable(octets, options)],
    ['decodeQuotedPrintable', (octets, options) => decodeQuotedPrintable(octets, options).content],
    ['decodeBase64', (octets, options) => decodeBase64(encodeBase64(octets), options)],
  ];

  test.each(jobs)('%s gives the same in it, and refuses it before anything is written', (_, job) => {
    let refused = 0;
    fc.assert(
      fc.property(texts, fc.nat(7), fc.nat(300), (octets, offset, length) => {
        const expected = job(octets);
        const memory = new Uint8Array(4 * octets.length + 200).fill(0x55);
        const output = memory.subarray(offset);
        const given = job(octets, { output });
        expect(given).toEqual(expected);
        expect(given.buffer).toBe(memory.buffer);
        expect(given.byteOffset).toBe(offset);
        const small = new Uint8Array(length + 8).fill(0x55);
        try {
          expect(job(octets, { output: small.subarray(0, length) })).toEqual(expected);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
          expect(small).toEqual(new Uint8Array(length + 8).fill(0x55));
          refused++;
        }
        expect(small.subarray(length)).toEqual(new Uint8Array(8).fill(0x55));
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  test('serves for every piece of a stream', () => {
    const makers = [
      () => new MimeBase64Decoder(),
      () => new MimeBase64Encoder(),
      () => new QuotedPrintableDecoder(),
      () => new QuotedPrintableEncoder(),
    ];
    fc.assert(
      fc.property(pieces(texts), fc.constantFrom(...makers), (chunks, make) => {
        const output = new Uint8Array(8192);
        const [own, given] = [make(), make()];
        for (const chunk of chunks) expect(given.update(chunk, { output })).toEqual(own.update(chunk));
        const last = given instanceof MimeBase64Decoder || given instanceof MimeBase64Encoder;
        const end = last ? given.finish({ output }) : given.finish(undefined, { output });
        expect(end).toEqual(own.finish());
      }),
      { numRuns: 300 },
    );
  });

  test('is neither shared memory, nor that of the input, nor something else', () => {
    const input = encodeMimeBase64(new Uint8Array(100));
    const outputs = [
      new Uint8Array(new SharedArrayBuffer(1000)),
      input,
      input.subarray(1),
      new ArrayBuffer(1000) as unknown as Uint8Array,
    ];
    for (const output of outputs) {
      expect(() => decodeMimeBase64(input, { output })).toThrow(MailsealError);
      expect(() => decodeQuotedPrintable(input, { output })).toThrow(MailsealError);
    }
  });
});

describe('base64 of arrays, as ECMAScript has it', () => {
  /** Made of Buffer, held to the letter of the standard: white space is skipped, all else throws. */
  const strict = {
    setFromBase64(this: Uint8Array, text: string, options: { lastChunkHandling: 'strict' }) {
      expect(options.lastChunkHandling).toBe('strict');
      const plain = text.replace(/[\t\n\f\r ]/g, '');
      const octets = Buffer.from(plain, 'base64');
      if (octets.toString('base64') !== plain) throw new SyntaxError('no base64');
      this.set(octets.subarray(0, this.length));
      return { written: Math.min(octets.length, this.length) };
    },
    toBase64(this: Uint8Array) {
      return Buffer.from(this).toString('base64');
    },
  };
  const of = (prototype: object, Buffer?: unknown) => nativeBase64Of({ Buffer, Uint8Array: { prototype } });

  test('is taken where no Buffer is, and decodes lines and texts', () => {
    const native = of(strict)!;
    const lines = encodeMimeBase64(new Uint8Array(57 * 40).fill(0xb7));
    const out = new Uint8Array(57 * 40);
    expect(native.decodeLines(lines, 0, out, 0)).toEqual({ characters: 78 * 40, octets: 57 * 40 });
    expect(out).toEqual(new Uint8Array(57 * 40).fill(0xb7));
    for (const octet of Buffer.from('-_=. \n\0\u00e9', 'latin1')) {
      const bad = lines.slice();
      bad[78 * 20 + 5] = octet;
      expect(native.decodeLines(bad, 0, out, 0).characters).toBeLessThanOrEqual(78 * 20);
    }
    expect(native.decode('TWE=', new Uint8Array(2))).toBe(true);
    expect(native.decode('TWF=', new Uint8Array(2))).toBe(false);
  });

  test('is not taken where it is missing, throws, or answers wrongly', () => {
    expect(of({})).toBeUndefined();
    expect(of({ ...strict, toBase64: () => 'TWFp' })).toBeUndefined();
    expect(of({ ...strict, setFromBase64: () => ({ written: 3 }) })).toBeUndefined();
    expect(
      of(
        {
          ...strict,
          setFromBase64: () => {
            throw new Error('a stub');
          },
        },
        () => {
          throw new Error('a stub');
        },
      ),
    ).toBeUndefined();
    expect(
      of(strict, {
        from: () => {
          throw new Error('a stub');
        },
      }),
    ).toBeDefined();
  });
});
