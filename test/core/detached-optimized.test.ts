import { expect, test } from 'vitest';
import { asBytes } from '../../src/core/bytes.js';

// The property of ECMAScript 2024, which the types here do not know.
const Resizable = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer;

test('octets that were transferred are refused by optimized code, too', () => {
  for (let i = 0; i < 20_000; i++) asBytes(new Uint8Array(new Resizable(8, { maxByteLength: 99 })));
  let taken = 0;
  for (let i = 0; i < 2000; i++) {
    const octets = new Uint8Array(100);
    asBytes(octets);
    structuredClone(octets.buffer, { transfer: [octets.buffer] });
    try {
      asBytes(octets);
      taken++;
    } catch {
      // As it should be.
    }
  }
  expect(taken).toBe(0);
});
