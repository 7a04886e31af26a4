import type { Certificate } from '../certificate/certificate.js';
import type { PathProblem } from './path-problem.js';

/** What a search may still do, and what it knows already; the searches for signers of CRLs that it starts share it. */
export interface PathWork {
  /** Signatures that may still be checked. */
  signatureChecks: number;
  /** Issuers that may still be looked at, their signatures known or not. */
  steps: number;
  /** Names that may still be held against name constraints. */
  nameComparisons: number;
  /** Certificates whose issuers the caller may still be asked for. */
  lookUps: number;
  /** For a certificate and one that may be its issuer's, what is wrong with the signature. */
  readonly faults: Map<Certificate, Map<Certificate, PathProblem | undefined>>;
}

/** Without policy and name constraints a path costs little beside its signatures: some may be walked again and again. */
const stepsPerCheck = 16;

/** What a search may do with so many signature checks. */
export function pathWork(signatureChecks: number): PathWork {
  return {
    signatureChecks,
    steps: signatureChecks * stepsPerCheck,
    nameComparisons: 250_000,
    lookUps: 16,
    faults: new Map(),
  };
}
