// What turns mailseal's ImapClient, which does no input or output, into a
// connection: a socket, and a promise for each command.

import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import {
  ImapClient,
  type ImapClientEvent,
  type ImapCommand,
  type ImapResponse,
  type ImapTransport,
  plainFetch,
  type SentCommand,
  type StatusResponse,
} from 'mailseal/imap';
import { chooseMechanism, createSaslClient, type SaslCredentials } from 'mailseal/sasl';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** `tls` for port 993, `starttls` for port 143; `plain` only where nobody can listen. */
  readonly transport: ImapTransport;
  /** Certificates in PEM to trust instead of those of the system. */
  readonly ca?: string;
}

/** What a command brought. */
export interface Answer {
  readonly status: StatusResponse;
  /** The untagged responses that answer it. */
  readonly responses: readonly ImapResponse[];
}

interface Waiting {
  readonly responses: ImapResponse[];
  readonly done: (answer: Answer) => void;
  readonly failed: (error: Error) => void;
}

export class ImapConnection {
  /** What was not asked for: messages that come and go while nothing is under way. */
  onUnsolicited: (event: ImapClientEvent) => void = () => {};
  readonly #options: ConnectionOptions;
  readonly #client: ImapClient;
  readonly #waiting = new Map<string, Waiting>();
  #socket: Socket;
  /** Octets of the server so far. */
  received = 0;
  #greeted: Waiting | undefined;
  #tls: { readonly stands: () => void; readonly failed: (error: Error) => void } | undefined;

  private constructor(options: ConnectionOptions, socket: Socket) {
    this.#options = options;
    // Eager: a structure that cannot be read is told with its response, and not where somebody looks at it.
    this.#client = new ImapClient({ transport: options.transport, eager: true });
    this.#socket = socket;
  }

  /** Connects, and begins TLS where that is wanted. */
  static async open(options: ConnectionOptions): Promise<ImapConnection> {
    const { host, port, transport } = options;
    const socket =
      transport === 'tls' ? connectTls({ port, ...tlsOptions(options) }) : connectPlain(port, host);
    const connection = new ImapConnection(options, socket);
    try {
      await new Promise<Answer>((done, failed) => {
        connection.#greeted = { responses: [], done, failed };
        connection.#listen();
      });
      if (transport === 'starttls') {
        const tls = new Promise<void>((stands, failed) => {
          connection.#tls = { stands, failed };
        });
        await Promise.all([connection.run({ name: 'STARTTLS' }), tls]);
      }
      return connection;
    } catch (error) {
      connection.#socket.destroy();
      throw error;
    }
  }

  get client(): ImapClient {
    return this.#client;
  }

  /** Sends a command and waits for its end. Fails where that is not OK. */
  async run(command: ImapCommand): Promise<Answer> {
    return this.#answered(this.#client.send(command));
  }

  /** Logs in with the best mechanism that the server offers. */
  async logIn(credentials: SaslCredentials): Promise<void> {
    if (this.#client.state !== 'not-authenticated') return;
    const capabilities = await this.capabilities();
    const offered = [...capabilities].flatMap((name) => (name.startsWith('AUTH=') ? [name.slice(5)] : []));
    const { user, password } = credentials;
    if (offered.length === 0 && user !== undefined && password !== undefined) {
      await this.run({ name: 'LOGIN', user, password: password as string });
      return;
    }
    const { isEncrypted } = this.#client;
    const allowPlaintext = this.#options.transport === 'plain';
    const mechanism = chooseMechanism(offered, credentials, { isEncrypted, allowPlaintext });
    await this.#answered(await this.#client.authenticate(createSaslClient(mechanism, credentials)));
  }

  /** What the server can do; it is asked where it has not said so. */
  async capabilities(): Promise<ReadonlySet<string>> {
    if (this.#client.capabilities === undefined) await this.run({ name: 'CAPABILITY' });
    return this.#client.capabilities ?? new Set();
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    if (this.#client.state !== 'logout') await this.run({ name: 'LOGOUT' }).catch(() => {});
    this.#socket.destroy();
  }

  #answered({ tag, octets }: SentCommand): Promise<Answer> {
    return new Promise((done, failed) => {
      this.#waiting.set(tag, { responses: [], done, failed });
      this.#write(octets);
    });
  }

  #write(octets: readonly Uint8Array[]): void {
    for (const each of octets) this.#socket.write(each);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (chunk) => {
      this.received += chunk.length;
      for (const event of this.#client.push(chunk)) this.#take(event);
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => {
      for (const event of this.#client.end()) this.#take(event);
      this.#fail(new Error('the connection is closed'));
    });
  }

  #take(event: ImapClientEvent): void {
    switch (event.type) {
      case 'greeting':
        if (event.response.type === 'BYE')
          this.#fail(new Error(`the server refuses: ${event.response.text}`));
        else this.#greeted?.done({ status: event.response, responses: [] });
        break;
      case 'send':
        this.#write(event.octets);
        break;
      case 'response': {
        const waiting = event.tag === undefined ? undefined : this.#waiting.get(event.tag);
        if (waiting === undefined) this.onUnsolicited(event);
        else waiting.responses.push(kept(event.response));
        break;
      }
      case 'command-done': {
        const waiting = this.#waiting.get(event.tag);
        this.#waiting.delete(event.tag);
        const { response, name, outcome } = event;
        if (outcome === 'OK') waiting?.done({ status: response, responses: waiting.responses });
        else waiting?.failed(new Error(`${name}: ${outcome} ${response.text}`, { cause: event.cancelled }));
        break;
      }
      case 'command-dropped':
        this.#waiting.get(event.tag)?.failed(event.error);
        this.#waiting.delete(event.tag);
        break;
      case 'challenge':
        this.#client.answer(event.octets).then(
          (octets) => this.#write(octets),
          (error: Error) => this.#fail(error),
        );
        break;
      case 'start-tls':
        this.#startTls();
        break;
      case 'protocol-error':
        if (event.isFatal) this.#fail(event.error);
        break;
      default:
        this.onUnsolicited(event);
    }
  }

  #startTls(): void {
    const plain = this.#socket;
    plain.removeAllListeners();
    this.#socket = connectTls({ socket: plain, ...tlsOptions(this.#options) }, () => {
      for (const event of this.#client.tlsStarted()) this.#take(event);
      this.#tls?.stands();
    });
    this.#listen();
  }

  #fail(error: Error): void {
    this.#greeted?.failed(error);
    this.#tls?.failed(error);
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
    this.#socket.destroy();
  }
}

/** The certificate has to be for the host; the name is told to the server, which an address is not (RFC 6066 §3). */
function tlsOptions({ host, ca }: ConnectionOptions): TlsOptions {
  return { host, ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) };
}

/** A response that stays as it is: octets in events are views of what was received, until more comes. */
function kept(response: ImapResponse): ImapResponse {
  if (response.type !== 'FETCH' && response.type !== 'UIDFETCH') return response;
  return structuredClone(plainFetch(response));
}
