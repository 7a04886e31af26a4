import { concatBytes } from '../../src/core/bytes.js';
import type { ParseOptions } from '../../src/mime/parse-options.js';
import { type MimeEvent, MimeReader } from '../../src/mime/reader.js';

/**
 * The events of a message pushed in chunks of those sizes (what is left over
 * is one more chunk), the pieces of each body joined and all octets copied.
 */
export function eventsOf(octets: Uint8Array, sizes: readonly number[], options?: ParseOptions): MimeEvent[] {
  const reader = new MimeReader(options);
  const events: MimeEvent[] = [];
  /** The pieces of the body that is the last event, if that is one. */
  let pieces: Uint8Array[] = [];
  const joinPieces = (): void => {
    const last = events.at(-1);
    if (last === undefined || !isBody(last) || pieces.length === 0) return;
    const bytes = concatBytes(pieces);
    events[events.length - 1] = { ...last, end: last.start + bytes.length, bytes };
    pieces = [];
  };
  const add = (more: readonly MimeEvent[]): void => {
    for (const event of more) {
      const bytes = 'bytes' in event ? event.bytes.slice() : undefined;
      if (!isBody(event) || event.type !== events.at(-1)?.type) {
        joinPieces();
        events.push(bytes === undefined ? event : ({ ...event, bytes } as MimeEvent));
      }
      if (isBody(event)) pieces.push(bytes!);
    }
  };
  let at = 0;
  for (const size of sizes) {
    if (at >= octets.length) break;
    add(reader.push(octets.slice(at, at + size)));
    at += size;
  }
  if (at < octets.length) add(reader.push(octets.slice(at)));
  add(reader.end());
  joinPieces();
  return events;
}

function isBody(event: MimeEvent): event is Extract<MimeEvent, { type: 'body' | 'preamble' | 'epilogue' }> {
  return event.type === 'body' || event.type === 'preamble' || event.type === 'epilogue';
}

/** The octets of a message put together again from its events alone; the blank line after a header block and delimiters come from `source`. */
export function octetsOf(events: readonly MimeEvent[], source: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const event of events) {
    if ('bytes' in event) pieces.push(event.bytes);
    else if (event.type === 'headers-end') pieces.push(source.subarray(event.headersEnd, event.bodyStart));
    else if (event.type === 'delimiter') pieces.push(source.subarray(event.start, event.end));
  }
  return concatBytes(pieces);
}
