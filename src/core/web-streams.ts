import { asBytes, type Bytes } from './bytes.js';

/** What a web stream hands its transformer to give values to. */
export interface WebStreamController<Given> {
  enqueue(value: Given): void;
}

/** What `new TransformStream` of the WHATWG Streams standard takes. */
export interface WebTransformer<Given> {
  transform(chunk: Uint8Array, controller: WebStreamController<Given>): Promise<void>;
  flush(controller: WebStreamController<Given>): Promise<void>;
}

/** Every class with `update` and `finish` in this package, those of signing, encrypting and re-keying messages among them. */
export interface OctetTransformer {
  update(chunk: Uint8Array): Uint8Array | Promise<Uint8Array>;
  finish(): Uint8Array | Promise<Uint8Array>;
}

/** Every class with `push` and `end` in this package that reads octets and gives events. */
export interface OctetParser<Event, Last> {
  push(chunk: Uint8Array): Iterable<Event> | Promise<Iterable<Event>>;
  end(): Last | Promise<Last>;
}

/**
 * Makes a web stream of a transformer: `new TransformStream(webTransformer(…))`, in every runtime that has those. An
 * error of the transformer becomes that of the stream; chunks are taken as fast as the reader of the stream wants them.
 *
 * @example
 * ```ts
 * import { webTransformer } from 'mailseal';
 * import { MimeBase64Encoder } from 'mailseal/encoding';
 *
 * const text = new Blob(['Until Friday.']).stream();
 * const encoded = text.pipeThrough(new TransformStream(webTransformer(new MimeBase64Encoder())));
 * console.log((await new Response(encoded).text()).trim()); // VW50aWwgRnJpZGF5Lg==
 * ```
 */
export function webTransformer(transformer: OctetTransformer): WebTransformer<Bytes> {
  return {
    async transform(chunk, controller) {
      const octets = await transformer.update(chunk);
      // A view of the chunk would change with it, which is its sender's again when this ends.
      if (octets.length > 0)
        controller.enqueue(octets.buffer === chunk.buffer ? copyOf(octets) : asBytes(octets));
    },
    async flush(controller) {
      const octets = await transformer.finish();
      if (octets.length > 0) controller.enqueue(asBytes(octets));
    },
  };
}

/**
 * Makes a web stream of a parser: octets in, events out. Octets that stand directly in an event are copied, since a
 * reader of the stream may be slower than the parser.
 *
 * @param atEnd which events there are of what `end` gives: for most parsers those themselves
 * @example
 * ```ts
 * import { webParser } from 'mailseal';
 * import { MimeReader } from 'mailseal/mime';
 *
 * const message = new Blob(['Subject: Friday\r\n\r\nAt nine.\r\n']).stream();
 * const events = message.pipeThrough(new TransformStream(webParser(new MimeReader(), (last) => last)));
 * for await (const { type } of events) if (type === 'header-field') console.log(type); // header-field
 * ```
 */
export function webParser<Event extends object, Last, Given extends object = Event>(
  parser: OctetParser<Event, Last>,
  atEnd: (last: Last) => Iterable<Given>,
): WebTransformer<Event | Given> {
  return {
    async transform(chunk, controller) {
      for (const event of await parser.push(chunk)) controller.enqueue(kept(event));
    },
    async flush(controller) {
      for (const event of atEnd(await parser.end())) controller.enqueue(kept(event));
    },
  };
}

function kept<T extends object>(event: T): T {
  const entries = Object.entries(event);
  if (!entries.some(([, value]) => value instanceof Uint8Array)) return event;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Uint8Array ? copyOf(value) : value]),
  ) as T;
}

function copyOf(octets: Uint8Array): Bytes {
  return new Uint8Array(octets);
}
