import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/public-key.js';
import { parseSignatureAlgorithm } from '../../crypto/signature-algorithm.js';
import type { Certificate } from '../certificate/certificate.js';
import { judgeSignatureAlgorithm } from '../path/algorithm-policy.js';
import { quietly } from '../path/path-problem.js';
import type { CrlEntry } from './crl-entries.js';
import {
  allReasons,
  type CrlSource,
  directoryNames,
  type ReasonMask,
  scopeFault,
  sourceOfIssuer,
  sourceOfPoint,
} from './crl-scope.js';
import { type CrlQuestion, crlSignatureFault, findCrlSigner, problem } from './crl-signer.js';
import { type KnownCrl, newestFirst } from './revocation-memory.js';
import type { CertificateRevocation, RevocationProblem } from './revocation-report.js';
import { clockSkew, iso } from './revocation-times.js';

/** What CRLs say of a certificate, and why some say nothing. */
export interface CrlOutcome {
  /** Left out where the CRLs at hand do not tell. */
  readonly revocation?: Omit<CertificateRevocation, 'references' | 'problems'>;
  readonly problems: readonly RevocationProblem[];
}

/** Pairs of a CRL and a distribution point that one search compares; a certificate in use has two or three. */
const mostComparisons = 50_000;

/** CRLs with a wrong signature, or of a wrong signer, after which no more are tried for one certificate. */
const mostFailures = 16;

/** Problems that one report names; the rest would be more of the same. */
const mostProblems = 16;

/**
 * Looks in the CRLs at hand whether a certificate is revoked (RFC 5280 §6.3):
 * for each of its distribution points, and for its issuer as such, until all
 * reasons are covered.
 *
 * A CRL that is out of date, or later than the time asked about, cannot say
 * that a certificate is good; but any can say that it is revoked, since that
 * is not undone. So one that another contradicts is revoked.
 *
 * @throws MailsealError `crypto-engine-unavailable` only.
 */
export async function checkCrls(question: CrlQuestion): Promise<CrlOutcome> {
  const check = new CrlCheck(question);
  const revocation = await check.run();
  return {
    ...(revocation === undefined ? {} : { revocation }),
    problems: check.problems,
  };
}

/** A CRL that counts, with the delta CRL put upon it. */
interface UsableCrl {
  readonly complete: KnownCrl;
  readonly delta: KnownCrl | undefined;
}

/** The state variables of RFC 5280 §6.3.2, and what is to be reported. */
class CrlCheck {
  readonly problems: RevocationProblem[] = [];
  private readonly question: CrlQuestion;
  private covered: ReasonMask = 0;
  private oldest: Date | undefined;
  private nextDue: Date | undefined;
  /** CRLs that told their part. */
  private readonly consulted: Set<KnownCrl> = new Set();
  /** CRLs of the right scope, of which some are not timely, not needed, or deltas that fit upon no other. */
  private readonly leftOver: Set<KnownCrl> = new Set();
  /** Whether one of them, newer than those that follow, took the certificate off hold. */
  private released = false;
  private failures = 0;

  constructor(question: CrlQuestion) {
    this.question = question;
  }

  async run(): Promise<CrlOutcome['revocation']> {
    const { memory } = this.question.context;
    if (memory.count === 0) return undefined;
    for (const source of this.sources()) {
      for (const issuer of source.issuers) {
        for (const known of memory.of(issuer)) {
          if (++memory.comparisons > mostComparisons) break;
          if (!('crl' in known)) {
            this.note(problem('malformed', `cannot be read: ${known.message}`, 'RFC 5280 §5.1'));
            continue;
          }
          if (this.covered === allReasons && this.consulted.has(known)) continue;
          const entry = await this.guarded(() => this.consult(known, source));
          if (entry !== undefined) return entry;
        }
      }
    }
    const leftOver = newestFirst([...this.leftOver].filter((known) => !this.consulted.has(known)));
    for (const known of leftOver) {
      const entry = await this.guarded(() => this.consultLeftOver(known));
      if (entry !== undefined) return entry;
    }
    if (this.covered === allReasons) return this.good();
    this.explain(leftOver);
    return undefined;
  }

  /** Why the CRLs of the right scope did not tell, all in all. */
  private explain(leftOver: readonly KnownCrl[]): void {
    if (this.question.context.memory.comparisons > mostComparisons)
      this.note(problem('search-limit', 'was not looked at: there are too many', 'RFC 5280 §6.3.3'));
    const toldBase = this.problems.some(({ code }) => code === 'delta-base');
    if (!toldBase && leftOver.some(({ baseNumber }) => baseNumber !== undefined))
      this.note(
        problem(
          'delta-base',
          'is a delta CRL, and no complete one that it could be put upon is at hand',
          'RFC 5280 §5.2.4',
        ),
      );
    if (this.covered !== 0)
      this.note({
        code: 'reasons-incomplete',
        message: 'the CRLs at hand cover only some reasons for revocation',
        section: 'RFC 5280 §6.3.3 (e)',
      });
  }

  /** RFC 5280 §6.3.3: the distribution points in their order, then the issuer as such. */
  private *sources(): Generator<CrlSource, undefined> {
    const { certificate, issuer } = this.question;
    const points = this.quietly(() => certificate.crlDistributionPoints) ?? [];
    for (const point of points) {
      const source = this.quietly(() => sourceOfPoint(point, certificate.issuer));
      if (source !== undefined) yield source;
    }
    const source = this.quietly(() => sourceOfIssuer(certificate, issuer.certificate));
    if (source !== undefined) yield source;
  }

  /** One turn of RFC 5280 §6.3.3 (a)–(l); what the entry of the certificate says, if it has one. */
  private async consult(known: KnownCrl, source: CrlSource): Promise<CrlOutcome['revocation']> {
    const { certificate } = this.question;
    const fault = scopeFault(known.scope, source, certificate);
    if (fault !== undefined) {
      this.note(problem('scope', fault.message, fault.section));
      return undefined;
    }
    if (!this.understood(known)) return undefined;
    this.leftOver.add(known);
    // (d), (e): it covers reasons that were not covered before.
    const reasons = known.scope.reasons & source.reasons;
    if (known.baseNumber !== undefined || (reasons & ~this.covered) === 0) return undefined;
    const usable = this.timely(known);
    if (usable === undefined) return undefined;
    const ownAllowed = source.indirect && source.issuers.some((name) => name.equals(certificate.subject));
    const signer = await this.signerOf(known, ownAllowed);
    if (signer === undefined) return undefined;
    const delta = await this.signedDelta(usable, signer);
    if (delta === undefined && this.timeFault(known) !== undefined) return undefined;
    this.consulted.add(known);
    if (delta !== undefined) this.consulted.add(delta);
    // (i), (j): what the delta CRL says comes first.
    const entry = (delta === undefined ? undefined : this.entryIn(delta)) ?? this.entryIn(known);
    const facts = this.times(delta ?? known);
    // (k): removeFromCRL takes back what the complete CRL says.
    if (entry !== undefined && reasonOf(entry) !== 'removeFromCRL') return this.revoked(entry, facts);
    // What may be forged revokes at worst too much; it clears nobody.
    if (this.mayBeDropped(known) || !this.strong(known)) return undefined;
    this.covered |= reasons;
    if (this.oldest === undefined || facts.thisUpdate < this.oldest) this.oldest = facts.thisUpdate;
    if (facts.nextUpdate !== undefined && (this.nextDue === undefined || facts.nextUpdate < this.nextDue))
      this.nextDue = facts.nextUpdate;
    return undefined;
  }

  /**
   * What is revoked stays so: a CRL that is not timely, not complete or not
   * needed tells it as well. Only a hold may be over, when what is newer does not know of it.
   */
  private async consultLeftOver(known: KnownCrl): Promise<CrlOutcome['revocation']> {
    const entry = this.entryIn(known);
    if (entry === undefined) return undefined;
    const reason = reasonOf(entry);
    const isOver = this.released || (this.covered === allReasons && known.thisUpdate < this.oldest!);
    if (reason === 'certificateHold' && isOver) return undefined;
    const signer = await this.signerOf(known, false);
    if (signer === undefined) return undefined;
    if (reason === 'removeFromCRL') this.released = true;
    else return this.revoked(entry, this.times(known));
    return undefined;
  }

  /** RFC 5280 §6.3.3 (f), (g): whose valid signature it has, as long as not too many were tried in vain. */
  private async signerOf(
    { crl }: KnownCrl,
    ownAllowed: boolean,
  ): Promise<{ readonly publicKey: PublicKey } | undefined> {
    if (this.failures >= mostFailures) {
      this.note(
        problem('search-limit', 'was not tried: too many had a wrong signature', 'RFC 5280 §6.3.3 (g)'),
      );
      return undefined;
    }
    const signer = await findCrlSigner(crl, this.question, ownAllowed);
    if (!('code' in signer)) return signer;
    this.failures++;
    this.note(signer);
    return undefined;
  }

  /** RFC 5280 §5.2, §5.3: a critical extension that is not known makes a CRL unusable, wherever in it it stands. */
  private understood(known: KnownCrl): boolean {
    const [unknown] = known.crl.unknownCriticalExtensions;
    if (unknown === undefined) return true;
    this.note(
      problem(
        'unknown-critical-extension',
        `has the critical extension ${unknown}, which is not known`,
        'RFC 5280 §5.2',
      ),
    );
    return false;
  }

  /** Whether the algorithm policy lets a CRL count that says nothing against a certificate. */
  private strong({ crl }: KnownCrl): boolean {
    const algorithm = quietly(() => parseSignatureAlgorithm(crl.signatureAlgorithm));
    // What is not known cannot be checked, and that is said elsewhere.
    if (algorithm === undefined) return true;
    if (judgeSignatureAlgorithm(this.question.context.algorithms, algorithm) !== 'refused') return true;
    this.note(
      problem('algorithm-weak', 'is signed with a digest that is too weak to be relied on', 'RFC 6194 §3'),
    );
    return false;
  }

  /** A complete CRL that is timely, by itself or by a delta CRL upon it. */
  private timely(known: KnownCrl): UsableCrl | undefined {
    const fault = this.timeFault(known);
    const delta = fault?.code === 'not-yet-valid' ? undefined : this.deltasUpon(known)[0];
    if (fault === undefined || delta !== undefined) return { complete: known, delta };
    this.note(fault);
    return undefined;
  }

  private timeFault(known: KnownCrl): RevocationProblem | undefined {
    const { at, options } = this.question.context;
    const now = at.getTime();
    const issued = known.thisUpdate.getTime();
    if (issued > now + clockSkew)
      return problem(
        'not-yet-valid',
        `is of ${iso(known.thisUpdate)}, later than the time asked about`,
        'RFC 5280 §5.1.2.4',
      );
    // RFC 5280 §6.3.3 (a): after nextUpdate there is a newer one somewhere.
    if (known.nextUpdate !== undefined && known.nextUpdate.getTime() < now)
      return problem('stale', `was the latest until ${iso(known.nextUpdate)}`, 'RFC 5280 §6.3.3 (a)');
    if (options.maxAge !== undefined && now - issued > options.maxAge)
      return problem('stale', `is of ${iso(known.thisUpdate)}, which is too old`, 'RFC 5280 §6.3.3 (a)');
    return undefined;
  }

  /** Timely delta CRLs that fit upon a complete one (RFC 5280 §5.2.4, §6.3.3 c), the newest first. */
  private deltasUpon(complete: KnownCrl): KnownCrl[] {
    const { memory } = this.question.context;
    return memory.of(complete.crl.issuer).filter((known): known is KnownCrl => {
      if (!('crl' in known) || known.baseNumber === undefined) return false;
      if (++memory.comparisons > mostComparisons) return false;
      // A damaged one must not keep the complete one from counting.
      return this.quietly(() => this.fitsUpon(known, known.baseNumber!, complete)) === true;
    });
  }

  private fitsUpon(delta: KnownCrl, base: bigint, complete: KnownCrl): boolean {
    // The complete CRL has all that the base had, and the delta is the newer of the two.
    if (complete.number === undefined || delta.number === undefined) return false;
    if (complete.number < base) {
      this.note(
        problem(
          'delta-base',
          `is a delta CRL upon number ${base}, the complete one at hand is number ${complete.number}`,
          'RFC 5280 §5.2.4 (c)',
        ),
      );
      return false;
    }
    if (complete.number >= delta.number || !sameScope(delta, complete)) return false;
    const fault = this.timeFault(delta);
    if (fault !== undefined) this.note(fault);
    return fault === undefined && this.understood(delta) && this.strong(delta);
  }

  /** RFC 5280 §6.3.3 (h): a delta CRL is signed with the same key as the complete one. */
  private async signedDelta(
    { complete, delta }: UsableCrl,
    signer: { readonly publicKey: PublicKey },
  ): Promise<KnownCrl | undefined> {
    if (delta === undefined) return undefined;
    for (const each of this.deltasUpon(complete)) {
      const fault = await crlSignatureFault(each.crl, signer.publicKey, this.question.context);
      if (fault === undefined) return each;
      this.note(fault);
      if (fault.code === 'search-limit' || ++this.failures >= mostFailures) return undefined;
    }
    return undefined;
  }

  /** RFC 5280 §5.3.3: the entry with the certificate's issuer and serial number. */
  private entryIn({ crl }: KnownCrl): CrlEntry | undefined {
    const { certificate } = this.question;
    return crl.entriesOf(certificate.serialNumber).find(({ certificateIssuer }) => {
      const names = certificateIssuer === undefined ? [crl.issuer] : directoryNames(certificateIssuer);
      return names.some((name) => name.equals(certificate.issuer));
    });
  }

  /**
   * RFC 5280 §3.3: an entry may go once the certificate has expired, so that a
   * later CRL does not say that it was not revoked, unless it says how far back it goes.
   */
  private mayBeDropped({ crl, thisUpdate }: KnownCrl): boolean {
    const { notAfter } = this.question.certificate;
    if (thisUpdate <= notAfter) return false;
    const since = crl.expiredCertsOnCrl;
    if (since !== undefined && since <= notAfter) return false;
    this.note(
      problem('scope', 'is of a time when the certificate had expired and may have gone', 'RFC 5280 §3.3'),
    );
    return true;
  }

  private times({ thisUpdate, nextUpdate }: KnownCrl): Times {
    return { thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
  }

  private revoked(entry: CrlEntry, times: Times): CrlOutcome['revocation'] {
    const reason = reasonOf(entry);
    const invalidityDate = quietly(() => entry.invalidityDate);
    const revocationDate = quietly(() => entry.revocationDate);
    return {
      ...this.facts(times),
      status: reason === 'certificateHold' ? 'on-hold' : 'revoked',
      reason,
      ...(revocationDate === undefined ? {} : { revocationDate }),
      ...(invalidityDate === undefined ? {} : { invalidityDate }),
    };
  }

  private good(): CrlOutcome['revocation'] {
    const times = {
      thisUpdate: this.oldest!,
      ...(this.nextDue === undefined ? {} : { nextUpdate: this.nextDue }),
    };
    return { ...this.facts(times), status: 'good' };
  }

  private facts(times: Times): Times & { certificate: Certificate; source: 'crl'; age: number } {
    const { certificate, context } = this.question;
    return { certificate, source: 'crl', ...times, age: context.at.getTime() - times.thisUpdate.getTime() };
  }

  private note(problem: RevocationProblem): void {
    const { problems } = this;
    if (problems.length >= mostProblems || problems.some(({ message }) => message === problem.message))
      return;
    problems.push(problem);
  }

  /** Turns damage found in a CRL into a problem. */
  private async guarded<T>(get: () => Promise<T>): Promise<T | undefined> {
    try {
      return await get();
    } catch (error) {
      this.damage(error);
      return undefined;
    }
  }

  private quietly<T>(get: () => T): T | undefined {
    try {
      return get();
    } catch (error) {
      this.damage(error);
      return undefined;
    }
  }

  private damage(error: unknown): void {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    this.note(
      problem('malformed', `or what it is compared with cannot be read: ${error.message}`, 'RFC 5280 §5'),
    );
  }
}

interface Times {
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
}

/** RFC 5280 §5.3.1: no reason is the same as `unspecified`; one that cannot be read does not make it less revoked. */
function reasonOf(entry: CrlEntry): NonNullable<CertificateRevocation['reason']> {
  return quietly(() => entry.reason) ?? 'unspecified';
}

/** RFC 5280 §6.3.3 (c): issuer, scope and authority key of a delta CRL are those of the complete one. */
function sameScope(delta: KnownCrl, complete: KnownCrl): boolean {
  const key = (crl: KnownCrl['crl']): Uint8Array | undefined => crl.authorityKeyIdentifier?.keyIdentifier;
  const [own, other] = [key(delta.crl), key(complete.crl)];
  if (own !== undefined && other !== undefined && !equalBytes(own, other)) return false;
  const [a, b] = [delta.scope, complete.scope];
  if (a.reasons !== b.reasons || a.indirect !== b.indirect || a.only !== b.only) return false;
  if (a.names === undefined || b.names === undefined) return a.names === b.names;
  const names = b.names;
  return a.names.size === names.size && [...a.names].every((name) => names.has(name));
}
