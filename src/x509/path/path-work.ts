import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import type { Bytes } from '../../core/bytes.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../certificate/certificate.js';
import type { PathProblem } from './path-problem.js';

/** Signature checks that may still be done. */
export interface CheckBudget {
  /** How many more; one with a key that makes verifiers busy counts as several. */
  signatureChecks: number;
  /** Ends the work when its caller wants that. */
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * What a search may still do, and what it knows already. The searches for
 * signers of CRLs that it starts share it, and those for the signers of one
 * message, too: a certificate's signature is checked with one key once.
 */
export interface PathWork extends CheckBudget {
  /** A reserve for CRLs and OCSP responses: whoever makes the search for a path long cannot spend it. */
  readonly revocation: CheckBudget;
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
  /** DER of the SubjectPublicKeyInfo, and of those above from which it has its parameters. */
  readonly key: Bytes;
  /** What is wrong with the signature; `undefined` where it is the key's. */
  readonly fault: PathProblem | undefined;
}

/** An issuer whose key was tried before costs little: many certificates may share one. */
const stepsPerCheck = 16;

/** What a search may do with so many signature checks, and as many again about revocation. */
export function pathWork(signatureChecks: number, signal?: AbortSignalLike): PathWork {
  return {
    signatureChecks,
    signal,
    revocation: { signatureChecks, signal },
    steps: signatureChecks * stepsPerCheck,
    nameComparisons: 250_000,
    lookUps: 16,
    checked: new Map(),
  };
}

/** What one check may cost, in squarings of numbers of 4,096 bits. */
const squaringsPerCheck = 64;
const ordinaryBits = 4096;

/**
 * Takes a signature check from the work that is left; `false` where it is used up.
 *
 * @throws MailsealError `aborted` when the caller's signal says so.
 */
export function spendCheck(
  budget: CheckBudget,
  key: PublicKey | undefined,
  signature: Uint8Array | undefined,
): boolean {
  throwIfAborted(budget.signal);
  const cost = costOf(key, signature);
  if (budget.signatureChecks < cost) {
    // What is left is no more use: others that cost less shall not make it look as if all were tried.
    budget.signatureChecks = 0;
    return false;
  }
  budget.signatureChecks -= cost;
  return true;
}

/** One check for keys in use; more where the key is of a size or has an exponent that makes verifiers busy. */
function costOf(key: PublicKey | undefined, signature: Uint8Array | undefined): number {
  // RFC 8017 §8.2.2 step 1: a signature of another length than the modulus is none, and costs nothing.
  if (key?.kind === 'rsa' && signature?.length === key.modulus.length)
    return checksFor(key.bits, key.exponent.length * 8);
  // FIPS 186-4 §4.7: two powers, with exponents of the length of q.
  if (key?.kind === 'dsa' && key.parameters !== undefined)
    return checksFor(key.parameters.p.length * 8, key.parameters.q.length * 16);
  return 1;
}

function checksFor(bits: number, squarings: number): number {
  return Math.max(1, Math.ceil(((bits / ordinaryBits) ** 2 * squarings) / squaringsPerCheck));
}
