import { usage } from './errors.js';
import { shown } from './shown.js';

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
  const filled: Record<Name, number> = { ...defaults };
  for (const name of Object.keys(defaults) as Name[]) filled[name] = limitOf(limits, name) ?? defaults[name];
  return filled;
}

/**
 * Refuses limits of which one is no number of 0 or more; those of `nested` are limits for somebody else.
 *
 * @throws MailsealError `usage`
 */
export function assertLimits(limits: object = {}, nested: readonly string[] = []): void {
  // What is no object has no names, and is refused by any.
  const names = Object.keys(limits ?? {}).filter((name) => !nested.includes(name));
  for (const name of ['', ...names]) limitOf(limits, name);
}

function limitOf(limits: object, name: string): number | undefined {
  assertObject(limits, 'limits');
  const wanted: unknown = (limits as Readonly<Record<string, unknown>>)[name];
  if (wanted === undefined || (typeof wanted === 'number' && wanted >= 0)) return wanted;
  throw usage(`the limit ${name} is a number of 0 or more, not ${shown(wanted)}`);
}

/**
 * Refuses what is no object.
 *
 * @param what is said in the plural
 * @throws MailsealError `usage`
 */
export function assertObject(value: unknown, what: string): void {
  if (Object(value) !== value) throw usage(`${what} are wanted as an object, not ${shown(value)}`);
}
