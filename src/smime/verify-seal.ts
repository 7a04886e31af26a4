import { type Reason, Reasons } from '../cms/reason.js';
import type { SignedData } from '../cms/signed-data.js';
import { type SignerVerdict, verifySignedData } from '../cms/verify.js';
import { type Bytes, equalBytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import { canonicalLineEnds } from '../encoding/line-ends.js';
import type { Part } from '../mime/part.js';
import type { Certificate } from '../x509/certificate.js';
import type { FoundSeal } from './find-seals.js';
import { type ClaimedSender, checkIdentity, claimedSender, type IdentityAnswer } from './identity.js';
import type { Seal, SealReasonCode, SealSigner } from './report.js';

/** What makes a signer verified, and what there is to verify with. */
export interface VerificationPolicy extends EngineOptions {
  /** The time at which certificates must be valid: now, or a time that the caller trusts (an archive's date). */
  readonly at: Date;
  /** Trust anchors. Without them `trust` is `not-checked` and nothing is verified. */
  readonly roots?: readonly Certificate[];
  /** More certificates that may be signers' or intermediate ones. */
  readonly certificates?: readonly Certificate[];
  /** Whether a certificate that was valid at the time that the signer claims is enough. Default `false`. */
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
export async function verifySeal(found: FoundSeal, policy: VerificationPolicy): Promise<Seal> {
  const reasons = new Reasons<SealReasonCode>();
  const { signedData } = found;
  const frame = {
    part: found.part,
    covers: found.covers,
    coverage: found.coversMessage ? ('message' as const) : ('part' as const),
    form: found.form,
    entity: found.entity,
  };
  if (signedData instanceof MailsealError) {
    reasons.fail('signature-unreadable', `the signature cannot be read: ${signedData.message}`);
    return {
      ...frame,
      content: undefined,
      signedData: undefined,
      signers: [],
      verified: false,
      reasons: reasons.list,
    };
  }
  if (signedData.isCertsOnly)
    reasons.fail('signature-unreadable', 'what should be the signature has no signer in it');
  if (signedData.trailingOctets > 0) {
    reasons.note(
      'trailing-octets',
      `${signedData.trailingOctets} octets follow the signature, and nothing covers them`,
    );
  }
  const { content, verdicts } = await verifyContent(found, signedData, policy, reasons);
  const claimed = {
    ...claimedSender(found.message),
    ...(policy.address === undefined ? {} : { expected: policy.address }),
  };
  const inner = protectedMessage(found.entity);
  const signers = verdicts.map((verdict) => sealSigner(verdict, claimed, inner, policy));
  const verified = enough(signers, policy);
  return { ...frame, content, signedData, signers, verified, reasons: reasons.list };
}

/** Verifies over the canonical form of what is shown, or over what is embedded. */
async function verifyContent(
  found: FoundSeal,
  signedData: SignedData,
  policy: VerificationPolicy,
  reasons: Reasons<SealReasonCode>,
): Promise<{ content: Bytes | undefined; verdicts: SignerVerdict[] }> {
  const { received } = found;
  if (received === undefined) {
    return { content: signedData.content, verdicts: await verifySignedData(signedData, policy) };
  }
  // RFC 8551 §3.1.1: what is signed has CRLF line ends, whatever storage made of them.
  const canonical = canonicalLineEnds(received);
  const verdicts = await verifySignedData(signedData, { ...policy, content: canonical });
  if (!verdicts.some((verdict) => verdict.content === 'altered')) return { content: canonical, verdicts };
  for (const other of [received, bareLineFeeds(canonical)]) {
    if (equalBytes(other, canonical)) continue;
    const overOther = await verifySignedData(signedData, { ...policy, content: other });
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

/** The same text with every CRLF as LF, which careless signers hash. */
function bareLineFeeds(canonical: Uint8Array): Bytes {
  return canonical.filter((octet, i) => octet !== 0x0d || canonical[i + 1] !== 0x0a) as Bytes;
}

/** Adds the fifth answer, identity, to the four of a signer, and holds all against the policy. */
export function sealSigner(
  verdict: SignerVerdict,
  claimed: ClaimedSender | undefined,
  inner: Part | undefined,
  policy: VerificationPolicy,
): SealSigner {
  const reasons = new Reasons<SealReasonCode>();
  let identity = checkIdentity(verdict.certificate, claimed, reasons);
  if (identity === 'match' && inner !== undefined) {
    const protectedReasons = new Reasons<SealReasonCode>();
    // RFC 8551 §3.1: programs show the header of a wrapped message, so its From must be the signer's too.
    if (checkIdentity(verdict.certificate, claimedSender(inner), protectedReasons) !== 'match') {
      reasons.fail(
        'protected-from-differs',
        'the message inside the signature names another sender than the signer',
      );
      identity = 'mismatch';
    }
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
function isVerified(verdict: SignerVerdict, policy: VerificationPolicy): boolean {
  const timely =
    verdict.time === 'valid' ||
    (verdict.time === 'valid-at-signing-time' && policy.acceptSigningTime === true);
  return (
    verdict.content === 'intact' && verdict.signature === 'valid' && verdict.trust === 'trusted' && timely
  );
}

/** Failures first, each group in its order. */
function sorted(reasons: readonly Reason<SealReasonCode>[]): Reason<SealReasonCode>[] {
  return reasons.toSorted((a, b) => Number(a.severity === 'note') - Number(b.severity === 'note'));
}

/** The message that a signed entity wraps whole (RFC 8551 §3.1), where it has a From of its own. */
function protectedMessage(entity: Part | undefined): Part | undefined {
  const inner = entity?.isMessage === true ? entity.parts[0] : undefined;
  return inner !== undefined && inner.headers.all('from').length > 0 ? inner : undefined;
}
