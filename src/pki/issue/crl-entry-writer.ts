import { der, derGeneralizedTime, derInteger, derSequence, derTime } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { encodeHex } from '../../encoding/hex.js';
import { Certificate } from '../../x509/certificate/certificate.js';
import type { Extension } from '../../x509/certificate/extensions.js';
import type { GeneralName } from '../../x509/certificate/general-name.js';
import type { Name } from '../../x509/certificate/name.js';
import { comparableGeneralName } from '../../x509/certificate/same-general-name.js';
import { CrlEntryOid } from '../../x509/revocation/crl-entry.js';
import { type RevocationReason, revocationReason } from '../../x509/revocation/revocation-report.js';
import { encodeExtensions, extension } from './extension-writer.js';
import { encodeGeneralNames } from './general-name-writer.js';
import { givenList, givenObject, givenTime } from './given.js';
import { givenSerialNumber } from './issuer.js';

/** An entry of a CRL to be issued (RFC 5280 §5.3). */
export interface RevokedCertificate {
  /** The certificate, whose issuer has to be that of the CRL or `certificateIssuer`, or its serial number. */
  readonly certificate: Certificate | bigint | Uint8Array;
  readonly revocationDate: Date;
  /** Default: not said, which is what `unspecified` means, too. */
  readonly reason?: RevocationReason;
  /** Since when the key is known or thought to have been in other hands. */
  readonly invalidityDate?: Date;
  /** In an indirect CRL: who issued this certificate and, where they have none, those after it. */
  readonly certificateIssuer?: readonly GeneralName[];
}

/** What the whole CRL says that its entries have to fit. */
export interface CrlKind {
  readonly issuer: Name;
  readonly isDelta: boolean;
  readonly isIndirect: boolean;
}

/** The DER of all entries in their order; a serial number of one issuer stands once. */
export function crlEntries(revoked: readonly RevokedCertificate[], kind: CrlKind): Bytes[] {
  const seen = new Set<string>();
  let issuers: readonly GeneralName[] = [{ kind: 'directoryName', value: kind.issuer }];
  let issuerKeys = comparable(issuers);
  return givenList(revoked, 'revoked').map((entry) => {
    givenObject(entry, 'revoked');
    const { certificate, certificateIssuer } = entry;
    if (certificateIssuer !== undefined) {
      // RFC 5280 §5.3.3: elsewhere everybody takes the entry for one of the CRL's issuer.
      if (!kind.isIndirect) throw usage('certificateIssuer stands in an indirect CRL only (RFC 5280 §5.3.3)');
      issuers = givenList(certificateIssuer, 'certificateIssuer');
      issuerKeys = comparable(issuers);
    }
    if (certificate instanceof Certificate) checkIssuer(certificate, issuers);
    const serial = serialNumber(certificate);
    const key = `${encodeHex(serial)} ${issuerKeys}`;
    if (seen.has(key)) throw usage(`the serial number ${encodeHex(serial.subarray(2))} is revoked twice`);
    seen.add(key);
    return encodeEntry(entry, serial, kind);
  });
}

function comparable(issuers: readonly GeneralName[]): string {
  return issuers.map(comparableGeneralName).sort().join('\n');
}

/** Serial numbers are an issuer's own: one of another's would revoke somebody else. */
function checkIssuer(certificate: Certificate, issuers: readonly GeneralName[]): void {
  const names = issuers.flatMap((name) => (name.kind === 'directoryName' ? [name.value] : []));
  const { normalized } = certificate.issuer;
  if (names.length === 0 || names.some((name) => name.normalized === normalized)) return;
  throw usage(
    `a certificate issued by "${certificate.issuer}" is not revoked under the name of "${names[0]}"; an indirect CRL with certificateIssuer does that`,
  );
}

function serialNumber(given: Certificate | bigint | Uint8Array): Bytes {
  if (given instanceof Certificate) return der(0x02, given.serialNumber);
  return derInteger(givenSerialNumber(given));
}

function encodeEntry(entry: RevokedCertificate, serial: Bytes, { isDelta }: CrlKind): Bytes {
  const { revocationDate, reason, invalidityDate, certificateIssuer } = entry;
  const extensions: Extension[] = [];
  // RFC 5280 §5.3.1: `unspecified` is said by saying nothing.
  if (reason !== undefined && reason !== 'unspecified') {
    if (reason === 'removeFromCRL' && !isDelta) {
      throw usage('removeFromCRL stands in delta CRLs only (RFC 5280 §5.3.1)');
    }
    extensions.push(
      extension(CrlEntryOid.reasonCode, false, der(0x0a, Uint8Array.of(numberOfReason(reason)))),
    );
  }
  if (invalidityDate !== undefined) {
    // RFC 5280 §5.3.2: GeneralizedTime whatever the year.
    const time = derGeneralizedTime(givenTime(invalidityDate, 'invalidityDate'));
    extensions.push(extension(CrlEntryOid.invalidityDate, false, time));
  }
  if (certificateIssuer !== undefined) {
    extensions.push(extension(CrlEntryOid.certificateIssuer, true, encodeGeneralNames(certificateIssuer)));
  }
  const list = extensions.length === 0 ? [] : [encodeExtensions(extensions)];
  return derSequence(serial, derTime(givenTime(revocationDate, 'revocationDate')), ...list);
}

function numberOfReason(reason: RevocationReason): number {
  for (let number = 1; number <= 10; number++) if (revocationReason(number) === reason) return number;
  throw usage(`"${reason}" is no reason of RFC 5280 §5.3.1`);
}
