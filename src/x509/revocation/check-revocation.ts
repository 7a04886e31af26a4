import { asBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { type Certificate, parseCertificates } from '../certificate/certificate.js';
import { chainKey } from '../path/chain-key.js';
import { brief, type PathProblem, quietly, subjectOf } from '../path/path-problem.js';
import { parseCrls } from './crl.js';
import { checkCrls } from './crl-check.js';
import type { CrlQuestion } from './crl-signer.js';
import { checkOcsp, type OcspOutcome, ocspReferences } from './ocsp-check.js';
import { parseOcspResponse } from './ocsp-response.js';
import { type Finding, together } from './revocation-findings.js';
import type { RevocationContext, RevocationOptions } from './revocation-options.js';
import { crlReferences, issuerReferences } from './revocation-references.js';
import type { CertificateRevocation, RevocationProblem, RevocationReference } from './revocation-report.js';
import { iso } from './revocation-times.js';

/** References that one search fetches; a path has three or four. */
const mostFetches = 48;

/**
 * Checks whether the certificates of a path are revoked (RFC 5280 §6.1.3
 * (a)(3), §6.3; RFC 6960): by OCSP responses and CRLs at hand and, where these
 * do not tell, by what the caller's `resolve` fetches.
 *
 * @param path from the end entity up to the certificate below the anchor; its signatures are right
 * @returns one for each certificate below the anchor, in the order of the path
 * @throws MailsealError `crypto-engine-unavailable` only.
 */
export async function checkRevocation(
  path: readonly Certificate[],
  anchor: Certificate,
  context: RevocationContext,
): Promise<CertificateRevocation[]> {
  if (context.options.mode === 'off') return [];
  const below = path.filter((certificate) => !certificate.equals(anchor));
  const chain = [...below, anchor];
  const answers: CertificateRevocation[] = [];
  // From the anchor down, so that the work goes where the rest depends on it.
  for (let level = below.length - 1; level >= 0; level--) {
    const certificate = below[level]!;
    const publicKey = chainKey(chain.slice(level + 1));
    answers.unshift(
      publicKey === undefined
        ? unknown(certificate, [
            {
              code: 'algorithm-unsupported',
              message: 'its issuer’s key cannot be used, and so no CRL can be checked',
              section: 'RFC 5280 §6.3.3 (g)',
            },
          ])
        : await checkOne({
            certificate,
            issuer: { certificate: chain[level + 1]!, publicKey },
            anchor,
            context,
          }),
    );
  }
  return answers;
}

/**
 * The problems that revocation makes of a path: one that is revoked or on hold
 * always, one that is unknown when `require` is asked, or when the work that is
 * allowed was used up: whoever brings enough that is bogus could else hide what
 * is at hand.
 */
export function revocationProblems(
  revocations: readonly CertificateRevocation[],
  mode: RevocationOptions['mode'] = 'check',
): PathProblem[] {
  const section = 'RFC 5280 §6.1.3 (a)(3)';
  return revocations.flatMap((each): PathProblem[] => {
    const { certificate, status } = each;
    if (status === 'good' || (status === 'unknown' && mode !== 'require' && !isCutShort(each.problems)))
      return [];
    const whose = `the certificate of ${subjectOf(certificate)}`;
    if (status === 'revoked' || status === 'on-hold') {
      const what = status === 'revoked' ? 'was revoked' : 'is on hold';
      const when =
        each.revocationDate === undefined
          ? ''
          : ` ${status === 'revoked' ? 'on' : 'since'} ${iso(each.revocationDate)}`;
      const why = each.reason === undefined || status === 'on-hold' ? '' : ` (${each.reason})`;
      return [{ code: status, message: `${whose} ${what}${when}${why}`, certificate, section }];
    }
    const [first] = each.problems;
    const message = `whether ${whose} is revoked is not known${first === undefined ? '' : `: ${first.message}`}`;
    return [
      { code: mode === 'require' ? 'revocation-unknown' : 'search-limit', message, certificate, section },
    ];
  });
}

/** One certificate: by what is at hand, then by what can be fetched, one reference after the other. */
async function checkOne(question: CrlQuestion): Promise<CertificateRevocation> {
  let answer = await consult(question);
  const { resolve } = question.context.options;
  if (resolve === undefined || isSettled(answer, question)) return answer;
  const fetched: RevocationProblem[] = [];
  const wanted = answer.status === 'unknown' ? answer.references : references(question, []);
  for (const reference of wanted) {
    if (answer.status === 'revoked' && reference.kind !== 'crl') continue;
    if (!(await fetchInto(reference, resolve, question, fetched))) continue;
    answer = await consult(question);
    if (isSettled(answer, question)) break;
  }
  if (fetched.length === 0) return answer;
  const problems = [...fetched, ...answer.problems];
  const { references: named } = answer;
  return answer.status === 'unknown'
    ? unknown(answer.certificate, problems, () => named)
    : { ...answer, problems };
}

/**
 * Whether nothing needs to be fetched. Where something came with what is being
 * verified, somebody may have chosen of several answers `revoked` the one that
 * has no invalidityDate; CRLs that can be had may know it (RFC 5280 §5.3.2).
 */
function isSettled({ status, invalidityDate }: CertificateRevocation, { context }: CrlQuestion): boolean {
  if (status === 'unknown') return false;
  if (status !== 'revoked' || invalidityDate !== undefined) return true;
  return !context.memory.hasCarried && (context.options.carriedOcspResponses ?? []).length === 0;
}

/** Fetches what a reference names; true when there is something new at hand. */
async function fetchInto(
  reference: RevocationReference,
  resolve: NonNullable<RevocationOptions['resolve']>,
  { context }: CrlQuestion,
  problems: RevocationProblem[],
): Promise<boolean> {
  const { memory } = context;
  // An OCSP responder is asked about each certificate anew.
  const key =
    reference.kind === 'ocsp'
      ? `ocsp ${reference.url} ${reference.certificate.serialHex} ${reference.certificate.issuer.normalized}`
      : `${reference.kind} ${reference.url}`;
  if (memory.asked.has(key)) return false;
  const fail = (code: RevocationProblem['code'], why: string): false => {
    problems.push({ code, message: `${brief(reference.url)} ${why}`, section: 'RFC 5280 §6.3.3 (a)' });
    return false;
  };
  if (memory.asked.size >= mostFetches)
    return fail('search-limit', 'was not fetched: too many were fetched before');
  memory.asked.add(key);
  let octets: Uint8Array | undefined;
  try {
    octets = await resolve(reference);
    if (octets === undefined) return false;
    octets = asBytes(octets);
  } catch (error) {
    return fail(
      'resolve-failed',
      `could not be fetched: ${brief(error instanceof Error ? error.message : String(error))}`,
    );
  }
  try {
    // Before those that came with the message: only some are tried, and what was fetched is the better witness.
    if (reference.kind === 'ocsp') memory.ocspResponses.unshift(parseOcspResponse(octets));
    else if (reference.kind === 'crl') memory.add(parseCrls(octets));
    else memory.certificates.push(...parseCertificates(octets).slice(0, mostFetches));
    return true;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return fail('malformed', `gave something that cannot be read: ${error.message}`);
  }
}

/** What is at hand says this. Revoked by either counts; of a hold and a later good word, the later. */
async function consult(question: CrlQuestion): Promise<CertificateRevocation> {
  const { certificate } = question;
  const ocsp = await consultOcsp(question);
  const byOcsp = ocsp?.revocation;
  // CRLs are heard also where OCSP says `revoked`: they may know since when (RFC 5280 §5.3.2).
  const crls =
    question.context.memory.count === 0
      ? undefined
      : await checkCrls(question, byOcsp?.status === 'revoked' ? byOcsp : undefined);
  const problems: RevocationProblem[] = [];
  if (ocsp !== undefined) problems.push(...ocsp.problems);
  if (crls !== undefined) problems.push(...crls.problems);
  const found = weigh(byOcsp, crls?.revocation);
  // Work that is used up clears nobody: what was not looked at may be what revokes.
  if (found !== undefined && !(found.status === 'good' && isCutShort(problems))) {
    // What another partition is for is of interest only where the right one is missing.
    const told = problems.length === 0 ? problems : problems.filter(({ code }) => code !== 'scope');
    return { ...found, references: [], problems: told };
  }
  if (problems.length === 0)
    problems.push({
      code: 'nothing-at-hand',
      message: 'there is no CRL and no OCSP response about it at hand',
      section: 'RFC 5280 §6.3.3',
    });
  return unknown(certificate, problems, () => references(question, problems));
}

async function consultOcsp({
  certificate,
  issuer,
  anchor,
  context,
}: CrlQuestion): Promise<OcspOutcome | undefined> {
  const { ocspResponses } = context.memory;
  if (ocspResponses.length === 0 && (context.options.carriedOcspResponses ?? []).length === 0)
    return undefined;
  return checkOcsp(certificate, issuer, anchor, {
    ...context,
    options: { ...context.options, ocspResponses },
  });
}

function weigh(ocsp: Finding | undefined, crl: Finding | undefined): Finding | undefined {
  if (ocsp === undefined || crl === undefined) return ocsp ?? crl;
  if (ocsp.status === 'good' && crl.status === 'good') return ocsp;
  if (ocsp.status === 'revoked' || crl.status === 'revoked' || ocsp.status === crl.status)
    return together([crl, ocsp].filter(({ status }) => status !== 'good'));
  const [hold, good] = ocsp.status === 'good' ? [crl, ocsp] : [ocsp, crl];
  return (good.thisUpdate?.getTime() ?? 0) > (hold.thisUpdate?.getTime() ?? 0) ? good : hold;
}

function isCutShort(problems: readonly RevocationProblem[]): boolean {
  return problems.some(({ code }) => code === 'search-limit');
}

function references(
  { certificate, issuer, context }: CrlQuestion,
  problems: readonly RevocationProblem[],
): RevocationReference[] {
  const wantsSigner = problems.some(({ code }) => code === 'issuer-missing' || code === 'issuer-untrusted');
  return [
    ...ocspReferences(certificate, issuer.certificate, context.options.ocspNonce),
    ...(quietly(() => crlReferences(certificate)) ?? []),
    ...(wantsSigner ? issuerReferences(certificate) : []),
  ];
}

/**
 * References are put together when they are asked for: a search without
 * `resolve` does not need them. A class, since a getter in an object literal
 * is another kind of object for the engine each time.
 */
class UnknownRevocation implements CertificateRevocation {
  readonly certificate: Certificate;
  readonly status = 'unknown';
  readonly problems: readonly RevocationProblem[];
  readonly #refer: () => readonly RevocationReference[];
  #references: readonly RevocationReference[] | undefined;

  constructor(
    certificate: Certificate,
    problems: readonly RevocationProblem[],
    refer: () => readonly RevocationReference[],
  ) {
    this.certificate = certificate;
    this.problems = problems;
    this.#refer = refer;
  }

  get references(): readonly RevocationReference[] {
    this.#references ??= this.#refer();
    return this.#references;
  }
}

function unknown(
  certificate: Certificate,
  problems: readonly RevocationProblem[],
  refer: () => readonly RevocationReference[] = () => [],
): CertificateRevocation {
  return new UnknownRevocation(certificate, problems, refer);
}
