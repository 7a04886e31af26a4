import { latin1FromBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { type BerNode, Tag } from './reader.js';
import { stringOctets, unexpected } from './values.js';

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{4})?$/;

/**
 * A UTCTime or GeneralizedTime (X.680 §46, §47) as a Date.
 *
 * Two-digit years are 1950–2049 (RFC 5280 §4.1.2.5.1). Forms that DER forbids
 * (no seconds, an offset from UTC) are read too; a GeneralizedTime without a
 * zone counts as UTC.
 *
 * @throws MailsealError `asn1-unexpected` when the element is no time,
 * `asn1-malformed` when it names no moment.
 * @example
 * ```ts
 * import { decodeTime, der, readBer, Tag } from 'mailseal/asn1';
 *
 * const element = readBer(der(Tag.UtcTime, new TextEncoder().encode('491231235959Z')));
 * console.log(decodeTime(element).toISOString()); // 2049-12-31T23:59:59.000Z
 * ```
 */
export function decodeTime(node: BerNode): Date {
  const tag = node.identifier & 0xdf;
  if (tag !== Tag.UtcTime && tag !== Tag.GeneralizedTime)
    throw unexpected(node, 'a UTCTime or GeneralizedTime');
  if (node.identifier === Tag.UtcTime && node.contentEnd - node.contentStart === 13) {
    const plain = derUtcMoment(node.document, node.contentStart);
    if (plain !== undefined) return plain;
  }
  const octets = stringOctets(node, tag);
  // No form is longer than 33 characters; hostile ones are not turned into text.
  const text = octets.length > 40 ? '' : latin1FromBytes(octets);
  const moment = tag === Tag.UtcTime ? utcMoment(text) : generalizedMoment(text);
  if (moment === undefined) {
    throw new MailsealError('asn1-malformed', `the time at octet ${node.start} names no moment`, {
      offset: node.start,
    });
  }
  return moment;
}

/**
 * The form of nearly every time there is, YYMMDDhhmmssZ;
 * `undefined` for anything else, which the patterns below read or refuse.
 */
function derUtcMoment(octets: Uint8Array, at: number): Date | undefined {
  if (octets[at + 12] !== 0x5a) return undefined;
  const year = pair(octets, at);
  const month = pair(octets, at + 2);
  const day = pair(octets, at + 4);
  const hour = pair(octets, at + 6);
  const minute = pair(octets, at + 8);
  const second = pair(octets, at + 10);
  const inRange = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0 && hour <= 23;
  if (!inRange || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  const date = new Date(Date.UTC(year + (year >= 50 ? 1900 : 2000), month - 1, day, hour, minute, second));
  // A day that its month does not have would be one of the next; every month has the 28th.
  return day <= 28 || date.getUTCDate() === day ? date : undefined;
}

/** The number of two ASCII digits, negative where one is no digit. */
function pair(octets: Uint8Array, at: number): number {
  const tens = octets[at]! - 0x30;
  const ones = octets[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function utcMoment(text: string): Date | undefined {
  const found = utcTime.exec(text);
  if (found === null) return undefined;
  const [, yy, month, day, hour, minute, second, zone] = found;
  const year = Number(yy) + (Number(yy) >= 50 ? 1900 : 2000);
  return moment(year, month!, day!, hour!, minute!, second ?? '0', 0, zone!);
}

function generalizedMoment(text: string): Date | undefined {
  const found = generalizedTime.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const milliseconds = Math.trunc(Number(`0.${fraction ?? '0'}`) * 1000);
  return moment(Number(year), month!, day!, hour!, minute ?? '0', second ?? '0', milliseconds, zone ?? 'Z');
}

function moment(
  year: number,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
  milliseconds: number,
  zone: string,
): Date | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Math.min(Number(second), 59), milliseconds);
  // A day or an hour out of range would roll over into the next: then it was none.
  const sameDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!sameDay || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (zone === 'Z') return date;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  if (hours > 23 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60_000;
  return new Date(date.getTime() + (zone[0] === '+' ? -offset : offset));
}
