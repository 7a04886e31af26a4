import type { BerNode } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import { derOid, derSequence } from '../../asn1/writer.js';
import { type Bytes, bytesFromLatin1 } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { hkdfOf } from '../../crypto/agreement/hkdf.js';
import { boundKeyOid } from './encrypted-content.js';

/**
 * The key that the content is encrypted with where it is bound to the cipher
 * (RFC 9709 §3): whoever has a recipient use the key with another cipher, or
 * in another mode, makes him use another key.
 *
 * @param key what the recipients hold, which stays as it is
 * @param algorithm the DER of the cipher's AlgorithmIdentifier, or an element that is one
 */
export function boundContentKey(key: Bytes, algorithm: Bytes | BerNode, { engine }: EngineOptions): Bytes {
  return hkdfOf(key, {
    digest: 'sha256',
    salt: bytesFromLatin1('The Cryptographic Message Syntax'),
    info: algorithm instanceof Uint8Array ? algorithm : toDer(algorithm),
    length: key.length,
    ...(engine === undefined ? {} : { engine }),
  });
}

/** The DER of the AlgorithmIdentifier that binds the key to a cipher (RFC 9709 §2). */
export function encodeBoundCipher(algorithm: Bytes): Bytes {
  return derSequence(derOid(boundKeyOid), algorithm);
}
