import { messageDigestAttribute } from '../cms/attributes.js';
import { type Bytes, equalBytes } from '../core/bytes.js';
import { createDigest } from '../crypto/digests/digest.js';
import { LineEndCanonicalizer } from '../encoding/line-ends.js';
import type { ContentEvent, SignedPartEvent } from '../smime/stream/passed-message.js';
import type { Seal } from '../smime/verify/report.js';
import type { Output } from './files/output-file.js';
import { SpoolFile } from './files/spool-file.js';

/** What is taken of signed contents while a message goes by. */
export interface ContentTaker {
  /** Takes octets of the content at a place; they may be reused at once. */
  take(place: string, octets: Uint8Array): void;
  /** Waits until there is room for more. */
  flushed(): Promise<void>;
}

/** Takes nothing: who does not write contents needs none. */
export const noContents: ContentTaker = { take() {}, async flushed() {} };

/** Keeps contents in files until it is known which of them is verified. */
export class KeptContents implements ContentTaker {
  readonly #spools = new Map<string, SpoolFile>();

  take(place: string, octets: Uint8Array): void {
    let spool = this.#spools.get(place);
    if (spool === undefined) {
      spool = new SpoolFile();
      this.#spools.set(place, spool);
    }
    spool.write(octets);
  }

  async flushed(): Promise<void> {}

  /** The octets of a place; `undefined` where none were taken. */
  of(place: string): SpoolFile | undefined {
    return this.#spools.get(place);
  }

  /** Gives the room back. */
  remove(): void {
    for (const spool of this.#spools.values()) spool.remove();
    this.#spools.clear();
  }
}

/** Passes the first content on as it comes, for who wants to have it unverified. */
export class PassedOnContent implements ContentTaker {
  readonly #output: Output;
  #place: string | undefined;
  #queue: Uint8Array[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** Whether there was any. */
  get isBegun(): boolean {
    return this.#place !== undefined;
  }

  take(place: string, octets: Uint8Array): void {
    this.#place ??= place;
    if (this.#place === place) this.#queue.push(octets.slice());
  }

  async flushed(): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    for (const octets of queue) await this.#output.write(octets);
  }
}

/** Takes what a message reader tells of. */
export function takingFrom(
  taker: ContentTaker,
  isWanted: (event: SignedPartEvent) => boolean,
): {
  readonly onContent: (event: ContentEvent) => Promise<void>;
  readonly onSignedPart: (event: SignedPartEvent) => void;
} {
  return {
    async onContent(event) {
      if (event.type === 'content' && event.layer === 'seal') taker.take(`in ${event.part}`, event.octets);
      await taker.flushed();
    },
    onSignedPart(event) {
      if (isWanted(event)) taker.take(`beside ${event.part}`, event.octets);
    },
  };
}

/** What a seal is over, in canonical form; `undefined` where it is not at hand. */
export function contentOf(seal: Seal, kept: KeptContents): Iterable<Bytes> | undefined {
  if (seal.content !== undefined) return [seal.content];
  if (seal.form === 'opaque') return kept.of(`in ${seal.part}`)?.read();
  const spool = kept.of(`beside ${seal.covers}`);
  if (spool === undefined) return undefined;
  // RFC 8551 §3.1.1 exempts binary data from canonical line ends: either may be what was signed.
  if (seal.entity?.transferEncoding !== 'binary') return withCanonicalLines(spool);
  return [() => withCanonicalLines(spool), () => spool.read()].find((form) => isSigned(seal, form()))?.();
}

/** The octets with CRLF line ends. */
export function* withCanonicalLines(spool: SpoolFile): Generator<Bytes, undefined> {
  const lines = new LineEndCanonicalizer();
  for (const octets of spool.read()) yield lines.update(octets);
}

function isSigned({ signers }: Seal, content: Iterable<Bytes>): boolean {
  const by = signers.find(({ signer }) => signer.hasSignedAttributes);
  if (by?.digestAlgorithm === undefined) return false;
  const wanted = messageDigestAttribute(by.signer.signedAttributes);
  const digest = createDigest(by.digestAlgorithm);
  for (const octets of content) digest.update(octets);
  return wanted !== undefined && equalBytes(digest.finish(), wanted);
}
