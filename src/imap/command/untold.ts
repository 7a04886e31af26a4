import { MailsealError } from '../../core/errors.js';
import type { SyntaxReader } from '../syntax/reader.js';

/**
 * Fails where a password may stand, as in `A1  LOGIN anna secret` with its two
 * spaces. It must not come to a log by way of an error, so what is said is what
 * was wanted and where, not what is there.
 */
export function failUntold(reader: SyntaxReader, wanted: string): never {
  const { offset } = reader;
  throw new MailsealError(
    'imap-malformed',
    `${wanted} is wanted at octet ${offset}; what stands there is not told, since it may be a password`,
    { offset },
  );
}

/**
 * Runs a reader of credentials, or of what may be such: what its errors say is
 * the place alone.
 *
 * @param name - of the command.
 */
export function withoutWords<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'imap-malformed') throw error;
    const offset = error.offset ?? 0;
    throw new MailsealError('imap-malformed', `an argument of ${name} at octet ${offset} is malformed`, {
      offset,
    });
  }
}
