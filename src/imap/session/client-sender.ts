import type { Bytes } from '../../core/bytes.js';
import { MailsealError, usage } from '../../core/errors.js';
import type { SaslClient } from '../../sasl/mechanism.js';
import { encodeCommand } from '../command/encode-command.js';
import type { ImapFragment } from '../syntax/writer.js';
import type { ImapClientOptions } from './client-options.js';
import { ClientRecord } from './client-record.js';
import {
  CommandPipeline,
  type Expectation,
  type RunningCommand,
  type WaitingCommand,
} from './command-pipeline.js';
import { literalsFor, problemWith, stateError } from './send-rules.js';

/** What an AUTHENTICATE goes on with. */
export interface SaslExchange {
  /** Of the command; empty until it was given. */
  readonly tag: string;
  readonly sasl: SaslClient;
  /** Why the mechanism would not go on. */
  readonly cancelled?: MailsealError;
}

/** What a client's connection is like, and how its commands get out. */
export class ClientSender {
  readonly options: ImapClientOptions;
  readonly record: ClientRecord = new ClientRecord();
  readonly pipeline: CommandPipeline;
  isEncrypted: boolean;
  /** Whether the server has agreed to begin TLS, which does not stand yet. */
  isTlsAwaited = false;
  /** Whether nothing can be believed any more. */
  isBroken = false;
  /** What AUTHENTICATE goes on with. */
  exchange: SaslExchange | undefined;

  constructor(options: ImapClientOptions) {
    this.options = options;
    this.isEncrypted = options.transport === 'tls';
    this.pipeline = new CommandPipeline(options.pipelining ?? true);
  }

  /** Why nothing can be sent any more, if it cannot. */
  isOver(): MailsealError | undefined {
    return this.record.state === 'logout' || this.isBroken ? stateError('the session is over') : undefined;
  }

  /** Why a command cannot be sent now, if it cannot. */
  problemWith(waiting: WaitingCommand): MailsealError | undefined {
    return problemWith(waiting, {
      state: this.record.state,
      transport: this.options.transport,
      isEncrypted: this.isEncrypted,
      isTlsAwaited: this.isTlsAwaited,
      capabilities: this.record.capabilities,
      enabled: this.record.enabled,
    });
  }

  /** @throws MailsealError for what cannot be written. */
  encode({ tag, name, command }: WaitingCommand): ImapFragment[] {
    try {
      return encodeCommand(
        { tag, command },
        { literals: literalsFor(this.record.capabilities), utf8: this.record.isUtf8 },
      );
    } catch (error) {
      // The words of such an error may be those of a password.
      if (name !== 'LOGIN' && name !== 'AUTHENTICATE') throw error;
      throw usage(`${name} cannot be written with what it was given`);
    }
  }

  /** Notes a command as sent, and gives what to write of it now. */
  start(waiting: WaitingCommand, fragments: ImapFragment[]): Bytes[] {
    const { command } = waiting;
    let expects: Expectation;
    if (command.name === 'AUTHENTICATE') expects = 'challenge';
    else if (command.name === 'IDLE') expects = 'idle';
    else if (command.name === 'SELECT' || command.name === 'EXAMINE') {
      this.record.opening(command.mailbox, command.name === 'EXAMINE');
    }
    if (waiting.facts.alone) this.record.alone();
    const octets = this.pipeline.start(waiting, fragments, expects);
    if (command.name === 'AUTHENTICATE' && this.exchange?.tag === waiting.tag)
      command.initialResponse?.fill(0);
    return octets;
  }

  /** Sends what waited and may be sent now. */
  sendWaiting(): void {
    const octets: Bytes[] = [];
    while (this.record.state !== 'greeting' && !this.isTlsAwaited && !this.isBroken) {
      const next = this.pipeline.next();
      if (next === undefined) break;
      try {
        const problem = this.problemWith(next);
        if (problem !== undefined) throw problem;
        octets.push(...this.start(next, this.encode(next)));
      } catch (error) {
        if (!(error instanceof MailsealError)) throw error;
        if (this.exchange?.tag === next.tag) this.exchange = undefined;
        this.record.events.push({ type: 'command-dropped', tag: next.tag, name: next.name, error });
      }
    }
    if (octets.length > 0) this.record.events.push({ type: 'send', octets });
  }
}

/** Ends IDLE: gives what to write. */
export function endIdle(idle: RunningCommand): Bytes[] {
  idle.expects = undefined;
  return [line('DONE')];
}

/** Cancels the exchange of an AUTHENTICATE: gives what to write. */
export function cancelExchange(authenticate: RunningCommand): Bytes[] {
  authenticate.expects = undefined;
  authenticate.isCancelled = true;
  return [line('*')];
}

/** The octets of a line. */
export function line(text: string): Bytes {
  const octets = new Uint8Array(text.length + 2);
  for (let at = 0; at < text.length; at++) octets[at] = text.charCodeAt(at);
  octets[text.length] = 0x0d;
  octets[text.length + 1] = 0x0a;
  return octets;
}
