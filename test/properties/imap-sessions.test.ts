import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { ImapClientEvent } from '../../src/imap/session/client-events.js';
import { ImapServer } from '../../src/imap/session/server.js';
import type { ImapServerEvent } from '../../src/imap/session/server-events.js';
import { commandsByName } from '../support/imap-commands.js';
import { reusedChunks } from '../support/imap-framing.js';
import { cutsOf, expectSame } from '../support/imap-round-trip.js';

const outcomes = ['OK', 'NO', 'BAD'] as const;
type Outcome = (typeof outcomes)[number];

/** An ImapClient and an ImapServer that answers as it is told, with octets between them in pieces of any size. */
class Pair {
  readonly client: ImapClient;
  readonly server: ImapServer;
  /** What the server was given to carry out, with its tag. */
  readonly carriedOut: [tag: string, command: ImapCommand][] = [];
  readonly done: string[] = [];
  readonly dropped: string[] = [];
  readonly faults: string[] = [];
  readonly #outcomes: Outcome[];
  readonly #size: number;
  readonly #isPlain: boolean;
  #toClient: Uint8Array[] = [];
  #toServer: Uint8Array[] = [];
  #running: string | undefined;
  /** What the server was given last. */
  #used: Uint8Array | undefined;

  constructor(outcomes: readonly Outcome[], size: number, isPlain: boolean) {
    this.#outcomes = [...outcomes];
    this.#size = size;
    this.#isPlain = isPlain;
    this.client = new ImapClient({ transport: 'tls' });
    const enableable = ['UTF8=ACCEPT', 'IMAP4rev2'];
    this.server = new ImapServer({ transport: 'tls', capabilities: ['IDLE'], enableable });
    this.#ofServer(this.server.greet('ready', 'PREAUTH'));
    this.settle();
  }

  /** Gives a command; says whether the client took it. */
  send(command: ImapCommand): string | undefined {
    try {
      const { tag, octets } = this.client.send(command);
      this.#toServer.push(...octets);
      return tag;
    } catch (error) {
      // Not for the state that the client is in, or not to be written.
      if (!(error instanceof MailsealError) || !['imap-state', 'usage'].includes(error.code)) throw error;
      return undefined;
    }
  }

  /** Has one piece travel each way, and one command answered; says whether anything did. */
  step(): boolean {
    const up = this.#piece(this.#toServer);
    if (up !== undefined) {
      this.#ofServer(this.server.push(up));
      // Whoever owns the memory uses it again at the next push.
      this.#used?.fill(0x21);
      this.#used = up;
    }
    const tag = this.#running;
    if (tag !== undefined) {
      this.#running = undefined;
      const outcome = this.#outcomes.shift() ?? 'OK';
      this.#ofServer(this.server.done(tag, outcome, 'as it was told'));
    }
    const down = this.#piece(this.#toClient);
    if (down !== undefined) this.#ofClient(this.client.push(down));
    return up !== undefined || tag !== undefined || down !== undefined;
  }

  settle(): void {
    while (this.step());
  }

  #piece(queue: Uint8Array[]): Uint8Array | undefined {
    const all = concatBytes(queue);
    if (all.length === 0) return undefined;
    queue.splice(0, queue.length, all.slice(this.#size));
    return all.slice(0, this.#size);
  }

  #ofServer(events: readonly ImapServerEvent[]): void {
    for (const event of events) {
      if (event.type === 'send') {
        for (const octets of event.octets)
          this.#toClient.push(this.#isPlain ? octets : withoutLiteralPlus(octets));
      } else if (event.type === 'command') {
        this.carriedOut.push([event.tag, structuredClone(event.command)]);
        if (event.name !== 'IDLE') this.#running = event.tag;
      } else if (event.type === 'refused') this.faults.push(`the server refused: ${event.error.message}`);
    }
  }

  #ofClient(events: readonly ImapClientEvent[]): void {
    for (const event of events) {
      if (event.type === 'send') this.#toServer.push(...event.octets);
      else if (event.type === 'idling') this.#toServer.push(...this.client.stopIdle());
      else if (event.type === 'command-done') this.done.push(event.tag);
      else if (event.type === 'command-dropped') this.dropped.push(event.tag);
      else if (event.type === 'protocol-error') this.faults.push(`the client: ${event.error.message}`);
    }
  }
}

/** So that literals have to be asked for. */
function withoutLiteralPlus(octets: Uint8Array): Uint8Array {
  return bytesFromLatin1(latin1FromBytes(octets).replace(' LITERAL+', ''));
}

/** The session itself sees to these, or the stream is another one behind them. */
const apart = new Set(['STARTTLS', 'AUTHENTICATE', 'COMPRESS', 'LOGOUT', 'CAPABILITY', 'ENABLE']);

describe('a client and a server', () => {
  const all = fc.oneof(...Object.values(commandsByName(false))).filter(({ name }) => !apart.has(name));
  const command = fc.oneof(
    { weight: 8, arbitrary: all },
    { weight: 2, arbitrary: fc.constant<ImapCommand>({ name: 'SELECT', mailbox: 'INBOX' }) },
    { weight: 1, arbitrary: fc.constant<ImapCommand>({ name: 'IDLE' }) },
  );

  test('agree on every command, its outcome and the state, however octets travel', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(command, fc.nat(4)), { maxLength: 12 }),
        fc.array(fc.constantFrom('OK', 'OK', 'OK', ...outcomes)),
        fc.constantFrom(1, 2, 7, 64, 100_000),
        fc.boolean(),
        (commands, answers, size, isPlain) => {
          const pair = new Pair(answers, size, isPlain);
          const sent: [tag: string, command: ImapCommand][] = [];
          for (const [each, steps] of commands) {
            const tag = pair.send(each);
            if (tag !== undefined) sent.push([tag, each]);
            for (let step = 0; step < steps; step++) pair.step();
          }
          pair.settle();
          expect(pair.faults).toEqual([]);
          const answered = sent.filter(([tag]) => !pair.dropped.includes(tag));
          expectSame(pair.carriedOut, answered);
          expect([...pair.done, ...pair.dropped].sort()).toEqual(sent.map(([tag]) => tag).sort());
          expect(pair.client.isQuiet).toBe(true);
          expect(pair.client.state).toBe(pair.server.state);
          taken += answered.length;
        },
      ),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});

/** What a server does with octets, all commands answered at once. */
function told(chunks: Iterable<Uint8Array>, isInTls = false): string[] {
  const server = new ImapServer({
    transport: 'starttls',
    capabilities: ['IDLE'],
    enableable: ['UTF8=ACCEPT', 'UIDONLY'],
    mechanisms: ['PLAIN'],
  });
  const words: string[] = [];
  const take = (events: readonly ImapServerEvent[]): void => {
    for (const event of events) {
      if (event.type === 'send') words.push(...event.octets.map((octets) => latin1FromBytes(octets)));
      else if (event.type === 'command') {
        words.push(`${event.tag} ${event.name} ${[...JSON.stringify(event.command, shown)].length}`);
        if (event.name !== 'IDLE') take(server.done(event.tag, event.name === 'LIST' ? 'NO' : 'OK', 'done'));
      } else if (event.type === 'authenticate') take(server.done(event.tag, 'NO', 'not today'));
      else if (event.type === 'start-tls') server.tlsStarted();
      else words.push(event.type);
    }
  };
  take(server.greet());
  if (isInTls) take(server.push(bytesFromLatin1('t STARTTLS\r\n')));
  for (const chunk of chunks) take(server.push(chunk));
  take(server.end());
  expect(server.state).toBe('logout');
  return words;
}

function shown(_: string, value: unknown): unknown {
  return typeof value === 'bigint'
    ? String(value)
    : value instanceof Uint8Array
      ? latin1FromBytes(value)
      : value;
}

describe('a server', () => {
  const word = fc.constantFrom(
    'a LOGIN anna secret\r\n',
    'a STARTTLS\r\n',
    'b SELECT INBOX\r\n',
    'c FETCH 1 FLAGS\r\n',
    'd LOGIN {3}\r\nbob {6}\r\nsecret\r\n',
    'e IDLE\r\nDONE\r\n',
    'f IDLE\r\nx\r\n',
    'g AUTHENTICATE PLAIN\r\n',
    'h APPEND INBOX {5+}\r\nhello\r\n',
    'i APPEND INBOX {99999999999}\r\n',
    'j ENABLE UTF8=ACCEPT UIDONLY\r\n',
    'k UNAUTHENTICATE\r\n',
    'l LIST "" *\r\n',
    'm CLOSE\r\n',
    'n LOGOUT\r\n',
    'DONE\r\n',
    '*\r\n',
    '\r\n',
    'a ',
    '{3}',
    '"',
    '(',
    '\0',
    '\xff',
  );
  const garbage = fc.array(word, { maxLength: 14 }).map((words) => bytesFromLatin1(words.join('')));

  test('takes whatever comes without an error, the same at any split', () => {
    fc.assert(
      fc.property(garbage, cutsOf, fc.boolean(), (octets, cuts, isInTls) => {
        // What comes behind STARTTLS in one chunk ends the session: such a split is another session.
        const isOther = latin1FromBytes(octets).includes('STARTTLS') && !isInTls;
        if (isOther) return void told([octets]);
        const whole = told([octets], isInTls);
        expect(told(reusedChunks(octets, cuts(octets.length)), isInTls)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test('takes random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cutsOf, (octets, cuts) => {
        expect(told(reusedChunks(octets, cuts(octets.length)))).toEqual(told([octets]));
      }),
      { numRuns: 500 },
    );
  });
});
