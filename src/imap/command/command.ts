import type { Bytes } from '../../core/bytes.js';
import type { ImapText } from '../text.js';
import type { ImapDateTime } from '../values/date-time.js';
import type { MailboxName } from '../values/mailbox-name.js';
import type { SequenceSet } from '../values/sequence-set.js';
import type { ImapValue } from '../values/value.js';
import type { FetchItem } from './fetch-item.js';
import type { SearchKey, SearchReturn } from './search-key.js';

/** Commands without arguments. */
export interface PlainCommand {
  readonly name:
    | 'CAPABILITY'
    | 'NOOP'
    | 'LOGOUT'
    | 'STARTTLS'
    | 'CHECK'
    | 'CLOSE'
    | 'UNSELECT'
    | 'EXPUNGE'
    | 'IDLE'
    | 'NAMESPACE'
    | 'UNAUTHENTICATE'
    /** RFC 9698. */
    | 'GETJMAPACCESS';
}

export interface LoginCommand {
  readonly name: 'LOGIN';
  readonly user: ImapText;
  readonly password: ImapText;
}

export interface AuthenticateCommand {
  readonly name: 'AUTHENTICATE';
  readonly mechanism: string;
  /** SASL-IR (RFC 4959): octets, not yet base64; empty is `=`. */
  readonly initialResponse?: Bytes;
}

export interface EnableCommand {
  readonly name: 'ENABLE';
  readonly capabilities: readonly string[];
}

export interface SelectCommand {
  readonly name: 'SELECT' | 'EXAMINE';
  readonly mailbox: MailboxName;
  /** RFC 7162: what makes the server tell modification sequences. */
  readonly condStore?: boolean;
  /** RFC 7162 §3.2.5. */
  readonly qresync?: {
    readonly uidValidity: number;
    readonly modseq: bigint;
    readonly known?: SequenceSet;
    readonly match?: { readonly sequence: SequenceSet; readonly uids: SequenceSet };
  };
  readonly other?: readonly { readonly name: string; readonly value?: ImapValue }[];
}

/** Commands on one mailbox. */
export interface MailboxCommand {
  readonly name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'GETQUOTAROOT' | 'GETACL' | 'MYRIGHTS';
  readonly mailbox: MailboxName;
}

export interface CreateCommand {
  readonly name: 'CREATE';
  readonly mailbox: MailboxName;
  /** RFC 6154: such as `\Drafts`. */
  readonly use?: readonly string[];
}

export interface RenameCommand {
  readonly name: 'RENAME';
  readonly from: MailboxName;
  readonly to: MailboxName;
}

export interface ListCommand {
  readonly name: 'LIST' | 'LSUB' | 'XLIST';
  readonly reference: MailboxName;
  /** `%` and `*` are wildcards; several with RFC 5258. */
  readonly patterns: readonly MailboxName[];
  /** RFC 5258 §3.1: SUBSCRIBED, REMOTE, RECURSIVEMATCH, SPECIAL-USE. */
  readonly select?: readonly string[];
  readonly return?: readonly ListReturn[];
}

/** What LIST is asked to tell beside (RFC 5258, 5819, 8440, 9590). */
export type ListReturn =
  | 'SUBSCRIBED'
  | 'CHILDREN'
  | 'SPECIAL-USE'
  | 'MYRIGHTS'
  | { readonly status: readonly string[] }
  | { readonly metadata: readonly ImapText[] }
  /** One that is not known. */
  | { readonly other: string };

export interface StatusCommand {
  readonly name: 'STATUS';
  readonly mailbox: MailboxName;
  /** Such as `MESSAGES`. */
  readonly items: readonly string[];
}

/** Octets of a message that a client hands over. */
export interface AppendedOctets {
  /** Missing where they were handed out in pieces as they came. A view of what was decoded. */
  readonly octets?: Bytes;
  /** The `id` of the literal that was handed out in pieces. */
  readonly literal?: number;
  /** As `~{n}`: for messages with NUL octets (RFC 3516). */
  readonly binary?: boolean;
  /** RFC 6855: the message has UTF-8 in its header; `binary` goes without saying. */
  readonly utf8?: boolean;
}

/** What is appended: a message, or (CATENATE, RFC 4469) pieces of which the server makes one. */
export interface AppendedMessage {
  readonly flags?: readonly string[];
  readonly date?: ImapDateTime;
  readonly message: AppendedOctets | { readonly catenate: readonly CatenatedPart[] };
}

/** A piece of CATENATE: what a URL names, or octets. */
export type CatenatedPart = { readonly url: ImapText } | AppendedOctets;

/** APPEND (RFC 9051 §6.3.12); several messages with MULTIAPPEND (RFC 3502). */
export interface AppendCommand {
  readonly name: 'APPEND';
  readonly mailbox: MailboxName;
  readonly messages: readonly AppendedMessage[];
}

/** REPLACE (RFC 8508). */
export interface ReplaceCommand {
  readonly name: 'REPLACE';
  readonly uid?: boolean;
  readonly number: number | '*';
  readonly mailbox: MailboxName;
  readonly message: AppendedMessage;
}

export interface SearchCommand {
  readonly name: 'SEARCH';
  readonly uid?: boolean;
  readonly return?: readonly SearchReturn[];
  readonly charset?: string;
  /** All of them have to hold. */
  readonly keys: readonly SearchKey[];
}

/** ESEARCH over several mailboxes (RFC 7377). */
export interface MultiSearchCommand {
  readonly name: 'ESEARCH';
  readonly in?: readonly MailboxFilter[];
  readonly return?: readonly SearchReturn[];
  readonly charset?: string;
  readonly keys: readonly SearchKey[];
}

/** Which mailboxes (RFC 5465 §6). */
export type MailboxFilter =
  | 'selected'
  | 'selected-delayed'
  | 'inboxes'
  | 'personal'
  | 'subscribed'
  | { readonly filter: 'subtree' | 'subtree-one' | 'mailboxes'; readonly mailboxes: readonly MailboxName[] };

export interface SortCommand {
  readonly name: 'SORT';
  readonly uid?: boolean;
  readonly return?: readonly SearchReturn[];
  readonly criteria: readonly { readonly by: string; readonly reverse?: boolean }[];
  readonly charset: string;
  readonly keys: readonly SearchKey[];
}

export interface ThreadCommand {
  readonly name: 'THREAD';
  readonly uid?: boolean;
  /** Such as `REFERENCES`. */
  readonly algorithm: string;
  readonly charset: string;
  readonly keys: readonly SearchKey[];
}

export interface FetchCommand {
  readonly name: 'FETCH';
  readonly uid?: boolean;
  readonly set: SequenceSet;
  readonly items: readonly FetchItem[];
  /** RFC 7162. */
  readonly changedSince?: bigint;
  readonly vanished?: boolean;
  /** RFC 9394: such as `1:100` or `-1:-100`. */
  readonly partial?: string;
}

export interface StoreCommand {
  readonly name: 'STORE';
  readonly uid?: boolean;
  readonly set: SequenceSet;
  readonly action: 'replace' | 'add' | 'remove';
  readonly silent?: boolean;
  readonly flags: readonly ImapText[];
  /** X-GM-LABELS instead of FLAGS: Gmail writes labels as names of mailboxes are on the wire, in modified UTF-7. */
  readonly labels?: boolean;
  /** RFC 7162. */
  readonly unchangedSince?: bigint;
}

export interface CopyCommand {
  readonly name: 'COPY' | 'MOVE';
  readonly uid?: boolean;
  readonly set: SequenceSet;
  readonly mailbox: MailboxName;
}

export interface UidExpungeCommand {
  readonly name: 'UID EXPUNGE';
  readonly set: SequenceSet;
}

export interface IdCommand {
  readonly name: 'ID';
  readonly fields: readonly { readonly name: ImapText; readonly value: ImapText | undefined }[] | undefined;
}

export interface QuotaCommand {
  readonly name: 'GETQUOTA';
  readonly root: ImapText;
}

export interface SetQuotaCommand {
  readonly name: 'SETQUOTA';
  readonly root: ImapText;
  readonly limits: readonly { readonly resource: string; readonly limit: bigint }[];
}

export interface AclCommand {
  readonly name: 'SETACL' | 'DELETEACL' | 'LISTRIGHTS';
  readonly mailbox: MailboxName;
  readonly identifier: ImapText;
  /** SETACL: rights, with `+` or `-` before them to add or to take away. */
  readonly rights?: ImapText;
}

export interface GetMetadataCommand {
  readonly name: 'GETMETADATA';
  readonly mailbox: MailboxName;
  readonly maxSize?: number;
  readonly depth?: '0' | '1' | 'infinity';
  readonly entries: readonly ImapText[];
}

export interface SetMetadataCommand {
  readonly name: 'SETMETADATA';
  readonly mailbox: MailboxName;
  readonly entries: readonly { readonly name: ImapText; readonly value: ImapText | Bytes | undefined }[];
}

/** NOTIFY (RFC 5465). */
export interface NotifyCommand {
  readonly name: 'NOTIFY';
  /** `undefined` is NONE. */
  readonly set: { readonly status: boolean; readonly groups: readonly NotifyGroup[] } | undefined;
}

export interface NotifyGroup {
  readonly mailboxes: MailboxFilter;
  /** `undefined` is NONE. */
  readonly events: readonly { readonly event: string; readonly items?: readonly FetchItem[] }[] | undefined;
}

export interface CompressCommand {
  readonly name: 'COMPRESS';
  /** Such as `DEFLATE`. */
  readonly mechanism: string;
}

export interface UrlCommand {
  readonly name: 'URLFETCH';
  readonly urls: readonly ImapText[];
}

export interface GenUrlAuthCommand {
  readonly name: 'GENURLAUTH';
  readonly urls: readonly { readonly url: ImapText; readonly mechanism: string }[];
}

export interface ResetKeyCommand {
  readonly name: 'RESETKEY';
  readonly mailbox?: MailboxName;
  readonly mechanisms?: readonly string[];
}

/** CANCELUPDATE (RFC 5267). */
export interface CancelUpdateCommand {
  readonly name: 'CANCELUPDATE';
  readonly tags: readonly ImapText[];
}

/** UIDBATCHES (RFC 10022). */
export interface UidBatchesCommand {
  readonly name: 'UIDBATCHES';
  /** Messages of a batch. */
  readonly size: number;
  /** Which batches, counted from 1; without, all. */
  readonly batches?: { readonly from: number; readonly to: number };
}

/** A command whose name is not known. */
export interface OtherCommand {
  readonly name: 'other';
  /** In capital letters; `UID X` for one behind UID. */
  readonly command: string;
  readonly values: readonly ImapValue[];
}

/** What a client sends, without its tag. */
export type ImapCommand =
  | PlainCommand
  | LoginCommand
  | AuthenticateCommand
  | EnableCommand
  | SelectCommand
  | MailboxCommand
  | CreateCommand
  | RenameCommand
  | ListCommand
  | StatusCommand
  | AppendCommand
  | ReplaceCommand
  | SearchCommand
  | MultiSearchCommand
  | SortCommand
  | ThreadCommand
  | FetchCommand
  | StoreCommand
  | CopyCommand
  | UidExpungeCommand
  | IdCommand
  | QuotaCommand
  | SetQuotaCommand
  | AclCommand
  | GetMetadataCommand
  | SetMetadataCommand
  | NotifyCommand
  | CompressCommand
  | UrlCommand
  | GenUrlAuthCommand
  | ResetKeyCommand
  | CancelUpdateCommand
  | UidBatchesCommand
  | OtherCommand;

/** A command as it is sent. */
export interface TaggedCommand {
  readonly tag: string;
  readonly command: ImapCommand;
}
