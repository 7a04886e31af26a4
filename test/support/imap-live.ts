import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import type { ImapCommand } from '../../src/imap/command/command.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { CommandDoneEvent, ImapClientEvent } from '../../src/imap/session/client-events.js';
import type { ImapClientOptions, SentCommand } from '../../src/imap/session/client-options.js';
import type { SaslClient } from '../../src/sasl/mechanism.js';
import { lasting } from './imap-wire.js';

/** How a command ended, and what came for it. */
export interface LiveAnswer {
  readonly done: CommandDoneEvent;
  readonly responses: readonly ImapResponse[];
}

/** An ImapClient on a connection to a real server: TLS and compression included. */
export class LiveClient {
  readonly client: ImapClient;
  /** Whatever is no answer. */
  readonly others: ImapClientEvent[] = [];
  readonly #answers = new Map<
    string,
    { responses: ImapResponse[]; done: (answer: LiveAnswer) => void; failed: (error: Error) => void }
  >();
  #write: (octets: Uint8Array) => void;
  #stream: Duplex;
  #greeted: () => void = () => {};
  #secured: () => void = () => {};

  constructor(socket: Duplex, options: Partial<ImapClientOptions> = {}) {
    this.client = new ImapClient({ transport: 'plain', ...options });
    this.#stream = socket;
    this.#write = (octets) => socket.write(octets);
    this.#listen();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on('data', (octets: Buffer) => this.#push(octets));
    stream.once('close', () => {
      if (stream === this.#stream) this.#ended();
    });
    stream.on('error', (error: Error) => this.#fail(error));
  }

  #ended(): void {
    for (const event of this.client.end()) this.#take(event);
  }

  #push(octets: Uint8Array): void {
    for (const event of this.client.push(octets)) this.#take(event);
  }

  /** Waits for the greeting. */
  greeted(): Promise<void> {
    return new Promise((done) => {
      this.#greeted = done;
      if (this.client.state !== 'greeting') done();
    });
  }

  /** Sends a command; its end may be NO or BAD. */
  run(command: ImapCommand): Promise<LiveAnswer> {
    return this.#answer(this.client.send(command));
  }

  /** STARTTLS, and waits until TLS stands. */
  async startTls(): Promise<LiveAnswer> {
    const secured = new Promise<void>((done) => {
      this.#secured = done;
    });
    const answer = await this.run({ name: 'STARTTLS' });
    if (answer.done.outcome === 'OK') await secured;
    return answer;
  }

  async authenticate(sasl: SaslClient): Promise<LiveAnswer> {
    return await this.#answer(await this.client.authenticate(sasl));
  }

  #answer({ tag, octets }: SentCommand): Promise<LiveAnswer> {
    return new Promise((done, failed) => {
      this.#answers.set(tag, { responses: [], done, failed });
      for (const each of octets) this.#write(each);
    });
  }

  #take(event: ImapClientEvent): void {
    switch (event.type) {
      case 'greeting':
        this.#greeted();
        break;
      case 'send':
        for (const each of event.octets) this.#write(each);
        break;
      case 'response':
        if (event.tag === undefined) this.others.push(event);
        else this.#answers.get(event.tag)?.responses.push(lasting(event.response));
        break;
      case 'command-done': {
        const answer = this.#answers.get(event.tag);
        this.#answers.delete(event.tag);
        answer?.done({ done: event, responses: answer.responses });
        break;
      }
      case 'command-dropped':
        this.#answers.get(event.tag)?.failed(event.error);
        break;
      case 'challenge':
        this.client.answer(event.octets).then(
          (octets) => {
            for (const each of octets) this.#write(each);
          },
          (error: Error) => this.#fail(error),
        );
        break;
      case 'protocol-error':
        this.#fail(event.error);
        break;
      case 'start-tls':
        this.#startTls();
        break;
      case 'start-compression':
        this.#compress(event.octets);
        break;
      case 'literal-data':
        this.others.push({ ...event, octets: event.octets.slice() });
        break;
      default:
        this.others.push(event);
    }
  }

  #startTls(): void {
    const plain = this.#stream;
    plain.removeAllListeners('data').removeAllListeners('close');
    // The certificate is the test's own: nobody vouches for it.
    const secure = connectTls({ socket: plain, rejectUnauthorized: false }, () => {
      for (const event of this.client.tlsStarted()) this.#take(event);
      this.#secured();
    });
    this.#stream = secure;
    this.#write = (octets) => secure.write(octets);
    this.#listen();
  }

  #compress(first: Uint8Array): void {
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
    const stream = this.#stream;
    stream.removeAllListeners('data').on('data', (octets: Buffer) => inflate.write(octets));
    // The last answer may still be in the inflater when the server closes.
    stream.removeAllListeners('close').once('close', () => inflate.end());
    inflate.on('data', (octets: Buffer) => this.#push(octets));
    inflate.once('end', () => this.#ended());
    deflate.on('data', (octets: Buffer) => stream.write(octets));
    this.#write = (octets) => deflate.write(octets);
    if (first.length > 0) inflate.write(first);
  }

  #fail(error: Error): void {
    for (const { failed } of this.#answers.values()) failed(error);
    this.#answers.clear();
  }

  close(): void {
    this.#stream.destroy();
  }
}
