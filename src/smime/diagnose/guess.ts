import type { Bytes } from '../../core/bytes.js';
import type { AlterationKind } from './alteration.js';

/** What a family says about one change that it undid. Where it was is found by comparing, and only for what fits. */
export interface ChangeNote {
  readonly kind: AlterationKind;
  /** Its name before the change, which is what the octets of the guess have. */
  readonly from?: string;
  /** Its name after the change, which is what the octets had that the guess was made from. */
  readonly to?: string;
  /** What the sentence about it tells besides, where there is something: `label-kept`. */
  readonly detail?: 'label-kept';
  /** Where it was, if only there: in header fields, of the entity or of parts in it, or in bodies. */
  readonly region?: 'header' | 'body';
}

/** One content that may be the original, or be nearer to it. */
export interface WholeGuess {
  readonly octets: Bytes;
  /** What was undone to get it, in the order in which it had happened. */
  readonly notes: readonly ChangeNote[];
  /** How unlikely it is: 1 happens every day, 3 now and then, 6 hardly ever. Costs of changes in a chain add up. */
  readonly cost: number;
}

/**
 * Many contents at once that begin alike: each is `octets[0, cut)` and one of
 * the endings. They are hashed in one pass over the octets. Nothing more is undone in them.
 */
export interface PrefixGuess {
  readonly octets: Bytes;
  /** In ascending order. */
  readonly cuts: readonly number[];
  readonly endings: readonly Bytes[];
  /** What was undone for this cut and this ending. */
  readonly notesAt: (cut: number, ending: Bytes) => readonly ChangeNote[];
  readonly cost: number;
}

export type Guess = WholeGuess | PrefixGuess;

/** What families may know beside the octets. */
export interface GuessContext {
  /** Whether width may be changed: that can change what a text means to a program. */
  readonly foldWidth: boolean;
}

/**
 * One family of changes, undone. It is told a content and gives what that may
 * have been before, likeliest first; lazily, since the search may end at any guess.
 * It never throws for what the octets are, and gives a bounded number.
 */
export interface Family {
  readonly name: string;
  /**
   * The order in which families are tried on one another's guesses: a chain has ascending stages, so each
   * combination is tried once. 10 structure, 20 transfer encoding undone, 30 charset, 40 lines, 50 banners, 54 header,
   * 80 transfer encoding redone, 85 line ends, 90 ends of the content.
   */
  readonly stage: number;
  /** The lowest cost of its guesses: those of a chain are not asked for before the search has come to it. */
  readonly cost: number;
  /** Whether it looks at header fields only, which are told apart once for all families. */
  readonly isAboutHeaders?: boolean;
  guesses(octets: Bytes, context: GuessContext): Iterable<Guess>;
}
