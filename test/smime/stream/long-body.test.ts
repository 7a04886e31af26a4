import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bytes, bytesFromLatin1, concatBytes } from '../../../src/core/bytes.js';
import { encodeMimeBase64 } from '../../../src/encoding/mime-base64.js';
import { decodeMimeBase64 } from '../../../src/encoding/mime-base64-decoder.js';
import { parseMessage } from '../../../src/mime/message.js';
import { longBody } from '../../../src/smime/stream/long-body.js';

const base64Part = parseMessage(bytesFromLatin1('Content-Transfer-Encoding: base64\r\n\r\n'));

function written(body: Bytes, lengths: readonly number[]): Bytes {
  const long = longBody(base64Part, body, '7bit');
  const pieces: Bytes[] = [];
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    // The reader may use the memory of a chunk again.
    const chunk = body.slice(at, at + length);
    for (const piece of long.update(chunk)) pieces.push(piece.slice());
    chunk.fill(0x21);
    at += length;
  }
  return concatBytes([...pieces, ...long.finish()]);
}

/** Decoded and encoded again as a whole. */
function anew(body: Bytes): Bytes {
  const lines = encodeMimeBase64(decodeMimeBase64(body, { engine: 'typescript' }).content, {
    engine: 'typescript',
  });
  const last = body.at(-1);
  return last === 0x0a || last === 0x0d ? lines : lines.subarray(0, -2);
}

test('base64 comes out as it is decoded and encoded anew, whatever befell its lines, for any split', () => {
  const changes = fc.array(
    fc.record({
      at: fc.nat(10_000),
      put: fc.constantFrom('', 'A', '-', '=', '\r', '\n', '\r\n', ' ', '\u00e9', '====', 'AAAA'),
      removed: fc.constantFrom(0, 1, 2, 4, 78),
    }),
    { maxLength: 2 },
  );
  let same = 0;
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1200 }),
      fc.constantFrom(76, 76, 76, 72, 64),
      fc.boolean(),
      changes,
      fc.array(fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 70, max: 2000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      (octets, lineLength, isEnded, places, lengths) => {
        let text = Buffer.from(encodeMimeBase64(octets, { lineLength })).toString('latin1');
        if (!isEnded) text = text.slice(0, -2);
        for (const { at, put, removed } of places) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + removed);
        }
        const body = bytesFromLatin1(text);
        const wanted = anew(body);
        expect(written(body, lengths)).toEqual(wanted);
        if (Buffer.from(wanted).equals(body)) same++;
      },
    ),
    { numRuns: 1000 },
  );
  expect(same).toBeGreaterThan(100);
});
