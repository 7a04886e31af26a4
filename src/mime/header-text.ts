import { latin1FromBytes } from '../core/bytes.js';
import { strictUtf8FromBytes } from '../core/utf8.js';
import { decode as decodeIso2022jp } from '../iso2022jp/decode.js';
import type { MimeDefectCode } from './defects.js';
import { trimBlanks } from './lexer.js';

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
 * either end. Octets above 127 are UTF-8 (RFC 6532) where they fit, else one
 * character each; raw ISO-2022-JP, common in old Japanese mail, is undone.
 */
export function textOfHeader(octets: Uint8Array, start: number, end: number): HeaderText {
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
    else text = utf8;
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
