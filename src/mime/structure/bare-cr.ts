import type { Bytes } from '../../core/bytes.js';
import { LONGEST_LINE } from './open-boundaries.js';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/**
 * Finds out whether a message is one of those in which CR alone ends lines:
 * its first line begins as a field, and its header block is over, or all of it
 * at its end, before the first LF comes. One CR among other line ends ends
 * nothing, so that nobody reads a field that another does not see.
 */
export class LineEndProbe {
  readonly #most: number;
  #at = 0;
  #inName = true;
  /** CRs that stand right before `#at`. */
  #run = 0;
  #hasCr = false;

  /** @param most the octets that a header block may have */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Whether CR alone ends lines; `undefined` where more octets are needed to tell.
   *
   * @param octets the message from its beginning, each time further
   * @param final whether that is all of it
   */
  look(octets: Uint8Array, final: boolean): boolean | undefined {
    for (; this.#at < octets.length; this.#at++) {
      const octet = octets[this.#at]!;
      if (this.#inName) {
        if (octet === COLON && this.#at > 0) this.#inName = false;
        else if (octet === 0x20 && isMarker(octets, this.#at)) this.#inName = false;
        else if (octet <= 0x20 || octet >= 0x7f || octet === COLON || this.#at >= LONGEST_LINE) return false;
      } else if (octet === CR) {
        this.#run++;
        this.#hasCr = true;
      } else if (octet === LF || this.#at >= this.#most) return false;
      else if (this.#run > 1) return true;
      else this.#run = 0;
    }
    return final ? this.#hasCr : undefined;
  }
}

/** Whether the octets before `end` are a mailbox marker's `From`. */
function isMarker(octets: Uint8Array, end: number): boolean {
  return end === 4 && String.fromCharCode(...octets.subarray(0, end)) === 'From';
}

/** The octets with LF for each CR that no LF follows: as many, each in its place. */
export function withLfForCr(octets: Bytes): Bytes {
  const lines = octets.slice();
  for (let at = 0; at < lines.length; at++) if (lines[at] === CR && lines[at + 1] !== LF) lines[at] = LF;
  return lines;
}
