import type { Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { octetsOfWireText, type WireText } from '../core/wire-text.js';

/** The octets of a text that ends no line. */
export function lineOctets(text: WireText, what: string, mayBeEmpty = true): Bytes {
  if (typeof text === 'string' && /\p{Surrogate}/u.test(text))
    throw usage(`${what} has half a character in it`);
  const octets = octetsOfWireText(text);
  if (octets.length === 0 && !mayBeEmpty) throw usage(`${what} is empty`);
  for (const octet of octets) {
    if (octet === 0 || octet === 0x0a || octet === 0x0d) throw usage(`${what} has CR, LF or NUL in it`);
  }
  return octets;
}

/** Whether it is a text of that form. */
export function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

/** A text of printable ASCII without blanks. */
export function asciiWord(text: string, what: string, most = 255): string {
  if (!isText(text, /^[!-~]+$/) || text.length > most)
    throw usage(`${what} is up to ${most} characters of printable ASCII without blanks, not ${shown(text)}`);
  return text;
}

/** Whether it is a number of messages, lines or octets. */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
