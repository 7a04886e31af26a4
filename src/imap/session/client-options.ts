import type { Bytes } from '../../core/bytes.js';
import { usage } from '../../core/errors.js';
import type { ResponseDecoderOptions } from '../framing/response-decoder.js';
import type { ImapLimits } from '../limits.js';
import type { ImapQuirkOptions } from '../quirks.js';
import { isTag } from '../syntax/writer.js';

/**
 * What the octets travel in. `tls`: they come out of TLS already (port 993).
 * `starttls`: in the clear until TLS begins, and TLS has to begin before
 * anything that matters is said. `plain`: in the clear, and that is accepted:
 * for connections that nobody can listen to or change.
 */
export type ImapTransport = 'tls' | 'starttls' | 'plain';

/** How an `ImapClient` works. */
export interface ImapClientOptions {
  readonly transport: ImapTransport;
  readonly limits?: ImapLimits;
  readonly quirks?: ImapQuirkOptions;
  /** Whether values that are read when they are asked for are read at once, so that malformed ones give `unparsed`. Default false. */
  readonly eager?: boolean;
  /** Which literals are handed out in pieces; default none. */
  readonly literals?: ResponseDecoderOptions['literals'];
  /** Whether commands are sent while others are under way, where RFC 9051 §5.5 allows it: up to 256 at a time. Default true. */
  readonly pipelining?: boolean;
  /** What tags begin with, before their number. Default `A`. */
  readonly tagPrefix?: string;
}

/** A command that was given, and what of it is to be written now: nothing where it has to wait. */
export interface SentCommand {
  readonly tag: string;
  readonly octets: readonly Bytes[];
}

const transports: readonly string[] = ['tls', 'starttls', 'plain'] satisfies ImapTransport[];

/** @throws MailsealError `usage` for options that are none. */
export function checkClientOptions(options: ImapClientOptions): void {
  if (!transports.includes(options?.transport)) {
    throw usage('transport is "tls", "starttls" or "plain"');
  }
  if (!isTag(options.tagPrefix ?? 'A')) {
    throw usage('tagPrefix is no text that a tag may begin with');
  }
}
