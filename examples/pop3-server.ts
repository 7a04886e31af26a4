// Serves a folder of mails (*.eml) by POP3:
//
//   npx tsx examples/pop3-server.ts FOLDER USER PASSWORD [PORT]
//
// It listens on this machine only and without TLS, which is why it may take
// passwords as they are. What a client deletes is removed from the folder.

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MailsealError } from 'mailseal';
import { canonicalLineEnds } from 'mailseal/encoding';
import { type Pop3Mailbox, Pop3Server, type Pop3ServerEvent } from 'mailseal/pop3';

/** What to serve, and to whom. */
export interface FolderOptions {
  readonly folder: string;
  readonly user: string;
  readonly password: string;
}

/** The mails of a folder as they are now. */
export function openFolder(folder: string): Pop3Mailbox & { remove(indexes: readonly number[]): void } {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => join(folder, name));
  // On the wire lines end with CRLF, whatever they end with in the file.
  const messages = paths.map((path) => {
    const octets = canonicalLineEnds(readFileSync(path));
    return { size: octets.length, uid: createHash('sha256').update(octets).digest('hex') };
  });
  return {
    messages,
    retrieve: (index) => [canonicalLineEnds(readFileSync(paths[index]!))],
    remove: (indexes) => {
      for (const index of indexes) rmSync(paths[index]!);
    },
  };
}

/** Serves a folder; the server listens on a port of 127.0.0.1. */
export async function servePop3(options: FolderOptions, port = 0): Promise<Server> {
  const server = createServer((socket) => {
    serve(socket, options).catch((error: unknown) => {
      // A client that breaks the protocol, or leaves, ends its own session alone.
      socket.destroy();
      if (!(error instanceof MailsealError) && (error as NodeJS.ErrnoException).code === undefined)
        throw error;
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function serve(socket: Socket, options: FolderOptions): Promise<void> {
  const server = new Pop3Server({ greeting: 'mailseal example', transport: 'plain' });
  let mailbox: ReturnType<typeof openFolder> | undefined;

  const handle = async (events: readonly Pop3ServerEvent[]): Promise<void> => {
    for (const event of events) {
      switch (event.type) {
        case 'send':
          // A chunk is made when the one before has left: a slow client costs no memory.
          for (const octets of event.octets) {
            if (socket.destroyed) return;
            if (!socket.write(octets)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
          }
          break;
        case 'login': {
          const isRight = isEqual(event.user, options.user) && isEqual(event.password, options.password);
          if (isRight) mailbox = openFolder(options.folder);
          await handle(isRight && mailbox !== undefined ? server.accept(mailbox) : server.refuse());
          break;
        }
        case 'update':
          mailbox?.remove(event.deleted);
          await handle(server.updated(true));
          break;
        case 'close':
          socket.end();
          break;
      }
    }
  };

  await handle(server.greet());
  for await (const chunk of socket) await handle(server.push(chunk as Buffer));
}

/** Takes the same time whatever is alike in them. */
function isEqual(a: string | Uint8Array, b: string): boolean {
  const digest = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, user, password, port = '1110'] = process.argv.slice(2);
  if (folder === undefined || user === undefined || password === undefined) {
    console.error('usage: pop3-server.ts FOLDER USER PASSWORD [PORT]');
    process.exitCode = 2;
  } else {
    await servePop3({ folder, user, password }, Number(port));
    console.log(`POP3 on 127.0.0.1:${port}`);
  }
}
