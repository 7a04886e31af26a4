import { oidContent } from '../../asn1/oid.js';
import { readBer, Tag } from '../../asn1/reader.js';
import { isDer } from '../../asn1/to-der.js';
import { derOctetString, derSequence, derTime } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { isCertificate } from '../../x509/path/path-options.js';
import { issuerAndSerialNumber } from '../certificate-identifier.js';
import { derSetAs } from '../der-pieces.js';
import { AttributeOid } from '../oids.js';
import { encodeSmimeCapabilities } from '../smime-capabilities.js';
import { keptOid, keptSigningCertificate } from './kept-encodings.js';
import type { PreparedSigner } from './prepared-signer.js';
import type { AttributeInput, SignOptions } from './signing-key.js';

/** What is signed: the digest of the content, and its type. */
export interface SignedSubject {
  /** Dotted OID; `undefined` for a signature value that is counter-signed. */
  readonly contentType: string | undefined;
  readonly digest: Bytes;
}

/** The signed attributes of a signer, as the DER of the SET that is signed (RFC 5652 §5.3, §5.4). */
export function signedAttributes(
  signer: PreparedSigner,
  { contentType, digest }: SignedSubject,
  options: SignOptions,
): Bytes {
  const { key } = signer;
  const list: Bytes[] = [];
  // RFC 5652 §11.1: content-type is there, but not in a counter-signature (§11.4).
  if (contentType !== undefined) list.push(attribute(AttributeOid.contentType, keptOid(contentType)));
  // RFC 5652 §11.2: so is message-digest.
  list.push(attribute(AttributeOid.messageDigest, derOctetString(digest)));
  if (key.signingTime !== undefined) list.push(attribute(AttributeOid.signingTime, timeOf(key.signingTime)));
  if (key.capabilities !== undefined)
    list.push(
      attribute(AttributeOid.smimeCapabilities, elementOf(encodeSmimeCapabilities(key.capabilities))),
    );
  if (key.encryptionCertificate !== undefined)
    list.push(attribute(AttributeOid.encryptionKeyPreference, keyPreference(key.encryptionCertificate)));
  if (key.signingCertificate !== false)
    list.push(attribute(AttributeOid.signingCertificateV2, keptSigningCertificate(key.certificate, options)));
  if (key.algorithmProtection !== false)
    list.push(attribute(AttributeOid.algorithmProtection, algorithmProtection(signer)));
  for (const each of givenAttributes(key.signedAttributes, 'signedAttributes')) {
    if (written.has(each.type)) throw usage(`the attribute ${each.type} has an option of its own, or none`);
    list.push(attribute(each.type, ...each.values));
  }
  return derSetAs(Tag.Set, list);
}

/** The unsigned attributes of a signer under their tag; `undefined` where there are none, since the SET has one at least. */
export function unsignedAttributes({ key }: PreparedSigner): Bytes | undefined {
  const list = givenAttributes(key.unsignedAttributes, 'unsignedAttributes');
  if (list.length === 0) return undefined;
  return derSetAs(
    0xa1,
    list.map(({ type, values }) => attribute(type, ...values)),
  );
}

/** Attributes that are made here, or mean nothing under a signature (RFC 5652 §11.4). */
const written: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  AttributeOid.contentType,
  AttributeOid.messageDigest,
  AttributeOid.signingTime,
  AttributeOid.smimeCapabilities,
  AttributeOid.encryptionKeyPreference,
  AttributeOid.signingCertificateV2,
  AttributeOid.algorithmProtection,
  AttributeOid.counterSignature,
  AttributeOid.signatureTimestamp,
]);

/** An Attribute (RFC 5652 §5.3). */
export function attribute(type: string, ...values: readonly Uint8Array[]): Bytes {
  return derSequence(keptOid(type), derSetAs(Tag.Set, values));
}

function timeOf(time: Date): Bytes {
  if (!(time instanceof Date)) throw usage('`signingTime` is a Date');
  // RFC 5652 §11.3: UTCTime for the years 1950 to 2049, else GeneralizedTime.
  return derTime(time);
}

/** SMIMEEncryptionKeyPreference (RFC 8551 §2.5.3), whose tags are implicit: issuer and serial number under [0]. */
function keyPreference(certificate: Certificate): Bytes {
  if (!isCertificate(certificate)) throw usage('`encryptionCertificate` is a Certificate');
  const octets = issuerAndSerialNumber(certificate);
  octets[0] = 0xa0;
  return octets;
}

/** CMSAlgorithmProtection (RFC 6211 §2): the signature's algorithm stands under an implicit [1]. */
function algorithmProtection({ digestAlgorithm, signatureAlgorithm }: PreparedSigner): Bytes {
  const signature = signatureAlgorithm.slice();
  signature[0] = 0xa1;
  return derSequence(digestAlgorithm, signature);
}

function givenAttributes(list: readonly AttributeInput[] | undefined, what: string): AttributeInput[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw usage(`\`${what}\` are wanted as an array`);
  const seen = new Set<string>();
  return list.map((each: AttributeInput) => {
    if (typeof each !== 'object' || each === null)
      throw usage(`\`${what}\` are objects with type and values`);
    const { type, values } = each;
    oidContent(type);
    if (seen.has(type)) throw usage(`the attribute ${type} is given twice: put its values together`);
    seen.add(type);
    if (!Array.isArray(values) || values.length === 0)
      throw usage(`the attribute ${type} has one value at least`);
    return { type, values: values.map(elementOf) };
  });
}

/** What is signed is in DER (RFC 5652 §5.4), so what the caller gives has to be. */
function elementOf(octets: Uint8Array): Bytes {
  const bytes = asBytes(octets);
  try {
    if (isDer(readBer(bytes))) return bytes;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
  }
  throw usage('the value of an attribute or the parameters of a capability are one element in DER');
}
