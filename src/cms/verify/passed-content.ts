import { Tag } from '../../asn1/reader.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { usage } from '../../core/errors.js';
import { createDigest, type Digest, type DigestName } from '../../crypto/digests/digest.js';

/** Content that went by in pieces: what {@link ContentDigester} kept of it. It stands for the octets where `verifySignedData` wants them. */
export interface PassedContent {
  /** How many octets went by. */
  readonly length: number;
  /** The digests that were made of them. */
  readonly digests: ReadonlyMap<DigestName, Bytes>;
  /** The octets themselves, where they were few enough to be kept. */
  readonly octets: Bytes | undefined;
  /** Whether they begin as signed attributes do, which is how content is passed off that was cut from another signature. */
  readonly mayBeAttributes: boolean;
}

/** What {@link ContentDigester} takes. */
export interface ContentDigesterOptions extends EngineOptions {
  /**
   * Which digests to make. Those that the head of the SignedData announces, or `micalg`: hints only. A signer whose
   * digest was not made gets the answer `needs-second-pass`. Default: `sha256`, `sha1`, `sha384` and `sha512`.
   */
  readonly digests?: readonly DigestName[];
  /** The most octets that are kept for signatures that are over the content itself (Ed25519, Ed448); default 1 MiB. */
  readonly keep?: number;
}

const usualDigests: readonly DigestName[] = ['sha256', 'sha1', 'sha384', 'sha512'];

/**
 * Takes the content of a signature in pieces and keeps what a signature is verified with: digests, and few octets as
 * they are.
 *
 * @throws MailsealError `usage` for a digest that is not known, or after `finish`; `crypto-engine-unavailable`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { ContentDigester, parseSignedData, verifySignedData } from 'mailseal/cms';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const digester = new ContentDigester({ digests: ['sha256'] });
 * const content = readFileSync('test/vectors/demo/signed-content.bin');
 * for (let at = 0; at < content.length; at += 100) digester.update(content.subarray(at, at + 100));
 *
 * const [signer] = await verifySignedData(parseSignedData(readFileSync('test/vectors/demo/smime.p7s')), {
 *   content: digester.finish(),
 *   roots: [parseCertificate(readFileSync('test/vectors/demo/root.crt.pem'))],
 *   at: new Date('2027-01-01'),
 * });
 * console.log(signer?.content, signer?.signature, signer?.trust); // intact valid trusted
 * ```
 */
export class ContentDigester {
  readonly #running: ReadonlyMap<DigestName, Digest>;
  readonly #keep: number;
  #kept: Bytes | undefined = new Uint8Array(0);
  #length = 0;
  #first: number | undefined;
  #finished = false;

  constructor(options: ContentDigesterOptions = {}) {
    const { digests = usualDigests, keep = 1 << 20, engine } = options;
    const by = engine === undefined ? {} : { engine };
    this.#running = new Map(digests.map((name) => [name, createDigest(name, by)]));
    this.#keep = keep;
  }

  /** Takes the next octets; the chunk may be reused afterwards. */
  update(chunk: Uint8Array): this {
    this.#assertRunning();
    const octets = asBytes(chunk);
    this.#first ??= octets[0];
    for (const digest of this.#running.values()) digest.update(octets);
    this.#keepOctets(octets);
    this.#length += octets.length;
    return this;
  }

  /** Gives what is known of the octets. Once only, `usage` a second time. */
  finish(): PassedContent {
    this.#assertRunning();
    this.#finished = true;
    return {
      length: this.#length,
      digests: new Map([...this.#running].map(([name, digest]) => [name, digest.finish()])),
      octets: this.#kept?.subarray(0, this.#length),
      mayBeAttributes: this.#first === Tag.Set,
    };
  }

  #keepOctets(octets: Bytes): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    const length = this.#length + octets.length;
    if (length > this.#keep) {
      this.#kept = undefined;
      return;
    }
    if (length > kept.length) {
      this.#kept = new Uint8Array(Math.min(this.#keep, Math.max(4096, 2 * length)));
      this.#kept.set(kept.subarray(0, this.#length));
    }
    this.#kept!.set(octets, this.#length);
  }

  #assertRunning(): void {
    if (this.#finished) throw usage('this ContentDigester is finished; make another for other content');
  }
}

/** Whether what stands for content is what was kept of it. */
export function isPassedContent(content: Uint8Array | PassedContent): content is PassedContent {
  return (
    typeof content === 'object' &&
    content !== null &&
    !(content instanceof Uint8Array) &&
    'digests' in content
  );
}
