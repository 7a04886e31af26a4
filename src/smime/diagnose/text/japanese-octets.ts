import { decodeCharset } from '../../../charset/decoder.js';
import type { Bytes } from '../../../core/bytes.js';
import { MailsealError } from '../../../core/errors.js';

/** Charsets that are written here by turning the platform’s decoder round. */
export type PairedCharset = 'shift_jis' | 'euc-jp';

const tables: Partial<Record<PairedCharset, ReadonlyMap<string, number>>> = {};

/**
 * Text in Shift_JIS or EUC-JP as Windows, Unix and the Web write them; `undefined` where a character is not in it.
 * Of a character that stands twice in Shift_JIS the place that Windows writes is taken: NEC’s row 13, then IBM’s.
 */
export function encodePaired(charset: PairedCharset, text: string): Bytes | undefined {
  let table = tables[charset];
  if (table === undefined) {
    table = charset === 'shift_jis' ? shiftJisTable() : eucJpTable();
    tables[charset] = table;
  }
  const octets = new Uint8Array(3 * text.length);
  let to = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      octets[to++] = unit;
      continue;
    }
    const code = table.get(text.charAt(at));
    if (code === undefined) return undefined;
    if (code > 0xffff) octets[to++] = code >> 16;
    if (code > 0xff) octets[to++] = code >> 8;
    octets[to++] = code;
  }
  return octets.slice(0, to);
}

function shiftJisTable(): Map<string, number> {
  const table = new Map<string, number>();
  for (let octet = 0xa1; octet <= 0xdf; octet++) add(table, 'shift_jis', [octet]);
  // NEC’s copy of IBM’s characters, ED and EE, is what nobody writes.
  const leads = [...range(0x81, 0x9f), ...range(0xe0, 0xec), ...range(0xfa, 0xfc), 0xed, 0xee];
  for (const lead of leads) for (const trail of range(0x40, 0xfc)) add(table, 'shift_jis', [lead, trail]);
  addOtherReadings(table);
  return table;
}

function eucJpTable(): Map<string, number> {
  const table = new Map<string, number>();
  for (const octet of range(0xa1, 0xdf)) add(table, 'euc-jp', [0x8e, octet]);
  for (const lead of range(0xa1, 0xfe))
    for (const trail of range(0xa1, 0xfe)) add(table, 'euc-jp', [lead, trail]);
  for (const lead of range(0xa1, 0xfe))
    for (const trail of range(0xa1, 0xfe)) add(table, 'euc-jp', [0x8f, lead, trail]);
  addOtherReadings(table);
  return table;
}

function add(table: Map<string, number>, charset: string, octets: readonly number[]): void {
  const { text, replacements } = decodeCharset(charset, Uint8Array.from(octets));
  if (replacements > 0 || text.length !== 1 || table.has(text)) return;
  table.set(
    text,
    octets.reduce((code, octet) => 256 * code + octet, 0),
  );
}

/** Each with its other reading in Unicode: as Windows has it, and as JIS X 0221 does. */
export const readings: readonly (readonly [windows: string, jis: string])[] = [
  ['～', '〜'],
  ['∥', '‖'],
  ['－', '−'],
  ['￠', '¢'],
  ['￡', '£'],
  ['￢', '¬'],
  ['―', '—'],
];

function addOtherReadings(table: Map<string, number>): void {
  for (const [a, b] of readings) {
    const code = table.get(a) ?? table.get(b);
    if (code === undefined) continue;
    if (!table.has(a)) table.set(a, code);
    if (!table.has(b)) table.set(b, code);
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Text with one reading of the characters that have two; the same string where it has none of them. */
export function withReadings(text: string, which: 'windows' | 'jis'): string {
  const from = which === 'windows' ? 1 : 0;
  let read = text;
  for (const pair of readings) read = read.replaceAll(pair[from]!, pair[1 - from]!);
  return read;
}

/** A text that its octets fit wholly; `undefined` where they do not, or the platform does not know the charset. */
export function decodeWhole(charset: string, octets: Bytes): string | undefined {
  try {
    const { text, replacements } = decodeCharset(charset, octets);
    return replacements === 0 ? text : undefined;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return undefined;
  }
}
