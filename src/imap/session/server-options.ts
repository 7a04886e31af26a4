import { usage } from '../../core/errors.js';
import { fillLimits } from '../../core/limits.js';
import { shown } from '../../core/shown.js';
import type { CommandDecoderOptions } from '../framing/command-decoder.js';
import { DEFAULT_IMAP_LIMITS, type ImapLimits } from '../limits.js';
import type { ImapQuirkOptions } from '../quirks.js';
import { isAtom } from '../syntax/writer.js';
import type { ImapTransport } from './client-options.js';

/** How an `ImapServer` works. */
export interface ImapServerOptions {
  /**
   * What the octets travel in. `tls`: they come out of TLS already. `starttls`: in the
   * clear until the client begins TLS, and nobody can log in before. `plain`: in the clear,
   * and that is accepted.
   */
  readonly transport: ImapTransport;
  /**
   * What the server can do beside what the session itself sees to, such as `IDLE`, `UIDPLUS`,
   * `MOVE`. The session tells `IMAP4rev1`, `ENABLE`, `LITERAL+`, `SASL-IR`, `STARTTLS`,
   * `LOGINDISABLED` and `AUTH=…` by itself, where they are true.
   */
  readonly capabilities?: readonly string[];
  /** What ENABLE may turn on, such as `CONDSTORE`, `QRESYNC`, `UTF8=ACCEPT`, `IMAP4rev2`. Default nothing. */
  readonly enableable?: readonly string[];
  /** SASL mechanisms, best first. Default none: then there is LOGIN only. */
  readonly mechanisms?: readonly string[];
  /** Whether LOGIN is refused even under TLS. Default false. */
  readonly isLoginDisabled?: boolean;
  readonly limits?: ImapLimits;
  /** Limits as long as nobody has logged in. Default: 65,536 octets of a line, 4,096 of a literal. */
  readonly limitsBeforeLogin?: ImapLimits;
  /**
   * Octets that the session keeps where more are pushed while a command is carried out; each chunk
   * counts as 256 at least. Who sends more is sent away with BYE (`limit-octets`). Default 1 MiB. It is
   * not reached where the connection is not read on as long as `isWaiting` is false.
   */
  readonly pipelinedOctets?: number;
  readonly quirks?: ImapQuirkOptions;
  /** Which literals are handed out in pieces; default none. */
  readonly literals?: CommandDecoderOptions['literals'];
}

/** Somebody who has not said who he is gets little memory. */
export const LIMITS_BEFORE_LOGIN: ImapLimits = { lineOctets: 65_536, literalOctets: 4096 };

/** The limit of what is sent ahead. */
export function mostPipelined({ pipelinedOctets = 1024 * 1024 }: ImapServerOptions): number {
  return pipelinedOctets;
}

/** @throws MailsealError `usage` for options that are none. */
export function checkServerOptions(options: ImapServerOptions): void {
  if (!['tls', 'starttls', 'plain'].includes(options?.transport)) {
    throw usage('transport is "tls", "starttls" or "plain"');
  }
  const { capabilities = [], enableable = [], mechanisms = [] } = options;
  for (const words of [capabilities, enableable, mechanisms]) {
    if (!Array.isArray(words)) throw usage(`an array of capabilities is wanted, not ${shown(words)}`);
  }
  for (const word of [...capabilities, ...enableable, ...mechanisms]) {
    if (!isAtom(word)) throw usage(`${shown(word)} is no capability: it is no atom`);
  }
  const pipelined = mostPipelined(options);
  if (typeof pipelined !== 'number' || !(pipelined >= 0)) {
    throw usage('pipelinedOctets is a number of 0 or more');
  }
  fillLimits(DEFAULT_IMAP_LIMITS, options.limits);
  fillLimits(DEFAULT_IMAP_LIMITS, options.limitsBeforeLogin);
}

/** What the decoder of commands takes of them. */
export function decoderOptions(options: ImapServerOptions, isLoggedIn: boolean): CommandDecoderOptions {
  const { quirks, literals } = options;
  const limits = isLoggedIn ? options.limits : { ...LIMITS_BEFORE_LOGIN, ...options.limitsBeforeLogin };
  return {
    ...(limits && { limits }),
    ...(quirks !== undefined && { quirks }),
    // Nobody appends anything before he has logged in.
    ...(literals && isLoggedIn && { literals }),
  };
}

/** The capabilities to tell (RFC 9051 §6.1.1): what can be said in this state. */
export function capabilitiesOf(
  options: ImapServerOptions,
  isEncrypted: boolean,
  isLoggedIn: boolean,
): string[] {
  const told = ['IMAP4rev1', 'LITERAL+', 'ENABLE'];
  if (!isLoggedIn) {
    told.push('SASL-IR');
    const mayLogIn = isEncrypted || options.transport === 'plain';
    if (options.transport === 'starttls' && !isEncrypted) told.push('STARTTLS');
    // RFC 9051 §6.2.3: so that a client does not say its password where everybody can read it.
    if (!mayLogIn || options.isLoginDisabled === true) told.push('LOGINDISABLED');
    if (mayLogIn)
      told.push(...(options.mechanisms ?? []).map((mechanism) => `AUTH=${mechanism.toUpperCase()}`));
  }
  return [...new Set([...told, ...(options.capabilities ?? [])])];
}
