import { describe, expect, test } from 'vitest';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import type { DecryptionKey } from '../../../src/cms/enveloped/decryption-key.js';
import type { Bytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { parseMessage } from '../../../src/mime/message.js';
import { decryptMessage } from '../../../src/smime/open/decrypt-message.js';
import { openMessage } from '../../../src/smime/open/open-message.js';
import { expectLinearAsync } from '../../support/linear-time.js';
import { codesOf, encrypted, messageOf, open, readerKey, signed, text } from '../../support/open-scene.js';
import { base64Lines, multipart, octets } from '../../support/sign-message.js';
import { now, roots } from '../../support/sign-scene.js';

const hello = text('Hello');

function signedOften(times: number): Bytes {
  let entity: Bytes = hello;
  for (let i = 0; i < times; i++) entity = signed(entity, undefined, `s${i}`);
  return entity;
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
  return 'none';
}

describe('limits', () => {
  test('layers inside one another: 8, envelopes and seals together', async () => {
    let inner: Bytes = hello;
    for (let i = 0; i < 8; i++)
      inner = i % 2 === 0 ? await encrypted(inner) : signed(inner, undefined, `b${i}`);
    expect((await open(messageOf(inner))).layers.length).toBe(8);
    const deeper = messageOf(await encrypted(inner));
    const report = await open(deeper);
    // The ninth stays closed.
    expect(report.layers.length).toBe(9);
    expect(report.envelopes.at(-1)).toMatchObject({ opened: false, error: { code: 'limit-depth' } });
    expect(await codeOf(() => open(messageOf(signedOften(9))))).toBe('limit-depth');
    expect((await open(deeper, { limits: { layers: 9 } })).layers.length).toBe(9);
    // Without a key nobody gets so far.
    expect((await open(deeper, { keys: [] })).layers.length).toBe(1);
  });

  test('sealed parts: 100, those in envelopes among them', async () => {
    const part = await encrypted(hello);
    const many = (count: number): Bytes => multipart('mixed', Array<Bytes>(count).fill(part), '', 'm2');
    expect((await open(messageOf(many(100)))).envelopes.length).toBe(100);
    expect(await codeOf(() => open(messageOf(many(101))))).toBe('limit-seals');
    const inside = messageOf(await encrypted(many(100)));
    const report = await open(inside);
    expect(report.envelopes.map(({ error }) => error?.code)).toEqual(['limit-seals']);
    expect((await open(inside, { limits: { seals: 101 } })).envelopes.length).toBe(101);
  });

  test('octets of all envelopes together: the next one stays closed', async () => {
    const part = await encrypted(hello);
    const message = messageOf(multipart('mixed', [part, part, part]));
    const { length } = parseMessage(part).content();
    const report = await open(message, { limits: { octets: 2 * length } });
    expect(report.envelopes.map(({ error }) => error?.code)).toEqual([undefined, undefined, 'limit-octets']);
    expect(report.pieces.filter(({ encrypted: secret }) => secret).length).toBe(2);
  });

  test('envelopes that are tried with passwords: 8', async () => {
    const password = 'tea';
    const p7m = await createEnvelopedData({
      content: hello,
      recipients: [{ password, iterations: 1000 }],
    });
    const part = octets(
      `Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}\r\n`,
    );
    const message = messageOf(multipart('mixed', Array<Bytes>(9).fill(part)));
    const report = await open(message, { keys: [{ password }] });
    expect(report.envelopes.map(({ error }) => error?.code)).toEqual([
      ...Array<undefined>(8).fill(undefined),
      'limit-iterations',
    ]);
  });

  test('keys that are unwrapped: 64 for one envelope, 256 for a message', async () => {
    // All of them have the reader's name, and none a key that is his.
    const other = { kek: new Uint8Array(16).fill(9), id: octets('reader') };
    const p7m = await createEnvelopedData({ content: hello, recipients: Array(70).fill(other) });
    const bad = octets(
      `Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(p7m)}\r\n`,
    );
    const good = await encrypted(hello);
    const opened = async (...parts: readonly Bytes[]): Promise<number> =>
      (await open(messageOf(multipart('mixed', parts)))).envelopes.filter((each) => each.opened).length;
    expect(await opened(bad, bad, bad, good, good)).toBe(2);
    expect(await opened(bad, bad, bad, bad, good, good)).toBe(0);
    expect(await opened(good, good, bad, bad, bad, bad)).toBe(2);
  });

  test('MIME limits hold inside, and what hits them spoils nothing outside', async () => {
    const many = multipart('mixed', Array<Bytes>(20).fill(await encrypted(hello)), '', 'm3');
    const parts = [text('before'), await encrypted(many), await encrypted(hello), text('after')];
    const message = messageOf(multipart('mixed', parts));
    const limits = { mime: { parts: 10 } };
    const report = await open(message, { limits });
    expect(report.envelopes.map(({ opened, error }) => [opened, error?.code])).toEqual([
      [false, 'limit-parts'],
      [true, undefined],
    ]);
    expect(report.envelopes[0]).toMatchObject({ content: undefined, entity: undefined });
    expect(report.pieces.map(({ content }) => content.text?.replaceAll('\r\n', ' ').trim())).toEqual([
      'before after',
      'Hello',
    ]);
    expect(codesOf(report.reasons)).toContain('(envelope-not-opened)');
    const whole = messageOf(await encrypted(many));
    expect(await codeOf(() => decryptMessage(whole, { keys: [readerKey], limits }))).toBe('limit-parts');
    expect((await decryptMessage(whole, { keys: [readerKey] })).envelope.opened).toBe(true);
  });

  test('what is found in an envelope before a limit is not reported either', async () => {
    const two = multipart('mixed', [await encrypted(hello), signed(hello)], '', 'm4');
    const message = messageOf(multipart('mixed', [await encrypted(two), text('after')]));
    const report = await open(message, { limits: { seals: 2 } });
    expect(report.layers.map(({ kind }) => kind)).toEqual(['envelope']);
    expect(report.envelopes.map(({ error }) => error?.code)).toEqual(['limit-seals']);
    expect((await open(message, { limits: { seals: 3 } })).layers.length).toBe(3);
  });

  test('many envelopes cost as much as they are many', async () => {
    const part = await encrypted(hello);
    await expectLinearAsync((size) => {
      const message = messageOf(multipart('mixed', Array<Bytes>(size).fill(part)));
      return () => open(message, { limits: { seals: 1e6, layers: 8 } });
    }, 100);
  });
});

describe('what is wrong with the call', () => {
  const message = messageOf(hello);

  test.each<[string, Parameters<typeof open>[1]]>([
    ['no keys', { keys: undefined } as never],
    ['keys that are no list', { keys: readerKey } as never],
    ['no time', { at: undefined } as never],
  ])('%s is told', async (_, options) => {
    expect(await codeOf(() => open(message, options))).toBe('usage');
  });

  test('a key that is none is told where it is used', async () => {
    const secret = messageOf(await encrypted(hello));
    for (const key of [null, 1, {}] as unknown as DecryptionKey[])
      expect(await codeOf(() => open(secret, { keys: [key] }))).toBe('usage');
  });

  test('a signal ends it', async () => {
    const secret = messageOf(await encrypted(hello));
    expect(await codeOf(() => open(secret, { signal: { aborted: true } }))).toBe('aborted');
    expect(await codeOf(() => decryptMessage(secret, { keys: [readerKey], signal: { aborted: true } }))).toBe(
      'aborted',
    );
  });
});

test('a message may be given parsed, as a Buffer, and in shared memory', async () => {
  const message = messageOf(await encrypted(signed(hello)));
  const shared = new Uint8Array(new SharedArrayBuffer(message.length));
  shared.set(message);
  for (const form of [message, parseMessage(message), Buffer.from(message), shared]) {
    expect((await openMessage(form, { roots, at: now, keys: [readerKey] })).verified).toBe(true);
    const { message: decrypted } = await decryptMessage(form, { keys: [readerKey] });
    expect(parseMessage(decrypted).contentType.mediaType).toBe('multipart/signed');
  }
  const pending = openMessage(shared, { roots, at: now, keys: [readerKey] });
  shared.fill(0x58);
  expect((await pending).verified).toBe(true);
});

test('a message with any octet flipped, or cut anywhere, is a report or an error with a code', async () => {
  const message = messageOf(signed(await encrypted(signed(hello), 'aes256-gcm'), undefined, 'outer'));
  let reports = 0;
  let verified = 0;
  const check = async (changed: Bytes): Promise<void> => {
    try {
      const report = await open(changed);
      reports++;
      if (report.verified) verified++;
      for (const { content } of report.pieces) {
        void content.text;
        void content.html;
        void content.attachments;
      }
      void report.headers.get('subject')?.text;
    } catch (error) {
      expect(error).toBeInstanceOf(MailsealError);
    }
  };
  // Every place is in the slow suite; here one in forty.
  for (let at = 0; at < message.length; at += 41) {
    const changed = message.slice();
    changed[at]! ^= 1 << (at % 8);
    await check(changed);
    await check(message.slice(0, at));
  }
  expect(reports).toBeGreaterThan(message.length / 50);
  // What is changed outside of the outer signature, in Subject say, is not sealed.
  expect(verified).toBeGreaterThan(0);
});
