import { webSubtle } from './native-web.js';

/** A key of WebCrypto; it is passed around and never looked into. */
interface DerivationKey {
  readonly type: string;
}

/** The part of WebCrypto's `SubtleCrypto` that derives keys from passwords. */
export interface WebDerivation {
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: 'PBKDF2',
    extractable: false,
    usages: readonly ['deriveBits'],
  ): Promise<DerivationKey>;
  deriveBits(
    algorithm: {
      readonly name: 'PBKDF2';
      readonly hash: string;
      readonly salt: Uint8Array;
      readonly iterations: number;
    },
    key: DerivationKey,
    bits: number,
  ): Promise<ArrayBuffer>;
}

/** The runtime's WebCrypto; `undefined` where there is none, as on pages without TLS. */
export function webDerivation(): WebDerivation | undefined {
  return webSubtle();
}
