import { shown } from '../../core/shown.js';
import { decodeText, type ImapText } from '../text.js';
import { dateOf, type ImapDate, type ImapDateTime } from '../values/date-time.js';
import { rangesHold, resolveSequenceSet } from '../values/sequence-numbers.js';
import type { SequenceSet } from '../values/sequence-set.js';
import type { SearchContext, SearchFacts, SearchMatcher } from './search-facts.js';
import type { SearchKey } from './search-key.js';
import { expectKey } from './search-key-arguments.js';
import { goTo, inFilter, type Making, refused } from './search-making.js';

/**
 * Makes of the keys of a SEARCH command what says of each message whether it
 * is found (RFC 9051 §6.4.4). Texts are compared without regard to case and to
 * how characters are composed. Letters that a message writes in another
 * charset are the same, since facts are decoded.
 *
 * @throws MailsealError `charset-unknown` where the server answers
 *   `NO [BADCHARSET]`; `imap-refused` for keys that cannot be answered
 *   (X-GM-RAW, a FILTER that is not known or needs itself, OLDER without
 *   `now`); `limit-depth` for keys more than 1,000 deep; `usage` for what is no
 *   key, or lacks what it is about.
 *
 * @example
 * ```ts
 * import { createSearchMatcher, search } from 'mailseal/imap';
 *
 * const isFound = createSearchMatcher([search.unseen, search.subject('MÖTE')], { messages: 1, largestUid: 7 });
 * const facts = {
 *   sequence: 1,
 *   uid: 7,
 *   flags: [],
 *   internalDate: { time: 0, offset: 0 },
 *   size: 1000,
 *   sentDate: () => undefined,
 *   header: (name: string) => (name === 'subject' ? ['Om vårt möte'] : []),
 *   headerText: () => 'Subject: Om vårt möte\r\n',
 *   bodyText: () => '',
 * };
 * console.log(isFound(facts)); // true
 * ```
 */
export function createSearchMatcher(keys: readonly SearchKey[], context: SearchContext): SearchMatcher {
  const making: Making = { context, filters: new Map(), deepest: 0, question: 0, questions: 0 };
  const matches = allOf(keys, making, 0);
  return (facts) => {
    const outer = making.question;
    making.question = ++making.questions;
    try {
      return matches(facts);
    } finally {
      making.question = outer;
    }
  };
}

function allOf(keys: readonly SearchKey[], making: Making, depth: number): SearchMatcher {
  const matchers = keys.map((key) => matcherOf(key, making, depth + 1));
  return (facts) => matchers.every((matches) => matches(facts));
}

function matcherOf(key: SearchKey, making: Making, depth: number): SearchMatcher {
  goTo(depth, making);
  expectKey(key);
  const { context } = making;
  switch (key.key) {
    case 'ALL':
      return () => true;
    case 'ANSWERED':
    case 'DELETED':
    case 'DRAFT':
    case 'FLAGGED':
    case 'RECENT':
    case 'SEEN':
      return withFlag(`\\${key.key}`);
    case 'UNANSWERED':
    case 'UNDELETED':
    case 'UNDRAFT':
    case 'UNFLAGGED':
    case 'UNSEEN':
      return inverted(withFlag(`\\${key.key.slice(2)}`));
    case 'OLD':
      return inverted(withFlag('\\RECENT'));
    case 'NEW': {
      const isRecent = withFlag('\\RECENT');
      const isSeen = withFlag('\\SEEN');
      return (facts) => isRecent(facts) && !isSeen(facts);
    }
    case 'KEYWORD':
      return withFlag(key.keyword);
    case 'UNKEYWORD':
      return inverted(withFlag(key.keyword));
    case 'BCC':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TO':
      return inField(key.key, key.text, context);
    case 'HEADER':
      return inField(decodeText(key.field), key.text, context);
    case 'BODY': {
      const text = foldedText(key.text, context);
      return (facts) => folded(facts.bodyText()).includes(text);
    }
    case 'TEXT': {
      const text = foldedText(key.text, context);
      return (facts) => folded(facts.headerText()).includes(text) || folded(facts.bodyText()).includes(text);
    }
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      return onDay(key.key, key.date, ({ internalDate }) => dayOf(internalDate));
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return onDay(key.key.slice(4), key.date, (facts) => facts.sentDate());
    case 'SAVEDBEFORE':
    case 'SAVEDON':
    case 'SAVEDSINCE':
      // RFC 8514 §4.3: where a message has no save date, its internal date stands for it.
      return onDay(key.key.slice(5), key.date, (facts) => dayOf(facts.saveDate ?? facts.internalDate));
    case 'SAVEDATESUPPORTED':
      return (facts) => facts.saveDate !== undefined;
    case 'LARGER':
      return (facts) => facts.size > key.octets;
    case 'SMALLER':
      return (facts) => facts.size < key.octets;
    case 'OLDER': {
      const time = timeBefore(key.seconds, context);
      return (facts) => facts.internalDate.time <= time;
    }
    case 'YOUNGER': {
      const time = timeBefore(key.seconds, context);
      return (facts) => facts.internalDate.time >= time;
    }
    case 'SEQUENCE':
      return inSet(key.set, context, context.messages, (facts) => facts.sequence);
    case 'UID':
      return inSet(key.set, context, context.largestUid, (facts) => facts.uid);
    case 'UIDAFTER':
      return (facts) => facts.uid > key.uid;
    case 'UIDBEFORE':
      return (facts) => facts.uid < key.uid;
    case 'NOT':
      return inverted(matcherOf(key.of, making, depth + 1));
    case 'FUZZY':
      // RFC 6203 §3: how fuzzy it is, is the server's choice.
      return matcherOf(key.of, making, depth + 1);
    case 'OR': {
      const first = matcherOf(key.of[0], making, depth + 1);
      const second = matcherOf(key.of[1], making, depth + 1);
      return (facts) => first(facts) || second(facts);
    }
    case 'AND':
      return allOf(key.of, making, depth + 1);
    case 'MODSEQ':
      return (facts) => facts.modseq !== undefined && facts.modseq >= key.modseq;
    case 'EMAILID':
      return (facts) => facts.emailId === key.id;
    case 'THREADID':
      return (facts) => facts.threadId === key.id;
    case 'X-GM-LABELS': {
      const label = foldedText(key.label, context);
      return (facts) => facts.gmailLabels?.some((other) => folded(other) === label) === true;
    }
    case 'X-GM-MSGID':
      return (facts) => facts.gmailMessageId === key.id;
    case 'X-GM-THRID':
      return (facts) => facts.gmailThreadId === key.id;
    case 'FILTER':
      return inFilter(key.filter, making, depth + 1, allOf);
    case 'X-GM-RAW':
      throw refused('X-GM-RAW cannot be answered here');
    default:
      throw refused(`the search key ${shown((key as SearchKey).key)} cannot be answered here`);
  }
}

function inverted(matches: SearchMatcher): SearchMatcher {
  return (facts) => !matches(facts);
}

function withFlag(flag: string): SearchMatcher {
  const wanted = flag.toLowerCase();
  return (facts) => facts.flags.some((other) => other.toLowerCase() === wanted);
}

/**
 * RFC 9051 §6.4.4: the letters' case is no difference; i;unicode-casemap (RFC 5051) has no composed characters. Small
 * letters alone would tell the sigma at the end of a Greek word from the others, capital ones alone ẞ from ß. Some
 * capital letters, as that of ΐ, are composed of two, so they are normalised in the end.
 */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
}

function foldedText(text: ImapText, { charset }: SearchContext): string {
  return folded(decodeText(text, charset));
}

function inField(field: string, wanted: ImapText, context: SearchContext): SearchMatcher {
  const name = field.toLowerCase();
  const text = foldedText(wanted, context);
  return (facts) => facts.header(name).some((content) => folded(content).includes(text));
}

function dayOf({ time, offset }: ImapDateTime): ImapDate {
  return dateOf(time, offset);
}

function onDay(
  how: string,
  date: ImapDate,
  dayOfFacts: (facts: SearchFacts) => ImapDate | undefined,
): SearchMatcher {
  const wanted = ordinal(date);
  return (facts) => {
    const day = dayOfFacts(facts);
    if (day === undefined) return false;
    const number = ordinal(day);
    return how === 'ON' ? number === wanted : how === 'BEFORE' ? number < wanted : number >= wanted;
  };
}

/** Orders days; not evenly. */
function ordinal({ year, month, day }: ImapDate): number {
  return (year * 12 + month) * 31 + day;
}

function timeBefore(seconds: number, { now }: SearchContext): number {
  if (now === undefined) throw refused('OLDER and YOUNGER need to know what time it is');
  return now - seconds * 1000;
}

function inSet(
  set: SequenceSet,
  context: SearchContext,
  largest: number,
  numberOf: (facts: SearchFacts) => number,
): SearchMatcher {
  if (set === '$') {
    const saved = context.saved ?? [];
    return (facts) => rangesHold(saved, facts.uid);
  }
  const ranges = resolveSequenceSet(set, largest);
  return (facts) => rangesHold(ranges, numberOf(facts));
}

/**
 * Whether one message is found; for several {@link createSearchMatcher} does
 * what is the same for all of them once.
 *
 * @throws MailsealError as {@link createSearchMatcher}.
 *
 * @example
 * ```ts
 * import { matchesSearch, search } from 'mailseal/imap';
 *
 * const facts = {
 *   sequence: 1,
 *   uid: 7,
 *   flags: ['\\Seen'],
 *   internalDate: { time: 0, offset: 0 },
 *   size: 300,
 *   sentDate: () => undefined,
 *   header: () => ['Ann <ann@example.org>'],
 *   headerText: () => '',
 *   bodyText: () => '',
 * };
 * console.log(matchesSearch([search.from('ann')], facts, { messages: 1, largestUid: 7 })); // true
 * ```
 */
export function matchesSearch(
  keys: readonly SearchKey[],
  facts: SearchFacts,
  context: SearchContext,
): boolean {
  return createSearchMatcher(keys, context)(facts);
}
