import type { Socket } from 'node:net';
import type { BodyStructure } from '../../src/imap/structure/body-structure.js';
import { readBodyStructure } from '../../src/imap/structure/read-body-structure.js';
import type { SyntaxReader } from '../../src/imap/syntax/reader.js';
import { type ImapEnvelope, readEnvelope } from '../../src/imap/values/envelope.js';
import { readerOf } from './imap-syntax.js';
import { MAIL_USER, type MailDaemon } from './mail-servers.js';

/** What a server tells of one message. */
export interface PeerMessage {
  readonly size: number;
  readonly envelope: ImapEnvelope;
  readonly structure: BodyStructure;
  readonly structureWire: string;
}

/** A connection that stores messages in a server and asks for pieces of them, one after the other. */
export class SectionPeer {
  readonly #socket: Socket;
  #received = '';
  #wake: () => void = () => {};
  #tags = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
  }

  /** Logs in where that is wanted, and selects INBOX. */
  static async open(daemon: MailDaemon): Promise<SectionPeer> {
    const peer = new SectionPeer(await daemon.open('imap'));
    const greeting = await peer.#line(0);
    if (!greeting.startsWith('* PREAUTH')) {
      const password = MAIL_USER.password.replaceAll(/["\\]/g, '\\$&');
      await peer.command(`LOGIN ${MAIL_USER.name} "${password}"`);
    }
    await peer.command('SELECT INBOX');
    return peer;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #line(from: number): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n', from);
      if (end >= 0) return this.#received.slice(from, end);
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
  }

  /** Sends a command and gives all untagged responses; a tagged one that is not OK throws. */
  async command(text: string, literal?: Uint8Array): Promise<string[]> {
    const tag = `t${++this.#tags}`;
    this.#received = '';
    this.#socket.write(`${tag} ${text}${literal === undefined ? '' : ` {${literal.length}}`}\r\n`);
    const responses: string[] = [];
    let response = '';
    let at = 0;
    for (;;) {
      const line = await this.#line(at);
      at += line.length + 2;
      response += line;
      const length = /\{(\d+)\}$/.exec(line)?.[1];
      if (length !== undefined && !line.startsWith(`${tag} `)) {
        while (this.#received.length < at + Number(length)) {
          await new Promise<void>((done) => {
            this.#wake = done;
          });
        }
        response += `\r\n${this.#received.slice(at, at + Number(length))}`;
        at += Number(length);
        continue;
      }
      if (response.startsWith(`${tag} `)) {
        if (!response.startsWith(`${tag} OK`)) throw new Error(`${text}: ${response}`);
        return responses;
      }
      if (response.startsWith('+') && literal !== undefined) {
        this.#socket.write(literal);
        this.#socket.write('\r\n');
      } else responses.push(response);
      response = '';
    }
  }

  /** Stores a message; it gets the next sequence number. */
  async append(octets: Uint8Array): Promise<void> {
    await this.command('APPEND INBOX', octets);
    await this.command('NOOP');
  }

  async message(number: number): Promise<PeerMessage> {
    const items = new Map<string, unknown>();
    for (const item of ['RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE']) {
      const reader = await this.#fetched(number, item);
      if (item === 'RFC822.SIZE') items.set(item, reader.number());
      else if (item === 'ENVELOPE') items.set(item, readEnvelope(reader));
      else {
        items.set('wire', reader.text.slice(reader.at));
        items.set(item, readBodyStructure(reader));
      }
    }
    return {
      size: items.get('RFC822.SIZE') as number,
      envelope: items.get('ENVELOPE') as ImapEnvelope,
      structure: items.get('BODYSTRUCTURE') as BodyStructure,
      structureWire: items.get('wire') as string,
    };
  }

  /** The octets of a section such as `1.MIME`; `undefined` for NIL. */
  async section(number: number, section: string, partial = ''): Promise<Uint8Array | undefined> {
    const reader = await this.#fetched(number, `BODY.PEEK[${section}]${partial}`);
    if (reader.nil()) return undefined;
    if (reader.peek() === 0x22) {
      const text = reader.string();
      return typeof text === 'string' ? new TextEncoder().encode(text) : text;
    }
    return reader.literal();
  }

  /** The content of a part, its transfer encoding undone; `undefined` for NIL. */
  async binary(number: number, part: readonly number[]): Promise<Uint8Array | undefined> {
    const responses = await this.command(`FETCH ${number} BINARY.PEEK[${part.join('.')}]`);
    const response = responses.find((each) => each.includes('BINARY['))!;
    const reader = readerOf(response);
    reader.at = response.indexOf('] ', response.indexOf('BINARY[')) + 2;
    if (reader.nil()) return undefined;
    if (reader.peek() !== 0x22) return reader.literal();
    const text = reader.string();
    return typeof text === 'string' ? new TextEncoder().encode(text) : text;
  }

  /** A reader that stands at the value of the one item that was asked for. */
  async #fetched(number: number, item: string): Promise<SyntaxReader> {
    const responses = await this.command(`FETCH ${number} ${item}`);
    const response = responses.find((each) => /^\* \d+ FETCH \(/.test(each));
    if (response === undefined) throw new Error(`no FETCH for ${item}: ${responses.join(' ')}`);
    const reader = readerOf(response);
    const open = response.indexOf('(');
    // Flags may come along; sections are echoed in the server's own writing.
    const name = item.startsWith('BODY.PEEK') ? 'BODY[' : item;
    const at = response.indexOf(name, open);
    let valueAt = at + name.length + 1;
    if (name === 'BODY[') {
      valueAt = response.indexOf(']', at) + 1;
      valueAt = response.indexOf(' ', valueAt) + 1;
    }
    reader.at = valueAt;
    return reader;
  }
}
