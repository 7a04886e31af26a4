import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import {
  type Bytes,
  bytesFromLatin1,
  concatBytes,
  equalBytes,
  latin1FromBytes,
} from '../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { parseMessage } from '../../src/mime/message.js';
import { decryptMessage } from '../../src/smime/open/decrypt-message.js';
import { MessageEncryptor } from '../../src/smime/stream/message-encryptor.js';
import { rekeyMessage } from '../../src/smime/stream/message-rekeyer.js';
import { MessageSigner } from '../../src/smime/stream/message-signer.js';
import type { Peer, PeerRecipient } from '../support/peers/peer.js';
import { describePeers } from '../support/peers/peers.js';
import { makePeople, type People, type Person } from '../support/peers/people.js';

const at = new Date('2027-01-01');
/** As long as several pieces of a string in indefinite form. */
const body = 'A line that is long enough for many of them to be a long text.\r\n'.repeat(4000);
const message = bytesFromLatin1(`From: rsa@example.jp\r\nContent-Type: text/plain\r\n\r\n${body}`);
const entity = bytesFromLatin1(`Content-Type: text/plain\r\n\r\n${body}`);

const to = ({ certificate }: Person): { certificate: Person['certificate'] } => ({ certificate });
const by = ({ privateKey, certificate }: Person): Pick<Person, 'privateKey' | 'certificate'> => ({
  privateKey,
  certificate,
});
const rsa = (person: Person): PeerRecipient => ({ kind: 'rsa-pkcs1', person });

interface Octets {
  update(chunk: Uint8Array): Promise<Bytes>;
  finish(): Promise<Bytes>;
}

async function through(transformer: Octets): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for (let from = 0; from < message.length; from += 5000)
    pieces.push(await transformer.update(message.subarray(from, from + 5000)));
  pieces.push(await transformer.finish());
  return concatBytes(pieces);
}

let people: People;
beforeAll(async () => {
  people = await makePeople();
});

describePeers(
  (name, open) => {
    let peer: Peer;
    beforeAll(async () => {
      peer = await open(people);
    });
    afterAll(() => peer?.close());

    const reads = async (given: Bytes, person: Person, content: Bytes = entity): Promise<void> => {
      const found = await peer.decrypt(parseMessage(given).content(), rsa(person));
      expect(equalBytes(found, content)).toBe(true);
    };

    test('reads what it encrypted itself and was re-keyed to others, and the octets stay', async () => {
      const job = { content: entity, cipher: 'aes128-cbc', recipients: [rsa(people.rsa)] } as const;
      const p7m = await peer.encrypt(job);
      const fields =
        'Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n';
      const sealed = concatBytes([
        bytesFromLatin1(`From: a@example.jp\r\n${fields}\r\n`),
        encodeMimeBase64(p7m),
      ]);
      // NSS reads nothing that has a recipient with a key on a curve.
      const members = name === 'NSS' ? [people.rsa2] : [people.rsa2, people.p256];
      const options = { keys: [by(people.rsa)], recipients: members.map(to), at };
      const replaced = await rekeyMessage(sealed, options);
      const added = await rekeyMessage(sealed, { ...options, mode: 'add' });
      await reads(replaced, people.rsa2);
      await reads(added, people.rsa2);
      await reads(added, people.rsa);
      await expect(decryptMessage(replaced, { keys: [by(people.rsa)] })).rejects.toThrow(
        expect.objectContaining({ code: 'cms-no-recipient' }) as Error,
      );
      for (const each of [replaced, added]) {
        const { octets } = parseEnvelopedData(parseMessage(each).content()).encryptedContent;
        expect(equalBytes(octets!, parseEnvelopedData(p7m).encryptedContent.octets!)).toBe(true);
      }
    });

    test('reads what was encrypted as it came, and then re-keyed', async () => {
      const options = { recipients: [to(people.rsa)], at, cipher: 'aes128-cbc' } as const;
      const sealed = await through(new MessageEncryptor(options));
      await reads(sealed, people.rsa);
      const next = await rekeyMessage(sealed, { keys: [by(people.rsa)], recipients: [to(people.rsa2)], at });
      await reads(next, people.rsa2);
    });

    test.each(['detached', 'opaque'] as const)('verifies what was signed as it came, %s', async (form) => {
      const { privateKey, certificate } = people.rsa;
      const signers = [{ privateKey, certificate, chain: [people.authority] }];
      const signed = await through(new MessageSigner({ signers, signingTime: at, form }));
      if (form === 'opaque') {
        const found = await peer.verify(parseMessage(signed).content());
        expect(latin1FromBytes(found) === latin1FromBytes(entity)).toBe(true);
        return;
      }
      const [content, signature] = parseMessage(signed).parts;
      expect(equalBytes(content!.bytes, entity)).toBe(true);
      await peer.verify(signature!.content(), content!.bytes);
    });
  },
  ['OpenSSL', 'GnuPG', 'NSS'],
);
