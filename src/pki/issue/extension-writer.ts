import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derIa5String,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derUtf8String,
} from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import {
  type DistributionPoint,
  type DistributionPointName,
  type ReasonFlag,
  reasonFlags,
} from '../../x509/certificate/distribution-points.js';
import { type Extension, ExtensionOid, type KeyUsage, keyUsages } from '../../x509/certificate/extensions.js';
import type { GeneralName } from '../../x509/certificate/general-name.js';
import { encodeGeneralName, encodeGeneralNames } from './general-name-writer.js';

/** Extensions (RFC 5280 §4.1.2.9); a type that stands twice is `usage` (§4.2). */
export function encodeExtensions(extensions: readonly Extension[]): Bytes {
  const oids = extensions.map(({ oid }) => oid);
  const twice = oids.find((oid, n) => oids.indexOf(oid) < n);
  if (twice !== undefined) {
    throw new MailsealError('usage', `the extension ${twice} is written already; it may stand once only`);
  }
  return derSequence(
    ...extensions.map(({ oid, critical, value }) =>
      derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value)),
    ),
  );
}

/** basicConstraints of an authority, critical (RFC 5280 §4.2.1.9). */
export function authorityConstraints(pathLength: number | undefined): Extension {
  const length = pathLength === undefined ? [] : [derInteger(count('pathLength', pathLength))];
  return extension(ExtensionOid.basicConstraints, true, derSequence(derBoolean(true), ...length));
}

function count(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new MailsealError('usage', `${field} is a number of certificates: 0, 1, 2, …`);
  }
  return value;
}

/** keyUsage, critical (RFC 5280 §4.2.1.3). */
export function keyUsage(usages: ReadonlySet<KeyUsage>): Extension {
  return extension(ExtensionOid.keyUsage, true, namedBits(keyUsages, usages));
}

/** A named bit list: no zero bits at its end (X.690 §11.2.2). */
function namedBits<Flag>(flags: readonly Flag[], given: ReadonlySet<Flag>): Bytes {
  const bits = flags.flatMap((flag, n) => (given.has(flag) ? [n] : []));
  const last = bits.at(-1);
  if (last === undefined) return derBitString(new Uint8Array(0));
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return derBitString(octets, 7 - (last & 7));
}

/** extendedKeyUsage, not critical: mail programs have refused what says it were (RFC 8550 §4.4.4). */
export function extendedKeyUsage(purposes: readonly string[]): Extension {
  return extension(ExtensionOid.extendedKeyUsage, false, derSequence(...purposes.map(derOid)));
}

/** subjectAltName, critical where the subject is empty (RFC 5280 §4.2.1.6). */
export function subjectAltName(names: readonly GeneralName[], critical: boolean): Extension {
  return extension(ExtensionOid.subjectAltName, critical, encodeGeneralNames(names));
}

/** subjectKeyIdentifier (RFC 5280 §4.2.1.2). */
export function subjectKeyIdentifier(identifier: Uint8Array): Extension {
  return extension(ExtensionOid.subjectKeyIdentifier, false, derOctetString(identifier));
}

/** authorityKeyIdentifier with the key identifier alone (RFC 5280 §4.2.1.1). */
export function authorityKeyIdentifier(identifier: Uint8Array): Extension {
  return extension(ExtensionOid.authorityKeyIdentifier, false, derSequence(der(0x80, identifier)));
}

/** Names that certificates below an authority may have, or may not. A list that is left out says nothing. */
export interface NameConstraintsInput {
  readonly permitted?: readonly GeneralName[];
  readonly excluded?: readonly GeneralName[];
}

/** nameConstraints, critical (RFC 5280 §4.2.1.10): minimum 0 and no maximum, as the profile wants. */
export function nameConstraints({ permitted = [], excluded = [] }: NameConstraintsInput): Extension {
  if (permitted.length + excluded.length === 0) {
    throw new MailsealError('usage', 'nameConstraints permit or exclude at least one name');
  }
  const subtrees = (tag: number, names: readonly GeneralName[]): Bytes[] =>
    names.length === 0 ? [] : [der(tag, ...names.map((name) => derSequence(encodeGeneralName(name))))];
  const value = derSequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded));
  return extension(ExtensionOid.nameConstraints, true, value);
}

/** A policy by its dotted OID, with where it is written down and what a reader shall be told, if anything. */
export interface PolicyInput {
  readonly policy: string;
  /** URI of the certification practice statement. */
  readonly cps?: string;
  /** 1 to 200 characters for people. */
  readonly notice?: string;
}

/** certificatePolicies, not critical (RFC 5280 §4.2.1.4). A string is the dotted OID alone. */
export function certificatePolicies(policies: readonly (string | PolicyInput)[]): Extension {
  const values = policies.map((given) => {
    const { policy, cps, notice } = typeof given === 'string' ? { policy: given } : (given as PolicyInput);
    const qualifiers: Bytes[] = [];
    if (cps !== undefined) qualifiers.push(derSequence(derOid('1.3.6.1.5.5.7.2.1'), derIa5String(cps)));
    if (notice !== undefined) {
      if (notice.length === 0 || [...notice].length > 200) {
        throw new MailsealError('usage', 'the notice of a policy has 1 to 200 characters');
      }
      qualifiers.push(derSequence(derOid('1.3.6.1.5.5.7.2.2'), derSequence(derUtf8String(notice))));
    }
    return derSequence(derOid(policy), ...(qualifiers.length === 0 ? [] : [derSequence(...qualifiers)]));
  });
  return extension(ExtensionOid.certificatePolicies, false, derSequence(...values));
}

/** After how many more certificates a rule on policies holds (RFC 5280 §4.2.1.11, §4.2.1.14); 0: at once. */
export interface PolicyConstraintsInput {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
  readonly inhibitAnyPolicy?: number;
}

/** policyConstraints and inhibitAnyPolicy, as many of them as say something; both critical. */
export function policyConstraints(given: PolicyConstraintsInput): Extension[] {
  const fields = (['requireExplicitPolicy', 'inhibitPolicyMapping'] as const).flatMap((field, tag) => {
    const value = given[field];
    return value === undefined ? [] : [der(0x80 | tag, derInteger(count(field, value)).subarray(2))];
  });
  const list =
    fields.length === 0 ? [] : [extension(ExtensionOid.policyConstraints, true, derSequence(...fields))];
  const { inhibitAnyPolicy } = given;
  if (inhibitAnyPolicy === undefined) return list;
  const skipped = derInteger(count('inhibitAnyPolicy', inhibitAnyPolicy));
  return [...list, extension(ExtensionOid.inhibitAnyPolicy, true, skipped)];
}

/** policyMappings, critical (RFC 5280 §4.2.1.5): pairs of the issuer's policy and the subject's. */
export function policyMappings(pairs: readonly (readonly [issuer: string, subject: string])[]): Extension {
  const value = derSequence(
    ...pairs.map(([issuer, subject]) => derSequence(derOid(issuer), derOid(subject))),
  );
  return extension(ExtensionOid.policyMappings, true, value);
}

/** cRLDistributionPoints or freshestCRL, not critical (RFC 5280 §4.2.1.13, §4.2.1.15). A string is the URI of the CRL. */
export function distributionPoints(
  oid: typeof ExtensionOid.crlDistributionPoints | typeof ExtensionOid.freshestCrl,
  points: readonly (string | DistributionPoint)[],
): Extension {
  const values = points.map((point) => {
    if (typeof point === 'string') return derSequence(derExplicit(0, uriName(point)));
    const name = point.name === undefined ? [] : [derExplicit(0, distributionPointName(point.name))];
    const reasons = point.reasons === undefined ? [] : [reasonBits(1, point.reasons)];
    const issuer = point.crlIssuer.length === 0 ? [] : [der(0xa2, ...point.crlIssuer.map(encodeGeneralName))];
    return derSequence(...name, ...reasons, ...issuer);
  });
  return extension(oid, false, derSequence(...values));
}

function uriName(uri: string): Bytes {
  return der(0xa0, encodeGeneralName({ kind: 'uniformResourceIdentifier', value: uri }));
}

/** DistributionPointName, of which the tag around it is the caller's. */
export function distributionPointName(name: DistributionPointName): Bytes {
  if (name.kind === 'fullName') return der(0xa0, ...name.names.map(encodeGeneralName));
  const relative = name.relativeName.slice();
  relative[0] = 0xa1;
  return relative;
}

/** ReasonFlags under an implicit tag. */
export function reasonBits(tag: number, reasons: ReadonlySet<ReasonFlag>): Bytes {
  const bits = namedBits(reasonFlags, reasons);
  bits[0] = 0x80 | tag;
  return bits;
}

/** authorityInfoAccess, not critical (RFC 5280 §4.2.2.1). */
export function authorityInfoAccess(ocsp: readonly string[], issuers: readonly string[]): Extension {
  const access = (oid: string) => (uri: string) =>
    derSequence(derOid(oid), encodeGeneralName({ kind: 'uniformResourceIdentifier', value: uri }));
  return extension(
    ExtensionOid.authorityInfoAccess,
    false,
    derSequence(...ocsp.map(access('1.3.6.1.5.5.7.48.1')), ...issuers.map(access('1.3.6.1.5.5.7.48.2'))),
  );
}

/** An Extension of that value. */
export function extension(oid: string, critical: boolean, value: Bytes): Extension {
  return { oid, critical, value };
}
