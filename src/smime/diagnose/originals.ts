import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import type { Engine } from '../../core/engine.js';
import type { AlteredSigner, DiagnosisWork } from './alteration.js';
import { DigestTarget, isSound, proofOf } from './digest-target.js';
import { families } from './families.js';
import type { GuessContext } from './guess.js';
import { type Solution, search } from './search.js';
import { fits } from './signer-remarks.js';
import type { Subject } from './subjects.js';
import type { WorkBudget } from './work-budget.js';

/** Signers without signed attributes that are searched for, each of whom costs a check for every content. */
const mostUnattributed = 8;

/** Signers of a seal that signed the same content, or of whom no content was found. */
export interface SignedAlike {
  readonly signers: readonly AlteredSigner[];
  readonly solution: Solution | undefined;
  readonly work: DiagnosisWork;
}

/** What a search for originals takes. */
export interface OriginalsOptions {
  readonly budget: WorkBudget;
  readonly context: GuessContext;
  readonly engine: Engine | undefined;
  readonly signal: AbortSignalLike | undefined;
}

const noWork: DiagnosisWork = { candidates: 0, octets: 0, exhausted: false };

/**
 * Finds what each signer of a seal signed. No signer speaks for another: anybody can add a SignerInfo of his own to a
 * signature (RFC 5652 §5.1), over whatever he likes.
 */
export class Originals {
  readonly #subject: Subject;
  readonly #options: OriginalsOptions;
  readonly #found: SignedAlike[] = [];
  #open: readonly AlteredSigner[];
  #work: DiagnosisWork = noWork;

  constructor(subject: Subject, options: OriginalsOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#open = subject.signers;
    const { received, container } = subject;
    const intact = subject.signers.filter((each) => each.content === 'intact' && isSound(each));
    // What is as it was signed, and only no longer looks like it.
    if (container !== undefined && intact.length > 0)
      this.#take({ last: { octets: received, from: undefined, notes: [] }, signers: intact }, noWork);
  }

  /** Searches by the digests that were signed, for all signers at once. */
  async searchByDigest(): Promise<void> {
    for (;;) {
      const signers = this.#searched('digest');
      if (signers.length === 0 || !(await this.#search(signers))) return;
    }
  }

  /**
   * Searches by signature values, signer by signer, after all searches that need no such checks: a signer whom
   * anybody can add must not use up what the others need.
   */
  async searchByValue(): Promise<void> {
    for (const signer of this.#searched('value').slice(0, mostUnattributed)) {
      if (!(await this.#joins(signer))) await this.#search([signer]);
    }
  }

  /** The outcome, in the order of the first signer of each. */
  all(): readonly SignedAlike[] {
    const lost = { signers: this.#open, solution: undefined, work: this.#work };
    const all = this.#open.length === 0 ? this.#found : [...this.#found, lost];
    const place = ({ signers }: SignedAlike): number =>
      Math.min(...signers.map((signer) => this.#subject.signers.indexOf(signer)));
    return all.toSorted((a, b) => place(a) - place(b));
  }

  #searched(proof: 'digest' | 'value'): AlteredSigner[] {
    const { received } = this.#subject;
    const { engine } = this.#options;
    return this.#open.filter(
      (signer) =>
        signer.content === 'altered' && proofOf(signer) === proof && !fits(signer, received, engine),
    );
  }

  async #search(signers: readonly AlteredSigner[]): Promise<boolean> {
    const { budget, context, engine, signal } = this.#options;
    throwIfAborted(signal);
    budget.nextSigner();
    const before = budget.since();
    const target = new DigestTarget(signers, budget, engine);
    const solution = await search(this.#subject.received, { target, families, budget, context, signal });
    const work = budget.since(before);
    if (solution === undefined) this.#work = sum(this.#work, work);
    else this.#take(solution, work);
    return solution !== undefined;
  }

  /** Whether a signer signed what others were found to have signed. */
  async #joins(signer: AlteredSigner): Promise<boolean> {
    const { budget, engine } = this.#options;
    budget.nextSigner();
    const target = new DigestTarget([signer], budget, engine);
    for (const [i, { signers, solution, work }] of this.#found.entries()) {
      if (solution === undefined) continue;
      if ((await target.fitting(solution.last.octets, [])).length === 0) continue;
      const together = this.#subject.signers.filter((each) => each === signer || signers.includes(each));
      this.#found[i] = { signers: together, solution: { ...solution, signers: together }, work };
      this.#open = this.#open.filter((each) => each !== signer);
      return true;
    }
    return false;
  }

  #take(solution: Solution, work: DiagnosisWork): void {
    const { signers } = solution;
    this.#found.push({ signers, solution, work });
    this.#open = this.#open.filter((each) => !signers.includes(each));
  }
}

function sum(one: DiagnosisWork, other: DiagnosisWork): DiagnosisWork {
  return {
    candidates: one.candidates + other.candidates,
    octets: one.octets + other.octets,
    exhausted: one.exhausted || other.exhausted,
  };
}
