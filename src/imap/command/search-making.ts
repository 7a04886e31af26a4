import { MailsealError } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SearchContext, SearchMatcher } from './search-facts.js';
import type { SearchKey } from './search-key.js';

const DEEPEST = 1000;

/** A matcher while it is made, and what it shares with those that it is made of. */
export interface Making {
  readonly context: SearchContext;
  /** What was made of filters, by name; `undefined` while that is made. */
  readonly filters: Map<string, MadeFilter | undefined>;
  /** How deep keys were so far. */
  deepest: number;
  /** The message that is looked at; each time another number. */
  question: number;
  questions: number;
}

interface MadeFilter {
  readonly matches: SearchMatcher;
  /** How many keys inside each other it has. */
  readonly height: number;
}

/**
 * A filter is made once and asked once for each message, however often it is
 * named: filters that name others twice would take twice as long for each of
 * those.
 */
export function inFilter(
  name: string,
  making: Making,
  depth: number,
  allOf: (keys: readonly SearchKey[], making: Making, depth: number) => SearchMatcher,
): SearchMatcher {
  const { filters } = making;
  let made = filters.get(name);
  if (made === undefined) {
    if (filters.has(name)) throw refused(`the filter ${shown(name)} needs itself`);
    const keys = making.context.filter?.(name);
    if (keys === undefined) throw refused(`there is no filter ${shown(name)}`);
    filters.set(name, undefined);
    const deepestElsewhere = making.deepest;
    making.deepest = depth;
    const matches = oncePerMessage(allOf(keys, making, depth), making);
    made = { matches, height: making.deepest - depth };
    making.deepest = Math.max(deepestElsewhere, making.deepest);
    filters.set(name, made);
  } else goTo(depth + made.height, making);
  return made.matches;
}

function oncePerMessage(matches: SearchMatcher, making: Making): SearchMatcher {
  let askedIn = 0;
  let answer = false;
  return (facts) => {
    const { question } = making;
    if (askedIn !== question) {
      answer = matches(facts);
      askedIn = question;
    }
    return answer;
  };
}

/** Goes to keys that are so deep. */
export function goTo(depth: number, making: Making): void {
  if (depth > DEEPEST) {
    throw new MailsealError('limit-depth', `search keys are more than ${DEEPEST} deep; search in steps`);
  }
  if (depth > making.deepest) making.deepest = depth;
}

export function refused(message: string): MailsealError {
  return new MailsealError('imap-refused', message);
}
