import { expect, test } from 'vitest';
import { fillLimits } from '../../src/core/limits.js';
import { Pop3ReplyDecoder } from '../../src/pop3/reply-decoder.js';

const defaults = { lines: 10, octets: 100 };

test('what is not given stays as it was', () => {
  expect(fillLimits(defaults, undefined)).toBe(defaults);
  expect(fillLimits(defaults, { lines: 3 })).toEqual({ lines: 3, octets: 100 });
  expect(fillLimits(defaults, { octets: Number.POSITIVE_INFINITY }).octets).toBe(Number.POSITIVE_INFINITY);
});

test.each([null, 5, { lines: -1 }, { lines: Number.NaN }, { octets: '3' }])('%j is refused', (limits) => {
  const refused = expect.objectContaining({ code: 'usage' });
  expect(() => fillLimits(defaults, limits as never)).toThrow(refused);
});

test('a decoder refuses them, too', () => {
  expect(() => new Pop3ReplyDecoder({ limits: null as never })).toThrow(
    expect.objectContaining({ code: 'usage' }),
  );
});
