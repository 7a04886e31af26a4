import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  createCbcDecryptor,
  createCbcEncryptor,
  decryptCbc,
  encryptCbc,
} from '../../../src/crypto/ciphers/cbc.js';
import { rc2Run } from '../../../src/crypto/legacy/rc2.js';
import { rc4 } from '../../../src/crypto/legacy/rc4.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { errorCode } from '../support.js';

describe('the ciphers of old mail', () => {
  test('triple DES gives what node:crypto gives', () => {
    for (let n = 1; n <= 20; n++) {
      const key = Uint8Array.from({ length: 24 }, (_, i) => 37 * i * n + n);
      const iv = Uint8Array.from({ length: 8 }, (_, i) => 11 * i + n);
      const octets = Uint8Array.from({ length: 8 * n + 3 }, (_, i) => i * n);
      const cipher = createCipheriv('des-ede3-cbc', key, iv);
      const known = encodeHex(Buffer.concat([cipher.update(octets), cipher.final()]));
      const algorithm = { name: 'des-ede3-cbc', iv } as const;
      for (const engine of ['native', 'typescript'] as const) {
        const encrypted = encryptCbc(algorithm, key, octets, { engine });
        expect(encodeHex(encrypted)).toBe(known);
        expect(decryptCbc(algorithm, key, encrypted, { engine })).toEqual(octets);
      }
    }
  });

  test('RC2 gives the ciphertexts of RFC 2268 §5', () => {
    for (const [key, bits, plain, cipher] of [
      ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
      ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
      ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
      ['88', 64, '0000000000000000', '61a8a244adacccf0'],
      ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
      ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
      ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
      [
        '88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e',
        129,
        '0000000000000000',
        '5b78d3a43dfff1f1',
      ],
    ] as const) {
      // One block with a vector of zeros is the cipher itself.
      const rc2 = (forwards: boolean) => rc2Run(decodeHex(key), bits, new Uint8Array(8), forwards);
      expect(encodeHex(rc2(true)(decodeHex(plain)))).toBe(cipher);
      expect(encodeHex(rc2(false)(decodeHex(cipher)))).toBe(plain);
    }
  });

  test('RC4 gives the first octets of RFC 6229 §2', () => {
    const zeros = new Uint8Array(16);
    expect(encodeHex(rc4(decodeHex('0102030405'), zeros))).toBe('b2396305f03dc027ccc3524a0a1118a8');
    expect(encodeHex(rc4(decodeHex('0102030405060708090a0b0c0d0e0f10'), zeros))).toBe(
      '9ac7cc9a609d1ef7b2932899cde41b97',
    );
  });
});

describe('CBC in pieces', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const algorithms = [
    [{ name: 'aes256-cbc', iv: new Uint8Array(16).fill(5) }, key],
    [{ name: 'des-ede3-cbc', iv: new Uint8Array(8).fill(5) }, key.subarray(0, 24)],
    [{ name: 'des-cbc', iv: new Uint8Array(8).fill(5) }, key.subarray(0, 8)],
    [{ name: 'rc2-cbc', iv: new Uint8Array(8).fill(5), effectiveKeyBits: 40 }, key.subarray(0, 5)],
  ] as const;
  for (const engine of ['auto', 'typescript'] as const) {
    for (const [algorithm, cipherKey] of algorithms) {
      test(`${algorithm.name}, ${engine}: any split of the input gives the same`, () => {
        for (const length of [0, 1, 7, 8, 15, 16, 17, 33, 100]) {
          const octets = Uint8Array.from({ length }, (_, i) => i + 1);
          const whole = encryptCbc(algorithm, cipherKey, octets, { engine });
          for (const step of [1, 3, 8, 16, 31]) {
            const inPieces = (cipher: ReturnType<typeof createCbcEncryptor>, input: Uint8Array) => {
              const pieces: Uint8Array[] = [];
              for (let at = 0; at < input.length; at += step) {
                // A chunk may be reused once it was taken.
                const chunk = input.slice(at, at + step);
                pieces.push(cipher.update(chunk).slice());
                chunk.fill(0xee);
              }
              pieces.push(cipher.finish());
              return new Uint8Array(Buffer.concat(pieces));
            };
            expect(inPieces(createCbcEncryptor(algorithm, cipherKey, { engine }), octets)).toEqual(whole);
            expect(inPieces(createCbcDecryptor(algorithm, cipherKey, { engine }), whole)).toEqual(octets);
          }
        }
      });

      test(`${algorithm.name}, ${engine}: every wrong padding has one code and one message`, () => {
        const messages = new Set<string>();
        const blockLength = algorithm.iv.length;
        for (let pad = 0; pad < 256; pad++) {
          const last = new Uint8Array(blockLength).fill(pad);
          if (pad >= 1 && pad <= blockLength) last[blockLength - pad]! ^= pad === 1 ? 0x80 : 1;
          const encrypted = encryptCbc(algorithm, cipherKey, last, { engine }).subarray(0, blockLength);
          if (pad === 1) continue;
          try {
            const plain = decryptCbc(algorithm, cipherKey, encrypted, { engine });
            throw new Error(`padding ${pad} was taken: ${plain.length} octets`);
          } catch (error) {
            messages.add(`${(error as { code?: string }).code} ${(error as Error).message}`);
          }
        }
        for (const length of [0, 1, blockLength + 1]) {
          messages.add(
            `${errorCode(() => decryptCbc(algorithm, cipherKey, new Uint8Array(length), { engine }))}`,
          );
        }
        expect([...messages].map((message) => message.split(' ')[0])).toEqual(
          Array.from({ length: messages.size }, () => 'crypto-decryption-failed'),
        );
        expect(messages.size).toBe(2);
      });
    }
  }

  test('native alone refuses what the runtime has not', () => {
    const rc2 = { name: 'rc2-cbc', iv: new Uint8Array(8), effectiveKeyBits: 40 } as const;
    expect(errorCode(() => encryptCbc(rc2, key.subarray(0, 5), key, { engine: 'native' }))).toBe(
      'crypto-engine-unavailable',
    );
  });

  test('keys and vectors of a wrong length are refused, and a finished cipher', () => {
    const aes = { name: 'aes128-cbc', iv: new Uint8Array(16) } as const;
    expect(errorCode(() => createCbcEncryptor(aes, key))).toBe('usage');
    expect(errorCode(() => createCbcEncryptor({ ...aes, iv: new Uint8Array(8) }, key.subarray(0, 16)))).toBe(
      'usage',
    );
    const cipher = createCbcEncryptor(aes, key.subarray(0, 16));
    cipher.finish();
    expect(errorCode(() => cipher.update(key))).toBe('usage');
  });
});
