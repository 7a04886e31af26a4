import { expect, it } from 'vitest';
import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import type { ImapCommand, TaggedCommand } from '../../../src/imap/command/command.js';
import { type EncodeCommandOptions, encodeCommand } from '../../../src/imap/command/encode-command.js';
import { readCommand } from '../../../src/imap/command/read-command.js';
import { readAll, type SyntaxChoices } from '../../support/imap-syntax.js';

/** Reads a command with its tag from characters U+0000–U+00FF without the last line end. */
export function readTagged(wire: string, choices?: SyntaxChoices): TaggedCommand {
  return readAll(readCommand, wire, choices);
}

/** Writes a command with the tag A, as a string without its last line end; `+` for where it waits. */
export function writtenCommand(command: ImapCommand, options: EncodeCommandOptions = {}): string {
  const { octets, waits } = gather(encodeCommand({ tag: 'A', command }, options));
  expect(waits).toBe(options.literals === undefined ? octets.split(/\{\d+\}\r\n/).length - 1 : waits);
  return octets.slice(0, -2);
}

function gather(fragments: ReturnType<typeof encodeCommand>): { octets: string; waits: number } {
  return {
    octets: latin1FromBytes(concatBytes(fragments.map(({ octets }) => octets))),
    waits: fragments.filter(({ wait }) => wait).length,
  };
}

/** What is on the wire, fit to be printed. */
function titleOf(wire: string): string {
  return wire.replaceAll('\r\n', '⏎').replaceAll(/[^ -~⏎]/g, '·');
}

/** What a known answer says: the command as it stands in an RFC (without its tag), and as a value. */
export type KnownAnswer = readonly [wire: string, command: ImapCommand, written?: string];

/** Tests that each wire form is read as the value, and the value written as that form (or the other one). */
export function testKnownAnswers(answers: readonly KnownAnswer[], choices: SyntaxChoices = {}): void {
  for (const [wire, command, other = wire] of answers) {
    it(titleOf(wire), () => {
      const read = readTagged(`A ${wire}`, choices);
      expect(read).toStrictEqual({ tag: 'A', command });
      const options = choices.utf8 === undefined ? {} : { utf8: choices.utf8 };
      expect(writtenCommand(command, options)).toBe(`A ${other}`);
      expect(readTagged(`A ${other}`, choices)).toStrictEqual(read);
    });
  }
}

/** Octets of a string of U+0000–U+00FF. */
export const octets = bytesFromLatin1;
