import type { Bytes } from '../../core/bytes.js';
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
  /** For a certificate, the keys that its signature was checked with. */
  readonly checked: Map<Certificate, CheckedKey[]>;
}

/** A key that the signature of some certificate was checked with. */
export interface CheckedKey {
  /** DER of the SubjectPublicKeyInfo. */
  readonly key: Bytes;
  /** What is wrong with the signature; `undefined` where it is the key's. */
  readonly fault: PathProblem | undefined;
}

/** An issuer whose key was tried before costs little: many certificates may share one. */
const stepsPerCheck = 16;

/** What a search may do with so many signature checks. */
export function pathWork(signatureChecks: number): PathWork {
  return {
    signatureChecks,
    steps: signatureChecks * stepsPerCheck,
    nameComparisons: 250_000,
    lookUps: 16,
    checked: new Map(),
  };
}
