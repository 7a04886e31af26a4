import { usage } from '../core/errors.js';

/**
 * Refuses what a caller in JavaScript left out.
 *
 * @throws MailsealError `usage` where it is no object.
 */
export function assertGiven(value: unknown, what: string): void {
  if (typeof value === 'object' && value !== null) return;
  throw usage(`${what} is missing or no object`);
}
