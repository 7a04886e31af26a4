import { MailsealError } from '../../core/errors.js';

/** The error for an address or a record that SMIMEA has no place for. */
export function smimeaMalformed(what: string, offset: number): MailsealError {
  return new MailsealError('x509-smimea-malformed', `SMIMEA (RFC 8162): ${what} (offset ${offset})`, {
    offset,
  });
}
