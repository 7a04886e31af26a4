import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import type { ResponseEvent } from '../../src/imap/framing/events.js';
import { ResponseDecoder } from '../../src/imap/framing/response-decoder.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { reusedChunks } from '../support/imap-framing.js';
import { responsesByName } from '../support/imap-responses.js';
import { cutsOf, expectSame } from '../support/imap-round-trip.js';

function plain(response: ImapResponse): ImapResponse {
  return response.type === 'FETCH' || response.type === 'UIDFETCH' ? plainFetch(response) : response;
}

function decoded(chunks: Iterable<Uint8Array>, utf8: boolean, eager: boolean): ImapResponse[] {
  const decoder = new ResponseDecoder({ quirks: false, utf8, eager });
  const responses: ImapResponse[] = [];
  const take = (event: ResponseEvent): void => {
    if (event.type !== 'response') expect(event).toBeUndefined();
    // A copy: the octets of events are overwritten with the next chunk.
    else responses.push(structuredClone(plain(event.response)));
  };
  for (const chunk of chunks) decoder.push(chunk).forEach(take);
  decoder.end().forEach(take);
  return responses;
}

describe('responses that are encoded and decoded', () => {
  for (const utf8 of [false, true]) {
    const byName = responsesByName(utf8);
    const how = utf8 ? 'UTF-8' : 'modified UTF-7';
    for (const [name, arbitrary] of Object.entries(byName)) {
      it(`are kept: ${name} in ${how}`, () => {
        fc.assert(
          fc.property(arbitrary, fc.boolean(), cutsOf, (response, eager, cuts) => {
            const wire = encodeResponse(response, { utf8 });
            expectSame(decoded(reusedChunks(wire, cuts(wire.length)), utf8, eager), [response]);
          }),
          { numRuns: 100 },
        );
      });
    }

    it(`are kept one behind the other at any split, in ${how}`, () => {
      const some = fc.array(fc.oneof(...Object.values(byName)), { minLength: 2, maxLength: 6 });
      fc.assert(
        fc.property(some, fc.boolean(), cutsOf, (all, eager, cuts) => {
          const wire = concatBytes(all.map((response) => encodeResponse(response, { utf8 })));
          expectSame(decoded(reusedChunks(wire, cuts(wire.length)), utf8, eager), all);
        }),
        { numRuns: 200 },
      );
    });
  }
});

describe('what was found so', () => {
  it('is kept: a literal that its chunk ends with, in memory that is used again', () => {
    const octets = new Uint8Array(5000).fill(0x61);
    const response: ImapResponse = { type: 'FETCH', number: 1, rfc822: [{ item: 'RFC822', octets }] };
    const wire = encodeResponse(response);
    expectSame(decoded(reusedChunks(wire, [wire.length - 3]), false, false), [response]);
  });

  it('is kept: a literal in the code of a continuation', () => {
    const response: ImapResponse = {
      type: '+',
      code: { code: 'NOUPDATE', tag: 'a\r\nb' },
      text: 'go on {5}',
    };
    expectSame(decoded([encodeResponse(response)], false, false), [response]);
  });

  it('is kept: a closing bracket in the name of a charset', () => {
    const response: ImapResponse = {
      type: 'NO',
      tag: 'A1',
      code: { code: 'BADCHARSET', charsets: [']', 'a]b'] },
      text: 'none',
    };
    expectSame(decoded([encodeResponse(response)], false, false), [response]);
  });
});
