import { BerStream } from '../../asn1/ber-stream.js';
import { asBytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { CmsEvent, CmsReaderLimits } from './cms-events.js';
import { CmsVisitor } from './cms-visitor.js';
import { PemDecoder } from './pem-decoder.js';

/** What {@link CmsReader} takes. */
export interface CmsReaderOptions {
  readonly limits?: CmsReaderLimits;
}

/**
 * Reads a CMS object (RFC 5652) from chunks of any size, DER, BER or PEM (RFC 7468 §8, §9), in memory that does not grow
 * with its content.
 *
 * What the events say is what was read and not yet what is true: content of a SignedData is told before its
 * signature was seen. `verifySignedData` and `openEnveloped` are for structures in one piece.
 *
 * @throws MailsealError from `push` and `end`: `cms-malformed` when it is no CMS object, `cms-wrong-type` for a type
 * that is not read here, an `asn1-*` code where it is damaged or ends too early, `limit-octets`, `limit-depth`,
 * `limit-nodes`, `limit-signers`, `limit-certificates`, `limit-revocation-infos`, `limit-recipients`; `pem-malformed`;
 * `usage` after `end` or an error. Offsets count from the start of the object (of `pem-malformed`, of the file), but
 * those inside what follows the content from the start of the structure without it.
 * @example
 * ```ts
 * import { CmsReader, createEnvelopedData } from 'mailseal/cms';
 *
 * const p7m = await createEnvelopedData({
 *   content: new Uint8Array(100_000),
 *   recipients: [{ password: 'eight friendly herons wading' }],
 * });
 * const reader = new CmsReader();
 * let octets = 0;
 * for (let at = 0; at < p7m.length; at += 4096) {
 *   for (const event of reader.push(p7m.subarray(at, at + 4096))) {
 *     if (event.type === 'head') console.log(event.head.kind, event.hasContent); // authEnvelopedData true
 *     if (event.type === 'content') octets += event.octets.length;
 *   }
 * }
 * const [end] = reader.end();
 * console.log(octets, end?.type); // 100000 end
 * ```
 */
export class CmsReader {
  readonly #visitor: CmsVisitor;
  readonly #stream: BerStream;
  readonly #pem = new PemDecoder();
  #state: 'open' | 'ended' | 'failed' = 'open';

  constructor(options: CmsReaderOptions = {}) {
    const limits = options.limits ?? {};
    this.#visitor = new CmsVisitor(limits);
    this.#stream = new BerStream(this.#visitor, limits);
  }

  /** Takes the next chunk, which may be reused after the next `push`. */
  push(chunk: Uint8Array): CmsEvent[] {
    this.#assertOpen();
    this.#guarded(() => this.#stream.push(this.#pem.update(asBytes(chunk))));
    return this.#visitor.taken();
  }

  /** Says that no more comes. */
  end(): CmsEvent[] {
    this.#assertOpen();
    this.#guarded(() => {
      this.#stream.push(this.#pem.finish());
      this.#stream.end();
      this.#visitor.end(this.#stream.trailingOctets);
    });
    this.#state = 'ended';
    return this.#visitor.taken();
  }

  /** Dotted OID of the object's type, also of one that is damaged or not read here; `undefined` until it was met. */
  get contentType(): string | undefined {
    return this.#visitor.contentType;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#state === 'open') return;
    const why = this.#state === 'ended' ? 'has ended' : 'met an error';
    throw usage(`this CmsReader ${why}; make another for another object`);
  }
}
