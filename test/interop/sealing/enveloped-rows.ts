import { bytesFromUtf8 } from '../../../src/core/utf8.js';
import type { PeerCipher, PeerDigest, PeerRecipient, PeerWrap } from '../../support/peers/peer.js';
import type { People, PersonName } from '../../support/peers/people.js';
import type { Row } from './row.js';

/** A way of encrypting. Each recipient of a row opens it. */
export interface EnvelopedRow extends Row {
  readonly cipher: PeerCipher;
  readonly recipients: (people: People) => readonly PeerRecipient[];
}

const digestNames = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;
const onlyRead = 'mailseal only reads it';
/** What all peers have, so that the rows differ in their recipients alone. */
const usualCipher = 'aes128-cbc';

function transport(person: 'rsa' | 'rsa2', byKeyIdentifier = false) {
  return (people: People): PeerRecipient => ({ kind: 'rsa-pkcs1', person: people[person], byKeyIdentifier });
}

interface Oaep {
  readonly digest: PeerDigest;
  readonly mgfDigest?: PeerDigest;
  readonly label?: Uint8Array;
}

function oaep(more: Oaep) {
  return (people: People): PeerRecipient => ({ kind: 'rsa-oaep', person: people.rsa, ...more });
}

interface Agreement {
  readonly kdf?: PeerDigest;
  readonly wrap?: PeerWrap;
  readonly cofactor?: boolean;
  readonly ukm?: Uint8Array;
  readonly byKeyIdentifier?: boolean;
}

function agreement(person: PersonName, more: Agreement = {}) {
  return (people: People): PeerRecipient => ({ kind: 'ecdh', person: people[person], ...more });
}

function kek(length: number): PeerRecipient {
  return { kind: 'kek', key: new Uint8Array(length).fill(length), id: Uint8Array.of(0x6b, length) };
}

const password: PeerRecipient = { kind: 'password', password: 'hanako-to-taro' };

function row(
  id: string,
  title: string,
  recipient: ((people: People) => PeerRecipient) | PeerRecipient,
  cipher: PeerCipher = usualCipher,
): EnvelopedRow {
  return {
    id,
    title,
    cipher,
    recipients: (people) => [typeof recipient === 'function' ? recipient(people) : recipient],
  };
}

function old(cipher: PeerCipher, name: string): EnvelopedRow {
  return { ...row(cipher, `${name} to an RSA key`, transport('rsa'), cipher), notOurs: onlyRead };
}

/** Ciphers of the content, to an RSA key with PKCS #1 v1.5. */
export const cipherRows: readonly EnvelopedRow[] = [
  row('aes128-cbc', 'AES-128-CBC to an RSA key', transport('rsa'), 'aes128-cbc'),
  row('aes192-cbc', 'AES-192-CBC to an RSA key', transport('rsa'), 'aes192-cbc'),
  row('aes256-cbc', 'AES-256-CBC to an RSA key', transport('rsa'), 'aes256-cbc'),
  row('des-ede3-cbc', 'triple DES to an RSA key', transport('rsa'), 'des-ede3-cbc'),
  old('des-cbc', 'DES'),
  old('rc2-40-cbc', 'RC2 of 40 bits'),
  old('rc2-64-cbc', 'RC2 of 64 bits'),
  old('rc2-128-cbc', 'RC2 of 128 bits'),
];

const curveKdfs = (['sha1', 'sha256', 'sha384', 'sha512'] as const).map((kdf) =>
  row(
    `p256-${kdf}-kdf`,
    `ECDH on P-256 with X9.63 and ${digestNames[kdf]}`,
    agreement('p256', { kdf, wrap: 'aes128-wrap' }),
  ),
);

/** Kinds of recipients, with AES-128-CBC. */
export const recipientRows: readonly EnvelopedRow[] = [
  row('recipient-key-identifier', 'RSA v1.5, recipient by subjectKeyIdentifier', transport('rsa', true)),
  {
    id: 'two-recipients',
    title: 'two RSA recipients',
    cipher: usualCipher,
    recipients: (people) => [transport('rsa')(people), transport('rsa2')(people)],
  },
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).map((digest) =>
    row(`oaep-${digest}`, `RSAES-OAEP with ${digestNames[digest]}`, oaep({ digest })),
  ),
  row(
    'oaep-mgf',
    'RSAES-OAEP with SHA-256, and SHA-1 in its mask',
    oaep({ digest: 'sha256', mgfDigest: 'sha1' }),
  ),
  row('oaep-label', 'RSAES-OAEP with a label', oaep({ digest: 'sha256', label: bytesFromUtf8('label') })),
  ...curveKdfs,
  row(
    'p256-aes192-wrap',
    'ECDH on P-256 with an AES-192 key wrap',
    agreement('p256', { kdf: 'sha256', wrap: 'aes192-wrap' }),
  ),
  row(
    'p256-aes256-wrap',
    'ECDH on P-256 with an AES-256 key wrap',
    agreement('p256', { kdf: 'sha256', wrap: 'aes256-wrap' }),
  ),
  row(
    'p256-des-ede3-wrap',
    'ECDH on P-256 with a triple DES key wrap',
    agreement('p256', { kdf: 'sha256', wrap: 'des-ede3-wrap' }),
    'des-ede3-cbc',
  ),
  row(
    'p256-cofactor',
    'cofactor ECDH on P-256',
    agreement('p256', { kdf: 'sha256', wrap: 'aes128-wrap', cofactor: true }),
  ),
  row(
    'p256-ukm',
    'ECDH on P-256 with user keying material',
    agreement('p256', { kdf: 'sha256', wrap: 'aes128-wrap', ukm: new Uint8Array(64).fill(0x75) }),
  ),
  row(
    'p256-key-identifier',
    'ECDH on P-256, recipient by subjectKeyIdentifier',
    agreement('p256', { kdf: 'sha256', wrap: 'aes128-wrap', byKeyIdentifier: true }),
  ),
  row('p384', 'ECDH on P-384 with SHA-384', agreement('p384', { kdf: 'sha384', wrap: 'aes256-wrap' })),
  row('p521', 'ECDH on P-521 with SHA-512', agreement('p521', { kdf: 'sha512', wrap: 'aes256-wrap' })),
  row(
    'brainpool',
    'ECDH on brainpoolP256r1 with SHA-256',
    agreement('brainpool', { kdf: 'sha256', wrap: 'aes128-wrap' }),
  ),
  row('x25519', 'X25519', agreement('x25519', { wrap: 'aes128-wrap' })),
  row('x448', 'X448', agreement('x448', { wrap: 'aes256-wrap' })),
  row('kek-128', 'key-encryption key of 128 bits', kek(16)),
  row('kek-192', 'key-encryption key of 192 bits', kek(24)),
  row('kek-256', 'key-encryption key of 256 bits', kek(32)),
  row('password', 'password', password),
  {
    id: 'all-recipients',
    title: 'recipients of all kinds in one envelope',
    cipher: usualCipher,
    recipients: (people) => [
      transport('rsa')(people),
      { kind: 'rsa-oaep', person: people.rsa2, digest: 'sha256' },
      agreement('p256', { kdf: 'sha256', wrap: 'aes128-wrap' })(people),
      kek(16),
      password,
    ],
  },
];

/** AuthEnvelopedData. */
export const authenticatedRows: readonly EnvelopedRow[] = [
  row('aes128-gcm', 'AES-128-GCM to an RSA key', transport('rsa'), 'aes128-gcm'),
  row('aes192-gcm', 'AES-192-GCM to an RSA key', transport('rsa'), 'aes192-gcm'),
  row('aes256-gcm', 'AES-256-GCM to an RSA key', transport('rsa'), 'aes256-gcm'),
  row('oaep-gcm', 'AES-256-GCM with RSAES-OAEP', oaep({ digest: 'sha256' }), 'aes256-gcm'),
  row(
    'p256-gcm',
    'AES-256-GCM with ECDH on P-256',
    agreement('p256', { kdf: 'sha256', wrap: 'aes256-wrap' }),
    'aes256-gcm',
  ),
  row('kek-gcm', 'AES-256-GCM with a key-encryption key', kek(32), 'aes256-gcm'),
  row('password-gcm', 'AES-256-GCM with a password', password, 'aes256-gcm'),
  row('chacha20-poly1305', 'ChaCha20-Poly1305 to an RSA key', transport('rsa'), 'chacha20-poly1305'),
];
