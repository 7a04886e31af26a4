import * as realCrypto from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHmac, type HmacDigestName, hmac, verifyHmac } from '../../../src/crypto/digests/hmac.js';
import { pbkdf2 } from '../../../src/crypto/passwords/pbkdf2.js';
import { encodeHex } from '../../../src/encoding/hex.js';
import { errorCode, octetsOf, rejection } from '../support.js';

const names: readonly HmacDigestName[] = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha512-224',
  'sha512-256',
  'sha3-224',
  'sha3-256',
  'sha3-384',
  'sha3-512',
];
const data = octetsOf(300);

describe('HMAC', () => {
  for (const name of names) {
    test(`with ${name} is what node:crypto gives, on both engines and in any pieces`, async () => {
      for (const keyLength of [0, 1, 63, 64, 65, 127, 128, 129, 200]) {
        const key = octetsOf(keyLength);
        const known = realCrypto.createHmac(name, key).update(data).digest('hex');
        for (const engine of ['native', 'typescript', 'auto'] as const) {
          expect(encodeHex(await hmac(name, key, data, { engine }))).toBe(known);
          const running = createHmac(name, key, { engine });
          for (let at = 0; at < data.length; at += 37) {
            const chunk = data.slice(at, at + 37);
            running.update(chunk);
            chunk.fill(0);
          }
          expect(encodeHex(running.finish())).toBe(known);
          expect(errorCode(() => running.finish())).toBe('usage');
          expect(errorCode(() => running.update(data))).toBe('usage');
        }
      }
    });
  }

  test('is verified whole, or cut off where the caller says to which length', async () => {
    const key = octetsOf(32);
    const mac = await hmac('sha256', key, data);
    for (let length = 0; length <= 33; length++) {
      const given = new Uint8Array([...mac, 0]).subarray(0, length);
      expect(await verifyHmac('sha256', key, data, given)).toBe(length === 32);
      expect(await verifyHmac('sha256', key, data, given, { length: 20 })).toBe(length === 20);
      if (length < 16 || length > 32) {
        expect((await rejection(verifyHmac('sha256', key, data, given, { length }))).code).toBe('usage');
        continue;
      }
      expect(await verifyHmac('sha256', key, data, given, { length })).toBe(true);
      const changed = given.slice();
      changed[length - 1]! ^= 1;
      expect(await verifyHmac('sha256', key, data, changed, { length })).toBe(false);
    }
    for (const length of [16.5, Number.NaN]) {
      expect((await rejection(verifyHmac('sha256', key, data, mac, { length }))).code).toBe('usage');
    }
    // Half of an MD5 is less than ten octets.
    const short = await hmac('md5', key, data);
    expect((await rejection(verifyHmac('md5', key, data, short, { length: 8 }))).code).toBe('usage');
  });

  test('refuses a digest and an engine that are none', async () => {
    expect((await rejection(hmac('sha0' as 'sha1', data, data))).code).toBe('usage');
    expect((await rejection(hmac('sha1', data, data, { engine: 'fast' as 'auto' }))).code).toBe('usage');
  });
});

describe('PBKDF2', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  const asked = { salt: octetsOf(8), iterations: 7, length: 70 };
  const password = octetsOf(5);
  const known = (name: string): string =>
    realCrypto.pbkdf2Sync(password, asked.salt, asked.iterations, asked.length, name).toString('hex');

  test('is what node:crypto gives, on both engines', async () => {
    for (const digest of names) {
      for (const engine of ['native', 'typescript', 'auto'] as const) {
        expect(encodeHex(await pbkdf2(password, { ...asked, digest, engine }))).toBe(known(digest));
      }
    }
  });

  test('refuses numbers that cannot be', async () => {
    for (const wrong of [{ iterations: 0 }, { iterations: 1.5 }, { length: 0 }, { length: Number.NaN }]) {
      const refused = await rejection(pbkdf2(password, { ...asked, digest: 'sha1', ...wrong }));
      expect(refused.code).toBe('usage');
    }
    const engine = 'fast' as 'auto';
    expect((await rejection(pbkdf2(password, { ...asked, digest: 'sha1', engine }))).code).toBe('usage');
    expect((await rejection(pbkdf2(password, { ...asked, digest: 'sha0' as 'sha1' }))).code).toBe('usage');
  });

  /** PBKDF2 as it is in a runtime with this node:crypto and this WebCrypto. */
  async function derivedWith(
    native: unknown,
    subtle: unknown,
    digest: HmacDigestName,
    engine: 'auto' | 'native',
  ) {
    vi.resetModules();
    vi.stubGlobal('crypto', subtle === undefined ? undefined : { subtle });
    vi.stubGlobal('process', { ...process, getBuiltinModule: () => native });
    const room = await import('../../../src/crypto/passwords/pbkdf2.js');
    try {
      return encodeHex(await room.pbkdf2(password, { ...asked, digest, engine }));
    } catch (error) {
      return (error as { code?: string }).code;
    }
  }

  test('comes from WebCrypto where there is no node:crypto, and from TypeScript where there is neither', async () => {
    const { subtle } = realCrypto.webcrypto;
    for (const digest of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
      expect(await derivedWith(undefined, subtle, digest, 'native')).toBe(known(digest));
      expect(await derivedWith(undefined, undefined, digest, 'native')).toBe('crypto-engine-unavailable');
      expect(await derivedWith(undefined, undefined, digest, 'auto')).toBe(known(digest));
    }
    expect(await derivedWith(undefined, subtle, 'sha224', 'native')).toBe('crypto-engine-unavailable');
    expect(await derivedWith(undefined, subtle, 'sha224', 'auto')).toBe(known('sha224'));
  });

  test('is not left to native code that derives wrongly or throws', async () => {
    const done = (answer: unknown) => ({
      pbkdf2: (...args: readonly unknown[]) =>
        (args[5] as (error: unknown, derived: unknown) => void)(null, answer),
    });
    const throwing = {
      pbkdf2: () => {
        throw new Error('no');
      },
    };
    for (const native of [done(new Uint8Array(70)), done(undefined), throwing, {}]) {
      expect(await derivedWith(native, undefined, 'sha256', 'auto')).toBe(known('sha256'));
      expect(await derivedWith(native, undefined, 'sha256', 'native')).toBe('crypto-engine-unavailable');
      // The next way is asked.
      expect(await derivedWith(native, realCrypto.webcrypto.subtle, 'sha256', 'native')).toBe(
        known('sha256'),
      );
    }
  });
});
