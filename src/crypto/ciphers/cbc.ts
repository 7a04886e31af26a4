import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { blockRun, type CbcAlgorithm, encryptNatively } from './cbc-blocks.js';

/** A cipher that takes its input in pieces. */
export interface RunningCipher {
  /** Takes the next octets and gives what can be given; the chunk may be reused afterwards. */
  update(chunk: Uint8Array): Bytes;
  /** Gives the rest. Once only, `usage` a second time. */
  finish(): Bytes;
}

/**
 * Starts an encryption in CBC mode with the padding of RFC 5652 §6.3.
 *
 * @param algorithm the cipher, and an initialization vector that nobody could guess before
 * @param key as many octets as the cipher wants
 * @throws MailsealError `usage` for a key or a vector of a wrong length,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has
 * the cipher not.
 * @example
 * ```ts
 * import { createCbcDecryptor, createCbcEncryptor } from 'mailseal/crypto';
 *
 * const algorithm = { name: 'aes256-cbc', iv: crypto.getRandomValues(new Uint8Array(16)) } as const;
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const encryptor = createCbcEncryptor(algorithm, key);
 * const pieces = [encryptor.update(new TextEncoder().encode('秘密')), encryptor.finish()];
 *
 * const decryptor = createCbcDecryptor(algorithm, key);
 * let text = '';
 * for (const piece of pieces) text += new TextDecoder().decode(decryptor.update(piece));
 * text += new TextDecoder().decode(decryptor.finish());
 * console.log(text); // 秘密
 * ```
 */
export function createCbcEncryptor(
  algorithm: CbcAlgorithm,
  key: Uint8Array,
  options: EngineOptions = {},
): RunningCipher {
  const run = blockRun(algorithm, asBytes(key), true, options.engine);
  const blockLength = algorithm.iv.length;
  const held = new HeldBlocks(blockLength, 0);
  return {
    update: (chunk) => {
      const octets = asBytes(chunk);
      const blocks = held.take(octets);
      const encrypted = run(blocks);
      if (blocks.buffer !== octets.buffer) blocks.fill(0);
      return encrypted;
    },
    finish() {
      const rest = held.finish();
      const last = new Uint8Array(blockLength).fill(blockLength - rest.length);
      last.set(rest);
      const encrypted = run(last);
      rest.fill(0);
      last.fill(0);
      run.wipe();
      return encrypted;
    },
  };
}

/**
 * Starts a decryption in CBC mode. The last block is held back until `finish`,
 * which takes the padding of RFC 5652 §6.3 off. CBC protects nothing against
 * change: what comes out has to be checked by other means before it is used.
 *
 * @throws MailsealError as {@link createCbcEncryptor}; from `finish`
 * `crypto-decryption-failed` where the padding is wrong or the input is not of
 * whole blocks: one code, so that nobody learns which.
 * @example
 * ```ts
 * import { createCbcDecryptor } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 *
 * // RFC 3602 §4, case 1, with padding added.
 * const algorithm = { name: 'aes128-cbc', iv: decodeHex('3dafba429d9eb430b422da802c9fac41') } as const;
 * const decryptor = createCbcDecryptor(algorithm, decodeHex('06a9214036b8a15b512e03d534120006'));
 * const first = decryptor.update(decodeHex('e353779c1079aeb82708942dbe77181a' + '00'.repeat(16)));
 * console.log(new TextDecoder().decode(first)); // Single block msg
 * ```
 */
export function createCbcDecryptor(
  algorithm: CbcAlgorithm,
  key: Uint8Array,
  options: EngineOptions = {},
): RunningCipher {
  const run = blockRun(algorithm, asBytes(key), false, options.engine);
  const blockLength = algorithm.iv.length;
  const held = new HeldBlocks(blockLength, 1);
  return {
    update: (chunk) => run(held.take(asBytes(chunk))),
    finish() {
      const last = held.finish();
      try {
        if (last.length !== blockLength) throw decryptionFailed();
        const block = run(last);
        const pad = paddingLength(block);
        if (pad !== 0) return block.subarray(0, blockLength - pad);
        block.fill(0);
        throw decryptionFailed();
      } finally {
        run.wipe();
      }
    },
  };
}

/** {@link createCbcEncryptor} for octets in one piece. */
export function encryptCbc(
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  options: EngineOptions = {},
): Bytes {
  return concatBytes(encryptCbcPieces(algorithm, key, octets, options));
}

/** {@link encryptCbc} for who joins the pieces with others. */
export function encryptCbcPieces(
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  options: EngineOptions = {},
): Uint8Array[] {
  const natively = encryptNatively(algorithm, key, octets, options.engine);
  if (natively !== undefined) return natively;
  const cipher = createCbcEncryptor(algorithm, key, options);
  return [cipher.update(octets), cipher.finish()];
}

/** {@link createCbcDecryptor} for octets in one piece; throws as its `finish` does. */
export function decryptCbc(
  algorithm: CbcAlgorithm,
  key: Bytes,
  octets: Bytes,
  options: EngineOptions = {},
): Bytes {
  const run = blockRun(algorithm, key, false, options.engine);
  const blockLength = algorithm.iv.length;
  try {
    if (octets.length === 0 || octets.length % blockLength !== 0) throw decryptionFailed();
    const whole = run(octets);
    const end = octets.length - paddingLength(whole.subarray(-blockLength));
    if (end < octets.length) return whole.subarray(0, end);
    whole.fill(0);
    throw decryptionFailed();
  } finally {
    run.wipe();
  }
}

/** The refusal of everything that cannot be decrypted. */
export function decryptionFailed(): MailsealError {
  return new MailsealError(
    'crypto-decryption-failed',
    'it cannot be decrypted: the key is wrong or it was changed',
  );
}

/** Octets of the padding, 0 where it is none; every block takes the same steps, so that time tells nothing. */
function paddingLength(block: Bytes): number {
  const { length } = block;
  const pad = block[length - 1]!;
  // Each term is 1 or 0 by the sign of a difference.
  let wrong = ((pad - 1) >>> 31) | ((length - pad) >>> 31);
  for (let i = 1; i <= length; i++) {
    const inside = ((i - 1 - pad) >>> 31) & 1;
    // A difference and no minus sign: −0 is no small integer to a JavaScript engine, and takes longer.
    const differs = (0 - (block[length - i]! ^ pad)) >>> 31;
    wrong |= inside & differs;
  }
  return pad & (wrong - 1);
}

const nothing: Bytes = /* @__PURE__ */ new Uint8Array(0);

/** Holds octets back until they fill blocks, and always the last `keep` blocks. */
class HeldBlocks {
  private readonly blockLength: number;
  private readonly keep: number;
  private rest: Bytes | undefined = nothing;

  constructor(blockLength: number, keep: number) {
    this.blockLength = blockLength;
    this.keep = keep;
  }

  take(chunk: Bytes): Bytes {
    const rest = this.running();
    const total = rest.length + chunk.length;
    const blocks = Math.floor(total / this.blockLength);
    // Of whole blocks, one is kept back by a decryptor: it may be the last.
    const free = this.keep === 0 ? blocks : Math.ceil(total / this.blockLength) - this.keep;
    const given = Math.max(0, free) * this.blockLength;
    if (given === 0) {
      this.rest = concatBytes([rest, chunk]);
      rest.fill(0);
      return new Uint8Array(0);
    }
    const fromChunk = given - rest.length;
    this.rest = chunk.slice(fromChunk);
    if (rest.length === 0) return chunk.subarray(0, fromChunk);
    const joined = concatBytes([rest, chunk.subarray(0, fromChunk)]);
    rest.fill(0);
    return joined;
  }

  finish(): Bytes {
    const rest = this.running();
    this.rest = undefined;
    return rest;
  }

  private running(): Bytes {
    if (this.rest === undefined) throw usage('this cipher is finished; start another');
    return this.rest;
  }
}
