import type { PublicKey } from '../../crypto/keys/public-key.js';
import { type CrlFindings, findingsIn } from './crl-findings.js';
import { CrlProblems } from './crl-problems.js';
import {
  allReasons,
  type CrlSource,
  type ReasonMask,
  scopeFault,
  sourceOfIssuer,
  sourcesOfPoint,
} from './crl-scope.js';
import { type CrlQuestion, crlSignatureFault, findCrlSigner } from './crl-signer.js';
import {
  algorithmFault,
  expiryFault,
  extensionFault,
  fitsUpon,
  issuersFault,
  timeFault,
} from './crl-usable.js';
import { doubtfulSince, type Finding, together } from './revocation-findings.js';
import { type KnownCrl, newestFirst } from './revocation-memory.js';
import { crlProblem, type RevocationProblem } from './revocation-report.js';

/** What CRLs say of a certificate, and why some say nothing. */
export interface CrlOutcome {
  /** Left out where the CRLs at hand do not tell. */
  readonly revocation?: Finding;
  readonly problems: readonly RevocationProblem[];
}

/** Pairs of a CRL and a distribution point that one search compares; a certificate in use has two or three. */
const mostComparisons = 50_000;

/**
 * CRLs with a wrong signature, or of a wrong signer, after which no more are
 * tried for one certificate: so many of the caller's, and so many carried.
 */
const mostFailures = 16;

/** Entries of one serial number that are looked at in a CRL before its signature was checked. */
const mostUnchecked = 16;

/**
 * Looks in the CRLs at hand whether a certificate is revoked (RFC 5280 §6.3):
 * for each of its distribution points, and for its issuer as such, until all
 * reasons are covered.
 *
 * A CRL that is out of date, or later than the time asked about, cannot say
 * that a certificate is good; but any can say that it is revoked, since that
 * is not undone. So one that another contradicts is revoked. All that say so
 * are heard, since one may know an earlier date than another.
 *
 * @param known what OCSP says, where that is `revoked`
 * @throws MailsealError `crypto-engine-unavailable` and `aborted` only.
 */
export async function checkCrls(question: CrlQuestion, known?: Finding): Promise<CrlOutcome> {
  const check = new CrlCheck(question, known);
  const revocation = await check.run();
  const problems = check.problems.list;
  return revocation === undefined ? { problems } : { revocation, problems };
}

/** A CRL that counts, with the delta CRL put upon it. */
interface UsableCrl {
  readonly complete: KnownCrl;
  readonly delta: KnownCrl | undefined;
}

/** The state variables of RFC 5280 §6.3.2, and what is to be reported. */
class CrlCheck {
  readonly problems = new CrlProblems();
  private readonly question: CrlQuestion;
  private covered: ReasonMask = 0;
  private oldest: Date | undefined;
  private nextDue: Date | undefined;
  /** When the oldest complete CRL was issued of those that cover the reasons. */
  private oldestComplete: Date | undefined;
  /** CRLs that told their part. */
  private readonly consulted: Set<KnownCrl> = new Set();
  /** CRLs of the right scope, of which some are not timely, not needed, or deltas that fit upon no other. */
  private readonly leftOver: Set<KnownCrl> = new Set();
  /** What authentic CRLs say against the certificate. */
  private readonly against: Finding[];
  /** Holds in CRLs that were left over, which another that was left over may have lifted. */
  private readonly held: Finding[] = [];
  /** When the newest was issued that lifted a hold. */
  private released: number = Number.NEGATIVE_INFINITY;
  /** Findings of delta CRLs. */
  private ofDeltas: Set<Finding> | undefined;
  private readonly failures = { own: 0, carried: 0 };

  constructor(question: CrlQuestion, known: Finding | undefined) {
    this.question = question;
    this.against = known === undefined ? [] : [known];
    this.ofDeltas = undefined;
  }

  async run(): Promise<Finding | undefined> {
    const { memory } = this.question.context;
    if (memory.count === 0) return together(this.against);
    const sources = this.sources();
    // All that the caller gave or fetched comes first: what is carried cannot use up the work that this needs.
    await this.consultAll(sources, false);
    if (memory.hasCarried) await this.consultAll(sources, true);
    if (this.against.length + this.held.length > 0) {
      const held = this.held.filter(({ thisUpdate }) => thisUpdate!.getTime() >= this.released);
      const against = together([...this.against, ...held].filter((finding) => !this.isOver(finding)));
      if (against !== undefined) return against;
    }
    if (this.covered === allReasons) return this.good();
    this.explain();
    return undefined;
  }

  /** Consults the CRLs of all sources: first those that may say that it is good, then the rest. */
  private async consultAll(sources: readonly CrlSource[], isCarried: boolean): Promise<void> {
    const { memory } = this.question.context;
    for (const source of sources) {
      for (const known of memory.of(source.issuer)) {
        if (!('crl' in known)) {
          if (!isCarried)
            this.problems.note(crlProblem('malformed', `cannot be read: ${known.message}`, 'RFC 5280 §5.1'));
          continue;
        }
        if (known.isCarried !== isCarried) continue;
        if (++memory.comparisons > mostComparisons) {
          this.problems.note(
            crlProblem('search-limit', 'was not looked at: there are too many', 'RFC 5280 §6.3.3'),
          );
          break;
        }
        if (this.covered === allReasons && this.consulted.has(known)) continue;
        try {
          await this.consult(known, source);
        } catch (error) {
          this.problems.damage(error);
        }
      }
    }
    // Whatever was consulted was of the right scope, and so among these.
    if (this.leftOver.size === this.consulted.size) return;
    const rest = [...this.leftOver].filter(
      (known) => known.isCarried === isCarried && !this.consulted.has(known),
    );
    for (const known of newestFirst(rest)) {
      try {
        await this.consultLeftOver(known);
      } catch (error) {
        this.problems.damage(error);
      }
    }
  }

  /** Why the CRLs of the right scope did not tell, all in all. */
  private explain(): void {
    const toldBase = this.problems.list.some(({ code }) => code === 'delta-base');
    const isLeft = (known: KnownCrl): boolean => known.baseNumber !== undefined && !this.consulted.has(known);
    if (!toldBase && [...this.leftOver].some(isLeft))
      this.problems.note(
        crlProblem(
          'delta-base',
          'is a delta CRL, and no complete one that it could be put upon is at hand',
          'RFC 5280 §5.2.4',
        ),
      );
    if (this.covered !== 0)
      this.problems.note({
        code: 'reasons-incomplete',
        message: 'the CRLs at hand cover only some reasons for revocation',
        section: 'RFC 5280 §6.3.3 (e)',
      });
  }

  /** RFC 5280 §6.3.3: the distribution points in their order, then the issuer as such. */
  private sources(): CrlSource[] {
    const { certificate, issuer } = this.question;
    const found: CrlSource[] = [];
    for (const point of this.problems.quietly(() => certificate.crlDistributionPoints) ?? [])
      found.push(...(this.problems.quietly(() => sourcesOfPoint(point, certificate.issuer)) ?? []));
    const own = this.problems.quietly(() => sourceOfIssuer(certificate, issuer.certificate));
    if (own !== undefined) found.push(own);
    return found;
  }

  /** One turn of RFC 5280 §6.3.3 (a)–(l). */
  private async consult(known: KnownCrl, source: CrlSource): Promise<void> {
    const { certificate, context } = this.question;
    const fault = scopeFault(known.scope, source, certificate);
    if (fault !== undefined) {
      this.problems.note(crlProblem('scope', fault.message, fault.section));
      return;
    }
    if (!this.problems.passes(extensionFault(known))) return;
    this.leftOver.add(known);
    // Who is revoked will not be found good; what else is known against him is heard with what is left over.
    if (this.against.some(({ status }) => status === 'revoked')) return;
    // (d), (e): it covers reasons that were not covered before.
    const reasons = known.scope.reasons & source.reasons;
    if (known.baseNumber !== undefined || (reasons & ~this.covered) === 0) return;
    const usable = this.timely(known);
    if (usable === undefined) return;
    const ownAllowed = source.indirect && source.issuer.equals(certificate.subject);
    const signer = await this.signerOf(known, ownAllowed);
    if (signer === undefined) return;
    const delta = await this.signedDelta(usable, signer);
    if (delta === undefined && timeFault(known, context) !== undefined) return;
    this.consulted.add(known);
    // (i), (j), (k): a delta CRL with removeFromCRL takes back a hold of the complete one. What that says is revoked stays so.
    const later = delta === undefined ? undefined : this.read(delta);
    let { findings } = this.read(known);
    if (later?.isReleased === true) findings = findings.filter(({ status }) => status === 'revoked');
    if (delta !== undefined && later !== undefined) {
      this.consulted.add(delta);
      this.leftOver.add(delta);
      findings = [...findings, ...later.findings];
    }
    this.against.push(...findings);
    if (findings.length > 0) return;
    // What may be forged revokes at worst too much; it clears nobody.
    if (
      !this.problems.passes(expiryFault(known, certificate)) ||
      !this.problems.passes(algorithmFault(known, context)) ||
      !this.problems.passes(issuersFault(known))
    )
      return;
    const { thisUpdate, nextUpdate } = delta ?? known;
    this.covered |= reasons;
    if (this.oldest === undefined || thisUpdate < this.oldest) this.oldest = thisUpdate;
    if (this.oldestComplete === undefined || known.thisUpdate < this.oldestComplete)
      this.oldestComplete = known.thisUpdate;
    if (nextUpdate !== undefined && (this.nextDue === undefined || nextUpdate < this.nextDue))
      this.nextDue = nextUpdate;
  }

  /**
   * What is revoked stays so: a CRL that is not timely, not complete or not
   * needed tells it as well. Only a hold may be over, when what is newer does not know of it.
   */
  private async consultLeftOver(known: KnownCrl): Promise<void> {
    const { certificate } = this.question;
    const listed = known.crl.timesListed(certificate.serialNumber, mostUnchecked + 1);
    if (listed === 0 || (listed <= mostUnchecked && !this.isNews(known))) return;
    if ((await this.signerOf(known, false)) === undefined) return;
    const { findings, isReleased } = this.read(known);
    for (const each of findings) (each.status === 'on-hold' ? this.held : this.against).push(each);
    if (isReleased && this.mayRelease(known)) this.released = known.thisUpdate.getTime();
  }

  private read(known: KnownCrl): CrlFindings {
    const said = findingsIn(known, this.question.certificate, this.question.context.at);
    if (known.baseNumber !== undefined && said.findings.length > 0) {
      this.ofDeltas ??= new Set();
      for (const each of said.findings) this.ofDeltas.add(each);
    }
    return said;
  }

  /** Whether what a CRL says would change what is known; if not, its signature need not be checked. */
  private isNews(known: KnownCrl): boolean {
    const { findings, isReleased } = this.read(known);
    if (isReleased) return this.mayRelease(known);
    const said = [...this.against, ...this.held];
    return findings.some(
      (finding) =>
        !this.isOver(finding) &&
        !said.some(
          (other) =>
            doubtfulSince(other) <= doubtfulSince(finding) &&
            (other.status === 'revoked' ||
              (finding.status === 'on-hold' && other.thisUpdate! >= finding.thisUpdate!)),
        ),
    );
  }

  /** Whether a CRL with removeFromCRL could lift a hold: it is the newest of those, not of the future, and not to be forged. */
  private mayRelease(known: KnownCrl): boolean {
    const { context } = this.question;
    return (
      known.thisUpdate.getTime() > this.released &&
      timeFault(known, context)?.code !== 'not-yet-valid' &&
      algorithmFault(known, context) === undefined
    );
  }

  /**
   * Whether it is a hold of which what is newer does not know. A delta CRL
   * lists only what changed since its base: that it does not list a hold of a
   * complete CRL says nothing.
   */
  private isOver(finding: Finding): boolean {
    if (finding.status !== 'on-hold' || this.covered !== allReasons) return false;
    const newer = this.ofDeltas?.has(finding) === true ? this.oldest! : this.oldestComplete!;
    return finding.thisUpdate! < newer;
  }

  /** RFC 5280 §6.3.3 (f), (g): whose valid signature it has, as long as not too many were tried in vain. */
  private async signerOf(
    { crl, isCarried }: KnownCrl,
    ownAllowed: boolean,
  ): Promise<{ readonly publicKey: PublicKey } | undefined> {
    const whose = isCarried ? 'carried' : 'own';
    if (this.failures[whose] >= mostFailures) {
      this.noteTooMany();
      return undefined;
    }
    const signer = await findCrlSigner(crl, this.question, ownAllowed);
    if (!('code' in signer)) return signer;
    this.failures[whose]++;
    this.problems.note(signer);
    return undefined;
  }

  private noteTooMany(): void {
    this.problems.note(
      crlProblem('search-limit', 'was not tried: too many had a wrong signature', 'RFC 5280 §6.3.3 (g)'),
    );
  }

  /** A complete CRL that is timely, by itself or by a delta CRL upon it. */
  private timely(known: KnownCrl): UsableCrl | undefined {
    const fault = timeFault(known, this.question.context);
    const delta = fault?.code === 'not-yet-valid' ? undefined : this.deltasUpon(known)[0];
    if (fault === undefined || delta !== undefined) return { complete: known, delta };
    this.problems.note(fault);
    return undefined;
  }

  /** Timely delta CRLs that fit upon a complete one (RFC 5280 §5.2.4, §6.3.3 c), the newest first. */
  private deltasUpon(complete: KnownCrl): KnownCrl[] {
    const { context } = this.question;
    const { memory } = context;
    const all = memory.of(complete.crl.issuer);
    if (all.length === 1) return [];
    return all.filter((known): known is KnownCrl => {
      if (!('crl' in known) || known.baseNumber === undefined) return false;
      if (++memory.comparisons > mostComparisons) {
        this.problems.note(
          crlProblem('search-limit', 'was not looked at: there are too many', 'RFC 5280 §6.3.3'),
        );
        return false;
      }
      // A damaged one must not keep the complete one from counting.
      const isFit = this.problems.quietly(() => {
        const fits = fitsUpon(known, complete);
        if (typeof fits !== 'boolean') return this.problems.passes(fits);
        return (
          fits &&
          this.problems.passes(timeFault(known, context)) &&
          this.problems.passes(extensionFault(known)) &&
          this.problems.passes(algorithmFault(known, context))
        );
      });
      return isFit === true;
    });
  }

  /** RFC 5280 §6.3.3 (h): a delta CRL is signed with the same key as the complete one. */
  private async signedDelta(
    { complete, delta }: UsableCrl,
    signer: { readonly publicKey: PublicKey },
  ): Promise<KnownCrl | undefined> {
    if (delta === undefined) return undefined;
    for (const each of this.deltasUpon(complete)) {
      const whose = each.isCarried ? 'carried' : 'own';
      if (this.failures[whose] >= mostFailures) {
        this.noteTooMany();
        continue;
      }
      const fault = await crlSignatureFault(each.crl, signer.publicKey, this.question.context);
      if (fault === undefined) return each;
      this.problems.note(fault);
      if (fault.code === 'search-limit') return undefined;
      this.failures[whose]++;
    }
    return undefined;
  }

  private good(): Finding {
    const { certificate, context } = this.question;
    const thisUpdate = this.oldest!;
    const age = context.at.getTime() - thisUpdate.getTime();
    const nextUpdate = this.nextDue;
    if (nextUpdate === undefined) return { certificate, status: 'good', source: 'crl', thisUpdate, age };
    return { certificate, status: 'good', source: 'crl', thisUpdate, nextUpdate, age };
  }
}
