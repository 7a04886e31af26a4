import type { Bytes } from '../../core/bytes.js';
import type { ImapText } from '../text.js';
import type { SequenceSet } from '../values/sequence-set.js';
import type { ImapValue } from '../values/value.js';

/** Codes that stand alone in their brackets. */
export type PlainResponseCode =
  | 'ALERT'
  | 'PARSE'
  | 'READ-ONLY'
  | 'READ-WRITE'
  | 'TRYCREATE'
  | 'UIDNOTSTICKY'
  | 'CLOSED'
  | 'NOTSAVED'
  | 'UNAVAILABLE'
  | 'AUTHENTICATIONFAILED'
  | 'AUTHORIZATIONFAILED'
  | 'EXPIRED'
  | 'PRIVACYREQUIRED'
  | 'CONTACTADMIN'
  | 'NOPERM'
  | 'INUSE'
  | 'EXPUNGEISSUED'
  | 'CORRUPTION'
  | 'SERVERBUG'
  | 'CLIENTBUG'
  | 'CANNOT'
  | 'LIMIT'
  | 'OVERQUOTA'
  | 'ALREADYEXISTS'
  | 'NONEXISTENT'
  | 'HASCHILDREN'
  | 'UNKNOWN-CTE'
  | 'NOMODSEQ'
  | 'COMPRESSIONACTIVE'
  | 'USEATTR'
  | 'NOTIFICATIONOVERFLOW'
  | 'UIDREQUIRED'
  | 'TOOBIG';

/** What stands in brackets before the text of a status response (RFC 9051 §7.1). */
export type ResponseCode =
  | { readonly code: PlainResponseCode }
  | { readonly code: 'BADCHARSET'; readonly charsets: readonly ImapText[] }
  | { readonly code: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly code: 'PERMANENTFLAGS'; readonly flags: readonly string[] }
  | { readonly code: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'; readonly number: number }
  | { readonly code: 'HIGHESTMODSEQ'; readonly modseq: bigint }
  | { readonly code: 'MODIFIED'; readonly set: SequenceSet }
  | { readonly code: 'APPENDUID'; readonly uidValidity: number; readonly uids: SequenceSet }
  | {
      readonly code: 'COPYUID';
      readonly uidValidity: number;
      readonly from: SequenceSet;
      readonly to: SequenceSet;
    }
  | { readonly code: 'BADEVENT'; readonly events: readonly string[] }
  | { readonly code: 'BADURL'; readonly url: ImapText }
  | { readonly code: 'NOUPDATE'; readonly tag: ImapText }
  | { readonly code: 'MAILBOXID'; readonly id: string }
  | { readonly code: 'REFERRAL'; readonly url: ImapText }
  | { readonly code: 'METADATA'; readonly problem: 'LONGENTRIES' | 'MAXSIZE'; readonly octets: bigint }
  | { readonly code: 'METADATA'; readonly problem: 'TOOMANY' | 'NOPRIVATE' }
  | { readonly code: 'MESSAGELIMIT'; readonly limit: number; readonly uid?: number }
  | {
      readonly code: 'INPROGRESS';
      readonly tag?: ImapText;
      readonly progress?: number;
      readonly goal?: number;
    }
  | { readonly code: 'JMAPACCESS'; readonly url: ImapText }
  | { readonly code: 'UNDEFINED-FILTER'; readonly filter: string }
  /** One that is not known; or one whose value is not what it should be: `values` as they stand, else `octets`. */
  | {
      readonly code: 'other';
      readonly name: string;
      readonly values?: readonly ImapValue[];
      readonly octets?: Bytes;
    };
