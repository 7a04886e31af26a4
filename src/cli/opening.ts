import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';

/** Errors that answer whether something can be opened, with exit code 1; others say that it cannot be read. */
export const answersOfOpening: ReadonlySet<string> = new Set([
  'cms-no-recipient',
  'cms-unsupported',
  'cms-wrong-type',
  'crypto-decryption-failed',
  'smime-not-encrypted',
]);

/**
 * Refuses what is not CMS and no message either.
 *
 * @param begun the message, or more of its begin than its header
 */
export function assertMail(begun: Bytes): void {
  if (parseMessage(begun).headers.length > 0) return;
  throw new MailsealError('mime-malformed', 'it is neither a mail message nor an encrypted file', {
    offset: 0,
  });
}
