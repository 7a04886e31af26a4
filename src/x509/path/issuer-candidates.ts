import { equalBytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { Certificate } from '../certificate/certificate.js';
import type { Name } from '../certificate/name.js';

/** A certificate that may be the issuer's. */
export interface IssuerCandidate {
  readonly issuer: Certificate;
  readonly isRoot: boolean;
}

/** Finds the certificates that may have issued another, the likeliest first. */
export class IssuerCandidates {
  private readonly roots: readonly Certificate[];
  /** The certificates that may stand between the end entity and a root, each once. */
  private readonly intermediates: readonly Certificate[];
  private steps: ReadonlyMap<string, number> | undefined;

  constructor(endEntity: Certificate, roots: readonly Certificate[], pool: readonly Certificate[]) {
    this.roots = roots;
    this.intermediates = different(pool, [endEntity, ...roots]);
    this.steps = undefined;
  }

  /** Candidates for the last certificate of a path: by name, those first whose key identifier fits, then those nearest to a root. */
  of(path: readonly Certificate[]): IssuerCandidate[] {
    const last = path[path.length - 1]!;
    const candidates: IssuerCandidate[] = [];
    for (const issuer of this.roots) {
      if (issued(issuer, last)) candidates.push({ issuer, isRoot: true });
    }
    for (const issuer of this.intermediates) {
      // A path that comes to the same name and key again runs in a circle (RFC 4158 §2.4.2).
      if (issuer !== last && issued(issuer, last) && !path.some((each) => sameHolder(each, issuer)))
        candidates.push({ issuer, isRoot: false });
    }
    if (candidates.length < 2) return candidates;
    return candidates
      .map((candidate) => ({ candidate, rank: this.rank(candidate, last) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ candidate }) => candidate);
  }

  private rank({ issuer, isRoot }: IssuerCandidate, certificate: Certificate): number {
    const distance = isRoot ? 0 : 1 + (this.stepsToRoot.get(normalized(issuer, 'issuer') ?? '') ?? farAway);
    return distance + (fitsKeyIdentifier(issuer, certificate) ? 0 : 2 * farAway);
  }

  /** For the name of an authority, how many certificates lie between it and a root at least, by names alone. */
  private get stepsToRoot(): ReadonlyMap<string, number> {
    if (this.steps !== undefined) return this.steps;
    const issuedBy = new Map<string, string[]>();
    for (const each of this.intermediates) {
      const issuer = normalized(each, 'issuer');
      const subject = normalized(each, 'subject');
      if (issuer === undefined || subject === undefined) continue;
      const subjects = issuedBy.get(issuer);
      if (subjects === undefined) issuedBy.set(issuer, [subject]);
      else subjects.push(subject);
    }
    const steps = new Map<string, number>();
    for (const root of this.roots) {
      const name = normalized(root, 'subject');
      if (name !== undefined) steps.set(name, 0);
    }
    // A Map gives what is added while it is walked: the nearest names come first.
    for (const [name, distance] of steps) {
      for (const subject of issuedBy.get(name) ?? []) {
        if (!steps.has(subject)) steps.set(subject, distance + 1);
      }
    }
    this.steps = steps;
    return steps;
  }
}

/** More than any distance can be. */
const farAway = 1e9;

/** The certificates of a list that are not among others, without repetitions; in linear time. */
function different(list: readonly Certificate[], others: readonly Certificate[]): Certificate[] {
  // Comparing a few with each other is faster than a table of them, and with many it would be quadratic.
  if (list.length + others.length <= 16) {
    const known = [...others];
    return list.filter((each) => !known.some((other) => other.equals(each)) && known.push(each));
  }
  const seen = new Set(others.map(({ bytes }) => latin1FromBytes(bytes)));
  return list.filter(({ bytes }) => {
    const before = seen.size;
    return seen.add(latin1FromBytes(bytes)).size > before;
  });
}

/** RFC 5280 §6.1.3 (a)(4): the issuer name is the subject name of the certificate above. */
function issued(issuer: Certificate, certificate: Certificate): boolean {
  return sameName(issuer.subject, certificate.issuer);
}

/** Whether two certificates give the same key to the same name. */
function sameHolder(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.subjectPublicKeyInfo, b.subjectPublicKeyInfo) && sameName(a.subject, b.subject);
}

/** Whether the hints do not contradict: authorityKeyIdentifier of the one, subjectKeyIdentifier of the other. */
export function fitsKeyIdentifier(issuer: Certificate, certificate: Certificate): boolean {
  return (
    quietly(() => {
      const wanted = certificate.authorityKeyIdentifier?.keyIdentifier;
      const has = issuer.subjectKeyIdentifier;
      return wanted === undefined || has === undefined || equalBytes(wanted, has);
    }) ?? false
  );
}

/** Whether a certificate names itself as its issuer, and by its key identifiers its own key too. */
export function claimsToSignItself(certificate: Certificate): boolean {
  return issued(certificate, certificate) && fitsKeyIdentifier(certificate, certificate);
}

/** A damaged name is nobody's. */
function sameName(a: Name, b: Name): boolean {
  return quietly(() => a.equals(b)) ?? false;
}

function normalized(certificate: Certificate, field: 'issuer' | 'subject'): string | undefined {
  return quietly(() => certificate[field].normalized);
}

function quietly<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
