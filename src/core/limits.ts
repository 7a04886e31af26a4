import { MailsealError } from './errors.js';

/**
 * Limits to work with: the defaults, and what the caller wants instead.
 *
 * @throws MailsealError `usage` for a limit that is not a number of 0 or more.
 */
export function fillLimits<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  limits: Readonly<Partial<Record<Name, number>>> | undefined,
): Readonly<Record<Name, number>> {
  if (limits === undefined) return defaults;
  if (typeof limits !== 'object' || limits === null)
    throw new MailsealError('usage', `limits are wanted as an object, not ${String(limits)}`);
  const filled: Record<Name, number> = { ...defaults };
  for (const name of Object.keys(defaults) as Name[]) {
    const wanted = limits[name];
    if (wanted === undefined) continue;
    if (typeof wanted !== 'number' || !(wanted >= 0)) {
      throw new MailsealError('usage', `the limit ${name} is a number of 0 or more, not ${String(wanted)}`);
    }
    filled[name] = wanted;
  }
  return filled;
}
