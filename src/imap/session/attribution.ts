import type { FetchCommand, ImapCommand, StoreCommand } from '../command/command.js';
import type { CommandFacts } from '../command/command-facts.js';
import type { FetchItem } from '../command/fetch-item.js';
import { fetchHolds } from '../response/decoded-fetch.js';
import type {
  ExtendedSearchResponse,
  FetchResponse,
  ImapResponse,
  StatusResponse,
} from '../response/response.js';
import { sameMailbox } from '../values/hierarchy.js';
import { type NumberRange, rangesHold, resolveSequenceSet } from '../values/sequence-numbers.js';
import { LARGEST_NUMBER } from '../values/sequence-set.js';
import type { SelectedMailbox } from './selected-mailbox.js';

/** A command that waits for its answer. */
export interface AnsweredCommand {
  readonly tag: string;
  readonly command: ImapCommand;
  readonly facts: CommandFacts;
}

/** Codes of untagged OK and NO that belong to one command. */
const codeOwners: Readonly<Record<string, readonly string[]>> = {
  PERMANENTFLAGS: ['SELECT', 'EXAMINE'],
  UIDNEXT: ['SELECT', 'EXAMINE'],
  UIDVALIDITY: ['SELECT', 'EXAMINE'],
  UNSEEN: ['SELECT', 'EXAMINE'],
  HIGHESTMODSEQ: ['SELECT', 'EXAMINE'],
  NOMODSEQ: ['SELECT', 'EXAMINE'],
  MAILBOXID: ['SELECT', 'EXAMINE'],
  UIDNOTSTICKY: ['SELECT', 'EXAMINE'],
  CLOSED: ['SELECT', 'EXAMINE'],
  COPYUID: ['MOVE', 'COPY'],
  APPENDUID: ['APPEND'],
};

/**
 * Finds the command that an untagged response answers: of those that are
 * answered so, and to whose arguments it fits, the oldest, since servers that
 * may have mixed answers up complete commands in order (RFC 9051 §5.5).
 */
export class Attribution {
  /** The numbers of commands, as they can be looked up. */
  readonly #ranges = new WeakMap<ImapCommand, readonly NumberRange[]>();

  /** The command, or `undefined` where the server tells something of its own accord. */
  ownerOf<Command extends AnsweredCommand>(
    response: ImapResponse,
    running: readonly Command[],
    mailbox: SelectedMailbox | undefined,
  ): Command | undefined {
    switch (response.type) {
      case 'OK':
      case 'NO':
      case 'BAD':
        return ownerOfStatus(response, running);
      case 'ESEARCH':
        return ownerOfSearch(response, running);
      default:
        return running.find(
          ({ command, facts }) =>
            facts.untagged.includes(response.type) && this.#fits(response, command, mailbox),
        );
    }
  }

  #fits(response: ImapResponse, command: ImapCommand, mailbox: SelectedMailbox | undefined): boolean {
    switch (response.type) {
      case 'FETCH':
      case 'UIDFETCH':
        return this.#fitsFetch(response, command, mailbox);
      case 'VANISHED':
        return response.earlier ? asksWhatVanished(command) : !reads.includes(command.name);
      case 'STATUS':
      case 'ACL':
      case 'LISTRIGHTS':
      case 'MYRIGHTS':
      case 'QUOTAROOT':
        // LIST and LSUB tell these of mailboxes that they find (RFC 5819, RFC 8440).
        return !('mailbox' in command) || sameMailbox(response.mailbox, command.mailbox);
      case 'LIST':
      case 'LSUB':
      case 'XLIST':
        return !('patterns' in command) || command.name === response.type;
      case 'SEARCH':
      case 'SORT':
      case 'THREAD':
        return command.name === response.type;
      default:
        return true;
    }
  }

  #fitsFetch(response: FetchResponse, command: ImapCommand, mailbox: SelectedMailbox | undefined): boolean {
    if (command.name !== 'FETCH' && command.name !== 'STORE') return true;
    const { number } = response;
    const isLast = number === mailbox?.exists;
    let named: number | undefined = number;
    if (response.type === 'FETCH' && command.uid === true) named = response.uid ?? mailbox?.uidOf(number);
    if (named !== undefined && !this.#names(command, named, isLast)) return false;
    return holdsAsked(response, command);
  }

  /** Whether the command's set holds a number; the last one is in each that has `*` (RFC 9051 §9). */
  #names(command: FetchCommand | StoreCommand, number: number, isLast: boolean): boolean {
    const { set } = command;
    // What the server has saved is not known here.
    if (set === '$') return true;
    if (isLast && set.some(({ from, to }) => from === '*' || to === '*')) return true;
    let ranges = this.#ranges.get(command);
    if (ranges === undefined) {
      ranges = resolveSequenceSet(set, LARGEST_NUMBER);
      this.#ranges.set(command, ranges);
    }
    return rangesHold(ranges, number);
  }
}

/** Commands whose answers say nothing by which one could be told from another's, where no tag is in them. */
const answeredAlike: readonly string[] = ['SEARCH', 'SORT', 'THREAD', 'LIST', 'LSUB', 'XLIST'];

/** Whether it could not be told which of two commands a response answers, were both under way. */
export function areAnsweredAlike(a: ImapCommand, b: ImapCommand): boolean {
  if (a.name !== b.name || !answeredAlike.includes(a.name)) return false;
  // RFC 4466 §2.6.1: what RETURN brings about, ESEARCH, names the tag.
  const isTagged = (command: ImapCommand) => 'return' in command && command.return !== undefined;
  return !(a.name === 'SEARCH' || a.name === 'SORT') || !isTagged(a) || !isTagged(b);
}

/** Commands that make no message go. */
const reads: readonly string[] = ['FETCH', 'SELECT', 'EXAMINE'];

/** RFC 7162 §3.2.5, §3.2.6: who asks which messages have vanished since is told EARLIER. */
function asksWhatVanished(command: ImapCommand): boolean {
  if (command.name === 'FETCH') return command.vanished === true;
  return (command.name === 'SELECT' || command.name === 'EXAMINE') && command.qresync !== undefined;
}

/** What a server may tell of a message at any time. */
const changing: readonly FetchItem[] = ['FLAGS', 'MODSEQ', 'ALL', 'FAST', 'FULL'];

/** Whether there is something in it that was asked for, and not only a change of flags that the server tells of its own accord. */
function holdsAsked(response: FetchResponse, command: ImapCommand): boolean {
  if (command.name !== 'FETCH') return true;
  if (command.changedSince !== undefined || command.items.some((item) => changing.includes(item)))
    return true;
  if (response.flags === undefined && response.modseq === undefined) return true;
  // What was left for later stays unread.
  if (
    fetchHolds(response, 'envelope') ||
    fetchHolds(response, 'bodyStructure') ||
    fetchHolds(response, 'body')
  )
    return true;
  return Object.keys(response).some((name) => !tellsChange.has(name));
}

const tellsChange: ReadonlySet<string> = new Set(['type', 'number', 'uid', 'flags', 'modseq']);

function ownerOfStatus<Command extends AnsweredCommand>(
  { code }: StatusResponse,
  running: readonly Command[],
): Command | undefined {
  if (code === undefined) return undefined;
  if (code.code === 'INPROGRESS' || code.code === 'NOUPDATE') {
    const { tag } = code;
    return tag === undefined ? undefined : running.find((command) => command.tag === tag);
  }
  const owners = codeOwners[code.code];
  return owners && running.find(({ command }) => owners.includes(command.name));
}

function ownerOfSearch<Command extends AnsweredCommand>(
  { correlator }: ExtendedSearchResponse,
  running: readonly Command[],
): Command | undefined {
  // RFC 4466 §2.6.2: without a correlator it is not the answer to a command.
  if (correlator === undefined) return undefined;
  return running.find(({ tag }) => tag === correlator);
}
