import { expect, test } from 'vitest';
import { parseContentInfo } from '../../src/cms/content-info.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { encryptedDataOf } from '../../src/cms/enveloped/encrypted-data.js';
import { envelopedDataOf } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { kindOf } from '../../src/cms/stream/cms-head.js';
import { CmsReader } from '../../src/cms/stream/cms-reader.js';
import { type ContentDecryptor, createContentDecryptor } from '../../src/cms/stream/content-decryptor.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { objectsOf, overwrittenChunks, seededLengths } from '../support/cms-objects.js';
import { describeCorpus } from '../support/corpus.js';
import { keySets } from '../support/corpus-keys.js';

/** What came out and of what, or the code of what failed. */
async function orCode(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

const outcome = (
  content: Bytes,
  { authenticated, cipher, keyIndex }: Pick<ContentDecryptor, 'authenticated' | 'cipher' | 'keyIndex'>,
): string => `${cipher.name} ${authenticated} ${keyIndex} ${encodeHex(content)}`;

function inOnePiece(octets: Bytes, keys: readonly DecryptionKey[]): Promise<string> {
  return orCode(async () => {
    const info = parseContentInfo(octets);
    const isEncrypted = kindOf(info.contentType) === 'encryptedData';
    const opened = await openEnveloped(isEncrypted ? encryptedDataOf(info) : envelopedDataOf(info), { keys });
    return outcome(opened.content, opened);
  });
}

function inPieces(octets: Bytes, keys: readonly DecryptionKey[], lengths: () => number): Promise<string> {
  return orCode(async () => {
    const reader = new CmsReader();
    const content: Bytes[] = [];
    let decryptor: ContentDecryptor | undefined;
    const take = async (events: ReturnType<CmsReader['push']>): Promise<void> => {
      for (const event of events) {
        if (event.type === 'head' && 'encryptedContent' in event.head)
          decryptor = await createContentDecryptor(event.head, { keys });
        else if (event.type === 'content') content.push(await decryptor!.update(event.octets));
        else if (event.type === 'end')
          for await (const piece of decryptor!.finish(event.structure)) content.push(piece);
      }
    };
    for (const chunk of overwrittenChunks(octets, lengths)) await take(reader.push(chunk));
    await take(reader.end());
    return outcome(concatBytes(content), decryptor!);
  });
}

for (const { set, keys: keysOf, opened: atLeast } of keySets) {
  describeCorpus(set, () => {
    const envelopes = objectsOf(set).filter(({ octets }) => isEnvelope(octets));

    test(`${envelopes.length} envelopes opened in pieces are those opened whole`, async () => {
      const keys = await keysOf();
      let opened = 0;
      for (const { file, octets } of envelopes) {
        const whole = await inOnePiece(octets, keys);
        if (whole.includes(' ')) opened++;
        expect(await inPieces(octets, keys, () => octets.length), file).toEqual(whole);
        expect(await inPieces(octets, keys, () => 1), file).toEqual(whole);
        for (let seed = 1; seed <= 3; seed++)
          expect(await inPieces(octets, keys, seededLengths(seed)), file).toEqual(whole);
      }
      console.log(`${set}: ${opened} of ${envelopes.length} can be opened`);
      expect(opened).toBeGreaterThanOrEqual(atLeast);
    });
  });
}

function isEnvelope(octets: Bytes): boolean {
  try {
    return /^(?:enveloped|authEnveloped|encrypted)Data$/.test(
      kindOf(parseContentInfo(octets).contentType) ?? '',
    );
  } catch (error) {
    if (error instanceof MailsealError) return false;
    throw error;
  }
}
