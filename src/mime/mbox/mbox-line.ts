import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { utf8FromBytes } from '../../core/utf8.js';
import { parseDate } from '../fields/date.js';

/** How a mailbox file keeps the lines of its messages from looking like the `From ` line before each. */
export type MboxFormat =
  /** `From ` at the beginning of a line is written `>From `, and what was `>From ` before cannot be told from it. */
  | 'mboxo'
  /** One `>` more is written before every line that has `From ` behind any number of `>`. */
  | 'mboxrd'
  /** As mboxrd, and each message has its body’s octets in Content-Length. */
  | 'mboxcl'
  /** Nothing is quoted, and each message has its body’s octets in Content-Length. */
  | 'mboxcl2';

/** The `From ` line before a message (RFC 4155). What it says is the envelope’s, as the delivering host knew it. */
export interface MboxMarker {
  /** The line without its line end. */
  readonly text: string;
  /** The envelope sender; `undefined` where there is none, or `-`. */
  readonly sender: string | undefined;
  /** When it was delivered; UTC where no zone is named. */
  readonly date: Date | undefined;
}

/** RFC 5322 §2.1.1: the longest line. What is longer is no marker, and so many `>` are no quoting. */
export const LONGEST_MARKER = 998;
/** More octets are needed to tell. */
export const UNDECIDED = -2;
/** `From `. */
const FROM = [0x46, 0x72, 0x6f, 0x6d, 0x20] as const;
const GREATER = 0x3e;
const CR = 0x0d;

/**
 * Where `From ` stands in the line that begins at `line`: there, or behind the
 * `>` that the line begins with. -1 where it does not, {@link UNDECIDED} where
 * the octets end before that is clear.
 */
export function findFrom(octets: Uint8Array, line: number, end: number): number {
  const farthest = line + LONGEST_MARKER;
  let at = line;
  while (at < end && at < farthest && octets[at] === GREATER) at++;
  if (at === farthest) return -1;
  for (let i = 0; i < FROM.length; i++) {
    if (at + i >= end) return UNDECIDED;
    if (octets[at + i] !== FROM[i]) return -1;
  }
  return at;
}

/** The text of a marker line, from its beginning to its line end or the octets’. */
export function markerText(octets: Bytes, line: number, end: number): string {
  const to = end > line && octets[end - 1] === CR ? end - 1 : end;
  const text = latin1FromBytes(octets, line, to);
  return /[\x80-\xff]/.test(text) ? utf8FromBytes(octets.subarray(line, to)) : text;
}

/** What a marker line says. */
export function parseMarker(text: string): MboxMarker {
  const [first, ...rest] = words(text);
  return {
    text,
    sender: first === undefined || first === '-' || isWeekday(first) ? undefined : first,
    date: parseDate((isWeekday(first) ? [first, ...rest] : rest).join(' ')),
  };
}

/**
 * Whether a line that begins with `From ` was written by a program that
 * delivers mail, rather than by somebody who begins a sentence: it has a day of
 * the week, a month and a time behind it, as RFC 4155 wants it; or nothing, or
 * `-`, as some programs write; or, where an empty line stands before it, an
 * address and no more.
 */
export function looksLikeMarker(text: string, afterBlankLine: boolean): boolean {
  const [first, ...rest] = words(text);
  if (first === undefined || (first === '-' && rest.length === 0)) return true;
  if (rest.length === 0) return afterBlankLine && first.includes('@');
  return (
    (isWeekday(first) || rest.some(isWeekday)) &&
    rest.some((word) => MONTH.test(word)) &&
    rest.some((word) => TIME.test(word))
  );
}

const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i;
const TIME = /^\d{1,2}:\d{2}(?::\d{2})?$/;

function isWeekday(word: string | undefined): boolean {
  return word !== undefined && /^(?:mon|tue|wed|thu|fri|sat|sun),?$/i.test(word);
}

function words(text: string): string[] {
  return text
    .slice(FROM.length)
    .split(/[ \t]+/)
    .filter((word) => word !== '');
}
