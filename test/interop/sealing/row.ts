import type { PeerName } from '../../support/peers/peer.js';
import table from './refusals.json' with { type: 'json' };

/** Who makes what the other one reads. */
export type Direction = 'theirs' | 'ours';

/** A row of the interop table: one way of sealing. */
export interface Row {
  /** Its key in the table of refusals. */
  readonly id: string;
  /** As the page and the names of its tests say it. */
  readonly title: string;
  /** Why we make nothing of this kind, where we do not. */
  readonly notOurs?: string;
}

/** A peer's own words, or a piece of them, where it cannot do its side of a cell. */
export type Refusals = Readonly<
  Record<string, Readonly<Partial<Record<PeerName, Readonly<Partial<Record<Direction, string>>>>>>>
>;

/** Every cell of the table that is not filled, with what the peer says. Tests hold each peer to it. */
export const refusals: Refusals = table;

/** The name of a cell's test. */
export function cellName(row: Row, direction: Direction): string {
  return direction === 'theirs' ? `${row.title}: we read theirs` : `${row.title}: they read ours`;
}
