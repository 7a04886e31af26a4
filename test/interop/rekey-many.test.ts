import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { EnvelopedDataWriter } from '../../src/cms/stream/enveloped-data-writer.js';
import { type Bytes, bytesFromLatin1, concatBytes, equalBytes } from '../../src/core/bytes.js';
import { generateKeyPair } from '../../src/crypto/keys/generate-key-pair.js';
import { encodeMimeBase64 } from '../../src/encoding/mime-base64.js';
import { parseMessage } from '../../src/mime/message.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import { rekeyMessage } from '../../src/smime/stream/message-rekeyer.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';
import type { Peer } from '../support/peers/peer.js';
import { describePeers } from '../support/peers/peers.js';
import { makePeople, type People } from '../support/peers/people.js';

const at = new Date('2027-01-01');
const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') };
const former = { kek: new Uint8Array(16).fill(1), id: Uint8Array.of(1) };
const members = 1000;

/** 25 MB that are no repetition, so that a block in a wrong place is seen. */
function mail(): Bytes {
  const octets = new Uint8Array(26_214_400);
  const numbers = new Uint32Array(octets.buffer);
  for (let i = 0, state = 1; i < numbers.length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i;
    numbers[i] = state;
  }
  octets.set(
    bytesFromLatin1('Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n'),
  );
  return octets;
}

/**
 * So many certificates that differ in nothing but their serial number: making a thousand takes long, and nobody looks
 * at their signatures here.
 */
async function strangers(count: number): Promise<Certificate[]> {
  const key = (await generateKeyPair({ kind: 'ec', curve: 'P-256' })).privateKey;
  const { publicKey } = await generateKeyPair({ kind: 'rsa', bits: 2048 });
  const issuer = {
    certificate: await issueRoot({ key, subject: { commonName: 'Interop Members' }, ...validity }),
    key,
  };
  const addresses = ['member@example.jp'];
  const { bytes, serialNumber } = await issueMailCertificate({ issuer, publicKey, addresses, ...validity });
  const at = serialNumber.byteOffset - bytes.byteOffset + serialNumber.length - 2;
  return Array.from({ length: count }, (_, i) => {
    const octets = bytes.slice();
    octets.set([i >> 8, i & 0xff], at);
    return parseCertificate(octets);
  });
}

/** Encrypted as a whole, which gives DER, and as it comes, which gives BER. */
const ways: Readonly<Record<'DER' | 'BER', (content: Bytes) => Promise<Bytes>>> = {
  DER: (content) => createEnvelopedData({ content, recipients: [former], cipher: 'aes256-cbc' }),
  async BER(content) {
    const writer = new EnvelopedDataWriter({ recipients: [former], cipher: 'aes256-cbc' });
    const given: Bytes[] = [];
    for (let from = 0; from < content.length; from += 100_000)
      given.push(await writer.update(content.subarray(from, from + 100_000)));
    given.push(await writer.finish());
    return concatBytes(given);
  },
};

const header =
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n';

let people: People;
let others: Certificate[];
const content = mail();
const rekeyed: Partial<Record<keyof typeof ways, Bytes>> = {};
beforeAll(async () => {
  people = await makePeople();
  others = await strangers(members - 1);
});

/** The envelope for the members, made once. */
async function forMembers(form: keyof typeof ways): Promise<Bytes> {
  const known = rekeyed[form];
  if (known !== undefined) return known;
  const old = await ways[form](content);
  const sealed = concatBytes([bytesFromLatin1(header), encodeMimeBase64(old)]);
  const list = others.toSpliced(members >> 1, 0, people.rsa2.certificate);
  const recipients = list.map((certificate) => ({ certificate }));
  const next = parseMessage(await rekeyMessage(sealed, { keys: [former], recipients, at })).content();
  const { recipients: readers, encryptedContent, node } = parseEnvelopedData(next);
  expect(readers.length).toBe(members);
  expect(node.indefinite).toBe(form === 'BER');
  const was = parseEnvelopedData(old).encryptedContent.octets!;
  expect(equalBytes(encryptedContent.octets!, was)).toBe(true);
  rekeyed[form] = next;
  return next;
}

describePeers(
  (_name, open) => {
    let peer: Peer;
    beforeAll(async () => {
      peer = await open(people);
    });
    afterAll(() => peer?.close());

    test.each(['DER', 'BER'] as const)(
      'a member opens 25 MB that were re-keyed to 1,000, %s',
      async (form) => {
        const found = await peer.decrypt(await forMembers(form), { kind: 'rsa-pkcs1', person: people.rsa2 });
        expect(equalBytes(found, content)).toBe(true);
      },
    );
  },
  ['OpenSSL', 'GnuPG', 'NSS'],
);
