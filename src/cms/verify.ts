import { asBytes, equalBytes } from '../core/bytes.js';
import type { EngineOptions } from '../core/engine.js';
import { MailsealError } from '../core/errors.js';
import type { DigestName } from '../crypto/digest.js';
import { parseSignatureAlgorithm, type SignatureAlgorithm } from '../crypto/signature-algorithm.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import type { CertificationPath } from '../x509/find-path.js';
import { signingTimeAttribute, smimeCapabilitiesAttribute } from './attributes.js';
import { type Reason, Reasons } from './reason.js';
import type { SignedData } from './signed-data.js';
import {
  bestCandidate,
  quietly,
  type TimeAnswer,
  type TrustAnswer,
  type Verification,
} from './signer-candidates.js';
import type { SignedAttributesForm, SignerInfo } from './signer-info.js';
import {
  type ContentAnswer,
  checkMessageDigest,
  type SignatureAnswer,
  type SignatureCheck,
  supportedDigest,
} from './verify-signature.js';

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
  assertTime(options);
  const embedded = signedData.content;
  const given = options.content === undefined ? undefined : asBytes(options.content);
  const verification: Verification = {
    signed: { content: given ?? embedded, contentType: signedData.eContentType, digests: new Map() },
    // What is shown is what must be signed: embedded content that is not the same is a second message.
    embeddedDiffers: given !== undefined && embedded !== undefined && !equalBytes(given, embedded),
    pool: [...signedData.certificates, ...(options.certificates ?? [])],
    options,
    engine: options.engine === undefined ? {} : { engine: options.engine },
    paths: new Map(),
    // Two for each signer, for now and for the time that he claims, and some for certificates that share a key.
    pathSearchesLeft: 2 * signedData.signers.length + 16,
    // As many as one signer may have, and some more; those of honest messages fit at once.
    retriesLeft: 32,
  };
  const verdicts: SignerVerdict[] = [];
  for (const signer of signedData.signers) verdicts.push(await verifySigner(signer, verification));
  return verdicts;
}

/** Without a time every certificate would pass for valid: comparing with nothing is never true. */
export function assertTime(options: { readonly at: Date }): void {
  if (!(options?.at instanceof Date) || Number.isNaN(options.at.getTime())) {
    throw new MailsealError(
      'usage',
      '`at` must be given as a valid Date: the time at which certificates must be valid',
    );
  }
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
      content: contentOfMalformed(signer, verification),
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

/** A damaged attribute is no reason to blame content whose digest fits. */
function contentOfMalformed(
  signer: SignerInfo,
  { signed, engine, embeddedDiffers }: Verification,
): ContentAnswer {
  if (signed.content === undefined) return 'missing';
  const unsaid = new Reasons();
  const found = quietly(() =>
    checkMessageDigest(signer, signed, supportedDigest(signer, unsaid), unsaid, engine),
  );
  return found === 'intact' && !embeddedDiffers ? 'intact' : 'altered';
}

async function answer(
  signer: SignerInfo,
  verification: Verification,
  reasons: Reasons,
): Promise<SignerVerdict> {
  const signingTime = claimedTime(signer, reasons);
  const found = await bestCandidate(signer, signingTime, verification);
  const { certificate, check, path, trust, time } = found;
  reasons.list.push(...found.reasons.list);
  let { content } = check;
  if (verification.embeddedDiffers) {
    reasons.fail('embedded-content-differs', 'the signature embeds other content than the content shown');
    content = 'altered';
  }
  addNotes(signer, check, certificate, signingTime, verification.options.at, reasons);
  addPathNotes(path, reasons);
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

/** The signing time is a claim that proves nothing, so one that cannot be read spoils nothing. */
function claimedTime(signer: SignerInfo, reasons: Reasons): Date | undefined {
  const attributes = signer.signedAttributes;
  try {
    const time = signingTimeAttribute(attributes);
    if (time === undefined)
      reasons.note('signing-time-missing', 'the signer does not say when the signature was made');
    return time;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    reasons.note('signing-time-malformed', `the signing time cannot be read: ${error.message}`);
    return undefined;
  }
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
  if (signingTime !== undefined && signingTime > at) {
    reasons.note('signing-time-in-future', 'the claimed signing time lies after the time of verification');
  } else if (
    signingTime !== undefined &&
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

/** A certificate whose issuer hashed it with a broken digest may be the double of an innocent one. */
function addPathNotes(path: CertificationPath | undefined, reasons: Reasons): void {
  for (const certificate of path?.certificates ?? []) {
    // What is itself trusted needs no issuer.
    if (path?.anchor?.equals(certificate) === true) continue;
    const algorithm = quietly(() => parseSignatureAlgorithm(certificate.signatureAlgorithm));
    if (algorithm === undefined || !('digest' in algorithm)) continue;
    if (algorithm.digest !== 'md5' && algorithm.digest !== 'sha1') continue;
    reasons.note(
      'weak-certificate-digest',
      `the certificate of "${quietly(() => `${certificate.subject}`) ?? 'an unreadable name'}" was issued with ${algorithm.digest.toUpperCase()}`,
    );
  }
}
