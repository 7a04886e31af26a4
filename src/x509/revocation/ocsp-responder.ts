import { equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { digest } from '../../crypto/digests/digest.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { parseSignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { verifySignature } from '../../crypto/signatures/verify.js';
import type { Certificate } from '../certificate/certificate.js';
import { judgeKey, judgeSignatureAlgorithm } from '../path/algorithm-policy.js';
import { quietly } from '../path/path-problem.js';
import { isProcessed } from '../path/path-validation.js';
import { type CheckBudget, spendCheck } from '../path/path-work.js';
import type { OcspResponderId, OcspResponse } from './ocsp-response.js';
import type { RevocationContext } from './revocation-options.js';
import type { RevocationProblem, RevocationProblemCode } from './revocation-report.js';

/** The key purpose of OCSP responders (RFC 6960 §4.2.2.2), id-kp-OCSPSigning. */
export const ocspSigningOid = '1.3.6.1.5.5.7.3.9';

/** id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1), an extension of responders' certificates. */
const noCheckOid = '1.3.6.1.5.5.7.48.1.5';

/** Who must have signed a response: the issuer of the certificate asked about, or whom it authorised. */
export interface ResponderQuestion {
  readonly certificate: Certificate;
  readonly issuer: { readonly certificate: Certificate; readonly publicKey: PublicKey };
  readonly anchor: Certificate;
  readonly context: Omit<RevocationContext, 'memory'>;
}

/** Certificates of one responder that are tried: each costs two signature checks. */
const mostResponders = 4;

/** Who signed a response, rightly. */
export interface FoundResponder {
  /** Whether the algorithm policy refuses the signature, or what certifies its key. */
  readonly isWeak: boolean;
}

/**
 * Checks that a response was signed by the issuer of the certificate asked
 * about, or by a responder that this issuer certified itself and for that
 * purpose (RFC 6960 §4.2.2.2). Where it was not, what is wrong is given.
 *
 * @throws MailsealError `crypto-engine-unavailable`, or that a field of the response cannot be read.
 */
export async function findResponder(
  response: OcspResponse,
  question: ResponderQuestion,
): Promise<FoundResponder | RevocationProblem> {
  const { issuer, context } = question;
  const isWeak = isRefused(response.signatureAlgorithm, context);
  const id = response.responderId;
  if (id === undefined) return fault('malformed', 'an OCSP response names no responder', 'RFC 6960 §4.2.1');
  if (isNamedBy(id, issuer.certificate, context)) {
    const why = await signatureFault(response, issuer.publicKey, context);
    if (why === undefined) return { isWeak };
    if (why.code === 'search-limit') return why;
    // The name of a CA may also be that of a responder which it certified; what fits a key is nobody else's.
    if (id.kind === 'byKey') return why;
  }
  let worst: RevocationProblem | undefined;
  let tried = 0;
  for (const responder of responders(response, id, question)) {
    const unfit = delegationFault(responder, question);
    // Whoever brings many that are forged must not hide the right one.
    if (unfit === undefined && tried++ >= mostResponders) return limit();
    const why =
      unfit ??
      (await certificationFault(responder, question)) ??
      (await signatureFault(response, keyOf(responder), context));
    if (why === undefined) return { isWeak: isWeak || isWeaklyCertified(responder, context) };
    if (why.code === 'search-limit') return why;
    worst ??= why;
  }
  return (
    worst ??
    fault(
      'issuer-missing',
      'an OCSP response is signed by somebody whose certificate is not at hand, and not by the issuer',
      'RFC 6960 §4.2.2.2',
    )
  );
}

function isRefused(algorithm: Uint8Array | undefined, { algorithms }: ResponderQuestion['context']): boolean {
  const named = algorithm && quietly(() => parseSignatureAlgorithm(algorithm));
  return named !== undefined && judgeSignatureAlgorithm(algorithms, named) === 'refused';
}

function isWeaklyCertified(responder: Certificate, context: ResponderQuestion['context']): boolean {
  const key = keyOf(responder);
  const weakKey = key !== undefined && judgeKey(context.algorithms, key) === 'refused';
  return weakKey || isRefused(responder.signatureAlgorithm, context);
}

/** The certificates that the response may be signed with, those sent along first. */
function* responders(
  response: OcspResponse,
  id: OcspResponderId,
  { certificate, context }: ResponderQuestion,
): Generator<Certificate, undefined> {
  const seen: Certificate[] = [];
  for (const each of [...response.certificates, ...context.certificates]) {
    // A responder that vouches for its own certificate could never be revoked.
    if (each.equals(certificate) || !isNamedBy(id, each, context)) continue;
    if (seen.some((other) => other.equals(each))) continue;
    seen.push(each);
    yield each;
  }
}

/** Whether a responder's name, or the SHA-1 of its key, is that of the certificate. */
function isNamedBy(id: OcspResponderId, certificate: Certificate, engine: EngineOptions): boolean {
  return (
    quietly(() =>
      id.kind === 'byName'
        ? id.name.equals(certificate.subject)
        : equalBytes(id.keyHash, keyHashOf(certificate, engine)),
    ) ?? false
  );
}

/** SHA-1 of the bits of certificates' keys: a response may name its signer by it before a thousand certificates. */
const keyHashes: WeakMap<Certificate, Uint8Array> = /* @__PURE__ */ new WeakMap<Certificate, Uint8Array>();

/** RFC 6960 §4.2.1: the SHA-1 of a key's bits, made once. */
function keyHashOf(certificate: Certificate, engine: EngineOptions): Uint8Array {
  let hash = keyHashes.get(certificate);
  if (hash === undefined) {
    hash = digest('sha1', certificate.publicKeyBits, engine);
    keyHashes.set(certificate, hash);
  }
  return hash;
}

/** What keeps a certificate from being one of an authorised responder, as far as it can be seen without a key. */
function delegationFault(
  responder: Certificate,
  { issuer, context }: ResponderQuestion,
): RevocationProblem | undefined {
  const refuse = (what: string): RevocationProblem =>
    fault('issuer-untrusted', `the OCSP responder ${what}`, 'RFC 6960 §4.2.2.2');
  try {
    // RFC 6960 §4.2.2.2: issued directly by the CA that is identified in the request.
    if (!responder.issuer.equals(issuer.certificate.subject))
      return refuse('was not certified by the issuer of the certificate');
    // Only the very purpose counts: a CA that lets a certificate be used for anything has not delegated this.
    if (responder.extendedKeyUsage?.includes(ocspSigningOid) !== true)
      return refuse('has a certificate that is not for signing OCSP responses');
    const usage = responder.keyUsage;
    if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation'))
      return refuse('has a key that is not for signing');
    const { at } = context;
    if (at < responder.notBefore || at > responder.notAfter)
      return refuse('has a certificate that is not valid at the time asked about');
    // RFC 5280 §4.2, with the one extension that only responders have.
    const unknown = responder.extensions.find(
      ({ critical, oid }) => critical && oid !== noCheckOid && !isProcessed(oid),
    );
    if (unknown !== undefined)
      return refuse(`has a certificate with the critical extension ${unknown.oid}, which is not known`);
    return undefined;
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    return refuse(`has a certificate that cannot be read: ${error.message}`);
  }
}

/** Checks that the issuer signed the responder's certificate with the same key, and has not revoked it. */
async function certificationFault(
  responder: Certificate,
  { issuer, anchor, context }: ResponderQuestion,
): Promise<RevocationProblem | undefined> {
  // RFC 6960 §4.2.2.2: with the same key as the certificate asked about; another key may be another CA.
  const why = await keyFault(
    {
      algorithm: responder.signatureAlgorithm,
      signature: responder.signature,
      data: responder.tbsBytes,
    },
    issuer.publicKey,
    context,
  );
  if (why === 'limit') return limit();
  if (why !== undefined) {
    return fault(
      'issuer-untrusted',
      'the OCSP responder has a certificate that the issuer did not sign with the same key',
      'RFC 6960 §4.2.2.2',
    );
  }
  // RFC 6960 §4.2.2.2.1: with id-pkix-ocsp-nocheck the issuer vouches for it as long as it is valid.
  if (responder.extension(noCheckOid) !== undefined) return undefined;
  const path = await context.findSignerPath(responder, anchor, 'ocsp-signing');
  if (path === 'search-limit') return limit();
  if (path !== undefined) return undefined;
  return fault(
    'issuer-untrusted',
    'the OCSP responder has a certificate without a valid path, or one that may be revoked',
    'RFC 6960 §4.2.2.2.1',
  );
}

/** RFC 6960 §3.2 (2): the signature is valid. */
async function signatureFault(
  response: OcspResponse,
  publicKey: PublicKey | undefined,
  context: ResponderQuestion['context'],
): Promise<RevocationProblem | undefined> {
  const { signatureAlgorithm: algorithm, signature, tbsBytes: data } = response;
  if (algorithm === undefined || signature === undefined || data === undefined)
    return fault('malformed', 'an OCSP response is not signed', 'RFC 6960 §4.2.1');
  const why = await keyFault({ algorithm, signature, data }, publicKey, context);
  if (why === undefined) return undefined;
  if (why === 'limit') return limit();
  return why === 'unsupported'
    ? fault(
        'algorithm-unsupported',
        'an OCSP response has a signature that cannot be checked',
        'RFC 6960 §3.2 (2)',
      )
    : fault(
        'signature-invalid',
        'an OCSP response has a signature that is not its responder’s',
        'RFC 6960 §3.2 (2)',
      );
}

/** Checks one signature, within the work that is left. */
async function keyFault(
  signed: { readonly algorithm: Uint8Array; readonly signature: Uint8Array; readonly data: Uint8Array },
  publicKey: PublicKey | undefined,
  context: EngineOptions & { readonly budget: CheckBudget },
): Promise<'invalid' | 'unsupported' | 'limit' | undefined> {
  if (publicKey === undefined) return 'unsupported';
  if (!spendCheck(context.budget, publicKey, signed.signature)) return 'limit';
  try {
    const valid = await verifySignature({
      algorithm: parseSignatureAlgorithm(signed.algorithm),
      publicKey,
      signature: signed.signature,
      data: signed.data,
      ...(context.engine === undefined ? {} : { engine: context.engine }),
    });
    return valid ? undefined : 'invalid';
  } catch (error) {
    if (
      !(error instanceof MailsealError) ||
      error.code === 'crypto-engine-unavailable' ||
      error.code === 'aborted'
    )
      throw error;
    return error.code.startsWith('crypto-') ? 'unsupported' : 'invalid';
  }
}

function keyOf(certificate: Certificate): PublicKey | undefined {
  return quietly(() => certificate.publicKey);
}

function limit(): RevocationProblem {
  return fault(
    'search-limit',
    'an OCSP response was not checked: the work allowed is used up',
    'RFC 6960 §3.2',
  );
}

function fault(code: RevocationProblemCode, message: string, section: string): RevocationProblem {
  return { code, message, section };
}
