import { type Bytes, latin1FromBytes } from '../core/bytes.js';
import { wireTextOf } from '../core/wire-text.js';
import type { Pop3Command } from './command.js';
import type { Pop3Quirk } from './quirks.js';
import type { Pop3Data, Pop3MailboxState, Pop3Status } from './reply.js';

/** Whether a quirk is on; it is noted if so. */
export type QuirkNote = (quirk: Pop3Quirk) => boolean;

/**
 * Reads a status line; `undefined` where it is none. A status indicator ends
 * with a blank or with the line (RFC 1939 §3).
 */
export function readStatus(line: Bytes, quirk: QuirkNote): Pop3Status | undefined {
  const isOk = startsWithWord(line, '+OK', quirk);
  if (!isOk && !startsWithWord(line, '-ERR', quirk)) return undefined;
  const rest = line.subarray(isOk ? 4 : 5);
  const code = readCode(rest);
  if (code === undefined) return { isOk, text: wireTextOf(rest) };
  const after = rest.subarray(code.length + 2);
  return { isOk, code: code.toUpperCase(), text: wireTextOf(after[0] === 0x20 ? after.subarray(1) : after) };
}

function startsWithWord(line: Bytes, word: string, quirk: QuirkNote): boolean {
  const { length } = word;
  if (line.length < length || (line.length > length && line[length] !== 0x20)) return false;
  const found = latin1FromBytes(line, 0, length);
  return found === word || (found.toUpperCase() === word && quirk('lower-case-status'));
}

/** RFC 2449 §8: a code is made of levels with slashes between them; what else may stand in brackets is text. */
function readCode(rest: Bytes): string | undefined {
  if (rest[0] !== 0x5b) return undefined;
  const end = rest.subarray(0, 256).indexOf(0x5d);
  if (end < 2) return undefined;
  const code = latin1FromBytes(rest, 1, end);
  return /^[!-.0-Z^-~]+(?:\/[!-.0-Z^-~]+)*$/.test(code) ? code : undefined;
}

/** What a continuation request says: base64 (RFC 5034 §4); `undefined` where the line is none. */
export function readContinuation(line: Bytes): Bytes | undefined {
  if (line[0] !== 0x2b || (line.length > 1 && line[1] !== 0x20)) return undefined;
  return line.subarray(2);
}

/** Reads a line of the list that answers a command. */
export function readListLine(line: Bytes, command: Pop3Command, quirk: QuirkNote): Pop3Data {
  return dataOf(line, command, quirk) ?? { type: 'line', octets: line.slice() };
}

/** What a single-line reply says beside its status; `undefined` where it says nothing more, or something else. */
export function readSingleData(text: Bytes, command: Pop3Command, quirk: QuirkNote): Pop3Data | undefined {
  if (command.name === 'STAT') {
    const mailbox = readMailboxState(text, quirk);
    return mailbox === undefined ? undefined : { type: 'mailbox', mailbox };
  }
  return command.name === 'LIST' || command.name === 'UIDL' ? dataOf(text, command, quirk) : undefined;
}

function dataOf(line: Bytes, command: Pop3Command, quirk: QuirkNote): Pop3Data | undefined {
  switch (command.name) {
    case 'LIST': {
      const [message, size] = words(line, quirk);
      const listing = { message: wholeNumber(message), size: wholeNumber(size) };
      return listing.message > 0 && listing.size >= 0 ? { type: 'listing', listing } : undefined;
    }
    case 'UIDL': {
      const [message, uid = '', ...more] = words(line, quirk);
      const number = wholeNumber(message);
      // RFC 1939 §7 allows 70 characters; longer ones are seen and do no harm.
      if (!(number > 0) || !/^[!-~]+$/.test(uid) || more.length > 0) return undefined;
      return { type: 'unique-id', uniqueId: { message: number, uid } };
    }
    case 'CAPA': {
      const [name, ...parameters] = words(line, quirk);
      return name === undefined
        ? undefined
        : { type: 'capability', capability: { name: name.toUpperCase(), parameters } };
    }
    case 'AUTH': {
      const [mechanism, ...more] = words(line, quirk);
      return mechanism === undefined || more.length > 0
        ? undefined
        : { type: 'mechanism', mechanism: mechanism.toUpperCase() };
    }
    case 'LANG': {
      const blank = line.indexOf(0x20);
      const tag = latin1FromBytes(line, 0, blank < 0 ? line.length : blank);
      const description = wireTextOf(blank < 0 ? new Uint8Array(0) : line.subarray(blank + 1));
      return tag === '' ? undefined : { type: 'language', language: { tag, description } };
    }
    default:
      return undefined;
  }
}

function readMailboxState(text: Bytes, quirk: QuirkNote): Pop3MailboxState | undefined {
  const [messages, size] = words(text, quirk);
  const state = { messages: wholeNumber(messages), size: wholeNumber(size) };
  return state.messages >= 0 && state.size >= 0 ? state : undefined;
}

/** The words of a line. RFC 1939 §5 has exactly one blank between two and none at the end. */
function words(line: Bytes, quirk: QuirkNote): string[] {
  const parts = latin1FromBytes(line).split(' ');
  if (!parts.includes('')) return parts;
  return quirk('blank-before-line-end') ? parts.filter((part) => part !== '') : [];
}

/** NaN where it is none. */
function wholeNumber(word: string | undefined): number {
  return word !== undefined && /^[0-9]{1,15}$/.test(word) ? Number(word) : Number.NaN;
}
