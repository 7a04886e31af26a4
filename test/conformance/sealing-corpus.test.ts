import { expect, test } from 'vitest';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import type { Bytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { parseMessage } from '../../src/mime/message.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { isSealed } from '../../src/smime/entity/safe-entity.js';
import { type SignMessageOptions, signMessage } from '../../src/smime/sign/sign-message.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { listCorpus, withLf } from '../support/mime-corpus.js';
import { relays } from '../support/relays.js';
import { shownLeaves } from '../support/shown-leaves.js';
import { alice, intermediate, now, roots } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';

const sets: readonly (readonly [set: string, isMessage: (path: string) => boolean, atLeast: number])[] = [
  ['mail-parser', (path) => path.endsWith('.eml'), 53],
  ['mimekit', (path) => path.endsWith('.eml') || /\/messages\/.*\.txt$/.test(path), 30],
  ['openssl-generated', (path) => path.endsWith('.eml'), 125],
  ['thunderbird-smime', (path) => path.endsWith('.eml'), 66],
  ['tutorial-1998', (path) => path.endsWith('.eml'), 3],
];

const signers = [await signingKey(alice, { chain: [intermediate.certificate], signingTime: now })];

const lineEndRelays = relays.filter(([name]) => name.startsWith('line ends'));

/** A signed message; `undefined` where it could only be signed with its content inside. */
async function signedBeside(message: Uint8Array, options: SignMessageOptions): Promise<Bytes | undefined> {
  try {
    return await signMessage(message, options);
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'smime-content-unsafe') throw error;
    return undefined;
  }
}

for (const [set, isMessage, atLeast] of sets) {
  describeCorpus(set, () => {
    const files = listCorpus(set, isMessage);

    test(`${files.length} messages can be signed, and verify after one relay or another`, async () => {
      expect(files.length).toBeGreaterThanOrEqual(atLeast);
      let beside = 0;
      for (const [i, file] of files.entries()) {
        const whole = readCorpus(file);
        const given = parseMessage(whole);
        const signed = await signedBeside(i % 2 === 0 ? whole : withLf(whole), { signers });
        if (signed !== undefined) beside++;
        const sealed = signed ?? (await signMessage(whole, { signers, form: 'opaque' }));
        // What others signed is not made safe, so that only servers which change line ends leave it whole.
        const harsh = [...given.walk()].some(isSealed) ? lineEndRelays : relays;
        const [, relay] = harsh[i % harsh.length]!;
        const { seals } = await verifyMessage(relay(sealed), { roots, at: now });
        const outer = seals[0]!;
        expect(
          outer.signers.map(({ content, signature }) => [content, signature]),
          file,
        ).toEqual([['intact', 'valid']]);
        const shown = shownLeaves(parseMessage(outer.content!));
        expect(shown, file).toEqual(shownLeaves(given));
      }
      console.log(`${set}: ${beside} of ${files.length} were signed with the signature beside them`);
      expect(beside / files.length).toBeGreaterThan(0.9);
    });

    test(`${files.length} messages can be encrypted, and show the same when they are opened`, async () => {
      const kek = new Uint8Array(16).fill(9);
      const id = new Uint8Array([1]);
      for (const file of files) {
        const whole = readCorpus(file);
        const [sealed] = await encryptMessage(whole, { recipients: [{ kek, id }], at: now });
        const enveloped = parseEnvelopedData(parseMessage(sealed!.message).content());
        const { content } = await openEnveloped(enveloped, { keys: [{ kek, id }] });
        expect(shownLeaves(parseMessage(content)), file).toEqual(shownLeaves(parseMessage(whole)));
      }
    });
  });
}
