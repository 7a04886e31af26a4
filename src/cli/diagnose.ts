import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import type { AlterationDiagnosis } from '../smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../smime/diagnose/diagnose-alteration.js';
import { openMessage } from '../smime/open/open-message.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, looksLikeCms, readCertificates, readInput, UsageError } from './files/input.js';
import { assertFiles } from './files/output.js';
import { writeOutput } from './files/output-file.js';
import { decryptionKeys, openingOptions, withOwnKeys } from './options/private-keys.js';
import { diagnosisJson } from './report/diagnose-json.js';
import { diagnosisText } from './report/diagnose-text.js';
import { safeJson, terminal } from './report/terminal.js';

const languages = ['en', 'ja'] as const;

/** `mailseal diagnose`. */
export async function diagnose(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...openingOptions,
    roots: { type: 'string', multiple: true },
    certs: { type: 'string', multiple: true },
    'fold-width': { type: 'boolean' },
    language: { type: 'string' },
    json: { type: 'boolean' },
    out: { type: 'string' },
  });
  const { values } = line;
  const file = fileOf(line);
  assertFiles(line, file, ['roots', 'certs', 'p12', 'key', 'cert', 'password-file']);
  const language = languages.find((each) => each === (values['language'] ?? 'en'));
  if (language === undefined) throw new UsageError(`--language is one of ${languages.join(', ')}`);
  const input = await readInput(file);
  if (looksLikeCms(input))
    throw new UsageError('FILE is a signature alone; what was altered can be told of a message only');
  const message = parseMessage(input);
  if (message.headers.length === 0)
    throw new MailsealError('mime-malformed', 'it is no mail message', { offset: 0 });
  const roots = await certificatesOf(values['roots'], '--roots');
  const more = (await certificatesOf(values['certs'], '--certs')) ?? [];
  const { report, diagnosis } = await withOwnKeys(line, async ({ keys, certificates }) => {
    // Whom to trust changes nothing of what was altered; it says whose the original is.
    const policy = {
      at: new Date(),
      certificates: [...more, ...certificates],
      keys: decryptionKeys(keys),
      ...(roots === undefined ? {} : { roots }),
    };
    const opened = await openMessage(message, policy);
    const found = await diagnoseAlteration(message, opened, { foldWidth: values['fold-width'] === true });
    return { report: opened, diagnosis: found };
  });
  const out = values['out'] as string | undefined;
  // The report makes way for the original where that goes to the standard output.
  const stream = out === '-' ? process.stderr : process.stdout;
  stream.write(
    values['json'] === true
      ? safeJson(diagnosisJson(report, diagnosis))
      : diagnosisText(report, diagnosis, language, terminal(stream)),
  );
  const wasSecret = report.envelopes.some(({ cipher }) => cipher !== undefined);
  if (out !== undefined) await writeOriginal(diagnosis, out, wasSecret);
  return diagnosis.recovered ? 0 : 1;
}

async function certificatesOf(files: unknown, option: string): Promise<Certificate[] | undefined> {
  return files === undefined ? undefined : readCertificates(files as readonly string[], option);
}

/** Writes what was recovered, of several originals the outermost; nothing where it is not the original of all signers. */
async function writeOriginal(
  { recovered, alterations }: AlterationDiagnosis,
  out: string,
  isSecret: boolean,
): Promise<void> {
  const original = recovered ? alterations[0]?.original : undefined;
  if (original === undefined) {
    process.stderr.write('mailseal: nothing was written, since no original was recovered\n');
  } else await writeOutput(original, out, isSecret);
}
