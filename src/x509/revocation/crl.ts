import { type BerNode, readBer, sameEncoding, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { bitString, decodeInteger, integerBytes, sequenceOf, unexpected } from '../../asn1/values.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { blocksOf } from '../certificate/der-or-pem.js';
import {
  type DistributionPoint,
  type IssuingDistributionPoint,
  readDistributionPoints,
  readIssuingDistributionPoint,
} from '../certificate/distribution-points.js';
import {
  type AuthorityKeyIdentifier,
  type Extension,
  hasRepetition,
  readAuthorityKeyIdentifier,
  readExtensions,
} from '../certificate/extensions.js';
import { Name } from '../certificate/name.js';
import { CrlEntries } from './crl-entries.js';
import type { CrlEntry } from './crl-entry.js';

/** Object identifiers of the extensions of a CRL (RFC 5280 §5.2). */
export const CrlExtensionOid = {
  issuerAltName: '2.5.29.18',
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  authorityKeyIdentifier: '2.5.29.35',
  freshestCRL: '2.5.29.46',
  expiredCertsOnCRL: '2.5.29.60',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

const knownExtensions: ReadonlySet<string> = /* @__PURE__ */ new Set(Object.values(CrlExtensionOid));

/**
 * A certificate revocation list (RFC 5280 §5.1). The frame is checked when it
 * is made; every field is decoded at its first use and may throw then. The
 * entries are walked once, at the first look-up, and never decoded but those
 * asked for.
 *
 * @throws MailsealError from its getters: `x509-malformed` or an `asn1-*` code
 * where a field is damaged.
 * @example
 * ```ts
 * import { derBitString, derInteger, derNull, derOid, derSequence, derTime } from 'mailseal/asn1';
 * import { parseCrl } from 'mailseal/x509';
 *
 * const algorithm = derSequence(derOid('1.2.840.113549.1.1.11'), derNull());
 * const entry = derSequence(derInteger(4711), derTime(new Date('2026-05-01T09:00:00Z')));
 * const list = derSequence(algorithm, derSequence(), derTime(new Date('2026-06-01T00:00:00Z')), derSequence(entry));
 * const crl = parseCrl(derSequence(list, algorithm, derBitString(new Uint8Array(256))));
 * const [revoked] = crl.entriesOf(new Uint8Array([0x12, 0x67]));
 * console.log(crl.count, revoked?.revocationDate.toISOString()); // 1 2026-05-01T09:00:00.000Z
 * ```
 */
export class CertificateList {
  /** 1 or 2. */
  readonly version: number;
  private readonly node: BerNode;
  private readonly fields: CrlFields;
  private readonly decoded = new Map<string, unknown>();
  private readonly cache: {
    issuer?: Name;
    thisUpdate?: Date;
    extensions?: readonly Extension[];
    entries?: CrlEntries;
    unknownCritical?: readonly string[];
  } = {};

  /** @internal Made by {@link parseCrl}. */
  constructor(node: BerNode) {
    const fields = crlFields(node);
    this.node = node;
    this.fields = fields;
    this.version = fields.version === undefined ? 1 : decodeInteger(fields.version) + 1;
    if (this.version < 1 || this.version > 2) throw malformed(node, `it is of version ${this.version}`);
  }

  /** The encoded CRL, a view of what was parsed. */
  get bytes(): Bytes {
    return this.node.bytes;
  }

  /** The octets that its issuer signed. */
  get tbsBytes(): Bytes {
    return this.fields.tbs.bytes;
  }

  /** DER of the AlgorithmIdentifier of the signature. */
  get signatureAlgorithm(): Bytes {
    return this.fields.signatureAlgorithm.bytes;
  }

  /** Whether the AlgorithmIdentifiers inside and outside the signed part agree, as RFC 5280 §5.1.1.2 demands. */
  get signatureAlgorithmsAgree(): boolean {
    return sameEncoding(this.fields.tbsSignatureAlgorithm, this.fields.signatureAlgorithm);
  }

  /** The signature over {@link tbsBytes}. */
  get signature(): Bytes {
    const { octets, unusedBits } = bitString(this.fields.signature);
    if (unusedBits !== 0) throw malformed(this.fields.signature, 'its signature ends inside an octet');
    return octets;
  }

  /** Who signed it: the authority, or whom it named to do so. */
  get issuer(): Name {
    this.cache.issuer ??= new Name(this.fields.issuer);
    return this.cache.issuer;
  }

  /** When it was issued. */
  get thisUpdate(): Date {
    this.cache.thisUpdate ??= decodeTime(this.fields.thisUpdate);
    return this.cache.thisUpdate;
  }

  /** When the next will be issued at the latest; `undefined` where it does not say (RFC 5280 §5.1.2.5 wants it). */
  get nextUpdate(): Date | undefined {
    return this.fields.nextUpdate && decodeTime(this.fields.nextUpdate);
  }

  /** How many entries it has. */
  get count(): number {
    return this.entries.count;
  }

  /** The entries of that serial number (two's complement octets), mostly one or none; in an indirect CRL of several issuers. */
  entriesOf(serialNumber: Uint8Array): CrlEntry[] {
    return this.entries.withSerial(asBytes(serialNumber));
  }

  /** @internal How often that serial number is listed, up to `most`. */
  timesListed(serialNumber: Uint8Array, most: number): number {
    return this.entries.timesListed(serialNumber, most);
  }

  /** @internal Whether any entry names the issuer of its certificate (RFC 5280 §5.3.3), as in an indirect CRL. */
  get namesIssuers(): boolean {
    return this.entries.namesIssuers;
  }

  /** The entry of that number in the list, from 0; `undefined` behind the last. */
  entryAt(index: number): CrlEntry | undefined {
    return Number.isInteger(index) && index >= 0 && index < this.count ? this.entries.at(index) : undefined;
  }

  /**
   * Dotted OIDs of critical extensions of the CRL or of any of its entries that
   * are not known. RFC 5280 §5.2, §5.3: such a CRL must not be used to say that
   * a certificate is not revoked.
   */
  get unknownCriticalExtensions(): readonly string[] {
    if (this.cache.unknownCritical === undefined) {
      const own = this.extensions.filter(({ critical, oid }) => critical && !knownExtensions.has(oid));
      const ofEntries = this.entries.unknownCritical;
      this.cache.unknownCritical =
        own.length === 0 ? ofEntries : [...own.map(({ oid }) => oid), ...ofEntries];
    }
    return this.cache.unknownCritical;
  }

  private get entries(): CrlEntries {
    this.cache.entries ??= new CrlEntries(this.fields.revokedCertificates);
    return this.cache.entries;
  }

  /** All extensions, in their order; a type that stands twice is `x509-malformed`, as are extensions of version 1. */
  get extensions(): readonly Extension[] {
    if (this.cache.extensions === undefined) {
      const node = this.fields.extensions;
      const extensions = node === undefined ? [] : readExtensions(node);
      if (node !== undefined) {
        if (hasRepetition(extensions)) throw malformed(node, 'one of its extensions stands twice');
        if (this.version !== 2) throw malformed(node, `it has extensions and is of version ${this.version}`);
      }
      this.cache.extensions = extensions;
    }
    return this.cache.extensions;
  }

  private decode<T>(oid: string, read: (value: Uint8Array) => T): T | undefined {
    const known = this.decoded.get(oid);
    if (known !== undefined || this.decoded.has(oid)) return known as T | undefined;
    const extension = this.extensions.find((each) => each.oid === oid);
    const value = extension && read(extension.value);
    this.decoded.set(oid, value);
    return value;
  }

  /** cRLNumber (RFC 5280 §5.2.3), if there. */
  get crlNumber(): bigint | undefined {
    return this.decode(CrlExtensionOid.cRLNumber, readNumber);
  }

  /** The number of the complete CRL that this delta CRL is to be put upon (RFC 5280 §5.2.4); `undefined` for a complete CRL. */
  get baseCrlNumber(): bigint | undefined {
    return this.decode(CrlExtensionOid.deltaCRLIndicator, readNumber);
  }

  /** Which certificates and reasons it covers, where that is not all of its issuer's (RFC 5280 §5.2.5). */
  get issuingDistributionPoint(): IssuingDistributionPoint | undefined {
    return this.decode(CrlExtensionOid.issuingDistributionPoint, readIssuingDistributionPoint);
  }

  /** Where delta CRLs upon this one are (RFC 5280 §5.2.6); none where it does not say. */
  get freshestCrl(): readonly DistributionPoint[] {
    return this.decode(CrlExtensionOid.freshestCRL, readDistributionPoints) ?? [];
  }

  /** authorityKeyIdentifier (RFC 5280 §5.2.1), if there. */
  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.decode(CrlExtensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  }

  /** expiredCertsOnCRL (X.509 §9.5.2.8): certificates that expired since then are still listed; `undefined` where it does not say. */
  get expiredCertsOnCrl(): Date | undefined {
    return this.decode(CrlExtensionOid.expiredCertsOnCRL, (value) => decodeTime(readBer(value)));
  }

  /** Whether it is, octet for octet, the same CRL. */
  equals(other: CertificateList): boolean {
    return this === other || sameEncoding(this.node, other.node);
  }
}

interface CrlFields {
  readonly tbs: BerNode;
  readonly signatureAlgorithm: BerNode;
  readonly signature: BerNode;
  readonly version: BerNode | undefined;
  readonly tbsSignatureAlgorithm: BerNode;
  readonly issuer: BerNode;
  readonly thisUpdate: BerNode;
  readonly nextUpdate: BerNode | undefined;
  readonly revokedCertificates: BerNode | undefined;
  readonly extensions: BerNode | undefined;
}

/** Finds the fields of CertificateList and TBSCertList (RFC 5280 §5.1). */
function crlFields(node: BerNode): CrlFields {
  const [tbs, signatureAlgorithm, signature, ...more] = sequenceOf(node, 'a CertificateList');
  if (tbs === undefined || signatureAlgorithm === undefined || signature === undefined || more.length > 0)
    throw notCrl(node);
  const rest = [...sequenceOf(tbs, 'a TBSCertList')];
  const version = rest[0]?.is(Tag.Integer) === true ? rest.shift() : undefined;
  const [tbsSignatureAlgorithm, issuer, thisUpdate] = rest.splice(0, 3);
  if (tbsSignatureAlgorithm === undefined || issuer === undefined || thisUpdate === undefined)
    throw notCrl(node);
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const revokedCertificates = rest[0]?.is(Tag.Sequence) === true ? rest.shift() : undefined;
  const wrapped = rest[0]?.isContext(0) === true ? rest.shift() : undefined;
  if (rest.length > 0 || !isTime(thisUpdate)) throw notCrl(node);
  const [extensions, ...others] = wrapped?.children ?? [];
  if (others.length > 0 || (wrapped !== undefined && extensions === undefined)) throw notCrl(node);
  for (const each of [signatureAlgorithm, tbsSignatureAlgorithm, issuer]) {
    if (!each.is(Tag.Sequence)) throw unexpected(each, 'a SEQUENCE');
  }
  return {
    tbs,
    signatureAlgorithm,
    signature,
    version,
    tbsSignatureAlgorithm,
    issuer,
    thisUpdate,
    nextUpdate,
    revokedCertificates,
    extensions,
  };
}

function isTime(node: BerNode | undefined): boolean {
  if (node === undefined) return false;
  const tag = node.identifier & 0xdf;
  return tag === Tag.UtcTime || tag === Tag.GeneralizedTime;
}

/** RFC 5280 §5.2.3: CRL numbers have 20 octets at most. Longer ones are nobody's, and would be slow to compare. */
const longestNumber = 64;

function readNumber(value: Uint8Array): bigint {
  const node = readBer(value);
  const octets = integerBytes(node);
  if (octets.length > longestNumber || octets[0]! >= 0x80)
    throw malformed(node, 'it has a number that is negative or too large');
  let number = 0n;
  for (const octet of octets) number = (number << 8n) | BigInt(octet);
  return number;
}

function malformed(node: BerNode, what: string): MailsealError {
  return new MailsealError('x509-malformed', `the CRL cannot be right: ${what}`, { offset: node.start });
}

function notCrl(node: BerNode): MailsealError {
  return new MailsealError('x509-malformed', `the element at octet ${node.start} is not a CRL`, {
    offset: node.start,
  });
}

/**
 * Reads one certificate revocation list (RFC 5280 §5.1), DER or PEM.
 *
 * @param octets DER (BER is taken too), or PEM text of which the first CRL counts.
 * @throws MailsealError `x509-malformed`, `pem-malformed` or an `asn1-*` code.
 * @example
 * ```ts
 * import { derBitString, derNull, derOid, derSequence, derTime } from 'mailseal/asn1';
 * import { encodePem } from 'mailseal/encoding';
 * import { parseCrl } from 'mailseal/x509';
 *
 * const algorithm = derSequence(derOid('1.2.840.113549.1.1.11'), derNull());
 * const list = derSequence(algorithm, derSequence(), derTime(new Date('2026-06-01T00:00:00Z')));
 * const der = derSequence(list, algorithm, derBitString(new Uint8Array(256)));
 * console.log(parseCrl(encodePem('X509 CRL', der)).thisUpdate.getUTCFullYear()); // 2026
 * ```
 */
export function parseCrl(octets: Uint8Array | string): CertificateList {
  const [first] = parseCrls(octets);
  if (first === undefined)
    throw new MailsealError('x509-malformed', 'there is no CRL in the input', { offset: 0 });
  return first;
}

/**
 * Reads all CRLs of a PEM text (other blocks are passed over), or the one of a
 * DER file. An empty list where PEM text holds none (RFC 7468 §6).
 *
 * @throws MailsealError as {@link parseCrl}.
 * @example
 * ```ts
 * import { parseCrls } from 'mailseal/x509';
 *
 * console.log(parseCrls('no PEM blocks, and so no CRLs').length); // 0
 * ```
 */
export function parseCrls(octets: Uint8Array | string): CertificateList[] {
  return blocksOf(octets, crlLabels).map((block) => new CertificateList(readBer(block.octets)));
}

/** RFC 7468 §6, and the label of old programs. */
const crlLabels: readonly string[] = ['X509 CRL', 'CRL'];
