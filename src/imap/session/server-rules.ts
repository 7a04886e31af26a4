import type { ImapCommand } from '../command/command.js';
import { type CommandFacts, fitsUidOnly } from '../command/command-facts.js';
import type { ResponseCode } from '../response/response-code.js';
import type { ImapServerOptions } from './server-options.js';
import type { ImapState } from './states.js';

/** Why a command is refused, and how. */
export interface Problem {
  readonly outcome: 'NO' | 'BAD';
  readonly text: string;
  readonly code?: ResponseCode;
}

/** Where a session stands. */
export interface ServerStanding {
  readonly state: ImapState;
  readonly isEncrypted: boolean;
  readonly enabled: ReadonlySet<string>;
  readonly capabilities: readonly string[];
}

/** Why a command is not for this state of the connection. */
export function problemWith(
  name: string,
  command: ImapCommand,
  facts: CommandFacts,
  standing: ServerStanding,
  options: ImapServerOptions,
): Problem | undefined {
  const { state, isEncrypted, enabled, capabilities } = standing;
  if (!facts.states.includes(state)) {
    return { outcome: 'BAD', text: `${name} cannot be said in state ${state}` };
  }
  const { transport, isLoginDisabled, mechanisms = [] } = options;
  if (name === 'STARTTLS' && (transport !== 'starttls' || isEncrypted)) {
    return { outcome: 'BAD', text: 'STARTTLS is not offered here' };
  }
  if (name === 'LOGIN' || name === 'AUTHENTICATE') {
    // RFC 9051 §11.1: a secret that was said in the clear must not be taken either.
    if (transport === 'starttls' && !isEncrypted) {
      return { outcome: 'NO', text: `${name} needs TLS first`, code: { code: 'PRIVACYREQUIRED' } };
    }
    if (name === 'LOGIN' && isLoginDisabled === true) return { outcome: 'NO', text: 'LOGIN is disabled' };
  }
  if (command.name === 'AUTHENTICATE') {
    const mechanism = command.mechanism.toUpperCase();
    if (!mechanisms.some((known) => known.toUpperCase() === mechanism)) {
      return { outcome: 'NO', text: 'The mechanism is not offered' };
    }
  }
  if (name === 'IDLE' && !capabilities.includes('IDLE')) {
    return { outcome: 'BAD', text: 'IDLE is not offered here' };
  }
  // RFC 9586 §3.
  if (enabled.has('UIDONLY') && !fitsUidOnly(command)) {
    return { outcome: 'BAD', text: 'UIDs are wanted here', code: { code: 'UIDREQUIRED' } };
  }
  return undefined;
}
