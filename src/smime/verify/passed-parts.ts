import type { OpenedContent } from '../../cms/enveloped/open.js';
import type { RecipientInfo } from '../../cms/enveloped/recipient-info.js';
import type { CmsStructure } from '../../cms/stream/cms-events.js';
import type { PassedContent } from '../../cms/verify/passed-content.js';
import type { Bytes } from '../../core/bytes.js';
import type { MailsealError } from '../../core/errors.js';
import type { Part } from '../../mime/part.js';

/** A signed entity that went by: what there is to verify a detached signature with. */
export interface PassedEntity {
  /** Of its canonical form (RFC 8551 §3.1.1). */
  readonly canonical: PassedContent;
  /** Of its octets as they came, where these may be what was signed: of binary data. */
  readonly received: PassedContent | undefined;
}

/** An envelope that was decrypted while it went by, or why it was not. */
export interface PassedEnvelope {
  readonly type: 'envelopedData' | 'authEnvelopedData' | 'encryptedData' | 'compressedData';
  /** How it was decrypted; `undefined` where it was not. */
  readonly decrypted: Omit<OpenedContent, 'content' | 'contentType'> | undefined;
  readonly recipients: readonly RecipientInfo[];
  /** Dotted OID of what is in it. */
  readonly contentType: string;
  /** The content, where it was kept. */
  readonly content: Bytes | undefined;
  readonly error: MailsealError | undefined;
}

/** A CMS part that went by. */
export interface PassedCms {
  /** Dotted OID; `undefined` where it was not read so far. */
  readonly contentType: string | undefined;
  /** What it holds besides its content, or why it cannot be read. */
  readonly structure: CmsStructure | MailsealError;
  readonly trailingOctets: number;
  /** What is known of the content of a SignedData; `undefined` where it has none. */
  readonly content: PassedContent | undefined;
  /** The content as a MIME entity, or the limit that it hits; `undefined` where it is none. */
  readonly entity: Part | MailsealError | undefined;
  /** What became of it where it is encrypted and there are keys. */
  readonly envelope: PassedEnvelope | undefined;
}

/** What is known of the parts of a message that was read in pieces, where their octets were not kept. */
export interface PassedPart {
  readonly entity?: PassedEntity;
  readonly cms?: PassedCms;
  /** Lines among octets that were left out which begin with the boundary of this multipart and are no delimiters. */
  readonly strayLines?: number;
}

/** By part; those that are whole are not among them. */
export type PassedParts = ReadonlyMap<Part, PassedPart>;
