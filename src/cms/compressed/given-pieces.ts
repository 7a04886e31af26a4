import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * What a caller's function makes of octets, piece by piece.
 *
 * @throws MailsealError `usage` for what is no function, or gives nothing to go through; what it throws passes through.
 */
export function givenPieces<Rest extends readonly unknown[]>(
  option: 'inflate' | 'deflate',
  give: (...rest: Rest) => Pieces,
  ...rest: Rest
): Pieces {
  if (typeof give !== 'function') throw usage(`\`${option}\` is a function, not ${shown(give)}`);
  const pieces: unknown = give(...rest);
  if (typeof pieces === 'object' && pieces !== null) {
    if (Symbol.asyncIterator in pieces || Symbol.iterator in pieces) return pieces as Pieces;
  }
  throw usage(
    `\`${option}\` gives something to go through, such as an array of octets or a stream, not ${shown(pieces)}`,
  );
}
