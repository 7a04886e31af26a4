import { parseContentInfo } from '../cms/content-info.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import { type Bytes, concatBytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { parseMessage } from '../mime/message.js';
import { openMessage } from '../smime/open/open-message.js';
import type { VerificationPolicy } from '../smime/verify/verify-seal.js';
import { verifySignatureFile } from '../smime/verify/verify-signature-file.js';
import type { ExitCode } from './exit-code.js';
import { type BegunInput, piecesOf, withBegunInput } from './files/begun-input.js';
import { commandLine, fileOf, inputLength, looksLikeCms, readInput, UsageError } from './files/input.js';
import { type Output, openOutput } from './files/output-file.js';
import { policyOf, policyOptions } from './options/policy.js';
import { decryptionKeys, type OwnKeys, openingOptions, withOwnKeys } from './options/private-keys.js';
import { safeJson, terminal } from './report/terminal.js';
import {
  fileResult,
  messageResult,
  notSignedResult,
  type VerifyResult,
  wholeContent,
} from './report/verify-result.js';
import { type ContentTaker, isOver, KeptContents, noContents, PassedOnContent } from './signed-contents.js';
import {
  cmsFileHeader,
  cmsTypeOf,
  type LongResult,
  verifyLongFile,
  verifyLongMessage,
} from './verify-long.js';

/** Octets of input that are kept; of longer input only what is needed to judge it. */
const wholeOctets = 4 << 20;

/** What is verified, and by what. */
interface Verification {
  readonly file: string;
  readonly contentFile: string | undefined;
  readonly policy: VerificationPolicy;
  readonly own: OwnKeys;
  readonly contents: ContentTaker;
}

/** `mailseal verify`. */
export async function verify(args: readonly string[]): Promise<ExitCode> {
  const line = commandLine(args, {
    ...policyOptions,
    ...openingOptions,
    content: { type: 'string' },
    unverified: { type: 'boolean' },
    json: { type: 'boolean' },
    out: { type: 'string' },
  });
  const { values } = line;
  const file = fileOf(line);
  const contentFile = values['content'] as string | undefined;
  const out = values['out'] as string | undefined;
  const isUnverified = values['unverified'] === true;
  if (isUnverified && out === undefined)
    throw new UsageError('--unverified says what --out writes: name a file, or - for the standard output');
  const policy = await policyOf(line, file);
  const output = isUnverified ? await openOutput(out, true) : undefined;
  const kept = new KeptContents();
  const contents = output !== undefined ? new PassedOnContent(output) : out === undefined ? noContents : kept;
  try {
    const { result, keys } = await withOwnKeys(line, async (own) => ({
      result: await resultOf({ file, contentFile, policy, own, contents }),
      keys: own.keys.map(({ certificate }) => certificate),
    }));
    // The report makes way for the content where that goes to the standard output.
    const stream = out === '-' ? process.stderr : process.stdout;
    const options = {
      ...terminal(stream),
      at: policy.at,
      isNow: values['at'] === undefined || policy.acceptSigningTime === true,
      acceptSigningTime: policy.acceptSigningTime === true,
      requireIdentity: policy.requireIdentity !== false,
      keys,
    };
    stream.write(values['json'] === true ? safeJson(result.json()) : result.text(options));
    if (output !== undefined) await finishUnverified(result, contents, output);
    else if (out !== undefined) await writeVerified(result, out);
    return result.verified ? 0 : 1;
  } finally {
    await output?.discard();
    kept.remove();
  }
}

function resultOf(of: Verification): Promise<VerifyResult> {
  const { file, contentFile } = of;
  return withBegunInput(file, wholeOctets, async (input) => {
    if (contentFile === undefined) return resultOfInput(of, input, undefined);
    return withBegunInput(contentFile, wholeOctets, (content) => resultOfInput(of, input, content));
  });
}

async function resultOfInput(
  of: Verification,
  input: BegunInput,
  content: BegunInput | undefined,
): Promise<VerifyResult> {
  const { policy, own } = of;
  const isCms = looksLikeCms(input.begun);
  if (input.isAll && content?.isAll !== false) {
    return isCms
      ? verifyFile(input.begun, content?.begun, policy, own)
      : verifyMail(input.begun, content?.begun, policy, own);
  }
  const { result, needsWhole } = isCms
    ? await verifyFileInPieces(of, input, content)
    : await verifyMailInPieces(of, input, content);
  if (!needsWhole || !isReadAgain(of)) return result;
  const [octets, beside] = [await readInput(of.file), await contentOf(of)];
  return isCms ? verifyFile(octets, beside, policy, own) : verifyMail(octets, beside, policy, own);
}

/** Whether the input can be read once more, and nothing of it was let out. */
function isReadAgain({ file, contentFile, contents }: Verification): boolean {
  const files = contentFile === undefined ? [file] : [file, contentFile];
  return (
    contents.letOut === undefined &&
    files.every((each) => each !== '-' && (inputLength(each) ?? 2 ** 31) <= 2 ** 30)
  );
}

async function contentOf({ contentFile }: Verification): Promise<Bytes | undefined> {
  return contentFile === undefined ? undefined : readInput(contentFile);
}

async function verifyFileInPieces(
  of: Verification,
  input: BegunInput,
  content: BegunInput | undefined,
): Promise<LongResult> {
  const pieces = piecesOf(input.begun, input.rest);
  const type = cmsTypeOf(input.begun);
  const kind = type === undefined ? '' : contentTypeName(type);
  if (envelopes.has(kind)) {
    refuseContentOfEnvelope(content);
    return verifyLongMessage(withHeader(pieces), of);
  }
  if (type !== undefined && type !== ContentTypeOid.signedData)
    return { result: notSignedResult(kind, of.policy.at), needsWhole: false };
  const beside = content === undefined ? undefined : piecesOf(content.begun, content.rest);
  return verifyLongFile(pieces, beside, of);
}

async function* withHeader(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  yield cmsFileHeader;
  yield* pieces;
}

async function verifyMailInPieces(
  of: Verification,
  { begun, rest }: BegunInput,
  content: BegunInput | undefined,
): Promise<LongResult> {
  assertMail(begun, content);
  return verifyLongMessage(piecesOf(begun, rest), of);
}

async function verifyFile(
  input: Bytes,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
  own: OwnKeys,
): Promise<VerifyResult> {
  const { contentType } = parseContentInfo(input);
  const kind = contentTypeName(contentType);
  if (envelopes.has(kind)) {
    refuseContentOfEnvelope(content);
    return opened(concatBytes([cmsFileHeader, input]), policy, own);
  }
  if (contentType !== ContentTypeOid.signedData) return notSignedResult(kind, policy.at);
  const seal = await verifySignatureFile(input, content === undefined ? policy : { ...policy, content });
  return fileResult(seal, policy.at, wholeContent);
}

const envelopes: ReadonlySet<string> = new Set([
  'envelopedData',
  'authEnvelopedData',
  'encryptedData',
  'compressedData',
]);

function refuseContentOfEnvelope(content: unknown): void {
  if (content !== undefined)
    throw new UsageError('--content goes with a signature; an encrypted file brings its own content');
}

async function verifyMail(
  input: Bytes,
  content: Uint8Array | undefined,
  policy: VerificationPolicy,
  own: OwnKeys,
): Promise<VerifyResult> {
  assertMail(input, content);
  return opened(input, policy, own);
}

/** @param begun the message, or more of its begin than its header */
function assertMail(begun: Bytes, content: unknown): void {
  if (parseMessage(begun).headers.length === 0) {
    throw new MailsealError('mime-malformed', 'it is neither a mail message nor a signature file', {
      offset: 0,
    });
  }
  if (content !== undefined)
    throw new UsageError('--content goes with a .p7s file; a message brings its own content');
}

/** Opens and verifies all layers of a message. */
async function opened(message: Bytes, policy: VerificationPolicy, own: OwnKeys): Promise<VerifyResult> {
  const certificates = [...(policy.certificates ?? []), ...own.certificates];
  const report = await openMessage(message, { ...policy, certificates, keys: decryptionKeys(own.keys) });
  return messageResult(report, policy.at, wholeContent);
}

/** Writes what the innermost signature is over, where everything is verified. */
async function writeVerified(
  { verified, shown, contentOf, wasSecret }: VerifyResult,
  out: string,
): Promise<void> {
  const seal = verified ? shown.findLast((each) => each.verified) : undefined;
  const content = seal && contentOf(seal);
  if (content === undefined) {
    const why = verified ? 'what was signed is not at hand' : 'it is not verified';
    process.stderr.write(`mailseal: nothing was written, since ${why}\n`);
    return;
  }
  const output = await openOutput(out, wasSecret);
  try {
    for (const octets of content) await output.write(octets);
    await output.commit();
  } finally {
    await output.discard();
  }
}

/** Ends what was let out without a verdict; where nothing was, writes what the outermost signature is over. */
async function finishUnverified(
  { verified, shown, contentOf }: VerifyResult,
  { letOut }: ContentTaker,
  output: Output,
): Promise<void> {
  const seal = letOut === undefined ? shown[0] : shown.find((each) => isOver(each, letOut));
  const content = letOut === undefined ? seal && contentOf(seal) : [];
  if (content === undefined) {
    process.stderr.write('mailseal: nothing was written, since there is nothing that is signed as a whole\n');
    return;
  }
  for (const octets of content) await output.write(octets);
  await output.commit();
  // What came first need not be what the verdict is about.
  if (!verified || seal?.verified !== true)
    process.stderr.write('mailseal: what was written is not verified\n');
}
