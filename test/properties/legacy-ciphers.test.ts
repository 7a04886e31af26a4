import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptCbc, encryptCbc } from '../../src/crypto/ciphers/cbc.js';
import { blockRun, type CbcAlgorithm } from '../../src/crypto/ciphers/cbc-blocks.js';
import { rc4 } from '../../src/crypto/legacy/rc4.js';
import { plainRc2Block } from '../support/plain-rc2.js';

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const ts = { engine: 'typescript' } as const;

/** The same octets at each place in memory that an alignment can have. */
function atEveryAlignment(octets: Uint8Array): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: 8 }, (_, shift) => {
    const view = new Uint8Array(octets.length + 8).subarray(shift, shift + octets.length);
    view.set(octets);
    return view;
  });
}

/** Whole blocks through one run in the given number of pieces. */
function inPieces(
  algorithm: CbcAlgorithm,
  key: Uint8Array<ArrayBuffer>,
  forwards: boolean,
  octets: Uint8Array<ArrayBuffer>,
  cuts: readonly number[],
): Uint8Array {
  const run = blockRun(algorithm, key, forwards, 'typescript');
  const places = [...new Set([0, ...cuts.map((cut) => 8 * (cut % (octets.length / 8 + 1))), octets.length])];
  places.sort((a, b) => a - b);
  const pieces = places.slice(1).map((end, i) => run(octets.subarray(places[i], end)));
  return new Uint8Array(Buffer.concat(pieces));
}

test('DES and triple DES give what OpenSSL gives, for any key, length, split and alignment', () => {
  let cases = 0;
  fc.assert(
    fc.property(bytes(24, 24), bytes(8, 8), bytes(0, 200), fc.array(fc.nat(30)), (key, iv, octets, cuts) => {
      for (const name of ['des-cbc', 'des-ede3-cbc'] as const) {
        const keyOctets = name === 'des-cbc' ? key.slice(0, 8) : key.slice();
        const algorithm = { name, iv: iv.slice() };
        // Triple DES with three equal keys is DES.
        const native = name === 'des-cbc' ? Buffer.concat([keyOctets, keyOctets, keyOctets]) : keyOctets;
        const cipher = createCipheriv('des-ede3-cbc', native, iv);
        const known = new Uint8Array(Buffer.concat([cipher.update(octets), cipher.final()]));
        for (const view of atEveryAlignment(octets)) {
          expect(encryptCbc(algorithm, keyOctets, view, ts)).toEqual(known);
        }
        for (const view of atEveryAlignment(known)) {
          expect(decryptCbc(algorithm, keyOctets, view, ts)).toEqual(new Uint8Array(octets));
        }
        const whole = new Uint8Array(octets.subarray(0, octets.length & ~7));
        const encrypted = known.slice(0, whole.length);
        expect(inPieces(algorithm, keyOctets, true, whole, cuts)).toEqual(encrypted);
        expect(inPieces(algorithm, keyOctets, false, encrypted, cuts)).toEqual(whole);
        cases++;
      }
    }),
  );
  expect(cases).toBe(200);
});

test('RC2 gives what the text of RFC 2268 gives, for any key, number of bits, length, split and alignment', () => {
  fc.assert(
    fc.property(
      bytes(1, 128),
      fc.integer({ min: 1, max: 1024 }),
      bytes(8, 8),
      bytes(8, 120),
      fc.array(fc.nat(30)),
      (key, effectiveKeyBits, iv, octets, cuts) => {
        const algorithm = { name: 'rc2-cbc', iv: iv.slice(), effectiveKeyBits } as const;
        const secret = key.slice();
        const whole = octets.slice(0, octets.length & ~7);
        const known = new Uint8Array(whole.length);
        let vector: Uint8Array = iv;
        for (let at = 0; at < whole.length; at += 8) {
          const block = whole.slice(at, at + 8).map((octet, i) => octet ^ vector[i]!);
          vector = plainRc2Block(secret, effectiveKeyBits, block);
          known.set(vector, at);
        }
        for (const view of atEveryAlignment(whole)) {
          expect(blockRun(algorithm, secret, true, 'typescript')(view)).toEqual(known);
        }
        for (const view of atEveryAlignment(known)) {
          expect(blockRun(algorithm, secret, false, 'typescript')(view)).toEqual(whole);
        }
        expect(inPieces(algorithm, secret, true, whole, cuts)).toEqual(known);
        expect(inPieces(algorithm, secret, false, known, cuts)).toEqual(whole);
      },
    ),
  );
});

test('RC4 gives what its description gives, and itself undone', () => {
  fc.assert(
    fc.property(bytes(1, 256), bytes(0, 700), (key, octets) => {
      const state = Array.from({ length: 256 }, (_, i) => i);
      const swap = (i: number, j: number): void => {
        [state[i], state[j]] = [state[j]!, state[i]!];
      };
      for (let i = 0, j = 0; i < 256; i++) {
        j = (j + state[i]! + key[i % key.length]!) % 256;
        swap(i, j);
      }
      let [i, j] = [0, 0];
      const known = octets.map((octet) => {
        i = (i + 1) % 256;
        j = (j + state[i]!) % 256;
        swap(i, j);
        return octet ^ state[(state[i]! + state[j]!) % 256]!;
      });
      const encrypted = rc4(key.slice(), octets.slice());
      expect(encrypted).toEqual(new Uint8Array(known));
      expect(rc4(key.slice(), encrypted)).toEqual(new Uint8Array(octets));
    }),
  );
});
