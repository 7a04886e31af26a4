import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/imap/text.js';

describe('decodeText without a charset', () => {
  const octets = Uint8Array.of(0x63, 0x61, 0x66, 0xc3, 0xa9);

  test('takes a string, octets, a Buffer and shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(octets.length));
    shared.set(octets);
    for (const text of ['café', octets, Buffer.from(octets), shared]) {
      expect(decodeText(text as never)).toBe('café');
    }
  });

  test('refuses octets whose memory was transferred', () => {
    const detached = octets.slice();
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    expect(() => decodeText(detached)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test.each([
    ['nothing', undefined],
    ['a number', 5],
    ['a list of numbers', [...octets]],
  ])('refuses %s', (_, text) => {
    expect(() => decodeText(text as never)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
