import { Rekeyer } from '../cms/stream/rekeyer.js';
import { MailsealError } from '../core/errors.js';
import { envelopeRecipient } from '../smime/encrypt/envelope.js';
import { refuseRecipients } from '../smime/encrypt/refuse-recipients.js';
import { MessageRekeyer, type RekeyMessageOptions } from '../smime/stream/message-rekeyer.js';
import type { ExitCode } from './exit-code.js';
import { piecesOf, withBegunInput } from './files/begun-input.js';
import { type CommandLine, commandLine, fileOf, looksLikeCms, UsageError } from './files/input.js';
import { assertFiles } from './files/output.js';
import { openOutput } from './files/output-file.js';
import { answersOfOpening, assertMail } from './opening.js';
import { keysThatOpen, openingOptions, withOwnKeys } from './options/private-keys.js';
import {
  checkingOf,
  recipientFiles,
  recipientOptions,
  recipientsOf,
  tellRefusal,
} from './options/recipients.js';
import { type Sealer, writeSealed } from './options/sealing.js';
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
  assertFiles(line, file, [...Object.keys(openingOptions), ...recipientFiles]);
  const to = line.values['to'] as string[] | undefined;
  if (to === undefined) throw new UsageError('say for whom: --to FILE with his certificate');
  const choices = choicesOf(line);
  try {
    await withOwnKeys(line, async (own) => {
      const keys = keysThatOpen(own);
      const { recipients, above } = await recipientsOf(to, '--to');
      const checking = await checkingOf(line, [...above, ...own.certificates]);
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
