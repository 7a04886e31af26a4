import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alice,
  bob,
  carol,
  historyOf,
  member,
  nestOf,
  openedBy,
  otherList,
  passOn,
  type SentLayer,
  sent,
} from '../support/list-scene.js';

type Kind = 'E' | 'S' | 'S*';

/** The table of RFC 2634 §4.2.3, by its own steps and beginning at the outermost layer, as its flow chart goes. */
function afterwards(layers: readonly Kind[]): readonly Kind[] {
  const envelope = layers.indexOf('E');
  // §4.2: all signatures around an envelope go.
  if (envelope !== -1) return ['S*', ...layers.slice(envelope)];
  const history = layers.indexOf('S*');
  if (history === -1) return ['S*', ...layers];
  return ['S*', ...layers.slice(history === layers.length - 1 ? history : history + 1)];
}

const names: Readonly<Record<Kind, string>> = { E: 'E', S: 'S:Alice', 'S*': 'S:Orchestra*' };

const layer = fc.record({
  kind: fc.constantFrom<Kind>('E', 'S', 'S*'),
  cipher: fc.constantFrom('aes128-cbc', 'aes256-cbc', 'aes128-gcm'),
  form: fc.constantFrom('detached', 'opaque'),
});
const options = fc.record({
  mode: fc.constantFrom('re-key', 'decrypt-and-encrypt'),
  separately: fc.boolean(),
  capabilities: fc.constantFrom([], ['aes128-gcm', 'aes128-cbc'], ['aes128-cbc']),
});

describe('explodeMessage', () => {
  test('gives the members, from a random nest of layers, what RFC 2634 §4.2 says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 4 }), options, async (nest, { capabilities, ...how }) => {
        let seenEnvelope = false;
        const layers = nest.map(({ kind, cipher, form }): SentLayer => {
          if (kind === 'S*') return { by: otherList, says: [historyOf(otherList)], form: form as 'opaque' };
          if (kind === 'S') return { by: alice, form: form as 'opaque' };
          // The list has a key of the outermost envelope; those within are the members'.
          const readers = seenEnvelope ? [member(bob), member(carol)] : undefined;
          seenEnvelope = true;
          return {
            cipher: cipher as 'aes128-cbc',
            ...(readers === undefined ? {} : { for: readers }),
          };
        });
        const members = [member(bob, ...(capabilities as 'aes128-cbc'[])), member(carol)];
        const { messages, refused } = await passOn(await sent(layers), {
          members,
          mode: how.mode as 're-key',
          separately: how.separately,
        });
        expect(refused).toEqual([]);
        // Each member has a copy, and one only.
        expect(messages.flatMap((each) => each.members)).toHaveLength(2);
        const [first, ...kept] = afterwards(nest.map(({ kind }) => kind));
        expect(first).toBe('S*');
        const expected = ['S:Choir*', ...kept.map((kind) => names[kind]), 'At nine.'].join(' ');
        for (const [i, by] of [bob, carol].entries()) {
          const copy = messages.find((each) => each.members.includes(members[i]!))!;
          expect(nestOf(await openedBy(by, copy.message))).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});
