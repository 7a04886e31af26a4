import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { AccessMethodOid } from '../certificate/access-descriptions.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from '../path/path-problem.js';
import { buildOcspRequest, issuerHashes } from './ocsp-request.js';
import { findResponder } from './ocsp-responder.js';
import { OcspExtensionOid, type OcspResponse } from './ocsp-response.js';
import type { OcspCertId, OcspSingleResponse } from './ocsp-single-response.js';
import type { RevocationContext } from './revocation-options.js';
import type {
  CertificateRevocation,
  RevocationProblem,
  RevocationProblemCode,
  RevocationReference,
} from './revocation-report.js';
import { clockSkew, iso } from './revocation-times.js';

/** What checking OCSP responses needs from the path search that asks for it. */
export type OcspContext = Omit<RevocationContext, 'memory'>;

/** What OCSP responses say of a certificate, and why some say nothing. */
export interface OcspOutcome {
  /** Left out where no response could be used. */
  readonly revocation?: Omit<CertificateRevocation, 'references' | 'problems'>;
  readonly problems: readonly RevocationProblem[];
}

/** The issuer of a certificate, with the key that signed it. */
export interface CertificateIssuer {
  readonly certificate: Certificate;
  readonly publicKey: PublicKey;
}

/** Extensions of a response or of an answer in it that say nothing which could make it not count. */
const understood: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  OcspExtensionOid.nonce,
  OcspExtensionOid.crlReferences,
  OcspExtensionOid.archiveCutoff,
  OcspExtensionOid.extendedRevoke,
]);

/** How long an answer counts that says that newer information is always to be had (RFC 6960 §4.2.2.1). */
const ageWithoutNextUpdate = 24 * 60 * 60_000;

/** An answer of a response about the certificate asked about. */
interface Candidate {
  readonly response: OcspResponse;
  readonly answer: OcspSingleResponse;
}

/**
 * Responses about one certificate that may prove forged, and that may prove
 * genuine, before no more are looked at: each costs up to two signature checks,
 * and a message can bring any number.
 */
const mostTried = 8;

/**
 * Looks for responses among those at hand that tell whether a certificate is
 * revoked (RFC 6960 §3.2): about this certificate, timely, and signed by its
 * issuer or by whom that issuer has authorised. One that says `revoked` counts
 * before all others, else the newest. They are tried in the order given, so
 * that those of the caller are not kept from being looked at by what comes after.
 *
 * @throws MailsealError `crypto-engine-unavailable` only.
 */
export async function checkOcsp(
  certificate: Certificate,
  issuer: CertificateIssuer,
  anchor: Certificate,
  context: OcspContext,
): Promise<OcspOutcome> {
  const problems: RevocationProblem[] = [];
  let newest: OcspOutcome['revocation'];
  const tried = { genuine: 0, other: 0 };
  for (const candidate of candidates(certificate, issuer.certificate, context, problems)) {
    if (tried.genuine >= mostTried || tried.other >= mostTried) {
      say(problems, 'search-limit', 'OCSP responses were not looked at: there are too many', 'RFC 6960 §3.2');
      break;
    }
    const said = problems.length;
    const found = await use(candidate, { certificate, issuer, anchor, context, problems });
    if (found?.status === 'revoked') return { revocation: found, problems };
    if (found !== undefined) {
      tried.genuine++;
      if (isNewer(found, newest)) newest = found;
      continue;
    }
    if (costly.has(problems[said]?.code ?? 'malformed')) tried.other++;
    if (problems[said]?.code === 'search-limit') break;
  }
  return newest === undefined ? { problems } : { revocation: newest, problems };
}

/** Problems that show only once signatures were checked. */
const costly: ReadonlySet<RevocationProblemCode> = /* @__PURE__ */ new Set<RevocationProblemCode>([
  'signature-invalid',
  'issuer-untrusted',
  'algorithm-unsupported',
  'algorithm-weak',
  'certificate-unknown',
  'search-limit',
]);

/** Whether an answer is newer than another, or of the same time and worse. */
function isNewer(found: NonNullable<OcspOutcome['revocation']>, than: OcspOutcome['revocation']): boolean {
  const difference = (found.thisUpdate?.getTime() ?? 0) - (than?.thisUpdate?.getTime() ?? 0);
  return than === undefined || difference > 0 || (difference === 0 && found.status === 'on-hold');
}

/** The OCSP responders that a certificate names (RFC 5280 §4.2.2.1), with the request to send. */
export function ocspReferences(
  certificate: Certificate,
  issuer: Certificate,
  nonce?: Uint8Array,
): RevocationReference[] {
  const found: RevocationReference[] = [];
  for (const { method, location } of quietly(() => certificate.authorityInfoAccess) ?? []) {
    if (method !== AccessMethodOid.ocsp || location.kind !== 'uniformResourceIdentifier') continue;
    const request = quietly(() =>
      buildOcspRequest([{ certificate, issuer }], nonce === undefined ? {} : { nonce }),
    );
    found.push({
      kind: 'ocsp',
      url: location.value,
      certificate,
      ...(request === undefined ? {} : { request }),
    });
  }
  return found;
}

/** The answers about a certificate in all responses; responses that cannot be read are problems. */
function candidates(
  certificate: Certificate,
  issuer: Certificate,
  context: OcspContext,
  problems: RevocationProblem[],
): Candidate[] {
  const isAsked = certIdTest(certificate, issuer, context);
  const found: Candidate[] = [];
  for (const response of context.options.ocspResponses ?? []) {
    if (response.status !== 'successful') {
      say(problems, 'response-error', `the OCSP responder answered "${response.status}"`, 'RFC 6960 §2.3');
      continue;
    }
    try {
      for (const answer of response.responses) {
        if (isAsked(answer.certId)) found.push({ response, answer });
      }
    } catch (error) {
      if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
      say(problems, 'malformed', `an OCSP response cannot be read: ${error.message}`, 'RFC 6960 §4.2.1');
    }
  }
  return found;
}

/** RFC 6960 §3.2 (1): the answer is about the certificate asked about. Hashes are made once for each algorithm. */
function certIdTest(
  certificate: Certificate,
  issuer: Certificate,
  context: OcspContext,
): (id: OcspCertId) => boolean {
  const hashes = new Map<DigestName, ReturnType<typeof issuerHashes>>();
  return (id) => {
    // Compared first: it rules out nearly all others, and costs nothing.
    if (!equalBytes(id.serialNumber, certificate.serialNumber)) return false;
    const name = quietly(() => parseDigestAlgorithm(id.hashAlgorithm));
    if (name === undefined) return false;
    let wanted = hashes.get(name);
    if (wanted === undefined) {
      wanted = issuerHashes(certificate, issuer, name, context);
      hashes.set(name, wanted);
    }
    return (
      equalBytes(id.issuerNameHash, wanted.issuerNameHash) &&
      equalBytes(id.issuerKeyHash, wanted.issuerKeyHash)
    );
  };
}

interface Question {
  readonly certificate: Certificate;
  readonly issuer: CertificateIssuer;
  readonly anchor: Certificate;
  readonly context: OcspContext;
  readonly problems: RevocationProblem[];
}

/** What an answer says, when it can be used; else why not is added to the problems. */
async function use(
  { response, answer }: Candidate,
  question: Question,
): Promise<OcspOutcome['revocation'] | undefined> {
  const { certificate, context, problems } = question;
  try {
    const problem =
      extensionProblem(response, answer) ?? nonceProblem(response, context) ?? timeProblem(answer, context);
    if (problem !== undefined) {
      problems.push(problem);
      return undefined;
    }
    const found = await findResponder(response, question);
    if ('code' in found) {
      problems.push(found);
      return undefined;
    }
    // What is signed so weakly that it may be forged cannot clear anybody; who is named revoked by it is in doubt.
    if (found.isWeak && answer.status !== 'revoked') {
      say(
        problems,
        'algorithm-weak',
        'an OCSP response, or its responder’s certificate, is signed in a way that the algorithm policy refuses',
        'RFC 6960 §4.3',
      );
      return undefined;
    }
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    say(problems, 'malformed', `an OCSP response cannot be read: ${error.message}`, 'RFC 6960 §4.2.1');
    return undefined;
  }
  if (answer.status === 'unknown') {
    say(problems, 'certificate-unknown', 'the OCSP responder does not know the certificate', 'RFC 6960 §2.2');
    return undefined;
  }
  const { thisUpdate, nextUpdate, revocationDate } = answer;
  const facts = {
    certificate,
    source: 'ocsp' as const,
    thisUpdate,
    age: context.at.getTime() - thisUpdate.getTime(),
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
  };
  if (answer.status === 'good') return { ...facts, status: 'good' };
  const reason = answer.reason ?? 'unspecified';
  return {
    ...facts,
    status: reason === 'certificateHold' ? 'on-hold' : 'revoked',
    reason,
    ...(revocationDate === undefined ? {} : { revocationDate }),
  };
}

/** RFC 6960 §4.4: what is critical and not understood makes a response count for nothing. */
function extensionProblem(response: OcspResponse, answer: OcspSingleResponse): RevocationProblem | undefined {
  const unknown = [...response.extensions, ...answer.extensions].find(
    ({ critical, oid }) => critical && !understood.has(oid),
  );
  return (
    unknown && {
      code: 'unknown-critical-extension',
      message: `the OCSP response has the critical extension ${unknown.oid}, which is not known`,
      section: 'RFC 6960 §4.4',
    }
  );
}

/** RFC 9654 §2.1: who sent a nonce and gets another back, or none, may have got somebody's old response. */
function nonceProblem(response: OcspResponse, context: OcspContext): RevocationProblem | undefined {
  const wanted = context.options.ocspNonce;
  const { nonce } = response;
  if (wanted === undefined || (nonce !== undefined && equalBytes(nonce, wanted))) return undefined;
  return {
    code: 'nonce-mismatch',
    message: `the OCSP response ${nonce === undefined ? 'repeats no nonce' : 'repeats another nonce than was sent'}`,
    section: 'RFC 9654 §2.1',
  };
}

/** RFC 6960 §3.2 (5), (6): recent enough, and the next one is not due yet. */
function timeProblem(answer: OcspSingleResponse, context: OcspContext): RevocationProblem | undefined {
  const at = context.at.getTime();
  const { thisUpdate, nextUpdate, status, reason } = answer;
  if (thisUpdate.getTime() > at + clockSkew) {
    return {
      code: 'not-yet-valid',
      message: `the OCSP response is of ${iso(thisUpdate)}, later than the time asked about`,
      section: 'RFC 6960 §3.2 (5)',
    };
  }
  // Who was revoked stays so, however old the news is; but a hold may have been lifted.
  if (status === 'revoked' && reason !== 'certificateHold') return undefined;
  const oldest = context.options.maxAge ?? (nextUpdate === undefined ? ageWithoutNextUpdate : undefined);
  const isOld = oldest !== undefined && at - thisUpdate.getTime() > oldest;
  if (!isOld && (nextUpdate === undefined || nextUpdate.getTime() >= at)) return undefined;
  return {
    code: 'stale',
    message: isOld
      ? `the OCSP response is of ${iso(thisUpdate)}, which is too old`
      : `the OCSP response was good until ${iso(nextUpdate!)}`,
    section: 'RFC 6960 §3.2 (6)',
  };
}

function say(
  problems: RevocationProblem[],
  code: RevocationProblemCode,
  message: string,
  section: string,
): void {
  problems.push({ code, message, section });
}
