import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import type { SyntaxReader } from '../syntax/reader.js';
import type { SyntaxWriter } from '../syntax/writer.js';

/** A moment, and the zone that it was told in (RFC 9051 `date-time`). */
export interface ImapDateTime {
  /** Milliseconds since 1970-01-01T00:00:00Z, whole seconds. */
  readonly time: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** A day without a time (RFC 9051 `date`, as SEARCH has it). */
export interface ImapDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const letters = 'janfebmaraprmayjunjulaugsepoctnovdec';
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Reads `date-time`: `"17-Jul-1996 02:44:25 -0700"`, a day below 10 with a space before it. */
export function readDateTime(reader: SyntaxReader): ImapDateTime {
  const from = reader.at;
  const { text, end } = reader;
  // Most are right, and are read without anything being made of their parts.
  const isOfLength =
    from + 28 <= end && text.charCodeAt(from) === QUOTE && text.charCodeAt(from + 27) === QUOTE;
  if (!isOfLength) return readOddDateTime(reader);
  reader.at = from + (text.charCodeAt(from + 1) === SPACE ? 2 : 1);
  const day = reader.number();
  if (day < 1 || reader.at !== from + 3) {
    reader.at = from;
    return readOddDateTime(reader);
  }
  reader.expect(MINUS);
  const month = readMonth(reader);
  reader.expect(MINUS);
  const year = readPair(reader, 99) * 100 + readPair(reader, 99);
  if (day > daysOf(year, month)) reader.fail('a day of its month', from);
  reader.space();
  const hour = readPair(reader, 23);
  reader.expect(COLON);
  const minute = readPair(reader, 59);
  reader.expect(COLON);
  const second = readPair(reader, 60);
  reader.space();
  const offset = readZone(reader);
  reader.expect(QUOTE);
  return momentOf({ year, month, day }, hour, minute, second, offset);
}

function momentOf(
  date: ImapDate,
  hour: number,
  minute: number,
  second: number,
  offset: number,
): ImapDateTime {
  const local = dayNumber(date) * DAY + ((hour * 60 + minute) * 60 + second) * 1000;
  return { time: local - offset * MINUTE, offset };
}

/** A day of one digit, or 0; the form of header fields; without a zone, or with more behind it. */
const oddForm =
  /^(?:[a-z]{3}, )? ?(\d{1,2})[- ]([a-z]{3})[- ](\d{4}) (\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d)(\d\d))?(?: [^-+\d].{0,60})?$/i;

function readOddDateTime(reader: SyntaxReader): ImapDateTime {
  const from = reader.at;
  if (reader.peek() !== QUOTE) reader.fail('a date and time in quotation marks');
  const text = reader.quoted();
  const match = typeof text === 'string' && text.length <= 100 ? oddForm.exec(text) : null;
  const [, day, name = '   ', year, hour, minute, second, sign, zoneHours = '00', zoneMinutes = '00'] =
    match ?? [];
  const month = monthAt(name, 0);
  if (month > 0 && reader.quirk('date-time-form')) {
    const date = { year: Number(year), month, day: Math.max(1, Number(day)) };
    const minutes = Number(zoneHours) * 60 + Number(zoneMinutes);
    const isTime =
      Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60 && Number(zoneMinutes) <= 59;
    if (date.day <= daysOf(date.year, month) && isTime) {
      const offset = sign === '-' && minutes > 0 ? -minutes : minutes;
      return momentOf(date, Number(hour), Number(minute), Number(second), offset);
    }
  }
  return reader.fail('a date and time such as "17-Jul-1996 02:44:25 -0700"', from);
}

function readZone(reader: SyntaxReader): number {
  const isWest = reader.skip(MINUS);
  if (!isWest) reader.expect(PLUS);
  const minutes = readPair(reader, 99) * 60 + readPair(reader, 59);
  return isWest && minutes > 0 ? -minutes : minutes;
}

function readPair(reader: SyntaxReader, largest: number): number {
  const { at, text } = reader;
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  const value = tens * 10 + ones;
  if (!(at + 2 <= reader.end && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 && value <= largest)) {
    reader.fail(`a number of 00 to ${largest}`);
  }
  reader.at = at + 2;
  return value;
}

/** Reads `date`: `1-Feb-1994`, with quotation marks or without. */
export function readDate(reader: SyntaxReader): ImapDate {
  const isQuoted = reader.skip(QUOTE);
  const from = reader.at;
  const day = reader.number();
  const digits = reader.at - from;
  reader.expect(MINUS);
  const month = readMonth(reader);
  reader.expect(MINUS);
  const year = readPair(reader, 99) * 100 + readPair(reader, 99);
  if (digits > 2 || day < 1 || day > daysOf(year, month)) reader.fail('a day of its month', from);
  if (isQuoted) reader.expect(QUOTE);
  return { year, month, day };
}

function readMonth(reader: SyntaxReader): number {
  const { at } = reader;
  const month = at + 3 <= reader.end ? monthAt(reader.text, at) : 0;
  if (month === 0) reader.fail('a month such as Jan');
  reader.at = at + 3;
  return month;
}

/** 1 to 12, or 0 where no month stands at the place. */
function monthAt(text: string, at: number): number {
  // Bit 5 tells small letters from capital ones; other characters that it makes letters of are none of a month's.
  const first = text.charCodeAt(at) | 0x20;
  const second = text.charCodeAt(at + 1) | 0x20;
  const third = text.charCodeAt(at + 2) | 0x20;
  for (let month = 0; month < 12; month++) {
    const from = month * 3;
    const isMonth =
      letters.charCodeAt(from + 1) === second &&
      letters.charCodeAt(from + 2) === third &&
      letters.charCodeAt(from) === first;
    if (isMonth) return month + 1;
  }
  return 0;
}

/** Writes `date-time`. */
export function writeDateTime(writer: SyntaxWriter, dateTime: ImapDateTime): void {
  writer.raw(`"${formatDateTime(dateTime)}"`);
}

/** Writes `date`. */
export function writeDate(writer: SyntaxWriter, date: ImapDate): void {
  writer.raw(formatDate(date));
}

/**
 * A date as SEARCH has it.
 *
 * @throws MailsealError `usage` for a day that no month has.
 *
 * @example
 * ```ts
 * import { formatDate } from 'mailseal/imap';
 *
 * console.log(formatDate({ year: 1998, month: 11, day: 20 })); // '20-Nov-1998'
 * ```
 */
export function formatDate(date: ImapDate): string {
  return `${checked(date).day}-${monthAndYear(date)}`;
}

/**
 * A moment as INTERNALDATE has it, without quotation marks.
 *
 * @throws MailsealError `usage` for a moment that is not of whole seconds, or
 *   not of the years 0 to 9999.
 *
 * @example
 * ```ts
 * import { formatDateTime } from 'mailseal/imap';
 *
 * console.log(formatDateTime({ time: Date.UTC(1998, 10, 20, 10, 31, 12), offset: 540 })); // '20-Nov-1998 19:31:12 +0900'
 * ```
 */
export function formatDateTime({ time, offset }: ImapDateTime): string {
  if (!Number.isInteger(offset) || Math.abs(offset) >= 100 * 60) {
    throw usage(`a zone is of less than 6000 whole minutes, not ${shown(offset)}`);
  }
  if (!Number.isInteger(time) || time % 1000 !== 0) {
    throw usage(`a moment is in milliseconds of whole seconds, not ${shown(time)}`);
  }
  const local = time + offset * MINUTE;
  const date = checked(dateOfDayNumber(Math.floor(local / DAY)));
  const seconds = (local - Math.floor(local / DAY) * DAY) / 1000;
  const zone = Math.abs(offset);
  return (
    `${String(date.day).padStart(2, ' ')}-${monthAndYear(date)} ` +
    `${pair(Math.floor(seconds / 3600))}:${pair(Math.floor(seconds / 60) % 60)}:${pair(seconds % 60)} ` +
    `${offset < 0 ? '-' : '+'}${pair(Math.floor(zone / 60))}${pair(zone % 60)}`
  );
}

function pair(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function monthAndYear({ month, year }: ImapDate): string {
  return `${MONTHS.substring(month * 3 - 3, month * 3)}-${String(year).padStart(4, '0')}`;
}

function checked(date: ImapDate): ImapDate {
  const { year, month, day } = date;
  const isDate =
    [year, month, day].every(Number.isInteger) &&
    year >= 0 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month);
  if (!isDate) {
    const parts = [year, month, day].map(shown).join('-');
    throw usage(`${parts} is no date of the years 0 to 9999`);
  }
  return date;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01; years are counted from March on, so that the leap day is a year's last. */
function dayNumber({ year, month, day }: ImapDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function dateOfDayNumber(number: number): ImapDate {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/**
 * The day on which a moment falls.
 *
 * @param time - milliseconds since 1970-01-01T00:00:00Z.
 * @param offset - minutes east of UTC of the zone whose day is meant; default 0.
 *
 * @example
 * ```ts
 * import { dateOf } from 'mailseal/imap';
 *
 * console.log(dateOf(Date.UTC(1994, 1, 1, 12))); // { year: 1994, month: 2, day: 1 }
 * ```
 */
export function dateOf(time: number, offset = 0): ImapDate {
  return checked(dateOfDayNumber(Math.floor((time + offset * MINUTE) / DAY)));
}
