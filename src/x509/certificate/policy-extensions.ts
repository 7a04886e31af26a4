import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer } from '../../asn1/reader.js';
import { decodeInteger, decodeString, isString, sequenceOf, unexpected } from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { certificateCount, implicitCount, nonEmptySequence, taggedFields } from './extension-syntax.js';

/** anyPolicy (RFC 5280 §4.2.1.4), which stands for every policy. */
export const anyPolicyOid = '2.5.29.32.0';

/** What a policy says of itself (RFC 5280 §4.2.1.4); `other` where the type is unknown or the value is not what its type says. */
export type PolicyQualifier =
  | { readonly kind: 'cps'; readonly uri: string }
  | {
      readonly kind: 'userNotice';
      readonly explicitText: string | undefined;
      readonly organization: string | undefined;
      readonly noticeNumbers: readonly number[];
    }
  | { readonly kind: 'other'; readonly type: string; readonly value: Bytes };

/** One PolicyInformation of certificatePolicies. */
export interface PolicyInformation {
  /** Dotted OID. */
  readonly policy: string;
  readonly qualifiers: readonly PolicyQualifier[];
}

/** One pair of policyMappings (RFC 5280 §4.2.1.5), dotted OIDs. */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

/** policyConstraints (RFC 5280 §4.2.1.11): after how many more certificates each rule holds. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

/** Reads the value of certificatePolicies. RFC 5280 §4.2.1.4: no policy stands twice. */
export function readCertificatePolicies(value: Uint8Array): readonly PolicyInformation[] {
  const node = readBer(value);
  const policies = nonEmptySequence(node, 'CertificatePolicies').map(policyInformation);
  if (new Set(policies.map(({ policy }) => policy)).size < policies.length)
    throw new MailsealError('x509-malformed', 'a policy stands twice in certificatePolicies', {
      offset: node.start,
    });
  return policies;
}

function policyInformation(node: BerNode): PolicyInformation {
  const [policy, qualifiers, ...more] = sequenceOf(node, 'a PolicyInformation');
  if (policy === undefined || more.length > 0) throw unexpected(node, 'a PolicyInformation');
  return {
    policy: decodeOid(policy),
    qualifiers:
      qualifiers === undefined ? [] : sequenceOf(qualifiers, 'policyQualifiers').map(policyQualifier),
  };
}

function policyQualifier(node: BerNode): PolicyQualifier {
  const [type, value, ...more] = sequenceOf(node, 'a PolicyQualifierInfo');
  if (type === undefined || value === undefined || more.length > 0)
    throw unexpected(node, 'a PolicyQualifierInfo');
  const oid = decodeOid(type);
  if (oid === '1.3.6.1.5.5.7.2.1' && isString(value)) return { kind: 'cps', uri: decodeString(value) };
  const notice = oid === '1.3.6.1.5.5.7.2.2' ? userNotice(value) : undefined;
  return notice ?? { kind: 'other', type: oid, value: value.bytes };
}

/** Qualifiers are for people and decide nothing: a damaged one is shown as it is. */
function userNotice(node: BerNode): PolicyQualifier | undefined {
  try {
    const fields = [...sequenceOf(node, 'a UserNotice')];
    const reference = fields[0] !== undefined && !isString(fields[0]) ? fields.shift() : undefined;
    const [text, ...more] = fields;
    const [organization, numbers, ...others] = reference === undefined ? [] : sequenceOf(reference);
    if (more.length + others.length > 0) return undefined;
    return {
      kind: 'userNotice',
      explicitText: text && decodeString(text),
      organization: organization && decodeString(organization),
      noticeNumbers: numbers === undefined ? [] : sequenceOf(numbers).map(decodeInteger),
    };
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

/** Reads the value of policyMappings. */
export function readPolicyMappings(value: Uint8Array): readonly PolicyMapping[] {
  return nonEmptySequence(readBer(value), 'PolicyMappings').map((node) => {
    const [issuer, subject, ...more] = sequenceOf(node, 'a policy mapping');
    if (issuer === undefined || subject === undefined || more.length > 0)
      throw unexpected(node, 'a policy mapping');
    return { issuerDomainPolicy: decodeOid(issuer), subjectDomainPolicy: decodeOid(subject) };
  });
}

/** Reads the value of policyConstraints. */
export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const [explicit, mapping] = taggedFields(readBer(value), 2, 'PolicyConstraints');
  return {
    requireExplicitPolicy: explicit && implicitCount(explicit),
    inhibitPolicyMapping: mapping && implicitCount(mapping),
  };
}

/** Reads the value of inhibitAnyPolicy (RFC 5280 §4.2.1.14). */
export function readInhibitAnyPolicy(value: Uint8Array): number {
  return certificateCount(readBer(value));
}
