import { derInteger, derSequence } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import type { PrivateKey, RsaPrivateKey } from '../keys/private-key.js';
import type { NativeCrypto, NativeKey } from './native-crypto.js';

const importedKeys = /* @__PURE__ */ new WeakMap<PrivateKey, NativeKey>();

/** The key as `node:crypto` holds it, imported once. Throws what the runtime throws for a key that it refuses. */
export function nativePrivateKey(native: NativeCrypto, key: PrivateKey): NativeKey {
  let imported = importedKeys.get(key);
  if (imported === undefined) {
    if (key.kind === 'rsa') {
      // As PKCS#1 it has no restriction to PSS, under which OpenSSL would refuse the bare operation.
      const octets = rsaPrivateKeyDer(key);
      imported = native.createPrivateKey!({ key: octets, format: 'der', type: 'pkcs1' });
      octets.fill(0);
    } else imported = native.createPrivateKey!({ key: key.pkcs8, format: 'der', type: 'pkcs8' });
    importedKeys.set(key, imported);
  }
  return imported;
}

/** RSAPrivateKey (RFC 8017 §A.1.2). The caller wipes it. */
export function rsaPrivateKeyDer({ publicKey, d, p, q, dp, dq, qInv }: RsaPrivateKey): Bytes {
  const numbers = [publicKey.modulus, publicKey.exponent, d, p, q, dp, dq, qInv];
  return derSequence(derInteger(0), ...numbers.map((number) => derInteger(number)));
}
