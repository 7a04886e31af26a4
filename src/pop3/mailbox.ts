import type { Bytes } from '../core/bytes.js';
import { asBytes } from '../core/bytes.js';

/** A message as the mailbox of a server knows it. */
export interface Pop3StoredMessage {
  /** Octets that it has with CRLF at each line's end. */
  readonly size: number;
  /** 1 to 70 characters of printable ASCII, the same in every session (RFC 1939 §7). */
  readonly uid: string;
}

/** What a server serves: a list that does not change while the session lasts (RFC 1939 §8). */
export interface Pop3Mailbox {
  readonly messages: readonly Pop3StoredMessage[];
  /**
   * The octets of a message, with CRLF at the lines' ends, in chunks of any
   * size: each is asked for when the one before was written, the first when the
   * reply's turn has come. What it throws comes out of the event's `octets`,
   * before the "+OK" where it throws at once: then the connection is to be closed.
   *
   * @param index - counts from 0.
   */
  retrieve(index: number): Iterable<Uint8Array>;
}

const LF = 0x0a;
const CR = 0x0d;

/** Of a message its header, the blank line, and so many lines of its body (RFC 1939 §7 TOP). */
export function* topOf(message: Iterable<Uint8Array>, lines: number): Generator<Bytes> {
  let isHeader = true;
  let left = lines;
  /** Whether nothing but CR stands in the line so far. */
  let isBlank = true;
  for (const chunk of message) {
    const octets = asBytes(chunk);
    for (let at = 0; at < octets.length; at++) {
      const octet = octets[at]!;
      if (octet !== LF) {
        if (octet !== CR) isBlank = false;
        continue;
      }
      if (!isHeader) left--;
      else if (isBlank) isHeader = false;
      isBlank = true;
      if (!isHeader && left <= 0) {
        yield octets.subarray(0, at + 1);
        return;
      }
    }
    yield octets;
  }
}
