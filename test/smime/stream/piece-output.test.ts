import { describe, expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, concatBytes, equalBytes } from '../../../src/core/bytes.js';
import { encryptMessage } from '../../../src/smime/encrypt/encrypt-message.js';
import { MessageEncryptor } from '../../../src/smime/stream/message-encryptor.js';
import { MessageRekeyer } from '../../../src/smime/stream/message-rekeyer.js';
import { MessageSigner } from '../../../src/smime/stream/message-signer.js';
import type { PieceOutput } from '../../../src/smime/stream/piece-output.js';
import { overwrittenChunks, seededLengths } from '../../support/cms-objects.js';
import { testKey } from '../../support/pki.js';
import { aliceWith, intermediate, now } from '../../support/sign-scene.js';
import { signingKey } from '../../support/signing-people.js';

interface Writer {
  update(chunk: Uint8Array, options?: PieceOutput): Promise<Bytes>;
  finish(): Promise<Bytes>;
}

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const key = await signingKey(aliceWith({ key: testKey('rsa', 'Alice lends') }), {
  chain: [intermediate.certificate],
});
const signing = { signers: [key], signingTime: now, random };
const [old, fresh] = [3, 4].map((octet) => ({
  kek: new Uint8Array(16).fill(octet),
  id: Uint8Array.of(octet),
}));
// Longer than what is gathered of a body, so that some calls give nothing and one gives much.
const mail = bytesFromLatin1(
  `From: a@example.jp\r\nTo: b@example.jp\r\nContent-Type: text/plain\r\n\r\n${'From a line.\r\n'.repeat(90_000)}`,
);
const [sealed] = await encryptMessage(mail, { recipients: [old!], at: now, random });

const writers: [string, () => Writer, Bytes][] = [
  ['MessageSigner, detached', () => new MessageSigner(signing), mail],
  ['MessageSigner, opaque', () => new MessageSigner({ ...signing, form: 'opaque' }), mail],
  ['MessageEncryptor', () => new MessageEncryptor({ recipients: [old!], at: now, random }), mail],
  [
    'MessageEncryptor that signs',
    () => new MessageEncryptor({ recipients: [old!], at: now, random, sign: signing }),
    mail,
  ],
  [
    'MessageRekeyer',
    () => new MessageRekeyer({ keys: [old!], recipients: [fresh!], at: now }),
    sealed!.message,
  ],
];

/** Writes in pieces with one memory for all of them; says how often it was used. */
async function written(
  writer: Writer,
  octets: Bytes,
  output: Uint8Array | undefined,
): Promise<{ readonly whole: Bytes; readonly inOutput: number; readonly elsewhere: number }> {
  const pieces: Bytes[] = [];
  const lengths = seededLengths(9);
  let [inOutput, elsewhere] = [0, 0];
  for (const chunk of overwrittenChunks(octets, () => 140 * lengths())) {
    output?.fill(0xee);
    const given = await writer.update(chunk, output === undefined ? {} : { output });
    if (given.buffer === output?.buffer) {
      expect(given.byteOffset).toBe(output.byteOffset);
      inOutput++;
    } else if (given.length > 0) elsewhere++;
    pieces.push(given.slice());
  }
  pieces.push(await writer.finish());
  return { whole: concatBytes(pieces), inOutput, elsewhere };
}

describe.each(writers)('%s', (_, make, octets) => {
  test('writes to memory that is lent, the same octets', async () => {
    const plain = await written(make(), octets, undefined);
    for (const output of [new Uint8Array(4 << 20).subarray(5), Buffer.alloc(4 << 20)]) {
      const { whole, inOutput, elsewhere } = await written(make(), octets, output);
      expect(equalBytes(whole, plain.whole)).toBe(true);
      expect(inOutput).toBeGreaterThan(3);
      expect(elsewhere).toBe(0);
    }
  });

  test('takes memory of its own where that is too short', async () => {
    const plain = await written(make(), octets, undefined);
    const { whole, inOutput, elsewhere } = await written(make(), octets, new Uint8Array(30_000));
    expect(equalBytes(whole, plain.whole)).toBe(true);
    expect(inOutput).toBeGreaterThan(0);
    expect(elsewhere).toBeGreaterThan(0);
  });

  test('refuses memory that is shared with the chunk or with others, and takes nothing then', async () => {
    const writer = make();
    const begin = octets.slice(0, 1000);
    const refused = expect.objectContaining({ code: 'usage' });
    for (const output of [begin, begin.subarray(500), new Uint8Array(new SharedArrayBuffer(9000)), 'x'])
      await expect(writer.update(begin, { output: output as Uint8Array })).rejects.toEqual(refused);
    const first = await writer.update(begin);
    const rest = [first, await writer.update(octets.subarray(1000)), await writer.finish()];
    expect(concatBytes(rest).length).toBe((await written(make(), octets, undefined)).whole.length);
  });
});
