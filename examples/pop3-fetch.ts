// Fetches new mail by POP3, tells of each message whether it is signed and
// verified, and adds it to a mailbox file. What was fetched stays on the server;
// the unique-ids beside the file say what is new the next time.
//
//   POP3_PASSWORD=… npx tsx examples/pop3-fetch.ts HOST USER MBOX [ROOTS.pem]
//
// It speaks TLS on port 995; with `transport: 'stls'` it begins TLS on port 110.

import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { MboxWriter, parseDate, parseMessage } from 'mailseal/mime';
import {
  compareUniqueIds,
  Pop3Client,
  type Pop3ClientEvent,
  type Pop3Command,
  type Pop3Transport,
  type Pop3UniqueId,
} from 'mailseal/pop3';
import { createSaslClient } from 'mailseal/sasl';
import { type VerificationReport, verifyMessage } from 'mailseal/smime';
import { type Certificate, parseCertificates } from 'mailseal/x509';

export interface FetchOptions {
  readonly host: string;
  /** Default 995, or 110. */
  readonly port?: number;
  /** Default `tls`; `plain` is for servers on this machine. */
  readonly transport?: Pop3Transport;
  readonly user: string;
  readonly password: string;
  /** The mailbox file to add to. */
  readonly mbox: string;
  /** Roots to believe in; default none: then nothing is verified. */
  readonly roots?: readonly Certificate[];
  /** When `Date` is asked for. */
  readonly now: Date;
}

/** A message that was fetched. */
export interface FetchedMessage {
  readonly uid: string;
  readonly subject: string | undefined;
  readonly report: VerificationReport;
}

/** Fetches what is new. */
export async function fetchMail(options: FetchOptions): Promise<FetchedMessage[]> {
  const { host, transport = 'tls', mbox, roots = [], now } = options;
  const port = options.port ?? (transport === 'tls' ? 995 : 110);
  const socket = transport === 'tls' ? connectTls({ port, ...tlsOptions(host) }) : connect(port, host);
  const session = new Session(socket, new Pop3Client({ transport }));
  try {
    await session.answer();
    if (transport === 'stls') await session.startTls(host);
    await session.logIn(options.user, options.password);
    // One unique-id a line.
    const state = `${mbox}.uids`;
    const known = existsSync(state) ? readFileSync(state, 'utf8').split('\n').slice(0, -1) : [];
    const listed = (await session.run({ name: 'UIDL' })).uniqueIds;
    const fresh = new Set(compareUniqueIds(known, listed).fresh);
    const fetched: FetchedMessage[] = [];
    // What is not on the server any more is forgotten.
    const done = listed.filter((message) => !fresh.has(message));
    writeFileSync(state, done.map(({ uid }) => `${uid}\n`).join(''));
    for (const { message, uid } of fresh) {
      const { octets } = await session.run({ name: 'RETR', message });
      const report = await verifyMessage(octets, { roots, at: now });
      const parsed = parseMessage(octets);
      append(mbox, octets, parseDate(parsed.headers.get('date')?.value ?? '') ?? now);
      // Written for each message: nothing is fetched twice, whatever comes next.
      appendFileSync(state, `${uid}\n`);
      fetched.push({ uid, subject: parsed.headers.get('subject')?.text, report });
    }
    await session.run({ name: 'QUIT' });
    return fetched;
  } finally {
    session.close();
  }
}

function append(mbox: string, message: Uint8Array, date: Date): void {
  const writer = new MboxWriter({ lineEnds: 'lf' });
  for (const piece of [writer.begin({ date }), writer.update(message), writer.finish()])
    appendFileSync(mbox, piece);
}

/** The certificate has to be for the host; the name is told to the server, which an address is not (RFC 6066 §3). */
function tlsOptions(host: string): { readonly host: string; readonly servername?: string } {
  return isIP(host) === 0 ? { host, servername: host } : { host };
}

/** What was found, in one line. */
export function lineOf({ subject, report }: FetchedMessage): string {
  const signed = report.seals.length > 0 ? 'signed, not verified' : 'not signed';
  return `${report.verified ? 'verified' : signed}: ${printable(subject ?? '(no subject)')}`;
}

/** What others wrote may not move the cursor, begin a line or turn the direction of writing. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\ufffd');
}

interface Answer {
  readonly octets: Buffer;
  readonly uniqueIds: readonly Pop3UniqueId[];
  /** Of AUTH, where it goes on. */
  readonly challenge: Uint8Array | undefined;
}

/** A session on a socket: each command waits for its answer. */
class Session {
  #socket: Socket;
  readonly #client: Pop3Client;
  readonly #events: Pop3ClientEvent[] = [];
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(socket: Socket, client: Pop3Client) {
    this.#socket = socket;
    this.#client = client;
    this.#listen();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      try {
        // Each chunk of a socket is a Buffer of its own: views of it stay as they are.
        this.#events.push(...this.#client.push(chunk));
      } catch (error) {
        this.#fail(error);
      }
      this.#wake();
    });
    this.#socket.once('error', (error) => this.#fail(error));
    this.#socket.once('close', () => this.#fail(new Error('the server has closed the connection')));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }

  async run(command: Pop3Command): Promise<Answer> {
    this.#socket.write(this.#client.send(command));
    return await this.answer();
  }

  async logIn(user: string, password: string): Promise<void> {
    await this.run({ name: 'CAPA' }).catch(() => undefined);
    const sasl = this.#client.capabilities?.find(({ name }) => name === 'SASL')?.parameters ?? [];
    const mechanism = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'].find((name) => sasl.includes(name));
    if (mechanism === undefined) {
      await this.run({ name: 'USER', user });
      await this.run({ name: 'PASS', password });
      return;
    }
    const exchange = createSaslClient(mechanism, { user, password });
    const initialResponse = await exchange.respond();
    let { challenge } = await this.run({ name: 'AUTH', mechanism, initialResponse });
    while (challenge !== undefined) {
      this.#socket.write(this.#client.respond(await exchange.respond(challenge)));
      challenge = (await this.answer()).challenge;
    }
    if (!exchange.isComplete) throw new Error('the server has not proved that it knows the password');
  }

  async startTls(host: string): Promise<void> {
    await this.run({ name: 'STLS' });
    this.#socket.removeAllListeners();
    this.#socket = connectTls({ socket: this.#socket, ...tlsOptions(host) });
    await once(this.#socket, 'secureConnect');
    this.#client.tlsStarted();
    this.#listen();
  }

  /** Waits for the end of a reply; throws what the server says where it refuses. */
  async answer(): Promise<Answer> {
    const pieces: Uint8Array[] = [];
    const uniqueIds: Pop3UniqueId[] = [];
    let refusal: Error | undefined;
    for (;;) {
      const event = await this.#next();
      if (event.type === 'unparsed') throw event.error;
      // Thrown at the end of the reply: the next command has to find its own.
      if (event.type === 'status' && !event.status.isOk)
        refusal = new Error(`the server says: ${printable(String(event.status.text))}`);
      if (event.type === 'message-data') pieces.push(event.octets);
      if (event.type === 'lines')
        uniqueIds.push(...[...event.lines].filter((data) => data.type === 'unique-id'));
      if (event.type === 'continuation')
        return { octets: Buffer.alloc(0), uniqueIds, challenge: event.challenge };
      if (event.type === 'end' && refusal !== undefined) throw refusal;
      if (event.type === 'end') return { octets: Buffer.concat(pieces), uniqueIds, challenge: undefined };
    }
  }

  async #next(): Promise<Pop3ClientEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [host, user, mbox, roots] = process.argv.slice(2);
  const password = process.env['POP3_PASSWORD'];
  if (host === undefined || user === undefined || mbox === undefined || password === undefined) {
    console.error('usage: POP3_PASSWORD=… pop3-fetch.ts HOST USER MBOX [ROOTS.pem]');
    process.exitCode = 2;
  } else {
    const trusted = roots === undefined ? [] : parseCertificates(readFileSync(roots));
    const options = { host, user, password, mbox, roots: trusted, now: new Date() };
    for (const message of await fetchMail(options)) console.log(lineOf(message));
  }
}
