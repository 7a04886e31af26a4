import { type ContentInfo, parseContentInfo } from '../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import { type Bytes, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { bytesFromUtf8 } from '../core/utf8.js';
import { parseMessage } from '../mime/message.js';
import type { Part } from '../mime/part.js';
import { mayHideSeals } from '../smime/diagnose/hidden-seals.js';
import { openMessage } from '../smime/open/open-message.js';
import type { Seal } from '../smime/verify/report.js';
import type { VerificationPolicy } from '../smime/verify/verify-seal.js';
import { verifySignatureFile } from '../smime/verify/verify-signature-file.js';
import type { ExitCode } from './exit-code.js';
import { shownSeals } from './headline.js';
import { commandLine, fileOf, looksLikeCms, readInput, UsageError } from './input.js';
import { wrap } from './layout.js';
import { writeOutput } from './output-file.js';
import { policyOf, policyOptions } from './policy.js';
import { decryptionKeys, type OwnKeys, openingOptions, withOwnKeys } from './private-keys.js';
import type { TextOptions } from './report-lines.js';
import { safeJson, terminal } from './terminal.js';
import { notSignedJson, reportJson, sealReportJson } from './verify-json.js';
import { notSignedText, reportText, sealText } from './verify-text.js';

/** What the command prints, and what is signed where all of it is verified. */
interface Result {
  readonly verified: boolean;
  /** The signatures over all of what is shown. */
  readonly shown: readonly Seal[];
  /** Whether anything of it was decrypted. */
  readonly wasSecret: boolean;
  text(options: TextOptions): string;
  json(): unknown;
}

/** `mailseal verify`. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...policyOptions,
    ...openingOptions,
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
  const { result, keys } = await withOwnKeys(line, async (own) => ({
    result: looksLikeCms(input)
      ? await verifyFile(input, content, policy, own)
      : await verifyMail(input, content, policy, own),
    keys: own.keys.map(({ certificate }) => certificate),
  }));
  // The report makes way for the content where that goes to the standard output.
  const stream = values['out'] === '-' ? process.stderr : process.stdout;
  const options = {
    ...terminal(stream),
    at: policy.at,
    isNow: values['at'] === undefined || policy.acceptSigningTime === true,
    acceptSigningTime: policy.acceptSigningTime === true,
    requireIdentity: policy.requireIdentity !== false,
    keys,
  };
  stream.write(values['json'] === true ? safeJson(result.json()) : result.text(options));
  await writeContent(result, values['out'] as string | undefined);
  return result.verified ? 0 : 1;
}

async function verifyFile(
  input: Bytes,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
  own: OwnKeys,
): Promise<Result> {
  const info: ContentInfo = parseContentInfo(input);
  const kind = contentTypeName(info.contentType);
  if (envelopes.has(kind)) {
    if (content !== undefined)
      throw new UsageError('--content goes with a signature; an encrypted file brings its own content');
    return opened(parseMessage(asMessage(input)), policy, own);
  }
  if (info.contentType !== ContentTypeOid.signedData) {
    return {
      verified: false,
      shown: [],
      wasSecret: false,
      text: (options) => notSignedText(kind, options),
      json: () => notSignedJson(kind, policy.at),
    };
  }
  const seal = await verifySignatureFile(input, content === undefined ? policy : { ...policy, content });
  return {
    verified: seal.verified,
    shown: [seal],
    wasSecret: false,
    text: (options) => sealText(seal, options),
    json: () => sealReportJson(seal, policy.at),
  };
}

const envelopes: ReadonlySet<string> = new Set([
  'envelopedData',
  'authEnvelopedData',
  'encryptedData',
  'compressedData',
]);

/** A message of nothing but a CMS file. */
function asMessage(input: Bytes): Bytes {
  const header = 'Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n';
  return concatBytes([bytesFromUtf8(header), input]);
}

async function verifyMail(
  input: Bytes,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
  own: OwnKeys,
): Promise<Result> {
  const message = parseMessage(input);
  if (message.headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is neither a mail message nor a signature file', {
      offset: 0,
    });
  }
  if (content !== undefined)
    throw new UsageError('--content goes with a .p7s file; a message brings its own content');
  return opened(message, policy, own);
}

/** Said where a diagnosis would help: content was altered, or a signature is not seen for what it is. */
const diagnosisHint = 'mailseal diagnose may tell what altered it.';

/** Opens and verifies all layers of a message. */
async function opened(message: Part, policy: VerificationPolicy, own: OwnKeys): Promise<Result> {
  const certificates = [...(policy.certificates ?? []), ...own.certificates];
  const report = await openMessage(message, { ...policy, certificates, keys: decryptionKeys(own.keys) });
  const isAltered =
    report.seals.some(({ signers }) => signers.some(({ content }) => content === 'altered')) ||
    (!report.verified && mayHideSeals(report));
  return {
    verified: report.verified,
    shown: shownSeals(report),
    wasSecret: report.envelopes.some(({ cipher }) => cipher !== undefined),
    text: (options) => {
      const hint = isAltered ? ['', ...wrap(diagnosisHint, options.width), ''].join('\n') : '';
      return reportText(report, options) + hint;
    },
    json: () => reportJson(report, policy.at, isAltered),
  };
}

/** Writes what was signed, where that was asked for and everything is verified. */
async function writeContent({ verified, shown, wasSecret }: Result, out: string | undefined): Promise<void> {
  if (out === undefined) return;
  const seal = verified ? shown.find((each) => each.verified) : undefined;
  if (seal?.content === undefined) {
    process.stderr.write('mailseal: nothing was written, since it is not verified\n');
  } else await writeOutput(seal.content, out, wasSecret);
}
