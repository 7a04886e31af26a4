import { MailsealError } from '../../core/errors.js';

interface ReadResult {
  readonly done: boolean;
  readonly value?: Uint8Array;
}

/** The part of the streams of the Compression Standard that is used here. */
interface CodecStream {
  readonly readable: {
    getReader(): { read(): Promise<ReadResult>; cancel(reason?: unknown): Promise<void> };
  };
  readonly writable: {
    getWriter(): {
      readonly ready: Promise<void>;
      write(octets: Uint8Array): Promise<void>;
      close(): Promise<void>;
    };
  };
}

type CodecStreamClass = new (format: 'deflate') => CodecStream;

/** zlib data (RFC 1950) decompressed by the runtime, in pieces; what is not asked for is not decompressed. */
export function runtimeInflate(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  return through('DecompressionStream', 'inflate', octets);
}

/** zlib data (RFC 1950) of octets, by the runtime. */
export function runtimeDeflate(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  return through('CompressionStream', 'deflate', octets);
}

async function* through(
  name: 'DecompressionStream' | 'CompressionStream',
  option: 'inflate' | 'deflate',
  octets: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const Stream = (globalThis as unknown as Readonly<Record<string, CodecStreamClass | undefined>>)[name];
  if (Stream === undefined) {
    throw new MailsealError('cms-unsupported', `this runtime has no ${name}; give \`${option}\``);
  }
  const { readable, writable } = new Stream('deflate');
  const writer = writable.getWriter();
  const ignore = (): void => {};
  // What goes wrong in writing is seen in reading, too, and is told there.
  write(writer, octets).catch(ignore);
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    // Ends the work where no more is asked for.
    await reader.cancel().catch(ignore);
  }
}

/** Some runtimes work on all of what is written at once, so little is written at a time. */
const slice = 16_384;

async function write(
  writer: ReturnType<CodecStream['writable']['getWriter']>,
  octets: Uint8Array,
): Promise<void> {
  for (let at = 0; at < octets.length; at += slice) {
    await writer.ready;
    await writer.write(octets.subarray(at, at + slice));
  }
  await writer.close();
}
