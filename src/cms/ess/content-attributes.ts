import { decodeOid } from '../../asn1/oid.js';
import { Tag } from '../../asn1/reader.js';
import { decodeString, octetString, sequenceOf, unexpected } from '../../asn1/values.js';
import { derOctetString, derOid, derSequence, derUtf8String } from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { type CmsAttribute, singleValue } from '../attributes.js';
import { AttributeOid } from '../oids.js';
import type { AttributeInput } from '../sign/signing-key.js';

/** What a content inside others is (RFC 2634 §2.9). */
export interface ContentHints {
  /** Dotted OID of the innermost content. */
  readonly contentType: string;
  /** Words for people. */
  readonly description?: string;
}

/** Another SignedData that this one is about (RFC 2634 §2.11). */
export interface ContentReference {
  /** Dotted OID of what its content is. */
  readonly contentType: string;
  /** What its signer calls it. */
  readonly contentIdentifier: Bytes;
  /** The very signature. */
  readonly originatorSignature: Bytes;
}

/**
 * The contentIdentifier attribute (RFC 2634 §2.7): what the signer calls the content; `undefined` where there is none.
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { contentIdentifierAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && contentIdentifierAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function contentIdentifierAttribute(attributes: readonly CmsAttribute[]): Bytes | undefined {
  const value = singleValue(attributes, AttributeOid.contentIdentifier);
  return value && octetString(value);
}

/**
 * The contentHints attribute (RFC 2634 §2.9); `undefined` where there is none. Throws as {@link contentIdentifierAttribute}.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { contentHintsAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && contentHintsAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function contentHintsAttribute(attributes: readonly CmsAttribute[]): ContentHints | undefined {
  const value = singleValue(attributes, AttributeOid.contentHints);
  if (value === undefined) return undefined;
  const elements = sequenceOf(value, 'ContentHints');
  const [description, type] = elements.length === 1 ? [undefined, elements[0]] : elements;
  if (type === undefined) throw unexpected(value, 'ContentHints');
  const contentType = decodeOid(type);
  return description === undefined
    ? { contentType }
    : { contentType, description: decodeString(description) };
}

/**
 * The contentReference attribute (RFC 2634 §2.11); `undefined` where there is none. Throws as {@link contentIdentifierAttribute}.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { contentReferenceAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && contentReferenceAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function contentReferenceAttribute(attributes: readonly CmsAttribute[]): ContentReference | undefined {
  const value = singleValue(attributes, AttributeOid.contentReference);
  if (value === undefined) return undefined;
  const [type, identifier, signature] = sequenceOf(value, 'a ContentReference');
  if (type?.is(Tag.ObjectIdentifier) !== true || identifier === undefined || signature === undefined) {
    throw unexpected(value, 'a ContentReference');
  }
  return {
    contentType: decodeOid(type),
    contentIdentifier: octetString(identifier),
    originatorSignature: octetString(signature),
  };
}

/**
 * The contentIdentifier attribute for `signedAttributes` of a `SigningKey`, so that others can refer to the content.
 *
 * @throws MailsealError `usage` where it has no octets.
 * @example
 * ```ts
 * import { contentIdentifier } from 'mailseal/cms';
 *
 * console.log(contentIdentifier(crypto.getRandomValues(new Uint8Array(16))).type); // 1.2.840.113549.1.9.16.2.7
 * ```
 */
export function contentIdentifier(identifier: Uint8Array): AttributeInput {
  return { type: AttributeOid.contentIdentifier, values: [derOctetString(someOctets(identifier))] };
}

/**
 * The contentHints attribute for `signedAttributes` of a `SigningKey`; RFC 2634 §2.9 wants it where what is signed is encrypted.
 * @example
 * ```ts
 * import { contentHints } from 'mailseal/cms';
 *
 * console.log(contentHints({ contentType: '1.2.840.113549.1.9.16.1.1' }).type); // 1.2.840.113549.1.9.16.2.4
 * ```
 */
export function contentHints({ contentType, description }: ContentHints): AttributeInput {
  const words = description === undefined ? [] : [derUtf8String(description)];
  return { type: AttributeOid.contentHints, values: [derSequence(...words, derOid(contentType))] };
}

/**
 * The contentReference attribute for `signedAttributes` of a `SigningKey`.
 *
 * @throws MailsealError `usage` where identifier or signature have no octets.
 * @example
 * ```ts
 * import { contentReference, type SignedData } from 'mailseal/cms';
 *
 * function answerTo(original: SignedData, contentIdentifier: Uint8Array<ArrayBuffer>) {
 *   const { eContentType: contentType, signers } = original;
 *   return contentReference({ contentType, contentIdentifier, originatorSignature: signers[0]!.signature });
 * }
 * ```
 */
export function contentReference(reference: ContentReference): AttributeInput {
  const value = derSequence(
    derOid(reference.contentType),
    derOctetString(someOctets(reference.contentIdentifier)),
    derOctetString(someOctets(reference.originatorSignature)),
  );
  return { type: AttributeOid.contentReference, values: [value] };
}

function someOctets(octets: Uint8Array): Bytes {
  const given = asBytes(octets);
  if (given.length === 0) throw usage('the identifier or signature has no octets');
  return given;
}
