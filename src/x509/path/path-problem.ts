import type { Certificate } from '../certificate/certificate.js';

/** Why a certification path is not valid; each code stands for one rule. */
export type PathProblemCode =
  | 'issuer-missing'
  | 'root-untrusted'
  | 'search-limit'
  | 'signature-invalid'
  | 'algorithm-unsupported'
  | 'certificate-malformed'
  | 'algorithms-differ'
  | 'not-yet-valid'
  | 'expired'
  | 'not-a-ca'
  | 'path-length-exceeded'
  | 'key-usage'
  | 'extended-key-usage'
  | 'unknown-critical-extension';

/** One rule that a path does not keep. */
export interface PathProblem {
  readonly code: PathProblemCode;
  /** A sentence for people. */
  readonly message: string;
  /** The certificate at fault. */
  readonly certificate: Certificate;
  /** The section that states the rule. */
  readonly section: string;
}

/** Problems that only say that the moment asked about lies outside a certificate's validity. */
export function isTimeProblem(problem: PathProblem): boolean {
  return problem.code === 'expired' || problem.code === 'not-yet-valid';
}
