import { type MimeDefect, mimeDefect } from '../defects.js';
import { assertText, Lexer } from './lexer.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Hours from UTC of the zones with names (RFC 5322 §4.3). JST is not among the
 * RFC's, but in much Japanese mail. Others, single letters too, count as UTC, as the RFC has it.
 */
const ZONES: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ...([
    ['ut', 0],
    ['gmt', 0],
    ['utc', 0],
    ['z', 0],
    ['est', -5],
    ['edt', -4],
    ['cst', -6],
    ['cdt', -5],
  ] as const),
  ...([
    ['mst', -7],
    ['mdt', -6],
    ['pst', -8],
    ['pdt', -7],
    ['jst', 9],
  ] as const),
]);

/**
 * Reads the value of a Date field (RFC 5322 §3.3 and §4.3): obsolete zone
 * names, years of two and three digits, comments, a missing or wrong day of the
 * week and missing seconds are understood, and the order of C's `asctime` and of ISO 8601. A
 * missing or unknown zone counts as UTC.
 *
 * @param value the value, with or without its line folds
 * @returns the moment, or `undefined` when the value is none, such as 30 February
 * @example
 * ```ts
 * import { parseDate } from 'mailseal/mime';
 *
 * console.log(parseDate('Fri, 20 Nov 98 22:03:23 JST (Japan)')?.toISOString()); // 1998-11-20T13:03:23.000Z
 * ```
 */
export function parseDate(value: string): Date | undefined {
  return readDate(value)?.date;
}

/** What a Date field says, and what was wrong with it. */
export interface DateTime {
  /** The moment; `undefined` where the value is none. */
  readonly date: Date | undefined;
  /**
   * Minutes east of UTC where the sender is; `undefined` where the value does
   * not tell: `-0000`, a zone that is not known, or none (RFC 5322 §3.3, §4.3).
   */
  readonly zone: number | undefined;
  /** Offsets are 0, the start of the value. */
  readonly defects: readonly MimeDefect[];
}

/**
 * Reads the value of a Date field as {@link parseDate} does, and tells its zone
 * and what is wrong: `date-malformed` where it is no date, `date-weekday-wrong`
 * where the day of the week is another's (the date counts).
 *
 * @param value the value, with or without its line folds
 * @example
 * ```ts
 * import { parseDateTime } from 'mailseal/mime';
 *
 * const { date, zone, defects } = parseDateTime('Mon, 20 Nov 1998 22:03:23 +0900');
 * console.log(date?.toISOString(), zone, defects[0]?.code); // 1998-11-20T13:03:23.000Z 540 date-weekday-wrong
 * ```
 */
export function parseDateTime(value: string): DateTime {
  const read = readDate(value);
  if (read === undefined) {
    return { date: undefined, zone: undefined, defects: [mimeDefect('date-malformed', 0)] };
  }
  const { date, weekday, offset, knowsZone } = read;
  const local = new Date(date.getTime() + offset * 60_000);
  const wrong = weekday >= 0 && weekday !== local.getUTCDay();
  return {
    date,
    zone: knowsZone ? offset : undefined,
    defects: wrong ? [mimeDefect('date-weekday-wrong', 0)] : [],
  };
}

/** A date and what stands beside it. */
interface ReadDate {
  readonly date: Date;
  /** 0 for Sunday; -1 for none. */
  readonly weekday: number;
  /** Minutes from UTC. */
  readonly offset: number;
  readonly knowsZone: boolean;
}

/** The form that nearly all mail has; where each thing stands in it depends on two of them alone. */
const PLAIN =
  /^(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), )?(?:[1-9]|[012]\d|3[01]) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [1-9]\d{3} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-]\d{4}(?: \([A-Z]{1,5}\))?$/;
const PLAIN_DAYS = 'SunMonTueWedThuFriSat';
const PLAIN_MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const DAYS_OF_MONTH: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function readDate(value: string): ReadDate | undefined {
  assertText(value);
  if (!PLAIN.test(value)) return readClosely(value);
  const dayAt = value.charCodeAt(3) === 0x2c ? 5 : 0;
  // Where the month begins: behind a day of one digit or two.
  const at = value.charCodeAt(dayAt + 1) === 0x20 ? dayAt + 2 : dayAt + 3;
  const day = digits(value, dayAt, at - 1);
  const month = PLAIN_MONTHS.indexOf(value.slice(at, at + 3)) / 3;
  // Leap years, and days that no month has, are seen to there.
  if (day === 0 || day > DAYS_OF_MONTH[month]!) return readClosely(value);
  const isWest = value.charCodeAt(at + 18) === 0x2d;
  const minutes = digits(value, at + 19, at + 21) * 60 + digits(value, at + 21, at + 23);
  const offset = isWest ? -minutes : minutes;
  const hour = digits(value, at + 9, at + 11);
  const minute = digits(value, at + 12, at + 14) - offset;
  const second = digits(value, at + 15, at + 17);
  return {
    date: new Date(Date.UTC(digits(value, at + 4, at + 8), month, day, hour, minute, second)),
    weekday: dayAt === 0 ? -1 : PLAIN_DAYS.indexOf(value.slice(0, 3)) / 3,
    offset,
    knowsZone: !isWest || minutes > 0,
  };
}

/** What the decimal digits of `[from, to)` stand for. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 0x30;
  return number;
}

function readClosely(value: string): ReadDate | undefined {
  const words = dateWords(value);
  if (words === undefined) return undefined;
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:t(\d.*))?$/.exec(words[0] ?? '');
  if (iso !== null) {
    // ISO 8601, put into the RFC's order. Its zone may cling to the time.
    const [time = '', zone] = (iso[4] ?? words[1] ?? '').split(/(?=[z+-])/);
    const rest = words.slice(iso[4] === undefined ? 2 : 1);
    words.splice(
      0,
      words.length,
      iso[3]!,
      MONTHS[Number(iso[2]) - 1] ?? '',
      iso[1]!,
      time,
      ...(zone === undefined ? rest : [zone]),
    );
  }
  let i = 0;
  const weekday = DAYS.indexOf((words[i] ?? '').slice(0, 3));
  if (weekday >= 0) i++;
  let day: number | undefined;
  let month = MONTHS.indexOf((words[i] ?? '').slice(0, 3));
  let year: number | undefined;
  let time: number | undefined;
  if (month >= 0) {
    // asctime: Nov 20 22:03:23 1998, with or without a zone before the year.
    day = toNumber(words[i + 1], 2);
    time = toSeconds(words[i + 2]);
    i += 3;
    if (toNumber(words[i], 4) === undefined) {
      year = toYear(words[i + 1]);
      words.splice(i + 1, 1);
    } else year = toYear(words[i++]);
  } else {
    day = toNumber(words[i], 2);
    month = MONTHS.indexOf((words[i + 1] ?? '').slice(0, 3));
    year = toYear(words[i + 2]);
    time = toSeconds(words[i + 3]);
    i += 4;
  }
  const zone = words[i];
  const offset = toOffset(zone);
  if (day === undefined || month < 0 || year === undefined || time === undefined || offset === undefined) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  // A day that the month does not have would silently be one of the next.
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  const moment = new Date(date.getTime() + (time - offset * 60) * 1000);
  return { date: moment, weekday, offset, knowsZone: knows(zone) };
}

/** The words of a date in lower case; commas and comments go, `20-Nov-1998` is three. */
function dateWords(value: string): string[] | undefined {
  const lexer = new Lexer(value);
  const words: string[] = [];
  for (;;) {
    lexer.skipCfws();
    if (lexer.done) return words;
    if (words.length > 12) return undefined;
    const word = lexer.until(',(').toLowerCase();
    if (lexer.peek() === ',') lexer.at++;
    const hyphens = /^(\d{1,2})-([a-z]{3,9})-(\d{2,4})$/.exec(word);
    if (hyphens !== null) words.push(hyphens[1]!, hyphens[2]!, hyphens[3]!);
    else if (word !== '') words.push(word);
  }
}

function toNumber(word: string | undefined, digits: number): number | undefined {
  if (word === undefined || word.length > digits || !/^\d+$/.test(word)) return undefined;
  return Number(word);
}

/** RFC 5322 §4.3: 00–49 are 2000–2049, 50–99 and three digits count from 1900. */
function toYear(word: string | undefined): number | undefined {
  const year = toNumber(word, 4);
  if (year === undefined || word === undefined || word.length < 2) return undefined;
  if (word.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return word.length === 3 ? 1900 + year : year;
}

/** Seconds since midnight; 60 is a leap second. */
function toSeconds(word: string | undefined): number | undefined {
  const match = /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:\.\d{1,9})?)?$/.exec(word ?? '');
  if (match === null) return undefined;
  const hours = Number(match[1]);
  const minutes = Number(match[2]);
  const seconds = Number(match[3] ?? 0);
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Minutes from UTC. */
function toOffset(word: string | undefined): number | undefined {
  if (word === undefined) return 0;
  const match = /^(?:gmt|utc)?([+-])(\d{2}):?(\d{2})$/.exec(word);
  if (match !== null) {
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return match[1] === '-' ? -minutes : minutes;
  }
  if (/^[+-]/.test(word)) return undefined;
  return (ZONES.get(word) ?? 0) * 60;
}

/** Whether the zone tells where the sender is. */
function knows(zone: string | undefined): boolean {
  return zone !== undefined && (ZONES.has(zone) || /^(?:gmt|utc)?(?:\+|-(?!00:?00$))/.test(zone));
}
