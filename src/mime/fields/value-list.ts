import type { MimeDefect } from '../defects.js';

/** The values of a field in their order, and what was wrong with them. It compares and prints like the array alone. */
export type ValueList<T> = readonly T[] & {
  /** At most one of each code; offsets are characters from the start of the value. */
  readonly defects: readonly MimeDefect[];
};

/** A list with its defects. The array is made the list, not copied. */
export function valueList<T>(values: readonly T[], defects: readonly MimeDefect[]): ValueList<T> {
  return Object.defineProperty(values, 'defects', { value: defects }) as ValueList<T>;
}
