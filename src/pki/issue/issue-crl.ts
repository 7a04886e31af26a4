import { der, derBoolean, derInteger, derSequence, derTime } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { bytesFromLatin1 } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import type {
  DistributionPoint,
  IssuingDistributionPoint,
} from '../../x509/certificate/distribution-points.js';
import { type Extension, ExtensionOid } from '../../x509/certificate/extensions.js';
import type { GeneralName } from '../../x509/certificate/general-name.js';
import { type CertificateList, CrlExtensionOid, parseCrl } from '../../x509/revocation/crl.js';
import { CrlEntryOid } from '../../x509/revocation/crl-entries.js';
import { type RevocationReason, revocationReason } from '../../x509/revocation/revocation-report.js';
import { checkPeriod } from './certificate-writer.js';
import {
  authorityKeyIdentifier,
  distributionPointName,
  distributionPoints,
  encodeExtensions,
  extension,
  reasonBits,
} from './extension-writer.js';
import { encodeGeneralNames } from './general-name-writer.js';
import {
  authoritySigner,
  givenSerialNumber,
  type Issuer,
  keyIdentifierOf,
  type SigningOptions,
  signed,
} from './issuer.js';

/** An entry of a CRL to be issued (RFC 5280 §5.3). */
export interface RevokedCertificate {
  /** The certificate, or its serial number. */
  readonly certificate: Certificate | bigint | Uint8Array;
  readonly revocationDate: Date;
  /** Default: not said, which is what `unspecified` means, too. */
  readonly reason?: RevocationReason;
  /** Since when the key is known or thought to have been in other hands. */
  readonly invalidityDate?: Date;
  /** In an indirect CRL: who issued this certificate and, where they have none, those after it. */
  readonly certificateIssuer?: readonly GeneralName[];
}

/** What {@link issueCrl} takes. */
export interface IssueCrlOptions extends SigningOptions {
  readonly issuer: Issuer;
  readonly thisUpdate: Date;
  /** When the next will be there at the latest: RFC 5280 §5.1.2.5 wants every CRL to say. */
  readonly nextUpdate: Date;
  /** Grows from one CRL to the next (RFC 5280 §5.2.3): 0 or more, at most 20 octets. */
  readonly number: number | bigint;
  readonly revoked: readonly RevokedCertificate[];
  /** For a delta: the number of the complete CRL to which it adds (RFC 5280 §5.2.4). */
  readonly deltaBase?: number | bigint;
  /** Which part of the certificates it covers; default: all that the issuer issues. What is left out is `false` or all. */
  readonly scope?: Partial<IssuingDistributionPoint>;
  /** Where its deltas are: URIs, or whole DistributionPoints. */
  readonly freshestCrl?: readonly (string | DistributionPoint)[];
  /** More extensions, of types that no other option writes. */
  readonly extensions?: readonly Extension[];
}

/**
 * Issues a certificate revocation list of version 2 (RFC 5280 §5) with CRL
 * number and authorityKeyIdentifier: complete, or a delta, or for a part.
 *
 * @throws MailsealError `usage` for options that make no sensible CRL (an
 * issuer without cRLSign, a reason that may not stand there); from the
 * signing, what `signData` of `mailseal/crypto` throws.
 * @example
 * ```ts
 * import { generateKeyPair } from 'mailseal/crypto';
 * import { issueCrl, issueRoot } from 'mailseal/pki';
 *
 * const { privateKey: key } = await generateKeyPair({ kind: 'ec', curve: 'P-256' });
 * const certificate = await issueRoot({
 *   key,
 *   subject: { commonName: 'Root' },
 *   notBefore: new Date('2026-01-01'),
 *   notAfter: new Date('2036-01-01'),
 * });
 * const crl = await issueCrl({
 *   issuer: { certificate, key },
 *   thisUpdate: new Date('2026-06-01'),
 *   nextUpdate: new Date('2026-07-01'),
 *   number: 1,
 *   revoked: [{ certificate: 4711n, revocationDate: new Date('2026-05-30'), reason: 'keyCompromise' }],
 * });
 * console.log(crl.count, crl.entriesOf(new Uint8Array([0x12, 0x67]))[0]?.reason); // 1 keyCompromise
 * ```
 */
export async function issueCrl(options: IssueCrlOptions): Promise<CertificateList> {
  const { issuer, thisUpdate, nextUpdate } = options;
  const signer = authoritySigner(issuer, 'cRLSign', options);
  checkPeriod(thisUpdate, nextUpdate, 'thisUpdate', 'nextUpdate');
  const { certificate } = issuer;
  const entries = options.revoked.map((each) => entryOf(each, options.deltaBase !== undefined));
  const { deltaBase, scope, freshestCrl } = options;
  const extensions = encodeExtensions([
    authorityKeyIdentifier(certificate.subjectKeyIdentifier ?? keyIdentifierOf(signer.publicKey)),
    extension(CrlExtensionOid.cRLNumber, false, crlNumber(options.number)),
    ...(deltaBase === undefined
      ? []
      : [extension(CrlExtensionOid.deltaCRLIndicator, true, crlNumber(deltaBase))]),
    ...(scope === undefined
      ? []
      : [extension(CrlExtensionOid.issuingDistributionPoint, true, encodeScope(scope))]),
    ...(freshestCrl === undefined ? [] : [distributionPoints(ExtensionOid.freshestCrl, freshestCrl)]),
    ...(options.extensions ?? []),
  ]);
  const octets = await signed(
    signer,
    (algorithm) =>
      derSequence(
        derInteger(1),
        algorithm,
        certificate.subject.bytes,
        derTime(thisUpdate),
        derTime(nextUpdate),
        // RFC 5280 §5.1.2.6: absent where nothing is revoked.
        ...(entries.length === 0 ? [] : [derSequence(...entries)]),
        der(0xa0, extensions),
      ),
    options,
  );
  return parseCrl(octets);
}

function crlNumber(given: number | bigint): Bytes {
  if (given < 0 || (typeof given === 'number' && !Number.isSafeInteger(given)) || given >= 1n << 159n) {
    throw new MailsealError('usage', 'a CRL number is 0, 1, 2, … of at most 20 octets (RFC 5280 §5.2.3)');
  }
  return derInteger(given);
}

function entryOf(entry: RevokedCertificate, inDelta: boolean): Bytes {
  const { certificate: given, revocationDate, reason, invalidityDate, certificateIssuer } = entry;
  const serial =
    typeof given === 'bigint' || given instanceof Uint8Array
      ? derInteger(givenSerialNumber(given))
      : der(0x02, given.serialNumber);
  const extensions: Extension[] = [];
  // RFC 5280 §5.3.1: `unspecified` is said by saying nothing.
  if (reason !== undefined && reason !== 'unspecified') {
    if (reason === 'removeFromCRL' && !inDelta) {
      throw new MailsealError('usage', 'removeFromCRL stands in delta CRLs only (RFC 5280 §5.3.1)');
    }
    extensions.push(
      extension(CrlEntryOid.reasonCode, false, der(0x0a, Uint8Array.of(numberOfReason(reason)))),
    );
  }
  if (invalidityDate !== undefined)
    extensions.push(extension(CrlEntryOid.invalidityDate, false, generalizedTime(invalidityDate)));
  if (certificateIssuer !== undefined) {
    extensions.push(extension(CrlEntryOid.certificateIssuer, true, encodeGeneralNames(certificateIssuer)));
  }
  const list = extensions.length === 0 ? [] : [encodeExtensions(extensions)];
  return derSequence(serial, derTime(revocationDate), ...list);
}

function numberOfReason(reason: RevocationReason): number {
  for (let number = 1; number <= 10; number++) if (revocationReason(number) === reason) return number;
  throw new MailsealError('usage', `"${reason}" is no reason of RFC 5280 §5.3.1`);
}

/** RFC 5280 §5.3.2: GeneralizedTime whatever the year. */
function generalizedTime(time: Date): Bytes {
  if (Number.isNaN(time.getTime())) throw new MailsealError('usage', 'invalidityDate is no valid Date');
  const text = `${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return der(0x18, bytesFromLatin1(text));
}

/** issuingDistributionPoint (RFC 5280 §5.2.5). */
function encodeScope(scope: Partial<IssuingDistributionPoint>): Bytes {
  const flag = (tag: number, given: boolean | undefined): Bytes[] => {
    if (given !== true) return [];
    const element = derBoolean(true);
    element[0] = 0x80 | tag;
    return [element];
  };
  const { name, onlySomeReasons } = scope;
  return derSequence(
    ...(name === undefined ? [] : [der(0xa0, distributionPointName(name))]),
    ...flag(1, scope.onlyContainsUserCerts),
    ...flag(2, scope.onlyContainsCACerts),
    ...(onlySomeReasons === undefined ? [] : [reasonBits(3, onlySomeReasons)]),
    ...flag(4, scope.indirectCrl),
    ...flag(5, scope.onlyContainsAttributeCerts),
  );
}
