import type { EngineOptions } from '../../core/engine.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CertificationPath, findPathSharing } from '../../x509/find-path.js';
import { isTimeProblem, type PathProblem, problemsOf } from '../../x509/path/path-problem.js';
import type { RevocationOptions } from '../../x509/revocation/revocation-options.js';
import { type MessageWork, withinWork } from './message-work.js';
import type { Reasons } from './reason.js';
import { isRevocationProblem, judgeRevocation, type SignerTimes } from './revocation-answer.js';
import type { TimeAnswer, TrustAnswer, TrustOptions } from './verdict.js';
import type { SignedContent } from './verify-signature.js';

/** What all signers of one SignedData are verified with. */
export interface Verification {
  readonly signed: SignedContent;
  readonly embeddedDiffers: boolean;
  readonly pool: readonly Certificate[];
  readonly options: TrustOptions & { readonly at: Date };
  /** What the caller gave and what the message brings; `undefined` where revocation is not looked at. */
  readonly revocation: RevocationOptions | undefined;
  readonly purpose: 'mail-signing' | 'time-stamping';
  readonly engine: EngineOptions;
  /** Paths that were looked for already, since a message may name one signer many times. */
  readonly paths: Map<Certificate, Map<number, CertificationPath>>;
  /** What checking signatures may still cost, for all signers together. */
  readonly work: MessageWork;
  /** How many more paths may be looked for: each costs something, however much of it is known. */
  pathSearchesLeft: number;
  /** How many more certificates may be tried for signers whose first did not fit: each costs a signature check. */
  retriesLeft: number;
  /** How many more time stamps may be verified: each is a signature with a path of its own. */
  timestampsLeft: number;
  /** What all counter-signatures of the SignedData share; there once the first one was met. */
  counterSignatures?: CounterVerification;
}

/** How counter-signatures are verified: apart from the signatures, since anybody may have added them. */
export interface CounterVerification {
  /** How many more may be verified: each is a signature with a path of its own. */
  left: number;
  readonly verification: Verification;
}

/** A path, and what it says about trust and time. */
export interface JudgedPath {
  readonly path: CertificationPath | undefined;
  readonly trust: TrustAnswer;
  readonly time: TimeAnswer;
}

/** Looks for the path of a certificate as of a moment; those to the caller's roots once each. */
export async function pathAt(
  certificate: Certificate,
  roots: readonly Certificate[],
  at: Date,
  verification: Verification,
): Promise<CertificationPath> {
  const { pool, engine, options, paths, purpose, revocation } = verification;
  // Only the paths to the caller's roots are kept; the others have an anchor of their own.
  const known = roots === options.roots ? paths.get(certificate)?.get(at.getTime()) : undefined;
  if (known !== undefined) return known;
  if (verification.pathSearchesLeft-- <= 0) return unsearched(certificate);
  const path = await withinWork(verification.work.paths, (work) =>
    findPathSharing(
      certificate,
      {
        roots,
        pool,
        at,
        purpose,
        ...engine,
        ...(revocation === undefined || roots !== options.roots ? {} : { revocation }),
        ...(options.policies === undefined ? {} : { policies: options.policies }),
        ...(options.algorithms === undefined ? {} : { algorithms: options.algorithms }),
      },
      work,
    ),
  );
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

/**
 * Gives the answers on trust and on time, each with its reasons.
 *
 * @param known The path at the time of verification, where it was looked for already.
 */
export async function judgePath(
  certificate: Certificate,
  known: CertificationPath | undefined,
  times: SignerTimes,
  verification: Verification,
  reasons: Reasons,
): Promise<JudgedPath> {
  const { roots, at } = verification.options;
  // Without roots only the certificate itself can be held against the clock.
  const anchors = roots ?? [certificate];
  const now = known ?? (await pathAt(certificate, anchors, at, verification));
  if (roots === undefined)
    reasons.fail('no-roots', 'no trusted roots were given, so nobody vouches for the certificate');
  const late = now.problems.filter(isTimeProblem);
  let time: TimeAnswer = 'valid';
  let path = now;
  if (late.length > 0) {
    time = late[0]!.code === 'expired' ? 'expired' : 'not-yet-valid';
    for (const [moment, answer] of earlierMoments(times, at)) {
      const then = await pathAt(certificate, anchors, moment, verification);
      if (then.problems.some(isTimeProblem)) continue;
      time = answer;
      path = then;
      break;
    }
    for (const each of late) {
      if (time === 'valid-at-trusted-time') reasons.note(each.code, each.message);
      else reasons.fail(each.code, each.message);
    }
  }
  if (roots === undefined) return { path: undefined, trust: 'not-checked', time };
  const problems = path.problems.filter((each) => !isTimeProblem(each) && !isRevocationProblem(each));
  for (const each of problems) reasons.fail(each.code, each.message);
  const revoked = judgeRevocation(path, times, reasons);
  if (revoked === 'excused' && time === 'valid') time = 'valid-at-trusted-time';
  const trusted = problems.length === 0 && revoked !== 'refused' && path.anchor !== undefined;
  return { path, trust: trusted ? 'trusted' : 'untrusted', time };
}

/** When the path may have been valid, the best witness first. A claim to have signed later than that is no claim worth testing. */
function* earlierMoments(
  { trusted, claimed }: SignerTimes,
  at: Date,
): Generator<readonly [Date, TimeAnswer], undefined> {
  if (trusted !== undefined) yield [trusted.time, 'valid-at-trusted-time'];
  if (claimed !== undefined && claimed <= (trusted?.time ?? at)) yield [claimed, 'valid-at-signing-time'];
}
