import type { ImapText } from '../text.js';
import type { ImapDate } from '../values/date-time.js';
import type { SequenceSet } from '../values/sequence-set.js';
import type { ImapValue } from '../values/value.js';

/** What messages are searched by (RFC 9051 §6.4.4, RFC 3501 §6.4.4 and the extensions named). */
export type SearchKey =
  | { readonly key: 'ALL' | 'ANSWERED' | 'DELETED' | 'DRAFT' | 'FLAGGED' | 'NEW' | 'OLD' | 'RECENT' | 'SEEN' }
  | { readonly key: 'UNANSWERED' | 'UNDELETED' | 'UNDRAFT' | 'UNFLAGGED' | 'UNSEEN' | 'SAVEDATESUPPORTED' }
  | { readonly key: 'BCC' | 'BODY' | 'CC' | 'FROM' | 'SUBJECT' | 'TEXT' | 'TO'; readonly text: ImapText }
  | { readonly key: 'HEADER'; readonly field: ImapText; readonly text: ImapText }
  | { readonly key: 'KEYWORD' | 'UNKEYWORD'; readonly keyword: string }
  | {
      readonly key: 'BEFORE' | 'ON' | 'SINCE' | 'SENTBEFORE' | 'SENTON' | 'SENTSINCE';
      readonly date: ImapDate;
    }
  | { readonly key: 'SAVEDBEFORE' | 'SAVEDON' | 'SAVEDSINCE'; readonly date: ImapDate }
  | { readonly key: 'LARGER' | 'SMALLER'; readonly octets: number }
  /** RFC 5032; seconds. */
  | { readonly key: 'OLDER' | 'YOUNGER'; readonly seconds: number }
  /** Sequence numbers, or `$`. */
  | { readonly key: 'SEQUENCE' | 'UID'; readonly set: SequenceSet }
  /** RFC 9738. */
  | { readonly key: 'UIDAFTER' | 'UIDBEFORE'; readonly uid: number }
  /** FUZZY is of RFC 6203. */
  | { readonly key: 'NOT' | 'FUZZY'; readonly of: SearchKey }
  | { readonly key: 'OR'; readonly of: readonly [SearchKey, SearchKey] }
  /** All of them. */
  | { readonly key: 'AND'; readonly of: readonly SearchKey[] }
  /** RFC 7162 §3.1.5. */
  | {
      readonly key: 'MODSEQ';
      readonly modseq: bigint;
      readonly entry?: { readonly name: ImapText; readonly type: 'priv' | 'shared' | 'all' };
    }
  /** RFC 8474. */
  | { readonly key: 'EMAILID' | 'THREADID'; readonly id: string }
  /** RFC 5466. */
  | { readonly key: 'FILTER'; readonly filter: string }
  /** X-GM-EXT-1. */
  | { readonly key: 'X-GM-RAW'; readonly text: ImapText }
  | { readonly key: 'X-GM-LABELS'; readonly label: ImapText }
  | { readonly key: 'X-GM-MSGID' | 'X-GM-THRID'; readonly id: bigint };

/** RETURN of SEARCH and SORT (RFC 9051 §6.4.4; RFC 5267; RFC 9394). */
export type SearchReturn =
  | 'MIN'
  | 'MAX'
  | 'ALL'
  | 'COUNT'
  | 'SAVE'
  | 'CONTEXT'
  | 'UPDATE'
  /** Such as `1:100` or `-1:-100`. */
  | { readonly partial: string }
  /** One that is not known. */
  | { readonly other: string; readonly value?: ImapValue };
