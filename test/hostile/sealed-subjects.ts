import { createCompressedData } from '../../src/cms/compressed/create-compressed-data.js';
import { createEncryptedData, createEnvelopedData } from '../../src/cms/enveloped/create.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { receiptRequest } from '../../src/cms/ess/receipt-request.js';
import { counterSign } from '../../src/cms/sign/counter-sign.js';
import { createCertsOnly, createSignedData } from '../../src/cms/sign/create-signed-data.js';
import type { SigningKey } from '../../src/cms/sign/signing-key.js';
import { ownSmimeCapabilities } from '../../src/cms/smime-capabilities.js';
import { decodeHex } from '../../src/encoding/hex.js';
import { readCorpus } from '../support/corpus.js';
import { opensslKeys, rfc4134Keys, thunderbirdKeys } from '../support/corpus-keys.js';
import { cipherNames, content, ways } from '../support/envelopes.js';
import { listCorpus } from '../support/mime-corpus.js';
import type { KeyKind } from '../support/pki.js';
import { testKey } from '../support/pki.js';
import { aliceWith, intermediate } from '../support/sign-scene.js';
import { signingKey } from '../support/signing-people.js';
import type { SealedSubject } from './sealed.js';

type Maker = () => Promise<Omit<SealedSubject, 'name'>>;

/** Longer than what is damaged at every octet. */
const longContent = new Uint8Array(20_000).map((_, at) => (at * at) >> 3);

async function envelope(way: string, options: object = {}): Promise<Omit<SealedSubject, 'name'>> {
  const { recipient, key } = await ways[way]!();
  return {
    octets: await createEnvelopedData({ content, recipients: [recipient], ...options }),
    keys: [key],
  };
}

function signerOf(kind: KeyKind, change: Partial<SigningKey> = {}): Promise<SigningKey> {
  return signingKey(aliceWith({ key: testKey(kind, 'alice') }), {
    chain: [intermediate.certificate],
    signingTime: new Date('2026-03-01T00:00:00Z'),
    ...change,
  });
}

async function signed(options: object, ...signers: readonly Promise<SigningKey>[]) {
  return createSignedData({ content, signers: await Promise.all(signers), ...options });
}

const contentKey = Uint8Array.from({ length: 32 }, (_, at) => at);

/** One file of everything that is written. */
export const ownMakers: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    Object.keys(ways).flatMap((way) => [
      [`AES-128-CBC, ${way}`, () => envelope(way, { cipher: 'aes128-cbc' })],
      [`AES-256-GCM, ${way}`, () => envelope(way, { cipher: 'aes256-gcm' })],
    ]),
  ),
  ...Object.fromEntries(
    cipherNames.flatMap((cipher) => [
      [cipher, () => envelope('KEK of 32 octets', { cipher })],
      [`${cipher}, bound`, () => envelope('KEK of 32 octets', { cipher, bindAlgorithm: true })],
    ]),
  ),
  'AES-128-CBC of 20 kB': () => envelope('x25519', { cipher: 'aes128-cbc', content: longContent }),
  'AES-256-GCM of 20 kB': () => envelope('x25519', { cipher: 'aes256-gcm', content: longContent }),
  EncryptedData: async () => ({
    octets: await createEncryptedData({ content, contentKey }),
    keys: [{ contentKey }],
  }),
  CompressedData: async () => ({ octets: await createCompressedData({ content }), keys: [] }),
  'CompressedData of 20 kB': async () => ({
    octets: await createCompressedData({ content: longContent }),
    keys: [],
  }),
  ...Object.fromEntries(
    (['rsa', 'p256', 'p384', 'p521', 'ed25519', 'ed448'] as const).map((kind) => [
      `signed, ${kind}`,
      async () => ({ octets: await signed({}, signerOf(kind)), keys: [] }),
    ]),
  ),
  'signed, detached': async () => ({
    octets: await signed({ detached: true }, signerOf('p256')),
    keys: [],
    detached: content,
  }),
  'signed, without attributes': async () => ({
    octets: await signed({ withoutSignedAttributes: true }, signingKey(aliceWith())),
    keys: [],
  }),
  'signed, with all attributes': async () => ({
    octets: await signed(
      {},
      signerOf('p256', {
        capabilities: ownSmimeCapabilities(),
        encryptionCertificate: aliceWith().certificate,
        signedAttributes: [
          receiptRequest({
            contentIdentifier: new Uint8Array(20),
            from: 'all',
            to: [[{ kind: 'rfc822Name', value: 'alice@example.jp' }]],
          }),
        ],
      }),
    ),
    keys: [],
  }),
  'signed by two, counter-signed': async () => ({
    octets: await counterSign(await signed({}, signerOf('p256'), signerOf('ed25519')), {
      signers: [await signerOf('p384')],
      of: 0,
    }),
    keys: [],
  }),
  'certificates only': async () => ({
    octets: createCertsOnly({ certificates: [aliceWith().certificate, intermediate.certificate] }),
    keys: [],
  }),
};

export async function ownSealed(name: string): Promise<SealedSubject> {
  return { name, ...(await ownMakers[name]!()) };
}

/** Sets of the corpus with bare CMS, and the keys to it. */
export const sealedSets: Readonly<Record<string, () => Promise<readonly DecryptionKey[]>>> = {
  'nss-interop': thunderbirdKeys,
  'openssl-generated': async () => [
    ...(await opensslKeys()),
    { contentKey: decodeHex('000102030405060708090a0b0c0d0e0f') },
  ],
  rfc4134: async () => [
    ...(await rfc4134Keys()),
    { contentKey: decodeHex('737c791f25ead0e04629254352f7dc6291e5cb26917ada32') },
  ],
};

/** The files of a set that are bare CMS in BER. */
export function sealedPaths(set: string): string[] {
  return listCorpus(set, (path) => /\.(?:env|p7[mcs])$|[4567]\.\d+\.bin$/.test(path));
}

export function corpusSealed(path: string, keys: readonly DecryptionKey[]): SealedSubject {
  const detached = path.includes('detached')
    ? { detached: readCorpus('openssl-generated/cms/detached.content') }
    : /4\.3\.bin$/.test(path)
      ? { detached: readCorpus('rfc4134/ExContent.bin') }
      : {};
  return { name: path, octets: readCorpus(path), keys, ...detached };
}
