import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import { encodeBase64 } from '../../../src/encoding/base64.js';
import type { ImapClientEvent } from '../../../src/imap/session/client-events.js';
import { createSaslClient } from '../../../src/sasl/client.js';
import type { SaslClient } from '../../../src/sasl/mechanism.js';
import { createSaslServer } from '../../../src/sasl/server.js';
import { ClientUnderTest, inWords, shown, wire } from '../../support/imap-client.js';

const credentials = { user: 'anna', password: 'geheim' };

/** Lets a client answer the challenges of a server until the server is content or not. */
async function exchange(test: ClientUnderTest, sasl: SaslClient, accounts = credentials): Promise<string[]> {
  const server = createSaslServer(sasl.mechanism, {
    account: async (user: string) => (user === accounts.user ? { password: accounts.password } : undefined),
  });
  const sent = await test.client.authenticate(sasl);
  const words = [shown(sent.octets)];
  let [, , , initial] = shown(sent.octets).trim().split(' ');
  let response = initial === undefined ? undefined : Uint8Array.from(Buffer.from(initial, 'base64'));
  for (;;) {
    const challenge = await server.challenge(response);
    const isDone = challenge === undefined;
    const line = isDone
      ? `${sent.tag} ${server.outcome === undefined ? 'NO [AUTHENTICATIONFAILED] no' : 'OK yes'}`
      : `+ ${encodeBase64(challenge)}`;
    const events: ImapClientEvent[] = test.client.push(wire(line));
    if (isDone) return [...words, ...events.map(inWords)];
    const asked = events.find((event) => event.type === 'challenge');
    if (asked === undefined) return [...words, ...events.map(inWords)];
    const answer = shown(await test.client.answer(asked.octets));
    if (answer === '*\r\n') {
      return [...words, answer, ...test.client.push(wire(`${sent.tag} BAD cancelled`)).map(inWords)];
    }
    initial = answer.trim();
    response = Uint8Array.from(Buffer.from(initial, 'base64'));
  }
}

describe('AUTHENTICATE', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    'goes through %s with and without an initial response',
    async (mechanism) => {
      for (const capabilities of ['IMAP4rev1', 'IMAP4rev1 SASL-IR']) {
        const test = ClientUnderTest.in('not-authenticated', {}, capabilities);
        const words = await exchange(test, createSaslClient(mechanism, credentials));
        expect(words.slice(1)).toEqual(['→ authenticated', 'capabilities forgotten', 'A1 AUTHENTICATE OK']);
        expect(test.client.state).toBe('authenticated');
      }
    },
  );

  test('sends an initial response where the server takes one', async () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    const sent = await test.client.authenticate(createSaslClient('PLAIN', credentials));
    expect(shown(sent.octets)).toBe('A1 AUTHENTICATE PLAIN AGFubmEAZ2VoZWlt\r\n');
  });

  test('does not believe a server that says OK and has not proved itself', async () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    await test.client.authenticate(createSaslClient('SCRAM-SHA-256', credentials));
    expect(test.push('A1 OK welcome')).toEqual([
      'fatal: the server says OK without having proved itself in the exchange',
      '→ logout',
      'A1 AUTHENTICATE dropped: imap-protocol',
    ]);
  });

  test('is cancelled where the mechanism refuses, and tells why', async () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    await test.client.authenticate(createSaslClient('SCRAM-SHA-256', credentials));
    const [asked] = test.client.push(wire(`+ ${encodeBase64(bytesFromUtf8('r=other,s=AAAA,i=4096'))}`));
    expect(asked?.type).toBe('challenge');
    if (asked?.type !== 'challenge') return;
    expect(shown(await test.client.answer(asked.octets))).toBe('*\r\n');
    const [done] = test.client.push(wire('A1 BAD cancelled'));
    expect(done).toMatchObject({
      type: 'command-done',
      outcome: 'BAD',
      cancelled: expect.any(MailsealError),
    });
    expect(test.client.state).toBe('not-authenticated');
  });

  test('is cancelled where the challenge is not base64', async () => {
    const test = ClientUnderTest.in('not-authenticated');
    await test.client.authenticate(createSaslClient('PLAIN', credentials));
    expect(test.push('+ !!!')).toEqual([
      'fault: the challenge is not base64, and so the exchange is cancelled',
      'send *⏎',
    ]);
    expect(test.push('+ !!!', '+ ')).toEqual([
      'fault: the server asks to go on with something, and nothing waits for that',
      'fault: the server asks to go on with something, and nothing waits for that',
    ]);
    const [done] = test.client.push(wire('A1 BAD cancelled'));
    expect(done).toMatchObject({ outcome: 'BAD', cancelled: { code: 'base64-malformed' } });
  });

  test('that was cancelled lets nobody in', async () => {
    const fatal = [
      'fatal: the server says OK to an exchange that was cancelled',
      '→ logout',
      'A1 AUTHENTICATE dropped: imap-protocol',
    ];
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    await test.client.authenticate(createSaslClient('PLAIN', credentials));
    test.push('+ !!!');
    expect(test.push('A1 OK welcome')).toEqual(fatal);
    const byHand = ClientUnderTest.in('not-authenticated');
    byHand.send({ name: 'AUTHENTICATE', mechanism: 'X-OWN' });
    byHand.push('+ aGk=');
    byHand.client.respond(undefined);
    expect(byHand.push('A1 OK welcome')).toEqual(fatal);
  });

  test('can be answered by hand', () => {
    const test = ClientUnderTest.in('not-authenticated');
    expect(test.send({ name: 'AUTHENTICATE', mechanism: 'X-OWN' })).toBe('A1 AUTHENTICATE X-OWN⏎');
    expect(() => test.client.respond(bytesFromUtf8('x'))).toThrow('no challenge waits');
    expect(test.push('+ aGk=')).toEqual(['challenge "hi"']);
    expect(test.push('+ aGk=')).toEqual([
      'fault: the server asks to go on with something, and nothing waits for that',
    ]);
    expect(shown(test.client.respond(bytesFromUtf8('ho')))).toBe('aG8=\r\n');
    expect(test.push('+ ')).toEqual(['challenge ""']);
    expect(shown(test.client.respond(new Uint8Array(0)))).toBe('\r\n');
    expect(test.push('A1 OK fine')).toEqual([
      '→ authenticated',
      'capabilities forgotten',
      'A1 AUTHENTICATE OK',
    ]);
  });

  test('whose answer comes too late sends nothing', async () => {
    const test = ClientUnderTest.in('not-authenticated');
    await test.client.authenticate(createSaslClient('PLAIN', credentials));
    const [asked] = test.client.push(wire('+ '));
    if (asked?.type !== 'challenge') throw new Error('no challenge came');
    const answer = test.client.answer(asked.octets);
    test.push('A1 NO too slow');
    expect(await answer).toEqual([]);
  });

  test('that has to wait is whole when its turn comes', async () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    test.send({ name: 'NOOP' });
    const { octets } = await test.client.authenticate(createSaslClient('PLAIN', credentials));
    expect(octets).toEqual([]);
    expect(test.push('A1 OK done')).toEqual(['A1 NOOP OK', 'send A2 AUTHENTICATE PLAIN AGFubmEAZ2VoZWlt⏎']);
  });

  test('computes nothing from a password where it cannot be sent', async () => {
    const test = ClientUnderTest.in('not-authenticated', { transport: 'starttls' }, 'IMAP4rev1 SASL-IR');
    let wasAsked = false;
    const sasl: SaslClient = {
      mechanism: 'PLAIN',
      isClientFirst: true,
      isComplete: true,
      refusal: undefined,
      respond: async () => {
        wasAsked = true;
        return bytesFromUtf8('x');
      },
    };
    await expect(test.client.authenticate(sasl)).rejects.toMatchObject({ code: 'imap-state' });
    expect(wasAsked).toBe(false);
    await expect(test.client.answer(bytesFromUtf8(''))).rejects.toMatchObject({ code: 'imap-state' });
    expect(test.client.state).toBe('not-authenticated');
  });

  test('goes on one at a time', async () => {
    const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
    const first = test.client.authenticate(createSaslClient('PLAIN', credentials));
    await expect(test.client.authenticate(createSaslClient('LOGIN', credentials))).rejects.toMatchObject({
      code: 'imap-state',
    });
    await first;
    await expect(test.client.authenticate(createSaslClient('LOGIN', credentials))).rejects.toMatchObject({
      code: 'imap-state',
    });
    test.push('A1 NO wrong');
    const second = await test.client.authenticate(createSaslClient('LOGIN', credentials));
    expect(second.tag).toBe('A2');
  });

  test('that was given by hand is not answered by another exchange', async () => {
    const test = ClientUnderTest.in('not-authenticated');
    test.send({ name: 'AUTHENTICATE', mechanism: 'X-OWN' });
    const waits = await test.client.authenticate(createSaslClient('SCRAM-SHA-256', credentials));
    expect(waits.octets).toEqual([]);
    test.push('+ ');
    await expect(test.client.answer(bytesFromUtf8(''))).rejects.toMatchObject({ code: 'imap-state' });
    test.client.respond(new Uint8Array(0));
    expect(test.push('A1 OK fine')).toEqual([
      '→ authenticated',
      'capabilities forgotten',
      'A1 AUTHENTICATE OK',
      'A2 AUTHENTICATE dropped: imap-state',
    ]);
  });

  test('keeps no initial response once it is sent', async () => {
    const kept: Uint8Array[] = [];
    const sasl: SaslClient = {
      mechanism: 'PLAIN',
      isClientFirst: true,
      isComplete: true,
      refusal: undefined,
      respond: async () => {
        const octets = bytesFromUtf8('geheim');
        kept.push(octets);
        return octets;
      },
    };
    for (const waits of [false, true]) {
      const test = ClientUnderTest.in('not-authenticated', {}, 'IMAP4rev1 SASL-IR');
      if (waits) test.send({ name: 'NOOP' });
      await test.client.authenticate(sasl);
      expect(kept.at(-1)?.some((octet) => octet !== 0)).toBe(waits);
      if (waits) expect(test.push('A1 OK done')).toContain('send A2 AUTHENTICATE PLAIN Z2VoZWlt⏎');
      expect(kept.at(-1)).toEqual(new Uint8Array(6));
    }
  });
});
