import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import type { Pop3Command } from '../../src/pop3/command.js';
import { DotStuffer, DotUnstuffer, dotStuff } from '../../src/pop3/dot-stuffing.js';
import { decodePop3Command } from '../../src/pop3/read-command.js';
import type { Pop3Data } from '../../src/pop3/reply.js';
import { Pop3ReplyDecoder } from '../../src/pop3/reply-decoder.js';
import { Pop3Server } from '../../src/pop3/server.js';
import { encodePop3Command } from '../../src/pop3/write-command.js';
import { encodePop3ListLine, encodePop3Status } from '../../src/pop3/write-reply.js';
import { expectLinear } from '../support/linear-time.js';
import { octetsOf, pieces, singly } from '../support/pieces.js';
import { repliesTo, sent, unwire, wire } from '../support/pop3.js';

const engines = ['auto', 'typescript'] as const;
const message = octetsOf('\r\n.a', 60);

/** RFC 1939 §3 line by line, for messages that end with CRLF. */
function stuffed(octets: Uint8Array): string {
  const text = unwire(octets);
  const whole = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
  const lines = whole.split('\r\n').slice(0, -1);
  return `${lines.map((line) => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('')}.\r\n`;
}

describe('dots before lines', () => {
  test.each(engines)('stuffing is what RFC 1939 §3 says, at any split, by the engine %s', (engine) => {
    fc.assert(
      fc.property(pieces(message), (chunks) => {
        const whole = concatBytes(chunks);
        const stuffer = new DotStuffer({ engine });
        const octets = [...chunks.flatMap((chunk) => stuffer.update(chunk)), ...stuffer.finish()];
        const expected = unwire(whole).endsWith('\r') ? undefined : stuffed(whole);
        // A message that ends with CR has its line ended by LF alone.
        if (expected === undefined)
          expect(unwire(concatBytes(octets))).toBe(stuffed(concatBytes([whole, wire('\n')])));
        else expect(unwire(concatBytes(octets))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(engines)('and is undone exactly, with what follows left alone, by the engine %s', (engine) => {
    fc.assert(
      fc.property(
        message,
        octetsOf('\r\n.+', 10),
        fc.array(fc.nat(120), { maxLength: 6 }),
        (octets, rest, cuts) => {
          const whole = concatBytes([octets, wire('\r\n')]);
          const stream = concatBytes([dotStuff(whole, { engine }), rest]);
          const ends = [...cuts.filter((at) => at < stream.length).sort((a, b) => a - b), stream.length];
          const unstuffer = new DotUnstuffer({ engine });
          const found: Uint8Array[] = [];
          let consumed = 0;
          let from = 0;
          for (const end of ends) {
            const piece = stream.subarray(from, end);
            from = end;
            if (unstuffer.isEnded) continue;
            found.push(...unstuffer.update(piece).map((part) => part.slice()));
            consumed += unstuffer.consumed;
          }
          expect(unstuffer.isEnded).toBe(true);
          expect(unwire(concatBytes(found))).toBe(unwire(whole));
          expect(consumed).toBe(stream.length - rest.length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('no message ends its own reply, whatever is in it', () => {
    fc.assert(
      fc.property(octetsOf('\r\n.', 40), (octets) => {
        const unstuffer = new DotUnstuffer();
        unstuffer.update(dotStuff(octets).subarray(0, -3));
        expect(unstuffer.isEnded).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});

const safeText = fc.stringMatching(/^[!-~][ -~]{0,20}$/);
const raw = fc.uint8Array({ minLength: 1, maxLength: 12 }).filter((octets) => {
  const hasHigh = octets.some((octet) => octet >= 0xf8);
  return (
    hasHigh && octets[0] !== 0x20 && !octets.some((octet) => octet === 0 || octet === 10 || octet === 13)
  );
});
const text = fc.oneof(
  safeText,
  raw.map((octets) => Uint8Array.from(octets)),
  fc.constantFrom('ü', 'パス ワード'),
);
const word = fc.stringMatching(/^[!-~]{1,12}$/);
const number = fc.integer({ min: 1, max: 2 ** 40 });
const octets = fc.uint8Array({ maxLength: 20 }).map((some) => Uint8Array.from(some));

const command: fc.Arbitrary<Pop3Command> = fc.oneof(
  fc
    .constantFrom('STAT', 'NOOP', 'RSET', 'QUIT', 'CAPA', 'STLS', 'UTF8')
    .map((name) => ({ name }) as Pop3Command),
  fc.record({ name: fc.constant('USER' as const), user: text }),
  fc.record({
    name: fc.constant('PASS' as const),
    password: fc.oneof(text, fc.constantFrom('', ' a  b ', '  ')),
  }),
  fc.record({ name: fc.constant('APOP' as const), user: word, digest: fc.stringMatching(/^[0-9a-f]{32}$/) }),
  fc.record(
    { name: fc.constantFrom('LIST' as const, 'UIDL' as const), message: number },
    { requiredKeys: ['name'] },
  ),
  fc.record({ name: fc.constantFrom('RETR' as const, 'DELE' as const), message: number }),
  fc.record({ name: fc.constant('TOP' as const), message: number, lines: fc.nat() }),
  fc.record({ name: fc.constant('AUTH' as const) }),
  fc.record(
    { name: fc.constant('AUTH' as const), mechanism: word, initialResponse: octets },
    { requiredKeys: ['name', 'mechanism'] },
  ),
  fc.record({ name: fc.constant('LANG' as const), language: word }, { requiredKeys: ['name'] }),
  fc.record(
    { name: fc.constant('other' as const), keyword: fc.constant('XTND'), text },
    { requiredKeys: ['name', 'keyword'] },
  ),
);

describe('commands', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(command, (value) => {
        const line = encodePop3Command(value);
        expect(unwire(line).indexOf('\n')).toBe(line.length - 1);
        expect(decodePop3Command(line.subarray(0, -2))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test('any octets are a command or an error of ours', () => {
    fc.assert(
      fc.property(octetsOf('APOPLISTUSERAUTHTOP 019=\r\n.', 30), (line) => {
        try {
          expect(decodePop3Command(line).name).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

const listed: fc.Arbitrary<readonly [Pop3Command, Pop3Data]> = fc.oneof(
  fc
    .tuple(number, fc.nat())
    .map(([index, size]) => [{ name: 'LIST' }, { type: 'listing', message: index, size }] as const),
  fc
    .tuple(number, fc.stringMatching(/^[!-~]{1,70}$/))
    .map(([index, uid]) => [{ name: 'UIDL' }, { type: 'unique-id', message: index, uid }] as const),
  fc
    .tuple(fc.stringMatching(/^[!-`{-~]{1,12}$/), fc.array(word, { maxLength: 3 }))
    .map(([name, parameters]) => [{ name: 'CAPA' }, { type: 'capability', name, parameters }] as const),
  fc
    .stringMatching(/^[!-`{-~]{1,12}$/)
    .map((mechanism) => [{ name: 'AUTH' }, { type: 'mechanism', mechanism }] as const),
  fc
    .tuple(word, safeText)
    .map(([tag, description]) => [{ name: 'LANG' }, { type: 'language', tag, description }] as const),
);

const status = fc.record(
  {
    isOk: fc.boolean(),
    code: fc.stringMatching(/^[A-Z]{1,8}(\/[A-Z]{1,8})?$/),
    text: fc.oneof(
      fc.constant(''),
      text.filter((value) => typeof value !== 'string' || !value.startsWith('[')),
    ),
  },
  { requiredKeys: ['isOk', 'text'] },
);

/** Words of replies, line ends and dots in any order. */
const garbled = fc
  .array(
    fc.oneof(
      fc.constantFrom('+OK', '-ERR', ' ', '\r\n', '\r\n', '\n', '.', '1 a', '+ YQ==', '[X]', '\r'),
      octetsOf('+OK 1.', 3).map(unwire),
    ),
    { maxLength: 40 },
  )
  .map((words) => wire(`+OK\r\n${words.join('')}`));

describe('replies', () => {
  test('say what was written, at any split', () => {
    fc.assert(
      fc.property(
        status,
        fc.array(listed, { minLength: 1, maxLength: 4 }),
        message,
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (state, lists, body, sizes) => {
          const single: Pop3Command = { name: 'NOOP' };
          const whole = concatBytes([
            encodePop3Status(state),
            ...lists.flatMap(([, data]) => [
              encodePop3Status({ isOk: true, text: '' }),
              encodePop3ListLine(data),
              wire('.\r\n'),
            ]),
            encodePop3Status({ isOk: true, text: 'message' }),
            dotStuff(body),
          ]);
          const commands: Pop3Command[] = [
            single,
            ...lists.map(([name]) => name),
            { name: 'RETR', message: 1 },
          ];
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < whole.length; ) {
            const size = sizes.next().value as number;
            chunks.push(whole.subarray(at, at + size));
            at += size;
          }
          const found = repliesTo(commands, chunks);
          expect(found[0]).toEqual([
            state.isOk ? '+OK' : '-ERR',
            ...(state.code === undefined ? [] : [state.code]),
            state.text,
          ]);
          expect(found.filter((event) => typeof event === 'object' && !Array.isArray(event))).toEqual(
            lists.map(([, data]) => data),
          );
          expect(found).toEqual(repliesTo(commands, [whole]));
          expect(found.filter((event) => event === 'end')).toHaveLength(commands.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('garbage gives the same events at any split, and errors of ours alone', () => {
    fc.assert(
      fc.property(garbled, (garbage) => {
        const commands: Pop3Command[] = [
          { name: 'LIST' },
          { name: 'RETR', message: 1 },
          { name: 'AUTH', mechanism: 'PLAIN' },
          { name: 'STAT' },
        ];
        const limits = { lineOctets: 12, replyOctets: 20, listOctets: 12 };
        const whole = repliesTo(commands, [garbage], { limits });
        expect(repliesTo(commands, singly(garbage), { limits })).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('sessions', () => {
  test('a server answers any octets in lines, and throws errors of ours alone', () => {
    fc.assert(
      fc.property(pieces(octetsOf('USER PASTLQIDV*=1 \r\n\r\n', 150)), (chunks) => {
        const server = new Pop3Server({ transport: 'tls', mechanisms: ['PLAIN'], offersUtf8: true });
        let answers = sent(server.greet());
        for (const chunk of chunks) {
          for (let events = server.push(chunk); events.length > 0; ) {
            answers += sent(events);
            const asks = events.some(({ type }) => ['login', 'auth', 'auth-response'].includes(type));
            events = asks
              ? server.refuse()
              : events.some(({ type }) => type === 'update')
                ? server.updated(true)
                : [];
          }
        }
        for (const line of answers.split('\r\n').slice(0, -1)) expect(line).toMatch(/^(\+OK|-ERR)( |$)/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('time grows with the input', () => {
  const fed = (chunks: readonly Uint8Array[], commands: readonly Pop3Command[]) => () => {
    const decoder = new Pop3ReplyDecoder({ greeting: false });
    for (const command of commands) decoder.expect(command);
    for (const chunk of chunks) decoder.push(chunk);
  };

  test('a line that does not end, octet by octet', () => {
    expectLinear((size) => fed(singly(new Uint8Array(size).fill(0x61)), []), 20_000);
  });

  test('a message of dots and line ends', () => {
    expectLinear(
      (size) => fed([wire('+OK\r\n'), wire('\r\n..'.repeat(size))], [{ name: 'RETR', message: 1 }]),
      20_000,
    );
  });

  test('many commands under way', () => {
    expectLinear((size) => {
      const commands = Array.from({ length: size }, (): Pop3Command => ({ name: 'NOOP' }));
      return fed([wire('+OK\r\n'.repeat(size))], commands);
    }, 20_000);
  });

  test('commands sent ahead of a decision', () => {
    expectLinear(
      (size) => () => {
        const server = new Pop3Server({
          transport: 'tls',
          limits: { pipelinedOctets: Number.POSITIVE_INFINITY },
        });
        server.greet();
        server.push(wire('USER a\r\nPASS b\r\n'));
        server.push(wire('NOOP\r\n'.repeat(size)));
        for (const event of server.accept({ messages: [], retrieve: () => [] }))
          expect(event.type).toBe('send');
      },
      5000,
    );
  });
});
