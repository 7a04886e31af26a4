import { equalBytes } from '../../core/bytes.js';
import { hexOf } from '../big-integer.js';
import { isSamePoint } from './private-key-info.js';
import type { PublicKey } from './public-key.js';

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

/** A text that two public keys have in common when they are one by {@link belongsTo}. */
export function textOfPublicKey(key: PublicKey): string {
  switch (key.kind) {
    case 'rsa':
      return `rsa ${hexOf(key.modulus)} ${hexOf(key.exponent)}`;
    case 'ec': {
      // SEC 1 §2.3.3: the compressed form of a point is its x and the parity of its y.
      const { curve, point } = key;
      if (point[0] !== 4) return `${curve} ${hexOf(point)}`;
      const parity = 2 + (point[point.length - 1]! & 1);
      return `${curve} 0${parity}${hexOf(point.subarray(1, (point.length + 1) / 2))}`;
    }
    case 'dsa':
      return `dsa ${hexOf(key.y)}`;
    default:
      return `${key.kind} ${hexOf(key.key)}`;
  }
}
