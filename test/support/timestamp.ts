import { readBer } from '../../src/asn1/reader.js';
import {
  der,
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
} from '../../src/asn1/writer.js';
import type { Bytes } from '../../src/core/bytes.js';
import { generalizedTime } from './ocsp.js';
import { extension, hash, issue, type TestCertificate, type TestDigest, testKey } from './pki.js';
import {
  attribute,
  Oid,
  type SignedDataSpec,
  type SignerSpec,
  signedData,
  signingCertificate,
} from './sign.js';

const digestOids: Readonly<Record<TestDigest, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** Everything that a test may want to say about a time stamp. */
export interface TimestampSpec {
  readonly by: TestCertificate;
  readonly time: string;
  readonly digest?: TestDigest;
  /** What is stamped, where it is not the signature. */
  readonly over?: Uint8Array;
  readonly version?: number;
  /** Seconds, milliseconds, microseconds. */
  readonly accuracy?: readonly [number, number, number];
  /** The GeneralName that the authority gives itself. */
  readonly tsa?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
  readonly signer?: Partial<SignerSpec>;
  readonly change?: Partial<SignedDataSpec>;
  /** Whether it names its certificate, as it must. Default `true`. */
  readonly names?: boolean;
}

/** The extendedKeyUsage of a time-stamping authority. */
export function stampingUsage(critical = true, ...more: readonly string[]): Bytes {
  return extension(
    '2.5.29.37',
    critical,
    derSequence(...['1.3.6.1.5.5.7.3.8', ...more].map((oid) => derOid(oid))),
  );
}

/** A time-stamping authority under an issuer. */
export function stampAuthority(
  issuer: TestCertificate,
  change: Partial<Parameters<typeof issue>[0]> = {},
): TestCertificate {
  return issue({
    name: 'Time Stamping Authority',
    key: testKey('p256', 'tsa'),
    issuer,
    extendedKeyUsage: null,
    extensions: [stampingUsage()],
    ...change,
  });
}

/** DER of a TSTInfo over octets. */
export function tstInfo(spec: Omit<TimestampSpec, 'by'> & { readonly over: Uint8Array }): Bytes {
  const digest = spec.digest ?? 'sha256';
  const [seconds, millis, micros] = spec.accuracy ?? [0, 0, 0];
  const accuracy = derSequence(
    derInteger(seconds),
    der(0x80, derInteger(millis).subarray(2)),
    der(0x81, derInteger(micros).subarray(2)),
  );
  return derSequence(
    derInteger(spec.version ?? 1),
    derOid('1.3.6.1.4.1.99999.1'),
    derSequence(derSequence(derOid(digestOids[digest]), derNull()), derOctetString(hash(digest, spec.over))),
    derInteger(7),
    generalizedTime(spec.time),
    ...(spec.accuracy === undefined ? [] : [accuracy]),
    ...(spec.tsa === undefined ? [] : [derExplicit(0, spec.tsa)]),
    ...(spec.extensions === undefined ? [] : [der(0xa1, ...spec.extensions)]),
  );
}

/** A time stamp token over octets. */
export function timestampToken(spec: TimestampSpec & { readonly over: Uint8Array }): Bytes {
  return signedData({
    content: tstInfo(spec),
    embed: true,
    eContentType: Oid.tstInfo,
    signers: [
      {
        by: spec.by,
        attributes: (usual) => [
          usual.contentType,
          usual.messageDigest,
          ...(spec.names === false ? [] : [signingCertificate('v2', spec.by)]),
        ],
        ...spec.signer,
      },
    ],
    ...spec.change,
  });
}

/** A SignedData with time stamps, or anything else, as the signature-time-stamp attribute of its first signer. */
export function withTimestamps(p7s: Uint8Array, make: (signature: Bytes) => readonly Uint8Array[]): Bytes {
  const [type, wrapped] = readBer(p7s).children;
  const fields = wrapped!.children[0]!.children;
  const [first, ...others] = fields.at(-1)!.children;
  const elements = first!.children.map((each) => each.bytes);
  const signature = first!.children.find((each) => each.is(0x04))!.content;
  const stamped = derSequence(
    ...elements,
    der(0xa1, attribute('1.2.840.113549.1.9.16.2.14', ...make(signature))),
  );
  const signers = derSetOf(stamped, ...others.map((each) => each.bytes));
  const inner = derSequence(...fields.slice(0, -1).map((each) => each.bytes), signers);
  return derSequence(type!.bytes, der(0xa0, inner));
}

/** One time stamp over the signature. */
export function stamped(p7s: Uint8Array, spec: TimestampSpec): Bytes {
  return withTimestamps(p7s, (signature) => [timestampToken({ over: signature, ...spec })]);
}
