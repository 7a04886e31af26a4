import { equalBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { parseSignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { signatureFits } from '../../crypto/signatures/verify.js';
import type { Certificate } from '../certificate/certificate.js';
import { quietly } from '../path/path-problem.js';
import { spendCheck } from '../path/path-work.js';
import type { CertificateList } from './crl.js';
import type { RevocationContext } from './revocation-options.js';
import { crlProblem, type RevocationProblem } from './revocation-report.js';

/** A certificate and its issuer, whose path is valid. */
export interface CrlQuestion {
  readonly certificate: Certificate;
  readonly issuer: { readonly certificate: Certificate; readonly publicKey: PublicKey };
  readonly anchor: Certificate;
  readonly context: RevocationContext;
}

/** Certificates with the name of a CRL's issuer that are tried for one CRL. */
const mostSigners = 8;

/**
 * Finds whose key signed a CRL, and validates the path to it (RFC 5280 §6.3.3
 * f, g): mostly the issuer of the certificate, whose path is known, else
 * another certificate of that name below the same trust anchor.
 *
 * @param ownAllowed Whether the certificate asked about may be the signer's:
 * only where its issuer said so, naming it as the cRLIssuer of its own
 * distribution point (as PKITS 4.14.30 has it). Otherwise nobody vouches for
 * himself, since he could then never be revoked.
 */
export async function findCrlSigner(
  crl: CertificateList,
  question: CrlQuestion,
  ownAllowed = false,
): Promise<{ readonly publicKey: PublicKey } | RevocationProblem> {
  const { issuer, context } = question;
  let fault: RevocationProblem | undefined;
  // What tells most comes last: a right signature of somebody who may not sign says more than a wrong one.
  const note = (problem: RevocationProblem): void => {
    if (fault === undefined || weight(problem) > weight(fault)) fault = problem;
  };
  if (!agrees(crl))
    return crlProblem('malformed', 'names two different signature algorithms', 'RFC 5280 §5.1.1.2');
  for (const candidate of signersOf(crl, question, ownAllowed)) {
    if (candidate === 'more')
      return crlProblem(
        'search-limit',
        'has an issuer of whose name there are more certificates than are tried',
        'RFC 5280 §6.3.3 (f)',
      );
    if (!maySign(candidate)) {
      note(
        crlProblem(
          'issuer-untrusted',
          'has an issuer whose key is not for signing CRLs',
          'RFC 5280 §6.3.3 (f)',
        ),
      );
      continue;
    }
    const isIssuer = candidate === issuer.certificate;
    const isAnchor = !isIssuer && candidate.equals(question.anchor);
    const known = isIssuer ? issuer.publicKey : ownKey(candidate);
    // A key without its parameters can check nothing before the path above it is known.
    let publicKey = known?.kind === 'dsa' && known.parameters === undefined ? undefined : known;
    if (publicKey !== undefined) {
      const wrong = await crlSignatureFault(crl, publicKey, context);
      if (wrong !== undefined) {
        if (wrong.code === 'search-limit') return wrong;
        note(wrong);
        continue;
      }
    }
    // The path of the certificate asked about is being validated already.
    if (isIssuer || isAnchor || candidate === question.certificate) {
      if (publicKey !== undefined) return { publicKey };
      continue;
    }
    const path = await context.findSignerPath(candidate, question.anchor, 'crl-signing');
    if (path === 'search-limit')
      return crlProblem(path, 'was not looked at: the work allowed is used up', 'RFC 5280 §6.3.3 (f)');
    if (path === undefined) {
      note(
        crlProblem(
          'issuer-untrusted',
          'is signed by one who has no valid path to the same trust anchor',
          'RFC 5280 §6.3.3 (f)',
        ),
      );
      continue;
    }
    if (publicKey === undefined) {
      const wrong = await crlSignatureFault(crl, path.publicKey, context);
      if (wrong !== undefined) {
        if (wrong.code === 'search-limit') return wrong;
        note(wrong);
        continue;
      }
      publicKey = path.publicKey;
    }
    return { publicKey };
  }
  return (
    fault ??
    crlProblem('issuer-missing', 'has an issuer whose certificate is not at hand', 'RFC 5280 §6.3.3 (f)')
  );
}

/** What says more about why a CRL does not count. */
function weight({ code }: RevocationProblem): number {
  return code === 'signature-invalid' ? 1 : code === 'algorithm-unsupported' ? 2 : 3;
}

/**
 * Certificates of the CRL's issuer, those first whose key identifier is that of
 * the CRL: that of the certificate's issuer, which it is nearly always, the
 * anchor, then others, of which anybody may have brought any number. `more`
 * where some are left.
 */
function* signersOf(
  crl: CertificateList,
  { certificate, issuer, anchor, context }: CrlQuestion,
  ownAllowed: boolean,
): Generator<Certificate | 'more', undefined> {
  const wanted = quietly(() => crl.authorityKeyIdentifier?.keyIdentifier);
  // 0: its identifier fits; 1: it has none, or the CRL; 2: it has another.
  const rank = (each: Certificate): 0 | 1 | 2 => {
    const has = quietly(() => each.subjectKeyIdentifier);
    return wanted === undefined || has === undefined ? 1 : equalBytes(wanted, has) ? 0 : 2;
  };
  const isNamed = (each: Certificate): boolean => quietly(() => each.subject.equals(crl.issuer)) === true;
  const own: Certificate[] = ownAllowed ? [certificate] : [];
  if (isNamed(issuer.certificate)) {
    if (rank(issuer.certificate) < 2) yield issuer.certificate;
    else own.push(issuer.certificate);
  }
  if (!anchor.equals(issuer.certificate) && isNamed(anchor)) own.push(anchor);
  const known = [certificate, issuer.certificate, ...own];
  const others: Certificate[][] = [[], [], []];
  let found = 0;
  for (const each of quietly(() => context.memory.holders(crl.issuer, context.certificates)) ?? []) {
    const alike = others[rank(each)]!;
    // One more than are tried tells that there are more.
    if (alike.length > mostSigners || [...known, ...alike].some((other) => other.equals(each))) continue;
    alike.push(each);
    found++;
  }
  // The few that belong to the path are tried whatever else there is.
  let left = mostSigners;
  for (const alike of [0, 1, 2] as const) {
    yield* own.filter((each) => rank(each) === alike);
    yield* others[alike]!.slice(0, left);
    left = Math.max(0, left - others[alike]!.length);
  }
  if (found > mostSigners) yield 'more';
}

/** RFC 5280 §6.3.3 (f): cRLSign must be set where keyUsage is there. */
function maySign(certificate: Certificate): boolean {
  try {
    const usage = certificate.keyUsage;
    return usage === undefined || usage.has('cRLSign');
  } catch (error) {
    if (error instanceof MailsealError) return false;
    throw error;
  }
}

/** RFC 5280 §6.3.3 (g): the signature of a CRL verifies with the key; `undefined` when it does. */
export async function crlSignatureFault(
  crl: CertificateList,
  publicKey: PublicKey,
  context: RevocationContext,
): Promise<RevocationProblem | undefined> {
  const section = 'RFC 5280 §6.3.3 (g)';
  const wrong = (): RevocationProblem =>
    crlProblem('signature-invalid', 'has a signature that is not its issuer’s', section);
  const before = context.memory.checked(crl, publicKey);
  if (before !== undefined) return before ? undefined : wrong();
  const signature = quietly(() => crl.signature);
  if (!spendCheck(context.budget, publicKey, signature))
    return crlProblem('search-limit', 'was not checked: the work allowed is used up', section);
  try {
    const { engine } = context;
    const { signature, tbsBytes: data } = crl;
    const algorithm = parseSignatureAlgorithm(crl.signatureAlgorithm);
    const given = engine === undefined ? {} : { engine };
    const fits = signatureFits({ algorithm, publicKey, signature, data, ...given });
    const valid = typeof fits === 'boolean' ? fits : await fits;
    context.memory.keep(crl, publicKey, valid);
    return valid ? undefined : wrong();
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    if (error.code.startsWith('crypto-'))
      return crlProblem(
        'algorithm-unsupported',
        `has a signature that cannot be checked: ${error.message}`,
        section,
      );
    return crlProblem('signature-invalid', `has no signature that can be read: ${error.message}`, section);
  }
}

function agrees(crl: CertificateList): boolean {
  return quietly(() => crl.signatureAlgorithmsAgree) === true;
}

function ownKey(certificate: Certificate): PublicKey | undefined {
  return quietly(() => certificate.publicKey);
}
