/** Numbers from one to another, both included; `*` is the largest there is. */
export interface SequenceRange {
  readonly from: number | '*';
  readonly to: number | '*';
}

/**
 * Sequence numbers or UIDs (RFC 9051 §9 `sequence-set`): ranges in the order
 * that they were written; a single number is a range from it to itself. `$` is
 * the result of the last search that was saved (RFC 5182).
 */
export type SequenceSet = '$' | readonly SequenceRange[];
