import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContentCipherName } from '../../src/cms/enveloped/recipient.js';
import type { SmimeCapabilityName } from '../../src/cms/smime-capabilities.js';
import { MailsealError } from '../../src/core/errors.js';
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
  cipher: fc.constantFrom<ContentCipherName>('aes128-cbc', 'aes256-cbc', 'aes128-gcm'),
  form: fc.constantFrom<'detached' | 'opaque'>('detached', 'opaque'),
});
const options = fc.record({
  mode: fc.constantFrom<'re-key' | 'decrypt-and-encrypt'>('re-key', 'decrypt-and-encrypt'),
  separately: fc.boolean(),
  capabilities: fc.subarray<SmimeCapabilityName>(['aes128-gcm', 'aes128-cbc']),
});

describe('explodeMessage', () => {
  test('gives the members, from a random nest of layers, what RFC 2634 §4.2 says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 4 }), options, async (nest, { capabilities, ...how }) => {
        let seenEnvelope = false;
        const layers = nest.map(({ kind, cipher, form }): SentLayer => {
          if (kind === 'S*') return { by: otherList, says: [historyOf(otherList)], form };
          if (kind === 'S') return { by: alice, form };
          // The list has a key of the outermost envelope; those within are the members'.
          const readers = seenEnvelope ? [member(bob), member(carol)] : undefined;
          seenEnvelope = true;
          return {
            cipher,
            ...(readers === undefined ? {} : { for: readers }),
          };
        });
        // Bob says what he reads, or nothing; of Carol nothing is known.
        const members = [member(bob, ...capabilities), member(carol)];
        const { messages, refused } = await passOn(await sent(layers), {
          members,
          ...how,
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
      { numRuns: 30 },
    );
  });

  test('gives of damaged messages a result or a MailsealError', async () => {
    const messages = await Promise.all([
      sent([{ by: alice }, { cipher: 'aes128-gcm' }, { by: alice }]),
      sent([{ cipher: 'aes128-cbc' }, { by: alice, form: 'opaque' }]),
      sent([{ by: otherList, says: [historyOf(otherList)], form: 'opaque' }, { by: alice }]),
    ]);
    const change = fc.record({
      at: fc.nat(),
      length: fc.nat({ max: 40 }),
      with: fc.uint8Array({ maxLength: 9 }),
    });
    const counts = { passed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...messages),
        fc.array(change, { maxLength: 3 }),
        async (message, changes) => {
          const octets = [...message];
          for (const { at, length, with: other } of changes)
            octets.splice(at % message.length, length, ...other);
          const mode = octets.length % 2 === 0 ? 're-key' : 'decrypt-and-encrypt';
          try {
            await passOn(Uint8Array.from(octets), { mode });
            counts.passed++;
          } catch (error) {
            if (!(error instanceof MailsealError) || error.fault === 'usage') throw error;
            counts.refused++;
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(counts.passed).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  });
});
