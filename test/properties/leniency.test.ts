import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../src/mime/message.js';
import { probeOctets } from '../mime/leniency/probe.js';
import { probes } from '../mime/leniency/probes.js';
import { viewMessage } from '../mime/leniency/view.js';
import { expectExactRanges } from '../support/mime.js';
import { eventsOf } from '../support/mime-events.js';

/** One piece of damage: octets at a place taken out, put there, doubled, or given another line end. */
const damage = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.nat(12),
  kind: fc.constantFrom('remove', 'double', 'insert', 'lf', 'cr', 'flip'),
  text: fc.constantFrom(
    ...[
      '\r',
      '\n',
      '\r\n',
      '--b',
      '--',
      '=?',
      '?=',
      '"',
      '(',
      '<',
      ';',
      '=',
      '\0',
      '\x1b$B',
      '\xe3\x81',
      ' ',
      ':',
    ],
  ),
});

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(octets: Uint8Array, list: readonly Damage[]): Uint8Array<ArrayBuffer> {
  let text = Buffer.from(octets).toString('latin1');
  for (const { place, length, kind, text: inserted } of list) {
    const at = Math.floor(place * text.length);
    const piece = text.slice(at, at + length);
    const before = text.slice(0, at);
    const after = text.slice(at + length);
    if (kind === 'remove') text = before + after;
    else if (kind === 'double') text = before + piece + piece + after;
    else if (kind === 'insert') text = before + inserted + piece + after;
    else if (kind === 'lf') text = before + (piece + after).replace(/\r\n/g, '\n');
    else if (kind === 'cr') text = before + piece.replace(/\r\n/g, '\r') + after;
    else text = before + piece.replace(/[a-z]/g, (letter) => letter.toUpperCase()) + after;
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

const message = fc
  .tuple(fc.constantFrom(...probes), fc.array(damage, { maxLength: 5 }))
  .map(([probe, list]) => damaged(probeOctets(probe).subarray(0, 3000), list));

describe('the leniency probes, damaged at random', () => {
  test('are read without an error, and written back octet for octet', () => {
    fc.assert(
      fc.property(message, (octets) => {
        expectExactRanges(parseMessage(octets));
        const { from, to, attachments } = viewMessage(octets);
        expect([from, to, attachments].every((list) => Array.isArray(list))).toBe(true);
      }),
      { numRuns: 4000 },
    );
  });

  test('give the same events in any chunks', () => {
    fc.assert(
      fc.property(message, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (octets, sizes) => {
        const whole = JSON.stringify(eventsOf(octets, []));
        expect(JSON.stringify(eventsOf(octets, sizes))).toBe(whole);
        expect(
          JSON.stringify(
            eventsOf(
              octets,
              Array.from(octets, () => 1),
            ),
          ),
        ).toBe(whole);
      }),
      { numRuns: 1000 },
    );
  });
});
