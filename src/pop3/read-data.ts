import { bytesFromLatin1 } from '../core/bytes.js';
import { wireTextOf } from '../core/wire-text.js';
import type { Pop3Command } from './command.js';
import type { Pop3Quirk } from './quirks.js';
import type { Pop3Data, Pop3UniqueId } from './reply.js';

/** Whether a quirk is on; it is noted if so. */
export type QuirkNote = (quirk: Pop3Quirk) => boolean;

/**
 * What a line of the list that answers a command says, or the text of a
 * single-line reply: the characters U+0000–U+00FF from `from` to `to`.
 */
export function readData(
  text: string,
  from: number,
  to: number,
  command: Pop3Command,
  quirk: QuirkNote,
): Pop3Data {
  const plain = command.name === 'UIDL' ? plainUniqueId(text, from, to) : undefined;
  if (plain !== undefined) return plain;
  const line = text.slice(from, to);
  return dataOf(line, command, quirk) ?? { type: 'line', octets: bytesFromLatin1(line) };
}

/** A line of UIDL as RFC 1939 §7 has it: mailboxes of ten thousand messages are read at each visit. */
function plainUniqueId(text: string, from: number, to: number): Pop3UniqueId | undefined {
  let message = 0;
  let at = from;
  for (; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    message = message * 10 + digit;
  }
  if (message === 0 || at - from > 15 || at + 1 >= to || text.charCodeAt(at) !== 0x20) return undefined;
  const start = at + 1;
  for (at = start; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x21 || unit > 0x7e) return undefined;
  }
  return { type: 'unique-id', message, uid: text.substring(start, to) };
}

function dataOf(line: string, command: Pop3Command, quirk: QuirkNote): Pop3Data | undefined {
  switch (command.name) {
    case 'UIDL':
      return uniqueId(line, quirk);
    case 'LIST': {
      const [message, size] = wholeNumbers(line, quirk);
      return message! > 0 && size! >= 0 ? { type: 'listing', message: message!, size: size! } : undefined;
    }
    case 'STAT': {
      const [messages, size] = wholeNumbers(line, quirk);
      return messages! >= 0 && size! >= 0 ? { type: 'mailbox', messages: messages!, size: size! } : undefined;
    }
    case 'CAPA': {
      const [name, ...parameters] = words(line, quirk);
      return name === undefined ? undefined : { type: 'capability', name: name.toUpperCase(), parameters };
    }
    case 'AUTH': {
      const [mechanism, ...more] = words(line, quirk);
      return mechanism === undefined || more.length > 0
        ? undefined
        : { type: 'mechanism', mechanism: mechanism.toUpperCase() };
    }
    case 'LANG': {
      const blank = line.indexOf(' ');
      const tag = blank < 0 ? line : line.slice(0, blank);
      const description = blank < 0 ? '' : wireTextOf(bytesFromLatin1(line.slice(blank + 1)));
      return tag === '' ? undefined : { type: 'language', tag, description };
    }
    default:
      return undefined;
  }
}

/** With more blanks than there should be. */
function uniqueId(line: string, quirk: QuirkNote): Pop3Data | undefined {
  const [number = '', uid = '', ...more] = words(line, quirk);
  return more.length > 0 ? undefined : plainUniqueId(`${number} ${uid}`, 0, number.length + 1 + uid.length);
}

/** The first two words as numbers; what follows has no meaning (RFC 1939 §5). */
function wholeNumbers(line: string, quirk: QuirkNote): number[] {
  return words(line, quirk).slice(0, 2).map(wholeNumber);
}

/** The words of a line. RFC 1939 §5 has exactly one blank between two and none at the end. */
function words(line: string, quirk: QuirkNote): string[] {
  const parts = line.split(' ');
  if (!parts.includes('')) return parts;
  return quirk('blank-before-line-end') ? parts.filter((part) => part !== '') : [];
}

/** NaN where it is none. */
function wholeNumber(word: string): number {
  return /^[0-9]{1,15}$/.test(word) ? Number(word) : Number.NaN;
}
