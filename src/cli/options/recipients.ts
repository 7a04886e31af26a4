import type { MailsealError } from '../../core/errors.js';
import type { RecipientChecking } from '../../smime/encrypt/check-recipients.js';
import type { MessageRecipient, RecipientProblemCode } from '../../smime/encrypt/message-recipient.js';
import type { RecipientAcceptance } from '../../smime/encrypt/refuse-recipients.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CommandLine, type Options, readCertificates, UsageError } from '../files/input.js';
import { safe } from '../report/terminal.js';
import { revocationFiles, revocationOf, revocationOptions } from './revocation.js';
import { momentOf } from './sealing.js';

/** The options that say for whom something is encrypted, and what their certificates are held against. */
export const recipientOptions: Options = {
  to: { type: 'string', multiple: true },
  roots: { type: 'string', multiple: true },
  certs: { type: 'string', multiple: true },
  ...revocationOptions,
  accept: { type: 'string', multiple: true },
};

/** Those of them that name files. */
export const recipientFiles: readonly string[] = ['to', 'roots', 'certs', ...revocationFiles];

/** Recipients, and the certificates that their files have besides. */
export interface NamedRecipients {
  readonly recipients: readonly MessageRecipient[];
  readonly above: readonly Certificate[];
}

/** One recipient for each file, by the first certificate in it: others there are those above his. */
export async function recipientsOf(
  files: readonly string[] | undefined,
  option: string,
): Promise<NamedRecipients> {
  const recipients: MessageRecipient[] = [];
  const above: Certificate[] = [];
  for (const file of files ?? []) {
    const [certificate, ...others] = await readCertificates([file], option);
    recipients.push({ certificate: certificate! });
    above.push(...others);
  }
  return { recipients, above };
}

/**
 * What certificates of recipients are held against.
 *
 * @param above certificates that may stand between theirs and the roots, besides those of `--certs`
 */
export async function checkingOf(
  line: CommandLine,
  above: readonly Certificate[],
): Promise<RecipientChecking & RecipientAcceptance> {
  const roots = line.values['roots'] as string[] | undefined;
  const certs = line.values['certs'] as string[] | undefined;
  const common = { at: momentOf(line), accept: acceptedOf(line) };
  if (roots === undefined) {
    for (const option of ['certs', ...Object.keys(revocationOptions)]) {
      if (line.values[option] !== undefined)
        throw new UsageError(
          `--${option} is about the path to an authority that you trust; name it with --roots FILE`,
        );
    }
    return common;
  }
  const revocation = await revocationOf(line);
  const between = certs === undefined ? [] : await readCertificates(certs, '--certs');
  return {
    ...common,
    roots: await readCertificates(roots, '--roots'),
    pool: [...between, ...above],
    ...(revocation === undefined ? {} : { revocation }),
  };
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
function acceptedOf({ values }: CommandLine): RecipientProblemCode[] {
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
