import type { DigestName } from '../../crypto/digests/digest.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import {
  parseSignatureAlgorithm,
  type SignatureAlgorithm,
} from '../../crypto/signatures/signature-algorithm.js';
import type { Certificate } from '../certificate/certificate.js';
import { type PathNote, type PathProblem, problemsOf, quietly, sentenceAbout } from './path-problem.js';

/** Algorithms and keys below some strength. */
export interface AlgorithmRule {
  /** Digests in signatures. */
  readonly digests: readonly DigestName[];
  /** RSA keys of fewer bits; 0 for none. */
  readonly rsaBits: number;
  /** DSA keys of fewer bits; 0 for none, `Infinity` for all. */
  readonly dsaBits: number;
}

/** What is refused in a certification path, and what is only reported. */
export interface AlgorithmPolicy {
  /** A path with such a signature or key is not valid: problem `algorithm-weak`. */
  readonly refused: AlgorithmRule;
  /** A path with such a signature or key has a note `algorithm-weak`. */
  readonly weak: AlgorithmRule;
}

const weak: AlgorithmRule = {
  digests: ['md5', 'sha1'],
  rsaBits: 2048,
  dsaBits: Number.POSITIVE_INFINITY,
};

/**
 * The policy for certificates that are in use now, and the default: refuses
 * signatures with MD5 and SHA-1, for which certificates can be forged (RFC 6151,
 * RFC 6194), and RSA and DSA keys of less than 1,024 bits (RFC 8551 §4.3);
 * RSA keys of less than 2,048 bits and DSA are reported as weak.
 *
 * @example
 * ```ts
 * import { parseSignatureAlgorithm } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 * import { algorithmPolicyNow, judgeSignatureAlgorithm } from 'mailseal/x509';
 *
 * const sha1WithRsa = parseSignatureAlgorithm(decodeHex('300d06092a864886f70d0101050500'));
 * console.log(judgeSignatureAlgorithm(algorithmPolicyNow, sha1WithRsa)); // refused
 * ```
 */
export const algorithmPolicyNow: AlgorithmPolicy = {
  refused: { digests: ['md5', 'sha1'], rsaBits: 1024, dsaBits: 1024 },
  weak,
};

/**
 * The policy for reading old mail: the same is reported as weak, and nothing
 * is refused. A certificate that was sound when its mail was written can be
 * forged today; so this is for mail whose age is known from elsewhere.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { algorithmPolicyOldMail, findPath, parseCertificate } from 'mailseal/x509';
 *
 * const path = await findPath(parseCertificate(readFileSync('test/vectors/demo/signer.crt.pem')), {
 *   roots: [parseCertificate(readFileSync('test/vectors/demo/root.crt.pem'))],
 *   pool: [parseCertificate(readFileSync('test/vectors/demo/intermediate.crt.pem'))],
 *   at: new Date('2027-01-01'),
 *   algorithms: algorithmPolicyOldMail,
 * });
 * console.log(path.notes.length); // 0
 * ```
 */
export const algorithmPolicyOldMail: AlgorithmPolicy = {
  refused: { digests: [], rsaBits: 0, dsaBits: 0 },
  weak,
};

/** How an algorithm or a key fares under a policy. */
export type AlgorithmJudgement = 'strong' | 'weak' | 'refused';

/**
 * Judges the digest of a signature algorithm. Edwards curves have none of their own to choose and are strong.
 *
 * @example
 * ```ts
 * import { algorithmPolicyOldMail, judgeSignatureAlgorithm } from 'mailseal/x509';
 *
 * console.log(judgeSignatureAlgorithm(algorithmPolicyOldMail, { name: 'rsa-pkcs1', digest: 'md5' })); // weak
 * ```
 */
export function judgeSignatureAlgorithm(
  policy: AlgorithmPolicy,
  algorithm: SignatureAlgorithm,
): AlgorithmJudgement {
  if (!('digest' in algorithm)) return 'strong';
  const { digest } = algorithm;
  return judge(policy, ({ digests }) => digests.includes(digest));
}

/**
 * Judges a public key by its kind and size. A DSA key whose parameters are
 * inherited has the size of its issuer's, which is judged with that.
 *
 * @example
 * ```ts
 * import { parsePublicKey } from 'mailseal/crypto';
 * import { decodeHex } from 'mailseal/encoding';
 * import { algorithmPolicyNow, judgeKey } from 'mailseal/x509';
 *
 * const spki = decodeHex(
 *   '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
 * );
 * console.log(judgeKey(algorithmPolicyNow, parsePublicKey(spki))); // strong
 * ```
 */
export function judgeKey(policy: AlgorithmPolicy, key: PublicKey): AlgorithmJudgement {
  if (key.kind === 'rsa') return judge(policy, ({ rsaBits }) => key.bits < rsaBits);
  if (key.kind !== 'dsa') return 'strong';
  const bits = key.parameters === undefined ? undefined : key.parameters.p.length * 8;
  return judge(policy, ({ dsaBits }) =>
    bits === undefined ? dsaBits === Number.POSITIVE_INFINITY : bits < dsaBits,
  );
}

function judge(
  { refused, weak }: AlgorithmPolicy,
  isBelow: (rule: AlgorithmRule) => boolean,
): AlgorithmJudgement {
  return isBelow(refused) ? 'refused' : isBelow(weak) ? 'weak' : 'strong';
}

/**
 * Judges the signatures and keys of a path. What cannot be read is passed over:
 * other rules say so.
 *
 * @param anchor Its key counts; its signature on itself proves nothing and does not.
 */
export function checkAlgorithms(
  path: readonly Certificate[],
  anchor: Certificate | undefined,
  policy: AlgorithmPolicy,
  problems: PathProblem[],
): PathNote[] {
  const notes: PathNote[] = [];
  // RFC 8550 §4.3: receiving agents decide which historic algorithms and key sizes they still take.
  const section = 'RFC 8550 §4.3';
  const report = (certificate: Certificate, judgement: AlgorithmJudgement, what: string): void => {
    if (judgement === 'refused') problemsOf(certificate, problems)('algorithm-weak', what, section);
    else
      notes.push({ code: 'algorithm-weak', message: sentenceAbout(certificate, what), certificate, section });
  };
  for (const certificate of path) {
    if (certificate === anchor) continue;
    const algorithm = quietly(() => parseSignatureAlgorithm(certificate.signatureAlgorithm));
    if (algorithm === undefined || !('digest' in algorithm)) continue;
    const judgement = judgeSignatureAlgorithm(policy, algorithm);
    if (judgement !== 'strong')
      report(certificate, judgement, `is signed with ${algorithm.digest.toUpperCase()}, which is weak`);
  }
  for (const certificate of anchor === undefined || path.includes(anchor) ? path : [...path, anchor]) {
    const key = quietly(() => certificate.publicKey);
    const judgement = key === undefined ? 'strong' : judgeKey(policy, key);
    if (judgement !== 'strong') report(certificate, judgement, `has a weak key (${keyText(key!)})`);
  }
  return notes;
}

function keyText(key: PublicKey): string {
  if (key.kind === 'rsa') return `RSA with ${key.bits} bits`;
  if (key.kind !== 'dsa') return key.kind;
  return key.parameters === undefined ? 'DSA' : `DSA with ${key.parameters.p.length * 8} bits`;
}
