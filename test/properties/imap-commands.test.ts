import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import type { TaggedCommand } from '../../src/imap/command/command.js';
import { type EncodeCommandOptions, encodeCommand } from '../../src/imap/command/encode-command.js';
import { CommandDecoder } from '../../src/imap/framing/command-decoder.js';
import type { CommandEvent } from '../../src/imap/framing/events.js';
import { commandsByName, taggedCommand } from '../support/imap-commands.js';
import { reusedChunks } from '../support/imap-framing.js';
import { cutsOf, expectSame } from '../support/imap-round-trip.js';

const literals = fc.constantFrom<NonNullable<EncodeCommandOptions['literals']>>(
  'synchronising',
  'LITERAL+',
  'LITERAL-',
);

/** The commands among events, and how often the client waits before a literal. */
function decoded(chunks: Iterable<Uint8Array>, utf8: boolean): { commands: TaggedCommand[]; waits: number } {
  const decoder = new CommandDecoder({ quirks: false, utf8 });
  const commands: TaggedCommand[] = [];
  let waits = 0;
  const take = (event: CommandEvent): void => {
    // A copy: the octets of events are overwritten with the next chunk.
    if (event.type === 'command') commands.push(structuredClone(event.command));
    else if (event.type === 'literal-wanted') waits++;
    else expect(event).toBeUndefined();
  };
  for (const chunk of chunks) decoder.push(chunk).forEach(take);
  decoder.end().forEach(take);
  return { commands, waits };
}

describe('commands that are encoded and decoded', () => {
  for (const utf8 of [false, true]) {
    const byName = commandsByName(utf8);
    const how = utf8 ? 'UTF-8' : 'modified UTF-7';
    for (const [name, command] of Object.entries(byName)) {
      it(`are kept: ${name} in ${how}`, () => {
        fc.assert(
          fc.property(taggedCommand(command), literals, cutsOf, (tagged, how, cuts) => {
            const fragments = encodeCommand(tagged, { literals: how, utf8 });
            expect(fragments.at(-1)!.wait).toBe(false);
            const wire = concatBytes(fragments.map(({ octets }) => octets));
            const { commands, waits } = decoded(reusedChunks(wire, cuts(wire.length)), utf8);
            expectSame(commands, [tagged]);
            expect(waits).toBe(fragments.filter(({ wait }) => wait).length);
          }),
          { numRuns: 100 },
        );
      });
    }

    const some = fc.array(taggedCommand(fc.oneof(...Object.values(byName))), { minLength: 2, maxLength: 6 });

    it(`are kept one behind the other at any split, in ${how}`, () => {
      fc.assert(
        fc.property(some, literals, cutsOf, (all, how, cuts) => {
          const fragments = all.flatMap((tagged) => encodeCommand(tagged, { literals: how, utf8 }));
          const wire = concatBytes(fragments.map(({ octets }) => octets));
          expectSame(decoded(reusedChunks(wire, cuts(wire.length)), utf8).commands, all);
        }),
        { numRuns: 200 },
      );
    });

    it(`wait where they say so, in ${how}`, () => {
      fc.assert(
        fc.property(some, literals, (all, how) => {
          const decoder = new CommandDecoder({ quirks: false, utf8 });
          for (const { octets, wait } of all.flatMap((tagged) =>
            encodeCommand(tagged, { literals: how, utf8 }),
          )) {
            const last = decoder.push(octets).at(-1);
            expect(last?.type === 'literal-wanted').toBe(wait);
          }
        }),
        { numRuns: 100 },
      );
    });
  }
});
