import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { copyCanonical, isCanonical } from '../../encoding/line-ends.js';
import { createDigest, type Digest, type DigestName, digest } from './digest.js';

const CR = 0x0d;

/** Octets that are looked at, and then hashed while the processor still has them at hand. */
const windowLength = 0x8000;

/**
 * Where what is not canonical is written in its canonical form to be hashed,
 * made when it is first needed: each digest with memory of its own would spend
 * a third of its time on it at 64 KB. It holds nothing between calls.
 */
let scratch: Bytes | undefined;

/**
 * The octets from one offset to another in their canonical form: a view of them
 * where that is what they are, else of the scratch memory.
 *
 * @param afterCr whether a CR stands before them
 */
function canonicalOctets(input: Bytes, from: number, end: number, afterCr: boolean): Bytes {
  if (isCanonical(input, from, end, afterCr)) return input.subarray(from, end);
  scratch ??= new Uint8Array(2 * windowLength);
  return scratch.subarray(0, copyCanonical(input, from, end, afterCr, scratch));
}

/** How many octets of the scratch memory such a view shows. */
function writtenBy(canonical: Bytes): number {
  return canonical.buffer === scratch?.buffer ? canonical.length : 0;
}

/**
 * The digest of text in its canonical form (RFC 8551 §3.1.1), as
 * `digest(name, canonicalLineEnds(octets))` gives it, without a copy of the
 * text: what is canonical already is hashed where it stands, and the rest by
 * way of a small buffer.
 *
 * @param name which digest, see {@link DigestName}
 * @param octets text with line ends of any kind
 * @param options `engine`: default `auto`
 * @returns the digest, 16 to 64 octets by its name
 * @throws MailsealError `usage` for an unknown name,
 * `crypto-engine-unavailable` when `engine` is `native` and the runtime has it not.
 * @example
 * ```ts
 * import { canonicalDigest, digest } from 'mailseal/crypto';
 * import { encodeHex } from 'mailseal/encoding';
 *
 * const encoder = new TextEncoder();
 * const ofStored = canonicalDigest('sha256', encoder.encode('one line\n'));
 * const ofSigned = digest('sha256', encoder.encode('one line\r\n'));
 * console.log(encodeHex(ofStored) === encodeHex(ofSigned)); // true
 * ```
 */
export function canonicalDigest(name: DigestName, octets: Uint8Array, options: EngineOptions = {}): Bytes {
  const input = asBytes(octets);
  if (input.length <= windowLength) return shortCanonicalDigest(name, input, options);
  return createCanonicalDigest([name], options).update(input).finish().get(name)!;
}

/** Of a text that is in one piece after all. */
function shortCanonicalDigest(name: DigestName, input: Bytes, options: EngineOptions): Bytes {
  const canonical = canonicalOctets(input, 0, input.length, false);
  try {
    return digest(name, canonical, options);
  } finally {
    scratch?.fill(0, 0, writtenBy(canonical));
  }
}

/** Digests of one text in its canonical form, which comes in pieces. */
export interface CanonicalDigest {
  /** Takes the next octets; the chunk may be reused afterwards. `usage` after `finish`. */
  update(chunk: Uint8Array): this;
  /** Gives the digest of everything taken for each name. Once only, `usage` a second time. */
  finish(): ReadonlyMap<DigestName, Bytes>;
}

/**
 * Starts digests of text in its canonical form, any number of them in one pass:
 * who verifies a message that is still arriving knows by `micalg` which are
 * likely, and only by the signature at its end which are wanted. Any split of
 * the text gives what {@link canonicalDigest} gives.
 *
 * @param names which digests; naming one twice is the same as naming it once
 * @throws MailsealError as {@link canonicalDigest} does.
 * @example
 * ```ts
 * import { createCanonicalDigest } from 'mailseal/crypto';
 *
 * const running = createCanonicalDigest(['sha1', 'sha256']);
 * running.update(new TextEncoder().encode('one\r')).update(new TextEncoder().encode('\ntwo\n'));
 * const digests = running.finish();
 * console.log(digests.get('sha1')?.length, digests.get('sha256')?.length); // 20 32
 * ```
 */
export function createCanonicalDigest(
  names: readonly DigestName[],
  options: EngineOptions = {},
): CanonicalDigest {
  if (!Array.isArray(names)) {
    throw usage("the names of digests are wanted as an array, as in ['sha256']");
  }
  return new RunningCanonicalDigest([...new Set(names)].map((name) => createDigest(name, options)));
}

class RunningCanonicalDigest implements CanonicalDigest {
  private digests: readonly Digest[] | undefined;
  private afterCr = false;

  constructor(digests: readonly Digest[]) {
    this.digests = digests;
  }

  update(chunk: Uint8Array): this {
    const digests = this.running();
    const input = asBytes(chunk);
    let written = 0;
    try {
      for (let at = 0; at < input.length; at += windowLength) {
        const end = Math.min(input.length, at + windowLength);
        const canonical = canonicalOctets(input, at, end, this.afterCr);
        written = Math.max(written, writtenBy(canonical));
        for (const digest of digests) digest.update(canonical);
        this.afterCr = input[end - 1] === CR;
      }
    } finally {
      scratch?.fill(0, 0, written);
    }
    return this;
  }

  finish(): ReadonlyMap<DigestName, Bytes> {
    const digests = this.running();
    this.digests = undefined;
    return new Map(digests.map((digest) => [digest.name, digest.finish()]));
  }

  private running(): readonly Digest[] {
    if (this.digests === undefined) {
      throw usage('these digests are finished; start others with createCanonicalDigest');
    }
    return this.digests;
  }
}
