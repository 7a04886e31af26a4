import { expect } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { encodeBase64 } from '../../src/encoding/base64.js';
import { parseMessage } from '../../src/mime/message.js';
import type { Part } from '../../src/mime/part.js';
import { encryptMessage } from '../../src/smime/encrypt/encrypt-message.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import { signMessage } from '../../src/smime/sign/sign-message.js';
import type { SealSigner } from '../../src/smime/verify/report.js';
import type { Peer, PeerRecipient } from '../support/peers/peer.js';
import type { People, Person } from '../support/peers/people.js';
import { describeCells } from './sealing/cells.js';
import { type LayersRow, layersRows, type Step } from './sealing/other-rows.js';

const header = 'From: rsa@example.jp\r\nTo: rsa2@example.jp\r\nSubject: Friday\r\nMIME-Version: 1.0\r\n';
const text = 'Until Friday.\r\n=46rom the choir\r\n';
const entity = bytesFromUtf8(`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`);

describeCells<LayersRow, Uint8Array>(layersRows, {
  async theyMake(peer, people, row) {
    let octets: Uint8Array = entity;
    for (const step of row.steps) octets = await wrapped(peer, people, row, step, octets);
    return concatBytes([bytesFromUtf8(header), octets]);
  },
  async weRead(message, people, { steps, cipher }) {
    const report = await openMessage(message, {
      keys: [people.rsa2],
      roots: [people.root],
      at: new Date(),
    });
    expect(report.layers.map(({ kind }) => kind)).toEqual(
      steps.toReversed().map((step) => (step === 'encrypted' ? 'envelope' : 'seal')),
    );
    expect(report.seals.flatMap(({ signers }) => signers.map(answers))).toEqual(
      steps.flatMap((step) =>
        step === 'encrypted'
          ? []
          : [{ content: 'intact', signature: 'valid', trust: 'trusted', identity: 'match' }],
      ),
    );
    expect(report.envelopes.map((each) => each.cipher?.name)).toEqual([cipher]);
    expect(report.encrypted).toBe(true);
    // Only a signature inside of the encryption vouches for what is encrypted.
    expect(report.verified).toBe(steps[0] !== 'encrypted');
    expect(report.pieces).toHaveLength(1);
    expect(report.pieces[0]!.root.text()).toBe(text);
  },
  async weMake(people, { steps, cipher }) {
    let message: Uint8Array = concatBytes([bytesFromUtf8(header), entity]);
    for (const step of steps) {
      if (step === 'encrypted') {
        const [made] = await encryptMessage(message, {
          recipients: [{ certificate: people.rsa2.certificate }],
          originator: {
            certificate: people.rsa.certificate,
            transport: { name: 'rsa-oaep', digest: 'sha256', mgfDigest: 'sha256' },
          },
          cipher: cipher as 'aes128-cbc',
          roots: [people.root],
          pool: [people.authority],
          at: new Date(),
        });
        message = made!.message;
      } else {
        message = await signMessage(message, {
          signers: [{ ...people.rsa, chain: [people.authority] }],
          form: step,
          signingTime: new Date(),
        });
      }
    }
    return message;
  },
  async theyRead(peer, message, people, { steps }) {
    // The sender reads his copy, too.
    const to = recipientFor(peer, peer.name === 'pkijs' ? people.rsa : people.rsa2);
    let part = parseMessage(message);
    for (const step of steps.toReversed()) part = parseMessage(await unwrapped(peer, to, part, step));
    expect(part.text()).toBe(text);
  },
});

/** WebCrypto, and so pkijs, has no PKCS #1 v1.5 for keys. */
function recipientFor({ name }: Peer, person: Person): PeerRecipient {
  return name === 'pkijs' ? { kind: 'rsa-oaep', person, digest: 'sha256' } : { kind: 'rsa-pkcs1', person };
}

/** A CMS structure of the peer's in an entity of ours: it knows nothing of MIME. */
async function wrapped(
  peer: Peer,
  people: People,
  { cipher }: LayersRow,
  step: Step,
  content: Uint8Array,
): Promise<Uint8Array> {
  if (step === 'encrypted') {
    const recipients = [recipientFor(peer, people.rsa2)];
    const isAuthenticated = !cipher.endsWith('-cbc');
    return pkcs7Mime(
      isAuthenticated ? 'authEnveloped-data' : 'enveloped-data',
      await peer.encrypt({ content, recipients, cipher }),
    );
  }
  const signed = await peer.sign({
    content,
    signers: [people.rsa],
    digest: 'sha256',
    detached: step === 'detached',
  });
  if (step === 'opaque') return pkcs7Mime('signed-data', signed);
  const type = 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256';
  return concatBytes([
    bytesFromUtf8(`Content-Type: ${type}; boundary="--=_x"\r\n\r\n----=_x\r\n`),
    content,
    bytesFromUtf8(
      '\r\n----=_x\r\nContent-Type: application/pkcs7-signature; name="smime.p7s"\r\n' +
        `Content-Transfer-Encoding: base64\r\n\r\n${lines(signed)}\r\n----=_x--\r\n`,
    ),
  ]);
}

async function unwrapped(peer: Peer, to: PeerRecipient, part: Part, step: Step): Promise<Uint8Array> {
  if (step !== 'detached') {
    expect(`${part.contentType.type}/${part.contentType.subtype}`).toBe('application/pkcs7-mime');
    return step === 'opaque' ? peer.verify(part.content()) : peer.decrypt(part.content(), to);
  }
  const [content, signature] = part.parts;
  return peer.verify(signature!.content(), content!.bytes);
}

function pkcs7Mime(type: string, octets: Uint8Array): Uint8Array {
  return bytesFromUtf8(
    `Content-Type: application/pkcs7-mime; smime-type=${type}; name="smime.p7m"\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${lines(octets)}\r\n`,
  );
}

function lines(octets: Uint8Array): string {
  return encodeBase64(octets).replace(/.{64}(?!$)/g, '$&\r\n');
}

function answers({ content, signature, trust, identity }: SealSigner): object {
  return { content, signature, trust, identity };
}
