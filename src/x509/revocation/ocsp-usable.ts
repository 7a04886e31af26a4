import { readBer } from '../../asn1/reader.js';
import { decodeTime } from '../../asn1/time.js';
import { equalBytes } from '../../core/bytes.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from '../path/path-problem.js';
import { isFinal, type OcspAnswer } from './ocsp-answers.js';
import { OcspExtensionOid, type OcspResponse } from './ocsp-response.js';
import { CrlEntryExtensionOid, type OcspSingleResponse } from './ocsp-single-response.js';
import type { RevocationContext } from './revocation-options.js';
import type { RevocationProblem } from './revocation-report.js';
import { clockSkew, iso } from './revocation-times.js';

type Context = Omit<RevocationContext, 'memory'>;

/** Extensions of a response or of an answer in it that are heeded, or say nothing which could make it not count. */
const understood: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  OcspExtensionOid.nonce,
  OcspExtensionOid.crlReferences,
  OcspExtensionOid.archiveCutoff,
  OcspExtensionOid.extendedRevoke,
]);

/** RFC 6960 §4.4.5: extensions of CRL entries may stand in an answer as well. */
const understoodOfEntries: ReadonlySet<string> = /* @__PURE__ */ new Set<string>([
  CrlEntryExtensionOid.reasonCode,
  CrlEntryExtensionOid.holdInstructionCode,
  CrlEntryExtensionOid.invalidityDate,
]);

/** How long an answer counts that says that newer information is always to be had (RFC 6960 §4.2.2.1). */
const ageWithoutNextUpdate = 24 * 60 * 60_000;

/** Why an answer cannot be used, as far as that shows without a key; `undefined` where it can. */
export function answerProblem(
  { response, answer }: OcspAnswer,
  certificate: Certificate,
  context: Context,
): RevocationProblem | undefined {
  return (
    extensionProblem(response, answer) ??
    nonceProblem(response, context) ??
    timeProblem(answer, context) ??
    expiryProblem(answer, certificate)
  );
}

/** RFC 6960 §4.4: what is critical and not understood makes a response count for nothing. */
function extensionProblem(response: OcspResponse, answer: OcspSingleResponse): RevocationProblem | undefined {
  const unknown =
    response.extensions.find(({ critical, oid }) => critical && !understood.has(oid)) ??
    answer.extensions.find(
      ({ critical, oid }) => critical && !understood.has(oid) && !understoodOfEntries.has(oid),
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
function nonceProblem(response: OcspResponse, context: Context): RevocationProblem | undefined {
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
function timeProblem(answer: OcspSingleResponse, context: Context): RevocationProblem | undefined {
  const at = context.at.getTime();
  const { thisUpdate, nextUpdate } = answer;
  if (thisUpdate.getTime() > at + clockSkew) {
    return {
      code: 'not-yet-valid',
      message: `the OCSP response is of ${iso(thisUpdate)}, later than the time asked about`,
      section: 'RFC 6960 §3.2 (5)',
    };
  }
  // Who was revoked stays so, however old the news is; but a hold may have been lifted.
  if (isFinal(answer)) return undefined;
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

/**
 * RFC 6960 §2.2, §4.4.4: a responder may forget a certificate once it has
 * expired, and says "good" of what it does not know to be revoked, unless it
 * says how far back it goes.
 */
function expiryProblem(answer: OcspSingleResponse, { notAfter }: Certificate): RevocationProblem | undefined {
  if (answer.status !== 'good' || answer.thisUpdate <= notAfter) return undefined;
  const value = answer.extensions.find(({ oid }) => oid === OcspExtensionOid.archiveCutoff)?.value;
  const cutoff = value && quietly(() => decodeTime(readBer(value)));
  if (cutoff !== undefined && cutoff <= notAfter) return undefined;
  return {
    code: 'scope',
    message: 'the OCSP response is of a time when the certificate had expired and may have been forgotten',
    section: 'RFC 6960 §4.4.4',
  };
}
