import { bytesFromLatin1, concatBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { fillLimits } from '../../src/core/limits.js';
import { DEFAULT_IMAP_LIMITS, type ImapLimits } from '../../src/imap/limits.js';
import { fillQuirks, type ImapQuirkOptions } from '../../src/imap/quirks.js';
import { SyntaxReader } from '../../src/imap/syntax/reader.js';
import { SyntaxWriter } from '../../src/imap/syntax/writer.js';

export interface SyntaxChoices {
  readonly quirks?: ImapQuirkOptions;
  readonly utf8?: boolean;
  readonly limits?: ImapLimits;
}

/** A reader of one frame, whose octets are given as U+0000–U+00FF. */
export function readerOf(wire: string, choices: SyntaxChoices = {}): SyntaxReader {
  const octets = bytesFromLatin1(wire);
  return new SyntaxReader(
    { text: wire, octets, start: 0, end: wire.length, offset: 0 },
    {
      limits: fillLimits(DEFAULT_IMAP_LIMITS, choices.limits),
      quirks: fillQuirks(choices.quirks),
      utf8: choices.utf8 ?? false,
    },
  );
}

/** What a reader makes of the whole of a frame. */
export function readAll<Value>(
  read: (reader: SyntaxReader) => Value,
  wire: string,
  choices: SyntaxChoices = {},
): Value {
  const reader = readerOf(wire, choices);
  const value = read(reader);
  reader.expectEnd();
  return value;
}

/** What a reader makes of a frame, and the quirks that it met. */
export function readWithQuirks<Value>(
  read: (reader: SyntaxReader) => Value,
  wire: string,
): { value: Value; quirks: readonly string[] } {
  const reader = readerOf(wire);
  const value = read(reader);
  reader.expectEnd();
  return { value, quirks: reader.quirks };
}

/** What a writer puts on the wire, as a server does, without the line end. */
export function written<Value>(
  write: (writer: SyntaxWriter, value: Value) => void,
  value: Value,
  utf8 = false,
): string {
  const writer = new SyntaxWriter({ literals: 'server', utf8 });
  write(writer, value);
  const wire = latin1FromBytes(concatBytes(writer.finish().map(({ octets }) => octets)));
  return wire.slice(0, -2);
}
