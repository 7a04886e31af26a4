import fc from 'fast-check';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { encodeMimeBase64, MimeBase64Encoder } from '../../src/encoding/mime-base64.js';
import { decodeMimeBase64 } from '../../src/encoding/mime-base64-decoder.js';
import { outputOf, trim } from '../../src/encoding/output.js';
import { decodeQuotedPrintable } from '../../src/encoding/quoted-printable.js';
import {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
} from '../../src/encoding/quoted-printable-encoder.js';
import { octetsOf } from '../support/pieces.js';

const engines = ['typescript', 'native'] as const;

describe('the memory where short outputs are made', () => {
  const nothing = new Uint8Array(0);
  const scratch = outputOf(1, undefined, nothing);
  trim(scratch, 0, undefined);
  const used = () => scratch.findLastIndex((octet) => octet !== 0) + 1;

  afterEach(() => {
    scratch.fill(0);
  });

  test('holds nothing of blanks that were taken away again', () => {
    expect(outputOf(1, undefined, nothing)).toBe(scratch);
    for (const blanks of [10, 64, 65, 100, 400, 3000]) {
      const { content } = decodeQuotedPrintable(new TextEncoder().encode(`x${' '.repeat(blanks)}`));
      expect(content.length).toBe(1);
      expect(used()).toBe(0);
    }
  });

  test('holds nothing after any call', () => {
    const texts = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      octetsOf(' \t\r\n=4aAQ-', 2000),
      octetsOf('QUJD=\r\n', 2000),
    );
    fc.assert(
      fc.property(texts, (octets) => {
        const calls = [
          () => encodeBase64(octets, { engine: 'typescript' }),
          () => encodeMimeBase64(octets),
          () => decodeMimeBase64(octets, { engine: 'typescript' }),
          () => decodeMimeBase64(octets, { engine: 'native' }),
          () => encodeQuotedPrintable(octets),
          () => decodeQuotedPrintable(octets),
        ];
        for (const [i, call] of calls.entries()) {
          call();
          if (used() > 0) expect.fail(`call ${i} left ${used()} octets`);
        }
      }),
    );
  });
});

describe('base64 that is refused', () => {
  const octets = Uint8Array.from({ length: 150 }, (_, at) => 1 + at);
  const text = Buffer.from(octets).toString('base64');
  const damaged = [
    `${text.slice(0, -4)}!!!!`,
    `${text.slice(0, -1)}=`,
    `${text.slice(0, 100)}=${text.slice(101)}`,
    text.slice(0, -1),
    `${text}A`,
    `\u00e9${text.slice(1)}`,
    `${text.slice(0, 64)}!!!!`,
    'TWE!',
  ];

  test.each(engines)('leaves nothing in memory of the caller, %s', (engine) => {
    for (const bad of damaged) {
      const output = new Uint8Array(300);
      expect(() => decodeBase64(bad, { engine, output })).toThrow(
        expect.objectContaining({ code: 'base64-malformed' }),
      );
      expect(output).toEqual(new Uint8Array(300));
    }
  });

  test.each(engines)('leaves what stands behind its place alone, %s', (engine) => {
    const output = new Uint8Array(300).fill(7);
    expect(() => decodeBase64(damaged[0]!, { engine, output })).toThrow();
    expect(output.subarray(0, 150)).toEqual(new Uint8Array(150));
    expect(output.subarray(150)).toEqual(new Uint8Array(150).fill(7));
  });
});

test('encoders take memory with each piece, and none at their start', () => {
  type Given<T extends abstract new (...given: never[]) => unknown> = NonNullable<
    ConstructorParameters<T>[0]
  >;
  expectTypeOf<Given<typeof MimeBase64Encoder>>().toHaveProperty('lineLength');
  expectTypeOf<Given<typeof MimeBase64Encoder>>().not.toHaveProperty('output');
  expectTypeOf<Given<typeof QuotedPrintableEncoder>>().toHaveProperty('binary');
  expectTypeOf<Given<typeof QuotedPrintableEncoder>>().not.toHaveProperty('output');
  const output = new Uint8Array(200);
  expect(new MimeBase64Encoder().update(new Uint8Array(60), { output }).buffer).toBe(output.buffer);
  expect(new QuotedPrintableEncoder().update(new Uint8Array(20), { output }).buffer).toBe(output.buffer);
});
