import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../../src/core/errors.js';
import { encodeResponse } from '../../../src/imap/response/encode-response.js';
import { readResponse } from '../../../src/imap/response/read-response.js';
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
  'literals in an envelope': (octets) => `* 1 FETCH (ENVELOPE (${'{1}\r\na '.repeat(octets / 7)}))`,
  'envelopes over and over': (octets) => `* 1 FETCH (${'ENVELOPE {1}\r\na '.repeat(octets / 16)}UID 1)`,
  'a structure in wrong quotation marks': (octets) =>
    `* 1 FETCH (BODYSTRUCTURE (${'"a"b" '.repeat(octets / 6)}`,
  'braces in a code': (octets) => `* OK [X ${'{'.repeat(octets)}] a`,
  'lengths in a code': (octets) => `* OK [X ${'{1'.repeat(octets / 2)}] a`,
  'quotation marks in a code': (octets) => `* OK [X ${'"\\'.repeat(octets / 2)}] a`,
  'a code that does not end': (octets) => `* OK [X ${'a '.repeat(octets / 2)}`,
  'a code that is not what it should be': (octets) => `* OK [CAPABILITY ${'a '.repeat(octets / 2)}"]`,
  'ADDTO over and over': (octets) => `* ESEARCH (TAG "a")${' ADDTO (1 2)'.repeat(octets / 12)}`,
  'lists of an unknown response': (octets) => `* XFOO ${'()'.repeat(octets / 2)}`,
  'attributes of LIST': (octets) => `* LIST (\\A${' \\Aa'.repeat(octets / 4)}) "/" a`,
  'an atom': (octets) => `* ${'A'.repeat(octets)}`,
  'a tag': (octets) => `${'A'.repeat(octets)} OK`,
};

/** Reads, and writes again what could be read. */
function readAndWrite(wire: string): void {
  try {
    encodeResponse(plain(readResponse(readerOf(wire))));
  } catch (error) {
    if (!(error instanceof MailsealError)) throw error;
  }
}

describe('linear time', () => {
  test.each(Object.keys(long))('%s', (name) => {
    const make = long[name]!;
    expect(make(1000).length).toBeGreaterThan(900);
    expectLinear((octets) => {
      const wire = make(octets);
      return () => readAndWrite(wire);
    }, 25_000);
  });
});
