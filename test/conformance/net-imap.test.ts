import { expect, test } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import { readResponse } from '../../src/imap/response/read-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { describeCorpus, readCorpusJson } from '../support/corpus.js';
import { responsesAt } from '../support/imap-framing.js';
import { readerOf } from '../support/imap-syntax.js';
import { asNetImap } from '../support/net-imap.js';

interface NetImapCase {
  readonly file: string;
  readonly name: string;
  /** Octets as U+0000–U+00FF. */
  readonly response: string;
  readonly expected?: unknown;
  readonly mustFail?: boolean;
}

/** What is not the same with us, by the name of the case, and why. */
const differences: Readonly<Record<string, string>> = {
  invalid_fetch_msg_att_unknown_fails:
    'an item that is not known is kept as a value, as unknown codes and responses are',
};

/** What is read as it is meant, but not written again as it stood, since it may not stand so. */
const writtenOtherwise: Readonly<Record<string, string>> = {
  invalid_bodystructure_bug7153_mixed: 'a multipart has a part at least: an empty one is put in',
  bodystructure_mixed_boundary: 'the same',
  bodystructure_bug11128_ext_mpart_without_lang: 'BODY has no extension data; they are for BODYSTRUCTURE',
};

/** Whose literal would take up all that comes behind it. */
const endsLate: ReadonlySet<string> = new Set(['invalid literal numeric format (too large)']);

function everyOctet(length: number, step = 1): number[] {
  return Array.from({ length: Math.ceil(length / step) - 1 }, (_, at) => (at + 1) * step);
}

/** The octets themselves, and what the other parser says about where it gave up. */
const notValues: ReadonlySet<string> = new Set(['raw_data', 'parse_error', 'parsed_data']);

/**
 * A value as it is compared: fields that are null count as absent, results of
 * ESEARCH come in any order, and a list of one language is that language. What
 * SEARCH finds is the same list whether or not it is in a struct.
 */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const isStruct = '$type' in value;
  const plain: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (isStruct && (field === null || notValues.has(name))) continue;
    plain[name] = comparable(field);
  }
  if (plain.$type === 'ESearchResult') plain.data = new Map(plain.data as [string, unknown][]);
  if (plain.$type === 'SearchResult' && !('modseq' in plain)) return plain.items;
  if (Array.isArray(plain.language) && plain.language.length === 1) [plain.language] = plain.language;
  return plain;
}

function read(wire: string): ImapResponse {
  const response = readResponse(readerOf(wire.replace(/\r\n$/, '')));
  return response.type === 'FETCH' || response.type === 'UIDFETCH' ? plainFetch(response) : response;
}

describeCorpus('net-imap', () => {
  const cases = readCorpusJson<NetImapCase[]>('net-imap/cases.json');
  const toRead = cases.filter(({ mustFail }) => mustFail !== true);
  const toRefuse = cases.filter(({ mustFail }) => mustFail === true);

  test('there are 193 cases, of which 2 are to be refused', () => {
    expect([toRead.length, toRefuse.length]).toEqual([191, 2]);
  });

  test.each(toRead)('$file: $name', ({ name, response, expected }) => {
    const ours = read(response);
    expect(comparable(asNetImap(ours))).toEqual(comparable(expected));
    if (Object.hasOwn(writtenOtherwise, name)) return;
    expect(asNetImap(read(latin1FromBytes(encodeResponse(ours))))).toEqual(asNetImap(ours));
  });

  test('all of them behind each other, at any split', () => {
    const wires = cases.filter(({ name }) => !endsLate.has(name)).map(({ response }) => response);
    const wire = wires.join('');
    const whole = responsesAt(wire);
    expect(whole.length).toBe(192);
    expect(whole.filter(({ type }) => type !== 'response')).toEqual([]);
    expect(responsesAt(wire, everyOctet(wire.length))).toEqual(whole);
    for (const step of [2, 3, 7, 61, 997])
      expect(responsesAt(wire, everyOctet(wire.length, step))).toEqual(whole);
    // Each alone is what it is among the others.
    const alone = wires.map((one) => responsesAt(one)[0]);
    expect(alone.map((event) => event?.['response'])).toEqual(whole.map((event) => event['response']));
  });

  test.each(toRefuse)('$file: $name is refused', ({ name, response }) => {
    if (name in differences) {
      expect(read(response)).toEqual({
        type: 'FETCH',
        number: 123,
        other: [{ name: 'UNKNOWN', value: { type: 'atom', text: '92285' } }],
      });
      return;
    }
    expect(() => read(response)).toThrow(MailsealError);
  });

  test('each difference that is listed is one', () => {
    const names = new Set(cases.map(({ name }) => name));
    const listed = [...Object.keys(differences), ...Object.keys(writtenOtherwise)];
    expect(listed.filter((name) => !names.has(name))).toEqual([]);
  });
});
