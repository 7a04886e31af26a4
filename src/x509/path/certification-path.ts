import type { PublicKey } from '../../crypto/keys/public-key.js';
import type { Certificate } from '../certificate/certificate.js';
import type { CertificateRevocation } from '../revocation/revocation-report.js';
import type { PathNote, PathProblem } from './path-problem.js';
import type { ValidPolicy } from './valid-policy.js';

/** The outcome of `findPath`. */
export interface CertificationPath {
  /** From the end entity up; the last was issued by {@link anchor}, where there is one. */
  readonly certificates: readonly Certificate[];
  /** The trust anchor where the path ends at one. */
  readonly anchor: Certificate | undefined;
  /** What is wrong with it; none when it is valid. */
  readonly problems: readonly PathProblem[];
  /** What is worth knowing and makes the path none the less valid: weak algorithms. */
  readonly notes: readonly PathNote[];
  /** The end entity's key, with DSA parameters inherited along this path where its own certificate has none. */
  readonly publicKey: PublicKey | undefined;
  /**
   * The policies under which the whole path is valid, of those that the caller
   * accepts (the user-constrained policy set of RFC 9618 §5.5), anyPolicy as
   * itself; none where no policy holds for all certificates.
   */
  readonly policies: readonly ValidPolicy[];
  /** What is known about the revocation of each certificate below the anchor; none where that was not looked at. */
  readonly revocation: readonly CertificateRevocation[];
}
