import { Tag } from '../../asn1/reader.js';
import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derIa5String,
  derInteger,
  derOctetString,
  derOfPieces,
  derOid,
  derSequence,
  derUtf8String,
} from '../../asn1/writer.js';
import { asBytes, type Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import { shown } from '../../core/shown.js';
import {
  type DistributionPoint,
  type DistributionPointName,
  type ReasonFlag,
  reasonFlags,
} from '../../x509/certificate/distribution-points.js';
import { type Extension, ExtensionOid, type KeyUsage, keyUsages } from '../../x509/certificate/extensions.js';
import type { GeneralName } from '../../x509/certificate/general-name.js';
import { matcherOf } from '../../x509/path/name-forms.js';
import { encodedNames, encodeGeneralName, encodeGeneralNames, uriName } from './general-name-writer.js';
import { givenList, givenObject, givenSome, givenText } from './given.js';

/** Extensions (RFC 5280 §4.1.2.9); a type that stands twice is `usage` (§4.2). */
export function encodeExtensions(extensions: readonly Extension[]): Bytes {
  const seen = new Set<string>();
  const elements = extensions.map((each) => {
    const { oid, critical, value } = givenObject(each, 'extensions');
    if (seen.has(oidText(oid))) {
      throw usage(`the extension ${oid} is written already; it may stand once only`);
    }
    seen.add(oid);
    return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(asBytes(value)));
  });
  return derOfPieces(Tag.Sequence, elements);
}

/** basicConstraints of an authority, critical (RFC 5280 §4.2.1.9). */
export function authorityConstraints(pathLength: number | undefined): Extension {
  const length = pathLength === undefined ? [] : [derInteger(count('pathLength', pathLength))];
  return extension(ExtensionOid.basicConstraints, true, derSequence(derBoolean(true), ...length));
}

function count(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw usage(`${field} is a number of certificates: 0, 1, 2, …`);
  }
  return value;
}

/** keyUsage, critical (RFC 5280 §4.2.1.3). */
export function keyUsage(usages: ReadonlySet<KeyUsage>): Extension {
  return extension(ExtensionOid.keyUsage, true, namedBits(keyUsages, usages));
}

function oidText(oid: string): string {
  return givenText(oid, 'an OID');
}

/** A named bit list: no zero bits at its end (X.690 §11.2.2). */
function namedBits<Flag>(flags: readonly Flag[], given: ReadonlySet<Flag>): Bytes {
  for (const flag of given) if (!flags.includes(flag)) throw usage(`there is no flag ${shown(flag)}`);
  const bits = flags.flatMap((flag, n) => (given.has(flag) ? [n] : []));
  const last = bits.at(-1);
  if (last === undefined) return derBitString(new Uint8Array(0));
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return derBitString(octets, 7 - (last & 7));
}

/** extendedKeyUsage, not critical: mail programs have refused what says it were (RFC 8550 §4.4.4). */
export function extendedKeyUsage(purposes: readonly string[]): Extension {
  const values = givenSome(purposes, 'purposes', '4.2.1.12').map((purpose) => derOid(oidText(purpose)));
  return extension(ExtensionOid.extendedKeyUsage, false, derOfPieces(Tag.Sequence, values));
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
export function nameConstraints(given: NameConstraintsInput): Extension {
  const { permitted = [], excluded = [] } = givenObject(given, 'nameConstraints');
  if (givenList(permitted, 'permitted').length + givenList(excluded, 'excluded').length === 0) {
    throw usage('nameConstraints permit or exclude at least one name');
  }
  const subtrees = (tag: number, names: readonly GeneralName[]): Bytes[] =>
    names.length === 0 ? [] : [derOfPieces(tag, names.map(subtree))];
  const value = derSequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded));
  return extension(ExtensionOid.nameConstraints, true, value);
}

function subtree(base: GeneralName): Bytes {
  const encoded = derSequence(encodeGeneralName(base));
  // A constraint that cannot be processed takes every name of its kind from everybody.
  if (matcherOf(base) === undefined) {
    throw usage(
      `a name constraint of the kind ${base.kind} is not what RFC 5280 §4.2.1.10 defines: a mailbox, host or .domain, a distinguished name, an address and its mask (8 or 32 octets)`,
    );
  }
  return encoded;
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
  const seen = new Set<string>();
  const values = givenSome(policies, 'policies', '4.2.1.4').map((given) => {
    const { policy, cps, notice }: PolicyInput =
      typeof given === 'string' ? { policy: given } : givenObject(given, 'policies');
    const qualifiers: Bytes[] = [];
    if (seen.has(oidText(policy))) {
      throw usage(`the policy ${policy} is given twice (RFC 5280 §4.2.1.4)`);
    }
    seen.add(policy);
    if (cps !== undefined) {
      qualifiers.push(derSequence(derOid('1.3.6.1.5.5.7.2.1'), derIa5String(givenText(cps, 'cps'))));
    }
    if (notice !== undefined) {
      const { length } = [...givenText(notice, 'notice')];
      if (length === 0 || length > 200) throw usage('the notice of a policy has 1 to 200 characters');
      qualifiers.push(derSequence(derOid('1.3.6.1.5.5.7.2.2'), derSequence(derUtf8String(notice))));
    }
    return derSequence(derOid(policy), ...(qualifiers.length === 0 ? [] : [derSequence(...qualifiers)]));
  });
  return extension(ExtensionOid.certificatePolicies, false, derOfPieces(Tag.Sequence, values));
}

/** After how many more certificates a rule on policies holds (RFC 5280 §4.2.1.11, §4.2.1.14); 0: at once. */
export interface PolicyConstraintsInput {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
  readonly inhibitAnyPolicy?: number;
}

/** policyConstraints and inhibitAnyPolicy, as many of them as say something; both critical. */
export function policyConstraints(given: PolicyConstraintsInput): Extension[] {
  givenObject(given, 'policyConstraints');
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

const anyPolicyOid = '2.5.29.32.0';

/** policyMappings, critical (RFC 5280 §4.2.1.5): pairs of the issuer's policy and the subject's. */
export function policyMappings(pairs: readonly (readonly [issuer: string, subject: string])[]): Extension {
  const values = givenSome(pairs, 'policyMappings', '4.2.1.5').map((pair) => {
    const [issuer, subject] = givenList(pair as readonly string[], 'each of policyMappings');
    if (issuer === undefined || subject === undefined) throw usage('each of policyMappings is two OIDs');
    // RFC 5280 §4.2.1.5: policies are mapped neither to nor from anyPolicy.
    if (issuer === anyPolicyOid || subject === anyPolicyOid) {
      throw usage('anyPolicy is not mapped, neither to another nor from it (RFC 5280 §4.2.1.5)');
    }
    return derSequence(derOid(oidText(issuer)), derOid(oidText(subject)));
  });
  return extension(ExtensionOid.policyMappings, true, derOfPieces(Tag.Sequence, values));
}

/** cRLDistributionPoints or freshestCRL, not critical (RFC 5280 §4.2.1.13, §4.2.1.15). A string is the URI of the CRL. */
export function distributionPoints(
  oid: typeof ExtensionOid.crlDistributionPoints | typeof ExtensionOid.freshestCrl,
  points: readonly (string | DistributionPoint)[],
): Extension {
  const values = givenSome(points, 'distribution points', '4.2.1.13').map((given) => {
    if (typeof given === 'string') return derSequence(derExplicit(0, der(0xa0, uriName(given))));
    const point = givenObject(given, 'distribution points');
    const issuers = givenList(point.crlIssuer ?? [], 'crlIssuer');
    // RFC 5280 §4.2.1.13: reasons alone are no distribution point.
    if (point.name === undefined && issuers.length === 0) {
      throw usage('a distribution point has a name or a crlIssuer (RFC 5280 §4.2.1.13)');
    }
    const name = point.name === undefined ? [] : [derExplicit(0, distributionPointName(point.name))];
    const reasons = point.reasons === undefined ? [] : [reasonBits(1, point.reasons)];
    const issuer = issuers.length === 0 ? [] : [derOfPieces(0xa2, issuers.map(encodeGeneralName))];
    return derSequence(...name, ...reasons, ...issuer);
  });
  return extension(oid, false, derOfPieces(Tag.Sequence, values));
}

/** DistributionPointName, of which the tag around it is the caller's. */
export function distributionPointName(name: DistributionPointName): Bytes {
  givenObject(name, 'the name of a distribution point');
  if (name.kind === 'fullName') return derOfPieces(0xa0, encodedNames(name.names, 'the names of a CRL'));
  // RFC 5280 §4.2.1.13: one RelativeDistinguishedName, which is not empty.
  const relative =
    name.kind === 'nameRelativeToCRLIssuer' ? asBytes(name.relativeName).slice() : new Uint8Array(0);
  if (relative[0] !== Tag.Set || relative.length < 4) {
    throw usage('a distribution point is named by a fullName or by the DER of a RelativeDistinguishedName');
  }
  relative[0] = 0xa1;
  return relative;
}

/** ReasonFlags under an implicit tag. `unused` is no reason, and no reason is nothing to say. */
export function reasonBits(tag: number, reasons: ReadonlySet<ReasonFlag>): Bytes {
  if (!(reasons instanceof Set) || reasons.size === 0 || reasons.has('unused')) {
    throw usage('reasons, where given, are a Set of one at least, without "unused" (RFC 5280 §4.2.1.13)');
  }
  const bits = namedBits(reasonFlags, reasons);
  bits[0] = 0x80 | tag;
  return bits;
}

/** authorityInfoAccess, not critical (RFC 5280 §4.2.2.1). */
export function authorityInfoAccess(ocsp: readonly string[], issuers: readonly string[]): Extension {
  const access = (oid: string) => (uri: string) => derSequence(derOid(oid), uriName(uri));
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
