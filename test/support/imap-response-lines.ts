import { expect } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import { readResponse } from '../../src/imap/response/read-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { readerOf, type SyntaxChoices } from './imap-syntax.js';

/** A response with everything read. */
export function plain(response: ImapResponse): ImapResponse {
  return response.type === 'FETCH' || response.type === 'UIDFETCH' ? plainFetch(response) : response;
}

/** What is read from a line without its end, given as U+0000–U+00FF. */
export function readLine(wire: string, choices: SyntaxChoices = {}): ImapResponse {
  return plain(readResponse(readerOf(wire, choices)));
}

/** What is read from a line, and the quirks that were met. */
export function readQuirky(wire: string): { response: ImapResponse; quirks: readonly string[] } {
  const reader = readerOf(wire);
  return { response: plain(readResponse(reader, true)), quirks: reader.quirks };
}

/** The line that is written, without its end, as U+0000–U+00FF. */
export function lineOf(response: ImapResponse, utf8 = false): string {
  const wire = latin1FromBytes(encodeResponse(response, { utf8 }));
  expect(wire.endsWith('\r\n')).toBe(true);
  return wire.slice(0, -2);
}

/** Holds that a line is read as a response, late and at once, and that it is written as that line. */
export function expectBoth(wire: string, response: ImapResponse, utf8 = false): void {
  expect(readLine(wire, { utf8, quirks: false })).toStrictEqual(response);
  expect(plain(readResponse(readerOf(wire, { utf8, quirks: false }), true))).toStrictEqual(response);
  expect(lineOf(response, utf8)).toBe(wire);
}
