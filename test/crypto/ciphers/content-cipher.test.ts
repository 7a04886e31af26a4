import { describe, expect, test } from 'vitest';
import { createCbcDecryptor, createCbcEncryptor } from '../../../src/crypto/ciphers/cbc.js';
import { type ContentCipher, encodeContentCipher } from '../../../src/crypto/ciphers/content-cipher.js';
import { errorCode, octetsOf } from '../support.js';

describe('what is no cipher is the caller’s fault', () => {
  const none: Readonly<Record<string, unknown>> = {
    'nothing at all': undefined,
    null: null,
    'another name': { name: 'aes-256-gcm', nonce: octetsOf(12) },
    'a name that every object has': { name: 'toString', iv: octetsOf(16) },
    'RC2 with bits that have no version': { name: 'rc2-cbc', iv: octetsOf(8), effectiveKeyBits: 41 },
  };
  test.each(Object.keys(none))('encoding %s', (what) => {
    expect(errorCode(() => encodeContentCipher(none[what] as ContentCipher))).toBe('usage');
  });

  test.each(Object.keys(none).slice(0, 4))('CBC with %s', (what) => {
    for (const create of [createCbcEncryptor, createCbcDecryptor]) {
      expect(errorCode(() => create(none[what] as never, octetsOf(16)))).toBe('usage');
    }
  });
});
