/** A key of WebCrypto; it is passed around and never looked into. */
export interface WebCipherKey {
  readonly type: string;
}

/** The names and parameters of AES-GCM in W3C Web Cryptography. */
export interface WebGcm {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
  /** In bits. */
  readonly tagLength: number;
}

/** The names and parameters of AES-CBC in W3C Web Cryptography. */
export interface WebCbc {
  readonly name: 'AES-CBC';
  readonly iv: Uint8Array;
}

/** The names and parameters of RSA-OAEP in W3C Web Cryptography; MGF1 has the same digest. */
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
