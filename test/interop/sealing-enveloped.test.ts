import { expect } from 'vitest';
import type { CertificateIdentifier } from '../../src/cms/certificate-identifier.js';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import type {
  CertificateRecipient,
  ContentCipherName,
  Recipient,
} from '../../src/cms/enveloped/recipient.js';
import type { RecipientInfo } from '../../src/cms/enveloped/recipient-info.js';
import { type KeyAgreementScheme, readKeyAgreement } from '../../src/crypto/agreement/key-agreement.js';
import {
  type KeyTransportAlgorithm,
  readKeyTransportAlgorithm,
} from '../../src/crypto/transport/key-transport-algorithm.js';
import type { PeerRecipient } from '../support/peers/peer.js';
import { type CellWork, describeCells } from './sealing/cells.js';
import { content } from './sealing/content.js';
import { authenticatedRows, cipherRows, type EnvelopedRow, recipientRows } from './sealing/enveloped-rows.js';

const work: CellWork<EnvelopedRow, Uint8Array> = {
  async theyMake(peer, people, { cipher, recipients }) {
    return peer.encrypt({ content, cipher, recipients: recipients(people) });
  },
  async weRead(octets, people, { cipher, recipients }) {
    const enveloped = parseEnvelopedData(octets);
    const isAuthenticated = !cipher.endsWith('-cbc');
    expect(enveloped.kind).toBe(isAuthenticated ? 'authEnvelopedData' : 'envelopedData');
    const asked = recipients(people).map(askedOf);
    expect(enveloped.recipients.map((info, i) => madeOf(info, asked[i]))).toEqual(asked);
    for (const recipient of recipients(people)) {
      const opened = await openEnveloped(enveloped, { keys: [keyOf(recipient)] });
      expect(opened.content).toEqual(content);
      expect(opened.authenticated).toBe(isAuthenticated);
      expect(cipherName(opened.cipher)).toBe(cipher);
    }
  },
  async weMake(people, { cipher, recipients }) {
    return createEnvelopedData({
      content,
      cipher: cipher as ContentCipherName,
      recipients: recipients(people).map(inputOf),
    });
  },
  async theyRead(peer, octets, people, { recipients }) {
    for (const recipient of recipients(people))
      expect(await peer.decrypt(octets, recipient)).toEqual(content);
  },
};

// In one go, since opening a peer with its keys takes longer than most of its cells.
describeCells([...cipherRows, ...recipientRows, ...authenticatedRows], work);

/** What of a recipient is held against what was asked for. */
interface Made {
  readonly kind: RecipientInfo['kind'];
  readonly identifiers?: readonly CertificateIdentifier['kind'][];
  readonly transport?: KeyTransportAlgorithm;
  readonly scheme?: KeyAgreementScheme;
  readonly wrap?: string;
  readonly hasUkm?: true;
}

function askedOf(recipient: PeerRecipient): Made {
  if (recipient.kind === 'kek' || recipient.kind === 'password') return { kind: recipient.kind };
  const input = inputOf(recipient) as CertificateRecipient;
  const identifiers = [
    input.identifier === 'ski' ? 'subjectKeyIdentifier' : 'issuerAndSerialNumber',
  ] as const;
  if (recipient.kind !== 'ecdh')
    return { kind: 'key-transport', identifiers, transport: input.transport ?? { name: 'rsa-pkcs1' } };
  const { scheme, wrap, ukm } = input.agreement ?? {};
  return {
    kind: 'key-agreement',
    identifiers,
    ...(scheme === undefined ? {} : { scheme }),
    ...(wrap === undefined ? {} : { wrap }),
    ...(ukm === undefined ? {} : { hasUkm: true }),
  };
}

/** The same of what the peer made; what it was not asked for is its own choice. */
function madeOf(info: RecipientInfo, asked: Made | undefined): Made {
  const { kind } = info;
  if (kind === 'key-transport')
    return {
      kind,
      identifiers: [info.identifier.kind],
      transport: readKeyTransportAlgorithm(info.keyEncryptionAlgorithm),
    };
  if (kind !== 'key-agreement') return { kind };
  const { scheme, wrap } = readKeyAgreement(info.keyEncryptionAlgorithm);
  return {
    kind,
    identifiers: info.recipients.map(({ identifier }) => identifier.kind),
    ...(asked?.scheme === undefined ? {} : { scheme }),
    ...(asked?.wrap === undefined ? {} : { wrap }),
    ...(asked?.hasUkm === undefined || info.ukm === undefined ? {} : { hasUkm: true }),
  };
}

function cipherName(cipher: { readonly name: string; readonly effectiveKeyBits?: number }): string {
  return cipher.name === 'rc2-cbc' ? `rc2-${cipher.effectiveKeyBits}-cbc` : cipher.name;
}

function keyOf(recipient: PeerRecipient): DecryptionKey {
  if (recipient.kind === 'kek') return { kek: recipient.key, id: recipient.id };
  if (recipient.kind === 'password') return { password: recipient.password };
  const { privateKey, certificate } = recipient.person;
  return { privateKey, certificate };
}

function inputOf(recipient: PeerRecipient): Recipient {
  if (recipient.kind === 'kek') return { kek: recipient.key, id: recipient.id };
  if (recipient.kind === 'password') return { password: recipient.password, iterations: 10_000 };
  const { certificate } = recipient.person;
  if (recipient.kind === 'rsa-pkcs1')
    return { certificate, identifier: recipient.byKeyIdentifier === true ? 'ski' : 'issuer-serial' };
  if (recipient.kind === 'rsa-oaep') {
    const { digest, mgfDigest = digest, label } = recipient;
    return {
      certificate,
      transport: { name: 'rsa-oaep', digest, mgfDigest, ...(label === undefined ? {} : { label }) },
    };
  }
  const { kdf, wrap, cofactor, ukm, byKeyIdentifier } = recipient;
  return {
    certificate,
    identifier: byKeyIdentifier === true ? 'ski' : 'issuer-serial',
    agreement: {
      ...(kdf === undefined
        ? {}
        : {
            scheme: { name: cofactor === true ? 'ecdh-cofactor' : 'ecdh-std', kdf: 'x963', digest: kdf },
          }),
      ...(wrap === undefined ? {} : { wrap }),
      ...(ukm === undefined ? {} : { ukm }),
    },
  };
}
