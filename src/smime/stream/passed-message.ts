import type { Bytes } from '../../core/bytes.js';
import type { Part } from '../../mime/part.js';
import type { PassedPart } from '../verify/passed-parts.js';

/** What is told of the contents of CMS parts as they go by. */
export type ContentEvent =
  /** Octets of what a CMS part embeds, at the place `part`; nothing is known yet of who wrote them. Valid until the next `push`. */
  | {
      readonly type: 'content';
      readonly part: string;
      /** Whether the part is a signature around them, or an envelope that they were decrypted from. */
      readonly layer: 'seal' | 'envelope';
      readonly octets: Bytes;
      readonly verified: false;
      /** Whether it was decrypted without a tag that shows that nobody changed it on the way (EFAIL). */
      readonly unauthenticated: boolean;
    }
  /** That content is over. */
  | { readonly type: 'content-end'; readonly part: string };

/** Who is told. */
export type PassedSink = (event: ContentEvent) => void | Promise<void>;

/** Octets of a part beside which a signature stands, or may stand; nothing is known yet of who wrote them. */
export interface SignedPartEvent {
  /** The place of the part: `Seal.covers` of the signature, where there is one. */
  readonly part: string;
  /** Whether what it stands in says that it is signed (multipart/signed). */
  readonly isSaidSigned: boolean;
  /** As they came, header and body; valid until the call returns. */
  readonly octets: Bytes;
}

/** Who is told of such octets. */
export type SignedPartSink = (event: SignedPartEvent) => void;

/** What is left of a message that went by. */
export interface PassedMessage {
  /** The message, with the bodies that were kept. */
  readonly root: Part;
  /** What is known of parts that were not, and of what was decrypted; those inside of CMS parts among them. */
  readonly parts: ReadonlyMap<Part, PassedPart>;
  /** Parts of which octets were left out. */
  readonly leftOut: ReadonlySet<Part>;
  /** Whether a signature may stand in octets that were left out which the message no longer shows as one. */
  readonly mayHideSeals: boolean;
  /** Octets of bodies that were kept. */
  readonly kept: number;
}

/** Reads an entity in pieces; throws limits. */
export interface EntityReader {
  push(octets: Bytes): Promise<void>;
  end(): Promise<PassedMessage>;
}
