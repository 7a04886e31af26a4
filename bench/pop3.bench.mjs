// POP3 as a client reads it: a message of 50 MB in chunks as sockets give them,
// and a long list of unique-ids. The peers have no decoder of their own, so they
// get a socket that is none: what a server would send is put into it.

import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import net from 'node:net';
import { defineBench } from './bench.mjs';
import { load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

const chunkSize = 16 * 1024;

/** @param {Buffer} octets */
function chunked(octets) {
  /** @type {Buffer[]} */
  const chunks = [];
  for (let at = 0; at < octets.length; at += chunkSize) chunks.push(octets.subarray(at, at + chunkSize));
  return chunks;
}

/**
 * Base64 as attachments have it, and a line with a dot in front now and then.
 *
 * @param {number} size
 */
function message(size) {
  const line = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0'.repeat(2)}abcd\r\n`;
  const block = `${line.repeat(999)}.dotted\r\n`;
  return Buffer.from(`Subject: large\r\n\r\n${block.repeat(Math.ceil(size / block.length))}`, 'latin1');
}

/**
 * @param {any} pop3
 * @param {Buffer} octets
 */
function reply(pop3, octets) {
  return Buffer.concat([Buffer.from(`+OK ${octets.length} octets\r\n`), pop3.dotStuff(octets)]);
}

/** @param {number} count */
const uniqueIds = (count) =>
  Buffer.from(
    `+OK\r\n${Array.from({ length: count }, (_, at) => `${at + 1} 00000${at}4a5b6c7d8e9f${at}\r\n`).join('')}.\r\n`,
  );

/** @param {Iterable<{ message: number, uid: string }>} lines */
function read(lines) {
  let count = 0;
  for (const { message, uid } of lines) if (message > 0 && uid.length > 0) count++;
  return count;
}

/** @param {any} pop3 @param {readonly Buffer[]} chunks @param {object} command */
function ours(pop3, chunks, command, isRead = false) {
  const decoder = new pop3.Pop3ReplyDecoder({ greeting: false });
  decoder.expect(command);
  let octets = 0;
  let lines = 0;
  for (const chunk of chunks) {
    for (const event of decoder.push(chunk)) {
      if (event.type === 'message-data') octets += event.octets.length;
      else if (event.type === 'lines') lines += isRead ? read(event.lines) : event.lines.length;
    }
  }
  return octets + lines;
}

/** A socket that connects to nothing and swallows what is written. */
class NoSocket extends EventEmitter {
  /** @type {NoSocket | undefined} */
  static last;
  destroyed = false;
  constructor() {
    super();
    NoSocket.last = this;
  }
  setKeepAlive() {}
  setTimeout() {}
  write() {
    return true;
  }
  end() {}
}

/** @param {any} Pop3Command @param {readonly Buffer[]} chunks @param {(client: any) => Promise<any>} ask */
async function nodePop3(Pop3Command, chunks, ask) {
  const client = new Pop3Command({ user: 'a', password: 'b', host: 'localhost' });
  const { connect, write } = net.Socket.prototype;
  net.Socket.prototype.connect = /** @type {any} */ (
    /** @this {net.Socket} */ function () {
      queueMicrotask(() => {
        this.emit('connect');
        this.emit('data', Buffer.from('+OK ready\r\n'));
      });
      return this;
    }
  );
  net.Socket.prototype.write = /** @type {any} */ (
    /** @this {net.Socket} @param {any} text */ function (text) {
      if (/^(USER|PASS)/.test(String(text))) queueMicrotask(() => this.emit('data', Buffer.from('+OK\r\n')));
      else {
        queueMicrotask(() => {
          for (const chunk of chunks) this.emit('data', chunk);
        });
      }
      return true;
    }
  );
  try {
    return await ask(client);
  } finally {
    net.Socket.prototype.connect = connect;
    net.Socket.prototype.write = write;
  }
}

/** @param {any} Client @param {readonly Buffer[]} chunks @param {string} command @returns {Promise<string>} */
function mailpop3(Client, chunks, command) {
  const { createConnection } = net;
  // It is called with `new`.
  net.createConnection = /** @type {any} */ (NoSocket);
  try {
    const client = new Client(110, 'localhost', {});
    return new Promise((done, failed) => {
      client.setCallback((/** @type {boolean} */ isOk, /** @type {string} */ text) =>
        isOk ? done(text) : failed(new Error(text)),
      );
      client.setMultiline(true);
      client.write(command);
      for (const chunk of chunks) NoSocket.last?.emit('data', chunk);
    });
  } finally {
    net.createConnection = createConnection;
  }
}

/** @param {number} actual @param {number} expected */
function expect(actual, expected) {
  if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
}

/** @param {number} size */
async function retr(size) {
  const pop3 = await load('pop3');
  const octets = message(size);
  const { default: NodePop3 } = await loadPeer('node-pop3');
  const { default: Mailpop3 } = await loadPeer('mailpop3');
  return { pop3, octets, chunks: chunked(reply(pop3, octets)), NodePop3, Mailpop3 };
}

const command = { name: 'RETR', message: 1 };

export default [
  defineBench({
    name: 'pop3-retr',
    title: 'Read a RETR of 50 MB in chunks of 16 KB; the search is for LF and a dot over the same chunks.',
    setup: () => retr(50_000_000),
    contenders: {
      ours: ({ pop3, octets, chunks }) => expect(ours(pop3, chunks, command), octets.length),
      search({ chunks }) {
        let found = 0;
        for (const chunk of chunks) {
          for (let at = chunk.indexOf('\n.'); at >= 0; at = chunk.indexOf('\n.', at + 1)) found++;
        }
        if (found === 0) throw new Error('there is no dot');
      },
    },
    native: ['search'],
    goals: { search: 0.4 },
  }),
  defineBench({
    name: 'pop3-retr-peers',
    // The peers join all that came with every chunk: of 50 MB that takes one of them a minute.
    title: 'Read a RETR of 8 MB in chunks of 16 KB; the peers give one string, with the dots of the wire.',
    setup: () => retr(8_000_000),
    contenders: {
      ours: ({ pop3, octets, chunks }) => expect(ours(pop3, chunks, command), octets.length),
      'node-pop3': async ({ NodePop3, chunks, octets }) => {
        const text = await nodePop3(NodePop3, chunks, (client) => client.RETR(1));
        if (text.length < octets.length) throw new Error('octets are missing');
      },
      mailpop3: async ({ Mailpop3, chunks, octets }) => {
        const text = await mailpop3(Mailpop3, chunks, 'RETR 1');
        if (text.length < octets.length) throw new Error('octets are missing');
      },
    },
    goals: { 'node-pop3': 10, mailpop3: 10 },
  }),
  defineBench({
    name: 'pop3-uidl',
    title:
      'Read a UIDL of 10,000 messages in chunks of 16 KB: each line’s number and unique-id; beside it, our lines counted only.',
    async setup() {
      const state = await retr(0);
      return { ...state, chunks: chunked(uniqueIds(10_000)) };
    },
    contenders: {
      ours: ({ pop3, chunks }) => expect(ours(pop3, chunks, { name: 'UIDL' }, true), 10_000),
      'ours, counted': ({ pop3, chunks }) => expect(ours(pop3, chunks, { name: 'UIDL' }), 10_000),
      'node-pop3': async ({ NodePop3, chunks }) =>
        expect((await nodePop3(NodePop3, chunks, (client) => client.UIDL())).length, 10_000),
      mailpop3: async ({ Mailpop3, chunks }) => {
        const text = await mailpop3(Mailpop3, chunks, 'UIDL');
        const lines = text.slice(0, -5).split('\r\n').slice(1);
        expect(lines.map((line) => line.split(' ')).length, 10_000);
      },
    },
    goals: { 'node-pop3': 10, mailpop3: 10 },
  }),
];
