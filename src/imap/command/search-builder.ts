import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import { isAtom } from '../syntax/writer.js';
import type { ImapText } from '../text.js';
import { formatDate, type ImapDate } from '../values/date-time.js';
import { parseSequenceSet, sequenceSetOf } from '../values/sequence-numbers.js';
import { formatSequenceSet, type SequenceSet } from '../values/sequence-set.js';
import type { SearchKey } from './search-key.js';

/** A day to search by: its parts, or text such as `2024-02-29`. */
export type SearchDate = ImapDate | `${number}-${number}-${number}`;

/** Messages to search for: a set, text such as `1:5,9`, or their numbers. */
export type SearchNumbers = SequenceSet | string | Iterable<number>;

type DateKey = Extract<SearchKey, { readonly date: ImapDate }>['key'];
type TextKey = Exclude<Extract<SearchKey, { readonly text: ImapText }>, { readonly field: ImapText }>['key'];
type FlagKey = 'ANSWERED' | 'DELETED' | 'DRAFT' | 'FLAGGED' | 'SEEN';
type PlainKey = FlagKey | `UN${FlagKey}` | 'ALL' | 'NEW' | 'OLD' | 'RECENT';

const textKey =
  (key: TextKey) =>
  (text: ImapText): SearchKey => ({ key, text });

const dateKey =
  (key: DateKey) =>
  (date: SearchDate): SearchKey => ({ key, date: dateOfText(date) });

const plainKey = (key: PlainKey): SearchKey => ({ key });

function dateOfText(date: SearchDate): ImapDate {
  let parts = date;
  if (typeof parts === 'string') {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(parts);
    if (match === null) throw usage(`a day is written as 2024-02-29, not ${parts}`);
    parts = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  }
  // This refuses days that no month has.
  formatDate(parts);
  return parts;
}

function numbersOf(numbers: SearchNumbers): SequenceSet {
  const set =
    typeof numbers === 'string'
      ? parseSequenceSet(numbers)
      : isSet(numbers)
        ? numbers
        : sequenceSetOf(numbers);
  formatSequenceSet(set);
  return set;
}

function isSet(numbers: Exclude<SearchNumbers, string>): numbers is Exclude<SequenceSet, '$'> {
  return Array.isArray(numbers) && numbers.length > 0 && typeof numbers[0] === 'object';
}

function keyword(key: 'KEYWORD' | 'UNKEYWORD'): (word: string) => SearchKey {
  return (word) => {
    if (!isAtom(word)) {
      throw usage(`a keyword such as $Junk is wanted, not ${shown(word)}`);
    }
    return { key, keyword: word };
  };
}

/** The keys that say the opposite of each other (RFC 9051 §6.4.4). */
const OPPOSITES: ReadonlyMap<string, PlainKey> = /* @__PURE__ */ new Map<PlainKey, PlainKey>([
  ['ANSWERED', 'UNANSWERED'],
  ['UNANSWERED', 'ANSWERED'],
  ['DELETED', 'UNDELETED'],
  ['UNDELETED', 'DELETED'],
  ['DRAFT', 'UNDRAFT'],
  ['UNDRAFT', 'DRAFT'],
  ['FLAGGED', 'UNFLAGGED'],
  ['UNFLAGGED', 'FLAGGED'],
  ['SEEN', 'UNSEEN'],
  ['UNSEEN', 'SEEN'],
]);

function not(of: SearchKey): SearchKey {
  if (of.key === 'NOT') return of.of;
  const opposite = OPPOSITES.get(of.key);
  return opposite === undefined ? { key: 'NOT', of } : plainKey(opposite);
}

function and(...keys: readonly SearchKey[]): SearchKey {
  const of = keys.flatMap((key) => (key.key === 'AND' ? key.of : [key]));
  return of.length === 0 ? plainKey('ALL') : of.length === 1 ? of[0]! : { key: 'AND', of };
}

/** OR takes two keys. Halving keeps many of them from standing deep inside each other, which servers bound. */
function or(...keys: readonly SearchKey[]): SearchKey {
  if (keys.length === 0) return not(plainKey('ALL'));
  if (keys.length === 1) return keys[0]!;
  const middle = keys.length >>> 1;
  return { key: 'OR', of: [or(...keys.slice(0, middle)), or(...keys.slice(middle))] };
}

/** The keys that {@link search} makes. */
export interface SearchBuilder {
  readonly all: SearchKey;
  readonly answered: SearchKey;
  readonly deleted: SearchKey;
  readonly draft: SearchKey;
  readonly flagged: SearchKey;
  readonly seen: SearchKey;
  readonly unanswered: SearchKey;
  readonly undeleted: SearchKey;
  readonly undraft: SearchKey;
  readonly unflagged: SearchKey;
  readonly unseen: SearchKey;
  /** RFC 3501; RFC 9051 has it no more, as the next two. */
  readonly recent: SearchKey;
  /** Recent and not seen. */
  readonly new: SearchKey;
  /** Not recent. */
  readonly old: SearchKey;
  /** Text within a field of the header. */
  readonly from: (text: ImapText) => SearchKey;
  readonly to: (text: ImapText) => SearchKey;
  readonly cc: (text: ImapText) => SearchKey;
  readonly bcc: (text: ImapText) => SearchKey;
  readonly subject: (text: ImapText) => SearchKey;
  /** Text within the named field; empty text finds messages that have the field. */
  readonly header: (field: string, text: ImapText) => SearchKey;
  /** Text within the body. */
  readonly body: (text: ImapText) => SearchKey;
  /** Text within the header or the body. */
  readonly text: (text: ImapText) => SearchKey;
  readonly keyword: (keyword: string) => SearchKey;
  readonly unkeyword: (keyword: string) => SearchKey;
  /** Days of INTERNALDATE. */
  readonly before: (date: SearchDate) => SearchKey;
  readonly on: (date: SearchDate) => SearchKey;
  readonly since: (date: SearchDate) => SearchKey;
  /** Days of the field Date. */
  readonly sentBefore: (date: SearchDate) => SearchKey;
  readonly sentOn: (date: SearchDate) => SearchKey;
  readonly sentSince: (date: SearchDate) => SearchKey;
  /** Days on which the message came to this mailbox (RFC 8514). */
  readonly savedBefore: (date: SearchDate) => SearchKey;
  readonly savedOn: (date: SearchDate) => SearchKey;
  readonly savedSince: (date: SearchDate) => SearchKey;
  /** More octets than so many. */
  readonly larger: (octets: number) => SearchKey;
  readonly smaller: (octets: number) => SearchKey;
  /** RFC 5032; seconds before now. */
  readonly older: (seconds: number) => SearchKey;
  readonly younger: (seconds: number) => SearchKey;
  readonly sequence: (numbers: SearchNumbers) => SearchKey;
  readonly uid: (numbers: SearchNumbers) => SearchKey;
  /** Changed since, with that modification sequence or a later one (RFC 7162). */
  readonly modseq: (modseq: bigint) => SearchKey;
  /** RFC 8474. */
  readonly emailId: (id: string) => SearchKey;
  readonly threadId: (id: string) => SearchKey;
  /** X-GM-EXT-1: as in Gmail's own search field. */
  readonly gmailRaw: (text: ImapText) => SearchKey;
  readonly gmailLabel: (label: ImapText) => SearchKey;
  /** Not exactly, where the server does FUZZY (RFC 6203). */
  readonly fuzzy: (key: SearchKey) => SearchKey;
  readonly not: (key: SearchKey) => SearchKey;
  /** All of them; of none, any message. */
  readonly and: (...keys: readonly SearchKey[]) => SearchKey;
  /** One of them at least; of none, no message. */
  readonly or: (...keys: readonly SearchKey[]) => SearchKey;
}

/**
 * Makes keys to search by. They are values: what makes them checks them, so
 * that the command can be written. For text beyond US-ASCII see
 * {@link searchCharset}.
 *
 * Its functions throw `usage` for a day that no month has, a keyword that is no
 * atom, a number below 0, and `imap-malformed` for text that is no set.
 *
 * @example
 * ```ts
 * import { search } from 'mailseal/imap';
 *
 * const keys = [search.unseen, search.since('2024-02-29'), search.or(search.from('ann'), search.to('ann'))];
 * console.log(keys[1]); // { key: 'SINCE', date: { year: 2024, month: 2, day: 29 } }
 * ```
 */
export const search: SearchBuilder = /* @__PURE__ */ makeBuilder();

function makeBuilder(): SearchBuilder {
  return Object.freeze<SearchBuilder>({
    all: plainKey('ALL'),
    answered: plainKey('ANSWERED'),
    deleted: plainKey('DELETED'),
    draft: plainKey('DRAFT'),
    flagged: plainKey('FLAGGED'),
    seen: plainKey('SEEN'),
    unanswered: plainKey('UNANSWERED'),
    undeleted: plainKey('UNDELETED'),
    undraft: plainKey('UNDRAFT'),
    unflagged: plainKey('UNFLAGGED'),
    unseen: plainKey('UNSEEN'),
    recent: plainKey('RECENT'),
    new: plainKey('NEW'),
    old: plainKey('OLD'),
    from: textKey('FROM'),
    to: textKey('TO'),
    cc: textKey('CC'),
    bcc: textKey('BCC'),
    subject: textKey('SUBJECT'),
    header: (field, text) => ({ key: 'HEADER', field, text }),
    body: textKey('BODY'),
    text: textKey('TEXT'),
    keyword: keyword('KEYWORD'),
    unkeyword: keyword('UNKEYWORD'),
    before: dateKey('BEFORE'),
    on: dateKey('ON'),
    since: dateKey('SINCE'),
    sentBefore: dateKey('SENTBEFORE'),
    sentOn: dateKey('SENTON'),
    sentSince: dateKey('SENTSINCE'),
    savedBefore: dateKey('SAVEDBEFORE'),
    savedOn: dateKey('SAVEDON'),
    savedSince: dateKey('SAVEDSINCE'),
    larger: (octets) => ({ key: 'LARGER', octets: wholeNumber(octets, 0) }),
    smaller: (octets) => ({ key: 'SMALLER', octets: wholeNumber(octets, 0) }),
    older: (seconds) => ({ key: 'OLDER', seconds: wholeNumber(seconds, 1) }),
    younger: (seconds) => ({ key: 'YOUNGER', seconds: wholeNumber(seconds, 1) }),
    sequence: (numbers) => ({ key: 'SEQUENCE', set: numbersOf(numbers) }),
    uid: (numbers) => ({ key: 'UID', set: numbersOf(numbers) }),
    modseq: (modseq) => ({ key: 'MODSEQ', modseq }),
    emailId: (id) => ({ key: 'EMAILID', id }),
    threadId: (id) => ({ key: 'THREADID', id }),
    gmailRaw: (text) => ({ key: 'X-GM-RAW', text }),
    gmailLabel: (label) => ({ key: 'X-GM-LABELS', label }),
    fuzzy: (of) => ({ key: 'FUZZY', of }),
    not,
    and,
    or,
  });
}

function wholeNumber(value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw usage(`a whole number of ${least} or more is wanted, not ${shown(value)}`);
}
