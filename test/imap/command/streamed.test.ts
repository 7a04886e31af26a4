import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { encodeCommand } from '../../../src/imap/command/encode-command.js';
import { CommandDecoder, decodeCommands } from '../../../src/imap/framing/command-decoder.js';
import type { CommandEvent } from '../../../src/imap/framing/events.js';

const literals = { streamFrom: 5 };

function commandOf(events: readonly CommandEvent[]): unknown {
  return events.find(({ type }) => type === 'command');
}

describe('messages that are handed out in pieces', () => {
  it('are named by their literal in APPEND, whatever stands around them', () => {
    const wire = 'A APPEND x (\\Seen) {5+}\r\nabcde {4+}\r\nabcd CATENATE (TEXT ~{6+}\r\nabcdef URL u)\r\n';
    const decoder = new CommandDecoder({ literals });
    const events: CommandEvent[] = [];
    let pieces = '';
    for (const octet of bytesFromLatin1(wire)) {
      for (const event of decoder.push(Uint8Array.of(octet))) {
        events.push(event);
        if (event.type === 'literal-data') pieces += `${event.id}${latin1FromBytes(event.octets)}`;
      }
    }
    expect(pieces).toBe('1a1b1c1d1e2a2b2c2d2e2f');
    expect(commandOf(events)).toStrictEqual({
      type: 'command',
      quirks: [],
      command: {
        tag: 'A',
        command: {
          name: 'APPEND',
          mailbox: 'x',
          messages: [
            { flags: ['\\Seen'], message: { literal: 1 } },
            { message: { octets: bytesFromLatin1('abcd') } },
            { message: { catenate: [{ literal: 2, binary: true }, { url: 'u' }] } },
          ],
        },
      },
    });
  });

  it('cannot be anything but messages', () => {
    const events = decodeCommands(bytesFromLatin1('A LOGIN {5+}\r\nabcde x\r\nB NOOP\r\n'), { literals });
    expect(events.map(({ type }) => type)).toEqual([
      'literal-begin',
      'literal-data',
      'literal-end',
      'unparsed',
      'command',
    ]);
  });
});

it('a large message goes through encoder and decoder as its octets are', () => {
  const message = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) & 0xff);
  const command = { name: 'APPEND', mailbox: 'x', messages: [{ message: { octets: message } }] } as const;
  for (const way of ['synchronising', 'LITERAL+', 'LITERAL-'] as const) {
    const wire = concatBytes(
      encodeCommand({ tag: 'A', command }, { literals: way }).map(({ octets }) => octets),
    );
    const expected = { type: 'command', command: { tag: 'A', command }, quirks: [] };
    // Comparing so many octets takes seconds otherwise.
    expect(isDeepStrictEqual(commandOf(decodeCommands(wire)), expected)).toBe(true);
  }
});
