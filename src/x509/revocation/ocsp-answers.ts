import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { DigestName } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from '../path/path-problem.js';
import { issuerHashes } from './ocsp-request.js';
import type { OcspResponse } from './ocsp-response.js';
import type { OcspCertId, OcspSingleResponse } from './ocsp-single-response.js';
import type { RevocationContext } from './revocation-options.js';
import type { RevocationProblem } from './revocation-report.js';

/** An answer about the certificate asked about, and the response that it stands in. */
export interface OcspAnswer {
  readonly response: OcspResponse;
  readonly answer: OcspSingleResponse;
}

interface AnswerQuestion {
  readonly certificate: Certificate;
  readonly issuer: { readonly certificate: Certificate };
  readonly context: Omit<RevocationContext, 'memory'>;
  readonly note: (problem: RevocationProblem) => void;
}

/**
 * The answers about a certificate in all responses: those first that revoke it,
 * which counts however old it is, then the newest. Of what cannot be read a
 * problem is noted.
 */
export function ocspAnswers(responses: readonly OcspResponse[], question: AnswerQuestion): OcspAnswer[] {
  const { certificate, issuer, context, note } = question;
  const isAsked = certIdTest(certificate, issuer.certificate, context);
  const found: OcspAnswer[] = [];
  for (const response of responses) {
    if (response.status !== 'successful') {
      const message = `the OCSP responder answered "${response.status}"`;
      note({ code: 'response-error', message, section: 'RFC 6960 §2.3' });
      continue;
    }
    try {
      for (const answer of response.responses) {
        if (isAsked(answer.certId)) found.push({ response, answer });
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
    }
  }
  return found.sort(
    (a, b) =>
      Number(isFinal(b.answer)) - Number(isFinal(a.answer)) ||
      b.answer.thisUpdate.getTime() - a.answer.thisUpdate.getTime() ||
      // Of two of one time the worse comes first.
      Number(b.answer.status === 'revoked') - Number(a.answer.status === 'revoked'),
  );
}

/** Nobody is un-revoked; only a hold may be lifted (RFC 5280 §5.3.1). */
export function isFinal({ status, reason }: OcspSingleResponse): boolean {
  return status === 'revoked' && reason !== 'certificateHold';
}

/** RFC 6960 §3.2 (1): the answer is about the certificate asked about. Hashes are made once for each algorithm. */
function certIdTest(
  certificate: Certificate,
  issuer: Certificate,
  context: AnswerQuestion['context'],
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
