import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import {
  apopDigest,
  compareUniqueIds,
  encodePop3Command,
  encodePop3ListLine,
  encodePop3Status,
  Pop3Client,
  Pop3ReplyDecoder,
  Pop3Server,
} from '../../src/pop3/index.js';

/** What somebody without a type checker may give for anything. */
const wrong: readonly unknown[] = [
  ...[null, 0.5, 1n, {}, [], [null], true, Symbol('x'), () => 1, 'a\r\nb', '\ud800'],
  // It has not even a `toString`.
  Object.create(null),
];

/** What an encoder gave where it should have said `usage`. */
function surprises(encode: (value: never) => unknown): unknown[] {
  return wrong.flatMap((value) => {
    try {
      return [[value, encode(value as never)]];
    } catch (error) {
      return error instanceof MailsealError && error.code === 'usage' ? [] : [[value, error]];
    }
  });
}

test.each([
  ['a command', (value: never) => encodePop3Command(value)],
  ['its name', (name: never) => encodePop3Command({ name })],
  ['a user', (user: never) => encodePop3Command({ name: 'USER', user })],
  ['a password', (password: never) => encodePop3Command({ name: 'PASS', password })],
  ['a user of APOP', (user: never) => encodePop3Command({ name: 'APOP', user, digest: '0'.repeat(32) })],
  ['a digest', (digest: never) => encodePop3Command({ name: 'APOP', user: 'a', digest })],
  ['a message', (message: never) => encodePop3Command({ name: 'RETR', message })],
  ['lines', (lines: never) => encodePop3Command({ name: 'TOP', message: 1, lines })],
  ['a mechanism', (mechanism: never) => encodePop3Command({ name: 'AUTH', mechanism })],
  [
    'an initial response',
    (initialResponse: never) => encodePop3Command({ name: 'AUTH', mechanism: 'PLAIN', initialResponse }),
  ],
  ['a language', (language: never) => encodePop3Command({ name: 'LANG', language })],
  ['a keyword', (keyword: never) => encodePop3Command({ name: 'other', keyword })],
  ['an argument', (text: never) => encodePop3Command({ name: 'other', keyword: 'X', text })],
  ['the text of a status', (text: never) => encodePop3Status({ isOk: true, text })],
  ['a response code', (code: never) => encodePop3Status({ isOk: false, code, text: '' })],
  ['a listed size', (size: never) => encodePop3ListLine({ type: 'listing', message: 1, size })],
  ['a unique-id', (uid: never) => encodePop3ListLine({ type: 'unique-id', message: 1, uid })],
  ['a capability', (name: never) => encodePop3ListLine({ type: 'capability', name, parameters: [] })],
  ['a line', (octets: never) => encodePop3ListLine({ type: 'line', octets })],
  ['a line of a list', (data: never) => encodePop3ListLine(data)],
  ['the type of a line', (type: never) => encodePop3ListLine({ type } as never)],
  [
    'a parameter',
    (wrong: never) => encodePop3ListLine({ type: 'capability', name: 'X', parameters: [wrong] }),
  ],
  ['a status', (status: never) => encodePop3Status(status)],
])('%s of another kind says `usage`', (_, encode) => {
  expect(surprises(encode)).toEqual([]);
});

test('parameters are an array', () => {
  for (const parameters of [undefined, null, 5, 'abc', {}] as never[]) {
    const line = { type: 'capability', name: 'X', parameters } as const;
    expect(() => encodePop3ListLine(line)).toThrow(expect.objectContaining({ code: 'usage' }));
  }
});

test('what cannot be gone through is compared with nothing', () => {
  for (const value of [undefined, null, 5, {}, Symbol('x')] as never[]) {
    expect(() => compareUniqueIds(value, [])).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => compareUniqueIds([], value)).toThrow(expect.objectContaining({ code: 'usage' }));
  }
});

test.each([
  ['Pop3Client', (options: never) => new Pop3Client(options)],
  ['Pop3Server', (options: never) => new Pop3Server(options)],
  ['Pop3ReplyDecoder', (options: never) => new Pop3ReplyDecoder(options)],
])('options of %s that are none say `usage`', (_, make) => {
  for (const value of [null, 0, 'x', true, Symbol('x'), { limits: null }, { limits: { lineOctets: 1n } }]) {
    expect(() => make(value as never)).toThrow(expect.objectContaining({ code: 'usage' }));
  }
});

test.each([null, 5, 'x', Symbol('x')])('quirks and messages that are none: %j', (wrong) => {
  const usage = expect.objectContaining({ code: 'usage' });
  const quirks = wrong as never;
  expect(() => new Pop3ReplyDecoder({ quirks })).toThrow(usage);
  expect(() => new Pop3Client({ transport: 'tls', quirks })).toThrow(usage);
  expect(() => compareUniqueIds([], [wrong as never])).toThrow(usage);
  if (wrong !== 'x') expect(() => apopDigest(wrong as never, 'x')).toThrow(usage);
});
