import { MailsealError, usage } from '../core/errors.js';
import { leftToRight, rightToLeft, unassigned } from './saslprep-tables.generated.js';

/** What {@link saslprep} takes beside the text. */
export interface SaslprepOptions {
  /**
   * Whether code points pass that Unicode 3.2 does not assign, emoji among them
   * (RFC 3454 §7: "queries"). Default false, as SCRAM wants it ("stored strings").
   */
  readonly allowUnassigned?: boolean;
}

/**
 * SASLprep (RFC 4013): one form for user names and passwords that look the same,
 * so that they compare equal whatever keyboard they were typed on.
 *
 * @param text - what the user typed.
 * @returns the text with non-ASCII spaces as spaces, soft hyphens and their like
 * gone, and in normalization form KC.
 * @throws MailsealError `sasl-malformed` for characters that must not be in it
 * (controls, private use, lone surrogates, unassigned ones), and for text of mixed
 * direction (RFC 3454 §6); `offset` in UTF-16 units where one character is to blame.
 * @example
 * ```ts
 * import { saslprep } from 'mailseal/sasl';
 *
 * // RFC 4013 §3.
 * console.log(saslprep('I\u00adX')); // IX
 * console.log(saslprep('\u2168')); // IX
 * ```
 */
export function saslprep(text: string, options: SaslprepOptions = {}): string {
  if (typeof text !== 'string') throw usage('SASLprep takes a string');
  if (isPlainAscii(text)) return text;
  const prepared = normalized(mapped(text));
  check(prepared, options.allowUnassigned === true);
  return prepared;
}

function isPlainAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** RFC 4013 §2.1: non-ASCII spaces become spaces, table B.1 becomes nothing. */
function mapped(text: string): string {
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (isNonAsciiSpace(code)) kept += ' ';
    else if (!isMappedToNothing(code)) kept += character;
  }
  return kept;
}

/**
 * RFC 4013 §2.2: form KC of Unicode 3.2. What it does not assign is left as it
 * is: today's tables know more.
 */
function normalized(text: string): string {
  let whole = '';
  let run = '';
  for (const character of text) {
    if (isIn('unassigned', character.codePointAt(0)!)) {
      whole += run.normalize('NFKC') + character;
      run = '';
    } else run += character;
  }
  return whole + run.normalize('NFKC');
}

function check(text: string, allowUnassigned: boolean): void {
  let at = 0;
  let hasRightToLeft = false;
  let hasLeftToRight = false;
  let first = -1;
  let last = -1;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (isProhibited(code) || (!allowUnassigned && isIn('unassigned', code))) {
      // Which one is not said: it may be of a password.
      throw new MailsealError(
        'sasl-malformed',
        'a user name or password has a character that SASLprep (RFC 4013) prohibits',
        {
          offset: at,
        },
      );
    }
    at += character.length;
    hasRightToLeft ||= isIn('rightToLeft', code);
    hasLeftToRight ||= isIn('leftToRight', code);
    if (first < 0) first = code;
    last = code;
  }
  if (!hasRightToLeft) return;
  // RFC 3454 §6: no left-to-right character beside right-to-left ones, which are first and last.
  if (hasLeftToRight || !isIn('rightToLeft', first) || !isIn('rightToLeft', last)) {
    throw new MailsealError(
      'sasl-malformed',
      'a user name or password mixes directions of writing (RFC 3454 §6)',
    );
  }
}

/** Table C.1.2 of RFC 3454. */
function isNonAsciiSpace(code: number): boolean {
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Table B.1. U+200B is in table C.1.2 as well, which RFC 4013 has looked at first. */
function isMappedToNothing(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x1806 ||
    (code >= 0x180b && code <= 0x180d) ||
    code === 0x200c ||
    code === 0x200d ||
    code === 0x2060 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff
  );
}

/** Tables C.1.2 and C.2.1 to C.9 (RFC 4013 §2.3), as ranges. */
const prohibited = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0x340, 0x341],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x2063],
  [0x206a, 0x206f],
  [0x2ff0, 0x2ffb],
  [0x3000, 0x3000],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfeff, 0xfeff],
  [0xfff9, 0xffff],
  [0x1d173, 0x1d17a],
  [0xe0001, 0xe0001],
  [0xe0020, 0xe007f],
  [0xf0000, 0x10ffff],
] as const;

function isProhibited(code: number): boolean {
  // The last two code points of every plane are no characters (table C.4).
  if ((code & 0xfffe) === 0xfffe) return true;
  return prohibited.some(([from, to]) => code >= from && code <= to);
}

const packedTables = { unassigned, rightToLeft, leftToRight };
const unpackedTables = /* @__PURE__ */ new Map<keyof typeof packedTables, readonly number[]>();

/** First and last code points of ranges by turns, in rising order. */
function table(name: keyof typeof packedTables): readonly number[] {
  let bounds = unpackedTables.get(name);
  if (bounds === undefined) {
    let last = 0;
    bounds = packedTables[name].split(' ').map((digits) => {
      last += Number.parseInt(digits, 36);
      return last;
    });
    unpackedTables.set(name, bounds);
  }
  return bounds;
}

function isIn(name: keyof typeof packedTables, code: number): boolean {
  const bounds = table(name);
  let low = 0;
  let high = bounds.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[2 * middle + 1]! < code) low = middle + 1;
    else high = middle;
  }
  return 2 * low < bounds.length && bounds[2 * low]! <= code;
}
