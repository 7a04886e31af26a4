import { usage } from '../../core/errors.js';
import { hasUsablePoint } from '../../crypto/keys/check-public-key.js';
import { type PublicKey, parsePublicKey } from '../../crypto/keys/public-key.js';
import { encodePublicKey } from '../../crypto/keys/public-key-info.js';

/**
 * The key that a certificate shall be for, as its readers will see it.
 *
 * RFC 8550 §4.3: no new certificates for RSA keys of less than 2,048 bits; nor
 * for DSA, which RFC 8551 has given up. RFC 5280 §4.1.2.7 leaves it to the
 * authority that a point is one of its curve.
 *
 * @throws MailsealError `usage`
 */
export function certifiedKey(given: PublicKey): PublicKey {
  if (typeof given !== 'object' || given === null || 'pkcs8' in given) {
    throw usage('publicKey is a public key or a request; of a private key it is the member publicKey');
  }
  const key = readBack(given);
  if (key.kind === 'dsa' || (key.kind === 'rsa' && key.bits < 2048)) {
    throw usage('new certificates are not for DSA keys, nor for RSA keys of less than 2048 bits');
  }
  if (!hasUsablePoint(key)) {
    throw usage(`the ${key.kind} key is no point of its curve, or one of small order`);
  }
  return key;
}

/** An object that says it is a key is believed what its encoding says. */
function readBack(given: PublicKey): PublicKey {
  try {
    return parsePublicKey(encodePublicKey(given));
  } catch (cause) {
    throw usage(`publicKey is no key: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
