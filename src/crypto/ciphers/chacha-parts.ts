import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20 } from '@noble/ciphers/chacha.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { type AeadParts, aeadPartsOf, Keystream } from './aead-parts.js';

/** Octets of a block of ChaCha20's keystream (RFC 8439 §2.3). */
const blockLength = 64;

/** ChaCha20-Poly1305 (RFC 8439 §2.8) of noble's two parts, for octets that come in pieces. */
export function chachaParts(key: Bytes, nonce: Bytes, aad: Bytes): AeadParts {
  // RFC 8439 §2.6: the key of the tag is the start of block 0; the octets begin with block 1.
  const macKey = asBytes(chacha20(key, nonce, new Uint8Array(32)));
  const mac = poly1305.create(macKey);
  const stream = new Keystream(blockLength, (octets, block) =>
    chacha20(key, nonce, octets, undefined, block + 1),
  );
  return aeadPartsOf({
    stream,
    hash: mac,
    aad,
    tag(ciphertextLength) {
      const lengths = new DataView(new ArrayBuffer(16));
      lengths.setBigUint64(0, BigInt(aad.length), true);
      lengths.setBigUint64(8, BigInt(ciphertextLength), true);
      return asBytes(mac.update(new Uint8Array(lengths.buffer)).digest());
    },
    wipe: () => void macKey.fill(0),
  });
}
