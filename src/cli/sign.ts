import { signMessage } from '../smime/sign/sign-message.js';
import { MessageSigner } from '../smime/stream/message-signer.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, UsageError } from './files/input.js';
import { assertFiles } from './files/output.js';
import { keyOptions, withOwnKeys } from './options/private-keys.js';
import { momentOf, sealInput, sealingOptions } from './options/sealing.js';
import { signersOf, signingOf } from './options/signers.js';

/** `mailseal sign`. */
export async function sign(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { ...keyOptions, ...sealingOptions });
  const { values } = line;
  const file = fileOf(line);
  assertFiles(line, file, Object.keys(keyOptions));
  const at = momentOf(line);
  await withOwnKeys(line, async (keys) => {
    const signers = signersOf(keys, line, values['algorithm'] as string | undefined);
    if (signers.length === 0)
      throw new UsageError('say who signs: --p12 FILE, or --key FILE and --cert FILE');
    const options = {
      ...signingOf(signers, line, at),
      headerProtection: values['header-protection'] === true,
    };
    await sealInput(line, file, '', {
      whole: async (message) => [await signMessage(message, options)],
      inPieces: () => [new MessageSigner(options)],
    });
  });
  return 0;
}
