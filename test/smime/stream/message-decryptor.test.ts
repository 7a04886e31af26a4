import { describe, expect, test } from 'vitest';
import { parseContentInfo } from '../../../src/cms/content-info.js';
import { createEnvelopedData } from '../../../src/cms/enveloped/create.js';
import { ContentTypeOid } from '../../../src/cms/oids.js';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import { encodePem } from '../../../src/encoding/pem.js';
import { compressMessage } from '../../../src/smime/compress/compress-message.js';
import { MessageDecryptor } from '../../../src/smime/stream/message-decryptor.js';
import type { ContentEvent } from '../../../src/smime/stream/passed-message.js';
import { changesToEach, randomlyChanged } from '../../support/changed-messages.js';
import { overwrittenChunks, seededLengths } from '../../support/cms-objects.js';
import { encrypted, messageOf, opaque, readerKey, signed, text } from '../../support/open-scene.js';
import { expectSame, openedAtOnce, openedInPieces } from '../../support/passed-reports.js';
import { signedData } from '../../support/sign.js';
import { multipart, octets, usualHeader } from '../../support/sign-message.js';
import { alice, now, roots } from '../../support/sign-scene.js';

const policy = { roots, at: now, keys: [readerKey] };
const plain = text('Two at nine.');
const long = text('A line of text.\r\n'.repeat(300));
const gcm = 'aes256-gcm';

/** A SignedData without what names its type, as an envelope holds it. */
function bareSigned(): Bytes {
  return parseContentInfo(signedData({ content: long, embed: true, signers: [{ by: alice }] })).content.bytes;
}

/** Messages of all forms, by name. */
const messages: Readonly<Record<string, Bytes>> = {
  CBC: messageOf(await encrypted(plain)),
  GCM: messageOf(await encrypted(long, gcm)),
  'signed, then CBC': messageOf(await encrypted(signed(plain))),
  'signed opaque, then GCM': messageOf(await encrypted(opaque(long), gcm)),
  'CBC, then signed': messageOf(signed(await encrypted(plain))),
  thrice: messageOf(signed(await encrypted(opaque(plain), gcm))),
  'twice CBC': messageOf(await encrypted(await encrypted(plain))),
  'GCM in CBC': messageOf(await encrypted(await encrypted(long, gcm))),
  'in parts': messageOf(
    multipart('mixed', [plain, await encrypted(long), await encrypted(opaque(plain), gcm)]),
  ),
  'CMS without MIME in GCM': messageOf(await encrypted(bareSigned(), gcm, ContentTypeOid.signedData)),
  plain: messageOf(plain),
  signed: messageOf(signed(long)),
};

describe('the report of openMessage', () => {
  test.each(Object.keys(messages))('%s', async (name) => {
    const message = messages[name]!;
    for (const keys of [[readerKey], []]) {
      for (const kept of [0, 1 << 20]) {
        const wanted = await openedAtOnce(message, { ...policy, keys }, kept > 0);
        for (const length of [() => 1, seededLengths(kept + 3), () => message.length]) {
          const chunks = overwrittenChunks(message, length);
          expectSame(await openedInPieces(chunks, { ...policy, keys }, { kept }, kept > 0), wanted);
        }
      }
    }
  });

  test('random changes to each, in random chunks', async () => {
    let ran = 0;
    for (const { changed, chunks } of randomlyChanged(messages, 12)) {
      const wanted = await openedAtOnce(changed, policy, false);
      const found = await openedInPieces(chunks, policy, { kept: 300 }, false);
      expectSame(found, wanted, Buffer.from(changed).toString('latin1'));
      ran++;
    }
    expect(ran).toBe(changesToEach * Object.keys(messages).length);
  }, 60_000);
});

class Told {
  readonly content = new Map<string, Uint8Array[]>();
  readonly ended: string[] = [];
  readonly marks = new Set<string>();

  take(event: ContentEvent): void {
    if (event.type === 'content-end') this.ended.push(event.part);
    else {
      this.content.set(event.part, [...(this.content.get(event.part) ?? []), event.octets.slice()]);
      this.marks.add(`${event.part} ${event.unauthenticated ? 'unauthenticated' : 'authenticated'}`);
    }
  }
}

test('the content of each layer is told, the same at any split', async () => {
  const sealed = opaque(long);
  const message = messageOf(await encrypted(sealed, gcm));
  for (const length of [() => 1, seededLengths(4), () => message.length]) {
    const told = new Told();
    const decryptor = new MessageDecryptor({
      ...policy,
      limits: { kept: 0 },
      onContent: (event) => told.take(event),
    });
    for (const chunk of overwrittenChunks(message, length)) await decryptor.push(chunk);
    const { report } = await decryptor.end();
    expect(report.verified).toBe(true);
    expect(concatBytes(told.content.get('')!)).toEqual(sealed);
    expect(concatBytes(told.content.get('/')!)).toEqual(long);
    expect(told.ended).toEqual(['/', '']);
    expect([...told.marks]).toEqual([' authenticated', '/ authenticated']);
  }
});

test('what a function of the caller throws comes out as it is, however deep in the message', async () => {
  const thrown = new MailsealError('cms-malformed', 'the caller reads what he is told, too');
  const deep = messageOf(await encrypted(opaque(long), gcm));
  const onContent = (event: ContentEvent): void => {
    if (event.part === '/') throw thrown;
  };
  const besideDeep = messageOf(await encrypted(signed(long)));
  const onSignedPart = (): void => {
    throw thrown;
  };
  for (const [message, told] of [
    [deep, { onContent }],
    [deep, { onContent: async (event: ContentEvent) => onContent(event) }],
    [besideDeep, { onSignedPart }],
  ] as const) {
    const decryptor = new MessageDecryptor({ ...policy, limits: { kept: 0 }, ...told });
    const run = async (): Promise<void> => {
      await decryptor.push(message);
      await decryptor.end();
    };
    await expect(run()).rejects.toBe(thrown);
    await expect(decryptor.end()).rejects.toMatchObject({ code: 'usage' });
  }
});

test.each(['aes128-cbc', 'aes256-gcm'] as const)('%s in PEM is opened like any other', async (cipher) => {
  const message = binaryMessage(octets(encodePem('CMS', await envelope(long, cipher))));
  const wanted = await openedAtOnce(message, policy, false);
  expect(JSON.stringify(wanted)).toContain('"opened":true');
  for (const length of [() => 1, seededLengths(7), () => message.length])
    expectSame(await openedInPieces(overwrittenChunks(message, length), policy, { kept: 0 }, false), wanted);
});

function binaryMessage(p7m: Bytes): Bytes {
  const fields =
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: binary\r\n\r\n';
  return concatBytes([octets(usualHeader + fields), p7m]);
}

async function envelope(content: Uint8Array, cipher: 'aes128-cbc' | 'aes256-gcm'): Promise<Bytes> {
  return createEnvelopedData({
    content,
    cipher,
    recipients: [readerKey as { kek: Uint8Array; id: Uint8Array }],
  });
}

test('nothing of what a tag does not fit is told, and its ciphertext waits in the spool alone', async () => {
  const p7m = await envelope(long, gcm);
  const spooled: Uint8Array[] = [];
  const places: string[] = [];
  const spool = (part: string) => {
    places.push(part);
    return { write: (chunk: Uint8Array) => void spooled.push(chunk.slice()), read: () => spooled };
  };
  for (const isAltered of [false, true]) {
    spooled.length = 0;
    const message = binaryMessage(p7m);
    if (isAltered) message[message.length - 100] = message[message.length - 100]! ^ 1;
    const told = new Told();
    const decryptor = new MessageDecryptor({
      ...policy,
      spool,
      limits: { kept: 0, withheld: 10 },
      onContent: (event) => told.take(event),
    });
    for (const chunk of overwrittenChunks(message, seededLengths(2))) await decryptor.push(chunk);
    const { report } = await decryptor.end();
    expect(report.envelopes[0]?.opened).toBe(!isAltered);
    expect(told.ended).toEqual(isAltered ? [] : ['']);
    expect(told.content.size).toBe(isAltered ? 0 : 1);
    expect(concatBytes(spooled).length).toBe(long.length);
    expect(concatBytes(spooled)).not.toEqual(long);
  }
  expect(places).toEqual(['', '']);
});

test('without a spool no more ciphertext than told waits for its tag', async () => {
  const message = binaryMessage(await envelope(long, gcm));
  const decryptor = new MessageDecryptor({ ...policy, limits: { withheld: 1000 } });
  await decryptor.push(message);
  const { report } = await decryptor.end();
  expect(report.envelopes[0]?.error?.code).toBe('limit-octets');
});

test('CBC is told as it comes, marked, and nothing long of it is kept', async () => {
  const body = octets(
    `Content-Type: text/plain\r\n\r\n${'0123456789 abcdefghijklmnopqrstuvwxyz\r\n'.repeat(500_000)}`,
  );
  const message = binaryMessage(await envelope(body, 'aes128-cbc'));
  let length = 0;
  let most = 0;
  const decryptor = new MessageDecryptor({
    ...policy,
    async onContent(event) {
      await Promise.resolve();
      if (event.type !== 'content') return;
      length += event.octets.length;
      expect(event.unauthenticated).toBe(true);
    },
  });
  for (let at = 0; at < message.length; at += 65_536) {
    const before = length;
    await decryptor.push(message.subarray(at, at + 65_536));
    most = Math.max(most, length - before);
  }
  const { report, leftOut } = await decryptor.end();
  expect(length).toBe(body.length);
  expect(most).toBeLessThan(70_000);
  expect(report.message.source.length + report.envelopes[0]!.entity!.source.length).toBeLessThan(3000);
  expect(leftOut.size).toBe(2);
}, 60_000);

test('a push waits for the last, and there is none after the end or a wipe', async () => {
  const decryptor = new MessageDecryptor(policy);
  const first = decryptor.push(octets('From: '));
  await expect(decryptor.push(octets('a'))).rejects.toMatchObject({ code: 'usage' });
  await first;
  await decryptor.end();
  await expect(decryptor.push(octets('a'))).rejects.toMatchObject({ code: 'usage' });
  const wiped = new MessageDecryptor(policy);
  wiped.wipe();
  await expect(wiped.end()).rejects.toMatchObject({ code: 'usage' });
});

test('what is compressed is opened where it was kept, and only there', async () => {
  const message = await compressMessage(messageOf(plain));
  for (const [kept, code] of [
    [1 << 20, undefined],
    [0, 'limit-octets'],
  ] as const) {
    const decryptor = new MessageDecryptor({ ...policy, limits: { kept } });
    await decryptor.push(message);
    const { report } = await decryptor.end();
    expect(report.envelopes.map(({ type, error }) => [type, error?.code])).toEqual([
      ['compressedData', code],
    ]);
  }
});

test.each([0, 1])(
  'of CMS without MIME around it 1 MiB is kept, and %s octets more are too much',
  async (more) => {
    const bare = new Uint8Array((1 << 20) + more);
    const message = messageOf(await encrypted(bare, 'aes128-cbc', ContentTypeOid.signedData));
    const decryptor = new MessageDecryptor(policy);
    for (const chunk of overwrittenChunks(message, seededLengths(3))) await decryptor.push(chunk);
    const { report } = await decryptor.end();
    const [found] = report.envelopes;
    expect(found?.error?.code).toBe(more > 0 ? 'limit-octets' : undefined);
    expect(found?.content?.length).toBe(more > 0 ? undefined : bare.length);
  },
);
