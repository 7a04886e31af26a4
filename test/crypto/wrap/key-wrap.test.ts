import { describe, expect, test } from 'vitest';
import { readBer } from '../../../src/asn1/reader.js';
import { unwrapWithCbc, wrapWithCbc } from '../../../src/crypto/wrap/cbc-wrap.js';
import { type KeyWrapName, unwrapKey, wrapKey } from '../../../src/crypto/wrap/key-wrap.js';
import { encodeKeyWrap, readKeyWrap, wrapKeyLength } from '../../../src/crypto/wrap/key-wrap-algorithm.js';
import { decodeHex, encodeHex } from '../../../src/encoding/hex.js';
import { engines, errorCode, octetsOf, rejection } from '../support.js';

const names: readonly KeyWrapName[] = [
  'aes128-wrap',
  'aes192-wrap',
  'aes256-wrap',
  'des-ede3-wrap',
  'rc2-wrap',
];

/** A source that gives the octets in hand, one call after the other. */
function drawing(...hex: string[]): (length: number) => Uint8Array {
  return (length) => {
    const octets = decodeHex(hex.shift()!);
    expect(octets.length).toBe(length);
    return octets;
  };
}

describe('vectors', () => {
  // RFC 3394 §4.1 to §4.6.
  const key = '00112233445566778899aabbccddeeff0001020304050607' + '08090a0b0c0d0e0f';
  const kek = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
  test.each([
    ['aes128-wrap', 16, '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5'],
    ['aes192-wrap', 16, '96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d'],
    ['aes256-wrap', 16, '64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7'],
    ['aes192-wrap', 24, '031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2'],
    ['aes256-wrap', 24, 'a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1'],
    ['aes256-wrap', 32, '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21'],
  ] as const)('RFC 3394, %s of %i octets', async (name, length, wrapped) => {
    for (const engine of engines) {
      const by = decodeHex(kek).subarray(0, wrapKeyLength(name));
      const octets = decodeHex(key).subarray(0, length);
      expect(encodeHex(await wrapKey(name, by, octets, { engine }))).toBe(wrapped);
      expect(await unwrapKey(name, by, decodeHex(wrapped), { engine })).toEqual(octets);
    }
  });

  test('RFC 3217 §3.4, triple DES', async () => {
    const by = decodeHex('255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f');
    const octets = decodeHex('2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98');
    const wrapped = '690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4';
    for (const engine of engines) {
      const random = drawing('5dd4cbfc96f5453b');
      expect(encodeHex(await wrapKey('des-ede3-wrap', by, octets, { engine, random }))).toBe(wrapped);
      expect(await unwrapKey('des-ede3-wrap', by, decodeHex(wrapped), { engine })).toEqual(octets);
    }
  });

  test('RFC 3217 §4.4, RC2 with 40 effective bits', () => {
    const by = decodeHex('fd04fd08060707fb0003fefffd02fe05');
    const octets = decodeHex('b70a25fbc9d86a86050ce0d711ead4d9');
    const wrapped = '70e699fb5701f7833330fb71e87c85a420bdc99af05d22af5a0e48d35f3138986cbaafb4b28d4f35';
    const random = drawing('4845cce7fd1250', 'c7d90059b29e97f7');
    expect(encodeHex(wrapWithCbc('rc2-wrap', by, octets, { random, effectiveKeyBits: 40 }))).toBe(wrapped);
    expect(unwrapWithCbc('rc2-wrap', by, decodeHex(wrapped), { effectiveKeyBits: 40 })).toEqual(octets);
  });
});

describe('refusals', () => {
  test('a wrapping of which any octet was changed, and every shorter one', async () => {
    for (const name of names) {
      for (const engine of name === 'rc2-wrap' ? (['auto'] as const) : engines) {
        const kek = octetsOf(wrapKeyLength(name));
        const wrapped = await wrapKey(name, kek, octetsOf(24), { engine });
        for (let i = 0; i < wrapped.length; i++) {
          const changed = wrapped.slice();
          changed[i]! ^= 1 << (i % 8);
          const cut = wrapped.subarray(0, i);
          for (const octets of [changed, cut]) {
            const { code } = await rejection(unwrapKey(name, kek, octets, { engine }));
            expect(code).toBe('crypto-decryption-failed');
          }
        }
      }
    }
  });

  test('another key', async () => {
    for (const name of names) {
      const kek = octetsOf(wrapKeyLength(name));
      const wrapped = await wrapKey(name, kek, octetsOf(16));
      const { code } = await rejection(unwrapKey(name, kek.fill(2), wrapped));
      expect(code).toBe('crypto-decryption-failed');
    }
  });

  test('keys of a wrong length are the caller’s fault', async () => {
    for (const name of names) {
      const kek = octetsOf(wrapKeyLength(name));
      expect((await rejection(wrapKey(name, kek.subarray(1), octetsOf(16)))).code).toBe('usage');
      expect((await rejection(unwrapKey(name, kek.subarray(1), octetsOf(24)))).code).toBe('usage');
      expect((await rejection(wrapKey(name, kek, octetsOf(0)))).code).toBe('usage');
      expect((await rejection(wrapKey(name, kek, octetsOf(10_000)))).code).toBe('usage');
    }
    for (const name of ['aes128-wrap', 'des-ede3-wrap'] as const) {
      expect((await rejection(wrapKey(name, octetsOf(wrapKeyLength(name)), octetsOf(17)))).code).toBe(
        'usage',
      );
    }
    // RFC 3394 §2.
    expect((await rejection(wrapKey('aes128-wrap', octetsOf(16), octetsOf(8)))).code).toBe('usage');
    expect((await rejection(wrapKey('none' as KeyWrapName, octetsOf(16), octetsOf(16)))).code).toBe('usage');
  });

  test('RC2 is never native', async () => {
    const { code } = await rejection(wrapKey('rc2-wrap', octetsOf(16), octetsOf(16), { engine: 'native' }));
    expect(code).toBe('crypto-engine-unavailable');
  });
});

test('RC2 wraps keys of every length', async () => {
  for (let length = 1; length <= 255; length++) {
    const wrapped = await wrapKey('rc2-wrap', octetsOf(16), octetsOf(length));
    expect(await unwrapKey('rc2-wrap', octetsOf(16), wrapped)).toEqual(octetsOf(length));
  }
});

describe('AlgorithmIdentifier', () => {
  test('of each is read as it was written', () => {
    for (const name of names) expect(readKeyWrap(readBer(encodeKeyWrap(name)))).toBe(name);
  });

  test('AES has no parameters (RFC 3565 §2.3.2), and NULL is read nevertheless', () => {
    expect(encodeHex(encodeKeyWrap('aes256-wrap'))).toBe('300b060960864801650304012d');
    expect(readKeyWrap(readBer(decodeHex('300d060960864801650304012d0500')))).toBe('aes256-wrap');
  });

  test('triple DES has NULL (RFC 3370 §4.3.1)', () => {
    expect(encodeHex(encodeKeyWrap('des-ede3-wrap'))).toBe('300f060b2a864886f70d01091003060500');
  });

  test('RC2 of other effective bits, and what is no wrap, are unsupported', () => {
    const of40 = decodeHex('3011060b2a864886f70d0109100307020200a0');
    expect(errorCode(() => readKeyWrap(readBer(of40)))).toBe('crypto-unsupported');
    expect(errorCode(() => readKeyWrap(readBer(decodeHex('300b0609608648016503040201'))))).toBe(
      'crypto-unsupported',
    );
    expect(errorCode(() => readKeyWrap(readBer(decodeHex('3000'))))).toBe('asn1-unexpected');
  });
});
