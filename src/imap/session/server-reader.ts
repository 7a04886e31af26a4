import { type Bytes, latin1FromBytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import type { ImapCommand } from '../command/command.js';
import { commandFacts, commandName } from '../command/command-facts.js';
import { CommandDecoder } from '../framing/command-decoder.js';
import type { CommandEvent } from '../framing/events.js';
import type { ImapQuirk } from '../quirks.js';
import { base64, injected, stateError, tooLarge } from './server-faults.js';
import { decoderOptions } from './server-options.js';
import type { Running, ServerRecord } from './server-record.js';
import { problemWith } from './server-rules.js';

/** What a server's client says, and what the session answers by itself. */
export class ServerReader {
  readonly #record: ServerRecord;
  #decoder: CommandDecoder;

  constructor(record: ServerRecord) {
    this.#record = record;
    this.#decoder = this.#newDecoder();
  }

  /** What was not read of the chunk at which the decoder stopped. */
  takeRest(): Bytes {
    return this.#decoder.takeRest();
  }

  #newDecoder(): CommandDecoder {
    return new CommandDecoder({
      ...decoderOptions(this.#record.options, this.#record.isLoggedIn),
      utf8: this.#record.isUtf8,
      // Whatever comes behind a command waits for its answer, and may have to be read in another way then.
      stopWhen: ({ type }) => type === 'command' || type === 'literal-wanted' || type === 'line',
    });
  }

  /** Reads on with other limits; what came already is read anew. */
  begin(): void {
    if (!this.#record.isLoggedIn) this.#record.enabled.clear();
    this.#record.unread.putBack(this.#decoder.takeRest());
    this.#decoder = this.#newDecoder();
    this.#record.refused = 0;
  }

  /** Takes what came, as far as no command has to be answered first. */
  goOn(): void {
    while (this.#record.state !== 'logout' && !this.#record.isTlsAwaited && this.#record.isWaiting) {
      const event = this.#record.queue.shift();
      if (event !== undefined) this.#take(event);
      else if (this.#decoder.stopped) this.#record.queue = this.#decoder.resume();
      else {
        const octets = this.#record.unread.take();
        if (octets === undefined) return;
        this.#record.queue = this.#decoder.push(octets);
      }
    }
  }

  #take(event: CommandEvent): void {
    switch (event.type) {
      case 'command':
        this.#begun(event.command.tag, event.command.command, event.quirks);
        break;
      case 'literal-wanted':
        // RFC 9051 §7.6. What is too large does not come as far as this.
        this.#record.send({ type: '+', code: undefined, text: 'OK' });
        break;
      case 'line':
        this.#said(event.octets);
        break;
      case 'unparsed':
        this.#record.refuse(event.tag, 'BAD', event.error, tooLarge(event.error));
        break;
      default:
        this.#record.tell(event);
    }
  }

  #begun(tag: string, command: ImapCommand, quirks: readonly ImapQuirk[]): void {
    const facts = commandFacts(command);
    const name = commandName(command);
    const problem = problemWith(name, command, facts, this.#record, this.#record.options);
    if (problem !== undefined) {
      this.#record.refuse(tag, problem.outcome, stateError(problem.text, 'peer'), problem.code);
      return;
    }
    const running: Running = { tag, name, command, facts, isAsked: false };
    switch (command.name) {
      case 'CAPABILITY':
        this.#record.send({ type: 'CAPABILITY', capabilities: this.#record.capabilities });
        this.#record.complete(running);
        return;
      case 'LOGOUT':
        this.#record.send({ type: 'BYE', tag: undefined, code: undefined, text: 'Logging out' });
        this.#record.complete(running);
        this.#record.close();
        return;
      case 'STARTTLS':
        this.#startTls(running);
        return;
      case 'ENABLE':
        this.#enable(command.capabilities);
        this.#record.complete(running);
        return;
      case 'AUTHENTICATE':
        this.#record.running = running;
        this.#record.tell({ type: 'authenticate', tag, mechanism: command.mechanism.toUpperCase() });
        return;
      case 'IDLE':
        this.ask(running, 'idling');
        break;
      case 'SELECT':
      case 'EXAMINE':
        // RFC 9051 §7.1, RFC 7162 §3.2.11: what is told from here on is of the other mailbox.
        if (
          this.#record.state === 'selected' &&
          (this.#record.enabled.has('QRESYNC') || this.#record.enabled.has('IMAP4REV2'))
        ) {
          this.#record.send({ type: 'OK', tag: undefined, code: { code: 'CLOSED' }, text: 'Mailbox closed' });
        }
        break;
    }
    this.#record.running = running;
    this.#record.tell({ type: 'command', tag, name, command, quirks });
  }

  #startTls({ tag }: Running): void {
    if (
      this.#decoder.takeRest().length > 0 ||
      this.#record.queue.length > 0 ||
      !this.#record.unread.isEmpty
    ) {
      this.#record.refuse(tag, 'BAD', injected());
      this.#record.close(injected());
      return;
    }
    this.#record.send({ type: 'OK', tag, code: undefined, text: 'Begin TLS now' });
    this.#record.isTlsAwaited = true;
    this.#record.tell({ type: 'start-tls' });
  }

  #enable(wanted: readonly string[]): void {
    const offered = new Map(
      (this.#record.options.enableable ?? []).map((name) => [name.toUpperCase(), name]),
    );
    const told = [...new Set(wanted.map((name) => name.toUpperCase()))].filter((name) => offered.has(name));
    for (const name of told) this.#record.enabled.add(name);
    this.#decoder.utf8 = this.#record.isUtf8;
    const capabilities = told.map((name) => offered.get(name)!);
    this.#record.send({ type: 'ENABLED', capabilities });
    if (capabilities.length > 0) this.#record.tell({ type: 'enabled', capabilities });
  }

  /** A line that answers a challenge, or ends IDLE. */
  #said(octets: Bytes): void {
    const running = this.#record.running;
    if (running === undefined) return;
    running.isAsked = false;
    const text = latin1FromBytes(octets).replace(/\r?\n$/, '');
    if (running.name === 'IDLE') {
      this.#record.running = undefined;
      this.#record.tell({ type: 'idle-ended', tag: running.tag });
      if (text.toUpperCase() === 'DONE') this.#record.complete(running);
      else this.#record.refuse(running.tag, 'BAD', stateError('IDLE is ended by DONE', 'peer'));
      return;
    }
    // RFC 9051 §6.2.2: "*" cancels, and is rejected with BAD as well.
    const said = text === '*' ? undefined : base64(text);
    if (said === undefined) {
      const what = text === '*' ? 'the client cancelled the exchange' : 'the response is not base64';
      const error = new MailsealError('sasl-malformed', what, { fault: 'peer' });
      this.#record.refuse(running.tag, 'BAD', error, undefined, true);
      return;
    }
    running.said = said;
    this.#record.tell({ type: 'sasl-response', tag: running.tag });
  }

  /** Has the client say the next line (RFC 9051 §7.6). */
  ask(running: Running, text: string): void {
    this.#record.send({ type: '+', code: undefined, text });
    this.#decoder.expectLine();
    running.isAsked = true;
  }
}
