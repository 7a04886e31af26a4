import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { asBytes, type Bytes } from '../../../src/core/bytes.js';
import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import type { Person } from './people.js';

/** The implementations that there are tests with. */
export const peerNames = ['OpenSSL', 'GnuPG', 'NSS', 'pkijs', 'node-forge'] as const;
export type PeerName = (typeof peerNames)[number];

export type PeerDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';
export type PeerCipher =
  | 'aes128-cbc'
  | 'aes192-cbc'
  | 'aes256-cbc'
  | 'des-ede3-cbc'
  | 'des-cbc'
  | 'rc2-40-cbc'
  | 'rc2-64-cbc'
  | 'rc2-128-cbc'
  | 'aes128-gcm'
  | 'aes192-gcm'
  | 'aes256-gcm'
  | 'chacha20-poly1305';
export type PeerWrap = 'aes128-wrap' | 'aes192-wrap' | 'aes256-wrap' | 'des-ede3-wrap';

/** What a peer is to sign, and how. */
export interface SigningJob {
  readonly content: Uint8Array;
  readonly signers: readonly Person[];
  /** Not for Edwards curves, which have their own. */
  readonly digest: PeerDigest;
  readonly pss?: boolean;
  readonly detached?: boolean;
  readonly withoutSignedAttributes?: boolean;
  /** Name the signer by subjectKeyIdentifier. */
  readonly byKeyIdentifier?: boolean;
}

/** How a recipient gets the content key, and what he has to get it back. */
export type PeerRecipient =
  | { readonly kind: 'rsa-pkcs1'; readonly person: Person; readonly byKeyIdentifier?: boolean }
  | {
      readonly kind: 'rsa-oaep';
      readonly person: Person;
      readonly digest: PeerDigest;
      readonly mgfDigest?: PeerDigest;
      readonly label?: Uint8Array;
    }
  | {
      readonly kind: 'ecdh';
      readonly person: Person;
      /** `undefined` where the curve has its own. */
      readonly kdf?: PeerDigest;
      readonly wrap?: PeerWrap;
      readonly cofactor?: boolean;
      /** User keying material. */
      readonly ukm?: Uint8Array;
      readonly byKeyIdentifier?: boolean;
    }
  | { readonly kind: 'kek'; readonly key: Uint8Array; readonly id: Uint8Array }
  | { readonly kind: 'password'; readonly password: string };

/** What a peer is to encrypt, and how. */
export interface EncryptionJob {
  readonly content: Uint8Array;
  readonly recipients: readonly PeerRecipient[];
  readonly cipher: PeerCipher;
}

/** An implementation of CMS that is not ours. Each method takes and gives the DER or BER of a ContentInfo. */
export interface Peer {
  readonly name: PeerName;
  sign(job: SigningJob): Promise<Bytes>;
  /** The content of a signature that it finds good, with a path to the root. */
  verify(signed: Uint8Array, detachedContent?: Uint8Array): Promise<Bytes>;
  encrypt(job: EncryptionJob): Promise<Bytes>;
  decrypt(enveloped: Uint8Array, recipient: PeerRecipient): Promise<Bytes>;
  makeCertsOnly(certificates: readonly Certificate[]): Promise<Bytes>;
  /** DER of the certificates. */
  readCertsOnly(certsOnly: Uint8Array): Promise<readonly Bytes[]>;
  close(): void;
}

/** A peer did not do what it was asked for: its own words. */
export class PeerRefusal extends Error {
  override readonly name = 'PeerRefusal';
}

/** A peer has no option to ask it for something. */
export function noOption(what: string): PeerRefusal {
  return new PeerRefusal(`no option for ${what}`);
}

/** The person of a recipient by RSA v1.5 or ECDH with issuer and serial, which is all that some peers can be asked for. */
export function plainPerson(recipient: PeerRecipient): Person {
  if (recipient.kind === 'kek') throw noOption('a key-encryption key');
  if (recipient.kind === 'password') throw noOption('a password');
  if (recipient.kind === 'rsa-oaep') throw noOption('RSAES-OAEP');
  if (recipient.byKeyIdentifier === true) throw noOption('naming recipients by subjectKeyIdentifier');
  return recipient.person;
}

/** What became of a program. */
export interface Finished {
  readonly status: number | null;
  readonly output: Bytes;
  readonly errors: string;
}

/** Runs a program to its end. */
export function finish(
  program: string,
  args: readonly string[],
  input: Uint8Array | string = '',
  options: SpawnSyncOptions = {},
): Finished {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...options,
    input,
    timeout: 60_000,
    maxBuffer: 1 << 28,
    encoding: 'buffer',
  });
  // A program that found fault with its arguments does not read what it is given.
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  return { status, output: asBytes(Uint8Array.from(stdout)), errors: stderr.toString('latin1') };
}
