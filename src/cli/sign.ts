import { signMessage } from '../smime/sign/sign-message.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, readInput, UsageError } from './input.js';
import { assertFiles } from './output.js';
import { writeOutput } from './output-file.js';
import { keyOptions, withOwnKeys } from './private-keys.js';
import { messageOf, momentOf, sealingOptions, withoutBcc } from './sealing.js';
import { signersOf, signingOf } from './signers.js';

/** `mailseal sign`. */
export async function sign(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, { ...keyOptions, ...sealingOptions });
  const { values } = line;
  const file = fileOf(line);
  assertFiles(line, file, Object.keys(keyOptions));
  const at = momentOf(line);
  const signed = await withOwnKeys(line, async (keys) => {
    const signers = signersOf(keys, line, values['algorithm'] as string | undefined);
    if (signers.length === 0)
      throw new UsageError('say who signs: --p12 FILE, or --key FILE and --cert FILE');
    const message = messageOf(await readInput(file), file, values['bare'] === true);
    return signMessage(withoutBcc(message, ''), {
      ...signingOf(signers, line, at),
      headerProtection: values['header-protection'] === true,
    });
  });
  await writeOutput(signed, values['out'] as string | undefined);
  return 0;
}
