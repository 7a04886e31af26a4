import { MailsealError } from '../../core/errors.js';
import type { Certificate } from '../certificate/certificate.js';
import { showable } from '../certificate/showable.js';

/** Why a certification path is not valid; each code stands for one rule. */
export type PathProblemCode =
  // the search
  | 'issuer-missing'
  | 'root-untrusted'
  | 'search-limit'
  // one certificate
  | 'signature-invalid'
  | 'algorithm-unsupported'
  | 'algorithm-weak'
  | 'certificate-malformed'
  | 'algorithms-differ'
  | 'not-yet-valid'
  | 'expired'
  | 'key-usage'
  | 'extended-key-usage'
  | 'unknown-critical-extension'
  // certificates above others
  | 'not-a-ca'
  | 'path-length-exceeded'
  | 'name-constraints'
  | 'name-constraints-limit'
  | 'policy-required'
  | 'policy-mapping-any'
  // revocation
  | 'revoked'
  | 'on-hold'
  | 'revocation-unknown';

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

/** Something worth knowing about a path that makes it none the less valid. */
export interface PathNote {
  /** `algorithm-weak`: the algorithm policy names the algorithm weak and does not refuse it. */
  readonly code: 'algorithm-weak';
  /** A sentence for people. */
  readonly message: string;
  /** The certificate that it is about. */
  readonly certificate: Certificate;
  /** The section that advises against it. */
  readonly section: string;
}

/** Problems that only say that the moment asked about lies outside a certificate's validity. */
export function isTimeProblem(problem: PathProblem): boolean {
  return problem.code === 'expired' || problem.code === 'not-yet-valid';
}

/** Problems that say that something was not looked at, for lack of work allowed. */
export function isLimitProblem({ code }: PathProblem): boolean {
  return code === 'search-limit' || code === 'name-constraints-limit';
}

/** Adds a problem: its code, what the certificate does or is, and the section with the rule. */
export type Say = (code: PathProblemCode, what: string, section: string) => void;

/** Collects problems of one certificate; the sentence begins with its subject. */
export function problemsOf(certificate: Certificate, problems: PathProblem[]): Say {
  return (code, what, section) => {
    problems.push({ code, message: sentenceAbout(certificate, what), certificate, section });
  };
}

/** "the certificate of … does or is what it is". */
export function sentenceAbout(certificate: Certificate, what: string): string {
  return `the certificate of ${subjectOf(certificate)} ${what}`;
}

/** A certificate's subject as text, whatever state it is in. */
export function subjectOf(certificate: Certificate): string {
  try {
    const { subject } = certificate;
    if (!subject.isEmpty) return `"${brief(`${subject}`)}"`;
    return brief(showable(certificate.emailAddresses[0] ?? 'a subject without name'));
  } catch {
    return 'an unreadable subject';
  }
}

/** A text that stays readable in a sentence, since names may be megabytes long. */
export function brief(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** Turns damage found while a field is read into a problem of that certificate, told once. */
export function guard(certificate: Certificate, problems: PathProblem[], check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    const message = sentenceAbout(certificate, `cannot be read: ${error.message}`);
    if (problems.some((each) => each.certificate === certificate && each.message === message)) return;
    problems.push({ code: 'certificate-malformed', message, certificate, section: 'RFC 5280 §4' });
  }
}

/** A value, or `undefined` where what it is read from is damaged. */
export function quietly<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof MailsealError) return undefined;
    throw error;
  }
}
