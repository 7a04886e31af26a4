import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SaslAccount, SaslServerOptions } from '../../src/sasl/accounts.js';
import { deriveScramKeys } from '../../src/sasl/scram-keys.js';
import { createSaslServer } from '../../src/sasl/server.js';
import { text, utf8 } from './support.js';

/** Iterations of PBKDF2 so far: what takes the time. */
let work = 0;

vi.mock('../../src/crypto/passwords/pbkdf2.js', async (original) => {
  const real = await original<typeof import('../../src/crypto/passwords/pbkdf2.js')>();
  const pbkdf2: typeof real.pbkdf2 = (password, options) => {
    work += options.iterations;
    return real.pbkdf2(password, options);
  };
  return { ...real, pbkdf2 };
});

beforeEach(() => {
  work = 0;
});

const keys = await deriveScramKeys('SHA-256', 'pencil', { salt: utf8('salt'), iterations: 4096 });
const accounts: Readonly<Record<string, SaslAccount>> = {
  password: { password: 'pencil' },
  keys: { scram: { 'SHA-256': keys } },
  smile: { password: '😀' },
  empty: { password: '' },
  soft: { password: '\u00ad' },
};
const options: SaslServerOptions = { account: (user) => accounts[user], decoyKey: Uint8Array.of(7) };
const users = [...Object.keys(accounts), 'nobody'];

/** What a server says to a first message, or the code of what it throws, with what it cost. */
async function seen(mechanism: string, message: string, given = options): Promise<unknown[]> {
  const server = createSaslServer(mechanism, given);
  work = 0;
  const said = text(await server.challenge(utf8(message)));
  return [said?.replace(/s=[^,]*/, 's='), server.outcome, work];
}

describe('who is not there cannot be told from who is', () => {
  test.each(['wrong', '😀x', '\ue000', '\u00ad', '\u05d0a'])('by PLAIN with %j', async (wrong) => {
    const expected = await seen('PLAIN', `\0nobody\0${wrong}`);
    for (const user of users) expect(await seen('PLAIN', `\0${user}\0${wrong}`)).toEqual(expected);
  });

  test('by what SCRAM begins with', async () => {
    const server = createSaslServer('SCRAM-SHA-256', options);
    const nonce = /^r=abc(.*),s=/.exec(text(await server.challenge(utf8('n,,n=nobody,r=abc')))!)![1]!;
    for (const user of users) {
      const [said, outcome, cost] = await seen('SCRAM-SHA-256', `n,,n=${user},r=abc`);
      expect(String(said)).toMatch(/^r=abc.*,s=,i=4096$/);
      expect(String(said).length).toBe(`r=abc${nonce},s=,i=4096`.length);
      expect([outcome, cost]).toEqual([undefined, 4096]);
    }
  });

  test('by a name that SASLprep makes the same: its salt is the same, too', async () => {
    const saltOf = async (user: string) => {
      const server = createSaslServer('SCRAM-SHA-256', options);
      return /s=([^,]*)/.exec(text(await server.challenge(utf8(`n,,n=${user},r=abc`)))!)![1];
    };
    for (const user of [...users, 'anybody']) {
      const softened = `${user.slice(0, 1)}\u00ad${user.slice(1)}`;
      expect(await saltOf(softened)).toBe(await saltOf(user));
    }
  });
});

describe('an empty password', () => {
  test.each([
    ['PLAIN', ['\0anna\0\u00ad']],
    ['PLAIN', ['\0anna\0\u200c\u200d']],
    ['LOGIN', ['anna', '']],
    ['LOGIN', ['anna', '\u00ad']],
  ])('of %s %j is nobody’s, and is not asked about', async (mechanism, messages) => {
    let asked = 0;
    const verifyPassword = () => {
      asked++;
      return true;
    };
    const server = createSaslServer(mechanism, { verifyPassword });
    for (const message of messages) await server.challenge(utf8(message));
    expect([server.outcome, asked]).toEqual([undefined, 0]);
  });

  test.each(['empty', 'soft'])('that is kept (%s) lets nobody in', async (user) => {
    for (const given of ['', '\u00ad', 'x']) {
      const server = createSaslServer('LOGIN', options);
      await server.challenge(utf8(user));
      await server.challenge(utf8(given));
      expect(server.outcome).toBeUndefined();
    }
  });
});

test('a password that SASLprep would not have kept fits where it is kept itself', async () => {
  const server = createSaslServer('PLAIN', options);
  await server.challenge(utf8('\0smile\0😀'));
  expect(server.outcome?.user).toBe('smile');
});
