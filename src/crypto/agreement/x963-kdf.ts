import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { type DigestName, digest, digestLength } from '../digests/digest.js';
import { assertGiven } from '../given.js';

/** What {@link x963Kdf} takes beside the secret. */
export interface X963KdfOptions extends EngineOptions {
  readonly digest: DigestName;
  /** What the key is for, the SharedInfo. Default nothing. */
  readonly info?: Uint8Array;
  /** How many octets are wanted, 1 to 1,048,576. */
  readonly length: number;
}

/** Far more than any key has. */
const mostOctets = 1_048_576;

/**
 * The key derivation of ANSI X9.63 (SEC 1 §3.6.1): what CMS makes of a shared secret (RFC 5753 §7.1.4).
 *
 * @throws MailsealError `usage` for an unknown digest and for a length that is not given,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not.
 * @example
 * ```ts
 * import { digest, x963Kdf } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const secret = new Uint8Array(32).fill(7);
 * const key = await x963Kdf(secret, { digest: 'sha256', length: 32 });
 * // The first block is the digest of the secret and a counter of four octets.
 * console.log(encodeHex(key) === encodeHex(digest('sha256', new Uint8Array([...secret, 0, 0, 0, 1])))); // true
 * ```
 */
export async function x963Kdf(secret: Uint8Array, options: X963KdfOptions): Promise<Bytes> {
  assertGiven(options, 'the options');
  return x963KdfOf(asBytes(secret), options);
}

/** {@link x963Kdf} at once, for what is synchronous inside. */
export function x963KdfOf(secret: Bytes, options: X963KdfOptions): Bytes {
  const { digest: name, length, engine } = options;
  const size = digestLength(name);
  if (!Number.isInteger(length) || length < 1 || length > mostOctets) {
    throw usage(`the KDF gives 1 to ${mostOctets} octets, not ${length}`);
  }
  const info = options.info === undefined ? new Uint8Array(0) : asBytes(options.info);
  const input = concatBytes([secret, new Uint8Array(4), info]);
  const counter = new DataView(input.buffer, secret.length, 4);
  const derived = new Uint8Array(Math.ceil(length / size) * size);
  for (let i = 0; i * size < length; i++) {
    counter.setUint32(0, i + 1);
    const block = digest(name, input, engine === undefined ? {} : { engine });
    derived.set(block, i * size);
    block.fill(0);
  }
  input.fill(0);
  const key = derived.slice(0, length);
  derived.fill(0);
  return key;
}
