import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { CommandDoneEvent, ImapClientEvent } from '../../src/imap/session/client-events.js';
import type { ImapClientOptions, SentCommand } from '../../src/imap/session/client-options.js';
import type { SaslClient } from '../../src/sasl/mechanism.js';

/** What a command brought: its end, and the responses that are said to answer it. */
export interface ClientAnswer {
  readonly done: CommandDoneEvent;
  readonly responses: readonly ImapResponse[];
}

/** An {@link ImapClient} on a socket, through TLS and compression. */
export class ImapClientOnSocket {
  readonly client: ImapClient;
  /** All that was told, in its order. */
  readonly events: ImapClientEvent[] = [];
  readonly #responses = new Map<string, ImapResponse[]>();
  readonly #certificate: string | undefined;
  #socket: Socket;
  #read: (octets: Uint8Array) => void = (octets) => this.#take(this.client.push(octets));
  #write: (octets: Uint8Array) => void = (octets) => this.#socket.write(octets);
  #woken: (() => void)[] = [];

  private constructor(socket: Socket, options: ImapClientOptions, certificate?: string) {
    this.client = new ImapClient(options);
    this.#socket = socket;
    this.#certificate = certificate;
    this.#listen();
  }

  static async open(
    socket: Socket,
    options: Partial<ImapClientOptions> = {},
    certificate?: string,
  ): Promise<ImapClientOnSocket> {
    const session = new ImapClientOnSocket(socket, { transport: 'plain', ...options }, certificate);
    await session.until((event) => event.type === 'greeting');
    return session;
  }

  #listen(): void {
    this.#socket.on('data', (octets: Buffer) => this.#read(octets));
    this.#socket.on('close', () => this.#take(this.client.end()));
  }

  #wake(): void {
    const woken = this.#woken;
    this.#woken = [];
    for (const wake of woken) wake();
  }

  /** Waits for an event; those before `from` do not count. */
  async until(isIt: (event: ImapClientEvent) => boolean, from = 0): Promise<ImapClientEvent> {
    for (;;) {
      const found = this.events.slice(from).find(isIt);
      if (found !== undefined) return found;
      if (this.client.state === 'logout') throw new Error('the session ended before');
      await new Promise<void>((done) => this.#woken.push(done));
    }
  }

  write(octets: readonly Uint8Array[]): void {
    for (const each of octets) this.#write(each);
  }

  /** Sends a command without waiting for its end. */
  start(command: ImapCommand): Promise<ClientAnswer> {
    return this.#answered(this.client.send(command));
  }

  /** Sends a command and expects OK. */
  async run(command: ImapCommand): Promise<ClientAnswer> {
    const answer = await this.start(command);
    const { outcome, name, response } = answer.done;
    if (outcome !== 'OK') throw new Error(`${name}: ${outcome} ${response.text}`);
    return answer;
  }

  async authenticate(sasl: SaslClient): Promise<ClientAnswer> {
    return this.#answered(await this.client.authenticate(sasl));
  }

  async #answered({ tag, octets }: SentCommand): Promise<ClientAnswer> {
    const from = this.events.length;
    this.write(octets);
    const done = await this.until(
      (event) => (event.type === 'command-done' || event.type === 'command-dropped') && event.tag === tag,
      from,
    );
    if (done.type !== 'command-done') throw new Error('the command was dropped');
    return { done, responses: this.#responses.get(tag) ?? [] };
  }

  readonly close = (): void => {
    this.#socket.destroy();
  };

  #take(events: readonly ImapClientEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      switch (event.type) {
        case 'send':
          this.write(event.octets);
          break;
        case 'response':
          if (event.tag !== undefined) this.#keep(event.tag, event.response);
          break;
        case 'challenge':
          void this.client.answer(event.octets).then((octets) => this.write(octets));
          break;
        case 'start-tls':
          void this.#startTls();
          break;
        case 'start-compression':
          this.#compress(event.octets);
          break;
        default:
      }
    }
    this.#wake();
  }

  #keep(tag: string, response: ImapResponse): void {
    const isFetch = response.type === 'FETCH' || response.type === 'UIDFETCH';
    const kept = isFetch ? structuredClone(plainFetch(response)) : response;
    const responses = this.#responses.get(tag);
    if (responses === undefined) this.#responses.set(tag, [kept]);
    else responses.push(kept);
  }

  async #startTls(): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners();
    const tls = connectTls({
      socket: plain,
      servername: 'localhost',
      ...(this.#certificate !== undefined && { ca: this.#certificate }),
    });
    await once(tls, 'secureConnect');
    this.#socket = tls;
    this.#listen();
    this.#take(this.client.tlsStarted());
  }

  #compress(first: Uint8Array): void {
    const inflate = createInflateRaw();
    inflate.on('data', (octets: Buffer) => this.#take(this.client.push(octets)));
    const deflate = createDeflateRaw();
    deflate.on('data', (octets: Buffer) => this.#socket.write(octets));
    this.#read = (octets) => inflate.write(octets);
    this.#write = (octets) => {
      deflate.write(octets);
      deflate.flush(constants.Z_SYNC_FLUSH);
    };
    if (first.length > 0) inflate.write(first);
  }
}
