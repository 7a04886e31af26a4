import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { decodeInteger, integerBytes, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type Extension, hasRepetition, readExtensions } from '../certificate/extensions.js';
import type { GeneralName } from '../certificate/general-name.js';
import { type RevocationReason, revocationReason } from './revocation-report.js';

/** Object identifiers of the extensions of a CRL entry (RFC 5280 §5.3; holdInstructionCode is of RFC 3280). */
export const CrlEntryOid = {
  reasonCode: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
  certificateIssuer: '2.5.29.29',
} as const;

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

/** The elements of an entry. */
export function entryFields(node: BerNode): {
  serial: BerNode;
  time: BerNode;
  extensions: BerNode | undefined;
} {
  const [serial, time, extensions, ...more] = sequenceOf(node, 'an entry of a CRL');
  if (serial === undefined || time === undefined || more.length > 0)
    throw unexpected(node, 'an entry of a CRL');
  return { serial, time, extensions };
}
