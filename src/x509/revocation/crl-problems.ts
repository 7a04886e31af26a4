import { MailsealError } from '../../core/errors.js';
import { crlProblem, type RevocationProblem } from './revocation-report.js';

/** Problems that one report names; the rest would be more of the same. */
const mostProblems = 16;

/** Why CRLs at hand say nothing of a certificate, each thing once. */
export class CrlProblems {
  readonly list: RevocationProblem[] = [];

  note(problem: RevocationProblem): void {
    const { list } = this;
    // That the search was cut short must be told, however much else there is.
    const isFull = list.length >= mostProblems && problem.code !== 'search-limit';
    if (!isFull && !list.some(({ message }) => message === problem.message)) list.push(problem);
  }

  /** True where nothing is the matter; else that is noted. */
  passes(fault: RevocationProblem | undefined): boolean {
    if (fault !== undefined) this.note(fault);
    return fault === undefined;
  }

  /** What `get` gives; `undefined` where it meets damage, which is noted. */
  quietly<T>(get: () => T): T | undefined {
    try {
      return get();
    } catch (error) {
      this.damage(error);
      return undefined;
    }
  }

  /**
   * Notes damage found in a CRL.
   *
   * @throws what is no damage: `crypto-engine-unavailable`, `aborted`, errors of others.
   */
  damage(error: unknown): void {
    if (
      !(error instanceof MailsealError) ||
      error.code === 'crypto-engine-unavailable' ||
      error.code === 'aborted'
    )
      throw error;
    this.note(
      crlProblem('malformed', `or what it is compared with cannot be read: ${error.message}`, 'RFC 5280 §5'),
    );
  }
}
