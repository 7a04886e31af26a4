import type { Bytes } from '../../core/bytes.js';
import { type CompressedData, compressedDataOf } from '../compressed/compressed-data.js';
import type { CmsLimits, ContentInfo } from '../content-info.js';
import { type DigestedData, digestedDataOf } from '../digested/digested-data.js';
import { type EncryptedData, encryptedDataOf } from '../enveloped/encrypted-data.js';
import { type AuthEnvelopedData, type EnvelopedData, envelopedDataOf } from '../enveloped/enveloped-data.js';
import { type SignedData, signedDataOf } from '../signed/signed-data.js';
import type { CmsHead } from './cms-head.js';

/** A CMS structure that was read in pieces: as its parse function gives it, but without the content, which was told before. */
export type CmsStructure =
  | ({ readonly kind: 'signedData' } & { readonly signedData: SignedData })
  | {
      readonly kind: 'envelopedData' | 'authEnvelopedData';
      readonly enveloped: EnvelopedData | AuthEnvelopedData;
    }
  | { readonly kind: 'encryptedData'; readonly encrypted: EncryptedData }
  | { readonly kind: 'digestedData'; readonly digested: DigestedData }
  | { readonly kind: 'compressedData'; readonly compressed: CompressedData };

/** Octets of an EnvelopedData or AuthEnvelopedData that are to come behind its head. */
export interface EnvelopeLengths {
  /** Of the encrypted content. */
  readonly content: number;
  /** Of the elements behind the EncryptedContentInfo: attributes, and the tag. */
  readonly after: number;
}

/** What `CmsReader` tells of, in this order; `content` as often as there are octets. */
export type CmsEvent =
  /** All that stands before the content was read. `hasContent` is false where the content is sent by other means. */
  | {
      readonly type: 'head';
      readonly head: CmsHead;
      readonly hasContent: boolean;
      /** How long the rest of an envelope says that it is; not there where a length around the content is indefinite. */
      readonly lengths?: EnvelopeLengths;
    }
  /**
   * Octets of the content as they stand in the structure: what was signed, the ciphertext, or what is compressed.
   * Valid until the next `push`: a view of the chunk, or of what was decoded of it.
   */
  | { readonly type: 'content'; readonly octets: Bytes }
  /** The content is whole. Told only where there is one. */
  | { readonly type: 'content-end' }
  /** Everything was read. */
  | { readonly type: 'end'; readonly structure: CmsStructure; readonly trailingOctets: number };

/** Bounds on reading CMS in pieces. */
export interface CmsReaderLimits extends CmsLimits {
  /** As in `BerLimits`, of what is kept; and as many pieces of the content, of those that have fewer than 64 octets. */
  readonly nodes?: number;
  /** Octets of everything but the content: certificates, recipients, attributes; default 64 MiB. One more is `limit-octets`. */
  readonly structureOctets?: number;
}

/** What was read, of the structure without its content. */
export function structureOf(kind: CmsHead['kind'], info: ContentInfo, limits: CmsLimits): CmsStructure {
  switch (kind) {
    case 'signedData':
      return { kind, signedData: signedDataOf(info, { limits }) };
    case 'encryptedData':
      return { kind, encrypted: encryptedDataOf(info) };
    case 'digestedData':
      return { kind, digested: digestedDataOf(info) };
    case 'compressedData':
      return { kind, compressed: compressedDataOf(info) };
    default:
      return { kind, enveloped: envelopedDataOf(info, { limits }) };
  }
}
