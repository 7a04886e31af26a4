import type { ImapDate, ImapDateTime } from '../values/date-time.js';
import type { NumberRange } from '../values/sequence-numbers.js';
import type { SearchKey } from './search-key.js';

/** What a server tells of one message for `createSearchMatcher`; functions are called only when a key needs them. */
export interface SearchFacts {
  readonly sequence: number;
  readonly uid: number;
  /** `\Recent` among them where it is. */
  readonly flags: readonly string[];
  readonly internalDate: ImapDateTime;
  /** Octets. */
  readonly size: number;
  /** The day in the field Date, in its own zone. */
  readonly sentDate: () => ImapDate | undefined;
  /** Contents of the header fields of a name in small letters, unfolded and decoded. */
  readonly header: (name: string) => readonly string[];
  /** The whole header, decoded. */
  readonly headerText: () => string;
  /** The texts of the body, decoded. */
  readonly bodyText: () => string;
  readonly modseq?: bigint;
  readonly emailId?: string;
  readonly threadId?: string;
  readonly saveDate?: ImapDateTime;
  readonly gmailLabels?: readonly string[];
  readonly gmailMessageId?: bigint;
  readonly gmailThreadId?: bigint;
}

/** What a search means in its mailbox. */
export interface SearchContext {
  /** How many messages there are: `*` of sequence numbers. */
  readonly messages: number;
  /** The largest UID there is, 0 in an empty mailbox: `*` of UIDs. */
  readonly largestUid: number;
  /** CHARSET of the command. Default UTF-8. */
  readonly charset?: string;
  /** UIDs of the result that was saved, for `$` (RFC 5182). Default none. */
  readonly saved?: readonly NumberRange[];
  /** Milliseconds since 1970-01-01T00:00:00Z, for OLDER and YOUNGER. */
  readonly now?: number;
  /** Keys of FILTER (RFC 5466) by name; it is called once for each name. */
  readonly filter?: (name: string) => readonly SearchKey[] | undefined;
}

/** Says whether a message is found. */
export type SearchMatcher = (facts: SearchFacts) => boolean;
