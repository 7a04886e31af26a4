import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import type { TaggedCommand } from '../../src/imap/command/command.js';
import { encodeCommand } from '../../src/imap/command/encode-command.js';
import { CommandDecoder } from '../../src/imap/framing/command-decoder.js';
import type { CommandEvent } from '../../src/imap/framing/events.js';
import { decodeResponses, ResponseDecoder } from '../../src/imap/framing/response-decoder.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { ImapClient } from '../../src/imap/session/client.js';
import { lasting as lastingClientEvent } from '../support/imap-client.js';
import { readTranscripts, type TranscriptTurn } from '../support/imap-transcript.js';
import { lasting } from '../support/imap-wire.js';
import { type Draw, seededDraw } from '../support/seeded.js';

/** Octets cut at random places: most pieces short, some longer than a message. */
function cut(octets: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = 1 + draw(draw(4) === 0 ? 4096 : 64);
    pieces.push(octets.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

function whole(turns: readonly TranscriptTurn[], from: TranscriptTurn['from']): Uint8Array<ArrayBuffer> {
  return concatBytes(turns.filter((turn) => turn.from === from).map(({ octets }) => octets));
}

/** The responses in pieces, as values that stay. Every octet is one of a response. */
function responsesOf(pieces: readonly Uint8Array<ArrayBuffer>[]): ImapResponse[] {
  const decoder = new ResponseDecoder({ eager: true });
  const responses: ImapResponse[] = [];
  // A copy, which is overwritten before the next one: nothing that was kept may still point into it.
  for (const piece of pieces) {
    const copy = piece.slice();
    for (const event of decoder.push(copy)) {
      if (event.type !== 'response') throw new Error(`${event.type}: ${JSON.stringify(event)}`);
      responses.push(lasting(event.response));
    }
    copy.fill(0x2a);
  }
  expect(decoder.end()).toEqual([]);
  return responses;
}

/** Reads what the client sent, and refuses the literals that the server refused then. */
class CommandReader {
  readonly #decoder = new CommandDecoder({
    stopWhen: (event) =>
      event.type === 'literal-wanted' || (event.type === 'command' && event.command.command.name === 'IDLE'),
  });
  readonly #isRefused: readonly boolean[];
  #literals = 0;

  /** @param isRefused - for each literal that waits for the server, in their order. */
  constructor(isRefused: readonly boolean[]) {
    this.#isRefused = isRefused;
  }

  read(piece: Uint8Array): CommandEvent[] {
    const read: CommandEvent[] = [];
    for (let events = this.#decoder.push(piece); ; events = this.#decoder.resume()) {
      read.push(...events);
      if (!this.#decoder.stopped) return read;
      if (events.at(-1)?.type === 'command') this.#decoder.expectLine();
      else if (this.#isRefused[this.#literals++] === true) this.#decoder.refuse();
    }
  }

  end(): CommandEvent[] {
    return this.#decoder.end();
  }
}

/** Whether it ends with the length of a literal that the server has to ask for. */
function waitsForLiteral(turn: TranscriptTurn | undefined): boolean {
  return turn?.from === 'client' && /\{\d+\}\r\n$/.test(latin1FromBytes(turn.octets));
}

/** For each literal that waited for the server, whether that said NO instead of "+". */
function refusals(turns: readonly TranscriptTurn[]): boolean[] {
  const isRefused: boolean[] = [];
  for (const [index, { from, octets }] of turns.entries()) {
    if (!waitsForLiteral({ from, octets })) continue;
    const answer = latin1FromBytes(turns[index + 1]?.octets ?? new Uint8Array());
    isRefused.push(!/(^|\n)\+/.test(answer));
  }
  return isRefused;
}

/** What the client sent, in pieces: its commands, and how many lines and waiting literals there were. */
function commandsOf(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  isRefused: readonly boolean[],
): { commands: TaggedCommand[]; lines: number; wanted: number } {
  const reader = new CommandReader(isRefused);
  const found = { commands: [] as TaggedCommand[], lines: 0, wanted: 0 };
  for (const piece of pieces) {
    for (const event of reader.read(piece)) {
      if (event.type === 'command') found.commands.push(lasting(event.command));
      else if (event.type === 'line') found.lines++;
      else if (event.type === 'literal-wanted') found.wanted++;
      else throw new Error(`${event.type}: ${JSON.stringify(event)}`);
    }
  }
  expect(reader.end()).toEqual([]);
  return found;
}

const transcripts = readTranscripts();

test('there is a transcript of each server', () => {
  expect(transcripts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['courier', 'cyrus', 'dovecot']),
  );
});

describe.each(transcripts)('$name', ({ name, turns }) => {
  const said = whole(turns, 'server');
  const asked = whole(turns, 'client');
  const responses = responsesOf([said]);
  const isRefused = refusals(turns);
  const { commands, lines, wanted } = commandsOf([asked], isRefused);

  test(`${responses.length} responses, ${commands.length} commands`, () => {
    // Each command has its end; a literal that was refused is the end of its own.
    const ended = responses.filter((response) => 'tag' in response && response.tag !== undefined);
    const refused = isRefused.filter((is) => is).length;
    expect(ended).toHaveLength(commands.length + refused);
    expect(responses.length).toBeGreaterThan(300);
    expect(commands.length).toBeGreaterThan(100);
    // Each "+" answers a literal that waits, or IDLE.
    expect(responses.filter(({ type }) => type === '+')).toHaveLength(wanted - refused + lines);
  });

  test('the same at random splits, and octet by octet', () => {
    const draw = seededDraw(name.length);
    for (let round = 0; round < 8; round++) {
      expect(responsesOf(cut(said, draw))).toEqual(responses);
      expect(commandsOf(cut(asked, draw), isRefused)).toEqual({ commands, lines, wanted });
    }
    const octets = (all: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] =>
      Array.from(all, (_, at) => all.subarray(at, at + 1));
    expect(responsesOf(octets(said))).toEqual(responses);
    expect(commandsOf(octets(asked), isRefused)).toEqual({ commands, lines, wanted });
  });

  test('encoded and decoded again, each is what it was', () => {
    for (const response of responses) {
      const [event] = decodeResponses(encodeResponse(response), { eager: true });
      expect(event?.type === 'response' && lasting(event.response)).toEqual(response);
    }
    for (const command of commands) {
      if (command.command.name === 'IDLE') continue;
      const octets = encodeCommand(command, { literals: 'LITERAL+' }).map((fragment) => fragment.octets);
      expect(commandsOf(octets, []).commands).toEqual([command]);
    }
  });

  test('a client goes through all of it', () => {
    const { events, written, state } = replay(turns);
    expect(state).toBe('logout');
    const of = (type: string): { type: string }[] => events.filter((event) => event.type === type);
    expect(of('protocol-error')).toEqual([]);
    expect(of('command-dropped')).toEqual([]);
    expect(of('command-done')).toHaveLength(commands.length + isRefused.filter((is) => is).length);
    expect(of('idling')).toHaveLength(lines);
    expect(written.length).toBeGreaterThan(8000);
    expect(replay(turns, seededDraw(7))).toEqual({ events, written, state });
  });
});

/** What the client begins in each of its turns: commands, or the end of IDLE. */
function begunIn(turns: readonly TranscriptTurn[]): Map<number, (TaggedCommand | 'DONE')[]> {
  const begun = new Map<number, (TaggedCommand | 'DONE')[]>();
  const isRefused = refusals(turns);
  const decoder = new CommandDecoder({
    stopWhen: (event) =>
      event.type === 'literal-wanted' || (event.type === 'command' && event.command.command.name === 'IDLE'),
  });
  let literals = 0;
  let from: number | undefined;
  for (const [index, turn] of turns.entries()) {
    if (turn.from === 'server') continue;
    let events = decoder.push(turn.octets);
    for (;;) {
      for (const event of events) {
        const list = begun.get(from ?? index) ?? [];
        begun.set(from ?? index, list);
        if (event.type === 'line') list.push('DONE');
        else if (event.type === 'literal-wanted') from ??= index;
        else if (event.type === 'command') {
          list.push(lasting(event.command));
          from = undefined;
        } else throw new Error(event.type);
      }
      if (!decoder.stopped) break;
      const last = events.at(-1);
      if (last?.type !== 'literal-wanted') decoder.expectLine();
      events = decoder.resume();
      // What was refused was never sent: any octets will do to know the command.
      if (last?.type === 'literal-wanted' && isRefused[literals++] === true) {
        events.push(...decoder.push(bytesFromLatin1(`${' '.repeat(last.length)}\r\n`)));
      }
    }
  }
  return begun;
}

/**
 * Gives an ImapClient the commands of a transcript, and what the server said
 * in between, in pieces where there is a draw: the events, as they were with
 * each turn of the server, and what the client wrote.
 */
function replay(
  turns: readonly TranscriptTurn[],
  draw?: Draw,
): { events: { type: string }[]; written: string; state: string } {
  const client = new ImapClient({ transport: 'plain' });
  const begun = begunIn(turns);
  const events: { type: string }[] = [];
  let written = '';
  const write = (octets: readonly Uint8Array[]): void => {
    for (const each of octets) written += latin1FromBytes(each);
  };
  for (const [index, turn] of turns.entries()) {
    for (const next of begun.get(index) ?? []) {
      write(next === 'DONE' ? client.stopIdle() : client.send(next.command, next.tag).octets);
    }
    if (turn.from === 'client') continue;
    const octets =
      waitsForLiteral(turns[index - 1]) && client.capabilities?.has('LITERAL+') === true
        ? // This client has sent the literal already, where the other one waited.
          bytesFromLatin1(latin1FromBytes(turn.octets).replace(/^\+.*\r\n/m, ''))
        : turn.octets;
    for (const piece of draw === undefined ? [octets] : cut(octets, draw)) {
      for (const event of client.push(piece)) {
        if (event.type === 'send') write(event.octets);
        else events.push(lastingClientEvent(event) as { type: string });
      }
    }
  }
  return { events, written, state: client.state };
}
