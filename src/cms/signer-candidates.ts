import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import type { PublicKey } from '../crypto/public-key.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { type CertificationPath, findPath } from '../x509/find-path.js';
import { isTimeProblem, type PathProblem, problemsOf } from '../x509/path/path-problem.js';
import { Reasons } from './reason.js';
import type { SignerInfo } from './signer-info.js';
import {
  checkSigner,
  type SignatureCheck,
  type SignedContent,
  type SignerCandidate,
  signingCertificateFits,
} from './verify-signature.js';

/** Does the certificate path end at a root that the caller trusts? */
export type TrustAnswer = 'trusted' | 'untrusted' | 'not-checked';

/**
 * When is the path valid? `valid`: at the time asked about;
 * `valid-at-signing-time`: not then, but at the time that the signer claims.
 */
export type TimeAnswer = 'valid' | 'valid-at-signing-time' | 'expired' | 'not-yet-valid' | 'not-checked';

/** What all signers of one SignedData are verified with. */
export interface Verification {
  readonly signed: SignedContent;
  readonly embeddedDiffers: boolean;
  readonly pool: readonly Certificate[];
  readonly options: { readonly at: Date; readonly roots?: readonly Certificate[] };
  readonly engine: EngineOptions;
  /** Paths that were looked for already, since a message may name one signer many times. */
  readonly paths: Map<Certificate, Map<number, CertificationPath>>;
  /** How many more paths may be looked for: each can cost as many signature checks as {@link findPath} allows. */
  pathSearchesLeft: number;
  /** How many more certificates may be tried for signers whose first did not fit: each costs a signature check. */
  retriesLeft: number;
}

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
  signingTime: Date | undefined,
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
    const judged = await judgePath(candidate, signingTime, verification);
    if (best === undefined || merit(judged) > merit(best)) best = judged;
    if (best.trust !== 'untrusted' && best.time === 'valid') break;
  }
  return (
    best ??
    judgePath(
      first ?? (await tryCandidate(signer, undefined, undefined, verification)),
      signingTime,
      verification,
    )
  );
}

function merit({ trust, time }: JudgedCandidate): number {
  return (trust === 'trusted' ? 3 : 0) + (time === 'valid' ? 2 : time === 'valid-at-signing-time' ? 1 : 0);
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
  { signed, engine }: Verification,
): Promise<Candidate> {
  const reasons = new Reasons();
  const check = await checkSigner(signer, signed, candidate, reasons, engine);
  return { certificate: candidate?.certificate, path, check, reasons };
}

/** A value, or `undefined` where what it is read from is damaged. */
export function quietly<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
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

async function pathAt(
  certificate: Certificate,
  roots: readonly Certificate[],
  at: Date,
  verification: Verification,
): Promise<CertificationPath> {
  const { pool, engine, options, paths } = verification;
  // Only the paths to the caller's roots are kept; the others have an anchor of their own.
  const known = roots === options.roots ? paths.get(certificate)?.get(at.getTime()) : undefined;
  if (known !== undefined) return known;
  if (verification.pathSearchesLeft-- <= 0) return unsearched(certificate);
  const path = await findPath(certificate, { roots, pool, at, ...engine });
  if (roots === options.roots) {
    const times = paths.get(certificate) ?? new Map<number, CertificationPath>();
    paths.set(certificate, times.set(at.getTime(), path));
  }
  return path;
}

/** The path of a certificate for which none was looked for, since too many were. */
function unsearched(certificate: Certificate): CertificationPath {
  const problems: PathProblem[] = [];
  problemsOf(certificate, problems)(
    'search-limit',
    'was not looked at: the message names too many certificates',
    'RFC 5280 §6.1',
  );
  return {
    certificates: [certificate],
    anchor: undefined,
    problems,
    notes: [],
    publicKey: undefined,
    policies: [],
    revocation: [],
  };
}

/** Adds the answers on trust and on time, each with its reasons. */
async function judgePath(
  candidate: Candidate,
  signingTime: Date | undefined,
  verification: Verification,
): Promise<JudgedCandidate> {
  const { certificate, path: known, reasons } = candidate;
  const { roots, at } = verification.options;
  if (certificate === undefined)
    return { ...candidate, path: undefined, trust: 'not-checked', time: 'not-checked' };
  // Without roots only the certificate itself can be held against the clock.
  const anchors = roots ?? [certificate];
  const path = known ?? (await pathAt(certificate, anchors, at, verification));
  if (roots === undefined)
    reasons.fail('no-roots', 'no trusted roots were given, so nobody vouches for the certificate');
  let problems = path.problems.filter((each) => !isTimeProblem(each));
  const misused = misusedAnchor(path);
  const late = path.problems.filter(isTimeProblem);
  let time: TimeAnswer = 'valid';
  if (late.length > 0) {
    time = late[0]!.code === 'expired' ? 'expired' : 'not-yet-valid';
    // A claim to have signed in the future is no claim worth testing.
    if (signingTime !== undefined && signingTime <= at) {
      const then = await pathAt(certificate, anchors, signingTime, verification);
      const soundThen = then.problems.length === 0;
      if (soundThen) problems = [];
      if (soundThen || !then.problems.some(isTimeProblem)) time = 'valid-at-signing-time';
    }
    for (const each of late) reasons.fail(each.code, each.message);
  }
  if (roots === undefined) return { ...candidate, path: undefined, trust: 'not-checked', time };
  if (misused !== undefined) problems = [...problems, misused];
  for (const each of problems) reasons.fail(each.code, each.message);
  const trusted = problems.length === 0 && path.anchor !== undefined;
  return { ...candidate, path, trust: trusted ? 'trusted' : 'untrusted', time };
}

/**
 * Who puts a correspondent's own certificate among the roots trusts that one
 * certificate, and not what its owner issues to others with it: a root that
 * says of itself that it is no authority is none.
 */
function misusedAnchor({ certificates, anchor }: CertificationPath): PathProblem | undefined {
  if (anchor === undefined || certificates.some((each) => each.equals(anchor))) return undefined;
  const problems: PathProblem[] = [];
  if (quietly(() => mayIssue(anchor)) !== true) {
    problemsOf(anchor, problems)(
      'not-a-ca',
      'issued another and is among the roots, but is not that of a certification authority',
      'RFC 5280 §4.2.1.9',
    );
  }
  return problems[0];
}

/** RFC 5280 §4.2.1.9, §4.2.1.3; roots from before those extensions have neither. */
function mayIssue(anchor: Certificate): boolean {
  const { basicConstraints, keyUsage } = anchor;
  if (keyUsage?.has('keyCertSign') === false) return false;
  if (basicConstraints !== undefined) return basicConstraints.ca;
  return keyUsage !== undefined || anchor.version < 3 || anchor.isSelfIssued;
}
