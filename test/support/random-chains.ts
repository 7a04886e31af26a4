import {
  der,
  derExplicit,
  derIa5String,
  derInteger,
  derNull,
  derOid,
  derPrintableString,
  derSequence,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { asBytes, type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import type { PolicyOptions } from '../../src/x509/path/policy-graph.js';
import {
  type Attribute,
  basicConstraints,
  type ChainKey,
  chainKey,
  extendedKeyUsage,
  extension,
  type Holder,
  issue,
  keyUsage,
  nameOf,
  oids,
  type Rdn,
  type UsageBit,
} from './chains.js';
import { type RandomCrl, randomCrls } from './random-crls.js';
import type { Draw } from './seeded.js';

/** The moment at which the random chains are judged. */
export const judgedAt = new Date('2026-06-01T12:00:00Z');

/** A chain of random depth with random faults and twists. */
export interface RandomChain {
  readonly index: number;
  /** What is odd about it, in words; most oddities are faults with some values only. */
  readonly traits: ReadonlySet<string>;
  readonly roots: readonly Holder[];
  readonly pool: readonly Holder[];
  readonly leaf: Holder;
  /** Another certificate of an authority's name in the pool, if there is one. */
  readonly rival: Holder | undefined;
  /** At which depth of a path the root is, the end entity being at 0. */
  readonly rootDepth: number;
  /** `undefined` where revocation is not asked about. */
  readonly crls: readonly RandomCrl[] | undefined;
  readonly policies: Required<PolicyOptions>;
}

const early = '2021-01-01T00:00:00Z';
const late = '2030-01-01T00:00:00Z';
const policyOids = ['1.2.3.1', '1.2.3.2', '1.2.3.3'] as const;
const anyPolicy = '2.5.29.32.0';
/** No wishes about policies. */
export const anyPolicies: Required<PolicyOptions> = {
  acceptable: [anyPolicy],
  requireExplicit: false,
  inhibitMapping: false,
  inhibitAny: false,
};
const otherNameType = '1.2.3.99';

/** Draws one of a list. */
export function oneOf<T>(draw: Draw, list: readonly T[]): T {
  return list[draw(list.length)]!;
}

/** True so many times of a hundred. */
export function chance(draw: Draw, percent: number): boolean {
  return draw(100) < percent;
}

function keyOf(draw: Draw, level: number): ChainKey {
  return chance(draw, 30) ? chainKey(`random ${level}`, 'ed25519') : chainKey(`random ${level}`);
}

/** Builds the chain of an index: the same one whenever the draws are. */
export function randomChain(index: number, draw: Draw): RandomChain {
  return new ChainBuilder(index, draw).build();
}

class ChainBuilder {
  private readonly index: number;
  private readonly draw: Draw;
  private readonly traits = new Set<string>();
  private readonly depth: number;
  private readonly names: boolean;
  private readonly policyWorld: boolean;
  private readonly faulty: boolean;

  constructor(index: number, draw: Draw) {
    this.index = index;
    this.draw = draw;
    this.depth = draw(6);
    this.names = chance(draw, 45);
    this.policyWorld = chance(draw, 35);
    // Two thirds may have plain faults; in the others only names, policies and revocation decide.
    this.faulty = chance(draw, 60);
  }

  build(): RandomChain {
    const { draw, depth, traits } = this;
    const withCrls = chance(draw, 50);
    const root = this.authority(undefined, 0);
    const pool: Holder[] = [];
    let issuer = root;
    for (let level = 1; level <= depth; level++) {
      issuer = this.authority(issuer, level);
      pool.push(issuer);
    }
    const leaf = this.leaf(issuer);
    const authorities = [root, ...pool];
    const crls = withCrls ? randomCrls(draw, authorities, leaf, traits) : undefined;
    const roots = [root];
    if (this.fault(2, 'root missing')) roots[0] = this.stranger('stranger');
    if (depth > 0 && this.fault(2, 'authority missing')) pool.splice(draw(depth), 1);
    const rival = depth > 0 && chance(draw, 6) ? this.rival(authorities, roots) : undefined;
    if (rival !== undefined) pool.splice(draw(pool.length + 1), 0, rival);
    if (chance(draw, 30)) pool.reverse();
    const policies = this.policyOptions();
    return { index: this.index, traits, roots, pool, leaf, rival, rootDepth: depth + 1, crls, policies };
  }

  /** Now and then a certificate says which part of the CRLs it is in. */
  private distributionPoint(): Bytes[] {
    if (!this.trait(8, 'certificate with a distribution point')) return [];
    const uri = oneOf(this.draw, ['http://a.jp/crl', 'http://a.jp/other']);
    const point = [derExplicit(0, der(0xa0, tagged(6, uri)))];
    return [extension('2.5.29.31', false, derSequence(derSequence(...point)))];
  }

  /** A plain fault, in so many of a hundred of those chains that may have some. */
  private fault(percent: number, trait: string): boolean {
    return this.faulty && this.trait(percent, trait);
  }

  private trait(percent: number, trait: string): boolean {
    const has = chance(this.draw, percent);
    if (has) this.traits.add(trait);
    return has;
  }

  private label(what: string): string {
    return `${what} ${this.index}`;
  }

  /** An authority of a level; the root is level 0. */
  private authority(issuer: Holder | undefined, level: number): Holder {
    const isRoot = issuer === undefined;
    const where = isRoot ? 'root' : 'authority';
    const selfIssued = !isRoot && level > 1 && this.trait(9, 'self-issued authority');
    const name = selfIssued ? issuer.name : this.authorityName(level);
    const spec = {
      name,
      key: keyOf(this.draw, level),
      ...this.validity(where),
      ...(isRoot ? {} : this.issuerField(issuer)),
      ...(this.fault(5, 'no key identifiers') ? { keyIdentifiers: false } : {}),
      forged: !isRoot && this.fault(1, 'forged signature'),
    };
    if (this.fault(1, `${where} of version 1`))
      return issue(issuer, { ...spec, version: 1, extensions: null });
    return issue(this.signing(issuer), { ...spec, extensions: this.authorityExtensions(where, level) });
  }

  /** The issuer, now and then signing with SHA-1. */
  private signing(issuer: Holder | undefined): Holder | undefined {
    if (issuer === undefined || issuer.key.digest === null || !this.fault(2, 'SHA-1 signature'))
      return issuer;
    return {
      ...issuer,
      key: { ...issuer.key, digest: 'sha1', algorithm: derSequence(derOid('1.2.840.10045.4.1')) },
    };
  }

  private authorityExtensions(where: string, level: number): Bytes[] {
    const { draw } = this;
    const list: Bytes[] = [];
    const length = this.fault(12, `${where} with path length`) ? draw(this.depth + 1) : undefined;
    if (this.fault(2, `${where} with cA FALSE`)) list.push(basicConstraints(false));
    else if (!this.fault(2, `${where} without basicConstraints`)) {
      list.push(basicConstraints(true, length, !this.fault(3, 'basicConstraints not critical')));
    }
    if (this.fault(3, `${where} without keyCertSign`)) list.push(keyUsage('digitalSignature', 'cRLSign'));
    else if (this.fault(3, `${where} without cRLSign`)) list.push(keyUsage('keyCertSign'));
    else if (!this.fault(3, `${where} without keyUsage`)) list.push(keyUsage('keyCertSign', 'cRLSign'));
    if (this.fault(3, `${where} for servers`)) list.push(extendedKeyUsage(oids.serverAuth));
    else if (this.fault(3, `${where} for any purpose`)) list.push(extendedKeyUsage(oids.anyPurpose));
    else if (chance(draw, 10)) list.push(extendedKeyUsage(oids.serverAuth, oids.emailProtection));
    if (this.fault(2, `${where} with an unknown critical extension`))
      list.push(extension('1.2.3.4', true, derNull()));
    if (this.names && chance(draw, level === 0 ? 20 : 40)) list.push(this.nameConstraints(where));
    if (this.policyWorld) list.push(...this.policyExtensions(where));
    if (level > 0) list.push(...this.distributionPoint());
    return list;
  }

  private validity(where: string): { from?: string; to?: string } {
    if (this.fault(3, `${where} expired`)) return { to: early };
    if (this.fault(2, `${where} not yet valid`)) return { from: late };
    if (this.fault(1, `${where} ends now`)) return { to: judgedAt.toISOString() };
    if (this.fault(1, `${where} begins now`)) return { from: judgedAt.toISOString() };
    // A time that only GeneralizedTime can write.
    return chance(this.draw, 10) ? { to: '2060-01-01T00:00:00Z' } : {};
  }

  private authorityName(level: number): Bytes {
    const text = this.label(level === 0 ? 'Root' : `Autorité ${level}`);
    return nameOf(
      [oids.country, derPrintableString('JP')],
      [oids.organization, this.text('Example')],
      [oids.commonName, derUtf8String(text)],
    );
  }

  /** A text in one of the string types that names have had. */
  private text(text: string): Bytes {
    return oneOf(this.draw, [
      () => derUtf8String(text),
      () => derPrintableString(text),
      () => der(0x14, bytesFromLatin1(text)),
      () => der(0x1e, utf16(text)),
    ])();
  }

  /** Now and then the issuer is named in other octets than it names itself. */
  private issuerField(issuer: Holder): { issuerName?: Bytes } {
    const { subject } = issuer.certificate;
    const attributes = subject.rdns.map((rdn) => rdn[0]!);
    const rewrite = (write: (text: string) => Bytes): { issuerName: Bytes } => ({
      issuerName: nameOf(...attributes.map(({ type, value }): Rdn => [type, write(value)])),
    });
    if (this.trait(2, 'issuer named in other string types')) return rewrite((text) => der(0x1e, utf16(text)));
    if (this.trait(2, 'issuer named in other letter case')) {
      return rewrite((text) =>
        derUtf8String(` ${text.replace(/[A-Za-z]/g, (letter) => letter.toUpperCase())}  `),
      );
    }
    if (this.trait(1, 'issuer named in other case beyond ASCII')) {
      return rewrite((text) => derUtf8String(text.toUpperCase()));
    }
    if (this.fault(1, 'issuer named otherwise')) return rewrite((text) => derUtf8String(`${text} of old`));
    return {};
  }

  private leaf(issuer: Holder): Holder {
    const { draw } = this;
    const list: Bytes[] = [];
    const usages: readonly (readonly [string, readonly UsageBit[]])[] = [
      ['leaf for encryption only', ['keyEncipherment']],
      ['leaf with nonRepudiation', ['nonRepudiation']],
      ['leaf for issuing only', ['keyCertSign']],
    ];
    const odd = usages.find(([trait]) => this.fault(2, trait));
    if (!this.fault(3, 'leaf without keyUsage')) list.push(keyUsage(...(odd?.[1] ?? ['digitalSignature'])));
    if (this.fault(3, 'leaf for servers')) list.push(extendedKeyUsage(oids.serverAuth));
    else if (this.fault(2, 'leaf for any purpose')) list.push(extendedKeyUsage(oids.anyPurpose));
    else if (chance(draw, 85)) list.push(extendedKeyUsage(oids.emailProtection));
    if (this.fault(3, 'leaf that is an authority'))
      list.push(basicConstraints(true, chance(draw, 50) ? 0 : undefined));
    if (this.fault(1, 'leaf with an unknown critical extension'))
      list.push(extension('1.2.3.4', true, derNull()));
    if (chance(draw, 5)) list.push(extension('1.2.3.5', false, derNull()));
    if (this.policyWorld && chance(draw, 85)) list.push(this.certificatePolicies());
    list.push(...this.distributionPoint());
    const sans = this.names ? this.alternativeNames() : [tagged(1, 'alice@example.jp')];
    if (sans.length > 0) list.push(extension('2.5.29.17', false, derSequence(...sans)));
    const attributes: Rdn[] = [
      [oids.country, derPrintableString(chance(draw, 80) ? 'JP' : 'FR')],
      [oids.organization, this.text(oneOf(draw, ['Example', 'example', 'Other']))],
      [oids.commonName, derUtf8String(this.label('Alice'))],
    ];
    if (this.names && this.trait(15, 'mail address in the subject')) {
      attributes.push([oids.emailAddress, derIa5String(oneOf(draw, mailboxes))]);
    }
    return issue(this.signing(issuer), {
      name: nameOf(...attributes),
      key: keyOf(draw, 99),
      serial: Uint8Array.of(1 + draw(0x7f), draw(256), draw(256), draw(256)),
      ...this.validity('leaf'),
      ...this.issuerField(issuer),
      ...(this.fault(2, 'no key identifiers') ? { keyIdentifiers: false } : {}),
      forged: this.fault(2, 'forged signature'),
      extensions: list,
    });
  }

  private stranger(name: string): Holder {
    return issue(undefined, { name: nameOf(this.label(name)), extensions: [basicConstraints(true)] });
  }

  /** Another certificate of an authority's name: with another key, or from another root. */
  private rival(authorities: readonly Holder[], roots: Holder[]): Holder {
    const { draw } = this;
    const level = 1 + draw(authorities.length - 1);
    const twin = authorities[level]!;
    const extensions = [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')];
    if (chance(draw, 50)) {
      this.traits.add('another key of an authority’s name');
      const key = chainKey('random rival');
      const keyIdentifiers = chance(draw, 50);
      return issue(authorities[level - 1], { name: twin.name, key, keyIdentifiers, extensions });
    }
    this.traits.add('an authority certified twice');
    const other = this.stranger('Other root');
    if (chance(draw, 50)) roots.push(other);
    const period = chance(draw, 40) ? { to: early } : {};
    return issue(other, { name: twin.name, key: twin.key, ...period, extensions });
  }

  private nameConstraints(where: string): Bytes {
    const { draw } = this;
    this.traits.add(`${where} with name constraints`);
    const subtrees = (): Bytes[] =>
      Array.from({ length: 1 + draw(3) }, () => {
        const base = this.constraintBase();
        if (this.trait(1, 'name constraint with minimum 1'))
          return derSequence(base, der(0x80, Uint8Array.of(1)));
        return derSequence(base);
      });
    const kind = draw(3);
    const permitted = kind !== 1 ? [der(0xa0, ...subtrees())] : [];
    const excluded = kind !== 0 ? [der(0xa1, ...subtrees())] : [];
    return extension('2.5.29.30', true, derSequence(...permitted, ...excluded));
  }

  private constraintBase(): Bytes {
    const { draw } = this;
    const kind = draw(20);
    if (kind < 7) return tagged(1, oneOf(draw, mailboxConstraints));
    if (kind < 11) {
      const host = oneOf(draw, hostConstraints);
      if (host.startsWith('.')) this.traits.add('dNSName constraint that begins with a dot');
      return tagged(2, host);
    }
    if (kind < 15) return tagged(6, oneOf(draw, uriConstraints));
    if (kind < 17) return der(0x87, Uint8Array.from(oneOf(draw, addressConstraints)));
    if (kind < 19) return derExplicit(4, nameOf(...oneOf(draw, directoryConstraints(this))));
    this.traits.add('constraint on another kind of name');
    return otherName(otherNameType, derUtf8String('x'));
  }

  /** Attributes for a constraint on distinguished names, their values in any string type. */
  directory(country: string, organization?: string): Rdn[] {
    const list: Attribute[] = [[oids.country, derPrintableString(country)]];
    if (organization !== undefined) list.push([oids.organization, this.text(organization)]);
    return list;
  }

  private alternativeNames(): Bytes[] {
    const { draw } = this;
    return Array.from({ length: draw(4) }, () => {
      const kind = draw(20);
      if (kind < 8) return tagged(1, oneOf(draw, mailboxes));
      if (kind < 11) {
        this.traits.add('mailbox beyond ASCII');
        return otherName('1.3.6.1.5.5.7.8.9', derUtf8String(oneOf(draw, wideMailboxes)));
      }
      if (kind < 14) return tagged(2, oneOf(draw, hosts));
      if (kind < 17) {
        const uri = oneOf(draw, uris);
        if (uri.includes('@')) this.traits.add('URI with user information');
        return tagged(6, uri);
      }
      if (kind < 18) return der(0x87, Uint8Array.from(oneOf(draw, addresses)));
      if (kind < 19) return derExplicit(4, nameOf(...this.directory(oneOf(draw, ['JP', 'FR']), 'Example')));
      return otherName(otherNameType, derUtf8String('x'));
    });
  }

  private certificatePolicies(): Bytes {
    const { draw } = this;
    const chosen = chance(draw, 25) ? [] : policyOids.filter(() => chance(draw, 55));
    const list: string[] = chance(draw, 25) || chosen.length === 0 ? [...chosen, anyPolicy] : [...chosen];
    if (this.trait(1, 'a policy that stands twice')) list.push(list[0]!);
    const critical = chance(draw, 10);
    return extension('2.5.29.32', critical, derSequence(...list.map((oid) => derSequence(derOid(oid)))));
  }

  private policyExtensions(where: string): Bytes[] {
    const { draw } = this;
    const list: Bytes[] = [];
    if (chance(draw, 92)) list.push(this.certificatePolicies());
    if (this.trait(35, 'policy mapping')) {
      const pairs = Array.from({ length: 1 + draw(2) }, () => {
        const any = this.trait(2, 'anyPolicy in a mapping');
        const from = any ? anyPolicy : oneOf(draw, policyOids);
        return derSequence(derOid(from), derOid(oneOf(draw, policyOids)));
      });
      list.push(extension('2.5.29.33', chance(draw, 50), derSequence(...pairs)));
    }
    if (this.trait(20, `${where} with policy constraints`)) {
      const explicit = chance(draw, 70) ? [der(0x80, Uint8Array.of(draw(3)))] : [];
      const mapping = explicit.length === 0 || chance(draw, 40) ? [der(0x81, Uint8Array.of(draw(3)))] : [];
      list.push(extension('2.5.29.36', true, derSequence(...explicit, ...mapping)));
    }
    if (this.trait(12, `${where} inhibits anyPolicy`)) {
      list.push(extension('2.5.29.54', true, derInteger(draw(3))));
    }
    return list;
  }

  private policyOptions(): Required<PolicyOptions> {
    const { draw } = this;
    if (!this.policyWorld) return anyPolicies;
    return {
      acceptable: oneOf(draw, [[anyPolicy], ['1.2.3.1'], ['1.2.3.1', '1.2.3.2']]),
      requireExplicit: chance(draw, 50),
      inhibitMapping: chance(draw, 15),
      inhibitAny: this.trait(30, 'initially inhibits anyPolicy'),
    };
  }
}

const mailboxes = [
  'alice@example.jp',
  'alice@EXAMPLE.jp',
  'Alice@example.jp',
  'alice@mail.example.jp',
  'alice@example.com',
  'alice@notexample.jp',
  'alice@xn--r8jz45g.jp',
] as const;
const mailboxConstraints = [
  'example.jp',
  'EXAMPLE.JP',
  '.example.jp',
  'mail.example.jp',
  'alice@example.jp',
  'bob@example.jp',
  'xn--r8jz45g.jp',
  '.jp',
] as const;
const wideMailboxes = ['花子@example.jp', '花子@xn--r8jz45g.jp', '花子@例え.jp', '花子@example.com'] as const;
const hosts = ['example.jp', 'www.example.jp', 'EXAMPLE.jp', 'notexample.jp', 'example.com'] as const;
const hostConstraints = ['example.jp', 'www.example.jp', 'jp', '.example.jp', 'EXAMPLE.JP'] as const;
const uris = [
  'http://example.jp/',
  'https://www.example.jp:8443/path',
  'https://EXAMPLE.jp',
  'ldap://example.com/cn=x',
  'http://user@example.jp/',
  'urn:uuid:1',
] as const;
const uriConstraints = ['example.jp', '.example.jp', 'www.example.jp', 'EXAMPLE.jp'] as const;
const addresses = [
  [192, 0, 2, 1],
  [10, 1, 2, 3],
  [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
] as const;
const addressConstraints = [
  [192, 0, 2, 0, 255, 255, 255, 0],
  [10, 0, 0, 0, 255, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [...addresses[2], ...Array.from({ length: 16 }, (_, i) => (i < 4 ? 255 : 0))],
] as const;

function directoryConstraints(builder: ChainBuilder): readonly Rdn[][] {
  return [
    builder.directory('JP'),
    builder.directory('FR'),
    builder.directory('JP', 'Example'),
    builder.directory('JP', 'EXAMPLE'),
    [],
  ];
}

/** A GeneralName of text. */
export function tagged(tag: number, text: string): Bytes {
  return der(0x80 | tag, bytesFromUtf8(text));
}

export function otherName(type: string, value: Bytes): Bytes {
  return der(0xa0, derOid(type), derExplicit(0, value));
}

function utf16(text: string): Bytes {
  return asBytes(Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 0xff])));
}
