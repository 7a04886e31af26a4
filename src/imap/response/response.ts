import type { Bytes } from '../../core/bytes.js';
import type { BodyStructure } from '../structure/body-structure.js';
import type { ImapText } from '../text.js';
import type { ImapDateTime } from '../values/date-time.js';
import type { ImapEnvelope } from '../values/envelope.js';
import type { MailboxName } from '../values/mailbox-name.js';
import type { ImapSection } from '../values/section.js';
import type { SequenceRange, SequenceSet } from '../values/sequence-set.js';
import type { ImapValue } from '../values/value.js';
import type { ResponseCode } from './response-code.js';

/** OK, NO and BAD with a tag end a command; without one, and PREAUTH and BYE, they tell something (RFC 9051 §7.1). */
export interface StatusResponse {
  readonly type: 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE';
  /** `undefined` where it is untagged. */
  readonly tag: string | undefined;
  readonly code: ResponseCode | undefined;
  readonly text: ImapText;
}

/** "+": go on with the literal, or with the SASL exchange (RFC 9051 §7.6). */
export interface ContinuationResponse {
  readonly type: '+';
  readonly code: ResponseCode | undefined;
  /** In a SASL exchange, base64. */
  readonly text: ImapText;
}

export interface CapabilityResponse {
  readonly type: 'CAPABILITY' | 'ENABLED';
  /** In the letters that the server wrote. */
  readonly capabilities: readonly string[];
}

export interface ListResponse {
  readonly type: 'LIST' | 'LSUB' | 'XLIST';
  readonly attributes: readonly string[];
  /** One character; `undefined` where there is no hierarchy. */
  readonly delimiter: string | undefined;
  readonly mailbox: MailboxName;
  /** RFC 5258 §6: CHILDINFO, and what other extensions add (OLDNAME of RFC 9051). */
  readonly childInfo?: readonly string[];
  readonly oldName?: MailboxName;
  readonly extended?: readonly { readonly name: ImapText; readonly value: ImapValue }[];
}

/** What STATUS tells (RFC 9051 §7.3.4); what was not asked for is missing. */
export interface MailboxStatus {
  readonly messages?: number;
  readonly recent?: number;
  readonly uidNext?: number;
  readonly uidValidity?: number;
  readonly unseen?: number;
  readonly deleted?: number;
  /** Octets. */
  readonly size?: bigint;
  readonly highestModSeq?: bigint;
  readonly deletedStorage?: bigint;
  readonly appendLimit?: bigint | 'NIL';
  readonly mailboxId?: string;
  readonly other?: readonly { readonly name: string; readonly value: ImapValue }[];
}

export interface StatusDataResponse {
  readonly type: 'STATUS';
  readonly mailbox: MailboxName;
  readonly status: MailboxStatus;
}

export interface FlagsResponse {
  readonly type: 'FLAGS';
  readonly flags: readonly string[];
}

/** EXISTS, RECENT and EXPUNGE, with the number of messages, or of the message. */
export interface NumberResponse {
  readonly type: 'EXISTS' | 'RECENT' | 'EXPUNGE';
  readonly number: number;
}

/** SEARCH and SORT (RFC 9051 leaves SEARCH to servers of rev1; RFC 5256). */
export interface SearchResponse {
  readonly type: 'SEARCH' | 'SORT';
  readonly numbers: readonly number[];
  /** RFC 7162 §3.1.5. */
  readonly modseq?: bigint;
}

/** ESEARCH (RFC 9051 §7.3.4, RFC 4731, 5267, 7377, 9394). */
export interface ExtendedSearchResponse {
  readonly type: 'ESEARCH';
  /** Tag of the command that it answers. */
  readonly correlator?: ImapText;
  /** RFC 7377. */
  readonly mailbox?: MailboxName;
  readonly uidValidity?: number;
  readonly isUid: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly count?: number;
  readonly all?: SequenceSet;
  readonly modseq?: bigint;
  /** RFC 5267: changes of a result that is kept up to date. */
  readonly addTo?: readonly { readonly position: number; readonly set: SequenceSet }[];
  readonly removeFrom?: readonly { readonly position: number; readonly set: SequenceSet }[];
  /** RFC 9394, RFC 5267: a window of the result; `undefined` where it is empty. */
  readonly partial?: { readonly range: string; readonly set: SequenceSet | undefined };
  readonly other?: readonly { readonly name: string; readonly value: ImapValue }[];
}

/** A thread: messages one below the other, then those that answer the last one (RFC 5256 §4). */
export interface ThreadNode {
  /** `undefined` where the message is not there. */
  readonly id: number | undefined;
  readonly children: readonly ThreadNode[];
}

export interface ThreadResponse {
  readonly type: 'THREAD';
  readonly threads: readonly ThreadNode[];
}

/** Octets of a message that were asked for. */
export interface FetchedSection {
  readonly section: ImapSection;
  /** Where a partial begins. */
  readonly origin?: number;
  /**
   * A view of the chunk, valid until the next `push`, or of an array of its
   * own; `undefined` for NIL, and for a literal that was handed out in pieces
   * (`literal`).
   */
  readonly octets: Bytes | undefined;
  /** The `id` of the literal that was handed out in pieces. */
  readonly literal?: number;
}

/** What BINARY gives (RFC 3516). */
export interface FetchedBinary {
  readonly part: readonly number[];
  /** Where a partial begins. */
  readonly origin?: number;
  /** As of {@link FetchedSection}. */
  readonly octets: Bytes | undefined;
  readonly literal?: number;
}

/**
 * FETCH (RFC 9051 §7.5.2), and UIDFETCH (RFC 9586), where `number` is a UID.
 * What the server did not send is missing. A response that was decoded reads
 * `envelope`, `bodyStructure` and `body` when they are asked for first.
 */
export interface FetchResponse {
  readonly type: 'FETCH' | 'UIDFETCH';
  /** Sequence number, or UID. */
  readonly number: number;
  readonly uid?: number;
  readonly flags?: readonly string[];
  readonly internalDate?: ImapDateTime;
  /** RFC822.SIZE, octets. */
  readonly size?: number;
  readonly modseq?: bigint;
  readonly envelope?: ImapEnvelope | undefined;
  readonly bodyStructure?: BodyStructure | undefined;
  /** BODY without brackets: the structure without what BODYSTRUCTURE adds. */
  readonly body?: BodyStructure | undefined;
  /** BODY[…], and RFC822, RFC822.HEADER and RFC822.TEXT under `rfc822`. */
  readonly sections?: readonly FetchedSection[];
  readonly rfc822?: readonly {
    readonly item: 'RFC822' | 'RFC822.HEADER' | 'RFC822.TEXT';
    readonly octets: Bytes | undefined;
    readonly literal?: number;
  }[];
  readonly binary?: readonly FetchedBinary[];
  readonly binarySize?: readonly { readonly part: readonly number[]; readonly octets: number }[];
  /** RFC 8474. */
  readonly emailId?: string;
  /** `undefined` for NIL. */
  readonly threadId?: string | undefined;
  /** RFC 8514; `undefined` for NIL. */
  readonly saveDate?: ImapDateTime | undefined;
  /** RFC 8970; `undefined` for NIL. */
  readonly preview?: ImapText | undefined;
  /** X-GM-EXT-1. */
  readonly gmailMessageId?: bigint;
  readonly gmailThreadId?: bigint;
  /** As they stand on the wire: in modified UTF-7, as mailbox names are. */
  readonly gmailLabels?: readonly ImapText[];
  readonly other?: readonly { readonly name: string; readonly value: ImapValue }[];
}

/** VANISHED (RFC 7162 §3.2.10). */
export interface VanishedResponse {
  readonly type: 'VANISHED';
  readonly earlier: boolean;
  readonly uids: SequenceSet;
}

export interface NamespaceEntry {
  readonly prefix: MailboxName;
  readonly delimiter: string | undefined;
  readonly extensions?: readonly { readonly name: ImapText; readonly values: readonly ImapText[] }[];
}

/** NAMESPACE (RFC 9051 §7.3.6); empty for NIL. */
export interface NamespaceResponse {
  readonly type: 'NAMESPACE';
  readonly personal: readonly NamespaceEntry[];
  readonly otherUsers: readonly NamespaceEntry[];
  readonly shared: readonly NamespaceEntry[];
}

/** ID (RFC 2971); `undefined` for NIL. */
export interface IdResponse {
  readonly type: 'ID';
  readonly fields: readonly { readonly name: ImapText; readonly value: ImapText | undefined }[] | undefined;
}

export interface QuotaResource {
  /** Such as `STORAGE` (units of 1,024 octets) or `MESSAGE`. */
  readonly name: string;
  readonly usage: bigint;
  readonly limit: bigint;
}

/** QUOTA (RFC 9208). */
export interface QuotaResponse {
  readonly type: 'QUOTA';
  readonly root: ImapText;
  readonly resources: readonly QuotaResource[];
}

export interface QuotaRootResponse {
  readonly type: 'QUOTAROOT';
  readonly mailbox: MailboxName;
  readonly roots: readonly ImapText[];
}

/** ACL (RFC 4314). */
export interface AclResponse {
  readonly type: 'ACL';
  readonly mailbox: MailboxName;
  readonly entries: readonly { readonly identifier: ImapText; readonly rights: ImapText }[];
}

export interface ListRightsResponse {
  readonly type: 'LISTRIGHTS';
  readonly mailbox: MailboxName;
  readonly identifier: ImapText;
  readonly required: ImapText;
  readonly optional: readonly ImapText[];
}

export interface MyRightsResponse {
  readonly type: 'MYRIGHTS';
  readonly mailbox: MailboxName;
  readonly rights: ImapText;
}

/** METADATA (RFC 5464): entries with values, or names of what has changed. */
export interface MetadataResponse {
  readonly type: 'METADATA';
  /** Empty for the server's own. */
  readonly mailbox: MailboxName;
  readonly entries?: readonly { readonly name: ImapText; readonly value: ImapText | undefined }[];
  readonly changed?: readonly ImapText[];
}

/** GENURLAUTH and URLFETCH (RFC 4467). */
export interface GenUrlAuthResponse {
  readonly type: 'GENURLAUTH';
  readonly urls: readonly ImapText[];
}

export interface UrlFetchResponse {
  readonly type: 'URLFETCH';
  readonly urls: readonly { readonly url: ImapText; readonly octets: Bytes | undefined }[];
}

/** JMAPACCESS (RFC 9698): where the same mail is to be had by JMAP. */
export interface JmapAccessResponse {
  readonly type: 'JMAPACCESS';
  readonly url: ImapText;
}

/** UIDBATCHES (RFC 10022): UIDs that make up batches, the largest first. */
export interface UidBatchesResponse {
  readonly type: 'UIDBATCHES';
  /** Tag of the command that it answers. */
  readonly correlator: ImapText;
  /** Each range is a batch, from its largest UID to its smallest. */
  readonly batches: readonly SequenceRange[];
}

/** A response whose name is not known (RFC 9051 §2.2.2: clients must cope). */
export interface OtherResponse {
  readonly type: 'other';
  /** In the letters that the server wrote. */
  readonly name: string;
  /** The number before the name, where there is one. */
  readonly number?: number;
  readonly values: readonly ImapValue[];
}

/** What a server sends. */
export type ImapResponse =
  | StatusResponse
  | ContinuationResponse
  | CapabilityResponse
  | ListResponse
  | StatusDataResponse
  | FlagsResponse
  | NumberResponse
  | SearchResponse
  | ExtendedSearchResponse
  | ThreadResponse
  | FetchResponse
  | VanishedResponse
  | NamespaceResponse
  | IdResponse
  | QuotaResponse
  | QuotaRootResponse
  | AclResponse
  | ListRightsResponse
  | MyRightsResponse
  | MetadataResponse
  | GenUrlAuthResponse
  | UrlFetchResponse
  | JmapAccessResponse
  | UidBatchesResponse
  | OtherResponse;
