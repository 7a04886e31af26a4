import { Tag } from '../../asn1/reader.js';
import { der, derInteger, derOfPieces, derSequence, derTime } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type {
  DistributionPoint,
  IssuingDistributionPoint,
} from '../../x509/certificate/distribution-points.js';
import { type Extension, ExtensionOid } from '../../x509/certificate/extensions.js';
import { type CertificateList, CrlExtensionOid, parseCrl } from '../../x509/revocation/crl.js';
import { checkPeriod } from './certificate-writer.js';
import { crlEntries, type RevokedCertificate } from './crl-entry-writer.js';
import { issuingDistributionPoint } from './crl-scope-writer.js';
import {
  authorityKeyIdentifier,
  distributionPoints,
  encodeExtensions,
  extension,
} from './extension-writer.js';
import { givenList, givenObject } from './given.js';
import { authoritySigner, type Issuer, keyIdentifierOf, type SigningOptions, signed } from './issuer.js';

/** What {@link issueCrl} takes. */
export interface IssueCrlOptions extends SigningOptions {
  readonly issuer: Issuer;
  readonly thisUpdate: Date;
  /** When the next will be there at the latest: RFC 5280 §5.1.2.5 wants every CRL to say. */
  readonly nextUpdate: Date;
  /** Grows from one CRL to the next (RFC 5280 §5.2.3): 0 or more, at most 20 octets. */
  readonly number: number | bigint;
  readonly revoked: readonly RevokedCertificate[];
  /** For a delta: the number of the complete CRL to which it adds (RFC 5280 §5.2.4), less than `number`. */
  readonly deltaBase?: number | bigint;
  /** Which part of the certificates it covers; default: all that the issuer issues. What is left out is `false` or all. */
  readonly scope?: Partial<IssuingDistributionPoint>;
  /** Where its deltas are: URIs, or whole DistributionPoints; not in a delta (RFC 5280 §5.2.6). */
  readonly freshestCrl?: readonly (string | DistributionPoint)[];
  /** More extensions, of types that no other option writes. */
  readonly extensions?: readonly Extension[];
}

/**
 * Issues a certificate revocation list of version 2 (RFC 5280 §5) with CRL
 * number and authorityKeyIdentifier: complete, or a delta, or for a part.
 *
 * @throws MailsealError `usage` for options that make no sensible CRL (an
 * issuer without cRLSign, a reason that may not stand there, a certificate
 * that is another's or stands twice); from the signing, what `signData` of `mailseal/crypto` throws.
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
  const { issuer, thisUpdate, nextUpdate } = givenObject(options, 'options');
  const signer = authoritySigner(issuer, 'cRLSign', options);
  checkPeriod(thisUpdate, nextUpdate, 'thisUpdate', 'nextUpdate');
  const { certificate } = issuer;
  const { deltaBase, scope, freshestCrl } = options;
  const entries = crlEntries(options.revoked, {
    issuer: certificate.subject,
    isDelta: deltaBase !== undefined,
    isIndirect: scope?.indirectCrl === true,
  });
  // RFC 5280 §5.2.4: a delta adds to complete CRLs that have its base's number at least, and a smaller one than it.
  if (deltaBase !== undefined && deltaBase >= options.number) {
    throw usage('the deltaBase of a delta is less than its own number (RFC 5280 §5.2.4)');
  }
  if (deltaBase !== undefined && freshestCrl !== undefined) {
    throw usage('freshestCrl stands in complete CRLs only, not in a delta (RFC 5280 §5.2.6)');
  }
  const extensions = encodeExtensions([
    authorityKeyIdentifier(certificate.subjectKeyIdentifier ?? keyIdentifierOf(signer.publicKey)),
    extension(CrlExtensionOid.cRLNumber, false, crlNumber(options.number)),
    ...(deltaBase === undefined
      ? []
      : [extension(CrlExtensionOid.deltaCRLIndicator, true, crlNumber(deltaBase))]),
    ...(scope === undefined ? [] : issuingDistributionPoint(scope)),
    ...(freshestCrl === undefined ? [] : [distributionPoints(ExtensionOid.freshestCrl, freshestCrl)]),
    ...otherExtensions(options.extensions ?? []),
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
        ...(entries.length === 0 ? [] : [derOfPieces(Tag.Sequence, entries)]),
        der(0xa0, extensions),
      ),
    options,
  );
  return parseCrl(octets);
}

/** What the options of their own refuse must not come in as octets. */
function otherExtensions(extensions: readonly Extension[]): readonly Extension[] {
  for (const each of givenList(extensions, 'extensions')) {
    const { oid } = givenObject(each, 'extensions');
    if (optionOids.has(oid)) throw usage(`the extension ${oid} of a CRL is written by the option for it`);
  }
  return extensions;
}

const optionOids: ReadonlySet<string> = /* @__PURE__ */ new Set([
  CrlExtensionOid.cRLNumber,
  CrlExtensionOid.deltaCRLIndicator,
  CrlExtensionOid.issuingDistributionPoint,
  ExtensionOid.freshestCrl,
]);

function crlNumber(given: number | bigint): Bytes {
  if (!(typeof given === 'bigint' || Number.isSafeInteger(given)) || given < 0 || given >= 1n << 159n) {
    throw usage('a CRL number is 0, 1, 2, … of at most 20 octets (RFC 5280 §5.2.3)');
  }
  return derInteger(given);
}
