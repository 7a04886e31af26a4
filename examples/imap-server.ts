// Serves a folder of mails by IMAP:
//
//   npx tsx examples/imap-server.ts FOLDER USER PASSWORD [PORT]
//
// It listens on this machine only and without TLS, which is why it may take
// passwords as they are. mail-folder.ts says what becomes of the folder.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import { MailsealError } from 'mailseal';
import {
  type AppendCommand,
  type CopyCommand,
  commandFacts,
  type FetchCommand,
  type ImapCommand,
  type ImapResponse,
  ImapServer,
  type ImapServerEvent,
  type ListCommand,
  type MailboxName,
  type MailboxStatus,
  mailboxText,
  matchesListPattern,
  octetsOfText,
  type ResponseCode,
  rangesHold,
  resolveSequenceSet,
  type SelectCommand,
  type SequenceSet,
  type StatusCommand,
  type StoreCommand,
  sequenceSetOf,
} from 'mailseal/imap';
import { createSaslServer, type SaslServerOptions } from 'mailseal/sasl';
import { fetchAnswer, fetchItems, isServed, searchAnswer, setsSeen } from './imap-answers.js';
import { DELIMITER, MailFolder, type StoredMailbox, type StoredMessage } from './mail-folder.js';

/** What to serve, and to whom. */
export interface ImapFolderOptions {
  readonly folder: string;
  readonly user: string;
  readonly password: string;
}

const capabilities = [
  ...['IDLE', 'NAMESPACE', 'ID', 'CHILDREN', 'UNSELECT', 'UIDPLUS', 'MOVE', 'ESEARCH', 'WITHIN', 'BINARY'],
  ...['STATUS=SIZE', 'UTF8=ACCEPT'],
];
const flags = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** Serves a folder; the server listens on a port of 127.0.0.1. */
export async function serveImap(options: ImapFolderOptions, port = 0): Promise<Server> {
  const folder = new MailFolder(options.folder);
  const accounts = {
    account: (user: string) => (user === options.user ? { password: options.password } : undefined),
  };
  const server = createServer((socket) => {
    new Connection(socket, folder, accounts).run().catch((error: NodeJS.ErrnoException) => {
      // Whatever happens in a session ends it alone. A client that leaves is nothing to tell of.
      socket.destroy();
      if (error.code === undefined) console.error(error);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** How a command ends; OK where nothing is said. */
type Outcome = readonly ['OK' | 'NO' | 'BAD', string, ResponseCode?];
type CommandOf<Name extends string> = Extract<ImapCommand, { readonly name: Name }>;

const noSuchMailbox: Outcome = ['NO', 'There is no such mailbox', { code: 'NONEXISTENT' }];

/** A client. */
class Connection {
  readonly #socket: Socket;
  readonly #folder: MailFolder;
  readonly #accounts: SaslServerOptions;
  readonly #session: ImapServer;
  #selected: StoredMailbox | undefined;
  #isReadOnly = false;
  /** The messages that the client knows of: its sequence numbers are theirs. */
  #seen: readonly StoredMessage[] = [];
  /** Their flags, as the client knows them. */
  #told = new Map<StoredMessage, string>();
  #unwatch: (() => void) | undefined;
  #isIdle = false;
  #hasNews = false;
  #isTelling = false;
  readonly #closed = new AbortController();

  constructor(socket: Socket, folder: MailFolder, accounts: SaslServerOptions) {
    this.#socket = socket;
    this.#folder = folder;
    this.#accounts = accounts;
    socket.once('close', () => this.#closed.abort());
    socket.on('error', () => socket.destroy());
    const mechanisms = ['SCRAM-SHA-256', 'PLAIN'];
    this.#session = new ImapServer({
      transport: 'plain',
      capabilities,
      mechanisms,
      enableable: ['UTF8=ACCEPT'],
    });
  }

  async run(): Promise<void> {
    await this.#handle(this.#session.greet('mailseal example'));
    try {
      for await (const chunk of this.#socket) await this.#handle(this.#session.push(chunk as Buffer));
    } finally {
      this.#unwatch?.();
    }
    await this.#handle(this.#session.end());
  }

  async #handle(events: readonly ImapServerEvent[]): Promise<void> {
    for (const event of events) {
      switch (event.type) {
        case 'send':
          for (const octets of event.octets) await this.#write(octets);
          break;
        case 'command':
          await this.#carryOut(event.tag, event.command);
          break;
        case 'authenticate': {
          const sasl = createSaslServer(event.mechanism, this.#accounts);
          await this.#handle(await this.#session.authenticate(event.tag, sasl));
          break;
        }
        case 'sasl-response':
          await this.#handle(await this.#session.proceed(event.tag));
          break;
        case 'authenticated':
          await this.#handle(this.#session.done(event.tag, 'OK', 'Welcome'));
          break;
        case 'idle-ended':
          this.#isIdle = false;
          break;
        case 'closed':
          this.#socket.end();
          break;
      }
    }
  }

  async #write(octets: Uint8Array): Promise<void> {
    if (!this.#socket.writable || this.#socket.write(octets)) return;
    // A client that leaves instead of reading on ends the wait, too.
    await once(this.#socket, 'drain', { signal: this.#closed.signal });
  }

  #respond(response: ImapResponse): Promise<void> {
    return this.#write(this.#session.respond(response));
  }

  async #carryOut(tag: string, command: ImapCommand): Promise<void> {
    if (command.name === 'IDLE') {
      this.#isIdle = true;
      await this.#tellWhileIdle();
      return;
    }
    let outcome: Outcome;
    try {
      outcome = (await this.#answer(tag, command)) ?? ['OK', `${command.name} completed`];
    } catch (error) {
      if (this.#socket.destroyed) throw error;
      outcome = refusalOf(error);
    }
    await this.#tellChanges(commandFacts(command).allowsExpunge);
    await this.#handle(this.#session.done(tag, ...outcome));
  }

  async #answer(tag: string, command: ImapCommand): Promise<Outcome | undefined> {
    switch (command.name) {
      case 'LOGIN':
        return this.#logIn(command);
      case 'ID':
        await this.#respond({ type: 'ID', fields: [{ name: 'name', value: 'mailseal example' }] });
        return undefined;
      case 'NAMESPACE': {
        const personal = [{ prefix: '', delimiter: DELIMITER }];
        await this.#respond({ type: 'NAMESPACE', personal, otherUsers: [], shared: [] });
        return undefined;
      }
      case 'LIST':
      case 'LSUB':
        return this.#list(command);
      case 'STATUS':
        return this.#status(command);
      case 'CREATE':
        return this.#folder.create(textOf(command.mailbox)) ? undefined : cannot('created');
      case 'DELETE': {
        const mailbox = this.#find(command.mailbox);
        if (mailbox === undefined) return noSuchMailbox;
        return this.#folder.delete(mailbox) ? undefined : cannot('deleted');
      }
      case 'RENAME': {
        const mailbox = this.#find(command.from);
        if (mailbox === undefined) return noSuchMailbox;
        return this.#folder.rename(mailbox, textOf(command.to)) ? undefined : cannot('renamed');
      }
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE': {
        const mailbox = this.#find(command.mailbox);
        if (mailbox === undefined) return noSuchMailbox;
        mailbox.isSubscribed = command.name === 'SUBSCRIBE';
        return undefined;
      }
      case 'APPEND':
        return this.#append(command);
      case 'SELECT':
      case 'EXAMINE':
        return this.#select(command);
      case 'CLOSE':
      case 'UNSELECT':
        if (command.name === 'CLOSE' && !this.#isReadOnly) this.#expunge(() => true);
        this.#deselect();
        return undefined;
      case 'NOOP':
      case 'CHECK':
        return undefined;
      case 'EXPUNGE':
        return this.#isReadOnly ? readOnly : this.#expunge(() => true);
      case 'UID EXPUNGE': {
        const named = new Set(this.#messagesOf(command.set, true).map(([message]) => message));
        return this.#isReadOnly ? readOnly : this.#expunge((message) => named.has(message));
      }
      case 'SEARCH':
        await this.#respond(searchAnswer(command, this.#seen, tag, Date.now()));
        return undefined;
      case 'FETCH':
        return this.#fetch(command);
      case 'STORE':
        return this.#store(command);
      case 'COPY':
      case 'MOVE':
        return this.#copy(command);
      default:
        return ['BAD', 'This server does not know the command'];
    }
  }

  #logIn({ user, password }: CommandOf<'LOGIN'>): Promise<Outcome> {
    // PLAIN's exchange compares in constant time, and prepares both with SASLprep.
    const sasl = createSaslServer('PLAIN', this.#accounts);
    const words = [new Uint8Array(1), octetsOfText(user), new Uint8Array(1), octetsOfText(password)];
    return sasl.challenge(new Uint8Array(Buffer.concat(words))).then(
      () => (sasl.outcome === undefined ? wrongPassword : (['OK', 'Welcome'] as const)),
      () => wrongPassword,
    );
  }

  #find(name: MailboxName): StoredMailbox | undefined {
    return this.#folder.find(textOf(name));
  }

  async #list({ name, reference, patterns }: ListCommand): Promise<Outcome | undefined> {
    for (const pattern of patterns) {
      const wanted = textOf(reference) + textOf(pattern);
      // RFC 9051 §6.3.9: an empty name asks for the delimiter.
      if (textOf(pattern) === '') {
        await this.#respond({ type: name, attributes: ['\\Noselect'], delimiter: DELIMITER, mailbox: '' });
      }
      for (const mailbox of this.#folder.all) {
        if (!matchesListPattern(mailbox.name, wanted, DELIMITER)) continue;
        if (name === 'LSUB' && !mailbox.isSubscribed) continue;
        const attribute = this.#folder.hasChildren(mailbox.name) ? '\\HasChildren' : '\\HasNoChildren';
        await this.#respond({
          type: name,
          attributes: [attribute],
          delimiter: DELIMITER,
          mailbox: mailbox.name,
        });
      }
    }
    return undefined;
  }

  async #status({ mailbox: name, items }: StatusCommand): Promise<Outcome | undefined> {
    const mailbox = this.#find(name);
    if (mailbox === undefined) return noSuchMailbox;
    const { messages, uidNext, uidValidity } = mailbox;
    const all: MailboxStatus = {
      messages: messages.length,
      recent: 0,
      uidNext,
      uidValidity,
      unseen: messages.filter((message) => !hasFlag(message, '\\Seen')).length,
    };
    const known: Readonly<Record<string, MailboxStatus>> = {
      MESSAGES: { messages: all.messages! },
      RECENT: { recent: 0 },
      UIDNEXT: { uidNext },
      UIDVALIDITY: { uidValidity },
      UNSEEN: { unseen: all.unseen! },
      SIZE: { size: messages.reduce((size, message) => size + BigInt(message.size), 0n) },
    };
    const asked = items.map((item) => known[item.toUpperCase()] ?? {});
    await this.#respond({ type: 'STATUS', mailbox: mailbox.name, status: Object.assign({}, ...asked) });
    return undefined;
  }

  async #append({ mailbox: name, messages }: AppendCommand): Promise<Outcome> {
    const mailbox = this.#find(name);
    if (mailbox === undefined) return ['NO', 'There is no such mailbox', { code: 'TRYCREATE' }];
    if (!messages.every(({ flags: wanted = [] }) => wanted.every(isKept))) return noSuchFlag;
    const uids: number[] = [];
    for (const { message, flags: wanted = [], date } of messages) {
      if ('catenate' in message || message.octets === undefined) return ['NO', 'CATENATE is not offered'];
      uids.push(mailbox.append(message.octets, wanted, date).uid);
    }
    const { uidValidity } = mailbox;
    return ['OK', 'APPEND completed', { code: 'APPENDUID', uidValidity, uids: sequenceSetOf(uids) }];
  }

  async #select({ name, mailbox: wanted }: SelectCommand): Promise<Outcome> {
    this.#deselect();
    const mailbox = this.#find(wanted);
    if (mailbox === undefined) return noSuchMailbox;
    const { messages, uidNext, uidValidity } = mailbox;
    this.#selected = mailbox;
    this.#isReadOnly = name === 'EXAMINE';
    this.#seen = messages;
    this.#told = new Map(messages.map((message) => [message, message.flags.join(' ')]));
    this.#unwatch = mailbox.watch(() => void this.#tellWhileIdle());
    await this.#respond({ type: 'FLAGS', flags });
    await this.#respond({ type: 'EXISTS', number: messages.length });
    await this.#respond({ type: 'RECENT', number: 0 });
    const permanent = this.#isReadOnly ? [] : [...flags, '\\*'];
    for (const code of [
      { code: 'PERMANENTFLAGS', flags: permanent },
      { code: 'UIDVALIDITY', number: uidValidity },
      { code: 'UIDNEXT', number: uidNext },
    ] as const) {
      await this.#respond({ type: 'OK', tag: undefined, code, text: code.code });
    }
    return ['OK', `${name} completed`, { code: this.#isReadOnly ? 'READ-ONLY' : 'READ-WRITE' }];
  }

  #deselect(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#selected = undefined;
    this.#seen = [];
    this.#told.clear();
  }

  /** The messages of a set with their sequence numbers. */
  #messagesOf(set: SequenceSet, isUid: boolean): [message: StoredMessage, number: number][] {
    const largest = isUid ? (this.#seen.at(-1)?.uid ?? 0) : this.#seen.length;
    const numbers = resolveSequenceSet(set, largest);
    const numbered = this.#seen.map((message, at): [StoredMessage, number] => [message, at + 1]);
    return numbered.filter(([message, number]) => rangesHold(numbers, isUid ? message.uid : number));
  }

  /** Tells a client that idles of each change; what comes before it has read all that is told at once then. */
  async #tellWhileIdle(): Promise<void> {
    this.#hasNews = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (this.#isIdle && this.#hasNews) {
        this.#hasNews = false;
        await this.#tellChanges(true);
      }
    } catch {
      this.#socket.destroy();
    } finally {
      this.#isTelling = false;
    }
  }

  /** Tells what has changed since; which messages went only where their numbers may change. */
  async #tellChanges(mayExpunge: boolean): Promise<void> {
    const mailbox = this.#selected;
    if (mailbox === undefined) return;
    const there = new Set(mailbox.messages);
    const pieces: Uint8Array[] = [];
    const tell = (response: ImapResponse) => pieces.push(this.#session.respond(response));
    if (mayExpunge) {
      for (let at = this.#seen.length - 1; at >= 0; at--) {
        if (!there.has(this.#seen[at]!)) tell({ type: 'EXPUNGE', number: at + 1 });
      }
      this.#seen = this.#seen.filter((message) => there.has(message));
    }
    const last = this.#seen.at(-1)?.uid ?? 0;
    const arrived = mailbox.messages.filter((message) => message.uid > last && !this.#told.has(message));
    if (arrived.length > 0) {
      this.#seen = [...this.#seen, ...arrived];
      for (const message of arrived) this.#told.set(message, message.flags.join(' '));
      tell({ type: 'EXISTS', number: this.#seen.length });
    }
    this.#seen.forEach((message, at) => {
      const now = message.flags.join(' ');
      if (this.#told.get(message) === now) return;
      this.#told.set(message, now);
      tell({ type: 'FETCH', number: at + 1, uid: message.uid, flags: message.flags });
    });
    // At once: the numbers in what another command says are those behind it.
    if (pieces.length > 0) await this.#write(Buffer.concat(pieces));
  }

  #expunge(isNamed: (message: StoredMessage) => boolean): undefined {
    const gone = this.#seen.filter((message) => hasFlag(message, '\\Deleted') && isNamed(message));
    if (gone.length > 0) this.#selected?.remove(new Set(gone));
    return undefined;
  }

  async #fetch(command: FetchCommand): Promise<Outcome | undefined> {
    const items = fetchItems(command);
    if (!items.every(isServed)) return ['BAD', 'This server does not know the item'];
    const isSeen = !this.#isReadOnly && items.some(setsSeen);
    let isKnown = true;
    for (const [message, number] of this.#messagesOf(command.set, command.uid === true)) {
      if (isSeen) message.changeFlags('add', ['\\Seen']);
      const answer = fetchAnswer(message, number, items);
      if (answer === undefined) isKnown = false;
      else await this.#respond(answer);
    }
    if (isSeen) this.#selected?.changed();
    return isKnown ? undefined : ['NO', 'The encoding of a part is not known', { code: 'UNKNOWN-CTE' }];
  }

  async #store(command: StoreCommand): Promise<Outcome | undefined> {
    if (this.#isReadOnly) return readOnly;
    const wanted = command.flags.filter((flag) => typeof flag === 'string');
    if (wanted.length < command.flags.length || !wanted.every(isKept)) return noSuchFlag;
    for (const [message, number] of this.#messagesOf(command.set, command.uid === true)) {
      message.changeFlags(command.action, wanted);
      this.#told.set(message, message.flags.join(' '));
      if (command.silent === true) continue;
      const { uid, flags: now } = message;
      await this.#respond({ type: 'FETCH', number, ...(command.uid === true && { uid }), flags: now });
    }
    this.#selected?.changed();
    return undefined;
  }

  async #copy({ name, set, uid, mailbox: wanted }: CopyCommand): Promise<Outcome> {
    const target = this.#find(wanted);
    if (target === undefined) return ['NO', 'There is no such mailbox', { code: 'TRYCREATE' }];
    if (name === 'MOVE' && this.#isReadOnly) return readOnly;
    const messages = this.#messagesOf(set, uid === true).map(([message]) => message);
    if (messages.length === 0) return ['OK', 'There was nothing to do'];
    const copies = messages.map(({ part, flags: kept, date }) => target.append(part.bytes, kept, date));
    const code: ResponseCode = {
      code: 'COPYUID',
      uidValidity: target.uidValidity,
      from: sequenceSetOf(messages.map((message) => message.uid)),
      to: sequenceSetOf(copies.map((copy) => copy.uid)),
    };
    if (name === 'COPY') return ['OK', 'COPY completed', code];
    // RFC 6851 §4.3: where they went is told before they go.
    await this.#respond({ type: 'OK', tag: undefined, code, text: 'Moved' });
    this.#selected?.remove(new Set(messages));
    return ['OK', 'MOVE completed'];
  }
}

const wrongPassword: Outcome = ['NO', 'Wrong user or password', { code: 'AUTHENTICATIONFAILED' }];
const readOnly: Outcome = ['NO', 'The mailbox is read-only', { code: 'NOPERM' }];

const noSuchFlag: Outcome = ['BAD', 'Only the system flags and keywords can be stored'];

/** RFC 9051 §2.3.2: what begins with a backslash is defined there; \\Recent is the server's to set. */
function isKept(flag: string): boolean {
  return !flag.startsWith('\\') || flags.some((known) => known.toLowerCase() === flag.toLowerCase());
}

/** What a command is answered that failed: as the library says, or as the file system. */
function refusalOf(error: unknown): Outcome {
  if (!(error instanceof MailsealError)) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    // Another session has expunged the message.
    if (code === 'ENOENT') return ['NO', 'A message is not there any more', { code: 'EXPUNGEISSUED' }];
    return ['NO', `The server cannot do that: ${code}`];
  }
  const text = error.message.replaceAll(/[^ -~]/g, '?');
  if (error.code === 'charset-unknown') return ['NO', text, { code: 'BADCHARSET', charsets: ['UTF-8'] }];
  return [error.fault === 'usage' ? 'BAD' : 'NO', text];
}

function cannot(what: string): Outcome {
  return ['NO', `The mailbox cannot be ${what}`, { code: 'CANNOT' }];
}

function textOf(name: MailboxName): string {
  return mailboxText(name);
}

function hasFlag(message: StoredMessage, flag: string): boolean {
  return message.flags.some((other) => other.toLowerCase() === flag.toLowerCase());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, user, password, port = '1143'] = process.argv.slice(2);
  if (folder === undefined || user === undefined || password === undefined) {
    console.error('usage: imap-server.ts FOLDER USER PASSWORD [PORT]');
    process.exitCode = 2;
  } else {
    await serveImap({ folder, user, password }, Number(port));
    console.log(`IMAP on 127.0.0.1:${port}`);
  }
}
