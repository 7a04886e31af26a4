import type { MailsealError } from '../../core/errors.js';
import type { MessageRecipient, RecipientProblemCode } from '../../smime/encrypt/message-recipient.js';
import { type CommandLine, type Options, readCertificates, UsageError } from '../files/input.js';
import { safe } from '../report/terminal.js';

/** The options that say for whom something is encrypted. */
export const recipientOptions: Options = {
  to: { type: 'string', multiple: true },
  roots: { type: 'string', multiple: true },
  accept: { type: 'string', multiple: true },
};

/** The files of `--to`. */
export function toOf({ values }: CommandLine): readonly string[] {
  const to = values['to'] as string[] | undefined;
  if (to === undefined) throw new UsageError('say for whom: --to FILE with his certificate');
  return to;
}

/** One recipient for each file, by the first certificate in it: others there are those above his. */
export async function recipientsOf(files: readonly string[], option: string): Promise<MessageRecipient[]> {
  const recipients: MessageRecipient[] = [];
  for (const file of files) {
    const [certificate] = await readCertificates([file], option);
    recipients.push({ certificate: certificate! });
  }
  return recipients;
}

const problems: readonly RecipientProblemCode[] = [
  'not-yet-valid',
  'expired',
  'key-usage',
  'extended-key-usage',
  'key-weak',
  'untrusted',
  'revoked',
  'revocation-unknown',
  'address-differs',
];

/** What `--accept` puts up with. */
export function acceptedOf({ values }: CommandLine): RecipientProblemCode[] {
  return ((values['accept'] as string[] | undefined) ?? []).map((code) => {
    const known = problems.find((each) => each === code);
    if (known === undefined) throw new UsageError(`--accept ${code}: give one of ${problems.join(', ')}`);
    return known;
  });
}

/** Tells that nothing was encrypted, and why. */
export function tellRefusal({ message }: MailsealError): void {
  process.stderr.write(`mailseal: ${safe(message.replace('in `accept`', 'with --accept'))}\n`);
}
