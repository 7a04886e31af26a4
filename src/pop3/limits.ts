/** What one command or reply may hold at most. Each is on by default; a hit gives a `MailsealError` with the code named. */
export interface Pop3Limits {
  /** Octets of a command or a status line (`limit-line`). RFC 2449 §4 allows 255 and 512. Default 64 KiB. */
  readonly lineOctets?: number;
  /** Octets of one message as it comes (`limit-octets`). Default 2 GiB. */
  readonly replyOctets?: number;
  /** Octets of one list as it comes (`limit-octets`). Default 64 MiB. */
  readonly listOctets?: number;
  /** Commands that a client has sent ahead and a server keeps, in octets (`limit-octets`). Default 1 MiB. */
  readonly pipelinedOctets?: number;
}

/** {@link Pop3Limits} with every default filled in. */
export type FilledPop3Limits = Required<Pop3Limits>;

/** The defaults of {@link Pop3Limits}. */
export const DEFAULT_POP3_LIMITS: FilledPop3Limits = /* @__PURE__ */ Object.freeze({
  lineOctets: 64 * 1024,
  replyOctets: 2 * 1024 * 1024 * 1024,
  listOctets: 64 * 1024 * 1024,
  pipelinedOctets: 1024 * 1024,
});
