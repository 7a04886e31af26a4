/** An imported key of WebCrypto; it is passed around and never looked into. */
export interface WebCryptoKey {
  readonly type: string;
}

/** The names and parameters that WebCrypto's ECDSA and Ed25519 take. */
export interface WebCryptoAlgorithm {
  readonly name: 'ECDSA' | 'Ed25519';
  readonly namedCurve?: string;
  readonly hash?: string;
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
  verify(
    algorithm: WebCryptoAlgorithm,
    key: WebCryptoKey,
    signature: Uint8Array,
    data: Uint8Array,
  ): Promise<boolean>;
}

/** The runtime's WebCrypto; `undefined` where there is none, as on pages without TLS. */
export function webCrypto(): WebCrypto | undefined {
  return (globalThis as unknown as { readonly crypto?: { readonly subtle?: WebCrypto } }).crypto?.subtle;
}
