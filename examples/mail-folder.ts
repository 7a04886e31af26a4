// A folder of mails as the mailboxes of imap-server.ts: *.eml files in it are
// INBOX, those in folders below it are in mailboxes of the same names. What is
// appended is written there, what is expunged removed. Flags are kept as long
// as the server runs. UIDs are given anew each time it starts; so that no client
// takes one for another, whatever is opened, made or renamed has a UIDVALIDITY
// that was never given before: the last one is kept in the file .uidvalidity.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { canonicalLineEnds } from 'mailseal/encoding';
import { type ImapDateTime, sameMailbox } from 'mailseal/imap';
import { type Part, parseMessage } from 'mailseal/mime';

/** A mail with what IMAP keeps of it. */
export class StoredMessage {
  readonly uid: number;
  path: string;
  readonly date: ImapDateTime;
  readonly #flags = new Map<string, string>();
  #size: number | undefined;
  #parsed: WeakRef<Part> | undefined;

  constructor(uid: number, path: string, flags: Iterable<string> = []) {
    this.uid = uid;
    this.path = path;
    this.date = { time: Math.floor(statSync(path).mtimeMs / 1000) * 1000, offset: 0 };
    this.changeFlags('add', flags);
  }

  get flags(): string[] {
    return [...this.#flags.values()];
  }

  /** Octets. */
  get size(): number {
    this.#size ??= this.part.bytes.length;
    return this.#size;
  }

  /** The message, which is read when it is asked for. */
  get part(): Part {
    let part = this.#parsed?.deref();
    if (part === undefined) {
      // On the wire lines end with CRLF, whatever they end with in the file.
      part = parseMessage(canonicalLineEnds(readFileSync(this.path)));
      this.#parsed = new WeakRef(part);
    }
    return part;
  }

  /** Flags are the same in capital and small letters. */
  changeFlags(action: 'replace' | 'add' | 'remove', flags: Iterable<string>): void {
    if (action === 'replace') this.#flags.clear();
    for (const flag of flags) {
      if (action === 'remove') this.#flags.delete(flag.toLowerCase());
      else this.#flags.set(flag.toLowerCase(), flag);
    }
  }
}

/** One mailbox: messages in the order of their UIDs. */
export class StoredMailbox {
  name: string;
  folder: string;
  uidValidity: number;
  uidNext = 1;
  isSubscribed = true;
  messages: readonly StoredMessage[];
  readonly #watchers = new Set<() => void>();

  constructor(name: string, folder: string, uidValidity: number) {
    this.name = name;
    this.folder = folder;
    this.uidValidity = uidValidity;
    const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
    this.messages = files.sort().map((file) => new StoredMessage(this.uidNext++, join(folder, file)));
  }

  /** Writes a mail into the folder. */
  append(octets: Uint8Array, flags: Iterable<string>, date: ImapDateTime | undefined): StoredMessage {
    const path = join(this.folder, `${this.uidValidity}-${String(this.uidNext).padStart(10, '0')}.eml`);
    writeFileSync(path, octets, { flag: 'wx' });
    if (date !== undefined) utimesSync(path, date.time / 1000, date.time / 1000);
    const message = new StoredMessage(this.uidNext++, path, flags);
    this.messages = [...this.messages, message];
    this.changed();
    return message;
  }

  /** The folder was moved. */
  moved(name: string, folder: string, uidValidity: number): void {
    this.name = name;
    this.folder = folder;
    this.uidValidity = uidValidity;
    for (const message of this.messages) message.path = join(folder, basename(message.path));
  }

  remove(gone: ReadonlySet<StoredMessage>): void {
    for (const { path } of gone) rmSync(path, { force: true });
    this.messages = this.messages.filter((message) => !gone.has(message));
    this.changed();
  }

  /** Calls back after each change, until what comes back is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Between the levels of a name. */
export const DELIMITER = '/';

/** All mailboxes of a folder. */
export class MailFolder {
  readonly #root: string;
  readonly #mailboxes = new Map<string, StoredMailbox>();

  constructor(root: string) {
    this.#root = root;
    this.#open('INBOX', root, this.#newUidValidity());
  }

  /** It grows; as a time it does so even where the file is lost. */
  #newUidValidity(): number {
    const file = join(this.#root, '.uidvalidity');
    const last = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) || 0 : 0;
    const next = Math.max(last + 1, Math.floor(Date.now() / 1000));
    writeFileSync(file, `${next}\n`);
    return next;
  }

  #open(name: string, folder: string, uidValidity: number): void {
    this.#mailboxes.set(name, new StoredMailbox(name, folder, uidValidity));
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = name === 'INBOX' ? entry.name : `${name}${DELIMITER}${entry.name}`;
      if (!entry.isDirectory() || levelsOf(path) === undefined) continue;
      this.#open(path, join(folder, entry.name), uidValidity);
    }
  }

  get all(): StoredMailbox[] {
    return [...this.#mailboxes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): StoredMailbox | undefined {
    // INBOX is the same in capital and small letters (RFC 9051 §5.1).
    return this.#mailboxes.get(sameMailbox(name, 'INBOX') ? 'INBOX' : name);
  }

  hasChildren(name: string): boolean {
    return [...this.#mailboxes.keys()].some((other) => other.startsWith(`${name}${DELIMITER}`));
  }

  /** Says whether that could be done. */
  create(name: string): boolean {
    const levels = levelsOf(name.replace(/\/$/, ''));
    if (levels === undefined || this.find(levels.join(DELIMITER)) !== undefined) return false;
    for (let depth = 1; depth <= levels.length; depth++) {
      const path = levels.slice(0, depth).join(DELIMITER);
      if (this.#mailboxes.has(path)) continue;
      const folder = join(this.#root, ...levels.slice(0, depth));
      mkdirSync(folder, { recursive: true });
      this.#mailboxes.set(path, new StoredMailbox(path, folder, this.#newUidValidity()));
    }
    return true;
  }

  /** A mailbox whose folder holds something else than its messages stays. */
  delete(mailbox: StoredMailbox): boolean {
    const { name, folder, messages } = mailbox;
    if (name === 'INBOX' || this.hasChildren(name)) return false;
    const files = new Set(messages.map(({ path }) => basename(path)));
    if (!readdirSync(folder).every((file) => files.has(file))) return false;
    mailbox.remove(new Set(messages));
    rmdirSync(folder);
    this.#mailboxes.delete(name);
    return true;
  }

  rename(mailbox: StoredMailbox, to: string): boolean {
    const from = mailbox.name;
    const levels = levelsOf(to);
    const isBelowItself = to.startsWith(`${from}${DELIMITER}`);
    if (from === 'INBOX' || isBelowItself || levels === undefined || this.find(to) !== undefined)
      return false;
    const parent = levels.slice(0, -1).join(DELIMITER);
    if (parent !== '' && this.find(parent) === undefined) this.create(parent);
    renameSync(mailbox.folder, join(this.#root, ...levels));
    for (const each of this.all) {
      if (each !== mailbox && !each.name.startsWith(`${from}${DELIMITER}`)) continue;
      this.#mailboxes.delete(each.name);
      const name = to + each.name.slice(from.length);
      each.moved(name, join(this.#root, ...name.split(DELIMITER)), this.#newUidValidity());
      this.#mailboxes.set(name, each);
    }
    return true;
  }
}

/** The levels of a name: none may lead out of the folder, or below INBOX, which is the folder itself. */
function levelsOf(name: string): string[] | undefined {
  const levels = name.split(DELIMITER);
  return sameMailbox(levels[0]!, 'INBOX') || !levels.every(isLevel) ? undefined : levels;
}

function isLevel(level: string): boolean {
  return level !== '' && !level.startsWith('.') && !level.endsWith('.eml') && !/[\0/\\]/.test(level);
}
