import { expect, test } from 'vitest';
import { sameAddress } from '../../src/smime/verify/identity.js';

test.each([
  ['Hanako@Example.JP', 'hanako@example.jp', true],
  ['hanako@例え.jp', 'hanako@xn--r8jz45g.jp', true],
  ['花子@XN--R8JZ45G.JP', '花子@例え.jp', true],
  ['hanako@mail.xn--r8jz45g.jp', 'hanako@mail.例え.jp', true],
  // An A-label that is not the one of its text is no name for it.
  ['hanako@xn--example-.jp', 'hanako@example.jp', false],
  // What IDNA would map to the same when somebody types it, and what looks alike.
  ['hanako@例え。jp', 'hanako@例え.jp', false],
  ['hanako@ｅxample.jp', 'hanako@example.jp', false],
  ['hanako@example.jp.', 'hanako@example.jp', false],
  // A local part is no domain.
  ['xn--r8jz45g@example.jp', '例え@example.jp', false],
  ['hanako@example.jp', 'hanako@example.jp ', false],
])('%s and %s: %s', (a, b, same) => {
  expect([sameAddress(a, b), sameAddress(b, a)]).toEqual([same, same]);
});
