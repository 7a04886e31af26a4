import { expect, test } from 'vitest';
import { parseContentInfo } from '../../src/cms/content-info.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import type { Recipient } from '../../src/cms/enveloped/recipient.js';
import { kindOf } from '../../src/cms/stream/cms-head.js';
import { Rekeyer } from '../../src/cms/stream/rekeyer.js';
import type { Bytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { MessageRekeyer, rekeyMessage } from '../../src/smime/stream/message-rekeyer.js';
import { objectsOf, seededLengths, writtenInPieces } from '../support/cms-objects.js';
import { inOnePiece } from '../support/cms-outcomes.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { keySets } from '../support/corpus-keys.js';
import { listCorpus } from '../support/mime-corpus.js';

/** Of whom every wrap of a key is the same one. */
const member: Recipient & DecryptionKey = { kek: new Uint8Array(16).fill(9), id: Uint8Array.of(9) };
const at = new Date('2026-03-01T00:00:00Z');

async function orCode(work: () => Promise<Bytes>): Promise<string> {
  try {
    return encodeHex(await work());
  } catch (error) {
    if (error instanceof MailsealError && error.fault !== 'usage') return error.code;
    throw error;
  }
}

const isRefused = (outcome: string): boolean => /[^0-9a-f]/.test(outcome);
const octetsOf = (outcome: string): Bytes => new Uint8Array(Buffer.from(outcome, 'hex'));

/** How many envelopes, and of the messages around them how many, are re-keyed at least. */
const atLeast: Readonly<Record<string, readonly [envelopes: number, messages: number]>> = {
  'openssl-generated': [36, 32],
  'thunderbird-smime': [23, 13],
  rfc4134: [2, 1],
  'nss-interop': [17, 0],
};

for (const { set, keys: keysOf } of keySets) {
  describeCorpus(set, () => {
    const envelopes = objectsOf(set).filter(({ octets }) => isEnvelope(octets));

    test(`${envelopes.length} envelopes for other readers hold the same octets, at any split`, async () => {
      const keys = await keysOf();
      let done = 0;
      for (const { file, octets } of envelopes) {
        const rekeyed = (lengths: () => number): Promise<string> =>
          orCode(() => writtenInPieces(new Rekeyer({ keys, recipients: [member] }), octets, lengths));
        const next = await rekeyed(() => octets.length);
        // Of indefinite lengths, the pieces are those that came.
        const read = (outcome: string) => (isRefused(outcome) ? outcome : inOnePiece(octetsOf(outcome)));
        for (const lengths of [() => 1, seededLengths(octets.length)])
          expect(read(await rekeyed(lengths)), file).toEqual(read(next));
        const before = parseEnvelopedData(octets);
        let cipher = '';
        const content = await orCode(async () => {
          const opened = await openEnveloped(before, { keys });
          cipher = opened.cipher.name;
          return opened.content;
        });
        if (isRefused(next)) {
          // RFC 3394 §2: keys of less than 16 octets cannot be wrapped for the member.
          if (/^(?:des|rc2)-cbc$/.test(cipher)) expect(next, file).toBe('cms-unsupported');
          else expect(content, file).toBe(next);
          continue;
        }
        const after = parseEnvelopedData(octetsOf(next));
        expect(encodeHex(after.encryptedContent.octets!), file).toBe(
          encodeHex(before.encryptedContent.octets!),
        );
        expect(await orCode(async () => (await openEnveloped(after, { keys: [member] })).content), file).toBe(
          content,
        );
        done++;
      }
      console.log(`${set}: ${done} of ${envelopes.length} re-keyed`);
      expect(done).toBeGreaterThanOrEqual(atLeast[set]![0]);
    });

    // Of NSS there are only envelopes.
    if (atLeast[set]![1] === 0) return;
    const mails = listCorpus(set, (path) => path.endsWith('.eml'));

    test(`${mails.length} messages: MessageRekeyer at any split gives what rekeyMessage gives`, async () => {
      const options = { keys: await keysOf(), recipients: [member], at };
      let rekeyed = 0;
      for (const file of mails) {
        const octets = readCorpus(file);
        const wanted = await orCode(() => rekeyMessage(octets, options));
        const random = seededLengths(octets.length);
        for (const lengths of isRefused(wanted) ? [random] : [random, () => 1])
          expect(
            await orCode(() => writtenInPieces(new MessageRekeyer(options), octets, lengths)),
            file,
          ).toBe(wanted);
        if (isRefused(wanted)) continue;
        const inside = (message: Bytes, key: readonly DecryptionKey[]): Promise<string> =>
          orCode(async () => (await decryptMessage(message, { keys: key })).message);
        const next = octetsOf(wanted);
        expect(await inside(next, [member]), file).toBe(await inside(octets, options.keys));
        rekeyed++;
      }
      console.log(`${set}: ${rekeyed} of ${mails.length} messages re-keyed`);
      expect(rekeyed).toBeGreaterThanOrEqual(atLeast[set]![1]);
    });
  });
}

function isEnvelope(octets: Bytes): boolean {
  try {
    return /^(?:enveloped|authEnveloped)Data$/.test(kindOf(parseContentInfo(octets).contentType) ?? '');
  } catch (error) {
    if (error instanceof MailsealError) return false;
    throw error;
  }
}
