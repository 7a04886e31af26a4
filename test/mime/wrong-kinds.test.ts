import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import {
  composeMessage,
  decodeEncodedWords,
  MboxReader,
  MboxWriter,
  MessageEditor,
  MimeReader,
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
const wrong: readonly unknown[] = [undefined, null, 0, 1n, {}, [], [null], true, () => 1];
const octets = new TextEncoder().encode('Subject: a\r\n\r\nb\r\n');

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
    ['decodeEncodedWords', (options: unknown) => decodeEncodedWords('=?utf-8?q?a?=', options as never)],
  ] as const)('null for the options of %s', (_, call) => {
    expect(codeOf(() => call(null))).toBe('usage');
  });

  test.each(['from', 'to', 'sender', 'charset'] as const)('a BigInt for `%s` of a message', (name) => {
    const message = { from: 'a@example.jp', date: new Date(0), text: 'x', [name]: 1n };
    expect(codeOf(() => composeMessage(message as never))).toMatch(/^(?:usage|mime-address-malformed)$/);
  });
});
