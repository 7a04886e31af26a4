import { Rekeyer } from '../cms/stream/rekeyer.js';
import { MailsealError } from '../core/errors.js';
import { envelopeRecipient } from '../smime/encrypt/envelope.js';
import { refuseRecipients } from '../smime/encrypt/refuse-recipients.js';
import { MessageRekeyer, type RekeyMessageOptions } from '../smime/stream/message-rekeyer.js';
import type { ExitCode } from './exit-code.js';
import { piecesOf, withBegunInput } from './files/begun-input.js';
import {
  type CommandLine,
  commandLine,
  fileOf,
  looksLikeCms,
  readCertificates,
  UsageError,
} from './files/input.js';
import { assertFiles } from './files/output.js';
import { openOutput } from './files/output-file.js';
import { answersOfOpening, assertMail } from './opening.js';
import { keysThatOpen, openingOptions, withOwnKeys } from './options/private-keys.js';
import { acceptedOf, recipientOptions, recipientsOf, tellRefusal, toOf } from './options/recipients.js';
import { momentOf, type Sealer, writeSealed } from './options/sealing.js';
import { safe } from './report/terminal.js';

/** Octets by which a message is told from a file of CMS. */
const toldBy = 64 << 10;

/** `mailseal rekey`. */
export async function rekey(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...openingOptions,
    ...recipientOptions,
    add: { type: 'boolean' },
    replace: { type: 'boolean' },
    'keep-unknown': { type: 'boolean' },
    at: { type: 'string' },
    out: { type: 'string' },
  });
  const file = fileOf(line);
  assertFiles(line, file, [...Object.keys(openingOptions), 'to', 'roots']);
  const to = toOf(line);
  const choices = choicesOf(line);
  const roots = line.values['roots'] as string[] | undefined;
  const checking = {
    at: momentOf(line),
    accept: acceptedOf(line),
    ...(roots === undefined ? {} : { roots: await readCertificates(roots, '--roots') }),
  };
  try {
    await withOwnKeys(line, async (own) => {
      const keys = keysThatOpen(own);
      const recipients = await recipientsOf(to, '--to');
      const options = { ...choices, keys, certificates: own.certificates };
      const output = await openOutput(line.values['out'] as string | undefined);
      try {
        await withBegunInput(file, toldBy, async ({ begun, rest }) => {
          let rekeyer: Sealer;
          if (looksLikeCms(begun)) {
            await refuseRecipients(recipients, checking, () => []);
            rekeyer = new Rekeyer({ ...options, recipients: recipients.map(envelopeRecipient) });
          } else {
            assertMail(begun);
            rekeyer = new MessageRekeyer({ ...options, ...checking, recipients });
          }
          await writeSealed(piecesOf(begun, rest), [rekeyer], [output]);
        });
        await output.commit();
      } finally {
        await output.discard();
      }
    });
    return 0;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    if (error.code === 'smime-recipient-refused') tellRefusal(error);
    else if (answersOfOpening.has(error.code))
      process.stderr.write(`mailseal: it cannot be re-keyed: ${safe(error.message)}\n`);
    else throw error;
    return 1;
  }
}

/** Who stays. */
function choicesOf({ values }: CommandLine): Pick<RekeyMessageOptions, 'mode' | 'unknownRecipients'> {
  const isAdding = values['add'] === true;
  const keepsUnknown = values['keep-unknown'] === true;
  if (isAdding && values['replace'] === true)
    throw new UsageError('--add keeps those who can read it, and --replace does not; give one of them');
  if (isAdding && keepsUnknown)
    throw new UsageError('--add keeps all who can read it; --keep-unknown goes with --replace');
  return {
    mode: isAdding ? 'add' : 'replace',
    unknownRecipients: keepsUnknown ? 'keep' : 'drop',
  };
}
