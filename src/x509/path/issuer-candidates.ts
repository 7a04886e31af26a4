import { equalBytes, latin1FromBytes } from '../../core/bytes.js';
import type { Certificate } from '../certificate/certificate.js';
import type { Name } from '../certificate/name.js';
import { quietly } from './path-problem.js';

/** A certificate that may be the issuer's. */
export interface IssuerCandidate {
  readonly issuer: Certificate;
  readonly isRoot: boolean;
}

/** Up to so many certificates, comparing names in turn is faster than a table. */
const fewCertificates = 16;
/** Up to so many pairs of certificates, comparing them is faster than a table; most differ in length. */
const fewPairs = 4096;

/** Finds the certificates that may have issued another, the likeliest first. */
export class IssuerCandidates {
  private readonly roots: readonly Certificate[];
  /** The certificates that may stand between the end entity and a root, each once. */
  private readonly intermediates: Certificate[];
  private readonly at: Date;
  private readonly known = new Map<Certificate, readonly IssuerCandidate[]>();
  private bySubject: Map<string, Certificate[]> | undefined;
  private steps: ReadonlyMap<string, number> | undefined;

  /** @param at - Issuers that are valid then come first. */
  constructor(endEntity: Certificate, roots: readonly Certificate[], pool: readonly Certificate[], at: Date) {
    this.roots = roots;
    this.intermediates = different(pool, [endEntity, ...roots]);
    this.at = at;
    this.bySubject = undefined;
    this.steps = undefined;
  }

  /** Adds certificates that the caller looked up; those that were new. */
  add(found: readonly Certificate[], endEntity: Certificate): readonly Certificate[] {
    const fresh = different(found, [endEntity, ...this.roots, ...this.intermediates]);
    this.intermediates.push(...fresh);
    if (fresh.length > 0) {
      this.known.clear();
      this.bySubject = undefined;
      this.steps = undefined;
    }
    return fresh;
  }

  /** The candidates for a certificate: by name, the likeliest first. */
  of(certificate: Certificate): readonly IssuerCandidate[] {
    let candidates = this.known.get(certificate);
    if (candidates === undefined) {
      candidates = this.find(certificate);
      this.known.set(certificate, candidates);
    }
    return candidates;
  }

  private find(certificate: Certificate): IssuerCandidate[] {
    const candidates: IssuerCandidate[] = [];
    for (const issuer of this.roots) {
      if (issued(issuer, certificate)) candidates.push({ issuer, isRoot: true });
    }
    for (const issuer of this.named(certificate)) {
      if (issuer !== certificate) candidates.push({ issuer, isRoot: false });
    }
    if (candidates.length < 2) return candidates;
    return candidates
      .map((candidate) => ({ candidate, rank: this.rank(candidate, certificate) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ candidate }) => candidate);
  }

  /** RFC 5280 §6.1.3 (a)(4): the intermediates whose subject is the issuer of a certificate. */
  private named(certificate: Certificate): readonly Certificate[] {
    if (this.intermediates.length <= fewCertificates)
      return this.intermediates.filter((issuer) => issued(issuer, certificate));
    if (this.bySubject === undefined) {
      this.bySubject = new Map();
      for (const each of this.intermediates) addTo(this.bySubject, normalized(each, 'subject'), each);
    }
    return this.bySubject.get(normalized(certificate, 'issuer') ?? '') ?? [];
  }

  /** RFC 4158 §3.5: key identifiers first, then what could be valid, then what a serial number hints at, then the shortest way. */
  private rank({ issuer, isRoot }: IssuerCandidate, certificate: Certificate): number {
    const distance = isRoot ? 0 : 1 + (this.stepsToRoot.get(normalized(issuer, 'issuer') ?? '') ?? farAway);
    return (
      distance +
      (fitsSerialNumber(issuer, certificate) ? 0 : 2 * farAway) +
      (isRoot || mayBeValid(issuer, this.at) ? 0 : 4 * farAway) +
      (fitsKeyIdentifier(issuer, certificate) ? 0 : 8 * farAway)
    );
  }

  /** For the name of an authority, how many certificates lie between it and a root at least, by names alone. */
  private get stepsToRoot(): ReadonlyMap<string, number> {
    if (this.steps !== undefined) return this.steps;
    const issuedBy = new Map<string, string[]>();
    for (const each of this.intermediates) {
      const subject = normalized(each, 'subject');
      if (subject !== undefined) addTo(issuedBy, normalized(each, 'issuer'), subject);
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

function addTo<T>(lists: Map<string, T[]>, key: string | undefined, value: T): void {
  if (key === undefined) return;
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The certificates of a list that are not among others, without repetitions; in linear time. */
function different(list: readonly Certificate[], others: readonly Certificate[]): Certificate[] {
  if (list.length * (list.length + others.length) <= fewPairs) {
    const known = [...others];
    return list.filter((each) => !known.some((other) => other.equals(each)) && known.push(each));
  }
  const seen = new Set(others.map(({ bytes }) => latin1FromBytes(bytes)));
  return list.filter(({ bytes }) => {
    const before = seen.size;
    return seen.add(latin1FromBytes(bytes)).size > before;
  });
}

function issued(issuer: Certificate, certificate: Certificate): boolean {
  return sameName(issuer.subject, certificate.issuer);
}

/** Whether a path comes to the same name and key again: it runs in a circle then (RFC 4158 §2.4.2). */
export function closesCircle(path: readonly Certificate[], issuer: Certificate): boolean {
  return path.some(
    (each) =>
      each === issuer ||
      (equalBytes(each.subjectPublicKeyInfo, issuer.subjectPublicKeyInfo) &&
        sameName(each.subject, issuer.subject)),
  );
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

/** Whether authorityKeyIdentifier names this issuer's certificate, where it names one. */
function fitsSerialNumber(issuer: Certificate, certificate: Certificate): boolean {
  return (
    quietly(() => {
      const wanted = certificate.authorityKeyIdentifier?.serialNumber;
      return wanted === undefined || equalBytes(wanted, issuer.serialNumber);
    }) ?? false
  );
}

/** Whether a certificate is an authority's and valid at the time: others are not worth a signature check before these. */
function mayBeValid(issuer: Certificate, at: Date): boolean {
  return (
    quietly(() => at >= issuer.notBefore && at <= issuer.notAfter && issuer.basicConstraints?.ca === true) ??
    false
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
