import * as nodeCrypto from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NativeCrypto } from '../../../src/crypto/engines/native-crypto.js';
import { parsePublicKey, type RsaPublicKey } from '../../../src/crypto/keys/public-key.js';
import { Pkcs1Batch, paddingLength, pkcs1Batch } from '../../../src/crypto/transport/pkcs1-batch.js';
import { putPkcs1 } from '../../../src/crypto/transport/pkcs1-padding.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { octetsOf, plain } from '../support.js';

const native = nodeCrypto as unknown as NativeCrypto;
const key = octetsOf(32);
const none = new Uint8Array(0);

function pairOf(modulusLength: number) {
  const { privateKey, publicKey } = nodeCrypto.generateKeyPairSync('rsa', { modulusLength });
  const own = parsePublicKey(plain(publicKey.export({ format: 'der', type: 'spki' })));
  if (own.kind !== 'rsa') throw new Error('it is an RSA key');
  return { privateKey, own: own as RsaPublicKey, length: modulusLength / 8 };
}

const pairs = [pairOf(2048), pairOf(1024), pairOf(3072)];
const [{ own: publicKey }] = pairs as [ReturnType<typeof pairOf>];

/** EME-PKCS1-v1_5 (RFC 8017 §7.2.1) around the key; gives the padding. */
function paddingOf(encoded: Uint8Array): Uint8Array {
  const end = encoded.length - key.length - 1;
  expect([...encoded.subarray(0, 2), encoded[end]]).toEqual([0, 2, 0]);
  expect(encodeHex(encoded.subarray(end + 1))).toBe(encodeHex(key));
  const padding = encoded.slice(2, end);
  expect(padding.includes(0)).toBe(false);
  return padding;
}

describe('a batch', () => {
  test.each([
    ['octets drawn before', paddingLength(200)],
    ['none', 0],
    ['too few of them', 300],
  ])('encrypts to 200 keys of three lengths, each with a padding of its own, with %s', (_, length) => {
    const spare = crypto.getRandomValues(new Uint8Array(length));
    const batch = pkcs1Batch(key, 200, spare, {});
    const paddings = Array.from({ length: 200 }, (_each, i) => {
      const pair = pairs[i % 3]!;
      const encrypted = batch?.encrypt(pair.own);
      expect(encrypted?.length).toBe(pair.length);
      const padding = nodeCrypto.constants.RSA_NO_PADDING;
      return encodeHex(paddingOf(nodeCrypto.privateDecrypt({ key: pair.privateKey, padding }, encrypted!)));
    });
    // Eight octets of each, wherever: none is a piece of another.
    expect(new Set(paddings.map((hex) => hex.slice(0, 16))).size).toBe(200);
    expect(new Set(paddings.map((hex) => hex.slice(-16))).size).toBe(200);
  });

  test('goes on where more keys come than were said', () => {
    const batch = pkcs1Batch(key, 1, none, {});
    for (let i = 0; i < 5; i++) expect(batch?.encrypt(publicKey)?.length).toBe(256);
  });

  test('leaves nothing of the key behind, neither when it draws anew nor at the end', () => {
    const seen: Uint8Array[] = [];
    const watched: NativeCrypto = {
      ...native,
      publicDecrypt: (options, octets) => {
        paddingOf(octets);
        seen.push(octets);
        return native.publicDecrypt!(options, octets);
      },
    };
    const batch = new Pkcs1Batch(watched, key, 2, crypto.getRandomValues(new Uint8Array(256)));
    batch.encrypt(publicKey);
    batch.encrypt(publicKey);
    const isWiped = (octets: Uint8Array) => octets.every((octet) => octet === 0);
    expect(seen.map(isWiped)).toEqual([true, false]);
    batch.wipe();
    expect(seen.map(isWiped)).toEqual([true, true]);
  });

  test('leaves to encryptKey what it cannot', () => {
    const batch = pkcs1Batch(octetsOf(120), 3, none, {});
    expect(batch?.encrypt(pairs[1]!.own)).toBeUndefined();
    expect(batch?.encrypt({ ...publicKey, pssOnly: true })).toBeUndefined();
    expect(batch?.encrypt({ ...publicKey, bits: 512 })).toBeUndefined();
    const refusing: NativeCrypto = {
      ...native,
      publicDecrypt: () => {
        throw new Error('refused');
      },
    };
    expect(new Pkcs1Batch(refusing, key, 1, none).encrypt(publicKey)).toBeUndefined();
    expect(pkcs1Batch(key, 1, none, { engine: 'typescript' })).toBeUndefined();
  });
});

describe('a padding in place', () => {
  test('takes what stood at the key’s place for zeros', () => {
    const encoded = octetsOf(64).fill(0, 2, 6).fill(9, 6, 31);
    encoded.set([7, 0, 8, 7, 8], 31);
    putPkcs1(key, encoded);
    expect([...paddingOf(encoded)].slice(0, 5)).toEqual([7, 8, 7, 8, 9]);
  });

  test('draws others where these are zeros, too', () => {
    const encoded = new Uint8Array(256);
    putPkcs1(key, encoded);
    expect(new Set(paddingOf(encoded)).size).toBeGreaterThan(50);
  });
});
