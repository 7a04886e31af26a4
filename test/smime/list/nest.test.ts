import { describe, expect, test } from 'vitest';
import type { MailListReceiptPolicy } from '../../../src/cms/ess/mail-list.js';
import { type NestLayer, planNest } from '../../../src/smime/list/nest.js';
import { unitedReceiptPolicy } from '../../../src/smime/list/receipt-policy.js';

/** Every nest of so many layers. */
function* nests(depth: number): Generator<readonly NestLayer[]> {
  if (depth === 0) {
    yield [];
    return;
  }
  for (const inner of nests(depth - 1)) {
    for (const layer of ['enveloped', 'signed', 'signed-with-history'] as const) yield [layer, ...inner];
  }
}

describe('planNest', () => {
  test('keeps to the rules of RFC 2634 §4.2 in every nest of up to seven layers (3,280)', () => {
    let count = 0;
    for (let depth = 0; depth <= 7; depth++) {
      for (const layers of nests(depth)) {
        count++;
        const { outer, kept } = planNest(layers);
        const what = layers.join(' ');
        const envelope = layers.indexOf('enveloped');
        const expands = envelope !== -1;
        // The first envelope is what is expanded, and what stays outermost.
        if (expands) expect(kept, what).toBe(envelope);
        // The outer signature is none within an envelope.
        const seals = expands ? envelope : layers.length;
        if (outer === undefined) {
          expect(layers.slice(0, seals), what).not.toContain('signed-with-history');
          expect(expands ? seals : 0, what).toBe(0);
          expect(kept, what).toBe(0);
          continue;
        }
        expect(outer, what).toBeLessThan(seals);
        expect(layers.slice(0, outer), what).not.toContain('signed-with-history');
        const isNextToEnvelope = expands && outer === envelope - 1;
        expect(layers[outer] === 'signed-with-history' || isNextToEnvelope, what).toBe(true);
        // Without an envelope the author's signature never goes: what is signed in the end was signed before.
        if (!expands) {
          expect([outer, outer + 1], what).toContain(kept);
          expect(layers[kept], what).toMatch(/^signed/);
        }
      }
    }
    expect(count).toBe(3280);
  });
});

type Names = Exclude<MailListReceiptPolicy, { readonly kind: 'none' }>['to'];

describe('unitedReceiptPolicy', () => {
  const names = (value: string): Names => [[{ kind: 'rfc822Name', value }]];
  const [a, b] = [names('a@example.jp'), names('b@example.jp')];
  const none: MailListReceiptPolicy = { kind: 'none' };
  const instead = (...to: Names[]): MailListReceiptPolicy => ({
    kind: 'instead-of',
    to: to.flat(),
  });
  const addition = (...to: Names[]): MailListReceiptPolicy => ({
    kind: 'in-addition-to',
    to: to.flat(),
  });

  test('is the table of RFC 2634 §4.3', () => {
    const columns = [none, instead(b), addition(b), undefined];
    const table: readonly (readonly [
      MailListReceiptPolicy | undefined,
      readonly (MailListReceiptPolicy | undefined)[],
    ])[] = [
      [none, [none, none, none, none]],
      [instead(a), [none, instead(b), instead(a, b), instead(a)]],
      [addition(a), [none, instead(b), addition(a, b), addition(a)]],
      [undefined, [none, instead(b), addition(b), undefined]],
    ];
    for (const [earlier, row] of table)
      expect(columns.map((own) => unitedReceiptPolicy(earlier, own))).toEqual(row);
  });
});
