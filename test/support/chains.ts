import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
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
  derSetOf,
  derTime,
  derUtf8String,
} from '../../src/asn1/writer.js';
import { asBytes, type Bytes } from '../../src/core/bytes.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate/certificate.js';

/** A key pair with what a certificate says about it. */
export interface ChainKey {
  readonly privateKey: KeyObject;
  readonly spki: Bytes;
  /** AlgorithmIdentifier of its signatures. */
  readonly algorithm: Bytes;
  readonly digest: string | null;
}

const keys = new Map<string, ChainKey>();

/** The key of that name, always the same one within a run. */
export function chainKey(name: string, kind: 'p256' | 'ed25519' | 'dsa' = 'p256'): ChainKey {
  const known = keys.get(`${kind} ${name}`);
  if (known !== undefined) return known;
  const made = makeKey(kind);
  keys.set(`${kind} ${name}`, made);
  return made;
}

function makeKey(kind: 'p256' | 'ed25519' | 'dsa'): ChainKey {
  const spki = (publicKey: KeyObject) => asBytes(publicKey.export({ format: 'der', type: 'spki' }));
  if (kind === 'dsa') {
    const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    return {
      privateKey,
      spki: spki(publicKey),
      algorithm: derSequence(derOid('2.16.840.1.101.3.4.3.2')),
      digest: 'sha256',
    };
  }
  if (kind === 'ed25519') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    return {
      privateKey,
      spki: spki(publicKey),
      algorithm: derSequence(derOid('1.3.101.112')),
      digest: null,
    };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey,
    spki: spki(publicKey),
    algorithm: derSequence(derOid('1.2.840.10045.4.3.2')),
    digest: 'sha256',
  };
}

export const oids = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  emailAddress: '1.2.840.113549.1.9.1',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  anyPurpose: '2.5.29.37.0',
} as const;

/** One attribute of a name. */
export type Attribute = readonly [type: string, value: Uint8Array];

/** An RDN of one attribute or several; a string is a commonName. */
export type Rdn = string | Attribute | readonly Attribute[];

/** DER of a Name, its RDNs in their order. */
export function nameOf(...rdns: readonly Rdn[]): Bytes {
  return derSequence(
    ...rdns.map((rdn) => {
      if (typeof rdn === 'string') return derSetOf(derSequence(derOid(oids.commonName), derUtf8String(rdn)));
      const attributes = (typeof rdn[0] === 'string' ? [rdn] : rdn) as readonly Attribute[];
      return derSetOf(...attributes.map(([type, value]) => derSequence(derOid(type), value)));
    }),
  );
}

/** An Extension. */
export function extension(oid: string, critical: boolean, value: Uint8Array): Bytes {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

export function basicConstraints(ca: boolean, pathLength?: number, critical = true): Bytes {
  const length = pathLength === undefined ? [] : [derInteger(pathLength)];
  return extension('2.5.29.19', critical, derSequence(...(ca ? [derBoolean(true)] : []), ...length));
}

export type UsageBit =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'decipherOnly';
const usageBits: Readonly<Record<UsageBit, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
  decipherOnly: 8,
};

export function keyUsage(...usages: readonly UsageBit[]): Bytes {
  const bits = usages.map((usage) => usageBits[usage]);
  const last = Math.max(...bits);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return extension('2.5.29.15', true, derBitString(octets, 7 - (last & 7)));
}

export function extendedKeyUsage(...purposes: readonly string[]): Bytes {
  return extension('2.5.29.37', false, derSequence(...purposes.map((each) => derOid(each))));
}

/** subjectAltName of encoded GeneralNames; a string is an rfc822Name. */
export function subjectAltName(...names: readonly (string | Uint8Array)[]): Bytes {
  const encoded = names.map((name) => {
    if (typeof name !== 'string') return name;
    const element = derIa5String(name);
    element[0] = 0x81;
    return element;
  });
  return extension('2.5.29.17', false, derSequence(...encoded));
}

export function keyIdentifier({ spki }: ChainKey): Bytes {
  return asBytes(createHash('sha1').update(spki).digest());
}

export function subjectKeyIdentifier(identifier: Uint8Array): Bytes {
  return extension('2.5.29.14', false, derOctetString(identifier));
}

export function authorityKeyIdentifier(identifier: Uint8Array): Bytes {
  return extension('2.5.29.35', false, derSequence(der(0x80, identifier)));
}

/** Everything that a certificate says, with a default for all but its name. */
export interface CertificateSpec {
  /** A commonName, or DER of a Name. */
  readonly name: string | Uint8Array;
  /** Default: the key that is called like the certificate. */
  readonly key?: ChainKey;
  readonly spki?: Uint8Array;
  /** Content octets of the serial number's INTEGER. */
  readonly serial?: Uint8Array;
  /** 1, 2, 3, or what cannot be; `null` leaves the field out. Default 3. */
  readonly version?: number | null;
  readonly from?: string;
  readonly to?: string;
  /** Written instead of the issuer's name. */
  readonly issuerName?: Uint8Array;
  /** Beside the key identifiers. `null` leaves out the whole field. */
  readonly extensions?: readonly Uint8Array[] | null;
  /** Whether subjectKeyIdentifier and authorityKeyIdentifier are written. Default `true`. */
  readonly keyIdentifiers?: boolean;
  /** The AlgorithmIdentifier outside the signed part, when it shall differ. */
  readonly outerAlgorithm?: Uint8Array;
  /** Elements between subjectPublicKeyInfo and extensions, or after them. */
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
  /** Flip a bit of the signature. */
  readonly forged?: boolean;
}

/** A certificate with what is needed to issue others from it. */
export interface Holder {
  readonly certificate: Certificate;
  readonly name: Bytes;
  readonly key: ChainKey;
}

let nextSerial = 1;

/** Issues a certificate; without an issuer it signs itself. */
export function issue(issuer: Holder | undefined, spec: CertificateSpec): Holder {
  const name = typeof spec.name === 'string' ? nameOf(spec.name) : asBytes(spec.name);
  const key =
    spec.key ?? chainKey(typeof spec.name === 'string' ? spec.name : Buffer.from(name).toString('hex'));
  const signer = issuer?.key ?? key;
  const identifiers =
    spec.keyIdentifiers === false
      ? []
      : [
          subjectKeyIdentifier(keyIdentifier(key)),
          ...(issuer === undefined ? [] : [authorityKeyIdentifier(keyIdentifier(issuer.key))]),
        ];
  const version = spec.version === undefined ? 3 : spec.version;
  const tbs = derSequence(
    ...(version === null ? [] : [derExplicit(0, derInteger(version - 1))]),
    spec.serial === undefined ? derInteger(nextSerial++) : der(0x02, spec.serial),
    signer.algorithm,
    spec.issuerName ?? issuer?.name ?? name,
    derSequence(
      derTime(new Date(spec.from ?? '2020-01-01T00:00:00Z')),
      derTime(new Date(spec.to ?? '2040-01-01T00:00:00Z')),
    ),
    name,
    spec.spki ?? key.spki,
    ...(spec.before ?? []),
    ...(spec.extensions === null
      ? []
      : [derExplicit(3, derSequence(...(spec.extensions ?? []), ...identifiers))]),
    ...(spec.after ?? []),
  );
  const signature = asBytes(sign(signer.digest, tbs, signer.privateKey));
  if (spec.forged === true) signature[signature.length - 1]! ^= 1;
  const octets = derSequence(tbs, spec.outerAlgorithm ?? signer.algorithm, derBitString(signature));
  return { certificate: parseCertificate(octets), name, key };
}

/** What a certification authority's certificate has. */
export function authorityExtensions(pathLength?: number): Bytes[] {
  return [basicConstraints(true, pathLength), keyUsage('keyCertSign', 'cRLSign')];
}

/** What a mail certificate has. */
export function mailExtensions(address = 'alice@example.com'): Bytes[] {
  return [keyUsage('digitalSignature'), extendedKeyUsage(oids.emailProtection), subjectAltName(address)];
}

/** A certification authority. */
export function authority(
  issuer: Holder | undefined,
  name: string,
  spec: Partial<CertificateSpec> & { readonly pathLength?: number } = {},
): Holder {
  const { pathLength, ...rest } = spec;
  return issue(issuer, { name, extensions: authorityExtensions(pathLength), ...rest });
}

/** A person's certificate. */
export function person(
  issuer: Holder | undefined,
  name: string,
  spec: Partial<CertificateSpec> = {},
): Holder {
  return issue(issuer, { name, extensions: mailExtensions(), ...spec });
}
