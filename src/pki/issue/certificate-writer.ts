import { derBitString, derExplicit, derInteger, derSequence, derTime } from '../../asn1/writer.js';
import { usage } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { encodePublicKey } from '../../crypto/keys/public-key-info.js';
import type { Signer } from '../../crypto/signatures/sign.js';
import { type Certificate, parseCertificate } from '../../x509/certificate/certificate.js';
import type { DistributionPoint } from '../../x509/certificate/distribution-points.js';
import { type Extension, ExtensionOid } from '../../x509/certificate/extensions.js';
import type { Name } from '../../x509/certificate/name.js';
import { checkDraft } from './draft-check.js';
import {
  authorityInfoAccess,
  certificatePolicies,
  distributionPoints,
  encodeExtensions,
  type PolicyInput,
} from './extension-writer.js';
import { givenList } from './given.js';
import { givenSerialNumber, newSerialNumber, type SigningOptions, signed } from './issuer.js';

/** What every certificate that is issued here may say. */
export interface CertificateOptions extends SigningOptions {
  /** First moment of validity. Fractions of seconds are cut off. */
  readonly notBefore: Date;
  /** Last second of validity; `9999-12-31T23:59:59Z` where there is no good one (RFC 5280 §4.1.2.5). */
  readonly notAfter: Date;
  /** Positive, at most 20 octets; default 126 random bits. An authority never gives one out twice. */
  readonly serialNumber?: bigint | Uint8Array;
  /** Under which policies it is issued: dotted OIDs, with qualifiers if need be. */
  readonly policies?: readonly (string | PolicyInput)[];
  /** Where the CRL is that would hold it: URIs, or whole DistributionPoints. */
  readonly crlDistributionPoints?: readonly (string | DistributionPoint)[];
  /** URIs of OCSP responders. */
  readonly ocsp?: readonly string[];
  /** URIs where the certificate of the issuer is. */
  readonly issuerCertificates?: readonly string[];
  /** More extensions, of types that no other option writes. */
  readonly extensions?: readonly Extension[];
}

/** The fields of TBSCertificate that differ from kind to kind. */
export interface CertificateBody {
  /** The certificate of the issuer; `undefined` where it is its own. */
  readonly issuer: Certificate | undefined;
  readonly subject: Name;
  /** As `certifiedKey` gives it out. */
  readonly publicKey: PublicKey;
  /** In the order in which they shall stand. */
  readonly extensions: readonly Extension[];
}

/** Writes and signs a certificate of version 3 (RFC 5280 §4.1). */
export async function writeCertificate(
  signer: Signer,
  { issuer, subject, publicKey, extensions }: CertificateBody,
  options: CertificateOptions,
): Promise<Certificate> {
  checkPeriod(options.notBefore, options.notAfter, 'notBefore', 'notAfter');
  const {
    serialNumber,
    policies,
    crlDistributionPoints: points,
    ocsp = [],
    issuerCertificates = [],
  } = options;
  const serial = serialNumber === undefined ? newSerialNumber(options) : givenSerialNumber(serialNumber);
  const access =
    givenList(ocsp, 'ocsp').length + givenList(issuerCertificates, 'issuerCertificates').length > 0
      ? [authorityInfoAccess(ocsp, issuerCertificates)]
      : [];
  const all = encodeExtensions([
    ...extensions,
    ...(policies === undefined ? [] : [certificatePolicies(policies)]),
    ...(points === undefined ? [] : [distributionPoints(ExtensionOid.crlDistributionPoints, points)]),
    ...access,
    ...givenList(options.extensions ?? [], 'extensions'),
  ]);
  const octets = await signed(
    signer,
    (algorithm) => {
      const body = derSequence(
        derExplicit(0, derInteger(2)),
        derInteger(serial),
        algorithm,
        (issuer?.subject ?? subject).bytes,
        derSequence(derTime(options.notBefore), derTime(options.notAfter)),
        subject.bytes,
        encodePublicKey(publicKey),
        derExplicit(3, all),
      );
      // What may not be is found out before anything is signed that says it.
      const isAuthority = extensions.some(({ oid }) => oid === ExtensionOid.basicConstraints);
      checkDraft(derSequence(body, algorithm, derBitString(new Uint8Array(1))), issuer, isAuthority);
      return body;
    },
    options,
  );
  return parseCertificate(octets);
}

/** A period of time has a beginning before its end. */
export function checkPeriod(from: Date, to: Date, nameOfFrom: string, nameOfTo: string): void {
  // A comparison with an invalid Date is never true.
  if (!(from instanceof Date && to instanceof Date && from.getTime() <= to.getTime())) {
    throw usage(`${nameOfFrom} and ${nameOfTo} are valid Dates, and the first is not later`);
  }
}
