import { type AbortSignalLike, throwIfAborted } from '../../core/abort.js';
import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import type { AlteredSigner } from './alteration.js';
import type { DigestTarget } from './digest-target.js';
import { eventLoopTurn } from './event-loop.js';
import type { ChangeNote, Family, Guess, GuessContext, WholeGuess } from './guess.js';
import { headerOctetsOf } from './header/header-blocks.js';
import type { WorkBudget } from './work-budget.js';

/** One content that was tried, and what it was made from. */
export interface Step {
  readonly octets: Bytes;
  readonly from: Step | undefined;
  /** What was undone to get from {@link from} to here. */
  readonly notes: readonly ChangeNote[];
}

/** The way from what was received to what was signed. */
export interface Solution {
  readonly last: Step;
  readonly signers: readonly AlteredSigner[];
}

/** What a search is about. */
export interface SearchOptions {
  readonly target: DigestTarget;
  readonly families: readonly Family[];
  readonly context: GuessContext;
  readonly budget: WorkBudget;
  readonly signal: AbortSignalLike | undefined;
}

/** Octets of contents that wait for being changed further; what is beyond is tried, but not changed further. */
const mostHeld = 67_108_864;
/** Guesses, and octets made and hashed, after which the event loop turns once. */
const guessesPerTurn = 256;
const octetsPerTurn = 8_388_608;
/** Octets that are hashed in the time that one octet of a header takes to be written anew. */
const headerFactor = 32;
/** Guesses of one family about one content. */
const mostGuesses = 4_096;
/** Chains that cost more are not believable, and are not tried. */
const mostCost = 7;

/** A step whose families were not all asked. */
interface Node extends Step {
  readonly cost: number;
  readonly stage: number;
  readonly depth: number;
  /** How many families have not been asked to the end. */
  open: number;
}

/** One family being asked about one node; it waits with the guess that comes next. */
interface Source {
  readonly node: Node;
  readonly family: Family;
  guesses: Iterator<Guess> | undefined;
  next: Guess | undefined;
  /** Octets of the guess that waits. */
  holds: number;
  given: number;
}

/** Undoes changes, the likeliest chain first, until something fits or the budget ends. */
export async function search(received: Bytes, options: SearchOptions): Promise<Solution | undefined> {
  return new Search(options).run(received);
}

class Search {
  readonly #options: SearchOptions;
  /** Sources by what their next guess costs in all. */
  readonly #waiting: Source[][] = [];
  /** Contents that were tried, so that two ways to one content cost one. */
  readonly #tried = new Set<string>();
  /** Octets of contents that families are still asked about, and of guesses that wait. */
  #held = 0;
  #guesses = 0;
  #turned = 0;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  async run(received: Bytes): Promise<Solution | undefined> {
    const { budget, signal } = this.#options;
    const digests = this.#options.target.digestsOf(received);
    if (digests === undefined) return undefined;
    this.#isNew(digests);
    this.#open({ octets: received, from: undefined, notes: [], cost: 0, stage: 0, depth: 0, open: 0 });
    for (let cost = 0; cost < this.#waiting.length; cost++) {
      const sources = this.#waiting[cost] ?? [];
      // Sources that are asked may add others that cost no more.
      for (let i = 0; i < sources.length; i++) {
        throwIfAborted(signal);
        const source = sources[i]!;
        const solution = await this.#ask(source, cost);
        if (solution !== undefined) return solution;
        if (budget.exhausted) return undefined;
      }
      this.#waiting[cost] = [];
    }
    return undefined;
  }

  /** Takes guesses of a source as long as they cost no more than this. */
  async #ask(source: Source, cost: number): Promise<Solution | undefined> {
    const { node, family } = source;
    const { budget, context } = this.#options;
    if (source.guesses === undefined) {
      // Making guesses reads the content at least once; those about headers share one reading of it.
      if (!budget.spendOctets(family.isAboutHeaders === true ? headerCost(node) : node.octets.length))
        return undefined;
      source.guesses = family.guesses(node.octets, context)[Symbol.iterator]();
    }
    for (;;) {
      source.next ??= this.#pull(source);
      if (budget.exhausted) return undefined;
      const guess = source.next;
      if (guess === undefined) {
        this.#close(node);
        return undefined;
      }
      const whole = node.cost + Math.max(guess.cost, family.cost);
      if (whole > cost) {
        source.holds = guess.octets === node.octets ? 0 : guess.octets.length;
        this.#held += source.holds;
        this.#wait(source, whole);
        return undefined;
      }
      this.#held -= source.holds;
      source.holds = 0;
      source.next = undefined;
      await this.#turn();
      const solution = await this.#try(guess, source, whole);
      if (solution !== undefined || budget.exhausted) return solution;
    }
  }

  #pull(source: Source): Guess | undefined {
    if (source.given >= mostGuesses) return undefined;
    source.given++;
    if (source.family.isAboutHeaders === true && !this.#options.budget.spendOctets(headerCost(source.node)))
      return undefined;
    const { done, value } = source.guesses!.next();
    return done === true ? undefined : value;
  }

  async #try(guess: Guess, { node, family }: Source, cost: number): Promise<Solution | undefined> {
    const { target } = this.#options;
    if ('cuts' in guess) {
      const found = await target.fittingPrefix(guess);
      if (found === undefined) return undefined;
      const notes = guess.notesAt(found.cut, found.ending);
      return { last: { octets: found.octets, from: node, notes }, signers: found.signers };
    }
    const digests = target.digestsOf(guess.octets);
    if (digests === undefined || !this.#isNew(digests)) return undefined;
    const signers = await target.fitting(guess.octets, digests);
    if (signers.length > 0)
      return { last: { octets: guess.octets, from: node, notes: guess.notes }, signers };
    // One change that is rare is likelier than two that are common.
    this.#open(nodeOf(guess, node, family, cost + 2));
    return undefined;
  }

  /** Ends where that is wanted; who wants it may be told so by the event loop only. */
  async #turn(): Promise<void> {
    const { budget, signal } = this.#options;
    throwIfAborted(signal);
    this.#guesses++;
    if (this.#guesses < guessesPerTurn && budget.octets - this.#turned < octetsPerTurn) return;
    this.#guesses = 0;
    this.#turned = budget.octets;
    await eventLoopTurn();
    throwIfAborted(signal);
  }

  #isNew(digests: readonly Bytes[]): boolean {
    const key = latin1FromBytes(digests[0]!);
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }

  /** Lets every family that may come next be asked about a content. */
  #open(node: Node): void {
    const { budget, families } = this.#options;
    if (node.depth >= budget.changes || this.#held + node.octets.length > mostHeld) return;
    for (const family of families) {
      if (family.stage <= node.stage) continue;
      node.open++;
      this.#wait(
        { node, family, guesses: undefined, next: undefined, holds: 0, given: 0 },
        node.cost + Math.max(1, family.cost),
      );
    }
    if (node.open > 0) this.#held += node.octets.length;
  }

  #close(node: Node): void {
    node.open--;
    if (node.open === 0) this.#held -= node.octets.length;
  }

  #wait(source: Source, cost: number): void {
    if (cost > mostCost) {
      this.#held -= source.holds;
      this.#close(source.node);
      return;
    }
    while (this.#waiting.length <= cost) this.#waiting.push([]);
    this.#waiting[cost]!.push(source);
  }
}

function nodeOf({ octets, notes }: WholeGuess, from: Node, { stage }: Family, cost: number): Node {
  return { octets, from, notes, cost, stage, depth: from.depth + 1, open: 0 };
}

/** What making one guess about headers takes. */
function headerCost({ octets }: Node): number {
  return headerFactor * headerOctetsOf(octets);
}
