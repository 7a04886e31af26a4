import { parseDate } from '../fields/date.js';
import type { HeaderFields } from '../fields/header-fields.js';
import { Lexer } from '../fields/lexer.js';

/** A value with the name of the system that it belongs to, such as `rfc822; a@b.example` (RFC 3464 §2.1.2). */
export interface TypedValue {
  /** Lower case, such as `rfc822`, `dns`, `smtp`; `''` where the value names none. */
  readonly type: string;
  readonly value: string;
}

/** `type; value` of a field; `undefined` where the field is not there. */
export function typedField(headers: HeaderFields, name: string): TypedValue | undefined {
  const value = headers.get(name)?.value;
  if (value === undefined) return undefined;
  const lexer = new Lexer(value);
  lexer.skipCfws();
  const type = lexer.until(';(').toLowerCase();
  lexer.skipCfws();
  if (lexer.peek() !== ';') return { type: '', value };
  const rest = value.slice(lexer.at + 1).trim();
  return { type, value: type === 'utf-8' ? withoutEscapes(rest) : rest };
}

/** RFC 6533 §3: `\x{5C}` in an address of the type utf-8 stands for a character. */
function withoutEscapes(address: string): string {
  return address.replace(/\\x\{([0-9A-Fa-f]{2,6})\}/g, (whole, code: string) => {
    const point = Number.parseInt(code, 16);
    const isCharacter = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : whole;
  });
}

/** The first word of a field, lower case, without comments. */
export function wordField(headers: HeaderFields, name: string): string | undefined {
  const value = headers.get(name)?.value;
  if (value === undefined) return undefined;
  const lexer = new Lexer(value);
  lexer.skipCfws();
  return lexer.until(';(').toLowerCase() || undefined;
}

/** A field as text, encoded words undone. */
export function textField(headers: HeaderFields, name: string): string | undefined {
  return headers.get(name)?.text;
}

/** A field as a point in time. */
export function dateField(headers: HeaderFields, name: string): Date | undefined {
  const value = headers.get(name)?.value;
  return value === undefined ? undefined : parseDate(value);
}
