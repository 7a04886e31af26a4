import { decodeText, type ImapText } from '../../src/imap/text.js';
import { writeDateTime } from '../../src/imap/values/date-time.js';
import type { ImapValue } from '../../src/imap/values/value.js';
import { written } from './imap-syntax.js';

/** A struct of the corpus. */
export const struct = (type: string, fields: Record<string, unknown>): Record<string, unknown> => ({
  $type: type,
  ...fields,
});

/** `\Seen` is the symbol `Seen`, in letters of one form; a keyword is a string. */
export function flag(text: ImapText): unknown {
  const decoded = decodeText(text);
  if (!decoded.startsWith('\\')) return decoded;
  return { $symbol: decoded.charAt(1).toUpperCase() + decoded.slice(2).toLowerCase() };
}

export function integer(value: number | bigint): unknown {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? { $bigint: String(value) } : Number(value);
}

export const optional = (text: ImapText | undefined): string | null =>
  text === undefined ? null : decodeText(text);

/** A value without its type; the case of the letters of NIL, which is a word like others there, is not kept by us. */
export function plainValue(value: ImapValue): unknown {
  if (value.type === 'list') return value.items.map(plainValue);
  if (value.type === 'nil') return 'nil';
  if (value.type === 'atom' && /^\d+$/.test(value.text)) return Number(value.text);
  return decodeText(value.text);
}

/** `date-time` without its quotation marks. */
export function dateTime(value: Parameters<typeof writeDateTime>[1]): string {
  return written(writeDateTime, value).slice(1, -1);
}
