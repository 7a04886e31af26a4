import { expect, test } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { decodeResponses } from '../../src/imap/framing/response-decoder.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { ImapServer } from '../../src/imap/session/server.js';
import type { ImapServerEvent } from '../../src/imap/session/server-events.js';
import { describeCorpus } from '../support/corpus.js';
import { readTutorialSession } from '../support/tutorial-1998-imap.js';

/** What an ImapServer makes of the client's octets in some pieces, if it answers as the tutorial's does. */
function serverSide(answers: readonly ImapResponse[], pieces: readonly Uint8Array[]) {
  const server = new ImapServer({ transport: 'plain' });
  const left = [...answers];
  const commands: [tag: string, command: ImapCommand][] = [];
  const states: string[] = [];
  let said = '';
  const write = (octets: Uint8Array) => {
    said += latin1FromBytes(octets);
  };
  const take = (events: readonly ImapServerEvent[]): void => {
    for (const event of events) {
      if (event.type === 'send') event.octets.forEach(write);
      else if (event.type === 'state') states.push(event.state);
      else if (event.type === 'command') {
        commands.push([event.tag, structuredClone(event.command)]);
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          if (!('tag' in next) || next.tag === undefined) write(server.respond(next));
          else {
            const { type, tag, text, code } = next;
            if (type !== 'OK' || typeof text !== 'string') throw new Error('the tutorial has OK only');
            take(server.done(tag, type, text, code));
            break;
          }
        }
      } else throw new Error(`there is no ${event.type} in the tutorial`);
    }
  };
  const greeting = left.shift();
  take(server.greet(greeting?.type === 'OK' && typeof greeting.text === 'string' ? greeting.text : ''));
  for (const piece of pieces) take(server.push(piece));
  expect(left).toEqual([]);
  return { commands, states, said };
}

describeCorpus('tutorial-1998', () => {
  const turns = readTutorialSession();
  const of = (side: 'C' | 'S') =>
    concatBytes(turns.flatMap((turn) => (turn.side === side ? [turn.octets] : [])));
  const client = of('C');
  const answers = decodeResponses(of('S')).map((event) => {
    if (event.type !== 'response') throw new Error('every response of the tutorial can be read');
    return event.response.type === 'FETCH' ? plainFetch(event.response) : event.response;
  });

  test(`an ImapServer carries the tutorial's session out at all ${client.length + 1} splits and octet by octet`, () => {
    const whole = serverSide(answers, [client]);
    expect(whole.commands.map(([tag, { name }]) => `${tag} ${name}`)).toEqual([
      'A1 LOGIN',
      'A2 SELECT',
      'A3 FETCH',
      'A4 FETCH',
      'A4 FETCH',
    ]);
    expect(whole.states).toEqual(['not-authenticated', 'authenticated', 'selected']);
    // A server of 1998 did not tell its capabilities unasked.
    const said = whole.said.replaceAll(/ \[CAPABILITY [^\]]*\]/g, '');
    expect(said).toBe(answers.map((answer) => latin1FromBytes(encodeResponse(answer))).join(''));
    for (let split = 0; split <= client.length; split++) {
      expect(serverSide(answers, [client.slice(0, split), client.slice(split)])).toEqual(whole);
    }
    expect(
      serverSide(
        answers,
        [...client].map((octet) => Uint8Array.of(octet)),
      ),
    ).toEqual(whole);
  });
});
