import { messageDigestAttribute } from '../../cms/attributes.js';
import { ContentTypeOid, contentTypeName } from '../../cms/oids.js';
import type { SignedData } from '../../cms/signed/signed-data.js';
import type { MessageWork } from '../../cms/verify/message-work.js';
import { type Reason, Reasons } from '../../cms/verify/reason.js';
import type { SignerVerdict, TrustOptions } from '../../cms/verify/verdict.js';
import { verifySharing } from '../../cms/verify/verify.js';
import { type Bytes, equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import { canonicalLineEnds } from '../../encoding/line-ends.js';
import type { Part } from '../../mime/part.js';
import type { FoundSeal } from './found-layer.js';
import { type ClaimedSender, checkIdentity, claimedSender, type IdentityAnswer } from './identity.js';
import type { PassedEntity } from './passed-parts.js';
import type { SealReasonCode } from './reason.js';
import type { Seal, SealSigner } from './report.js';

/** What makes a signer verified, and what there is to verify with. */
export interface VerificationPolicy extends TrustOptions {
  /** The time at which certificates must be valid, and CRLs and OCSP responses the latest ones: now. */
  readonly at: Date;
  /**
   * Whether a certificate that was valid at the time that the signer claims is
   * enough. Default `false`. A revoked one never is: a thief can claim any time.
   */
  readonly acceptSigningTime?: boolean;
  /** Whom the signer must be, instead of the address in From. */
  readonly address?: string;
  /** Whether a match with Sender verifies where From names several mailboxes. Default `false`. */
  readonly acceptSender?: boolean;
  /** Whether a seal needs all its signers verified or one of them. Default `all`. */
  readonly signers?: 'all' | 'any';
  /** Whether the signer must be the sender. Default `true`; with `false` anybody's good signature verifies. */
  readonly requireIdentity?: boolean;
}

/** Verifies one seal that was found in a message. */
export async function verifySeal(
  found: FoundSeal,
  policy: VerificationPolicy,
  work: MessageWork,
): Promise<Seal> {
  const reasons = new Reasons<SealReasonCode>();
  const { signedData } = found;
  const frame = {
    part: found.part,
    covers: found.covers,
    coverage: found.coversMessage ? ('message' as const) : ('part' as const),
    form: found.form,
    aroundEncryption: found.aroundEncryption,
    entity: found.entity,
  };
  if (found.ambiguity !== undefined)
    reasons.fail('container-ambiguous', `programs may differ in what they show: ${found.ambiguity}`);
  if (found.aroundEncryption)
    reasons.note(
      'signed-outside-encryption',
      'what is signed is encrypted: the signature tells who sent it, not who wrote it',
    );
  if (signedData instanceof MailsealError) return unreadable(frame, signedData, reasons);
  try {
    const answers = await verifyFrame(found, signedData, policy, work, reasons);
    return { ...frame, ...answers, signedData, error: undefined, reasons: reasons.list };
  } catch (error) {
    // Fields of the SignedData are read when they are needed; damage shows only here.
    if (!(error instanceof MailsealError) || !isDamage(error)) throw error;
    return unreadable(frame, error, reasons);
  }
}

function isDamage({ code }: MailsealError): boolean {
  return code.startsWith('asn1-') || code.startsWith('cms-') || code.startsWith('limit-');
}

function unreadable(
  frame: Pick<Seal, 'part' | 'covers' | 'coverage' | 'form' | 'aroundEncryption' | 'entity'>,
  error: MailsealError,
  reasons: Reasons<SealReasonCode>,
): Seal {
  reasons.fail('signature-unreadable', `the signature cannot be read: ${error.message}`);
  return {
    ...frame,
    content: undefined,
    signedData: undefined,
    error,
    signers: [],
    verified: false,
    reasons: reasons.list,
  };
}

async function verifyFrame(
  found: FoundSeal,
  signedData: SignedData,
  policy: VerificationPolicy,
  work: MessageWork,
  reasons: Reasons<SealReasonCode>,
): Promise<Pick<Seal, 'content' | 'signers' | 'verified'>> {
  if (signedData.isCertsOnly)
    reasons.fail('signature-unreadable', 'what should be the signature has no signer in it');
  // RFC 8551 §2.4.1: a MIME entity is signed as id-data; a time stamp or receipt under the same key is no mail.
  const isMime = signedData.eContentType === ContentTypeOid.data;
  if (!isMime) {
    const type = contentTypeName(signedData.eContentType);
    reasons.fail('content-not-mime', `what is signed is of the type ${type}, not a part of a message`);
  }
  if (signedData.trailingOctets > 0) {
    reasons.note(
      'trailing-octets',
      `${signedData.trailingOctets} octets follow the signature, and nothing covers them`,
    );
  }
  const { content, verdicts } = await verifyContent(found, signedData, policy, work, reasons);
  const claimed = {
    ...claimedSender(found.message),
    ...(policy.address === undefined ? {} : { expected: policy.address }),
  };
  const inner = protectedSenders(found.entity);
  const signers = verdicts.map((verdict) => sealSigner(verdict, claimed, inner, policy));
  return { content, signers, verified: isMime && enough(signers, policy) };
}

/** Verifies over the canonical form of what is shown, or over what is embedded. */
async function verifyContent(
  found: FoundSeal,
  signedData: SignedData,
  given: VerificationPolicy,
  work: MessageWork,
  reasons: Reasons<SealReasonCode>,
): Promise<{ content: Bytes | undefined; verdicts: SignerVerdict[] }> {
  const { received, passed, embedded } = found;
  const policy = embedded === undefined ? given : { ...given, embedded };
  if (passed !== undefined) return verifyPassed(passed, found.entity, signedData, policy, work);
  if (received === undefined) {
    return { content: signedData.content, verdicts: await verifySharing(signedData, policy, work) };
  }
  // RFC 8551 §3.1.1: what is signed has CRLF line ends, whatever storage made of them.
  const canonical = canonicalLineEnds(received);
  const verdicts = await verifySharing(signedData, { ...policy, content: canonical }, work);
  if (!verdicts.some((verdict) => verdict.content === 'altered')) return { content: canonical, verdicts };
  for (const other of [received, bareLineFeeds(canonical)]) {
    if (equalBytes(other, canonical) || !mayFit(verdicts, other, policy)) continue;
    const overOther = await verifySharing(signedData, { ...policy, content: other }, work);
    if (!overOther.every((verdict) => verdict.content === 'intact')) continue;
    // RFC 8551 §3.1.1 exempts binary data: there the octets count as they stand.
    if (other === received && found.entity?.transferEncoding === 'binary') {
      return { content: received, verdicts: overOther };
    }
    reasons.note(
      'fits-without-canonical-line-ends',
      'the signature fits this text with other line ends; the signer did not turn them into CRLF, as he must',
    );
    break;
  }
  return { content: canonical, verdicts };
}

/** Verifies over what is known of content that went by; other line ends are not tried, since it cannot be hashed again. */
async function verifyPassed(
  { canonical, received }: PassedEntity,
  entity: Part | undefined,
  signedData: SignedData,
  policy: VerificationPolicy,
  work: MessageWork,
): Promise<{ content: Bytes | undefined; verdicts: SignerVerdict[] }> {
  const verdicts = await verifySharing(signedData, { ...policy, content: canonical }, work);
  const isAltered = verdicts.some((verdict) => verdict.content === 'altered');
  if (isAltered && received !== undefined && entity?.transferEncoding === 'binary') {
    const overReceived = await verifySharing(signedData, { ...policy, content: received }, work);
    if (overReceived.every((verdict) => verdict.content === 'intact'))
      return { content: received.octets, verdicts: overReceived };
  }
  return { content: canonical.octets, verdicts };
}

/** Whether no message-digest rules the content out: only then are signatures worth checking again. */
function mayFit(verdicts: readonly SignerVerdict[], content: Bytes, { engine }: VerificationPolicy): boolean {
  return verdicts.every(({ signer, digestAlgorithm }) => {
    if (!signer.hasSignedAttributes) return true;
    if (digestAlgorithm === undefined) return false;
    const wanted = messageDigestAttribute(signer.signedAttributes);
    const found = digest(digestAlgorithm, content, engine === undefined ? {} : { engine });
    return wanted !== undefined && equalBytes(found, wanted);
  });
}

/** The same text with every CRLF as LF, which careless signers hash. */
function bareLineFeeds(canonical: Uint8Array): Bytes {
  return canonical.filter((octet, i) => octet !== 0x0d || canonical[i + 1] !== 0x0a) as Bytes;
}

/** Adds the fifth answer, identity, to the four of a signer, and holds all against the policy. */
export function sealSigner(
  verdict: SignerVerdict,
  claimed: ClaimedSender | undefined,
  inner: readonly ClaimedSender[],
  policy: VerificationPolicy,
): SealSigner {
  const reasons = new Reasons<SealReasonCode>();
  let identity = checkIdentity(verdict.certificate, claimed, reasons);
  // RFC 8551 §3.1: programs show the header of a wrapped message, so its From must be the signer's too.
  const isSigners = (sender: ClaimedSender): boolean =>
    isSender(checkIdentity(verdict.certificate, sender, new Reasons<SealReasonCode>()), sender, policy);
  if (identity === 'match' && !inner.every(isSigners)) {
    reasons.fail('protected-from-differs', 'what is signed names another sender in From than the signer');
    identity = 'mismatch';
  }
  return {
    ...verdict,
    identity,
    verified:
      isVerified(verdict, policy) &&
      (policy.requireIdentity === false || isSender(identity, claimed, policy)),
    reasons: sorted([...verdict.reasons, ...reasons.list]),
  };
}

/** Whether as many signers are verified as the policy wants. */
export function enough(signers: readonly SealSigner[], policy: VerificationPolicy): boolean {
  if (policy.signers === 'any') return signers.some((signer) => signer.verified);
  return signers.length > 0 && signers.every((signer) => signer.verified);
}

/** Several From fields never verify; several mailboxes only where the caller takes Sender for it. */
function isSender(
  identity: IdentityAnswer,
  claimed: ClaimedSender | undefined,
  policy: VerificationPolicy,
): boolean {
  if (identity !== 'match' || claimed === undefined || claimed.fromFields > 1) return false;
  return claimed.from.length <= 1 || policy.acceptSender === true || claimed.expected !== undefined;
}

/** The answers that are not about identity, held against the policy. */
export function isVerified(
  verdict: Pick<SignerVerdict, 'content' | 'signature' | 'trust' | 'time'>,
  policy: VerificationPolicy,
): boolean {
  const timely =
    verdict.time === 'valid' ||
    verdict.time === 'valid-at-trusted-time' ||
    (verdict.time === 'valid-at-signing-time' && policy.acceptSigningTime === true);
  return (
    verdict.content === 'intact' && verdict.signature === 'valid' && verdict.trust === 'trusted' && timely
  );
}

/** Failures first, each group in its order. */
function sorted(reasons: readonly Reason<SealReasonCode>[]): Reason<SealReasonCode>[] {
  return reasons.toSorted((a, b) => Number(a.severity === 'note') - Number(b.severity === 'note'));
}

/**
 * Whom a From under the signature names: in the header of the signed
 * entity (RFC 9788, and messages that were signed with their header), and in
 * the message that it wraps whole (RFC 8551 §3.1).
 */
function protectedSenders(entity: Part | undefined): ClaimedSender[] {
  if (entity === undefined) return [];
  const places = entity.isMessage ? [entity, ...entity.parts] : [entity];
  return places.filter((place) => place.headers.all('from').length > 0).map(claimedSender);
}
