import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import {
  composeMessage,
  decodeEncodedWords,
  MboxReader,
  MboxWriter,
  MessageEditor,
  MimeReader,
  mailingListOf,
  parseAddressList,
  parseContentDisposition,
  parseContentType,
  parseDate,
  parseListCommand,
  parseListId,
  parseMessage,
  parseMessageIds,
  parseReceived,
  readMbox,
} from '../../src/mime/index.js';

/** What somebody without a type checker may give for anything. */
const wrong: readonly unknown[] = [
  ...[undefined, null, 0, 1n, {}, [], [null], true, Symbol('x'), () => 1],
  // It has not even a `toString`.
  Object.create(null),
];
const octets = new TextEncoder().encode('Subject: a\r\n\r\nb\r\n');
const message = parseMessage(octets);

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    return error instanceof MailsealError ? error.code : String(error);
  }
}

describe('what is of another kind is the caller’s fault', () => {
  test.each([
    ['parseContentType', parseContentType],
    ['parseContentDisposition', parseContentDisposition],
    ['parseDate', parseDate],
    ['parseListCommand', parseListCommand],
    ['parseListId', parseListId],
    ['parseMessageIds', parseMessageIds],
    ['parseReceived', parseReceived],
    ['MessageEditor', (message: unknown) => new MessageEditor(message as never)],
    ['mailingListOf', (headers: unknown) => mailingListOf(headers as never)],
    ['MboxWriter.begin', (envelope: unknown) => new MboxWriter().begin(envelope as never)],
    ['replaceField', (field: unknown) => new MessageEditor(message).replaceField(field as never, 'x')],
    ['removeField', (field: unknown) => new MessageEditor(message).removeField(field as never)],
    ['removePart', (part: unknown) => new MessageEditor(message).removePart(part as never)],
    ['addField', (part: unknown) => new MessageEditor(message).addField(part as never, 'X', 'y')],
  ] as const)('for %s', (_, parse) => {
    for (const value of wrong) expect(codeOf(() => parse(value as never))).toBe('usage');
  });

  test.each([
    ['parseMessage', (options: unknown) => parseMessage(octets, options as never)],
    ['MimeReader', (options: unknown) => new MimeReader(options as never)],
    ['MboxReader', (options: unknown) => new MboxReader(options as never)],
    ['MboxWriter', (options: unknown) => new MboxWriter(options as never)],
    ['readMbox', (options: unknown) => [...readMbox(octets, options as never)]],
    ['parseAddressList', (options: unknown) => parseAddressList('a@b', options as never)],
    ['parseContentType', (options: unknown) => parseContentType('text/plain', 0, options as never)],
    ['parseContentDisposition', (options: unknown) => parseContentDisposition('inline', 0, options as never)],
    ['MessageEditor', (options: unknown) => new MessageEditor(message, options as never)],
    ['decodeEncodedWords', (options: unknown) => decodeEncodedWords('=?utf-8?q?a?=', options as never)],
  ] as const)('null for the options of %s', (_, call) => {
    expect(codeOf(() => call(null))).toBe('usage');
  });

  test('for the place of a field', () => {
    for (const place of [null, 0, 1n, {}, [], true, Symbol('x'), 'between', Object.create(null)]) {
      const call = () => new MessageEditor(message).addField(message, 'X', 'y', place as never);
      expect(codeOf(call)).toBe('usage');
    }
  });

  test.each(['addresses', 'parts', 'depth'])('for the limit `%s`', (name) => {
    for (const value of [null, -1, '1', 1n, Symbol('x'), {}, Object.create(null)]) {
      const options = { limits: { [name]: value } } as never;
      expect(codeOf(() => parseMessage(octets, options))).toBe('usage');
      if (name === 'addresses' && value !== null) {
        expect(codeOf(() => parseAddressList('a@b', options))).toBe('usage');
        expect(codeOf(() => parseMessageIds('<a@b>', options))).toBe('usage');
        const parameters = { limits: { parameters: value } } as never;
        expect(codeOf(() => parseContentType('a/b; c=d', 0, parameters))).toBe('usage');
        expect(codeOf(() => parseContentDisposition('inline; c=d', 0, parameters))).toBe('usage');
      }
    }
  });

  test.each(['from', 'to', 'sender', 'charset'] as const)('for `%s` of a message', (name) => {
    for (const value of [1n, Symbol('x'), {}, [null], () => 1, Object.create(null)]) {
      const wanted = { from: 'a@example.jp', date: new Date(0), text: 'x', [name]: value };
      expect(codeOf(() => composeMessage(wanted as never))).toMatch(/^(?:usage|mime-address-malformed)$/);
    }
  });

  test('and what was given is told in a line', () => {
    const from = () => 'x'.repeat(10_000);
    const wanted = { from, date: new Date(0), text: 'x' };
    expect(() => composeMessage(wanted as never)).toThrow(
      /^a value of the kind Function, given for the field From,/,
    );
  });
});
