import type { AbortSignalLike } from '../../core/abort.js';
import { type CheckBudget, type PathWork, pathWork } from '../../x509/path/path-work.js';

/** The work that all signers of one message may ask for, whatever it names and brings along. */
export interface MessageWork {
  /** The signature values of the signers themselves, a certificate tried anew counted anew. */
  readonly values: CheckBudget;
  /** All searches for paths of the signers' certificates. */
  readonly paths: PathWork;
  /** The time stamps, apart: anybody may have added them, and they must spoil nothing. */
  readonly timestamps?: MessageWork;
  /** The counter-signatures, apart likewise; there once the first one was met. */
  counterSignatures?: MessageWork;
}

/** What one search may do of it, so that one signer does not use up what others need. */
const checksPerSearch = 64;

/** What a message may ask for before its signers are counted: several of its parts may be signed. */
export function messageWork(signal?: AbortSignalLike): MessageWork {
  return { ...workFor(signal), timestamps: workFor(signal) };
}

/** The work that the counter-signatures of one message may ask for, however many signers they belong to. */
export function counterSignatureWork(all: MessageWork): MessageWork {
  all.counterSignatures ??= workFor(all.paths.signal);
  return all.counterSignatures;
}

function workFor(signal?: AbortSignalLike): MessageWork {
  const paths = pathWork(128, signal);
  return {
    values: { signatureChecks: 64, signal },
    paths: { ...paths, nameComparisons: 4 * paths.nameComparisons },
  };
}

/**
 * Adds what so many signers need: an honest one costs four or five checks, for
 * his paths as of several moments together. What was checked of CRLs is not
 * remembered from one search to the next.
 */
export function addSigners({ values, paths, timestamps }: MessageWork, signers: number): void {
  values.signatureChecks += 4 * signers;
  paths.signatureChecks += 8 * signers;
  paths.steps += 128 * signers;
  paths.revocation.signatureChecks += 16 * signers;
  if (timestamps !== undefined) addSigners(timestamps, signers);
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
