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
  const add = (more: readonly MimeEvent[]): void => {
    for (const event of more) {
      const last = events.at(-1);
      if (!('bytes' in event)) events.push(event);
      else if (isBody(event) && last !== undefined && isBody(last) && last.type === event.type) {
        events[events.length - 1] = {
          ...last,
          end: event.end,
          bytes: concatBytes([last.bytes, event.bytes]),
        };
      } else events.push({ ...event, bytes: event.bytes.slice() });
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
  return events;
}

function isBody(event: MimeEvent): event is Extract<MimeEvent, { type: 'body' | 'preamble' | 'epilogue' }> {
  return event.type === 'body' || event.type === 'preamble' || event.type === 'epilogue';
}
