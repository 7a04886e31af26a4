import { messageWork } from '../../cms/verify/message-work.js';
import { Reasons } from '../../cms/verify/reason.js';
import { parseMessage } from '../../mime/message.js';
import type { Part } from '../../mime/part.js';
import { findSeals, mimeOptions, type SealLimits } from './find-seals.js';
import { isAsked, judge } from './judge.js';
import type { PassedParts } from './passed-parts.js';
import { assertPolicyOptions } from './policy-options.js';
import type { SealReasonCode } from './reason.js';
import type { Seal, VerificationReport } from './report.js';
import { type VerificationPolicy, verifySeal } from './verify-seal.js';

/** What {@link verifyMessage} takes beside the message. */
export interface VerifyMessageOptions extends VerificationPolicy {
  /** Judge the seal of this part instead of the whole message: a place as `Seal.part` or `Seal.covers` gives it. */
  readonly part?: string;
  readonly limits?: SealLimits;
}

/**
 * Verifies the signatures of a mail message (RFC 8551 §3, RFC 8550) wherever
 * they stand in it, and reports what each covers, whose it is, and how far it
 * can be believed. A bad signature is a verdict, not an error.
 *
 * `verified` is true when a seal covers the whole message and each of its
 * signers has all five answers good: content `intact`, signature `valid`,
 * trust `trusted`, time `valid`, identity `match`. Other seals over the whole
 * message must at least be unbroken. What is encrypted stays closed: a signature around it
 * verifies who sent it, not who wrote it (`Seal.aroundEncryption`); `openMessage` decrypts.
 *
 * @param message The octets of the message, as they came; line ends may be LF.
 * @throws MailsealError `usage` for an option that is not what it must be; `aborted`; `limit-depth`,
 * `limit-parts`, `limit-headers`, `limit-header-octets`, `limit-seals`;
 * `crypto-engine-unavailable` where only the native engine is allowed.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { verifyMessage } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const report = await verifyMessage(readFileSync('test/vectors/demo/signed.eml'), {
 *   roots: parseCertificates(readFileSync('test/vectors/demo/root.crt.pem')),
 *   at: new Date('2027-01-01'),
 * });
 * console.log(report.verified, report.seals[0]?.signers[0]?.identity); // true match
 * ```
 */
export async function verifyMessage(
  message: Uint8Array,
  options: VerifyMessageOptions,
): Promise<VerificationReport> {
  return verifyParsedMessage(parseMessage(message, mimeOptions(options?.limits ?? {})), options);
}

/**
 * Like {@link verifyMessage}, for a message that was parsed already: with other
 * MIME limits, or because more is done with it than verifying.
 *
 * @throws MailsealError as {@link verifyMessage}, but for the MIME limits.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseMessage } from 'mailseal/mime';
 * import { verifyParsedMessage } from 'mailseal/smime';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const message = parseMessage(readFileSync('test/vectors/demo/signed.eml'), { limits: { depth: 20 } });
 * const roots = parseCertificates(readFileSync('test/vectors/demo/root.crt.pem'));
 * const report = await verifyParsedMessage(message, { roots, at: new Date('2027-01-01') });
 * console.log(report.verified, report.seals.length); // true 1
 * ```
 */
export async function verifyParsedMessage(
  message: Part,
  options: VerifyMessageOptions,
): Promise<VerificationReport> {
  return verifyPassedMessage(message, options);
}

/** As {@link verifyParsedMessage}, for a message that was read in pieces, of which octets were left out. */
export async function verifyPassedMessage(
  message: Part,
  options: VerifyMessageOptions,
  passed?: PassedParts,
): Promise<VerificationReport> {
  assertPolicyOptions(options);
  const { seals: found, others } = findSeals(message, options.limits, passed);
  const work = messageWork(options.signal);
  const seals: Seal[] = [];
  const asked: Seal[] = [];
  for (const each of found) {
    const seal = await verifySeal(each, options, work);
    seals.push(seal);
    if (isAsked(each, options.part)) asked.push(seal);
  }
  const reasons = new Reasons<SealReasonCode>();
  const verified = judge(seals, asked, options, reasons);
  return { verified, seals, others, reasons: reasons.list, message };
}
