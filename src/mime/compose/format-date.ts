import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
] as const;

/**
 * Writes a moment as RFC 5322 §3.3 has it, seconds rounded down.
 *
 * @param date years 1900 to 9999
 * @param offset minutes east of UTC, whole, within ±5999 (`±9959` as it is written)
 * @throws MailsealError `usage` for a date or an offset that cannot be written.
 */
export function formatDate(date: Date, offset: number): string {
  if (!Number.isInteger(offset) || Math.abs(offset) > 99 * 60 + 59) {
    throw usage(`dateOffset is whole minutes east of UTC, not ${shown(offset)}`);
  }
  const local = new Date(date.getTime() + offset * 60_000);
  const year = local.getUTCFullYear();
  if (!(year >= 1900 && year <= 9999)) {
    throw usage('the date is none, or its year is not between 1900 and 9999');
  }
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${DAYS[local.getUTCDay()]!}, ${two(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]!} ${year}`;
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const minutes = Math.abs(offset);
  return `${day} ${time} ${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
