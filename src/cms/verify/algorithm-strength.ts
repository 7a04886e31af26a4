import type { DigestName } from '../../crypto/digests/digest.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../crypto/signatures/signature-algorithm.js';
import type { CertificationPath } from '../../x509/find-path.js';
import { type AlgorithmPolicy, judgeKey, judgeSignatureAlgorithm } from '../../x509/path/algorithm-policy.js';
import { quietly, subjectOf } from '../../x509/path/path-problem.js';
import type { Reasons, SignerReasonCode } from './reason.js';

/** What a signature was made with. */
export interface SignatureMaterial {
  /** The digest of the content. */
  readonly digestName: DigestName | undefined;
  readonly algorithm: SignatureAlgorithm | undefined;
  readonly publicKey: PublicKey | undefined;
}

/**
 * Holds digest, algorithm and key of a signature against the policy: what is
 * weak is noted, what is refused is a failure. False where something is refused.
 */
export function checkStrength(
  { digestName, algorithm, publicKey }: SignatureMaterial,
  policy: AlgorithmPolicy,
  reasons: Reasons,
): boolean {
  let sound = true;
  const report = (judgement: 'strong' | 'weak' | 'refused', code: SignerReasonCode, what: string): void => {
    if (judgement === 'weak') reasons.note(code, what);
    if (judgement !== 'refused') return;
    sound = false;
    reasons.fail(code, what);
  };
  const digests = new Set<DigestName>();
  if (digestName !== undefined) digests.add(digestName);
  if (algorithm !== undefined && 'digest' in algorithm) digests.add(algorithm.digest);
  for (const digest of digests) {
    report(
      judgeDigest(policy, digest),
      'weak-digest',
      `the digest is ${digest.toUpperCase()}, for which colliding content can be made`,
    );
  }
  if (publicKey !== undefined) {
    const what =
      publicKey.kind === 'rsa'
        ? `the signer’s RSA key has only ${publicKey.bits} bits`
        : 'the signer’s key is a DSA key, which is no longer used';
    report(judgeKey(policy, publicKey), 'weak-key', what);
  }
  return sound;
}

function judgeDigest(policy: AlgorithmPolicy, digest: DigestName): 'strong' | 'weak' | 'refused' {
  return judgeSignatureAlgorithm(policy, { name: 'ecdsa', digest });
}

/**
 * Notes what is weak in a path and not refused: a certificate whose issuer
 * hashed it with a broken digest may be the double of an innocent one.
 */
export function notePathStrength(
  path: CertificationPath | undefined,
  policy: AlgorithmPolicy,
  reasons: Reasons,
): void {
  // The search judged all of it by the same policy; only what it noted is worth naming one by one.
  if (path === undefined || path.notes.length === 0) return;
  for (const [level, certificate] of path.certificates.entries()) {
    const key = level === 0 ? undefined : quietly(() => certificate.publicKey);
    if (key !== undefined && judgeKey(policy, key) === 'weak')
      reasons.note('weak-certificate-key', `the key of the certificate of ${subjectOf(certificate)} is weak`);
    // What is itself trusted needs no issuer.
    if (path.anchor?.equals(certificate) === true) continue;
    const algorithm = quietly(() => parseSignatureAlgorithm(certificate.signatureAlgorithm));
    if (algorithm === undefined || judgeSignatureAlgorithm(policy, algorithm) !== 'weak') continue;
    const digest = 'digest' in algorithm ? algorithm.digest.toUpperCase() : algorithm.name;
    reasons.note(
      'weak-certificate-digest',
      `the certificate of ${subjectOf(certificate)} was issued with ${digest}`,
    );
  }
}
