import type { DigestName } from '../digests/digest.js';
import { webSubtle } from './native-web.js';

/** An imported key of WebCrypto; it is passed around and never looked into. */
export interface WebCryptoKey {
  readonly type: string;
}

/** The digests that WebCrypto signs with, by our names (W3C Web Cryptography §20.4, §23.4). */
export const webHashes: Readonly<Partial<Record<DigestName, string>>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/** The names and parameters that WebCrypto's ECDSA and Ed25519 take. */
export interface WebCryptoAlgorithm {
  readonly name: 'ECDSA' | 'Ed25519';
  readonly namedCurve?: string;
  readonly hash?: string;
}

/** The names and parameters that WebCrypto's signing takes. */
export interface WebSigningAlgorithm {
  readonly name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS' | 'ECDSA' | 'Ed25519';
  readonly namedCurve?: string;
  readonly hash?: string;
  readonly saltLength?: number;
}

/** The names and parameters with which WebCrypto makes an RSA key. */
export interface WebKeyAlgorithm {
  readonly name: 'RSASSA-PKCS1-v1_5';
  readonly hash: string;
  readonly modulusLength: number;
  readonly publicExponent: Uint8Array;
}

/** The part of WebCrypto's `SubtleCrypto` that is used here. */
export interface WebCrypto {
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: WebCryptoAlgorithm,
    extractable: boolean,
    usages: readonly ['verify'],
  ): Promise<WebCryptoKey>;
  importKey(
    format: 'pkcs8',
    key: Uint8Array,
    algorithm: WebSigningAlgorithm,
    extractable: boolean,
    usages: readonly ['sign'],
  ): Promise<WebCryptoKey>;
  sign(algorithm: WebSigningAlgorithm, key: WebCryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  generateKey(
    algorithm: WebKeyAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<{ readonly privateKey: WebCryptoKey }>;
  exportKey(format: 'pkcs8', key: WebCryptoKey): Promise<ArrayBuffer>;
  verify(
    algorithm: WebCryptoAlgorithm,
    key: WebCryptoKey,
    signature: Uint8Array,
    data: Uint8Array,
  ): Promise<boolean>;
}

/** The runtime's WebCrypto; `undefined` where there is none, as on pages without TLS. */
export function webCrypto(): WebCrypto | undefined {
  return webSubtle();
}
