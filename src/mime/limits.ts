import { MailsealError, type MailsealErrorCode } from '../core/errors.js';

/**
 * What a message may hold at most. Each is on by default; a hit throws a
 * `MailsealError` with the code named, never drops anything in silence.
 */
export interface MimeLimits {
  /** Entities inside each other, the message itself being 1 (`limit-depth`). Default 100. */
  readonly depth?: number;
  /** Entities in all, the message itself included; recipients of a delivery status and files within TNEF, too (`limit-parts`). Default 10,000. */
  readonly parts?: number;
  /** Header fields of one entity (`limit-headers`). Default 10,000. */
  readonly headers?: number;
  /** Octets of one entity's header block (`limit-header-octets`). Default 2 MiB. */
  readonly headerOctets?: number;
  /** Parameters of one field (`limit-parameters`). Default 1,000. */
  readonly parameters?: number;
  /** RFC 2231 sections of one parameter (`limit-parameter-sections`). Default 1,000. */
  readonly parameterSections?: number;
  /** Mailboxes of one field, members of groups included (`limit-addresses`). Default 10,000. */
  readonly addresses?: number;
  /** Encoded words of one field (`limit-encoded-words`). Default 10,000. */
  readonly encodedWords?: number;
}

/** {@link MimeLimits} with every default filled in. */
export type FilledMimeLimits = Required<MimeLimits>;

/** The defaults of {@link MimeLimits}. */
export const DEFAULT_MIME_LIMITS: FilledMimeLimits = /* @__PURE__ */ Object.freeze({
  depth: 100,
  parts: 10_000,
  headers: 10_000,
  headerOctets: 2 * 1024 * 1024,
  parameters: 1000,
  parameterSections: 1000,
  addresses: 10_000,
  encodedWords: 10_000,
});

/** The error of a limit that was hit. */
export function limitHit(
  code: MailsealErrorCode,
  what: string,
  name: keyof MimeLimits,
  limit: number,
  offset: number,
): MailsealError {
  return new MailsealError(
    code,
    `${what} at octet ${offset}: more than the limit of ${limit}; raise limits.${name} to read it`,
    { offset },
  );
}
