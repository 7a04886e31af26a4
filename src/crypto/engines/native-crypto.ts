/** A digest in progress, as `node:crypto` has it. */
export interface NativeHash {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
  /** Of digests, not of HMACs. */
  readonly copy?: (options?: { readonly outputLength: number }) => NativeHash;
}

/** A cipher at work, as `node:crypto` has it. */
export interface NativeCipher {
  setAutoPadding(pad: boolean): unknown;
  update(chunk: Uint8Array): Uint8Array;
  final(): Uint8Array;
  /** The three that only ciphers have which authenticate. */
  readonly setAAD?: (octets: Uint8Array) => unknown;
  readonly getAuthTag?: () => Uint8Array;
  readonly setAuthTag?: (tag: Uint8Array) => unknown;
}

/** What ciphers take that authenticate. */
export interface NativeCipherOptions {
  /** Octets of the tag. */
  readonly authTagLength: number;
}

/** An imported key of `node:crypto`; it is passed around and never looked into. */
export interface NativeKey {
  readonly type: string;
  readonly export?: (options: { readonly format: 'der'; readonly type: 'spki' }) => Uint8Array;
}

/** A key for agreements on one curve, as `node:crypto` makes it: its private half stays in there. */
export interface NativeEcdh {
  generateKeys(): Uint8Array;
  computeSecret(point: Uint8Array): Uint8Array;
}

/** A key pair of `node:crypto` on a curve of RFC 7748, with the public half as a JWK. */
export interface NativeKeyPair {
  readonly privateKey: NativeKey;
  readonly publicKey: { readonly x?: string };
}

/** A public key, or a private one that has it, in a form that `createPublicKey` imports. */
export type NativeKeyInput =
  | { readonly key: Uint8Array; readonly format: 'der'; readonly type: 'pkcs1' | 'pkcs8' | 'spki' }
  | { readonly key: Readonly<Record<string, string>>; readonly format: 'jwk' };

/** An RSA public key and a padding as `publicDecrypt` takes them, the key imported or as DER. */
export type NativeRsaKey =
  | { readonly key: NativeKey; readonly padding: number }
  | { readonly key: Uint8Array; readonly format: 'der'; readonly type: 'pkcs1'; readonly padding: number };

/** An RSA public key as `publicEncrypt` takes it for OAEP; the digest serves MGF1, too. */
export type NativeOaepKey = NativeRsaKey & { readonly oaepHash: string; readonly oaepLabel?: Uint8Array };

/** A private key in a form that `createPrivateKey` imports. */
export interface NativePrivateKeyInput {
  readonly key: Uint8Array;
  readonly format: 'der';
  readonly type: 'pkcs1' | 'pkcs8';
}

/** What `generateKeyPair` takes for an RSA key. */
export interface NativeKeyPairOptions {
  readonly modulusLength: number;
  readonly publicExponent: number;
  readonly publicKeyEncoding: { readonly type: 'spki'; readonly format: 'der' };
  readonly privateKeyEncoding: { readonly type: 'pkcs8'; readonly format: 'der' };
}

/**
 * The part of `node:crypto` that is used here. Every member may be missing:
 * runtimes have been seen that give half a module.
 */
export interface NativeCrypto {
  readonly createHash?: (name: string, options?: { readonly outputLength: number }) => NativeHash;
  readonly hash?: {
    (name: string, octets: Uint8Array, encoding: 'buffer'): Uint8Array;
    (name: string, octets: Uint8Array, encoding: 'latin1'): string;
  };
  readonly createPublicKey?: (input: NativeKeyInput) => NativeKey;
  readonly publicDecrypt?: (options: NativeRsaKey, octets: Uint8Array) => Uint8Array;
  readonly createPrivateKey?: (input: NativePrivateKeyInput) => NativeKey;
  readonly privateEncrypt?: (
    options: { readonly key: NativeKey; readonly padding: number },
    octets: Uint8Array,
  ) => Uint8Array;
  readonly sign?: (digest: string | null, data: Uint8Array, key: NativeKey) => Uint8Array;
  readonly generateKeyPair?: (
    type: 'rsa',
    options: NativeKeyPairOptions,
    done: (error: unknown, publicKey: Uint8Array, privateKey: Uint8Array) => void,
  ) => void;
  readonly verify?: (
    digest: string | null,
    data: Uint8Array,
    key: NativeKey,
    signature: Uint8Array,
  ) => boolean;
  readonly createECDH?: (curve: string) => NativeEcdh;
  readonly generateKeyPairSync?: (
    type: 'x25519' | 'x448',
    options: { readonly publicKeyEncoding: { readonly format: 'jwk' } },
  ) => NativeKeyPair;
  readonly diffieHellman?: (keys: {
    readonly privateKey: NativeKey;
    readonly publicKey: NativeKey;
  }) => Uint8Array;
  readonly createHmac?: (digest: string, key: Uint8Array) => NativeHash;
  readonly pbkdf2?: (
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    length: number,
    digest: string,
    done: (error: unknown, derived: Uint8Array) => void,
  ) => void;
  readonly createCipheriv?: (
    name: string,
    key: Uint8Array,
    iv: Uint8Array,
    options?: NativeCipherOptions,
  ) => NativeCipher;
  readonly createDecipheriv?: (
    name: string,
    key: Uint8Array,
    iv: Uint8Array,
    options?: NativeCipherOptions,
  ) => NativeCipher;
  readonly publicEncrypt?: (options: NativeRsaKey | NativeOaepKey, octets: Uint8Array) => Uint8Array;
  readonly privateDecrypt?: (
    options: { readonly key: NativeKey; readonly padding: number },
    octets: Uint8Array,
  ) => Uint8Array;
}

interface RuntimeProcess {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

let found: NativeCrypto | undefined;
let looked = false;

/**
 * The runtime's `node:crypto`, `undefined` where there is none. Having it says
 * nothing about what it does right: see `trusted` in `known-answers.ts`.
 */
export function nativeCrypto(): NativeCrypto | undefined {
  if (!looked) {
    looked = true;
    try {
      const module = (globalThis as RuntimeProcess).process?.getBuiltinModule?.('node:crypto');
      if (typeof module === 'object' && module !== null) found = module as NativeCrypto;
    } catch {
      // Some runtimes have getBuiltinModule as a stub that throws: then nothing is there.
    }
  }
  return found;
}
