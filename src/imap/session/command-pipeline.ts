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
  /** IDLE: whether it is to end as soon as it has begun. */
  isToStop: boolean;
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
  /** AUTHENTICATE: whether the client has cancelled the exchange. */
  isCancelled: boolean;
}

/**
 * As many commands are under way at most; others wait. What the server tells is compared with each of them,
 * and a server that stops reading until its answers are read must not find more than it can hold.
 */
const MOST_UNDER_WAY = 256;

/** Commands under way that are alike in all that holds others back. */
interface Kind {
  readonly command: ImapCommand;
  readonly facts: CommandFacts;
  count: number;
}

/**
 * The commands of a connection: those that wait, in their order, and those
 * that are under way. It holds back what RFC 9051 §5.5 says must not be sent
 * yet. What it does for a command takes the same time however many there are.
 */
export class CommandPipeline {
  /** In the order in which they were sent. */
  readonly running: RunningCommand[] = [];
  #waiting: WaitingCommand[] = [];
  /** Where in the array the first one is that still waits. */
  #first = 0;
  readonly #byTag = new Map<string, RunningCommand | undefined>();
  readonly #kinds = new Map<string, Kind>();
  readonly #isPipelining: boolean;

  constructor(isPipelining: boolean) {
    this.#isPipelining = isPipelining;
  }

  get isEmpty(): boolean {
    return this.#byTag.size === 0;
  }

  /** Whether a command that waits or is under way has this tag. */
  hasTag(tag: string): boolean {
    return this.#byTag.has(tag);
  }

  /** The command under way that has this tag. */
  withTag(tag: string): RunningCommand | undefined {
    return this.#byTag.get(tag);
  }

  /** Whether a command is under way, or waits, that may change what can be sent behind it. */
  get isUnsettled(): boolean {
    return this.#first < this.#waiting.length || this.#isAlone;
  }

  /** Beside a command that goes alone there is no other. */
  get #isAlone(): boolean {
    return this.running[0]?.facts.alone === true;
  }

  /** Whether a command is under way during which no message may go. */
  get isSteady(): boolean {
    for (const { facts } of this.#kinds.values()) if (!facts.allowsExpunge) return true;
    return false;
  }

  /** The command that is in the midst of an exchange of its own with the server: the last one, since none is sent behind it. */
  get exchanging(): RunningCommand | undefined {
    const last = this.running.at(-1);
    return last?.expects === undefined ? undefined : last;
  }

  /** The IDLE that stopping is meant for: the one that was given last of all, or the one under way. */
  get idle(): WaitingCommand | RunningCommand | undefined {
    const last = this.#waiting.at(-1);
    if (last?.name === 'IDLE') return last;
    return this.exchanging?.name === 'IDLE' ? this.exchanging : undefined;
  }

  wait(command: WaitingCommand): void {
    this.#waiting.push(command);
    this.#byTag.set(command.tag, undefined);
  }

  /** Takes the next command out of the queue, if it may be sent now. */
  next(): WaitingCommand | undefined {
    const next = this.#waiting[this.#first];
    if (next === undefined || !this.#maySend(next)) return undefined;
    this.#byTag.delete(next.tag);
    this.#first++;
    // Now and then only: it costs as much as there is in the array.
    if (2 * this.#first >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return next;
  }

  #maySend(next: WaitingCommand): boolean {
    if (this.running.length === 0) return true;
    if (!this.#isPipelining || next.facts.alone || this.#isAlone) return false;
    if (this.running.length >= MOST_UNDER_WAY) return false;
    // RFC 9051 §5.5: what the server asks to be continued comes before any other command.
    if (this.exchanging !== undefined) return false;
    const underWay = [...this.#kinds.values()].map(({ command }) => command);
    if (underWay.some((command) => areAnsweredAlike(command, next.command))) return false;
    return !isAmbiguousBehind(underWay, next.command);
  }

  /** Notes a command as sent, and gives its octets up to the first literal that has to be asked for. */
  start(waiting: WaitingCommand, fragments: ImapFragment[], expects: Expectation): Bytes[] {
    const { tag, name, facts, isToStop } = waiting;
    const command = withoutSecrets(waiting.command);
    const isCancelled = false;
    const running: RunningCommand = { tag, name, command, facts, fragments, expects, isToStop, isCancelled };
    this.running.push(running);
    this.#byTag.set(tag, running);
    const kind = this.#kinds.get(kindOf(running));
    if (kind === undefined) this.#kinds.set(kindOf(running), { command, facts, count: 1 });
    else kind.count++;
    return this.write(running);
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
    const command = this.#byTag.get(tag);
    if (command === undefined) return undefined;
    this.#byTag.delete(tag);
    this.running.splice(this.running.indexOf(command), 1);
    const kind = this.#kinds.get(kindOf(command))!;
    if (--kind.count === 0) this.#kinds.delete(kindOf(command));
    return command;
  }

  /** Takes all commands out; none of them will have an answer. */
  clear(): { readonly tag: string; readonly name: string }[] {
    const dropped = [...this.running, ...this.#waiting.slice(this.#first)];
    this.running.length = 0;
    this.#waiting = [];
    this.#first = 0;
    this.#byTag.clear();
    this.#kinds.clear();
    return dropped;
  }
}

/** Equal for commands that hold the same others back. */
function kindOf({ name, command }: RunningCommand): string {
  return 'return' in command && command.return !== undefined ? `${name} RETURN` : name;
}

/** What is kept of a command while it runs: no error, event or print of it can tell a password. */
function withoutSecrets(command: ImapCommand): ImapCommand {
  if (command.name === 'LOGIN') return { name: 'LOGIN', user: '', password: '' };
  if (command.name === 'AUTHENTICATE') return { name: 'AUTHENTICATE', mechanism: command.mechanism };
  return command;
}
