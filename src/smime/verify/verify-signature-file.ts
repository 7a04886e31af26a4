import type { CmsLimits } from '../../cms/content-info.js';
import { parseSignedData, type SignedData } from '../../cms/signed/signed-data.js';
import { Reasons } from '../../cms/verify/reason.js';
import type { SignerVerdict } from '../../cms/verify/verdict.js';
import { verifySignedData } from '../../cms/verify/verify.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
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
  const signedData = parseSignedData(
    signature,
    options.limits === undefined ? {} : { limits: options.limits },
  );
  const reasons = new Reasons<SealReasonCode>();
  if (signedData.isCertsOnly) reasons.fail('unsigned', 'there is no signer in it, only certificates or CRLs');
  if (signedData.trailingOctets > 0) {
    reasons.note(
      'trailing-octets',
      `${signedData.trailingOctets} octets follow the signature, and nothing covers them`,
    );
  }
  const { content, verdicts } = await verifyContent(signedData, options);
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
  return {
    part: '',
    covers: '',
    coverage: 'message',
    aroundEncryption: false,
    form: signedData.content === undefined ? 'detached' : 'opaque',
    entity: undefined,
    content,
    signedData,
    error: undefined,
    signers,
    verified: enough(signers, options),
    reasons: reasons.list,
  };
}

async function verifyContent(
  signedData: SignedData,
  options: VerifySignatureFileOptions,
): Promise<{ content: Bytes | undefined; verdicts: SignerVerdict[] }> {
  if (options.content === undefined)
    return { content: signedData.content, verdicts: await verifySignedData(signedData, options) };
  // Taken once, before anything waits: what is verified is what is given back, also from shared memory.
  const content = asBytes(options.content);
  const verdicts = await verifySignedData(signedData, { ...options, content });
  const canonical = canonicalLineEnds(content);
  if (equalBytes(canonical, content) || verdicts.every((verdict) => verdict.content === 'intact'))
    return { content, verdicts };
  const overCanonical = await verifySignedData(signedData, { ...options, content: canonical });
  const fits = overCanonical.every((verdict) => verdict.content === 'intact');
  return fits ? { content: canonical, verdicts: overCanonical } : { content, verdicts };
}
