/**
 * What one command or response may hold at most. Each is on by default; a hit
 * gives a `MailsealError` with the code named.
 */
export interface ImapLimits {
  /** Octets of a line, and of all lines of one command or response with the literals that are kept within it (`limit-line`). At least 16; default 8 MiB. */
  readonly lineOctets?: number;
  /** Octets of the larger literals of one command or response that are gathered (`limit-literal`). Default 64 MiB. Literals that are streamed have no limit. */
  readonly literalOctets?: number;
  /** Lists and body structures inside each other (`limit-depth`); NOT and OR of SEARCH ten times as deep. Default 100. */
  readonly depth?: number;
  /** Elements of all lists of one command or response (`limit-list`). Default 2,000,000. */
  readonly listLength?: number;
}

/** {@link ImapLimits} with every default filled in. */
export type FilledImapLimits = Required<ImapLimits>;

/** The defaults of {@link ImapLimits}. */
export const DEFAULT_IMAP_LIMITS: FilledImapLimits = /* @__PURE__ */ Object.freeze({
  lineOctets: 8 * 1024 * 1024,
  literalOctets: 64 * 1024 * 1024,
  depth: 100,
  listLength: 2_000_000,
});
