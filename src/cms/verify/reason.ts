import type { PathProblemCode } from '../../x509/path/path-problem.js';

/** Why an answer about a signer is what it is. */
export type SignerReasonCode =
  // content
  | 'content-missing'
  | 'digest-mismatch'
  | 'digest-unsupported'
  | 'embedded-content-differs'
  | 'needs-second-pass'
  // signature
  | 'signature-mismatch'
  | 'signature-unsupported'
  | 'signer-certificate-missing'
  | 'signer-malformed'
  | 'signed-attributes-missing'
  | 'content-is-attributes'
  | 'content-type-missing'
  | 'content-type-mismatch'
  | 'message-digest-missing'
  | 'signing-certificate-mismatch'
  | 'algorithm-protection-mismatch'
  // trust
  | 'no-roots'
  | PathProblemCode
  | 'revoked-before-signing'
  | 'revoked-at-signing'
  | 'revoked-after-signing'
  // signature where the algorithm policy refuses them, else notes
  | 'weak-digest'
  | 'weak-key'
  // notes
  | 'attributes-not-der'
  | 'weak-certificate-digest'
  | 'weak-certificate-key'
  | 'revocation-not-known'
  | 'signing-time-trusted'
  | 'signing-time-after-trusted-time'
  | 'timestamp-invalid'
  | 'timestamp-untrusted'
  | 'signing-time-missing'
  | 'signing-time-malformed'
  | 'signing-time-in-future'
  | 'signing-time-outside-validity'
  | 'capabilities-malformed'
  | 'counter-signature-invalid'
  | 'counter-signature-has-content-type';

/** One reason: a code for programs and a sentence for people. */
export interface Reason<Code extends string = SignerReasonCode> {
  readonly code: Code;
  /** `failure` explains an answer that is not the good one; `note` changes no answer. */
  readonly severity: 'failure' | 'note';
  readonly message: string;
}

/** Collects reasons while something is checked. */
export class Reasons<Code extends string = SignerReasonCode> {
  readonly list: Reason<Code>[] = [];

  /** Adds a reason for an answer that is not the good one. */
  fail(code: Code, message: string): void {
    this.list.push({ code, severity: 'failure', message });
  }

  /** Adds a remark. */
  note(code: Code, message: string): void {
    this.list.push({ code, severity: 'note', message });
  }
}
