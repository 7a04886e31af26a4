import { afterEach, expect, test, vi } from 'vitest';
import { CmsReader } from '../../../src/cms/stream/cms-reader.js';
import { createContentDecryptor } from '../../../src/cms/stream/content-decryptor.js';
import { EnvelopedDataWriter } from '../../../src/cms/stream/enveloped-data-writer.js';
import { type Bytes, concatBytes } from '../../../src/core/bytes.js';
import { MessageEncryptor } from '../../../src/smime/stream/message-encryptor.js';

const keys = vi.hoisted(() => [] as Uint8Array[]);

vi.mock('../../../src/cms/enveloped/new-cipher.js', async (original) => {
  const actual = await original<typeof import('../../../src/cms/enveloped/new-cipher.js')>();
  return {
    ...actual,
    newKeyAndCipher: (...given: Parameters<typeof actual.newKeyAndCipher>) => {
      const drawn = actual.newKeyAndCipher(...given);
      keys.push(drawn.key);
      return drawn;
    },
  };
});

vi.mock('../../../src/cms/enveloped/content-key.js', async (original) => {
  const actual = await original<typeof import('../../../src/cms/enveloped/content-key.js')>();
  return {
    ...actual,
    findContentKey: async (...given: Parameters<typeof actual.findContentKey>) => {
      const found = await actual.findContentKey(...given);
      keys.push(found.key);
      return found;
    },
  };
});

afterEach(() => {
  keys.length = 0;
});

const recipients = [{ kek: new Uint8Array(16).fill(7), id: new Uint8Array([1]) }];
const isWiped = (key: Uint8Array): boolean => key.every((octet) => octet === 0);

async function sealed(cipher: 'aes128-cbc' | 'aes128-gcm'): Promise<Bytes> {
  const writer = new EnvelopedDataWriter({ recipients, cipher });
  const start = await writer.update(new Uint8Array(100).fill(1));
  expect(keys.map(isWiped)).toEqual([false]);
  const p7m = concatBytes([start, await writer.finish()]);
  expect(keys.map(isWiped)).toEqual([true]);
  return p7m;
}

test.each(['aes128-cbc', 'aes128-gcm'] as const)(
  '%s: none is left at the end, in writing and in reading',
  async (cipher) => {
    const p7m = await sealed(cipher);
    const reader = new CmsReader();
    for (const event of [...reader.push(p7m), ...reader.end()]) {
      if (event.type !== 'head' || !('encryptedContent' in event.head)) continue;
      const decryptor = await createContentDecryptor(event.head, { keys: recipients });
      expect(keys.map(isWiped)).toEqual([true, false]);
      decryptor.wipe();
      expect(keys.map(isWiped)).toEqual([true, true]);
      await expect(decryptor.update(new Uint8Array(16))).rejects.toThrow('finished');
    }
    expect(keys.length).toBe(2);
  },
);

test('nor where the tag is wrong', async () => {
  const p7m = await sealed('aes128-gcm');
  p7m[p7m.length - 9]! ^= 1;
  const reader = new CmsReader();
  let failed = 0;
  let decryptor: Awaited<ReturnType<typeof createContentDecryptor>> | undefined;
  for (const event of [...reader.push(p7m), ...reader.end()]) {
    if (event.type === 'head' && 'encryptedContent' in event.head)
      decryptor = await createContentDecryptor(event.head, { keys: recipients });
    else if (event.type === 'content') await decryptor!.update(event.octets);
    else if (event.type === 'end') {
      const rest = decryptor!.finish(event.structure);
      await expect(rest.next()).rejects.toThrow(
        expect.objectContaining({ code: 'crypto-decryption-failed' }) as Error,
      );
      failed++;
    }
  }
  expect(failed).toBe(1);
  expect(keys.map(isWiped)).toEqual([true, true]);
});

test('nor where a writer is given up', async () => {
  const writer = new EnvelopedDataWriter({ recipients });
  await writer.update(new Uint8Array(1));
  writer.wipe();
  expect(keys.map(isWiped)).toEqual([true]);
  await expect(writer.finish()).rejects.toThrow('was wiped');
});

test.each(['update', 'finish'] as const)(
  'an %s that is under way when a writer is given up gives nothing, and leaves none',
  async (call) => {
    const writer = new EnvelopedDataWriter({ recipients });
    const waiting = writer[call](new Uint8Array(1));
    writer.wipe();
    await expect(waiting).rejects.toThrow('was wiped');
    expect(keys.map(isWiped)).toEqual([true]);
    await expect(writer.finish()).rejects.toThrow('was wiped');
  },
);

test('nor one that is drawn after a message was given up', async () => {
  const message = new TextEncoder().encode('To: hanako@example.jp\r\n\r\nAt nine.\r\n');
  const encryptor = new MessageEncryptor({ recipients, at: new Date('2027-01-01') });
  const waiting = encryptor.update(message);
  encryptor.wipe();
  expect(keys.length).toBe(0);
  await expect(waiting).rejects.toThrow('was wiped');
  expect(keys.map(isWiped)).toEqual([true]);
});
