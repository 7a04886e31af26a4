import type { ContentInfo } from '../../cms/content-info.js';
import type { SignedData } from '../../cms/signed/signed-data.js';
import type { PassedContent } from '../../cms/verify/passed-content.js';
import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';
import type { PassedCms, PassedEntity } from './passed-parts.js';
import type { OtherCmsPart } from './report.js';

/** A signature found in a message, before anything was verified. */
export interface FoundSeal {
  readonly kind: 'seal';
  readonly part: string;
  readonly covers: string;
  readonly coversMessage: boolean;
  /** Whether nothing but what is signed is shown of the part that is sealed. */
  readonly coversPart: boolean;
  /** Why programs may differ in what they show of the part that is sealed. */
  readonly ambiguity: string | undefined;
  readonly form: 'detached' | 'opaque';
  /** The signed entity; for an opaque seal the root of its parsed content. */
  readonly entity: Part | undefined;
  /** The octets of a detached signature's content, as they stand. */
  readonly received: Bytes | undefined;
  /** What is known of the content of a message that went by, where it was not kept. */
  readonly passed: PassedEntity | undefined;
  /** What is known of content that a detached signature has in it besides, where that was not kept. */
  readonly embedded: PassedContent | undefined;
  /** The signature, or why it cannot be read. */
  readonly signedData: SignedData | MailsealError;
  /** Whose From the signer should be: the nearest message around the seal. */
  readonly message: Part;
  /** The multipart or the CMS part itself. */
  readonly container: Part;
  /** The part with a detached signature. */
  readonly signaturePart: Part | undefined;
  /** The layer next outside. */
  readonly around: FoundLayer | undefined;
  /** Whether something in what it covers is encrypted, so that others than the signer may have written that. */
  aroundEncryption: boolean;
}

/** A CMS part whose content shows only to who has a key for it, or can decompress it. */
export interface FoundEnvelope {
  readonly kind: 'envelope';
  readonly part: string;
  readonly type: EnvelopeType;
  /** Whether all that the message shows is in it. */
  readonly coversMessage: boolean;
  /** Why programs may differ in what they show of the part. */
  readonly ambiguity: string | undefined;
  /** The structure, or of an envelope that went by what became of it. */
  readonly source: ContentInfo | PassedCms;
  readonly container: Part;
  readonly around: FoundLayer | undefined;
  /** What {@link lookInside} found in its content. */
  readonly inside: FoundLayer[];
  /** Where the search goes on in its content. */
  readonly place: Place;
}

/** A CMS part that is neither a signature nor anything around other content. */
export interface FoundOther {
  readonly kind: 'other';
  readonly part: string;
  readonly other: OtherCmsPart;
  readonly around: FoundLayer | undefined;
}

/** One layer of a message. */
export type FoundLayer = FoundSeal | FoundEnvelope | FoundOther;

/** Whether a layer hides what is in it from others, which compression does not. */
export function isEncryption(layer: FoundLayer): boolean {
  return layer.kind === 'envelope' && layer.type !== 'compressedData';
}

/** The innermost of the layers that are around all that the message shows: under it is the payload (RFC 9788 §1.7). */
export function innermostWhole(layers: readonly FoundLayer[]): FoundSeal | FoundEnvelope | undefined {
  return layers.findLast(
    (layer): layer is FoundSeal | FoundEnvelope => layer.kind !== 'other' && layer.coversMessage,
  );
}

/** CMS types that have other content within: encrypted ones and compressed-data. */
export type EnvelopeType = 'envelopedData' | 'authEnvelopedData' | 'encryptedData' | 'compressedData';

/** Where the search stands. */
export interface Place {
  /** Places of parts are written after this: `''`, or what leads into the content of an opaque seal or an envelope. */
  readonly prefix: string;
  readonly message: Part;
  /** Whether all that is shown lies in the part looked at. */
  readonly whole: boolean;
  readonly layer: number;
  readonly around: FoundLayer | undefined;
}
