import type { Bytes } from '../core/bytes.js';
import { MailsealError, usage } from '../core/errors.js';
import { shown } from '../core/shown.js';
import { type EncodeOptions, partsFor } from './encode.js';
import { asText } from './encode-text.js';
import { type EncoderMachine, UNMAPPABLE } from './encoder-machine.js';
import { characterAt, replacementFor, unmappableReplacement } from './unmappable.js';

/**
 * Encodes text in pieces of bounded length, for encoded words (RFC 2047 §5
 * wants each to be a text of its own) and for lines. Each chunk begins and
 * ends in ASCII and decodes alone; together they decode to what {@link encode}
 * of the whole text does. The text is cut between characters only: never
 * inside a surrogate pair, a character with the one that combines with it, a
 * katakana with its sound mark, or CRLF. The empty text has no chunks.
 *
 * @param maxOctets - the most octets of a chunk. A kanji alone takes 8, one of JIS X 0212 or JIS X 0213 takes 9.
 * @throws MailsealError as {@link encode} does; `usage` with the position of a character that does not
 *   fit into a chunk of its own.
 *
 * @example
 * ```ts
 * import { decode, encodeChunks } from 'mailseal/iso2022jp';
 *
 * const chunks = encodeChunks('かなとASCII', 12);
 * console.log(chunks.map((chunk) => decode(chunk))); // [ 'かなと', 'ASCII' ]
 * ```
 */
export function encodeChunks(text: string, maxOctets: number, options: EncodeOptions = {}): Bytes[] {
  if (!Number.isSafeInteger(maxOctets) || maxOctets < 1) {
    throw usage(`maxOctets is a whole number from 1 on, not ${shown(maxOctets)}`);
  }
  const { machine, onUnmappable, web } = partsFor(options);
  const whole = asText(text);
  const chunks: Bytes[] = [];
  let at = 0;
  while (at < whole.length) {
    const taken = add(machine, whole, at, at, maxOctets, chunks);
    if (taken !== UNMAPPABLE) {
      at += taken;
      continue;
    }
    const character = characterAt(whole, at);
    const replacement = replacementFor(character, at, onUnmappable, web);
    for (let within = 0; within < replacement.length; ) {
      const added = add(machine, replacement, within, at, maxOctets, chunks);
      if (added === UNMAPPABLE) throw unmappableReplacement(replacement, within, at);
      within += added;
    }
    at += character.length;
  }
  close(machine, chunks);
  return chunks;
}

/** Adds one character to the last chunk, or to one more; gives its units, or {@link UNMAPPABLE}. */
function add(
  machine: EncoderMachine,
  text: string,
  at: number,
  position: number,
  maxOctets: number,
  chunks: Bytes[],
): number {
  const { length, set } = machine;
  let taken = stepOver(machine, text, at);
  if (taken === UNMAPPABLE || machine.length + machine.toClose <= maxOctets) return taken;
  machine.back(length, set);
  close(machine, chunks);
  taken = stepOver(machine, text, at);
  const needed = machine.length + machine.toClose;
  if (needed <= maxOctets) return taken;
  throw new MailsealError(
    'usage',
    `a chunk of ${maxOctets} octets is too small for the character at ${position}, which takes ${needed}`,
    { offset: position },
  );
}

/** One character, or CRLF. */
function stepOver(machine: EncoderMachine, text: string, at: number): number {
  const taken = machine.step(text, at, true);
  if (text.charCodeAt(at) !== 0x0d || text.charCodeAt(at + 1) !== 0x0a) return taken;
  return taken + machine.step(text, at + 1, true);
}

function close(machine: EncoderMachine, chunks: Bytes[]): void {
  machine.close();
  if (machine.length > 0) chunks.push(machine.take());
}
