import { fillLimits } from '../../core/limits.js';
import type { DiagnosisLimits, DiagnosisWork } from './alteration.js';

const defaults: Readonly<Record<keyof DiagnosisLimits, number>> = /* @__PURE__ */ Object.freeze({
  candidates: 30_000,
  octets: 536_870_912,
  signatures: 500,
  changes: 4,
});

/** Octets that are hashed in the time that copying and ending a digest takes. */
const endingOctets = 1_024;

/** What the search for all seals of a message may still cost. */
export class WorkBudget {
  /** Changes that may follow one another. */
  readonly changes: number;
  readonly #limits: Readonly<Record<keyof DiagnosisLimits, number>>;
  #candidates = 0;
  #endings = 0;
  #octets = 0;
  #signatures = 0;
  /** Whether a limit on all the work was hit, which ends every search that follows. */
  #spent = false;
  /** Whether the search that goes on was refused something. */
  #exhausted = false;

  /** @throws MailsealError `usage` for a limit that is not a number of 0 or more. */
  constructor(limits: DiagnosisLimits | undefined) {
    this.#limits = fillLimits(defaults, limits);
    this.changes = this.#limits.changes;
  }

  /** Whether something was refused. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Octets that were made and hashed. */
  get octets(): number {
    return this.#octets;
  }

  /** Takes what one content costs; false where that is too much. */
  spend(octets: number): boolean {
    if (this.#candidates + 1 > this.#limits.candidates) return this.#refuse();
    this.#candidates++;
    return this.spendOctets(octets);
  }

  /**
   * Takes what one more ending of a content costs whose beginning was hashed already. There may be one for each of
   * its lines, so they count by the octets that could be hashed in the same time.
   */
  spendEnding(octets: number): boolean {
    if (!this.spendOctets(octets + endingOctets)) return false;
    this.#endings++;
    return true;
  }

  /** Takes what making or looking at so many octets costs, which is not a content of its own. */
  spendOctets(octets: number): boolean {
    if (this.#octets + octets > this.#limits.octets) return this.#refuse();
    this.#octets += octets;
    return true;
  }

  /** Takes one check of a signature value. */
  spendSignature(): boolean {
    if (this.#signatures + 1 > this.#limits.signatures) {
      this.#exhausted = true;
      return false;
    }
    this.#signatures++;
    return true;
  }

  /** Begins the search for the content of another signer: anybody may add signers whose checks find nothing. */
  nextSigner(): void {
    this.#signatures = 0;
    this.#exhausted = this.#spent;
  }

  /** What was spent since an earlier moment. */
  since(earlier?: DiagnosisWork): DiagnosisWork {
    return {
      candidates: this.#candidates + this.#endings - (earlier?.candidates ?? 0),
      octets: this.#octets - (earlier?.octets ?? 0),
      exhausted: this.#exhausted,
    };
  }

  #refuse(): false {
    this.#spent = true;
    this.#exhausted = true;
    return false;
  }
}
