import { type ContentInfo, parseContentInfo } from '../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import type { Seal } from '../smime/verify/report.js';
import { verifyParsedMessage } from '../smime/verify/verify-message.js';
import type { VerificationPolicy } from '../smime/verify/verify-seal.js';
import { verifySignatureFile } from '../smime/verify/verify-signature-file.js';
import type { ExitCode } from './exit-code.js';
import { commandLine, fileOf, looksLikeCms, readInput, UsageError } from './input.js';
import { writeWhole } from './output.js';
import { policyOf, policyOptions } from './policy.js';
import { safeJson, terminal } from './terminal.js';
import { notSignedJson, reportJson, sealReportJson } from './verify-json.js';
import { notSignedText, reportText, sealText, type TextOptions } from './verify-text.js';

/** What the command prints, and what is signed where all of it is verified. */
interface Result {
  readonly verified: boolean;
  readonly seals: readonly Seal[];
  text(options: TextOptions): string;
  json(): unknown;
}

/** `mailseal verify`. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...policyOptions,
    content: { type: 'string' },
    json: { type: 'boolean' },
    out: { type: 'string' },
  });
  const { values } = line;
  const file = fileOf(line);
  const contentFile = values['content'] as string | undefined;
  const policy = await policyOf(line, file);
  const input = await readInput(file);
  const content = contentFile === undefined ? undefined : await readInput(contentFile);
  const result = looksLikeCms(input)
    ? await verifyFile(input, content, policy)
    : await verifyMail(input, content, policy);
  // The report makes way for the content where that goes to the standard output.
  const stream = values['out'] === '-' ? process.stderr : process.stdout;
  const options = {
    ...terminal(stream),
    at: policy.at,
    isNow: values['at'] === undefined || policy.acceptSigningTime === true,
    acceptSigningTime: policy.acceptSigningTime === true,
    requireIdentity: policy.requireIdentity !== false,
  };
  stream.write(values['json'] === true ? safeJson(result.json()) : result.text(options));
  writeContent(result, values['out'] as string | undefined);
  return result.verified ? 0 : 1;
}

async function verifyFile(
  input: Uint8Array,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
): Promise<Result> {
  const info: ContentInfo = parseContentInfo(input);
  if (info.contentType !== ContentTypeOid.signedData) {
    const kind = contentTypeName(info.contentType);
    return {
      verified: false,
      seals: [],
      text: (options) => notSignedText(kind, options),
      json: () => notSignedJson(kind, policy.at),
    };
  }
  const seal = await verifySignatureFile(input, content === undefined ? policy : { ...policy, content });
  return {
    verified: seal.verified,
    seals: [seal],
    text: (options) => sealText(seal, options),
    json: () => sealReportJson(seal, policy.at),
  };
}

async function verifyMail(
  input: Uint8Array,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
): Promise<Result> {
  const message = parseMessage(input);
  if (message.headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is neither a mail message nor a signature file', {
      offset: 0,
    });
  }
  if (content !== undefined)
    throw new UsageError('--content goes with a .p7s file; a message brings its own content');
  const report = await verifyParsedMessage(message, policy);
  return {
    verified: report.verified,
    seals: report.seals,
    text: (options) => reportText(report, options),
    json: () => reportJson(report, policy.at),
  };
}

/** Writes what was signed, where that was asked for and everything is verified. */
function writeContent({ verified, seals }: Result, out: string | undefined): void {
  if (out === undefined) return;
  const seal = verified ? seals.find((each) => each.verified && each.coverage === 'message') : undefined;
  if (seal?.content === undefined) {
    process.stderr.write('mailseal: nothing was written, since it is not verified\n');
  } else if (out === '-') process.stdout.write(seal.content);
  else writeWhole(out, seal.content);
}
