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
  | 'TOOBIG'
  | 'TEMPFAIL'
  | 'BADCOMPARATOR';

/** Each once: a code that is missing, or one too many, does not compile. */
const plain: Readonly<Record<PlainResponseCode, true>> = {
  ALERT: true,
  PARSE: true,
  'READ-ONLY': true,
  'READ-WRITE': true,
  TRYCREATE: true,
  UIDNOTSTICKY: true,
  CLOSED: true,
  NOTSAVED: true,
  UNAVAILABLE: true,
  AUTHENTICATIONFAILED: true,
  AUTHORIZATIONFAILED: true,
  EXPIRED: true,
  PRIVACYREQUIRED: true,
  CONTACTADMIN: true,
  NOPERM: true,
  INUSE: true,
  EXPUNGEISSUED: true,
  CORRUPTION: true,
  SERVERBUG: true,
  CLIENTBUG: true,
  CANNOT: true,
  LIMIT: true,
  OVERQUOTA: true,
  ALREADYEXISTS: true,
  NONEXISTENT: true,
  HASCHILDREN: true,
  'UNKNOWN-CTE': true,
  NOMODSEQ: true,
  COMPRESSIONACTIVE: true,
  USEATTR: true,
  NOTIFICATIONOVERFLOW: true,
  UIDREQUIRED: true,
  TOOBIG: true,
  TEMPFAIL: true,
  BADCOMPARATOR: true,
};

/** All of {@link PlainResponseCode}. */
export const plainResponseCodes: ReadonlySet<string> = /* @__PURE__ */ new Set<string>(
  /* @__PURE__ */ Object.keys(plain),
);

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
  /** RFC 4467 §9: mechanisms that sign URLs; `data` is base64, as the server sends it with a name, and missing without. */
  | {
      readonly code: 'URLMECH';
      readonly mechanisms: readonly { readonly name: string; readonly data?: string }[];
    }
  | { readonly code: 'UNDEFINED-FILTER'; readonly filter: string }
  /**
   * One that is not known, or whose value is not what it should be: the name
   * as it stands, and behind it the values, or the octets where there are no
   * values to be made out.
   */
  | {
      readonly code: 'other';
      readonly name: string;
      readonly values?: readonly ImapValue[];
      readonly octets?: Bytes;
    };
