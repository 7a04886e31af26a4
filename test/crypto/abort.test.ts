import { describe, expect, test } from 'vitest';
import { generateKeyPair, pbkdf2 } from '../../src/crypto/index.js';
import { createPkcs12 } from '../../src/pki/pkcs12/create-pkcs12.js';
import { parsePkcs12 } from '../../src/pki/pkcs12/parse-pkcs12.js';
import { rejection } from './support.js';

/** A signal that says "go on" so many times. */
function goingOn(times: number): {
  readonly aborted: boolean;
  readonly reason: string;
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    get aborted() {
      return asked++ >= times;
    },
    reason: 'enough',
    asked: () => asked,
  };
}

const aborted = { name: 'MailsealError', code: 'aborted', cause: 'enough' };

describe('a signal ends', () => {
  for (const engine of ['auto', 'typescript'] as const) {
    test(`the making of an RSA key by ${engine}, at once and on the way`, async () => {
      for (const times of [0, 1]) {
        const making = generateKeyPair({ kind: 'rsa', bits: 2048 }, { engine, signal: goingOn(times) });
        expect(await rejection(making)).toMatchObject(aborted);
      }
    });

    test(`PBKDF2 by ${engine}`, async () => {
      const asked = { digest: 'sha256', salt: new Uint8Array(8), iterations: 2, length: 8, engine } as const;
      expect(await rejection(pbkdf2(asked.salt, { ...asked, signal: goingOn(0) }))).toMatchObject(aborted);
      const { signal } = new AbortController();
      expect((await pbkdf2(asked.salt, { ...asked, signal })).length).toBe(8);
    });
  }

  test('the reading of a PKCS#12 file, before each key that is derived and each bag', async () => {
    const { privateKey } = await generateKeyPair({ kind: 'ed25519' });
    const options = { password: 'x', iterations: 1 };
    const file = await createPkcs12({ keys: [{ privateKey }, { privateKey }] }, options);
    const whole = goingOn(Number.POSITIVE_INFINITY);
    expect((await parsePkcs12(file, { ...options, signal: whole })).keys.length).toBe(2);
    // The MAC's key, and for each bag one question of its own and one of its key.
    expect(whole.asked()).toBe(5);
    for (let times = 0; times < 5; times++) {
      const signal = goingOn(times);
      expect(await rejection(parsePkcs12(file, { ...options, signal }))).toMatchObject(aborted);
    }
  });
});
