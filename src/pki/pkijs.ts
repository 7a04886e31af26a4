import { derExplicit, derOid, derSequence } from '../asn1/writer.js';
import { type CmsLimitOptions, type ContentInfo, parseContentInfo } from '../cms/content-info.js';
import { EnvelopedData, envelopedDataOf } from '../cms/enveloped/enveloped-data.js';
import { ContentTypeOid, contentTypeName } from '../cms/oids.js';
import { SignedData, signedDataOf } from '../cms/signed/signed-data.js';
import { asBytes, type Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { Certificate, parseCertificate } from '../x509/certificate/certificate.js';

// The objects of pkijs are taken by what they can do: nothing of pkijs is imported,
// so that only those have it who hold such objects already.

/** What is used of an object of pkijs. */
export interface PkijsObject {
  /** The name of its class. */
  readonly className?: string;
  /** Its ASN.1; of many objects that were never filled it throws, of others it writes what cannot be read. */
  toSchema(encodeFlag?: boolean): { toBER(sizeOnly?: boolean): ArrayBuffer };
}

/** What is used of a class of pkijs. */
export interface PkijsClass<Pkijs> {
  /** Says what its objects are. */
  readonly prototype: Pkijs;
  /** The object of octets. */
  fromBER(octets: Uint8Array<ArrayBuffer>): unknown;
}

/**
 * A SignedData of pkijs, or a ContentInfo around one, as this package has it. pkijs writes it anew: an
 * embedded content without any octets gets lost, and so does what it did not understand.
 *
 * @throws MailsealError `usage` for an object that is not of pkijs or that pkijs cannot write,
 * `cms-wrong-type` for another class; as `parseSignedData`, also for an object that was not finished.
 * @example
 * ```ts
 * import { verifySignedData } from 'mailseal/cms';
 * import { type PkijsObject, signedDataFromPkijs } from 'mailseal/pki';
 *
 * async function isGenuine(signedData: PkijsObject, content: Uint8Array): Promise<boolean> {
 *   const verdicts = await verifySignedData(signedDataFromPkijs(signedData), { content, at: new Date('2027-01-01') });
 *   return verdicts.some((each) => each.content === 'intact' && each.signature === 'valid');
 * }
 * ```
 */
export function signedDataFromPkijs(object: PkijsObject, options: CmsLimitOptions = {}): SignedData {
  return signedDataOf(contentInfoOf(object, 'SignedData', ContentTypeOid.signedData, options), options);
}

/**
 * An EnvelopedData of pkijs, or a ContentInfo around one, as this package has it; pkijs has no AuthEnvelopedData.
 *
 * @throws MailsealError as {@link signedDataFromPkijs}, and as `parseEnvelopedData`.
 * @example
 * ```ts
 * import { type DecryptionKey, openEnveloped } from 'mailseal/cms';
 * import { envelopedDataFromPkijs, type PkijsObject } from 'mailseal/pki';
 *
 * async function opened(enveloped: PkijsObject, key: DecryptionKey): Promise<Uint8Array> {
 *   return (await openEnveloped(envelopedDataFromPkijs(enveloped), { keys: [key] })).content;
 * }
 * ```
 */
export function envelopedDataFromPkijs(object: PkijsObject, options: CmsLimitOptions = {}): EnvelopedData {
  const contentInfo = contentInfoOf(object, 'EnvelopedData', ContentTypeOid.envelopedData, options);
  const enveloped = envelopedDataOf(contentInfo, options);
  if (enveloped instanceof EnvelopedData) return enveloped;
  throw wrongType('envelopedData', contentTypeName(contentInfo.contentType));
}

/**
 * A Certificate of pkijs as this package has it, octet for octet where pkijs read it.
 *
 * @throws MailsealError `usage` and `cms-wrong-type` as {@link signedDataFromPkijs}; as `parseCertificate`.
 * @example
 * ```ts
 * import { certificateFromPkijs, type PkijsObject } from 'mailseal/pki';
 *
 * function addresses(certificate: PkijsObject): readonly string[] {
 *   return certificateFromPkijs(certificate).emailAddresses;
 * }
 * ```
 */
export function certificateFromPkijs(object: PkijsObject): Certificate {
  assertClass(object, ['Certificate']);
  return parseCertificate(octetsOf(object));
}

/**
 * Hands a SignedData, EnvelopedData or Certificate over to pkijs.
 *
 * @param value what was read here
 * @param pkijsClass the class of pkijs that it shall be of, which bears the same name
 * @throws MailsealError `usage` for another value; what pkijs throws where it cannot read it is the `cause` of `cms-unsupported`.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData } from 'mailseal/cms';
 * import { type PkijsClass, toPkijs } from 'mailseal/pki';
 *
 * function handOver<Pkijs>(SignedData: PkijsClass<Pkijs>): Pkijs {
 *   return toPkijs(parseSignedData(readFileSync('test/vectors/demo/smime.p7s')), SignedData);
 * }
 * ```
 */
export function toPkijs<Pkijs>(
  value: SignedData | EnvelopedData | Certificate,
  pkijsClass: PkijsClass<Pkijs>,
): Pkijs {
  const octets = ownOctets(value);
  if (typeof pkijsClass?.fromBER !== 'function') {
    throw usage('a class of pkijs is wanted, which has fromBER');
  }
  try {
    // A copy: asn1js keeps views of what it is given.
    return pkijsClass.fromBER(octets.slice()) as Pkijs;
  } catch (cause) {
    throw new MailsealError('cms-unsupported', 'pkijs cannot read it', { cause });
  }
}

function ownOctets(value: SignedData | EnvelopedData | Certificate): Bytes {
  if (value instanceof Certificate) return value.bytes;
  if (value instanceof SignedData || value instanceof EnvelopedData) return value.node.bytes;
  throw usage('a SignedData, EnvelopedData or Certificate of this package is wanted');
}

function contentInfoOf(
  object: PkijsObject,
  name: string,
  contentType: string,
  options: CmsLimitOptions,
): ContentInfo {
  const className = assertClass(object, [name, 'ContentInfo']);
  const octets = octetsOf(object);
  const wrapped =
    className === 'ContentInfo' ? octets : derSequence(derOid(contentType), derExplicit(0, octets));
  return parseContentInfo(wrapped, options);
}

function assertClass(object: PkijsObject, names: readonly string[]): string | undefined {
  if (typeof object?.toSchema !== 'function') {
    throw usage('an object of pkijs is wanted, which has toSchema');
  }
  const { className } = object;
  if (className !== undefined && !names.includes(className)) throw wrongType(names[0]!, className);
  return className;
}

function wrongType(wanted: string, is: string): MailsealError {
  return new MailsealError('cms-wrong-type', `${wanted} is wanted, this is ${is}`);
}

function octetsOf(object: PkijsObject): Bytes {
  try {
    return asBytes(new Uint8Array(object.toSchema().toBER(false)));
  } catch (cause) {
    throw new MailsealError('usage', 'pkijs cannot write the object; was it signed or encrypted?', { cause });
  }
}
