import { MailsealError } from '../../core/errors.js';

/**
 * What `write` gives. Where it comes upon a part that is missing or of another
 * kind, which TypeScript would have refused, that is the caller's fault.
 *
 * @param what is written, for the text of the error
 * @throws MailsealError `usage`, and what `write` throws
 */
export function written<Result>(what: string, write: () => Result): Result {
  try {
    return write();
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    // The runtime's own words, which may hold what was given, stay with the cause.
    throw new MailsealError('usage', `a part of ${what} is missing or of another kind than its type says`, {
      cause,
    });
  }
}
