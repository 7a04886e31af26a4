import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { toDer } from '../../asn1/to-der.js';
import { decodeInteger, integerBytes, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import {
  type Extension,
  hasRepetition,
  readExtensions,
  readGeneralNames,
} from '../certificate/extensions.js';
import type { GeneralName } from '../certificate/general-name.js';
import { type RevocationReason, revocationReason } from './revocation-report.js';

/** Object identifiers of the extensions of a CRL entry (RFC 5280 §5.3; holdInstructionCode is of RFC 3280). */
export const CrlEntryOid = {
  reasonCode: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
  certificateIssuer: '2.5.29.29',
} as const;

const knownEntryExtensions: ReadonlySet<string> = /* @__PURE__ */ new Set(Object.values(CrlEntryOid));

/**
 * One entry of a CRL (RFC 5280 §5.1.2.6, §5.3), decoded at first use.
 *
 * @throws MailsealError from its getters: `x509-malformed` or an `asn1-*` code where a field is damaged.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { issueCrl, issueRoot } from 'mailseal/pki';
 *
 * const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01') };
 * const certificate = await issueRoot({ key, subject: { commonName: 'Example Choir' }, ...validity });
 * const crl = await issueCrl({
 *   issuer: { certificate, key },
 *   thisUpdate: new Date('2026-11-20'),
 *   nextUpdate: new Date('2026-11-27'),
 *   number: 1,
 *   revoked: [{ certificate: 7n, revocationDate: new Date('2026-11-19'), reason: 'superseded' }],
 * });
 * const [entry] = crl.entriesOf(Uint8Array.of(7));
 * console.log(entry?.reason, entry?.revocationDate.getUTCDate()); // superseded 19
 * ```
 */
export class CrlEntry {
  /** The serial number's octets, two's complement as encoded. */
  readonly serialNumber: Bytes;
  /**
   * Who issued the certificate: the names of certificateIssuer of this entry
   * or, in an indirect CRL, of the last one above that has it (RFC 5280
   * §5.3.3); `undefined` for the issuer of the CRL.
   */
  readonly certificateIssuer: readonly GeneralName[] | undefined;
  private readonly time: BerNode;
  private readonly extensionsNode: BerNode | undefined;
  private list: readonly Extension[] | undefined;

  /** @internal Made by a CertificateList. */
  constructor(node: BerNode, certificateIssuer: readonly GeneralName[] | undefined) {
    const { serial, time, extensions } = entryFields(node);
    this.serialNumber = integerBytes(serial);
    this.certificateIssuer = certificateIssuer;
    this.time = time;
    this.extensionsNode = extensions;
    this.list = undefined;
  }

  /** When it was revoked, or put on hold. */
  get revocationDate(): Date {
    return decodeTime(this.time);
  }

  /** All extensions of the entry, in their order; a type that stands twice is `x509-malformed` (RFC 5280 §4.2). */
  get extensions(): readonly Extension[] {
    if (this.list === undefined) {
      const node = this.extensionsNode;
      const list = node === undefined ? [] : readExtensions(node);
      if (node !== undefined && hasRepetition(list))
        throw new MailsealError('x509-malformed', 'an extension of an entry of a CRL stands twice', {
          offset: node.start,
        });
      this.list = list;
    }
    return this.list;
  }

  /** reasonCode; `undefined` where it is left out, which means `unspecified` (RFC 5280 §5.3.1), or has an unknown number. */
  get reason(): RevocationReason | undefined {
    const value = this.value(CrlEntryOid.reasonCode);
    return value && revocationReason(decodeInteger(readBer(value)));
  }

  /** invalidityDate: since when the key is thought to be compromised (RFC 5280 §5.3.2). */
  get invalidityDate(): Date | undefined {
    const value = this.value(CrlEntryOid.invalidityDate);
    return value && decodeTime(readBer(value));
  }

  /** The dotted OID of holdInstructionCode (RFC 3280 §5.3.2), if there. */
  get holdInstruction(): string | undefined {
    const value = this.value(CrlEntryOid.holdInstructionCode);
    return value && decodeOid(readBer(value));
  }

  private value(oid: string): Bytes | undefined {
    return this.extensions.find((each) => each.oid === oid)?.value;
  }
}

/** Look-ups from which on an index pays. */
const patience = 3;

/**
 * The revokedCertificates of a CRL with an index by serial number. A CRL may
 * have a hundred thousand entries: they are walked once, and only their
 * frames are looked at; what is found is decoded, nothing else.
 */
export class CrlEntries {
  /** How many there are. */
  readonly count: number;
  /** OIDs of critical extensions that are not known (RFC 5280 §5.3: such a CRL must not be used). */
  readonly unknownCritical: readonly string[];
  private readonly document: Bytes;
  /** Where each entry starts and, in the last place, where the list ends. */
  private readonly starts: readonly number[];
  /** Entries that have certificateIssuer, ascending. */
  private readonly issuerChanges: readonly number[];
  /** What was read of certificateIssuer, by the entry that has it: thousands may share one. */
  private readonly issuers: Map<number, readonly GeneralName[] | undefined> = new Map();
  private lookUps = 0;
  /** Entries of the same bucket are chained: the first of each bucket, and the next of each entry; both plus one. */
  private index: { readonly first: Uint32Array; readonly next: Uint32Array } | undefined;

  constructor(list: BerNode | undefined) {
    const walk = new EntryWalk(list);
    this.document = walk.document;
    this.starts = walk.starts;
    this.count = walk.count;
    this.unknownCritical = [...walk.unknownCritical];
    this.issuerChanges = walk.issuerChanges;
    this.index = undefined;
  }

  /** The entries of that serial number, mostly one or none; with several issuers (indirect CRL) there may be more. */
  withSerial(serialNumber: Uint8Array): CrlEntry[] {
    return this.numbersOf(serialNumber, this.count).map((n) => this.at(n));
  }

  /** How often that serial number is listed, counted up to `most`; nothing is decoded for it. */
  timesListed(serialNumber: Uint8Array, most: number): number {
    return this.numbersOf(serialNumber, most).length;
  }

  /** Whether any entry has certificateIssuer, which belongs into indirect CRLs only (RFC 5280 §5.3.3). */
  get namesIssuers(): boolean {
    return this.issuerChanges.length > 0;
  }

  /** Where in the list entries of that serial number are, the first of them up to `most`. */
  private numbersOf(serialNumber: Uint8Array, most: number): number[] {
    const wanted = minimalStart(serialNumber, 0, serialNumber.length);
    const found: number[] = [];
    if (this.lookUps++ < patience) {
      for (let n = 0; n < this.count && found.length < most; n++) {
        if (this.hasSerial(n, serialNumber, wanted)) found.push(n);
      }
      return found;
    }
    this.index ??= this.makeIndex();
    const hash = hashOctets(serialNumber, wanted, serialNumber.length);
    const { first, next } = this.index;
    for (let n = first[hash & (first.length - 1)]!; n !== 0 && found.length < most; n = next[n - 1]!) {
      if (this.hasSerial(n - 1, serialNumber, wanted)) found.push(n - 1);
    }
    return found;
  }

  private makeIndex(): { readonly first: Uint32Array; readonly next: Uint32Array } {
    const buckets = 2 ** Math.max(2, Math.ceil(Math.log2(this.count + 1)));
    const first = new Uint32Array(buckets);
    const next = new Uint32Array(this.count);
    // From the last to the first, so that a chain has them in the CRL's order.
    for (let n = this.count - 1; n >= 0; n--) {
      const [start, end] = this.serialAt(n);
      const bucket = hashOctets(this.document, start, end) & (buckets - 1);
      next[n] = first[bucket]!;
      first[bucket] = n + 1;
    }
    return { first, next };
  }

  /** The entry of that number in the list. */
  at(n: number): CrlEntry {
    return new CrlEntry(this.node(n), this.issuerOf(n));
  }

  private node(n: number): BerNode {
    return readBer(this.document.subarray(this.starts[n], this.starts[n + 1]));
  }

  private hasSerial(n: number, serialNumber: Uint8Array, wanted: number): boolean {
    const { document } = this;
    const at = this.starts[n]!;
    // Nearly all differ in the last octet already, and nearly all have short lengths.
    const length = document[at + 3]!;
    if (document[at + 1]! < 0x80 && length < 0x80) {
      if (document[at + 3 + length] !== serialNumber[serialNumber.length - 1]) return false;
    }
    const [start, end] = this.serialAt(n);
    if (end - start !== serialNumber.length - wanted) return false;
    for (let i = start, own = wanted; i < end; i++, own++) {
      if (document[i] !== serialNumber[own]) return false;
    }
    return true;
  }

  /** Where the serial number of an entry stands, without octets that only repeat the sign. */
  private serialAt(n: number): readonly [start: number, end: number] {
    const { document } = this;
    const serial = new Frame();
    serial.read(document, this.starts[n]!, this.starts[n + 1]!);
    serial.read(document, serial.contentStart, serial.end);
    return [minimalStart(document, serial.contentStart, serial.end), serial.end];
  }

  /** RFC 5280 §5.3.3: an entry without certificateIssuer has that of the entry above; the first, the issuer of the CRL. */
  private issuerOf(n: number): readonly GeneralName[] | undefined {
    let low = 0;
    let high = this.issuerChanges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.issuerChanges[middle]! <= n) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    const change = this.issuerChanges[low - 1]!;
    if (!this.issuers.has(change)) {
      const { extensions } = entryFields(this.node(change));
      const names =
        extensions && readExtensions(extensions).find(({ oid }) => oid === CrlEntryOid.certificateIssuer);
      this.issuers.set(change, names && readGeneralNames(names.value));
    }
    return this.issuers.get(change);
  }
}

/** One pass over all entries. */
class EntryWalk {
  document: Bytes;
  starts: number[] = [];
  count = 0;
  readonly unknownCritical: Set<string> = new Set();
  readonly issuerChanges: number[] = [];
  private readonly entry = new Frame();
  private readonly field = new Frame();
  private readonly part = new Frame();

  constructor(list: BerNode | undefined) {
    this.document = list?.document ?? new Uint8Array(0);
    if (list === undefined) return;
    if (!list.is(Tag.Sequence)) throw unexpected(list, 'revokedCertificates');
    if (!list.indefinite && this.walk(list)) return;
    // Nobody writes CRLs in indefinite lengths; they are read with care and without haste.
    const plain = readBer(toDer(list));
    this.document = plain.document;
    this.count = 0;
    this.unknownCritical.clear();
    this.issuerChanges.length = 0;
    this.walk(plain);
  }

  /** False where an element of indefinite length was met. */
  private walk(list: BerNode): boolean {
    const { document, entry, field } = this;
    const starts: number[] = [];
    this.starts = starts;
    for (let at = list.contentStart; at < list.contentEnd; ) {
      starts.push(at);
      const usual = usualEntry(document, at, list.contentEnd);
      if (usual !== 0) {
        at = usual;
        continue;
      }
      if (!entry.read(document, at, list.contentEnd)) return false;
      if (entry.identifier !== Tag.Sequence) throw notEntry(at);
      if (!field.read(document, entry.contentStart, entry.end)) return false;
      if (field.identifier !== Tag.Integer || field.end === field.contentStart) throw notEntry(at);
      if (!field.read(document, field.end, entry.end)) return false;
      const tag = field.identifier & 0xdf;
      if (tag !== Tag.UtcTime && tag !== Tag.GeneralizedTime) throw notEntry(at);
      if (field.end < entry.end && !this.survey(at, field.end, entry.end)) return false;
      at = entry.end;
    }
    this.count = starts.length;
    starts.push(list.contentEnd);
    return true;
  }

  /** Looks through the crlEntryExtensions for those that change what the whole list means. */
  private survey(entry: number, start: number, end: number): boolean {
    const { document, field, part } = this;
    if (!field.read(document, start, end)) return false;
    if (field.identifier !== Tag.Sequence || field.end !== end) throw notEntry(entry);
    for (let at = field.contentStart; at < end; at = field.end) {
      if (!field.read(document, at, end)) return false;
      if (!part.read(document, field.contentStart, field.end)) return false;
      if (field.identifier !== Tag.Sequence || part.identifier !== Tag.ObjectIdentifier)
        throw notEntry(entry);
      // reasonCode and invalidityDate are nearly all there are, and are known whether critical or not.
      const last = document[part.end - 1];
      if (
        part.end - part.contentStart === 3 &&
        (last === 21 || last === 24) &&
        document[part.contentStart] === 0x55 &&
        document[part.contentStart + 1] === 29
      )
        continue;
      this.note(readExtensions(readBer(document.subarray(start, end))));
      return true;
    }
    return true;
  }

  private note(extensions: readonly Extension[]): void {
    for (const { oid, critical } of extensions) {
      if (oid === CrlEntryOid.certificateIssuer) this.issuerChanges.push(this.starts.length - 1);
      // One OID or a thousand make no difference to what is refused.
      if (critical && !knownEntryExtensions.has(oid) && this.unknownCritical.size < 10)
        this.unknownCritical.add(oid);
    }
  }
}

/**
 * Where an entry ends that looks as nearly all do, all lengths below 128: a
 * serial number, a UTCTime, and either nothing or a reasonCode that is not
 * critical. 0 for any other.
 */
function usualEntry(document: Bytes, at: number, limit: number): number {
  const end = at + 2 + document[at + 1]!;
  if (document[at] !== Tag.Sequence || document[at + 1]! >= 0x80 || end > limit) return 0;
  const length = document[at + 3]!;
  if (document[at + 2] !== Tag.Integer || length === 0 || length >= 0x80) return 0;
  const time = at + 4 + length;
  const rest = time + 15;
  if (rest > end || document[time] !== Tag.UtcTime || document[time + 1] !== 13) return 0;
  if (rest === end) return end;
  // SEQUENCE { SEQUENCE { 2.5.29.21, OCTET STRING { ENUMERATED } } }
  const isReason =
    end - rest === 14 &&
    document[rest] === Tag.Sequence &&
    document[rest + 1] === 12 &&
    document[rest + 2] === Tag.Sequence &&
    document[rest + 3] === 10 &&
    document[rest + 4] === Tag.ObjectIdentifier &&
    document[rest + 5] === 3 &&
    document[rest + 6] === 0x55 &&
    document[rest + 7] === 0x1d &&
    document[rest + 8] === 21 &&
    document[rest + 9] === Tag.OctetString &&
    document[rest + 10] === 3;
  return isReason ? end : 0;
}

/** Where a TLV stands; used again and again, since a node for each of a million elements would cost too much. */
class Frame {
  identifier = 0;
  contentStart = 0;
  end = 0;

  /** Reads identifier and length; false for an indefinite length. */
  read(document: Bytes, start: number, limit: number): boolean {
    const short = start + 2 <= limit ? document[start + 1]! : -1;
    if (short < 0) throw notEntry(start);
    this.identifier = document[start]!;
    if (short < 0x80) {
      this.contentStart = start + 2;
      this.end = start + 2 + short;
    } else {
      if (short === 0x80) return false;
      this.contentStart = start + 2 + (short & 0x7f);
      let length = 0;
      for (let at = start + 2; at < this.contentStart && length <= limit; at++)
        length = length * 256 + (document[at] ?? 0);
      this.end = this.contentStart + length;
    }
    // A tag number in more octets than one belongs to nothing that an entry has.
    if (this.end > limit || (this.identifier & 0x1f) === 0x1f) throw notEntry(start);
    return true;
  }
}

/** The octets of an INTEGER without those that only repeat the sign (X.690 §8.3.2 forbids them; lenient writers do not know). */
function minimalStart(octets: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 1 < end) {
    const sign = octets[at + 1]! >= 0x80 ? 0xff : 0;
    if (octets[at] !== sign) break;
    at++;
  }
  return at;
}

/**
 * Of the last four octets and the length: serial numbers are random or
 * consecutive. Whoever makes entries collide makes look-ups walk them all,
 * which is no worse than having no index.
 */
function hashOctets(octets: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = Math.max(start, end - 4); at < end; at++) hash = (hash << 8) ^ octets[at]!;
  hash = Math.imul(hash, 0x9e3779b1);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function entryFields(node: BerNode): { serial: BerNode; time: BerNode; extensions: BerNode | undefined } {
  const [serial, time, extensions, ...more] = sequenceOf(node, 'an entry of a CRL');
  if (serial === undefined || time === undefined || more.length > 0)
    throw unexpected(node, 'an entry of a CRL');
  return { serial, time, extensions };
}

function notEntry(offset: number): MailsealError {
  return new MailsealError('x509-malformed', `the element at octet ${offset} is no entry of a CRL`, {
    offset,
  });
}
