import type { Bytes } from '../../core/bytes.js';
import type { ImapCommand } from '../command/command.js';
import { type CommandFacts, isAmbiguousBehind } from '../command/command-facts.js';
import type { ImapFragment } from '../syntax/writer.js';
import { type AnsweredCommand, areAnsweredAlike } from './attribution.js';

/** A command that was given and may have to wait for others before it is sent. */
export interface WaitingCommand {
  readonly tag: string;
  readonly name: string;
  readonly command: ImapCommand;
  readonly facts: CommandFacts;
}

/** What a continuation request means to a command. */
export type Expectation = 'literal' | 'challenge' | 'answer' | 'idle' | 'idling' | undefined;

/** A command that was sent, as a whole or up to a literal that the server has to ask for. */
export interface RunningCommand extends AnsweredCommand {
  readonly name: string;
  /** What is still to be sent. */
  readonly fragments: ImapFragment[];
  expects: Expectation;
  /** IDLE: whether it is to end as soon as it has begun. */
  isToStop: boolean;
}

/**
 * The commands of a connection: those that wait, in their order, and those
 * that are under way. It holds back what RFC 9051 §5.5 says must not be sent yet.
 */
export class CommandPipeline {
  readonly running: RunningCommand[] = [];
  readonly #waiting: WaitingCommand[] = [];
  readonly #isPipelining: boolean;

  constructor(isPipelining: boolean) {
    this.#isPipelining = isPipelining;
  }

  get isEmpty(): boolean {
    return this.running.length === 0 && this.#waiting.length === 0;
  }

  hasTag(tag: string): boolean {
    return (
      this.running.some((command) => command.tag === tag) ||
      this.#waiting.some((command) => command.tag === tag)
    );
  }

  /** Whether a command is under way, or waits, that may change what can be sent behind it. */
  get isUnsettled(): boolean {
    return this.#waiting.length > 0 || this.running.some(({ facts }) => facts.alone);
  }

  /** The command that is in the midst of an exchange of its own with the server. */
  get exchanging(): RunningCommand | undefined {
    return this.running.find(({ expects }) => expects !== undefined);
  }

  wait(command: WaitingCommand): void {
    this.#waiting.push(command);
  }

  /** Takes the next command out of the queue, if it may be sent now. */
  next(): WaitingCommand | undefined {
    const next = this.#waiting[0];
    if (next === undefined || !this.#maySend(next)) return undefined;
    return this.#waiting.shift();
  }

  #maySend(next: WaitingCommand): boolean {
    if (this.running.length === 0) return true;
    if (!this.#isPipelining || next.facts.alone) return false;
    // RFC 9051 §5.5: what the server asks to be continued comes before any other command.
    if (this.exchanging !== undefined || this.running.some(({ facts }) => facts.alone)) return false;
    if (this.running.some(({ command }) => areAnsweredAlike(command, next.command))) return false;
    return !isAmbiguousBehind(
      this.running.map(({ command }) => command),
      next.command,
    );
  }

  /** Notes a command as sent, and gives its octets up to the first literal that has to be asked for. */
  start(waiting: WaitingCommand, fragments: ImapFragment[], expects: Expectation): Bytes[] {
    const command: RunningCommand = {
      tag: waiting.tag,
      name: waiting.name,
      command: withoutSecrets(waiting.command),
      facts: waiting.facts,
      fragments,
      expects,
      isToStop: false,
    };
    this.running.push(command);
    return this.write(command);
  }

  /** The octets of a command up to the next literal that has to be asked for. */
  write(command: RunningCommand): Bytes[] {
    const octets: Bytes[] = [];
    const { fragments } = command;
    while (fragments.length > 0) {
      const fragment = fragments.shift()!;
      octets.push(fragment.octets);
      if (fragment.wait) {
        command.expects = 'literal';
        return octets;
      }
    }
    if (command.expects === 'literal') command.expects = undefined;
    return octets;
  }

  /** Takes the command with this tag out; it is over. */
  finish(tag: string): RunningCommand | undefined {
    const at = this.running.findIndex((command) => command.tag === tag);
    return at < 0 ? undefined : this.running.splice(at, 1)[0];
  }

  /** Takes all commands out; none of them will have an answer. */
  clear(): { readonly tag: string; readonly name: string }[] {
    const dropped = [...this.running, ...this.#waiting];
    this.running.length = 0;
    this.#waiting.length = 0;
    return dropped;
  }
}

/** What is kept of a command while it runs: no error, event or print of it can tell a password. */
function withoutSecrets(command: ImapCommand): ImapCommand {
  if (command.name === 'LOGIN') return { name: 'LOGIN', user: '', password: '' };
  if (command.name === 'AUTHENTICATE') return { name: 'AUTHENTICATE', mechanism: command.mechanism };
  return command;
}
