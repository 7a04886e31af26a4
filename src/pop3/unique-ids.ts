import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import type { Pop3UniqueId } from './reply.js';

/** A message with its unique-id, as `Pop3UniqueId` has it. */
export type ListedMessage = Omit<Pop3UniqueId, 'type'>;

/** What became of the messages since the last time. */
export interface UniqueIdChanges<Message extends ListedMessage = Pop3UniqueId> {
  /** Messages that were not there, in the server's order. */
  readonly fresh: readonly Message[];
  /** Unique-ids that were there and are not any more. */
  readonly gone: readonly string[];
  /** All that are there now, for the next time. */
  readonly known: readonly string[];
}

/**
 * What is new in a mailbox whose mail is left on the server, and what is gone
 * (RFC 1939 §7 UIDL, §8). Two messages with one unique-id, which some servers
 * give to equal messages, count as two: as many of them are fresh as there are
 * more than last time.
 *
 * @param known - unique-ids of the last time, `known` of what this gave then.
 * @param listed - what UIDL lists now.
 * @throws MailsealError `usage` for what cannot be gone through.
 *
 * @example
 * ```ts
 * import { compareUniqueIds } from 'mailseal/pop3';
 *
 * const { fresh, gone } = compareUniqueIds(['a', 'b'], [{ message: 1, uid: 'b' }, { message: 2, uid: 'c' }]);
 * console.log(fresh, gone); // [ { message: 2, uid: 'c' } ] [ 'a' ]
 * ```
 */
export function compareUniqueIds<Message extends ListedMessage>(
  known: Iterable<string>,
  listed: Iterable<Message>,
): UniqueIdChanges<Message> {
  if (typeof known?.[Symbol.iterator] !== 'function' || typeof listed?.[Symbol.iterator] !== 'function')
    throw usage('unique-ids and messages are wanted as arrays, or as what else can be gone through');
  const left = new Map<string, number>();
  for (const uid of known) left.set(uid, (left.get(uid) ?? 0) + 1);
  const fresh: Message[] = [];
  const now: string[] = [];
  for (const uniqueId of listed) {
    if (Object(uniqueId) !== uniqueId)
      throw usage(`a message with its unique-id is wanted, not ${shown(uniqueId)}`);
    const { uid } = uniqueId;
    now.push(uid);
    const count = left.get(uid) ?? 0;
    if (count === 0) fresh.push(uniqueId);
    else left.set(uid, count - 1);
  }
  const gone: string[] = [];
  for (const [uid, count] of left) for (let at = 0; at < count; at++) gone.push(uid);
  return { fresh, gone, known: now };
}
