import { MailsealError } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
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
import { type CrlQuestion, crlSignatureFault, findCrlSigner } from './crl-signer.js';
import { algorithmFault, expiryFault, extensionFault, fitsUpon, timeFault } from './crl-usable.js';
import { type KnownCrl, newestFirst } from './revocation-memory.js';
import { type CertificateRevocation, crlProblem, type RevocationProblem } from './revocation-report.js';

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
            this.note(crlProblem('malformed', `cannot be read: ${known.message}`, 'RFC 5280 §5.1'));
            continue;
          }
          if (this.covered === allReasons && this.consulted.has(known)) continue;
          try {
            const entry = await this.consult(known, source);
            if (entry !== undefined) return entry;
          } catch (error) {
            this.damage(error);
          }
        }
      }
    }
    const leftOver = newestFirst([...this.leftOver].filter((known) => !this.consulted.has(known)));
    for (const known of leftOver) {
      try {
        const entry = await this.consultLeftOver(known);
        if (entry !== undefined) return entry;
      } catch (error) {
        this.damage(error);
      }
    }
    if (this.covered === allReasons) return this.good();
    this.explain(leftOver);
    return undefined;
  }

  /** Why the CRLs of the right scope did not tell, all in all. */
  private explain(leftOver: readonly KnownCrl[]): void {
    if (this.question.context.memory.comparisons > mostComparisons)
      this.note(crlProblem('search-limit', 'was not looked at: there are too many', 'RFC 5280 §6.3.3'));
    const toldBase = this.problems.some(({ code }) => code === 'delta-base');
    if (!toldBase && leftOver.some(({ baseNumber }) => baseNumber !== undefined))
      this.note(
        crlProblem(
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
    const { certificate, context } = this.question;
    const fault = scopeFault(known.scope, source, certificate);
    if (fault !== undefined) {
      this.note(crlProblem('scope', fault.message, fault.section));
      return undefined;
    }
    if (!this.passes(extensionFault(known))) return undefined;
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
    if (delta === undefined && timeFault(known, context) !== undefined) return undefined;
    this.consulted.add(known);
    if (delta !== undefined) this.consulted.add(delta);
    // (i), (j): what the delta CRL says comes first.
    const entry = (delta === undefined ? undefined : this.entryIn(delta)) ?? this.entryIn(known);
    const { thisUpdate, nextUpdate } = delta ?? known;
    // (k): removeFromCRL takes back what the complete CRL says.
    if (entry !== undefined && reasonOf(entry) !== 'removeFromCRL')
      return this.revoked(entry, delta ?? known);
    // What may be forged revokes at worst too much; it clears nobody.
    if (!this.passes(expiryFault(known, certificate)) || !this.passes(algorithmFault(known, context)))
      return undefined;
    this.covered |= reasons;
    if (this.oldest === undefined || thisUpdate < this.oldest) this.oldest = thisUpdate;
    if (nextUpdate !== undefined && (this.nextDue === undefined || nextUpdate < this.nextDue))
      this.nextDue = nextUpdate;
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
    else return this.revoked(entry, known);
    return undefined;
  }

  /** RFC 5280 §6.3.3 (f), (g): whose valid signature it has, as long as not too many were tried in vain. */
  private async signerOf(
    { crl }: KnownCrl,
    ownAllowed: boolean,
  ): Promise<{ readonly publicKey: PublicKey } | undefined> {
    if (this.failures >= mostFailures) {
      this.note(
        crlProblem('search-limit', 'was not tried: too many had a wrong signature', 'RFC 5280 §6.3.3 (g)'),
      );
      return undefined;
    }
    const signer = await findCrlSigner(crl, this.question, ownAllowed);
    if (!('code' in signer)) return signer;
    this.failures++;
    this.note(signer);
    return undefined;
  }

  /** A complete CRL that is timely, by itself or by a delta CRL upon it. */
  private timely(known: KnownCrl): UsableCrl | undefined {
    const fault = timeFault(known, this.question.context);
    const delta = fault?.code === 'not-yet-valid' ? undefined : this.deltasUpon(known)[0];
    if (fault === undefined || delta !== undefined) return { complete: known, delta };
    this.note(fault);
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
      if (++memory.comparisons > mostComparisons) return false;
      // A damaged one must not keep the complete one from counting.
      const isFit = this.quietly(() => {
        const fits = fitsUpon(known, complete);
        if (typeof fits !== 'boolean') return this.passes(fits);
        return (
          fits &&
          this.passes(timeFault(known, context)) &&
          this.passes(extensionFault(known)) &&
          this.passes(algorithmFault(known, context))
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

  private revoked(entry: CrlEntry, { thisUpdate, nextUpdate }: KnownCrl): CrlOutcome['revocation'] {
    const reason = reasonOf(entry);
    const invalidityDate = quietly(() => entry.invalidityDate);
    const revocationDate = quietly(() => entry.revocationDate);
    return {
      ...this.facts(reason === 'certificateHold' ? 'on-hold' : 'revoked', thisUpdate, nextUpdate),
      reason,
      ...(revocationDate === undefined ? {} : { revocationDate }),
      ...(invalidityDate === undefined ? {} : { invalidityDate }),
    };
  }

  private good(): CrlOutcome['revocation'] {
    return this.facts('good', this.oldest!, this.nextDue);
  }

  private facts(
    status: CertificateRevocation['status'],
    thisUpdate: Date,
    nextUpdate: Date | undefined,
  ): Facts {
    const { certificate, context } = this.question;
    const age = context.at.getTime() - thisUpdate.getTime();
    if (nextUpdate === undefined) return { certificate, status, source: 'crl', thisUpdate, age };
    return { certificate, status, source: 'crl', thisUpdate, nextUpdate, age };
  }

  /** True where nothing is the matter; else that is noted. */
  private passes(fault: RevocationProblem | undefined): boolean {
    if (fault !== undefined) this.note(fault);
    return fault === undefined;
  }

  private note(problem: RevocationProblem): void {
    const { problems } = this;
    // That the search was cut short must be told, however much else there is.
    const isFull = problems.length >= mostProblems && problem.code !== 'search-limit';
    if (!isFull && !problems.some(({ message }) => message === problem.message)) problems.push(problem);
  }

  private quietly<T>(get: () => T): T | undefined {
    try {
      return get();
    } catch (error) {
      this.damage(error);
      return undefined;
    }
  }

  /** Turns damage found in a CRL into a problem. */
  private damage(error: unknown): void {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    this.note(
      crlProblem('malformed', `or what it is compared with cannot be read: ${error.message}`, 'RFC 5280 §5'),
    );
  }
}

type Facts = Pick<
  CertificateRevocation,
  'certificate' | 'status' | 'source' | 'thisUpdate' | 'nextUpdate' | 'age'
>;

/** RFC 5280 §5.3.1: no reason is the same as `unspecified`; one that cannot be read does not make it less revoked. */
function reasonOf(entry: CrlEntry): NonNullable<CertificateRevocation['reason']> {
  return quietly(() => entry.reason) ?? 'unspecified';
}
