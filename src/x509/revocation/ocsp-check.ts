import { MailsealError } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { AccessMethodOid } from '../certificate/access-descriptions.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from '../path/path-problem.js';
import { type OcspAnswer, ocspAnswers } from './ocsp-answers.js';
import { buildOcspRequest } from './ocsp-request.js';
import { type FoundResponder, findResponder } from './ocsp-responder.js';
import type { OcspResponse } from './ocsp-response.js';
import { answerProblem } from './ocsp-usable.js';
import { type Finding, together } from './revocation-findings.js';
import type { RevocationContext } from './revocation-options.js';
import type { RevocationProblem, RevocationReference } from './revocation-report.js';

/** What checking OCSP responses needs from the path search that asks for it. */
export type OcspContext = Omit<RevocationContext, 'memory'>;

/** What OCSP responses say of a certificate, and why some say nothing. */
export interface OcspOutcome {
  /** Left out where no response could be used. */
  readonly revocation?: Finding;
  readonly problems: readonly RevocationProblem[];
}

/** The issuer of a certificate, with the key that signed it. */
export interface CertificateIssuer {
  readonly certificate: Certificate;
  readonly publicKey: PublicKey;
}

/** What one lot of responses says. */
interface Found {
  /** All of those that revoke as one. */
  readonly revoked?: Finding;
  /** Of the others, the newest. */
  readonly latest?: Finding;
}

/**
 * Responses about one certificate whose signatures are checked before no more
 * are: each costs several checks, and a message can bring any number.
 */
const mostTried = 8;

/** What is told of one certificate. */
const mostProblems = 32;

/**
 * Looks for responses among those at hand that tell whether a certificate is
 * revoked (RFC 6960 §3.2): about this certificate, timely, and signed by its
 * issuer or by whom that issuer has authorised. Those that say `revoked` count
 * before all others, together and since the earliest moment that any of them
 * gives, else the newest. Those that were carried by what is being verified are
 * counted apart, so that they keep none of the caller's from being looked at.
 *
 * @throws MailsealError `crypto-engine-unavailable` only.
 */
export async function checkOcsp(
  certificate: Certificate,
  issuer: CertificateIssuer,
  anchor: Certificate,
  context: OcspContext,
): Promise<OcspOutcome> {
  const { ocspResponses = [], carriedOcspResponses = [] } = context.options;
  const problems: RevocationProblem[] = [];
  const question: Question = {
    certificate,
    issuer,
    anchor,
    context,
    note: (problem) => {
      // That the search was cut short must be told, however much else there is.
      const isFull = problems.length >= mostProblems && problem.code !== 'search-limit';
      if (!isFull && !problems.some(({ message }) => message === problem.message)) problems.push(problem);
    },
  };
  const given = await lookAt(ocspResponses, question);
  const carried = await lookAt(carriedOcspResponses, question);
  const revoked = both(given.revoked, carried.revoked);
  const revocation = revoked ?? later(given.latest, carried.latest);
  return revocation === undefined ? { problems } : { revocation, problems };
}

/** What some responses say, within the trials that they have. */
async function lookAt(responses: readonly OcspResponse[], question: Question): Promise<Found> {
  let revoked: Finding | undefined;
  const signers = new Map<OcspResponse, FoundResponder | RevocationProblem>();
  // Those that revoke come first, then the newest.
  for (const candidate of ocspAnswers(responses, question)) {
    const found = await use(candidate, signers, question);
    if (found === 'search-limit') break;
    if (found?.status === 'revoked') revoked = both(revoked, found);
    else if (found !== undefined) return { latest: found, ...(revoked === undefined ? {} : { revoked }) };
  }
  return revoked === undefined ? {} : { revoked };
}

/** Those that there are as one, since the earliest moment that any of them gives (RFC 5280 §5.3.2). */
function both(a: Finding | undefined, b: Finding | undefined): Finding | undefined {
  return a === undefined || b === undefined ? (a ?? b) : together([a, b]);
}

/** The newer of two, and of two of one time the worse. */
function later(a: Finding | undefined, b: Finding | undefined): Finding | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const difference = (b.thisUpdate?.getTime() ?? 0) - (a.thisUpdate?.getTime() ?? 0);
  return difference > 0 || (difference === 0 && b.status === 'on-hold') ? b : a;
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

/** One certificate to tell about, and where what is wrong with responses is told. */
interface Question {
  readonly certificate: Certificate;
  readonly issuer: CertificateIssuer;
  readonly anchor: Certificate;
  readonly context: OcspContext;
  readonly note: (problem: RevocationProblem) => void;
}

/** What an answer says, when it can be used; else why not is noted. */
async function use(
  { response, answer }: OcspAnswer,
  signers: Map<OcspResponse, FoundResponder | RevocationProblem>,
  question: Question,
): Promise<Finding | 'search-limit' | undefined> {
  const { certificate, context, note } = question;
  try {
    const problem = answerProblem({ response, answer }, certificate, context);
    if (problem !== undefined) {
      note(problem);
      return undefined;
    }
    let signer = signers.get(response);
    if (signer === undefined) {
      signer =
        signers.size < mostTried
          ? await findResponder(response, question)
          : {
              code: 'search-limit',
              message: 'OCSP responses were not looked at: there are too many',
              section: 'RFC 6960 §3.2',
            };
      signers.set(response, signer);
    }
    if ('code' in signer) {
      note(signer);
      return signer.code === 'search-limit' ? 'search-limit' : undefined;
    }
    // What is signed so weakly that it may be forged cannot clear anybody; who is named revoked by it is in doubt.
    if (signer.isWeak && answer.status !== 'revoked') {
      note({
        code: 'algorithm-weak',
        message:
          'an OCSP response, or its responder’s certificate, is signed in a way that the algorithm policy refuses',
        section: 'RFC 6960 §4.3',
      });
      return undefined;
    }
  } catch (error) {
    if (
      !(error instanceof MailsealError) ||
      error.code === 'crypto-engine-unavailable' ||
      error.code === 'aborted'
    )
      throw error;
    const message = `an OCSP response cannot be read: ${error.message}`;
    note({ code: 'malformed', message, section: 'RFC 6960 §4.2.1' });
    return undefined;
  }
  if (answer.status === 'unknown') {
    note({
      code: 'certificate-unknown',
      message: 'the OCSP responder does not know the certificate',
      section: 'RFC 6960 §2.2',
    });
    return undefined;
  }
  const { thisUpdate, nextUpdate, revocationDate, invalidityDate } = answer;
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
    ...(invalidityDate === undefined ? {} : { invalidityDate }),
  };
}
