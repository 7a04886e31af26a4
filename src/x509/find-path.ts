import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import { type PublicKey, withDsaParameters } from '../crypto/public-key.js';
import { parseSignatureAlgorithm } from '../crypto/signature-algorithm.js';
import { verifySignature } from '../crypto/verify.js';
import type { Certificate } from './certificate/certificate.js';
import { claimsToSignItself, fitsKeyIdentifier, IssuerCandidates } from './path/issuer-candidates.js';
import type { PathProblem, PathProblemCode } from './path/path-problem.js';
import { brief, checkConstraints, checkValidity, problemsOf } from './path/path-validation.js';

/** What {@link findPath} takes beside the certificate. */
export interface FindPathOptions extends EngineOptions {
  /** Trust anchors: their names and keys are believed; their own validity and extensions are not looked at (RFC 5280 §6.1.1 d). */
  readonly roots: readonly Certificate[];
  /** Other certificates that may be issuers, from anywhere. */
  readonly pool?: readonly Certificate[];
  /** The moment at which the path must be valid. */
  readonly at: Date;
  /** How many issuers' signatures may be checked; default 64. */
  readonly maxSignatureChecks?: number;
}

/** The outcome of {@link findPath}. */
export interface CertificationPath {
  /** From the end entity up; the last was issued by {@link anchor}, where there is one. */
  readonly certificates: readonly Certificate[];
  /** The trust anchor where the path ends at one. */
  readonly anchor: Certificate | undefined;
  /** What is wrong with it; none when it is valid. */
  readonly problems: readonly PathProblem[];
  /** The end entity's key, with DSA parameters inherited along this path where its own certificate has none. */
  readonly publicKey: PublicKey | undefined;
}

/** No path has more certificates below its root; those in use have two or three. */
const longestPath = 16;

/**
 * Looks for a certification path from a certificate up to one of the roots,
 * and validates it to a first level of RFC 5280 §6: signatures, names,
 * validity, basicConstraints, path length, keyUsage, extendedKeyUsage for
 * mail, critical extensions. Policies, name constraints and revocation are not
 * processed: a certificate with nameConstraints or policyConstraints is refused.
 *
 * The best path is given: one without problems if there is any, else the one
 * that comes nearest, with all its problems.
 *
 * @throws MailsealError `usage` when `at` is no valid Date;
 * `crypto-engine-unavailable` where only the native engine is allowed and it
 * cannot check a signature.
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
  // Comparing with no time is never true: every certificate would pass for valid.
  if (!(options.at instanceof Date) || Number.isNaN(options.at.getTime())) {
    throw new MailsealError('usage', '`at` must be a valid Date: the time at which the path must be valid');
  }
  const search = new PathSearch(certificate, options);
  await search.extend([certificate], []);
  return search.result();
}

/** How bad a problem is when paths are compared; 100 where nothing is said. A search that was cut short says so before others. */
const weights: Readonly<Partial<Record<PathProblemCode, number>>> = {
  expired: 1,
  'not-yet-valid': 1,
  'search-limit': 50,
  'signature-invalid': 20_000,
};

/** A depth-first search that remembers the best path and how much it may still do. */
class PathSearch {
  private best: CertificationPath | undefined;
  private bestRank = Number.POSITIVE_INFINITY;
  private checksLeft: number;
  private readonly certificate: Certificate;
  private readonly options: FindPathOptions;
  private readonly issuers: IssuerCandidates;

  constructor(certificate: Certificate, options: FindPathOptions) {
    this.certificate = certificate;
    this.options = options;
    this.checksLeft = options.maxSignatureChecks ?? 64;
    this.issuers = new IssuerCandidates(certificate, options.roots, options.pool ?? []);
  }

  result(): CertificationPath {
    if (this.best === undefined) this.incomplete([this.certificate], [], 'issuer-missing');
    return this.best!;
  }

  /** Tries every issuer of the last certificate of a path; true when a valid path was found. */
  async extend(path: readonly Certificate[], problems: readonly PathProblem[]): Promise<boolean> {
    const last = path[path.length - 1]!;
    if (this.options.roots.some((root) => root.equals(last))) {
      // The certificate is itself a root and needs no issuer; the path below it was checked on the way.
      return this.complete(path.length === 1 ? path : path.slice(0, -1), last, problems);
    }
    if (path.length > longestPath) return this.incomplete(path, problems, 'search-limit');
    let tried = 0;
    for (const { issuer, isRoot } of this.issuers.of(path)) {
      if (this.checksLeft-- <= 0) return this.incomplete(path, problems, 'search-limit');
      // A key that lacks its parameters can check nothing before the path above it is known.
      const fault = lacksParameters(issuer) ? undefined : await this.signatureFault(last, keyOf([issuer]));
      // Another of the same name, as its key identifier says too: not the issuer, and nothing is wrong with that.
      if (fault !== undefined && (!fitsKeyIdentifier(issuer, last) || claimsToSignItself(last))) continue;
      tried++;
      // A wrong signature ends this line of search: what comes above it says nothing about the certificate.
      if (fault !== undefined) this.consider(path, isRoot ? issuer : undefined, [...problems, fault]);
      else if (
        isRoot ? await this.complete(path, issuer, problems) : await this.extend([...path, issuer], problems)
      ) {
        return true;
      }
    }
    return tried > 0 ? false : this.incomplete(path, problems, 'issuer-missing');
  }

  /** Checks, now that the path is whole, the signatures whose keys inherit their parameters. */
  private async complete(
    path: readonly Certificate[],
    anchor: Certificate,
    problems: readonly PathProblem[],
  ): Promise<boolean> {
    const chain = [...path, anchor];
    const found = [...problems];
    for (let level = 0; level < path.length; level++) {
      if (path[level] === anchor || !lacksParameters(chain[level + 1]!)) continue;
      if (this.checksLeft-- <= 0) return this.incomplete(path, problems, 'search-limit');
      const fault = await this.signatureFault(path[level]!, keyOf(chain.slice(level + 1)));
      if (fault !== undefined) found.push(fault);
    }
    return this.consider(path, anchor, found);
  }

  /** RFC 5280 §6.1.3 (a)(1): the signature of a certificate verifies with its issuer's key. */
  private async signatureFault(
    certificate: Certificate,
    key: PublicKey | undefined,
  ): Promise<PathProblem | undefined> {
    const problems: PathProblem[] = [];
    const say = problemsOf(certificate, problems);
    if (key === undefined) {
      say(
        'algorithm-unsupported',
        'has a signature that cannot be checked: its issuer’s key cannot be used',
        'RFC 5280 §6.1.3 (a)(1)',
      );
      return problems[0];
    }
    try {
      const valid = await verifySignature({
        algorithm: parseSignatureAlgorithm(certificate.signatureAlgorithm),
        publicKey: key,
        signature: certificate.signature,
        data: certificate.tbsBytes,
        ...(this.options.engine === undefined ? {} : { engine: this.options.engine }),
      });
      if (!valid)
        say('signature-invalid', 'has a signature that is not its issuer’s', 'RFC 5280 §6.1.3 (a)(1)');
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
      // What cannot be read is no signature; what is not known here may be one.
      say(
        error.code.startsWith('crypto-') ? 'algorithm-unsupported' : 'signature-invalid',
        `has a signature that cannot be checked: ${error.message}`,
        'RFC 5280 §6.1.3 (a)(1)',
      );
    }
    return problems[0];
  }

  private incomplete(
    path: readonly Certificate[],
    problems: readonly PathProblem[],
    code: 'issuer-missing' | 'search-limit',
  ): false {
    const last = path[path.length - 1]!;
    const found: PathProblem[] = [...problems];
    const say = problemsOf(last, found);
    if (code === 'search-limit')
      say(
        code,
        'has issuers that were not tried: there are too many, or the way is too long',
        'RFC 5280 §6.1',
      );
    else if (claimsToSignItself(last))
      say('root-untrusted', 'signs itself and is not among the trusted roots', 'RFC 5280 §6.1.1 (d)');
    else
      say(
        code,
        `was issued by "${issuerName(last)}", whose certificate is not at hand`,
        'RFC 5280 §6.1.1 (a)',
      );
    this.consider(path, undefined, found);
    return false;
  }

  /** Completes the problems of a path, and keeps it when it is the best so far; true when it is valid. */
  private consider(
    path: readonly Certificate[],
    anchor: Certificate | undefined,
    problems: readonly PathProblem[],
  ): boolean {
    const all = [...problems, ...checkConstraints(path), ...checkValidity(path, this.options.at)];
    // A path that reaches a root comes before one that does not.
    const rank =
      (anchor === undefined ? 10_000 : 0) + all.reduce((sum, { code }) => sum + (weights[code] ?? 100), 0);
    if (rank < this.bestRank) {
      this.bestRank = rank;
      const chain = anchor === undefined ? path : [...path, anchor];
      this.best = { certificates: path, anchor, problems: all, publicKey: keyOf(chain) };
    }
    return all.length === 0;
  }
}

function issuerName(certificate: Certificate): string {
  try {
    return brief(`${certificate.issuer}`);
  } catch {
    return 'an unreadable name';
  }
}

/** Whether a key cannot be used without its issuer's: DSA parameters may be left out (RFC 3279 §2.3.2). */
function lacksParameters(certificate: Certificate): boolean {
  const key = ownKey(certificate);
  return key?.kind === 'dsa' && key.parameters === undefined;
}

function ownKey(certificate: Certificate): PublicKey | undefined {
  try {
    return certificate.publicKey;
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

/**
 * The key of the first certificate of a chain. RFC 5280 §6.1.4 (d)–(f): DSA
 * parameters that it lacks come from the next above, if that is a DSA key too.
 * `undefined` where there is no usable key.
 */
function keyOf(chain: readonly Certificate[]): PublicKey | undefined {
  const key = ownKey(chain[0]!);
  if (key?.kind !== 'dsa' || key.parameters !== undefined) return key;
  for (const above of chain.slice(1)) {
    const issuerKey = ownKey(above);
    if (issuerKey?.kind !== 'dsa') return undefined;
    if (issuerKey.parameters !== undefined) return withDsaParameters(key, issuerKey);
  }
  return undefined;
}
