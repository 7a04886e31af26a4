import { decodeOid } from '../../asn1/oid.js';
import { type BerNode, readBer, Tag } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import {
  bitAt,
  bitString,
  decodeInteger,
  decodeString,
  sequenceOf,
  setOf,
  stringOctets,
  unexpected,
} from '../../asn1/values.js';
import { der } from '../../asn1/writer.js';
import type { Bytes } from '../../core/bytes.js';
import { nonEmptySequence, taggedFields } from './extension-syntax.js';

/** An Attribute of subjectDirectoryAttributes (RFC 5280 §4.2.1.8): a dotted OID and the DER of each value. */
export interface DirectoryAttribute {
  readonly type: string;
  readonly values: readonly Bytes[];
}

/** privateKeyUsagePeriod (RFC 3280 §4.2.1.4): when the private key may sign. */
export interface PrivateKeyUsagePeriod {
  readonly notBefore: Date | undefined;
  readonly notAfter: Date | undefined;
}

/** One algorithm that the holder's program can decrypt (RFC 4262, RFC 8551 §2.5.2): a dotted OID, and the DER of its parameters. */
export interface SmimeCapability {
  readonly algorithm: string;
  readonly parameters: Bytes | undefined;
}

/** A statement of a qualified certificate (RFC 3739 §3.2.6): a dotted OID, and the DER of what it adds. */
export interface QcStatement {
  readonly statement: string;
  readonly info: Bytes | undefined;
}

/** Which template an authority of Microsoft's made the certificate by (extension 1.3.6.1.4.1.311.21.7). */
export interface CertificateTemplate {
  /** Dotted OID. */
  readonly template: string;
  readonly majorVersion: number | undefined;
  readonly minorVersion: number | undefined;
}

/** A bit of the Netscape certificate type, in the order of the bits. */
export type NetscapeCertType =
  | 'sslClient'
  | 'sslServer'
  | 'smime'
  | 'objectSigning'
  | 'reserved'
  | 'sslCA'
  | 'smimeCA'
  | 'objectSigningCA';

const netscapeCertTypes: readonly NetscapeCertType[] = [
  'sslClient',
  'sslServer',
  'smime',
  'objectSigning',
  'reserved',
  'sslCA',
  'smimeCA',
  'objectSigningCA',
];

/** Reads the value of subjectDirectoryAttributes. */
export function readDirectoryAttributes(value: Uint8Array): readonly DirectoryAttribute[] {
  return nonEmptySequence(readBer(value), 'SubjectDirectoryAttributes').map((node) => {
    const [type, values, ...more] = sequenceOf(node, 'an Attribute');
    if (type === undefined || values === undefined || more.length > 0) throw unexpected(node, 'an Attribute');
    return { type: decodeOid(type), values: setOf(values, 'attribute values').map(({ bytes }) => bytes) };
  });
}

/** Reads the value of privateKeyUsagePeriod. */
export function readPrivateKeyUsagePeriod(value: Uint8Array): PrivateKeyUsagePeriod {
  const [notBefore, notAfter] = taggedFields(readBer(value), 2, 'a PrivateKeyUsagePeriod');
  return { notBefore: notBefore && implicitTime(notBefore), notAfter: notAfter && implicitTime(notAfter) };
}

/** A GeneralizedTime that is tagged implicitly. */
function implicitTime(node: BerNode): Date {
  return decodeTime(readBer(der(Tag.GeneralizedTime, stringOctets(node, Tag.GeneralizedTime))));
}

/** Reads SMIMECapabilities, the value of the extension and of the attribute of a signer. */
export function readSmimeCapabilities(value: Uint8Array): readonly SmimeCapability[] {
  return sequenceOf(readBer(value), 'SMIMECapabilities').map((node) => {
    const [algorithm, parameters] = oidAndMore(node, 'an SMIMECapability');
    return { algorithm, parameters };
  });
}

/** Reads the value of qcStatements. */
export function readQcStatements(value: Uint8Array): readonly QcStatement[] {
  return sequenceOf(readBer(value), 'QCStatements').map((node) => {
    const [statement, info] = oidAndMore(node, 'a QCStatement');
    return { statement, info };
  });
}

/** A SEQUENCE of an OBJECT IDENTIFIER and anything, which may be left out. */
function oidAndMore(node: BerNode, name: string): [string, Bytes | undefined] {
  const [oid, rest, ...more] = sequenceOf(node, name);
  if (oid === undefined || more.length > 0) throw unexpected(node, name);
  return [decodeOid(oid), rest?.bytes];
}

/** Reads the value of the extension with the template's identifier. */
export function readCertificateTemplate(value: Uint8Array): CertificateTemplate {
  const node = readBer(value);
  const [template, major, minor, ...more] = sequenceOf(node, 'a CertificateTemplate');
  if (template === undefined || more.length > 0) throw unexpected(node, 'a CertificateTemplate');
  return {
    template: decodeOid(template),
    majorVersion: major && decodeInteger(major),
    minorVersion: minor && decodeInteger(minor),
  };
}

/** Reads a value that is one character string: the template's name, the Netscape comment. */
export function readText(value: Uint8Array): string {
  return decodeString(readBer(value));
}

/** Reads the value of the Netscape certificate type. */
export function readNetscapeCertType(value: Uint8Array): ReadonlySet<NetscapeCertType> {
  const bits = bitString(readBer(value));
  return new Set(netscapeCertTypes.filter((_, n) => bitAt(bits, n)));
}
