import { decodeOid } from '../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../asn1/reader.js';
import { decodeTime } from '../asn1/time.js';
import { octetString, sequenceOf, setOf, unexpected } from '../asn1/values.js';
import { der } from '../asn1/writer.js';
import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { type GeneralName, generalName } from '../x509/certificate/general-name.js';
import { AttributeOid } from './oids.js';

/** An attribute (RFC 5652 §5.3): its type and its values as elements. */
export interface CmsAttribute {
  /** Dotted OID. */
  readonly type: string;
  readonly values: readonly BerNode[];
}

/** One entry of SMIMECapabilities (RFC 8551 §2.5.2): an algorithm, in the sender's order of preference. */
export interface SmimeCapability {
  /** Dotted OID. */
  readonly capability: string;
  /** Encoded parameters, where there are any (the key length of RC2). */
  readonly parameters: Bytes | undefined;
}

/** ESSCertID or ESSCertIDv2 (RFC 5035 §4, §5): the hash of the certificate to be used. */
export interface SigningCertificateId {
  /** DER of the hash's AlgorithmIdentifier; `undefined` for the default (SHA-1 in V1, SHA-256 in V2). */
  readonly hashAlgorithm: Bytes | undefined;
  readonly certHash: Bytes;
  readonly issuer: readonly GeneralName[];
  readonly serialNumber: Bytes | undefined;
}

/** The algorithms that a signer names a second time, under the signature (RFC 6211 §2). */
export interface AlgorithmProtection {
  /** DER of the AlgorithmIdentifiers. */
  readonly digestAlgorithm: Bytes;
  readonly signatureAlgorithm: Bytes | undefined;
  readonly macAlgorithm: Bytes | undefined;
}

/** Reads attributes from the element that holds them, whatever its tag. */
export function readAttributes(node: BerNode): CmsAttribute[] {
  return node.children.map((each) => {
    const [type, values] = sequenceOf(each, 'an Attribute');
    if (type === undefined || values === undefined) throw unexpected(each, 'an Attribute');
    return { type: decodeOid(type), values: setOf(values, 'AttributeValues') };
  });
}

/**
 * The value of an attribute that may stand once and has one value (RFC 5652
 * §11.1–§11.3); `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where there are several.
 */
export function singleValue(attributes: readonly CmsAttribute[], type: string): BerNode | undefined {
  const found = attributes.filter((each) => each.type === type);
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.length !== 1 || first.values.length !== 1) {
    throw new MailsealError('cms-malformed', `the attribute ${type} must stand once and have one value`, {
      offset: first.values[0]?.start ?? 0,
    });
  }
  return first.values[0];
}

/**
 * The content-type attribute (RFC 5652 §11.1), a dotted OID; `undefined` where
 * there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { contentTypeAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * if (signer) console.log(contentTypeAttribute(signer.signedAttributes)); // 1.2.840.113549.1.7.1
 * ```
 */
export function contentTypeAttribute(attributes: readonly CmsAttribute[]): string | undefined {
  const value = singleValue(attributes, AttributeOid.contentType);
  return value && decodeOid(value);
}

/**
 * The message-digest attribute (RFC 5652 §11.2): what the digest of the content
 * has to be; `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { messageDigestAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * if (signer) console.log(messageDigestAttribute(signer.signedAttributes)?.length); // 32
 * ```
 */
export function messageDigestAttribute(attributes: readonly CmsAttribute[]): Bytes | undefined {
  const value = singleValue(attributes, AttributeOid.messageDigest);
  return value && octetString(value);
}

/**
 * The signing-time attribute (RFC 5652 §11.3), UTCTime or GeneralizedTime: a
 * claim of the signer, which proves nothing; `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, signingTimeAttribute } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * if (signer) console.log(signingTimeAttribute(signer.signedAttributes)?.getUTCFullYear()); // 2026
 * ```
 */
export function signingTimeAttribute(attributes: readonly CmsAttribute[]): Date | undefined {
  const value = singleValue(attributes, AttributeOid.signingTime);
  return value && decodeTime(value);
}

/**
 * The SMIMECapabilities attribute (RFC 8551 §2.5.2): what the signer can read,
 * in the order he prefers it; `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, smimeCapabilitiesAttribute } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * const capabilities = signer && smimeCapabilitiesAttribute(signer.signedAttributes);
 * console.log(capabilities?.some(({ capability }) => capability === '2.16.840.1.101.3.4.1.42')); // true: AES-256
 * ```
 */
export function smimeCapabilitiesAttribute(
  attributes: readonly CmsAttribute[],
): SmimeCapability[] | undefined {
  const value = singleValue(attributes, AttributeOid.smimeCapabilities);
  return (
    value &&
    sequenceOf(value, 'SMIMECapabilities').map((each) => {
      const [capability, parameters] = sequenceOf(each, 'an SMIMECapability');
      if (capability === undefined) throw unexpected(each, 'an SMIMECapability');
      return { capability: decodeOid(capability), parameters: parameters?.bytes };
    })
  );
}

/**
 * The first certificate id of signingCertificate (`v1`) and of
 * signingCertificateV2 (`v2`): it must be the signer's certificate (RFC 5035
 * §5.4). `undefined` where there is no such attribute.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, signingCertificateAttribute } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * const id = signer && signingCertificateAttribute(signer.signedAttributes, 'v2');
 * console.log(id === undefined ? 'not bound to a certificate' : id.certHash.length); // not bound to a certificate
 * ```
 */
export function signingCertificateAttribute(
  attributes: readonly CmsAttribute[],
  version: 'v1' | 'v2',
): SigningCertificateId | undefined {
  const oid = version === 'v1' ? AttributeOid.signingCertificate : AttributeOid.signingCertificateV2;
  const value = singleValue(attributes, oid);
  if (value === undefined) return undefined;
  const ids = sequenceOf(value, 'a SigningCertificate')[0];
  const first = ids && sequenceOf(ids, 'certs')[0];
  if (first === undefined) throw unexpected(value, 'a SigningCertificate');
  return certificateId(first);
}

function certificateId(node: BerNode): SigningCertificateId {
  const fields = [...sequenceOf(node, 'an ESSCertID')];
  // The hash algorithm of V2 is DEFAULT SHA-256 and then left out.
  const hashAlgorithm = fields[0]?.is(Tag.Sequence) === true ? fields.shift() : undefined;
  const [certHash, issuerSerial] = fields;
  if (certHash === undefined) throw unexpected(node, 'an ESSCertID');
  const [issuer, serialNumber] =
    issuerSerial === undefined ? [] : sequenceOf(issuerSerial, 'an IssuerSerial');
  return {
    hashAlgorithm: hashAlgorithm?.bytes,
    certHash: octetString(certHash),
    issuer: issuer === undefined ? [] : sequenceOf(issuer, 'GeneralNames').map(generalName),
    serialNumber: serialNumber?.content,
  };
}

/**
 * The CMSAlgorithmProtection attribute (RFC 6211 §2): the algorithms of the
 * SignerInfo once more, where nobody can change them; `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { algorithmProtectionAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && algorithmProtectionAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function algorithmProtectionAttribute(
  attributes: readonly CmsAttribute[],
): AlgorithmProtection | undefined {
  const value = singleValue(attributes, AttributeOid.algorithmProtection);
  if (value === undefined) return undefined;
  const [digestAlgorithm, ...rest] = sequenceOf(value, 'a CMSAlgorithmProtection');
  const signature = rest.find((each) => each.is(0xa1));
  const mac = rest.find((each) => each.is(0xa2));
  // RFC 6211 §2: exactly one of the two.
  if (digestAlgorithm?.is(Tag.Sequence) !== true || rest.length !== 1 || (signature ?? mac) === undefined)
    throw unexpected(value, 'a CMSAlgorithmProtection');
  return {
    digestAlgorithm: digestAlgorithm.bytes,
    signatureAlgorithm: signature && der(Tag.Sequence, signature.content),
    macAlgorithm: mac && der(Tag.Sequence, mac.content),
  };
}

/**
 * The time stamps over the signature value (RFC 3161 appendix A), an unsigned
 * attribute: the encoded ContentInfos, in the order received.
 *
 * @throws MailsealError an `asn1-*` code where the attribute is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, signatureTimestamps } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && signatureTimestamps(signer.unsignedAttributes).length); // 0
 * ```
 */
export function signatureTimestamps(attributes: readonly CmsAttribute[]): Bytes[] {
  return attributes
    .filter(({ type }) => type === AttributeOid.signatureTimestamp)
    .flatMap(({ values }) => values.map(({ bytes }) => bytes));
}

/**
 * Whether octets read as a DER SET OF Attribute. Content of that form without
 * signed attributes could be the attributes of another signature, with the
 * signature itself still valid: RFC 5652 §5.3 has attributes signed as such a SET.
 */
export function readsAsAttributes(octets: Uint8Array): boolean {
  if (octets[0] !== Tag.Set) return false;
  try {
    const attributes = readAttributes(readBer(octets));
    return attributes.length > 0;
  } catch (error) {
    if (error instanceof MailsealError) return false;
    throw error;
  }
}
