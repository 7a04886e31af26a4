import { createHash } from 'node:crypto';
import { createDeflate, createInflate, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseCompressedData } from '../../../src/cms/compressed/compressed-data.js';
import { createCompressedData } from '../../../src/cms/compressed/create-compressed-data.js';
import { type Inflate, openCompressed } from '../../../src/cms/compressed/open-compressed.js';
import type { MailsealErrorCode } from '../../../src/core/errors.js';
import { octetsOf, rejection } from '../../crypto/support.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';

/** The ways to decompress: the runtime's own, a stream of Node's, everything at once. */
const ways: readonly [name: string, inflate: Inflate | undefined, refusal: MailsealErrorCode][] = [
  ['DecompressionStream', undefined, 'limit-ratio'],
  ['a stream of node:zlib', (octets) => createInflate().end(octets), 'limit-ratio'],
  // It throws by itself, and nobody can tell why.
  ['all at once', (octets, most) => [inflateSync(octets, { maxOutputLength: most + 1 })], 'cms-malformed'],
];

function optionsOf(inflate: Inflate | undefined) {
  return inflate === undefined ? {} : { inflate };
}

describe.each(ways)('%s', (_, inflate, refusal) => {
  test('opens what was compressed, of every size', async () => {
    for (const length of [0, 1, 100, 100_000, 1_000_000]) {
      const content = octetsOf(length);
      const made = await createCompressedData({ content });
      const opened = await openCompressed(parseCompressedData(made), optionsOf(inflate));
      expect(Buffer.compare(opened.content, content)).toBe(0);
      expect(opened.contentType).toBe('1.2.840.113549.1.7.1');
    }
  });

  test('stops at the limit of octets', async () => {
    const made = parseCompressedData(await createCompressedData({ content: octetsOf(50_000) }));
    const limited = { ...optionsOf(inflate), limits: { octets: 50_000 } };
    expect((await openCompressed(made, limited)).content).toHaveLength(50_000);
    const { code } = await rejection(openCompressed(made, { ...limited, limits: { octets: 49_999 } }));
    expect(code).toBe('limit-octets');
  });

  test('stops at the ratio, which leaves a MiB free', async () => {
    const zeros = parseCompressedData(await createCompressedData({ content: new Uint8Array(1_048_576) }));
    expect((await openCompressed(zeros, optionsOf(inflate))).content).toHaveLength(1_048_576);
    const bomb = parseCompressedData(await createCompressedData({ content: new Uint8Array(8_000_000) }));
    expect((await rejection(openCompressed(bomb, optionsOf(inflate)))).code).toBe(refusal);
    const trusting = { ...optionsOf(inflate), limits: { ratio: 2000 } };
    expect((await openCompressed(bomb, trusting)).content).toHaveLength(8_000_000);
  });

  test('refuses octets that are damaged, cut off or no zlib data', async () => {
    const whole = deflateSync(octetsOf(10_000));
    const damaged = Uint8Array.from(whole);
    damaged[damaged.length - 1]! ^= 1;
    for (const octets of [damaged, whole.subarray(0, 200), octetsOf(50), new Uint8Array(0)]) {
      const made = await createCompressedData({ content: octetsOf(1), deflate: () => [octets] });
      const error = await rejection(openCompressed(parseCompressedData(made), optionsOf(inflate)));
      expect(error.code).toBe('cms-malformed');
    }
  });
});

test('octets behind the end of the zlib data are for the decompressor to judge', async () => {
  const octets = new Uint8Array([...deflateSync(octetsOf(9)), 1, 2, 3]);
  const compressed = parseCompressedData(
    await createCompressedData({ content: octetsOf(9), deflate: () => [octets] }),
  );
  expect(compressed.compressedContent).toEqual(octets);
  const [, stream] = ways;
  expect((await openCompressed(compressed, optionsOf(stream![1]))).content).toEqual(octetsOf(9));
  // Some runtimes take such octets for damage, others pass over them.
  const own = openCompressed(compressed).then(
    ({ content }) => content,
    ({ code }) => code as unknown,
  );
  expect([octetsOf(9), 'cms-malformed']).toContainEqual(await own);
});

test('a decompressor is asked for no more than the limit lets through', async () => {
  const made = parseCompressedData(await createCompressedData({ content: octetsOf(10) }));
  let given = 0;
  let ended = false;
  const endless: Inflate = function* () {
    try {
      for (;;) {
        given++;
        yield new Uint8Array(1000);
      }
    } finally {
      ended = true;
    }
  };
  const { code } = await rejection(openCompressed(made, { inflate: endless, limits: { octets: 10_000 } }));
  expect(code).toBe('limit-octets');
  expect(given).toBe(11);
  expect(ended).toBe(true);
});

test('a signal ends the work', async () => {
  const made = parseCompressedData(await createCompressedData({ content: octetsOf(10) }));
  const signal = { aborted: false };
  const inflate: Inflate = function* () {
    for (;;) {
      signal.aborted = true;
      yield new Uint8Array(1);
    }
  };
  expect((await rejection(openCompressed(made, { inflate, signal }))).code).toBe('aborted');
  expect((await rejection(openCompressed(made, { signal }))).code).toBe('aborted');
  expect((await rejection(createCompressedData({ content: octetsOf(1), signal }))).code).toBe('aborted');
});

test('the DER is that of RFC 3274', async () => {
  const made = await createCompressedData({
    content: octetsOf(3),
    contentType: '1.2.840.113549.1.7.2',
    deflate: (content) => createDeflate().end(content),
  });
  const read = parseCompressedData(made);
  expect(read.version).toBe(0);
  expect(read.compressionAlgorithm).toBe('1.2.840.113549.1.9.16.3.8');
  expect(read.contentType).toBe('1.2.840.113549.1.7.2');
  expect(read.trailingOctets).toBe(0);
  expect(Uint8Array.from(inflateSync(read.compressedContent))).toEqual(octetsOf(3));
});

test('limits that are no numbers are the caller’s fault', async () => {
  const made = parseCompressedData(await createCompressedData({ content: octetsOf(10) }));
  for (const limits of [{ octets: Number.NaN }, { ratio: -1 }]) {
    expect((await rejection(openCompressed(made, { limits }))).code).toBe('usage');
  }
});

describeCorpus('openssl-generated', () => {
  const message = (name: string): Uint8Array => {
    const text = new TextDecoder().decode(readCorpus(`openssl-generated/messages/${name}`));
    return Uint8Array.from(Buffer.from(text.slice(text.search(/\r?\n\r?\n/)), 'base64'));
  };

  test('compressed.eml gives the content that was compressed', async () => {
    const { content } = await openCompressed(parseCompressedData(message('compressed.eml')));
    expect(content).toHaveLength(42_782);
    expect(createHash('sha256').update(content).digest('hex')).toBe(
      'ee52fd94ea71fa50a6796208cefa13e715b0cc2730cc9ef82cd33b1c711312c5',
    );
  });

  test.each(ways)('compressed-bomb.eml is refused by %s', async (_, inflate, refusal) => {
    const bomb = parseCompressedData(message('compressed-bomb.eml'));
    expect((await rejection(openCompressed(bomb, optionsOf(inflate)))).code).toBe(refusal);
  });
});
