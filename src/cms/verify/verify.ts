import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError, usage } from '../../core/errors.js';
import { type DigestName, digest, digestLength } from '../../crypto/digests/digest.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { algorithmPolicyNow } from '../../x509/path/algorithm-policy.js';
import { assertCertificates, assertPathOptions } from '../../x509/path/path-options.js';
import { quietly } from '../../x509/path/path-problem.js';
import { iso } from '../../x509/revocation/revocation-times.js';
import { signingTimeAttribute, smimeCapabilitiesAttribute } from '../attributes.js';
import type { SignedData } from '../signed/signed-data.js';
import type { SignerInfo } from '../signed/signer-info.js';
import { checkStrength, notePathStrength } from './algorithm-strength.js';
import { checkCounterSignatures, noteCounterSignatures } from './counter-signature.js';
import { addSigners, type MessageWork, messageWork } from './message-work.js';
import { isPassedContent, type PassedContent } from './passed-content.js';
import { Reasons } from './reason.js';
import { noteRevocation, type SignerTimes } from './revocation-answer.js';
import { revocationOf } from './revocation-source.js';
import { bestCandidate } from './signer-candidates.js';
import type { Verification } from './signer-path.js';
import { checkTimestamps, earliestTime } from './timestamp.js';
import type {
  ContentAnswer,
  SignerVerdict,
  TimestampVerdict,
  TrustedTime,
  TrustOptions,
  VerifySignedDataOptions,
} from './verdict.js';
import { checkMessageDigest, supportedDigest } from './verify-signature.js';

/**
 * Verifies every signer of a SignedData (RFC 5652 §5.6, RFC 5280 §6). A bad
 * signature is an answer, not an error.
 *
 * @throws MailsealError `usage` for an option that is not what it must be;
 * `aborted` when the signal says so; `crypto-engine-unavailable` where only the
 * native engine is allowed and it lacks an algorithm. Damage inside one signer
 * is that signer's answer.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, verifySignedData } from 'mailseal/cms';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const [signer] = await verifySignedData(parseSignedData(readFileSync('test/vectors/demo/smime.p7s')), {
 *   content: readFileSync('test/vectors/demo/signed-content.bin'),
 *   roots: [parseCertificate(readFileSync('test/vectors/demo/root.crt.pem'))],
 *   at: new Date('2027-01-01'),
 * });
 * console.log(signer?.content, signer?.signature, signer?.trust); // intact valid trusted
 * ```
 */
export async function verifySignedData(
  signedData: SignedData,
  options: VerifySignedDataOptions,
): Promise<SignerVerdict[]> {
  assertOptions(options);
  return verifySharing(signedData, options, messageWork(options.signal));
}

/** As {@link verifySignedData}, for one of several in a message, with options that passed {@link assertOptions}. */
export async function verifySharing(
  signedData: SignedData,
  options: VerifySignedDataOptions,
  work: MessageWork,
): Promise<SignerVerdict[]> {
  addSigners(work, signedData.signers.length);
  return verifySigners(signedData, options, 'mail-signing', work);
}

async function verifySigners(
  signedData: SignedData,
  options: VerifySignedDataOptions,
  purpose: Verification['purpose'],
  work: MessageWork,
): Promise<SignerVerdict[]> {
  // A message may bring many time stamps, each with many certificates.
  const isStamp = purpose === 'time-stamping';
  const embedded = signedData.content;
  const given = givenContent(options.content);
  const verification: Verification = {
    signed: {
      content: given === undefined ? embedded : given.octets,
      passed: given?.passed,
      contentType: signedData.eContentType,
      digests: new Map(given?.passed?.digests),
    },
    // What is shown is what must be signed: embedded content that is not the same is a second message.
    embeddedDiffers: given !== undefined && differs(given, options.embedded ?? embedded, options),
    pool: [...signedData.certificates, ...(options.certificates ?? [])],
    options,
    revocation: revocationOf(signedData, options),
    purpose,
    engine: options.engine === undefined ? {} : { engine: options.engine },
    paths: new Map(),
    work,
    // Three for each signer, for now, a trusted time and the time that he claims, and some for certificates that share a key.
    pathSearchesLeft: isStamp ? 4 : 3 * signedData.signers.length + 16,
    // As many as one signer may have, and some more; those of honest messages fit at once.
    retriesLeft: isStamp ? 4 : 32,
    timestampsLeft: 16,
  };
  const verdicts: SignerVerdict[] = [];
  for (const signer of signedData.signers) verdicts.push(await verifySigner(signer, verification));
  return verdicts;
}

interface GivenContent {
  readonly octets: Bytes | undefined;
  readonly passed: PassedContent | undefined;
}

function givenContent(content: Uint8Array | PassedContent | undefined): GivenContent | undefined {
  if (content === undefined) return undefined;
  if (isPassedContent(content)) return { octets: content.octets, passed: content };
  return { octets: asBytes(content), passed: undefined };
}

/** Of content that went by, equal digests are all that is left to compare; without one of them nothing is known to be the same. */
function differs(
  given: GivenContent,
  embedded: Bytes | PassedContent | undefined,
  options: EngineOptions,
): boolean {
  const other = givenContent(embedded);
  if (other === undefined) return false;
  if (given.octets !== undefined && other.octets !== undefined)
    return !equalBytes(given.octets, other.octets);
  const names = (given.passed ?? other.passed)?.digests.keys() ?? [];
  for (const name of names) {
    if (digestLength(name) < 32) continue;
    const [one, two] = [digestOf(given, name, options), digestOf(other, name, options)];
    if (one !== undefined && two !== undefined) return !equalBytes(one, two);
  }
  return true;
}

function digestOf(
  { octets, passed }: GivenContent,
  name: DigestName,
  { engine }: EngineOptions,
): Bytes | undefined {
  const found = passed?.digests.get(name);
  if (found !== undefined || octets === undefined) return found;
  return digest(name, octets, engine === undefined ? {} : { engine });
}

/** Without a time every certificate would pass for valid: comparing with nothing is never true. */
export function assertOptions(options: TrustOptions & { readonly at: Date }): void {
  if (!isMoment(options?.at)) {
    throw usage('`at` must be given as a valid Date: the time at which certificates must be valid');
  }
  const { trustedTime, at } = options;
  if (trustedTime !== undefined && !(isMoment(trustedTime) && trustedTime <= at))
    throw usage('`trustedTime` must be a valid Date that is not later than `at`');
  const { certificates, timestampRoots } = options;
  assertPathOptions(options);
  if (certificates !== undefined) assertCertificates('certificates', certificates);
  if (timestampRoots !== undefined) assertCertificates('timestampRoots', timestampRoots);
}

function isMoment(time: unknown): time is Date {
  return time instanceof Date && !Number.isNaN(time.getTime());
}

async function verifySigner(signer: SignerInfo, verification: Verification): Promise<SignerVerdict> {
  const reasons = new Reasons();
  try {
    return await answer(signer, verification, reasons);
  } catch (error) {
    if (
      !(error instanceof MailsealError) ||
      error.code === 'crypto-engine-unavailable' ||
      error.code === 'aborted'
    )
      throw error;
    reasons.fail('signer-malformed', `the signer’s part of the signature cannot be read: ${error.message}`);
    return {
      signer,
      content: contentOfMalformed(signer, verification),
      signature: 'invalid',
      trust: 'not-checked',
      time: 'not-checked',
      reasons: reasons.list,
      certificate: undefined,
      path: undefined,
      signingTime: undefined,
      trustedTime: undefined,
      timestamps: [],
      counterSignatures: [],
      digestAlgorithm: undefined,
      signatureAlgorithm: undefined,
      attributesForm: undefined,
    };
  }
}

/** A damaged attribute is no reason to blame content whose digest fits. */
function contentOfMalformed(
  signer: SignerInfo,
  { signed, engine, embeddedDiffers }: Verification,
): ContentAnswer {
  if (signed.content === undefined && signed.passed === undefined) return 'missing';
  const unsaid = new Reasons();
  const found = quietly(() =>
    checkMessageDigest(signer, signed, supportedDigest(signer, unsaid), unsaid, engine),
  );
  if (found === 'missing' && signed.content === undefined) return found;
  return found === 'intact' && !embeddedDiffers ? 'intact' : 'altered';
}

async function answer(
  signer: SignerInfo,
  verification: Verification,
  reasons: Reasons,
): Promise<SignerVerdict> {
  const signingTime = claimedTime(signer, reasons);
  const timestamps =
    verification.purpose === 'time-stamping'
      ? []
      : await checkTimestamps(signer, verification, (signedData, options, work) =>
          verifySigners(signedData, options, 'time-stamping', work),
        );
  const times: SignerTimes = { claimed: signingTime, trusted: trustedTimeOf(timestamps, verification) };
  const found = await bestCandidate(signer, times, verification);
  const { certificate, check, path, trust, time } = found;
  reasons.list.push(...found.reasons.list);
  let { content } = check;
  if (verification.embeddedDiffers) {
    reasons.fail('embedded-content-differs', 'the signature embeds other content than the content shown');
    content = 'altered';
  }
  const policy = verification.options.algorithms ?? algorithmPolicyNow;
  const publicKey = certificate && quietly(() => certificate.publicKey);
  const strong = checkStrength({ ...check, publicKey }, policy, reasons);
  addNotes(signer, certificate, times, verification.options.at, reasons);
  notePathStrength(path, policy, reasons);
  // Who did not ask is not told of all that a message leaves out.
  if (verification.options.revocation !== undefined) noteRevocation(path, reasons);
  noteTimestamps(timestamps, reasons);
  const counterSignatures = await checkCounterSignatures(signer, verification, verifySigner);
  noteCounterSignatures(counterSignatures, reasons);
  return {
    signer,
    content,
    signature: check.signature === 'valid' && !strong ? 'weak' : check.signature,
    trust,
    time,
    reasons: reasons.list.toSorted((a, b) =>
      a.severity === b.severity ? 0 : a.severity === 'failure' ? -1 : 1,
    ),
    certificate,
    path,
    signingTime,
    trustedTime: times.trusted,
    timestamps,
    counterSignatures,
    digestAlgorithm: check.digestName,
    signatureAlgorithm: check.algorithm,
    attributesForm: check.attributesForm,
  };
}

/** The earliest moment for which the caller or a trusted time stamp vouches. */
function trustedTimeOf(
  timestamps: readonly TimestampVerdict[],
  { options }: Verification,
): TrustedTime | undefined {
  const { at, trustedTime } = options;
  const stamped = earliestTime(timestamps);
  if (stamped === undefined || (trustedTime !== undefined && trustedTime <= stamped))
    return trustedTime && { time: trustedTime, source: 'caller' };
  // The accuracy of a time stamp may reach into the future.
  return { time: stamped > at ? at : stamped, source: 'timestamp' };
}

/** The signing time is a claim that proves nothing, so one that cannot be read spoils nothing. */
function claimedTime(signer: SignerInfo, reasons: Reasons): Date | undefined {
  const attributes = signer.signedAttributes;
  try {
    const time = signingTimeAttribute(attributes);
    if (time === undefined)
      reasons.note('signing-time-missing', 'the signer does not say when the signature was made');
    return time;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    reasons.note('signing-time-malformed', `the signing time cannot be read: ${error.message}`);
    return undefined;
  }
}

/** Remarks that change no answer but that a reader wants to see. */
function addNotes(
  signer: SignerInfo,
  certificate: Certificate | undefined,
  { claimed: signingTime, trusted }: SignerTimes,
  at: Date,
  reasons: Reasons,
): void {
  if (signingTime !== undefined && signingTime > at) {
    reasons.note('signing-time-in-future', 'the claimed signing time lies after the time of verification');
  } else if (
    signingTime !== undefined &&
    certificate !== undefined &&
    quietly(() => signingTime < certificate.notBefore || signingTime > certificate.notAfter) === true
  ) {
    reasons.note(
      'signing-time-outside-validity',
      'at the claimed signing time the certificate was not valid',
    );
  }
  if (signingTime !== undefined && trusted !== undefined && signingTime > trusted.time && signingTime <= at) {
    reasons.note(
      'signing-time-after-trusted-time',
      `the signer claims a later time than ${iso(trusted.time)}, when the signature existed already`,
    );
  }
  try {
    smimeCapabilitiesAttribute(signer.signedAttributes);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    reasons.note('capabilities-malformed', 'the SMIMECapabilities of the signer cannot be read');
  }
}

/** What time stamps are worth; those that are worth nothing spoil nothing. */
function noteTimestamps(timestamps: readonly TimestampVerdict[], reasons: Reasons): void {
  for (const { status, info, reasons: why } of timestamps) {
    if (status === 'trusted') {
      const when = info === undefined ? 'then' : iso(info.genTime);
      reasons.note('signing-time-trusted', `a trusted time stamp says that the signature existed at ${when}`);
      continue;
    }
    const main = why.find(({ severity }) => severity === 'failure')?.message ?? 'it cannot be verified';
    reasons.note(
      status === 'invalid' ? 'timestamp-invalid' : 'timestamp-untrusted',
      `a time stamp on the signature does not count: ${main}`,
    );
  }
}
