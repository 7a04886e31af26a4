import type { AbortSignalLike } from '../core/abort.js';
import { type CheckBudget, type PathWork, pathWork } from '../x509/path/path-work.js';

/** The work that all signers of one SignedData may ask for, whatever it names and brings along. */
export interface MessageWork {
  /** The signature values of the signers themselves, a certificate tried anew counted anew. */
  readonly values: CheckBudget;
  /** All searches for paths of the signers' certificates. */
  readonly paths: PathWork;
  /** The time stamps, apart: anybody may have added them, and they must spoil nothing. */
  readonly timestamps?: MessageWork;
}

/** What one search may do of it, so that one signer does not use up what others need. */
const checksPerSearch = 64;

/**
 * What a SignedData with so many signers may ask for. An honest signer costs
 * four or five checks, for his paths as of several moments together.
 */
export function messageWork(signers: number, signal?: AbortSignalLike): MessageWork {
  const timestamps = { values: { signatureChecks: 64, signal }, paths: workForAll(128, 128, signal) };
  return {
    values: { signatureChecks: 64 + 4 * signers, signal },
    paths: workForAll(128 + 8 * signers, 128 + 16 * signers, signal),
    timestamps,
  };
}

function workForAll(checks: number, aboutRevocation: number, signal?: AbortSignalLike): PathWork {
  const work = pathWork(checks, signal);
  // What was checked of CRLs is not remembered from one search to the next.
  return {
    ...work,
    revocation: { signatureChecks: aboutRevocation, signal },
    nameComparisons: 4 * work.nameComparisons,
  };
}

/** Does one search with a part of the work that is left for all, and takes off what it spent. */
export async function withinWork<T>(all: PathWork, search: (work: PathWork) => Promise<T>): Promise<T> {
  const usual = pathWork(checksPerSearch, all.signal);
  const part = (): PathWork => ({
    ...usual,
    signatureChecks: Math.min(usual.signatureChecks, all.signatureChecks),
    revocation: {
      signatureChecks: Math.min(usual.revocation.signatureChecks, all.revocation.signatureChecks),
      signal: all.signal,
    },
    steps: Math.max(0, Math.min(usual.steps, all.steps)),
    nameComparisons: Math.max(0, Math.min(usual.nameComparisons, all.nameComparisons)),
    // A certificate's signature is checked with one key once, whoever asks.
    checked: all.checked,
  });
  const before = part();
  const work = part();
  try {
    return await search(work);
  } finally {
    all.signatureChecks -= before.signatureChecks - work.signatureChecks;
    all.revocation.signatureChecks -= before.revocation.signatureChecks - work.revocation.signatureChecks;
    all.steps -= before.steps - work.steps;
    all.nameComparisons -= before.nameComparisons - work.nameComparisons;
  }
}
