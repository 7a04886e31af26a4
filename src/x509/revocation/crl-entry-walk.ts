import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { toDer } from '../../asn1/to-der.js';
import { unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type Extension, readExtensions } from '../certificate/extensions.js';
import { CrlEntryOid } from './crl-entry.js';

const knownEntryExtensions: ReadonlySet<string> = /* @__PURE__ */ new Set(Object.values(CrlEntryOid));

/** One pass over all entries. */
export class CrlEntryWalk {
  document: Bytes;
  starts: number[] = [];
  count = 0;
  readonly unknownCritical: Set<string> = new Set();
  readonly issuerChanges: number[] = [];
  private readonly entry = new EntryFrame();
  private readonly field = new EntryFrame();
  private readonly part = new EntryFrame();

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
export class EntryFrame {
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

function notEntry(offset: number): MailsealError {
  return new MailsealError('x509-malformed', `the element at octet ${offset} is no entry of a CRL`, {
    offset,
  });
}
