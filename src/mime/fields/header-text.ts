import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { strictUtf8FromBytes, utf8FromBytes } from '../../core/utf8.js';
import { decode as decodeIso2022jp } from '../../iso2022jp/decode.js';
import type { MimeDefectCode } from '../defects.js';
import { trimBlanks } from './lexer.js';
import { textOfRawHeader } from './raw-header.js';

/** The text of a header value, and what it held that a header should not. */
export interface HeaderText {
  readonly text: string;
  readonly defects: readonly MimeDefectCode[];
}

const NO_DEFECTS: readonly MimeDefectCode[] = [];
const ESC = 0x1b;
const LF = 0x0a;
const CR = 0x0d;

/**
 * The text of the octets `[start, end)` of a header value: unfolded (RFC 5322
 * §2.2.3: the line ends go, the blanks after them stay) and without blanks at
 * either end. Octets above 127 are UTF-8 (RFC 6532) where they fit, else
 * Shift_JIS, EUC-JP or windows-1252, whichever they look like; raw ISO-2022-JP,
 * common in old Japanese mail, is undone.
 */
export function textOfHeader(octets: Bytes, start: number, end: number): HeaderText {
  const plain = plainHeader(octets, start, end);
  return (
    (plain === undefined ? undefined : unfoldPlain(plain, 0, end - start)) ?? closely(octets, start, end)
  );
}

/** The octets `[start, end)` as characters where all are ASCII, and neither NUL nor ESC; `undefined` where they are not. */
export function plainHeader(octets: Bytes, start: number, end: number): string | undefined {
  const length = end - start;
  // A call of the platform's decoder has its price; short of this, appending is quicker.
  const text = length < 16 ? latin1FromBytes(octets, start, end) : utf8FromBytes(octets.subarray(start, end));
  if (length < 16) {
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return undefined;
  } else if (text.length !== length || text.includes('\ufffd')) {
    // UTF-8 beyond ASCII gives fewer characters than octets, and what is not UTF-8 gives U+FFFD.
    return undefined;
  }
  return text.includes('\0') || text.includes('\x1b') ? undefined : text;
}

/** The value at `[start, end)` of what {@link plainHeader} gave; `undefined` where a CR ends no line. */
export function unfoldPlain(text: string, start: number, end: number): HeaderText | undefined {
  let value = '';
  let blankEnds = false;
  for (let line = start; line < end; ) {
    let lf = text.indexOf('\n', line);
    if (lf < 0 || lf > end) lf = end;
    let lineEnd = lf < end && lf > line && text.charCodeAt(lf - 1) === CR ? lf - 1 : lf;
    const first = line === start;
    const last = lf + 1 >= end;
    if (first) while (line < lineEnd && isSpace(text.charCodeAt(line))) line++;
    if (last) while (lineEnd > line && isSpace(text.charCodeAt(lineEnd - 1))) lineEnd--;
    const piece = text.slice(line, lineEnd);
    if (piece.includes('\r')) return undefined;
    if (first && last) return { text: piece, defects: NO_DEFECTS };
    blankEnds ||= piece === '';
    value += piece;
    line = lf + 1;
  }
  // Looking at its ends makes one string of the pieces, which is put off until somebody reads it.
  return { text: blankEnds ? trimBlanks(value) : value, defects: NO_DEFECTS };
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

/** What {@link textOfHeader} says, looked at octet by octet. */
function closely(octets: Bytes, start: number, end: number): HeaderText {
  let text = '';
  let from = start;
  let all = 0;
  let escaped = false;
  let nul = false;
  let bareCr = false;
  for (let i = start; i < end; i++) {
    const octet = octets[i]!;
    all |= octet;
    if (octet > 0x1b) continue;
    if (octet === LF) {
      const lineEnd = i > from && octets[i - 1] === CR ? i - 1 : i;
      if (lineEnd > from) text += latin1FromBytes(octets, from, lineEnd);
      from = i + 1;
    } else if (octet === CR) bareCr ||= octets[i + 1] !== LF;
    else if (octet === 0) nul = true;
    else if (octet === ESC) escaped = true;
  }
  if (end > from) text += latin1FromBytes(octets, from, end);
  if (all < 0x80 && !escaped && !nul && !bareCr) return { text: trimBlanks(text), defects: NO_DEFECTS };

  const defects: MimeDefectCode[] = [];
  if (nul) defects.push('header-nul');
  // A CR that ends no line is kept: without it, two pieces would become one name.
  if (bareCr) defects.push('header-bare-cr');
  const value = octets.subarray(start, end);
  const unfolded = value.filter((octet, i) => octet !== LF && !(octet === CR && value[i + 1] === LF));
  if (all >= 0x80) {
    const utf8 = strictUtf8FromBytes(unfolded);
    if (utf8 === undefined) defects.push('header-raw-8bit');
    text = utf8 ?? textOfRawHeader(unfolded);
  } else if (escaped && holdsJisDesignation(unfolded)) {
    defects.push('header-raw-jis');
    text = decodeIso2022jp(unfolded);
  }
  return { text: trimBlanks(text), defects };
}

/** `ESC $` or `ESC (`: octets that switch a character set rather than a stray escape. */
export function holdsJisDesignation(octets: Uint8Array): boolean {
  for (let i = octets.indexOf(ESC); i >= 0; i = octets.indexOf(ESC, i + 1)) {
    if (octets[i + 1] === 0x24 || octets[i + 1] === 0x28) return true;
  }
  return false;
}
