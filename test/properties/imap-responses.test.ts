import fc from 'fast-check';
import { describe, it } from 'vitest';
import { latin1FromBytes } from '../../src/core/bytes.js';
import { plainFetch } from '../../src/imap/response/decoded-fetch.js';
import { encodeResponse } from '../../src/imap/response/encode-response.js';
import { readResponse } from '../../src/imap/response/read-response.js';
import type { ImapResponse } from '../../src/imap/response/response.js';
import { responsesByName } from '../support/imap-responses.js';
import { expectSame } from '../support/imap-round-trip.js';
import { readAll } from '../support/imap-syntax.js';

function plain(response: ImapResponse): ImapResponse {
  return response.type === 'FETCH' || response.type === 'UIDFETCH' ? plainFetch(response) : response;
}

describe('responses that are encoded and decoded', () => {
  for (const utf8 of [false, true]) {
    for (const [name, arbitrary] of Object.entries(responsesByName(utf8))) {
      it(`are kept: ${name} in ${utf8 ? 'UTF-8' : 'modified UTF-7'}`, () => {
        fc.assert(
          fc.property(arbitrary, fc.boolean(), (response, eager) => {
            const wire = latin1FromBytes(encodeResponse(response, { utf8 })).slice(0, -2);
            expectSame(
              plain(readAll((reader) => readResponse(reader, eager), wire, { quirks: false, utf8 })),
              response,
            );
          }),
          { numRuns: 150 },
        );
      });
    }
  }
});
