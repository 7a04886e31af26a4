import { ed448, x448 } from '@noble/curves/ed448.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { pointsOf } from './curves.js';
import type { PublicKey } from './public-key.js';

/**
 * Whether the point of a key is one with which signatures or agreements mean
 * something: on its curve (SEC 1 §3.2.2), and in a group of large order, so
 * that not everybody knows what is agreed (RFC 7748 §6) or can sign (RFC 8032
 * §8.4 leaves such keys to protocols). Keys without points are not looked at.
 */
export function hasUsablePoint(key: PublicKey): boolean {
  try {
    switch (key.kind) {
      case 'ec':
        pointsOf(key.curve).fromBytes(key.point).assertValidity();
        return true;
      case 'ed25519':
        return !ed25519.Point.fromBytes(key.key, false).isSmallOrder();
      case 'ed448':
        return !ed448.Point.fromBytes(key.key, false).isSmallOrder();
      case 'x25519':
      case 'x448': {
        // RFC 7748 §6: points of small order agree on zero with everybody, and the arithmetic throws.
        const scheme = key.kind === 'x25519' ? x25519 : x448;
        scheme.getSharedSecret(new Uint8Array(key.key.length).fill(0x4d), key.key);
        return true;
      }
      default:
        return true;
    }
  } catch {
    return false;
  }
}
