import {
  der,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  derTime,
} from '../../src/asn1/writer.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import {
  digestIdentifier,
  hash,
  type Scheme,
  signatureIdentifier,
  signOctets,
  type TestCertificate,
  type TestDigest,
} from './pki.js';

export const Oid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  smimeCapabilities: '1.2.840.113549.1.9.15',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** The claimed signing time where a test says nothing else. */
export const usualSigningTime = '2026-01-15T09:00:00Z';

/** An Attribute with these values. */
export function attribute(type: string, ...values: readonly Uint8Array[]): Bytes {
  return derSequence(derOid(type), derSetOf(...values));
}

export const contentType = (oid: string = Oid.data): Bytes => attribute(Oid.contentType, derOid(oid));
export const messageDigest = (digest: Uint8Array): Bytes =>
  attribute(Oid.messageDigest, derOctetString(digest));
export const signingTime = (time: string): Bytes => attribute(Oid.signingTime, derTime(new Date(time)));

/** signingCertificate (`v1`, SHA-1) or signingCertificateV2 (SHA-256) for a certificate. */
export function signingCertificate(version: 'v1' | 'v2', of: TestCertificate, withIssuer = false): Bytes {
  const digest = hash(version === 'v1' ? 'sha1' : 'sha256', of.der);
  const issuerSerial = derSequence(derSequence(der(0xa4, of.issuerName)), of.serial);
  const id = derSequence(derOctetString(digest), ...(withIssuer ? [issuerSerial] : []));
  const type = version === 'v1' ? Oid.signingCertificate : Oid.signingCertificateV2;
  return attribute(type, derSequence(derSequence(id)));
}

/** An element of indefinite length. */
export function indefinite(identifier: number, ...content: readonly Uint8Array[]): Bytes {
  return concatBytes([Uint8Array.of(identifier, 0x80), ...content, Uint8Array.of(0, 0)]);
}

/** A constructed OCTET STRING in pieces; with `nested`, pieces inside pieces. */
export function octetStringInPieces(octets: Uint8Array, pieceLength: number, nested = false): Bytes {
  const pieces: Bytes[] = [];
  for (let at = 0; at < octets.length; at += pieceLength)
    pieces.push(derOctetString(octets.subarray(at, at + pieceLength)));
  if (!nested) return indefinite(0x24, ...pieces);
  const half = pieces.length >> 1;
  return indefinite(0x24, indefinite(0x24, ...pieces.slice(0, half)), der(0x24, ...pieces.slice(half)));
}

/** The attributes that a signer has who does everything right. */
export interface UsualAttributes {
  readonly contentType: Bytes;
  readonly messageDigest: Bytes;
  readonly signingTime: Bytes;
}

/** Everything that a test may want to say about one signer. */
export interface SignerSpec extends Scheme {
  readonly by: TestCertificate;
  /** Default `issuerAndSerialNumber`; octets stand as they are. */
  readonly sid?: 'issuerAndSerialNumber' | 'subjectKeyIdentifier' | Bytes;
  /** The signed attributes in the order in which they are sent; `none` leaves them out. */
  readonly attributes?: 'none' | ((usual: UsualAttributes) => readonly Uint8Array[]);
  /** How the SET of attributes is sent: in DER's order (default), in the order given, in BER. */
  readonly sent?: 'sorted' | 'as-given' | 'indefinite';
  /** What is signed: DER (default), or the octets that are sent. */
  readonly signs?: 'der' | 'as-sent';
  /** The digest that is announced, where it is another than the one that is used. */
  readonly announcedDigest?: Bytes;
  /** The signature's algorithm that is announced, likewise. */
  readonly announcedSignature?: Bytes;
  readonly unsignedAttributes?: readonly Uint8Array[];
  /** Stands instead of the signature value. */
  readonly value?: Uint8Array;
  /** Changes the signature value. */
  readonly spoil?: boolean;
  /** Instead of a SignerInfo made from all this. */
  readonly raw?: Bytes;
}

/** Everything that a test may want to say about a SignedData. */
export interface SignedDataSpec {
  /** What is hashed and signed. */
  readonly content: Uint8Array;
  /** What is embedded: nothing (default, detached), the content, or other octets. */
  readonly embed?: boolean | Uint8Array;
  readonly eContentType?: string;
  readonly signers: readonly SignerSpec[];
  /** Default: those of the signers. */
  readonly certificates?: readonly TestCertificate[];
  /** Definite lengths (default), or indefinite ones with the content in nested pieces. */
  readonly form?: 'der' | 'indefinite';
  /** Instead of the digest algorithms of the signers. */
  readonly digestAlgorithms?: readonly Bytes[];
  readonly trailing?: Uint8Array;
  /** RevocationInfoChoices: CRLs, or what {@link otherRevocationInfo} makes. */
  readonly revocationInfos?: readonly Uint8Array[];
}

/** An OtherRevocationInfoFormat (RFC 5652 §10.2.1). */
export function otherRevocationInfo(format: string, value: Uint8Array): Bytes {
  return der(0xa1, derOid(format), value);
}

/** A ContentInfo with a SignedData in it. */
export function signedData(spec: SignedDataSpec): Bytes {
  const { content, signers, eContentType = Oid.data } = spec;
  const isIndefinite = spec.form === 'indefinite';
  const sequence = (...elements: Uint8Array[]): Bytes =>
    isIndefinite ? indefinite(0x30, ...elements) : derSequence(...elements);
  const context = (n: number, ...elements: Uint8Array[]): Bytes =>
    isIndefinite ? indefinite(0xa0 | n, ...elements) : der(0xa0 | n, ...elements);
  const embedded = spec.embed === true ? content : spec.embed === false ? undefined : spec.embed;
  const eContent =
    embedded && context(0, isIndefinite ? octetStringInPieces(embedded, 40, true) : derOctetString(embedded));
  const certificates = spec.certificates ?? signers.map(({ by }) => by);
  const infos = signers.map((signer) => signerInfo(signer, content, eContentType));
  const whole = sequence(
    derOid(Oid.signedData),
    context(
      0,
      sequence(
        derInteger(eContentType === Oid.data ? 1 : 3),
        derSetOf(...(spec.digestAlgorithms ?? signers.map((signer) => digestIdentifier(digestOf(signer))))),
        sequence(derOid(eContentType), ...(eContent === undefined ? [] : [eContent])),
        ...(certificates.length === 0 ? [] : [context(0, ...certificates.map((each) => each.der))]),
        ...(spec.revocationInfos === undefined ? [] : [context(1, ...spec.revocationInfos)]),
        isIndefinite ? indefinite(0x31, ...infos) : derSetOf(...infos),
      ),
    ),
  );
  return spec.trailing === undefined ? whole : concatBytes([whole, spec.trailing]);
}

/** RFC 8419 §3.1: Ed25519 goes with SHA-512; Ed448 would with SHAKE256, but SHA-512 is read as well. */
function digestOf({ digest, by }: SignerSpec): TestDigest {
  return digest ?? (by.key.kind.startsWith('ed') ? 'sha512' : 'sha256');
}

/** The attributes of a signer who does everything right. */
export function usualAttributes(
  content: Uint8Array,
  digest: TestDigest,
  eContentType: string,
): UsualAttributes {
  return {
    contentType: contentType(eContentType),
    messageDigest: messageDigest(hash(digest, content)),
    signingTime: signingTime(usualSigningTime),
  };
}

function signerInfo(spec: SignerSpec, content: Uint8Array, eContentType: string): Bytes {
  if (spec.raw !== undefined) return spec.raw;
  const digest = digestOf(spec);
  const { by, sid = 'issuerAndSerialNumber' } = spec;
  const usual = usualAttributes(content, digest, eContentType);
  const attributes =
    spec.attributes === 'none'
      ? undefined
      : (spec.attributes?.(usual) ?? [usual.contentType, usual.messageDigest, usual.signingTime]);
  const sent = attributes && sendAttributes(attributes, spec.sent ?? 'sorted');
  let signed: Uint8Array = content;
  if (attributes !== undefined && sent !== undefined) {
    signed = derSetOf(...attributes);
    if (spec.signs === 'as-sent') {
      signed = Uint8Array.from(sent);
      signed[0] = 0x31;
    }
  }
  const scheme = { ...spec, digest };
  const signature = spec.value?.slice() ?? signOctets(by.key, signed, scheme);
  if (spec.spoil === true) signature[signature.length - 1]! ^= 1;
  return derSequence(
    derInteger(sid === 'subjectKeyIdentifier' ? 3 : 1),
    typeof sid !== 'string'
      ? sid
      : sid === 'subjectKeyIdentifier'
        ? der(0x80, by.subjectKeyIdentifier)
        : issuerAndSerial(by),
    spec.announcedDigest ?? digestIdentifier(digest),
    ...(sent === undefined ? [] : [sent]),
    spec.announcedSignature ?? signatureIdentifier(by.key, scheme),
    derOctetString(signature),
    ...(spec.unsignedAttributes === undefined ? [] : [der(0xa1, ...spec.unsignedAttributes)]),
  );
}

export function issuerAndSerial(of: TestCertificate): Bytes {
  return derSequence(of.issuerName, of.serial);
}

function sendAttributes(attributes: readonly Uint8Array[], how: 'sorted' | 'as-given' | 'indefinite'): Bytes {
  if (how === 'as-given') return der(0xa0, ...attributes);
  if (how === 'indefinite') return indefinite(0xa0, ...attributes);
  const sorted = derSetOf(...attributes);
  sorted[0] = 0xa0;
  return sorted;
}
