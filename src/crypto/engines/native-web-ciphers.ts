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

/** The runtime's WebCrypto; `undefined` where there is none, as on pages without TLS. */
export function webCiphers(): WebCiphers | undefined {
  return (globalThis as unknown as { readonly crypto?: { readonly subtle?: WebCiphers } }).crypto?.subtle;
}

const outcomes = /* @__PURE__ */ new Map<string, Promise<boolean>>();

/**
 * WebCrypto if it may do this piece of work: `knownAnswer` is asked once per
 * process and `id`, and what answers wrongly or throws is not asked again.
 */
export async function trustedWebCiphers(
  id: string,
  knownAnswer: (subtle: WebCiphers) => Promise<boolean>,
): Promise<WebCiphers | undefined> {
  const subtle = webCiphers();
  if (subtle === undefined) return undefined;
  let outcome = outcomes.get(id);
  if (outcome === undefined) {
    outcome = passes(subtle, knownAnswer);
    outcomes.set(id, outcome);
  }
  return (await outcome) ? subtle : undefined;
}

async function passes(
  subtle: WebCiphers,
  knownAnswer: (subtle: WebCiphers) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await knownAnswer(subtle);
  } catch {
    return false;
  }
}
