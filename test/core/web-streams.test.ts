import { expect, test } from 'vitest';
import { webParser, webTransformer } from '../../src/core/web-streams.js';
import { LineEndCanonicalizer } from '../../src/encoding/line-ends.js';
import { type MimeEvent, MimeReader } from '../../src/mime/reader.js';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream of chunks of which each is overwritten when the next is asked for. */
function overwritten(texts: readonly string[]): ReadableStream<Uint8Array> {
  let last: Uint8Array | undefined;
  const left = [...texts];
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        last?.fill(0x21);
        const text = left.shift();
        if (text === undefined) {
          controller.close();
          return;
        }
        last = octets(text);
        controller.enqueue(last);
      },
    },
    { highWaterMark: 0 },
  );
}

async function taken<T>(stream: ReadableStream<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

test('a transformer gives what it gives without a stream, and no view of what its caller may change', async () => {
  const given = overwritten(['a\n', '', 'b\r', '\nc']).pipeThrough(
    new TransformStream(webTransformer(new LineEndCanonicalizer())),
  );
  const text = (await taken(given)).map((each) => new TextDecoder().decode(each)).join('');
  expect(text).toBe('a\r\nb\r\nc');
});

test('a parser gives its events, with octets that stay', async () => {
  const parts = ['Subject: a\r\nTo', ': b\r\n\r\nbo', 'dy\r\n'];
  const given = overwritten(parts).pipeThrough(
    new TransformStream(webParser<MimeEvent, MimeEvent[]>(new MimeReader(), (last) => last)),
  );
  const events = (await taken(given)) as MimeEvent[];
  const texts = events.flatMap((event) => ('bytes' in event ? [new TextDecoder().decode(event.bytes)] : []));
  expect(texts.join('')).toBe('Subject: a\r\nTo: b\r\nbody\r\n');
  expect(events.at(-1)?.type).toBe('part-end');
});

test('what is thrown is the error of the stream', async () => {
  const failing = {
    update: (): Uint8Array => {
      throw new Error('no more');
    },
    finish: (): Uint8Array => new Uint8Array(0),
  };
  const given = overwritten(['a']).pipeThrough(new TransformStream(webTransformer(failing)));
  await expect(taken(given)).rejects.toThrow('no more');
  const ending = { push: (): object[] => [{}], end: (): object[] => [{ type: 'verdict' }] };
  const events = overwritten(['a']).pipeThrough(new TransformStream(webParser(ending, (last) => last)));
  expect(await taken(events)).toEqual([{}, { type: 'verdict' }]);
});
