import { afterEach, expect, test } from 'vitest';
import { equalBytes } from '../../../src/core/bytes.js';
import { decryptWithCbc, encryptWithCbc } from '../../../src/crypto/ciphers/cbc-once.js';
import { octetsOf, rejection } from '../support.js';

const { set, slice } = Uint8Array.prototype;

afterEach(() => {
  Object.assign(Uint8Array.prototype, { set, slice });
});

/** How many of the arrays that were copied meanwhile hold the key, at the time and when all is over. */
async function copiesOf(
  key: Uint8Array,
  work: () => Promise<unknown>,
): Promise<[made: number, left: number]> {
  const copies = new Set<Uint8Array>();
  let made = 0;
  const note = (octets: Uint8Array) => {
    copies.add(octets);
    if (equalBytes(octets, key)) made++;
  };
  Object.assign(Uint8Array.prototype, {
    slice(this: Uint8Array, ...range: Parameters<typeof slice>) {
      const copy = slice.apply(this, range);
      note(copy);
      return copy;
    },
    set(this: Uint8Array, ...given: Parameters<typeof set>) {
      set.apply(this, given);
      note(this);
    },
  });
  await work();
  Object.assign(Uint8Array.prototype, { set, slice });
  return [made, [...copies].filter((copy) => equalBytes(copy, key)).length];
}

test.each(['auto', 'typescript'] as const)('%s: no copy of the key is left behind', async (engine) => {
  for (const length of [16, 24, 32] as const) {
    const key = Uint8Array.from({ length }, (_, i) => 101 + 7 * i);
    const names = { 16: 'aes128-cbc', 24: 'aes192-cbc', 32: 'aes256-cbc' } as const;
    const algorithm = { name: names[length], iv: octetsOf(16) };
    const content = octetsOf(100);
    const encrypted = await encryptWithCbc(algorithm, key, content);
    const works = [
      () => encryptWithCbc(algorithm, key, content, { engine }),
      () => decryptWithCbc(algorithm, key, encrypted, { engine }),
      () => rejection(decryptWithCbc(algorithm, key, content, { engine })),
      () => rejection(decryptWithCbc(algorithm, key, encrypted.subarray(0, 96), { engine })),
    ];
    for (const work of works) {
      const [made, left] = await copiesOf(key, work);
      expect(left).toBe(0);
      // Else nothing was observed.
      if (engine === 'typescript') expect(made).toBeGreaterThan(0);
    }
  }
});
