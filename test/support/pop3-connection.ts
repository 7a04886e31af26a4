import type { Socket } from 'node:net';
import { concatBytes } from '../../src/core/bytes.js';
import { Pop3Client, type Pop3ClientEvent, type Pop3ClientOptions } from '../../src/pop3/client.js';
import type { Pop3Command } from '../../src/pop3/command.js';
import type { Pop3Data, Pop3Status } from '../../src/pop3/reply.js';

/** What a server said to one command. */
export interface Pop3Answer {
  readonly status: Pop3Status;
  readonly data: readonly Pop3Data[];
  /** Of RETR and TOP. */
  readonly message: Uint8Array;
  /** Of AUTH, where it goes on. */
  readonly challenge?: Uint8Array;
}

/** A {@link Pop3Client} on a socket, for tests: commands as promises of their answers. */
export class Pop3Connection {
  readonly client: Pop3Client;
  #socket: Socket;
  #events: Pop3ClientEvent[] = [];
  #woken: () => void = () => {};
  #failed: unknown;

  private constructor(socket: Socket, options: Partial<Pop3ClientOptions>) {
    this.client = new Pop3Client({ transport: 'plain', ...options });
    this.#socket = socket;
    this.#listen();
  }

  static async open(socket: Socket, options: Partial<Pop3ClientOptions> = {}): Promise<Pop3Connection> {
    const connection = new Pop3Connection(socket, options);
    await connection.answer();
    return connection;
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        for (const event of this.client.push(chunk))
          this.#events.push('octets' in event ? { ...event, octets: event.octets.slice() } : event);
      } catch (error) {
        this.#failed = error;
      }
      this.#woken();
    });
    for (const name of ['error', 'close'] as const) {
      this.#socket.once(name, () => {
        this.#failed ??= new Error(`the connection ended (${name})`);
        this.#woken();
      });
    }
  }

  /** Puts TLS under the session. */
  async secure(upgrade: (socket: Socket) => Promise<Socket>): Promise<void> {
    this.#socket.removeAllListeners('data');
    this.#socket = await upgrade(this.#socket);
    this.client.tlsStarted();
    this.#listen();
  }

  write(octets: Uint8Array): void {
    this.#socket.write(octets);
  }

  /** Sends a command and waits for its answer. */
  async run(command: Pop3Command): Promise<Pop3Answer> {
    this.write(this.client.send(command));
    return await this.answer();
  }

  /** Waits for the next reply, or for a challenge. */
  async answer(): Promise<Pop3Answer> {
    let status: Pop3Status | undefined;
    const data: Pop3Data[] = [];
    const message: Uint8Array[] = [];
    for (;;) {
      const event = await this.#next();
      if (event.type === 'status') status = event.status;
      else if (event.type === 'data') data.push(event.data);
      else if (event.type === 'lines') data.push(...event.lines);
      else if (event.type === 'message-data') message.push(event.octets);
      else if (event.type === 'unparsed') throw event.error;
      else if (event.type === 'continuation') {
        return {
          status: { isOk: true, text: '' },
          data,
          message: new Uint8Array(0),
          challenge: event.challenge,
        };
      } else if (event.type === 'end') return { status: status!, data, message: concatBytes(message) };
    }
  }

  async #next(): Promise<Pop3ClientEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#failed !== undefined) throw this.#failed;
      await new Promise<void>((woken) => {
        this.#woken = woken;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
