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
  /** Whether it takes what may turn out to be signed, besides what says that it is. */
  readonly takesUnlabelled: boolean;
  /** The place of the content that was let out already; `undefined` where none was. */
  readonly letOut: string | undefined;
  /** Takes octets of the content at a place; they may be reused at once. */
  take(place: string, octets: Uint8Array): void;
  /** Waits until there is room for more. */
  flushed(): Promise<void>;
  /** What was kept of a place; `undefined` where nothing was. */
  of(place: string): SpoolFile | undefined;
}

/** Takes nothing: who does not write contents needs none. */
export const noContents: ContentTaker = {
  takesUnlabelled: false,
  letOut: undefined,
  take() {},
  async flushed() {},
  of: () => undefined,
};

/** Keeps contents in files until it is known which of them is verified. */
export class KeptContents implements ContentTaker {
  // The verdict tells what of it is signed.
  readonly takesUnlabelled = true;
  readonly letOut = undefined;
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

  of(place: string): SpoolFile | undefined {
    return this.#spools.get(place);
  }

  /** Gives the room back. */
  remove(): void {
    for (const spool of this.#spools.values()) spool.remove();
    this.#spools.clear();
  }
}

/** Passes the content that comes first on as it comes, for who wants to have it unverified. */
export class PassedOnContent implements ContentTaker {
  // Before the verdict a label has to do to tell what is signed.
  readonly takesUnlabelled = false;
  readonly #output: Output;
  #place: string | undefined;
  #queue: Uint8Array[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  get letOut(): string | undefined {
    return this.#place;
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

  of(): undefined {
    return undefined;
  }
}

/** Takes what a message reader tells of. */
export function takingFrom(taker: ContentTaker): {
  readonly onContent: (event: ContentEvent) => Promise<void>;
  readonly onSignedPart: (event: SignedPartEvent) => void;
} {
  return {
    async onContent(event) {
      if (event.type === 'content' && event.layer === 'seal') taker.take(placeIn(event.part), event.octets);
      await taker.flushed();
    },
    onSignedPart(event) {
      if (event.isSaidSigned || taker.takesUnlabelled) taker.take(placeBeside(event.part), event.octets);
    },
  };
}

const placeIn = (part: string): string => `in ${part}`;
const placeBeside = (part: string): string => `beside ${part}`;

/** The place of what the one signature of a file is over. */
export const filePlace = 'file';

/** Whether a seal is over the content of a place. */
export function isOver(seal: Seal, place: string): boolean {
  return place === filePlace || place === placeOf(seal);
}

function placeOf({ form, part, covers }: Seal): string {
  return form === 'opaque' ? placeIn(part) : placeBeside(covers);
}

/** What a seal is over, in canonical form; `undefined` where it is not at hand. */
export function contentOf(seal: Seal, contents: ContentTaker): Iterable<Bytes> | undefined {
  if (seal.content !== undefined) return [seal.content];
  const spool = contents.of(placeOf(seal));
  if (spool === undefined || seal.form === 'opaque') return spool?.read();
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
