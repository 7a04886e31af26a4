import { ContentDigester, type ContentDigesterOptions } from '../../cms/verify/passed-content.js';
import type { Bytes } from '../../core/bytes.js';
import { LineEndCanonicalizer } from '../../encoding/line-ends.js';
import type { PassedEntity } from '../verify/passed-parts.js';

/** Takes a signed entity in pieces: its canonical form, and for binary data its octets as they come. */
export class EntityDigest {
  readonly #lines = new LineEndCanonicalizer();
  readonly #canonical: ContentDigester;
  readonly #received: ContentDigester | undefined;

  /** @param isBinary whether its octets as they come may be what was signed (RFC 8551 §3.1.1) */
  constructor(options: ContentDigesterOptions, isBinary: boolean) {
    this.#canonical = new ContentDigester(options);
    this.#received = isBinary ? new ContentDigester(options) : undefined;
  }

  update(octets: Bytes): void {
    this.#canonical.update(this.#lines.update(octets));
    this.#received?.update(octets);
  }

  finish(): PassedEntity {
    return { canonical: this.#canonical.finish(), received: this.#received?.finish() };
  }
}

/** Of an entity of which nothing was made: an answer takes a second pass. */
export const nothingPassed: PassedEntity = /* @__PURE__ */ Object.freeze({
  canonical: { length: 0, digests: new Map(), octets: undefined, mayBeAttributes: false },
  received: undefined,
});
