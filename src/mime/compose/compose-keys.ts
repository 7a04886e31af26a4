import { usage } from '../../core/errors.js';

/**
 * Refuses keys that there are not: what is misspelt would be left out in silence.
 *
 * @throws MailsealError `usage`.
 */
export function checkKeys(what: string, given: object, known: readonly string[]): void {
  if (given === null || typeof given !== 'object') {
    throw usage(`${what} has to be an object, not ${given === null ? 'null' : typeof given}`);
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw usage(`${what} cannot have \`${unknown}\`; there are ${known.join(', ')}`);
}

/**
 * A list that was given, or an empty one where none was.
 *
 * @throws MailsealError `usage` where it is something else.
 */
export function listGiven<T>(what: string, given: readonly T[] | undefined): readonly T[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  throw usage(`\`${what}\` has to be an array, not a value of type ${typeof given}`);
}
