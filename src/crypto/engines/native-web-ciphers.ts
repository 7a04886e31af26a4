import { trustedWeb } from './native-web.js';

/** A key of WebCrypto; it is passed around and never looked into. */
export interface WebCipherKey {
  readonly type: string;
}

/** The names and parameters of AES-GCM (W3C Web Cryptography §29.3). */
export interface WebGcm {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
  /** In bits. */
  readonly tagLength: number;
}

/** The names and parameters of AES-CBC (W3C Web Cryptography §27.3). */
export interface WebCbc {
  readonly name: 'AES-CBC';
  readonly iv: Uint8Array;
}

/** The names and parameters of RSA-OAEP (W3C Web Cryptography §22.3); MGF1 has the same digest. */
export interface WebOaep {
  readonly name: 'RSA-OAEP';
  readonly label?: Uint8Array;
}

/** The part of WebCrypto's `SubtleCrypto` that encrypts and decrypts. */
export interface WebCiphers {
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: 'AES-CBC' | 'AES-GCM',
    extractable: false,
    usages: readonly ['encrypt'] | readonly ['decrypt'],
  ): Promise<WebCipherKey>;
  importKey(
    format: 'spki' | 'pkcs8',
    key: Uint8Array,
    algorithm: { readonly name: 'RSA-OAEP'; readonly hash: string },
    extractable: false,
    usages: readonly ['encrypt'] | readonly ['decrypt'],
  ): Promise<WebCipherKey>;
  encrypt(algorithm: WebCbc | WebGcm | WebOaep, key: WebCipherKey, octets: Uint8Array): Promise<ArrayBuffer>;
  decrypt(algorithm: WebCbc | WebGcm | WebOaep, key: WebCipherKey, octets: Uint8Array): Promise<ArrayBuffer>;
}

/** WebCrypto if it may do this piece of work: see {@link trustedWeb}. */
export function trustedWebCiphers(
  id: string,
  knownAnswer: (subtle: WebCiphers) => Promise<boolean>,
): Promise<WebCiphers | undefined> {
  return trustedWeb(id, knownAnswer);
}
