import { MailsealError, usage } from '../core/errors.js';
import { isKeyOf } from '../core/is-key-of.js';
import { shown } from '../core/shown.js';
import type { Pop3Command } from './command.js';

/**
 * States of a session (RFC 1939 §3): before the greeting, who he is, the
 * mailbox, after QUIT, and when nothing may be sent any more. `tls` is between
 * the answer to STLS and the handshake's end.
 */
export type Pop3State = 'greeting' | 'authorization' | 'tls' | 'transaction' | 'update' | 'closed';

/** In which states a command may be sent. A command that is not known is left to the server. */
const permitted: Readonly<Record<Pop3Command['name'], readonly Pop3State[]>> = {
  USER: ['authorization'],
  PASS: ['authorization'],
  APOP: ['authorization'],
  AUTH: ['authorization'],
  STLS: ['authorization'],
  // RFC 6856 §2.
  UTF8: ['authorization'],
  LANG: ['authorization', 'transaction'],
  CAPA: ['authorization', 'transaction'],
  QUIT: ['authorization', 'transaction'],
  STAT: ['transaction'],
  LIST: ['transaction'],
  UIDL: ['transaction'],
  RETR: ['transaction'],
  TOP: ['transaction'],
  DELE: ['transaction'],
  NOOP: ['transaction'],
  RSET: ['transaction'],
  other: ['authorization', 'transaction'],
};

/** Whether there is a command of that name. */
export function isCommandName(name: unknown): name is Pop3Command['name'] {
  return isKeyOf(permitted, name);
}

/**
 * Refuses what has the name of no command.
 *
 * @throws MailsealError `usage`
 */
export function assertCommand(command: Pop3Command): void {
  const name: unknown = command?.name;
  if (!isCommandName(name)) throw usage(`${shown(name)} is the name of no command`);
}

/** Whether a command may be sent in a state. */
export function isPermitted(name: Pop3Command['name'], state: Pop3State): boolean {
  return permitted[name].includes(state);
}

/** Commands behind which nothing may be sent before they are answered: what follows depends on the answer. */
export function isLastInFlight(command: Pop3Command): boolean {
  return (
    command.name === 'STLS' ||
    command.name === 'QUIT' ||
    (command.name === 'AUTH' && command.mechanism !== undefined)
  );
}

/** The fault of a caller who does what the state of the session does not permit. */
export function stateError(message: string): MailsealError {
  return new MailsealError('pop3-state', message, { fault: 'usage' });
}
