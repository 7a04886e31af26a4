// A folder of mails as the mailboxes of imap-server.ts: *.eml files in it are
// INBOX, those in folders below it are in mailboxes of the same names. What is
// appended is written there, what is expunged removed. Flags are kept as long
// as the server runs.

import {
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
import { dirname, join } from 'node:path';
import { canonicalLineEnds } from 'mailseal/encoding';
import { type ImapDateTime, sameMailbox } from 'mailseal/imap';
import { type Part, parseMessage } from 'mailseal/mime';

/** A mail with what IMAP keeps of it. */
export class StoredMessage {
  readonly uid: number;
  readonly path: string;
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
  readonly uidValidity: number;
  uidNext = 1;
  isSubscribed = true;
  messages: StoredMessage[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(name: string, folder: string, uidValidity: number) {
    this.name = name;
    this.folder = folder;
    this.uidValidity = uidValidity;
    const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
    for (const file of files.sort()) this.#add(join(folder, file), []);
  }

  #add(path: string, flags: Iterable<string>): StoredMessage {
    const message = new StoredMessage(this.uidNext++, path, flags);
    this.messages = [...this.messages, message];
    return message;
  }

  /** Writes a mail into the folder. */
  append(octets: Uint8Array, flags: Iterable<string>, date: ImapDateTime | undefined): StoredMessage {
    const path = join(this.folder, `${this.uidValidity}-${this.uidNext}.eml`);
    writeFileSync(path, octets, { flag: 'wx' });
    if (date !== undefined) utimesSync(path, date.time / 1000, date.time / 1000);
    const message = this.#add(path, flags);
    this.changed();
    return message;
  }

  remove(gone: ReadonlySet<StoredMessage>): void {
    for (const { path } of gone) rmSync(path);
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
  readonly #uidValidity: number;
  readonly #mailboxes = new Map<string, StoredMailbox>();

  /** @param uidValidity - another one each time, since UIDs are given anew. */
  constructor(root: string, uidValidity: number) {
    this.#root = root;
    this.#uidValidity = uidValidity;
    this.#open('INBOX', root);
  }

  #open(name: string, folder: string): void {
    this.#mailboxes.set(name, new StoredMailbox(name, folder, this.#uidValidity));
    const below = readdirSync(folder, { withFileTypes: true });
    for (const entry of below.filter((one) => one.isDirectory() && isLevel(one.name))) {
      const path = name === 'INBOX' ? entry.name : `${name}${DELIMITER}${entry.name}`;
      this.#open(path, join(folder, entry.name));
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

  /** Says whether that could be done: no level of a name may lead out of the folder. */
  create(name: string): boolean {
    const levels = name.replace(/\/$/, '').split(DELIMITER);
    if (!levels.every(isLevel) || this.find(levels.join(DELIMITER)) !== undefined) return false;
    for (let depth = 1; depth <= levels.length; depth++) {
      const path = levels.slice(0, depth).join(DELIMITER);
      if (this.#mailboxes.has(path)) continue;
      const folder = join(this.#root, ...levels.slice(0, depth));
      mkdirSync(folder, { recursive: true });
      this.#mailboxes.set(path, new StoredMailbox(path, folder, this.#uidValidity));
    }
    return true;
  }

  delete(mailbox: StoredMailbox): boolean {
    if (mailbox.name === 'INBOX' || this.hasChildren(mailbox.name)) return false;
    mailbox.remove(new Set(mailbox.messages));
    rmdirSync(mailbox.folder);
    this.#mailboxes.delete(mailbox.name);
    return true;
  }

  rename(mailbox: StoredMailbox, name: string): boolean {
    const levels = name.split(DELIMITER);
    const isBelowItself = name.startsWith(`${mailbox.name}${DELIMITER}`);
    if (
      mailbox.name === 'INBOX' ||
      isBelowItself ||
      !levels.every(isLevel) ||
      this.find(name) !== undefined
    ) {
      return false;
    }
    const parent = levels.slice(0, -1).join(DELIMITER);
    if (parent !== '' && this.find(parent) === undefined) this.create(parent);
    const folder = join(this.#root, ...levels);
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(mailbox.folder, folder);
    const before = mailbox.name;
    for (const { name: old } of this.all) {
      if (old !== before && !old.startsWith(`${before}${DELIMITER}`)) continue;
      this.#mailboxes.delete(old);
    }
    this.#open(name, folder);
    return true;
  }
}

function isLevel(level: string): boolean {
  return level !== '' && !level.startsWith('.') && !level.endsWith('.eml') && !/[\0/\\]/.test(level);
}
