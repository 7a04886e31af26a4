import { quietly } from '../../x509/path/path-problem.js';
import { counterSignatureNodes } from '../signed/counter-signatures.js';
import { SignerInfo } from '../signed/signer-info.js';
import { counterSignatureWork } from './message-work.js';
import type { Reasons } from './reason.js';
import type { CounterVerification, Verification } from './signer-path.js';
import type { SignerVerdict } from './verdict.js';

/** Verifies one signer; handed in, since a counter-signature may have counter-signatures. */
export type VerifySigner = (signer: SignerInfo, verification: Verification) => Promise<SignerVerdict>;

/** More counter-signatures of one signature are not looked at, nor more than so many of one SignedData. */
const mostOfOne = 4;
const mostOfAll = 16;

/** Verifies the counter-signatures of a signer (RFC 5652 §11.4), as far as there is work left. */
export async function checkCounterSignatures(
  signer: SignerInfo,
  verification: Verification,
  verify: VerifySigner,
): Promise<SignerVerdict[]> {
  // The attribute is unsigned: whoever forwards a message may have put anything there, which must spoil nothing.
  const found = quietly(() => counterSignatureNodes(signer)) ?? [];
  // A time stamp is not mail: who counter-signs it tells nobody anything.
  if (found.length === 0 || verification.purpose === 'time-stamping') return [];
  const shared = sharedBy(verification);
  const verdicts: SignerVerdict[] = [];
  for (const node of found.slice(0, mostOfOne)) {
    const counterSigner = quietly(() => new SignerInfo(node));
    if (counterSigner === undefined) continue;
    if (shared.left-- <= 0) break;
    verdicts.push(
      await verify(counterSigner, {
        ...shared.verification,
        // RFC 5652 §11.4: what is digested are the octets of the signature value.
        signed: { content: signer.signature, passed: undefined, contentType: undefined, digests: new Map() },
        counterSignatures: shared,
      }),
    );
  }
  return verdicts;
}

function sharedBy(verification: Verification): CounterVerification {
  if (verification.counterSignatures === undefined) {
    // A moment at which the message existed says nothing of what may have been added to it since.
    const { trustedTime: _, ...options } = verification.options;
    const { work, counterSignatures: _none, ...rest } = verification;
    verification.counterSignatures = {
      left: mostOfAll,
      verification: {
        ...rest,
        options,
        embeddedDiffers: false,
        // Apart: a path that was not looked for, since too much was asked, must not be found by a signer.
        paths: new Map(),
        work: counterSignatureWork(work),
        // So many for each, which counts on a copy of its own; what they may cost is counted in `work` for all.
        pathSearchesLeft: 3,
        retriesLeft: 2,
        timestampsLeft: 1,
      },
    };
  }
  return verification.counterSignatures;
}

/** One that is wrong changes nothing for the signer, but whoever looks at it wants to see it. */
export function noteCounterSignatures(verdicts: readonly SignerVerdict[], reasons: Reasons): void {
  for (const { content, signature, reasons: why } of verdicts) {
    if (content === 'intact' && signature === 'valid') continue;
    const main = why.find(({ severity }) => severity === 'failure')?.message ?? 'it cannot be verified';
    reasons.note('counter-signature-invalid', `a counter-signature does not count: ${main}`);
  }
}
