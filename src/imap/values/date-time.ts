/** A moment, and the zone that it was told in (RFC 9051 `date-time`). */
export interface ImapDateTime {
  /** Milliseconds since 1970-01-01T00:00:00Z, whole seconds. */
  readonly time: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** A day without a time (RFC 9051 `date`, as SEARCH has it). */
export interface ImapDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}
