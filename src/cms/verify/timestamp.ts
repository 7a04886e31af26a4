import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import { sameGeneralName } from '../../x509/certificate/same-general-name.js';
import {
  type AlgorithmPolicy,
  algorithmPolicyNow,
  judgeSignatureAlgorithm,
} from '../../x509/path/algorithm-policy.js';
import { quietly } from '../../x509/path/path-problem.js';
import { iso } from '../../x509/revocation/revocation-times.js';
import { signatureTimestamps, signingCertificateAttribute } from '../attributes.js';
import { ContentTypeOid, contentTypeName } from '../oids.js';
import { parseSignedData, type SignedData } from '../signed/signed-data.js';
import type { SignerInfo } from '../signed/signer-info.js';
import { parseTimestampInfo, type TimestampInfo } from '../signed/timestamp-info.js';
import type { MessageWork } from './message-work.js';
import { Reasons } from './reason.js';
import type { Verification } from './signer-path.js';
import type { SignerVerdict, TimestampVerdict, VerifySignedDataOptions } from './verdict.js';

/** Verifies the signers of a time stamp; handed in, since a time stamp is itself a SignedData. */
export type VerifyTimestamp = (
  signedData: SignedData,
  options: VerifySignedDataOptions,
  work: MessageWork,
) => Promise<SignerVerdict[]>;

/** More time stamps of one signer are not looked at; one suffices. */
const mostTimestamps = 4;

/** Verifies the time stamps over a signature value, as far as there is work left. */
export async function checkTimestamps(
  signer: SignerInfo,
  verification: Verification,
  verify: VerifyTimestamp,
): Promise<TimestampVerdict[]> {
  const found: TimestampVerdict[] = [];
  const { work } = verification;
  // The attribute is unsigned: whoever forwards a message may have put anything there, which must spoil nothing.
  for (const token of quietly(() => signatureTimestamps(signer.unsignedAttributes)) ?? []) {
    if (found.length >= mostTimestamps || verification.timestampsLeft-- <= 0) break;
    found.push(
      await checkTimestamp(token, signer, verification, (signedData, options) =>
        verify(signedData, options, work.timestamps ?? work),
      ),
    );
  }
  return found;
}

/** The earliest time that a trusted time stamp vouches for. */
export function earliestTime(timestamps: readonly TimestampVerdict[]): Date | undefined {
  let earliest: Date | undefined;
  for (const { status, time } of timestamps) {
    if (status !== 'trusted' || time === undefined) continue;
    if (earliest === undefined || time < earliest) earliest = time;
  }
  return earliest;
}

async function checkTimestamp(
  token: Uint8Array,
  signer: SignerInfo,
  verification: Verification,
  verify: (signedData: SignedData, options: VerifySignedDataOptions) => Promise<SignerVerdict[]>,
): Promise<TimestampVerdict> {
  const reasons = new Reasons();
  const invalid = (info: TimestampInfo | undefined, by?: SignerVerdict): TimestampVerdict => ({
    status: 'invalid',
    info,
    time: undefined,
    certificate: by?.certificate,
    path: by?.path,
    reasons: reasons.list,
  });
  const fail = (what: string): void => reasons.fail('timestamp-invalid', `the time stamp ${what}`);
  try {
    const signedData = parseSignedData(token);
    if (signedData.eContentType !== ContentTypeOid.tstInfo || signedData.content === undefined) {
      fail(`holds ${contentTypeName(signedData.eContentType)}, no TSTInfo`);
      return invalid(undefined);
    }
    const info = parseTimestampInfo(signedData.content);
    const { options } = verification;
    checkInfo(info, signer, verification, fail);
    // RFC 3161 §2.4.2: the authority's signature is the only one.
    if (signedData.signers.length !== 1) fail(`has ${signedData.signers.length} signatures instead of one`);
    if (reasons.list.length > 0) return invalid(info);
    const roots = options.timestampRoots ?? options.roots;
    const [by] = await verify(signedData, {
      at: options.at,
      ...(roots === undefined ? {} : { roots }),
      certificates: verification.pool,
      ...(verification.revocation === undefined ? {} : { revocation: verification.revocation }),
      ...(options.algorithms === undefined ? {} : { algorithms: options.algorithms }),
      ...verification.engine,
    });
    if (by === undefined) return invalid(info);
    // RFC 3161 §2.4.2, RFC 5816 §2.2.1: the authority names its certificate under the signature.
    if (!namesCertificate(by)) {
      fail('does not name the certificate of its authority');
      return invalid(info, by);
    }
    if (!isNamed(info, by)) {
      fail('names another authority than its certificate does');
      return invalid(info, by);
    }
    return judge(info, by, reasons, invalid);
  } catch (error) {
    if (
      !(error instanceof MailsealError) ||
      error.code === 'crypto-engine-unavailable' ||
      error.code === 'aborted'
    )
      throw error;
    fail(`cannot be read: ${error.message}`);
    return invalid(undefined);
  }
}

function namesCertificate({ signer }: SignerVerdict): boolean {
  return (['v1', 'v2'] as const).some(
    (version) => signingCertificateAttribute(signer.signedAttributes, version) !== undefined,
  );
}

/** RFC 3161 §2.4.2: the name in `tsa`, where it is given, is one of the subject names of the authority's certificate. */
function isNamed({ tsa }: TimestampInfo, { certificate }: SignerVerdict): boolean {
  if (tsa === undefined || certificate === undefined) return true;
  if (tsa.kind === 'directoryName' && quietly(() => tsa.value.equals(certificate.subject)) === true)
    return true;
  const others = quietly(() => certificate.subjectAltName) ?? [];
  return others.some((name) => quietly(() => sameGeneralName(name, tsa)) === true);
}

/** RFC 3161 appendix A: the imprint is the hash of the signature value. */
function checkInfo(
  info: TimestampInfo,
  signer: SignerInfo,
  { engine, options }: Verification,
  fail: (what: string) => void,
): void {
  const name = parseDigestAlgorithm(info.hashAlgorithm);
  const policy: AlgorithmPolicy = options.algorithms ?? algorithmPolicyNow;
  if (judgeSignatureAlgorithm(policy, { name: 'ecdsa', digest: name }) === 'refused')
    fail(`is over ${name.toUpperCase()}, for which colliding content can be made`);
  if (!equalBytes(digest(name, signer.signature, engine), info.hashedMessage))
    fail('is over something else than this signature');
  if (info.genTime > options.at) fail(`is of ${iso(info.genTime)}, later than the time of verification`);
  // RFC 3161 §2.4.2: an extension that is critical and not understood is to be refused; none is understood here.
  const unknown = info.extensions.find(({ critical }) => critical);
  if (unknown !== undefined) fail(`has the critical extension ${unknown.oid}, which is not known`);
}

/** Whether the authority may be believed: its signature, its certificate, and its path, at the time of verification. */
function judge(
  info: TimestampInfo,
  by: SignerVerdict,
  reasons: Reasons,
  invalid: (info: TimestampInfo, by: SignerVerdict) => TimestampVerdict,
): TimestampVerdict {
  const time = new Date(info.genTime.getTime() + info.accuracy);
  if (by.content !== 'intact' || by.signature !== 'valid') {
    reasons.list.push(...by.reasons.filter(({ severity }) => severity === 'failure'));
    return invalid(info, by);
  }
  const { certificate, path } = by;
  if (
    by.trust === 'trusted' &&
    by.time === 'valid' &&
    certificate !== undefined &&
    madeInValidity(info, by)
  ) {
    reasons.list.push(...by.reasons);
    return { status: 'trusted', info, time, certificate, path, reasons: reasons.list };
  }
  reasons.fail('timestamp-untrusted', 'the time stamp is by an authority that cannot be trusted for it');
  reasons.list.push(...by.reasons);
  return { status: 'untrusted', info, time, certificate, path, reasons: reasons.list };
}

function madeInValidity({ genTime }: TimestampInfo, { certificate }: SignerVerdict): boolean {
  return certificate !== undefined && genTime >= certificate.notBefore && genTime <= certificate.notAfter;
}
