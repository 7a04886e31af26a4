import { readBer } from '../../src/asn1/reader.js';
import {
  der,
  derBitString,
  derBoolean,
  derExplicit,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../src/asn1/writer.js';
import { type Bytes, bytesFromLatin1 } from '../../src/core/bytes.js';
import {
  digestIdentifier,
  hash,
  type Scheme,
  signatureIdentifier,
  signOctets,
  type TestCertificate,
  type TestDigest,
} from './pki.js';

/** The key purpose of OCSP responders. */
export const ocspSigning = '1.3.6.1.5.5.7.3.9';

/** id-pkix-ocsp-nocheck as an Extension. */
export const noCheck: Bytes = derSequence(derOid('1.3.6.1.5.5.7.48.1.5'), derOctetString(derNull()));

/** Everything that a test may want to say about one answer. */
export interface AnswerSpec {
  readonly about: TestCertificate;
  readonly issuer: TestCertificate;
  readonly status?: 'good' | 'unknown' | { readonly revoked: string; readonly reason?: number };
  readonly thisUpdate?: string;
  /** `null` leaves it out. */
  readonly nextUpdate?: string | null;
  readonly hash?: TestDigest;
  /** Hash another key than the issuer's. */
  readonly keyOf?: TestCertificate;
  readonly extensions?: readonly Uint8Array[];
}

/** Everything that a test may want to say about a response. */
export interface ResponseSpec {
  readonly answers: readonly AnswerSpec[];
  readonly by: TestCertificate;
  readonly responder?: 'byName' | 'byKey';
  readonly scheme?: Scheme;
  readonly extensions?: readonly Uint8Array[];
  readonly certificates?: readonly TestCertificate[];
  readonly spoil?: boolean;
}

export function generalizedTime(time: string): Bytes {
  return der(0x18, bytesFromLatin1(`${new Date(time).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));
}

/** The bits of a certificate's key, without the octet that counts unused ones. */
export function keyBits({ certificate }: TestCertificate): Bytes {
  return readBer(certificate.subjectPublicKeyInfo).children[1]!.content.subarray(1);
}

/** The usual times of answers: valid in the whole year 2026. */
export const answerTimes = { thisUpdate: '2026-01-01T00:00:00Z', nextUpdate: '2027-01-01T00:00:00Z' };

function answer(spec: AnswerSpec): Bytes {
  const digest = spec.hash ?? 'sha1';
  const { status = 'good', nextUpdate = answerTimes.nextUpdate } = spec;
  const certId = derSequence(
    derSequence(readBer(digestIdentifier(digest)).children[0]!.bytes, derNull()),
    derOctetString(hash(digest, spec.about.issuerName)),
    derOctetString(hash(digest, keyBits(spec.keyOf ?? spec.issuer))),
    spec.about.serial,
  );
  const certStatus =
    status === 'good'
      ? der(0x80)
      : status === 'unknown'
        ? der(0x82)
        : der(
            0xa1,
            generalizedTime(status.revoked),
            ...(status.reason === undefined ? [] : [derExplicit(0, der(0x0a, Uint8Array.of(status.reason)))]),
          );
  return derSequence(
    certId,
    certStatus,
    generalizedTime(spec.thisUpdate ?? answerTimes.thisUpdate),
    ...(nextUpdate === null ? [] : [derExplicit(0, generalizedTime(nextUpdate))]),
    ...(spec.extensions === undefined ? [] : [derExplicit(1, derSequence(...spec.extensions))]),
  );
}

/** An Extension of a response. */
export function ocspExtension(oid: string, value: Uint8Array, critical = false): Bytes {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

/** DER of an OCSPResponse. */
export function ocspResponse(spec: ResponseSpec): Bytes {
  const { by } = spec;
  const responderId =
    (spec.responder ?? 'byName') === 'byName'
      ? derExplicit(1, by.subject)
      : derExplicit(2, derOctetString(hash('sha1', keyBits(by))));
  const tbs = derSequence(
    responderId,
    generalizedTime(spec.answers[0]?.thisUpdate ?? answerTimes.thisUpdate),
    derSequence(...spec.answers.map(answer)),
    ...(spec.extensions === undefined ? [] : [derExplicit(1, derSequence(...spec.extensions))]),
  );
  const signature = signOctets(by.key, tbs, spec.scheme);
  if (spec.spoil === true) signature[signature.length - 1]! ^= 1;
  const certificates = spec.certificates ?? [by];
  const basic = derSequence(
    tbs,
    signatureIdentifier(by.key, spec.scheme),
    derBitString(signature),
    ...(certificates.length === 0
      ? []
      : [derExplicit(0, derSequence(...certificates.map((each) => each.der)))]),
  );
  return derSequence(
    der(0x0a, Uint8Array.of(0)),
    derExplicit(0, derSequence(derOid('1.3.6.1.5.5.7.48.1.1'), derOctetString(basic))),
  );
}

/** A response that says only that something went wrong. */
export function ocspError(status: number): Bytes {
  return derSequence(der(0x0a, derInteger(status).subarray(2)));
}
