import { asBytes, equalBytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import type { DigestName } from '../crypto/digest.js';
import type { PublicKey } from '../crypto/public-key.js';
import type { SignatureAlgorithm } from '../crypto/signature-algorithm.js';
import type { Certificate } from '../x509/certificate.js';
import { type CertificationPath, findPath } from '../x509/path.js';
import { isTimeProblem } from '../x509/path-problem.js';
import { signingTimeAttribute, smimeCapabilitiesAttribute } from './attributes.js';
import { type Reason, Reasons } from './reason.js';
import type { SignedData } from './signed-data.js';
import type { SignedAttributesForm, SignerInfo } from './signer-info.js';
import {
  type ContentAnswer,
  checkSigner,
  type SignatureAnswer,
  type SignatureCheck,
  type SignedContent,
  type SignerCandidate,
  signingCertificateFits,
} from './verify-signature.js';

/** Does the certificate path end at a root that the caller trusts? */
export type TrustAnswer = 'trusted' | 'untrusted' | 'not-checked';

/**
 * When is the path valid? `valid`: at the time asked about;
 * `valid-at-signing-time`: not then, but at the time that the signer claims.
 */
export type TimeAnswer = 'valid' | 'valid-at-signing-time' | 'expired' | 'not-yet-valid' | 'not-checked';

/** What {@link verifySignedData} takes beside the SignedData. */
export interface VerifySignedDataOptions extends EngineOptions {
  /** The time at which certificates must be valid. There is no clock in here: give now, or an archive's date. */
  readonly at: Date;
  /** Trust anchors. Without them `trust` is `not-checked`. */
  readonly roots?: readonly Certificate[];
  /** More certificates that may be signers' or intermediate ones. */
  readonly certificates?: readonly Certificate[];
  /** The content of a detached signature, in the canonical form that was signed. */
  readonly content?: Uint8Array;
}

/** Four of the five answers about one signer; the fifth, identity, needs the message (`mailseal/smime`). */
export interface SignerVerdict {
  readonly signer: SignerInfo;
  readonly content: ContentAnswer;
  readonly signature: SignatureAnswer;
  readonly trust: TrustAnswer;
  readonly time: TimeAnswer;
  /** Why, failures before notes. */
  readonly reasons: readonly Reason[];
  /** The signer's certificate, where it was found. */
  readonly certificate: Certificate | undefined;
  /** The certification path that the answers on trust and time are about. */
  readonly path: CertificationPath | undefined;
  /** What the signer claims; nobody vouches for it. */
  readonly signingTime: Date | undefined;
  readonly digestAlgorithm: DigestName | undefined;
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** Which form of the signed attributes the signature fits. */
  readonly attributesForm: SignedAttributesForm['form'] | undefined;
}

/**
 * Verifies every signer of a SignedData (RFC 5652 §5.6, RFC 5280 §6). A bad
 * signature is an answer, not an error.
 *
 * @throws MailsealError `usage` for an invalid `at`; `crypto-engine-unavailable`
 * where only the native engine is allowed and it lacks an algorithm. Damage
 * inside one signer is that signer's answer.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseSignedData, verifySignedData } from 'mailseal/cms';
 * import { parseCertificate } from 'mailseal/x509';
 *
 * const [signer] = await verifySignedData(parseSignedData(readFileSync('test/vectors/demo/smime.p7s')), {
 *   content: readFileSync('test/vectors/demo/signed-content.bin'),
 *   roots: [parseCertificate(readFileSync('test/vectors/demo/root.crt.pem'))],
 *   at: new Date('2027-01-01'),
 * });
 * console.log(signer?.content, signer?.signature, signer?.trust); // intact valid trusted
 * ```
 */
export async function verifySignedData(
  signedData: SignedData,
  options: VerifySignedDataOptions,
): Promise<SignerVerdict[]> {
  if (Number.isNaN(options.at?.getTime())) throw new MailsealError('usage', '`at` must be a valid Date');
  const embedded = signedData.content;
  const given = options.content === undefined ? undefined : asBytes(options.content);
  const verification: Verification = {
    signed: { content: given ?? embedded, contentType: signedData.eContentType, digests: new Map() },
    // What is shown is what must be signed: embedded content that is not the same is a second message.
    embeddedDiffers: given !== undefined && embedded !== undefined && !equalBytes(given, embedded),
    pool: [...signedData.certificates, ...(options.certificates ?? [])],
    options,
    engine: options.engine === undefined ? {} : { engine: options.engine },
  };
  const verdicts: SignerVerdict[] = [];
  for (const signer of signedData.signers) verdicts.push(await verifySigner(signer, verification));
  return verdicts;
}

interface Verification {
  readonly signed: SignedContent;
  readonly embeddedDiffers: boolean;
  readonly pool: readonly Certificate[];
  readonly options: VerifySignedDataOptions;
  readonly engine: EngineOptions;
}

async function verifySigner(signer: SignerInfo, verification: Verification): Promise<SignerVerdict> {
  const reasons = new Reasons();
  try {
    return await answer(signer, verification, reasons);
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    reasons.fail('signer-malformed', `the signer’s part of the signature cannot be read: ${error.message}`);
    return {
      signer,
      content: verification.signed.content === undefined ? 'missing' : 'altered',
      signature: 'invalid',
      trust: 'not-checked',
      time: 'not-checked',
      reasons: reasons.list,
      certificate: undefined,
      path: undefined,
      signingTime: undefined,
      digestAlgorithm: undefined,
      signatureAlgorithm: undefined,
      attributesForm: undefined,
    };
  }
}

async function answer(
  signer: SignerInfo,
  verification: Verification,
  reasons: Reasons,
): Promise<SignerVerdict> {
  const { options } = verification;
  const signingTime = signingTimeAttribute(signer.signedAttributes);
  const found = await bestCandidate(signer, verification);
  reasons.list.push(...found.reasons.list);
  const { check, certificate } = found;
  const { path, trust, time } = await judgePath(found, signingTime, verification, reasons);
  let { content } = check;
  if (verification.embeddedDiffers) {
    reasons.fail('embedded-content-differs', 'the signature embeds other content than the content shown');
    content = 'altered';
  }
  addNotes(signer, check, certificate, signingTime, options.at, reasons);
  return {
    signer,
    content,
    signature: check.signature,
    trust,
    time,
    reasons: reasons.list.toSorted((a, b) =>
      a.severity === b.severity ? 0 : a.severity === 'failure' ? -1 : 1,
    ),
    certificate,
    path,
    signingTime,
    digestAlgorithm: check.digestName,
    signatureAlgorithm: check.algorithm,
    attributesForm: check.attributesForm,
  };
}

interface Candidate {
  readonly certificate: Certificate | undefined;
  readonly path: CertificationPath | undefined;
  readonly check: SignatureCheck;
  readonly reasons: Reasons;
}

/** More certificates of one name are not tried: each costs a signature check. */
const mostCandidates = 16;

/**
 * Tries the certificates that the signer may mean (several may share a key
 * identifier, or claim one serial number) until the signature fits one.
 */
async function bestCandidate(signer: SignerInfo, verification: Verification): Promise<Candidate> {
  const named: Certificate[] = [];
  for (const each of verification.pool) {
    if (namesQuietly(signer, each) && !named.some((other) => other.equals(each))) named.push(each);
    if (named.length >= mostCandidates) break;
  }
  if (named.length > 1)
    named.sort((a, b) => Number(bound(signer, b, verification)) - Number(bound(signer, a, verification)));
  let first: Candidate | undefined;
  for (const certificate of named) {
    const { publicKey, path } = await keyFor(certificate, verification);
    const candidate = await tryCandidate(signer, { certificate, publicKey }, path, verification);
    if (candidate.check.signature === 'valid') return candidate;
    first ??= candidate;
  }
  return first ?? tryCandidate(signer, undefined, undefined, verification);
}

async function tryCandidate(
  signer: SignerInfo,
  candidate: SignerCandidate | undefined,
  path: CertificationPath | undefined,
  { signed, engine }: Verification,
): Promise<Candidate> {
  const reasons = new Reasons();
  const check = await checkSigner(signer, signed, candidate, reasons, engine);
  return { certificate: candidate?.certificate, path, check, reasons };
}

/** A damaged certificate is nobody's. */
function namesQuietly(signer: SignerInfo, certificate: Certificate): boolean {
  return quietly(() => signer.names(certificate)) ?? false;
}

function bound(signer: SignerInfo, certificate: Certificate, { engine }: Verification): boolean {
  return quietly(() => signingCertificateFits(signer, certificate, engine)) ?? false;
}

function quietly<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}

/**
 * The key to verify with. DSA parameters that a certificate lacks come from
 * the path above it, and only from there: another's would let a forger choose.
 */
async function keyFor(
  certificate: Certificate,
  verification: Verification,
): Promise<{ publicKey: PublicKey | undefined; path: CertificationPath | undefined }> {
  const publicKey = quietly(() => certificate.publicKey);
  if (publicKey?.kind !== 'dsa' || publicKey.parameters !== undefined) return { publicKey, path: undefined };
  // Without roots the issuers in the message serve; trust is not claimed then.
  const roots =
    verification.options.roots ??
    verification.pool.filter((each) => quietly(() => each.isSelfIssued) ?? false);
  const path = await pathAt(certificate, roots, verification.options.at, verification);
  return { publicKey: path.publicKey, path: verification.options.roots === undefined ? undefined : path };
}

function pathAt(
  certificate: Certificate,
  roots: readonly Certificate[],
  at: Date,
  { pool, engine }: Verification,
): Promise<CertificationPath> {
  return findPath(certificate, { roots, pool, at, ...engine });
}

/** The answers on trust and on time, each with its reasons. */
async function judgePath(
  { certificate, path: known }: Candidate,
  signingTime: Date | undefined,
  verification: Verification,
  reasons: Reasons,
): Promise<{ path: CertificationPath | undefined; trust: TrustAnswer; time: TimeAnswer }> {
  const { roots, at } = verification.options;
  if (certificate === undefined) return { path: undefined, trust: 'not-checked', time: 'not-checked' };
  // Without roots only the certificate itself can be held against the clock.
  const anchors = roots ?? [certificate];
  const path = known ?? (await pathAt(certificate, anchors, at, verification));
  if (roots === undefined)
    reasons.fail('no-roots', 'no trusted roots were given, so nobody vouches for the certificate');
  let problems = path.problems.filter((each) => !isTimeProblem(each));
  const late = path.problems.filter(isTimeProblem);
  let time: TimeAnswer = 'valid';
  if (late.length > 0) {
    time = late[0]!.code === 'expired' ? 'expired' : 'not-yet-valid';
    // A claim to have signed in the future is no claim worth testing.
    if (signingTime !== undefined && signingTime <= at) {
      const then = await pathAt(certificate, anchors, signingTime, verification);
      const soundThen = then.problems.length === 0;
      if (soundThen) problems = [];
      if (soundThen || !then.problems.some(isTimeProblem)) time = 'valid-at-signing-time';
    }
    for (const each of late) reasons.fail(each.code, each.message);
  }
  if (roots === undefined) return { path: undefined, trust: 'not-checked', time };
  for (const each of problems) reasons.fail(each.code, each.message);
  return { path, trust: problems.length === 0 && path.anchor !== undefined ? 'trusted' : 'untrusted', time };
}

/** Remarks that change no answer but that a reader wants to see. */
function addNotes(
  signer: SignerInfo,
  check: SignatureCheck,
  certificate: Certificate | undefined,
  signingTime: Date | undefined,
  at: Date,
  reasons: Reasons,
): void {
  if (check.digestName === 'md5' || check.digestName === 'sha1') {
    reasons.note(
      'weak-digest',
      `the digest is ${check.digestName.toUpperCase()}, for which colliding content can be made`,
    );
  }
  const key = certificate && quietly(() => certificate.publicKey);
  if (key?.kind === 'rsa' && key.bits < 2048)
    reasons.note('weak-key', `the signer’s RSA key has only ${key.bits} bits`);
  if (key?.kind === 'dsa') reasons.note('weak-key', 'the signer’s key is a DSA key, which is no longer used');
  if (signingTime === undefined)
    reasons.note('signing-time-missing', 'the signer does not say when the signature was made');
  else if (signingTime > at) {
    reasons.note('signing-time-in-future', 'the claimed signing time lies after the time of verification');
  } else if (
    certificate !== undefined &&
    quietly(() => signingTime < certificate.notBefore || signingTime > certificate.notAfter) === true
  ) {
    reasons.note(
      'signing-time-outside-validity',
      'at the claimed signing time the certificate was not valid',
    );
  }
  try {
    smimeCapabilitiesAttribute(signer.signedAttributes);
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    reasons.note('capabilities-malformed', 'the SMIMECapabilities of the signer cannot be read');
  }
}
