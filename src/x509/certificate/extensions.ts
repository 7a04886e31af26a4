import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import {
  bitAt,
  bitString,
  decodeBoolean,
  octetString,
  sequenceOf,
  stringOctets,
  unexpected,
} from '../../asn1/values.js';
import type { Bytes } from '../../core/bytes.js';
import { certificateCount, taggedFields } from './extension-syntax.js';
import { type GeneralName, generalName } from './general-name.js';

/** Object identifiers of the extensions known here (RFC 5280 §4.2, §5.2, and others). */
export const ExtensionOid = {
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  privateKeyUsagePeriod: '2.5.29.16',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  qcStatements: '1.3.6.1.5.5.7.1.3',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  smimeCapabilities: '1.2.840.113549.1.9.15',
  certificateTemplateName: '1.3.6.1.4.1.311.20.2',
  certificateTemplate: '1.3.6.1.4.1.311.21.7',
  applicationPolicies: '1.3.6.1.4.1.311.21.10',
  netscapeCertType: '2.16.840.1.113730.1.1',
  netscapeComment: '2.16.840.1.113730.1.13',
} as const;

/** One extension of a certificate: its type, whether it is critical, and the DER of its value. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Bytes;
}

/** basicConstraints (RFC 5280 §4.2.1.9). */
export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | undefined;
}

/** A bit of keyUsage (RFC 5280 §4.2.1.3), in the order of the bits. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** All bits of keyUsage in their order. */
export const keyUsages: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** The key purpose of S/MIME (RFC 5280 §4.2.1.12), id-kp-emailProtection. */
export const emailProtectionOid = '1.3.6.1.5.5.7.3.4';
/** anyExtendedKeyUsage (RFC 5280 §4.2.1.12). */
export const anyExtendedKeyUsageOid = '2.5.29.37.0';

/** The fields of authorityKeyIdentifier (RFC 5280 §4.2.1.1) that help to find the issuer. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Bytes | undefined;
  readonly issuer: readonly GeneralName[];
  readonly serialNumber: Bytes | undefined;
}

/** Reads Extensions: of a certificate, a CRL or an entry of one. */
export function readExtensions(node: BerNode): Extension[] {
  return sequenceOf(node, 'Extensions').map(readExtension);
}

function readExtension(node: BerNode): Extension {
  const fields = sequenceOf(node, 'an Extension');
  const hasFlag = fields[1]?.is(Tag.Boolean) === true;
  const type = fields[0];
  const value = fields[hasFlag ? 2 : 1];
  if (type === undefined || value === undefined || fields.length > (hasFlag ? 3 : 2))
    throw unexpected(node, 'an Extension');
  return {
    oid: decodeOid(type),
    critical: hasFlag && decodeBoolean(fields[1]!),
    value: octetString(value),
  };
}

/** Whether a type stands twice among extensions (RFC 5280 §4.2 forbids it). */
export function hasRepetition(extensions: readonly Extension[]): boolean {
  const { length } = extensions;
  if (length > fewExtensions) return new Set(extensions.map(({ oid }) => oid)).size !== length;
  for (let i = 1; i < length; i++) {
    for (let k = 0; k < i; k++) if (extensions[i]!.oid === extensions[k]!.oid) return true;
  }
  return false;
}

/** Up to so many, comparing each with each is faster than a set. */
const fewExtensions = 16;

/** Reads the value of basicConstraints. */
export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const node = readBer(value);
  const fields = sequenceOf(node, 'BasicConstraints');
  const first = fields[0];
  const ca = first?.is(Tag.Boolean) === true ? first : undefined;
  const place = ca === undefined ? 0 : 1;
  const length = fields[place];
  if (fields.length > place + 1) throw unexpected(node, 'BasicConstraints');
  return {
    ca: ca !== undefined && decodeBoolean(ca),
    pathLength: length && certificateCount(length),
  };
}

/** Reads the value of keyUsage. */
export function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const bits = bitString(readBer(value));
  const usage = new Set<KeyUsage>();
  for (let n = 0; n < keyUsages.length; n++) if (bitAt(bits, n)) usage.add(keyUsages[n]!);
  return usage;
}

/** Reads the value of extendedKeyUsage: dotted OIDs. */
export function readExtendedKeyUsage(value: Uint8Array): readonly string[] {
  return sequenceOf(readBer(value), 'ExtKeyUsageSyntax').map(decodeOid);
}

/** Reads GeneralNames, the value of subjectAltName and issuerAltName. */
export function readGeneralNames(value: Uint8Array): readonly GeneralName[] {
  return sequenceOf(readBer(value), 'GeneralNames').map(generalName);
}

/** Reads the value of authorityKeyIdentifier. */
export function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const [keyIdentifier, issuer, serialNumber] = taggedFields(readBer(value), 3, 'an AuthorityKeyIdentifier');
  return {
    keyIdentifier: keyIdentifier && stringOctets(keyIdentifier, Tag.OctetString),
    issuer: issuer?.children.map(generalName) ?? [],
    serialNumber: serialNumber?.content,
  };
}
