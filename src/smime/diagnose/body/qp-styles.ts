import type { Bytes } from '../../../core/bytes.js';
import { CR, LF, SPACE, standsAt, TAB } from './lines.js';

/** How an encoder of quoted-printable decides what RFC 2045 §6.7 leaves to it. */
export interface QuotedPrintableStyle {
  /** Characters that a line may have before the `=` of its soft break. */
  readonly room: number;
  /**
   * `strict`: nothing goes beyond the room; `at end`: what ends the line anyway may take the place of the `=`;
   * `late`: the line is broken once it is longer than the room, so that an escape may go beyond it.
   */
  readonly breaks: 'strict' | 'at end' | 'late';
  /** Whether a character of UTF-8 is kept on one line. */
  readonly wholeCharacters: boolean;
  readonly lowerCase: boolean;
  /** What is escaped beside what must be. */
  readonly escapes: Escapes;
}

type Escapes = 'least' | 'From' | 'From and dots' | 'lone dots' | 'tabs' | 'blanks' | 'EBCDIC';

const escapeChoices: readonly Escapes[] = [
  'least',
  'From and dots',
  'lone dots',
  'From',
  'tabs',
  'EBCDIC',
  'blanks',
];
const breakChoices: readonly (readonly [number, QuotedPrintableStyle['breaks']])[] = [
  [75, 'at end'],
  [75, 'strict'],
  [72, 'late'],
  [73, 'strict'],
  [72, 'strict'],
  [71, 'strict'],
  [74, 'strict'],
  [73, 'late'],
  [70, 'strict'],
  [75, 'late'],
  [69, 'late'],
  // Without soft breaks, against the RFC.
  [998, 'strict'],
];
/** Octets that RFC 2045 §6.7 advises to escape for gateways to EBCDIC. */
const notInEbcdic = '!"#$@[\\]^`{|}~';
const digits = '0123456789ABCDEF';
const lowerDigits = '0123456789abcdef';

/** A style and how unusual it is. */
export interface RankedStyle {
  readonly style: QuotedPrintableStyle;
  readonly cost: number;
}

/** The styles of encoders in use, the commonest first. */
export const quotedPrintableStyles: readonly RankedStyle[] = /* @__PURE__ */ rankedStyles();

function rankedStyles(): RankedStyle[] {
  const styles: RankedStyle[] = [];
  for (const lowerCase of [false, true]) {
    for (const wholeCharacters of [false, true]) {
      for (const [e, escapes] of escapeChoices.entries()) {
        for (const [b, [room, breaks]] of breakChoices.entries()) {
          const rare =
            Number(lowerCase) + Number(wholeCharacters) + (e > 0 ? 1 : 0) + (e > 2 ? 1 : 0) + (b > 2 ? 1 : 0);
          styles.push({
            style: { room, breaks, wholeCharacters, lowerCase, escapes },
            cost: 2 + Math.min(rare, 4),
          });
        }
      }
    }
  }
  return styles.toSorted((a, b) => a.cost - b.cost);
}

/** Content as quoted-printable in a style; CRLF stays a line end. */
export function encodeInStyle(content: Uint8Array, style: QuotedPrintableStyle): Bytes {
  const { breaks, lowerCase, escapes, wholeCharacters } = style;
  const hex = lowerCase ? lowerDigits : digits;
  const out = new Uint8Array(content.length * 5 + 16);
  let to = 0;
  let column = 0;
  const atMost = breaks === 'late' ? style.room + 3 : style.room;
  for (let at = 0; at < content.length; at++) {
    const octet = content[at]!;
    if (octet === LF || (octet === CR && content[at + 1] === LF)) {
      if (octet === CR) {
        out[to++] = CR;
        at++;
      }
      out[to++] = LF;
      column = 0;
      continue;
    }
    const unit = wholeCharacters ? characterLength(content, at) : 1;
    for (let tries = 0; tries < 2; tries++) {
      const escaped = isEscaped(content, at, column, escapes);
      const width = escaped ? 3 * unit : 1;
      const last = endsLine(content, at + unit);
      const fits =
        breaks === 'late'
          ? column <= style.room && column + width <= atMost
          : column + width <= atMost + (breaks === 'at end' && last ? 1 : 0);
      if (!fits && column > 0) {
        out[to++] = 0x3d;
        out[to++] = CR;
        out[to++] = LF;
        column = 0;
        // At the start of a line the same octet may need an escape.
        continue;
      }
      for (let i = 0; i < unit; i++) {
        if (escaped) {
          out[to++] = 0x3d;
          out[to++] = hex.charCodeAt(content[at + i]! >> 4);
          out[to++] = hex.charCodeAt(content[at + i]! & 15);
        } else out[to++] = content[at + i]!;
      }
      column += width;
      break;
    }
    at += unit - 1;
  }
  return out.slice(0, to);
}

function isEscaped(content: Uint8Array, at: number, column: number, escapes: Escapes): boolean {
  const octet = content[at]!;
  if (octet === 0x3d || octet > 126) return true;
  if (octet === SPACE || octet === TAB)
    return escapes === 'blanks' || (octet === TAB && escapes === 'tabs') || endsLine(content, at + 1);
  if (octet < 0x20) return true;
  if (escapes === 'EBCDIC') return notInEbcdic.includes(String.fromCharCode(octet));
  if (column > 0) return false;
  if (octet === 0x46) return escapes.startsWith('From') && standsAt(content, at, 'From ');
  if (octet === 0x2e)
    return escapes === 'From and dots' || (escapes === 'lone dots' && endsLine(content, at + 1));
  return false;
}

function endsLine(content: Uint8Array, at: number): boolean {
  if (at >= content.length) return true;
  return content[at] === LF || (content[at] === CR && content[at + 1] === LF);
}

/** How many octets the character of UTF-8 has that begins here; 1 where none does. */
function characterLength(content: Uint8Array, at: number): number {
  const octet = content[at]!;
  const length = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : octet >= 0xc2 ? 2 : 1;
  for (let i = 1; i < length; i++) if ((content[at + i] ?? 0) >> 6 !== 2) return 1;
  return length;
}
