import { MailsealError } from '../../core/errors.js';
import { checkAgainst, type RecipientChecking } from './check-recipients.js';
import { assertAccept, type MessageRecipient, type RecipientProblemCode } from './message-recipient.js';

/** What is put up with about certificates of recipients. */
export interface RecipientAcceptance {
  /** Problems with certificates that are put up with for all recipients. Default: none. */
  readonly accept?: readonly RecipientProblemCode[];
}

/**
 * Refuses recipients whose certificates are not good enough, where nobody says that they will do.
 *
 * @param named the addresses that a message names for somebody who brings none of his own
 * @throws MailsealError `smime-recipient-refused` naming each certificate, and why; `usage`; `aborted`.
 */
export async function refuseRecipients(
  recipients: readonly MessageRecipient[],
  options: RecipientChecking & RecipientAcceptance,
  named: (recipient: MessageRecipient) => readonly string[],
): Promise<void> {
  assertAccept('accept', options.accept);
  const checks = await checkAgainst(recipients, options, named);
  const refused = checks.flatMap(({ recipient, problems }) => {
    const accepted = [...(options.accept ?? []), ...(recipient.accept ?? [])];
    return problems.filter(({ code }) => !accepted.includes(code));
  });
  if (refused.length === 0) return;
  const shown = refused.slice(0, 5).map(({ code, message }) => `${code}: ${message}`);
  if (refused.length > 5) shown.push(`and ${refused.length - 5} more`);
  throw new MailsealError(
    'smime-recipient-refused',
    `not every recipient’s certificate is good enough (${shown.join('; ')}); leave him out, or name what is put up with in \`accept\``,
    { fault: 'usage' },
  );
}
