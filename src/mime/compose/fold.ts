import { MailsealError } from '../../core/errors.js';
import { bytesFromUtf8 } from '../../core/utf8.js';
import { LONGEST_LINE } from '../structure/open-boundaries.js';

/** A piece of a field's value that stays on one line, and the blanks before it, where a line may be folded. */
export interface Piece {
  /** One or more spaces; what follows them is never nothing, so that no line is blank or ends in blanks. */
  readonly blanks: string;
  readonly text: string;
}

/** RFC 2047 §2 wants at most 76 characters on a line with an encoded word; RFC 5322 §2.1.1 up to 78 on others. */
export const FOLD_WIDTH = 76;

/** The octets that a text takes: more than its length only in UTF-8 headers (RFC 6532). */
export function octetLength(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : bytesFromUtf8(text).length;
}

/**
 * Writes a header field with its CRLF, in lines of up to {@link FOLD_WIDTH}
 * octets where its pieces allow it. Lines are folded before blanks (RFC 5322
 * §2.2.3), so that unfolding gives the value, and that relays which strip
 * trailing blanks find none.
 *
 * @throws MailsealError `mime-line-too-long` where a piece does not fit into a line of 998 octets.
 */
export function foldField(name: string, pieces: readonly Piece[]): string {
  let lines = '';
  let line = `${name}:`;
  let width = line.length;
  for (const [index, { blanks, text }] of pieces.entries()) {
    const added = blanks.length + octetLength(text);
    // After the name alone a fold helps only where the piece then fits.
    if (width + added > FOLD_WIDTH && (index > 0 || added <= FOLD_WIDTH || width + added > LONGEST_LINE)) {
      lines += `${line}\r\n`;
      line = '';
      width = 0;
    }
    line += blanks + text;
    width += added;
    if (width > LONGEST_LINE) {
      throw new MailsealError(
        'mime-line-too-long',
        `the field ${name} has a word of ${octetLength(text)} octets, and a line may have ${LONGEST_LINE}; it cannot be folded`,
        { fault: 'usage' },
      );
    }
  }
  return `${lines}${line}\r\n`;
}
