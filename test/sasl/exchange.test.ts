import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { MailsealError, type MailsealErrorCode } from '../../src/core/errors.js';
import type { SaslServerOptions } from '../../src/sasl/accounts.js';
import { chooseMechanism } from '../../src/sasl/choose-mechanism.js';
import { createSaslClient } from '../../src/sasl/client.js';
import type { SaslCredentials } from '../../src/sasl/credentials.js';
import { deriveScramKeys } from '../../src/sasl/scram-keys.js';
import { createSaslServer } from '../../src/sasl/server.js';
import { converse, text, utf8 } from './support.js';

async function codeOf(run: () => unknown): Promise<MailsealErrorCode | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return error.code;
  }
}

const password = 'pass,wörd=Ⅸ';
const channelBinding = { type: 'tls-exporter', data: Uint8Array.of(1, 2, 3) };
const credentials: SaslCredentials = { user: 'tïm, =', password, channelBinding };
const server: SaslServerOptions = {
  account: (user) => (user === 'tïm, =' ? { password } : undefined),
  verifyToken: (token) => (token === 'right' ? 'tim' : undefined),
  external: 'tim',
  allowAnonymous: (trace) => trace === 'me',
  mayActAs: (user, actingAs) => user !== actingAs && actingAs === 'ursel',
  channelBindings: [channelBinding],
  decoyKey: Uint8Array.of(7),
};
const passwordMechanisms = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-512-PLUS',
];
const withoutPlus = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

describe('an exchange between our two sides', () => {
  test.each(passwordMechanisms)('%s lets in who knows the password', async (mechanism) => {
    for (const initial of [true, false]) {
      const mine = createSaslServer(mechanism, server);
      const client = createSaslClient(mechanism, credentials);
      await converse(client, mine, { initial });
      expect(mine.outcome).toEqual({ user: 'tïm, =', actingAs: 'tïm, =' });
      expect(client.isComplete).toBe(true);
    }
  });

  test.each(withoutPlus)('%s without a channel to bind to', async (mechanism) => {
    const { channelBindings: _, ...unbound } = server;
    for (const given of [credentials, { user: 'tïm, =', password }]) {
      const mine = createSaslServer(mechanism, unbound);
      await converse(createSaslClient(mechanism, given), mine);
      expect(mine.outcome?.user).toBe('tïm, =');
    }
  });

  test.each(passwordMechanisms)('%s keeps out who does not', async (mechanism) => {
    for (const wrong of [
      { ...credentials, password: 'pass' },
      { ...credentials, user: 'tom' },
    ]) {
      const mine = createSaslServer(mechanism, server);
      await converse(createSaslClient(mechanism, wrong), mine);
      expect(mine.outcome).toBeUndefined();
    }
  });

  test.each(['PLAIN', 'SCRAM-SHA-256-PLUS', 'EXTERNAL', 'XOAUTH2', 'OAUTHBEARER'])(
    '%s acts as somebody else where that is allowed',
    async (mechanism) => {
      for (const [actingAs, isAllowed] of [
        ['ursel', true],
        ['root', false],
      ] as const) {
        const given =
          mechanism === 'XOAUTH2'
            ? { user: actingAs, token: 'right' }
            : { ...credentials, actingAs, token: 'right' };
        const mine = createSaslServer(mechanism, server);
        await converse(createSaslClient(mechanism, given), mine);
        expect(mine.outcome?.actingAs).toBe(isAllowed ? actingAs : undefined);
      }
    },
  );

  test('tokens that are nobody’s are refused with a reason, and the exchange ends', async () => {
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
      const mine = createSaslServer(mechanism, server);
      const client = createSaslClient(mechanism, { user: 'tim', token: 'wrong' });
      const said = await converse(client, mine);
      expect(said[1]).toBe('{"status":"invalid_token"}');
      expect([mine.outcome, client.isComplete, client.refusal]).toEqual([undefined, false, said[1]]);
    }
  });

  test('EXTERNAL and ANONYMOUS', async () => {
    const external = createSaslServer('EXTERNAL', server);
    await converse(createSaslClient('EXTERNAL', { external: true }), external);
    expect(external.outcome).toEqual({ user: 'tim', actingAs: 'tim' });
    for (const [anonymous, isLetIn] of [
      ['me', true],
      ['you', false],
    ] as const) {
      const mine = createSaslServer('ANONYMOUS', server);
      await converse(createSaslClient('ANONYMOUS', { anonymous }), mine, { initial: false });
      expect(mine.outcome?.user).toBe(isLetIn ? 'anonymous' : undefined);
    }
  });
});

describe('PLAIN and LOGIN', () => {
  test('are checked against the keys that SCRAM keeps', async () => {
    const keys = await deriveScramKeys('SHA-256', 'pencil', { salt: utf8('salt'), iterations: 4096 });
    const account = () => ({ scram: { 'SHA-256': keys } });
    for (const [given, isRight] of [
      ['pencil', true],
      ['pen', false],
    ] as const) {
      const mine = createSaslServer('PLAIN', { account });
      await converse(createSaslClient('PLAIN', { user: 'tim', password: given }), mine);
      expect(mine.outcome !== undefined).toBe(isRight);
    }
  });

  test('ask verifyPassword with what SASLprep leaves', async () => {
    const asked: string[] = [];
    const verifyPassword = (user: string, given: string) => {
      asked.push(user, given);
      return true;
    };
    const mine = createSaslServer('LOGIN', { verifyPassword });
    await converse(createSaslClient('LOGIN', { user: 't\u00adim', password: 'Ⅸ' }), mine);
    expect(asked).toEqual(['tim', 'IX']);
    expect(mine.outcome?.user).toBe('tim');
  });

  test('a server of LOGIN takes the name as the initial response', async () => {
    const mine = createSaslServer('LOGIN', { account: () => ({ password: 'secret' }) });
    expect(text(await mine.challenge(utf8('tim')))).toBe('Password:');
    expect(await mine.challenge(utf8('secret'))).toBeUndefined();
    expect(mine.outcome?.user).toBe('tim');
  });

  test.each(['', '\0tim', '\0tim\0', '\0\0secret', 'a\0b\0c\0d', '\0tim\0\xff'])(
    'a server of PLAIN refuses %j',
    async (message) => {
      const mine = createSaslServer('PLAIN', server);
      const octets = message.includes('\xff') ? Uint8Array.of(0, 0x74, 0, 0xff) : utf8(message);
      expect(await codeOf(() => mine.challenge(octets))).toBe('sasl-malformed');
      expect(mine.outcome).toBeUndefined();
    },
  );
});

describe('a client of SCRAM refuses', () => {
  const begun = async (limits?: { leastIterations?: number; iterations?: number }) => {
    const client = createSaslClient(
      'SCRAM-SHA-256',
      { user: 'tim', password: 'pencil' },
      limits === undefined ? {} : { limits },
    );
    const first = text(await client.respond())!;
    return { client, nonce: first.slice(first.indexOf('r=') + 2) };
  };

  test.each<[what: string, message: (nonce: string) => string, code: MailsealErrorCode]>([
    ['a nonce of somebody else', () => 'r=other,s=QSXC,i=4096', 'sasl-malformed'],
    ['its own nonce alone', (nonce) => `r=${nonce},s=QSXC,i=4096`, 'sasl-malformed'],
    ['too few iterations', (nonce) => `r=${nonce}x,s=QSXC,i=4095`, 'sasl-refused'],
    ['too many iterations', (nonce) => `r=${nonce}x,s=QSXC,i=600001`, 'limit-iterations'],
    ['no iterations', (nonce) => `r=${nonce}x,s=QSXC,i=0`, 'sasl-malformed'],
    ['an empty salt', (nonce) => `r=${nonce}x,s=,i=4096`, 'sasl-malformed'],
    ['a salt that is no base64', (nonce) => `r=${nonce}x,s=Q*,i=4096`, 'sasl-malformed'],
    ['an extension that must be known', (nonce) => `m=x,r=${nonce}x,s=QSXC,i=4096`, 'sasl-unsupported'],
    ['attributes in another order', (nonce) => `s=QSXC,r=${nonce}x,i=4096`, 'sasl-malformed'],
    ['what are no attributes', () => 'hello', 'sasl-malformed'],
  ])('%s', async (_, message, code) => {
    const { client, nonce } = await begun();
    expect(await codeOf(() => client.respond(utf8(message(nonce))))).toBe(code);
    expect(client.isComplete).toBe(false);
    // Whatever comes behind it, the exchange is over.
    expect(await codeOf(() => client.respond(utf8(`r=${nonce}x,s=QSXC,i=4096`)))).toBe('sasl-malformed');
  });

  test.each([
    ['v=AAAA', 'sasl-refused'],
    [`v=${'A'.repeat(43)}=`, 'sasl-refused'],
    ['e=invalid-proof', 'sasl-refused'],
    ['v=*', 'sasl-malformed'],
    ['x=AAAA', 'sasl-malformed'],
    ['', 'sasl-malformed'],
  ])('the end %j', async (message, code) => {
    const { client, nonce } = await begun();
    await client.respond(utf8(`r=${nonce}x,s=QSXC,i=4096`));
    expect(await codeOf(() => client.respond(utf8(message)))).toBe(code);
    expect(client.isComplete).toBe(false);
  });

  test('fewer or more iterations only as it is told', async () => {
    const weak = await begun({ leastIterations: 1 });
    expect(text(await weak.client.respond(utf8(`r=${weak.nonce}x,s=QSXC,i=1`)))).toContain(',p=');
    const strict = await begun({ iterations: 5000 });
    expect(await codeOf(() => strict.client.respond(utf8(`r=${strict.nonce}x,s=QSXC,i=5001`)))).toBe(
      'limit-iterations',
    );
  });
});

describe('a server of SCRAM', () => {
  test('finds out that the offer of channel binding was taken out of the list', async () => {
    const mine = createSaslServer('SCRAM-SHA-256', server);
    await converse(createSaslClient('SCRAM-SHA-256', credentials), mine);
    expect(mine.outcome).toBeUndefined();
  });

  test('refuses another channel, and a kind of channel that it does not know', async () => {
    for (const binding of [
      { type: 'tls-exporter', data: Uint8Array.of(1, 2, 4) },
      { type: 'tls-unique', data: channelBinding.data },
    ]) {
      const mine = createSaslServer('SCRAM-SHA-256-PLUS', server);
      await converse(
        createSaslClient('SCRAM-SHA-256-PLUS', { ...credentials, channelBinding: binding }),
        mine,
      );
      expect(mine.outcome).toBeUndefined();
    }
  });

  test('gives who is not there the same salt each time, and others another', async () => {
    const saltOf = async (user: string, decoyKey: Uint8Array) => {
      const { channelBindings: _, ...unbound } = server;
      const mine = createSaslServer('SCRAM-SHA-256', { ...unbound, decoyKey });
      return /s=([^,]*),i=4096$/.exec(text(await mine.challenge(utf8(`n,,n=${user},r=abc`)))!)![1];
    };
    const first = await saltOf('nobody', Uint8Array.of(1));
    expect(await saltOf('nobody', Uint8Array.of(1))).toBe(first);
    expect(await saltOf('nobody2', Uint8Array.of(1))).not.toBe(first);
    expect(await saltOf('nobody', Uint8Array.of(2))).not.toBe(first);
  });

  test.each([
    'n,,n=tim',
    'n,,n=t=im,r=abc',
    'n,,n=tim,r=a\u00e9',
    'x,,n=tim,r=abc',
    'p=tls-exporter,,n=tim,r=abc',
    'n=tim,r=abc',
    '',
  ])('refuses to begin with %j', async (message) => {
    const { channelBindings: _, ...unbound } = server;
    const mine = createSaslServer('SCRAM-SHA-256', unbound);
    expect(await codeOf(() => mine.challenge(utf8(message)))).toBe('sasl-malformed');
    expect(await codeOf(() => mine.challenge(utf8(message)))).toBe('usage');
  });

  test.each([
    [(final: string) => final.replace('c=eSws', 'c=biws'), 'another header'],
    [(final: string) => final.replace(',p=', 'x,p='), 'another nonce'],
    [(final: string) => final.replace(/p=./, 'p=*'), 'no base64'],
    [(final: string) => final.replace(/p=.*/, 'p=AAAA'), 'a short proof'],
    [(final: string) => final.replace(/,p=.*/, ''), 'no proof'],
  ])('lets nobody in with %#', async (change) => {
    const { channelBindings: _, ...unbound } = server;
    const mine = createSaslServer('SCRAM-SHA-256', unbound);
    const client = createSaslClient('SCRAM-SHA-256', credentials);
    const final = text(await client.respond((await mine.challenge(await client.respond()))!))!;
    const changed = change(final);
    expect(changed).not.toBe(final);
    const code = await codeOf(async () => expect(await mine.challenge(utf8(changed))).toBeUndefined());
    expect([undefined, 'sasl-malformed']).toContain(code);
    expect(mine.outcome).toBeUndefined();
  });
});

describe('turns', () => {
  test('a client that goes first refuses a server that spoke first', async () => {
    const client = createSaslClient('PLAIN', credentials);
    expect(await codeOf(() => client.respond(utf8('hello')))).toBe('sasl-malformed');
  });

  test('a client that does not needs a challenge', async () => {
    expect(await codeOf(() => createSaslClient('LOGIN', credentials).respond())).toBe('usage');
  });

  test('a challenge behind the end takes back that the mechanism was content', async () => {
    const client = createSaslClient('PLAIN', credentials);
    await client.respond();
    expect(client.isComplete).toBe(true);
    expect(await codeOf(() => client.respond(utf8('more')))).toBe('sasl-malformed');
    expect(client.isComplete).toBe(false);
  });

  test('a server of CRAM-MD5 speaks first', async () => {
    const mine = createSaslServer('CRAM-MD5', server);
    expect(await codeOf(() => mine.challenge(utf8('tim 0')))).toBe('sasl-malformed');
  });
});

test('nothing that holds a secret prints it', async () => {
  const secret = 'tanstaaf';
  for (const mechanism of [...passwordMechanisms, 'XOAUTH2', 'OAUTHBEARER']) {
    const client = createSaslClient(mechanism, {
      user: 'tim',
      password: secret,
      token: secret,
      channelBinding,
    });
    if (client.isClientFirst) await client.respond();
    const mine = createSaslServer(mechanism, { ...server, account: () => ({ password: secret }) });
    for (const holder of [client, mine]) {
      const shown = [inspect(holder, { depth: 9, showHidden: true }), JSON.stringify(holder), String(holder)];
      for (const words of shown) expect(words).not.toContain(secret);
    }
  }
});

test.each<[string, string, SaslCredentials]>([['an unknown mechanism', 'sasl-unsupported', credentials]])(
  '%s is refused',
  async (_, code, given) => {
    expect(await codeOf(() => createSaslClient('DIGEST-MD5', given))).toBe(code);
    expect(await codeOf(() => createSaslServer('DIGEST-MD5', server))).toBe(code);
  },
);

test.each([
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-1-PLUS',
  'XOAUTH2',
  'OAUTHBEARER',
  'ANONYMOUS',
])('%s needs its credentials and options', async (mechanism) => {
  expect(await codeOf(() => createSaslClient(mechanism, {}))).toBe('usage');
  expect(await codeOf(() => createSaslServer(mechanism, {}))).toBe('usage');
});

test.each<[string, SaslCredentials]>([
  ['PLAIN', { user: 'a\0b', password: 'x' }],
  ['PLAIN', { user: 'a', password: 'x\0y' }],
  ['PLAIN', { user: 'a', password: Uint8Array.of(0x78, 0, 0x79) }],
  ['XOAUTH2', { user: 'a\x01b', token: 'x' }],
  ['XOAUTH2', { user: 'a', token: 'x\x01auth=Bearer y' }],
  ['OAUTHBEARER', { token: 'x', host: 'a\x01b' }],
  ['OAUTHBEARER', { token: 'x', port: '1\x01auth=Bearer y' as unknown as number }],
  ['OAUTHBEARER', { token: 'x', port: 0 }],
  ['OAUTHBEARER', { token: 'x', port: 65_536 }],
  ['OAUTHBEARER', { token: 'x', actingAs: 'a,\x01auth=Bearer y\x01' }],
  ['OAUTHBEARER', { token: 'x', user: 'a\x01b' }],
])('%s lets no field begin another: %j', async (mechanism, given) => {
  expect(await codeOf(() => createSaslClient(mechanism, given))).toBe('usage');
});

test.each<[string, SaslCredentials]>([
  ['PLAIN', { user: 'a', password: '' }],
  ['PLAIN', { user: 'a', password: new Uint8Array(0) }],
  ['PLAIN', { user: '', password: 'x' }],
])('%s has no empty field: %j', async (mechanism, given) => {
  expect(await codeOf(() => createSaslClient(mechanism, given))).toBe('usage');
});

test.each([
  ...['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER', 'EXTERNAL', 'ANONYMOUS'],
])('%s sends nothing that has no UTF-8, rather than something else', async (mechanism) => {
  const whole = { user: 'a', password: 'x', actingAs: 'a', token: 'x', anonymous: 'a', host: 'a' } as const;
  const fields = {
    PLAIN: ['user', 'password', 'actingAs'],
    XOAUTH2: ['user'],
    OAUTHBEARER: ['actingAs', 'host'],
    EXTERNAL: ['actingAs'],
    ANONYMOUS: ['anonymous'],
  }[mechanism] ?? ['user', 'password'];
  for (const field of fields) {
    for (const half of ['pass\ud800', '\udc00\ud800', 'a\udfffb']) {
      const code = await codeOf(() => createSaslClient(mechanism, { ...whole, [field]: half }));
      expect(['usage', 'sasl-malformed']).toContain(code);
    }
    expect(await codeOf(() => createSaslClient(mechanism, { ...whole, [field]: '\ud83d\ude00' }))).not.toBe(
      'usage',
    );
  }
});

describe('chooseMechanism', () => {
  const all = ['LOGIN', 'PLAIN', 'CRAM-MD5', 'scram-sha-1', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'XOAUTH2'];
  const choose = (offered: string[], given: SaslCredentials, isEncrypted = true, allowPlaintext = false) =>
    chooseMechanism(offered, given, { isEncrypted, allowPlaintext });
  const plain = { user: 'tim', password: 'x' };

  test('takes the best that fits', () => {
    expect(choose(all, { ...plain, channelBinding })).toBe('SCRAM-SHA-256-PLUS');
    expect(choose(all, plain)).toBe('SCRAM-SHA-256');
    expect(choose(['LOGIN', 'PLAIN', 'CRAM-MD5'], plain)).toBe('PLAIN');
    expect(choose(all, { user: 'tim', token: 'x' })).toBe('XOAUTH2');
    expect(choose(['EXTERNAL', ...all], { ...plain, external: true })).toBe('EXTERNAL');
    expect(choose(['CRAM-MD5', 'LOGIN', 'PLAIN'], { ...plain, actingAs: 'ursel' })).toBe('PLAIN');
    expect(choose(['ANONYMOUS'], { anonymous: '' })).toBe('ANONYMOUS');
  });

  test('says no secret without TLS', async () => {
    expect(choose(['LOGIN', 'PLAIN', 'CRAM-MD5'], plain, false)).toBe('CRAM-MD5');
    expect(await codeOf(() => choose(['LOGIN', 'PLAIN'], plain, false))).toBe('sasl-refused');
    expect(choose(['LOGIN', 'PLAIN'], plain, false, true)).toBe('PLAIN');
    expect(await codeOf(() => choose(['XOAUTH2'], { user: 'tim', token: 'x' }, false))).toBe('sasl-refused');
  });

  test('refuses where nothing fits', async () => {
    expect(await codeOf(() => choose([], plain))).toBe('sasl-unsupported');
    expect(await codeOf(() => choose(['GSSAPI'], plain))).toBe('sasl-unsupported');
    expect(await codeOf(() => choose(['PLAIN'], {}))).toBe('sasl-unsupported');
  });
});
