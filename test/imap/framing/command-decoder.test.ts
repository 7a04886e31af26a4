import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, latin1FromBytes } from '../../../src/core/bytes.js';
import {
  CommandDecoder,
  type CommandDecoderOptions,
  decodeCommands,
} from '../../../src/imap/framing/command-decoder.js';
import { commandsAt, everySplit, plainEvent } from '../../support/imap-framing.js';

const ascii = (text: string) => bytesFromLatin1(text);

function expectEverySplit(wire: string, options: CommandDecoderOptions = {}): ReturnType<typeof commandsAt> {
  const whole = commandsAt(wire, [], options);
  for (const cuts of everySplit(wire.length)) expect(commandsAt(wire, cuts, options)).toEqual(whole);
  return whole;
}

describe('literals', () => {
  test('that the client waits with are asked for, others not', () => {
    const events = expectEverySplit(
      'A1 LOGIN {4}\r\nanna {6}\r\nsecret\r\nA2 LOGIN {1+}\r\na {2-}\r\nbc\r\n',
    );
    expect(events).toMatchObject([
      { type: 'literal-wanted', tag: 'A1', length: 4 },
      { type: 'literal-wanted', tag: 'A1', length: 6 },
      { type: 'command', command: { tag: 'A1', command: { user: 'anna', password: 'secret' } } },
      { type: 'command', command: { tag: 'A2', command: { user: 'a', password: 'bc' } } },
    ]);
  });

  test('a command cannot hide within one', () => {
    const events = expectEverySplit('A1 LOGIN a {16+}\r\nA2 DELETE x {5}\r\n\r\nA3 NOOP\r\n');
    expect(events).toMatchObject([
      { command: { tag: 'A1', command: { password: 'A2 DELETE x {5}\r' } } },
      { type: 'unparsed' },
      { command: { tag: 'A3' } },
    ]);
  });

  test('a message in APPEND, kept, handed out, or a view', () => {
    const message = `Subject: {5}\r\n\r\n${'line\r\n'.repeat(1000)}`;
    const wire = `A1 APPEND INBOX (\\Seen) {${message.length}+}\r\n${message}\r\nA2 NOOP\r\n`;
    expect(commandsAt(wire)).toMatchObject([
      { command: { command: { messages: [{ message: { octets: `«${message}»` } }] } } },
      { command: { tag: 'A2' } },
    ]);
    for (const cut of [1, 10, 30, 40, 5000, wire.length - 12, wire.length - 1])
      expect(commandsAt(wire, [cut])).toEqual(commandsAt(wire));
    expect(commandsAt(wire, [3, 50, 1000], { literals: { streamFrom: 100 } })).toMatchObject([
      { type: 'literal-begin', id: 1, length: message.length, head: 'A1 APPEND INBOX (\\Seen) ' },
      { type: 'literal-data', octets: `«${message}»` },
      { type: 'literal-end', id: 1 },
      { command: { command: { messages: [{ message: { literal: 1 } }] } } },
      { command: { tag: 'A2' } },
    ]);
  });

  test('one that is waited with and handed out is asked for before it begins', () => {
    const wire = 'A1 APPEND INBOX {3}\r\nabc\r\n';
    expect(expectEverySplit(wire, { literals: { streamFrom: 1 } }).map(({ type }) => type)).toEqual([
      ...['literal-wanted', 'literal-begin', 'literal-data', 'literal-end', 'command'],
    ]);
  });
});

describe('refusing', () => {
  test('drops the command: its literal does not come', () => {
    const decoder = new CommandDecoder();
    expect(decoder.push(ascii('A1 APPEND INBOX {300000}\r\n'))).toMatchObject([{ type: 'literal-wanted' }]);
    expect(decoder.buffered).toBe(26);
    decoder.refuse();
    expect(decoder.buffered).toBe(0);
    expect(decoder.push(ascii('A2 NOOP\r\n'))).toMatchObject([{ command: { tag: 'A2' } }]);
  });

  test('is possible before what was sent without waiting is read, where the decoder stops', () => {
    const decoder = new CommandDecoder({ stopWhen: ({ type }) => type === 'literal-wanted' });
    decoder.push(ascii('A1 LOGIN a {7}\r\nA2 NOOP\r\n'));
    expect(decoder.stopped).toBe(true);
    decoder.refuse();
    expect(decoder.resume()).toMatchObject([{ command: { tag: 'A2' } }]);
  });

  test('is refused where no literal is waited for', () => {
    const decoder = new CommandDecoder({ literals: { streamFrom: 0 } });
    const state = expect.objectContaining({ code: 'imap-state', fault: 'usage' });
    expect(() => decoder.refuse()).toThrow(state);
    decoder.push(ascii('A1 LOGIN {3}\r\na'));
    expect(() => decoder.refuse()).toThrow(state);
    decoder.push(ascii('bc {0}\r\n\r\n'));
    expect(() => decoder.refuse()).toThrow(state);
  });
});

describe('lines', () => {
  test('are given as they are, where one is expected', () => {
    const decoder = new CommandDecoder();
    expect(decoder.push(ascii('A1 AUTHENTICATE PLAIN\r\n'))).toHaveLength(1);
    decoder.expectLine();
    expect(decoder.push(ascii('AGE'))).toEqual([]);
    const [line, next] = decoder.push(ascii('={5}\r\nA2 NOOP\r\n')).map(plainEvent);
    expect(line).toEqual({ type: 'line', octets: '«AGE={5}»' });
    expect(next).toMatchObject({ command: { tag: 'A2' } });
  });

  test('IDLE with DONE in the same chunk, where the decoder stops', () => {
    const decoder = new CommandDecoder({
      stopWhen: (event) => event.type === 'command' && event.command.command.name === 'IDLE',
    });
    expect(decoder.push(ascii('A1 IDLE\r\nDONE\r\nA2 NOOP\r\n'))).toHaveLength(1);
    decoder.expectLine();
    expect(decoder.resume().map(plainEvent)).toMatchObject([
      { type: 'line', octets: '«DONE»' },
      { command: { tag: 'A2' } },
    ]);
  });

  test('what is behind STARTTLS is not read as commands', () => {
    const decoder = new CommandDecoder({
      stopWhen: (event) => event.type === 'command' && event.command.command.name === 'STARTTLS',
    });
    decoder.push(ascii('A1 STARTTLS\r\nA2 NOOP\r\n'));
    expect(latin1FromBytes(decoder.takeRest())).toBe('A2 NOOP\r\n');
  });

  test('cannot be expected within a command', () => {
    const decoder = new CommandDecoder();
    decoder.push(ascii('A1'));
    expect(() => decoder.expectLine()).toThrow(expect.objectContaining({ code: 'imap-state' }));
  });

  test('have a limit', () => {
    const decoder = new CommandDecoder({ limits: { lineOctets: 20 } });
    decoder.expectLine();
    expect(decoder.push(ascii(`${'A'.repeat(30)} {4+}\r\nA2 NOOP\r\n`))).toMatchObject([
      { type: 'unparsed', error: { code: 'limit-line' } },
      { command: { tag: 'A2' } },
    ]);
  });
});

describe('what cannot be parsed', () => {
  test.each([
    ['A1\r\n', 'A1'],
    ['A1 \r\n', 'A1'],
    ['A1 FETCH x\r\n', 'A1'],
    ['\r\n', undefined],
    ['* OK hello\r\n', undefined],
    ['A1(NOOP\r\n', undefined],
    [`${'A'.repeat(300)} FETCH x\r\n`, undefined],
  ])('%j', (wire, tag) => {
    const [event, next] = expectEverySplit(`${wire}A9 NOOP\r\n`);
    expect(event).toMatchObject({ type: 'unparsed', error: { code: 'imap-malformed' } });
    expect(event?.['tag']).toBe(tag);
    expect(next).toMatchObject({ command: { tag: 'A9' } });
  });

  test('the end within a command', () => {
    expect(expectEverySplit('A1 NOOP\r\nA2 LOG')).toMatchObject([
      { command: { tag: 'A1' } },
      { type: 'unparsed', octets: '«A2 LOG»', tag: 'A2', error: { code: 'imap-malformed', offset: 9 } },
    ]);
  });
});

describe('limits', () => {
  test('a literal over the limit that is waited with is refused at once', () => {
    const limits = { literalOctets: 5000 };
    const events = expectEverySplit('A1 APPEND INBOX {5001}\r\nA2 NOOP\r\n', { limits });
    expect(events).toMatchObject([
      { type: 'unparsed', tag: 'A1', error: { code: 'limit-literal' } },
      { command: { tag: 'A2' } },
    ]);
  });

  test('one that is sent unasked is passed over', () => {
    const limits = { literalOctets: 5000 };
    const wire = `A1 APPEND INBOX {5001+}\r\n${'A2 NOOP\r\n'.repeat(556).slice(0, 5001)} {3+}\r\nabc\r\nA2 NOOP\r\n`;
    expect(commandsAt(wire, [], { limits })).toMatchObject([
      { type: 'unparsed', tag: 'A1', error: { code: 'limit-literal' } },
      { command: { tag: 'A2' } },
    ]);
  });

  test('of a line', () => {
    const limits = { lineOctets: 50 };
    const events = expectEverySplit(`A1 SEARCH ${'SEEN '.repeat(20)} {7}\r\nA2 NOOP\r\n`, { limits });
    expect(events).toMatchObject([
      { type: 'unparsed', tag: 'A1', error: { code: 'limit-line', offset: 50 } },
      { command: { tag: 'A2' } },
    ]);
    const unasked = `A1 SEARCH ${'SEEN '.repeat(20)} {9+}\r\nA2 NOOP\r\n\r\nA3 NOOP\r\n`;
    expect(expectEverySplit(unasked, { limits })).toMatchObject([
      { type: 'unparsed' },
      { command: { tag: 'A3' } },
    ]);
  });
});

test('LF alone is read, and named, and refused where the quirk is turned off', () => {
  expect(commandsAt('A1 NOOP\n')).toMatchObject([{ type: 'command', quirks: ['bare-lf'] }]);
  expect(commandsAt('A1 NOOP\n', [], { quirks: false })).toMatchObject([{ type: 'unparsed', tag: 'A1' }]);
});

test('one call for all', () => {
  expect(decodeCommands(ascii('A1 NOOP\r\nA2'))).toMatchObject([{ type: 'command' }, { type: 'unparsed' }]);
});
