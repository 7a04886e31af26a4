import { latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../crypto/signatures/signature-algorithm.js';
import type { Certificate } from '../certificate/certificate.js';
import type { Name } from '../certificate/name.js';
import { quietly } from '../path/path-problem.js';
import type { CertificateList } from './crl.js';
import { type CrlScope, scopeOf } from './crl-scope.js';
import type { OcspResponse } from './ocsp-response.js';

/** A CRL at hand, with what is read of it for every certificate that it may cover. */
export interface KnownCrl {
  readonly crl: CertificateList;
  /** Whether it came with what is being verified, where anybody may have put it. */
  readonly isCarried: boolean;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Set for a delta CRL. */
  readonly baseNumber: bigint | undefined;
  readonly number: bigint | undefined;
  readonly scope: CrlScope;
  /** How it is signed; `undefined` where that is not known here. */
  readonly algorithm: SignatureAlgorithm | undefined;
}

/** A CRL that cannot be read further than its issuer. */
export interface DamagedCrl {
  readonly issuer: Name;
  readonly message: string;
}

/** What the caller has at hand, as a part of his options. */
interface AtHand {
  readonly crls?: readonly CertificateList[];
  readonly carriedCrls?: readonly CertificateList[];
  readonly ocspResponses?: readonly OcspResponse[];
}

/** With no more than this, comparing names is quicker than a table of them. */
const few = 8;

/**
 * What one search knows about revocation, shared by the searches that it
 * starts for signers of CRLs: CRLs by issuer, what was fetched, and which
 * signatures were checked.
 */
export class RevocationMemory {
  /** Certificates that were fetched. */
  readonly certificates: Certificate[] = [];
  /** OCSP responses at hand, and those fetched. */
  readonly ocspResponses: OcspResponse[];
  /** Pairs of a CRL and a source that were compared; many times many would be too much. */
  comparisons = 0;
  private readonly crls: CertificateList[] = [];
  /** Those of {@link crls} that came with what is being verified, and from nowhere else. */
  private carried: Set<CertificateList> | undefined;
  /** What was read of {@link crls}, by place. */
  private readonly read: (KnownCrl | DamagedCrl | undefined)[] = [];
  private readonly found = new Map<Name, readonly (KnownCrl | DamagedCrl)[]>();
  private byIssuer: Map<string, (KnownCrl | DamagedCrl)[]> | undefined;
  private holdersOf: readonly Certificate[] | undefined;
  private bySubject: Map<string, Certificate[]> | undefined;
  private readonly checks: Map<CertificateList, Map<object, boolean>> = new Map();
  private askedFor: Set<string> | undefined;

  constructor({ crls = [], carriedCrls = [], ocspResponses = [] }: AtHand = {}) {
    this.carried = undefined;
    this.byIssuer = undefined;
    this.holdersOf = undefined;
    this.bySubject = undefined;
    this.askedFor = undefined;
    this.ocspResponses = [...ocspResponses];
    this.add(crls);
    this.add(carriedCrls, true);
  }

  /** References that were asked for. */
  get asked(): Set<string> {
    this.askedFor ??= new Set();
    return this.askedFor;
  }

  /** Adds CRLs. One that was carried and is given or fetched as well is as good as if it had not been carried. */
  add(crls: readonly CertificateList[], isCarried = false): void {
    const seen =
      this.crls.length + crls.length <= few
        ? undefined
        : new Map(this.crls.map((crl) => [latin1FromBytes(crl.bytes), crl]));
    for (const crl of crls) {
      const octets = seen === undefined ? '' : latin1FromBytes(crl.bytes);
      const same = seen === undefined ? this.crls.find((other) => other.equals(crl)) : seen.get(octets);
      if (same === undefined) {
        this.crls.push(crl);
        seen?.set(octets, crl);
        if (isCarried) {
          this.carried ??= new Set();
          this.carried.add(crl);
        }
      } else if (isCarried || this.carried?.delete(same) !== true) continue;
      else this.read[this.crls.indexOf(same)] = undefined;
      this.byIssuer = undefined;
      this.found.clear();
    }
  }

  /** Whether any of them is there only because it was carried. */
  get hasCarried(): boolean {
    return this.carried !== undefined && this.carried.size > 0;
  }

  /** How many CRLs there are. */
  get count(): number {
    return this.crls.length;
  }

  /** The CRLs of an issuer, the newest first. */
  of(issuer: Name): readonly (KnownCrl | DamagedCrl)[] {
    let found = this.found.get(issuer);
    if (found === undefined) {
      found = this.find(issuer);
      this.found.set(issuer, found);
    }
    return found;
  }

  private find(issuer: Name): readonly (KnownCrl | DamagedCrl)[] {
    if (this.crls.length <= few) {
      const found: (KnownCrl | DamagedCrl)[] = [];
      for (let place = 0; place < this.crls.length; place++) {
        if (quietly(() => this.crls[place]!.issuer.equals(issuer)) !== true) continue;
        found.push(this.known(place));
      }
      return newestFirst(found);
    }
    if (this.byIssuer === undefined) {
      this.byIssuer = new Map();
      for (let place = 0; place < this.crls.length; place++) {
        const name = quietly(() => this.crls[place]!.issuer.normalized);
        if (name === undefined) continue;
        const known = this.known(place);
        const list = this.byIssuer.get(name);
        if (list === undefined) this.byIssuer.set(name, [known]);
        else list.push(known);
      }
      for (const list of this.byIssuer.values()) newestFirst(list);
    }
    return this.byIssuer.get(issuer.normalized) ?? [];
  }

  private known(place: number): KnownCrl | DamagedCrl {
    let known = this.read[place];
    if (known === undefined) {
      const crl = this.crls[place]!;
      known = readCrl(crl, this.carried?.has(crl) === true);
      this.read[place] = known;
    }
    return known;
  }

  /** The certificates of that subject among those given and those fetched. */
  holders(name: Name, certificates: readonly Certificate[]): readonly Certificate[] {
    const isHolder = (each: Certificate): boolean => quietly(() => each.subject.equals(name)) === true;
    if (certificates.length <= few) return [...certificates, ...this.certificates].filter(isHolder);
    if (this.bySubject === undefined || this.holdersOf !== certificates) {
      this.holdersOf = certificates;
      this.bySubject = new Map();
      for (const each of certificates) {
        const subject = quietly(() => each.subject.normalized);
        if (subject === undefined) continue;
        const list = this.bySubject.get(subject);
        if (list === undefined) this.bySubject.set(subject, [each]);
        else list.push(each);
      }
    }
    const given = this.bySubject.get(name.normalized) ?? [];
    return [...given, ...this.certificates.filter(isHolder)];
  }

  /** Whether the signature of a CRL was checked with that key, and how that went. */
  checked(crl: CertificateList, key: object): boolean | undefined {
    return this.checks.get(crl)?.get(key);
  }

  /** Keeps how checking the signature of a CRL went. */
  keep(crl: CertificateList, key: object, valid: boolean): void {
    const keys = this.checks.get(crl);
    if (keys === undefined) this.checks.set(crl, new Map([[key, valid]]));
    else keys.set(key, valid);
  }
}

function readCrl(crl: CertificateList, isCarried: boolean): KnownCrl | DamagedCrl {
  try {
    const number = crl.crlNumber;
    const baseNumber = crl.baseCrlNumber;
    const { thisUpdate, nextUpdate } = crl;
    const algorithm = quietly(() => parseSignatureAlgorithm(crl.signatureAlgorithm));
    return { crl, isCarried, thisUpdate, nextUpdate, baseNumber, number, scope: scopeOf(crl), algorithm };
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return { issuer: crl.issuer, message: error.message };
  }
}

/** The newest first, and before all the caller's own: who fills a message with CRLs of his making shall not tire the search out. */
export function newestFirst<T extends KnownCrl | DamagedCrl>(list: T[]): T[] {
  const carried = (known: KnownCrl | DamagedCrl): number => ('crl' in known && !known.isCarried ? 0 : 1);
  const time = (known: KnownCrl | DamagedCrl): number => ('crl' in known ? known.thisUpdate.getTime() : 0);
  return list.length < 2 ? list : list.sort((a, b) => carried(a) - carried(b) || time(b) - time(a));
}
