import { assertObject } from '../../core/limits.js';
import { readResponse } from '../response/read-response.js';
import type { SyntaxOptions } from '../syntax/cursor.js';
import type { SyntaxReader } from '../syntax/reader.js';
import { readFrame, unparsed } from './decoder-options.js';
import type { ResponseEvent } from './events.js';
import { FrameDecoder, type FrameDecoderOptions } from './frame-decoder.js';
import type { Scanned } from './scanned.js';

/** What a {@link ResponseDecoder} takes. */
export interface ResponseDecoderOptions extends FrameDecoderOptions<ResponseEvent> {
  /**
   * Whether envelopes and structures are read at once, so that a malformed one
   * makes its response `unparsed`. By default they are read when they are
   * asked for, and throw `imap-malformed` then.
   */
  readonly eager?: boolean;
}

/**
 * Reads what an IMAP server sends, from chunks of any size (RFC 9051 §7 and
 * the extensions).
 *
 * Where each response ends is found before it is parsed. One that cannot be
 * parsed is an `unparsed` event with its octets and the reason, and the stream
 * goes on behind it; nothing is thrown for what a server sends. Octets in
 * events may be views of the chunk, valid until the next `push`.
 *
 * @example
 * ```ts
 * import { ResponseDecoder } from 'mailseal/imap';
 *
 * const decoder = new ResponseDecoder();
 * const chunk = new TextEncoder().encode('* 12 EXISTS\r\n* OK [UIDNEXT 40] soon\r\nA1 OK do');
 * for (const event of decoder.push(chunk)) {
 *   if (event.type === 'response') console.log(event.response.type); // EXISTS, then OK
 * }
 * console.log(decoder.buffered); // 8
 * ```
 */
export class ResponseDecoder extends FrameDecoder<ResponseEvent> {
  /** @throws MailsealError `usage` for an option that is none. */
  constructor(options: ResponseDecoderOptions = {}) {
    assertObject(options, 'the options');
    const isEager = options.eager ?? false;
    const read = (reader: SyntaxReader) => readResponse(reader, isEager);
    super('responses', options, (found, syntax) => eventOf(found, syntax, read));
  }
}

function eventOf(
  found: Scanned,
  options: SyntaxOptions,
  read: (reader: SyntaxReader) => ReturnType<typeof readResponse>,
): ResponseEvent | undefined {
  switch (found.type) {
    case 'frame': {
      // Some servers send an empty line between two responses: nothing can be lost with it.
      if (found.start === found.end) return undefined;
      const reading = readFrame(found, options, read);
      if ('error' in reading) return unparsed(found, reading.error);
      return { type: 'response', response: reading.value, quirks: reading.quirks };
    }
    case 'lost':
      return { type: 'unparsed', octets: found.octets, error: found.error };
    case 'literal-begin':
    case 'literal-data':
    case 'literal-end':
      return found;
    default:
      // Lines that are asked for and literals that wait are a client's alone.
      return undefined;
  }
}

/**
 * Reads octets that a server has sent, from the beginning to the end of a stream.
 *
 * @throws MailsealError `usage` for an option that is none.
 *
 * @example
 * ```ts
 * import { decodeResponses } from 'mailseal/imap';
 *
 * const octets = new TextEncoder().encode('* 3 FETCH (UID 7 FLAGS (\\Seen))\r\n');
 * const [event] = decodeResponses(octets);
 * if (event?.type === 'response' && event.response.type === 'FETCH') {
 *   console.log(event.response.uid, event.response.flags); // 7 [ '\\Seen' ]
 * }
 * ```
 */
export function decodeResponses(octets: Uint8Array, options: ResponseDecoderOptions = {}): ResponseEvent[] {
  const decoder = new ResponseDecoder(options);
  const events = decoder.push(octets);
  return [...events, ...decoder.end()];
}
