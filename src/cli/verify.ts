import { writeFileSync } from 'node:fs';
import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import type { Seal } from '../smime/report.js';
import { verifyParsedMessage } from '../smime/verify-message.js';
import type { VerificationPolicy } from '../smime/verify-seal.js';
import { verifySignatureFile } from '../smime/verify-signature-file.js';
import {
  type CommandLine,
  commandLine,
  looksLikeCms,
  readCertificates,
  readInput,
  UsageError,
} from './input.js';
import type { ExitCode } from './main.js';
import { colours, painter } from './terminal.js';
import { reportJson, sealReportJson } from './verify-json.js';
import { reportText, sealText } from './verify-text.js';

/** `mailseal verify`. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    content: { type: 'string' },
    roots: { type: 'string', multiple: true },
    certs: { type: 'string', multiple: true },
    at: { type: 'string' },
    email: { type: 'string' },
    'any-signer': { type: 'boolean' },
    json: { type: 'boolean' },
    out: { type: 'string' },
  });
  const { policy, at } = policyOf(line);
  const input = readInput(line.positionals[0]);
  const content = typeof line.values.content === 'string' ? readInput(line.values.content) : undefined;
  // The report makes way for the content where that goes to the standard output.
  const stream = line.values.out === '-' ? process.stderr : process.stdout;
  const paint = painter(colours(stream));
  const json = line.values.json === true;

  if (looksLikeCms(input)) {
    const seal = await verifySignatureFile(input, content === undefined ? policy : { ...policy, content });
    stream.write(json ? toJson(sealReportJson(seal)) : sealText(seal, at, paint));
    return finish(seal.verified, [seal], line);
  }
  if (content !== undefined)
    throw new UsageError('--content goes with a .p7s file; a message brings its own content');
  const message = parseMessage(input);
  if (message.headers.length === 0) {
    throw new MailsealError('mime-malformed', 'this is neither a mail message nor a CMS file', { offset: 0 });
  }
  const report = await verifyParsedMessage(message, policy);
  stream.write(json ? toJson(reportJson(report)) : reportText(report, at, paint));
  return finish(report.verified, report.seals, line);
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function policyOf({ values }: CommandLine): { policy: VerificationPolicy; at: Date } {
  const wanted = values.at;
  const acceptSigningTime = wanted === 'signing';
  const at = typeof wanted === 'string' && !acceptSigningTime ? new Date(wanted) : new Date();
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--at ${String(wanted)}: give a date such as 2026-06-01T00:00:00Z, or "signing"`);
  const roots = values.roots as readonly string[] | undefined;
  const more = values.certs as readonly string[] | undefined;
  const policy: VerificationPolicy = {
    at,
    acceptSigningTime,
    requireIdentity: values['any-signer'] !== true,
    ...(roots === undefined ? {} : { roots: readCertificates(roots, '--roots') }),
    ...(more === undefined ? {} : { certificates: readCertificates(more, '--certs') }),
    ...(typeof values.email === 'string' ? { address: values.email } : {}),
  };
  return { policy, at };
}

/** Writes what was signed where that was asked for and everything verified. */
function finish(verified: boolean, seals: readonly Seal[], { values }: CommandLine): ExitCode {
  const { out } = values;
  if (typeof out === 'string') {
    const content = verified
      ? seals.find((seal) => seal.verified && seal.coverage === 'message')?.content
      : undefined;
    if (content === undefined)
      process.stderr.write('mailseal: nothing was written, since it is not verified\n');
    else if (out === '-') process.stdout.write(content);
    else writeOut(out, content);
  }
  return verified ? 0 : 1;
}

function writeOut(file: string, content: Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}
