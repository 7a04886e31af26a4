import { type BerNode, readBer } from '../../asn1/reader.js';
import type { Bytes } from '../../core/bytes.js';
import { readExtensions, readGeneralNames } from '../certificate/extensions.js';
import type { GeneralName } from '../certificate/general-name.js';
import { CrlEntry, CrlEntryOid, entryFields } from './crl-entry.js';
import { CrlEntryWalk, EntryFrame } from './crl-entry-walk.js';

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
    const walk = new CrlEntryWalk(list);
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
    const serial = new EntryFrame();
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
