import { expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { Pop3Client } from '../../src/pop3/client.js';
import { dotStuff } from '../../src/pop3/dot-stuffing.js';
import { decodePop3Command } from '../../src/pop3/read-command.js';
import { Pop3Server } from '../../src/pop3/server.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { kept, sent, settled, unwire, wire } from '../support/pop3.js';

/** The page leaves the message out: one that has whatever looks like the end of a reply, and has none itself. */
const message = wire(
  'Subject: dots\r\n\r\n.\r\n..\r\n.text\r\n \r\n.\n.\r\n\n.\n\r.\r\r\n.\rx\r\n. \r\nthe last line has no end',
);
const ended = concatBytes([message, wire('\r\n')]);

describeCorpus('tutorial-1998', () => {
  const lines = unwire(readCorpus('tutorial-1998/pop3-session.txt')).split('\r\n').slice(0, -1);
  // "RTET 1" is a slip of the page.
  const client = lines
    .filter((line) => line.startsWith('C: '))
    .map((line) => line.slice(3).replace('RTET', 'RETR'));
  const server = lines.filter((line) => line.startsWith('S: ')).map((line) => line.slice(3));

  /** The replies as they are on the wire, one for each command, the greeting first. */
  const replies = ((): Uint8Array[] => {
    const wanted: Uint8Array[] = [];
    for (const line of server) {
      if (line === '.') continue;
      if (line.startsWith('(')) wanted.push(concatBytes([wanted.pop()!, dotStuff(message)]));
      else wanted.push(wire(`${line}\r\n`));
    }
    return wanted;
  })();

  test('the session is what the page shows', () => {
    expect(client).toEqual(['USER kitarou', 'PASS nazonazo', 'RETR 1', 'DELE 1230', 'QUIT']);
    expect(replies).toHaveLength(6);
  });

  test('the client reads every reply the same at each split', () => {
    const run = (cut: (reply: Uint8Array) => Uint8Array[]): unknown[] => {
      const session = new Pop3Client({ transport: 'plain' });
      const events = [...kept(push(session, cut(replies[0]!)))];
      client.forEach((line, at) => {
        session.send(decodePop3Command(wire(line)));
        events.push(...push(session, cut(replies[at + 1]!)));
      });
      expect(session.state).toBe('closed');
      return settled(events);
    };
    const whole = run((reply) => [reply]);
    expect(whole).toEqual([
      ['+OK', 'POP3 beer.orangesoft.co.jp v5.49 server ready'],
      ['state', 'authorization'],
      'end',
      ['+OK', 'User name accepted, password please'],
      'end',
      ['+OK', 'Mailbox open, 1230 messages'],
      ['state', 'transaction'],
      'end',
      ['+OK', '3360 octets'],
      ['message', unwire(ended)],
      'end',
      ['+OK', 'Message deleted'],
      'end',
      ['+OK', 'Sayonara'],
      ['state', 'closed'],
      'end',
    ]);
    const longest = Math.max(...replies.map(({ length }) => length));
    let splits = 0;
    for (let first = 0; first <= longest; first++) {
      expect(run((reply) => [reply.subarray(0, first), reply.subarray(first)])).toEqual(whole);
      splits++;
    }
    // Pieces of each size, and three pieces around the message's end.
    for (let size = 1; size <= longest; size++) {
      expect(run((reply) => inPieces(reply, size))).toEqual(whole);
      splits++;
    }
    expect(splits).toBe(2 * longest + 1);
  });

  test('the server answers the same at each split of what the client sends', () => {
    const octets = wire(client.map((line) => `${line}\r\n`).join(''));
    const serve = (chunks: readonly Uint8Array[]): string => {
      const session = new Pop3Server({
        transport: 'plain',
        greeting: 'POP3 beer.orangesoft.co.jp v5.49 server ready',
      });
      const messages = Array.from({ length: 1230 }, (_, at) => ({ size: ended.length, uid: String(at) }));
      let said = sent(session.greet());
      for (const chunk of chunks) {
        let events = session.push(chunk);
        while (events.length > 0) {
          said += sent(events);
          const last = events.at(-1)!;
          if (last.type === 'login') {
            expect(last).toMatchObject({ user: 'kitarou', password: 'nazonazo' });
            events = session.accept({ messages, retrieve: () => inPieces(message, 7) });
          } else if (last.type === 'update') {
            expect(last.deleted).toEqual([1229]);
            events = session.updated(true);
          } else events = [];
        }
      }
      expect(session.state).toBe('closed');
      return said;
    };
    const whole = serve([octets]);
    expect(whole).toBe(
      `+OK POP3 beer.orangesoft.co.jp v5.49 server ready\r\n+OK\r\n+OK 1230 messages\r\n+OK ${ended.length} octets\r\n${unwire(dotStuff(message))}+OK\r\n+OK bye\r\n`,
    );
    for (let first = 0; first <= octets.length; first++) {
      expect(serve([octets.subarray(0, first), octets.subarray(first)])).toBe(whole);
    }
    for (let size = 1; size < 20; size++) expect(serve(inPieces(octets, size))).toBe(whole);
  });
});

function push(session: Pop3Client, chunks: readonly Uint8Array[]): ReturnType<Pop3Client['push']> {
  return chunks.flatMap((chunk) => kept(session.push(chunk)));
}

function inPieces(octets: Uint8Array, size: number): Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += size) list.push(octets.subarray(at, at + size));
  return list;
}
