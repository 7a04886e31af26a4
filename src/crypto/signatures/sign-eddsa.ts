import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { decodeHex } from '../../encoding/hex.js';
import { engineUnavailable, trustedNative } from '../engines/engine-choice.js';
import { ed448Vector, ed25519Vector } from '../engines/known-answer-vectors.js';
import { nativePrivateKey } from '../engines/native-private-keys.js';
import { type EdwardsPrivateKey, edwardsPrivateKey } from '../keys/private-key.js';
import { assertNotWiped } from '../keys/wiped-keys.js';
import { verifyEdwards } from './eddsa.js';
import { webSignature } from './web-sign.js';

type Scheme = 'ed25519' | 'ed448';

/**
 * Ed25519 or Ed448, pure, no context (RFC 8032 §5.1.6, §5.2.6): the same
 * octets from every engine. What native code makes is given out only when it
 * verifies: a signature with a fault in it, beside the right one over the same
 * data, gives the key away, since the nonce is the same.
 */
export async function signEdwards(
  scheme: Scheme,
  key: EdwardsPrivateKey,
  data: Bytes,
  engine: Engine | undefined,
): Promise<Bytes> {
  const vector = scheme === 'ed25519' ? ed25519Vector : ed448Vector;
  const isRight = (signature: Uint8Array): boolean => equalBytes(signature, decodeHex(vector.signature));
  const knownKey = (): EdwardsPrivateKey => edwardsPrivateKey(scheme, decodeHex(vector.seed));
  const id = `${scheme} signing`;
  // Where only WebCrypto signs natively, there may be no native check.
  const judge = engine === 'native' ? 'auto' : engine;
  const verifies = (signature: Bytes): Promise<boolean> =>
    verifyEdwards(scheme, key.publicKey, signature, data, judge);
  const native = trustedNative(engine, id, (module) =>
    isRight(module.sign!(null, decodeHex(vector.message), nativePrivateKey(module, knownKey()))),
  );
  if (native !== undefined) {
    try {
      const signature = asBytes(native.sign!(null, data, nativePrivateKey(native, key)));
      if (await verifies(signature)) return signature;
    } catch {
      // Every seed is a key: what refuses one is not to be relied on.
    }
  }
  if (scheme === 'ed25519') {
    const algorithm = { name: 'Ed25519' } as const;
    const signature = await webSignature(
      engine,
      id,
      algorithm,
      key,
      () => key.pkcs8,
      data,
      async (sign) => isRight(await sign(knownKey().pkcs8, decodeHex(vector.message))),
    );
    if (signature !== undefined && (await verifies(signature))) return signature;
  }
  if (engine === 'native') throw engineUnavailable(id, 'untrusted');
  assertNotWiped(key);
  return asBytes((scheme === 'ed25519' ? ed25519 : ed448).sign(data, key.seed));
}
