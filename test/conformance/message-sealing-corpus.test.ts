import { expect, test } from 'vitest';
import { type Bytes, equalBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { type SignMessageOptions, signMessage } from '../../src/smime/sign/sign-message.js';
import { MessageEncryptor, type MessageEncryptorOptions } from '../../src/smime/stream/message-encryptor.js';
import { MessageSigner } from '../../src/smime/stream/message-signer.js';
import { seededLengths, writtenInPieces } from '../support/cms-objects.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { listCorpus } from '../support/mime-corpus.js';
import { testKey } from '../support/pki.js';
import { aliceWith, intermediate, now } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

// RSA with PKCS #1 v1.5 gives the same signature each time.
const signer = await signingKey(aliceWith({ key: testKey('rsa', 'Alice in the corpora') }), {
  chain: [intermediate.certificate],
});
const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const signing: SignMessageOptions = { signers: [signer], signingTime: now, random };
const member = { kek: new Uint8Array(16).fill(9), id: Uint8Array.of(9) };
const encrypting: MessageEncryptorOptions = { recipients: [member], at: now, random };

async function orCode(work: () => Promise<Bytes>): Promise<Bytes | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

const isSame = (a: Bytes | string, b: Bytes | string): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : equalBytes(a, b);

/** A binary part under a foreign signature, in lines that end in LF: in pieces only the part's own octets stay as they are. */
const known = new Set(['mail-parser/eml/thirdparty/006.eml']);

const sets: readonly (readonly [set: string, messages: number, sealed: number])[] = [
  ['thunderbird-smime', 67, 67],
  ['tutorial-1998', 5, 5],
  ['mimekit', 48, 46],
  ['mail-parser', 55, 53],
];

for (const [set, atLeast, sealedAtLeast] of sets) {
  describeCorpus(set, () => {
    const files = listCorpus(set, (path) => /\.(?:eml|msg|txt)$/.test(path));

    test(`${files.length} messages are signed and encrypted in pieces as at once`, async () => {
      const differences: string[] = [];
      let sealed = 0;
      for (const [i, file] of files.entries()) {
        const message = readCorpus(file);
        const lengths = seededLengths(i + 1);
        const signed = await orCode(() => signMessage(message, signing));
        if (
          !isSame(await orCode(() => writtenInPieces(new MessageSigner(signing), message, lengths)), signed)
        )
          differences.push(`signed ${file}`);
        const opened = (octets: Bytes | string): Promise<Bytes | string> =>
          orCode(async () =>
            typeof octets === 'string'
              ? Promise.reject(new MailsealError(octets as 'usage', ''))
              : (await decryptMessage(octets, { keys: [member] })).message,
          );
        const encrypted = await orCode(async () => (await encryptMessage(message, encrypting))[0]!.message);
        const streamed = await orCode(() =>
          writtenInPieces(new MessageEncryptor(encrypting), message, lengths),
        );
        if (!isSame(await opened(streamed), await opened(encrypted))) differences.push(`encrypted ${file}`);
        if (typeof signed !== 'string' && typeof encrypted !== 'string') sealed++;
      }
      console.log(`${set}: ${sealed} of ${files.length} sealed`);
      const expected = files.filter((file) => known.has(file));
      expect(differences).toEqual(expected.flatMap((file) => [`signed ${file}`, `encrypted ${file}`]));
      expect(files.length).toBeGreaterThanOrEqual(atLeast);
      expect(sealed).toBeGreaterThanOrEqual(sealedAtLeast);
    });
  });
}
