import { readBer, Tag } from '../../asn1/reader.js';
import { sequenceOf } from '../../asn1/values.js';
import { asBytes, type Bytes, equalBytes } from '../../core/bytes.js';
import type { EngineOptions } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import { type DigestName, digest, publicDigest } from '../../crypto/digests/digest.js';
import { parseDigestAlgorithm } from '../../crypto/digests/digest-algorithm.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../crypto/signatures/signature-algorithm.js';
import { signatureFits } from '../../crypto/signatures/verify.js';
import { digestSignatureFits } from '../../crypto/signatures/verify-digest.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { type CheckBudget, spendCheck } from '../../x509/path/path-work.js';
import {
  algorithmProtectionAttribute,
  contentTypeAttribute,
  messageDigestAttribute,
  readsAsAttributes,
  type SigningCertificateId,
  signingCertificateAttribute,
} from '../attributes.js';
import { ContentTypeOid } from '../oids.js';
import type { SignedAttributesForm, SignerInfo } from '../signed/signer-info.js';
import type { PassedContent } from './passed-content.js';
import type { Reasons } from './reason.js';
import type { ContentAnswer, SignatureAnswer } from './verdict.js';

/** What there is to check a signature against. */
export interface SignedContent {
  /** The octets that should have been signed; `undefined` where they are not at hand. */
  readonly content: Bytes | undefined;
  /** What was kept of content that went by in pieces. */
  readonly passed: PassedContent | undefined;
  /** eContentType of the SignedData; `undefined` where the content is a signature that is counter-signed. */
  readonly contentType: string | undefined;
  /** Digests of the content made so far, shared by the signers. */
  readonly digests: Map<DigestName, Bytes>;
}

/** The signature with the key that made it, or the nearest to it. */
export interface SignatureCheck {
  readonly content: ContentAnswer;
  readonly signature: SignatureAnswer;
  readonly digestName: DigestName | undefined;
  readonly algorithm: SignatureAlgorithm | undefined;
  readonly attributesForm: SignedAttributesForm['form'] | undefined;
}

/** One certificate that may be the signer's, with its key as far as it is known. */
export interface SignerCandidate {
  readonly certificate: Certificate;
  readonly publicKey: PublicKey | undefined;
}

/** What checking a signature value may cost. */
interface CheckOptions extends EngineOptions {
  readonly budget: CheckBudget;
}

/** Checks the content and the signature value of one signer against one certificate. */
export async function checkSigner(
  signer: SignerInfo,
  signed: SignedContent,
  candidate: SignerCandidate | undefined,
  reasons: Reasons,
  options: CheckOptions,
): Promise<SignatureCheck> {
  const digestName = supportedDigest(signer, reasons);
  const algorithm = supportedAlgorithm(signer, digestName, reasons);
  const content = signer.hasSignedAttributes
    ? checkMessageDigest(signer, signed, digestName, reasons, options)
    : isThere(signed)
      ? undefined
      : missing(reasons);
  const sound = signer.hasSignedAttributes
    ? checkAttributes(signer, signed, candidate?.certificate, reasons, options)
    : checkNoAttributes(signed, reasons);
  const { signature, form } = await checkValue(signer, signed, algorithm, candidate, reasons, options).catch(
    (error: unknown): { signature: SignatureAnswer; form?: SignedAttributesForm['form'] } => {
      if (!(error instanceof MailsealError) || error.code !== 'crypto-unsupported') throw error;
      reasons.fail('signature-unsupported', `the signature cannot be checked: ${error.message}`);
      return { signature: 'not-checked' };
    },
  );
  return {
    // Without signed attributes the signature is over the content itself, and only it can tell.
    content: content ?? (signature === 'valid' ? 'intact' : signature === 'invalid' ? 'altered' : 'missing'),
    signature: sound || signature === 'not-checked' ? signature : 'invalid',
    digestName,
    algorithm,
    attributesForm: form,
  };
}

export function supportedDigest(signer: SignerInfo, reasons: Reasons): DigestName | undefined {
  return orUnsupported(
    () => parseDigestAlgorithm(signer.digestAlgorithm),
    (message) => reasons.fail('digest-unsupported', `the content cannot be hashed: ${message}`),
  );
}

function supportedAlgorithm(
  signer: SignerInfo,
  digestName: DigestName | undefined,
  reasons: Reasons,
): SignatureAlgorithm | undefined {
  return orUnsupported(
    () => parseSignatureAlgorithm(signer.signatureAlgorithm, digestName),
    (message) => reasons.fail('signature-unsupported', `the signature cannot be checked: ${message}`),
  );
}

function orUnsupported<T>(parse: () => T, say: (message: string) => void): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    say(error.message);
    return undefined;
  }
}

function isThere({ content, passed }: SignedContent): boolean {
  return content !== undefined || passed !== undefined;
}

function missing(reasons: Reasons): ContentAnswer {
  reasons.fail('content-missing', 'the signature is detached and the content that it is over is not at hand');
  return 'missing';
}

/** RFC 5652 §5.6: the message-digest attribute equals the digest of the content. */
export function checkMessageDigest(
  signer: SignerInfo,
  signed: SignedContent,
  digestName: DigestName | undefined,
  reasons: Reasons,
  options: EngineOptions,
): ContentAnswer {
  if (!isThere(signed)) return missing(reasons);
  if (digestName === undefined) return 'missing';
  const wanted = messageDigestAttribute(signer.signedAttributes);
  if (wanted === undefined) return 'altered';
  let found = signed.digests.get(digestName);
  if (found === undefined) {
    if (signed.content === undefined) return passedBy(`the signer hashed with ${digestName}`, reasons);
    found = publicDigest(digestName, signed.content, options.engine);
    signed.digests.set(digestName, found);
  }
  if (equalBytes(found, wanted)) return 'intact';
  reasons.fail(
    'digest-mismatch',
    'the content is not what was signed: its digest differs from the signed one',
  );
  return 'altered';
}

function passedBy(why: string, reasons: Reasons): ContentAnswer {
  reasons.fail(
    'needs-second-pass',
    `the content went by without what this signature needs: ${why}; read it again with that`,
  );
  return 'missing';
}

/** The rules on signed attributes beside the digest; false where the signature must not count. */
function checkAttributes(
  signer: SignerInfo,
  signed: SignedContent,
  certificate: Certificate | undefined,
  reasons: Reasons,
  options: EngineOptions,
): boolean {
  const attributes = signer.signedAttributes;
  const before = reasons.list.length;
  checkContentType(contentTypeAttribute(attributes), signed.contentType, reasons);
  // RFC 5652 §11.2: message-digest must be among them.
  if (messageDigestAttribute(attributes) === undefined) {
    reasons.fail(
      'message-digest-missing',
      'the signed attributes lack the message-digest, so nothing binds the content',
    );
  }
  checkAlgorithmProtection(signer, reasons);
  if (certificate !== undefined) checkSigningCertificate(signer, certificate, reasons, options);
  return !reasons.list.some(({ severity }, i) => i >= before && severity === 'failure');
}

function checkContentType(type: string | undefined, wanted: string | undefined, reasons: Reasons): void {
  if (wanted === undefined) {
    // RFC 5652 §11.4: content-type must not be in a counter-signature. Time-stamping programs put it there.
    if (type !== undefined) {
      reasons.note(
        'counter-signature-has-content-type',
        `the counter-signature names a content-type (${type}), which it must not`,
      );
    }
  } else if (type === undefined) {
    // RFC 5652 §11.1: content-type must be among the signed attributes and name the eContentType.
    reasons.fail(
      'content-type-missing',
      'the signed attributes lack the content-type, which must be among them',
    );
  } else if (type !== wanted) {
    reasons.fail('content-type-mismatch', `the signed content-type is ${type}, the content is ${wanted}`);
  }
}

/** RFC 6211 §3: the algorithms that the signer signed are those that the SignerInfo names. */
function checkAlgorithmProtection(signer: SignerInfo, reasons: Reasons): void {
  const signed = algorithmProtectionAttribute(signer.signedAttributes);
  if (signed === undefined) return;
  const agrees =
    signed.signatureAlgorithm !== undefined &&
    sameAlgorithm(signed.digestAlgorithm, signer.digestAlgorithm) &&
    sameAlgorithm(signed.signatureAlgorithm, signer.signatureAlgorithm);
  if (!agrees) {
    reasons.fail(
      'algorithm-protection-mismatch',
      'the signer signed other names of algorithms than those that stand beside the signature',
    );
  }
}

/** RFC 6211 §3: parameters that are absent and parameters that are NULL are the same. */
function sameAlgorithm(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(withoutNull(a), withoutNull(b));
}

function withoutNull(algorithm: Uint8Array): Bytes {
  const [oid, parameters] = sequenceOf(readBer(algorithm), 'an AlgorithmIdentifier');
  if (oid === undefined) return asBytes(algorithm);
  return parameters === undefined || parameters.is(Tag.Null) ? oid.bytes : asBytes(algorithm);
}

function checkSigningCertificate(
  signer: SignerInfo,
  certificate: Certificate,
  reasons: Reasons,
  options: EngineOptions,
): void {
  try {
    if (signingCertificateFits(signer, certificate, options)) return;
    reasons.fail(
      'signing-certificate-mismatch',
      'the signer bound the signature to another certificate than this',
    );
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'crypto-unsupported') throw error;
    reasons.fail(
      'digest-unsupported',
      `the certificate that the signer bound the signature to cannot be told: ${error.message}`,
    );
  }
}

function checkNoAttributes(signed: SignedContent, reasons: Reasons): boolean {
  // RFC 5652 §5.3: signed attributes must be present unless the content is id-data.
  if (signed.contentType !== undefined && signed.contentType !== ContentTypeOid.data) {
    reasons.fail(
      'signed-attributes-missing',
      `content of type ${signed.contentType} must be signed with attributes`,
    );
    return false;
  }
  const { content, passed } = signed;
  if (content === undefined ? passed?.mayBeAttributes === true : readsAsAttributes(content)) {
    reasons.fail(
      'content-is-attributes',
      'the content has the form of signed attributes: it may be cut from another signature',
    );
    return false;
  }
  return true;
}

/** RFC 5035 §5.4: the certificate named first in signingCertificate(V2) is the one to verify with. */
export function signingCertificateFits(
  signer: SignerInfo,
  certificate: Certificate,
  options: EngineOptions,
): boolean {
  return (['v1', 'v2'] as const).every((version) => {
    const id = signingCertificateAttribute(signer.signedAttributes, version);
    return id === undefined || certificateIdFits(id, version, certificate, options);
  });
}

function certificateIdFits(
  id: SigningCertificateId,
  version: 'v1' | 'v2',
  certificate: Certificate,
  options: EngineOptions,
): boolean {
  const name =
    id.hashAlgorithm === undefined
      ? version === 'v1'
        ? 'sha1'
        : 'sha256'
      : parseDigestAlgorithm(id.hashAlgorithm);
  if (!equalBytes(digest(name, certificate.bytes, options), id.certHash)) return false;
  if (id.serialNumber === undefined) return true;
  const issuerFits = id.issuer.some(
    (each) => each.kind === 'directoryName' && each.value.equals(certificate.issuer),
  );
  return issuerFits && equalBytes(id.serialNumber, certificate.serialNumber);
}

/** RFC 5652 §5.6: the signature value over the DER of the signed attributes, or over the content where there are none. */
async function checkValue(
  signer: SignerInfo,
  signed: SignedContent,
  algorithm: SignatureAlgorithm | undefined,
  candidate: SignerCandidate | undefined,
  reasons: Reasons,
  { budget, ...engine }: CheckOptions,
): Promise<{ signature: SignatureAnswer; form?: SignedAttributesForm['form'] }> {
  if (candidate === undefined) {
    reasons.fail(
      'signer-certificate-missing',
      'the signer’s certificate is neither in the message nor at hand',
    );
    return { signature: 'not-checked' };
  }
  if (algorithm === undefined) return { signature: 'not-checked' };
  const publicKey = candidate.publicKey;
  if (publicKey === undefined) {
    reasons.fail('signature-unsupported', 'the key in the signer’s certificate cannot be used');
    return { signature: 'not-checked' };
  }
  const { signature } = signer;
  const verify = (data: Bytes): boolean | undefined | Promise<boolean> =>
    spendCheck(budget, publicKey, signature)
      ? signatureFits({ algorithm, publicKey, signature, data, ...engine })
      : undefined;
  const verifyHash = (hash: Bytes): boolean | undefined =>
    spendCheck(budget, publicKey, signature)
      ? digestSignatureFits({ algorithm, publicKey, signature, hash, ...engine })
      : undefined;
  const tooMuch = (): { signature: SignatureAnswer } => {
    reasons.fail('search-limit', 'the signature was not checked: the message asks for too much work');
    return { signature: 'not-checked' };
  };
  if (!signer.hasSignedAttributes) {
    if (!isThere(signed)) return { signature: 'not-checked' };
    const hash = 'digest' in algorithm ? signed.digests.get(algorithm.digest) : undefined;
    if (signed.content === undefined && hash === undefined) {
      passedBy(`the signature is over the content itself, with ${algorithm.name}`, reasons);
      return { signature: 'not-checked' };
    }
    const fits = await (signed.content === undefined ? verifyHash(hash!) : verify(signed.content));
    if (fits === undefined) return tooMuch();
    if (fits) return { signature: 'valid' };
    reasons.fail('signature-mismatch', 'the signature does not fit the content');
    return { signature: 'invalid' };
  }
  for (const { form, octets } of signer.signedAttributesForms()) {
    const fits = await verify(octets);
    if (fits === undefined) return tooMuch();
    if (!fits) continue;
    if (form !== 'der') {
      reasons.note(
        'attributes-not-der',
        `the signer signed the attributes ${form === 'as-received' ? 'in BER' : 'unsorted'}, not in DER`,
      );
    }
    return { signature: 'valid', form };
  }
  reasons.fail('signature-mismatch', 'the signature does not fit the signed attributes');
  return { signature: 'invalid' };
}
