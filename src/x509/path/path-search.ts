import { equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { expectReuse } from '../../crypto/engines/native-keys.js';
import type { Certificate } from '../certificate/certificate.js';
import type { Name } from '../certificate/name.js';
import type { CertificateRevocation } from '../revocation/revocation-report.js';
import { signatureFault } from './certificate-signature.js';
import type { CertificationPath } from './certification-path.js';
import { chainKey, chainKeyOctets, lacksParameters } from './chain-key.js';
import {
  claimsToSignItself,
  closesCircle,
  fitsKeyIdentifier,
  type IssuerCandidate,
  IssuerCandidates,
} from './issuer-candidates.js';
import { assertCertificates } from './path-options.js';
import { brief, type PathProblem, type PathProblemCode, problemsOf, quietly } from './path-problem.js';
import { type PathRules, validatePath } from './path-validation.js';
import { type PathWork, spendCheck } from './path-work.js';

/** What is known about the revocation of a path, and what is wrong with it for that. */
export interface RevocationVerdict {
  readonly problems: readonly PathProblem[];
  readonly revocation: readonly CertificateRevocation[];
}

/** What a {@link PathSearch} goes by. */
export interface PathSearchOptions extends PathRules, EngineOptions {
  /** Trust anchors. */
  readonly roots: readonly Certificate[];
  /** Other certificates that may be issuers. */
  readonly pool?: readonly Certificate[];
  /** Asks the caller for issuers. */
  readonly findIssuers?: (certificate: Certificate) => Promise<readonly Certificate[]>;
}

/** RFC 5280 §6.1.3 (a)(3): tells about the revocation of a path that reached an anchor. */
export interface RevocationChecker {
  check(path: readonly Certificate[], anchor: Certificate): Promise<RevocationVerdict>;
  /** Whether there are CRLs of a certificate's issuer, so that the key that signed it is used once more. */
  hasCrlsOf(issuer: Name): boolean;
}

/** No path has more certificates below its root; those in use have two or three. */
const longestPath = 16;

/** How bad a problem is when paths are compared; 100 where nothing is said. A search that was cut short says so before others. */
const weights: Readonly<Partial<Record<PathProblemCode, number>>> = {
  expired: 1,
  'not-yet-valid': 1,
  'revocation-unknown': 2,
  'algorithm-weak': 20,
  'search-limit': 50,
  'signature-invalid': 20_000,
};

/** A path as it was judged, and whether its revocation was part of that. */
interface Judged {
  readonly path: CertificationPath;
  readonly rank: number;
  readonly isRevocationKnown: boolean;
}

/** A depth-first search that remembers the best path and how much it may still do. */
export class PathSearch {
  private best: Judged | undefined;
  private lookedUp: Set<Certificate> | undefined;
  /** Whether any path came to an anchor with sound signatures. */
  private hasReachedAnchor = false;
  private readonly certificate: Certificate;
  private readonly options: PathSearchOptions;
  private readonly work: PathWork;
  private readonly issuers: IssuerCandidates;
  private readonly revocation: RevocationChecker | undefined;

  constructor(
    certificate: Certificate,
    options: PathSearchOptions,
    work: PathWork,
    revocation?: RevocationChecker,
  ) {
    this.certificate = certificate;
    this.options = options;
    this.work = work;
    this.revocation = revocation;
    this.issuers = new IssuerCandidates(certificate, options.roots, options.pool ?? [], options.at);
    this.best = undefined;
    this.lookedUp = undefined;
  }

  /** The best path: one without problems if there is any, else the one that comes nearest, with all its problems. */
  async run(): Promise<CertificationPath> {
    const path = [this.certificate];
    // A certificate that is itself a root needs no issuer.
    if (this.options.roots.some((root) => root.equals(this.certificate)))
      await this.complete(path, this.certificate);
    else await this.extend(path);
    if (this.best === undefined) await this.incomplete(path, 'issuer-missing');
    return this.withRevocation(this.best!);
  }

  /** Tries every issuer of the last certificate of a path; true when a valid path was found. */
  private async extend(path: readonly Certificate[]): Promise<boolean> {
    const last = path[path.length - 1]!;
    if (path.length > longestPath) return this.incomplete(path, 'search-limit');
    let tried = 0;
    const candidates: (readonly IssuerCandidate[])[] = [this.issuers.of(last)];
    for (const list of candidates) {
      for (const candidate of list) {
        if (!candidate.isRoot && closesCircle(path, candidate.issuer)) continue;
        const outcome = await this.attempt(path, candidate);
        if (outcome === 'valid') return true;
        if (outcome === 'exhausted') return this.incomplete(path, 'search-limit');
        if (outcome === 'tried') tried++;
      }
      // What is at hand leads nowhere: the caller may know more.
      if (candidates.length > 1 || this.hasReachedAnchor || this.options.findIssuers === undefined) continue;
      candidates.push(await this.lookUp(last));
    }
    return tried > 0 ? false : this.incomplete(path, 'issuer-missing');
  }

  /** Tries one issuer. `unrelated` is one that turns out to be another of the same name. */
  private async attempt(
    path: readonly Certificate[],
    { issuer, isRoot }: IssuerCandidate,
  ): Promise<'valid' | 'tried' | 'unrelated' | 'exhausted'> {
    const last = path[path.length - 1]!;
    if (this.work.steps-- <= 0) return 'exhausted';
    // A key that lacks its parameters can check nothing before the path above it is known.
    const check = lacksParameters(issuer) ? undefined : await this.checkSignature(last, [issuer]);
    if (check === 'exhausted') return check;
    // Another of the same name, as its key identifier says too: not the issuer, and nothing is wrong with that.
    if (check !== undefined && (!fitsKeyIdentifier(issuer, last) || claimsToSignItself(last)))
      return 'unrelated';
    let isValid: boolean;
    // A wrong signature ends this line of search: what comes above it says nothing about the certificate.
    if (check !== undefined) isValid = await this.consider(path, isRoot ? issuer : undefined, [check]);
    else if (isRoot) isValid = await this.complete(path, issuer);
    else isValid = await this.extend([...path, issuer]);
    return isValid ? 'valid' : 'tried';
  }

  /** What is wrong with a signature under the key of the first of a chain. A key that was tried before costs nothing. */
  private async checkSignature(
    certificate: Certificate,
    chain: readonly Certificate[],
  ): Promise<PathProblem | 'exhausted' | undefined> {
    const { work } = this;
    const key = chainKeyOctets(chain);
    let checked = work.checked.get(certificate);
    const known = checked?.find((each) => equalBytes(each.key, key));
    if (known !== undefined) return known.fault;
    const publicKey = chainKey(chain);
    if (!spendCheck(work, publicKey, signatureOf(certificate))) return 'exhausted';
    if (publicKey !== undefined && this.mayAskCrlsOf(certificate)) expectReuse(publicKey);
    const fault = await signatureFault(certificate, publicKey, this.options.engine);
    if (checked === undefined) {
      checked = [];
      work.checked.set(certificate, checked);
    }
    checked.push({ key, fault });
    return fault;
  }

  private mayAskCrlsOf(certificate: Certificate): boolean {
    const { revocation } = this;
    return revocation !== undefined && quietly(() => revocation.hasCrlsOf(certificate.issuer)) === true;
  }

  /** Issuers of a certificate from the caller, those that were at hand already left out. */
  private async lookUp(certificate: Certificate): Promise<readonly IssuerCandidate[]> {
    const { findIssuers } = this.options;
    if (findIssuers === undefined || this.lookedUp?.has(certificate) === true) return [];
    if (claimsToSignItself(certificate) || this.work.lookUps-- <= 0) return [];
    this.lookedUp ??= new Set();
    this.lookedUp.add(certificate);
    const found = await findIssuers(certificate);
    assertCertificates('what `findIssuers` gives', found);
    const fresh = new Set(this.issuers.add(found, this.certificate));
    return fresh.size === 0 ? [] : this.issuers.of(certificate).filter(({ issuer }) => fresh.has(issuer));
  }

  /** Checks, now that the path is whole, the signatures whose keys inherit their parameters. */
  private async complete(path: readonly Certificate[], anchor: Certificate): Promise<boolean> {
    const chain = [...path, anchor];
    const faults: PathProblem[] = [];
    for (let level = 0; level < path.length; level++) {
      if (path[level] === anchor || !lacksParameters(chain[level + 1]!)) continue;
      const fault = await this.checkSignature(path[level]!, chain.slice(level + 1));
      if (fault === 'exhausted') return this.incomplete(path, 'search-limit');
      if (fault !== undefined) faults.push(fault);
    }
    this.hasReachedAnchor ||= faults.length === 0;
    return this.consider(path, anchor, faults);
  }

  private async incomplete(
    path: readonly Certificate[],
    code: 'issuer-missing' | 'search-limit',
  ): Promise<false> {
    const last = path[path.length - 1]!;
    const found: PathProblem[] = [];
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
    await this.consider(path, undefined, found);
    return false;
  }

  /** Judges a path, and keeps it when it is the best so far; true when it is valid. */
  private async consider(
    path: readonly Certificate[],
    anchor: Certificate | undefined,
    found: readonly PathProblem[],
  ): Promise<boolean> {
    const verdict = validatePath(path, anchor, this.options, this.work);
    const problems = [...found, ...verdict.problems];
    const chain = anchor === undefined ? path : [...path, anchor];
    let judged = judge({
      certificates: path,
      anchor,
      problems,
      notes: verdict.notes,
      publicKey: chainKey(chain),
      policies: verdict.policies,
      revocation: [],
    });
    // Nothing is asked about the revocation of a path that is not to be relied on anyhow.
    if (problems.length === 0) judged = judge(await this.withRevocation(judged), true);
    if (this.best === undefined || judged.rank < this.best.rank) this.best = judged;
    return judged.path.problems.length === 0;
  }

  /** A path that reached an anchor, with what is known about the revocation of its certificates. */
  private async withRevocation({ path, isRevocationKnown }: Judged): Promise<CertificationPath> {
    const { certificates, anchor, problems } = path;
    const { revocation } = this;
    if (revocation === undefined || isRevocationKnown || anchor === undefined) return path;
    // An end entity that is the anchor has nobody above who could revoke it, and a forged one was never issued.
    if (certificates.includes(anchor) || problems.some(({ code }) => code === 'signature-invalid'))
      return path;
    const verdict = await revocation.check(certificates, anchor);
    return { ...path, problems: [...problems, ...verdict.problems], revocation: verdict.revocation };
  }
}

function judge(path: CertificationPath, isRevocationKnown = false): Judged {
  // A path that reaches a root comes before one that does not.
  const start = path.anchor === undefined ? 10_000 : 0;
  const rank = path.problems.reduce((sum, { code }) => sum + (weights[code] ?? 100), start);
  return { path, rank, isRevocationKnown };
}

/** A damaged one is told where it is checked. */
function signatureOf(certificate: Certificate): Uint8Array | undefined {
  return quietly(() => certificate.signature);
}

function issuerName(certificate: Certificate): string {
  return quietly(() => brief(`${certificate.issuer}`)) ?? 'an unreadable name';
}
