import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import type { TaggedCommand } from '../../src/imap/command/command.js';
import { encodeCommand } from '../../src/imap/command/encode-command.js';
import { readTagged } from '../imap/command/round-trip.js';
import { sampleCommands } from '../imap/command/samples.js';

const sample = fc.constantFrom(...sampleCommands.map((command) => `A ${command}`));
const character = fc.oneof(
  fc.constantFrom(...' ()"\\{}[]<>*%,:$+-~\r\n0\0\xffaZ'),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
);

interface Edit {
  readonly kind: 'insert' | 'remove' | 'replace' | 'splice';
  /** Where, as a part of the length. */
  readonly at: number;
  readonly from: number;
  readonly character: string;
  readonly other: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('insert', 'remove', 'replace', 'splice'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  character,
  other: sample,
});

function apply(wire: string, { kind, at, from, character, other }: Edit): string {
  const place = Math.floor(wire.length * at);
  const before = wire.slice(0, place);
  switch (kind) {
    case 'insert':
      return before + character + wire.slice(place);
    case 'remove':
      return before + wire.slice(place + 1);
    case 'replace':
      return before + character + wire.slice(place + 1);
    default:
      return before + other.slice(Math.floor(other.length * from));
  }
}

function encoded(command: TaggedCommand): string {
  return latin1FromBytes(concatBytes(encodeCommand(command).map(({ octets }) => octets))).slice(0, -2);
}

describe('commands that were damaged', () => {
  it('are refused with imap-malformed, or read as what can be written and read again', () => {
    let read = 0;
    fc.assert(
      fc.property(sample, fc.array(edit, { maxLength: 3 }), (wire, edits) => {
        const damaged = edits.reduce(apply, wire);
        let command: TaggedCommand;
        try {
          // What only a quirk makes readable need not be fit to be written.
          command = readTagged(damaged, { quirks: false });
        } catch (error) {
          expect(error).toBeInstanceOf(MailsealError);
          expect((error as MailsealError).code).toBe('imap-malformed');
          return;
        }
        read++;
        // RFC 9051 §9: only literal8 may hold NUL. Who sends it in a literal is read; we do not send it.
        if (damaged.includes('\0')) return;
        expect(readTagged(encoded(command))).toStrictEqual(command);
      }),
      { numRuns: 3000 },
    );
    // Those without any edit are read at least.
    expect(read).toBeGreaterThan(500);
  });
});

it('commands that were damaged are read, with all quirks, or refused with imap-malformed', () => {
  fc.assert(
    fc.property(sample, fc.array(edit, { maxLength: 3 }), (wire, edits) => {
      try {
        readTagged(edits.reduce(apply, wire));
      } catch (error) {
        expect(error).toMatchObject({ code: 'imap-malformed' });
      }
    }),
    { numRuns: 1000 },
  );
});

describe('every sample', () => {
  it('is read, and written and read again as the same', () => {
    for (const wire of sampleCommands) {
      const command = readTagged(`A ${wire}`);
      expect(readTagged(encoded(command)), wire).toStrictEqual(command);
    }
    expect(sampleCommands.length).toBeGreaterThan(40);
  });

  it('cut anywhere is refused, or a command of its own', () => {
    for (const wire of sampleCommands) {
      for (let end = 0; end < wire.length; end++) {
        try {
          const command = readTagged(`A ${wire.slice(0, end)}`);
          expect(readTagged(encoded(command)), wire).toStrictEqual(command);
        } catch (error) {
          expect(error, wire).toMatchObject({ code: 'imap-malformed' });
        }
      }
    }
  });
});
