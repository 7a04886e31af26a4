import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { encodeResponse } from '../../../src/imap/response/encode-response.js';
import { readResponse } from '../../../src/imap/response/read-response.js';
import type { ImapResponse } from '../../../src/imap/response/response.js';
import { plain } from '../../support/imap-response-lines.js';
import { readerOf } from '../../support/imap-syntax.js';
import { expectLinear } from '../../support/linear-time.js';

/** Lines of so many octets that might make a reader go over them again and again. */
const long: Readonly<Record<string, (octets: number) => string>> = {
  'numbers of SEARCH': (octets) => `* SEARCH${' 12345'.repeat(octets / 6)}`,
  'blanks in SEARCH': (octets) => `* SEARCH 1${' '.repeat(octets)}x`,
  'ranges of VANISHED': (octets) => `* VANISHED 1${',2:3'.repeat(octets / 4)}`,
  'a chain of THREAD': (octets) => `* THREAD (1${' 23'.repeat(octets / 3)})`,
  'threads beside each other': (octets) => `* THREAD ${'(1)'.repeat(octets / 3)}`,
  'many sections': (octets) => `* 1 FETCH (${'BODY[] NIL '.repeat(octets / 11)})`,
  'many unknown items': (octets) => `* 1 FETCH (X 1${' X 1'.repeat(octets / 4)})`,
  'many small literals': (octets) => `* 1 FETCH (BODY[] {1}\r\na${' BODY[] {1}\r\na'.repeat(octets / 14)})`,
  'literals in an envelope': (octets) =>
    `* 1 FETCH (ENVELOPE (NIL {1}\r\na (${'({1}\r\na NIL {1}\r\na NIL)'.repeat(octets / 22)}) NIL NIL NIL NIL NIL NIL NIL))`,
  'envelopes over and over': (octets) => `* 1 FETCH (${'ENVELOPE {1}\r\na '.repeat(octets / 16)}UID 1)`,
  'a structure in wrong quotation marks': (octets) =>
    `* 1 FETCH (BODYSTRUCTURE ("a" "b" ("n" "n"${' "n" "a "b" c"'.repeat(octets / 14)}) NIL NIL "7bit" 1))`,
  'a structure whose quotation marks end nowhere': (octets) =>
    `* 1 FETCH (BODYSTRUCTURE ("a" "b" ("n" "n"${' "n" "a "b" c"'.repeat(octets / 14)} "n" "n`,
  'braces in a code': (octets) => `* OK [X ${'{'.repeat(octets)}] a`,
  'lengths in a code': (octets) => `* OK [X ${'{1'.repeat(octets / 2)}] a`,
  'quotation marks in a code': (octets) => `* OK [X ${'"\\'.repeat(octets / 2)}] a`,
  'a code that does not end': (octets) => `* OK [X ${'a '.repeat(octets / 2)}`,
  'a code that is not what it should be': (octets) => `* OK [CAPABILITY ${'a '.repeat(octets / 2)}"]`,
  'ADDTO over and over': (octets) => `* ESEARCH (TAG "a")${' ADDTO (1 2)'.repeat(octets / 12)}`,
  'lists of an unknown response': (octets) => `* XFOO ()${' ()'.repeat(octets / 3)}`,
  'attributes of LIST': (octets) => `* LIST (\\A${' \\Aa'.repeat(octets / 4)}) "/" a`,
  'an atom': (octets) => `* ${'A'.repeat(octets)}`,
  'a tag': (octets) => `${'A'.repeat(octets)} OK`,
};

/** Reads, and writes again what could be read. Gives the octet at which reading ended. */
function readAndWrite(wire: string): number {
  let response: ImapResponse;
  try {
    response = plain(readResponse(readerOf(wire)));
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code !== 'imap-malformed') throw error;
    return error.offset ?? 0;
  }
  expect(encodeResponse(response).length).toBeGreaterThan(0);
  return wire.length;
}

describe('linear time', () => {
  test.each(Object.keys(long))('%s', (name) => {
    const make = long[name]!;
    const wire = make(25_000);
    expect(wire.length).toBeGreaterThan(24_000);
    // What breaks off at once says nothing of what comes behind.
    expect(readAndWrite(wire)).toBeGreaterThan(0.95 * wire.length);
    expectLinear((octets) => {
      const each = make(octets);
      return () => readAndWrite(each);
    }, 25_000);
  });
});
