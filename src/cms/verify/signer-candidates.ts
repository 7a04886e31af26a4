import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type { CertificationPath } from '../../x509/find-path.js';
import { quietly } from '../../x509/path/path-problem.js';
import type { SignerInfo } from '../signed/signer-info.js';
import { Reasons } from './reason.js';
import type { SignerTimes } from './revocation-answer.js';
import { judgePath, pathAt, type Verification } from './signer-path.js';
import type { TimeAnswer, TrustAnswer } from './verdict.js';
import {
  checkSigner,
  type SignatureCheck,
  type SignerCandidate,
  signingCertificateFits,
} from './verify-signature.js';

export interface Candidate {
  readonly certificate: Certificate | undefined;
  readonly path: CertificationPath | undefined;
  readonly check: SignatureCheck;
  readonly reasons: Reasons;
}

/** A candidate with the answers about its path. */
export interface JudgedCandidate extends Candidate {
  readonly trust: TrustAnswer;
  readonly time: TimeAnswer;
}

/** More certificates of one name are not tried: each costs a signature check. */
const mostCandidates = 16;

/**
 * Tries the certificates that the signer may mean (several may share a key
 * identifier, or claim one serial number). Of those that the signature fits,
 * as it does the old and the new certificate of one key, the one with the best
 * path counts, else the first.
 */
export async function bestCandidate(
  signer: SignerInfo,
  times: SignerTimes,
  verification: Verification,
): Promise<JudgedCandidate> {
  let first: Candidate | undefined;
  let best: JudgedCandidate | undefined;
  for (const certificate of candidates(signer, verification)) {
    if (first !== undefined && verification.retriesLeft-- <= 0) break;
    const { publicKey, path } = await keyFor(certificate, verification);
    const candidate = await tryCandidate(signer, { certificate, publicKey }, path, verification);
    first ??= candidate;
    if (candidate.check.signature !== 'valid') continue;
    const found = await judged(candidate, times, verification);
    if (best === undefined || merit(found) > merit(best)) best = found;
    if (best.trust !== 'untrusted' && best.time === 'valid') break;
  }
  return (
    best ??
    judged(first ?? (await tryCandidate(signer, undefined, undefined, verification)), times, verification)
  );
}

/** Adds the answers on trust and on time. */
async function judged(
  candidate: Candidate,
  times: SignerTimes,
  verification: Verification,
): Promise<JudgedCandidate> {
  const { certificate, check, reasons } = candidate;
  if (certificate === undefined)
    return { certificate, path: undefined, check, reasons, trust: 'not-checked', time: 'not-checked' };
  const { path, trust, time } = await judgePath(certificate, candidate.path, times, verification, reasons);
  return { certificate, path, check, reasons, trust, time };
}

const timeMerits: Readonly<Partial<Record<TimeAnswer, number>>> = {
  valid: 3,
  'valid-at-trusted-time': 2,
  'valid-at-signing-time': 1,
};

function merit({ trust, time }: JudgedCandidate): number {
  return (trust === 'trusted' ? 4 : 0) + (timeMerits[time] ?? 0);
}

/** The certificates that the signer names, the one that the signature is bound to first. */
function candidates(signer: SignerInfo, verification: Verification): Certificate[] {
  // A damaged certificate is nobody's.
  const named = verification.pool.filter((each) => quietly(() => signer.names(each)) === true);
  if (named.length < 2) return named;
  const isBound = named.map((each) =>
    quietly(() => signingCertificateFits(signer, each, verification.engine)),
  );
  const different: Certificate[] = [];
  for (const each of [...named.filter((_, i) => isBound[i]), ...named.filter((_, i) => !isBound[i])]) {
    if (different.some((other) => other.equals(each))) continue;
    different.push(each);
    if (different.length >= mostCandidates) break;
  }
  return different;
}

async function tryCandidate(
  signer: SignerInfo,
  candidate: SignerCandidate | undefined,
  path: CertificationPath | undefined,
  { signed, engine, work }: Verification,
): Promise<Candidate> {
  const reasons = new Reasons();
  const check = await checkSigner(signer, signed, candidate, reasons, { ...engine, budget: work.values });
  return { certificate: candidate?.certificate, path, check, reasons };
}

/**
 * The key to verify with. DSA parameters that a certificate lacks come from
 * the path above it, and only from there: another's would let a forger choose.
 */
async function keyFor(
  certificate: Certificate,
  verification: Verification,
): Promise<{ publicKey: PublicKey | undefined; path: CertificationPath | undefined }> {
  const publicKey = quietly(() => certificate.publicKey);
  if (publicKey?.kind !== 'dsa' || publicKey.parameters !== undefined) return { publicKey, path: undefined };
  // Without roots the issuers in the message serve; trust is not claimed then.
  const roots =
    verification.options.roots ??
    verification.pool.filter((each) => quietly(() => each.isSelfIssued) ?? false);
  const path = await pathAt(certificate, roots, verification.options.at, verification);
  return { publicKey: path.publicKey, path: verification.options.roots === undefined ? undefined : path };
}
