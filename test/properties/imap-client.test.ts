import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { ImapClient } from '../../src/imap/session/client.js';
import type { ImapClientEvent } from '../../src/imap/session/client-events.js';
import type { ImapTransport } from '../../src/imap/session/client-options.js';
import { lasting, wire } from '../support/imap-client.js';
import { expectLinear } from '../support/linear-time.js';

const set = [{ from: 1, to: 5 }];

/** What a caller does, of commands that change the state and others. */
const commands: readonly ImapCommand[] = [
  { name: 'LOGIN', user: 'anna', password: 'se"cret' },
  { name: 'LOGIN', user: 'anna', password: 'é' },
  { name: 'AUTHENTICATE', mechanism: 'X-OWN' },
  { name: 'SELECT', mailbox: 'INBOX' },
  { name: 'EXAMINE', mailbox: 'Été' },
  { name: 'UNSELECT' },
  { name: 'NOOP' },
  { name: 'IDLE' },
  { name: 'ENABLE', capabilities: ['UTF8=ACCEPT', 'QRESYNC'] },
  { name: 'COMPRESS', mechanism: 'DEFLATE' },
  { name: 'FETCH', set, items: ['FLAGS', 'BODYSTRUCTURE'] },
  { name: 'FETCH', uid: true, set, items: ['FLAGS'] },
  { name: 'SEARCH', keys: [{ key: 'ALL' }] },
  { name: 'EXPUNGE' },
  { name: 'APPEND', mailbox: 'Sent', messages: [{ message: { octets: wire('Subject: x') } }] },
  { name: 'STARTTLS' },
  { name: 'UNAUTHENTICATE' },
  { name: 'LOGOUT' },
];

/** What a server says, with the tag of a command where there is `TAG`. */
const lines = [
  ...['TAG OK done', 'TAG OK done', 'TAG OK done', 'TAG OK [READ-WRITE] done', 'TAG NO no', 'TAG BAD what'],
  ...['TAG OK [CAPABILITY IMAP4rev1 LITERAL+] done', 'TAG WHAT', 'A77 OK done', '+ go on', '+ aGk=', '+'],
  ...['* CAPABILITY IMAP4rev1 SASL-IR', '* ENABLED UTF8=ACCEPT', '* OK [CLOSED] .', '* OK [UIDVALIDITY 3] .'],
  ...['* 5 EXISTS', '* 9 EXISTS', '* 2 EXISTS', '* 1 RECENT', '* 3 EXPUNGE', '* 1 EXPUNGE', '* VANISHED 3:7'],
  ...['* 1 FETCH (UID 3 FLAGS ())', '* 4 FETCH (UID 9)', '* 2 FETCH (FLAGS (\\Seen) MODSEQ (12))'],
  ...[
    '* 2 FETCH (BODY[] {5}',
    'hello)',
    '* SEARCH 1 2 3',
    '* ESEARCH (TAG "A2") ALL 1:3',
    '* LIST () "/" {3}',
    'a&b',
  ],
  ...['* OK done {5}', '* BYE bye', '* BAD what', '* WHAT (', ')', '', 'A', '* PREAUTH hi', '* OK hi'],
];

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('send' as const), at: fc.nat(commands.length - 1) }),
  },
  // An OK to the last command.
  { weight: 4, arbitrary: fc.constant({ does: 'say' as const, at: 0, tag: 0 }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('say' as const), at: fc.nat(lines.length - 1), tag: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('act' as const), at: fc.nat(2) }) },
);
const greeting = fc.constantFrom('* OK hi', '* PREAUTH hi', '* OK [CAPABILITY IMAP4rev1] hi');

interface Session {
  readonly transport: ImapTransport;
  readonly greeting: string;
  readonly steps: readonly { does: 'send' | 'say' | 'act'; at: number; tag?: number }[];
}

/** Goes through a session; what the server says between two acts of the caller comes in pieces. */
function play(
  { transport, greeting: first, steps }: Session,
  pieces: (octets: Uint8Array) => Uint8Array[],
): unknown[] {
  const client = new ImapClient({ transport });
  const told: unknown[] = [];
  const tags: string[] = ['A0'];
  let unsaid = [wire(first)];
  const take = (events: readonly ImapClientEvent[]): void => {
    // A chunk's octets may be gone with the next one, so that all has to be kept at once.
    for (const event of events) told.push(lasting(event));
  };
  const say = (): void => {
    for (const piece of pieces(concatBytes(unsaid))) {
      const passing = piece.slice();
      take(client.push(passing));
      passing.fill(0x2a);
    }
    unsaid = [];
  };
  for (const { does, at, tag = 0 } of steps) {
    if (does === 'say') {
      unsaid.push(wire(lines[at]!.replace(/^TAG/, tags[Math.max(0, tags.length - 1 - tag)]!)));
      continue;
    }
    say();
    try {
      if (does === 'send') {
        const sent = client.send(commands[at]!);
        tags.push(sent.tag);
        told.push({ type: 'sent', tag: sent.tag, text: sent.octets.map((octets) => octets.length) });
      } else if (at === 0) told.push(client.stopIdle().length);
      else if (at === 1) told.push(client.respond(undefined).length);
      else take(client.tlsStarted());
    } catch (error) {
      // A refusal says why, and changes nothing.
      expect(error).toMatchObject({ name: 'MailsealError', fault: 'usage' });
      told.push((error as Error).message);
    }
  }
  say();
  take(client.end());
  expect(client.isQuiet).toBe(true);
  expect(client.state).toBe('logout');
  expect(JSON.stringify(client)).not.toContain('cret');
  return told;
}

const session: fc.Arbitrary<Session> = fc.record({
  transport: fc.constantFrom('plain', 'plain', 'starttls'),
  greeting,
  steps: fc.array(step, { minLength: 15, maxLength: 40 }),
});

/** What came behind COMPRESS is told as far as the chunk held it, and the rest would be inflated first. */
const splittable = (told: readonly unknown[]): boolean =>
  !told.some((event) => (event as { type?: string }).type === 'start-compression');

/** Where octets follow the OK to STARTTLS in a chunk of their own, TLS may have been said to begin before they came. */
const withoutStartTls = (told: readonly unknown[]): unknown[] =>
  told.filter((event) => (event as { type?: string }).type !== 'start-tls');

describe('ImapClient', () => {
  test('tells the same however the octets are split', () => {
    let compared = 0;
    let events = 0;
    fc.assert(
      fc.property(session, fc.integer({ min: 1, max: 9 }), (played, size) => {
        const whole = play(played, (octets) => [octets]);
        if (!splittable(whole)) return;
        const split = play(played, (octets) =>
          Array.from({ length: Math.ceil(octets.length / size) }, (_, at) =>
            octets.subarray(at * size, (at + 1) * size),
          ),
        );
        expect(withoutStartTls(split)).toEqual(withoutStartTls(whole));
        compared++;
        events += whole.length;
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(200);
    expect(events).toBeGreaterThan(2000);
  });

  test('ends every command once, and tells everything about it in between', () => {
    let ended = 0;
    fc.assert(
      fc.property(session, (played) => {
        const told = play(played, (octets) => [octets]) as { type?: string; tag?: string }[];
        const sent = told.filter(({ type }) => type === 'sent').map(({ tag }) => tag);
        const ends = told.filter(({ type }) => type === 'command-done' || type === 'command-dropped');
        expect(ends.map(({ tag }) => tag).sort()).toEqual([...sent].sort());
        for (const { type, tag } of told) {
          if (type === 'response' && tag !== undefined) expect(sent).toContain(tag);
        }
        for (const { tag } of ends) {
          const end = told.findIndex((event) => ends.includes(event) && event.tag === tag);
          expect(told.slice(end + 1).some((event) => event.type === 'response' && event.tag === tag)).toBe(
            false,
          );
          ended++;
        }
      }),
      { numRuns: 400 },
    );
    console.log(`${ended} commands ended`);
    expect(ended).toBeGreaterThan(500);
  });

  test('throws for no octets that a server may send', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 60 }),
            fc.constantFrom(...lines).map((line) => wire(line)),
          ),
          {
            maxLength: 20,
          },
        ),
        (chunks) => {
          const client = new ImapClient({ transport: 'plain' });
          client.push(wire('* PREAUTH hi'));
          client.send({ name: 'SELECT', mailbox: 'INBOX' });
          for (const chunk of chunks) client.push(chunk);
          client.end();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('takes linear time for what a server tells of messages', () => {
    expectLinear((size) => {
      const count = size / 50;
      const told = wire(
        `* ${count} EXISTS`,
        ...Array.from({ length: count }, (_, at) => `* ${at + 1} FETCH (UID ${2 * at + 1} FLAGS (\\Seen))`),
        ...Array.from({ length: count }, () => '* 1 EXPUNGE'),
      );
      return () => {
        const client = new ImapClient({ transport: 'plain' });
        client.push(wire('* PREAUTH hi'));
        client.send({ name: 'SELECT', mailbox: 'INBOX' });
        client.push(wire('A1 OK done'));
        client.send({ name: 'FETCH', uid: true, set: [{ from: 1, to: '*' }], items: ['FLAGS'] });
        client.push(told);
      };
    }, 200_000);
  });

  test('takes linear time for commands under way', () => {
    expectLinear((size) => {
      const count = size / 100;
      const answers = wire(
        ...Array.from({ length: count }, (_, at) => [
          `* ${at + 1} FETCH (UID ${at + 1} FLAGS ())`,
          `A${at + 2} OK done`,
        ]).flat(),
      );
      return () => {
        const client = new ImapClient({ transport: 'plain' });
        client.push(wire('* PREAUTH hi'));
        client.send({ name: 'SELECT', mailbox: 'INBOX' });
        client.push(wire(`* ${count} EXISTS`, 'A1 OK done'));
        for (let at = 1; at <= count; at++) {
          client.send({ name: 'FETCH', uid: true, set: [{ from: at, to: at }], items: ['FLAGS'] });
        }
        client.push(answers);
        expect(client.isQuiet).toBe(true);
      };
    }, 200_000);
  });

  test('takes linear time for what a server tells while many commands are under way', () => {
    expectLinear((size) => {
      const count = size / 100;
      const told = wire(
        ...Array.from({ length: count }, (_, at) => `* ${at + 1} FETCH (UID ${at + 1_000_001} FLAGS ())`),
      );
      return () => {
        const client = new ImapClient({ transport: 'plain' });
        client.push(wire('* PREAUTH hi'));
        client.send({ name: 'SELECT', mailbox: 'INBOX' });
        client.push(wire(`* ${count} EXISTS`, 'A1 OK done'));
        for (let at = 1; at <= count; at++) {
          client.send({ name: 'FETCH', uid: true, set: [{ from: at, to: at }], items: ['FLAGS'] });
        }
        client.push(told);
        let sent = 0;
        for (let at = 1; at <= count; at++) {
          for (const event of client.push(wire(`A${at + 1} OK done`))) if (event.type === 'send') sent++;
        }
        expect(sent).toBeGreaterThan(count / 2);
        expect(client.isQuiet).toBe(true);
      };
    }, 200_000);
  });

  test('reads nothing that comes in the clear behind the OK to STARTTLS, whatever it is and however it comes', () => {
    const beforeTls = fc.constantFrom<ImapCommand>(
      { name: 'NOOP' },
      { name: 'CAPABILITY' },
      { name: 'LOGIN', user: 'anna', password: 'geheim' },
    );
    const injection = fc
      .tuple(fc.array(fc.constantFrom(...lines)), fc.constantFrom(...lines), fc.nat(30), fc.nat(3))
      .map(([whole, last, length, tag]) => ({
        text: [...whole.map((line) => `${line}\r\n`), last.slice(0, length)].join(''),
        tag,
      }))
      .filter(({ text }) => text !== '');
    let refused = 0;
    let waiting = 0;
    fc.assert(
      fc.property(
        fc.array(beforeTls, { maxLength: 4 }),
        fc.array(beforeTls, { maxLength: 4 }),
        injection,
        fc.integer({ min: 1, max: 9 }),
        (before, behind, { text, tag }, size) => {
          const begun = () => {
            const client = new ImapClient({ transport: 'starttls' });
            client.push(wire('* OK hi'));
            const tags: string[] = [];
            for (const command of [...before, { name: 'STARTTLS' } as const, ...behind]) {
              try {
                tags.push(client.send(command).tag);
              } catch (error) {
                // LOGIN cannot be said before TLS, unless it waits for it.
                expect(error).toMatchObject({ code: 'imap-state' });
              }
            }
            return { client, tags };
          };
          const { client, tags } = begun();
          const startTls = tags.length - 1 - behind.length;
          const answers = wire(...tags.slice(0, startTls + 1).map((each) => `${each} OK done`));
          const clean = client.push(answers).map(lasting);
          expect(clean.at(-1)).toEqual({ type: 'start-tls' });
          const told = clean.slice(0, -1);
          const injected = bytesFromUtf8(text.replaceAll('TAG', tags.at(-1 - tag) ?? 'A1'));
          const octets = concatBytes([answers, injected]);
          const halves = (at: number) => [octets.slice(0, at), octets.slice(at)];
          const pieces = Array.from({ length: Math.ceil(octets.length / size) }, (_, at) =>
            octets.slice(at * size, (at + 1) * size),
          );
          const splits = [...Array.from(octets, (_, at) => halves(at)), pieces];
          for (const chunks of splits) {
            const session = begun();
            const events = withoutStartTls(
              chunks.flatMap((chunk) => session.client.push(chunk)).map(lasting),
            ) as { type: string; isFatal?: boolean; tag?: string }[];
            expect(events.slice(0, told.length)).toEqual(told);
            const rest = events.slice(told.length);
            expect(rest[0]).toMatchObject({ type: 'protocol-error', isFatal: true });
            expect(rest[1]).toMatchObject({ type: 'state', state: 'logout' });
            expect(rest.slice(2).map((event) => [event.type, event.tag])).toEqual(
              tags.slice(startTls + 1).map((each) => ['command-dropped', each]),
            );
            expect(() => session.client.tlsStarted()).toThrow('has not agreed');
            expect(session.client.push(wire('', ...tags.map((each) => `${each} OK done`)))).toEqual([]);
            refused++;
          }
          if (startTls > 0) waiting++;
        },
      ),
      { numRuns: 60 },
    );
    console.log(`${refused} injections refused`);
    expect(refused).toBeGreaterThan(1000);
    expect(waiting).toBeGreaterThan(10);
  });
});
