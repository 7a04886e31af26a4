import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { type EncodeCommandOptions, encodeCommand } from '../../src/imap/command/encode-command.js';
import { readCommand } from '../../src/imap/command/read-command.js';
import { commandsByName, taggedCommand } from '../support/imap-commands.js';
import { expectSame } from '../support/imap-round-trip.js';
import { readAll } from '../support/imap-syntax.js';

const literals = fc.constantFrom<NonNullable<EncodeCommandOptions['literals']>>(
  'synchronising',
  'LITERAL+',
  'LITERAL-',
);

describe('commands that are encoded and decoded', () => {
  for (const utf8 of [false, true]) {
    for (const [name, command] of Object.entries(commandsByName(utf8))) {
      it(`are kept: ${name} in ${utf8 ? 'UTF-8' : 'modified UTF-7'}`, () => {
        fc.assert(
          fc.property(taggedCommand(command), literals, (tagged, how) => {
            const fragments = encodeCommand(tagged, { literals: how, utf8 });
            expect(fragments.at(-1)!.wait).toBe(false);
            const wire = latin1FromBytes(concatBytes(fragments.map(({ octets }) => octets)));
            expect(wire.endsWith('\r\n')).toBe(true);
            expectSame(readAll(readCommand, wire.slice(0, -2), { quirks: false, utf8 }), tagged);
          }),
          { numRuns: 150 },
        );
      });
    }
  }
});
