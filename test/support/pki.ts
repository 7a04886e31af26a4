import { constants, createHash, generateKeyPairSync, type KeyObject, sign as nodeSign } from 'node:crypto';
import { readBer } from '../../src/asn1/reader.js';
import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derIa5String,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  derTime,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { asBytes, type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';

/** The kinds of keys that test certificates have. */
export type KeyKind = 'rsa' | 'p256' | 'p384' | 'p521' | 'ed25519' | 'ed448' | 'dsa';
export type TestDigest = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export interface TestKey {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Bytes;
}

const keys = new Map<string, TestKey>();

/** A key of that kind; the same name gives the same key again, since RSA and DSA keys take long to make. */
export function testKey(kind: KeyKind, name = 'first'): TestKey {
  const id = `${kind} ${name}`;
  let key = keys.get(id);
  if (key === undefined) {
    const { privateKey, publicKey } = makePair(kind);
    key = { kind, privateKey, spki: asBytes(publicKey.export({ type: 'spki', format: 'der' })) };
    keys.set(id, key);
  }
  return key;
}

function makePair(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'dsa':
      return generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ed448':
      return generateKeyPairSync('ed448');
    default:
      return generateKeyPairSync('ec', { namedCurve: { p256: 'P-256', p384: 'P-384', p521: 'P-521' }[kind] });
  }
}

const digestOids: Readonly<Record<TestDigest, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const rsaOids: Readonly<Record<TestDigest, string>> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
const ecdsaOids: Readonly<Record<TestDigest, string>> = {
  md5: '',
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** The AlgorithmIdentifier of a digest. */
export function digestIdentifier(digest: TestDigest): Bytes {
  return derSequence(derOid(digestOids[digest]));
}

export function hash(digest: TestDigest, octets: Uint8Array): Bytes {
  return asBytes(createHash(digest).update(octets).digest());
}

/** How a key signs. */
export interface Scheme {
  readonly digest?: TestDigest;
  /** RSASSA-PSS instead of PKCS #1 v1.5. */
  readonly pss?: boolean;
  /** Write rsaEncryption, which leaves the digest to the digestAlgorithm. */
  readonly bareRsa?: boolean;
}

/** The AlgorithmIdentifier of a signature. */
export function signatureIdentifier(key: TestKey, { digest = 'sha256', pss, bareRsa }: Scheme = {}): Bytes {
  switch (key.kind) {
    case 'rsa': {
      if (bareRsa === true) return derSequence(derOid('1.2.840.113549.1.1.1'), derNull());
      if (pss !== true) return derSequence(derOid(rsaOids[digest]), derNull());
      const mgf = derSequence(derOid('1.2.840.113549.1.1.8'), digestIdentifier(digest));
      return derSequence(
        derOid('1.2.840.113549.1.1.10'),
        derSequence(
          derExplicit(0, digestIdentifier(digest)),
          derExplicit(1, mgf),
          derExplicit(2, derInteger(hash(digest, new Uint8Array()).length)),
        ),
      );
    }
    case 'dsa':
      return derSequence(derOid(digest === 'sha1' ? '1.2.840.10040.4.3' : '2.16.840.1.101.3.4.3.2'));
    case 'ed25519':
      return derSequence(derOid('1.3.101.112'));
    case 'ed448':
      return derSequence(derOid('1.3.101.113'));
    default:
      return derSequence(derOid(ecdsaOids[digest]));
  }
}

/** A signature over the octets, as {@link signatureIdentifier} names it. */
export function signOctets(key: TestKey, octets: Uint8Array, { digest = 'sha256', pss }: Scheme = {}): Bytes {
  if (key.kind === 'ed25519' || key.kind === 'ed448') return asBytes(nodeSign(null, octets, key.privateKey));
  if (pss !== true) return asBytes(nodeSign(digest, octets, key.privateKey));
  return asBytes(
    nodeSign(digest, octets, {
      key: key.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  );
}

/** DER of a name: `CN` and, where given, more attributes by their OIDs, each with its encoded value. */
export function nameOf(commonName: string, ...more: readonly (readonly [string, Bytes])[]): Bytes {
  const rdn = (oid: string, value: Bytes): Bytes => derSetOf(derSequence(derOid(oid), value));
  return derSequence(
    rdn('2.5.4.3', derUtf8String(commonName)),
    ...more.map(([oid, value]) => rdn(oid, value)),
  );
}

export const emailAddressOid = '1.2.840.113549.1.9.1';

const usageBits = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;
export type TestKeyUsage = keyof typeof usageBits;

export const Purpose = {
  emailProtection: '1.3.6.1.5.5.7.3.4',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  any: '2.5.29.37.0',
} as const;

/** Everything that a test may want to say about a certificate. `null` leaves an extension out. */
export interface CertificateSpec {
  readonly name: string;
  /** Instead of the name made of `name`. */
  readonly subject?: Bytes;
  readonly key: TestKey;
  /** Who issues it; itself where nobody is named. */
  readonly issuer?: TestCertificate;
  /** Written as issuer whatever the issuer is called. */
  readonly issuerName?: Bytes;
  readonly serial?: number;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly version?: 1 | 3;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: readonly TestKeyUsage[] | null;
  readonly extendedKeyUsage?: readonly string[] | null;
  /** rfc822Names of subjectAltName, as text or as octets. */
  readonly emails?: readonly (string | Uint8Array)[] | null;
  readonly subjectKeyIdentifier?: Uint8Array | null;
  readonly authorityKeyIdentifier?: Uint8Array | null;
  readonly scheme?: Scheme;
  /** Instead of the key's own SubjectPublicKeyInfo. */
  readonly spki?: Bytes;
  /** More extensions, see {@link extension}. */
  readonly extensions?: readonly Bytes[];
}

export interface TestCertificate {
  readonly der: Bytes;
  readonly certificate: Certificate;
  readonly key: TestKey;
  readonly subject: Bytes;
  readonly issuerName: Bytes;
  /** DER of the INTEGER. */
  readonly serial: Bytes;
  readonly subjectKeyIdentifier: Bytes;
}

let nextSerial = 1000;

/** Makes and signs a certificate. */
export function issue(spec: CertificateSpec): TestCertificate {
  const { key, issuer } = spec;
  const subject = spec.subject ?? nameOf(spec.name);
  const issuerName = spec.issuerName ?? issuer?.subject ?? subject;
  const signingKey = issuer?.key ?? key;
  const algorithm = signatureIdentifier(signingKey, spec.scheme);
  const serial = derInteger(spec.serial ?? nextSerial++);
  const spki = spec.spki ?? key.spki;
  const subjectKeyIdentifier = asBytes(spec.subjectKeyIdentifier ?? hash('sha1', spki));
  const version3 = (spec.version ?? 3) === 3;
  const tbs = derSequence(
    ...(version3 ? [derExplicit(0, derInteger(2))] : []),
    serial,
    algorithm,
    issuerName,
    derSequence(
      derTime(new Date(spec.notBefore ?? '2020-01-01T00:00:00Z')),
      derTime(new Date(spec.notAfter ?? '2040-01-01T00:00:00Z')),
    ),
    subject,
    spki,
    ...(version3 ? [derExplicit(3, derSequence(...extensionsOf(spec, subjectKeyIdentifier)))] : []),
  );
  const certificate = derSequence(tbs, algorithm, derBitString(signOctets(signingKey, tbs, spec.scheme)));
  return {
    der: certificate,
    certificate: parseCertificate(certificate),
    key,
    subject,
    issuerName,
    serial,
    subjectKeyIdentifier,
  };
}

/** An Extension. */
export function extension(oid: string, critical: boolean, value: Uint8Array): Bytes {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

function extensionsOf(spec: CertificateSpec, subjectKeyIdentifier: Bytes): Bytes[] {
  const list: Bytes[] = [];
  const ca = spec.ca === true;
  if (ca || spec.pathLength !== undefined) {
    const length = spec.pathLength === undefined ? [] : [derInteger(spec.pathLength)];
    list.push(extension('2.5.29.19', true, derSequence(...(ca ? [derBoolean(true)] : []), ...length)));
  }
  if (spec.keyUsage !== null) {
    const usage =
      spec.keyUsage ?? (ca ? (['keyCertSign', 'cRLSign'] as const) : (['digitalSignature'] as const));
    let bits = 0;
    for (const each of usage) bits |= 0x80 >> usageBits[each];
    list.push(extension('2.5.29.15', true, derBitString(Uint8Array.of(bits))));
  }
  const purposes =
    spec.extendedKeyUsage === undefined ? (ca ? null : [Purpose.emailProtection]) : spec.extendedKeyUsage;
  if (purposes !== null) list.push(extension('2.5.29.37', false, derSequence(...purposes.map(derOid))));
  if (spec.emails !== undefined && spec.emails !== null) {
    const names = spec.emails.map((each) =>
      der(0x81, typeof each === 'string' ? bytesFromLatin1(each) : each),
    );
    list.push(extension('2.5.29.17', false, derSequence(...names)));
  }
  if (spec.subjectKeyIdentifier !== null)
    list.push(extension('2.5.29.14', false, derOctetString(subjectKeyIdentifier)));
  const authority =
    spec.authorityKeyIdentifier === undefined
      ? (spec.issuer?.subjectKeyIdentifier ?? null)
      : spec.authorityKeyIdentifier;
  if (authority !== null) list.push(extension('2.5.29.35', false, derSequence(der(0x80, authority))));
  return [...list, ...(spec.extensions ?? [])];
}

/** The emailAddress attribute of a name (legacy, RFC 5280 §4.1.2.6). */
export function emailAttribute(address: string): readonly [string, Bytes] {
  return [emailAddressOid, derIa5String(address)];
}

/** A SubjectPublicKeyInfo without the parameters of its algorithm, as DSA certificates may have it. */
export function withoutParameters(spki: Uint8Array): Bytes {
  const [algorithm, bits] = readBer(spki).children;
  return derSequence(derSequence(algorithm!.children[0]!.bytes), bits!.bytes);
}
