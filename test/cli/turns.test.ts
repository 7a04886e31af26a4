import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { decryptLongFile, decryptLongMessage } from '../../src/cli/decrypt-long.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import { parseMessage } from '../../src/mime/message.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';

/** How often the event loop turns, and signals are heard, while something is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns++;
    next = setImmediate(count);
  });
  await work();
  clearImmediate(next);
  return turns;
}

test('a signal is heard while what has a tag is deciphered', async () => {
  const kek = { kek: new Uint8Array(16).fill(3), id: Uint8Array.of(3) };
  const mail = bytesFromLatin1(`From: a@example.jp\r\n\r\n${'A line.\r\n'.repeat(1_500_000)}`);
  const [sealed] = await encryptMessage(mail, { recipients: [kek], cipher: 'aes256-gcm', at: new Date() });
  const how = {
    keys: [kek],
    certificates: [],
    refuse: () => {},
    output: undefined,
    isUnverified: false,
    isFile: true,
    folder: tmpdir(),
  };
  async function* inPieces(all: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < all.length; start += 65_536) yield all.subarray(start, start + 65_536);
  }
  const { message: given } = sealed!;
  const file = parseMessage(given).content();
  // Twice 13 MB are read, once for the tag; a turn comes after each 4 MiB.
  expect(await turnsDuring(() => decryptLongMessage(inPieces(given), given, how))).toBeGreaterThanOrEqual(6);
  expect(await turnsDuring(() => decryptLongFile(inPieces(file), how))).toBeGreaterThanOrEqual(6);
});
