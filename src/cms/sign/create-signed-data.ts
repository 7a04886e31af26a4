import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { ContentTypeOid } from '../oids.js';
import {
  certificateOctets,
  encapsulatedContent,
  type RevocationInfoInput,
  revocationOctets,
  writeSignedData,
} from './signed-data-parts.js';
import type { SigningKey, SignOptions } from './signing-key.js';
import { writeSigners } from './write-signer.js';

/** What {@link createSignedData} takes. */
export interface CreateSignedDataOptions extends SignOptions, RevocationInfoInput {
  /** What is signed, octet for octet. For S/MIME an entity in canonical form: `mailseal/smime` makes that. */
  readonly content: Uint8Array;
  /** Dotted OID of what the content is. Default `1.2.840.113549.1.7.1` (id-data), as in S/MIME. */
  readonly contentType?: string;
  /** Whether the content is left out and sent beside it. Default `false`: it is embedded. */
  readonly detached?: boolean;
  /** Who signs; one at least. */
  readonly signers: readonly SigningKey[];
  /** More certificates that go along. Default: none. */
  readonly certificates?: readonly Certificate[];
  /** Whether the certificates of the signers, and of their chains, go along. Default `true`. */
  readonly includeCertificates?: boolean;
  /**
   * Signs the content itself, without attributes; only for id-data, and only
   * for readers that cannot do better. Default `false`.
   */
  readonly withoutSignedAttributes?: boolean;
}

/**
 * Signs content: the DER of a ContentInfo with a SignedData (RFC 5652 §5), the
 * octets of a `smime.p7s` or `.p7m` file.
 *
 * Under each signature stand content-type, message-digest, the certificate's
 * hash (RFC 5035) and the algorithms (RFC 6211), and what the signer wants to
 * say besides. Edwards keys sign as RFC 8419 says. DER sorts the signers and
 * certificates: do not go by their order.
 *
 * @throws MailsealError `usage` where the options do not fit together: a key
 * that is not the certificate's, a certificate whose keyUsage allows no
 * signatures, MD5 or SHA-1, attributes that are not in DER, a caller's signer
 * whose signature does not verify; codes of `signData` for what a key cannot
 * do; `aborted`. What a caller's signer throws passes through.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createSignedData, parseSignedData, verifySignedData } from 'mailseal/cms';
 * import { parsePkcs12 } from 'mailseal/pki';
 *
 * const { keys, certificates } = await parsePkcs12(readFileSync('test/vectors/pki/hanako.p12'), {
 *   password: '花子の合言葉',
 * });
 * const { privateKey, certificate } = keys[0]!;
 * const content = new TextEncoder().encode('Content-Type: text/plain\r\n\r\nUntil Friday.\r\n');
 * const at = new Date('2027-01-01');
 * const p7s = await createSignedData({
 *   content,
 *   detached: true,
 *   signers: [{ certificate: certificate!, privateKey, signingTime: at }],
 * });
 * const roots = certificates.map((each) => each.certificate);
 * const [verdict] = await verifySignedData(parseSignedData(p7s), { content, roots, at });
 * console.log(verdict?.content, verdict?.signature, verdict?.trust); // intact valid trusted
 * ```
 */
export async function createSignedData(options: CreateSignedDataOptions): Promise<Bytes> {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const content = asBytes(options.content);
  const { contentType = ContentTypeOid.data, signers, withoutSignedAttributes = false } = options;
  const encapsulated = encapsulatedContent(contentType, options.detached === true ? undefined : content);
  const along = certificateOctets('certificates', options.certificates);
  const revocationInfos = revocationOctets(options);
  const added = await writeSigners(signers, { content, contentType, withoutSignedAttributes }, options);
  return writeSignedData({
    digestAlgorithms: added.digestAlgorithms,
    contentType,
    encapsulated,
    certificates: options.includeCertificates === false ? along : [...added.certificates, ...along],
    revocationInfos,
    signers: added.signers,
  });
}

/** What {@link createCertsOnly} takes. */
export interface CreateCertsOnlyOptions extends RevocationInfoInput {
  /** The certificates to hand over. Default: none. */
  readonly certificates?: readonly Certificate[];
}

/**
 * Puts certificates and CRLs into a SignedData without signers or content
 * (RFC 8551 §3.8), the octets of a `.p7c` or `.p7b` file, in DER. Nothing
 * vouches for them there.
 *
 * @throws MailsealError `usage` where there is nothing to hand over; the codes
 * of `parseCrl` and `parseOcspResponse` for octets that are none.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { createCertsOnly, parseSignedData } from 'mailseal/cms';
 * import { parseCertificates } from 'mailseal/x509';
 *
 * const certificates = parseCertificates(readFileSync('test/vectors/demo/signer.crt.pem'));
 * const { isCertsOnly } = parseSignedData(createCertsOnly({ certificates }));
 * console.log(isCertsOnly); // true
 * ```
 */
export function createCertsOnly(options: CreateCertsOnlyOptions): Bytes {
  if (typeof options !== 'object' || options === null) throw usage('the options are wanted as an object');
  const certificates = certificateOctets('certificates', options.certificates);
  const revocationInfos = revocationOctets(options);
  if (certificates.length + revocationInfos.length === 0) {
    throw usage('there is no certificate, CRL or OCSP response to hand over');
  }
  return writeSignedData({
    digestAlgorithms: [],
    contentType: ContentTypeOid.data,
    encapsulated: encapsulatedContent(ContentTypeOid.data, undefined),
    certificates,
    revocationInfos,
    signers: [],
  });
}
