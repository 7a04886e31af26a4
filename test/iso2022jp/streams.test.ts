import { afterEach, describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/core/bytes.js';
import { encode } from '../../src/iso2022jp/encode.js';
import { decoderStream, encoderStream } from '../../src/iso2022jp/streams.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** All that comes out of a stream for these chunks. */
async function through<Output>(stream: TransformStream, chunks: readonly unknown[]): Promise<Output[]> {
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  const given: Output[] = [];
  const reading = (async () => {
    for await (const chunk of stream.readable) given.push(chunk as Output);
  })();
  await Promise.all([written, reading]);
  return given;
}

const text = 'これは test です。\r\n¥😀';

describe('TransformStream', () => {
  test('of text', async () => {
    const options = { onUnmappable: 'geta' } as const;
    const octets = await through<Uint8Array>(encoderStream(options), text.split(''));
    expect(octets.every(({ length }) => length > 0)).toBe(true);
    expect(concatBytes(octets)).toEqual(encode(text, options));
  });

  test('of octets', async () => {
    const octets = encode(text, { onUnmappable: 'geta' });
    const given = await through<string>(
      decoderStream(),
      [...octets].map((octet) => Uint8Array.of(octet)),
    );
    expect(given.every(({ length }) => length > 0)).toBe(true);
    expect(given.join('')).toBe(text.replace('😀', '〓'));
  });

  test('fails as the encoder and the decoder do', async () => {
    await expect(through(encoderStream(), ['漢', '字😀'])).rejects.toMatchObject({
      code: 'charset-unencodable',
      offset: 2,
    });
    await expect(through(encoderStream(), ['漢\ud83d'])).rejects.toMatchObject({
      code: 'charset-unencodable',
      offset: 1,
    });
    await expect(through(decoderStream({ fatal: true }), [Uint8Array.of(0x61, 0xff)])).rejects.toMatchObject({
      code: 'charset-malformed',
      offset: 1,
    });
  });

  test('says so where the runtime has none', () => {
    vi.stubGlobal('TransformStream', undefined);
    expect(() => encoderStream()).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => decoderStream()).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
