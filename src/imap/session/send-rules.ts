import { MailsealError } from '../../core/errors.js';
import { fitsUidOnly } from '../command/command-facts.js';
import type { EncodeCommandOptions } from '../command/encode-command.js';
import type { ImapTransport } from './client-options.js';
import type { WaitingCommand } from './command-pipeline.js';
import type { ImapState } from './states.js';

/** What decides whether a command may be sent. */
export interface SendConditions {
  readonly state: ImapState;
  readonly transport: ImapTransport;
  readonly isEncrypted: boolean;
  /** Whether the server has agreed to begin TLS, which does not stand yet. */
  readonly isTlsAwaited: boolean;
  readonly capabilities: ReadonlySet<string> | undefined;
  readonly enabled: ReadonlySet<string>;
}

/** Commands that may be sent in the clear where TLS has to come first. */
const beforeTls: readonly string[] = ['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS'];

/** Why a command cannot be sent, if it cannot. */
export function problemWith(
  { name, command, facts }: WaitingCommand,
  { state, transport, isEncrypted, isTlsAwaited, capabilities, enabled }: SendConditions,
): MailsealError | undefined {
  if (isTlsAwaited) return stateError('TLS has to stand first: see tlsStarted');
  if (!facts.states.includes(state)) return stateError(`${name} cannot be sent in state ${state}`);
  // RFC 9051 §11.1: nothing that matters is said where somebody may listen, or answer.
  if (transport === 'starttls' && !isEncrypted && !beforeTls.includes(name)) {
    return stateError(`${name} cannot be sent before TLS stands: send STARTTLS first`);
  }
  if (name === 'STARTTLS' && isEncrypted) return stateError('TLS stands already');
  // RFC 9051 §6.2.3: where LOGINDISABLED is told, LOGIN must not be sent.
  if (name === 'LOGIN' && capabilities?.has('LOGINDISABLED') === true) {
    return stateError('the server does not take LOGIN here (LOGINDISABLED): begin TLS, or authenticate');
  }
  // RFC 9586 §3: once UIDONLY is enabled there are no sequence numbers, neither asked for nor told.
  if (enabled.has('UIDONLY') && !fitsUidOnly(command)) {
    return stateError(`${name} with sequence numbers cannot be sent once UIDONLY is enabled`);
  }
  return undefined;
}

/** What may be done with literals, by what the server says that it can do. */
export function literalsFor(
  capabilities: ReadonlySet<string> | undefined,
): NonNullable<EncodeCommandOptions['literals']> {
  if (capabilities?.has('LITERAL+') === true) return 'LITERAL+';
  // RFC 9051 §4.3 has what RFC 7888 calls LITERAL-.
  if (capabilities?.has('LITERAL-') === true || capabilities?.has('IMAP4REV2') === true) return 'LITERAL-';
  return 'synchronising';
}

/** Something that cannot be done in the state that the connection is in. */
export function stateError(message: string): MailsealError {
  return new MailsealError('imap-state', message, { fault: 'usage' });
}
