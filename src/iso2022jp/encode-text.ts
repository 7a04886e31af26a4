import type { Bytes } from '../core/bytes.js';
import { usage } from '../core/errors.js';
import { type EncoderMachine, UNMAPPABLE } from './encoder-machine.js';
import { characterAt, type OnUnmappable, replacementFor, unmappableReplacement } from './unmappable.js';

/** An encoder's parts, made of its options. */
export interface EncoderParts {
  readonly machine: EncoderMachine;
  readonly onUnmappable: OnUnmappable;
  readonly web: boolean;
}

/** One text, with parts made for it. */
export function encodeWhole(text: string, parts: EncoderParts): Bytes {
  const { machine } = parts;
  encodeText(parts, asText(text), 0, true);
  machine.close();
  return machine.take();
}

/**
 * Writes a text, and what is wanted in place of what cannot be written.
 *
 * @param position - units before the text.
 * @param last - whether nothing follows, so that its last unit is what it is.
 * @returns how many units were written; the others wait for what follows them.
 */
export function encodeText(parts: EncoderParts, text: string, position: number, last: boolean): number {
  const { machine, onUnmappable, web } = parts;
  let at = 0;
  while (at < text.length) {
    at = machine.run(text, at, last);
    if (at === text.length || machine.step(text, at, last) !== UNMAPPABLE) break;
    const character = characterAt(text, at);
    const replacement = replacementFor(character, position + at, onUnmappable, web);
    const reached = machine.run(replacement, 0, true);
    if (reached < replacement.length) throw unmappableReplacement(replacement, reached, position + at);
    at += character.length;
  }
  return at;
}

/** Refuses what is no string, which JavaScript callers may pass. */
export function asText(text: string): string {
  if (typeof text === 'string') return text;
  throw usage(`text is wanted as a string, this is ${typeof text}`);
}
