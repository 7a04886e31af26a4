import { readBer } from '../../src/asn1/reader.js';
import { der, derExplicit, derOid, derSequence } from '../../src/asn1/writer.js';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import type { DecryptionKey } from '../../src/cms/enveloped/decryption-key.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import {
  type OpenEnvelopedOptions,
  type OpenedContent,
  openEnveloped,
} from '../../src/cms/enveloped/open.js';
import type { ContentCipherName, Recipient } from '../../src/cms/enveloped/recipient.js';
import type { Bytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { generateKeyPair, type KeyPair, type KeyPairKind } from '../../src/crypto/keys/generate-key-pair.js';
import { issueRoot } from '../../src/pki/issue/issue-authority.js';
import { issueMailCertificate } from '../../src/pki/issue/issue-mail-certificate.js';
import type { Certificate } from '../../src/x509/certificate/certificate.js';

/** Somebody whom content is encrypted to. */
export interface Holder extends KeyPair {
  readonly certificate: Certificate;
}

const kinds = {
  rsa: { kind: 'rsa', bits: 2048 },
  rsa2: { kind: 'rsa', bits: 2048 },
  p256: { kind: 'ec', curve: 'P-256' },
  p256b: { kind: 'ec', curve: 'P-256' },
  p384: { kind: 'ec', curve: 'P-384' },
  p521: { kind: 'ec', curve: 'P-521' },
  brainpool: { kind: 'ec', curve: 'brainpoolP256r1' },
  x25519: { kind: 'x25519' },
  x448: { kind: 'x448' },
} as const satisfies Readonly<Record<string, KeyPairKind>>;
export type HolderName = keyof typeof kinds;

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2030-01-01') };
let issuer: Promise<{ certificate: Certificate; key: KeyPair['privateKey'] }> | undefined;
const holders = new Map<HolderName, Promise<Holder>>();

async function makeIssuer() {
  const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
  return {
    certificate: await issueRoot({ key, subject: { commonName: 'Envelope Root' }, ...validity }),
    key,
  };
}

async function makeHolder(name: HolderName): Promise<Holder> {
  issuer ??= makeIssuer();
  const pair = await generateKeyPair(kinds[name]);
  const certificate = await issueMailCertificate({
    issuer: await issuer,
    publicKey: pair.publicKey,
    subject: { commonName: name },
    addresses: [`${name}@example.jp`],
    ...validity,
  });
  return { ...pair, certificate };
}

/** Somebody with a key of that kind, always the same one within a run. */
export function holder(name: HolderName): Promise<Holder> {
  const known = holders.get(name) ?? makeHolder(name);
  holders.set(name, known);
  return known;
}

/** A way to be a recipient: what the sender says, and what the recipient has. */
export interface Way {
  readonly recipient: Recipient;
  readonly key: DecryptionKey;
}

const kek = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 7 * i + length);
const id = new TextEncoder().encode('key 7');
const oaep = (
  digest: 'sha1' | 'sha256' | 'sha512',
  mgfDigest: 'sha1' | 'sha256' | 'sha512',
  label?: Uint8Array,
) => ({ name: 'rsa-oaep', digest, mgfDigest, ...(label === undefined ? {} : { label }) }) as const;

type Agreement = NonNullable<Extract<Recipient, { readonly certificate: Certificate }>['agreement']>;
const ukm = new TextEncoder().encode('user keying material');
const agreements: Record<string, readonly [HolderName, Agreement]> = {};
for (const digest of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const) {
  for (const name of ['ecdh-std', 'ecdh-cofactor'] as const)
    agreements[`P-256 ${name} x963 ${digest}`] = ['p256', { scheme: { name, kdf: 'x963', digest } }];
}
for (const digest of ['sha256', 'sha384', 'sha512'] as const) {
  const scheme = { name: 'ecdh-std', kdf: 'hkdf', digest } as const;
  for (const name of ['p384', 'x25519', 'x448'] as const)
    agreements[`${name} hkdf ${digest}`] = [name, { scheme }];
  agreements[`x25519 hkdf ${digest} ukm`] = ['x25519', { scheme, ukm }];
}
agreements['P-256 x963 ukm'] = ['p256', { ukm }];
agreements['P-256 triple DES wrap'] = ['p256', { wrap: 'des-ede3-wrap' }];

/** Every kind of recipient that is written, by a name. */
export const ways: Readonly<Record<string, () => Promise<Way>>> = {
  ...Object.fromEntries(
    (
      [
        ['RSA v1.5', undefined],
        ['OAEP SHA-1', oaep('sha1', 'sha1')],
        ['OAEP SHA-256', oaep('sha256', 'sha256')],
        ['OAEP SHA-512, MGF SHA-1', oaep('sha512', 'sha1')],
        ['OAEP with a label', oaep('sha256', 'sha256', ukm)],
      ] as const
    ).map(([name, transport]) => [
      name,
      async () => {
        const { certificate, privateKey } = await holder('rsa');
        const recipient = { certificate, ...(transport === undefined ? {} : { transport }) };
        return { recipient, key: { privateKey, certificate } };
      },
    ]),
  ),
  'RSA v1.5 by key identifier': async () => {
    const { certificate, privateKey } = await holder('rsa');
    return { recipient: { certificate, identifier: 'ski' }, key: { privateKey, certificate } };
  },
  ...Object.fromEntries(
    (['p256', 'p384', 'p521', 'brainpool', 'x25519', 'x448'] as const).map((name) => [
      name,
      async () => {
        const { certificate, privateKey } = await holder(name);
        return { recipient: { certificate }, key: { privateKey, certificate } };
      },
    ]),
  ),
  'P-256 by key identifier': async () => {
    const { certificate, privateKey } = await holder('p256');
    return { recipient: { certificate, identifier: 'ski' }, key: { privateKey, certificate } };
  },
  ...Object.fromEntries(
    Object.entries(agreements).map(([name, [who, agreement]]) => [
      name,
      async () => {
        const { certificate, privateKey } = await holder(who);
        return { recipient: { certificate, agreement }, key: { privateKey, certificate } };
      },
    ]),
  ),
  ...Object.fromEntries(
    [16, 24, 32].map((length) => [
      `KEK of ${length} octets`,
      async () => ({ recipient: { kek: kek(length), id }, key: { kek: kek(length), id } }),
    ]),
  ),
  'KEK of triple DES': async () => ({
    recipient: { kek: kek(24), id, wrap: 'des-ede3-wrap' },
    key: { kek: kek(24) },
  }),
  password: async () => ({
    recipient: { password: '長い合言葉', iterations: 10 },
    key: { password: '長い合言葉' },
  }),
  'password with SHA-512': async () => ({
    recipient: { password: new Uint8Array([0xff, 0, 7]), iterations: 3, digest: 'sha512' },
    key: { password: new Uint8Array([0xff, 0, 7]) },
  }),
};

export const cipherNames: readonly ContentCipherName[] = [
  'aes128-cbc',
  'aes192-cbc',
  'aes256-cbc',
  'des-ede3-cbc',
  'aes128-gcm',
  'aes192-gcm',
  'aes256-gcm',
  'chacha20-poly1305',
];

export const content = new TextEncoder().encode(
  'Content-Type: text/plain\r\n\r\nThe rehearsal is on Friday.\r\n',
);

/** An envelope of {@link content}. */
export function sealedFor(
  recipients: readonly Recipient[],
  options: Partial<Parameters<typeof createEnvelopedData>[0]> = {},
): Promise<Bytes> {
  return createEnvelopedData({ content, recipients, ...options });
}

/** The content, or the code of the error; anything else than an error of ours is thrown on. */
export async function opened(
  octets: Uint8Array,
  keys: readonly DecryptionKey[],
  options: Partial<OpenEnvelopedOptions> = {},
): Promise<OpenedContent | string> {
  try {
    return await openEnveloped(parseEnvelopedData(octets), { keys, ...options });
  } catch (error) {
    if (error instanceof MailsealError) return error.code;
    throw error;
  }
}

/** The parts of an envelope as elements, to be put together again in another way. */
export interface Parts {
  readonly type: keyof typeof typeOids;
  readonly version: Uint8Array;
  /** The originatorInfo, where it is to have one. */
  readonly originator?: Uint8Array;
  readonly recipients: readonly Uint8Array[];
  readonly contentType: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly octets: Uint8Array;
  /** What follows the EncryptedContentInfo. */
  readonly rest: readonly Uint8Array[];
}

/** Takes an envelope without originatorInfo apart. */
export function takeApart(p7m: Uint8Array): Parts {
  const wrapped = readBer(p7m).children[1]!;
  const [version, recipients, encrypted, ...rest] = wrapped.children[0]!.children;
  const [contentType, algorithm, octets] = encrypted!.children;
  return {
    type: parseEnvelopedData(p7m).kind === 'envelopedData' ? 'enveloped' : 'authEnveloped',
    version: version!.bytes,
    recipients: recipients!.children.map(({ bytes }) => bytes),
    contentType: contentType!.bytes,
    algorithm: algorithm!.bytes,
    octets: octets!.content,
    rest: rest.map(({ bytes }) => bytes),
  };
}

const typeOids = { enveloped: '1.2.840.113549.1.7.3', authEnveloped: '1.2.840.113549.1.9.16.1.23' } as const;

/** Puts an envelope together, as it is told and in that order. */
export function putTogether(parts: Parts): Bytes {
  const { algorithm, contentType, octets, originator, recipients, rest, type, version } = parts;
  const before = originator === undefined ? [version] : [version, originator];
  const encrypted = derSequence(contentType, algorithm, der(0x80, octets));
  return derSequence(
    derOid(typeOids[type]),
    derExplicit(0, derSequence(...before, der(0x31, ...recipients), encrypted, ...rest)),
  );
}
