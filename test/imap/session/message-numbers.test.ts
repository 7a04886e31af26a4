import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageNumbers } from '../../../src/imap/session/message-numbers.js';
import { expectLinear } from '../../support/linear-time.js';

const range = (from: number, to: number = from) => [{ from, to }];

/** What a server knows, and what it told: the truth that the numbers are held to. */
interface Truth {
  uids: number[];
  told: Set<number>;
}

const skips = fc.array(
  fc.record({ does: fc.constant('arrive' as const), skip: fc.integer({ min: 1, max: 5 }) }),
  { minLength: 20, maxLength: 40 },
);

const step = fc.oneof(
  fc.record({ does: fc.constant('arrive' as const), skip: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ does: fc.constant('tell' as const), at: fc.nat(40) }),
  fc.record({ does: fc.constant('expunge' as const), at: fc.nat(40) }),
  fc.record({
    does: fc.constant('vanish' as const),
    at: fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }),
  }),
);

/** A set of UIDs as a server writes it, neighbours joined. */
function setOf(uids: readonly number[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last?.to === uid - 1) last.to = uid;
    else ranges.push({ from: uid, to: uid });
  }
  return ranges;
}

describe('MessageNumbers', () => {
  test('tells what was told, and nothing else', () => {
    const numbers = new MessageNumbers();
    numbers.setCount(10);
    expect(numbers.uidOf(3)).toBeUndefined();
    expect(numbers.setUid(3, 103)).toBe(true);
    expect(numbers.setUid(7, 130)).toBe(true);
    expect([numbers.uidOf(3), numbers.uidOf(7), numbers.uidOf(4)]).toEqual([103, 130, undefined]);
    expect([numbers.sequenceOf(103), numbers.sequenceOf(130), numbers.sequenceOf(104)]).toEqual([
      3,
      7,
      undefined,
    ]);
    expect(numbers.expunge(3)).toBe(103);
    expect(numbers.expunge(1)).toBeUndefined();
    expect([numbers.sequenceOf(130), numbers.count]).toEqual([5, 8]);
    expect(numbers.expunge(9)).toBeUndefined();
    expect(numbers.uidOf(0)).toBeUndefined();
  });

  test('holds the example of RFC 7162 §3.2.10.2', () => {
    const numbers = new MessageNumbers();
    numbers.setCount(10);
    [1, 3, 4, 5, 7, 9, 10, 11, 12, 14].forEach((tens, at) => {
      expect(numbers.setUid(at + 1, 400 + tens)).toBe(true);
    });
    expect(numbers.vanish([...range(405), ...range(407), ...range(410), ...range(425)])).toEqual([
      { sequence: 4, uid: 405 },
      { sequence: 5, uid: 407 },
      { sequence: 7, uid: 410 },
    ]);
    expect([numbers.count, numbers.sequenceOf(409), numbers.sequenceOf(414)]).toEqual([7, 4, 7]);
  });

  test('forgets what cannot be true beside what is told now', () => {
    const numbers = new MessageNumbers();
    numbers.setCount(5);
    numbers.setUid(2, 20);
    expect(numbers.setUid(4, 21)).toBe(false);
    expect([numbers.uidOf(2), numbers.uidOf(4), numbers.count]).toEqual([undefined, 21, 5]);
    expect(numbers.setUid(4, 22)).toBe(false);
    expect(numbers.uidOf(4)).toBe(22);
    expect(numbers.setCount(3)).toBe(false);
    expect([numbers.count, numbers.uidOf(3)]).toEqual([3, undefined]);
  });

  test('agrees with a plain list whatever happens in which order', () => {
    let asked = 0;
    fc.assert(
      fc.property(skips, fc.array(step, { maxLength: 80 }), (first, steps) => {
        const numbers = new MessageNumbers();
        const truth: Truth = { uids: [], told: new Set() };
        let next = 1;
        for (const { does, ...rest } of [...first, ...steps]) {
          const at = 'at' in rest ? rest.at : 0;
          if ('skip' in rest) {
            next += rest.skip;
            truth.uids.push(next);
            numbers.setCount(truth.uids.length);
          } else if (typeof at === 'object') {
            const gone = [...new Set(at)].filter((each) => each < truth.uids.length).sort((a, b) => a - b);
            const known = gone
              .map((each) => ({ sequence: each + 1, uid: truth.uids[each]! }))
              .filter(({ uid }) => truth.told.has(uid));
            expect(numbers.vanish(setOf(gone.map((each) => truth.uids[each]!)))).toEqual(known);
            truth.uids = truth.uids.filter((_, each) => !gone.includes(each));
          } else if (at < truth.uids.length) {
            const uid = truth.uids[at]!;
            if (does === 'tell') {
              expect(numbers.setUid(at + 1, uid)).toBe(true);
              truth.told.add(uid);
            } else {
              expect(numbers.expunge(at + 1)).toBe(truth.told.has(uid) ? uid : undefined);
              truth.uids.splice(at, 1);
            }
          }
          expect(numbers.count).toBe(truth.uids.length);
        }
        truth.uids.forEach((uid, each) => {
          const isKnown = truth.told.has(uid);
          expect(numbers.uidOf(each + 1)).toBe(isKnown ? uid : undefined);
          expect(numbers.sequenceOf(uid)).toBe(isKnown ? each + 1 : undefined);
          asked++;
        });
      }),
      { numRuns: 500 },
    );
    expect(asked).toBeGreaterThan(1000);
  });

  test('takes linear time for messages told and expunged in any order', () => {
    expectLinear(
      (size) => () => {
        const count = size / 4;
        const numbers = new MessageNumbers();
        numbers.setCount(4_000_000_000);
        for (let each = 1; each <= count; each++)
          numbers.setUid(((each * 7919) % count) * 1000 + 1, ((each * 7919) % count) * 1000 + 1);
        for (let each = 0; each < count; each++) numbers.expunge(1 + ((each * 104729) % 1000));
        for (let each = 0; each < count; each++) numbers.vanish(range(3_999_000_000, 4_000_000_000));
      },
      100_000,
    );
  });
});
