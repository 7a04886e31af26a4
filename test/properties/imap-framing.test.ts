import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFromLatin1, concatBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { decodeCommands } from '../../src/imap/framing/command-decoder.js';
import { decodeResponses, ResponseDecoder } from '../../src/imap/framing/response-decoder.js';
import { commandsAt, responsesAt } from '../support/imap-framing.js';
import { expectLinear } from '../support/linear-time.js';

/** What wires are made of: words that matter to the framing, in any order. */
const piece = fc.oneof(
  fc.constantFrom(
    '* ',
    '+ ',
    'A1 ',
    'OK ',
    'NO ',
    'BYE ',
    'FETCH (',
    'LIST ',
    'EXISTS',
    'UID 7',
    ' ',
    '1',
    ')',
    '(',
  ),
  fc.constantFrom(
    '[',
    ']',
    '[BADCHARSET (',
    '"',
    '\\',
    '"a]b"',
    'NIL',
    'BODY[]',
    'BODY[]<0> ',
    'ENVELOPE (',
    'RFC822 ',
  ),
  fc.constantFrom(
    '\r\n',
    '\r\n',
    '\r\n',
    '\n',
    '\r',
    '\r\r\n',
    '}\r\n',
    '{',
    '~{3}\r\n',
    '{}\r\n',
    '{1x}\r\n',
  ),
  fc.constantFrom('LOGIN ', 'APPEND x ', 'NOOP', 'IDLE', 'UID SEARCH '),
  fc.nat(40).map((n) => `{${n}}\r\n${'x'.repeat(n)}`),
  fc.nat(40).map((n) => `{${n}}\r\n`),
  fc.nat(40).map((n) => `{${n}+}\r\n`),
  fc.integer({ min: 4090, max: 4110 }).map((n) => `{${n}}\r\n${'y'.repeat(n - 2)}\r\n`),
  fc.constantFrom('{5000}\r\n', '{99999999999}\r\n', '{999999999999999999999999}\r\n'),
  fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 12 }),
);
const wires = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
const cutsOf = (length: number) =>
  fc.array(fc.nat(length), { maxLength: 12 }).map((cuts) => cuts.sort((a, b) => a - b));
const cutWires = wires.chain((wire) => fc.tuple(fc.constant(wire), cutsOf(wire.length)));

const options = fc.constantFrom(
  {},
  { literals: { streamFrom: 10 } },
  {
    literals: (head: string, length: number) =>
      length % 3 === 0 ? 'discard' : head.length % 2 === 0 ? 'stream' : 'gather',
  } as const,
  { limits: { lineOctets: 60, literalOctets: 4100 } },
  { limits: { lineOctets: 20, literalOctets: 0 }, literals: { streamFrom: 30 } },
  { quirks: false, utf8: true },
  { engine: 'typescript' } as const,
);

describe('any split of the wire gives the same events', () => {
  test('responses', () => {
    fc.assert(
      fc.property(cutWires, options, ([wire, cuts], chosen) => {
        expect(responsesAt(wire, cuts, chosen)).toEqual(responsesAt(wire, [], chosen));
      }),
      { numRuns: 1500 },
    );
  });

  test('responses, one octet at a time', () => {
    fc.assert(
      fc.property(wires, options, (wire, chosen) => {
        const cuts = Array.from({ length: Math.max(0, wire.length - 1) }, (_, at) => at + 1);
        expect(responsesAt(wire, cuts, chosen)).toEqual(responsesAt(wire, [], chosen));
      }),
      { numRuns: 150 },
    );
  });

  test('commands', () => {
    fc.assert(
      fc.property(cutWires, options, ([wire, cuts], chosen) => {
        expect(commandsAt(wire, cuts, chosen)).toEqual(commandsAt(wire, [], chosen));
      }),
      { numRuns: 1500 },
    );
  });

  test('commands, one octet at a time', () => {
    fc.assert(
      fc.property(wires, options, (wire, chosen) => {
        const cuts = Array.from({ length: Math.max(0, wire.length - 1) }, (_, at) => at + 1);
        expect(commandsAt(wire, cuts, chosen)).toEqual(commandsAt(wire, [], chosen));
      }),
      { numRuns: 150 },
    );
  });
});

describe('a stream never loses its place', () => {
  /** Lines that mean no literal, whatever stands before their ends. */
  const line = fc
    .string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 40,
    })
    .map((text) => text.replaceAll(/[\n}]/g, '.'));

  test('behind any line of a server', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const wire = [...lines, '* 17 EXISTS', ''].join('\r\n');
        expect(responsesAt(wire).at(-1)).toMatchObject({ response: { type: 'EXISTS', number: 17 } });
      }),
    );
  });

  test('behind any text of a status response', () => {
    const text = fc.tuple(line, fc.constantFrom('', '{5}', '{5+}', '~{5}', ' {0}', '}', '{', '[', ']', '"'));
    fc.assert(
      fc.property(
        fc.constantFrom('* OK', 'A1 NO', '* BYE', 'a+b BAD', '* PREAUTH', '+'),
        text,
        (head, [some, end]) => {
          const wire = `${head} ${some.startsWith('[') ? '.' : ''}${some}${end}\r\n* 17 EXISTS\r\n`;
          const events = responsesAt(wire);
          expect(events.at(-1)).toMatchObject({ response: { type: 'EXISTS', number: 17 } });
          expect(events).toHaveLength(2);
        },
      ),
    );
  });

  test('behind literals with anything in them', () => {
    const literal = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(fc.array(literal, { minLength: 1, maxLength: 4 }), (literals) => {
        const pieces = literals.flatMap((octets, at) => [
          bytesFromLatin1(`${at === 0 ? '* 1 FETCH (' : ' '}BODY[${at + 1}] {${octets.length}}\r\n`),
          octets,
        ]);
        const wire = concatBytes([...pieces, bytesFromLatin1(')\r\n* 17 EXISTS\r\n')]);
        const [fetch, exists] = decodeResponses(wire);
        expect(exists).toMatchObject({ response: { number: 17 } });
        const response = fetch?.type === 'response' ? fetch.response : undefined;
        expect(
          response?.type === 'FETCH' ? response.sections?.map(({ octets }) => octets) : undefined,
        ).toEqual(literals);
      }),
    );
  });
});

describe('garbage gives events, and nothing is thrown', () => {
  test.each([
    ['octets', fc.uint8Array({ maxLength: 400 })],
    ['words', wires.map(bytesFromLatin1)],
  ])('%s', (_, octets) => {
    fc.assert(
      fc.property(octets, options, (wire, chosen) => {
        for (const event of [...decodeResponses(wire, chosen), ...decodeCommands(wire, chosen)]) {
          if (event.type === 'unparsed') expect(event.error).toBeInstanceOf(MailsealError);
          if (event.type !== 'response' || event.response.type !== 'FETCH') continue;
          try {
            expect(event.response.envelope ?? event.response.bodyStructure).not.toBeNull();
          } catch (error) {
            expect(error).toMatchObject({ code: 'imap-malformed' });
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('work is linear in the octets', () => {
  const whole = (make: (size: number) => string) => (size: number) => {
    const wire = bytesFromLatin1(make(size));
    return () => {
      if (decodeResponses(wire, { eager: true }).length > wire.length)
        throw new Error('more events than octets');
    };
  };
  const inPieces = (octets: number, make: (size: number) => string) => (size: number) => {
    const wire = bytesFromLatin1(make(size));
    return () => {
      const decoder = new ResponseDecoder();
      for (let at = 0; at < wire.length; at += octets) decoder.push(wire.subarray(at, at + octets));
      decoder.end();
    };
  };
  const repeat = (word: string, size: number) => word.repeat(Math.ceil(size / word.length));

  test.each<[string, (size: number) => () => void, number]>([
    ['a line without an end, octet by octet', inPieces(1, (size) => repeat('x', size)), 100_000],
    ['a line without an end, in pieces', inPieces(100, (size) => `* LIST (${repeat('x', size)}`), 1_000_000],
    ['a line over the limit', inPieces(1000, (size) => repeat('x', 9_000_000 + size)), 1_000_000],
    ['many small literals', whole((size) => `* X (${repeat('{1}\r\na ', size)}a)\r\n`), 200_000],
    [
      'many small literals, octet by octet',
      inPieces(1, (size) => `* X (${repeat('{1}\r\na ', size)}a)\r\n`),
      100_000,
    ],
    ['many literals in a code', whole((size) => `* OK [X (${repeat('{1}\r\na ', size)}a)] t\r\n`), 25_000],
    [
      'many large literals',
      inPieces(
        16_384,
        (size) => `* 1 FETCH (${repeat(`BODY[] {5000}\r\n${'z'.repeat(5000)} `, size)}UID 1)\r\n`,
      ),
      2_000_000,
    ],
    ['many responses', whole((size) => repeat('* 1 EXISTS\r\n', size)), 200_000],
    ['many lines that cannot be read', whole((size) => repeat('* x (\r\n', size)), 20_000],
    ['empty lines', whole((size) => repeat('\r\n', size)), 400_000],
    ['braces', whole((size) => `* X ${repeat('{', size)}\r\n`), 400_000],
    ['digits of a literal', whole((size) => `* X {${repeat('9', size)}}\r\n`), 400_000],
    ['zeros of a literal', whole((size) => `* X {${repeat('0', size)}1}\r\na\r\n`), 400_000],
    [
      'backslashes in quotation marks',
      whole((size) => `* LIST () NIL "${repeat('\\\\', size)}"\r\n`),
      200_000,
    ],
    [
      'backslashes in an envelope',
      whole(
        (size) => `* 1 FETCH (ENVELOPE ("${repeat('\\"', size)}" NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\n`,
      ),
      200_000,
    ],
    ['strings without ends', whole((size) => `* X ${repeat('"\\" ', size)}\r\n`), 200_000],
    ['lists inside each other', whole((size) => repeat(`* X ${'('.repeat(500)}\r\n`, size)), 200_000],
    // Not more: 200,000 ranges that survive cost the collector of garbage more each than 50,000, which is no step that is taken once.
    ['a long set', whole((size) => `* VANISHED ${repeat('1:2,', size)}7\r\n`), 50_000],
    ['a long SEARCH', whole((size) => `* SEARCH${repeat(' 123456', size)}\r\n`), 400_000],
    [
      'many envelopes in one FETCH',
      whole((size) => `* 1 FETCH (${repeat('ENVELOPE NIL ', size)}UID 1)\r\n`),
      100_000,
    ],
    ['flags', whole((size) => `* FLAGS (${repeat('\\Seen ', size)}a)\r\n`), 200_000],
    [
      'structures beside each other',
      whole((size) => `* 1 FETCH (BODY (${repeat('("A" "B" NIL NIL NIL "7BIT" 1)', size)} "MIXED"))\r\n`),
      200_000,
    ],
  ])('%s', (_, make, size) => {
    expectLinear(make, size);
  });
});
