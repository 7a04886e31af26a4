/** A key of WebCrypto; it is passed around and never looked into. */
export interface WebSecretKey {
  readonly type: string;
}

/** The names and parameters of the agreements in W3C Web Cryptography and its Secure Curves. */
export type WebAgreementAlgorithm =
  | { readonly name: 'ECDH'; readonly namedCurve: string }
  | { readonly name: 'X25519' }
  | { readonly name: 'X448' };

/** A key that is wrapped passes for one of HMAC, which may have any length. */
interface WebAnyKey {
  readonly name: 'HMAC';
  readonly hash: 'SHA-256';
}

/** The part of WebCrypto's `SubtleCrypto` that agrees on secrets and wraps keys. */
export interface WebAgreement {
  importKey(
    format: 'raw' | 'pkcs8',
    key: Uint8Array,
    algorithm: WebAgreementAlgorithm | WebAnyKey | 'AES-KW',
    extractable: boolean,
    usages: readonly ('deriveBits' | 'sign' | 'wrapKey' | 'unwrapKey')[],
  ): Promise<WebSecretKey>;
  deriveBits(
    algorithm: { readonly name: WebAgreementAlgorithm['name']; readonly public: WebSecretKey },
    key: WebSecretKey,
    bits: number,
  ): Promise<ArrayBuffer>;
  wrapKey(format: 'raw', key: WebSecretKey, kek: WebSecretKey, algorithm: 'AES-KW'): Promise<ArrayBuffer>;
  unwrapKey(
    format: 'raw',
    wrapped: Uint8Array,
    kek: WebSecretKey,
    algorithm: 'AES-KW',
    keyAlgorithm: WebAnyKey,
    extractable: true,
    usages: readonly ['sign'],
  ): Promise<WebSecretKey>;
  exportKey(format: 'raw', key: WebSecretKey): Promise<ArrayBuffer>;
}
