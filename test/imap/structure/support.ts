import type { ImapLimits } from '../../../src/imap/limits.js';
import type { ImapQuirk, ImapQuirkOptions } from '../../../src/imap/quirks.js';
import type { BodyStructure } from '../../../src/imap/structure/body-structure.js';
import { readBodyStructure } from '../../../src/imap/structure/read-body-structure.js';
import { writeBodyStructure } from '../../../src/imap/structure/write-body-structure.js';
import { SyntaxWriter } from '../../../src/imap/syntax/writer.js';
import { readerOf } from '../../support/imap-syntax.js';

/** A structure as it was read, and the quirks that were met. */
export interface ReadBody {
  readonly body: BodyStructure;
  readonly quirks: readonly ImapQuirk[];
}

/** Reads a structure that is all of a text of characters U+0000–U+00FF. */
export function readBody(wire: string, quirks: ImapQuirkOptions = true, limits: ImapLimits = {}): ReadBody {
  const reader = readerOf(wire, { quirks, limits });
  const body = readBodyStructure(reader);
  reader.expectEnd();
  return { body, quirks: reader.quirks };
}

/** What a server writes for a structure. */
export function writeBody(body: BodyStructure, extended = true): string {
  const writer = new SyntaxWriter({ literals: 'server', utf8: false });
  writeBodyStructure(writer, body, { extended });
  const text = writer
    .finish()
    .map(({ octets }) => String.fromCharCode(...octets))
    .join('');
  return text.slice(0, -2);
}
