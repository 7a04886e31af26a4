import { asBytes, type Bytes, concatBytes } from '../../core/bytes.js';
import type { MboxMarker } from './mbox-line.js';
import type { MboxOptions } from './mbox-options.js';
import { MboxReader } from './mbox-reader.js';

/** One message of a mailbox file. Offsets count octets from the start of the file, ends are exclusive. */
export interface MboxMessage {
  /** The `From ` line before it; `undefined` where the file does not begin with one. */
  readonly marker: MboxMarker | undefined;
  /** Where the message begins: after its marker. */
  readonly start: number;
  /** Where it ends: before the empty line that belongs to the file. */
  readonly end: number;
  /** The message, quoting undone: a view of the file where nothing was quoted, else new octets. */
  readonly octets: Bytes;
}

/** So many octets are looked at before the messages found in them are given. */
const STEP = 64 * 1024;

/**
 * Iterates over the messages of a mailbox file (mboxo, mboxrd, mboxcl, mboxcl2;
 * RFC 4155), by the rules of {@link MboxReader}. Each is found when it is asked
 * for.
 *
 * @throws MailsealError `usage` for an option that is none, or when `octets` are none.
 * @example
 * ```ts
 * import { parseMessage, readMbox } from 'mailseal/mime';
 *
 * const file = 'From joe@example.org Fri Nov 20 13:03:23 1998\nSubject: a\n\none\n\nFrom - \nSubject: b\n\ntwo\n\n';
 * for (const { marker, octets } of readMbox(new TextEncoder().encode(file))) {
 *   const subject = parseMessage(octets).headers.get('subject')?.text;
 *   if (marker?.sender === undefined) console.log(subject); // b
 * }
 * ```
 */
export function readMbox(octets: Uint8Array, options: MboxOptions = {}): Generator<MboxMessage> {
  return messagesOf(asBytes(octets), new MboxReader(options));
}

function* messagesOf(file: Bytes, reader: MboxReader): Generator<MboxMessage> {
  let marker: MboxMarker | undefined;
  let start = 0;
  /** The stretches of the file that are the message's. */
  let stretches: { start: number; end: number }[] = [];
  for (let at = 0; at <= file.length; at += STEP) {
    const events = reader.push(file.subarray(at, at + STEP));
    if (at + STEP > file.length) events.push(...reader.end());
    for (const event of events) {
      if (event.type === 'message-begin') {
        ({ marker, start } = event);
        stretches = [];
      } else if (event.type === 'octets') {
        const last = stretches.at(-1);
        if (last?.end === event.start) last.end = event.end;
        else stretches.push({ start: event.start, end: event.end });
      } else {
        const pieces = stretches.map((stretch) => file.subarray(stretch.start, stretch.end));
        const message = pieces.length > 1 ? concatBytes(pieces) : (pieces[0] ?? file.subarray(start, start));
        yield { marker, start, end: event.end, octets: message };
      }
    }
  }
}
