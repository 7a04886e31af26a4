import type { PrivateKey } from '../keys/private-key.js';
import { rsaPrivateKeyDer } from '../keys/secret-der.js';
import { keptForm } from '../keys/wiped-keys.js';
import type { NativeCrypto, NativeKey } from './native-crypto.js';

/**
 * The key as `node:crypto` holds it, imported once. Throws what the runtime
 * throws for a key that it refuses, and `usage` for one that was wiped.
 */
export function nativePrivateKey(native: NativeCrypto, key: PrivateKey): NativeKey {
  return keptForm(key, 'node:crypto', () => {
    if (key.kind !== 'rsa') {
      return native.createPrivateKey!({ key: key.pkcs8, format: 'der', type: 'pkcs8' });
    }
    // As PKCS#1 it has no restriction to PSS, under which OpenSSL would refuse the bare operation.
    const octets = rsaPrivateKeyDer(key.publicKey, key);
    try {
      return native.createPrivateKey!({ key: octets, format: 'der', type: 'pkcs1' });
    } finally {
      octets.fill(0);
    }
  });
}
