import { sign } from 'node:crypto';
import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derTime,
} from '../../src/asn1/writer.js';
import { asBytes, type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import { reasonFlags } from '../../src/x509/certificate/distribution-points.js';
import { type CertificateList, parseCrl } from '../../src/x509/revocation/crl.js';
import { authorityKeyIdentifier, type ChainKey, extension, type Holder, keyIdentifier } from './chains.js';

/** The numbers of CRLReason (RFC 5280 §5.3.1). */
export const Reason = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export interface EntrySpec {
  /** The certificate, or content octets of its serial number. */
  readonly certificate: Holder | Uint8Array;
  readonly date?: string;
  readonly reason?: keyof typeof Reason | number;
  readonly invalidity?: string;
  /** DER of the Name of its issuer, for certificateIssuer. */
  readonly issuer?: Uint8Array;
  /** More entry extensions. */
  readonly extensions?: readonly Uint8Array[];
}

/** An entry of a CRL. */
export function crlEntry(spec: EntrySpec): Bytes {
  const serial =
    spec.certificate instanceof Uint8Array ? spec.certificate : spec.certificate.certificate.serialNumber;
  const reason = typeof spec.reason === 'string' ? Reason[spec.reason] : spec.reason;
  const extensions = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', false, der(0x0a, Uint8Array.of(reason)))]),
    ...(spec.invalidity === undefined
      ? []
      : [extension('2.5.29.24', false, generalizedTime(spec.invalidity))]),
    ...(spec.issuer === undefined
      ? []
      : [extension('2.5.29.29', true, derSequence(directoryName(spec.issuer)))]),
    ...(spec.extensions ?? []),
  ];
  return derSequence(
    der(0x02, serial),
    derTime(new Date(spec.date ?? '2026-05-01T00:00:00Z')),
    ...(extensions.length === 0 ? [] : [derSequence(...extensions)]),
  );
}

function generalizedTime(iso: string): Bytes {
  return der(0x18, bytesFromLatin1(`${iso.replace(/[-:T]/g, '').slice(0, 14)}Z`));
}

/** A GeneralName that is a directoryName, and one that is a URI. */
export function directoryName(name: Uint8Array): Bytes {
  return der(0xa4, name);
}
export function uri(text: string): Bytes {
  return der(0x86, bytesFromLatin1(text));
}

/** DistributionPointName: full names, or the DER of one RelativeDistinguishedName. */
function pointName(names: readonly Uint8Array[] | undefined, relative: Uint8Array | undefined): Bytes[] {
  if (relative !== undefined) {
    const content = relative.subarray(2);
    return [der(0xa0, der(0xa1, content))];
  }
  return names === undefined ? [] : [der(0xa0, der(0xa0, concat(names)))];
}

function concat(pieces: readonly Uint8Array[]): Bytes {
  return asBytes(new Uint8Array(Buffer.concat(pieces)));
}

function reasonBits(tag: number, reasons: readonly (typeof reasonFlags)[number][] | undefined): Bytes[] {
  if (reasons === undefined) return [];
  const octets = new Uint8Array(2);
  for (const reason of reasons) {
    const bit = reasonFlags.indexOf(reason);
    octets[bit >> 3]! |= 0x80 >> (bit & 7);
  }
  return [der(tag, Uint8Array.of(0, ...octets))];
}

export interface PointSpec {
  /** GeneralNames. */
  readonly names?: readonly Uint8Array[];
  /** DER of a RelativeDistinguishedName of less than 128 octets. */
  readonly relative?: Uint8Array;
  readonly reasons?: readonly (typeof reasonFlags)[number][];
  /** DER of the Name of the cRLIssuer. */
  readonly issuer?: Uint8Array;
}

function distributionPoint(spec: PointSpec): Bytes {
  return derSequence(
    ...pointName(spec.names, spec.relative),
    ...reasonBits(0x81, spec.reasons),
    ...(spec.issuer === undefined ? [] : [der(0xa2, directoryName(spec.issuer))]),
  );
}

/** cRLDistributionPoints of a certificate. */
export function crlPoints(...points: readonly PointSpec[]): Bytes {
  return extension('2.5.29.31', false, derSequence(...points.map(distributionPoint)));
}

/** freshestCRL of a certificate or CRL. */
export function freshestPoints(...points: readonly PointSpec[]): Bytes {
  return extension('2.5.29.46', false, derSequence(...points.map(distributionPoint)));
}

export interface ScopeSpec {
  readonly names?: readonly Uint8Array[];
  readonly relative?: Uint8Array;
  readonly only?: 'users' | 'authorities' | 'attributes';
  readonly reasons?: readonly (typeof reasonFlags)[number][];
  readonly indirect?: boolean;
}

/** issuingDistributionPoint of a CRL. */
export function issuingPoint(spec: ScopeSpec): Bytes {
  const yes = Uint8Array.of(0xff);
  return extension(
    '2.5.29.28',
    true,
    derSequence(
      ...pointName(spec.names, spec.relative),
      ...(spec.only === 'users' ? [der(0x81, yes)] : []),
      ...(spec.only === 'authorities' ? [der(0x82, yes)] : []),
      ...reasonBits(0x83, spec.reasons),
      ...(spec.indirect === true ? [der(0x84, yes)] : []),
      ...(spec.only === 'attributes' ? [der(0x85, yes)] : []),
    ),
  );
}

export interface CrlSpec {
  readonly revoked?: readonly (EntrySpec | Holder)[];
  /** Instead of entries made of {@link revoked}. */
  readonly entries?: readonly Uint8Array[];
  readonly from?: string;
  /** `null` leaves nextUpdate out. */
  readonly to?: string | null;
  readonly number?: number;
  /** Makes a delta CRL upon that number. */
  readonly base?: number;
  readonly scope?: ScopeSpec;
  readonly extensions?: readonly Uint8Array[];
  /** Who signs, if not the issuer's key. */
  readonly key?: ChainKey;
  /** Written instead of the issuer's name. */
  readonly issuerName?: Uint8Array;
  /** Whether authorityKeyIdentifier is written. Default `true`. */
  readonly keyIdentifiers?: boolean;
  readonly version?: 1 | 2;
  readonly forged?: boolean;
  readonly outerAlgorithm?: Uint8Array;
}

/** The octets of a CRL of an authority, by default of 2026-05-15 and good for a month. */
export function crlOctets(issuer: Holder, spec: CrlSpec = {}): Bytes {
  const key = spec.key ?? issuer.key;
  const entries =
    spec.entries ??
    (spec.revoked ?? []).map((each) => crlEntry('key' in each ? { certificate: each } : each));
  const extensions = [
    ...(spec.keyIdentifiers === false ? [] : [authorityKeyIdentifier(keyIdentifier(key))]),
    ...(spec.number === undefined ? [] : [extension('2.5.29.20', false, derInteger(spec.number))]),
    ...(spec.base === undefined ? [] : [extension('2.5.29.27', true, derInteger(spec.base))]),
    ...(spec.scope === undefined ? [] : [issuingPoint(spec.scope)]),
    ...(spec.extensions ?? []),
  ];
  const tbs = derSequence(
    ...(spec.version === 1 ? [] : [derInteger(1)]),
    key.algorithm,
    spec.issuerName ?? issuer.name,
    derTime(new Date(spec.from ?? '2026-05-15T00:00:00Z')),
    ...(spec.to === null ? [] : [derTime(new Date(spec.to ?? '2026-06-15T00:00:00Z'))]),
    ...(entries.length === 0 ? [] : [derSequence(...entries)]),
    ...(spec.version === 1 || extensions.length === 0 ? [] : [derExplicit(0, derSequence(...extensions))]),
  );
  const signature = asBytes(sign(key.digest, tbs, key.privateKey));
  if (spec.forged === true) signature[signature.length - 1]! ^= 1;
  return derSequence(tbs, spec.outerAlgorithm ?? key.algorithm, derBitString(signature));
}

/** A CRL of an authority. */
export function crlOf(issuer: Holder, spec: CrlSpec = {}): CertificateList {
  return parseCrl(crlOctets(issuer, spec));
}

/** An extension that nobody knows. */
export function unknownExtension(critical: boolean): Bytes {
  return derSequence(
    derOid('1.2.3.4.5'),
    ...(critical ? [derBoolean(true)] : []),
    derOctetString(new Uint8Array([5, 0])),
  );
}
