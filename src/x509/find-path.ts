import type { AbortSignalLike } from '../core/abort.js';
import type { EngineOptions } from '../core/engine.js';
import type { Certificate } from './certificate/certificate.js';
import { type AlgorithmPolicy, algorithmPolicyNow } from './path/algorithm-policy.js';
import type { CertificationPath } from './path/certification-path.js';
import { assertCertificates, assertPathOptions } from './path/path-options.js';
import { isLimitProblem } from './path/path-problem.js';
import { PathSearch } from './path/path-search.js';
import { type PathWork, pathWork } from './path/path-work.js';
import type { PolicyOptions } from './path/policy-graph.js';
import type { PathPurpose } from './path/purpose.js';
import { checkRevocation, revocationProblems } from './revocation/check-revocation.js';
import { RevocationMemory } from './revocation/revocation-memory.js';
import type {
  RevocationContext,
  RevocationOptions,
  ValidatedSigner,
} from './revocation/revocation-options.js';

export type { CertificationPath } from './path/certification-path.js';

/** What {@link findPath} takes beside the certificate. */
export interface FindPathOptions extends EngineOptions {
  /**
   * Trust anchors: their names and keys are believed; their own validity and
   * uses are not looked at (RFC 5280 §6.1.1 d). Name constraints and a path
   * length that they set themselves hold (RFC 5937 §3.2).
   */
  readonly roots: readonly Certificate[];
  /** Other certificates that may be issuers, from anywhere. */
  readonly pool?: readonly Certificate[];
  /** The moment at which the path must be valid. */
  readonly at: Date;
  /**
   * How many signatures of certificates may be checked, and how many of CRLs,
   * OCSP responses and their responders besides; default 64. A check with a key
   * of a size or with an exponent that nobody needs counts as several.
   */
  readonly maxSignatureChecks?: number;
  /**
   * Asked before each signature check whether the search shall go on: an
   * `AbortSignal`, or any object with `aborted`. Native checks may leave timers
   * no turn; an `aborted` that looks at a clock is asked all the same.
   */
  readonly signal?: AbortSignalLike;
  /** What the certificate's key shall be used for. Default `mail-signing`. */
  readonly purpose?: PathPurpose;
  /** The inputs to policy processing. Default: any policy is acceptable, and none is required. */
  readonly policies?: PolicyOptions;
  /** Which algorithms and keys are refused, and which only noted. Default `algorithmPolicyNow`. */
  readonly algorithms?: AlgorithmPolicy;
  /** What is to be checked about revocation, and with what. Default: nothing. */
  readonly revocation?: RevocationOptions;
  /**
   * Looks up certificates of the issuer of a certificate, in a directory or by
   * its authorityInfoAccess. Called only where no path to a root was found with
   * what is at hand, at most once for a certificate and 16 times in all; what
   * it throws is passed on.
   */
  readonly findIssuers?: (certificate: Certificate) => Promise<readonly Certificate[]>;
}

/**
 * Looks for a certification path from a certificate up to one of the roots,
 * and validates it as RFC 5280 §6.1 has it: signatures, names, validity,
 * basicConstraints, path length, keyUsage and extendedKeyUsage for the
 * purpose, critical extensions, name constraints, policies by the graph of
 * RFC 9618, algorithms by a policy, and, where asked for, revocation (§6.3).
 *
 * The best path is given: one without problems if there is any, else the one
 * that comes nearest, with all its problems. The work is bounded: a search that
 * came to its end says `search-limit`, or `name-constraints-limit`.
 *
 * @throws MailsealError `usage` for an option that is not what it must be;
 * `aborted` when the signal says so; `crypto-engine-unavailable` where only the
 * native engine is allowed and it cannot check a signature.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { findPath, parseCertificate } from 'mailseal/x509';
 *
 * const path = await findPath(parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem')), {
 *   roots: [parseCertificate(readFileSync('test/vectors/demo/root.crt.pem'))],
 *   pool: [parseCertificate(readFileSync('test/vectors/demo/intermediate.crt.pem'))],
 *   at: new Date('2027-01-01'),
 * });
 * console.log(path.problems.length); // 0
 * ```
 */
export async function findPath(
  certificate: Certificate,
  options: FindPathOptions,
): Promise<CertificationPath> {
  assertPathOptions(options);
  assertCertificates('certificate', [certificate]);
  assertCertificates('roots', options.roots);
  return findPathSharing(certificate, options, pathWork(options.maxSignatureChecks ?? 64, options.signal));
}

/**
 * As {@link findPath}, for searches that have one measure of work together, and
 * need not check a signature again that one of them checked. The options must
 * have passed `assertPathOptions`.
 *
 * @internal
 */
export function findPathSharing(
  certificate: Certificate,
  options: SearchOptions,
  work: PathWork,
): Promise<CertificationPath> {
  return search(certificate, options, { work, memory: undefined, inProgress: [] });
}

/** What searches that share their work go by. */
type SearchOptions = Omit<FindPathOptions, 'maxSignatureChecks' | 'signal'>;

/** What a search and those that it starts for signers of CRLs share. */
interface Shared {
  readonly work: PathWork;
  /** Made with the first search that asks for revocation. */
  readonly memory: RevocationMemory | undefined;
  /** Signers whose paths are being looked for further up. */
  readonly inProgress: readonly Certificate[];
}

function search(
  certificate: Certificate,
  options: SearchOptions,
  shared: Shared,
): Promise<CertificationPath> {
  const { revocation } = options;
  if (revocation === undefined || revocation.mode === 'off')
    return new PathSearch(certificate, options, shared.work).run();
  const memory = shared.memory ?? new RevocationMemory(revocation);
  const context: RevocationContext = {
    options: revocation,
    at: revocation.at ?? options.at,
    certificates: [...(options.pool ?? []), ...options.roots],
    algorithms: options.algorithms ?? algorithmPolicyNow,
    budget: shared.work.revocation,
    memory,
    findSignerPath: (signer, anchor, purpose) =>
      findSignerPath(signer, anchor, purpose, options, { ...shared, memory }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  };
  return new PathSearch(certificate, options, shared.work, {
    async check(path, anchor) {
      const found = await checkRevocation(path, anchor, context);
      return { revocation: found, problems: revocationProblems(found, revocation.mode ?? 'check') };
    },
    hasCrlsOf: (issuer) => memory.count > 0 && memory.of(issuer).length > 0,
  }).run();
}

/** RFC 5280 §6.3.3 (f): the path of a CRL's signer ends at the trust anchor of the certificate asked about. */
async function findSignerPath(
  signer: Certificate,
  anchor: Certificate,
  purpose: PathPurpose,
  options: SearchOptions,
  shared: Shared,
): Promise<ValidatedSigner | 'search-limit' | undefined> {
  // A signer whose revocation only its own CRL would tell is nobody to ask.
  if (shared.inProgress.some((each) => each.equals(signer))) return undefined;
  const { policies: _, ...rest } = options;
  const { problems, publicKey } = await search(
    signer,
    { ...rest, roots: [anchor], purpose, at: options.revocation?.at ?? options.at },
    { ...shared, inProgress: [...shared.inProgress, signer] },
  );
  if (problems.length === 0) return publicKey && { publicKey };
  // What was not looked at may be a valid path: it is not the same as none.
  return problems.some(isLimitProblem) ? 'search-limit' : undefined;
}
