import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';

/**
 * What becomes of a literal: its octets are in the value that it belongs to
 * (`gather`), come in pieces as events of their own (`stream`), or are passed
 * over (`discard`).
 */
export type LiteralHandling = 'gather' | 'stream' | 'discard';

/**
 * Which literals are gathered: all (the default), those of fewer than
 * `streamFrom` octets, or as a function says. It is given what stands before
 * the literal, such as `* 12 FETCH (UID 7 BODY[] ` (of more than 4,096 octets
 * the first and the last 2,048, with "…" between), and the literal's length.
 */
export type LiteralOptions =
  | { readonly streamFrom?: number }
  | ((head: string, length: number) => LiteralHandling);

/** {@link LiteralOptions} as a function; `undefined` where every literal is gathered. */
export function literalChooser(
  options: LiteralOptions | undefined,
): ((head: () => string, length: number) => LiteralHandling) | undefined {
  if (options === undefined) return undefined;
  if (typeof options === 'function') {
    return (head, length) => {
      const handling = options(head(), length);
      if (handling !== 'gather' && handling !== 'stream' && handling !== 'discard') {
        throw usage(`what becomes of a literal is gather, stream or discard, not ${shown(handling)}`);
      }
      return handling;
    };
  }
  const { streamFrom } = options;
  if (streamFrom === undefined) return undefined;
  if (typeof streamFrom !== 'number' || !(streamFrom >= 0)) {
    throw usage(`streamFrom is a number of octets, not ${shown(streamFrom)}`);
  }
  return (_head, length) => (length >= streamFrom ? 'stream' : 'gather');
}
