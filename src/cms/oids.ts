/** Content types (RFC 5652 §4–§9, RFC 5083, RFC 3274, RFC 5035, RFC 3161), dotted. */
export const ContentTypeOid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  digestedData: '1.2.840.113549.1.7.5',
  encryptedData: '1.2.840.113549.1.7.6',
  authenticatedData: '1.2.840.113549.1.9.16.1.2',
  compressedData: '1.2.840.113549.1.9.16.1.9',
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  receipt: '1.2.840.113549.1.9.16.1.1',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
} as const;

/** Signed and unsigned attributes (RFC 5652 §11, RFC 8551 §2.5, RFC 2634, RFC 5035 §3 and §4, RFC 6211, RFC 3161), dotted. */
export const AttributeOid = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  smimeCapabilities: '1.2.840.113549.1.9.15',
  receiptRequest: '1.2.840.113549.1.9.16.2.1',
  securityLabel: '1.2.840.113549.1.9.16.2.2',
  mlExpansionHistory: '1.2.840.113549.1.9.16.2.3',
  contentHints: '1.2.840.113549.1.9.16.2.4',
  msgSigDigest: '1.2.840.113549.1.9.16.2.5',
  contentIdentifier: '1.2.840.113549.1.9.16.2.7',
  equivalentLabels: '1.2.840.113549.1.9.16.2.9',
  contentReference: '1.2.840.113549.1.9.16.2.10',
  encryptionKeyPreference: '1.2.840.113549.1.9.16.2.11',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  algorithmProtection: '1.2.840.113549.1.9.52',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
} as const;

/**
 * The RFCs' own name of a content type by its dotted OID, or the OID where it is not in {@link ContentTypeOid}.
 * @example
 * ```ts
 * import { contentTypeName } from 'mailseal/cms';
 *
 * console.log(contentTypeName('1.2.840.113549.1.7.3'), contentTypeName('1.2.3')); // envelopedData 1.2.3
 * ```
 */
export function contentTypeName(oid: string): string {
  for (const [name, known] of Object.entries(ContentTypeOid)) if (known === oid) return name;
  return oid;
}

/** Formats of revocation information other than CRLs (RFC 5940 §2), dotted. */
export const RevocationInfoOid = {
  ocspResponse: '1.3.6.1.5.5.7.16.2',
  scvp: '1.3.6.1.5.5.7.16.4',
} as const;
