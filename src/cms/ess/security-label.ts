import { decodeOid, oidContent, oidFromContent } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeInteger, decodeString, sequenceOf, setOf, unexpected } from '../../asn1/values.js';
import {
  der,
  derExplicit,
  derInteger,
  derOid,
  derSequence,
  derSetOf,
  derUtf8String,
} from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { type CmsAttribute, singleValue } from '../attributes.js';
import { AttributeOid } from '../oids.js';
import type { AttributeInput } from '../sign/signing-key.js';

/** A category of a security label, whose meaning the policy gives (RFC 2634 §3.3.4). */
export interface SecurityCategory {
  /** Dotted OID. */
  readonly type: string;
  /** DER of the value. */
  readonly value: Bytes;
}

/** An ESSSecurityLabel (RFC 2634 §3.2): how the content is to be handled, by a policy that sender and recipient share. */
export interface SecurityLabel {
  /** Dotted OID of the policy, which says what everything else means. */
  readonly policy: string;
  /** 0 to 256. Of X.411: 0 unmarked, 1 unclassified, 2 restricted, 3 confidential, 4 secret, 5 top secret. */
  readonly classification?: number;
  /** Words for people; nothing to decide by. */
  readonly privacyMark?: string;
  readonly categories?: readonly SecurityCategory[];
}

/** ub-integer-options and ub-security-categories of RFC 2634 §3.2. */
const bounds = { classification: 256, categories: 64 };

/**
 * The eSSSecurityLabel attribute (RFC 2634 §3.2); `undefined` where there is none. Only that of a
 * signature that was verified counts (§3.1.2).
 *
 * @throws MailsealError `cms-malformed` where it stands twice or has several values, an
 * `asn1-*` code where its value is damaged.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, securityLabelAttribute } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && securityLabelAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function securityLabelAttribute(attributes: readonly CmsAttribute[]): SecurityLabel | undefined {
  const value = singleValue(attributes, AttributeOid.securityLabel);
  return value && readLabel(value);
}

/**
 * The equivalentLabels attribute (RFC 2634 §3.4): the same in the words of other policies;
 * `undefined` where there is none. It counts only where the label's own policy is not understood, and the
 * signer is trusted to translate (§3.4.2). Throws as {@link securityLabelAttribute}.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { equivalentLabelsAttribute, parseSignedData } from 'mailseal/cms';
 *
 * const [signer] = parseSignedData(readFileSync('test/vectors/demo/smime.p7s')).signers;
 * console.log(signer && equivalentLabelsAttribute(signer.signedAttributes)); // undefined
 * ```
 */
export function equivalentLabelsAttribute(attributes: readonly CmsAttribute[]): SecurityLabel[] | undefined {
  const value = singleValue(attributes, AttributeOid.equivalentLabels);
  return value && sequenceOf(value, 'EquivalentLabels').map(readLabel);
}

/** The elements of the SET are told apart by their tags, in whatever order they stand. */
function readLabel(node: BerNode): SecurityLabel {
  const elements = setOf(node, 'an ESSSecurityLabel');
  const one = (...tags: readonly number[]): BerNode | undefined => {
    const found = elements.filter((each) => tags.includes(each.identifier & 0xdf));
    if (found.length > 1) throw unexpected(node, 'an ESSSecurityLabel');
    return found[0];
  };
  const policy = one(Tag.ObjectIdentifier);
  const classification = one(Tag.Integer);
  const mark = one(Tag.PrintableString, Tag.Utf8String);
  const categories = one(Tag.Set & 0xdf);
  const known = [policy, classification, mark, categories].filter((each) => each !== undefined);
  if (policy === undefined || known.length !== elements.length) throw unexpected(node, 'an ESSSecurityLabel');
  return {
    policy: decodeOid(policy),
    ...(classification === undefined ? {} : { classification: classificationOf(classification) }),
    ...(mark === undefined ? {} : { privacyMark: decodeString(mark) }),
    ...(categories === undefined ? {} : { categories: setOf(categories).map(readCategory) }),
  };
}

function classificationOf(node: BerNode): number {
  const number = decodeInteger(node);
  if (number >= 0 && number <= bounds.classification) return number;
  throw unexpected(node, 'a SecurityClassification from 0 to 256');
}

function readCategory(node: BerNode): SecurityCategory {
  const [type, wrapped] = sequenceOf(node, 'a SecurityCategory');
  const value = wrapped?.is(0xa1) === true ? wrapped.children[0] : undefined;
  if (type?.is(0x80) !== true || value === undefined) throw unexpected(node, 'a SecurityCategory');
  return { type: oidFromContent(type.document, type.contentStart, type.contentEnd), value: value.bytes };
}

/**
 * The eSSSecurityLabel attribute for `signedAttributes` of a `SigningKey`; all signers
 * of a content have the same (RFC 2634 §3.1.1).
 *
 * @throws MailsealError `usage` for values out of bounds.
 * @example
 * ```ts
 * import { securityLabel } from 'mailseal/cms';
 *
 * const { type } = securityLabel({ policy: '1.2.392.200000.1', classification: 3, privacyMark: '社外秘' });
 * console.log(type); // 1.2.840.113549.1.9.16.2.2
 * ```
 */
export function securityLabel(label: SecurityLabel): AttributeInput {
  return { type: AttributeOid.securityLabel, values: [encodeLabel(label)] };
}

/**
 * The equivalentLabels attribute for `signedAttributes` of a `SigningKey`. Throws as {@link securityLabel}.
 * @example
 * ```ts
 * import { equivalentLabels } from 'mailseal/cms';
 *
 * console.log(equivalentLabels([{ policy: '1.2.392.200000.2' }]).type); // 1.2.840.113549.1.9.16.2.9
 * ```
 */
export function equivalentLabels(labels: readonly SecurityLabel[]): AttributeInput {
  if (!Array.isArray(labels) || labels.length === 0) throw usage('equivalentLabels are one label or more');
  return { type: AttributeOid.equivalentLabels, values: [derSequence(...labels.map(encodeLabel))] };
}

/** X.690 §10.3: the elements of a SET stand in the order of their tags: 2, 6, 12, 17. */
function encodeLabel({ policy, classification, privacyMark, categories }: SecurityLabel): Bytes {
  const elements: Bytes[] = [];
  if (classification !== undefined) {
    if (!Number.isInteger(classification) || classification < 0 || classification > bounds.classification) {
      throw usage('the classification is a whole number from 0 to 256');
    }
    elements.push(derInteger(classification));
  }
  elements.push(derOid(policy));
  if (privacyMark !== undefined) {
    if (typeof privacyMark !== 'string' || privacyMark === '') throw usage('the privacyMark is a text');
    elements.push(derUtf8String(privacyMark));
  }
  if (categories !== undefined && categories.length > 0) {
    if (categories.length > bounds.categories) throw usage('there are up to 64 categories');
    elements.push(derSetOf(...categories.map(encodeCategory)));
  }
  return der(Tag.Set, ...elements);
}

function encodeCategory({ type, value }: SecurityCategory): Bytes {
  const octets = asBytes(value);
  // Fails where the value is no element, of which the reader would be the victim.
  readBer(octets);
  return derSequence(der(0x80, oidContent(type)), derExplicit(1, octets));
}
