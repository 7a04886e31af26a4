import type { Reasons } from '../../cms/verify/reason.js';
import type { FoundSeal } from './found-layer.js';
import type { SealReasonCode } from './reason.js';
import type { Seal } from './report.js';
import type { VerificationPolicy } from './verify-seal.js';

/** Whether a seal speaks for what the caller asks about: the whole message, or all that is shown of a part. */
export function isAsked(found: FoundSeal, part: string | undefined): boolean {
  if (part === undefined) return found.coversMessage;
  return found.covers === part || (found.part === part && found.coversPart);
}

/**
 * Whether the seals together make the message verified, and if not, why.
 *
 * @param asked those of the seals that {@link isAsked}
 * @param isShown whether what is encrypted is shown: who signed around it does not vouch for that
 */
export function judge(
  seals: readonly Seal[],
  asked: readonly Seal[],
  { part, signers }: { readonly part?: string; readonly signers?: VerificationPolicy['signers'] },
  reasons: Reasons<SealReasonCode>,
  isShown = false,
): boolean {
  if (seals.length === 0) {
    reasons.fail('unsigned', 'the message is not signed');
    return false;
  }
  if (asked.length === 0) {
    if (part === undefined || seals.some((seal) => seal.part === part)) {
      const places = seals.map((seal) => seal.covers).join(', ');
      const what = part === undefined ? 'the message' : `part "${part}"`;
      reasons.fail(
        'covers-part-only',
        `only a part of ${what} is surely signed (${places}); the rest may be anybody’s`,
      );
    } else reasons.fail('part-not-signed', `part "${part}" is not signed`);
    return false;
  }
  if (!asked.some((seal) => seal.verified)) {
    reasons.fail('signer-not-verified', 'no signature has all its answers good');
    return false;
  }
  if (isShown && !asked.some((seal) => seal.verified && !seal.aroundEncryption)) {
    reasons.fail(
      'signed-outside-encryption',
      'the good signature is outside of the encryption, and does not tell who wrote what was encrypted',
    );
    return false;
  }
  // A broken seal around a good one says that what is shown was touched after all.
  const broken = asked.filter((seal) => !isWhole(seal) && !(seal.verified && signers === 'any'));
  for (const seal of broken) reasons.fail('seal-broken', `the seal of part "${seal.part}" is broken`);
  return broken.length === 0;
}

function isWhole(seal: Seal): boolean {
  return (
    seal.signers.length > 0 &&
    seal.signers.every((signer) => signer.content === 'intact' && signer.signature === 'valid')
  );
}
