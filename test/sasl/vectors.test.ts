// The exchanges that the RFCs print, octet for octet.
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import type { SaslServerOptions } from '../../src/sasl/accounts.js';
import { createSaslClient } from '../../src/sasl/client.js';
import { saslprep } from '../../src/sasl/saslprep.js';
import { scramClient } from '../../src/sasl/scram-client.js';
import { deriveScramKeys } from '../../src/sasl/scram-keys.js';
import { scramServer } from '../../src/sasl/scram-server.js';
import { createSaslServer } from '../../src/sasl/server.js';
import { text, utf8 } from './support.js';

describe('SCRAM', () => {
  const sha1 = {
    mechanism: 'SCRAM-SHA-1',
    hash: 'SHA-1',
    nonces: ['fyko+d2lbbFgONRv9qkxdawL', '3rfcNHYJY1ZVvWVs7j'],
    salt: 'QSXCR+Q6sek8bf92',
    said: [
      'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
      'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    ],
  } as const;
  const sha256 = {
    mechanism: 'SCRAM-SHA-256',
    hash: 'SHA-256',
    nonces: ['rOprNGfwEbeRWgbNEkqO', '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'],
    salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
    said: [
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    ],
  } as const;

  test.each([sha1, sha256])('$mechanism as its RFC has it, both sides', async (vector) => {
    const { mechanism, hash, nonces, said } = vector;
    const salt = decodeBase64(vector.salt);
    const keys = await deriveScramKeys(hash, 'pencil', { salt, iterations: 4096 });
    const account = (user: string) => (user === 'user' ? { scram: { [hash]: keys } } : undefined);
    const client = scramClient(mechanism, hash, { user: 'user', password: 'pencil' }, {}, nonces[0]);
    const server = scramServer(mechanism, hash, { account }, nonces[1]);

    expect(text(await client.respond())).toBe(said[0]);
    expect(text(await server.challenge(utf8(said[0])))).toBe(said[1]);
    expect(text(await client.respond(utf8(said[1])))).toBe(said[2]);
    expect(text(await server.challenge(utf8(said[2])))).toBe(said[3]);
    expect(client.isComplete).toBe(false);
    expect(server.outcome).toBeUndefined();
    expect(text(await client.respond(utf8(said[3])))).toBe('');
    expect(client.isComplete).toBe(true);
    expect(await server.challenge(utf8(''))).toBeUndefined();
    expect(server.outcome).toEqual({ user: 'user', actingAs: 'user' });
  });
});

test('PLAIN as RFC 4616 §4 has it', async () => {
  const client = createSaslClient('plain', { user: 'tim', password: 'tanstaaftanstaaf' });
  expect(text(await client.respond())).toBe('\0tim\0tanstaaftanstaaf');
  const other = createSaslClient('PLAIN', { user: 'Kurt', password: 'xipj3plmq', actingAs: 'Ursel' });
  expect(text(await other.respond())).toBe('Ursel\0Kurt\0xipj3plmq');

  const options: SaslServerOptions = {
    account: (user) => (user === 'Kurt' ? { password: 'xipj3plmq' } : undefined),
    mayActAs: (user, actingAs) => user === 'Kurt' && actingAs === 'Ursel',
  };
  const server = createSaslServer('PLAIN', options);
  expect(await server.challenge(utf8('Ursel\0Kurt\0xipj3plmq'))).toBeUndefined();
  expect(server.outcome).toEqual({ user: 'Kurt', actingAs: 'Ursel' });
});

test('CRAM-MD5 as RFC 2195 §2 has it', async () => {
  const client = createSaslClient('CRAM-MD5', { user: 'tim', password: 'tanstaaftanstaaf' });
  const challenge = decodeBase64('PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+');
  expect(encodeBase64(await client.respond(challenge))).toBe(
    'dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw',
  );
  expect(client.isComplete).toBe(true);
});

test('OAUTHBEARER as RFC 7628 §4.1 and §4.3 have it', async () => {
  const client = createSaslClient('OAUTHBEARER', {
    actingAs: 'user@example.com',
    host: 'server.example.com',
    port: 143,
    token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==',
  });
  expect(text(await client.respond())).toBe(
    'n,a=user@example.com,\x01host=server.example.com\x01port=143\x01' +
      'auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01',
  );
  expect(client.isComplete).toBe(true);
  const refusal =
    '{"status":"invalid_token","scope":"example_scope","openid-configuration":"https://example.com/.well-known/openid-configuration"}';
  expect(await client.respond(utf8(refusal))).toEqual(Uint8Array.of(1));
  expect(client.isComplete).toBe(false);
  expect(client.refusal).toBe(refusal);
});

test('XOAUTH2 as Gmail documents it', async () => {
  const client = createSaslClient('XOAUTH2', {
    user: 'someuser@example.com',
    token: 'ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg',
  });
  expect(encodeBase64(await client.respond())).toBe(
    'dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==',
  );
  const refusal = '{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}';
  expect(await client.respond(utf8(refusal))).toEqual(new Uint8Array(0));
  expect([client.isComplete, client.refusal]).toEqual([false, refusal]);
});

test('EXTERNAL as RFC 4422 appendix A has it, ANONYMOUS as RFC 4505 §4', async () => {
  expect(text(await createSaslClient('EXTERNAL', { external: true }).respond())).toBe('');
  const asFred = createSaslClient('EXTERNAL', { actingAs: 'fred@example.com' });
  expect(text(await asFred.respond())).toBe('fred@example.com');
  expect(encodeBase64(await createSaslClient('ANONYMOUS', { anonymous: 'sirhc' }).respond())).toBe(
    'c2lyaGM=',
  );
});

describe('SASLprep as RFC 4013 §3 has it', () => {
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
  ])('%j is %j', (given, prepared) => expect(saslprep(given)).toBe(prepared));

  test.each([
    ['\u0007', 'prohibits'],
    ['\u0627\u0031', 'directions'],
  ])('%j is refused', (given, why) => expect(() => saslprep(given)).toThrow(why));
});
