import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { encodeCommand } from '../../src/imap/command/encode-command.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import { commandsByName } from '../support/imap-commands.js';
import { commandsAt, joined, responsesAt } from '../support/imap-framing.js';
import { responsesByName } from '../support/imap-responses.js';

/** What somebody without a type checker may give for anything. */
const wrong: readonly unknown[] = [
  ...[undefined, null, 0.5, -1, Number.NaN, 1n, 5, {}, [], [null], [undefined], true],
  ...['', 'a\r\nB1 NOOP', 'x\0y', '\ud800', Symbol('x'), () => 1, { length: 5 }],
  ...[
    new Map(),
    new Set(['x']),
    Uint8Array.of(0xff, 0xfe),
    '$',
    'NIL',
    2 ** 53,
    -5n,
    Number.POSITIVE_INFINITY,
    'a"b',
    'ü',
  ],
  ...[new Date(Number.NaN), Uint16Array.of(0x4142), new ArrayBuffer(3), Object.create(null)],
];

type Path = readonly string[];

/** The way to every property of a value, however deep. */
function pathsOf(value: unknown, before: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const path = [...before, name];
    return [path, ...pathsOf(value[name as keyof typeof value], path)];
  });
}

/** The same value with another property at the end of the way. */
function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[name], rest, by);
  if (Array.isArray(value)) return value.with(Number(name), inner);
  return { ...(value as object), [name]: inner };
}

/** What somebody gives who made one mistake. */
function mistaken(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(right, fc.nat(), fc.constantFrom(...wrong)).map(([value, which, by]) => {
    const paths = pathsOf(value);
    return replaced(value, paths[which % Math.max(1, paths.length)] ?? [], by);
  });
}

/** The octets, `undefined` where they were refused. */
function written(write: () => Uint8Array): Uint8Array | undefined {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
    expect(error.code).toMatch(/^(?:usage|charset-unencodable|limit-depth)$/);
    expect(error.message).not.toMatch(/[\r\n]/);
    return undefined;
  }
}

test.each([false, true])(
  'a command with a part of another kind is refused, or is one command (UTF-8 %s)',
  (utf8) => {
    let refused = 0;
    fc.assert(
      fc.property(mistaken(fc.oneof(...Object.values(commandsByName(utf8)))), (command) => {
        const octets = written(() =>
          joined(
            encodeCommand({ tag: 'A1', command: command as never }, { literals: 'LITERAL+', utf8 }).map(
              (each) => each.octets,
            ),
          ),
        );
        if (octets === undefined) refused++;
        else expect(commandsAt(octets, [], { utf8 }).map(({ type }) => type)).toEqual(['command']);
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(1000);
  },
);

test.each([false, true])(
  'a response with a part of another kind is refused, or is one response (UTF-8 %s)',
  (utf8) => {
    let refused = 0;
    fc.assert(
      fc.property(mistaken(fc.oneof(...Object.values(responsesByName(utf8)))), (response) => {
        const octets = written(() => encodeResponse(response as never, { utf8 }));
        if (octets === undefined) refused++;
        else expect(responsesAt(octets, [], { utf8 }).map(({ type }) => type)).toEqual(['response']);
      }),
      { numRuns: 4000 },
    );
    expect(refused).toBeGreaterThan(1000);
  },
);
