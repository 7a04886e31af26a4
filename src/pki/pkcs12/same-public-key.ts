import { equalBytes } from '../../core/bytes.js';
import { isSamePoint } from '../../crypto/keys/private-key-info.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';

/** Whether the key of a certificate, in whatever form, is the public half of a private key. */
export function belongsTo(certified: PublicKey, own: PublicKey): boolean {
  switch (own.kind) {
    case 'rsa':
      return (
        certified.kind === 'rsa' &&
        equalBytes(certified.modulus, own.modulus) &&
        equalBytes(certified.exponent, own.exponent)
      );
    case 'ec':
      return (
        certified.kind === 'ec' && certified.curve === own.curve && isSamePoint(certified.point, own.point)
      );
    case 'dsa':
      return certified.kind === 'dsa' && equalBytes(certified.y, own.y);
    default:
      return certified.kind === own.kind && equalBytes(certified.key, own.key);
  }
}
