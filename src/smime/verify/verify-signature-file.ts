import type { CmsLimits } from '../../cms/content-info.js';
import { parseSignedData, type SignedData } from '../../cms/signed/signed-data.js';
import type { PassedContent } from '../../cms/verify/passed-content.js';
import { Reasons } from '../../cms/verify/reason.js';
import type { SignerVerdict } from '../../cms/verify/verdict.js';
import { verifySignedData } from '../../cms/verify/verify.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import { assertPolicyOptions } from './policy-options.js';
import type { SealReasonCode } from './reason.js';
import type { Seal } from './report.js';
import { enough, sealSigner, type VerificationPolicy } from './verify-seal.js';

/** What {@link verifySignatureFile} takes beside the signature. */
export interface VerifySignatureFileOptions extends VerificationPolicy {
  /** The content, where the signature does not embed it. */
  readonly content?: Uint8Array;
  readonly limits?: CmsLimits;
}

/**
 * Verifies a CMS signature that stands in a file of its own: a detached
 * `smime.p7s` with its content beside it, or a `.p7m` that embeds it.
 *
 * The content is tried as it stands and then with CRLF line ends, since one
 * signer hashes a file and another a mail. There is no From here: `identity`
 * is held against `address`, and is `not-checked` without one.
 *
 * @param signature DER, BER or PEM.
 * @throws MailsealError the codes of `parseSignedData`, and those of `verifyMessage` about options.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { verifySignatureFile } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const seal = await verifySignatureFile(readFileSync('test/vectors/demo/smime.p7s'), {
 *   content: readFileSync('test/vectors/demo/signed-content.bin'),
 *   roots: parseCertificates(readFileSync('test/vectors/demo/root.crt.pem')),
 *   address: 'hanako@example.jp',
 *   at: new Date('2027-01-01'),
 * });
 * console.log(seal.verified); // true
 * ```
 */
export async function verifySignatureFile(
  signature: Uint8Array,
  options: VerifySignatureFileOptions,
): Promise<Seal> {
  assertPolicyOptions(options);
  const signedData = parseSignedData(
    signature,
    options.limits === undefined ? {} : { limits: options.limits },
  );
  const { content } = options;
  const embedded = signedData.content;
  if (content === undefined) return (await sealOfFile(signedData, { embedded }, options)).seal;
  // Taken once, before anything waits: what is verified is what is given back, also from shared memory.
  const asItIs = asBytes(content);
  const canonical = canonicalLineEnds(asItIs);
  const isCanonical = equalBytes(canonical, asItIs);
  const contents = { embedded, asItIs, canonical: isCanonical ? undefined : canonical };
  return (await sealOfFile(signedData, contents, options)).seal;
}

/** What there is of the content of a signature file: octets, or what was kept of them. */
export interface FileContents {
  /** What the signature itself holds. */
  readonly embedded: Bytes | PassedContent | undefined;
  /** What stands beside it. */
  readonly asItIs?: Bytes | PassedContent;
  /** That with CRLF line ends, where it is not the same. */
  readonly canonical?: Bytes | PassedContent | undefined;
}

/** A seal of a file, and over which of its contents it was judged. */
export interface FileSeal {
  readonly seal: Seal;
  readonly over: keyof FileContents;
}

/** As {@link verifySignatureFile}, for a signature that was read. */
export async function sealOfFile(
  signedData: SignedData,
  contents: FileContents,
  options: VerificationPolicy,
): Promise<FileSeal> {
  const reasons = new Reasons<SealReasonCode>();
  if (signedData.isCertsOnly) reasons.fail('unsigned', 'there is no signer in it, only certificates or CRLs');
  if (signedData.trailingOctets > 0) {
    reasons.note(
      'trailing-octets',
      `${signedData.trailingOctets} octets follow the signature, and nothing covers them`,
    );
  }
  const { over, verdicts } = await verifyContents(signedData, contents, options);
  const content = contents[over];
  const claimed =
    options.address === undefined
      ? undefined
      : {
          fromFields: 0,
          from: [],
          otherReading: undefined,
          misleadingName: undefined,
          sender: undefined,
          expected: options.address,
        };
  const signers = verdicts.map((verdict) => sealSigner(verdict, claimed, [], options));
  const seal: Seal = {
    part: '',
    covers: '',
    coverage: 'message',
    aroundEncryption: false,
    form: contents.embedded === undefined ? 'detached' : 'opaque',
    entity: undefined,
    content: content === undefined || content instanceof Uint8Array ? content : content.octets,
    signedData,
    error: undefined,
    signers,
    verified: enough(signers, options),
    reasons: reasons.list,
  };
  return { seal, over };
}

async function verifyContents(
  signedData: SignedData,
  { embedded, asItIs, canonical }: FileContents,
  options: VerificationPolicy,
): Promise<{ over: keyof FileContents; verdicts: SignerVerdict[] }> {
  const verifyOver = (content: Bytes | PassedContent | undefined): Promise<SignerVerdict[]> =>
    verifySignedData(signedData, {
      ...options,
      ...(content === undefined ? {} : { content }),
      ...(embedded === undefined || embedded instanceof Uint8Array ? {} : { embedded }),
    });
  if (asItIs === undefined) {
    const passed = embedded instanceof Uint8Array ? undefined : embedded;
    return { over: 'embedded', verdicts: await verifyOver(passed) };
  }
  const verdicts = await verifyOver(asItIs);
  if (canonical === undefined || verdicts.every((verdict) => verdict.content === 'intact'))
    return { over: 'asItIs', verdicts };
  const overCanonical = await verifyOver(canonical);
  return overCanonical.every((verdict) => verdict.content === 'intact')
    ? { over: 'canonical', verdicts: overCanonical }
    : { over: 'asItIs', verdicts };
}
