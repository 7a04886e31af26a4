import type { Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { type DecodeOptions, Decoder } from './decode.js';
import { type EncodeOptions, Encoder } from './encode.js';

/** Two ends of a stream, where the compiler does not know the platform's. */
export interface TransformEnds {
  readonly readable: object;
  readonly writable: object;
}

/**
 * The platform's `TransformStream` as the program's own type libraries declare
 * it (those of the DOM or of Node), so that it fits into their `pipeThrough`.
 */
export type PlatformTransformStream = typeof globalThis extends {
  TransformStream: { prototype: infer Stream };
}
  ? Stream
  : TransformEnds;

/** The part of the platform's controller that is used here, so that no platform's types are needed. */
interface Controller<Output> {
  enqueue(chunk: Output): void;
}

type TransformStreamConstructor = new <Input, Output>(transformer: {
  transform(chunk: Input, controller: Controller<Output>): void;
  flush(controller: Controller<Output>): void;
}) => TransformEnds;

/**
 * A `TransformStream` of octets to text, as {@link Decoder} does it.
 *
 * @returns a stream whose writable end takes `Uint8Array` and whose readable end gives strings. It fails
 *   with what {@link Decoder} throws.
 * @throws MailsealError `usage` when the runtime has no `TransformStream`.
 *
 * @example
 * ```ts
 * import { decoderStream, encode } from 'mailseal/iso2022jp';
 *
 * const body = new Blob([encode('漢字')]).stream();
 * for await (const text of body.pipeThrough(decoderStream())) console.log(text); // '漢字'
 * ```
 */
export function decoderStream(options: DecodeOptions = {}): PlatformTransformStream {
  return streamOf<Uint8Array, string>(new Decoder(options));
}

/**
 * A `TransformStream` of text to octets, as {@link Encoder} does it.
 *
 * @returns a stream whose writable end takes strings and whose readable end gives `Uint8Array`. It fails
 *   with what {@link Encoder} throws.
 * @throws MailsealError `usage` when the runtime has no `TransformStream`, or as {@link Encoder} does.
 *
 * @example
 * ```ts
 * import { encoderStream } from 'mailseal/iso2022jp';
 *
 * const { readable, writable } = encoderStream();
 * const writer = writable.getWriter();
 * const written = writer.write('漢字').then(() => writer.close());
 * console.log((await new Response(readable).arrayBuffer()).byteLength); // 10
 * await written;
 * ```
 */
export function encoderStream(options: EncodeOptions = {}): PlatformTransformStream {
  return streamOf<string, Bytes>(new Encoder(options));
}

function streamOf<Input, Output extends { readonly length: number }>(transformer: {
  update(chunk: Input): Output;
  finish(): Output;
}): PlatformTransformStream {
  const { TransformStream } = globalThis as unknown as { TransformStream?: TransformStreamConstructor };
  if (TransformStream === undefined) {
    throw usage('this runtime has no TransformStream; use update and finish');
  }
  // A chunk without content would tell the reader nothing.
  const pass = (chunk: Output, controller: Controller<Output>): void => {
    if (chunk.length > 0) controller.enqueue(chunk);
  };
  const stream = new TransformStream<Input, Output>({
    transform: (chunk, controller) => pass(transformer.update(chunk), controller),
    flush: (controller) => pass(transformer.finish(), controller),
  });
  return stream as PlatformTransformStream;
}
