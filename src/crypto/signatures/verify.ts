import { asBytes } from '../../core/bytes.js';
import type { Engine } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { assertGiven } from '../given.js';
import type { PublicKey } from '../keys/public-key.js';
import { verifyDsa } from './dsa.js';
import { verifyEcdsa } from './ecdsa.js';
import { verifyEdwards } from './eddsa.js';
import { verifyRsaPkcs1, verifyRsaPss } from './rsa.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** What {@link verifySignature} takes. */
export interface VerifySignatureOptions {
  /** How the signature was made, as {@link parseSignatureAlgorithm} reads it. */
  readonly algorithm: SignatureAlgorithm;
  /** The signer's key, as {@link parsePublicKey} reads it. Give the same object again: its native form is kept with it. */
  readonly publicKey: PublicKey;
  /** The signature's octets: for DSA and ECDSA the DER of the two numbers. */
  readonly signature: Uint8Array;
  /** The octets that were signed, not their digest. */
  readonly data: Uint8Array;
  /** Default `auto`. */
  readonly engine?: Engine;
}

/**
 * Checks a signature.
 *
 * The answer is `false`, never an error, for whatever is wrong with a
 * signature or key: wrong length, malformed DER, numbers out of range, a point
 * that is not on its curve, an Edwards key of small order, a key of another
 * kind than the algorithm wants or restricted to something else, a DSA key
 * without parameters. Every engine gives the same answer.
 *
 * @throws MailsealError `crypto-unsupported` for a digest that the scheme is
 * not defined with, `crypto-engine-unavailable` when `engine` is `native` and
 * the runtime cannot or fails its known-answer test, `usage` for arguments of
 * the wrong kind.
 * @example
 * ```ts
 * import { parsePublicKey, verifySignature } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * const publicKey = parsePublicKey(
 *   decodeHex('302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
 * );
 * const signature = decodeHex(
 *   'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
 *     '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
 * );
 * const valid = await verifySignature({
 *   algorithm: { name: 'ed25519' },
 *   publicKey,
 *   signature,
 *   data: new Uint8Array(0),
 * });
 * console.log(valid); // true
 * ```
 */
export async function verifySignature(options: VerifySignatureOptions): Promise<boolean> {
  return signatureFits(options);
}

/**
 * As {@link verifySignature}, with the answer at once where no other thread is
 * asked: a path of certificates then waits for nothing.
 *
 * @internal
 */
export function signatureFits(options: VerifySignatureOptions): boolean | Promise<boolean> {
  assertGiven(options, 'the options');
  const { algorithm, publicKey: key, engine } = options;
  assertGiven(algorithm, 'the algorithm');
  assertGiven(key, 'the public key');
  const signature = asBytes(options.signature);
  const data = asBytes(options.data);
  switch (algorithm.name) {
    case 'rsa-pkcs1':
      return key.kind === 'rsa' && verifyRsaPkcs1(key, algorithm.digest, signature, data, engine);
    case 'rsa-pss':
      return key.kind === 'rsa' && verifyRsaPss(key, algorithm, signature, data, engine);
    case 'ecdsa':
      return key.kind === 'ec' && verifyEcdsa(key, algorithm.digest, signature, data, engine);
    case 'dsa':
      return key.kind === 'dsa' && verifyDsa(key, algorithm.digest, signature, data, engine);
    case 'ed25519':
    case 'ed448':
      return key.kind === algorithm.name && verifyEdwards(algorithm.name, key, signature, data, engine);
    default:
      throw usage('the algorithm is none that parseSignatureAlgorithm gives');
  }
}
