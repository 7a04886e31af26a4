import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { decodeBase64 } from '../../encoding/base64.js';
import type { ResponseCode } from '../response/response-code.js';

/** Something that was said out of turn: by the caller (`usage`), or by the client. */
export function stateError(message: string, fault: 'usage' | 'peer' = 'usage'): MailsealError {
  return new MailsealError('imap-state', message, { fault });
}

/** What comes in the clear behind STARTTLS (RFC 9051 §6.2.1). */
export function injected(): MailsealError {
  return stateError('octets in the clear follow STARTTLS: somebody may have put them there', 'peer');
}

/** Where more is sent ahead than is kept. */
export function tooMuchAhead(most: number): MailsealError {
  const message = `more than ${most} octets were sent while a command was carried out; read no more as long as isWaiting is false, or raise pipelinedOctets`;
  return new MailsealError('limit-octets', message, { fault: 'peer' });
}

/** RFC 7888 §4: a client whose literal is too large is told why. */
export function tooLarge(error: MailsealError): ResponseCode | undefined {
  return error.code === 'limit-literal' ? { code: 'TOOBIG' } : undefined;
}

/** The error without what it quotes of a command. */
export function withoutWords({ code, offset }: MailsealError): MailsealError {
  const message = 'a command could not be read';
  return new MailsealError(code, message, { fault: 'peer', ...(offset !== undefined && { offset }) });
}

/** What a client says in an exchange; `undefined` where that is no base64. */
export function base64(text: string): Bytes | undefined {
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}
