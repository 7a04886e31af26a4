import { usage } from '../core/errors.js';

/**
 * What the octets travel in. `tls`: they come out of TLS already (port 995).
 * `stls`: in the clear until STLS, before which nothing is said that tells who
 * the user is. `plain`: in the clear, and that is accepted: for connections
 * that nobody can listen to or change.
 */
export type Pop3Transport = 'tls' | 'stls' | 'plain';

const transports: readonly string[] = ['tls', 'stls', 'plain'] satisfies Pop3Transport[];

/** @throws MailsealError `usage` unless it is one. */
export function checkTransport(transport: Pop3Transport): void {
  if (!transports.includes(transport)) throw usage('transport is "tls", "stls" or "plain"');
}
