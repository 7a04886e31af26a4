import { usage } from '../../core/errors.js';

/** The options of a function, which TypeScript cannot vouch for where JavaScript calls. */
export function givenObject<Options extends object>(options: Options, what: string): Options {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw usage(`${what} are wanted as an object`);
}

/** A list that is there. */
export function givenList<Item>(list: readonly Item[], what: string): readonly Item[] {
  if (Array.isArray(list)) return list;
  throw usage(`${what} are wanted as an array`);
}

/** A list that is there and not empty: the SEQUENCE of it has SIZE (1..MAX). */
export function givenSome<Item>(list: readonly Item[], what: string, section: string): readonly Item[] {
  if (givenList(list, what).length > 0) return list;
  throw usage(`${what}, where given, are one at least (RFC 5280 §${section})`);
}

/** A text that is there. */
export function givenText(text: string, what: string): string {
  if (typeof text === 'string') return text;
  throw usage(`${what} is wanted as a string`);
}

/** A time of the years 0 to 9999, which ASN.1 can write. */
export function givenTime(time: Date, what: string): Date {
  const year = time instanceof Date ? time.getUTCFullYear() : Number.NaN;
  if (year >= 0 && year <= 9999) return time;
  throw usage(`${what} is wanted as a valid Date of the years 0 to 9999`);
}
