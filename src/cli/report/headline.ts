import type { OpenReport } from '../../smime/open/report.js';
import type { SealReasonCode } from '../../smime/verify/reason.js';
import type { Seal, SealSigner } from '../../smime/verify/report.js';
import { minute } from './words.js';

/** The five answers, in the order in which they are shown and in which the first bad one is the main reason. */
export const answers = ['content', 'signature', 'trust', 'time', 'identity'] as const;
/** One of the five answers about a signer. */
export type AnswerName = (typeof answers)[number];

const good: Readonly<Record<AnswerName, string>> = {
  content: 'intact',
  signature: 'valid',
  trust: 'trusted',
  time: 'valid',
  identity: 'match',
};

/** Whether an answer is the one that is wanted. */
export function isGood(signer: SealSigner, answer: AnswerName): boolean {
  return signer[answer] === good[answer] || (answer === 'time' && signer.time === 'valid-at-trusted-time');
}

/** Which answer a reason explains; the others are about the signer as a whole. */
export const explains: Readonly<Partial<Record<SealReasonCode, AnswerName>>> = {
  'content-missing': 'content',
  'digest-mismatch': 'content',
  'digest-unsupported': 'content',
  'embedded-content-differs': 'content',
  'signature-mismatch': 'signature',
  'signature-unsupported': 'signature',
  'signer-certificate-missing': 'signature',
  'signer-malformed': 'signature',
  'signed-attributes-missing': 'signature',
  'content-is-attributes': 'signature',
  'content-type-missing': 'signature',
  'content-type-mismatch': 'signature',
  'message-digest-missing': 'signature',
  'signing-certificate-mismatch': 'signature',
  'algorithm-protection-mismatch': 'signature',
  'weak-digest': 'signature',
  'weak-key': 'signature',
  'no-roots': 'trust',
  'issuer-missing': 'trust',
  'root-untrusted': 'trust',
  'search-limit': 'trust',
  'signature-invalid': 'trust',
  'algorithm-unsupported': 'trust',
  'certificate-malformed': 'trust',
  'algorithms-differ': 'trust',
  'not-a-ca': 'trust',
  'path-length-exceeded': 'trust',
  'key-usage': 'trust',
  'extended-key-usage': 'trust',
  'unknown-critical-extension': 'trust',
  'algorithm-weak': 'trust',
  'name-constraints': 'trust',
  'name-constraints-limit': 'trust',
  'policy-required': 'trust',
  'policy-mapping-any': 'trust',
  revoked: 'trust',
  'on-hold': 'trust',
  'revocation-unknown': 'trust',
  'revoked-before-signing': 'trust',
  'revoked-at-signing': 'trust',
  'revoked-after-signing': 'trust',
  expired: 'time',
  'not-yet-valid': 'time',
  'sender-unknown': 'identity',
  'several-from-fields': 'identity',
  'several-from-mailboxes': 'identity',
  'certificate-without-address': 'identity',
  'from-malformed': 'identity',
  'address-differs': 'identity',
  'protected-from-differs': 'identity',
};

/** One line each for what most often goes wrong; the report has the details. */
const short: Readonly<Partial<Record<SealReasonCode, string>>> = {
  'content-missing': 'what was signed is not at hand; give it with --content FILE',
  'digest-mismatch': 'the content was altered after it was signed',
  'digest-unsupported': 'the content was hashed in a way that is not supported',
  'embedded-content-differs': 'what is shown is not what was signed',
  'signature-mismatch': 'the signature is not genuine',
  'signature-unsupported': 'the signature is of a kind that cannot be checked',
  'signer-certificate-missing': 'the signer’s certificate is missing; give it with --certs FILE',
  'signer-malformed': 'the signature is damaged',
  'algorithm-protection-mismatch': 'the signature is not genuine',
  'weak-digest': 'it was hashed in a way that is too weak today; --algorithms old-mail accepts it',
  'weak-key': 'it was signed with a key that is too weak today; --algorithms old-mail accepts it',
  'no-roots': 'no trusted roots were given; name them with --roots FILE',
  'issuer-missing': 'the chain of certificates does not reach a trusted root',
  'root-untrusted': 'the signer’s certificate comes from a root that is not trusted',
  'signature-invalid': 'a certificate in the chain is forged or damaged',
  'algorithm-weak': 'a certificate uses what is too weak today; --algorithms old-mail accepts it',
  'name-constraints': 'an authority issued a certificate for a name that it may not give',
  'policy-required': 'the certificates are valid for none of the policies asked for',
  revoked: 'the certificate was revoked',
  'on-hold': 'the certificate is on hold',
  'revocation-unknown': 'whether the certificate was revoked is not known; give --crl FILE or --ocsp FILE',
  'revoked-before-signing': 'the certificate was revoked before it was used',
  'revoked-at-signing': 'the certificate was revoked when it was used',
  'revoked-after-signing': 'the certificate was revoked, and nobody vouches that the signature is older',
  'extended-key-usage': 'the certificate is not meant for mail',
  'key-usage': 'a certificate is used for what it is not meant for',
  expired: 'the certificate has expired',
  'not-yet-valid': 'the certificate is not valid yet',
  'sender-unknown': 'nobody to compare the signer with; name one by --email ADDRESS',
  'several-from-fields': 'the message has several From fields',
  'several-from-mailboxes': 'From names several people, and which of them signed is open',
  'certificate-without-address': 'the signer’s certificate holds no mail address',
  'address-differs': 'the signer is not the sender',
  'from-malformed': 'From can be read in two ways',
  'container-ambiguous': 'programs may differ in what they show of it',
  'content-not-mime': 'what is signed is no part of a message',
  'signature-unreadable': 'the signature cannot be read',
  unsigned: 'there is no signature in it',
  'protected-from-differs': 'the message inside the signature names another sender',
};

/** The seals that speak for all that is shown: over the whole message, and inside of every encryption. */
export function shownSeals({ seals }: OpenReport): Seal[] {
  return seals.filter(({ coverage, aroundEncryption }) => coverage === 'message' && !aroundEncryption);
}

/**
 * Why a message is not verified, in one line without anything that its author wrote.
 *
 * @param hasKeys whether there were keys to open it with
 */
export function mainReason(report: OpenReport, hasKeys = false): string {
  const reason = report.reasons.find(({ severity }) => severity === 'failure');
  const closed = report.envelopes.some(({ opened, type }) => !opened && type !== 'compressedData');
  if (reason?.code === 'unsigned') {
    if (closed && hasKeys) return 'it is encrypted, and cannot be opened with the keys that were given';
    if (closed) return 'it is encrypted, and only the decrypted message shows whether it is signed';
    return report.others.some(({ kind }) => kind === 'unreadable')
      ? 'the signature cannot be read'
      : 'it is not signed';
  }
  if (reason?.code === 'signed-outside-encryption') {
    // A signature inside that is not good says more than that the one outside does not count.
    const inside = shownSeals(report).find(({ verified }) => !verified);
    if (inside !== undefined) return sealReason(inside);
    return closed && !hasKeys
      ? 'it is encrypted, and the signature around that does not tell who wrote what is inside'
      : 'it is signed only around the encryption, which anybody can do';
  }
  if (reason?.code === 'covers-part-only') {
    const isDoubted = (seal: Seal): boolean =>
      seal.reasons.some(({ code }) => code === 'container-ambiguous');
    return report.seals.some(isDoubted) ? short['container-ambiguous']! : 'only a part of it is signed';
  }
  if (reason?.code === 'from-not-bound') return 'no signature vouches for the sender that it names inside';
  if (reason?.code === 'part-not-signed') return 'that part is not signed';
  if (reason?.code === 'seal-broken') return 'one of several signatures is broken';
  const seal =
    shownSeals(report).find(({ verified }) => !verified) ??
    report.seals.find((each) => each.coverage === 'message' && !each.verified) ??
    report.seals[0];
  return seal === undefined ? 'it is not signed' : sealReason(seal);
}

/** Why a seal is not verified, in one line. */
export function sealReason(seal: Seal): string {
  // Altered content says more than that programs may show it in several ways.
  const altered = seal.signers.find(({ content }) => content === 'altered');
  if (altered !== undefined) return signerReason(altered);
  const broken = seal.reasons.find(({ severity }) => severity === 'failure');
  if (broken !== undefined) return short[broken.code] ?? broken.message;
  const signer = seal.signers.find(({ verified }) => !verified);
  if (signer === undefined) return 'there is no signature in it';
  const reason = signerReason(signer);
  return seal.signers.length > 1 ? `${reason} (one of ${seal.signers.length} signers)` : reason;
}

function signerReason(signer: SealSigner): string {
  const reasons = new Map(
    answers
      .filter((answer) => !isGood(signer, answer))
      .map((answer) => {
        const all = signer.reasons.filter(
          ({ code, severity }) => severity === 'failure' && explains[code] === answer,
        );
        // What is known to be wrong says more than what is not known of another certificate of the chain.
        return [answer, all.find(({ code }) => code !== 'revocation-unknown') ?? all[0]];
      }),
  );
  // Damage and forgery first; that nothing is known of revocation, or nobody said whom to trust, is the least of reasons.
  const leastLast = (answer: AnswerName): number =>
    signer[answer] === 'not-checked' ? 2 : reasons.get(answer)?.code === 'revocation-unknown' ? 1 : 0;
  for (const answer of [...reasons.keys()].sort((a, b) => leastLast(a) - leastLast(b))) {
    if (answer === 'time' && signer.time === 'valid-at-signing-time')
      return 'the certificate has expired since the claimed signing time';
    const reason = reasons.get(answer);
    if (reason !== undefined) return short[reason.code] ?? reason.message;
  }
  // Where From names several mailboxes, a match is one with Sender only (RFC 8550 §3).
  if (signer.reasons.some(({ code }) => code === 'several-from-mailboxes'))
    return 'From names several people, and the signer is only the Sender';
  return 'not every answer is good';
}

/** What to say beside an expired certificate that was good when the signer says that he signed. */
export function timeHint(signer: SealSigner): string | undefined {
  if (signer.time !== 'valid-at-signing-time' || signer.signingTime === undefined) return undefined;
  return `was valid at the time that the signer claims, ${minute(signer.signingTime)}`;
}
